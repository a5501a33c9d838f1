package app

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Letters puts letters into words: the author's or the product's own, as text and
// as simple HTML, in the direction of the language.
type Letters struct {
	own  *locales
	html *template.Template
}

// NewLetters fails if a locale or the template is broken.
func NewLetters() (*Letters, error) {
	own, err := loadLocales()
	if err != nil {
		return nil, err
	}
	html, err := template.New("letter.html").ParseFS(templateFiles, "templates/respond/letter.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the letter: %w", err)
	}
	return &Letters{own, html}, nil
}

// letterView is a letter as the template shows it.
type letterView struct {
	Lang, Dir, Subject   string
	Test                 string // what a test letter says above all
	Hello                string
	Paragraphs           [][]letterLine
	Open, Link           string // what stands on the button, and where it leads
	Own, Why, Stop, Gone string // the small print; Gone is the address that ends letters
}

// letterLine is one line of a paragraph; Link: the person's own link stands here.
type letterLine struct {
	Text string
	Link bool
}

// WriteLetter writes one letter.
func (l *Letters) WriteLetter(f surveys.LetterFacts) (surveys.Wording, error) {
	subject, body := l.own.letterText(f.Language, f.Step)
	if f.Subject != "" {
		subject = f.Subject
	}
	if f.Body != "" {
		body = f.Body
	}
	view := l.view(f, body)
	view.Subject = oneLine(l.fill(f, subject))
	var page bytes.Buffer
	if err := l.html.Execute(&page, view); err != nil {
		return surveys.Wording{}, fmt.Errorf("writing a letter: %w", err)
	}
	return surveys.Wording{Language: f.Language, Subject: view.Subject, Text: view.text(), HTML: page.String()}, nil
}

// letterText is the product's own subject and body of a letter, with their places.
func (l *locales) letterText(lang string, step surveys.Step) (subject, body string) {
	switch step {
	case surveys.StepReminder:
		subject, body = "respond.letter_reminder_subject", "respond.letter_reminder"
	case surveys.StepLastReminder:
		subject, body = "respond.letter_last_reminder_subject", "respond.letter_last_reminder"
	default:
		subject, body = "respond.letter_invitation_subject", "respond.letter_invitation"
	}
	return l.say(lang, subject, surveys.PlaceProgramme), l.say(lang, body, surveys.PlaceProgramme, surveys.PlaceLink, surveys.PlaceCloses)
}

func (l *Letters) view(f surveys.LetterFacts, body string) letterView {
	say := func(key string, args ...any) string { return l.own.say(f.Language, key, args...) }
	v := letterView{
		Lang: f.Language, Dir: direction(f.Language), Open: say("respond.letter_open"), Link: f.Link, Hello: say("respond.letter_hello"),
		Own: say("respond.letter_own"), Why: say("respond.letter_why", f.Programme), Stop: say("respond.letter_stop"), Gone: f.Unsubscribe,
	}
	if f.Name != "" {
		v.Hello = say("respond.letter_hello_name", f.Name)
	}
	if f.Test {
		v.Test = say("respond.letter_test")
	}
	for _, paragraph := range strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		if lines := l.lines(f, paragraph); len(lines) > 0 {
			v.Paragraphs = append(v.Paragraphs, lines)
		}
	}
	return v
}

// lines are those of a paragraph, filled in. One that names the end is left out
// where there is none.
func (l *Letters) lines(f surveys.LetterFacts, paragraph string) []letterLine {
	var lines []letterLine
	for line := range strings.SplitSeq(paragraph, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || f.Closes.IsZero() && strings.Contains(line, surveys.PlaceCloses) {
			continue
		}
		if line == surveys.PlaceLink {
			lines = append(lines, letterLine{f.Link, true})
			continue
		}
		lines = append(lines, letterLine{l.fill(f, line), false})
	}
	return lines
}

// fill puts what is known into the places of a text.
func (l *Letters) fill(f surveys.LetterFacts, text string) string {
	closes := ""
	if !f.Closes.IsZero() {
		closes = l.own.showDate(f.Language, f.Closes, precisionMinute)
	}
	return strings.NewReplacer(surveys.PlaceLink, f.Link, surveys.PlaceProgramme, f.Programme, surveys.PlaceCloses, closes).Replace(text)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// text is the letter without HTML.
func (v letterView) text() string {
	pieces := []string{v.Hello}
	if v.Test != "" {
		pieces = []string{v.Test, v.Hello}
	}
	for _, paragraph := range v.Paragraphs {
		lines := make([]string, len(paragraph))
		for i, line := range paragraph {
			lines[i] = line.Text
		}
		pieces = append(pieces, strings.Join(lines, "\n"))
	}
	pieces = append(pieces, v.Own, v.Why+"\n"+v.Stop+questionnaire.Colon(v.Lang)+v.Gone)
	return strings.Join(pieces, "\n\n") + "\n"
}
