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
    return binary_case(name, y, p)


def binary_case(name, y, p):
    said = (p >= 0.5).astype(int)
    fpr, tpr, _ = m.roc_curve(y, p, drop_intermediate=False)
    if said.min() == said.max():
        warnings.simplefilter("ignore")  # scikit-learn warns of what medml calls undefined
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
    want |= shared(y, p, said, np.stack([1 - p, p], 1))
    ppv, se, _ = m.precision_recall_curve(y, p)
    want["min_se_ppv"] = np.minimum(ppv, se).max()
    for x in (0.5, 0.8, 0.9, 0.95, 1):
        want[f"sensitivity@specificity={x}"] = tpr[1 - fpr >= x].max()
        want[f"specificity@sensitivity={x}"] = 1 - fpr[tpr >= x].min()
    for name_, whom in (("precision", 1), ("npv", 0), ("precision_macro", None), ("precision@class=1", 1), ("npv@class=1", 0)):
        if not (said == whom).any() and (whom is not None or said.min() == said.max()):
            want.pop(name_, None)
    warnings.simplefilter("error")
    return {"name": name, "classes": 2, "scores": numbers(p), "labels": numbers(y), "want": floats(want)}


def shared(y, p, said, columns):
    """What two classes and more have in common. Columns are [n, classes] probabilities."""
    classes = columns.shape[1]
    precisions = m.precision_score(y, said, average=None, labels=range(classes), zero_division=np.nan)
    want = {
        "auroc_weighted": m.roc_auc_score(y, p, multi_class="ovr", average="weighted"),
        "f1_macro": m.f1_score(y, said, average="macro"),
        "f1_weighted": m.f1_score(y, said, average="weighted"),
        "sensitivity_macro": m.recall_score(y, said, average="macro"),
        "specificity_macro": np.mean([m.recall_score(y != c, said != c) for c in range(classes)]),
    }
    if not np.isnan(precisions).any():
        want["precision_macro"] = precisions.mean()
    for c in range(classes):
        want |= {
            f"sensitivity@class={c}": m.recall_score(y == c, said == c),
            f"specificity@class={c}": m.recall_score(y != c, said != c),
            f"precision@class={c}": m.precision_score(y == c, said == c, zero_division=np.nan),
            f"npv@class={c}": m.precision_score(y != c, said != c, zero_division=np.nan),
            f"f1@class={c}": m.f1_score(y == c, said == c),
            f"auroc@class={c}": m.roc_auc_score(y == c, columns[:, c]),
            f"auprc@class={c}": m.average_precision_score(y == c, columns[:, c]),
        }
    return {k: v for k, v in want.items() if not np.isnan(v)}


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
    want = shared(y, p, said, p) | {
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
    return regression_case(name, y, p)


def regression_case(name, y, p):
    both = np.abs(y) + np.abs(p)
    want = {
        "mse": m.mean_squared_error(y, p),
        "smape": np.mean(np.divide(2 * np.abs(y - p), both, out=np.zeros_like(both), where=both > 0)),
        "rmse": m.root_mean_squared_error(y, p),
        "mae": m.mean_absolute_error(y, p),
        "medae": m.median_absolute_error(y, p),
    }
    if (y != 0).all():
        want["mape"] = m.mean_absolute_percentage_error(y, p)
    if np.ptp(y) > 0:
        want["r2"] = m.r2_score(y, p)
    if np.ptp(y) > 0 and np.ptp(p) > 0:
        want |= {"pearson": stats.pearsonr(p, y).statistic, "spearman": stats.spearmanr(p, y).statistic}
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
        binary_case("one of each class", np.array([0, 1]), np.array([0.3, 0.6])),
        binary_case("one of each class, the wrong way round", np.array([1, 0]), np.array([0.3, 0.6])),
        binary_case("constant scores", np.array([0, 1, 0, 0, 1]), np.full(5, 0.25)),
        binary_case("scores of 0 and 1 alone", np.array([0, 1, 0, 1, 1, 0]), np.array([0.0, 1, 1, 0, 1, 0])),
        multiclass("one of each of three classes", 3, 3, 1),
        multiclass("four classes, many examples", 300, 4, 2),
        regression_case("two", np.array([1.5, -2.0]), np.array([1.0, -1.0])),
        regression_case("a single one", np.array([3.0]), np.array([2.5])),
        regression_case("constant predictions", np.array([1.0, 2, 3, 5]), np.full(4, 2.0)),
        regression_case("a constant target", np.full(4, 2.0), np.array([1.0, 2, 3, 5])),
        regression_case("zeros among them", np.array([0.0, 0, 1, -1]), np.array([0.0, 1, 0, -1])),
    ],
    "student": students(),
    "wilson": wilsons(),
}
here = pathlib.Path(__file__).parent
(here / "sklearn_fixtures.json").write_text(json.dumps(fixtures, indent=None, separators=(",", ":")) + "\n")
