package app

import (
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// style is a sheet that a page brings only if something on it needs it: it stands
// in each first visit.
type style struct {
	sheet  string
	needed func(*questionnaire.Item) bool
}

var styles = []style{
	{"respond_code.css", ofKind(questionnaire.KindLinkageCode)},
	{"respond_short.css", ofKind(questionnaire.KindNumber, questionnaire.KindDate, questionnaire.KindTime, questionnaire.KindDateTime, questionnaire.KindLinkageCode)},
	{"respond_words.css", asksWords},
	{"respond_ladder.css", ofKind(questionnaire.KindScale0To10)},
	{"respond_faces.css", ofKind(questionnaire.KindFaces)},
	{"respond_points.css", ofKind(questionnaire.KindScale)},
	{"respond_pictures.css", ofKind(questionnaire.KindPictures)},
	{"respond_ranking.css", ofKind(questionnaire.KindRanking)},
	{"respond_dates.css", ofKind(questionnaire.KindDate, questionnaire.KindTime, questionnaire.KindDateTime)},
	{"respond_grid.css", func(item *questionnaire.Item) bool { return item.Grid }},
	{"respond_media.css", func(item *questionnaire.Item) bool { return item.Picture != "" || len(item.Audio) > 0 }},
	{"respond_groups.css", func(item *questionnaire.Item) bool { return item.Group != "" }},
	{"respond_marks.css", hasHeading},
	{"respond_fixed.css", func(item *questionnaire.Item) bool { return item.ReadOnly != "" }},
}

func ofKind(kinds ...questionnaire.Kind) func(*questionnaire.Item) bool {
	return func(item *questionnaire.Item) bool { return slices.Contains(kinds, item.Kind) }
}

// hasHeading tells whether a wording of an item may have a heading in it.
func hasHeading(item *questionnaire.Item) bool {
	for _, text := range []questionnaire.Text{item.Label, item.Hint} {
		for _, words := range text {
			if strings.Contains(words, "#") {
				return true
			}
		}
	}
	return false
}

// styles are the sheets that the form of a visit needs.
func (v visit) styles() []string {
	var needed []string
	for _, style := range styles {
		if v.some(style.needed) {
			needed = append(needed, style.sheet)
		}
	}
	return needed
}

// some reports whether an item of the form is one that is looked for.
func (v visit) some(looked func(*questionnaire.Item) bool) bool {
	return slices.ContainsFunc(v.parts(), func(part *questionnaire.Part) bool {
		return slices.ContainsFunc(part.ItemsAt(v.Link.Wave), looked)
	})
}

// asksWords tells whether a choice of an item asks for words beside it.
func asksWords(item *questionnaire.Item) bool {
	return slices.ContainsFunc(item.Choices, func(c questionnaire.Choice) bool { return c.Meaning == questionnaire.MeaningOther })
}
