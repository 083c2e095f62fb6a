#!/usr/bin/env python3
"""Measure how many trials a second go through search and storage when nothing is trained:
medml's store beside Optuna's JournalStorage and SQLite, in one run.

  bench/durable.py [--rounds 5] [--trials 500] [--dir FOLDER]

A trial has 10 parameters and reports one value before it ends. Everything runs in rounds,
one after the other within a round; a cell has the median of the rounds and their span.

What is on disk when a trial has ended differs: medml has synced its start and its end,
SQLite syncs each of Optuna's transactions, and the journal file is written and synced a
line at a time.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--medml", help="the binary; built from this tree if not given")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--trials", type=int, default=500)
    p.add_argument("--dir", help="a folder on the disk to measure")
    p.add_argument("--sampler", action="append", help="random or tpe; may be repeated (default both)")
    o = p.parse_args()
    o.sampler = o.sampler or ["random", "tpe"]
    return o


def ours(o, sampler):
    out = subprocess.run([o.medml, "bench", "search", "--json", "--past", "1", "--sampler", sampler, "--durable", str(o.trials)]
                         + (["--dir", o.dir] if o.dir else []), check=True, capture_output=True, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])["trials_per_s"]


def objective(trial):
    total = 0.0
    for i in range(10):
        x = trial.suggest_float(f"x{i}", -5, 5) if i % 2 == 0 else trial.suggest_int(f"x{i}", -5, 5)
        total += x * x
    trial.report(total, 1)
    return total


def optuna_rate(o, sampler, storage):
    import optuna
    folder = tempfile.mkdtemp(dir=o.dir)
    try:
        if storage == "journal":
            from optuna.storages import JournalStorage
            from optuna.storages.journal import JournalFileBackend
            kept = JournalStorage(JournalFileBackend(os.path.join(folder, "journal.log")))
        else:
            kept = f"sqlite:///{folder}/study.db"
        s = {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler}[sampler](seed=1)
        study = optuna.create_study(storage=kept, sampler=s)
        begun = time.perf_counter()
        study.optimize(objective, n_trials=o.trials)
        return o.trials / (time.perf_counter() - begun)
    finally:
        shutil.rmtree(folder)


def main():
    import optuna
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    o = options()
    if not o.medml:
        o.medml = os.path.join(tempfile.mkdtemp(), "medml")
        subprocess.run(["go", "build", "-o", o.medml, "./cmd/medml"], cwd=os.path.dirname(HERE), check=True)
    rates = {}
    for _ in range(o.rounds):
        for sampler in o.sampler:
            rates.setdefault((sampler, "medml"), []).append(ours(o, sampler))
            for storage in ("journal", "sqlite"):
                rates.setdefault((sampler, "Optuna " + optuna.__version__ + ", " + storage), []).append(optuna_rate(o, sampler, storage))
    print("| sampler | store | trials/s | ratio |\n| --- | --- | ---: | ---: |")
    for (sampler, store), values in rates.items():
        ratios = [a / b for a, b in zip(rates[(sampler, "medml")], values)]
        print(f"| {sampler} | {store} | {statistics.median(values):.0f} ({min(values):.0f} – {max(values):.0f}) | {statistics.median(ratios):.1f} |")


if __name__ == "__main__":
    main()
