"""Computes every cell of reform_adoption from ledger rows on stdin, with lifelines and
statsmodels, and holds the interval of the difference of medians against a bootstrap.

Beside the columns of ledger.py a row has zones (the zone, and the zone that it is a part
of, parted by semicolons) and zone_type.
"""

import math
import sys

import numpy as np
from ledger import signed_projects, write
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_time
from statsmodels.stats.proportion import proportion_confint

NONE = math.inf


def median(sample):
    """Median of the days, and its interval; infinite where there is none."""
    if not sample:
        return NONE, NONE, NONE
    curve = KaplanMeierFitter().fit([d for d, _ in sample], [e for _, e in sample])
    middle = qth_survival_time(0.5, curve.survival_function_.round(12))
    low, high = median_survival_times(curve.confidence_interval_).iloc[0]
    # What lifelines cannot tell is NaN where nobody started.
    return tuple(NONE if math.isnan(x) else float(x) for x in (middle, low, high))


def difference(a, b):
    """Zou and Donner's interval of a difference, from the interval of each side."""
    (m1, l1, u1), (m2, l2, u2) = a, b
    if math.inf in (m1, m2):
        return None, None, None
    low = high = None
    if math.inf not in (l1, u2):
        low = m1 - m2 - math.hypot(m1 - l1, u2 - m2)
    if math.inf not in (u1, l2):
        high = m1 - m2 + math.hypot(u1 - m1, m2 - l2)
    return m1 - m2, low, high


def resampled_median(days, events, draws):
    """The Kaplan–Meier median of each draw of row numbers, by counting on the days."""
    grid = int(days.max()) + 1
    medians = []
    for draw in draws:
        made = np.bincount(days[draw][events[draw]], minlength=grid)
        gone = np.bincount(days[draw], minlength=grid)
        at_risk = gone[::-1].cumsum()[::-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.cumprod(np.where(at_risk > 0, 1 - made / at_risk, 1))
        below = np.nonzero(left <= 0.5 + 1e-10)[0]
        medians.append(below[0] if len(below) else np.nan)
    return np.array(medians)


def bootstrap(a, b, times=400):
    random = np.random.default_rng(5)
    sides = []
    for sample in (a, b):
        days = np.array([d for d, _ in sample])
        events = np.array([e for _, e in sample])
        sides.append(resampled_median(days, events, random.integers(0, len(sample), (times, len(sample)))))
    return np.nanpercentile(sides[0] - sides[1], [2.5, 97.5])


def compare(cell, reform, projects):
    samples, left_out = {True: [], False: []}, 0
    for p in projects:
        if p.mark(reform) is None:
            continue
        waited = p.waited()
        if waited is None:
            left_out += 1
        else:
            samples[p.mark(reform)].append(waited)
    sides = {}
    for name, adopted in (("with", True), ("without", False)):
        sides[name] = median(samples[adopted])
        write(f"{cell} {name}_projects", len(samples[adopted]))
        write(f"{cell} {name}_events", sum(e for _, e in samples[adopted]))
        for column, value in zip(("median_days", "median_ci_low_days", "median_ci_high_days"), sides[name]):
            write(f"{cell} {name}_{column}", value)
    write(f"{cell} undated", left_out)
    d, low, high = difference(sides["with"], sides["without"])
    write(f"{cell} median_difference_days", d)
    write(f"{cell} difference_ci_low_days", low)
    write(f"{cell} difference_ci_high_days", high)
    if None not in (low, high) and min(map(len, samples.values())) >= 200:
        # Two ways to one interval: they need not be equal, but must be alike.
        again = bootstrap(samples[True], samples[False])
        if max(abs(again - [low, high])) > max(3, 0.3 * (high - low)):
            sys.exit(f"{cell}: the interval is {low:.1f} to {high:.1f}, by bootstrap {again[0]:.1f} to {again[1]:.1f}")
        global held
        held += 1


held = 0
projects = signed_projects()
groups = {("all", "all"): projects}
for p in projects:
    for zone in filter(None, p.row["zones"].split(";")):
        groups.setdefault(("zone", zone), []).append(p)
    if p.row["zone_type"]:
        groups.setdefault(("zone_type", p.row["zone_type"]), []).append(p)

for (level, key), group in groups.items():
    years = {("all", ""): group}
    for p in group:
        s = p.spans["signed"]
        year = str(s[0].year) if s and s[0].year == s[1].year else ""
        years.setdefault(("year", year), []).append(p)
    for reform in ("commitment", "standard_land", "full_agency"):
        for (period, year), members in years.items():
            cell = f"{reform}/{level}/{key}/{period}/{year}"
            known = [p.mark(reform) for p in members if p.mark(reform) is not None]
            write(f"{cell} projects", len(members))
            write(f"{cell} known", len(known))
            write(f"{cell} adopted", sum(known))
            write(f"{cell} adoption_share", sum(known) / len(known) if known else None)
            low, high = proportion_confint(sum(known), len(known), 0.05, "wilson") if known else (None, None)
            write(f"{cell} adoption_ci_low", low)
            write(f"{cell} adoption_ci_high", high)
            if period == "all" and level != "zone":
                compare(cell, reform, members)
if held < 3:
    sys.exit(f"only {held} intervals were held against a bootstrap")
