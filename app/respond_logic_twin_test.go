package app_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"soundings/surveys/expression"
)

// naughty are answers and texts at which casts go wrong.
var naughty = []string{
	"", " ", "0", "1", "-1", "2.5", "-0", "1e3", ".5", "5.", "+5", "1e400", "Infinity", "-Infinity", "NaN", "0x10", "--1", "1_0",
	"true", "false", "yes", "a", "a b", "b a c", " b ", "a  b", "ﬁ", "é", "\u00e9\u0301", "😀 b", "İ", "ß", "\u00a0", "\ufeff1", "1\u200b", "\u0085 2",
	"2026-03-07", "2012-7-4", "2024-02-29", "2023-02-29", "2026-13-01", "2026-03-07T09:30:15", "2026-03-07T09:30:15.123+05:30",
	"2026-03-07T23:59:59Z", "2026-03-29T01:30", "2026-10-25T01:30", "2026-03-07 24:00", "0001-01-01", "9999-12-31", "1969-12-31T23:59:59.999Z",
	"Mon Nov 23 2026 05:19:08 GMT-0700 (Mountain Standard Time)", "Mar 7 2026", "Foo 7 2026",
	"09:30", "23:59:59.999+13:00", "24:00", "06:60:00", "%Y-%m-%d %H:%M:%S.%3 %a %b %e %n %y %h%%", "abc", "AB", "\n", "\r\n\t x", "\f\v", "${a}", "12345", "1000000000000000000000",
}

var drawNumbers = rapid.OneOf(
	rapid.SampledFrom([]float64{0, 1, -1, 2, 3, 0.5, -0.5, 1.5, -1.5, 2.5, 10, 100, 1e21, 1e-7, 123456789, 1234.5678, -2.25, 15000, 20454.25}),
	rapid.Map(rapid.IntRange(-100000, 100000), func(n int) float64 { return float64(n) / 8 }),
)

// arities are the functions with the numbers of values to try; those with values
// of a special kind are in drawCall.
var arities = map[string][]int{
	"true": {0}, "false": {0}, "not": {1}, "boolean": {1}, "if": {3}, "coalesce": {2}, "once": {1}, "pi": {0}, "random": {0}, "uuid": {0, 1},
	"int": {1}, "floor": {1}, "ceiling": {1}, "abs": {1}, "sqrt": {1}, "exp": {1}, "exp10": {1}, "log": {1}, "log10": {1}, "pow": {2}, "round": {1, 2},
	"number": {0, 1}, "sum": {1, 3}, "min": {0, 1, 3}, "max": {0, 1, 3}, "count-non-empty": {1, 3}, "date": {1}, "date-time": {1}, "today": {0}, "now": {0},
	"decimal-date-time": {1}, "decimal-time": {1}, "selected": {2}, "selected-at": {2}, "count-selected": {1}, "checklist": {3, 5},
	"weighted-checklist": {4, 6}, "boolean-from-string": {1}, "string": {0, 1}, "string-length": {0, 1}, "normalize-space": {0, 1}, "concat": {0, 3},
	"join": {1, 3}, "contains": {2}, "starts-with": {2}, "ends-with": {2}, "substr": {2, 3}, "substring": {2, 3}, "substring-before": {2},
	"substring-after": {2}, "translate": {3}, "format-date": {2}, "format-date-time": {2}, "jr:choice-name": {2}, "regex": {2},
}

var patterns = []string{
	`[0-9]+`, `^(a|b| )*$`, `(?i)AB|é`, `\d{4}-\d{2}-\d{2}(T.*)?`, `[\w-\.]+`, `.`, `(?s).*`, `a{0,3}?b*`, `(a*)*c`, `\bb\b.*`, `[^a-c]*`, `(?m)^x$|^$`, `\p{L}+`, `x?\n`, `(?:)`, `\x{1F600} b`, `\u00e9.`, `[[:upper:]]+`,
}

func drawTree(t *rapid.T, depth int) *expression.Tree {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	switch {
	case depth == 0 && kind < 3:
		return &expression.Tree{Op: "num", Number: drawNumbers.Draw(t, "number")}
	case depth == 0 && kind < 5:
		return &expression.Tree{Op: "str", Text: rapid.SampledFrom(naughty).Draw(t, "text")}
	case depth == 0 && kind < 6:
		return &expression.Tree{Op: rapid.SampledFrom([]string{"self", "node"}).Draw(t, "self")}
	case depth == 0:
		return &expression.Tree{Op: "ref", Text: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")}
	case kind < 5:
		return drawCall(t, depth-1)
	case kind == 5:
		return &expression.Tree{Op: "neg", Args: drawTrees(t, 1, depth-1)}
	}
	op := rapid.SampledFrom([]string{"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}).Draw(t, "operator")
	return &expression.Tree{Op: op, Args: drawTrees(t, 2, depth-1)}
}

func drawTrees(t *rapid.T, n, depth int) []*expression.Tree {
	var trees []*expression.Tree
	for range n {
		trees = append(trees, drawTree(t, rapid.IntRange(0, depth).Draw(t, "depth")))
	}
	return trees
}

func drawCall(t *rapid.T, depth int) *expression.Tree {
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(arities))).Draw(t, "function")
	call := &expression.Tree{Op: "call", Text: name, Args: drawTrees(t, rapid.SampledFrom(arities[name]).Draw(t, "values"), depth)}
	switch name {
	case "sum", "count-non-empty", "checklist":
		if rapid.Bool().Draw(t, "union") {
			call.Args = append(call.Args, &expression.Tree{Op: "|", Args: []*expression.Tree{{Op: "ref", Text: "a"}, {Op: "ref", Text: "b"}, {Op: "self"}}})
		}
	case "regex":
		call.Args[1] = &expression.Tree{Op: "str", Text: rapid.SampledFrom(patterns).Draw(t, "pattern")}
	case "jr:choice-name":
		call.Args[1] = &expression.Tree{Op: "str", Text: "${a}"}
	case "format-date", "format-date-time":
		call.Args[1] = &expression.Tree{Op: "str", Text: "%Y-%m-%d %H:%M:%S.%3 %a %b %e %n %y %h%%"}
	}
	return call
}

// TestBrowserLogicTwin: whatever the expression, the browser makes of it what the
// server makes of it.
func TestBrowserLogicTwin(t *testing.T) {
	browser := newBrowserLogic(t)
	rapid.Check(t, func(t *rapid.T) { drawTwins(t, browser) })
}

// FuzzBrowserLogicTwin is TestBrowserLogicTwin for as long as one likes.
func FuzzBrowserLogicTwin(f *testing.F) {
	browser := newBrowserLogic(f)
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { drawTwins(t, browser) }))
}

