package disclosure_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/disclosure"
)

// TestAudit holds the cases of the check that the reference data come with, worked
// out there by integer programming.
func TestAudit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		shown  map[string]int
		to     int
		hidden map[string][2]int
		sums   [][]string
		want   string // of the first hidden by name
	}{
		{"one_hidden", map[string]int{"A": 12, "C": 15, "All": 30}, 1, map[string][2]int{"B": {0, disclosure.Unknown}},
			[][]string{{"All", "A", "B", "C"}}, "B: 3 to 3"},
		{"two_hidden", map[string]int{"A": 12, "All": 30}, 1, map[string][2]int{"B": {0, disclosure.Unknown}, "C": {0, disclosure.Unknown}},
			[][]string{{"All", "A", "B", "C"}}, "B: 0 to 18"},
		{"the_sign_says", map[string]int{"A": 12, "All": 15}, 1, map[string][2]int{"B": {1, 4}, "C": {1, 4}},
			[][]string{{"All", "A", "B", "C"}}, "B: 1 to 2"},
		{"one_in_each_row_and_column", map[string]int{"a2": 9, "aT": 12, "b2": 8, "bT": 14, "T1": 9, "T2": 17, "TT": 26}, 1,
			map[string][2]int{"a1": {0, disclosure.Unknown}, "b1": {0, disclosure.Unknown}},
			[][]string{{"aT", "a1", "a2"}, {"bT", "b1", "b2"}, {"T1", "a1", "b1"}, {"T2", "a2", "b2"}, {"TT", "aT", "bT"}}, "a1: 3 to 3"},
		{"rounded", map[string]int{"A": 10, "C": 15, "All": 30}, 5, map[string][2]int{"B": {0, disclosure.Unknown}},
			[][]string{{"All", "A", "B", "C"}}, "B: 0 to 11"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var table disclosure.Table
			for name, n := range test.shown {
				table.ShowRounded(name, n, test.to)
			}
			for name, bounds := range test.hidden {
				table.Hide(name, bounds[0], bounds[1])
			}
			for _, sum := range test.sums {
				table.Sum(sum[0], sum[1:]...)
			}
			found, err := table.Audit()
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(found, func(a, b disclosure.Finding) int { return len(a.Name) - len(b.Name) + compare(a.Name, b.Name) })
			if got := found[0].String(); got != test.want {
				t.Errorf("Audit = %v, want first %s", found, test.want)
			}
		})
	}
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func TestAuditContradiction(t *testing.T) {
	t.Parallel()
	var table disclosure.Table
	table.Show("all", 3)
	table.Show("a", 5)
	table.Hide("b", 0, disclosure.Unknown)
	table.Sum("all", "a", "b")
	if _, err := table.Audit(); !errors.Is(err, disclosure.ErrContradiction) {
		t.Errorf("Audit: error = %v, want a contradiction", err)
	}
}

// TestPropertyAudit: every bound is what trying all numbers finds, in tables of two
// by two with margins of which some are hidden.
func TestPropertyAudit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		to := rapid.SampledFrom([]int{1, 3}).Draw(rt, "to")
		names := []string{"a1", "a2", "b1", "b2", "a", "b", "1", "2", "all"}
		counts := map[string]int{}
		for _, name := range names[:4] {
			counts[name] = rapid.IntRange(0, 4).Draw(rt, name)
		}
		for _, r := range []string{"a", "b"} {
			for _, c := range []string{"1", "2"} {
				n := counts[r+c]
				counts[r], counts[c], counts["all"] = counts[r]+n, counts[c]+n, counts["all"]+n
			}
		}
		var table disclosure.Table
		var hidden []string
		shown := map[string]int{}
		for _, name := range names {
			if rapid.Bool().Draw(rt, "hide "+name) {
				table.Hide(name, 0, 4*cellsOf[name])
				hidden = append(hidden, name)
				continue
			}
			shown[name] = (counts[name] + to/2) / to * to
			table.ShowRounded(name, shown[name], to)
		}
		table.Sum("a", "a1", "a2")
		table.Sum("b", "b1", "b2")
		table.Sum("1", "a1", "b1")
		table.Sum("2", "a2", "b2")
		table.Sum("all", "a", "b")
		found, err := table.Audit()
		if err != nil {
			rt.Fatal(err)
		}
		want := tryAll(names, hidden, shown, to)
		for _, f := range found {
			if got := [2]int{f.Low, f.High}; got != want[f.Name] {
				rt.Errorf("%v, want %v (shown %v)", f, want[f.Name], shown)
			}
		}
	})
}

// cellsOf is how many cells lie within each count of a table of two by two; one
// has 0 to 4 people.
var cellsOf = map[string]int{"a1": 1, "a2": 1, "b1": 1, "b2": 1, "a": 2, "b": 2, "1": 2, "2": 2, "all": 4}

// tryAll finds the bounds of the hidden cells by trying every table.
func tryAll(names, hidden []string, shown map[string]int, to int) map[string][2]int {
	bounds := map[string][2]int{}
	for n := range 5 * 5 * 5 * 5 {
		c := map[string]int{"a1": n % 5, "a2": n / 5 % 5, "b1": n / 25 % 5, "b2": n / 125}
		c["a"], c["b"], c["1"], c["2"] = c["a1"]+c["a2"], c["b1"]+c["b2"], c["a1"]+c["b1"], c["a2"]+c["b2"]
		c["all"] = c["a"] + c["b"]
		fits := !slices.ContainsFunc(names, func(name string) bool {
			v, ok := shown[name]
			return ok && (c[name] < v-to/2 || c[name] > v+to/2)
		})
		if !fits {
			continue
		}
		for _, name := range hidden {
			b, ok := bounds[name]
			if !ok {
				b = [2]int{c[name], c[name]}
			}
			bounds[name] = [2]int{min(b[0], c[name]), max(b[1], c[name])}
		}
	}
	return bounds
}

// BenchmarkAudit: 51 institutions by 12 months with margins, rounded to 5, a third
// hidden.
func BenchmarkAudit(b *testing.B) {
	var table disclosure.Table
	months := make([][]string, 12)
	var all []string
	for i := range 51 {
		var row []string
		total := 0
		for m := range 12 {
			name, n := fmt.Sprintf("%d/%d", i, m), (i*7+m*5)%30
			row, total = append(row, name), total+n
			months[m] = append(months[m], name)
			if n < 10 {
				table.Hide(name, 0, disclosure.Unknown)
			} else {
				table.ShowRounded(name, (n+2)/5*5, 5)
			}
		}
		school := fmt.Sprint("school", i)
		table.ShowRounded(school, (total+2)/5*5, 5)
		table.Sum(school, row...)
		all = append(all, school)
	}
	for m := range months {
		table.Sum(fmt.Sprint("month", m), months[m]...)
	}
	table.Sum("all", all...)
	for b.Loop() {
		if _, err := table.Audit(); err != nil {
			b.Fatal(err)
		}
	}
}
