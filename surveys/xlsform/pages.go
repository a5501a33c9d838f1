package xlsform

import (
	"fmt"
	"slices"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// pageItems is how many items a page made of loose rows may show: as many as a
// telephone shows in three or four screens.
const pageItems = 8

// flush makes parts of the loose items collected so far.
func (b *builder) flush() {
	if len(b.loose) == 0 {
		return
	}
	marked := slices.ContainsFunc(b.loose, func(p placed) bool { return len(p.marks) > 0 })
	breaks := make([]bool, len(b.loose))
	if marked {
		for i, p := range b.loose {
			breaks[i] = len(p.marks) > 0
		}
	} else {
		breaks = pageBreaks(b.loose, b.groups)
	}
	var part *questionnaire.Part
	for i, p := range b.loose {
		if part == nil || breaks[i] {
			b.parts = append(b.parts, questionnaire.Part{Auto: true})
			part = &b.parts[len(b.parts)-1]
			p.marks.apply(part, nil)
		}
		part.Items = append(part.Items, p.item)
	}
	b.loose = nil
}

// nameParts names the parts that no page named.
func (b *builder) nameParts() {
	for i := range b.parts {
		if b.parts[i].ID != "" {
			b.ids.taken[b.parts[i].ID] = true
		}
	}
	for i := range b.parts {
		if b.parts[i].ID == "" {
			b.parts[i].ID = b.ids.give(fmt.Sprintf("page_%d", i+1))
		}
	}
}

// pageBreaks says before which of some items a page begins: where it would hold
// more than pageItems, rather before a group than in it; and before an item
// that depends on an answer of the same page, which without scripts is known
// only when the page is sent. A constraint is no reason: it is checked then.
func pageBreaks(items []placed, groups []questionnaire.Group) []bool {
	d := dependence{names: map[string]questionnaire.ItemID{}, groups: map[questionnaire.ItemID]questionnaire.Group{}}
	for _, g := range groups {
		d.groups[g.ID] = g
	}
	for _, p := range items {
		d.names[string(p.item.ID)] = p.item.ID
		for _, row := range p.item.Rows {
			for _, name := range []questionnaire.ItemID{row.ID, questionnaire.MomentID(row.ID, questionnaire.MomentThen), questionnaire.MomentID(row.ID, questionnaire.MomentNow)} {
				d.names[string(name)] = p.item.ID
			}
		}
	}
	for _, p := range items {
		d.names[p.item.ReferenceName()] = p.item.ID
	}
	breaks := make([]bool, len(items))
	shown := 0
	for i, p := range items {
		depends := d.dependsOnPage(&p.item)
		if silent(&p.item) {
			if depends {
				d.page = append(d.page, p.item.ID)
			}
			continue
		}
		if shown > 0 && (depends || shown+stretch(items, i) > pageItems) {
			breaks[i], shown, d.page = true, 0, nil
		}
		shown++
		d.page = append(d.page, p.item.ID)
	}
	return breaks
}

func silent(item *questionnaire.Item) bool {
	return item.Kind == questionnaire.KindHidden || item.Kind == questionnaire.KindCalculated
}

// stretch is how many items must go onto a page with item i: its whole group
// where that begins here and fits a page, else itself.
func stretch(items []placed, i int) int {
	top := items[i].top()
	if top == "" || i > 0 && items[i-1].top() == top {
		return 1
	}
	n := 0
	for _, p := range items[i:] {
		if p.top() != top {
			break
		}
		if !silent(&p.item) {
			n++
		}
	}
	return min(n, pageItems)
}

// top is the outermost group of an item.
func (p placed) top() questionnaire.ItemID {
	if len(p.path) == 0 {
		return ""
	}
	return p.path[0].id
}

// dependence finds out what looks at a page.
type dependence struct {
	names  map[string]questionnaire.ItemID
	groups map[questionnaire.ItemID]questionnaire.Group
	page   []questionnaire.ItemID // what is asked on the page, and worked out of that
}

// dependsOnPage says whether an item, or a group around it, looks at the page.
func (d dependence) dependsOnPage(item *questionnaire.Item) bool {
	sources := []string{item.Relevant, item.RequiredIf, item.ReadOnly, item.Filter, item.Calculation, item.Default}
	for g, ok := d.groups[item.Group]; ok; g, ok = d.groups[g.In] {
		sources = append(sources, g.Relevant)
	}
	for _, text := range []questionnaire.Text{item.Label, item.Hint} {
		for _, words := range text {
			sources = append(sources, words)
		}
	}
	return slices.ContainsFunc(sources, d.looks)
}

func (d dependence) looks(source string) bool {
	return slices.ContainsFunc(expression.Names(source), func(name string) bool {
		id, ok := d.names[name]
		return ok && slices.Contains(d.page, id)
	})
}
