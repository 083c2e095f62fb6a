package metric

import (
	"fmt"
	"strconv"
	"strings"

	"medml/internal/nearest"
)

// synonyms are names from elsewhere, so that the error for one of them can say what it is
// called here.
var synonyms = map[string]string{
	"auc":                            "auroc",
	"roc_auc":                        "auroc",
	"roc-auc":                        "auroc",
	"c-statistic":                    "auroc",
	"average_precision":              "auprc",
	"pr_auc":                         "auprc",
	"ap":                             "auprc",
	"recall":                         "sensitivity",
	"tpr":                            "sensitivity",
	"tnr":                            "specificity",
	"ppv":                            "precision",
	"cross_entropy":                  "log_loss",
	"logloss":                        "log_loss",
	"nll":                            "log_loss",
	"brier_score":                    "brier",
	"matthews_corrcoef":              "mcc",
	"cohen_kappa":                    "kappa",
	"mean_squared_error":             "mse",
	"mean_absolute_percentage_error": "mape",
	"macro_f1":                       "f1_macro",
	"recall_macro":                   "sensitivity_macro",
	"structural_similarity":          "ssim",
	"quantile_loss":                  "pinball",
	"score1":                         "min_se_ppv",
	"mean_absolute_error":            "mae",
	"r^2":                            "r2",
	"r2_score":                       "r2",
	"fbeta":                          "fbeta@beta=2",
	"f2":                             "fbeta@beta=2",
	"specificity@sensitivity":        "specificity@sensitivity=0.95",
	"sensitivity@class":              "sensitivity@class=1",
	"sensitivity@specificity":        "sensitivity@specificity=0.95",
}

// Lookup returns the metric of that name. The error for an unknown name has the nearest
// known ones, and for a bad setting what is legal. A class may be set by its own name, unless
// that is a number, as in "sensitivity@class=V"; such a metric is to be asked for [Metric.Among]
// the classes before it judges.
func Lookup(name string) (Metric, error) {
	if m, ok := table[name]; ok {
		return m, nil
	}
	key, number, found := strings.Cut(name, "=")
	if !found {
		return Metric{}, unknown(name)
	}
	s, ok := settings[key]
	if !ok {
		return Metric{}, unknown(name)
	}
	if strings.HasSuffix(key, ofClassKey) && isClassName(number) {
		return unnumbered(key, number), nil
	}
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || !s.legal(x) {
		return Metric{}, fmt.Errorf("metric %q: %q is not %s", name, number, s.expects)
	}
	return named(settingName(key, x), s.build(x)), nil
}

// settingName is the name of a metric with a setting.
func settingName(key string, x float64) string {
	return key + "=" + strconv.FormatFloat(x, 'g', -1, 64)
}

// unknown is the error for a name that isn't known.
func unknown(name string) error {
	if s, ok := synonyms[strings.ToLower(name)]; ok {
		return fmt.Errorf("unknown metric %q; did you mean %s?", name, s)
	}
	return fmt.Errorf("unknown metric %q%s", name, nearest.Hint(name, Names("")))
}
