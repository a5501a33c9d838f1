package app

import (
	"testing"

	"soundings/surveys"
)

func TestPlaceIsNamedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ institution, cohort, want string }{
		{"Brookfield Primary", "Class 5B", "Brookfield Primary · Class 5B"},
		{"Brookfield Primary", "Brookfield Primary", "Brookfield Primary"},
		{"", "Class 5B", "Class 5B"},
	} {
		v := visit{Invitation: surveys.Invitation{Institution: tt.institution, Cohort: surveys.Cohort{Name: tt.cohort}}}
		if got := place(v); got != tt.want {
			t.Errorf("place = %q, want %q", got, tt.want)
		}
	}
}
