package app

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// binder joins the controls of an editor's form with the fields of a definition
// that they stand for. One description of a thing, such as an item, is run with
// a binder in two ways: without a posted form it only makes the controls; with
// one it also puts what was typed into the fields. So a form and its reader
// cannot disagree, and a form sent back untouched changes nothing.
type binder struct {
	langs    []string   // in which wordings are asked: the source language, and the one beside it
	posted   url.Values // nil: nothing is read
	sections []editorSection
	changed  string // label of the first control that was changed; "" if nothing was
	locked   bool   // wordings are shown and not read
	failed   bool
	focus    string // id of the control to go on with after an action on a list
	moved    string // id that what the form is about has now; "" as before
}

// editorSection is the controls under one heading.
type editorSection struct {
	Legend, Note string
	Folded       bool // shown when it is opened
	Controls     []control
}

// control is one control of an editor's form, or several that belong together.
type control struct {
	Name, Label, Hint string
	Kind              string // text, textarea, number, select, check, boxes, sides, list, logic, shown
	Value             string
	Values            []string // boxes
	Options           []choiceOption
	Lang, Dir         string // of the words typed
	Rows              int    // textarea: lines shown
	Code              bool   // an id or an expression: shown in even letters, never translated
	Locked            bool
	Error             string
	Sides             []control // sides: one wording per language
	List              *controlList
	Logic             *logicBuilder
}

// controlList is a list whose rows can be added, removed and moved.
type controlList struct {
	Name     string // choices, rows, prompts
	Each     string // "choice", for its buttons
	Rows     []listRow
	PasteFor string // what a pasted line becomes; "" if lines cannot be pasted
}

// listRow is one row with its controls. Was tells which element it was when shown.
type listRow struct {
	Index    int
	Was      string
	Heading  string
	Controls []control
}

// ID is the control's id on the page.
func (c control) ID() string {
	return "f-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(c.Name))
}

