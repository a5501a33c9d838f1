package limesurvey

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// The longest texts that a definition takes, in characters; see
// questionnaire.Definition.Check, which the tests hold these to.
const (
	maxLabel   = 1_000
	maxPassage = 5_000
)

// text is the plain text of words by tag, and nil if there is none in the
// source language: what a person reads there first must not be empty.
func (c *converter) text(q *question, w words, limit int) questionnaire.Text {
	text := questionnaire.Text{}
	for _, lang := range c.survey.languages {
		tag := c.tags[lang]
		words, media := plain(w[lang])
		if tag == "" || words == "" {
			continue
		}
		if media && tag == c.d.Languages[0] {
			c.warn(MediaDropped, q, "A picture, film or script within the text was left out; pictures can be added in the editor.")
		}
		words = questionnaire.CleanText(c.piped(q, words))
		if n := utf8.RuneCountInString(words); n > limit {
			c.warn(TextShortened, q, "A text has %d characters in %q, may have at most %d; the end was cut.", n, tag, limit)
			words = strings.TrimSpace(string([]rune(words)[:limit-1])) + "…"
		}
		if words != "" {
			text[tag] = words
		}
	}
	if text[c.d.Languages[0]] == "" {
		return nil
	}
	return text
}

// label is a text that must be there: without words it is the code.
func (c *converter) label(q *question, w words, code string) questionnaire.Text {
	if text := c.text(q, w, maxLabel); text != nil {
		return text
	}
	source := c.d.Languages[0]
	c.warn(NoLabel, q, "There are no words in %q for %q; its code stands in their place.", source, code)
	text := questionnaire.Text{source: questionnaire.CleanText(code)}
	for _, lang := range c.survey.languages[1:] {
		words, _ := plain(w[lang])
		if tag := c.tags[lang]; tag != "" && words != "" && utf8.RuneCountInString(words) <= maxLabel {
			text[tag] = questionnaire.CleanText(c.piped(q, words))
		}
	}
	return text
}

func (c *converter) passage(q *question, w words) questionnaire.Text {
	return c.text(q, w, maxPassage)
}

// isLong says whether some wording does not fit a label.
func isLong(w words) bool {
	for _, fragment := range w {
		if text, _ := plain(fragment); utf8.RuneCountInString(text) > maxLabel-100 {
			return true
		}
	}
	return false
}

var (
	// LimeSurvey takes braces for an equation if no blank follows the first.
	bracePattern = regexp.MustCompile(`\{[^\s{}][^{}]*\}`)
	pipePattern  = regexp.MustCompile(`^[A-Za-z_0-9][A-Za-z0-9_]*(\.(NAOK|shown|value|code))*$`)
)

// piped puts the answers that a text quotes into our form, ${name}. Any other
// equation in braces stays as it is written, with a notice.
func (c *converter) piped(q *question, text string) string {
	var out strings.Builder
	at, kept := 0, ""
	for _, found := range bracePattern.FindAllStringIndex(text, -1) {
		out.WriteString(strings.ReplaceAll(text[at:found[0]], "${", "$ {"))
		inner := text[found[0]+1 : found[1]-1]
		at = found[1]
		if name, ok := c.quotes(inner); ok {
			out.WriteString("${" + name + "}")
			continue
		}
		if strings.HasSuffix(out.String(), "$") {
			out.WriteByte(' ')
		}
		out.WriteString("{" + inner + "}")
		kept = inner
	}
	out.WriteString(strings.ReplaceAll(text[at:], "${", "$ {"))
	if kept != "" {
		c.warn(TextEquation, q, "The text has an equation in braces, %s, which stands there as it is. Write what it should say, or ${name} for an answer.", shown("{"+kept+"}"))
	}
	return out.String()
}

// quotes says which item a text wants to quote.
func (c *converter) quotes(inner string) (string, bool) {
	if !pipePattern.MatchString(inner) {
		return "", false
	}
	name, _, _ := strings.Cut(inner, ".")
	t := c.names[name]
	if t == nil || t.code != "" || t.other != "" || t.rows != nil {
		return "", false
	}
	return string(t.id), true
}
