"""Writes arrays of every type that the reader takes, with NumPy, and what they hold.

    python3 make.py DATA    # DATA holds breastmnist/ and adbench/; NumPy 2.4
"""
import json
import pathlib
import sys

import numpy as np

here = pathlib.Path(__file__).parent
arrays, facts = {}, {}
r = np.random.default_rng(7)
for kind in ["|b1", "|i1", "<i2", ">i4", "<i8", "|u1", ">u2", "<u4", ">u8", "<f4", ">f4", "<f8", ">f8"]:
    a = (r.standard_normal((3, 2, 4)) * 50).astype(kind) if kind[1] in "if" else r.integers(0, 2 if kind[1] == "b" else 250, (3, 2, 4)).astype(kind)
    name = kind.replace("<", "little_").replace(">", "big_").replace("|", "byte_")
    arrays[name + "_c"] = a
    arrays[name + "_fortran"] = np.asfortranarray(a)
arrays["unicode"] = np.array(["ill", "süß", ""])
arrays["ascii"] = np.array([b"a", b"bcd"])
arrays["gap"] = np.array([1.5, np.nan], "<f8")
np.savez_compressed(here / "types.npz", **arrays)
breaths = r.standard_normal((20, 20, 2)).astype("<f4")
np.save(here / "breaths.npy", breaths)
np.save(here / "asleep.npy", np.array(["yes", "no"] * 10))
for name, a in arrays.items():
    facts[name] = {"shape": list(a.shape), "cells": ["" if a.dtype.kind == "f" and np.isnan(x) else x.decode() if isinstance(x, bytes) else str(x) if a.dtype.kind in "U" else repr(float(x)) for x in a.ravel(order="C")]}

data = pathlib.Path(sys.argv[1])
sums = {}
with np.load(data / "breastmnist" / "breastmnist.npz") as z:
    for part in ["train", "val", "test"]:
        sums[part] = {"pixels": int(z[part + "_images"].sum(dtype=np.int64)), "benign": int(z[part + "_labels"].sum()), "last": z[part + "_images"][-1].ravel().tolist()}
tables = {}
for f in sorted((data / "adbench").glob("*.npz")):
    with np.load(f) as z:
        tables[f.name] = {"shape": list(z["X"].shape), "columns": z["X"].astype("<f4").astype("<f8").sum(axis=0).tolist(), "ill": int(z["y"].sum())}
(here / "facts.json").write_text(json.dumps({"arrays": facts, "breastmnist": sums, "adbench": tables}) + "\n")
