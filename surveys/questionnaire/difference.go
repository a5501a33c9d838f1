package questionnaire

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
)

// Change is what happened to a thing between two definitions.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Moved   Change = "moved" // another place; what it says is the same
	Changed Change = "changed"
)

// Thing is what sort of thing a Difference is about.
type Thing string

// The things.
const (
	ThingWhole   Thing = "questionnaire" // title, languages, and what is shown before and after the items
	ThingPart    Thing = "part"
	ThingGroup   Thing = "group"
	ThingItem    Thing = "item"
	ThingRow     Thing = "row" // of a battery
	ThingScale   Thing = "scale"
	ThingMeasure Thing = "measure"
)

// Touches says what a change reaches.
type Touches string

// What a change reaches, the gravest first.
const (
	TouchesAnswers Touches = "answers" // what can be answered and what it counts: kind, codes, scores, bounds
	TouchesWords   Touches = "words"   // what a person reads, sees or hears
	TouchesPath    Touches = "path"    // who is asked, and when
	TouchesLooks   Touches = "looks"   // nothing that a person who answers could tell
)

// Difference is one thing that two definitions do not have in common.
type Difference struct {
	Thing   Thing    `json:"thing"`
	ID      ItemID   `json:"id,omitempty"`   // "" for the questionnaire itself
	Item    ItemID   `json:"item,omitempty"` // of a row: its item
	Change  Change   `json:"change"`
	Label   Text     `json:"label,omitempty"`   // what it is called: now, or before if it was removed
	Details []Detail `json:"details,omitempty"` // moved, changed: what exactly
}

// Detail is one field that is different.
type Detail struct {
	Field    string  `json:"field"`              // as in the JSON of a definition: "label", "choices.bus.score"; "choices.order"; moved: "part", "after"
	Language string  `json:"language,omitempty"` // of a text
	Before   string  `json:"before,omitempty"`   // in words; "" is none
	After    string  `json:"after,omitempty"`
	Touches  Touches `json:"touches"`
	Asks     bool    `json:"asks,omitempty"` // answers from before may mean something else: an author has to say
}

// Touches returns the gravest of what d's details reach; added and removed
// things touch answers.
func (d Difference) Touches() Touches {
	if d.Change == Added || d.Change == Removed {
		return TouchesAnswers
	}
	order := []Touches{TouchesAnswers, TouchesWords, TouchesPath, TouchesLooks}
	return slices.MinFunc(append(d.touches(), TouchesLooks), func(a, b Touches) int {
		return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
	})
}

func (d Difference) touches() (all []Touches) {
	for _, detail := range d.Details {
		all = append(all, detail.Touches)
	}
	return all
}

// Asks reports whether an author has to say if answers from before can still be
// compared with those that come: an item or a row was worded, coded or bounded
// in another way.
func (d Difference) Asks() bool {
	return (d.Thing == ThingItem || d.Thing == ThingRow) && slices.ContainsFunc(d.Details, func(one Detail) bool { return one.Asks })
}

// Compare lists what is different between two definitions: the questionnaire
// itself, then parts, groups, items with their rows, scales and measures, each in
// the order of after, with what was removed at the end. Things are the same if
// they have the same id; a thing that moved and changed has two differences.
// Fields that are blank and fields that are absent are the same. It is empty for
// definitions that say the same, and only for those; they need not pass Check.
func Compare(before, after Definition) []Difference {
	var all []Difference
	if details := compareFields(ThingWhole, fieldsOf(before), fieldsOf(after), before, after); len(details) > 0 {
		all = append(all, Difference{Thing: ThingWhole, Change: Changed, Label: after.Title, Details: details})
	}
	for _, list := range []func(Definition) []thing{partThings, groupThings, itemThings, scaleThings, measureThings} {
		all = append(all, compareThings(list(before), list(after), before, after)...)
	}
	return all
}

// thing is one thing of a definition, with all that is compared.
type thing struct {
	sort  Thing
	id    ItemID
	key   string // id, and a number where an unfinished draft has it twice
	item  ItemID // of a row
	in    ItemID // of an item: its part
	label Text
	value any
	rows  []thing
}

func partThings(d Definition) []thing {
	return thingsOf(d.Parts, func(p Part) thing { return thing{sort: ThingPart, id: p.ID, label: p.Title, value: p} })
}

func groupThings(d Definition) []thing {
	return thingsOf(d.Groups, func(g Group) thing { return thing{sort: ThingGroup, id: g.ID, label: g.Label, value: g} })
}

func scaleThings(d Definition) []thing {
	return thingsOf(d.Scales, func(s Scale) thing { return thing{sort: ThingScale, id: s.ID, label: s.Label, value: s} })
}

