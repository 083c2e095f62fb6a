package dataset

import (
	"path"
	"slices"
	"strings"
)

// The format wfdb reads PhysioNet's waveform records: a header (.hea), the signals (.dat)
// and annotations (.atr) beside it. A source is a folder of records or one header.

// gatherWFDB makes examples of all records of a source, in the order of their names.
func gatherWFDB(o *origin, c Config, lim limits, into *cases) error {
	all, err := o.list()
	if err != nil {
		return err
	}
	headers := slices.DeleteFunc(all, func(name string) bool { return ext(name) != ".hea" })
	if headers, err = withoutSegments(o, headers, lim); err != nil {
		return err
	}
	if len(headers) == 0 {
		return &CellError{File: o.path(), Found: "no header", Expected: "records: NAME.hea and the files that it names"}
	}
	cut, err := newCutter(o, c, lim, into)
	if err != nil {
		return err
	}
	for _, name := range headers {
		r, err := readWFDB(o, name, c.Signal, lim)
		if err != nil {
			return err
		}
		if err := cut.take(r); err != nil {
			return err
		}
	}
	return cut.end()
}

// readWFDB reads a record with its annotations.
func readWFDB(o *origin, name string, c SignalConfig, lim limits) (*recording, error) {
	f, err := o.open(name)
	if err != nil {
		return nil, err
	}
	h, err := readWFDBHeader(o.where(name), f, lim)
	f.Close()
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	if path.Base(stem) != h.record {
		return nil, h.wrong(0, "a header of record "+quotedName(h.record), "that of "+quotedName(path.Base(stem)))
	}
	r := &recording{where: o.where(stem), name: stem, rate: h.rate, facts: wfdbFacts(h)}
	if h.parts > 0 {
		err = readWFDBSegments(o, path.Dir(name), h, c.Channels, lim, r)
	} else {
		r.signals, err = readWFDBSignals(o, path.Dir(name), h, lim)
		for _, s := range h.signals {
			r.channels = append(r.channels, s.name)
		}
	}
	if err != nil {
		return nil, err
	}
	r.facts["record"] = stem
	r.patient = path.Join(path.Dir(stem), wfdbPatient(h))
	notes := stem + "." + c.Annotations
	if !o.has(notes) {
		if c.Layout == "windows" && c.Labels != "" {
			return r, nil
		}
		return nil, &CellError{File: o.where(name), Found: "no annotations beside it", Expected: path.Base(notes)}
	}
	b, err := o.bytes(notes)
	if err != nil {
		return nil, err
	}
	if r.notes, err = parseWFDBNotes(o.where(notes), b, h.rate); err != nil {
		return nil, err
	}
	if n := len(r.notes); n > 0 && r.notes[n-1].at >= h.samples {
		return nil, &CellError{File: o.where(notes), Found: "an annotation behind the end of the signals", Expected: "it within them"}
	}
	return r, nil
}

// wfdbPatient returns who a record is of: itself, but for the MIT-BIH Arrhythmia Database,
// whose records 201 and 202 are of one man (Moody & Mark 2001).
func wfdbPatient(h *wfdbHeader) string {
	if h.record == "202" && h.rate == 360 && h.samples == 650000 {
		return "201"
	}
	return h.record
}

// wfdbFacts returns the age and sex that comments give: "69 M …" as in the MIT-BIH
// databases, or "Age: 69" and "Sex: male" as in those of the challenges.
func wfdbFacts(h *wfdbHeader) map[string]string {
	facts := map[string]string{"age": "", "sex": ""}
	for i, text := range h.comments {
		words := strings.Fields(text)
		if i == 0 && len(words) >= 2 && (words[1] == "M" || words[1] == "F") {
			facts["sex"] = words[1]
			if _, ok := digits(words[0], 150); ok {
				facts["age"] = words[0]
			}
		}
		for w, word := range words[:max(0, len(words)-1)] {
			switch strings.Trim(strings.ToLower(word), "<>") {
			case "age:", "age>:":
				if _, ok := digits(words[w+1], 150); ok {
					facts["age"] = words[w+1]
				}
			case "sex:", "sex>:":
				switch strings.ToLower(words[w+1]) {
				case "m", "male":
					facts["sex"] = "M"
				case "f", "female":
					facts["sex"] = "F"
				}
			}
		}
	}
	return facts
}
