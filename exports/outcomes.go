package exports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// heads are the words for the two sides of a comparison, which a then-and-now
// design must not share with before and after.
type heads struct {
	title, answeredBefore, answeredAfter, both, rate, before, after, sdBefore, sdAfter string
}

func (b *book) heads() heads {
	switch {
	case b.report.Design == surveys.DesignThenNow, b.report.Design == surveys.DesignRating && b.compares():
		return heads{"Outcomes: then and now, rated afterwards from memory", "Rated then", "Rated now", "Rated both", "Both, of those then",
			"Then (from memory)", "Now", "SD then", "SD now"}
	case b.report.Design == surveys.DesignRating:
		return heads{"Outcomes: ratings given once", "Asked before", "Answers", "Matched", "Match rate", "Before", "Mean or score", "SD before", "SD"}
	}
	return heads{"Outcomes: before and after", "Answered before", "Answered after", "Matched", "Match rate", "Mean before", "Mean after", "SD before", "SD after"}
}

// compares reports whether any measure has two sides.
func (b *book) compares() bool {
	return slices.ContainsFunc(b.report.Measures, func(m outcomes.MeasureResult) bool { return !once(&m) })
}

// ratesOnly reports whether everything was asked once.
func (b *book) ratesOnly() bool { return b.report.Design == surveys.DesignRating && !b.compares() }

// Headings that charts refer to.
const (
	headImproved = "Improved"
	headSame     = "The same"
	headWorse    = "Got worse"
	headEffect   = "Effect size (plus is better)"
	headBelow    = "Effect minus CI from"
	headAbove    = "CI to minus effect"
	headGood     = "Good answers"
	headLeast    = "Smallest change that counts"
	headP        = "p value"
	headLost     = "Lost, difference at the start"

	headAlphaBefore = "Alpha before"
	headAlphaAfter  = "Alpha after"
	headAlpha       = "Alpha"
)

// outcomeTable is a table of measures: Outcomes has everyone, Breakdowns the groups.
type outcomeTable struct {
	book     *book
	page     *page
	sheet    string
	kept     []bool // columns of Outcomes that it has; nil: all
	language string
	rows     []outcomeRow
	first    int // row of the first on the sheet
	live     map[questionnaire.ItemID]measure
}

// outcomeRow is one measure over some people.
type outcomeRow struct {
	measure   *outcomes.MeasureResult
	by, group string // "everyone", ""
	outcomes.Result
	withheld   outcomes.Reason
	adjusted   *outcomes.Estimate // p-value of a group, adjusted for looking at many
	said       string             // how the two sides came about, where it is another comparison
	fromMemory bool
}

// newOutcomeTable makes the rows of everyone: comparisons of the design first, so
// that charts find them side by side, and where figures are hidden those last.
func newOutcomeTable(b *book, live map[questionnaire.ItemID]measure) *outcomeTable {
	t := &outcomeTable{book: b, sheet: sheetOutcomes, language: b.options.Language, live: live}
	for _, i := range b.measures() {
		m := &b.report.Measures[i]
		fromMemory := b.report.Design == surveys.DesignThenNow || t.fromMemory(b.data, m.ID)
		t.rows = append(t.rows, outcomeRow{measure: m, by: "everyone", Result: m.Result, withheld: m.Withheld, fromMemory: fromMemory})
	}
	slices.SortStableFunc(t.rows, func(a, b outcomeRow) int {
		return cmp.Or(cmp.Compare(a.order(), b.order()), cmp.Compare(a.hidden(), b.hidden()))
	})
	return t
}

func (t *outcomeTable) fromMemory(d *surveys.Dataset, id questionnaire.ItemID) bool {
	m, err := measureOf(d.Latest, id)
	return err == nil && m.fromMemory
}

// comparedBelow is the order from which on nothing is compared.
const comparedBelow = 4

// order puts what is compared alike side by side, by what the measure is and not
// by what was answered.
func (r outcomeRow) order() int {
	switch {
	case once(r.measure):
		return comparedBelow
	case r.fromMemory:
		return comparedBelow/2 + r.kind()
	}
	return r.kind()
}

// kind is 1 for a yes or no, 0 for a score.
func (r outcomeRow) kind() int {
	if r.measure.Type == questionnaire.MeasureBinary {
		return 1
	}
	return 0
}

