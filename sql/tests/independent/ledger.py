"""Reads generated ledger rows from CSV on stdin, and what they say by the ledger's day.

Written from the definitions in sql/README.md and the heads of the models, not from their
SQL: a date may be known to the month, and an event counts when even its last possible
day is not after as_of.
"""

import csv
import datetime
import sys

STAGES = ["signed", "started", "commissioned", "on_target"]

out = csv.writer(sys.stdout, lineterminator="\n")


def write(what, value):
    """A row a value: what, value; empty for none."""
    if value is not None:
        value = repr(float(value))
        value = "" if value in ("inf", "-inf", "nan") else value
    out.writerow([what, "" if value is None else value])


def span(day, precision):
    """First and last day that a date may be; None when it is not known."""
    if not day:
        return None
    first = datetime.date.fromisoformat(day)
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(precision)
    if months is None:
        return first, first
    month = first.month - 1 + months
    return first, datetime.date(first.year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


class Project:
    def __init__(self, row):
        self.row = row
        self.seen = datetime.date.fromisoformat(row["as_of"])
        self.spans = {}
        for stage in STAGES:
            s = span(row[stage + "_on"], row[stage + "_precision"])
            self.spans[stage] = s if s and s[1] <= self.seen else None
        stated = STAGES.index(row["stage"]) if row["stage"] in STAGES else -1
        dated = max((i for i, stage in enumerate(STAGES) if self.spans[stage]), default=-1)
        # A later stage implies the earlier ones, but a day of start alone is no signing.
        self.is_signed = stated >= 0 or self.spans["signed"] is not None
        self.is_started = stated >= 1 or dated >= 1
        self.is_commissioned = stated >= 2 or dated >= 2
        self.is_on_target = stated >= 3 or dated >= 3

    def waited(self):
        """Days from signing to start, or until last seen, and whether it started; None if left out."""
        signed, started = self.spans["signed"], self.spans["started"]
        if not signed or (self.is_started and not started):
            return None
        if self.is_started and started[1] < signed[0]:
            return None
        if not self.is_started:
            return max((self.seen - middle(signed)).days, 0), False
        return max((middle(started) - middle(signed)).days, 0), True

    def mark(self, column):
        return {"": None, "true": True, "false": False}[self.row[column]]


def middle(s):
    return s[0] + (s[1] - s[0]) // 2


def signed_projects():
    return [p for p in map(Project, csv.DictReader(sys.stdin)) if p.is_signed]
