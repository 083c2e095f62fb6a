package experiments

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on an experiment's file. They stand before the YAML parser, whose time grows
// with the square of some inputs and whose memory explodes on deep nesting (200 KB of
// brackets take it a minute and gigabytes). An experiment takes a few KiB.
const (
	mostBytes  = 128 << 10
	mostLines  = 5000
	mostTokens = 20000
	mostDepth  = 32
	mostMerges = 64
)

// prescan checks what can be checked without knowing YAML: size, encoding, characters.
// It returns the text as the parser takes it, lines ending in \n, and the lines.
func prescan(src []byte) (text string, lines []string, problem *Problem) {
	if len(src) > mostBytes {
		return "", nil, &Problem{
			Msg:  fmt.Sprintf("the file is larger than %d KiB", mostBytes>>10),
			Hint: "an experiment takes a few KiB; is this another file?",
		}
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	text = strings.ReplaceAll(string(src), "\r\n", "\n")
	lines = strings.Split(text, "\n")
	for i, line := range lines {
		if p := strangeCharacter(line); p != nil {
			p.Line = i + 1
			return "", lines, p
		}
		if i >= mostLines {
			return "", lines, &Problem{Line: i + 1, Column: 1, Msg: fmt.Sprintf("the file has more than %d lines", mostLines)}
		}
	}
	if strings.Count(text, "<<") > mostMerges {
		line := strings.Count(text[:strings.Index(text, "<<")], "\n") + 1
		return "", lines, &Problem{Line: line, Column: 1, Found: "<<", Msg: fmt.Sprintf("<< stands more than %d times; merge keys aren't supported", mostMerges)}
	}
	return text, lines, nil
}

// strangeCharacter finds the first character of a line that an experiment can't hold.
func strangeCharacter(line string) *Problem {
	column := 0
	for i, r := range line {
		column++
		switch {
		case r == '\t':
			return &Problem{Column: column, Found: "\t", Msg: "a tab; YAML is indented with spaces",
				Hint: `write spaces, or \t in double quotes`}
		case r == utf8.RuneError && strings.HasPrefix(line[i:], "\uFFFD"):
			continue
		case r == utf8.RuneError:
			return &Problem{Column: column, Found: line[i : i+1], Msg: fmt.Sprintf("byte %#02x isn't UTF-8", line[i]),
				Hint: "save the file as UTF-8"}
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xFEFF:
			return &Problem{Column: column, Found: string(r), Msg: fmt.Sprintf("control character %U", r)}
		}
	}
	return nil
}
