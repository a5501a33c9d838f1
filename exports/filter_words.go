package exports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// filterWords say who is in a report, for its cover.
func (b *book) filterWords() string {
	f := b.report.Filter
	if f.Empty() {
		return "Everyone: no filter."
	}
	var parts []string
	add := func(what string, names []string) {
		if len(names) > 0 {
			parts = append(parts, what+": "+wordList(names))
		}
	}
	add("Cohorts", named(f.Cohorts, func(id surveys.CohortID) string { return b.data.Cohorts[id].Name }))
	add("Institutions", named(f.Institutions, func(id surveys.InstitutionID) string { return b.data.Institutions[id].Name }))
	add("Phases", f.Phases)
	add("Areas", f.Areas)
	add("Languages", named(f.Languages, languageName))
	if from, to := dayWords(f.From), dayWords(f.To); from+to != "" {
		parts = append(parts, strings.TrimSpace("Sent "+untilWords(from, to)))
	}
	for _, id := range slices.Sorted(maps.Keys(f.Answers)) {
		label, choices := b.answerWords(id, f.Answers[id])
		add(label, choices)
	}
	return "Filtered. " + strings.Join(parts, ". ") + "."
}

func untilWords(from, to string) string {
	switch {
	case from == "":
		return "until " + to
	case to == "":
		return "from " + from
	}
	return fmt.Sprintf("from %s to %s", from, to)
}

func dayWords(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.Format("2 January 2006")
}

// answerWords are an item and some of its choices in words.
func (b *book) answerWords(id questionnaire.ItemID, codes []string) (string, []string) {
	v, ok := b.data.Latest.Variable(id)
	if !ok {
		return string(id), codes
	}
	return wording(v.Label, b.options.Language), named(codes, func(code string) string {
		if choice, ok := v.Choice(code); ok {
			return wording(choice.Label, b.options.Language)
		}
		return code
	})
}

// named is the name of each id, or the id where it has none.
func named[T ~string](ids []T, name func(T) string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		if names[i] = name(id); names[i] == "" {
			names[i] = string(id)
		}
	}
	return names
}
