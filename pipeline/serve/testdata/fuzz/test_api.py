"""Requests made up from the API's own description, and what comes back held against it."""

import json
import os
import re
import subprocess
import tempfile
import urllib.request

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

COMMAND = os.environ["SANPI_COMMAND"]


def start():
    folder = tempfile.mkdtemp(prefix="sanpi-fuzz-")
    subprocess.run([COMMAND, "run", "--offline", "--warehouse", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = subprocess.Popen(
        [COMMAND, "serve", "--warehouse", folder, "--addr", "127.0.0.1:0", "--sql-rate", "0", "--sql-time", "5s", "--log", "json"],
        stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        at = re.search(r'"address":"([^"]+)"', line)
        if at:
            # The rest of the log is read, so that the server never waits for it.
            subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            return server, at[1]
    raise RuntimeError("the server did not start")


SERVER, BASE = start()
schema = schemathesis.openapi.from_url(BASE + "api/openapi.json")
schema.config.base_url = BASE


@pytest.fixture(scope="module", autouse=True)
def server():
    yield
    SERVER.terminate()
    assert SERVER.wait(30) == 0


@schema.parametrize()
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_request(case):
    response = case.call()
    # Text that fits the description need not be SQL; and too long a text is 413 or 431,
    # which the check of wrong requests does not know.
    without = [positive_data_acceptance] + ([negative_data_rejection] if response.status_code in (413, 431) else [])
    case.validate_response(response, excluded_checks=without)
    if response.status_code >= 400 and "json" in response.headers["content-type"][0]:
        assert set(response.json()["error"]) == {"code", "message"}


def test_it_answers_still():
    query = urllib.request.Request(BASE + "api/query", data=json.dumps({"sql": "select count(*) from claims"}).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(query) as response:
        assert json.load(response)["rows"][0][0] > 0
