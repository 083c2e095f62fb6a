#!/usr/bin/env python3
"""Compare the quality of medml's samplers with Optuna's and goptuna's, on equal problems.

  bench/quality.py run FILE                      search with all tools and write a row each
  bench/quality.py run FILE --tool medml         ... with medml alone, anew
  bench/quality.py table FILE                    print the tables as markdown
  bench/quality.py table FILE --trials 25        ... as they stood after 25 trials

A row is a search: {"tool", "problem", "sampler", "pending", "seed", "regret": [...]}, the
regret (best value so far, less the minimum) after each trial. Searches that FILE has
already are not run again, except medml's own. The functions are evaluated by the medml
binary for all tools.

Optuna is the version that this interpreter has; its samplers run with their defaults (TPE
of version 5: multivariate, constant liar). goptuna is built from bench/goptuna. With
several trials pending, so many are asked for, and they are told in the order in which they
were asked for.

The tables compare the regrets after so many trials by Wilcoxon's rank-sum test, one-sided:
p is the probability of ranks at least so unfavourable to medml, were both samplers equal.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
PROBLEMS = ["branin", "hartmann6", "rosenbrock5", "rastrigin5", "ackley10", "mixed", "heart", "wdbc"]
# medml's sampler, and what it is held against.
PAIRS = [("tpe", ("optuna", "tpe")), ("gp", ("optuna", "gp")), ("cma-es", ("optuna", "cma-es")),
         ("tpe", ("goptuna", "tpe")), ("cma-es", ("goptuna", "cma-es")), ("random", ("goptuna", "random")),
         ("sobol", ("goptuna", "sobol"))]
COLUMNS = [("medml", s) for s in ("random", "sobol", "tpe", "cma-es", "gp", "auto")] + \
          [("optuna", s) for s in ("random", "tpe", "cma-es", "gp")] + \
          [("goptuna", s) for s in ("random", "tpe", "cma-es", "sobol")]


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["run", "table"])
    p.add_argument("file")
    p.add_argument("--medml", help="the binary; built from this tree if not given")
    p.add_argument("--tool", action="append", help="medml, optuna or goptuna; may be repeated (default all)")
    p.add_argument("--problem", action="append", help="may be repeated (default all)")
    p.add_argument("--sampler", action="append", help="may be repeated (default all)")
    p.add_argument("--pending", type=int, action="append", help="may be repeated (default 1 and 8)")
    p.add_argument("--trials", type=int, default=100)
    p.add_argument("--seeds", type=int, default=30)
    o = p.parse_args()
    o.tool = o.tool or ["medml", "optuna", "goptuna"]
    o.problem = o.problem or PROBLEMS
    o.pending = o.pending or [1, 8]
    return o


def built(package, folder):
    """Build a Go program and return its path."""
    out = os.path.join(tempfile.mkdtemp(), "program")
    subprocess.run(["go", "build", "-o", out, package], cwd=folder, check=True)
    return out


class Problem:
    """A problem, evaluated by medml."""

    def __init__(self, medml, name):
        told = json.loads(subprocess.run([medml, "bench", "search", "--describe", name], check=True, capture_output=True, text=True).stdout)
        self.space, self.minimum = told["space"], told["minimum"]
        self.pipe = subprocess.Popen([medml, "bench", "search", "--eval", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def value(self, params):
        self.pipe.stdin.write(json.dumps(params) + "\n")
        self.pipe.stdin.flush()
        return float(self.pipe.stdout.readline())

    def suggest(self, trial):
        """Draw the parameters of an Optuna trial."""
        params = {}
        for p in self.space:
            when, name = p.get("when"), p["name"]
            if when and params.get(when["param"]) != when["equals"]:
                continue
            if p["kind"] == "categorical" or "choices" in p:
                params[name] = trial.suggest_categorical(name, p["choices"])
                continue
            low, high, log = p.get("low", 0), p.get("high", 0), p.get("log", False)
            if p["kind"] == "int" or p["kind"] == 1:
                params[name] = trial.suggest_int(name, int(low), int(high), log=log, step=int(p.get("step", 0)) or 1)
            else:
                params[name] = float(trial.suggest_float(name, low, high, log=log))
        return params


def optuna_sampler(name, seed):
    import optuna
    return {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler,
            "cma-es": optuna.samplers.CmaEsSampler, "gp": optuna.samplers.GPSampler}[name](seed=seed)


def search_with_optuna(problem, sampler, seed, trials, pending):
    import optuna
    study = optuna.create_study(direction="minimize", sampler=optuna_sampler(sampler, seed))
    queue, regret, best = [], [], float("inf")
    asked = 0
    while len(regret) < trials:
        while asked < trials and len(queue) < pending:
            trial = study.ask()
            queue.append((trial, problem.suggest(trial)))
            asked += 1
        trial, params = queue.pop(0)
        value = problem.value(params)
        study.tell(trial, value)
        best = min(best, value)
        regret.append(best - problem.minimum)
    return regret


def read(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f if line.strip()]


def key(row):
    return row["tool"], row["problem"], row["sampler"], row["pending"], row["seed"]


def run(o):
    medml = o.medml or built("./cmd/medml", os.path.dirname(HERE))
    rows = read(o.file)
    if "medml" in o.tool:
        again = {(p, s, n) for p in o.problem for s in (o.sampler or [s for t, s in COLUMNS if t == "medml"]) for n in o.pending}
        rows = [r for r in rows if r["tool"] != "medml" or (r["problem"], r["sampler"], r["pending"]) not in again]
        with open(o.file, "w") as f:
            for r in rows:
                f.write(json.dumps(r) + "\n")
    done = {key(r) for r in rows}
    with open(o.file, "a") as f:
        for name in o.problem:
            if "medml" in o.tool:
                run_program(f, [medml, "bench", "search", "--quality", "--json"], o, name,
                            [s for t, s in COLUMNS if t == "medml"], set())
            if "goptuna" in o.tool:
                run_program(f, [built(".", os.path.join(HERE, "goptuna"))], o, name, [s for t, s in COLUMNS if t == "goptuna"], done)
            if "optuna" in o.tool:
                run_optuna(f, medml, o, name, done)


def run_program(f, command, o, problem, samplers, done):
    """Run a program that prints rows itself."""
    for sampler in samplers:
        if o.sampler and sampler not in o.sampler:
            continue
        for pending in o.pending:
            tool = "medml" if "bench" in command else "goptuna"
            if all((tool, problem, sampler, pending, seed) in done for seed in range(o.seeds)):
                continue
            out = subprocess.run(command + ["--problem", problem, "--sampler", sampler, "--pending", str(pending),
                                            "--trials", str(o.trials), "--seeds", str(o.seeds)],
                                 capture_output=True, text=True)
            if out.returncode != 0:
                print(f"{tool} {sampler} on {problem}: {out.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            f.write(out.stdout)
            f.flush()


def run_optuna(f, medml, o, name, done):
    import optuna
    warnings.filterwarnings("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    problem = Problem(medml, name)
    for sampler in ("random", "tpe", "cma-es", "gp"):
        if o.sampler and sampler not in o.sampler:
            continue
        for pending in o.pending:
            for seed in range(o.seeds):
                if ("optuna", name, sampler, pending, seed) in done:
                    continue
                regret = search_with_optuna(problem, sampler, seed, o.trials, pending)
                f.write(json.dumps({"tool": "optuna", "problem": name, "sampler": sampler, "pending": pending, "seed": seed,
                                    "regret": [float(f"{r:.6g}") for r in regret]}) + "\n")
                f.flush()


def ends(rows, trials):
    """The regrets after so many trials, by tool, sampler, problem and pending."""
    out = {}
    for r in rows:
        out.setdefault((r["tool"], r["sampler"], r["problem"], r["pending"]), []).append(r["regret"][min(trials, len(r["regret"])) - 1])
    return out


def table(o):
    from scipy.stats import mannwhitneyu
    rows = [r for r in read(o.file) if r["problem"] in o.problem]
    regret = ends(rows, o.trials)
    for pending in o.pending:
        print(f"\n### {'One after the other' if pending == 1 else f'{pending} pending'}: median regret after {o.trials} trials\n")
        columns = [c for c in COLUMNS if any((*c, p, pending) in regret for p in o.problem)]
        print("| problem | " + " | ".join(f"{t} {s}" for t, s in columns) + " |")
        print("| --- |" + " ---: |" * len(columns))
        for p in o.problem:
            cells = [f"{statistics.median(regret[(*c, p, pending)]):.3g}" if (*c, p, pending) in regret else "–" for c in columns]
            print(f"| {p} | " + " | ".join(cells) + " |")
    print("\n### medml against the others: p of being worse, and of being better\n")
    print("| sampler | against | pending | " + " | ".join(o.problem) + " |")
    print("| --- | --- | ---: |" + " ---: |" * len(o.problem))
    worse = 0
    for ours, (tool, theirs) in PAIRS:
        for pending in o.pending:
            cells = []
            for p in o.problem:
                a, b = regret.get(("medml", ours, p, pending)), regret.get((tool, theirs, p, pending))
                if not a or not b:
                    cells.append("–")
                    continue
                is_worse = mannwhitneyu(a, b, alternative="greater").pvalue
                is_better = mannwhitneyu(a, b, alternative="less").pvalue
                worse += is_worse < 0.05
                cells.append(f"{'**' if is_worse < 0.05 else ''}{is_worse:.2g}{'**' if is_worse < 0.05 else ''}, {is_better:.2g}")
            print(f"| {ours} | {tool} {theirs} | {pending} | " + " | ".join(cells) + " |")
    print(f"\n{worse} comparisons in which medml is worse at p < 0.05 (bold).")


if __name__ == "__main__":
    o = options()
    {"run": run, "table": table}[o.what](o)
