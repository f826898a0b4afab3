"""A release on a static host: nginx serves its folder, DuckDB reads it over HTTP by ranges,
and the access log counts the bytes. SANPI_RELEASE names the folder of a release with the
rows of a large ledger."""

import csv
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request

import duckdb
import pytest
from duckdb_extensions import import_extension

RELEASE = pathlib.Path(os.environ["SANPI_RELEASE"])
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIG = """
daemon off; master_process off; pid {dir}/pid; error_log {dir}/error.log;
events {{}}
http {{
    log_format bytes '$request_method $uri $status $body_bytes_sent';
    access_log {dir}/access.log bytes;
    client_body_temp_path {dir}/a; proxy_temp_path {dir}/b; fastcgi_temp_path {dir}/c; uwsgi_temp_path {dir}/d; scgi_temp_path {dir}/e;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


class Host:
    def __init__(self, place, port):
        self.log, self.base = place / "access.log", f"http://127.0.0.1:{port}/"

    def sent(self, path=""):
        """The answers since the last call: (method, status, bytes) of those under path."""
        time.sleep(0.2)  # nginx writes a line when it has closed the answer
        lines = [line.split() for line in self.log.read_text().splitlines()]
        self.log.write_text("")
        return [(method, int(status), int(size)) for method, uri, status, size in lines if path in uri]


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    place = tmp_path_factory.mktemp("nginx")
    place.chmod(0o755)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    (place / "nginx.conf").write_text(CONFIG.format(dir=place, port=port, root=RELEASE.resolve()))
    server = subprocess.Popen([NGINX, "-c", place / "nginx.conf", "-g", "user root;" if os.getuid() == 0 else ""], stderr=subprocess.DEVNULL)
    h = Host(place, port)
    for _ in range(100):
        try:
            urllib.request.urlopen(h.base + "SHA256SUMS").read()
            break
        except OSError:
            time.sleep(0.05)
    h.sent()
    yield h
    server.terminate()
    server.wait(10)


@pytest.fixture
def db():
    import_extension("httpfs")
    connection = duckdb.connect()
    connection.execute("load httpfs")
    return connection


def rows_of(name):
    return next(r["rows"] for r in json.loads((RELEASE / "manifest.json").read_text())["relations"] if r["name"] == name)


def test_a_mart_is_read_by_its_address(host, db):
    assert db.sql(f"select count(*) from '{host.base}parquet/trend_series.parquet'").fetchone()[0] == rows_of("trend_series")
    assert db.sql(f"select status from '{host.base}parquet/trend_series.parquet' where campaign = 'shanxi' and area_id = '140000' and round = '2021-2' limit 1").fetchone()[0] == "missing"
    answers = host.sent()
    assert any(status == 206 for _, status, _ in answers), "no range was asked for"


def test_one_zones_history_touches_few_bytes(host, db):
    files = sorted(p.relative_to(RELEASE).as_posix() for p in (RELEASE / "parquet/projects").rglob("*.parquet"))
    size = sum((RELEASE / f).stat().st_size for f in files)
    assert rows_of("projects") > 100_000, "the ledger is too small to tell"
    zones = db.sql(f"select zone_id, count(*) from read_parquet({[str(RELEASE / f) for f in files]}) where zone_id is not null group by all order by all").fetchall()
    zone, projects = zones[len(zones) // 2]
    # A reader who comes anew knows nothing: footers count.
    history = f"""select project_id, name, stage, signed_on, started_on, commissioned_on, as_of
        from read_parquet({[host.base + f for f in files]}) where zone_id = '{zone}'"""
    assert len(db.sql(history).fetchall()) == projects
    sent = sum(n for _, _, n in host.sent("/parquet/projects/"))
    print(f"\none zone of {len(zones)}, {projects} projects: {sent:,} of {size:,} bytes, {sent / size:.1%}")
    assert 0 < sent < 0.05 * size


def test_every_file_comes_as_released(host):
    sums = [line.split("  ", 1) for line in (RELEASE / "SHA256SUMS").read_text().splitlines()]
    assert len(sums) > 100
    import hashlib

    for wanted, path in sums[:: max(1, len(sums) // 40)]:
        assert hashlib.sha256(urllib.request.urlopen(host.base + path).read()).hexdigest() == wanted, path


def test_csv_is_read_by_its_address(host, db):
    with (RELEASE / "csv/rounds.csv").open(encoding="utf-8", newline="") as f:
        wanted = len(list(csv.DictReader(f)))
    assert db.sql(f"select count(*) from read_csv('{host.base}csv/rounds.csv', header = true)").fetchone()[0] == wanted
