package sheets_test

import (
	"testing"

	"soundings/surveys/sheets"
)

func TestGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+44 20": "'+44 20", "-": "'-", "@SUM(1)": "'@SUM(1)", "\ttab": "'\ttab", "\r=": "'\r=", "\n=": "'\n=",
		"'": "'", "'quoted'": "'quoted'", "'=1": "''=1", "''-": "'''-", "007": "007", " =1": " =1",
	} {
		if got := sheets.Guarded(text); got != want {
			t.Errorf("Guarded(%q) = %q, want %q", text, got, want)
		}
		if got := sheets.Unguarded(want); got != text {
			t.Errorf("Unguarded(%q) = %q, want %q", want, got, text)
		}
	}
}
