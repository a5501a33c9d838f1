package olddata

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"soundings/surveys/questionnaire"
)

// Form is a questionnaire made ready for reading cells.
type Form struct {
	Instrument *questionnaire.Instrument
	Prompts    map[questionnaire.ItemID]questionnaire.ItemID // of linkage codes, to their item
	words      map[questionnaire.ItemID]*vocabulary
	languages  map[string]string // names and tags, normalised, to tag
}

// vocabulary is what cells may say for the choices of one variable.
type vocabulary struct {
	codes map[string]string // normalised to code; "" where it may mean several
}

// NewForm prepares an instrument. With values numbers of choices are those of the
// workbook where they differ from the codes.
func NewForm(in *questionnaire.Instrument, values bool) *Form {
	f := &Form{Instrument: in, Prompts: map[questionnaire.ItemID]questionnaire.ItemID{}, words: map[questionnaire.ItemID]*vocabulary{}, languages: map[string]string{}}
	d := in.Version().Definition
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			item := &d.Parts[i].Items[j]
			for _, prompt := range item.Prompts {
				f.Prompts[prompt.ID] = item.ID
			}
			if item.Card { // the code of a card is called so among the controls of codes
				f.Prompts["card"] = item.ID
			}
		}
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if len(v.Choices) > 0 || v.IsScale() {
			f.words[v.ID] = vocabularyOf(v, values)
		}
	}
	for _, tag := range d.Languages {
		f.addLanguage(tag)
	}
	return f
}

func (f *Form) addLanguage(tag string) {
	parsed := language.Make(tag)
	for _, name := range []string{tag, display.English.Tags().Name(parsed), display.Self.Name(parsed)} {
		if key := normal(name); f.languages[key] == "" {
			f.languages[key] = tag
		}
	}
}

// Language finds the tag of a language by tag or name.
func (f *Form) Language(text string) (string, bool) {
	tag, ok := f.languages[normal(text)]
	return tag, ok
}

// Knows says whether t is something that the form has.
func (f *Form) Knows(t Target) bool {
	if prompt, ok := t.Prompt(); ok {
		return f.Prompts[prompt] != ""
	}
	if t.About() {
		return slices.Contains([]Target{TargetRow, TargetRespondent, TargetWave, TargetCohort, TargetLanguage, TargetSubmitted}, t)
	}
	id, of := t.answer()
	v, ok := f.Instrument.Variable(id)
	if !ok || f.worksOut(v) {
		return false
	}
	switch {
	case of == "":
		return true
	case of == "order":
		return v.Item.Shuffle
	case of == "other":
		return slices.ContainsFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Meaning == questionnaire.MeaningOther })
	}
	_, ok = v.Choice(of[1:])
	return ok && several(v)
}

// worksOut says whether nobody answers v.
func (f *Form) worksOut(v *questionnaire.Variable) bool {
	return v.Kind == questionnaire.KindCalculated || v.Item.Calculation != "" || v.Kind == questionnaire.KindHidden && v.Item.From != questionnaire.FromLink
}

func several(v *questionnaire.Variable) bool {
	return v.Kind == questionnaire.KindMultipleChoice || v.Kind == questionnaire.KindRanking
}

// The words of yes and no, besides the labels of a questionnaire.
var (
	yesWords = []string{"yes", "y", "true", "1", "x", "ok", "ticked", "✓", "✔", "☑", "☒", "selected", "checked", "ja", "oui", "si", "sí", "tak", "نعم"}
	noWords  = []string{"no", "n", "false", "0", "-", "not ticked", "☐", "unchecked", "nein", "non", "nie", "لا"}
)

