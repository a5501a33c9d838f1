package app

import (
	"regexp"
	"testing"
)

func TestSqueeze(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"respond.js", "/* why */\nvar all = 1;\nfunction add(number) {\n  return number + all;\n}\n", "var all=1;function add(e){return e+all}"},
		{"respond.js", "a = b + +c - -d;\ne\n++f\n", "a=b+ +c- -d,e,++f"},
		{"respond.css", ".a .b{color:red;\nmargin:0 1px}\n.c > i{}\n", ".a .b{color:red;margin:0 1px}.c > i{}"},
	}
	for _, tt := range tests {
		got, err := squeeze(tt.name, tt.text)
		if err != nil || got != tt.want {
			t.Errorf("squeeze(%q) = %q, %v, want %q", tt.text, got, err, tt.want)
		}
	}
	if got, err := squeeze("respond.js", "var ("); err == nil {
		t.Errorf("what is no script is squeezed to %q", got)
	}
}

// newSyntax is what phones with a browser of 2016 cannot read: one such sign and
// the whole script is nothing to them.
var newSyntax = regexp.MustCompile("=>|`|\\?\\?|\\?\\.[a-z(\\[]|\\.\\.\\.|\\blet\\b|\\bconst\\b|\\bclass \\b|\\basync\\b")

func TestSqueezedScriptsAreForOldPhones(t *testing.T) {
	t.Parallel()
	strings := regexp.MustCompile(`"[^"]*"|'[^']*'`)
	for _, name := range []string{plainScript, fullScript, laterScript, workerScript, "respond_ranking.js", "respond_shuffle.js"} {
		text, err := inlineText(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := newSyntax.FindString(strings.ReplaceAllString(text, `""`)); found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
}
