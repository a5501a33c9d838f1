package concerns

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Reason is why words were marked: the name of a section of a list, "violence".
type Reason string

// lookAlike is the section of what is harmless where it stands.
const lookAlike = "look-alike"

// List is the phrases of one language, ready to be looked for.
type List struct {
	phrases []phrase
	first   map[string][]int // phrases by a word that they can begin with
	stems   []stemmed        // and by the beginning of one
	known   map[string]bool  // every whole word
	long    map[byte][]word  // words and stems that may have a wrong letter, by first letter
}

type stemmed struct {
	stem   string
	phrase int
}

type phrase struct {
	reason   Reason
	weight   int
	harmless bool
	elements []element
}

// element is one place of a phrase: one of some words, or a gap.
type element struct {
	words    []word
	gap      bool
	optional bool
}

// word is a whole word, or the beginning of one.
type word struct {
	text string
	stem bool
}

func (w word) fits(token string) bool {
	if w.stem {
		return strings.HasPrefix(token, w.text)
	}
	return token == w.text
}

func (e element) fits(token string) bool {
	return slices.ContainsFunc(e.words, func(w word) bool { return w.fits(token) })
}

// Parse reads a list. The error names the line.
func Parse(text string) (*List, error) {
	p := newParser()
	if n, err := p.lines(text); err != nil {
		return nil, fmt.Errorf("line %d: %w", n, err)
	}
	p.list.index()
	return p.list, nil
}

func newParser() *parser {
	return &parser{list: &List{first: map[string][]int{}, known: map[string]bool{}, long: map[byte][]word{}}, names: map[string][]word{}}
}

// lines reads all lines of text, and names the one that is wrong.
func (p *parser) lines(text string) (int, error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.line(line); err != nil {
			return n, err
		}
	}
	return n, nil
}

// parser is a list as far as it was read.
type parser struct {
	list   *List
	names  map[string][]word
	reason Reason
	weight int
}

func (p *parser) line(line string) error {
	switch {
	case strings.HasPrefix(line, "["):
		return p.section(line)
	case strings.HasPrefix(line, "@") && strings.Contains(line, "="):
		name, words, _ := strings.Cut(line, "=")
		e, err := p.element(strings.TrimSpace(words))
		p.names[strings.TrimSpace(name)[1:]] = e.words
		return err
	case p.reason == "":
		return fmt.Errorf("a phrase before the first [reason]")
	}
	one := phrase{reason: p.reason, weight: p.weight, harmless: p.reason == lookAlike}
	for field := range strings.FieldsSeq(line) {
		e, err := p.element(field)
		if err != nil {
			return err
		}
		one.elements = append(one.elements, e)
	}
	needed := func(e element) bool { return !e.gap && !e.optional }
	if !needed(one.elements[0]) || !slices.ContainsFunc(one.elements, needed) {
		return fmt.Errorf("a phrase begins with a word that is needed")
	}
	p.list.phrases = append(p.list.phrases, one)
	return nil
}

// section reads "[reason weight]" or "[look-alike]".
func (p *parser) section(line string) error {
	fields := strings.Fields(strings.Trim(line, "[]"))
	if len(fields) == 1 && fields[0] == lookAlike {
		p.reason, p.weight = lookAlike, 0
		return nil
	}
	if len(fields) != 2 || !strings.HasSuffix(line, "]") {
		return fmt.Errorf("a section is [reason weight] or [look-alike]")
	}
	weight, err := strconv.Atoi(fields[1])
	if err != nil || weight < 1 || weight > 3 {
		return fmt.Errorf("a weight is 1, 2 or 3")
	}
	p.reason, p.weight = Reason(fields[0]), weight
	return nil
}

// element reads one place of a phrase.
func (p *parser) element(field string) (element, error) {
	if field == "~" {
		return element{gap: true, optional: true}, nil
	}
	var e element
	for alternative := range strings.SplitSeq(field, "/") {
		alternative, optional := strings.CutSuffix(alternative, "?")
		e.optional = e.optional || optional
		if name, isName := strings.CutPrefix(alternative, "@"); isName {
			words, ok := p.names[name]
			if !ok {
				return e, fmt.Errorf("@%s is not explained before", name)
			}
			e.words = append(e.words, words...)
			continue
		}
		text, stem := strings.CutSuffix(alternative, "*")
		if folded := words(text); len(folded) == 1 {
			e.words = append(e.words, word{folded[0].text, stem})
			continue
		}
		return e, fmt.Errorf("%q is not one word", alternative)
	}
	return e, nil
}

// least is the length, in letters, from which a word may have one wrong letter.
const least = 6

// index makes the phrases quick to find.
func (l *List) index() {
	seen := map[word]bool{}
	for i, p := range l.phrases {
		for _, w := range p.elements[0].words {
			if w.stem {
				l.stems = append(l.stems, stemmed{w.text, i})
				continue
			}
			l.first[w.text] = append(l.first[w.text], i)
		}
		for _, e := range p.elements {
			for _, w := range e.words {
				l.known[w.text] = l.known[w.text] || !w.stem
				if n := len([]rune(w.text)); !seen[w] && (n >= least || w.stem && n == least-1) {
					seen[w] = true
					l.long[w.text[0]] = append(l.long[w.text[0]], w)
				}
			}
		}
	}
}
