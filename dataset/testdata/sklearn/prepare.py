"""What scikit-learn's KNNImputer and QuantileTransformer make of a small table.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python3 prepare.py > prepare.json

KNNImputer is given standardised features, and its result is scaled back. The first `train`
rows are learnt from; all rows are transformed.
"""
import json

import numpy as np
from sklearn.impute import KNNImputer
from sklearn.preprocessing import QuantileTransformer, StandardScaler

rng = np.random.default_rng(7)
rows, columns, train = 60, 5, 45
x = rng.normal(size=(rows, columns)) * [1, 10, 0.1, 3, 1] + [0, 100, 5, -3, 0]
x[:, 4] += 0.8 * x[:, 0]
x = np.round(x, 6)
gaps = x.copy()
gaps[rng.random(x.shape) < 0.2] = np.nan
gaps[0] = x[0]
gaps[50] = np.nan                                # a row without any value
x[:, 3] = np.round(x[:, 3])                      # ties, for the quantiles alone: of equally near
                                                 # neighbours scikit-learn takes any
scaler = StandardScaler().fit(gaps[:train])
out = {"train": train, "x": [[None if np.isnan(v) else v for v in row] for row in gaps.tolist()], "full": x.tolist()}
for k in (1, 3, 5):
    imputer = KNNImputer(n_neighbors=k).fit(scaler.transform(gaps[:train]))
    out[f"knn{k}"] = scaler.inverse_transform(imputer.transform(scaler.transform(gaps))).tolist()
for name in ("uniform", "normal"):
    q = QuantileTransformer(n_quantiles=1000, output_distribution=name, subsample=None)
    q.set_params(n_quantiles=min(1000, train)).fit(x[:train])
    # Its own levels miss the values that they stand for by a rounding, which parts ties.
    assert np.allclose(q.quantiles_, np.sort(x[:train], axis=0), rtol=1e-12)
    q.quantiles_ = np.sort(x[:train], axis=0)
    out[name] = q.transform(x).tolist()
big = np.round(rng.gamma(2.0, size=(2500, 1)), 3)
out["big"] = big[:, 0].tolist()
out["big_at"] = np.round(np.linspace(-1, 12, 120), 4).tolist()
q = QuantileTransformer(n_quantiles=1000, subsample=None).fit(big)
out["big_uniform"] = q.transform(np.array(out["big_at"])[:, None])[:, 0].tolist()
print(json.dumps(out))
