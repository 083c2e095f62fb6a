"""Writes regret.json: the best of 100 trials that Optuna's default TPE (multivariate, with
the constant liar) finds on each function, for 30 seeds, one trial after the other and with
eleven pending.

    pip install optuna==5.0.0 && python regret.py > regret.json
"""

import collections
import json
import math
import sys

import optuna

SEEDS, TRIALS = 30, 100


def floats(n, low, high):
    return lambda t: [t.suggest_float(f"x{i}", low, high) for i in range(n)]


def branin(t):
    x, y = t.suggest_float("x", -5, 10), t.suggest_float("y", 0, 15)
    u = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return u * u + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann(t):
    xs = floats(6, 0, 1)(t)
    return -sum(
        c * math.exp(-sum(a * (x - p) ** 2 for a, x, p in zip(A[i], xs, P[i])))
        for i, c in enumerate([1, 1.2, 3, 3.2])
    )


def rosenbrock(t):
    xs = floats(5, -5, 10)(t)
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(xs, xs[1:]))


def rastrigin(t):
    return sum(10 + x * x - 10 * math.cos(2 * math.pi * x) for x in floats(5, -5.12, 5.12)(t))


def ackley(t):
    xs = floats(10, -32.768, 32.768)(t)
    near = -20 * math.exp(-0.2 * math.sqrt(sum(x * x for x in xs) / 10))
    return near - math.exp(sum(math.cos(2 * math.pi * x) for x in xs) / 10) + 20 + math.e


def conditional(t):
    """The made-up training of the tests of package search."""
    architecture = t.suggest_categorical("architecture", ["cnn", "lstm", "autoencoder"])
    v = 0.0
    if architecture == "cnn":
        v += abs(t.suggest_int("cnn.filters", 8, 64, step=8) - 40) / 200
        t.suggest_categorical("cnn.kernel", ["3", "5"])
        t.suggest_int("cnn.depth", 1, 3)
    elif architecture == "lstm":
        v += 0.1
        t.suggest_int("lstm.hidden", 8, 96, log=True)
        t.suggest_categorical("lstm.cell", ["lstm", "gru", "rnn"])
    else:
        t.suggest_int("autoencoder.latent", 2, 16, log=True)
    v += 0.2 * (math.log10(t.suggest_float("learning_rate", 1e-4, 3e-2, log=True)) + 3) ** 2
    t.suggest_int("batch_size", 0, 2)  # the place of an ordered choice
    v += t.suggest_float("dropout", 0, 0.3, step=0.1) * 0.3
    t.suggest_categorical("bidirectional", [False, True])
    return v


def best(function, seed, pending, options):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, **options))
    running = collections.deque()
    for _ in range(TRIALS):
        trial = study.ask()
        running.append((trial, function(trial)))
        if len(running) > pending:
            study.tell(*running.popleft())
    while running:
        study.tell(*running.popleft())
    return study.best_value


def main():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    out = {"optuna": optuna.__version__, "best": {}}
    for pending in [0, 11]:
        for f in [branin, hartmann, rosenbrock, rastrigin, ackley, conditional]:
            name = f"{f.__name__}/{pending}"
            out["best"][name] = [best(f, seed, pending, options) for seed in range(SEEDS)]
            print(name, sorted(out["best"][name])[SEEDS // 2], file=sys.stderr, flush=True)
    json.dump(out, sys.stdout, indent=1)
    print()


main()
