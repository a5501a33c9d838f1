package xlsform

import (
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Kinds with several rows of answers are written as a group of questions, marked
// in the column soundings. Elsewhere they are asked as that group; here they
// become one item again.

// battery says whether a group is one item.
func (w *row) battery() bool {
	return w.role == roleBegin && slices.Contains([]questionnaire.Kind{questionnaire.KindRating, questionnaire.KindThenNow, questionnaire.KindLinkageCode}, w.batteryKind())
}

func (w *row) batteryKind() questionnaire.Kind {
	return questionnaire.Kind(w.extra.text(extraKind))
}

// inLinkage says whether a row is one prompt of a linkage code, which has a name
// within the code only.
func (w *row) inLinkage() bool {
	return w.in != nil && w.in.battery() && w.in.batteryKind() == questionnaire.KindLinkageCode
}

// batteryItem makes one item of a group of questions.
func (b *builder) batteryItem(row *row) questionnaire.Item {
	item := questionnaire.Item{ID: row.id, Kind: row.batteryKind(), Name: row.ownName(), Relevant: row.cells[colRelevant],
		Label: b.tongues.text(row.line, colLabel), Hint: b.tongues.text(row.line, colHint)}
	item.Sheet = row.kept(slices.Concat(groupKeys, wordKeys), "")
	look := appearances(row.cells[colAppearance])
	item.Grid = item.Kind == questionnaire.KindRating && slices.Contains(look, "table-list")
	if strings.EqualFold(item.Sheet[colAppearance], appearanceOf(&item)) {
		delete(item.Sheet, colAppearance)
		item.Sheet = orNil(item.Sheet)
	}
	if item.Kind == questionnaire.KindLinkageCode {
		b.prompts(row, &item)
		return item
	}
	var first *questionnaire.Item
	for _, member := range row.members {
		if member.list != "" && first == nil {
			question := b.asked(member)
			first = &question
		}
		if (member.list != "") == (item.Kind == questionnaire.KindRating) && len(b.tongues.text(member.line, colLabel)) > 0 {
			item.Rows = append(item.Rows, questionnaire.Row{ID: member.id, Label: b.tongues.text(member.line, colLabel)})
		}
	}
	if first != nil {
		item.Choices, item.List, item.Filter, item.ReadOnly = first.Choices, first.List, first.Filter, first.ReadOnly
		item.Required, item.RequiredIf, item.RequiredMessage = first.Required, first.RequiredIf, first.RequiredMessage
		item.Constraint, item.ConstraintMessage = first.Constraint, first.ConstraintMessage
	}
	return item
}

func (b *builder) prompts(row *row, item *questionnaire.Item) {
	for _, member := range row.members {
		item.Required = item.Required || isYes(member.cells[colRequired])
		if member.extra.text(extraElement) == elementCard {
			item.Card = true
			item.Required = item.Required || same(member.extra[extraNeeded], mustJSON(true))
			continue
		}
		prompt := questionnaire.Prompt{ID: questionnaire.ItemID(idOf(member.name)), Label: b.tongues.text(member.line, colLabel), Hint: b.tongues.text(member.line, colHint)}
		member.extra.apply(&prompt, nil)
		item.Prompts = append(item.Prompts, prompt)
	}
}
