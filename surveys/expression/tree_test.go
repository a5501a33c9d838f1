package expression_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/expression"
)

func TestTreeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"of_the_doc", "${age} >= 16 and selected(${topics}, 'maths')", `["and",[">=",["ref","age"],["num",16]],["call","selected",["ref","topics"],["str","maths"]]]`},
		{"run", ". - 1 - -2", `["-",["self"],["num",1],["num",-2]]`},
		{"node", "-self::node()", `["neg",["node"]]`},
		{"no_escapes_for_pages", "'<&>' != 'é'", `["!=",["str","<&>"],["str","é"]]`},
		{"digits", "regex(., '^[0-9]{4}$')", `["call","regex",["self"],["str","^[0-9]{4}$"],["&",["^"],["*",4,4,["c",48,57]],["$"]]]`},
		{"letters", "regex(., 'ab|(?i)k?.')", `["call","regex",["self"],["str","ab|(?i)k?."],["|","ab",["&",["*",0,1,["&",["c",75,75,107,107,8490,8490]]],["c",0,9,11,1114111]]]]`},
		{"lines", `regex(., '(?ms)^a+\b\B$.*')`, `["call","regex",["self"],["str","(?ms)^a+\\b\\B$.*"],["&",["m^"],["*",1,-1,"a"],["b"],["B"],["m$"],["*",0,-1,["c",0,1114111]]]]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data, err := json.Marshal(mustParse(t, tt.source))
			if err != nil {
				t.Fatal(err)
			}
			if got := unescapeHTML(string(data)); got != tt.want {
				t.Errorf("the JSON of %q is\n%s, want\n%s", tt.source, got, tt.want)
			}
		})
	}
}

// unescapeHTML undoes what json.Marshal does on top of MarshalJSON.
func unescapeHTML(text string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text)
}

func TestTreeJSONRefused(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`{}`, `"x"`, `[]`, `[1]`, `["ref"]`, `["ref",1]`, `["num","1"]`, `["num",1,["self"]]`, `["self",["self"]]`, `["call"]`, `["call","exec"]`,
		`["=",["self"]]`, `["=",["self"],["self"],["self"]]`, `["neg"]`, `["?",["self"],["self"]]`, `["and",["self"],null]`, `["and",["self"],["self"]`,
		`["call","regex",["self"],["str","("],"("]`, `["call","regex",["self"],["self"]]`, strings.Repeat(`["neg",`, 300) + `["self"]` + strings.Repeat(`]`, 300),
	} {
		var tree expression.Tree
		if err := json.Unmarshal([]byte(data), &tree); err == nil {
			t.Errorf("Unmarshal(%.60s) took it: %s", data, &tree)
		}
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	tree := mustParse(t, "${b} + ${a} + jr:choice-name(${b}, '${c}') + concat('see ${ d } and ${', '${e f}')")
	if diff := cmp.Diff([]string{"b", "a", "c", "d"}, tree.References()); diff != "" {
		t.Errorf("References differ (-want +got):\n%s", diff)
	}
	filter, err := expression.Parse("region = ${region} and (kind = 'x' or kind = 'y')", expression.SlotChoiceFilter)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"region", "kind"}, filter.Columns()); diff != "" {
		t.Errorf("Columns differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"name", "x"}, expression.Names("Hello ${name}, ${ x } ${name} ${1} ${ ${x")); diff != "" {
		t.Errorf("Names differ (-want +got):\n%s", diff)
	}
}

func TestRenameSource(t *testing.T) {
	t.Parallel()
	upper := func(name string) string { return strings.ToUpper(name) + "_2" }
	tests := []struct{ source, want string }{
		{"${a}  =  ‘yes’ and\n ${ b }=1", "${A_2}  =  ‘yes’ and\n ${ B_2 }=1"},
		{"jr:choice-name(${a},'${a}')", "jr:choice-name(${A_2},'${A_2}')"},
		{"${a = ${b}", "${a = ${B_2}"},
		{"Dear ${name}, ${} $ { } ${", "Dear ${NAME_2}, ${} $ { } ${"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := expression.RenameSource(tt.source, upper); got != tt.want {
			t.Errorf("RenameSource(%q) = %q, want %q", tt.source, got, tt.want)
		}
	}
}

// A pattern that has a reference in it, which means nothing, is renamed with the rest.
func TestRenamePattern(t *testing.T) {
	t.Parallel()
	tree := mustParse(t, `regex(., '\$\{a\}|[${a}]b')`).Rename(func(string) string { return "c" })
	for self, want := range map[string]bool{"ab": false, "cb": true, "${a}": true} {
		if v, err := tree.Eval(&expression.Env{Self: self}); err != nil || v.Truth() != want {
			t.Errorf("%s of %q = %v, %v, want %v", tree, self, v.Truth(), err, want)
		}
	}
}

// values are the functions that drawSource calls, with how many values.
var values = map[string]int{"if": 3, "not": 1, "selected": 2, "concat": 3, "today": 0, "string-length": 0, "round": 2, "coalesce": 2, "sum": 2}

// drawSource writes an expression with needless blanks and brackets.
func drawSource(t *rapid.T, depth int) string {
	blank := rapid.SampledFrom([]string{" ", "  ", "\n", "\u00a0"}).Draw(t, "blank")
	if depth == 0 {
		return blank + rapid.SampledFrom([]string{"${a}", "${ b }", "${c.d}", ".", "1", "-2.5", "'x'", `"it's"`, "'${a}'", "''", "self::node()", "‘y’", `'a"b'`}).Draw(t, "leaf")
	}
	below := func() string { return drawSource(t, rapid.IntRange(0, depth-1).Draw(t, "depth")) }
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return "(" + below() + blank + ")"
	case 1:
		return "-" + blank + below()
	case 2:
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(values))).Draw(t, "function")
		var args []string
		for range values[name] {
			args = append(args, below())
		}
		return name + "(" + strings.Join(args, ",") + ")"
	}
	op := rapid.SampledFrom([]string{"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}).Draw(t, "operator")
	return below() + blank + op + blank + below()
}

// Reading what the printer wrote gives the same tree, and so does JSON.
func TestTreeRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := drawSource(t, rapid.IntRange(0, 4).Draw(t, "levels"))
		tree, err := expression.Parse(source, expression.SlotCalculation)
		if err != nil {
			t.Fatalf("Parse(%q) = %v", source, err)
		}
		again, err := expression.Parse(tree.String(), expression.SlotCalculation)
		if err != nil || shape(t, again) != shape(t, tree) || again.String() != tree.String() {
			t.Fatalf("Parse(%q) = %s, %v, want the same as of %q", tree, again, err, source)
		}
		var read expression.Tree
		if err := json.Unmarshal([]byte(shape(t, tree)), &read); err != nil || shape(t, &read) != shape(t, tree) {
			t.Fatalf("Unmarshal(%s) = %s, %v", shape(t, tree), shape(t, &read), err)
		}
	})
}

func shape(t *rapid.T, tree *expression.Tree) string {
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatalf("Marshal(%s) = %v", tree, err)
	}
	return string(data)
}

// Renaming in the source and in the tree is the same, touches nothing else, and
// can be undone.
func TestRenameProperty(t *testing.T) {
	t.Parallel()
	rename := func(name string) string { return "other." + name }
	back := func(name string) string { return strings.TrimPrefix(name, "other.") }
	rapid.Check(t, func(t *rapid.T) {
		source := drawSource(t, rapid.IntRange(0, 4).Draw(t, "levels"))
		tree, err := expression.Parse(source, expression.SlotCalculation)
		if err != nil {
			t.Fatalf("Parse(%q) = %v", source, err)
		}
		renamed := expression.RenameSource(source, rename)
		if got := expression.RenameSource(renamed, back); got != source {
			t.Fatalf("renamed and back: %q, want %q", got, source)
		}
		read, err := expression.Parse(renamed, expression.SlotCalculation)
		if err != nil || read.String() != tree.Rename(rename).String() {
			t.Fatalf("Parse(%q) = %s, %v, want %s", renamed, read, err, tree.Rename(rename))
		}
		for i, name := range tree.References() {
			if got := read.References()[i]; got != rename(name) {
				t.Fatalf("reference %d of %q is %q, want %q", i, renamed, got, rename(name))
			}
		}
	})
}
