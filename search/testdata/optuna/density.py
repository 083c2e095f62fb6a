"""Writes density.json: the logarithms of Optuna's joint Parzen densities at points.

    pip install optuna==5.0.0 && python density.py > density.json
"""

import json
import sys

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

SPACE = {
    "line": FloatDistribution(-1, 3),
    "rate": FloatDistribution(1e-4, 1e-1, log=True),
    "int": IntDistribution(3, 14),
    "stepped": IntDistribution(8, 64, step=8),
    "many": IntDistribution(1, 1000, log=True),
    "quarters": FloatDistribution(0, 2, step=0.25),
    "word": CategoricalDistribution(["a", "b", "c"]),
}


def draw(rng, n):
    """n points. Values are told apart as far as there are so many: which of two equal ones
    has the wider kernel depends on how argsort breaks ties."""

    def whole(low, high):
        values = np.arange(low, high + 1, dtype=float)
        return rng.permutation(values)[:n] if n <= len(values) else rng.choice(values, n)

    return {
        "line": rng.uniform(-1, 3, n),
        "rate": np.exp(rng.uniform(np.log(1e-4), np.log(1e-1), n)),
        "int": whole(3, 14),
        "stepped": whole(1, 8) * 8,
        "many": whole(1, 1000),
        "quarters": whole(0, 8) * 0.25,
        "word": rng.choice([0.0, 1.0, 2.0], n),
    }


def main():
    rng = np.random.default_rng(1)
    parameters = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    cases = []
    unequal = ["line", "rate", "many", "word"]
    for names in [[name] for name in SPACE] + [["line", "rate"], unequal, list(SPACE)]:
        for n in [0, 1, 2, 8] + ([40, 300] if set(names) <= set(unequal) else []):
            seen, at = draw(rng, n), draw(rng, 8)
            density = _ParzenEstimator({k: seen[k] for k in names}, {k: SPACE[k] for k in names}, parameters)
            logs = density.log_pdf({k: at[k] for k in names})
            cases.append({
                "names": names,
                "seen": {k: seen[k].tolist() for k in names},
                "at": {k: at[k].tolist() for k in names},
                "log": logs.tolist(),
            })
    json.dump({"optuna": optuna.__version__, "cases": cases}, sys.stdout)
    print()


main()
