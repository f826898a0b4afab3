"""Computes from the same ledgers, month by month, what progress_bulletin and
stalled_projects say.

Reads rows of ledgers as CSV on stdin (as_of, project, zone, city, type, signed, started,
commissioned, on_target, investment, expected, actual; days as ISO dates, empty when not
known) and writes CSV on stdout: mart, key, column, value (empty for none). It follows the
definitions as an office would, each month anew from that month's ledgers, where the
models keep running sums.
"""

import csv
import datetime
import sys

from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time

out = csv.writer(sys.stdout, lineterminator="\n")


def write(mart, key, column, value):
    out.writerow([mart, key, column, "" if value is None else value])


def day(text):
    return datetime.date.fromisoformat(text) if text else None


rows = []
for r in csv.DictReader(sys.stdin):
    for column in ("as_of", "signed", "started", "commissioned", "on_target"):
        r[column] = day(r[column])
    for column in ("investment", "expected", "actual"):
        r[column] = int(r[column]) if r[column] else None
    # A later stage implies the earlier ones.
    r["is_commissioned"] = bool(r["commissioned"] or r["on_target"])
    r["is_started"] = bool(r["started"]) or r["is_commissioned"]
    r["is_signed"] = bool(r["signed"])
    rows.append(r)

months = sorted({r["as_of"] for r in rows})
first, last = months[0], months[-1]
zones = {r["zone"]: r for r in rows}
editions = {}
for r in rows:
    editions.setdefault((r["zone"], r["as_of"]), []).append(r)


def month_ends(start, end):
    at = start
    while at <= end:
        yield at
        in_next_but_one = (at + datetime.timedelta(days=1)) + datetime.timedelta(days=31)
        at = in_next_but_one.replace(day=1) - datetime.timedelta(days=1)


def ratio(a, b):
    return None if not b else a / b


def standing(month):
    """What the last ledger of each zone says; a project stands where it was told last."""
    latest = {}
    for zone in zones:
        told = [m for m in months if m <= month and (zone, m) in editions]
        for r in editions[zone, told[-1]] if told else []:
            if r["project"] not in latest or latest[r["project"]]["as_of"] < r["as_of"]:
                latest[r["project"]] = r
    return list(latest.values())


last_word = {}
for r in rows:
    if r["project"] not in last_word or last_word[r["project"]]["as_of"] < r["as_of"]:
        last_word[r["project"]] = r
gone = {}
for p, r in last_word.items():
    gone[p] = min((m for m in months if m > r["as_of"] and (r["zone"], m) in editions), default=None)


def areas(r):
    yield "zone", r["zone"]
    yield "city", r["city"]
    yield "province", "p"
    if r["type"]:
        yield "zone_type", r["type"]


first_told = {}
for r in rows:
    for area in areas(r):
        first_told[area] = min(first_told.get(area, r["as_of"]), r["as_of"])

