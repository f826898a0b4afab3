"""Computes from the same projects, with other people's code, what the cohort marts say.

Reads signed projects as CSV on stdin (area, started, commissioned, to_started,
event_started, to_commissioned, event_commissioned; to_ is days, empty when it has not
come to that) and writes CSV on stdout, a row a value: what, area, value (empty for none).
"""

import csv
import math
import sys

from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_time
from statsmodels.stats.proportion import proportion_confint

out = csv.writer(sys.stdout, lineterminator="\n")


def write(what, area, value):
    out.writerow([what, area, "" if math.isinf(value) or math.isnan(value) else repr(float(value))])


def interval(name, area, k, n):
    if n:
        low, high = proportion_confint(k, n, alpha=0.05, method="wilson")
        write(name + "_ci_low", area, low)
        write(name + "_ci_high", area, high)


def durations(name, area, rows, days, event):
    rows = [r for r in rows if r[days] != ""]
    if not rows:
        return
    curve = KaplanMeierFitter().fit([int(r[days]) for r in rows], [int(r[event]) for r in rows])
    # lifelines multiplies floats: where just 3/4 are left it may see a bit more.
    left_after = curve.survival_function_.round(12)
    for column, left in (("p25_days", 0.75), ("median_days", 0.5), ("p75_days", 0.25)):
        write(name + "." + column, area, qth_survival_time(left, left_after))
    low, high = median_survival_times(curve.confidence_interval_).iloc[0]
    write(name + ".median_ci_low_days", area, low)
    write(name + ".median_ci_high_days", area, high)


projects = list(csv.DictReader(sys.stdin))
for area in sorted({p["area"] for p in projects}):
    rows = [p for p in projects if p["area"] == area]
    signed = len(rows)
    started = sum(int(p["started"]) for p in rows)
    commissioned = sum(int(p["commissioned"]) for p in rows)
    interval("start", area, started, signed)
    interval("commission", area, commissioned, started)
    interval("overall", area, commissioned, signed)
    durations("signed_to_started", area, rows, "to_started", "event_started")
    durations("started_to_commissioned", area, rows, "to_commissioned", "event_commissioned")
