package exports

import (
	"fmt"
	"strings"

	"soundings/surveys/outcomes"
)

// headlines adds the sheet of sentences. It is finished by headlineChart, whose
// figures are on a later sheet.
func (b *book) headlines() *page {
	columns := []column{
		{"Headline", 84, lookStrong},
		{"Figure", 11, lookNumber(asPercent)},
		{"Figure is", 15, lookText},
		{b.heads().answeredBefore, 12, lookNumber(asCount)},
		{b.heads().answeredAfter, 12, lookNumber(asCount)},
		{b.heads().both, 12, lookNumber(asCount)},
		{b.heads().rate, 12, lookNumber(asPercent)},
		{"Where it comes from", 19, lookText},
	}
	p := b.page(sheetHeadlines, tabRead, onHeadlines(b, columns))
	table := "One table, and a chart below it where the figures are shown."
	if b.ratesOnly() {
		table = "One table."
	}
	p.title("Headlines", table+" Each sentence holds its figure and its base: paste it with the lines below.",
		outcomes.Caveat(b.report.Design))
	rows := [][]any{b.reachHeadline()}
	if row := b.workshopHeadline(); row != nil {
		rows = append(rows, row)
	}
	if b.report.Pairing != nil {
		rows = append(rows, b.pairingHeadline())
	}
	lines := outcomes.Headlines(b.report, b.options.Language)
	for _, i := range b.measures() {
		rows = append(rows, b.headline(lines[i], &b.report.Measures[i]))
	}
	for i := range rows {
		rows[i] = onHeadlines(b, rows[i])
	}
	p.table("Headlines", rows)
	return p
}

// onHeadlines leaves out what ratings given once do not have: answers before, and who
// was matched.
func onHeadlines[T any](b *book, cells []T) []T {
	if !b.ratesOnly() {
		return cells
	}
	return []T{cells[0], cells[1], cells[2], cells[4], cells[7]}
}

// reachHeadline says who took part.
func (b *book) reachHeadline() []any {
	reach := b.report.Reach
	if b.everyone().Suppressed {
		return b.hiddenHeadline("How many people took part", link{sheetReach, sheetReach, "A1"})
	}
	text := b.tookPart()
	figureIs := "people"
	if b.workshops() != nil {
		figureIs = "raters"
	}
	value := figure{value: float64(reach.People), ok: true, format: asCount}
	if reach.TargetPeople > 0 {
		text += fmt.Sprintf("; the target was %s", grouped(reach.TargetPeople))
		value, figureIs = figure{value: float64(reach.People) / float64(reach.TargetPeople), ok: true, format: asPercent}, "% of the target"
	}
	if reach.Institutions > 0 {
		text += fmt.Sprintf("; %s", counted(reach.Institutions, "institution", "institutions"))
	}
	everyone := b.everyone()
	return []any{text + ".", value, figureIs, b.preCount(everyone.Pre), everyone.Post, b.matchedCount(everyone.Matched), nil, link{sheetReach, sheetReach, "A1"}}
}

// tookPart counts the people, between two bounds where some who answered before
// may be the same as some who answered after.
func (b *book) tookPart() string {
	reach, everyone := b.report.Reach, b.everyone()
	text := people(reach.People) + " took part"
	if b.workshops() != nil {
		text = counted(reach.People, "rater", "raters") + " answered"
	}
	if reach.PeopleAtMost > reach.People {
		text = fmt.Sprintf("Between %s and %s took part", grouped(reach.People), people(reach.PeopleAtMost))
	}
	if b.report.Pairing != nil {
		text += fmt.Sprintf(" (%s answered before, %s after; %s were paired)", grouped(everyone.Pre), grouped(everyone.Post), grouped(everyone.Matched))
	}
	return text
}

func (b *book) everyone() outcomes.ReachRow {
	for _, row := range b.report.Reach.Rows {
		if row.By == "everyone" {
			return row
		}
	}
	return outcomes.ReachRow{}
}

// preCount is a count of answers before, which only some designs have.
func (b *book) preCount(n int) any {
	if b.report.Pairing == nil {
		return nil
	}
	return n
}

func (b *book) matchedCount(n int) any { return b.preCount(n) }

