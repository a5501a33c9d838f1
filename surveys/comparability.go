package surveys

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// comparabilities asks about every item and row of the newest version that def
// words, codes or bounds in another way, if it is answered at all.
func comparabilities(versions []questionnaire.Version, def questionnaire.Definition, differences []questionnaire.Difference) []Comparability {
	newest := versions[len(versions)-1].Definition
	fresh := newFreshIDs(versions, def)
	before, after := itemsOf(newest), itemsOf(def)
	var all []Comparability
	for _, d := range differences {
		was, is := before[cmp.Or(d.Item, d.ID)], after[cmp.Or(d.Item, d.ID)]
		if !d.Asks() || d.Change != questionnaire.Changed || was == nil || is == nil || !answered(was) {
			continue
		}
		q := Comparability{ID: d.ID, Item: d.Item, Label: d.Label, Details: d.Details, Becomes: fresh.of(d.ID, was)}
		if d.Thing == questionnaire.ThingItem {
			q.Never = unreadable(was, is)
			q.rows = fresh.rows(was, is)
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

// freshIDs gives new ids to what is not comparable, each once.
type freshIDs struct {
	taken map[questionnaire.ItemID]bool                 // in any version, since an id is never used again
	given map[questionnaire.ItemID]questionnaire.ItemID // by id before
}

func newFreshIDs(versions []questionnaire.Version, def questionnaire.Definition) *freshIDs {
	fresh := &freshIDs{def.Names(), map[questionnaire.ItemID]questionnaire.ItemID{}}
	for _, v := range versions {
		for id := range v.Definition.Names() {
			fresh.taken[id] = true
		}
	}
	return fresh
}

// rows gives new ids to the rows that a battery had before and still has.
func (f *freshIDs) rows(was, is *questionnaire.Item) map[questionnaire.ItemID]questionnaire.ItemID {
	become := map[questionnaire.ItemID]questionnaire.ItemID{}
	for _, row := range is.Rows {
		if slices.ContainsFunc(was.Rows, func(old questionnaire.Row) bool { return old.ID == row.ID }) {
			become[row.ID] = f.of(row.ID, is)
		}
	}
	return become
}

// numbered is an id that was made of another one.
var numbered = regexp.MustCompile(`^(.+)_[0-9]+$`)

// roomForMoment is how long the id of a then-and-now row may be, in bytes, so that
// a number and "_then" can follow.
const roomForMoment = 23

// of is the next free id after that of an item or row of item: stress_2, then
// stress_3.
func (f *freshIDs) of(id questionnaire.ItemID, item *questionnaire.Item) questionnaire.ItemID {
	if free, ok := f.given[id]; ok {
		return free
	}
	want := id
	if m := numbered.FindStringSubmatch(string(id)); m != nil && f.taken[questionnaire.ItemID(m[1])] {
		want = questionnaire.ItemID(m[1])
	}
	if item.Kind == questionnaire.KindThenNow {
		want = questionnaire.ItemID(strings.TrimRight(string(want[:min(len(want), roomForMoment)]), "_"))
	}
	f.given[id] = questionnaire.FreeID(want, f.taken)
	f.taken[f.given[id]] = true
	return f.given[id]
}
