package questionnaire

import (
	"cmp"
	"slices"
	"strings"

	"soundings/surveys/expression"
)

// Choices lists the choices of an item that are shown, in the order they are
// shown in: those that pass its filter, shuffled by the sitting's seed if the item
// is. Choices with a meaning keep their places when others are shuffled.
func (p *Path) Choices(item *Item) []Choice {
	return p.inOrder(item, p.filtered(item))
}

// inOrder puts choices of an item into the order in which this person meets them:
// by the lot of each, equal ones as they are in the definition.
func (p *Path) inOrder(item *Item, choices []Choice) []Choice {
	if !item.Shuffle {
		return choices
	}
	var moving []int
	for i := range choices {
		if choices[i].Meaning == "" {
			moving = append(moving, i)
		}
	}
	shuffled := slices.Clone(choices)
	order := slices.Clone(moving)
	slices.SortStableFunc(order, func(a, b int) int {
		name := string(item.ID) + "\x00"
		return cmp.Compare(lot(p.sit.Seed, name+choices[a].Code), lot(p.sit.Seed, name+choices[b].Code))
	})
	for i, at := range moving {
		shuffled[at] = choices[order[i]]
	}
	return shuffled
}

// filtered lists the choices that pass the filter of an item, in the definition's
// order. One with a meaning and no columns is always there.
func (p *Path) filtered(item *Item) []Choice {
	filter := p.in.logic.of(item.ID).filter
	if filter == nil {
		return item.Choices
	}
	env := p.env(item.ID, "")
	var choices []Choice
	for _, choice := range item.Choices {
		env.Column = choice.column
		if choice.always() || p.holds(filter, env, true) {
			choices = append(choices, choice)
		}
	}
	return choices
}

// always says whether no filter hides c.
func (c *Choice) always() bool { return c.Meaning != "" && len(c.Columns) == 0 }

// column is what a filter sees of a choice; its name is its code.
func (c *Choice) column(name string) string {
	if value, ok := c.Columns[name]; ok || name != "name" {
		return value
	}
	return c.Code
}

// Piece is a stretch of a Text: plain words, or the answer of a variable in words.
type Piece struct {
	Words string
	Of    ItemID // the variable, or OtherControl of it, whose answer it is; "" for plain words
}

// Text returns words in a language (or the source language) with each ${name}
// replaced by that answer in words, "" if there is none. It is plain text.
func (p *Path) Text(t Text, lang string) string {
	words := t.In(lang, p.in.version.Definition.Languages...)
	if p.in.logic == nil || !strings.Contains(words, "${") {
		return words
	}
	var text strings.Builder
	for _, piece := range p.pieces(words, lang, 0) {
		text.WriteString(piece.Words)
	}
	return text.String()
}

// Pieces is Text cut where answers stand, so that a page can mark them.
func (p *Path) Pieces(t Text, lang string) []Piece {
	return p.pieces(t.In(lang, p.in.version.Definition.Languages...), lang, 0)
}

// maxPiping is how deep answers lie in answers: the label of a choice may look at
// another answer.
const maxPiping = 3

func (p *Path) pieces(words, lang string, depth int) []Piece {
	if p.in.logic == nil || depth > maxPiping {
		return []Piece{{Words: words}}
	}
	var pieces []Piece
	from := 0
	for _, found := range pipePattern.FindAllStringSubmatchIndex(words, -1) {
		if found[0] > from {
			pieces = append(pieces, Piece{Words: words[from:found[0]]})
		}
		from = found[1]
		name := p.in.logic.names[words[found[2]:found[3]]].name
		pieces = append(pieces, Piece{Words: p.in.walkIn(p, lang).answerWords(name, lang, depth), Of: ItemID(name)})
	}
	if from < len(words) || len(pieces) == 0 {
		pieces = append(pieces, Piece{Words: words[from:]})
	}
	return pieces
}

// answerWords is the answer of ${name} in words.
func (p *Path) answerWords(name, lang string, depth int) string {
	v, ok := p.in.byID[ItemID(name)]
	if !ok {
		return p.text(name)
	}
	a := p.Value(v.ID)
	if a.Missing != Answered {
		return ""
	}
	words := v.Show(a, lang)
	if !strings.Contains(words, "${") || v.Open {
		return words
	}
	var text strings.Builder
	for _, piece := range p.pieces(words, lang, depth+1) {
		text.WriteString(piece.Words)
	}
	return text.String()
}

// walkIn is p with the labels that expressions ask for in lang.
func (in *Instrument) walkIn(p *Path, lang string) *Path {
	if !in.logic.words || p.lang == lang {
		return p
	}
	if p.worded[lang] == nil {
		again := in.Walk(p.sit, p.answers)
		again.lang = lang
		if p.worded == nil {
			p.worded = map[string]*Path{}
		}
		p.worded[lang] = again
	}
	return p.worded[lang]
}

// said are an author's words with answers put in, in every language.
func (p *Path) said(t Text) Text {
	said := Text{}
	for lang := range t {
		said[lang] = p.Text(t, lang)
	}
	return said
}

// fits says whether a constraint takes an answer.
func (p *Path) fits(v *Variable, constraint *expression.Tree, a Answer) bool {
	return p.holds(constraint, p.env(v.Item.ID, v.textOf(a)), true)
}
