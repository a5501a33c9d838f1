package exports

import (
	"testing"

	"soundings/surveys/questionnaire"
)

// TestTallySaysWhatIsUnusable counts every reason once: what nobody can use on
// paper is passed over, and told apart in the note.
func TestTallySaysWhatIsUnusable(t *testing.T) {
	t.Parallel()
	var counts tally
	if words := counts.unusable(); words != "" {
		t.Errorf("unusable of nothing = %q", words)
	}
	for _, missing := range []questionnaire.Missing{questionnaire.Answered, questionnaire.NotReached, questionnaire.Illegible, questionnaire.Illegible, questionnaire.Ambiguous} {
		counts.add(missing)
	}
	if counts.answered != 1 || counts.notReached != 4 {
		t.Errorf("counts = %+v, want 1 answered, 4 passed over", counts)
	}
	if got, want := counts.unusable(), "Of those passed over, on paper: 2 could not be read, 1 had two boxes ticked"; got != want {
		t.Errorf("unusable = %q, want %q", got, want)
	}
}
