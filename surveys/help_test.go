package surveys_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestCheckHelp(t *testing.T) {
	t.Parallel()
	line := func(number, web string) surveys.Help {
		return surveys.Help{Checked: "2026-03-02", Lines: []surveys.HelpLine{{}, {Name: questionnaire.Text{"en": "Childline"}, Number: number, Web: web}}}
	}
	for name, tt := range map[string]struct {
		help surveys.Help
		want string // control; "" is none
	}{
		"nothing":             {surveys.Help{}, ""},
		"only empty lines":    {surveys.Help{Lines: make([]surveys.HelpLine, 5)}, ""},
		"suggestions":         {surveys.Help{Lines: surveys.SuggestedHelp(), Checked: "2026-03-02"}, ""},
		"not confirmed":       {surveys.Help{Lines: surveys.SuggestedHelp()}, "checked"},
		"abroad":              {line("+44 (0)800 1111", ""), ""},
		"web alone":           {line("", "https://www.childline.org.uk"), ""},
		"neither":             {line("", ""), "lines[1].number"},
		"words for a number":  {line("call us", ""), "lines[1].number"},
		"two digits":          {line("99", ""), "lines[1].number"},
		"a script":            {line("", "javascript:alert(1)"), "lines[1].web"},
		"not encrypted":       {line("", "http://childline.org.uk"), "lines[1].web"},
		"somebody's name":     {line("", "https://a@childline.org.uk"), "lines[1].web"},
		"no host":             {line("", "https:///x"), "lines[1].web"},
		"no English":          {surveys.Help{Checked: "2026-03-02", Lines: []surveys.HelpLine{{Name: questionnaire.Text{"ar": "خط"}, Number: "999"}}}, "lines[0].name"},
		"no language":         {surveys.Help{Words: questionnaire.Text{"klingonish!": "x"}}, "words"},
		"a sentence too long": {surveys.Help{Words: questionnaire.Text{"en": strings.Repeat("x", 301)}}, "words[en]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := surveys.CheckHelp(&tt.help)
			var e *surveys.Error
			switch {
			case tt.want == "" && err == nil:
				if slices.ContainsFunc(tt.help.Lines, func(l surveys.HelpLine) bool { return l.Number == "" && l.Web == "" }) {
					t.Error("a line with nothing in it is left")
				}
			case !errors.As(err, &e) || e.Field != tt.want:
				t.Errorf("refused %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSuggestedHelpCanBeDialled(t *testing.T) {
	t.Parallel()
	want := []string{"999", "08001111", "116123", "08088005000"}
	for i, line := range surveys.SuggestedHelp() {
		if got := line.Dial(); got != want[i] {
			t.Errorf("%s is dialled %q, want %q", line.Name["en"], got, want[i])
		}
	}
}

func FuzzReadWorded(f *testing.F) {
	for _, seed := range []string{"", "en: Hello\nar: مرحبا", "no tag", ": x", "a:\n\nb: c: d\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for tag, words := range surveys.ReadWorded(text) {
			if words == "" || strings.TrimSpace(words) != words || strings.TrimSpace(tag) != tag || strings.ContainsAny(words, "\n") {
				t.Errorf("%q has the wording %q of %q", text, words, tag)
			}
		}
	})
}
