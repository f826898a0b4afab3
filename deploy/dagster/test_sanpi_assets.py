"""Runs the asset by the real Dagster and the real command (SANPI_COMMAND)."""

import os
import pathlib
import tempfile

import dagster
import sanpi_assets


def materialize(folder, **environment):
    """Runs the asset in a folder of its own, without its pauses between tries."""
    before = dict(os.environ)
    os.environ.update({"SANPI_WAREHOUSE": str(folder / "warehouse"), "SANPI_CAMPAIGN": "others", **environment})
    try:
        with dagster.DagsterInstance.ephemeral() as instance:
            return dagster.materialize([sanpi_assets.sanpi_warehouse], instance=instance, raise_on_error=False)
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_the_definitions_load():
    assert sanpi_assets.defs.resolve_job_def("sanpi_nightly") is not None
    dagster.Definitions.validate_loadable(sanpi_assets.defs)


def test_a_night():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        result = materialize(folder)
        assert result.success
        shown = result.asset_materializations_for_node("sanpi_warehouse")[0].metadata
        assert shown["rows_loaded"].value > 0
        assert shown["version"].value in os.readlink(folder / "warehouse" / "CURRENT")


def test_bad_data_fails_without_another_try():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        campaign = folder / "mine" / "others"
        campaign.mkdir(parents=True)
        (campaign / "campaign.csv").write_text("key,value\nname,Broken\n")
        result = materialize(folder, SANPI_DATASETS=str(folder / "mine"))
        assert not result.success
        failure = result.failure_data_for_node("sanpi_warehouse").user_failure_data
        assert failure.metadata["exit_code"].value == 3
        tries = [e for e in result.all_events if e.event_type_value == "STEP_UP_FOR_RETRY"]
        assert not tries
