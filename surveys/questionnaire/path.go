package questionnaire

import (
	"math"
	"slices"
	"strings"

	"soundings/surveys/expression"
)

// Path is the way of one person through the questionnaire as their answers are
// now: what is shown and asked, which choices, and what is worked out. It is
// made by Instrument.Walk, for one goroutine, and thrown away when an answer
// changes.
//
// An expression that cannot be worked out hides nothing, refuses nothing and
// leaves what it calculates blank.
type Path struct {
	in      *Instrument
	sit     Sitting
	answers Answers
	lang    string // of the labels that expressions ask for

	shown  map[ItemID]bool // items, groups and parts; while one is worked out it counts as shown
	values map[ItemID]Answer
	worded map[string]*Path // by language, for words
}

// Walk returns the path that answers lead to: those given so far, on the path or
// not. Answers to items off the path count as blank. It may be called for every
// instrument, with logic or without.
func (in *Instrument) Walk(sit Sitting, answers Answers) *Path {
	return &Path{
		in: in, sit: sit, answers: answers, lang: in.version.Definition.Languages[0],
		shown: map[ItemID]bool{}, values: map[ItemID]Answer{},
	}
}

// Shows says whether an item is shown or asked: at this wave, and its own
// relevance, its groups' and its part's are true. Of a calculated or hidden item
// it says whether it has a value at all. False for an item that does not exist.
func (p *Path) Shows(item ItemID) bool {
	it, part := p.in.items[item], p.in.homes[item]
	if it == nil || !at(part.Waves, p.sit.Wave) || !at(it.Waves, p.sit.Wave) {
		return false
	}
	if p.in.logic == nil {
		return true
	}
	return p.showsPart(part.ID) && p.showsGroup(it.Group) && p.relevant(item, p.in.logic.of(item).relevant)
}

func (p *Path) showsPart(part ItemID) bool { return p.relevant(part, p.in.logic.parts[part]) }

// showsGroup says whether a group and all around it are relevant.
func (p *Path) showsGroup(group ItemID) bool {
	for range p.in.version.Definition.Groups {
		if group == "" {
			break
		}
		if !p.relevant(group, p.in.logic.groups[group]) {
			return false
		}
		group = p.in.groups[group]
	}
	return true
}

// relevant works out the condition of an item, a group or a part once.
func (p *Path) relevant(owner ItemID, condition *expression.Tree) bool {
	if condition == nil {
		return true
	}
	if shows, ok := p.shown[owner]; ok {
		return shows
	}
	p.shown[owner] = true
	p.shown[owner] = p.holds(condition, p.env(owner, ""), true)
	return p.shown[owner]
}

// holds works a condition out; otherwise is what it counts as if that fails.
func (p *Path) holds(condition *expression.Tree, env *expression.Env, otherwise bool) bool {
	value, err := condition.Eval(env)
	if err != nil {
		return otherwise
	}
	return value.Truth()
}

// Asks says whether a part has anything to show.
func (p *Path) Asks(part ItemID) bool {
	index, ok := p.in.parts[part]
	if !ok {
		return false
	}
	return slices.ContainsFunc(index.part.Items, func(item Item) bool {
		return item.Kind != KindCalculated && item.Kind != KindHidden && p.Shows(item.ID)
	})
}

// Required says whether a blank answer to an item is refused: never if its filter
// leaves nothing to choose from.
func (p *Path) Required(item ItemID) bool {
	it := p.in.items[item]
	if it == nil || !p.Shows(item) {
		return false
	}
	rules := p.in.logic.of(item)
	if rules.filter != nil && len(p.filtered(it)) == 0 {
		return false
	}
	return it.Required || rules.required != nil && p.holds(rules.required, p.env(item, p.selfText(it)), false)
}

// ReadOnly says whether an item is shown and may not be changed: its author says
// so, or it is worked out.
func (p *Path) ReadOnly(item ItemID) bool {
	r := p.in.logic.of(item)
	return r.calculation != nil || r.readOnly != nil && p.holds(r.readOnly, p.env(item, ""), false)
}

// selfText is what "." is in an item with one variable.
func (p *Path) selfText(item *Item) string { return p.text(string(item.ID)) }

// Value returns what a variable holds: what is worked out of a calculated or
// hidden item, the answer given, or the default of an item not yet asked.
// What is off the path is NotAsked.
func (p *Path) Value(variable ItemID) Answer {
	v := p.in.byID[variable]
	if v == nil || !p.Shows(v.Item.ID) {
		return Answer{Missing: NotAsked}
	}
	if value, ok := p.values[variable]; ok {
		return value
	}
	p.values[variable] = Answer{Missing: NotReached} // what it is while it is worked out
	p.values[variable] = p.worksOut(v)
	return p.values[variable]
}

