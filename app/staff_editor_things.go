package app

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// thingChange adds or deletes a group, a scale or a measure.
func thingChange(id questionnaire.ID, def *questionnaire.Definition, verb, rest string) (change, bool) {
	what, _ := strings.CutPrefix(verb, "add_")
	if what != verb {
		return addThing(id, def, what)
	}
	what, _ = strings.CutPrefix(verb, "delete_")
	own := questionnaire.ItemID(rest)
	if !findThing(def, what, own) {
		return change{}, false
	}
	return change{
		label: "delete the " + what + " " + rest, said: "Deleted the " + what + ". Undo brings it back.", focus: "scoring",
		edit: func(def *questionnaire.Definition) error {
			if !findThing(def, what, own) {
				return errNotThere
			}
			deleteThing(def, what, own)
			return nil
		},
	}, true
}

func deleteThing(def *questionnaire.Definition, what string, own questionnaire.ItemID) {
	switch what {
	case "group":
		outer := groupOf(def, own).In
		def.Groups = slices.DeleteFunc(def.Groups, func(g questionnaire.Group) bool { return g.ID == own })
		for i := range def.Groups {
			if def.Groups[i].In == own {
				def.Groups[i].In = outer
			}
		}
		for i := range def.Parts {
			for j := range def.Parts[i].Items {
				if item := &def.Parts[i].Items[j]; item.Group == own {
					item.Group = outer
				}
			}
		}
	case "scale":
		def.Scales = slices.DeleteFunc(def.Scales, func(s questionnaire.Scale) bool { return s.ID == own })
	case "measure":
		def.Measures = slices.DeleteFunc(def.Measures, func(m questionnaire.Measure) bool { return m.ID == own })
	}
}

func addThing(id questionnaire.ID, def *questionnaire.Definition, what string) (change, bool) {
	own := questionnaire.ItemID(freshName(what+"_", 1, namesOf(def)))
	ch := change{label: "add a " + what, said: "Added a " + what + ".", opens: draftPath(id) + "/" + what + "s/" + string(own)}
	switch what {
	case "group":
		ch.edit = func(def *questionnaire.Definition) error {
			def.Groups = append(def.Groups, questionnaire.Group{ID: own})
			return nil
		}
	case "scale":
		ch.edit = func(def *questionnaire.Definition) error {
			def.Scales = append(def.Scales, scaleToBegin(def, own))
			return nil
		}
	case "measure":
		ch.edit = func(def *questionnaire.Definition) error {
			def.Measures = append(def.Measures, questionnaire.Measure{ID: own, Type: questionnaire.MeasureScore})
			return nil
		}
	default:
		return change{}, false
	}
	return ch, true
}

// scaleToBegin takes the first battery that no scale counts yet: that is what a
// new scale is mostly for.
func scaleToBegin(def *questionnaire.Definition, own questionnaire.ItemID) questionnaire.Scale {
	scale := questionnaire.Scale{ID: own, Method: "mean", Min: 1, Max: 5, MinAnswered: 1}
	counted := map[questionnaire.ItemID]bool{}
	for _, other := range def.Scales {
		for _, item := range other.Items {
			counted[item] = true
		}
	}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			item := &def.Parts[i].Items[j]
			low, high, ok := scoreRange(item)
			if item.Kind != questionnaire.KindRating || !ok || len(item.Rows) < 2 || counted[item.Rows[0].ID] {
				continue
			}
			for _, row := range item.Rows {
				scale.Items = append(scale.Items, row.ID)
			}
			scale.Min, scale.Max, scale.MinAnswered = low, high, (len(item.Rows)+1)/2
			return scale
		}
	}
	return scale
}

// scoreRange is the lowest and the highest score of an item's choices.
func scoreRange(item *questionnaire.Item) (low, high float64, ok bool) {
	for _, choice := range item.Choices {
		if choice.Score == nil {
			continue
		}
		if !ok {
			low, high, ok = *choice.Score, *choice.Score, true
		}
		low, high = min(low, *choice.Score), max(high, *choice.Score)
	}
	return low, high, ok
}

// partChange is an edit of a part.
func partChange(id questionnaire.ID, def *questionnaire.Definition, verb, rest string) (change, bool) {
	own := questionnaire.ItemID(rest)
	if verb == "add_part" {
		fresh := questionnaire.ItemID(freshName("part_", len(def.Parts)+1, namesOf(def)))
		return change{
			label: "add a part", said: "Added a part.", focus: "part-" + string(fresh),
			edit: func(def *questionnaire.Definition) error {
				def.Parts = append(def.Parts, questionnaire.Part{ID: fresh})
				return nil
			},
		}, true
	}
	at := slices.IndexFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == own })
	if at < 0 {
		return change{}, false
	}
	name := "part " + strconv.Itoa(at+1)
	find := func(edit func(def *questionnaire.Definition, at int)) func(*questionnaire.Definition) error {
		return func(def *questionnaire.Definition) error {
			at := slices.IndexFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == own })
			if at < 0 {
				return errNotThere
			}
			edit(def, at)
			return nil
		}
	}
	if verb == "delete_part" {
		return change{
			label: "delete " + name, said: "Deleted " + name + " with " + counted(len(def.Parts[at].Items), "item") + ". Undo brings it back.", focus: "outline",
			edit: find(func(def *questionnaire.Definition, at int) { def.Parts = slices.Delete(def.Parts, at, at+1) }),
		}, true
	}
	step := map[string]int{"part_up": -1, "part_down": 1}[verb]
	return change{
		label: "move " + name, said: "Moved " + name + ".", focus: verb + "-" + string(own),
		edit: find(func(def *questionnaire.Definition, at int) {
			if to := at + step; to >= 0 && to < len(def.Parts) {
				def.Parts[at], def.Parts[to] = def.Parts[to], def.Parts[at]
			}
		}),
	}, true
}