// Describe lists the ids of hint and error for aria-describedby.
func (c control) Describe() string {
	var ids []string
	if c.Hint != "" {
		ids = append(ids, c.ID()+"-hint")
	}
	if c.Error != "" {
		ids = append(ids, c.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Has reports whether a box is ticked.
func (c control) Has(value string) bool { return slices.Contains(c.Values, value) }

// section begins a group of controls.
func (b *binder) section(legend, note string) {
	b.sections = append(b.sections, editorSection{Legend: legend, Note: note})
}

// folded begins a group that is shown when it is opened.
func (b *binder) folded(legend, note string) {
	b.sections = append(b.sections, editorSection{Legend: legend, Note: note, Folded: true})
}

func (b *binder) add(c control) {
	if len(b.sections) == 0 {
		b.section("", "")
	}
	last := &b.sections[len(b.sections)-1]
	last.Controls = append(last.Controls, c)
	last.Folded = last.Folded && c.Error == ""
}

// read gives set what was typed into c, if that is not what it showed, and
// keeps what was typed in c where set refuses it.
func (b *binder) read(c *control, set func(string) error) {
	typed, ok := b.value(c.Name)
	if !ok || typed == clean(c.Value) || c.Locked {
		return
	}
	c.Value = typed
	if err := set(typed); err != nil {
		c.Error, b.failed = err.Error(), true
		return
	}
	b.note(c.Label)
}

// note remembers what was changed, for the label of undo.
func (b *binder) note(label string) {
	b.changed = cmp.Or(b.changed, label, "a field")
}

// value is what was posted under name.
func (b *binder) value(name string) (string, bool) {
	values, ok := b.posted[name]
	if !ok || len(values) == 0 {
		return "", false
	}
	return clean(values[0]), true
}

// clean is text as a definition may hold it: lines end as here, what cannot be
// shown is a blank, and no blanks stand around it.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, text))
}

// text binds one wording in each language that is asked for.
func (b *binder) text(words *questionnaire.Text, c control) {
	c.Kind = cmp.Or(c.Kind, "text")
	whole := c
	whole.Kind = "sides"
	for _, lang := range b.langs {
		one := c
		one.Name, one.Value, one.Lang, one.Dir, one.Locked = c.Name+"."+lang, (*words)[lang], lang, direction(lang), c.Locked || b.locked
		b.read(&one, func(typed string) error {
			*words = withWords(*words, lang, typed)
			return nil
		})
		whole.Sides = append(whole.Sides, one)
	}
	b.add(whole)
}

// withWords is text with other words in one language, or without it for "".
func withWords(text questionnaire.Text, lang, words string) questionnaire.Text {
	changed := maps.Clone(text)
	if words == "" {
		delete(changed, lang)
	} else if changed == nil {
		changed = questionnaire.Text{lang: words}
	} else {
		changed[lang] = words
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}

// line binds one line that is not translated.
func (b *binder) line(value *string, c control) {
	b.checked(value, c, func(string) error { return nil })
}

// checked binds one line that check may refuse.
func (b *binder) checked(value *string, c control, check func(string) error) {
	c.Kind, c.Value = cmp.Or(c.Kind, "text"), *value
	b.read(&c, func(typed string) error {
		if err := check(typed); err != nil {
			return err
		}
		*value = typed
		return nil
	})
	b.add(c)
}

// flag binds a box to tick. A hidden control beside it tells that it was there.
func (b *binder) flag(value *bool, c control) {
	c.Kind = "check"
	if _, shown := b.posted[c.Name+".shown"]; shown && !c.Locked {
		if _, ticked := b.posted[c.Name]; ticked != *value {
			*value = ticked
			b.note(c.Label)
		}
	}
	if *value {
		c.Value = "on"
	}
	b.add(c)
}

// errNumber is what someone is told who typed something else.
var errNumber = errors.New("write a number in digits, such as 3 or 0.5, or nothing")

// number binds a number that may be left blank.
func (b *binder) number(value **float64, c control) {
	c.Kind = "number"
	if *value != nil {
		c.Value = inDigits(**value)
	}
	b.read(&c, func(typed string) error {
		number, err := numberOf(typed)
		if err == nil {
			*value = number
		}
		return err
	})
	b.add(c)
}

// figure binds a number that is 0 where nothing is written.
func (b *binder) figure(value *float64, c control) {
	pointer := value
	if *value == 0 {
		pointer = nil
	}
	b.number(&pointer, c)
	if *value = 0; pointer != nil {
		*value = *pointer
	}
}

// whole binds a whole number that is 0 where nothing is written.
func (b *binder) whole(value *int, c control) {
	c.Kind = "number"
	if *value != 0 {
		c.Value = strconv.Itoa(*value)
	}
	b.read(&c, func(typed string) error {
		if typed == "" {
			*value = 0
			return nil
		}
		number, err := strconv.Atoi(typed)
		if err != nil || number > math.MaxInt32 || number < math.MinInt32 {
			return errors.New("write a whole number, such as 3, or nothing")
		}
		*value = number
		return nil
	})
	b.add(c)
}

func inDigits(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

// numberOf reads a number; blank is none. A comma stands for the point, as many write it.
func numberOf(typed string) (*float64, error) {
	if typed == "" {
		return nil, nil //nolint:nilnil // none is a value here
	}
	number, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) || math.Abs(number) >= 1e15 || strings.ContainsAny(typed, "xXpP_") {
		return nil, errNumber
	}
	return &number, nil
}

// pick binds one of several, whatever string type it is.
func pick[T ~string](b *binder, value *T, c control) {
	c.Kind, c.Value = "select", string(*value)
	if !slices.ContainsFunc(c.Options, func(o choiceOption) bool { return o.Value == c.Value }) {
		c.Options = append(slices.Clone(c.Options), choiceOption{c.Value, c.Value + " (not in the list any more)", ""})
	}
	b.read(&c, func(typed string) error {
		if !slices.ContainsFunc(c.Options, func(o choiceOption) bool { return o.Value == typed }) {
			return errors.New("choose from the list")
		}
		*value = T(typed)
		return nil
	})
	b.add(c)
}

// boxes binds several of several. Their order is that of the options.
func boxes[T ~string](b *binder, values *[]T, c control) {
	c.Kind = "boxes"
	for _, v := range *values {
		c.Values = append(c.Values, string(v))
		if !slices.ContainsFunc(c.Options, func(o choiceOption) bool { return o.Value == string(v) }) {
			c.Options = append(slices.Clone(c.Options), choiceOption{string(v), string(v) + " (not there any more)", ""})
		}
	}
	if _, shown := b.posted[c.Name+".shown"]; shown && !c.Locked {
		readBoxes(b, values, &c)
	}
	b.add(c)
}

func readBoxes[T ~string](b *binder, values *[]T, c *control) {
	ticked := b.posted[c.Name]
	same := len(ticked) == len(c.Values)
	for _, v := range c.Values {
		same = same && slices.Contains(ticked, v)
	}
	if same {
		return
	}
	var chosen []T
	c.Values = nil
	for _, option := range c.Options {
		if slices.Contains(ticked, option.Value) {
			chosen, c.Values = append(chosen, T(option.Value)), append(c.Values, option.Value)
		}
	}
	*values = chosen
	b.note(c.Label)
}

// upperFirst begins a sentence.
func upperFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
