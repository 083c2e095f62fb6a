package pull

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// sumsName is the list of checksums that a PhysioNet folder has, as sha256sum writes it.
const sumsName = "SHA256SUMS.txt"

// Bounds of a list of checksums, which comes from elsewhere.
const (
	maxSums  = 64 << 20 // bytes
	maxFiles = 1 << 20
)

var sumLine = regexp.MustCompile(`^([0-9a-fA-F]{64})[ \t]+\*?(.+)$`)

// parseSums returns the files of a list that belong to the set. A name that leads out of
// the folder, or that this system can't have, is an error.
func (s Set) parseSums(where string, list []byte) ([]file, error) {
	var files []file
	for n, line := range strings.Split(string(list), "\n") {
		line = strings.TrimRight(line, "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := sumLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("%s:%d: not a SHA-256 and a name", where, n+1)
		}
		name := strings.TrimPrefix(m[2], "./")
		if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || strings.ContainsAny(name, "\\\x00") {
			return nil, fmt.Errorf("%s:%d: the name leads out of the folder", where, n+1)
		}
		if name == sumsName || !s.has(name) {
			continue
		}
		if slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasSuffix(part, partSuffix) }) {
			return nil, fmt.Errorf("%s:%d: the name is that of an unfinished file", where, n+1)
		}
		if files = append(files, file{name, sum{"sha256", strings.ToLower(m[1])}}); len(files) > maxFiles {
			return nil, fmt.Errorf("%s: more than %d files", where, maxFiles)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: lists no file of %s", where, s.Name)
	}
	return files, nil
}

// has reports whether a file of the folder belongs to the set.
func (s Set) has(name string) bool {
	return len(s.only) == 0 || slices.ContainsFunc(s.only, func(o string) bool {
		return name == o || strings.HasSuffix(o, "/") && strings.HasPrefix(name, o)
	})
}