// vocabularyOf gathers what may be said for each choice. Codes come before the
// numbers of the workbook, or after them with values; labels come last. What may
// mean two choices means none.
func vocabularyOf(v *questionnaire.Variable, values bool) *vocabulary {
	w := &vocabulary{codes: map[string]string{}}
	choices := v.Choices
	if v.IsScale() {
		choices = append(slices.Clone(v.Points()), v.Choices...)
	}
	own := func(c questionnaire.Choice) []string { return []string{c.Code} }
	numbers := func(c questionnaire.Choice) []string { return []string{v.ChoiceCode(c.Code).Text} }
	layers := []func(questionnaire.Choice) []string{own, numbers}
	if values && !v.IsScale() {
		layers = []func(questionnaire.Choice) []string{numbers, own}
	}
	layers = append(layers, labelsOf)
	for _, layer := range layers {
		w.add(choices, layer)
	}
	switch v.Kind {
	case questionnaire.KindConsent:
		w.also(yesWords, questionnaire.ConsentYes)
		w.also(noWords, questionnaire.ConsentNo)
	case questionnaire.KindAcknowledge:
		w.also(yesWords, questionnaire.Acknowledged)
		w.also(noWords, blankCode)
	}
	return w
}

// blankCode is the code of a cell that says nothing by saying no.
const blankCode = "\x00blank"

func labelsOf(c questionnaire.Choice) []string {
	labels := make([]string, 0, len(c.Label))
	for _, label := range c.Label {
		labels = append(labels, label)
	}
	return labels
}

// add gives the words of one layer a meaning, where an earlier layer gave none.
func (w *vocabulary) add(choices []questionnaire.Choice, said func(questionnaire.Choice) []string) {
	layer := map[string]string{}
	for _, c := range choices {
		for _, text := range said(c) {
			key := normalValue(text)
			if before, twice := layer[key]; twice && before != c.Code {
				layer[key] = ""
				continue
			}
			layer[key] = c.Code
		}
	}
	for key, code := range layer {
		if _, taken := w.codes[key]; !taken {
			w.codes[key] = code
		}
	}
}

func (w *vocabulary) also(words []string, code string) {
	for _, word := range words {
		if _, taken := w.codes[normalValue(word)]; !taken {
			w.codes[normalValue(word)] = code
		}
	}
}

// code finds the choice that a cell says. "4 = very calm" is 4 if both say one.
func (w *vocabulary) code(cell string) (string, bool) {
	if code := w.codes[normalValue(cell)]; code != "" {
		return code, true
	}
	for _, between := range []string{"=", " - ", " – ", ":", "(", ". "} {
		first, rest, ok := strings.Cut(cell, between)
		if !ok {
			continue
		}
		code, label := w.codes[normalValue(first)], w.codes[normalValue(rest)]
		if code != "" && code == label {
			return code, true
		}
	}
	return "", false
}

// several finds the choices that a cell says, by the first sign between them with
// which all pieces are choices. Pieces are joined again where a label has the sign
// in it.
func (w *vocabulary) several(cell string) ([]string, bool) {
	if code, ok := w.code(cell); ok {
		return []string{code}, true
	}
	for _, sign := range []string{";", "\n", "|", "،", "؛", "、", ",", "/", "+", " "} {
		if !strings.Contains(cell, sign) {
			continue
		}
		if codes, ok := w.join(strings.Split(cell, sign), sign); ok {
			return codes, true
		}
	}
	return nil, false
}

// mostPieces is how many pieces of a cell are looked at, and of one label.
const (
	mostPieces   = 200
	longestLabel = 12
)

// join reads pieces from the left, the longest label first.
func (w *vocabulary) join(pieces []string, sign string) ([]string, bool) {
	if len(pieces) > mostPieces {
		return nil, false
	}
	var codes []string
	for at := 0; at < len(pieces); {
		if strings.TrimSpace(pieces[at]) == "" {
			at++
			continue
		}
		taken := 0
		for n := min(longestLabel, len(pieces)-at); n > 0 && taken == 0; n-- {
			if code, ok := w.code(withoutPlace(strings.Join(pieces[at:at+n], sign))); ok {
				codes, taken = append(codes, code), n
			}
		}
		if taken == 0 {
			return nil, false
		}
		at += taken
	}
	return codes, len(codes) > 0
}

// withoutPlace takes the place off a ranked label: "1. Art".
func withoutPlace(text string) string {
	text = strings.TrimSpace(text)
	place, rest, ok := strings.Cut(text, ". ")
	if ok && isNumber(place) {
		return rest
	}
	return text
}
