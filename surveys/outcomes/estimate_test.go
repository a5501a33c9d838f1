package outcomes_test

import (
	"encoding/json"
	"math"
	"testing"

	"soundings/surveys/outcomes"
)

func TestEstimate_JSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		estimate outcomes.Estimate
		want     string
	}{
		{"full precision", outcomes.Est(1.0 / 3), "0.3333333333333333"},
		{"tiny", outcomes.Est(3.25e-304), "3.25e-304"},
		{"zero", outcomes.Est(0), "0"},
		{"minus zero", outcomes.Est(math.Copysign(0, -1)), "0"},
		{"withheld", outcomes.NotEstimable(outcomes.NoPairs), `{"not_estimable":"no_pairs"}`},
		{"not a number", outcomes.Est(math.NaN()), `{"not_estimable":"out_of_range"}`},
		{"infinite", outcomes.Est(math.Inf(-1)), `{"not_estimable":"out_of_range"}`},
		{"never computed", outcomes.Estimate{}, `{"not_estimable":"not_applicable"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.estimate)
			if err != nil || string(got) != tt.want {
				t.Fatalf("Marshal(%v) = %s, %v, want %s", tt.estimate, got, err, tt.want)
			}
			var back outcomes.Estimate
			if err := json.Unmarshal(got, &back); err != nil || !back.Equal(tt.estimate) {
				t.Errorf("Unmarshal(%s) = %v, %v, want %v", got, back, err, tt.estimate)
			}
		})
	}
}

func TestEstimate_UnmarshalJSON_refuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"null", `""`, `"3"`, "{}", `{"not_estimable":""}`, "[1]", "true"} {
		var e outcomes.Estimate
		if err := json.Unmarshal([]byte(text), &e); err == nil {
			t.Errorf("Unmarshal(%s) = %v, want an error", text, e)
		}
	}
}

func TestEstimate_String(t *testing.T) {
	t.Parallel()
	if got := outcomes.Est(1.5).String(); got != "1.5" {
		t.Errorf("String() = %q, want 1.5", got)
	}
	if got := outcomes.NotEstimable(outcomes.ZeroVariance).String(); got != "not estimable: zero_variance" {
		t.Errorf("String() = %q, want the reason", got)
	}
	if v, ok := outcomes.NotEstimable(outcomes.NoPairs).Float(); ok || v != 0 {
		t.Errorf("Float() of a withheld figure = %v, %v, want 0, false", v, ok)
	}
}
