package questionnaire

import (
	"slices"
	"strings"

	"soundings/surveys/expression"
)

// A page without JavaScript is made before its questions are answered: what
// depends on an answer that the page itself asks for has to stand there, and what
// turns out to be off the path is put aside when the page is read.

// Offers says whether an item stands on the page of its part without JavaScript:
// it is shown, or may be once the items beside it are answered.
func (p *Path) Offers(item ItemID) bool {
	it, part := p.in.items[item], p.in.homes[item]
	if it == nil || !at(part.Waves, p.sit.Wave) || !at(it.Waves, p.sit.Wave) {
		return false
	}
	if p.in.logic == nil {
		return true
	}
	group := it.Group
	for range p.in.version.Definition.Groups {
		if group == "" {
			break
		}
		if !p.mayHold(group, part, p.in.logic.groups[group]) {
			return false
		}
		group = p.in.groups[group]
	}
	return p.showsPart(part.ID) && p.mayHold(item, part, p.in.logic.of(item).relevant)
}

// mayHold says whether a condition holds, or may once the page of part is answered.
func (p *Path) mayHold(owner ItemID, part *Part, condition *expression.Tree) bool {
	return p.relevant(owner, condition) || p.in.looksAt(part, condition, nil)
}

// Offered are the choices of an item on that page, in their order: those that pass
// its filter or, if the filter looks at an answer that the page asks for, all.
func (p *Path) Offered(item *Item) []Choice {
	if p.in.looksAt(p.in.homes[item.ID], p.in.logic.of(item.ID).filter, nil) {
		return p.inOrder(item, item.Choices)
	}
	return p.Choices(item)
}

// looksAt says whether an expression looks at something that part asks, also by
// way of what is worked out.
func (in *Instrument) looksAt(part *Part, tree *expression.Tree, by []ItemID) bool {
	if tree == nil {
		return false
	}
	return slices.ContainsFunc(tree.References(), func(name string) bool {
		v, ok := in.byID[ItemID(strings.TrimSuffix(name, "__other"))]
		if !ok || slices.Contains(by, v.ID) {
			return false
		}
		if calculation := in.logic.of(v.Item.ID).calculation; calculation != nil {
			return in.looksAt(part, calculation, append(slices.Clone(by), v.ID))
		}
		return v.Part == part.ID && v.Kind != KindHidden
	})
}
