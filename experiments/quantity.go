package experiments

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a time.Duration that is written as 90s, 10m or 1h30m.
type Duration time.Duration

// String writes the duration with the units that it has: 10m rather than 10m0s.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText writes String's form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration that isn't negative.
func (d *Duration) UnmarshalText(b []byte) error {
	x, err := time.ParseDuration(string(b))
	if err != nil || x < 0 {
		return fmt.Errorf("expected a duration such as 90s, 10m or 1h30m, found %s", quoted(string(b)))
	}
	*d = Duration(x)
	return nil
}

// Workers is a number of workers; 0 is auto, as many as keep all cores busy.
type Workers int

// mostWorkers bounds the workers of a sweep.
const mostWorkers = 1024

// String writes auto or the number.
func (w Workers) String() string {
	if w == 0 {
		return "auto"
	}
	return strconv.Itoa(int(w))
}

// MarshalJSON writes "auto" or the number.
func (w Workers) MarshalJSON() ([]byte, error) {
	if w == 0 {
		return []byte(`"auto"`), nil
	}
	return []byte(w.String()), nil
}

// UnmarshalText reads auto or a number from 1.
func (w *Workers) UnmarshalText(b []byte) error {
	if string(b) == "auto" {
		*w = 0
		return nil
	}
	n, ok := whole(string(b))
	if !ok || n < 1 || n > mostWorkers {
		return fmt.Errorf("expected auto or a whole number from 1 to %d, found %s", mostWorkers, quoted(string(b)))
	}
	*w = Workers(n)
	return nil
}

// Memory is an amount of memory: in bytes, or where Bytes is 0 as a share of the
// machine's.
type Memory struct {
	Bytes int64
	Share float64 // above 0, at most 1
}

// memoryUnits are the units in which memory is written, larger ones first.
var memoryUnits = []struct {
	name  string
	bytes float64
}{{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}, {"B", 1}}

// Of returns the bytes that m is of a machine's; 0, for no limit, where it is a share of an
// unknown whole.
func (m Memory) Of(machine int64) int64 {
	if m.Bytes > 0 {
		return m.Bytes
	}
	return int64(m.Share * float64(machine))
}

// String writes a share in percent, and bytes with the largest unit that they are a whole
// number of.
func (m Memory) String() string {
	if m.Bytes == 0 {
		return show(m.Share*100) + "%"
	}
	for _, u := range memoryUnits {
		if n := float64(m.Bytes) / u.bytes; n == math.Trunc(n) {
			return strconv.FormatFloat(n, 'f', -1, 64) + " " + u.name
		}
	}
	panic("experiments: bytes are a whole number of bytes")
}

// MarshalText writes String's form.
func (m Memory) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads "8 GiB", "512MB", "80%" or a number of bytes.
func (m *Memory) UnmarshalText(b []byte) error {
	const most = 1 << 50
	text := strings.TrimSpace(string(b))
	unit, amount := 1.0, text
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		if x, ok := number(strings.TrimSpace(percent)); ok && x > 0 && x <= 100 {
			*m = Memory{Share: x / 100}
			return nil
		}
		return fmt.Errorf("expected a share above 0%% and at most 100%%, found %s", quoted(text))
	}
	for _, u := range memoryUnits {
		if cut, ok := strings.CutSuffix(text, u.name); ok {
			unit, amount = u.bytes, strings.TrimSpace(cut)
			break
		}
	}
	x, ok := number(amount)
	if bytes := math.Round(x * unit); ok && bytes >= 1 && bytes <= most {
		*m = Memory{Bytes: int64(bytes)}
		return nil
	}
	return fmt.Errorf("expected memory such as 8 GiB, 512 MB or 80%%, found %s", quoted(text))
}
