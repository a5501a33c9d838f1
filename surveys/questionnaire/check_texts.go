package questionnaire

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The longest wordings, in characters.
const (
	maxLabel   = 1_000 // titles, labels of choices and rows, units, ends of a scale, messages
	maxPassage = 5_000 // what is read as a page: intro, readers, thanks, help; labels and hints of items, since a consent is one
)

// wording is one Text of a definition and where it is.
type wording struct {
	where    string
	text     Text
	limit    int // characters
	required bool
}

// languages checks the tags: each valid, in its usual form, and there once.
func (c *checker) languages() {
	tags := c.definition.Languages
	if len(tags) == 0 {
		c.fail("languages", "there must be at least one, the source language")
	}
	c.atMost("languages", "languages", len(tags), maxLanguages)
	for i, tag := range tags {
		parsed, err := language.Parse(tag)
		switch {
		case err != nil || parsed == language.Und:
			c.fail("languages", "%s is not a BCP 47 language tag", quoted(tag))
		case parsed.String() != tag:
			c.fail("languages", "write %s as %s", quoted(tag), quoted(parsed.String()))
		}
		if slices.Contains(tags[:i], tag) {
			c.fail("languages", "%s is there twice", quoted(tag))
		}
	}
}

// texts checks every wording: there in the source language, in no language
// that the questionnaire does not have, not too long, and showable.
func (c *checker) texts() {
	tags := c.definition.Languages
	for _, w := range c.definition.wordings() {
		if len(tags) > 0 && (w.required || len(w.text) > 0) && strings.TrimSpace(w.text[tags[0]]) == "" {
			c.fail(w.where, "has no words in the source language %s", quoted(tags[0]))
		}
		for _, tag := range slices.Sorted(maps.Keys(w.text)) {
			if !slices.Contains(tags, tag) {
				c.fail(w.where, "has words in %s, which is not one of the languages", quoted(tag))
			}
			c.words(w, tag)
		}
	}
}

func (c *checker) words(w wording, tag string) {
	words := w.text[tag]
	if n := utf8.RuneCountInString(words); n > w.limit {
		c.fail(w.where, "has %d characters in %s, may have at most %d", n, quoted(tag), w.limit)
	}
	if !utf8.ValidString(words) {
		c.fail(w.where, "is not valid UTF-8 in %s", quoted(tag))
		return
	}
	for _, r := range words {
		if cleanRune(r) != r {
			c.fail(w.where, "has the character %U in %s, which cannot be shown", r, quoted(tag))
			return
		}
	}
}

// Untranslated lists where d has no words in a language, in the order of the
// definition, as `item "stress" label`. What has no words in any language is
// not listed: it is left out on purpose.
func (d Definition) Untranslated(lang string) []string {
	var missing []string
	for _, w := range d.wordings() {
		if (w.required || len(w.text) > 0) && strings.TrimSpace(w.text[lang]) == "" {
			missing = append(missing, w.where)
		}
	}
	return missing
}

// wordings are all texts of a definition, in its order.
func (d Definition) wordings() []wording {
	all := []wording{
		{"title", d.Title, maxLabel, true},
		{"intro", d.Intro, maxPassage, false},
		{"readers", d.Readers, maxPassage, false},
		{"thanks", d.Thanks, maxPassage, false},
		{"help", d.Help, maxPassage, false},
	}
	for i := range d.Parts {
		all = append(all, wording{"part " + quoted(string(d.Parts[i].ID)) + " title", d.Parts[i].Title, maxLabel, false})
		for j := range d.Parts[i].Items {
			all = append(all, d.Parts[i].Items[j].wordings()...)
		}
	}
	for i := range d.Groups {
		all = append(all, wording{whereGroup(&d.Groups[i]) + " label", d.Groups[i].Label, maxLabel, false})
	}
	for i := range d.Scales {
		all = append(all, d.Scales[i].wordings()...)
	}
	for _, measure := range d.Measures {
		where := "measure " + quoted(string(measure.ID))
		all = append(all, wording{where + " label", measure.Label, maxLabel, false}, wording{where + " top_text", measure.TopText, maxLabel, false})
	}
	return all
}

func (it *Item) wordings() []wording {
	where := whereItem(it)
	all := []wording{
		{where + " label", it.Label, maxPassage, it.Kind != KindCalculated && it.Kind != KindHidden},
		{where + " hint", it.Hint, maxPassage, false},
		{where + " low", it.Low, maxLabel, false},
		{where + " high", it.High, maxLabel, false},
		{where + " unit", it.Unit, maxLabel, false},
		{where + " alt", it.Alt, maxLabel, false},
		{where + " required_message", it.RequiredMessage, maxLabel, false},
		{where + " constraint_message", it.ConstraintMessage, maxLabel, false},
	}
	for _, row := range it.Rows {
		all = append(all, wording{where + " row " + quoted(string(row.ID)) + " label", row.Label, maxLabel, true})
	}
	for _, choice := range it.Choices {
		all = append(all, wording{where + " choice " + quoted(choice.Code) + " label", choice.Label, maxLabel, true})
	}
	for _, prompt := range it.Prompts {
		place := where + " prompt " + quoted(string(prompt.ID))
		all = append(all, wording{place + " label", prompt.Label, maxLabel, true}, wording{place + " hint", prompt.Hint, maxLabel, false})
	}
	return all
}