func (p *Path) worksOut(v *Variable) Answer {
	r := p.in.logic.of(v.Item.ID)
	given, ok := p.answers[v.ID]
	switch {
	case r.calculation != nil:
		return p.calculate(v, r, given)
	case v.Kind == KindHidden:
		return p.sit.hiddenValue(v.Item, given)
	case ok && given.Missing != NotAsked:
		return given
	case r.fallback != nil:
		value, err := r.fallback.Eval(p.env(v.ID, ""))
		if err != nil {
			return v.blank()
		}
		return v.answerIn(value.String())
	case v.Item.Default != "" && !isDynamic(v.Item.Default):
		return v.answerIn(v.Item.Default)
	default:
		return v.blank()
	}
}

// calculate works out the calculation of v; given is what it was before.
func (p *Path) calculate(v *Variable, r *rules, given Answer) Answer {
	value, err := r.calculation.Eval(p.env(v.ID, v.textOf(given)))
	switch {
	case err != nil:
		return v.blank()
	case v.Kind != KindCalculated:
		return v.answerIn(value.String())
	case r.number || value.Kind == expression.KindNumber:
		number := value.Float()
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return v.blank()
		}
		return Answer{Number: &number}
	default:
		return heldText(cut(CleanText(value.String()), LongTextLimit))
	}
}

// cut keeps the beginning of a text that is longer than limit characters: texts
// that double from one calculation to the next would be larger than any store.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for i := range text {
		if limit == 0 {
			return text[:i]
		}
		limit--
	}
	return text
}

// blank is the answer of an item that has none.
func (v *Variable) blank() Answer {
	if v.Kind == KindCalculated || v.Kind == KindHidden {
		return Answer{Missing: NotAsked}
	}
	return Answer{Missing: NotReached}
}

// answerIn is the answer that a text gives: a default or a calculation.
func (v *Variable) answerIn(text string) Answer {
	if v.Kind == KindCalculated {
		return heldText(CleanText(text))
	}
	answer, err := v.behaviour.parse(v, v.defaultRaw(text))
	if err != nil {
		return v.blank()
	}
	return answer
}

// defaultRaw puts a text where a form would have it.
func (v *Variable) defaultRaw(text string) Raw {
	if v.Kind == KindMultipleChoice || v.Kind == KindRanking {
		return Raw{string(v.ID): strings.Fields(text)}
	}
	return Raw{string(v.ID): {text}}
}

// env is what the expressions of an item are worked out with.
func (p *Path) env(item ItemID, self string) *expression.Env {
	return &expression.Env{Answer: p.text, Self: self, Label: p.label, Now: p.sit.Now, Zone: p.sit.Zone, Draw: p.draw(item)}
}

// text is the answer of a variable, or the words of its "other", as expressions
// see it.
func (p *Path) text(name string) string {
	if v, ok := p.in.byID[ItemID(name)]; ok {
		return v.textOf(p.Value(v.ID))
	}
	if id, ok := strings.CutSuffix(name, "__other"); ok {
		return p.Value(ItemID(id)).Text
	}
	return ""
}

// textOf is an answer as expressions see it: a code, codes with blanks between,
// digits, a whole date, text; the code of "prefer not to say" and "don't know"; ""
// for none.
func (v *Variable) textOf(a Answer) string {
	switch {
	case a.Missing != Answered:
		choice, _ := v.missingChoice(a.Missing)
		return choice.Code
	case a.Number != nil:
		return formatNumber(*a.Number)
	case a.Choice != "":
		return a.Choice
	case len(a.Choices) > 0:
		return strings.Join(a.Choices, " ")
	case v.Kind == KindDate && a.Text != "":
		return firstDay(a.Text, v.Item.Precision)
	default:
		return a.Text
	}
}

// label is the label of a choice, for expressions that ask for it.
func (p *Path) label(variable, code string) string {
	v, ok := p.in.byID[ItemID(variable)]
	if !ok {
		return ""
	}
	choice, ok := v.Choice(code)
	if !ok {
		return ""
	}
	return firstOf(choice.Label, append([]string{p.lang}, v.languages...))
}

// draw gives the random numbers of an item: the same for the same person however
// often its expression is worked out.
func (p *Path) draw(item ItemID) func() float64 { return draws(lot(p.sit.Seed, string(item))) }
