package questionnaire

import (
	"fmt"
	"strings"

	"soundings/surveys/expression"
)

// logic is all that depends on answers, on the clock or on the link, ready to be
// worked out. References in its trees are renamed to ids of variables.
type logic struct {
	rules  map[ItemID]*rules           // of items that have any
	groups map[ItemID]*expression.Tree // relevant
	parts  map[ItemID]*expression.Tree // relevant
	names  map[string]target
	words  bool // some expression asks for the label of a choice, which depends on the language
}

// rules are the expressions of one item; nil where it has none.
type rules struct {
	relevant, required, constraint, calculation, fallback, readOnly, filter *expression.Tree

	number bool // the calculation is a number whatever the answers are
	fixed  bool // read only whatever the answers are
}

// The places of expressions, by their names in JSON.
const (
	placeRelevant    = "relevant"
	placeRequired    = fieldRequiredIf
	placeConstraint  = fieldConstraint
	placeCalculation = fieldCalculation
	placeDefault     = fieldDefault
	placeReadOnly    = fieldReadOnly
	placeFilter      = fieldFilter
)

// expressionAt is one expression of a definition.
type expressionAt struct {
	owner  ItemID // item, group or part
	place  string
	where  string // `item "b" relevant`
	source string
	slot   expression.Slot
	item   *Item // nil for groups and parts
}

// key names an expression in Version.Logic.
func (e expressionAt) key() string { return string(e.owner) + "/" + e.place }

// expressions lists all expressions of d: of groups, of parts, then of items.
func (d *Definition) expressions() []expressionAt {
	var all []expressionAt
	for i := range d.Groups {
		all = appendExpression(all, expressionAt{owner: d.Groups[i].ID, place: placeRelevant, where: whereGroup(&d.Groups[i]), source: d.Groups[i].Relevant})
	}
	for i := range d.Parts {
		part := &d.Parts[i]
		all = appendExpression(all, expressionAt{owner: part.ID, place: placeRelevant, where: "part " + quoted(string(part.ID)), source: part.Relevant})
		for j := range part.Items {
			all = append(all, part.Items[j].expressions()...)
		}
	}
	return all
}

func (it *Item) expressions() []expressionAt {
	var all []expressionAt
	for _, e := range []expressionAt{
		{place: placeRelevant, source: it.Relevant, slot: expression.SlotRelevant},
		{place: placeRequired, source: it.RequiredIf, slot: expression.SlotRequired},
		{place: placeConstraint, source: it.Constraint, slot: expression.SlotConstraint},
		{place: placeCalculation, source: it.Calculation, slot: expression.SlotCalculation},
		{place: placeReadOnly, source: it.ReadOnly, slot: expression.SlotReadOnly},
		{place: placeFilter, source: it.Filter, slot: expression.SlotChoiceFilter},
	} {
		e.owner, e.where, e.item = it.ID, whereItem(it), it
		all = appendExpression(all, e)
	}
	if isDynamic(it.Default) {
		all = appendExpression(all, expressionAt{owner: it.ID, place: placeDefault, where: whereItem(it), source: it.Default, slot: expression.SlotDefault, item: it})
	}
	return all
}

func appendExpression(all []expressionAt, e expressionAt) []expressionAt {
	if strings.TrimSpace(e.source) == "" {
		return all
	}
	e.where += " " + e.place
	return append(all, e)
}

// isDynamic says whether a default is an expression.
func isDynamic(source string) bool { return source != "" && expression.Dynamic(source) }

// parseLogic parses every expression of d: what Version.Logic holds.
func (d *Definition) parseLogic() (map[string]*expression.Tree, error) {
	trees := map[string]*expression.Tree{}
	for _, e := range d.expressions() {
		tree, err := expression.Parse(e.source, e.slot)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.where, err)
		}
		trees[e.key()] = tree
	}
	return trees, nil
}

// HasLogic says whether anything of the questionnaire depends on answers, on the
// clock or on the link: expressions, piping, defaults, calculated and hidden
// items. Without, ParseAnswers says all that Read does, and a page needs no
// script for it. A shuffled order is no logic.
func (in *Instrument) HasLogic() bool { return in.logic != nil }