// workshopHeadline says what was rated, and how many people were there; nil if no
// workshop is known.
func (b *book) workshopHeadline() []any {
	w := b.workshops()
	text := w.Sentence(b.report.Reach.People, b.report.People)
	if text == "" {
		return nil
	}
	return []any{text + ".", figure{value: float64(w.Present), ok: w.Counted > 0, format: asCount}, w.People + " present", nil, b.everyone().Post, nil, nil, link{sheetReach, sheetReach, "A1"}}
}

// pairingHeadline says how many could be paired.
func (b *book) pairingHeadline() []any {
	s := b.report.Pairing
	if b.everyone().Suppressed {
		return b.hiddenHeadline("How many could be paired", b.pairsLink())
	}
	text := fmt.Sprintf("%s of %s who answered before could be paired with their answers after", grouped(s.Matched), people(s.Pre))
	if ways := some(amount{s.Exact, "exactly"}, amount{s.Near, "with codes that differ a little"}, amount{s.Reviewed, "by a person's review"}); ways != "" {
		text += ": " + ways
	}
	text += "."
	return []any{text, s.MatchRate, "% paired", s.Pre, s.Post, s.Matched, s.MatchRate, b.pairsLink()}
}

// hiddenHeadline says that a count is of too few people.
func (b *book) hiddenHeadline(what string, from link) []any {
	hidden := mark(outcomes.Suppressed)
	return []any{what + ": not shown, because " + outcomes.ReasonWords(outcomes.Suppressed) + ".", hidden, "people", hidden, hidden, hidden, hidden, from}
}

// pairsLink leads to the people who were paired, where the workbook has them.
func (b *book) pairsLink() link {
	if b.public {
		return link{sheetReach, sheetReach, "A1"}
	}
	return link{sheetPairs, sheetPairs, "A1"}
}

// amount is how many of something.
type amount struct {
	n    int
	what string
}

// some lists the amounts that are not 0.
func some(amounts ...amount) string {
	var parts []string
	for _, one := range amounts {
		if one.n > 0 {
			parts = append(parts, grouped(one.n)+" "+one.what)
		}
	}
	return strings.Join(parts, ", ")
}

// headline is one measure in a sentence.
func (b *book) headline(h outcomes.Headline, m *outcomes.MeasureResult) []any {
	value := figure{format: asTenths, reason: h.Figure.Reason()}
	value.value, value.ok = h.Figure.Float()
	figureIs := h.Unit
	if h.Unit == "%" {
		value.value, value.format = value.value/100, asPercent
		figureIs = "% of people"
	}
	base := baseOf(m.Result)
	if m.Withheld != "" {
		hidden := mark(m.Withheld)
		base.before, base.after, base.matched, base.rate = hidden, hidden, hidden, hidden
	}
	return []any{h.Text, value, figureIs, base.before, base.after, base.matched, base.rate, link{sheetOutcomes, sheetOutcomes, "A1"}}
}

// base is how many people are behind a result; a count that it does not have is nil.
type base struct {
	before, after, matched, rate any
}

func baseOf(r outcomes.Result) base {
	switch {
	case r.Paired != nil:
		return baseOfCounts(r.Paired.Counts)
	case r.Binary != nil:
		return baseOfCounts(r.Binary.Counts)
	case r.Unlinked != nil:
		return base{before: r.Unlinked.NPre, after: r.Unlinked.NPost}
	case r.NPS != nil:
		return base{after: r.NPS.N}
	case r.Single != nil:
		return base{after: r.Single.N}
	}
	return base{}
}

func baseOfCounts(c outcomes.Counts) base {
	b := base{before: c.NPre, after: c.NPost, matched: c.NMatched}
	if c.NPre > 0 {
		b.rate = float64(c.NMatched) / float64(c.NPre)
	}
	return b
}

// headlineChart draws who improved, from the cells of Outcomes, and finishes the
// sheet of headlines.
func (b *book) headlineChart(p *page, t *outcomeTable) error {
	if n := len(t.moves()); n > 0 {
		p.keep(b.addChart(sheetHeadlines, fmt.Sprintf("A%d", p.row+2), t.moved(900, 120+60*uint(min(n, 10)))))
	}
	p.keep(b.onOnePage(sheetHeadlines))
	return p.finish()
}

func number(v float64) *float64 { return &v }
