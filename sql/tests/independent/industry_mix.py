"""Computes every cell of industry_mix from ledger rows on stdin and the shipped rules.

Arguments: industries.csv and industry_words.csv. See ledger.py for what is read and written.
"""

import csv
import sys
from decimal import Decimal

from ledger import signed_projects, write
from statsmodels.stats.proportion import proportion_confint

with open(sys.argv[1], encoding="utf-8") as f:
    classes = list(csv.DictReader(f))
with open(sys.argv[2], encoding="utf-8") as f:
    words = list(csv.DictReader(f))
place = {(c["scheme"], c["industry"]): i for i, c in enumerate(classes)}
schemes = sorted({c["scheme"] for c in classes})


def told(scheme, row):
    """The class that the words of a row tell."""
    for field in ("industry", "name", "content"):
        held = [
            w for w in words
            if w["scheme"] == scheme and w["field"] == field and w["word"].lower() in row[field].lower()
        ]
        if held:
            return min(held, key=lambda w: (-len(w["word"]), place[scheme, w["industry"]], w["word"]))["industry"]
    return "unclassified"


def ratio(cell, name, k, n):
    write(f"{cell} {name}_ratio", k / n if n else None)
    low, high = proportion_confint(k, n, alpha=0.05, method="wilson") if n else (None, None)
    write(f"{cell} {name}_ci_low", low)
    write(f"{cell} {name}_ci_high", high)


def money(projects):
    return sum((Decimal(p.row["investment_cny"]) for p in projects if p.row["investment_cny"]), Decimal(0))


projects = signed_projects()
groups = {}
for scheme in schemes:
    for c in classes:
        if c["scheme"] == scheme:
            groups[scheme, c["industry"]] = []
    for p in projects:
        groups.setdefault((scheme, told(scheme, p.row)), []).append(p)
for p in projects:
    groups.setdefault(("chain_leader", p.row["chain_leader"] or "unclassified"), []).append(p)

for (scheme, industry), group in groups.items():
    cell = f"{scheme}/{industry}"
    started = [p for p in group if p.is_started]
    commissioned = [p for p in group if p.is_commissioned]
    priced = [p for p in group if p.row["investment_cny"]]
    firms = {p.row["investor"] for p in group if p.row["investor"]}
    write(f"{cell} projects", len(group))
    write(f"{cell} started", len(started))
    write(f"{cell} commissioned", len(commissioned))
    write(f"{cell} on_target", sum(p.is_on_target for p in group))
    ratio(cell, "start", len(started), len(group))
    ratio(cell, "commission", len(commissioned), len(started))
    ratio(cell, "overall", len(commissioned), len(group))
    write(f"{cell} investment_cny", money(group) if priced else None)
    write(f"{cell} started_investment_cny", money(started) if priced else None)
    write(f"{cell} projects_without_investment", len(group) - len(priced))
    write(f"{cell} project_share", len(group) / len(projects))
    write(f"{cell} investment_share", money(group) / money(projects))
    write(f"{cell} firms", len(firms) or None)
    write(f"{cell} projects_without_investor", sum(not p.row["investor"] for p in group))
