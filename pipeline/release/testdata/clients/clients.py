"""Reads a release with the clients that people have. Prints a line for each thing that
is not as the release says, and at last what it did: nothing but that means all is well.

    python clients.py RELEASE [readers]

readers leaves out the validators, of which there is one version."""

import csv
import json
import logging
import pathlib
import sys
import warnings

import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.parquet

root = pathlib.Path(sys.argv[1])
package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
done = {}


def complain(*words):
    print("FAULT", *words)


def did(what):
    done[what] = done.get(what, 0) + 1


class Hear(logging.Handler):
    """Makes every warning that a library logs a fault."""

    def emit(self, record):
        complain(record.name, "logs:", record.getMessage())


def family(arrow_type):
    """The kind of a column that a type of Arrow stands for, in words of Table Schema."""
    t = pyarrow.types
    if t.is_list(arrow_type) or t.is_large_list(arrow_type):
        return "array"
    if t.is_dictionary(arrow_type):
        return family(arrow_type.value_type)
    if t.is_boolean(arrow_type):
        return "boolean"
    if t.is_date(arrow_type):
        return "date"
    if t.is_timestamp(arrow_type):
        return "datetime"
    if t.is_integer(arrow_type):
        return "integer"
    if t.is_decimal(arrow_type) or t.is_floating(arrow_type):
        return "number"
    return "string" if t.is_string(arrow_type) or t.is_large_string(arrow_type) or t.is_string_view(arrow_type) else str(arrow_type)


def read_parquet(resource):
    """A relation by each reader: equal counts, equal columns, the types declared."""
    name, path = resource["name"], root / resource["parquet"]
    wanted = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    partitioned = path.is_dir()

    data = pyarrow.dataset.dataset(path, partitioning="hive" if partitioned else None)
    check(name, "pyarrow", data.count_rows(), {f.name: family(f.type) for f in data.schema}, resource, wanted)
    file = next(path.rglob("*.parquet")) if partitioned else path
    metadata = pyarrow.parquet.read_metadata(file).metadata
    notes = {n["name"]: n for n in json.loads(metadata[b"sanpi.columns"])}
    for column in wanted:
        if column != "campaign" and not notes.get(column, {}).get("en"):
            complain(name, "the file does not say what", column, "means")
    codecs = {
        pyarrow.parquet.read_metadata(file).row_group(g).column(c).compression
        for g in range(pyarrow.parquet.read_metadata(file).num_row_groups)
        for c in range(pyarrow.parquet.read_metadata(file).num_columns)
    }
    if not codecs <= {"ZSTD"}:
        complain(name, "is compressed by", codecs)

    frame = pandas.read_parquet(path)
    check(name, "pandas", len(frame), dict.fromkeys(frame.columns), resource, dict.fromkeys(wanted))
    glob = str(path / "*" / "*.parquet") if partitioned else str(path)
    frame = polars.scan_parquet(glob, hive_partitioning=partitioned).collect()
    check(name, "polars", frame.height, {c: family(t) for c, t in zip(frame.columns, frame.to_arrow().schema.types)}, resource, wanted)

    from_parquet = f"read_parquet('{glob}'" + (", hive_partitioning = true, hive_types = {'campaign': 'VARCHAR'})" if partitioned else ")")
    read = duckdb.sql("from " + from_parquet)
    schema = read.limit(0).to_arrow_table().schema if hasattr(read, "to_arrow_table") else read.limit(0).arrow().schema
    count = duckdb.sql("select count(*) from " + from_parquet).fetchall()[0][0]
    check(name, "DuckDB", count, {f.name: family(f.type) for f in schema}, resource, wanted)
    return data


def check(name, reader, rows, columns, resource, wanted):
    if rows != resource["rows"]:
        complain(name, reader, "reads", rows, "rows of", resource["rows"])
    if columns != wanted:
        complain(name, reader, "reads", sorted(set(columns.items()) ^ set(wanted.items())))
    did(reader)


def compare_csv(resource, data):
    """Every text of a CSV is that of the Parquet once the guard is taken off."""
    name = resource["name"]
    texts = [f["name"] for f in resource["schema"]["fields"] if f["type"] == "string"]
    table = data.to_table(columns=texts)
    want = sorted(tuple(v or "" for v in row) for row in zip(*(table.column(c).cast(pyarrow.string()).to_pylist() for c in texts)))
    for folder, encoding in (("csv", "utf-8"), ("csv-excel", "utf-8-sig")):
        path = root / folder / (name + ".csv")
        if path.read_bytes().startswith(b"\xef\xbb\xbf") != (folder == "csv-excel"):
            complain(path, "the byte order mark is not where it belongs")
        with path.open(encoding=encoding, newline="") as f:
            rows = list(csv.DictReader(f))
        for row in rows:
            for c in texts:
                if row[c].lstrip()[:1] in tuple("=+-@＝＋－＠") and row[c] != "":
                    complain(path, c, "would be run:", row[c])
        got = sorted(tuple(row[c].removeprefix("'") for c in texts) for row in rows)
        if got != want:
            complain(path, "texts differ from those of the Parquet")
        did(folder)


def read_database():
    connection = duckdb.connect(str(root / "sanpi.duckdb"), read_only=True)
    for resource in package["resources"]:
        if resource["name"] == "provenance":
            continue  # the release's own
        count = connection.sql(f'select count(*) from "{resource["name"]}"').fetchall()[0][0]
        if count != resource["rows"]:
            complain("sanpi.duckdb", resource["name"], "has", count, "rows of", resource["rows"])
        did("sanpi.duckdb")


def validate():
    import frictionless
    import mlcroissant

    report = frictionless.validate(str(root / "datapackage.json"))
    for e in report.errors:
        complain("frictionless", e.message)
    for task in report.tasks:
        for e in task.errors:
            complain("frictionless", task.name, e.message)
        for w in task.warnings:
            complain("frictionless", task.name, w)
        did("frictionless")
    for w in report.warnings:
        complain("frictionless", w)
    for resource in package["resources"]:
        if resource["schema"].get("foreignKeys"):
            did("foreign keys")

    dataset = mlcroissant.Dataset(str(root / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    for text in sorted(issues.errors | issues.warnings):
        complain("mlcroissant", text)
    rows = {r["name"]: r["rows"] for r in package["resources"]}
    for record_set in dataset.metadata.record_sets:
        try:
            count = sum(1 for _ in dataset.records(record_set.id))
        except Exception as e:  # its errors have no common public class
            complain("mlcroissant", record_set.id, e, e.__cause__)
            continue
        if count != rows[record_set.id]:
            complain("mlcroissant", record_set.id, "has", count, "records of", rows[record_set.id])
        did("mlcroissant")


logging.getLogger().addHandler(Hear(level=logging.WARNING))
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    for resource in package["resources"]:
        compare_csv(resource, read_parquet(resource))
    read_database()
for w in heard:
    complain("a reader warns:", w.message)
if sys.argv[2:] != ["readers"]:
    validate()
print(json.dumps(done))
