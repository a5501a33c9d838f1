package exports

import (
	"slices"
	"testing"

	"soundings/surveys/outcomes"
)

func TestPicked(t *testing.T) {
	for want, rows := range map[string][]int{
		"'A b'!$C$5:$C$7":                     {5, 6, 7},
		"('A b'!$C$5:$C$5,'A b'!$C$7:$C$8)":   {5, 7, 8},
		"('A b'!$C$5:$C$6,'A b'!$C$9:$C$9)":   {5, 6, 9},
		"('A b'!$C$21:$C$21,'A b'!$C$3:$C$3)": {21, 3},
	} {
		if got := (picked{"A b", 3, rows}).String(); got != want {
			t.Errorf("rows %v are %s, want %s", rows, got, want)
		}
	}
}

// TestHiddenMeasureHasNoBar: a bar shows what is known of a measure; of nothing there
// is none.
func TestHiddenMeasureHasNoBar(t *testing.T) {
	hidden := outcomes.NotEstimable(outcomes.Suppressed)
	c := frame(chartMoved, &outcomes.Report{People: "parents"})
	c.bar("All hidden", hidden, hidden, hidden)
	c.bar("Some hidden", outcomes.Est(60), hidden, hidden)
	c.bar("All shown", outcomes.Est(60), outcomes.Est(30), outcomes.Est(10))
	var labels []string
	for _, bar := range c.Bars {
		labels = append(labels, bar.Label)
	}
	if !slices.Equal(labels, []string{"Some hidden", "All shown"}) {
		t.Errorf("bars are %q", labels)
	}
	if parts := c.Bars[0].Parts; !slices.Equal(parts, []float64{60, 0, 0, 40}) {
		t.Errorf("the parts of a bar with hidden ones are %v", parts)
	}
}
