package app

import (
	"path"
	"strings"
)

// squeeze takes out of our own styles and scripts what only their readers need:
// they stand in each first visit. Of a script it drops blanks beside signs, of
// both the ends of lines where the next line goes on or the last one has ended;
// other ends of lines may end a statement and stay. It knows strings in ' and ",
// but not strings in `, comments behind //, nor regular expressions with a blank or a quote.
func squeeze(name, text string) string {
	var out strings.Builder
	last := byte('\n')
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if path.Ext(name) == ".js" {
			line = withoutBlanks(line)
		}
		if line == "" {
			continue
		}
		if !strings.ContainsRune("\n;{,(", rune(last)) && !strings.ContainsRune("})", rune(line[0])) && (path.Ext(name) == ".js" || last != '}') {
			out.WriteByte('\n')
		}
		out.WriteString(line)
		last = line[len(line)-1]
	}
	return out.String()
}

// withoutBlanks drops the blanks of a line of a script that part no words.
func withoutBlanks(line string) string {
	out := make([]byte, 0, len(line))
	var within byte // the quote of a string
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case within != 0 && c == '\\' && i+1 < len(line):
			out = append(out, c)
			i++
			c = line[i]
		case within != 0 && c == within:
			within = 0
		case within == 0 && (c == '\'' || c == '"'):
			within = c
		case within == 0 && c == ' ' && i+1 < len(line) && len(out) > 0 && !parts(out[len(out)-1], line[i+1]):
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// parts reports whether a blank between two signs means something: between words,
// and between two signs that would be another together.
func parts(before, after byte) bool {
	return isWord(before) && isWord(after) || before == after && strings.IndexByte("+-/", before) >= 0
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
