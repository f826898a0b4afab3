"""The warehouse of sanpi as a Dagster asset, made anew every night.

The asset runs the command and shows the version, the rows and the steps that were made
anew. The exit code says what became of a run: bad data (3) and wrong usage (2) fail
without another try; what may pass by itself (1), and a warehouse that another run holds
(4), is tried again.
"""

import json
import os
import subprocess

from dagster import (
    AssetExecutionContext,
    Backoff,
    Definitions,
    Failure,
    MaterializeResult,
    RetryPolicy,
    ScheduleDefinition,
    asset,
    define_asset_job,
)

SANPI = os.environ.get("SANPI_COMMAND", "sanpi")


@asset(
    name="sanpi_warehouse",
    description="Tables, facts and marts of the three-batches campaign: Parquet files and a DuckDB database",
    retry_policy=RetryPolicy(max_retries=2, delay=900, backoff=Backoff.EXPONENTIAL),
)
def sanpi_warehouse(context: AssetExecutionContext) -> MaterializeResult:
    """Runs the command and passes its exit code on."""
    done = subprocess.run([SANPI, "run", "--log", "json", "--keep", "30"], capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        context.log.info(line)
    context.log.info(done.stdout)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Failure(
            description=f"sanpi run ended with {done.returncode}: {last}",
            metadata={"exit_code": done.returncode},
            allow_retries=done.returncode in (1, 4),
        )
    asked = subprocess.run([SANPI, "status", "--format", "json"], capture_output=True, text=True, check=False)
    status = json.loads(asked.stdout)
    return MaterializeResult(
        metadata={
            "version": status["version"],
            "rows_loaded": status["rows"]["loaded"],
            "rows_quarantined": status["rows"]["quarantined"],
            "problems": [f"{p['kind']} {p.get('subject', '')}".strip() for p in status["problems"]],
        }
    )


nightly = define_asset_job("sanpi_nightly", selection=[sanpi_warehouse])

defs = Definitions(
    assets=[sanpi_warehouse],
    jobs=[nightly],
    schedules=[ScheduleDefinition(job=nightly, cron_schedule="0 2 * * *", execution_timezone="Asia/Shanghai")],
)
