package dataset

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// patientNames are names of columns that number patients, without case, spaces and signs.
var patientNames = []string{
	"id", "pid", "eid", "mrn", "ptid", "patid", "patientid", "patient", "patientno", "patientnr", "patientnumber", "patnr",
	"subject", "subjectid", "subjectno", "subj", "subjid", "usubjid", "participant", "participantid", "person", "personid",
	"record", "recordid", "recordno", "recordnumber", "case", "caseid", "caseno", "hadmid", "stayid", "icustayid",
}

// suspect is a column that may name the patients although nothing says so: its name is
// one for that, and values come again.
type suspect struct {
	name     string
	index    int
	seen     map[string]bool
	repeated bool
}

// suspects returns the columns whose names are those of a patient's number.
func suspects(columns []string) []*suspect {
	var found []*suspect
	for i, name := range columns {
		plain := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name)
		if slices.Contains(patientNames, plain) {
			found = append(found, &suspect{name: name, index: i, seen: map[string]bool{}})
		}
	}
	return found
}

// take takes the column's cell of a row.
func (s *suspect) take(cell string) {
	if s.proven() || cell == "" {
		return
	}
	if s.seen[cell] {
		s.repeated = true
	} else {
		s.seen[strings.Clone(cell)] = true
	}
}

// proven reports whether the column can only be one of patients with several rows. Fewer
// than three values are more likely a yes or no.
func (s *suspect) proven() bool { return s.repeated && len(s.seen) >= 3 }

// askForPatients returns an error where a column names patients and none was chosen.
func (g *gatherer) askForPatients() error {
	for _, s := range g.suspects {
		if s.proven() {
			name := oneLine(s.name)
			return &FieldError{"group", fmt.Sprintf(
				"missing: column %s of %s seems to name the patient, and several rows have the same: expected group: %s, which keeps a patient on one side of every split, or group: none",
				name, g.file, name)}
		}
	}
	return nil
}
