package exports

import (
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// attributable is how many people must share an attribution, and a place with it,
// before a quote may show them: among fewer a reader knows who said it.
const attributable = 10

// quotes gathers the approved words while the responses are read, so that consent
// is asked for once more.
type quotes struct {
	data    *surveys.Dataset
	list    []quote
	used    map[string]bool       // attributions of quotes, in lower case
	sharing map[circle]*headcount // people who could be meant
	roles   map[int][]role        // of a form: answers that are an attribution
}

type quote struct {
	surveys.Reading
	cohort   surveys.CohortID
	wave     questionnaire.Wave
	language string
	label    questionnaire.Text
}

// circle is the people whom an attribution and a place could mean. Of cohort and
// phase at most one is set; neither is everyone.
type circle struct {
	attribution string // in lower case
	cohort      surveys.CohortID
	phase       string
}

// headcount counts responses by wave.
type headcount struct{ before, after int }

// people is at least so many: a response before and one after may be of one person.
func (h *headcount) people() int {
	if h == nil {
		return 0
	}
	return max(h.before, h.after)
}

// role is a choice whose label is an attribution: "Head teacher".
type role struct {
	variable            questionnaire.ItemID
	choice, attribution string
}

func newQuotes(d *surveys.Dataset) *quotes {
	q := &quotes{data: d, used: map[string]bool{}, sharing: map[circle]*headcount{}, roles: map[int][]role{}}
	for _, r := range d.Readings {
		if r.Status == surveys.QuoteApproved {
			q.used[strings.ToLower(r.Attribution)] = true
		}
	}
	for number, in := range d.Instruments {
		for i := range in.Variables() {
			q.addRoles(number, &in.Variables()[i])
		}
	}
	return q
}

// addRoles finds the choices of v that quotes are attributed to.
func (q *quotes) addRoles(form int, v *questionnaire.Variable) {
	for _, choice := range v.Choices {
		for _, label := range choice.Label {
			if words := strings.ToLower(label); q.used[words] {
				q.roles[form] = append(q.roles[form], role{v.ID, choice.Code, words})
			}
		}
	}
}

// add takes the approved words of r whose writer still agrees.
func (q *quotes) add(r *surveys.Response, who person) {
	if len(q.used) == 0 {
		return
	}
	if who.counted || who.matched {
		q.count(r)
	}
	in := q.data.Instrument(r)
	for i := range in.Variables() {
		v := &in.Variables()[i]
		reading := q.data.Readings[surveys.ReadingKey{Response: r.ID, Variable: v.ID}]
		if reading.Status != surveys.QuoteApproved || v.Written(r.Answers[v.ID]) == "" {
			continue
		}
		if surveys.Consented(in, v, r.Answers) {
			q.list = append(q.list, quote{reading, surveys.CohortID(strings.Clone(string(r.Cohort))), r.Wave, strings.Clone(r.Language), v.Label})
		}
	}
}

// count counts r in every circle that it belongs to.
func (q *quotes) count(r *surveys.Response) {
	general := strings.ToLower(q.data.Strand.Role)
	counted := []string{}
	for _, one := range q.roles[q.data.IndexOf(r)] {
		if r.Answers[one.variable].Choice == one.choice && !slices.Contains(counted, one.attribution) {
			counted = append(counted, one.attribution)
		}
	}
	if !slices.Contains(counted, general) {
		counted = append(counted, general)
	}
	for _, attribution := range counted {
		q.countIn(circle{attribution: attribution}, r.Wave)
		q.countIn(circle{attribution: attribution, cohort: r.Cohort}, r.Wave)
		if phase := q.data.PhaseOf(r.Cohort); phase != "" {
			q.countIn(circle{attribution: attribution, phase: phase}, r.Wave)
		}
	}
}

func (q *quotes) countIn(c circle, wave questionnaire.Wave) {
	n := q.sharing[c]
	if n == nil {
		n = &headcount{}
		c.cohort, c.phase = surveys.CohortID(strings.Clone(string(c.cohort))), strings.Clone(c.phase)
		q.sharing[c] = n
	}
	switch wave {
	case questionnaire.WavePre:
		n.before++
	case questionnaire.WavePost:
		n.after++
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
		{"Cohort or phase", 26, lookText},
		{"Language", 14, lookText},
	})
	p.filter = true
	open := b.report.OpenAnswer
	p.title("Quotes",
		"One table. Only the words of people who agreed to be quoted, read and approved by a person. [Brackets] stand for what was replaced.",
		fmt.Sprintf("Balance: of %s, %s may be quoted, %s approved and %s not yet read by anyone.",
			counted(open.All, "open answer", "open answers"), grouped(open.Consented), grouped(open.Approved), grouped(open.Unread)),
		fmt.Sprintf("Who said it is general where fewer than %[1]d people of the strand answered that they are it. A cohort or phase is named only where at least %[1]d people share both; a cohort at an institution never is.", attributable))
	var rows [][]any
	for i, one := range x.quotes.sorted() {
		who := x.quotes.attribution(one)
		rows = append(rows, []any{i + 1, one.Text, who, wording(one.label, x.options.Language),
			waveName(one.wave), x.quotes.place(who, one.cohort), languageName(one.language)})
	}
	p.table("Quotes", rows)
	return p.finish()
}

// sorted lists the quotes by when they were approved.
func (q *quotes) sorted() []quote {
	slices.SortStableFunc(q.list, func(a, b quote) int { return a.At.Compare(b.At) })
	return q.list
}

// attribution is who said it: what the reader wrote, if enough people are that,
// else what everyone of the strand is.
func (q *quotes) attribution(one quote) string {
	if q.sharing[circle{attribution: strings.ToLower(one.Attribution)}].people() >= attributable {
		return one.Attribution
	}
	return q.data.Strand.Role
}

// place is the cohort of a quote, or else its phase, or nothing if either would
// point at its writer. The name of an institution is that of a place people know.
func (q *quotes) place(who string, c surveys.CohortID) any {
	who = strings.ToLower(who)
	if q.data.Cohorts[c].Institution == "" && q.sharing[circle{attribution: who, cohort: c}].people() >= attributable {
		return q.data.Cohorts[c].Name
	}
	if phase := q.data.PhaseOf(c); q.sharing[circle{attribution: who, phase: phase}].people() >= attributable && phase != "" {
		return phase
	}
	return nil
}