// hidden is 2 for a row that shows nothing because few people are behind it, 1 for one
// that does not show who moved.
func (r outcomeRow) hidden() int {
	switch {
	case r.withheld != "":
		return 2
	case r.Paired != nil && r.Paired.Change.ImprovedPct.Reason() == outcomes.Suppressed, r.Paired != nil && r.Paired.Change.WorsePct.Reason() == outcomes.Suppressed,
		r.Paired != nil && r.Paired.Change.SamePct.Reason() == outcomes.Suppressed, r.Binary != nil && !movesKnown(r.Binary):
		return 1
	}
	return 0
}

// which are the rows, from 0, that a chart is about.
func (t *outcomeTable) which(about func(r *outcomeRow) bool) (rows []int) {
	for i := range t.rows {
		if about(&t.rows[i]) {
			rows = append(rows, i)
		}
	}
	return rows
}

// compared reports whether charts of change are about r: it is compared like the
// first row, and shown.
func (t *outcomeTable) compared(r *outcomeRow) bool {
	return r.order() < comparedBelow && r.fromMemory == t.rows[0].fromMemory && r.hidden() < 2
}

// moves are the rows that show who improved and who got worse.
func (t *outcomeTable) moves() []int {
	return t.which(func(r *outcomeRow) bool { return t.compared(r) && r.hidden() == 0 && r.Unlinked == nil })
}

// picked are the cells of a column in some of the rows.
func (t *outcomeTable) picked(column int, rows []int) picked {
	p := picked{sheet: t.sheet, column: column}
	for _, i := range rows {
		p.rows = append(p.rows, t.first+i)
	}
	return p
}

// column is the number of the column with that heading.
func (t *outcomeTable) column(head string) int { return t.page.columnOf(head) }

// outcomes adds the sheet of measures.
func (b *book) outcomes(live map[questionnaire.ItemID]measure) (*outcomeTable, error) {
	t := newOutcomeTable(b, live)
	columns := t.columns()
	if b.public {
		columns = t.keep(columns, "By", "Group", headAlphaBefore, headAlphaAfter, headAlpha, headLost)
	}
	t.page = b.page(sheetOutcomes, tabRead, columns)
	p := t.page
	table := "One table, below the charts. "
	if b.public {
		table = "One table, below the charts, which leave out what is hidden. "
	}
	lines := []string{outcomes.Caveat(b.report.Design), table + b.groupsElsewhere()}
	if !b.public && !b.ratesOnly() {
		lines = append(lines, "Counts, means, change and shares are formulas on the sheet Matched pairs while there are few enough people: filter or correct that sheet and see what follows.")
	}
	p.title(b.heads().title, lines...)
	height := t.chartArea()
	p.links(link{"Go to the table", sheetOutcomes, fmt.Sprintf("A%d", p.row+height+2)})
	top := p.row + 1
	p.skip(height)
	t.first = p.row + 2
	p.table("Outcomes", t.allCells())
	p.keep(t.draw(t.charts(), top))
	p.keep(b.onPages(sheetOutcomes, 2, t.first-1))
	return t, p.finish()
}

// groupsElsewhere says where groups are.
func (b *book) groupsElsewhere() string {
	return "Groups are on the sheet " + sheetBreakdowns + ". Notes says how each figure is worked out."
}

func (t *outcomeTable) allCells() [][]any {
	rows := make([][]any, len(t.rows))
	for i := range t.rows {
		rows[i] = t.cells(&t.rows[i])
	}
	return rows
}

// columns are those of the design: change, or a rating given once.
func (t *outcomeTable) columns() []column {
	columns := []column{
		{"Measure", 34, lookStrong}, {"By", 13, lookText}, {"Group", 26, lookText}, {"Measured", 30, lookText},
		{"Figures are", 21, lookText}, {"Possible scores", 14, lookText}, {"Better when", 10, lookText},
	}
	if t.book.ratesOnly() {
		return append(columns, ratingColumns()...)
	}
	h := t.book.heads()
	for _, c := range []struct{ head, format string }{
		{h.answeredBefore, asCount}, {h.answeredAfter, asCount}, {h.both, asCount}, {h.rate, asPercent},
		{h.before, asHundreds}, {h.after, asHundreds}, {"Change", asSigned2}, {"95% CI from", asSigned2}, {"95% CI to", asSigned2},
		{h.sdBefore, asHundreds}, {h.sdAfter, asHundreds}, {"SD of change", asHundreds},
		{headEffect, asSigned2}, {"Effect 95% CI from", asSigned2}, {"Effect 95% CI to", asSigned2}, {headBelow, asHundreds}, {headAbove, asHundreds}, {headP, asP},
		{headImproved, asPercent}, {headSame, asPercent}, {headWorse, asPercent}, {headLeast, asGeneral}, {"Improved by at least that", asPercent}, {"Worse by at least that", asPercent},
		{headGood, asPercent}, {headAlphaBefore, asHundreds}, {headAlphaAfter, asHundreds}, {headLost, asSigned2},
	} {
		columns = append(columns, column{c.head, 12.5, lookNumber(c.format)})
	}
	return append(append(columns, column{"Why empty", 44, lookText}), leadHeads()...)
}

