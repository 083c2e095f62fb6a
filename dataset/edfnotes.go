package dataset

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// edfNote is an annotation of EDF+.
type edfNote struct {
	onset    float64 // seconds since the file's start
	duration float64 // -1 where there is none
	text     string
}

// parseTALs reads the time-stamped annotation lists of a data record: a signed onset,
// perhaps byte 21 and a duration, then byte 20 behind that and behind each text, and a 0
// byte; more 0 bytes fill the room (EDF+ 2.2.2). first says whether these are of the
// record's first annotation signal, which begin with the record's own time and no text.
func parseTALs(b []byte, first bool) (notes []edfNote, start float64, err error) {
	if first && (len(b) == 0 || b[0] == 0) {
		return nil, 0, fmt.Errorf("a record without its time")
	}
	for n := 0; len(b) > 0 && b[0] != 0; n++ {
		list, rest, ended := strings.Cut(string(b), "\x00")
		if !ended || !strings.HasSuffix(list, "\x14") {
			return nil, 0, fmt.Errorf("an annotation that doesn't end")
		}
		b = b[len(b)-len(rest):]
		texts := strings.Split(strings.TrimSuffix(list, "\x14"), "\x14")
		stamp, length, lasts := strings.Cut(texts[0], "\x15")
		onset, kind := parseNumber(stamp)
		if kind != numeric || stamp[0] != '+' && stamp[0] != '-' {
			return nil, 0, fmt.Errorf("an annotation with the onset %s", quoted(stamp))
		}
		duration := -1.0
		if lasts {
			if duration, kind = parseNumber(length); kind != numeric || duration < 0 {
				return nil, 0, fmt.Errorf("an annotation with the duration %s", quoted(length))
			}
		}
		if n == 0 && first {
			if len(texts) < 2 || texts[1] != "" {
				return nil, 0, fmt.Errorf("a record without its time")
			}
			start = onset
		}
		for _, text := range texts[1:] {
			if !utf8.ValidString(text) {
				return nil, 0, fmt.Errorf("an annotation that is not UTF-8")
			}
			if text = strings.TrimSpace(text); text != "" {
				notes = append(notes, edfNote{onset, duration, text})
			}
		}
	}
	for _, c := range b {
		if c != 0 {
			return nil, 0, fmt.Errorf("bytes behind the annotations")
		}
	}
	return notes, start, nil
}
