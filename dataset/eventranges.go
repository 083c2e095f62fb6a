package dataset

import "slices"

// PlausibleRange is what values of a variable can be in a living patient, both ends
// included. It is wide on purpose: it catches slips of the hand and of the wire (a
// temperature of 0 °F, a pH of 735, a disconnected line's pressure of 0), not illness.
type PlausibleRange struct {
	Variable  string
	Low, High float64
	Unit      string
}

// PlausibleRanges returns the variables that [EventsConfig.Plausible] knows: those of the
// PhysioNet/CinC Challenge 2012 (Silva et al. 2012), in its names and units.
func PlausibleRanges() []PlausibleRange { return slices.Clone(plausible[:]) }

var plausible = [...]PlausibleRange{
	{"ALP", 1, 20000, "IU/L"},
	{"ALT", 1, 50000, "IU/L"},
	{"AST", 1, 50000, "IU/L"},
	{"Age", 0, 125, "years"},
	{"Albumin", 0.3, 10, "g/dL"},
	{"BUN", 0.5, 400, "mg/dL"},
	{"Bilirubin", 0.01, 100, "mg/dL"},
	{"Cholesterol", 5, 2000, "mg/dL"},
	{"Creatinine", 0.05, 80, "mg/dL"},
	{"DiasABP", 5, 250, "mmHg"},
	{"FiO2", 0.2, 1, "fraction"},
	{"GCS", 3, 15, "points"},
	{"Gender", 0, 1, "0 female, 1 male"},
	{"Glucose", 5, 3000, "mg/dL"},
	{"HCO3", 1, 80, "mmol/L"},
	{"HCT", 3, 80, "%"},
	{"HR", 5, 350, "beats/min"},
	{"Height", 50, 250, "cm"},
	{"ICUType", 1, 4, "code"},
	{"K", 0.5, 20, "mEq/L"},
	{"Lactate", 0.05, 60, "mmol/L"},
	{"MAP", 5, 300, "mmHg"},
	{"MechVent", 0, 1, "0 or 1"},
	{"Mg", 0.1, 25, "mmol/L"},
	{"NIDiasABP", 5, 250, "mmHg"},
	{"NIMAP", 5, 300, "mmHg"},
	{"NISysABP", 10, 350, "mmHg"},
	{"Na", 80, 220, "mEq/L"},
	{"PaCO2", 5, 250, "mmHg"},
	{"PaO2", 10, 800, "mmHg"},
	{"Platelets", 0, 5000, "cells/nL"},
	{"RespRate", 1, 120, "breaths/min"},
	{"SaO2", 10, 100, "%"},
	{"SysABP", 10, 350, "mmHg"},
	{"Temp", 20, 46, "°C"},
	{"TroponinI", 0, 10000, "µg/L"},
	{"TroponinT", 0, 1000, "µg/L"},
	{"Urine", 0, 15000, "mL"},
	{"WBC", 0, 1000, "cells/nL"},
	{"Weight", 20, 600, "kg"},
	{"pH", 6.3, 8.3, ""},
}

// isPlausible reports whether x can be; of a variable that isn't known everything can.
func isPlausible(variable string, x float64) bool {
	i, ok := slices.BinarySearchFunc(plausible[:], variable, func(r PlausibleRange, name string) int {
		switch {
		case r.Variable < name:
			return -1
		case r.Variable > name:
			return 1
		}
		return 0
	})
	return !ok || x >= plausible[i].Low && x <= plausible[i].High
}
