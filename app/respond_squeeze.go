package app

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// squeeze takes out of our own styles and scripts what only their readers need:
// they stand in each first visit. Of a script it also shortens the names within
// functions; those outside are how one script finds another. It never writes
// syntax that the oldest phones with a script do not know.
func squeeze(name, text string) (string, error) {
	if path.Ext(name) != ".js" {
		return squeezeStyle(text), nil
	}
	var out bytes.Buffer
	small := js.Minifier{Version: 2011}
	if err := small.Minify(minify.New(), &out, strings.NewReader(text), nil); err != nil {
		return "", fmt.Errorf("squeezing %s: %w", name, err)
	}
	return out.String(), nil
}

// squeezeStyle drops the ends of lines where the next line goes on or the last one
// has ended.
func squeezeStyle(text string) string {
	var out strings.Builder
	last := byte('\n')
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			continue
		}
		if !strings.ContainsRune("\n;{,(}", rune(last)) && !strings.ContainsRune("})", rune(line[0])) {
			out.WriteByte('\n')
		}
		out.WriteString(line)
		last = line[len(line)-1]
	}
	return out.String()
}
