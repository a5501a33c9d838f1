package surveys

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"soundings/surveys/questionnaire"
)

// Help is what respondents of a programme are told about help, on every page. Its
// zero value: nothing was confirmed, and they are told to talk to somebody they trust.
type Help struct {
	Lines   []HelpLine         `json:"lines,omitempty" validate:"max=5,dive"` // in the order in which they are shown
	Words   questionnaire.Text `json:"words,omitempty" validate:"max=60,dive,keys,max=35,endkeys,max=300,line"`
	Checked string             `json:"checked,omitempty" validate:"omitempty,datetime=2006-01-02"` // the day on which somebody affirmed that the lines are right
	Contact bool               `json:"contact,omitempty"`                                          // respondents may ask to be contacted
}

// HelpLine is one place where somebody listens: a number, an address on the web, or
// both.
type HelpLine struct {
	Name   questionnaire.Text `json:"name" validate:"max=60,dive,keys,max=35,endkeys,max=80,line"`
	Number string             `json:"number,omitempty" validate:"max=24,line"` // as people read it: "0800 1111"
	Web    string             `json:"web,omitempty" validate:"max=200,line"`   // "https://www.childline.org.uk"
}

// SuggestedHelp are lines that a team in the United Kingdom may begin with. Nobody is
// shown them until the team has tried and confirmed them: numbers change, and some
// are for some places only.
func SuggestedHelp() []HelpLine {
	name := func(words string) questionnaire.Text { return questionnaire.Text{"en": words} }
	return []HelpLine{
		{Name: name("In danger"), Number: "999"},
		{Name: name("Childline"), Number: "0800 1111", Web: "https://www.childline.org.uk"},
		{Name: name("Samaritans"), Number: "116 123"},
		{Name: name("Worried about a child: NSPCC"), Number: "0808 800 5000"},
	}
}

// Dial is the number as a telephone takes it, "" for none: "08001111".
func (l HelpLine) Dial() string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' || r == '*' || r == '#' {
			return r
		}
		return -1
	}, l.Number)
}

// WebShown is the address as people read it: without "https://" and "www.".
func (l HelpLine) WebShown() string {
	shown := strings.TrimPrefix(strings.TrimPrefix(l.Web, "https://"), "www.")
	return strings.TrimSuffix(shown, "/")
}

// dialled reports whether text can be dialled: three to twenty digits, with what
// people put between them.
func dialled(text string) bool {
	digits := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" -()", r):
		default:
			return false
		}
	}
	return digits >= 3 && digits <= 20
}

// onTheWeb reports whether address is that of a page that can be linked to.
func onTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && strings.Contains(u.Host, ".") && u.User == nil && !strings.ContainsAny(address, " \"<>\\")
}

// CheckHelp says all that is wrong with h, beside the controls "lines[0].name",
// "lines[0].number", "lines[0].web", "lines[0].others", "words" and "checked". Lines
// with nothing in them are no fault, and are gone afterwards.
func CheckHelp(h *Help) error {
	wrong, err := broken(*h)
	if err != nil {
		return err
	}
	refuse := func(control, key string, args ...any) {
		wrong = append(wrong, questionnaire.FieldError{Control: control, Key: key, Args: args})
	}
	for i, line := range h.Lines {
		if line.empty() {
			continue
		}
		at := fmt.Sprintf("lines[%d].", i)
		if line.Name["en"] == "" {
			refuse(at+"name", "help.name")
		}
		if line.Number == "" && line.Web == "" || line.Number != "" && !dialled(line.Number) {
			refuse(at+"number", "help.number")
		}
		if line.Web != "" && !onTheWeb(line.Web) {
			refuse(at+"web", "help.web")
		}
		if tag, ok := strangeTag(line.Name); ok {
			refuse(at+"others", "help.language", tag)
		}
	}
	if tag, ok := strangeTag(h.Words); ok {
		refuse("words", "help.language", tag)
	}
	h.Lines = slices.DeleteFunc(slices.Clone(h.Lines), HelpLine.empty)
	if len(h.Lines) > 0 && h.Checked == "" {
		refuse("checked", "help.unchecked")
	}
	return refuseFields(wrong)
}

func (l HelpLine) empty() bool { return l.Number == "" && l.Web == "" && len(l.Name) == 0 }

// strangeTag finds a tag that names no language.
func strangeTag(t questionnaire.Text) (string, bool) {
	for tag := range t {
		if _, err := language.Parse(tag); err != nil {
			return tag, true
		}
	}
	return "", false
}

// SetHelp replaces what a programme's respondents are told about help. It is for
// administrators. KindInvalid: see CheckHelp. Pages show it within seconds.
func (s *Service) SetHelp(ctx context.Context, programme ProgrammeID, h Help) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	if err := CheckHelp(&h); err != nil {
		return err
	}
	_, err := change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		p.Safeguarding.Help = h
		return nil
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, programme, "help.set", fmt.Sprintf("%d lines", len(h.Lines)))
}

// ReadWorded reads wordings in several languages, one a line with the tag of the
// language before it: "ar: خط الطفل". Lines without words are left out; one without a
// tag has the tag "".
func ReadWorded(text string) questionnaire.Text {
	worded := questionnaire.Text{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		tag, words, found := strings.Cut(line, ":")
		if !found {
			tag, words = "", line
		}
		if words = strings.TrimSpace(words); words != "" {
			worded[strings.TrimSpace(tag)] = words
		}
	}
	return worded
}
