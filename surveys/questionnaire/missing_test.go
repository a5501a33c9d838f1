package questionnaire_test

import (
	"testing"

	"soundings/surveys/questionnaire"
)

// TestReasonsComeBack: every reason has words of its own, which are read again.
func TestReasonsComeBack(t *testing.T) {
	t.Parallel()
	for _, reason := range []questionnaire.Missing{
		questionnaire.NotAsked, questionnaire.NotReached, questionnaire.Declined, questionnaire.DontKnow,
		questionnaire.Withdrawn, questionnaire.Illegible, questionnaire.Ambiguous,
	} {
		if got, ok := questionnaire.MissingIn(reason.Bracketed()); !ok || got != reason {
			t.Errorf("MissingIn(%q) = %q, %v, want %q", reason.Bracketed(), got, ok, reason)
		}
	}
	for _, text := range []string{"", "not asked", "[not asked", "Yes"} {
		if got, ok := questionnaire.MissingIn(text); ok {
			t.Errorf("MissingIn(%q) = %q, want none", text, got)
		}
	}
}
