"""Parses the DAG by the real Airflow and runs its tasks with the real command."""

import os
import pathlib
import tempfile

import pytest
from airflow.models import DagBag

HERE = pathlib.Path(__file__).parent


def load():
    bag = DagBag(dag_folder=str(HERE / "sanpi_nightly.py"), include_examples=False)
    assert not bag.import_errors, bag.import_errors
    return bag.dags["sanpi_nightly"]


def run(dag, name, monkeypatch, folder, **environment):
    """Calls the function of a task in a folder of its own."""
    for key, value in {"SANPI_WAREHOUSE": str(folder / "warehouse"), "SANPI_CAMPAIGN": "others", **environment}.items():
        monkeypatch.setenv(key, value)
    return dag.get_task(name).python_callable()


def test_the_dag():
    dag = load()
    assert [t.task_id for t in dag.topological_sort()] == ["run", "status"]
    assert dag.max_active_runs == 1 and not dag.catchup


def test_a_night(monkeypatch):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        dag = load()
        run(dag, "run", monkeypatch, folder)
        assert "versions/" in os.readlink(folder / "warehouse" / "CURRENT")
        assert run(dag, "status", monkeypatch, folder).startswith("sanpi OK")


def test_exit_codes(monkeypatch):
    import fcntl

    dag = load()
    names = dag.get_task("run").python_callable.__globals__
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with pytest.raises(names["AirflowException"], match="ended with 1"):
            run(dag, "run", monkeypatch, folder, SANPI_LEDGER=str(folder / "nowhere.csv"))
        monkeypatch.delenv("SANPI_LEDGER")
        campaign = folder / "mine" / "others"
        campaign.mkdir(parents=True)
        (campaign / "campaign.csv").write_text("key,value\nname,Broken\n")
        with pytest.raises(names["AirflowFailException"], match="ended with 3"):
            run(dag, "run", monkeypatch, folder, SANPI_DATASETS=str(folder / "mine"))
        monkeypatch.delenv("SANPI_DATASETS")
        with open(folder / "warehouse" / "lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(names["AirflowSkipException"], match="ended with 4"):
                run(dag, "run", monkeypatch, folder)
