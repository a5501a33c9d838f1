package exports

import (
	"fmt"
	"slices"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// attributable is how many people a cohort needs before a quote may name it: in a
// smaller one a reader knows who said it.
const attributable = 10

// quotes gathers the approved words while the responses are read, so that consent
// is asked for once more.
type quotes struct {
	data    *surveys.Dataset
	list    []quote
	cohorts map[surveys.CohortID]int // people
}

type quote struct {
	surveys.Reading
	cohort   surveys.CohortID
	wave     questionnaire.Wave
	language string
	label    questionnaire.Text
}

func newQuotes(d *surveys.Dataset) *quotes {
	return &quotes{data: d, cohorts: map[surveys.CohortID]int{}}
}

// add takes the approved words of r whose writer still agrees.
func (q *quotes) add(r *surveys.Response, who person) {
	if who.counted {
		q.cohorts[r.Cohort]++
	}
	if len(q.data.Readings) == 0 {
		return
	}
	in := q.data.Instruments[r.Version]
	for i := range in.Variables() {
		v := &in.Variables()[i]
		reading := q.data.Readings[surveys.ReadingKey{Response: r.ID, Variable: v.ID}]
		if reading.Status != surveys.QuoteApproved || r.Answers[v.ID].Text == "" {
			continue
		}
		if surveys.Consented(in, v, r.Answers) {
			q.list = append(q.list, quote{reading, r.Cohort, r.Wave, r.Language, v.Label})
		}
	}
}

// quotes adds the sheet of what people wrote.
func (b *book) quotes(x *responses) error {
	p := b.page(sheetQuotes, tabQuotes, []column{
		{"Quote", 9, lookNumber(asPlain)},
		{"What they wrote", 74, lookWords},
		{"Who", 24, lookText},
		{"Question", 34, lookText},
		{"Wave", 12, lookText},
		{"Cohort", 26, lookText},
		{"Language", 14, lookText},
	})
	p.filter = true
	open := b.report.OpenAnswer
	p.title("Quotes",
		"One table. Only the words of people who agreed to be quoted, read and approved by a person. [Brackets] stand for what was replaced.",
		fmt.Sprintf("Balance: of %s, %s may be quoted, %s approved and %s not yet read by anyone.",
			counted(open.All, "open answer", "open answers"), grouped(open.Consented), grouped(open.Approved), grouped(open.Unread)),
		fmt.Sprintf("A cohort is named only where at least %d people answered.", attributable))
	var rows [][]any
	for i, one := range x.quotes.sorted() {
		rows = append(rows, []any{i + 1, one.Text, one.Attribution, wording(one.label, x.options.Language),
			waveName(one.wave), x.quotes.cohortName(one.cohort), languageName(one.language)})
	}
	p.table("Quotes", rows)
	return p.finish()
}

// sorted lists the quotes by when they were approved.
func (q *quotes) sorted() []quote {
	slices.SortStableFunc(q.list, func(a, b quote) int { return a.At.Compare(b.At) })
	return q.list
}

// cohortName is the cohort of a quote, or nothing if it would point at its writer.
func (q *quotes) cohortName(c surveys.CohortID) any {
	if q.cohorts[c] < attributable {
		return nil
	}
	return q.data.Cohorts[c].Name
}
