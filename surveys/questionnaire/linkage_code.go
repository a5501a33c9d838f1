package questionnaire

import "slices"

// The elements a prompt may ask for. How each is normalised is decided where
// codes are paired.
const (
	ElementLetters = "letters" // Prompt.Length letters of a word: the first, or the last if negative
	ElementDay     = "day"     // day of a month
	ElementMonth   = "month"
	ElementCount   = "count" // how many: a small number
)

const (
	minPrompts = 4
	maxPrompts = 8
	maxLetters = 10
)

// linkageCode is the elements of a self-made code, the code of an issued card, or
// either. It has no variable: what is typed must not lie among the answers, where
// it would tell who answered.
type linkageCode struct{}

func (linkageCode) check(c *checker, item *Item) {
	c.only(item, []string{fieldRequired, fieldPrompts, fieldCard})
	onlyCards := item.Card && len(item.Prompts) == 0
	if n := len(item.Prompts); !onlyCards && (n < minPrompts || n > maxPrompts) {
		c.fail(whereItem(item), "has %d prompts, must have %d to %d", n, minPrompts, maxPrompts)
	}
	c.codeAtEachWave(item)
	seen := map[ItemID]bool{}
	for i := range item.Prompts {
		prompt := &item.Prompts[i]
		where := whereItem(item) + " prompt " + quoted(string(prompt.ID))
		c.pattern(where, prompt.ID)
		switch {
		case item.Card && (prompt.ID == cardPrompt || prompt.ID == anywayPrompt):
			c.fail(where, "has an id that is taken where cards are")
		case seen[prompt.ID]:
			c.fail(where, "is there twice")
		}
		seen[prompt.ID] = true
		checkElement(c, where, prompt)
	}
}

// codeAtEachWave refuses a code that some wave of the questionnaire does not ask
// for: it is one item with the same prompts at every wave, or it pairs nothing.
func (c *checker) codeAtEachWave(item *Item) {
	waves := c.waves[item.ID]
	if len(waves) == 0 {
		return
	}
	var elsewhere []Wave
	for _, part := range c.definition.Parts {
		elsewhere = append(elsewhere, part.Waves...)
		for _, other := range part.Items {
			elsewhere = append(elsewhere, other.Waves...)
		}
	}
	for _, wave := range []Wave{WavePre, WavePost, WaveFollowUp} {
		if slices.Contains(elsewhere, wave) && !slices.Contains(waves, wave) {
			c.fail(whereItem(item), "is not asked at wave %s, where other items are: a code pairs answers only if each wave asks for it", wave)
		}
	}
	if len(waves) == 1 {
		c.fail(whereItem(item), "is asked at wave %s only: a code pairs answers only if each wave asks for it", waves[0])
	}
}

func checkElement(c *checker, where string, prompt *Prompt) {
	switch prompt.Element {
	case ElementLetters:
		if n := max(prompt.Length, -prompt.Length); n < 1 || n > maxLetters {
			c.fail(where, "length is %d, must be 1 to %d for the first letters, or -1 to -%d for the last", prompt.Length, maxLetters, maxLetters)
		}
	case ElementDay, ElementMonth, ElementCount:
		if prompt.Length != 0 {
			c.fail(where, "length is only for letters")
		}
	default:
		c.fail(where, "element %s is not one of letters, day, month, count", quoted(prompt.Element))
	}
}

func (linkageCode) variables(*Item, []string) []Variable { return nil }

func (linkageCode) parse(*Variable, Raw) (Answer, *FieldError) {
	return Answer{Missing: NotAsked}, nil
}

func (linkageCode) summary(v *Variable) Summariser { return newWordSummary(v) }

func (linkageCode) required() string { return KeyCodeElement }

func (linkageCode) show(*Variable, Answer, []string) string { return "" }

// CodeElement is what was typed at one prompt of a linkage code: only for
// pairing, never stored, shown or logged as it is. Neither fmt nor JSON shows
// the text.
type CodeElement struct {
	Prompt *Prompt
	Text   string `json:"-"` // as typed, trimmed, one line, 1 to ShortTextLimit characters
}

// String names the prompt only.
func (e CodeElement) String() string { return string(e.Prompt.ID) + "=(kept secret)" }

// GoString is String, so that no way of printing shows the text.
func (e CodeElement) GoString() string { return e.String() }

// CardCode reads what was typed or scanned as the code of a card, as it is and
// trimmed; "" if nothing was. anyway says that the person goes on with it even if
// it is not known. Whether the code is right is decided where cards are issued.
func CardCode(item *Item, raw Raw) (typed string, anyway bool, refused *FieldError) {
	if !item.Card {
		return "", false, nil
	}
	typed, refused = parseLine(&Variable{ID: item.ID}, CardControl(item.ID), raw)
	for _, value := range raw[AnywayControl(item.ID)] {
		anyway = anyway || value != ""
	}
	return typed, anyway, refused
}

// LinkageElements reads the elements of a linkage code item, in the order of
// its prompts. It checks only that each is readable and not too long. A prompt
// left blank has no element, and is an error only if the item is required:
// whether the others are enough is decided where codes are paired. Of an item that
// takes cards a required one is given by either.
func LinkageElements(item *Item, raw Raw) ([]CodeElement, FieldErrors) {
	var elements []CodeElement
	var errs FieldErrors
	for i := range item.Prompts {
		prompt := &item.Prompts[i]
		control := PromptControl(item.ID, prompt.ID)
		text, err := parseLine(&Variable{ID: item.ID}, control, raw)
		switch {
		case err != nil:
			errs = append(errs, *err)
		case text != "":
			elements = append(elements, CodeElement{Prompt: prompt, Text: text})
		case item.Required:
			errs = append(errs, FieldError{Item: item.ID, Control: control, Key: KeyCodeElement})
		}
	}
	if item.Card && len(elements) == 0 && item.Required {
		return nil, FieldErrors{CodeMissing(item)}
	}
	return elements, errs
}

// CodeMissing is what is said, and at which control, of a required linkage code of
// which nothing was given.
func CodeMissing(item *Item) FieldError {
	e := FieldError{Item: item.ID, Control: CodeControl(item), Key: KeyCodeElement}
	switch {
	case item.Card && len(item.Prompts) > 0:
		e.Key = KeyCardOrPrompts
	case item.Card:
		e.Key = KeyCardMissing
	}
	return e
}
