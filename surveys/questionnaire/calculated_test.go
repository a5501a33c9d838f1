package questionnaire_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	q "soundings/surveys/questionnaire"
)

// A text that doubles from one calculation to the next ends where the longest
// answer does, in whole characters.
func TestValue_CalculatedAtMost(t *testing.T) {
	t.Parallel()
	in := publish(t, define(short("w"), calculated("two", "concat(${w}, ${w})"),
		calculated("double", "concat(${two}, ${two})"), calculated("again", "concat(${double}, ${double})")))
	long := strings.Repeat("é", q.LongTextLimit/4+1)
	for variable, want := range map[q.ItemID]int{"two": q.LongTextLimit/2 + 2, "double": q.LongTextLimit, "again": q.LongTextLimit} {
		got := in.Walk(morning, q.Answers{"w": text(long)}).Value(variable).Text
		if got != strings.Repeat("é", want) {
			t.Errorf("%s has %d characters, want %d", variable, utf8.RuneCountInString(got), want)
		}
	}
}