// hasLogic is HasLogic of a definition.
func (d *Definition) hasLogic() bool {
	found := len(d.expressions()) > 0
	d.eachItem(func(item *Item) {
		found = found || item.Kind == KindCalculated || item.Kind == KindHidden || item.Default != ""
	})
	for _, w := range d.wordings() {
		for _, words := range w.text {
			found = found || strings.Contains(words, "${")
		}
	}
	return found
}

// compileLogic makes the logic of the version ready; lenient leaves out what
// cannot be used.
func (in *Instrument) compileLogic(lenient bool) error {
	d := &in.version.Definition
	if !d.hasLogic() {
		return nil
	}
	l := &logic{rules: map[ItemID]*rules{}, groups: map[ItemID]*expression.Tree{}, parts: map[ItemID]*expression.Tree{}, names: d.references()}
	for _, e := range d.expressions() {
		tree, err := in.tree(e, l.names)
		switch {
		case err != nil && lenient:
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", e.where, err)
		}
		l.words = l.words || calls(tree, "jr:choice-name", "choice-name")
		l.put(e, tree)
	}
	in.logic = l
	in.typeCalculations()
	return nil
}

// tree is an expression with its references renamed to ids of variables.
func (in *Instrument) tree(e expressionAt, names map[string]target) (*expression.Tree, error) {
	tree := in.version.Logic[e.key()]
	if tree == nil {
		var err error
		if tree, err = expression.Parse(e.source, e.slot); err != nil {
			return nil, err
		}
	}
	for _, name := range tree.References() {
		if cause := names[name].wrong(name); cause != "" {
			return nil, fmt.Errorf("%s", cause)
		}
	}
	return tree.Rename(func(name string) string { return names[name].name }), nil
}

// put keeps the tree of e where it is looked for.
func (l *logic) put(e expressionAt, tree *expression.Tree) {
	if e.item == nil {
		if strings.HasPrefix(e.where, "group") {
			l.groups[e.owner] = tree
		} else {
			l.parts[e.owner] = tree
		}
		return
	}
	r := l.rules[e.owner]
	if r == nil {
		r = &rules{}
		l.rules[e.owner] = r
	}
	switch e.place {
	case placeRelevant:
		r.relevant = tree
	case placeRequired:
		r.required = tree
	case placeConstraint:
		r.constraint = tree
	case placeCalculation:
		r.calculation = tree
	case placeDefault:
		r.fallback = tree
	case placeReadOnly:
		r.readOnly, r.fixed = tree, isConstant(tree, true)
	case placeFilter:
		r.filter = tree
	}
}

// of returns the rules of an item, empty ones if it has none.
func (l *logic) of(item ItemID) *rules {
	if l != nil {
		if r := l.rules[item]; r != nil {
			return r
		}
	}
	return &noRules
}

var noRules rules

// typeCalculations says which calculated variables are numbers, and which hold
// words that somebody wrote, because they are made of such, through other
// calculations too.
func (in *Instrument) typeCalculations() {
	lookers := map[string][]*Variable{} // by what they look at
	for i := range in.variables {
		v := &in.variables[i]
		tree := in.logic.of(v.ID).calculation
		if v.Kind != KindCalculated || tree == nil {
			continue
		}
		if isNumber(tree) {
			v.Numeric, in.logic.of(v.ID).number = true, true
		}
		for _, name := range tree.References() {
			lookers[name] = append(lookers[name], v)
		}
	}
	var written []string
	for name := range lookers {
		if in.isWritten(name) {
			written = append(written, name)
		}
	}
	for ; len(written) > 0; written = written[1:] {
		for _, v := range lookers[written[0]] {
			if !v.Open {
				v.Open = true
				written = append(written, string(v.ID))
			}
		}
	}
}

// isWritten says whether a variable, or the words of its "other", is what
// somebody wrote.
func (in *Instrument) isWritten(name string) bool {
	v, ok := in.byID[ItemID(name)]
	return ok && v.Open || !ok && strings.HasSuffix(name, "__other")
}
