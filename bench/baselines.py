#!/usr/bin/env python3
"""What scikit-learn's usual models reach on the folds that medml uses.

usage: medml validate --splits experiments/diagnosis.yaml | bench/baselines.py dataset/builtin/wdbc.csv

Prints the mean and standard deviation of the validation AUROC over the folds, for a
logistic regression and an RBF support-vector machine on standardised features, both with
scikit-learn's defaults. The test part is not touched.
"""
import csv
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

with open(sys.argv[1], newline="") as f:
    rows = list(csv.reader(f))[1:]
x = np.array([[float(v) for v in r[:-1]] for r in rows])
y = np.array([r[-1] == "malignant" for r in rows])
folds = json.load(sys.stdin)["folds"]

for name, model in [("logistic regression", LogisticRegression(max_iter=10000)), ("RBF SVM", SVC())]:
    values = []
    for fold in folds:
        pipe = make_pipeline(StandardScaler(), model).fit(x[fold["train"]], y[fold["train"]])
        values.append(roc_auc_score(y[fold["valid"]], pipe.decision_function(x[fold["valid"]])))
    print(f"{name}: auroc {np.mean(values):.4f} ± {np.std(values, ddof=1):.4f} over {len(values)} folds")
