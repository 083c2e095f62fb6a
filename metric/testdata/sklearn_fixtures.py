"""Writes sklearn_fixtures.json: predictions and what scikit-learn and SciPy say of them.

    pip install scikit-learn scipy && python sklearn_fixtures.py

Last written with scikit-learn 1.9.1 and SciPy 1.17.1. The Go tests need only the JSON.
"""

import json
import pathlib
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as m

warnings.simplefilter("error")
rng = np.random.default_rng(20240607)


def numbers(a):
    return [x.item() for x in np.asarray(a).ravel()]


def equal_width_error(confidence, event, bins=10):
    """Expected calibration error, in its textbook form (Guo et al. 2017, equation 3)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            total += inside.sum() / len(event) * abs(confidence[inside].mean() - event[inside].mean())
    return total


def binary(name, n, share, decimals):
    y = (rng.random(n) < share).astype(int)
    y[:2] = [0, 1]
    p = np.round(np.clip(rng.normal(0.35 + 0.3 * y, 0.25), 0, 1), decimals)
    said = (p >= 0.5).astype(int)
    fpr, tpr, _ = m.roc_curve(y, p, drop_intermediate=False)
    want = {
        "auroc": m.roc_auc_score(y, p),
        "auroc_ovo": m.roc_auc_score(y, p),
        "auprc": m.average_precision_score(y, p),
        "accuracy": m.accuracy_score(y, said),
        "balanced_accuracy": m.balanced_accuracy_score(y, said),
        "sensitivity": m.recall_score(y, said),
        "specificity": m.recall_score(y, said, pos_label=0),
        "precision": m.precision_score(y, said),
        "npv": m.precision_score(y, said, pos_label=0),
        "f1": m.f1_score(y, said),
        "fbeta@beta=2": m.fbeta_score(y, said, beta=2),
        "fbeta@beta=0.5": m.fbeta_score(y, said, beta=0.5),
        "mcc": m.matthews_corrcoef(y, said),
        "kappa": m.cohen_kappa_score(y, said),
        "brier": m.brier_score_loss(y, p),
        "log_loss": m.log_loss(y, p),
        "ece": equal_width_error(p, y),
        "ece@bins=15": equal_width_error(p, y, 15),
    }
    for x in (0.5, 0.8, 0.9, 0.95, 1):
        want[f"sensitivity@specificity={x}"] = tpr[1 - fpr >= x].max()
        want[f"specificity@sensitivity={x}"] = 1 - fpr[tpr >= x].min()
    return {"name": name, "classes": 2, "scores": numbers(p), "labels": numbers(y), "want": floats(want)}


def multiclass(name, n, classes, decimals):
    y = rng.integers(0, classes, n)
    y[:classes] = range(classes)
    logits = rng.normal(0, 1, (n, classes))
    logits[np.arange(n), y] += 1.2
    # Probabilities on a grid, so that there are ties, and yet sums of 1.
    grid = 10**decimals
    p = np.exp(logits)
    whole = np.floor(p / p.sum(1, keepdims=True) * grid)
    whole[:, -1] = grid - whole[:, :-1].sum(1)
    p = whole / grid
    said = p.argmax(1)
    one_hot = np.eye(classes)[y]
    want = {
        "auroc": m.roc_auc_score(y, p, multi_class="ovr", average="macro"),
        "auroc_ovo": m.roc_auc_score(y, p, multi_class="ovo", average="macro"),
        "auprc": m.average_precision_score(one_hot, p, average="macro"),
        "accuracy": m.accuracy_score(y, said),
        "balanced_accuracy": m.balanced_accuracy_score(y, said),
        "f1": m.f1_score(y, said, average="macro"),
        "fbeta@beta=2": m.fbeta_score(y, said, beta=2, average="macro"),
        "mcc": m.matthews_corrcoef(y, said),
        "kappa": m.cohen_kappa_score(y, said),
        "brier": m.brier_score_loss(y, p, scale_by_half=True),
        "log_loss": m.log_loss(y, p),
        "ece": equal_width_error(p.max(1), said == y),
        "ece@bins=7": equal_width_error(p.max(1), said == y, 7),
    }
    return {"name": name, "classes": classes, "scores": numbers(p), "labels": numbers(y), "want": floats(want)}


def regression(name, n, decimals):
    y = np.round(rng.normal(60, 12, n), decimals)
    p = np.round(0.8 * y + 10 + rng.normal(0, 6, n), decimals)
    want = {
        "rmse": m.root_mean_squared_error(y, p),
        "mae": m.mean_absolute_error(y, p),
        "medae": m.median_absolute_error(y, p),
        "r2": m.r2_score(y, p),
        "pearson": stats.pearsonr(p, y).statistic,
        "spearman": stats.spearmanr(p, y).statistic,
    }
    return {"name": name, "classes": 0, "scores": numbers(p), "targets": numbers(y), "want": floats(want)}


def floats(d):
    return {k: float(v) for k, v in d.items()}


def students():
    return [
        {"degrees": nu, "within": c, "t": float(stats.t.ppf((1 + c) / 2, nu))}
        for nu in (1, 2, 3, 4, 5, 9, 10, 24, 29, 100, 999, 5000)
        for c in (0.5, 0.8, 0.95, 0.99, 0.999)
    ]


def wilsons():
    out = []
    for k, n in ((0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (81, 263), (113, 114), (4999, 10000)):
        ci = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        out.append({"k": k, "n": n, "low": float(ci.low), "high": float(ci.high)})
    return out


fixtures = {
    "cases": [
        binary("twelve with many ties", 12, 0.5, 1),
        binary("forty with ties", 40, 0.4, 2),
        binary("rare positives", 150, 0.06, 3),
        binary("no ties", 90, 0.5, 15),
        multiclass("three classes with ties", 60, 3, 1),
        multiclass("five classes", 80, 5, 6),
        regression("eleven with ties", 11, 0),
        regression("fifty", 50, 6),
    ],
    "student": students(),
    "wilson": wilsons(),
}
here = pathlib.Path(__file__).parent
(here / "sklearn_fixtures.json").write_text(json.dumps(fixtures, indent=None, separators=(",", ":")) + "\n")
