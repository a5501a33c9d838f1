package app

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var isoForm = regexp.MustCompile(`^[0-9]{1,4}(-[0-9]*){0,2}(T.*)?$`)

// FuzzKeyedDate reads what may be keyed of a date and a time: never a panic, never
// text that is no UTF-8, and eight digits always come to a date in ISO form.
func FuzzKeyedDate(f *testing.F) {
	for _, seed := range []string{"07032026", "7.3.2026", "7/3/26", "2026-03-07", "070320260930", "0", "", "٠٧٠٣٢٠٢٦", "\x00\xff", "99999999", "7 3", "7 3 2026 9 30", "12345678901234567890"} {
		f.Add(seed)
	}
	orders := [][]string{{precisionDay, precisionMonth, precisionYear}, {precisionMonth, precisionYear}, {precisionYear}, {precisionDay, precisionMonth, precisionYear, pieceTime}, {precisionYear, precisionMonth, precisionDay}}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, order := range orders {
			text := dateOf(typed, order)
			if utf8.ValidString(typed) && !utf8.ValidString(text) {
				t.Errorf("dateOf(%q, %v) = %q, no text", typed, order, text)
			}
			if len(typed) == 8 && onlyDigits(typed) == typed && !isoForm.MatchString(text) {
				t.Errorf("dateOf(%q, %v) = %q, want a date", typed, order, text)
			}
		}
		if clock := clockOf(typed); clock != typed && len(clock) != len("00:00") {
			t.Errorf("clockOf(%q) = %q, want a time or what was typed", typed, clock)
		}
		if day := isoDay(typed); day != strings.TrimSpace(typed) && !isoForm.MatchString(day) {
			t.Errorf("isoDay(%q) = %q, want a day or what was typed", typed, day)
		}
	})
}

func TestKeyedDate(t *testing.T) {
	t.Parallel()
	day, month := []string{precisionDay, precisionMonth, precisionYear}, []string{precisionMonth, precisionYear}
	for _, tt := range []struct {
		typed string
		order []string
		want  string
	}{
		{"07032026", day, "2026-03-07"},
		{"7.3.2026", day, "2026-3-7"},
		{"7 3 2026", day, "2026-3-7"},
		{"2026-03-07", day, "2026-03-07"},
		{"032026", month, "2026-03"},
		{"3/2026", month, "2026-3"},
		{"2026", []string{precisionYear}, "2026"},
		{"070320260930", append(append([]string{}, day...), pieceTime), "2026-03-07T09:30"},
		{"7.3.2026 9:30", append(append([]string{}, day...), pieceTime), "2026-3-7T09:30"},
		{"soon", day, "soon"},
	} {
		if got := dateOf(tt.typed, tt.order); got != tt.want {
			t.Errorf("dateOf(%q, %v) = %q, want %q", tt.typed, tt.order, got, tt.want)
		}
	}
}

// TestPaperKeys gives every choice a key of its own.
func TestPaperKeys(t *testing.T) {
	t.Parallel()
	many := numbered(1, 40)
	for _, tt := range []struct {
		name  string
		field fieldView
		want  []string
	}{
		{"codes that are digits", fieldView{Choices: []choiceView{{Value: "5"}, {Value: "4"}, {Value: "dk", Apart: true}}}, []string{"5", "4", "1"}},
		{"codes that are words", fieldView{Choices: []choiceView{{Value: "bus"}, {Value: "foot"}, {Value: "no", Apart: true}}}, []string{"1", "2", "3"}},
		{"to ten", fieldView{Choices: append(ladder("", ""), choiceView{Value: "no", Apart: true})}, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "a"}},
		{"consent", fieldView{Kind: "consent", Choices: []choiceView{{Value: "yes"}, {Value: "no"}}}, []string{"y", "n"}},
	} {
		got := paperKeys(tt.field)
		if len(got) != len(tt.want) {
			t.Fatalf("%s: keys %q, want %q", tt.name, got, tt.want)
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: keys %q, want %q", tt.name, got, tt.want)
			}
		}
	}
	seen := map[string]bool{}
	for _, key := range paperKeys(fieldView{Choices: many}) {
		if seen[key] {
			t.Errorf("the key %s is there twice", key)
		}
		seen[key] = true
	}
}
