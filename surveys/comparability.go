package surveys

import (
	"cmp"
	"regexp"
	"slices"

	"soundings/surveys/questionnaire"
)

// comparabilities asks about every item and row of the newest version that def
// words, codes or bounds in another way, if it is answered at all.
func comparabilities(versions []questionnaire.Version, def questionnaire.Definition, differences []questionnaire.Difference) []Comparability {
	newest := versions[len(versions)-1].Definition
	taken := def.Names()
	for _, v := range versions {
		for id := range v.Definition.Names() {
			taken[id] = true
		}
	}
	before, after := itemsOf(newest), itemsOf(def)
	var all []Comparability
	for _, d := range differences {
		was, is := before[cmp.Or(d.Item, d.ID)], after[cmp.Or(d.Item, d.ID)]
		if !d.Asks() || d.Change != questionnaire.Changed || was == nil || is == nil || !answered(was) {
			continue
		}
		q := Comparability{ID: d.ID, Item: d.Item, Label: d.Label, Details: d.Details, Becomes: freeID(d.ID, was, taken)}
		if d.Thing == questionnaire.ThingItem {
			q.Never = unreadable(was, is)
			q.rows = rowsBecome(was, is, taken)
		}
		all = append(all, q)
	}
	return all
}

// itemsOf are the items by id; the first of two that an unfinished draft has.
func itemsOf(def questionnaire.Definition) map[questionnaire.ItemID]*questionnaire.Item {
	items := map[questionnaire.ItemID]*questionnaire.Item{}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			item := &def.Parts[i].Items[j]
			if items[item.ID] == nil {
				items[item.ID] = item
			}
		}
	}
	return items
}

// answered reports whether an item takes answers.
func answered(item *questionnaire.Item) bool { return item.Kind != questionnaire.KindStatement }

// unreadable reports whether answers to was mean nothing to is: it is of another
// kind, or lacks a choice that could be given.
func unreadable(was, is *questionnaire.Item) bool {
	return was.Kind != is.Kind || slices.ContainsFunc(was.Choices, func(c questionnaire.Choice) bool {
		return !slices.ContainsFunc(is.Choices, func(other questionnaire.Choice) bool { return other.Code == c.Code })
	})
}

// rowsBecome gives new ids to the rows that a battery had before and still has.
func rowsBecome(was, is *questionnaire.Item, taken map[questionnaire.ItemID]bool) map[questionnaire.ItemID]questionnaire.ItemID {
	become := map[questionnaire.ItemID]questionnaire.ItemID{}
	for _, row := range is.Rows {
		if slices.ContainsFunc(was.Rows, func(old questionnaire.Row) bool { return old.ID == row.ID }) {
			become[row.ID] = freeID(row.ID, is, taken)
		}
	}
	return become
}

// numbered is an id that was made of another one.
var numbered = regexp.MustCompile(`^(.+)_[0-9]+$`)

// freeID is the next free id after that of an item or row of item: stress_2, then
// stress_3. It leaves room for what the kind adds to a row.
func freeID(id questionnaire.ItemID, item *questionnaire.Item, taken map[questionnaire.ItemID]bool) questionnaire.ItemID {
	if m := numbered.FindStringSubmatch(string(id)); m != nil && taken[questionnaire.ItemID(m[1])] {
		id = questionnaire.ItemID(m[1])
	}
	free := questionnaire.FreeID(id, taken)
	if item.Kind == questionnaire.KindThenNow {
		free = questionnaire.FreeID(id[:min(len(id), roomForMoment)], taken)
	}
	taken[free] = true
	return free
}

// roomForMoment is how long the id of a row may be that gets "_then" added, with
// a number before it.
const roomForMoment = 23
