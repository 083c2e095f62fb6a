"""Writes importance.json: studies, and what Optuna's evaluators say of their parameters.

    pip install optuna scikit-learn && python importance.py > importance.json

Last written with Optuna 5.0.0 and scikit-learn 1.9.1. The Go tests need only the JSON. fANOVA
is the mean over ten forests; Optuna judges parameters by it that all trials have, by their
plain values, so that a study with branches or logarithmic parameters has none.
"""

import json
import math
import sys
import warnings

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution as C
from optuna.distributions import FloatDistribution as F
from optuna.distributions import IntDistribution as I
from optuna.importance import FanovaImportanceEvaluator, PedAnovaImportanceEvaluator

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def draw(rng, d):
    if isinstance(d, C):
        return d.choices[rng.integers(len(d.choices))]
    if d.log:
        x = math.exp(rng.uniform(math.log(d.low), math.log(d.high)))
        return x if isinstance(d, F) else int(round(min(max(x, d.low), d.high)))
    if isinstance(d, I):
        return int(d.low + d.step * rng.integers((d.high - d.low) // d.step + 1))
    return float(rng.uniform(d.low, d.high))


def spell(name, d, when):
    if isinstance(d, C):
        p = {"name": name, "kind": 2, "choices": list(d.choices)}
    else:
        p = {"name": name, "kind": int(isinstance(d, I)), "low": d.low, "high": d.high, "log": d.log}
        if isinstance(d, I) and d.step > 1:
            p["step"] = d.step
    if when:
        p["when"] = {"param": when[0], "equals": when[1]}
    return p


def case(name, space, objective, n, direction, with_fanova, seed):
    rng = np.random.default_rng(seed)
    study = optuna.create_study(direction=direction)
    trials = []
    for _ in range(n):
        params, dists = {}, {}
        for key, (d, when) in space.items():
            if when is None or params.get(when[0]) == when[1]:
                params[key], dists[key] = draw(rng, d), d
        value = objective(params, rng)
        study.add_trial(optuna.trial.create_trial(params=params, distributions=dists, value=value))
        trials.append({"params": params, "value": value})

    def judged(evaluator):
        return optuna.importance.get_param_importances(study, evaluator=evaluator)

    out = {
        "name": name, "direction": direction,
        "space": [spell(k, d, w) for k, (d, w) in space.items()], "trials": trials,
        "ped_anova": judged(PedAnovaImportanceEvaluator()),
    }
    if with_fanova:
        runs = [judged(FanovaImportanceEvaluator(seed=s)) for s in range(10)]
        out["fanova"] = {k: float(np.mean([r[k] for r in runs])) for k in runs[0]}
    return out


floats = {k: (F(-5, 5), None) for k in "abcd"}
kinds = {
    "rate": (F(1e-5, 1e-1, log=True), None), "width": (I(8, 512, log=True), None),
    "depth": (I(1, 5), None), "units": (I(8, 128, step=8), None),
    "cell": (C(["lstm", "gru", "rnn"]), None), "dropout": (F(0, 0.5), None),
}
branches = {
    "architecture": (C(["cnn", "lstm"]), None),
    "architecture.cnn.filters": (I(8, 64), ("architecture", "cnn")),
    "architecture.cnn.kernel": (C(["3", "5", "7"]), ("architecture", "cnn")),
    "architecture.lstm.hidden": (F(0, 1), ("architecture", "lstm")),
    "dropout": (F(0, 0.5), None),
}


def sphere(p, _):
    return p["a"] ** 2 + 0.5 * p["b"] ** 2 + 2 * p["c"]


def training(p, rng):
    return (math.log10(p["rate"]) + 3) ** 2 + 0.3 * abs(p["depth"] - 3) + 0.5 * (p["cell"] == "rnn") + p["width"] / 500 + rng.normal(0, 0.1)


def branching(p, rng):
    if p["architecture"] == "cnn":
        return 0.8 - abs(p["architecture.cnn.filters"] - 40) / 60 - p["dropout"] / 5
    return 0.6 - p["architecture.lstm.hidden"] ** 2 + rng.normal(0, 0.05)


def mixture(p, rng):
    return p["x"] + 3 * (p["cell"] == "gru") + 0.1 * p["y"] * p["x"]


json.dump([
    case("floats", floats, sphere, 300, "minimize", True, 1),
    case("a tenth of few", floats, sphere, 23, "maximize", False, 2),
    case("every kind", kinds, training, 250, "minimize", False, 3),
    case("branches", branches, branching, 200, "maximize", False, 4),
    case("a choice", {"x": (F(0, 4), None), "cell": (C(["lstm", "gru", "rnn"]), None), "y": (F(0, 1), None)},
         mixture, 300, "minimize", True, 5),
], sys.stdout, indent=None, separators=(",", ":"))
print()
