"""Writes report_fixtures.json: what statsmodels, SciPy, scikit-learn and scikit-image say of
intervals, comparisons, calibrations and forecasts.

    pip install scikit-learn scipy statsmodels scikit-image && python report_fixtures.py

Last written with scikit-learn 1.9.1, SciPy 1.17.1, statsmodels 0.15.0, scikit-image 0.26.0.
The Go tests need only the JSON.
"""

import json
import pathlib
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from skimage.metrics import structural_similarity
from sklearn import metrics as m
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261123)


def numbers(a):
    return [x.item() for x in np.asarray(a).ravel()]


def bcas():
    """SciPy's BCa interval of one sample's mean and of the difference of two samples' means,
    given the very resamples that SciPy drew."""
    out = []
    for name, samples, f in (
        ("mean of a skewed sample", [rng.exponential(1, 40)], lambda x, axis: x.mean(axis=axis)),
        ("standard deviation", [rng.normal(0, 1, 25)], lambda x, axis: x.std(axis=axis)),
        ("difference of means", [rng.exponential(1, 30), rng.normal(1, 2, 20)], lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis)),
    ):
        got = stats.bootstrap(samples, f, n_resamples=399, method="BCa", rng=rng, vectorized=True)
        out.append({
            "name": name, "samples": [numbers(s) for s in samples], "draws": numbers(got.bootstrap_distribution),
            "low": got.confidence_interval.low.item(), "high": got.confidence_interval.high.item(),
        })
    return out


def midrank_delong(y, scores):
    """Areas and their covariance by midranks: Sun & Xu 2014, algorithm 2, on SciPy's rankdata."""
    x, z = scores[:, y == 1], scores[:, y == 0]
    k, pos, neg = len(scores), x.shape[1], z.shape[1]
    v10, v01, area = np.empty((k, pos)), np.empty((k, neg)), np.empty(k)
    for r in range(k):
        every = stats.rankdata(np.concatenate([x[r], z[r]]))
        v10[r] = (every[:pos] - stats.rankdata(x[r])) / neg
        v01[r] = 1 - (every[pos:] - stats.rankdata(z[r])) / pos
        area[r] = v10[r].mean()
    return area, np.cov(v10) / pos + np.cov(v01) / neg


def delongs():
    out = []
    for name, n, decimals in (("random", 80, 6), ("tied", 60, 1), ("tiny", 6, 1)):
        y = np.arange(n) % 2
        a = np.round(special.expit(rng.normal(y, 1.2)), decimals)
        b = np.round(special.expit(0.5 * special.logit(np.clip(a, 0.01, 0.99)) + rng.normal(0.4 * y, 1)), decimals)
        area, cov = midrank_delong(y, np.stack([a, b]))
        d, var = area[0] - area[1], cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]
        half = stats.norm.ppf(0.975) * np.sqrt(var)
        out.append({
            "name": name, "labels": numbers(y), "first": numbers(a), "second": numbers(b), "areas": numbers(area),
            "variance": cov[0, 0].item(), "low": max(-1, d - half).item(), "high": min(1, d + half).item(),
            "p": (2 * stats.norm.sf(abs(d) / np.sqrt(var))).item(),
        })
    return out


def mcnemars():
    out = []
    for b, c in ((0, 0), (0, 1), (3, 3), (1, 8), (12, 12), (5, 19), (24, 0), (13, 12), (0, 25), (30, 12), (86, 150), (4000, 4200)):
        exact = b + c < 25
        p = mcnemar([[10, b], [c, 10]], exact=exact, correction=True).pvalue
        out.append({"b": b, "c": c, "p": float(p), "method": "mcnemar exact" if exact else "mcnemar chi-squared"})
    return out


