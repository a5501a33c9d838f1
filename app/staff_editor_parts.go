package app

import (
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// The forms of what is not an item: parts, groups and the whole questionnaire.

// describePart runs the form of a part.
func describePart(b *binder, def *questionnaire.Definition, id questionnaire.ItemID, do string) bool {
	for i := range def.Parts {
		part := &def.Parts[i]
		if part.ID != id {
			continue
		}
		b.section("", "A part is what stands on one screen.")
		b.text(&part.Title, control{Name: "title", Label: "Title of the part", Hint: "May be left out"})
		boxes(b, &part.Waves, control{Name: "waves", Label: "Only", Hint: "Without a tick it is shown each time", Options: waveOptions})
		first := firstItem(part)
		bindExpression(b, def, first, &part.Relevant, expression.SlotRelevant, control{Name: "relevant", Label: "Show this part if"}, true, do)
		return true
	}
	return false
}

// firstItem is where a part begins; conditions of the part look at what stands before.
func firstItem(part *questionnaire.Part) *questionnaire.Item {
	if len(part.Items) == 0 {
		return nil
	}
	return &part.Items[0]
}

// describeGroup runs the form of a group.
func describeGroup(b *binder, def *questionnaire.Definition, id questionnaire.ItemID, do string) bool {
	for i := range def.Groups {
		group := &def.Groups[i]
		if group.ID != id {
			continue
		}
		b.section("", "A group is items with one heading and one condition. An item says itself which group it is in.")
		b.text(&group.Label, control{Name: "label", Label: "Heading", Hint: "May be left out"})
		bindExpression(b, def, firstOf(def, id), &group.Relevant, expression.SlotRelevant, control{Name: "relevant", Label: "Show this group if"}, true, do)
		pick(b, &group.In, control{Name: "in", Label: "Within the group", Options: otherGroups(def, id)})
		return true
	}
	return false
}

// firstOf is the first item of a group or of one within it.
func firstOf(def *questionnaire.Definition, id questionnaire.ItemID) *questionnaire.Item {
	within := map[questionnaire.ItemID]bool{id: true}
	for range def.Groups {
		for _, g := range def.Groups {
			within[g.ID] = within[g.ID] || within[g.In]
		}
	}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			if item := &def.Parts[i].Items[j]; within[item.Group] {
				return item
			}
		}
	}
	return nil
}

// otherGroups are the groups that may hold a group: none that it holds.
func otherGroups(def *questionnaire.Definition, id questionnaire.ItemID) []choiceOption {
	options := groupOptions(def)[:1]
	for _, o := range groupOptions(def)[1:] {
		inside, seen := questionnaire.ItemID(o.Value), map[questionnaire.ItemID]bool{}
		for inside != "" && inside != id && !seen[inside] {
			seen[inside] = true
			inside = groupOf(def, inside).In
		}
		if inside == "" {
			options = append(options, o)
		}
	}
	return options
}

func groupOf(def *questionnaire.Definition, id questionnaire.ItemID) questionnaire.Group {
	for _, g := range def.Groups {
		if g.ID == id {
			return g
		}
	}
	return questionnaire.Group{}
}

// describeWhole runs the form of what is shown before and after the items.
func describeWhole(b *binder, def *questionnaire.Definition, _ string) bool {
	b.section("Before the first question", "")
	b.text(&def.Title, control{Name: "title", Label: "Title", Hint: "Shown at the top of every page"})
	b.text(&def.Intro, control{Name: "intro", Label: "What this is about", Kind: "textarea", Rows: 4})
	b.text(&def.Readers, control{Name: "readers", Label: "Who reads the answers, and how soon", Kind: "textarea", Rows: 3})
	b.section("After the last question", "")
	b.text(&def.Thanks, control{Name: "thanks", Label: "Thanks", Kind: "textarea", Rows: 3})
	b.text(&def.Help, control{Name: "help", Label: "Whom to call for help", Kind: "textarea", Rows: 3})
	b.section("Languages", "The first is the source language: what another lacks is shown in it.")
	tags := strings.Join(def.Languages, ", ")
	b.checked(&tags, control{Name: "languages", Label: "Languages", Hint: "With commas between, by name or by tag: English, Arabic, so. " + knownLanguages(), Code: true}, func(typed string) error {
		list, err := languageTags(typed)
		if err == nil {
			def.Languages = list
		}
		return err
	})
	return true
}
