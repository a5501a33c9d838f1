package questionnaire

import "slices"

// What the fields of an item reach; those that are not here touch only looks. The
// name of a field within a list leaves out which element: "choices.label".
var itemTouches = map[string]Touches{
	"kind": TouchesAnswers, "choices": TouchesAnswers, "choices.score": TouchesAnswers, "choices.meaning": TouchesAnswers,
	"min": TouchesAnswers, "max": TouchesAnswers, "whole": TouchesAnswers, "unit": TouchesAnswers, "step": TouchesAnswers,
	"precision": TouchesAnswers, "from": TouchesAnswers, "constraint": TouchesAnswers, "calculation": TouchesAnswers,
	"prompts": TouchesAnswers, "prompts.element": TouchesAnswers, "prompts.length": TouchesAnswers, "card": TouchesAnswers,

	"label": TouchesWords, "hint": TouchesWords, "low": TouchesWords, "high": TouchesWords, "choices.label": TouchesWords,
	"choices.picture": TouchesWords, "choices.order": TouchesWords, "prompts.label": TouchesWords, "prompts.hint": TouchesWords,
	"prompts.order": TouchesWords, "picture": TouchesWords, "alt": TouchesWords, "audio": TouchesWords, "wording": TouchesWords,
	"required_message": TouchesWords, "constraint_message": TouchesWords, "grid": TouchesWords, "shuffle": TouchesWords,
	"default": TouchesWords, "quotable": TouchesWords,

	"required": TouchesPath, "required_if": TouchesPath, "relevant": TouchesPath, "waves": TouchesPath, "group": TouchesPath,
	"filter": TouchesPath, "choices.columns": TouchesPath, "read_only": TouchesPath, "consent": TouchesPath,
}

// What the fields of the other things reach.
var otherTouches = map[Thing]map[string]Touches{
	ThingWhole: {"title": TouchesWords, "languages": TouchesWords, "intro": TouchesWords, "readers": TouchesWords, "thanks": TouchesWords, "help": TouchesWords, "same_codes": TouchesAnswers},
	ThingPart:  {"title": TouchesWords, "waves": TouchesPath, "relevant": TouchesPath},
	ThingGroup: {"label": TouchesWords, "relevant": TouchesPath, "in": TouchesPath},
	ThingRow:   {"label": TouchesWords},
	ThingScale: {
		"items": TouchesAnswers, "reverse": TouchesAnswers, "min": TouchesAnswers, "max": TouchesAnswers, "method": TouchesAnswers,
		"min_answered": TouchesAnswers, "round": TouchesAnswers, "multiply": TouchesAnswers, "table": TouchesAnswers, "of": TouchesAnswers,
		"table.score": TouchesAnswers, "bands": TouchesAnswers, "bands.min": TouchesAnswers, "bands.max": TouchesAnswers,
		"flags": TouchesAnswers, "flags.at_least": TouchesAnswers, "direction": TouchesAnswers,
		"label": TouchesWords, "bands.label": TouchesWords, "flags.label": TouchesWords, "source": TouchesLooks,
	},
	ThingMeasure: {
		"of": TouchesAnswers, "type": TouchesAnswers, "direction": TouchesAnswers, "min_change": TouchesAnswers, "top": TouchesAnswers,
		"test": TouchesAnswers, "effect": TouchesAnswers, "before": TouchesAnswers,
		"label": TouchesWords, "top_text": TouchesWords,
	},
}

// unasked are the fields of an item that touch words, but not those of the
// question or of an answer.
var unasked = []string{"required_message", "constraint_message", "quotable"}

func touches(sort Thing, name string) Touches {
	table := otherTouches[sort]
	if sort == ThingItem {
		table = itemTouches
	}
	if t, ok := table[name]; ok {
		return t
	}
	return TouchesLooks
}

// asks reports whether answers from before may mean something else. A translation
// that was not there before was read by nobody; one that goes with its language
// will be read by nobody.
func asks(name string, d Detail, before, after Definition) bool {
	if d.Touches != TouchesAnswers && d.Touches != TouchesWords || slices.Contains(unasked, name) {
		return false
	}
	if d.Language == "" || len(before.Languages) == 0 || d.Language == before.Languages[0] {
		return true
	}
	return d.Before != "" && slices.Contains(after.Languages, d.Language)
}

// LockedChanges lists the items of before whose wording is locked and that after
// words in another way, or has unlocked. One may be removed, moved, made
// conditional, and translated into a language that it had no words in.
func LockedChanges(before, after Definition) []ItemID {
	locked := map[ItemID]bool{}
	for _, part := range before.Parts {
		for _, item := range part.Items {
			if item.Locked {
				locked[item.ID] = true
			}
		}
	}
	if len(locked) == 0 {
		return nil
	}
	var changed []ItemID
	for _, d := range Compare(before, after) {
		id := d.ID
		if d.Thing == ThingRow {
			id = d.Item
		}
		if (d.Thing == ThingItem || d.Thing == ThingRow) && locked[id] && d.breaksLock() && !slices.Contains(changed, id) {
			changed = append(changed, id)
		}
	}
	return changed
}

// breaksLock reports whether d changes what a lock protects.
func (d Difference) breaksLock() bool {
	if d.Change == Added || d.Change == Removed {
		return d.Thing == ThingRow
	}
	return slices.ContainsFunc(d.Details, func(one Detail) bool {
		return one.Field == "locked" || d.Change == Changed && one.Asks && (one.Language == "" || one.Before != "") || d.Change == Moved && d.Thing == ThingRow
	})
}