var twinZones = []string{"UTC", "Europe/London", "Asia/Kathmandu", "America/St_Johns"}

// drawTwins draws an expression, answers and a moment, and compares the two.
func drawTwins(t *rapid.T, browser *browserLogic) {
	drawn := drawTree(t, rapid.IntRange(0, 3).Draw(t, "levels"))
	tree, err := expression.Parse(drawn.String(), expression.SlotCalculation)
	if err != nil {
		t.Fatalf("Parse(%q) = %v", drawn.String(), err)
	}
	answers := map[string]string{}
	for _, name := range []string{"a", "b", "c"} {
		answers[name] = rapid.SampledFrom(naughty).Draw(t, name)
	}
	zone, err := time.LoadLocation(rapid.SampledFrom(twinZones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	env := &expression.Env{
		Answer: func(name string) string { return answers[name] },
		Self:   rapid.SampledFrom(naughty).Draw(t, "self"),
		Label:  func(question, code string) string { return strings.ToUpper(question + code) },
		Now:    time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_800_000_000_000).Draw(t, "now")), Zone: zone,
		Draw: func() float64 { return 0.37 },
	}
	compareTwins(t, browser, tree, env)
}

func compareTwins(t *rapid.T, browser *browserLogic, tree *expression.Tree, env *expression.Env) {
	want, err := tree.Eval(env)
	if err != nil {
		t.Fatalf("Eval(%s) = %v", tree, err)
	}
	truth, err1 := browser.call("truth", tree, env)
	text, err2 := browser.call("text", tree, env)
	number, err3 := browser.call("number", tree, env)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatalf("SoundingsLogic(%s) = %v", tree, err)
	}
	got, _ := asFloat(number)
	x, isNumber := asFloat(text)
	y, wantNumber := asFloat(want.String())
	sameText := text == want.String() || isNumber && wantNumber && sameNumber(x, y)
	if truth != want.Truth() || !sameText || !sameNumber(got, want.Float()) {
		t.Fatalf("%s = %v, %q, %v in the browser; %v, %q, %v on the server", tree, truth, text, number, want.Truth(), want.String(), want.Float())
	}
}

// TestBrowserLogicPatterns: a pattern finds in the browser what Go's engine finds.
func TestBrowserLogicPatterns(t *testing.T) {
	browser := newBrowserLogic(t)
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{
			"a", "b", "B", "k", "é", "😀", " ", `\n`, ".", "[ab]", "[^a]", `\w`, `\W`, `\s`, `\d`, `\b`, `\B`, "^", "$", `\A`, `\z`, "(", "(?:", "(?i)", "(?i:", "(?s)", "(?m)", "(?U)", ")", "|",
			"*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "[[:alpha:]]", `\pL`, `\x{1F600}`, `\Qa.b\E`, "[k-z]",
		})
		pattern := strings.Join(rapid.SliceOfN(piece, 0, 10).Draw(t, "pattern"), "")
		tree, err := expression.Parse("regex(., '"+pattern+"')", expression.SlotConstraint)
		if err != nil {
			t.Skip("no pattern")
		}
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "A", "K", "\u212a", "é", "É", "😀", " ", "\n", "1", ".", "_"}), 0, 8).Draw(t, "text"), "")
		env := &expression.Env{Answer: strings.ToUpper, Self: text}
		want, err := tree.Eval(env)
		if err != nil {
			t.Fatalf("Eval(%s) = %v", tree, err)
		}
		got, err := browser.call("truth", tree, env)
		if err != nil || got != want.Truth() {
			t.Fatalf("%q matches %q: %v, %v in the browser, %v on the server", pattern, text, got, err, want.Truth())
		}
	})
}

// TestBrowserLogicRunawayPattern: a pattern that would keep other engines busy for
// years is done at once, and for a text too long it gives up.
func TestBrowserLogicRunawayPattern(t *testing.T) {
	browser := newBrowserLogic(t)
	runaway, err := expression.Parse("regex(., '(a+)+(a|aa)*b')", expression.SlotConstraint)
	if err != nil {
		t.Fatal(err)
	}
	env := &expression.Env{Answer: strings.ToUpper, Self: strings.Repeat("a", 300)}
	if got, err := browser.call("truth", runaway, env); err != nil || got != false {
		t.Errorf("the runaway pattern gives %v, %v, want false", got, err)
	}
	env.Self = strings.Repeat("a", 20_000)
	if got, err := browser.call("truth", runaway, env); err == nil {
		t.Errorf("a text of 20,000 letters gives %v, want an error", got)
	}
}
