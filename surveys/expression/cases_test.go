package expression_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"soundings/surveys/expression"
)

// caseFile is the shape of reference/xlsform/expressions.json as far as it is used.
type caseFile struct {
	Now   time.Time  `json:"now"`
	Items []caseItem `json:"items"`
}

type caseItem struct {
	ID         string            `json:"id"`
	Column     string            `json:"column"`
	Expr       string            `json:"expr"`
	Self       string            `json:"self"`
	Answers    map[string]string `json:"answers"`
	ResultType string            `json:"result_type"`
	Expect     any               `json:"expect"`
	AsText     any               `json:"expect_as_text"`
	WholeMatch any               `json:"expect_whole_match"`
	Flags      []string          `json:"flags"`
}

// readCases reads the shared cases: each expression with answers, and what ODK's
// reference evaluator in a browser made of it.
func readCases(t *testing.T) (caseFile, *time.Location) {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash("../../../shared/reference/xlsform/expressions.json"))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("reference/xlsform is absent: the shared cases are not run")
	}
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		caseFile
		Now string `json:"now"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/Phoenix")
	if err != nil {
		t.Fatal(err)
	}
	file.caseFile.Now = time.Date(2026, 1, 15, 10, 30, 0, 0, zone)
	if len(file.Items) < 1000 {
		t.Fatalf("expressions.json has %d cases, want more than 1000", len(file.Items))
	}
	return file.caseFile, zone
}

func (c caseItem) slot() expression.Slot {
	slots := map[string]expression.Slot{
		"relevant": expression.SlotRelevant, "required": expression.SlotRequired, "constraint": expression.SlotConstraint,
		"calculation": expression.SlotCalculation, "": expression.SlotCalculation,
	}
	slot, ok := slots[c.Column]
	if !ok {
		panic("unknown column " + c.Column)
	}
	return slot
}

// accepted lists what may come out: where XPath with nodes and the text rule
// differ, or matching anywhere and matching the whole text, either is right.
func (c caseItem) accepted() []any {
	want := []any{c.Expect}
	if c.AsText != nil {
		want = append(want, c.AsText)
	}
	if c.WholeMatch != nil {
		want = append(want, c.WholeMatch)
	}
	for _, flag := range c.Flags {
		if flag == "engine_specific" && c.Expect == "Invalid Date" {
			want = append(want, "") // a date that is none has no text here
		}
	}
	return want
}

// same compares a result with what a case expects; numbers to nine digits.
func same(got, want any) bool {
	x, isNumber := got.(float64)
	if !isNumber {
		return got == want
	}
	y, ok := want.(float64)
	if !ok {
		if _, err := fmt.Sscan(want.(string), &y); err != nil {
			return false
		}
	}
	return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(y))
}

func TestEvalSharedCases(t *testing.T) {
	file, zone := readCases(t)
	for _, c := range file.Items {
		t.Run(c.ID, func(t *testing.T) {
			tree, err := expression.Parse(c.Expr, c.slot())
			if c.ResultType == "error" {
				if err == nil {
					t.Errorf("Parse(%q) took it, want an error", c.Expr)
				}
				return
			}
			if err != nil {
				t.Fatalf("Parse(%q) = %v", c.Expr, err)
			}
			value, err := tree.Eval(&expression.Env{
				Answer: func(name string) string { return c.Answers[name] },
				Self:   c.Self, Now: file.Now, Zone: zone,
			})
			if err != nil {
				t.Fatalf("Eval(%q) = %v", c.Expr, err)
			}
			got := map[string]any{"boolean": value.Truth(), "number": value.Float(), "string": value.String()}[c.ResultType]
			for _, want := range c.accepted() {
				if same(got, want) {
					return
				}
			}
			t.Errorf("Eval(%q) with %q and . = %q = %#v, want one of %#v", c.Expr, c.Answers, c.Self, got, c.accepted())
		})
	}
}