func measureThings(d Definition) []thing {
	return thingsOf(d.Measures, func(m Measure) thing { return thing{sort: ThingMeasure, id: m.ID, label: m.Label, value: m} })
}

func itemThings(d Definition) []thing {
	var items []thing
	for _, part := range d.Parts {
		for _, item := range part.Items {
			rows := thingsOf(item.Rows, func(r Row) thing { return thing{sort: ThingRow, id: r.ID, item: item.ID, label: r.Label, value: r} })
			items = append(items, thing{sort: ThingItem, id: item.ID, in: part.ID, label: item.Label, value: item, rows: rows})
		}
	}
	return thingsOf(items, func(t thing) thing { return t })
}

// thingsOf gives each thing a key of its own.
func thingsOf[T any](list []T, make func(T) thing) []thing {
	seen := map[ItemID]int{}
	things := []thing{}
	for _, one := range list {
		t := make(one)
		seen[t.id]++
		t.key = string(t.id)
		if seen[t.id] > 1 {
			t.key += "#" + strconv.Itoa(seen[t.id])
		}
		things = append(things, t)
	}
	return things
}

// compareThings compares two lists of one sort.
func compareThings(before, after []thing, old, new Definition) []Difference {
	var all []Difference
	places, moved := placesOf(before), movedKeys(before, after)
	for i, now := range after {
		at, ok := places[now.key]
		if !ok {
			all = append(all, now.difference(Added, nil))
			continue
		}
		then := before[at]
		if details := moveDetails(before, after, at, i, moved[now.key]); len(details) > 0 {
			all = append(all, now.difference(Moved, details))
		}
		if reflect.DeepEqual(then.value, now.value) { // most are; this is the quick way to say so
			continue
		}
		if details := compareFields(now.sort, fieldsOf(then.value), fieldsOf(now.value), old, new); len(details) > 0 {
			all = append(all, now.difference(Changed, details))
		}
		all = append(all, compareThings(then.rows, now.rows, old, new)...)
	}
	kept := placesOf(after)
	for _, then := range before {
		if _, ok := kept[then.key]; !ok {
			all = append(all, then.difference(Removed, nil))
		}
	}
	return all
}

func (t thing) difference(change Change, details []Detail) Difference {
	return Difference{Thing: t.sort, ID: t.id, Item: t.item, Change: change, Label: t.label, Details: details}
}

func placesOf(things []thing) map[string]int {
	places := make(map[string]int, len(things))
	for i, t := range things {
		places[t.key] = i
	}
	return places
}

// moveDetails says from where to where a thing went; nil if it stayed.
func moveDetails(before, after []thing, from, to int, moved bool) []Detail {
	if before[from].in != after[to].in {
		return []Detail{{Field: "part", Before: string(before[from].in), After: string(after[to].in), Touches: TouchesPath}}
	}
	if !moved {
		return nil
	}
	return []Detail{{Field: "after", Before: previous(before, from), After: previous(after, to), Touches: TouchesWords}}
}

// previous is the id of what stands before place i; "" at the beginning.
func previous(things []thing, i int) string {
	if i == 0 {
		return ""
	}
	return string(things[i-1].id)
}

// movedKeys are the fewest keys that have to be moved to bring the common ones
// from the order of before into that of after: in each part, of what stays in it,
// all but a longest ascending run.
func movedKeys(before, after []thing) map[string]bool {
	places := placesOf(before)
	keys, order := map[ItemID][]string{}, map[ItemID][]int{}
	for _, t := range after {
		if at, ok := places[t.key]; ok && before[at].in == t.in {
			keys[t.in], order[t.in] = append(keys[t.in], t.key), append(order[t.in], at)
		}
	}
	moved := map[string]bool{}
	for in := range keys {
		stay := longestAscending(order[in])
		for i, key := range keys[in] {
			moved[key] = !stay[i]
		}
	}
	return moved
}

// longestAscending marks a longest ascending subsequence of distinct numbers, by
// patience sorting.
func longestAscending(numbers []int) []bool {
	var piles []int // index of the top of each pile
	before := make([]int, len(numbers))
	for i, n := range numbers {
		pile, _ := slices.BinarySearchFunc(piles, n, func(top, n int) int { return cmp.Compare(numbers[top], n) })
		before[i] = -1
		if pile > 0 {
			before[i] = piles[pile-1]
		}
		if pile == len(piles) {
			piles = append(piles, i)
		} else {
			piles[pile] = i
		}
	}
	marked := make([]bool, len(numbers))
	if len(piles) == 0 {
		return marked
	}
	for i := piles[len(piles)-1]; i >= 0; i = before[i] {
		marked[i] = true
	}
	return marked
}
