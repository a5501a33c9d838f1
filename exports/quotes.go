package exports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// attributable is how many people must share an attribution, and a place with it,
// before a quote may show them, in files of every profile: among fewer a reader
// knows who said it.
const attributable = 10

// QuoteRow is one approved quote as a file may show it. Texts are in the file's
// language; what is not known or may not be shown is empty.
type QuoteRow struct {
	Text      string // redacted, with replacements in [brackets]
	Who       string // the role, as closely as enough people share it: "Class teacher"
	Where     string // the cohort or the phase, likewise
	Themes    []string
	Outcome   string // the measure that it speaks to
	Sentiment surveys.Sentiment
	Question  string
	Wave      string
	Language  string
	Used      []string // "Committee report 2026, p. 3 (2026-05-01)"
}

// Attribution is who said it, in one line: "Class teacher, Primary".
func (r QuoteRow) Attribution() string {
	if r.Where == "" {
		return r.Who
	}
	return r.Who + ", " + r.Where
}

// QuoteSheet is what a file may show of what people wrote.
type QuoteSheet struct {
	Rows    []QuoteRow // by outcome in the order of the report, then as they were approved
	Balance []string   // sentences: how many answers there are, and how they and the quotes sound
}

// quotesLeftOut stands in place of quotes that a filter would attribute.
const quotesLeftOut = "Quotes are left out of files of some people: the choice would say more of who wrote them than enough people share. They are in the files of everybody."

// attributes reports whether the choice of people alone says who wrote a quote: it is
// of these people, and with the quotes of another choice of those who are in both,
// who may be few. Rows of people say that anyway.
func attributes(r *outcomes.Report) bool {
	return r.Profile != surveys.ProfileRows && (!r.Filter.Empty() || r.Withheld != "")
}

// QuotesOf returns the quotes of m: approved, their writers still agreeing,
// attributed as closely as the profile allows; none of a report on some people whose
// profile hides few. It reads the responses once, unless there is no quote.
func QuotesOf(ctx context.Context, m Material) (QuoteSheet, error) {
	if attributes(m.Report) {
		return QuoteSheet{Balance: []string{quotesLeftOut}}, nil
	}
	m.Options.Language = m.Options.language(m.Data)
	q := newQuotes(m.Data)
	repeated := repeatsIn(m.Report)
	if q.any {
		for r, err := range m.Data.Responses(ctx) {
			if err != nil {
				return QuoteSheet{}, fmt.Errorf("reading what people wrote: %w", err)
			}
			if m.Report.Keeps(r.ID) {
				q.add(&r, !repeated[r.ID])
			}
		}
	}
	return q.sheet(m), nil
}

// repeatsIn are the responses that count nobody, as far as a report tells.
func repeatsIn(r *outcomes.Report) map[surveys.ResponseID]bool {
	all := map[surveys.ResponseID]bool{}
	if r.Pairing == nil {
		return all
	}
	for _, id := range r.Pairing.RepeatIDs {
		all[id] = true
	}
	return all
}

// quotes gathers the approved words while the responses are read, so that consent
// is asked for once more.
type quotes struct {
	data    *surveys.Dataset
	any     bool
	list    []quote
	sharing *surveys.Sharing
}

type quote struct {
	surveys.Reading
	cohort   surveys.CohortID
	wave     questionnaire.Wave
	language string
	label    questionnaire.Text
}

func newQuotes(d *surveys.Dataset) *quotes {
	q := &quotes{data: d, sharing: d.NewSharing()}
	for _, r := range d.Readings {
		q.any = q.any || r.Status == surveys.QuoteApproved
	}
	return q
}

// add takes the approved words of r whose writer still agrees, and counts its
// person if it counts.
func (q *quotes) add(r *surveys.Response, counts bool) {
	if !q.any {
		return
	}
	if counts {
		q.sharing.Add(r)
	}
	in := q.data.Instrument(r)
	for i := range in.Variables() {
		v := &in.Variables()[i]
		reading := q.data.Readings[surveys.ReadingKey{Response: r.ID, Variable: v.ID}]
		if reading.Status != surveys.QuoteApproved || v.Written(r.Answers[v.ID]) == "" {
			continue
		}
		if q.data.MayQuote(r, in, v) {
			q.list = append(q.list, quote{reading, surveys.CohortID(strings.Clone(string(r.Cohort))), r.Wave, strings.Clone(r.Language), v.Label})
		}
	}
}

