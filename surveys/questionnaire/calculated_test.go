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

// What is made of somebody's words is open, however many calculations are between
// and in whatever order they stand; numbers made of numbers are not.
func TestCalculatedOpen(t *testing.T) {
	t.Parallel()
	in := publish(t, define(calculated("last", "concat(${middle}, '!')"), calculated("middle", "concat(${first}, ${n})"), calculated("first", "${w}"),
		calculated("sum", "${n} + ${n2}"), calculated("n2", "${n} * 2"), short("w"), q.Item{ID: "n", Kind: q.KindNumber, Label: q.Text{"en": "How many?"}}))
	for id, want := range map[q.ItemID]bool{"last": true, "middle": true, "first": true, "sum": false, "n2": false} {
		if got := variable(t, in, id).Open; got != want {
			t.Errorf("%s is open: %t, want %t", id, got, want)
		}
	}
}
