"""Computes from the rows of ledgers, in exact fractions, what zone_scorecard says.

Reads one JSON object on stdin: areas, indicators, assessments and rows, each a list of
objects of text as in the files of a campaign ("" is not known), all of one campaign.
Every row speaks for its as_of, and no project is left out by a later edition of its zone.
Writes CSV on stdout, a row a cell: year, zone, column, value (empty for none).
"""

import csv
import json
import sys
from calendar import monthrange
from collections import defaultdict
from datetime import date
from fractions import Fraction
from statistics import median

PAIRS = ["reserve", "recruitment", "construction", "service"]
given = json.load(sys.stdin)


def day(text):
    return date.fromisoformat(text) if text else None


def last_day(text, precision):
    first = day(text)
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(precision)
    if first is None or months is None:
        return first
    year, month = divmod(first.year * 12 + first.month - 1 + months - 1, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


class Word:
    """What one row says of its project."""

    def __init__(self, row):
        self.as_of = day(row["as_of"])
        days = {}
        for event in ("signed", "started", "commissioned", "on_target"):
            by = last_day(row[event + "_on"], row[event + "_precision"])
            days[event] = by if by and by <= self.as_of else None
        self.zone = whole(row["zone_id"])
        self.signed_by = days["signed"]
        stages = ["signed", "started", "commissioned", "on_target"]
        come_to = stages.index(row["stage"]) + 1 if row["stage"] else 0
        come_to = max([come_to] + [i + 1 for i, e in enumerate(stages) if days[e] and i > 0])
        # A day of start alone tells of no signing.
        self.is_signed = bool(row["stage"]) or self.signed_by is not None
        self.is_started, self.is_commissioned = come_to >= 2, come_to >= 3
        later = [days[e] for e in stages[1:] if days[e]]
        self.signed_at = self.signed_by or (min(later) if later else self.as_of)
        after = [days[e] for e in stages[2:] if days[e]]
        self.started_at = days["started"] or (min(after) if after else self.as_of)
        self.commissioned_at = days["commissioned"] or days["on_target"] or self.as_of
        amount = lambda name: Fraction(row[name]) if row[name] else None
        self.investment = amount("investment_cny")
        self.expected, self.actual = amount("expected_output_cny"), amount("actual_output_cny")
        self.marks = {m: {"": None, "true": True, "false": False}[row[m]]
                      for m in ("commitment", "standard_land", "full_agency")}


areas = {a["area_id"]: a for a in given["areas"]}


def whole(area):
    while area and areas[area]["level"] != "zone":
        area = areas[area]["parent_id"]
    return area


words = defaultdict(list)
for row in given["rows"]:
    words[row["project_id"]].append(Word(row))
for said in words.values():
    said.sort(key=lambda w: w.as_of)
last = [said[-1] for said in words.values()]
heard = {z: max(w.as_of for w in last if w.zone == z) for z in {w.zone for w in last}}
years = {w.as_of.year for said in words.values() for w in said}
years |= {w.signed_at.year for w in last if w.is_signed}


def share(part, total):
    return Fraction(part) / Fraction(total) if total else None


def measures(zone, year):
    """The measures of a zone's year: value and base, where there is any."""
    if zone not in heard or heard[zone].year < year:
        return {}
    end = date(year, 12, 31)
    mine = [w for w in last if w.zone == zone]
    found = {}
    new = [w for w in mine if w.is_signed and w.signed_by and w.signed_by.year == year]
    money = [w.investment for w in new if w.investment is not None]
    if money:
        found["median_investment"] = Fraction(median(money)) / 10**8, len(money)
    both = [w for w in new if w.investment and w.expected is not None]
    found["expected_yield"] = share(sum(w.expected for w in both), sum(w.investment for w in both)), len(both)
    for mark in ("commitment", "standard_land", "full_agency"):
        known = [w.marks[mark] for w in new if w.marks[mark] is not None]
        found[mark + "_rate"] = share(sum(known), len(known)), len(known)
    two = [w for w in mine if w.is_signed and w.signed_by and w.signed_by.year in (year - 1, year)]
    landed = [w for w in two if w.is_started and w.started_at <= end]
    found["landing_rate"] = share(len(landed), len(two)), len(two)
    total = sum(w.investment or 0 for w in two)
    found["landing_investment_rate"] = (
        share(sum(w.investment or 0 for w in landed), total), sum(w.investment is not None for w in two))
    signed = [w for w in mine if w.is_signed and w.signed_at <= end]
    started = [w for w in mine if w.is_started and w.started_at <= end]
    found["start_rate"] = share(sum(w in started for w in signed), len(signed)), len(signed)
    done = [w for w in mine if w.is_commissioned and w.commissioned_at <= end]
    found["commission_rate"] = share(len(done), len(started)), len(started)
    # As the year's own ledgers knew it.
    then = [max((w for w in said if w.as_of <= end), key=lambda w: w.as_of, default=None) for said in words.values()]
    then = [w for w in then if w and w.zone == zone]
    if any(w.zone == zone and w.as_of.year == year for said in words.values() for w in said):
        put = [w for w in then if w.is_commissioned and w.expected and w.actual is not None]
        found["target_rate"] = share(sum(w.actual for w in put), sum(w.expected for w in put)), len(put)
    return {k: v for k, v in found.items() if v[1] and v[0] is not None}


indicators = given["indicators"]
weights = {i["indicator"]: Fraction(i["weight"]) for i in indicators}
scenarios = [weights]
for factor in (Fraction(1, 2), Fraction(3, 2)):
    for i in indicators:
        scenarios.append({k: w * factor if k == i["indicator"] else w for k, w in weights.items()})
    for pair in PAIRS:
        scenarios.append({i["indicator"]: weights[i["indicator"]] * (factor if i["pair"] == pair else 1) for i in indicators})


def total(scores, weights):
    """The score of a zone, and those of its pairs, from the scores of its indicators."""
    by_pair, whole_weight = {}, Fraction(0)
    for pair in PAIRS:
        of_pair = [i["indicator"] for i in indicators if i["pair"] == pair]
        known = [i for i in of_pair if i in scores]
        if sum(weights[i] for i in known):
            by_pair[pair] = sum(weights[i] * scores[i] for i in known) / sum(weights[i] for i in known)
            whole_weight += sum(weights[i] for i in of_pair)
    full = sum(sum(weights[i["indicator"]] for i in indicators if i["pair"] == p) * s for p, s in by_pair.items())
    return full / whole_weight, by_pair


out = csv.writer(sys.stdout, lineterminator="\n")


def write(year, zone, **cells):
    for column, value in cells.items():
        if isinstance(value, Fraction):
            value = repr(float(value))
        out.writerow([year, zone, column, "" if value is None else value])


for year in sorted(years):
    end = date(year, 12, 31)
    projects = {z: sum(w.is_signed and w.zone == z and w.signed_at <= end for w in last) for z in areas}
    zones = [
        z for z, a in areas.items() if a["level"] == "zone"
        and (not a["approved"] or int(a["approved"][:4]) <= year or projects[z])
    ]
    values = {z: {} for z in zones}
    for z in zones:
        measured = measures(z, year)
        for i in indicators:
            if i["measure"] == "survey":
                for a in given["assessments"]:
                    if (int(a["year"]), a["zone_id"], a["indicator"]) == (year, z, i["indicator"]):
                        values[z][i["indicator"]] = Fraction(a["value"])
            elif i["measure"] in measured and measured[i["measure"]][1] >= int(i["least_base"]):
                values[z][i["indicator"]] = measured[i["measure"]][0]
    for kind in sorted({areas[z]["zone_type"] for z in zones}):
        of_kind = [z for z in zones if areas[z]["zone_type"] == kind]
        scores = {z: {} for z in of_kind}
        for i in indicators if kind else []:
            known = [values[z][i["indicator"]] for z in of_kind if i["indicator"] in values[z]]
            for z in of_kind:
                if i["indicator"] in values[z]:
                    place = Fraction(1, 2)
                    if max(known) > min(known):
                        place = (values[z][i["indicator"]] - min(known)) / (max(known) - min(known))
                        place = 1 - place if i["direction"] == "lower" else place
                    scores[z][i["indicator"]] = 100 * place
        coverage = {z: share(sum(weights[i] for i in scores[z]), sum(weights.values())) for z in of_kind}
        must = {i["indicator"] for i in indicators if i["missing"] == "unassessed"}
        reason = {}
        for z in of_kind:
            if not projects[z]:
                reason[z] = "no_projects"
            elif heard[z].year < year:
                reason[z] = "not_reported"
            elif not kind:
                reason[z] = "zone_type_unknown"
            elif must - set(scores[z]):
                reason[z] = "missing_indicator"
            elif coverage[z] <= Fraction(1, 2):
                reason[z] = "low_coverage"
        ranked = [z for z in of_kind if z not in reason]
        places = defaultdict(list)
        for scenario in scenarios:
            points = {z: total(scores[z], scenario)[0] for z in ranked}
            for z in ranked:
                places[z].append(1 + sum(p > points[z] for p in points.values()))
        for z in of_kind:
            score, by_pair = total(scores[z], weights) if z in ranked else (None, {})
            write(
                year, z, zone_name=areas[z]["name"], zone_type=kind,
                status="not_assessed" if z in reason else "assessed", reason=reason.get(z),
                projects=projects[z], score=score, coverage=coverage[z],
                rank=places[z][0] if z in ranked else None, ranked_of=len(ranked) if z in ranked else None,
                rank_low=min(places[z]) if z in ranked else None, rank_high=max(places[z]) if z in ranked else None,
                observed_on=min(heard[z], end) if z in heard and heard[z].year >= year else None,
                **{p + "_score": by_pair.get(p) for p in PAIRS},
            )
