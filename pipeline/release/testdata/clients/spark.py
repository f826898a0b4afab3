"""Reads a release's Parquet with Apache Spark: equal counts and the types declared, hive
partitions discovered. Prints as clients.py does.

    python spark.py RELEASE"""

import json
import pathlib
import sys

from pyspark.sql import SparkSession, types

root = pathlib.Path(sys.argv[1])
package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
done = {}

# Kinds of columns in words of Table Schema. Arrow's lists are arrays.
FAMILIES = {
    types.StringType: "string", types.BooleanType: "boolean", types.DateType: "date", types.TimestampType: "datetime",
    types.TimestampNTZType: "datetime", types.ByteType: "integer", types.ShortType: "integer", types.IntegerType: "integer",
    types.LongType: "integer", types.DecimalType: "number", types.DoubleType: "number", types.FloatType: "number", types.ArrayType: "array",
}

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    # A campaign is a word, whatever it looks like.
    .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
for resource in package["resources"]:
    name = resource["name"]
    frame = spark.read.parquet(str(root / resource["parquet"]))
    wanted = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    found = {f.name: FAMILIES.get(type(f.dataType), str(f.dataType)) for f in frame.schema.fields}
    if found != wanted:
        print("FAULT", name, "Spark reads", sorted(set(found.items()) ^ set(wanted.items())))
    rows = frame.count()
    if rows != resource["rows"]:
        print("FAULT", name, "Spark reads", rows, "rows of", resource["rows"])
    if (root / resource["parquet"]).is_dir():
        campaigns = {row[0] for row in frame.select("campaign").distinct().collect()}
        folders = {p.name.removeprefix("campaign=") for p in (root / resource["parquet"]).iterdir()}
        if not campaigns <= folders or rows and not campaigns:
            print("FAULT", name, "Spark finds the campaigns", campaigns, "of", folders)
        done["hive partitions"] = done.get("hive partitions", 0) + 1
    done["Spark"] = done.get("Spark", 0) + 1
spark.stop()
print(json.dumps(done))
