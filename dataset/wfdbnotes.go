package dataset

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// wfdbNote is an annotation.
type wfdbNote struct {
	at     int    // sample
	symbol string // as WFDB's programs print its code
	aux    string
}

// wfdbSymbols are the symbols of codes, as annot(5) and ecgcodes.h have them; "" is of none.
var wfdbSymbols = [50]string{
	1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j", 12: "/", 13: "Q", 14: "~",
	16: "|", 18: "s", 19: "T", 20: "*", 21: "D", 22: `"`, 23: "=", 24: "p", 25: "B", 26: "^", 27: "t", 28: "+", 29: "u", 30: "?", 31: "!",
	32: "[", 33: "]", 34: "e", 35: "n", 36: "@", 37: "x", 38: "f", 39: "(", 40: ")", 41: "r",
}

// Codes of annot(5) that aren't annotations.
const (
	noteSkip = 59 // four bytes of a longer interval follow
	noteNum  = 60
	noteSub  = 61
	noteChan = 62
	noteAux  = 63 // a text follows
)

// parseWFDBNotes reads an annotation file in the MIT format of annot(5): words of 16 bits,
// the low byte first, a code in the upper 6 and the interval since the annotation before it
// in the lower 10; 0 ends the file. rate is the record's.
func parseWFDBNotes(file string, b []byte, rate float64) ([]wfdbNote, error) {
	var notes []wfdbNote
	clock, ticks := int64(0), 1.0 // of the file, in units of the record's samples
	wrong := func(at int, found, expected string) error {
		return &CellError{File: file, Found: fmt.Sprintf("%s at byte %d", found, at), Expected: expected}
	}
	for at := 0; ; {
		if at+2 > len(b) {
			return nil, wrong(len(b), "the end", "annotations up to a 0 in two bytes: the file is cut off")
		}
		word := int(b[at]) | int(b[at+1])<<8
		code, interval, start := word>>10, word&0x3ff, at
		at += 2
		switch {
		case word == 0:
			return notes, nil
		case code == noteSkip:
			if at+4 > len(b) {
				return nil, wrong(start, "an interval that is cut off", "four bytes")
			}
			// The high half comes first: it is a PDP-11's long integer.
			clock += int64(int32(uint32(b[at])<<16 | uint32(b[at+1])<<24 | uint32(b[at+2]) | uint32(b[at+3])<<8))
			at += 4
		case code == noteAux:
			if at+interval > len(b) {
				return nil, wrong(start, "a text that is cut off", fmt.Sprintf("%d bytes", interval))
			}
			if len(notes) == 0 {
				return nil, wrong(start, "a text before any annotation", "it behind its annotation")
			}
			text := strings.TrimRight(string(b[at:at+interval]), "\x00")
			notes[len(notes)-1].aux = text
			if resolution, ok := strings.CutPrefix(text, "## time resolution:"); ok && len(notes) == 1 {
				x, err := strconv.ParseFloat(strings.TrimSpace(resolution), 64)
				if err != nil || !(x > 0 && x < 1e9) {
					return nil, wrong(start, "a time resolution of "+quoted(resolution), "ticks a second")
				}
				ticks = rate / x
			}
			at += interval + interval%2
		case code == noteNum || code == noteSub || code == noteChan:
		case code >= len(wfdbSymbols):
			return nil, wrong(start, fmt.Sprintf("code %d", code), "one that annot(5) knows")
		default:
			clock += int64(interval)
			sample := math.Round(float64(clock) * ticks)
			if sample < 0 || sample > math.MaxInt32 || len(notes) > 0 && int(sample) < notes[len(notes)-1].at {
				return nil, wrong(start, "an annotation before the one before it", "them in the order of time")
			}
			notes = append(notes, wfdbNote{at: int(sample), symbol: wfdbSymbols[code]})
		}
	}
}