before = {}
for month in month_ends(first, last):
    told = standing(month)
    figures = {}
    for area in sorted(a for a in first_told if first_told[a] <= month):
        level, key = area
        mine = [r for r in told if area in areas(r)]
        reported = any(area in areas(r) for r in rows if r["as_of"] == month)
        words = [
            r for p, r in last_word.items() if area in areas(r) and (gone[p] is None or month < gone[p])
        ]
        f = {
            "revised_signed": sum(r["is_signed"] and r["signed"] <= month for r in words),
            "revised_started_of_signed": sum(
                bool(r["is_signed"] and r["signed"] <= month and r["started"] and r["started"] <= month) for r in words
            ),
            "revised_started": sum(bool(r["started"] and r["started"] <= month) for r in words),
            "revised_commissioned": sum(bool(r["commissioned"] and r["commissioned"] <= month) for r in words),
        }
        f["status"] = "reported" if reported else "missing"
        if reported:
            with_outputs = [
                r for r in mine if r["is_commissioned"] and r["expected"] and r["actual"] is not None
            ]
            f["projects"] = len(mine)
            f["projects_carried"] = 0 if level == "zone" else sum((r["zone"], month) not in editions for r in mine)
            f["signed"] = sum(r["is_signed"] for r in mine)
            f["started_of_signed"] = sum(r["is_signed"] and r["is_started"] for r in mine)
            f["started"] = sum(r["is_started"] for r in mine)
            f["commissioned"] = sum(r["is_commissioned"] for r in mine)
            f["outputs"] = len(with_outputs)
            f["start_rate"] = ratio(f["started_of_signed"], f["signed"])
            f["commission_rate"] = ratio(f["commissioned"], f["started"])
            f["target_rate"] = ratio(
                sum(r["actual"] for r in with_outputs), sum(r["expected"] for r in with_outputs)
            )
            f["is_revised"] = any(f[c] != f["revised_" + c] for c in ("signed", "started_of_signed", "started", "commissioned"))
            earlier = before.get(area, {})
            f["before_month"] = earlier.get("month")
            for rate in ("start", "commission", "target"):
                a, b = f[rate + "_rate"], earlier.get(rate + "_rate")
                f[rate + "_change"] = None if a is None or b is None else a - b
            before[area] = dict(f, month=month)
        figures[area] = f
    for (level, key), f in figures.items():
        if f["status"] == "reported":
            group = [
                g
                for (l, k), g in figures.items()
                if g["status"] == "reported" and l == level and (level != "zone" or zones[k]["type"] == zones[key]["type"])
            ]
            for rate in ("start", "commission", "target"):
                own = f[rate + "_rate"]
                f[rate + "_rank"] = (
                    None if own is None else 1 + sum(g[rate + "_rate"] is not None and g[rate + "_rate"] > own for g in group)
                )
        for column, value in f.items():
            write("progress_bulletin", f"{month} {level} {key}", column, value)

steps = {
    "signed_to_started": ("signed", "started", "is_started"),
    "started_to_commissioned": ("started", "commissioned", "is_commissioned"),
    "commissioned_to_on_target": ("commissioned", "on_target", None),
}
user = {("commissioned_to_on_target", "tourism"): 100}


def reached(r):
    return bool(r["on_target"]) or bool(r["expected"] and r["actual"] is not None and r["actual"] >= r["expected"])


for step, (origin, event, is_event) in steps.items():
    watched = {"": []}
    waiting = []
    for r in last_word.values():
        if not r[origin]:
            continue
        made = reached(r) if is_event is None else r[is_event]
        if made and not r[event]:
            continue  # nobody knows the day
        days = ((r[event] if made else r["as_of"]) - r[origin]).days
        watched[""].append((days, made))
        if r["type"]:
            watched.setdefault(r["type"], []).append((days, made))
        if not made:
            waiting.append((r, days))
    medians = {}
    for key, list_ in watched.items():
        curve = KaplanMeierFitter().fit([d for d, _ in list_], [m for _, m in list_])
        median = qth_survival_time(0.5, curve.survival_function_.round(12))
        medians[key] = None if median == float("inf") else int(median)
        write("stage_duration", f"{step} {key or 'all'}", "median_days", medians[key])
    stalled = []
    for r, days in waiting:
        limit, basis = user.get((step, r["type"])), "user"
        if limit is None:
            limit, basis = medians.get(r["type"]) if r["type"] else None, "zone_type_median"
        if limit is None:
            limit, basis = medians[""], "campaign_median"
        if limit is None or days <= limit:
            continue
        stake = r["investment"]
        if step == "commissioned_to_on_target":
            stake = None if r["expected"] is None or r["actual"] is None else r["expected"] - r["actual"]
        order = (stake is None, 0 if stake is None else -stake * (days - limit), limit - days, r["project"])
        stalled.append((order, r["project"], stake, days, limit, basis))
    for position, (_, project, stake, days, limit, basis) in enumerate(sorted(stalled), 1):
        for column, value in (
            ("transition", step), ("position", position), ("at_stake_cny", stake), ("waiting_days", days),
            ("limit_days", limit), ("limit_basis", basis), ("over_days", days - limit),
        ):
            write("stalled_projects", project, column, value)
