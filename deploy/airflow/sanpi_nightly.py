"""The nightly run of sanpi as an Airflow DAG.

One task runs the command, another asks how the warehouse does. The exit code says what
became of a run, and the task says the same: 0 is success; 4, another run holds the
warehouse, is a skip; bad data (3) and wrong usage (2) fail at once, since another try
would end alike; only what may pass by itself (1) is tried again.

The flags are those of the command, as variables of the environment (SANPI_LEDGER and the
like), set on the worker.
"""

from __future__ import annotations

import datetime
import os
import subprocess

from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk import DAG, task

SANPI = os.environ.get("SANPI_COMMAND", "sanpi")


def call(*args: str) -> str:
    """Runs the command, passes its log on to the task's, and gives what it printed."""
    done = subprocess.run([SANPI, *args], stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout)
    if done.returncode == 0:
        return done.stdout
    what = f"sanpi {' '.join(args)} ended with {done.returncode}; its log stands above"
    if done.returncode == 4:
        raise AirflowSkipException(what)
    if done.returncode in (2, 3):
        raise AirflowFailException(what)
    raise AirflowException(what)


with DAG(
    dag_id="sanpi_nightly",
    description="Loads the three-batches campaign and publishes a version of the warehouse",
    schedule="0 2 * * *",
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": datetime.timedelta(minutes=15)},
    tags=["sanpi"],
) as dag:

    @task(execution_timeout=datetime.timedelta(hours=6))
    def run() -> None:
        call("run", "--log", "json", "--keep", "30")

    @task(retries=0)
    def status() -> str:
        return call("status", "--line")

    run() >> status()
