"""Takes a release's CSV through LibreOffice to XLSX and back: no value may change. A number
may be written in another way, 58.8200 as 58.82. Prints as clients.py does.

    python office.py RELEASE"""

import csv
import decimal
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
# Comma, quote, UTF-8, from line 1; a quoted field is text, and nothing but plain numbers is
# made a number: ids such as 2021-1 stay what they are.
READ = "CSV:44,34,76,1,,1033,true,false,false"
# The same way out, with cells as they are and not as they are shown.
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false"


def convert(files, to, folder, profile, infilter=None):
    args = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", to, "--outdir", str(folder)]
    if infilter:
        args.append("--infilter=" + infilter)
    subprocess.run([*args, *map(str, files)], check=True, capture_output=True, timeout=300)


def number(text):
    try:
        value = decimal.Decimal(text)
        return value if value.is_finite() else None
    except decimal.InvalidOperation:
        return None


def equal(was, now):
    if was == now:
        return True
    a, b = number(was), number(now)
    # A spreadsheet holds doubles: fifteen digits are sure.
    return a is not None and b is not None and abs(a - b) <= abs(a) * decimal.Decimal("1e-14")


with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    (place / "xlsx").mkdir()
    (place / "csv").mkdir()
    files = [root / "csv-excel" / (r["name"] + ".csv") for r in package["resources"]]
    convert(files, "xlsx", place / "xlsx", place / "profile", READ)
    convert(sorted((place / "xlsx").glob("*.xlsx")), WRITE, place / "csv", place / "profile")
    cells = 0
    for resource in package["resources"]:
        name = resource["name"]
        with (root / "csv-excel" / (name + ".csv")).open(encoding="utf-8-sig", newline="") as f:
            was = list(csv.reader(f))
        with (place / "csv" / (name + ".csv")).open(encoding="utf-8-sig", newline="") as f:
            now = list(csv.reader(f))
        if len(was) != len(now):
            print("FAULT", name, "has", len(now), "lines of", len(was))
            continue
        for i, (a, b) in enumerate(zip(was, now)):
            b += [""] * (len(a) - len(b))
            for column, x, y in zip(was[0], a, b):
                cells += 1
                if not equal(x, y):
                    print("FAULT", name, "line", i + 1, column, repr(x), "has become", repr(y))
    print(json.dumps({"relations": len(package["resources"]), "cells": cells}))
