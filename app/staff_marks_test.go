package app_test

import (
	"testing"

	"soundings/app"
)

func TestMayName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		words string
		want  bool
	}{
		{"It helped me to calm down.", false},
		{"I think I'm calmer. Now I breathe.", false},
		{"My teacher Mrs Marlow was kind.", true},
		{"Ring me on 07700 900751.", true},
		{"Write to me@example.org please.", true},
		{"We did 12 games in 2 hours", false},
		{"الألعاب كانت ممتعة", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := app.MayName(tt.words); got != tt.want {
			t.Errorf("MayName(%q) = %v, want %v", tt.words, got, tt.want)
		}
	}
}

// TestMayConcern has the made-up answers of the reference programme that a
// safeguarding lead should see, and some that none needs to.
func TestMayConcern(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"I am worried about a child in my group, she has bruises on her arms.": true,
		"He hit me again last week and I do not know what to do.":              true,
		"I am scared of him when he gets angry and the kids see it.":           true,
		"I do not feel safe at home.":                                          true,
		"I hurt myself when it gets too much.":                                 true,
		"My uncle makes me keep secrets I do not like.":                        true,
		"Some days I think everyone would be better off without me.":           true,
		"Someone in my class touches me and I told nobody.":                    true,
		"There is no food at home at weekends.":                                true,
		"I liked the games and the breathing.":                                 false,
		"I cut out the cards and laminated them.":                              false,
		"": false,
	}
	for words, want := range tests {
		if got := app.MayConcern(words); got != want {
			t.Errorf("MayConcern(%q) = %v, want %v", words, got, want)
		}
	}
}

func TestIDOf(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Pupils, Year 5": "pupils_year_5", "5 pupils": "pupils", "الأهل": "strand", "": "strand",
		"A very long title of a strand that goes on": "a_very_long_title_of_a_stran",
	}
	for words, want := range tests {
		if got := app.IDOf(words); got != want {
			t.Errorf("IDOf(%q) = %q, want %q", words, got, want)
		}
	}
}
