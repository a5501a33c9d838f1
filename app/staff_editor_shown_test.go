package app

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestTouched tells what a person changed from what they were only shown, where
// somebody else has changed the score of a choice meanwhile.
func TestTouched(t *testing.T) {
	showing := func(score string) *binder {
		b := &binder{}
		b.add(control{Name: "label.en", Value: "Which?"})
		b.add(control{Name: "required", Kind: "check", Value: "on"})
		b.add(control{Name: "choices", Kind: "list", List: &controlList{Name: "choices", Rows: []listRow{
			{Was: "yes", Controls: []control{{Name: "choices.0.score", Value: score}}},
		}}})
		return b
	}
	shown, now := showing("1"), showing("2")
	for name, test := range map[string]struct {
		change url.Values // of what a browser posts
		want   string     // names that are left
		meets  bool
	}{
		"nothing":                   {nil, "", false},
		"lines to paste":            {url.Values{"choices.paste": {"No"}}, "", false},
		"another field":             {url.Values{"label.en": {"Which one?"}}, "label.en", false},
		"a box taken back":          {url.Values{"required": nil}, "required required.shown", false},
		"the same list":             {url.Values{"choices.0.score": {"3"}}, "choices.0.score choices.0.was choices.count choices.paste", true},
		"a row of the list moved":   {url.Values{"do": {"up:choices:0"}}, "choices.0.score choices.0.was choices.count choices.paste", true},
		"something else acted upon": {url.Values{"do": {"add:rows"}}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			posted := url.Values{
				"marks": {shown.marks()}, "label.en": {"Which?"}, "required.shown": {"1"}, "required": {"on"},
				"choices.count": {"1"}, "choices.0.was": {"yes"}, "choices.0.score": {"1"}, "choices.paste": {""},
			}
			maps.Copy(posted, test.change)
			left, meets := now.touched(posted)
			delete(left, "marks")
			delete(left, "do")
			if got := strings.Join(slices.Sorted(maps.Keys(left)), " "); got != test.want || meets != test.meets {
				t.Errorf("left %q, meets %v; want %q, %v", got, meets, test.want, test.meets)
			}
		})
	}
}
