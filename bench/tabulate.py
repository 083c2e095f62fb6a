#!/usr/bin/env python3
"""Turn a study, as `medml sweep --json` prints it, into a table of search/problems.

  medml sweep bench/tables/wdbc.yaml --no-tui --json | bench/tabulate.py > search/problems/testdata/wdbc.csv
  medml sweep bench/tables/heart.yaml --no-tui --json | bench/tabulate.py > search/problems/testdata/heart.csv

A row is a trial: its parameters, without the constants, and its value to six digits.
bench/tables/heart.yaml reads heart.csv beside it: the Cleveland patients of the UCI heart
disease data, with a header, and "ill" or "well" in the last column.
"""
import json
import sys

trials = [t for t in json.load(sys.stdin)["trials"] if t["state"] == "complete"]
trials.sort(key=lambda t: t["number"])
names = []
for t in trials:
    names += [n for n in t["params"] if n not in names]
varied = [n for n in names if len({json.dumps(t["params"][n]) for t in trials if n in t["params"]}) > 1]
# In the order of the space: what is shared stands first or last, the branches between.
varied.sort(key=lambda n: (n != "architecture", not n.startswith("architecture."), names.index(n)))


def text(v):
    if v is None:
        return ""
    return str(v).lower() if isinstance(v, bool) else (f"{v:.6g}" if isinstance(v, float) and v != int(v) else str(v))


print(",".join(varied + ["value"]))
for t in trials:
    print(",".join([text(t["params"].get(n)) for n in varied] + [f"{t['value']:.6g}"]))
