package exports

import "testing"

// TestWithExponent: a number keeps its value, and is one that Excel can hold.
func TestWithExponent(t *testing.T) {
	t.Parallel()
	zeros := make([]byte, 320)
	for i := range zeros {
		zeros[i] = '0'
	}
	for cell, want := range map[string]string{
		"<v>0.00000000000000000000123</v>":     "<v>1.23E-21</v>",
		"<v>-0.00000000000000000000123</v>":    "<v>-1.23E-21</v>",
		"<v>0." + string(zeros) + "4</v>":      "<v>1E-300</v>",
		"<v>0.00012</v>":                       "<v>0.00012</v>",
		"<t>0.00000000000000000000123</t>":     "<t>0.00000000000000000000123</t>",
		"<v>10.00000000000000000000000123</v>": "<v>10.00000000000000000000000123</v>",
	} {
		if got := string(tinyNumber.ReplaceAllFunc([]byte(cell), withExponent)); got != want {
			t.Errorf("%s became %s, want %s", cell, got, want)
		}
	}
}
