package main

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
)

// restartPeak makes the peak of the process's resident memory its present size, where the
// system can (Linux, proc(5) on clear_refs).
func restartPeak() {
	if f, err := os.OpenFile("/proc/self/clear_refs", os.O_WRONLY, 0); err == nil {
		_, _ = f.WriteString("5")
		_ = f.Close()
	}
}

// peakMiB is the largest the process's resident memory has been, 0 where the system
// doesn't tell.
func peakMiB() float64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if kib, ok := strings.CutPrefix(sc.Text(), "VmHWM:"); ok {
			n, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kib), "kB")), 64)
			return n / 1024
		}
	}
	return 0
}

// rounded rounds to four significant digits or, of large numbers, to a tenth.
func rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	digits := math.Pow(10, math.Max(1, 3-math.Floor(math.Log10(math.Abs(x)))))
	return math.Round(x*digits) / digits
}
