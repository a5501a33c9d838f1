package app

import (
	"slices"

	"soundings/surveys/questionnaire"
)

// headings tells where groups begin on a page.
type headings struct {
	v      visit
	level  int // of the outermost group's heading
	open   []questionnaire.ItemID
	groups map[questionnaire.ItemID]*questionnaire.Group
}

// headings begins a part; a group's heading lies under the part's, if that has one.
func (v visit) headings(titled bool) *headings {
	h := &headings{v: v, level: 2}
	if titled {
		h.level = 3
	}
	groups := v.Instrument.Version().Definition.Groups
	if len(groups) > 0 {
		h.groups = make(map[questionnaire.ItemID]*questionnaire.Group, len(groups))
	}
	for i := range groups {
		h.groups[groups[i].ID] = &groups[i]
	}
	return h
}

// of are the headings before an item: of each group that it is in and the item
// before was not, the outermost first.
func (h *headings) of(item *questionnaire.Item) []headView {
	var chain []questionnaire.ItemID
	for group, ok := h.groups[item.Group]; ok && len(chain) < len(h.groups); group, ok = h.groups[group.In] {
		chain = append(chain, group.ID)
	}
	slices.Reverse(chain)
	var heads []headView
	for _, id := range chain {
		label := h.v.words(h.groups[id].Label)
		if !slices.Contains(h.open, id) && label != "" {
			heads = append(heads, headView{ID: string(id), Label: label, Level: min(6, h.level+len(heads)+h.above(chain, id)), Live: h.v.scripted()})
		}
	}
	h.open = chain
	return heads
}

// above counts the groups with a heading that were open already and hold group id.
func (h *headings) above(chain []questionnaire.ItemID, id questionnaire.ItemID) int {
	n := 0
	for _, outer := range chain {
		if outer == id {
			break
		}
		if slices.Contains(h.open, outer) && len(h.groups[outer].Label) > 0 {
			n++
		}
	}
	return n
}
