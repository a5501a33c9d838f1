package outcomes

import (
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// FilterPart is one thing that a filter asks for, in words.
type FilterPart struct {
	By    string // "cohort", "institution", "phase", "area", "language", "period", "answer"
	Value string // as the filter has it: an id, a tag, a code; "" for the period
	Item  questionnaire.ItemID
	Label string // "Year 5", "January to March 2026"
	About string // of an answer: the question
}

// FilterParts are the parts of f in words, in the order they are always named.
// languageName gives the name of a language by its tag.
func FilterParts(d *surveys.Dataset, f surveys.Filter, languageName func(tag string) string) []FilterPart {
	var parts []FilterPart
	for _, phase := range f.Phases {
		parts = append(parts, FilterPart{By: "phase", Value: phase, Label: phase})
	}
	for _, area := range f.Areas {
		parts = append(parts, FilterPart{By: "area", Value: area, Label: area})
	}
	for _, id := range f.Institutions {
		parts = append(parts, FilterPart{By: "institution", Value: string(id), Label: d.Institutions[id].Name})
	}
	if names := cohortNames(d, d.CohortOrder); len(f.Cohorts) > 0 {
		for _, id := range f.Cohorts {
			parts = append(parts, FilterPart{By: "cohort", Value: string(id), Label: nameAmong(d.CohortOrder, names, id)})
		}
	}
	for _, tag := range f.Languages {
		parts = append(parts, FilterPart{By: "language", Value: tag, Label: languageName(tag)})
	}
	parts = append(parts, answerParts(d, f)...)
	if text := PeriodWords(f.From, f.To); text != "" {
		parts = append(parts, FilterPart{By: "period", Label: text})
	}
	return parts
}

func nameAmong(ids []surveys.CohortID, names []string, id surveys.CohortID) string {
	for i := range ids {
		if ids[i] == id {
			return names[i]
		}
	}
	return string(id)
}

// answerParts are those by what people said, in the order of the questionnaire.
func answerParts(d *surveys.Dataset, f surveys.Filter) []FilterPart {
	var parts []FilterPart
	for _, v := range d.Latest.Variables() {
		for _, code := range f.Answers[v.ID] {
			label := code
			if choice, ok := v.Choice(code); ok {
				label = labelIn(choice.Label, "en")
			}
			parts = append(parts, FilterPart{By: "answer", Value: code, Item: v.ID, Label: label, About: labelIn(v.Label, "en")})
		}
	}
	return parts
}

// FilterSentence says whom a report is of: "Only: Primary or Secondary; January to
// March 2026". It is "" where everybody is in it.
func FilterSentence(parts []FilterPart) string {
	if len(parts) == 0 {
		return ""
	}
	var groups []string
	for i := 0; i < len(parts); {
		labels := []string{}
		first := parts[i]
		for ; i < len(parts) && parts[i].By == first.By && parts[i].Item == first.Item; i++ {
			labels = append(labels, parts[i].Label)
		}
		text := strings.Join(labels, " or ")
		if first.About != "" {
			text = first.About + " " + text
		}
		groups = append(groups, text)
	}
	return "Only: " + strings.Join(groups, "; ")
}

// PeriodWords are the days from and to in words, as whole months where they are.
func PeriodWords(from, to string) string {
	first, fromErr := time.Parse(time.DateOnly, from)
	last, toErr := time.Parse(time.DateOnly, to)
	switch {
	case fromErr != nil && toErr != nil:
		return ""
	case toErr != nil:
		return "from " + from
	case fromErr != nil:
		return "until " + to
	case first.Day() != 1 || last.AddDate(0, 0, 1).Day() != 1:
		return from + " to " + to
	case first.Year() == last.Year() && first.Month() == last.Month():
		return first.Format("January 2006")
	case first.Year() == last.Year():
		return first.Format("January") + " to " + last.Format("January 2006")
	}
	return first.Format("January 2006") + " to " + last.Format("January 2006")
}
