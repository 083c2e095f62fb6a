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
	"auc":                     "auroc",
	"roc_auc":                 "auroc",
	"roc-auc":                 "auroc",
	"c-statistic":             "auroc",
	"average_precision":       "auprc",
	"pr_auc":                  "auprc",
	"ap":                      "auprc",
	"recall":                  "sensitivity",
	"tpr":                     "sensitivity",
	"tnr":                     "specificity",
	"ppv":                     "precision",
	"cross_entropy":           "log_loss",
	"logloss":                 "log_loss",
	"nll":                     "log_loss",
	"brier_score":             "brier",
	"matthews_corrcoef":       "mcc",
	"cohen_kappa":             "kappa",
	"mse":                     "rmse",
	"mean_squared_error":      "rmse",
	"mean_absolute_error":     "mae",
	"r^2":                     "r2",
	"r2_score":                "r2",
	"fbeta":                   "fbeta@beta=2",
	"f2":                      "fbeta@beta=2",
	"specificity@sensitivity": "specificity@sensitivity=0.95",
	"sensitivity@specificity": "sensitivity@specificity=0.95",
}

// Lookup returns the metric of that name. The error for an unknown name has the nearest
// known ones, and for a bad setting what is legal.
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
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || !s.legal(x) {
		return Metric{}, fmt.Errorf("metric %q: %q is not %s", name, number, s.expects)
	}
	m := s.build(x)
	m.Name = key + "=" + strconv.FormatFloat(x, 'g', -1, 64)
	return m, nil
}

// unknown is the error for a name that isn't known.
func unknown(name string) error {
	if s, ok := synonyms[strings.ToLower(name)]; ok {
		return fmt.Errorf("unknown metric %q; did you mean %s?", name, s)
	}
	return fmt.Errorf("unknown metric %q%s", name, nearest.Hint(name, Names("")))
}