// leadColumns are the columns after “Why empty”, which came later.
const leadColumns = 4

func leadHeads() []column {
	return []column{
		{"Test of the p value", 22, lookText}, {"Effect that leads", 26, lookText}, {"Its value", 12.5, lookNumber(asSigned2)}, {"What must be said", 60, lookText},
	}
}

func ratingColumns() []column {
	var columns []column
	for _, c := range []struct{ head, format string }{
		{"Answers", asCount}, {"Mean or score", asHundreds}, {"Score 95% CI from", asSigned1}, {"Score 95% CI to", asSigned1}, {"SD", asHundreds}, {"Median", asHundreds},
		{headGood, asPercent}, {"Good 95% CI from", asPercent}, {"Good 95% CI to", asPercent},
		{"Promoters", asPercent}, {"Passives", asPercent}, {"Detractors", asPercent}, {headAlpha, asHundreds},
	} {
		columns = append(columns, column{c.head, 12.5, lookNumber(c.format)})
	}
	return append(append(columns, column{"Why empty", 44, lookText}), leadHeads()...)
}

// cells are one row of the table.
func (t *outcomeTable) cells(r *outcomeRow) []any {
	m := r.measure
	row := []any{wording(m.Label, t.language), breakdownName(r.by), r.group, t.measured(r), t.figuresAre(r), possible(m), betterWhen(m)}
	if r.by == "everyone" {
		row[2] = "Everyone"
	}
	w := &why{}
	values := t.values(r, w)
	width := len(t.columns()) - len(row) - 1
	if r.withheld != "" {
		w.words = []string{upperFirst(outcomes.ReasonWords(r.withheld))}
		values = without(r.withheld, width-leadColumns)
	}
	for len(values) < width-leadColumns {
		values = append(values, nil)
	}
	lead := r.lead(w)
	return t.keptOf(append(append(append(row, values...), w.String()), lead...))
}

// keep leaves columns out of the table, and returns the others.
func (t *outcomeTable) keep(columns []column, leftOut ...string) (kept []column) {
	t.kept = make([]bool, len(columns))
	for i, c := range columns {
		if t.kept[i] = !slices.Contains(leftOut, c.head); t.kept[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// keptOf are the cells of the columns that the table has.
func (t *outcomeTable) keptOf(row []any) []any {
	if t.kept == nil {
		return row
	}
	kept := row[:0]
	for i, v := range row {
		if t.kept[i] {
			kept = append(kept, v)
		}
	}
	return kept
}

// measured says how the two sides of a row came about.
func (t *outcomeTable) measured(r *outcomeRow) string {
	switch {
	case once(r.measure):
		return "Once: " + lowerFirst(waveName(r.measure.Wave))
	case r.fromMemory:
		return "Then and now, from memory"
	case r.said != "":
		return r.said
	case r.Unlinked != nil:
		return "Before and after, nobody linked"
	}
	return "Before and after"
}

func (t *outcomeTable) figuresAre(r *outcomeRow) string {
	switch {
	case r.measure.Type == questionnaire.MeasureBinary:
		return "% who " + r.measure.TopWords(t.language)
	case r.measure.Type == questionnaire.MeasureNPS:
		return "Net promoter score"
	}
	return "Mean score"
}

func possible(m *outcomes.MeasureResult) string {
	if m.Type == questionnaire.MeasureNPS {
		return "-100 to 100"
	}
	if m.Type == questionnaire.MeasureBinary {
		return "0 to 100"
	}
	if m.Min == nil || m.Max == nil {
		return ""
	}
	return plainNumber(*m.Min) + " to " + plainNumber(*m.Max)
}

func betterWhen(m *outcomes.MeasureResult) string {
	if m.Direction == questionnaire.DirectionLower {
		return "Lower"
	}
	return "Higher"
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