def calibrations():
    out = []
    for name, n, decimals, slope in (("overconfident", 120, 6, 0.5), ("tied", 80, 1, 1), ("contrary", 50, 3, -0.7), ("few", 6, 2, 1)):
        f = rng.normal(0, 2, n)
        p = np.clip(np.round(special.expit(f), decimals), 0.01, 0.99)
        y = (rng.random(n) < special.expit(slope * special.logit(p) + 0.3)).astype(int)
        y[:2] = [0, 1]
        x = special.logit(p)
        grid = np.linspace(0, 1, 21)
        platt = _SigmoidCalibration().fit(x, y)
        # scikit-learn stops at a loose tolerance: the optimum itself, from where it stopped.
        prior = (y == 1).sum()
        target = np.where(y == 1, (prior + 1) / (prior + 2), 1 / (n - prior + 2))
        loss = lambda ab: np.sum(np.logaddexp(0, ab[0] + ab[1] * x) - target * (ab[0] + ab[1] * x))
        slope_at = lambda ab: [np.sum(special.expit(ab[0] + ab[1] * x) - target), np.sum((special.expit(ab[0] + ab[1] * x) - target) * x)]
        exact = optimize.root(slope_at, [-platt.b_, -platt.a_], tol=1e-14).x
        assert abs(loss(exact) - loss([-platt.b_, -platt.a_])) < 1e-5
        nll = lambda logt: np.mean(np.logaddexp(0, x / np.exp(logt)) - y * x / np.exp(logt))
        temperature = np.exp(optimize.minimize_scalar(nll, bounds=(np.log(0.01), np.log(100)), method="bounded", options={"xatol": 1e-12}).x)
        iso = IsotonicRegression(out_of_bounds="clip").fit(p, y)
        line = sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-14, maxiter=100)
        large = sm.GLM(y, np.ones(n), family=sm.families.Binomial(), offset=x).fit(tol=1e-14)
        true, said = calibration_curve(y, p, n_bins=5, strategy="quantile")
        out.append({
            "name": name, "scores": numbers(p), "labels": numbers(y),
            "platt": numbers(exact), "platt_loose": [-platt.b_, -platt.a_],
            "temperature": float(temperature), "nll": float(nll(np.log(temperature))),
            "grid": numbers(grid), "isotonic": numbers(iso.predict(grid)),
            "line": numbers(line.params), "line_ci": numbers(line.conf_int()),
            "large": float(large.params[0]), "large_ci": numbers(large.conf_int()),
            "curve_observed": numbers(true), "curve_said": numbers(said),
        })
    return out


def thresholds():
    out = []
    for name, n, decimals in (("random", 60, 6), ("tied", 40, 1), ("tiny", 4, 1)):
        y = np.arange(n) % 2
        p = np.round(special.expit(rng.normal(y, 1.5)), decimals)
        fpr, tpr, at = m.roc_curve(y, p, drop_intermediate=False)
        pos, neg = y.sum(), n - y.sum()
        # Counts, so that equal is equal.
        tp, fp = np.rint(tpr * pos), np.rint(fpr * neg)
        best = {"youden": at[np.argmax(tp * neg - fp * pos)], "sensitivity": at[np.argmax(tp / pos >= 0.8)],
                "specificity": at[np.nonzero((neg - fp) / neg >= 0.8)[0][-1]], "cost": at[np.argmin(5 * (pos - tp) + 2 * fp)]}
        kept_fpr, kept_tpr, _ = m.roc_curve(y, p, drop_intermediate=True)
        ppv, se, _ = m.precision_recall_curve(y, p)
        out.append({"name": name, "scores": numbers(p), "labels": numbers(y), "best": {k: float(v) if np.isfinite(v) else None for k, v in best.items()},
                    "fpr": numbers(kept_fpr), "tpr": numbers(kept_tpr), "area_pr_trapezoid": float(m.auc(se, ppv))})
    return out


