"""Writes wilcoxon.json: p values of SciPy's one-sided signed-rank test, exact.

    python wilcoxon.py > wilcoxon.json        # SciPy 1.17.1, NumPy 2.4.6
"""

import json
import sys

import numpy as np
import scipy
from scipy.stats import PermutationMethod, wilcoxon

rng = np.random.default_rng(7)
cases = []
for n in (2, 3, 4, 5, 6, 8, 10, 12):
    for rounded in (False, True):
        for shift in (0.0, 0.7):
            d = rng.normal(shift, 1, n)
            if rounded:  # ties and zeros
                d = np.round(d)
            if not np.any(d):
                continue
            # All signs are counted where there are at most so many.
            p = wilcoxon(d, zero_method="wilcox", alternative="greater",
                         method=PermutationMethod(n_resamples=2**13)).pvalue
            cases.append({"differences": d.tolist(), "p": float(p)})
json.dump({"scipy": scipy.__version__, "cases": cases}, sys.stdout, indent=1)
print()