// sheet makes the rows that m may show.
func (q *quotes) sheet(m Material) QuoteSheet {
	order, labels := outcomesOf(m)
	slices.SortStableFunc(q.list, func(a, b quote) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(q.list, func(a, b quote) int { return order(a.Outcome) - order(b.Outcome) })
	sheet := QuoteSheet{Balance: q.balance(m)}
	smallest := max(attributable, m.Report.Profile.Smallest(m.Data.Programme))
	for _, one := range q.list {
		who, where := q.sharing.By(one.Attribution, one.Level, one.cohort, smallest)
		row := QuoteRow{
			Text: one.Text, Who: who, Where: where, Themes: m.Data.ThemeNames(one.Reading), Outcome: labels[one.Outcome],
			Sentiment: one.Sentiment, Question: wording(one.label, m.Options.Language), Wave: waveName(one.wave), Language: languageName(one.language),
		}
		for _, use := range m.Data.Uses[surveys.ReadingKey{Response: one.Response, Variable: one.Variable}] {
			row.Used = append(row.Used, use.Where+" ("+use.On+")")
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}

// outcomesOf tells the place and the label of each measure; no measure is last.
func outcomesOf(m Material) (func(questionnaire.ItemID) int, map[questionnaire.ItemID]string) {
	places, labels := map[questionnaire.ItemID]int{}, map[questionnaire.ItemID]string{}
	for i, one := range m.Report.Measures {
		places[one.ID], labels[one.ID] = i, wording(one.Label, m.Options.Language)
	}
	return func(id questionnaire.ItemID) int {
		if i, ok := places[id]; ok {
			return i
		}
		return len(places)
	}, labels
}

// balance says how much was written, and how it and the quotes sound.
func (q *quotes) balance(m Material) []string {
	lines := []string{q.chosenOf(m.Report)}
	var comments, chosen surveys.Sounds
	for _, r := range m.Data.Readings {
		if m.Report.Keeps(r.Response) {
			comments.Add(r.Sentiment)
		}
	}
	for _, one := range q.list {
		chosen.Add(one.Sentiment)
	}
	smallest := max(1, m.Report.Profile.Smallest(m.Data.Programme))
	if comments.Judged() < smallest {
		return lines
	}
	lines = append(lines, fmt.Sprintf("Of the answers whose tone a person judged, %s; of the quotes, %s.", shares(comments, smallest), shares(chosen, 1)))
	if chosen.Rosier(comments) {
		lines = append(lines, "The quotes sound better than the answers do.")
	}
	return lines
}

// chosenOf says how many answers the quotes were chosen of.
func (q *quotes) chosenOf(r *outcomes.Report) string {
	open := r.OpenAnswer
	switch {
	case r.Profile != surveys.ProfilePublished:
		return fmt.Sprintf("Balance: of %s, %s may be quoted, %s approved and %s not yet read by anyone.",
			counted(open.All, "open answer", "open answers"), grouped(open.Consented), grouped(open.Approved), grouped(open.Unread))
	case open.All == 0:
		return "Balance: so few wrote something that their number is not shown."
	}
	return fmt.Sprintf("Balance: %s may be shown, of about %s.", counted(len(q.list), "quote", "quotes"), counted(open.All, "open answer", "open answers"))
}

// shares says which share sounds how, in words, in steps of 5 %; a share of fewer
// than smallest is not told from none.
func shares(s surveys.Sounds, smallest int) string {
	if s.Judged() == 0 {
		return "none was judged"
	}
	var parts []string
	for _, one := range surveys.Sentiments() {
		n := s.Of(one)
		if n > 0 && n < smallest {
			parts = append(parts, "few are "+string(one))
			continue
		}
		parts = append(parts, fmt.Sprintf("about %d%% are %s", (n*20+s.Judged()/2)/s.Judged()*5, one))
	}
	return strings.Join(parts, ", ")
}

// quotes adds the sheet of what people wrote.
func (b *book) quotes(x *responses) error {
	p := b.page(sheetQuotes, tabQuotes, []column{
		{"Quote", 9, lookNumber(asPlain)},
		{"What they wrote", 74, lookWords},
		{"Who", 24, lookText},
		{"Question", 34, lookText},
		{"Wave", 12, lookText},
		{"Cohort or phase", 26, lookText},
		{"Language", 14, lookText},
		{"Themes", 28, lookWords},
		{"Outcome", 28, lookWords},
		{"Tone", 12, lookText},
		{"Used in", 34, lookWords},
	})
	p.filter = true
	sheet := x.quotes.sheet(Material{Data: x.data, Report: b.report, Options: x.options})
	p.title("Quotes", append(append([]string{
		"One table. Only the words of people who agreed to be quoted, read and approved by a person. [Brackets] stand for what was replaced."},
		sheet.Balance...),
		fmt.Sprintf("Each quote is attributed only to a description that at least %[1]d people of the strand share, with a cohort or phase only where at least %[1]d people share both. A cohort at an institution is never named.", attributable))...)
	p.from(quotesHead)
	var rows [][]any
	for i, one := range sheet.Rows {
		rows = append(rows, []any{i + 1, one.Text, one.Who, one.Question, one.Wave, textOrNil(one.Where), one.Language,
			textOrNil(strings.Join(one.Themes, "; ")), textOrNil(one.Outcome), textOrNil(upperFirst(string(one.Sentiment))), textOrNil(strings.Join(one.Used, "; "))})
	}
	p.repeated(p.table("Quotes", rows))
	return p.finish()
}

// textOrNil is an empty cell for no text.
func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
