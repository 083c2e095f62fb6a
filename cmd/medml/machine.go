package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// machineMemory is how many bytes of memory this machine has, or this process's container
// may take (Linux: proc(5) on meminfo, cgroup v2's memory.max); 0 where the system doesn't
// tell.
func machineMemory() int64 {
	total := int64(0)
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if kib, ok := strings.CutPrefix(sc.Text(), "MemTotal:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kib), "kB")), 10, 64)
			total = n << 10
		}
	}
	if b, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && n > 0 {
			total = min(total, n)
		}
	}
	return total
}
