"""What the notebooks share: the warehouse, the reader's language, and charts that keep gaps.

Environment: SANPI_WAREHOUSE is the warehouse to read (../warehouse), SANPI_COMMAND the
command that makes one (../sanpi, or sanpi on the PATH), SANPI_LANG the language, en or zh
(that of LANG).
"""

import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile
import warnings

import duckdb
import matplotlib
import matplotlib.pyplot as plt
from matplotlib import font_manager

LANGUAGE = "zh" if (os.environ.get("SANPI_LANG") or os.environ.get("LANG", "")).lower().startswith("zh") else "en"

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = {"signed": "#0072B2", "started": "#E69F00", "commissioned": "#009E73"}
STAGES = ["signed", "started", "commissioned"]
WORDS = {
    "signed": ("signed", "签约"), "started": ("started", "开工"), "commissioned": ("commissioned", "投产"),
    "projects": ("projects", "项目数（个）"), "investment": ("CNY 100 million", "亿元"),
    "missing": ("not published", "未公布"),
}
FONTS = ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif CJK SC", "WenQuanYi Micro Hei", "PingFang SC", "Heiti SC",
         "Microsoft YaHei", "SimHei", "Noto Sans CJK JP", "Noto Serif CJK JP"]


def _chinese_font():
    """The name of an installed font with Chinese letters, or None."""
    installed = {f.name for f in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in installed), None)


_FONT = _chinese_font()
matplotlib.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "figure.dpi": 110, "axes.unicode_minus": False})
if _FONT:
    matplotlib.rcParams["font.family"] = [_FONT, "DejaVu Sans"]


def text(en, zh):
    """A text in the reader's language."""
    return zh if LANGUAGE == "zh" else en


def label(en, zh):
    """A text for a chart: Chinese only where a font can draw it."""
    if LANGUAGE == "zh" and not _FONT:
        warnings.warn("no font with Chinese letters is installed, so charts are in English; install Noto Sans CJK "
                      "(Debian: fonts-noto-cjk) and restart the kernel 未找到中文字体，图中文字改用英文", stacklevel=2)
        return en
    return text(en, zh)


def word(code):
    """The word for a code of the data, for a chart."""
    return label(*WORDS[code])


def name(row):
    """An area's name for a chart."""
    en = row.get("area_en")
    return row["area"] if LANGUAGE == "zh" and _FONT else (en if isinstance(en, str) and en else row["area_id"])


def command():
    """The sanpi command."""
    here = pathlib.Path(__file__).resolve().parent.parent / "sanpi"
    found = os.environ.get("SANPI_COMMAND") or (str(here) if here.exists() else shutil.which("sanpi"))
    if not found:
        raise FileNotFoundError("no sanpi command: run make build in the repository's folder, or set SANPI_COMMAND")
    return found


def sanpi(*args, expect=0):
    """Run the command; return what it printed. Another exit code than expect is an error."""
    done = subprocess.run([command(), *map(str, args)], capture_output=True, text=True)
    if done.returncode != expect:
        raise RuntimeError(f"sanpi {' '.join(map(str, args))}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def folder():
    """A new folder that goes with the kernel."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="sanpi-notebook-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def connect(warehouse=None):
    """Open the published database of a warehouse, read-only."""
    warehouse = pathlib.Path(warehouse or os.environ.get("SANPI_WAREHOUSE") or pathlib.Path(__file__).resolve().parent.parent / "warehouse")
    database = warehouse / "CURRENT" / "sanpi.duckdb"
    if not database.exists():
        raise FileNotFoundError(f"no warehouse in {warehouse}: run sanpi run first, or set SANPI_WAREHOUSE")
    return duckdb.connect(str(database), read_only=True)


def mark_synthetic(figure):
    """Write over a chart, in both languages, that its rows are generated."""
    figure.text(0.995, 0.99, "合成数据 SYNTHETIC" if _FONT else "SYNTHETIC", ha="right", va="top", color="#B00020", fontsize=9, weight="bold")


def bars_with_gaps(axis, positions, values, colour):
    """Bars where a value is known; a hatched field, not a zero, where it is not."""
    known = [(p, v) for p, v in zip(positions, values) if v is not None and v == v]
    top = max((v for _, v in known), default=1)
    axis.bar([p for p, _ in known], [v for _, v in known], color=colour, width=0.7)
    for p, v in known:
        axis.annotate(f"{v:,.0f}", (p, v), ha="center", va="bottom", fontsize=8)
    gaps = [p for p, v in zip(positions, values) if v is None or v != v]
    axis.bar(gaps, [top * 1.12] * len(gaps), width=0.9, color="none", edgecolor="#999999", hatch="////", linewidth=0, alpha=0.5,
             label=word("missing"))
    axis.set_ylim(0, top * 1.15)


__all__ = ["COLOURS", "LANGUAGE", "STAGES", "bars_with_gaps", "connect", "folder", "label", "mark_synthetic", "name", "plt", "sanpi", "text", "word"]
