"""How often intervals that were tried hold the truth, and those that were taken.

    pip install numpy scipy && python coverage_study.py 4000

Prints a table for each simulated world; TestBootstrapIntervalsCoverTheTruth counts the same of
the intervals as they are built. Nothing is written.
"""

import sys

import numpy as np
from scipy import special, stats

studies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
draws = 999
rng = np.random.default_rng(5)


def heavy(n):
    return 0.3 * rng.normal(size=n) + 0.2 * (rng.normal(size=n) ** 2 - 1)


# size, errors, their mean square (the targets' variance is 1)
worlds = {
    "200 normal errors": (200, lambda n: 0.4 * rng.normal(size=n), 0.16),
    "30 normal errors": (30, lambda n: 0.4 * rng.normal(size=n), 0.16),
    "150 errors, a heavy tail": (150, heavy, 0.17),
    "40 errors, a heavy tail": (40, heavy, 0.17),
    "150 Laplace errors": (150, lambda n: rng.laplace(size=n) * np.sqrt(0.17 / 2), 0.17),
    "150 log-normal errors": (150, lambda n: 0.4 * (np.exp(0.75 * rng.normal(size=n)) - np.exp(0.75**2 / 2)),
                              0.16 * (np.exp(2 * 0.75**2) - np.exp(0.75**2))),
}


def degrees(influence):
    n = len(influence)
    return max(2, int(2 / (2 / (n - 1) + stats.kurtosis(influence) / n)))


def intervals(at, se, influence, drawn, drawn_se):
    """By name, of the logarithm `at` of a positive value."""
    n = len(influence)
    value, values, error, errors = np.exp(at), np.exp(drawn), np.exp(at) * se, np.exp(drawn) * drawn_se
    out = {}
    wide = np.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1)
    speed = np.sum(influence**3) / (6 * np.sum(influence**2) ** 1.5)
    bias = stats.norm.ppf(np.mean(drawn < at))
    level = lambda z: special.ndtr(bias + (bias + z) / (1 - speed * (bias + z)))
    out["BCa, Student's levels"] = np.quantile(values, [level(-wide), level(wide)])
    wider = np.sqrt(n / (n - 1)) * stats.t.ppf(0.975, degrees(influence))
    out["BCa, levels by kurtosis"] = np.quantile(values, [level(-wider), level(wider)])
    out["log ± t"] = np.exp(at + np.array([-1, 1]) * wide * se)
    t = (values - value) / errors
    out["studentized, as it is"] = value - np.quantile(t, [0.975, 0.025]) * error
    t = (drawn - at) / drawn_se
    for name, half in (("studentized, log", 1.959964), ("studentized, log, Student's levels", stats.t.ppf(0.975, n - 1)),
                       ("studentized, log, levels by kurtosis (taken)", stats.t.ppf(0.975, degrees(influence)))):
        tail = stats.norm.cdf(-half)
        out[name] = np.exp(at - np.quantile(t, [1 - tail, tail]) * se)
    return out


def ratio(loss, y, w):
    """The logarithm of a mean loss, or with targets of its share of their variance, and its
    error, of rows that count w times: [draws, n]."""
    n = w.sum(1, keepdims=True)
    m = w @ loss[:, None] / n
    by = np.ones_like(w) if y is None else (y - w @ y[:, None] / n) ** 2
    v = (w * by).sum(1, keepdims=True) / n
    influence = loss / m - by / v
    return np.log(m / v)[:, 0], np.sqrt((w * influence**2).sum(1) / n[:, 0] ** 2), influence[0]


def count(name, truth, found, held):
    for method, (low, high) in found.items():
        h = held.setdefault((name, method), [0, 0, []])
        h[0] += truth < low
        h[1] += truth > high
        h[2].append(high - low)


def report(title, held):
    print(title)
    for (name, method), (below, above, width) in held.items():
        print(f"  {name:6}{method:46} {1 - (below + above) / studies:.4f}; the truth is below in {below / studies:.4f}, "
              f"above in {above / studies:.4f}; median width {np.median(width):.3f}")


for title, (n, errors, square) in worlds.items():
    held = {}
    for _ in range(studies):
        y, e = rng.normal(size=n), errors(n)
        w = rng.multinomial(n, np.ones(n) / n, size=draws).astype(float)
        for name, targets in (("mse", None), ("r2", y)):  # of rmse as of mse
            at, se, influence = ratio(e**2, targets, np.ones((1, n)))
            drawn, drawn_se, _ = ratio(e**2, targets, w)
            count(name, square, intervals(at[0], se[0], influence, drawn, drawn_se), held)
    report(title, held)


def clustered(patients):
    """Both classes in a patient, whose own level moves the scores."""
    sizes = 1 + np.arange(patients) % 6
    of = np.repeat(np.arange(patients), sizes)
    own, risk = rng.normal(size=patients)[of], rng.random(patients)[of]
    y = rng.random(len(of)) < risk
    return of, y, 1.2 * y + 0.8 * (risk - 0.5) + 0.8 * own + 0.6 * rng.normal(size=len(of))


def area_and_error(of, y, x):
    """Obuchowski 1997."""
    negatives, positives = np.sort(x[~y]), np.sort(x[y])
    adds = np.empty(len(x))
    adds[y] = np.searchsorted(negatives, x[y]) / len(negatives)
    adds[~y] = 1 - np.searchsorted(positives, x[~y]) / len(positives)
    area = adds[y].mean()
    p, q = (np.bincount(of[k], adds[k] - area, of.max() + 1) / k.sum() for k in (y, ~y))
    a, b, c = len(np.unique(of[y])), len(np.unique(of[~y])), of.max() + 1
    return area, np.sqrt(a / (a - 1) * (p @ p) + b / (b - 1) * (q @ q) + 2 * c / (c - 1) * (p @ q)), min(a, b)


truth, held = area_and_error(*clustered(600_000))[0], {}
for _ in range(studies):
    area, se, fewest = area_and_error(*clustered(60))
    sides, logit = np.array([-1, 1]), special.logit(area)
    slope = area * (1 - area)
    count("auroc", truth, {
        "Obuchowski, ± z": area + sides * 1.959964 * se,
        "Obuchowski, logit ± z": special.expit(logit + sides * 1.959964 * se / slope),
        "Obuchowski, logit ± t (taken)": special.expit(logit + sides * stats.t.ppf(0.975, fewest - 1) * se / slope),
    }, held)
report("60 patients, one to six rows of both classes each", held)
