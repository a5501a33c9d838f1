package questionnaire_test

import (
	"testing"

	q "soundings/surveys/questionnaire"
)

// family is two scales, their sum, and one with a table.
func family() map[q.ItemID]*q.Scale {
	return map[q.ItemID]*q.Scale{
		"a":     {ID: "a", Items: []q.ItemID{"x", "y"}, Reverse: []q.ItemID{"y"}, Min: 0, Max: 2, Method: q.MethodSum},
		"b":     {ID: "b", Items: []q.ItemID{"z"}, Min: 1, Max: 5, Method: q.MethodMean, Multiply: 2},
		"total": {ID: "total", Of: []q.ItemID{"a", "b"}},
		"table": {ID: "table", Items: []q.ItemID{"x"}, Min: 0, Max: 2, Method: q.MethodSum, Table: []q.Lookup{{0, 3.5}, {1, 7}, {2, 5}}},
	}
}

func TestScale_Range(t *testing.T) {
	t.Parallel()
	scales := family()
	find := func(id q.ItemID) (*q.Scale, bool) { s, ok := scales[id]; return s, ok }
	for id, want := range map[q.ItemID][2]float64{"a": {0, 4}, "b": {2, 10}, "total": {2, 14}, "table": {3.5, 7}} {
		if low, high := scales[id].Range(find); low != want[0] || high != want[1] {
			t.Errorf("Range of %s = %v, %v, want %v", id, low, high, want)
		}
	}
	for variable, want := range map[q.ItemID]bool{"x": false, "y": true, "z": false} {
		if got := scales["total"].Reverses(variable, find); got != want {
			t.Errorf("total reverses %s = %t, want %t", variable, got, want)
		}
	}
}

func TestScale_Band(t *testing.T) {
	t.Parallel()
	s := q.Scale{Bands: []q.Band{{0, 4, q.Text{"en": "low"}}, {5, 9.5, q.Text{"en": "middle"}}, {10, 20, q.Text{"en": "high"}}}}
	for score, want := range map[float64]string{0: "low", 4: "low", 4.4: "low", 4.5: "middle", 9.5: "middle", 9.7: "high", 20: "high", 21: "", -1: ""} {
		if band, ok := s.Band(score); band.Label["en"] != want || ok != (want != "") {
			t.Errorf("Band(%v) = %q, %t, want %q", score, band.Label["en"], ok, want)
		}
	}
}
