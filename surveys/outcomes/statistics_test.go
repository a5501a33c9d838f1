package outcomes_test

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"soundings/surveys/outcomes"
)

// reference lets the same test read further sets that are kept elsewhere.
var reference = flag.String("reference", "testdata/statistics", "folder of reference sets")

// referenceSet is one expected.json: what another program computed from data.csv.
type referenceSet struct {
	Name    string
	Kind    string
	Params  referenceParams
	Figures []referenceFigure

	dir string
}

type referenceParams struct {
	Direction   string
	Min, Max    *float64
	Top         []float64
	Mid         *float64
	Items       []string
	Reverse     []string
	Score       string
	MinAnswered int `json:"min_answered"`
	Reliability *float64
}

// referenceFigure is one expected figure: a number, a method's name, or null for
// not estimable. Tol is relative.
type referenceFigure struct {
	Part, Key, Tier string
	Value           any
	Tol             float64
}

// TestReferenceFigures compares every core figure of every set, and those of the
// others that the package computes, with the figures of R. A core figure that the
// package does not know is a failure.
func TestReferenceFigures(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(*reference, "*", "expected.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no reference sets found (error %v)", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			t.Parallel()
			compareSet(t, readSet(t, path))
		})
	}
}

func compareSet(t *testing.T, set referenceSet) {
	t.Helper()
	got := computeSet(t, set)
	core := 0
	for _, f := range set.Figures {
		value, known := got[f.Part+" "+f.Key]
		if f.Tier == "core" {
			core++
			if !known {
				t.Errorf("%s %s: core figure that the test does not know", f.Part, f.Key)
				continue
			}
		}
		if known && !f.matches(value) {
			t.Errorf("%s %s = %v, want %v", f.Part, f.Key, value, f.Value)
		}
	}
	if core == 0 {
		t.Errorf("%s has no core figures", set.Name)
	}
}

// matches applies the tolerances that the reference material sets for itself.
func (f referenceFigure) matches(got any) bool {
	switch got := got.(type) {
	case outcomes.Method:
		want, _ := f.Value.(string)
		return want == string(got)
	case outcomes.Estimate:
		v, ok := got.Float()
		want, isNumber := f.Value.(float64)
		return ok == isNumber && (!ok || f.near(want, v))
	}
	return false
}

// near allows the relative tolerance of f. A p-value below 1e-30 may differ by
// 1e-6 of itself; any other figure that is 0 up to rounding by 1e-11.
func (f referenceFigure) near(want, got float64) bool {
	off := math.Abs(want - got)
	if off <= f.Tol*math.Abs(want) {
		return true
	}
	for _, suffix := range []string{".p", "_p", "_exact", "p_welch"} {
		if strings.HasSuffix(f.Key, suffix) {
			return want < 1e-30 && off <= 1e-6*want
		}
	}
	return off <= 1e-11
}

func readSet(t *testing.T, path string) referenceSet {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	set := referenceSet{dir: filepath.Dir(path)}
	if err := json.Unmarshal(data, &set); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	return set
}

// params returns what the set fixes before its data.
func (s referenceSet) params() outcomes.Params {
	return outcomes.Params{
		LowerIsBetter: s.Params.Direction == "lower",
		Min:           s.Params.Min,
		Max:           s.Params.Max,
		Top:           s.Params.Top,
		MinChange:     s.Params.Mid,
	}
}

// readRows reads a CSV file of the set, each row by its column names.
func (s referenceSet) readRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("read %s of %s: %v", name, s.Name, err)
	}
	rows := make([]map[string]string, 0, len(records))
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// number reads one CSV field; an empty one is an absent Number.
func number(t *testing.T, field string) outcomes.Number {
	t.Helper()
	if field == "" {
		return outcomes.Number{}
	}
	v, err := strconv.ParseFloat(field, 64)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes.Num(v)
}
