package xlsform

import (
	"fmt"
	"strings"

	"soundings/surveys/questionnaire"
)

const longestID = 32

// idOf makes an id of a name: small letters, digits and single _.
func idOf(name string) string {
	var id strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && id.Len() > 0 {
				id.WriteByte('_')
			}
			id.WriteRune(r)
			gap = false
		} else {
			gap = true
		}
	}
	text := id.String()
	if text == "" || text[0] < 'a' || !questionnaire.ValidID(questionnaire.ItemID(cut(text, longestID))) {
		text = strings.TrimSuffix("q_"+text, "_")
	}
	return cut(text, longestID)
}

func cut(text string, length int) string {
	return strings.TrimRight(text[:min(len(text), length)], "_")
}

// allotment gives out ids, each once.
type allotment struct {
	taken map[questionnaire.ItemID]bool
	next  map[string]int // by id: the number to try next
}

func newAllotment() *allotment {
	return &allotment{taken: map[questionnaire.ItemID]bool{}, next: map[string]int{}}
}

// give is an id for a name: the name's own, or with _2, _3 where that is taken.
func (a *allotment) give(name string) questionnaire.ItemID {
	base := idOf(name)
	id := questionnaire.ItemID(base)
	for n := max(a.next[base], 2); a.taken[id]; n++ {
		suffix := fmt.Sprintf("_%d", n)
		id = questionnaire.ItemID(cut(base, longestID-len(suffix)) + suffix)
		a.next[base] = n + 1
	}
	a.taken[id] = true
	return id
}

// allotIDs gives every row an id: first those that the column soundings names,
// then the others by their names, in the order of the sheet.
func (r *reader) allotIDs() {
	for _, row := range r.rows {
		if id := row.extra.id(); id != "" {
			row.id = id
			r.ids.taken[id] = true
		}
	}
	for _, row := range r.rows {
		if row.id == "" && !row.inLinkage() && row.extra[extraOf] == nil {
			row.id = r.ids.give(row.name)
		}
	}
}
