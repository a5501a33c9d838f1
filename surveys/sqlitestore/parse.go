package sqlitestore

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

var errMalformed = errors.New("stored answers are not the JSON that Soundings writes")

// decodeAnswers reads what encodeAnswers wrote. The result is never nil, so
// that it can be added to.
func decodeAnswers(stored string, known names) (questionnaire.Answers, error) {
	answers := make(questionnaire.Answers, strings.Count(stored, `":{`)) // only a hint
	reader := responseReader{names: known}
	if err := reader.decodeInto(answers, stored); err != nil {
		return nil, err
	}
	return answers, nil
}

// decodeInto is decodeAnswers into answers, in place of what they hold.
func (reader *responseReader) decodeInto(answers questionnaire.Answers, stored string) error {
	clear(answers)
	p, n := parser{rest: stored, known: reader.names}, 0
	err := p.members(func(name string) (err error) {
		var a questionnaire.Answer
		err = p.answer(&a)
		answers[questionnaire.ItemID(reader.variable(n, name))] = a
		n++
		return err
	})
	// What encodeAnswers wrote is UTF-8; anything else was not written by it.
	if err != nil || p.rest != "" || !utf8.ValidString(stored) {
		return errMalformed
	}
	return nil
}

// variable returns a copy of the name of the n-th variable of a response.
func (reader *responseReader) variable(n int, name string) string {
	if n < len(reader.order) && reader.order[n] == name {
		return reader.order[n]
	}
	name = reader.names.own(name)
	switch {
	case n < len(reader.order):
		reader.order[n] = name
	case reader.names != nil && n < maxNames:
		reader.order = append(reader.order, name)
	}
	return name
}

// decodeTexts reads what encodeTexts wrote, [] as nil.
func decodeTexts(stored string) ([]string, error) {
	p := parser{rest: stored, whole: true}
	texts, err := p.texts()
	if err != nil || p.rest != "" {
		return nil, errMalformed
	}
	return texts, nil
}

// names holds one copy of each id and code, which all the responses of a
// stream share. A nil names shares nothing.
type names map[string]string

// maxNames and maxNameLength bound what a stream remembers.
const (
	maxNames      = 4096
	maxNameLength = 64 // bytes
)

// own returns a copy of name that does not keep the row it was read from.
func (n names) own(name string) string {
	if len(name) == 1 && name[0] < utf8.RuneSelf {
		return ascii[name[0] : name[0]+1]
	}
	if kept, ok := n[name]; ok {
		return kept
	}
	name = strings.Clone(name)
	if n != nil && len(n) < maxNames && len(name) <= maxNameLength {
		n[name] = name
	}
	return name
}

// ascii holds every code of one letter or digit.
var ascii = func() string {
	var all [utf8.RuneSelf]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}()

// parser takes JSON off the front of rest.
type parser struct {
	rest  string
	known names
	whole bool // what is read may keep the text it is a part of
}

// take removes sign from the front of rest, if it is there.
func (p *parser) take(sign byte) bool {
	if p.rest == "" || p.rest[0] != sign {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// members reads an object and calls value at each member's value; name is a part of
// the row.
func (p *parser) members(value func(name string) error) error {
	if !p.take('{') {
		return errMalformed
	}
	for first := true; !p.take('}'); first = false {
		if !first && !p.take(',') {
			return errMalformed
		}
		name, err := p.text()
		if err != nil || !p.take(':') {
			return errMalformed
		}
		if err := value(name); err != nil {
			return err
		}
	}
	return nil
}

// answer reads an answer into a. Most are a choice and nothing else.
func (p *parser) answer(a *questionnaire.Answer) (err error) {
	if rest, ok := strings.CutPrefix(p.rest, `{"choice":"`); ok {
		if code, rest, ok := strings.Cut(rest, `"}`); ok && strings.IndexByte(code, '"') < 0 && strings.IndexByte(code, '\\') < 0 {
			a.Choice, p.rest = p.known.own(code), rest
			return nil
		}
	}
	return p.members(func(name string) (err error) {
		switch name {
		case "missing":
			a.Missing, err = own[questionnaire.Missing](p)
		case "choice":
			a.Choice, err = own[string](p)
		case "choices":
			a.Choices, err = p.texts()
		case "order":
			a.Order, err = p.texts()
		case "number":
			a.Number, err = p.number()
		case "text":
			a.Text, err = p.text()
			a.Text = strings.Clone(a.Text)
		default:
			err = errMalformed
		}
		return err
	})
}

// own reads a code.
func own[T ~string](p *parser) (T, error) {
	text, err := p.text()
	return T(p.known.own(text)), err
}

func (p *parser) texts() (texts []string, err error) {
	if !p.take('[') {
		return nil, errMalformed
	}
	for first := true; !p.take(']'); first = false {
		if !first && !p.take(',') {
			return nil, errMalformed
		}
		text, err := p.text()
		if err != nil {
			return nil, err
		}
		if !p.whole {
			text = p.known.own(text)
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func (p *parser) number() (*float64, error) {
	end := 0
	for end < len(p.rest) && strings.IndexByte("+-.0123456789eE", p.rest[end]) >= 0 {
		end++
	}
	number, err := strconv.ParseFloat(p.rest[:end], 64)
	if err != nil {
		return nil, errMalformed
	}
	p.rest = p.rest[end:]
	return &number, nil
}

// text reads a string. Without escapes it is a part of the row's own bytes.
func (p *parser) text() (string, error) {
	if !p.take('"') {
		return "", errMalformed
	}
	end := strings.IndexByte(p.rest, '"')
	if end < 0 {
		return "", errMalformed
	}
	if strings.IndexByte(p.rest[:end], '\\') >= 0 {
		return p.escaped()
	}
	text := p.rest[:end]
	p.rest = p.rest[end+1:]
	return text, nil
}

// escaped reads a string that has escapes, after its first quote.
func (p *parser) escaped() (text string, err error) {
	for end := 0; end < len(p.rest); end++ {
		switch p.rest[end] {
		case '\\':
			end++
		case '"':
			err = json.Unmarshal([]byte(`"`+p.rest[:end+1]), &text)
			p.rest = p.rest[end+1:]
			return text, err
		}
	}
	return "", errMalformed
}
