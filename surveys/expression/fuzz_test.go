package expression_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"soundings/surveys/expression"
)

var seeds = []string{
	"", "yes", "${a} > 5 and selected(${b}, 'x')", "${ a }=‘yes’", "'open", "${a", "((((1))))", "1or1", ". = .5.", "-(-1)", "regex(., '^(a+)+$')",
	"format-date(today(), '%Y-%m')", "jr:choice-name(., '${a}')", "../a", "a/b[1]", "if(1,2)", "true() or substring()", "concat(\"'\", '\"')", "1e9", "\xff\xfe", "${a}|${b}",
	"round(1 div 3, 2) mod -2", "date('2026-02-30') + 1", "self::node()", "weighted-checklist(1, 2, ., 3)", "\u200b.\u00a0=\u2003''", "${last-saved#a}",
}

// FuzzParse: whatever comes, an error with its place or a tree that can be
// printed, read back, written as JSON and worked out.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, uint8(expression.SlotRelevant))
		f.Add(seed, uint8(expression.SlotChoiceFilter))
	}
	f.Fuzz(func(t *testing.T, source string, slot uint8) {
		in := expression.Slot(slot % 7)
		tree, err := expression.Parse(source, in)
		if err != nil {
			var e *expression.Error
			if !errors.As(err, &e) || e.Code == "" || e.Cause == "" || e.Offset < 0 || e.Offset > len(source) {
				t.Fatalf("Parse(%q) = %#v, want an *Error with its place", source, err)
			}
			return
		}
		printed := tree.String()
		again, err := expression.Parse(printed, in)
		if err != nil || again.String() != printed {
			t.Fatalf("Parse(%q) = %s, %v after %q", printed, again, err, source)
		}
		data, err := json.Marshal(tree)
		if err != nil {
			t.Fatalf("Marshal(%s) = %v", printed, err)
		}
		var read expression.Tree
		if err := json.Unmarshal(data, &read); err != nil || read.String() != printed {
			t.Fatalf("Unmarshal(%s) = %s, %v", data, &read, err)
		}
		env := &expression.Env{Answer: strings.ToUpper, Self: source, Now: time.Unix(1_800_000_000, 0)}
		want, err := tree.Eval(env)
		got, err2 := read.Eval(env)
		if (err == nil) != (err2 == nil) || want.String() != got.String() {
			t.Fatalf("Eval(%s) = %q, %v, but %q, %v out of its JSON", printed, want.String(), err, got.String(), err2)
		}
	})
}

// FuzzRenameSource: a name for a name changes nothing else of any text.
func FuzzRenameSource(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if got := expression.RenameSource(source, func(name string) string { return name }); got != source {
			t.Fatalf("RenameSource(%q) to the same names = %q", source, got)
		}
		const mark = "renamed_to_this"
		renamed := expression.RenameSource(source, func(string) string { return mark })
		for _, name := range expression.Names(renamed) {
			if name != mark {
				t.Fatalf("RenameSource(%q) = %q left %q", source, renamed, name)
			}
		}
		if len(expression.Names(source)) > 0 != (len(expression.Names(renamed)) > 0) {
			t.Fatalf("RenameSource(%q) = %q has other references", source, renamed)
		}
	})
}
