package experiments

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMemoryIsReadInItsUnits(t *testing.T) {
	for text, want := range map[string]Memory{
		"8 GiB": {Bytes: 8 << 30}, "8GiB": {Bytes: 8 << 30}, "0.5 MiB": {Bytes: 512 << 10}, "2 GB": {Bytes: 2e9}, "1 kB": {Bytes: 1000},
		"100": {Bytes: 100}, "1e6 B": {Bytes: 1e6}, "80%": {Share: 0.8}, "12.5 %": {Share: 0.125}, "100%": {Share: 1},
	} {
		var m Memory
		if err := m.UnmarshalText([]byte(text)); err != nil || m != want {
			t.Errorf("%s is %+v, %v", text, m, err)
		}
	}
	for _, text := range []string{"", "GiB", "-1 GiB", "0", "0%", "101%", "8 gigs", "8 GiBs", "1e30 TiB", "NaN%", "x%"} {
		var m Memory
		if err := m.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as %v", text, m)
		}
	}
	if got := (Memory{Share: 0.8}).Of(1000); got != 800 {
		t.Errorf("80%% of 1000 are %d", got)
	}
	if got := (Memory{Bytes: 5}).Of(1000); got != 5 {
		t.Errorf("5 bytes are %d", got)
	}
}

func TestMemoryComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Memory{Bytes: rapid.Int64Range(1, 1<<50).Draw(t, "bytes")}
		var again Memory
		if err := again.UnmarshalText([]byte(m.String())); err != nil || again != m {
			t.Fatalf("%d bytes are written %s and read as %+v, %v", m.Bytes, m, again, err)
		}
	})
}