def forecasts():
    n, horizon = 7, 3
    taus = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    series = np.round(np.cumsum(rng.normal(0, 1, (n, 12)), axis=1), 3)
    y = np.round(series[:, -1:] + np.cumsum(rng.normal(0, 1, (n, horizon)), axis=1), 3)
    mu = np.round(series[:, -1:] + rng.normal(0, 0.5, (n, horizon)), 3)
    sd = np.round(rng.uniform(0.3, 2, (n, horizon)), 3)
    q = np.round(stats.norm.ppf(taus, mu[..., None], sd[..., None]), 3)
    scale = np.abs(np.diff(series, axis=1)).mean(1)
    seasonal = np.abs(series[:, 4:] - series[:, :-4]).mean(1)
    pin = np.mean([m.mean_pinball_loss(y.ravel(), q[..., j].ravel(), alpha=t) for j, t in enumerate(taus)])

    def crps(mu, sd, y):  # by quadrature of its definition, not the closed form
        from scipy.integrate import quad
        left = quad(lambda t: stats.norm.cdf(t, mu, sd) ** 2, -np.inf, y, epsabs=1e-12)[0]
        return left + quad(lambda t: stats.norm.sf(t, mu, sd) ** 2, y, np.inf, epsabs=1e-12)[0]

    return {
        "horizon": horizon, "series": [numbers(s) for s in series], "targets": numbers(y), "mean": numbers(mu), "spread": numbers(sd),
        "quantiles": numbers(taus), "predicted": numbers(q), "scale": numbers(scale), "seasonal": numbers(seasonal),
        "mase": float(np.mean(np.abs(y - mu) / scale[:, None])), "pinball": float(pin), "crps_quantiles": float(2 * pin),
        "crps_normal": float(np.mean([crps(*t) for t in zip(mu.ravel(), sd.ravel(), y.ravel())])),
        "interval_coverage": float(np.mean((q[..., 0] <= y) & (y <= q[..., -1]))),
        "mae_by_horizon": numbers(np.abs(y - mu).mean(0)),
        "rmse_by_horizon": numbers(np.sqrt(((y - mu) ** 2).mean(0))),
    }


def similarities():
    out = []
    for name, h, w, noise in (("noisy", 17, 14, 0.1), ("smallest", 11, 11, 0.3), ("unlike", 12, 20, 2), ("alike", 11, 13, 0)):
        a = np.round(rng.random((h, w)), 3)
        b = np.round(a + noise * rng.normal(0, 1, (h, w)), 3)
        got = structural_similarity(a, b, data_range=1.0, gaussian_weights=True, use_sample_covariance=False, sigma=1.5)
        out.append({"name": name, "height": h, "width": w, "first": numbers(a), "second": numbers(b), "range": 1.0, "want": float(got)})
    flat = np.full((11, 11), 0.5)
    out.append({"name": "two constants", "height": 11, "width": 11, "first": numbers(flat), "second": numbers(flat + 0.25), "range": 2.0,
                "want": float(structural_similarity(flat, flat + 0.25, data_range=2.0, gaussian_weights=True, use_sample_covariance=False, sigma=1.5))})
    return out


