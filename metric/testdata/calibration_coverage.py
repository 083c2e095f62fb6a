"""How often intervals of the expected calibration error hold the truth: BCa's without
acceleration, of patients resampled within their classes, and the inverted bootstrap, of
patients resampled within their classes and of all.

    python calibration_coverage.py STUDIES        (numpy and scipy; 1000 take ten minutes)
"""
import sys

import numpy as np
from scipy.stats import norm

BINS, DRAWS = 10, 400
rng = np.random.default_rng(5)

# What is said of log odds.
WORLDS = {
    "right": lambda z: z,
    "0.15 too high": lambda z: z + 0.15,
    "0.7 too high": lambda z: z + 0.7,
    "1.3 times": lambda z: 1.3 * z,
    "twice": lambda z: 2 * z,
    "high risks 1.5 too high": lambda z: np.where(z > 1.2, z + 1.5, z),
}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def study(said, n):
    z = 1.5 * rng.normal(size=n) - 0.4
    return sigmoid(said(z)), (rng.random(n) < sigmoid(z)).astype(float), sigmoid(z)


def bins(p):
    return np.minimum((p * BINS).astype(int), BINS - 1)


def truth(said):
    p, _, risk = study(said, 4_000_000)
    return np.abs(np.bincount(bins(p), p - risk, BINS)).sum() / len(p)


def resampled(p, y, stratified):
    n = len(p)
    each = np.zeros((n, BINS))
    each[np.arange(n), bins(p)] = p - y
    weights = np.zeros((DRAWS, n))
    for of in [y == 0, y == 1] if stratified else [y >= 0]:
        if (k := of.sum()) > 0:
            weights[:, of] = rng.multinomial(k, np.full(k, 1 / k), size=DRAWS)
    seen = each.mean(0)
    return seen, weights @ each / n - seen


def bca(seen, noise):
    total, draws = np.abs(seen).sum(), np.sort(np.abs(seen + noise).sum(1))
    bias = norm.ppf(np.clip((draws < total).mean(), 1 / DRAWS, 1 - 1 / DRAWS))
    at = lambda share: draws[int(np.clip(norm.cdf(2 * bias + norm.ppf(share)) * DRAWS, 0, DRAWS - 1))]
    return at(0.025), at(0.975)


def inverted(seen, noise):
    total, error = np.abs(seen).sum(), noise.std(0)
    shrunk = lambda c: np.sign(seen) * np.maximum(0, np.abs(seen) - c * error)

    def largest(holds):
        low, high = -20.0, 20.0
        if holds(high):
            return np.abs(shrunk(high)).sum()
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return np.abs(shrunk(low)).sum()

    low = largest(lambda c: (np.abs(shrunk(c) + noise).sum(1) >= total).mean() > 0.025)
    high = largest(lambda c: (np.abs(shrunk(c) + noise).sum(1) <= total).mean() <= 0.025)
    return low, max(high, total)


print("| patients | said | truth | BCa | inverted, within classes | inverted |\n| --- | --- | --- | --- | --- | --- |")
for n in (100, 300, 2000):
    for name, said in WORLDS.items():
        true, held = truth(said), np.zeros(3)
        if name == "right":
            true = 0.0
        for _ in range(int(sys.argv[1])):
            p, y, _ = study(said, n)
            strata, free = resampled(p, y, True), resampled(p, y, False)
            for i, (low, high) in enumerate((bca(*strata), inverted(*strata), inverted(*free))):
                held[i] += low <= true <= high
        shares = " | ".join(f"{100 * h / int(sys.argv[1]):.1f}" for h in held)
        print(f"| {n} | {name} | {true:.4f} | {shares} |", flush=True)
