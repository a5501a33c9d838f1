package surveys_test

import (
	"testing"

	"soundings/surveys"
)

func TestProfileSmallest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		profile  surveys.Profile
		smallest int
		want     int
	}{
		{surveys.ProfileRows, 5, 1}, {surveys.ProfileInternal, 5, 5}, {surveys.ProfileInternal, 0, 1},
		{surveys.ProfilePublished, 5, 10}, {surveys.ProfilePublished, 12, 12},
	} {
		if got := test.profile.Smallest(surveys.Programme{SmallestGroup: test.smallest}); got != test.want {
			t.Errorf("Smallest(%q, %d) = %d, want %d", test.profile, test.smallest, got, test.want)
		}
	}
}
