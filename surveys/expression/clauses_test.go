package expression_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/expression"
)

func TestClauses(t *testing.T) {
	t.Parallel()
	type clause = expression.Clause
	tests := []struct {
		source string
		all    bool
		want   []clause // nil: says more than clauses can
	}{
		{"${a} = 'yes'", true, []clause{{Name: "a", Is: expression.Is, Value: "yes"}}},
		{"${a} != 1 and not(selected(${b}, 'x'))", true, []clause{{Name: "a", Is: expression.IsNot, Value: "1", Number: true}, {Name: "b", Is: expression.Excludes, Value: "x"}}},
		{"selected(${b}, 'x') or ${c} >= -2.50", false, []clause{{Name: "b", Is: expression.Includes, Value: "x"}, {Name: "c", Is: expression.AtLeast, Value: "-2.5", Number: true}}},
		{"${a} != '' and ${b} = ''", true, []clause{{Name: "a", Is: expression.Answered}, {Name: "b", Is: expression.NotAnswered}}},
		{". > 0 and . <= '2026-03-07'", true, []clause{{Name: ".", Is: expression.More, Value: "0", Number: true}, {Name: ".", Is: expression.AtMost, Value: "2026-03-07"}}},
		{"(${a} = 'x') and ((${b} < 3))", true, []clause{{Name: "a", Is: expression.Is, Value: "x"}, {Name: "b", Is: expression.Less, Value: "3", Number: true}}},
		{"${a} = 'x' and (${b} = 'y' or ${c} = 'z')", false, nil},
		{"${a} = ${b}", false, nil},
		{"'x' = ${a}", false, nil},
		{"not(${a} = 'x')", false, nil},
		{"${a}", false, nil},
		{"${a} + 1", false, nil},
		{"true()", false, nil},
		{"${a} = concat('x', ${b})", false, nil},
	}
	for _, tt := range tests {
		all, got, ok := expression.Clauses(mustParse(t, tt.source))
		if diff := cmp.Diff(tt.want, got); ok != (tt.want != nil) || ok && all != tt.all || diff != "" {
			t.Errorf("Clauses(%q) = %v, %v, %v, want %v (-want +got):\n%s", tt.source, all, got, ok, tt.all, diff)
		}
	}
}

func TestFromClauses(t *testing.T) {
	t.Parallel()
	got := expression.FromClauses(false, []expression.Clause{
		{Name: "a", Is: expression.Is, Value: "it's"}, {Name: "b", Is: expression.AtLeast, Value: "5", Number: true},
		{Name: "c", Is: expression.Excludes, Value: `'"`}, {Name: "d", Is: expression.Answered, Value: "ignored"}, {Name: "e", Is: expression.More, Value: "x) or (1", Number: true},
	})
	want := `${a} = "it's" or ${b} >= 5 or not(selected(${c}, concat('', "'", '"'))) or ${d} != '' or ${e} > 'x) or (1'`
	if got != want {
		t.Errorf("FromClauses = %s\nwant %s", got, want)
	}
	if got := expression.FromClauses(true, nil); got != "" {
		t.Errorf("FromClauses of none = %q, want nothing", got)
	}
}

// What the editor writes, it reads back.
func TestClausesRoundTrip(t *testing.T) {
	t.Parallel()
	drawClause := rapid.Custom(func(t *rapid.T) expression.Clause {
		c := expression.Clause{
			Name: rapid.OneOf(rapid.Just("."), rapid.StringMatching(`[a-z][a-z0-9_]{0,8}`)).Draw(t, "name"),
			Is:   rapid.SampledFrom(expression.Comparisons).Draw(t, "is"),
		}
		switch c.Is {
		case expression.Answered, expression.NotAnswered:
			return c
		}
		if c.Number = rapid.Bool().Draw(t, "number"); c.Number {
			c.Value = rapid.StringMatching(`-?(0|[1-9][0-9]{0,6})(\.[0-9]{0,3}[1-9])?`).Filter(func(s string) bool { return s != "-0" }).Draw(t, "digits")
			return c
		}
		c.Value = rapid.OneOf(rapid.StringN(1, 12, -1), rapid.SampledFrom([]string{`'`, `"`, `'"'`, "a b", "${x}", "</script>", "\u201d"})).Draw(t, "value")
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(drawClause, 1, 5).Draw(t, "clauses")
		wantAll := rapid.Bool().Draw(t, "all") || len(want) == 1
		source := expression.FromClauses(wantAll, want)
		tree, err := expression.Parse(source, expression.SlotConstraint)
		if err != nil {
			t.Fatalf("Parse(%q) = %v", source, err)
		}
		all, got, ok := expression.Clauses(tree)
		if diff := cmp.Diff(want, got); !ok || all != wantAll || diff != "" {
			t.Fatalf("Clauses(%q) = %v, %v (-want +got):\n%s", source, all, ok, diff)
		}
		if again := expression.FromClauses(all, got); again != source {
			t.Fatalf("FromClauses = %q, want %q", again, source)
		}
	})
}
