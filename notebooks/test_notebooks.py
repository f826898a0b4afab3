"""Executes the notebooks top to bottom, in both languages, and holds the plain-SQL edition to them.

SANPI_COMMAND is the command under test, SANPI_WAREHOUSE a warehouse that it made of the
shipped data. UPDATE=1 writes the plain-SQL edition anew.
"""

import importlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

HERE = pathlib.Path(__file__).parent
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))
sys.path.insert(0, str(HERE))
CHINESE_FONT = importlib.import_module("desk")._FONT
CELL = re.compile(r"^%%sql (\w+) <<\n(.*)\Z", re.S)


def statements(path):
    """The SQL cells of a notebook by name."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if match := CELL.match(cell.source):
            assert match[1] not in found, f"two cells are called {match[1]}"
            found[match[1]] = match[2].rstrip() + "\n"
    return found


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_outputs_are_committed(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs") and not cell.get("execution_count")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_plain_sql_is_the_same(path):
    folder = HERE / "sql" / path.stem
    wanted = {f"{i + 1}-{name}.sql": sql for i, (name, sql) in enumerate(statements(path).items())}
    if os.environ.get("UPDATE"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, sql in wanted.items():
            (folder / name).write_text(sql, encoding="utf-8")
    found = {p.name: p.read_text(encoding="utf-8") for p in folder.glob("*")}
    assert found == wanted, "the plain-SQL edition differs; write it anew with UPDATE=1"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs(path, language, tmp_path, monkeypatch):
    for file in [*NOTEBOOKS, HERE / "desk.py"]:
        shutil.copy(file, tmp_path)
    monkeypatch.setenv("SANPI_LANG", language)
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(tmp_path / path.name, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    charts, texts, wanted = 0, "", 0
    for cell in notebook.cells:
        wanted += "plt.subplots" in cell.source
        for output in cell.get("outputs", []):
            charts += "image/png" in output.get("data", {})
            texts += output.get("text", "")
            if output.get("name") == "stderr":
                # Where no font has Chinese letters, charts are in English and say so.
                assert language == "zh" and not CHINESE_FONT and "fonts-noto-cjk" in output["text"], output["text"]
    if path.stem == "01-seven-rounds":
        wanted += 1  # one function, called in two cells
    assert charts == wanted > 0
    assert texts.strip()
    if kept := os.environ.get("KEEP_NOTEBOOKS"):  # a folder for who wants to look at them
        pathlib.Path(kept).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, pathlib.Path(kept) / f"{path.stem}.{language}.ipynb")


@pytest.mark.parametrize("path", NOTEBOOKS[:3], ids=lambda p: p.stem)
def test_plain_sql_answers(path):
    for file in sorted((HERE / "sql" / path.stem).glob("*.sql")):
        done = subprocess.run([os.environ["SANPI_COMMAND"], "query", "--warehouse", os.environ["SANPI_WAREHOUSE"], "--format", "csv", "-f", file],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        if "SYNTHETIC" not in file.read_text(encoding="utf-8"):
            assert len(done.stdout.splitlines()) > 1, f"{file.name} has no answer"
