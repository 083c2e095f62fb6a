"""Runs Optuna's samplers on the functions of peers_test.go and prints a line of JSON for each study.

    python peers.py SAMPLER PENDING TRIALS FIRST_SEED LAST_SEED FUNCTION... >> peers.jsonl

SAMPLER is gp, cma-es, tpe or random. PENDING trials are in flight at any time, told in the order in
which they were asked for. A line holds the best value after each hundredth trial.

The committed figures are of optuna 5.0.0, torch 2.6.0, scipy 1.17.1, cmaes 0.13.1, numpy 2.4.6.
"""

import json
import math
import sys
import warnings

import optuna
from optuna.samplers import CmaEsSampler, GPSampler, RandomSampler, TPESampler

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def box(trial, n, low, high):
    return [trial.suggest_float(f"x{i}", low, high) for i in range(n)]


def shifted(x, low, high):
    """Moves the optimum, which would be at 0, off the centre: differently on each axis."""
    return [v - (high - low) * (0.11 * ((i % 3) - 1) + 0.06) for i, v in enumerate(x)]


def branin(trial):
    x, y = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    u = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return u * u + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    p = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
         [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
    x = box(trial, 6, 0, 1)
    return -sum(c * math.exp(-sum(a[i][j] * (x[j] - p[i][j] / 1e4) ** 2 for j in range(6)))
                for i, c in enumerate([1, 1.2, 3, 3.2]))


def rosenbrock5(trial):
    x = box(trial, 5, -5, 10)
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(4))


def rastrigin5(trial):
    x = shifted(box(trial, 5, -5.12, 5.12), -5.12, 5.12)
    return sum(v * v - 10 * math.cos(2 * math.pi * v) + 10 for v in x)


def ackley10(trial):
    x = shifted(box(trial, 10, -32.768, 32.768), -32.768, 32.768)
    return (-20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / 10))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / 10) + 20 + math.e)


def ellipsoid5(trial):
    x = shifted(box(trial, 5, -5, 5), -5, 5)
    return sum(1000 ** (i / 4) * v * v for i, v in enumerate(x))


def training(trial):
    arch = trial.suggest_categorical("architecture", ["cnn", "lstm", "autoencoder"])
    lr = math.log10(trial.suggest_float("learning_rate", 1e-5, 1e-1, log=True))
    batch = trial.suggest_categorical("batch", ["16", "32", "64"])
    dropout = trial.suggest_float("dropout", 0, 0.6)
    value = {"16": 0.01, "32": 0, "64": 0.02}[batch]
    if arch == "cnn":
        filters = trial.suggest_int("filters", 8, 64, step=8)
        depth = trial.suggest_int("depth", 1, 5)
        value += 0.2 + 0.05 * (lr + 3 + 0.2 * (depth - 3)) ** 2 + 0.4 * (dropout - 0.2) ** 2
        value += 0.03 * (depth - 3) ** 2 + abs(filters - 40) / 200
    elif arch == "lstm":
        hidden = math.log2(trial.suggest_int("hidden", 8, 128, log=True))
        value += 0.22 + 0.05 * (lr + 2) ** 2 + 0.02 * (hidden - 5.5) ** 2 + 0.4 * (dropout - 0.35) ** 2
    else:
        latent = math.log2(trial.suggest_int("latent", 2, 32, log=True))
        value += 0.3 + 0.05 * (lr + 3.5) ** 2 + 0.05 * (latent - 3) ** 2 + 0.4 * dropout**2
    return value


def sampler(name, seed):
    if name == "gp":
        return GPSampler(seed=seed, warn_independent_sampling=False)
    if name == "cma-es":
        return CmaEsSampler(seed=seed, warn_independent_sampling=False)
    if name == "tpe":
        return TPESampler(seed=seed, multivariate=True, constant_liar=True)
    return RandomSampler(seed=seed)


def main():
    name, pending, trials = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for seed in range(int(sys.argv[4]), int(sys.argv[5]) + 1):
        for function in sys.argv[6:]:
            study = optuna.create_study(sampler=sampler(name, seed))
            flight, values = [], []
            for _ in range(trials):
                trial = study.ask()
                flight.append((trial, globals()[function](trial)))
                values.append(flight[-1][1])
                if len(flight) >= pending:
                    study.tell(*flight.pop(0))
            best = [float(f"{min(values[:n]):.9g}") for n in range(100, trials + 1, 100)]
            print(json.dumps({"sampler": name, "function": function, "pending": pending, "seed": seed, "best": best}),
                  flush=True)


main()