def many_classes():
    """Each class against the rest, and rows that sum to 1 again; one temperature for all."""
    n, k = 90, 3
    y = np.arange(n) % k
    z = rng.normal(0, 1.5, (n, k))
    z[np.arange(n), y] += 1
    p = np.round(special.softmax(z, axis=1), 3)
    p[:, -1] = np.round(1 - p[:, :-1].sum(1), 3)
    p = np.clip(p, 0.001, 0.998)
    lines, steps = np.empty((n, k)), np.empty((n, k))
    for c in range(k):
        x, target = special.logit(p[:, c]), np.where(y == c, (n // k + 1) / (n // k + 2), 1 / (n - n // k + 2))
        slope_at = lambda ab: [np.sum(special.expit(ab[0] + ab[1] * x) - target), np.sum((special.expit(ab[0] + ab[1] * x) - target) * x)]
        a, b = optimize.root(slope_at, [0.0, 1.0], tol=1e-14).x
        lines[:, c] = special.expit(a + b * x)
        steps[:, c] = IsotonicRegression(out_of_bounds="clip").fit(p[:, c], y == c).predict(p[:, c])
    logs = np.log(p)
    slope = lambda b: np.sum((special.softmax(b * logs, axis=1) * logs).sum(1) - logs[np.arange(n), y])
    cold = optimize.brentq(slope, 0.01, 100, xtol=1e-14, rtol=1e-14)
    return {
        "scores": numbers(p), "labels": numbers(y), "platt": numbers(lines / lines.sum(1, keepdims=True)),
        "isotonic": numbers(steps / steps.sum(1, keepdims=True)), "temperature": numbers(special.softmax(cold * logs, axis=1)),
    }


def balanced():
    """The mean of two shares is a half more than half the difference of the one and the other's
    rest, of which statsmodels has Newcombe's interval."""
    out = []
    for tp, p, tn, n in ((9, 12, 15, 18), (12, 12, 18, 18), (0, 5, 3, 4), (1, 2, 0, 3), (70, 80, 100, 120), (6, 6, 11, 40)):
        low, high = confint_proportions_2indep(tp, p, n - tn, n, method="newcomb", compare="diff")
        out.append({"right": [tn, tp], "of": [n, p], "low": float(0.5 + low / 2), "high": float(0.5 + high / 2)})
    return out


def studentized():
    """The bootstrap-t of the logarithm of a mean loss, or of the squared errors' share of the
    spread, over patients; each resample is written out row by row."""
    out = []
    of = np.sort(rng.integers(0, 24, 40))
    of = np.unique(of, return_inverse=True)[1]
    patients = of.max() + 1
    y = np.round(rng.normal(10, 1, 40), 3)
    said = np.round(y + rng.standard_t(4, 40) * 0.4, 3)
    times = rng.multinomial(patients, np.ones(patients) / patients, size=299)

    def measure(name, who):
        """The logarithm, its influence of each drawn patient, and its standard error."""
        rows = [np.flatnonzero(of == p) for p in who]
        every = np.concatenate(rows)
        loss = np.abs(y - said) if name == "mae" else (y - said) ** 2
        by = (y - y[every].mean()) ** 2 if name == "r2" else np.ones(len(y))
        top, bottom = np.array([loss[r].sum() for r in rows]), np.array([by[r].sum() for r in rows])
        influence = top / top.mean() - bottom / bottom.mean()
        return np.log(top.sum() / bottom.sum()), influence, np.sqrt(np.mean(influence**2) / len(who))

    for name, back in (("mse", np.exp), ("rmse", lambda x: np.exp(x / 2)), ("mae", np.exp), ("r2", lambda x: 1 - np.exp(x))):
        at, influence, se = measure(name, np.arange(patients))
        t = []
        for draw in times:
            b, _, b_se = measure(name, np.repeat(np.arange(patients), draw))
            t.append((b - at) / b_se)
        excess = stats.kurtosis(influence)
        degrees = max(2, int(2 / (2 / (patients - 1) + excess / patients)))
        tail = stats.norm.cdf(-stats.t.ppf(0.975, degrees))
        ends = sorted(back(at - np.quantile(t, [1 - tail, tail]) * se))
        out.append({"metric": name, "degrees": degrees, "low": float(ends[0]), "high": float(ends[1])})
    return {"patients": numbers(of), "targets": numbers(y), "scores": numbers(said), "times": [numbers(d) for d in times], "want": out}


def clustered():
    """Areas and their covariance where patients have several rows: Obuchowski 1997 (Biometrics
    53:567), written out as printed: kernel psi over all pairs, components V10 and V01 summed
    over each patient, S10, S01 and S11 over patients."""

    def s(of_r, of_s, m_r, m_s, theta_r, theta_s):
        return np.sum((of_r - m_r * theta_r) * (of_s - m_s * theta_s))

    out = []
    for name, patients, each, mixed, decimals in (
        ("several of both classes", 30, 6, True, 6), ("one class a patient", 24, 4, False, 6), ("tied", 15, 8, True, 1),
        ("one row a patient", 40, 1, True, 6), ("three patients", 3, 3, True, 2), ("uneven", 20, 12, True, 3),
    ):
        sizes = rng.integers(1, each + 1, patients) if each > 1 else np.ones(patients, int)
        of = rng.permutation(np.repeat(np.arange(patients), sizes)) + 100
        y = rng.integers(0, 2, len(of)) if mixed else (of % 2)
        if name == "three patients":
            of, y = np.array([7, 7, 7, 2, 2, 5, 5, 5]), np.array([1, 0, 1, 0, 1, 0, 1, 0])
        own = rng.normal(0, 1, of.max() + 1)[of]
        scores = [np.round(special.expit(own + y * up + rng.normal(0, 1, len(of))), decimals) for up in (1.5, 0.8)]
        ids = np.unique(of)
        M, N, I = (y == 1).sum(), (y == 0).sum(), len(ids)
        I10, I01 = sum((y[of == i] == 1).any() for i in ids), sum((y[of == i] == 0).any() for i in ids)
        m, n = np.array([(y[of == i] == 1).sum() for i in ids]), np.array([(y[of == i] == 0).sum() for i in ids])
        theta, v10, v01 = [], [], []
        for x in scores:
            a, b = x[y == 1][:, None], x[y == 0][None, :]
            psi = np.where(a > b, 1.0, np.where(a == b, 0.5, 0.0))
            theta.append(psi.mean())
            over_neg, over_pos = psi.mean(1), psi.mean(0)
            v10.append(np.array([over_neg[of[y == 1] == i].sum() for i in ids]))
            v01.append(np.array([over_pos[of[y == 0] == i].sum() for i in ids]))
        cov = np.empty((2, 2))
        for r in range(2):
            for q in range(2):
                s10 = I10 / ((I10 - 1) * M) * s(v10[r], v10[q], m, m, theta[r], theta[q])
                s01 = I01 / ((I01 - 1) * N) * s(v01[r], v01[q], n, n, theta[r], theta[q])
                s11 = I / (I - 1) * s(v10[r], v01[q], m, n, theta[r], theta[q])
                s11_back = I / (I - 1) * s(v10[q], v01[r], m, n, theta[q], theta[r])
                cov[r, q] = s10 / M + s01 / N + (s11 + s11_back) / (M * N)
        d, var = theta[0] - theta[1], cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]
        half = stats.norm.ppf(0.975) * np.sqrt(var)
        out.append({
            "name": name, "patients": numbers(of), "labels": numbers(y), "first": numbers(scores[0]), "second": numbers(scores[1]),
            "areas": numbers(theta), "variance": float(cov[0, 0]), "low": max(-1, d - half).item(), "high": min(1, d + half).item(),
            "p": (2 * stats.norm.sf(abs(d) / np.sqrt(var))).item(),
            "interval": numbers(special.expit(special.logit(theta[0]) + np.array([-1, 1]) * stats.t.ppf(0.975, min(I10, I01) - 1)
                                              * np.sqrt(cov[0, 0]) / (theta[0] * (1 - theta[0])))),
        })
    return out


fixtures = {
    "bca": bcas(), "delong": delongs(), "mcnemar": mcnemars(), "calibration": calibrations(),
    "thresholds": thresholds(), "forecast": forecasts(), "ssim": similarities(),
    "many_classes": many_classes(), "clustered": clustered(), "balanced": balanced(),
    "studentized": studentized(),
}
here = pathlib.Path(__file__).parent
(here / "report_fixtures.json").write_text(json.dumps(fixtures, separators=(",", ":")) + "\n")
