package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// has reports whether the id is that of the study. The caller holds the lock.
func (l *ledger) has(studyID int) bool { return l.created && studyID == ledgerStudy }

// inStudy calls f under the lock if the id is that of the study.
func (l *ledger) inStudy(studyID int, f func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.has(studyID) {
		return goptuna.ErrInvalidStudyID
	}
	f()
	return nil
}

// CreateNewStudy creates the study; a ledger holds no second one.
func (l *ledger) CreateNewStudy(name string) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.created {
		return -1, fmt.Errorf("create study %q: the ledger holds study %q", name, l.name)
	}
	if name == "" {
		name = fmt.Sprintf("%s%d", goptuna.DefaultStudyNamePrefix, ledgerStudy)
	}
	l.created, l.name = true, name
	return ledgerStudy, nil
}

// DeleteStudy deletes the study and its trials.
func (l *ledger) DeleteStudy(studyID int) error { return l.inStudy(studyID, l.clear) }

// SetStudyDirection says which values are better.
func (l *ledger) SetStudyDirection(studyID int, d goptuna.StudyDirection) error {
	return l.inStudy(studyID, func() { l.direction = d })
}

// SetStudyUserAttr sets an attribute of the study.
func (l *ledger) SetStudyUserAttr(studyID int, key, value string) error {
	return l.inStudy(studyID, func() { l.userAttrs[key] = value })
}

// SetStudySystemAttr sets an attribute of goptuna or of a sampler.
func (l *ledger) SetStudySystemAttr(studyID int, key, value string) error {
	return l.inStudy(studyID, func() { l.sysAttrs[key] = value })
}

// GetStudyIDFromName returns the id of the study of that name.
func (l *ledger) GetStudyIDFromName(name string) (int, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.created || name != l.name {
		return -1, errNoStudy
	}
	return ledgerStudy, nil
}

// GetStudyIDFromTrialID returns the id of the study that has the trial.
func (l *ledger) GetStudyIDFromTrialID(trialID int) (int, error) {
	if err := l.read(trialID, func() {}); err != nil {
		return -1, err
	}
	return ledgerStudy, nil
}

// GetStudyNameFromID returns the study's name.
func (l *ledger) GetStudyNameFromID(studyID int) (name string, err error) {
	err = l.inStudy(studyID, func() { name = l.name })
	return name, err
}

// GetStudyDirection returns which values are better.
func (l *ledger) GetStudyDirection(studyID int) (d goptuna.StudyDirection, err error) {
	err = l.inStudy(studyID, func() { d = l.direction })
	return d, err
}

// GetStudyUserAttrs returns the attributes that SetStudyUserAttr has set.
func (l *ledger) GetStudyUserAttrs(studyID int) (attrs map[string]string, err error) {
	err = l.inStudy(studyID, func() { attrs = copyMap(l.userAttrs) })
	return attrs, err
}

// GetStudySystemAttrs returns the attributes that SetStudySystemAttr has set.
func (l *ledger) GetStudySystemAttrs(studyID int) (attrs map[string]string, err error) {
	err = l.inStudy(studyID, func() { attrs = copyMap(l.sysAttrs) })
	return attrs, err
}

// GetAllStudySummaries returns the summary of the study, or none before there is one.
func (l *ledger) GetAllStudySummaries() ([]goptuna.StudySummary, error) {
	return l.summaries(l.GetBestTrial)
}

// summaries returns the summary of the study with what best says is its best trial.
func (l *ledger) summaries(best func(int) (goptuna.FrozenTrial, error)) ([]goptuna.StudySummary, error) {
	trial, err := best(ledgerStudy)
	if err == goptuna.ErrInvalidStudyID {
		return nil, nil
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	return []goptuna.StudySummary{{
		ID: ledgerStudy, Name: l.name, Direction: l.direction, BestTrial: trial,
		UserAttrs: copyMap(l.userAttrs), SystemAttrs: copyMap(l.sysAttrs),
	}}, nil
}
