package exports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// itemRow is one item at one wave.
type itemRow struct {
	outcomes.Distribution
	measure *outcomes.MeasureResult // that it is in
}

// itemTable is the table of Item distributions. Items have different answers, so
// each share stands beside the words of its answer; an item with more answers than
// any before it gets further columns, at the end.
type itemTable struct {
	book    *book
	page    *page
	rows    []itemRow
	answers int // columns of them
	first   int // row of the first on the sheet
}

// How many charts there are at most, of how many rows, and their size in pixels.
const (
	mostItemCharts = 8
	itemChartRows  = 16
	itemChartWidth = 760
)

// items adds the sheet of how the answers to each item of a measure were spread.
func (b *book) items() error {
	t := &itemTable{book: b, rows: b.itemRows()}
	t.answers = b.mostAnswers(t.rows)
	t.page = b.page(sheetItems, tabRead, t.columns())
	p := t.page
	among := "Each item of a measure among the people who answered it both times, so that before and after stand for the same people."
	if b.ratesOnly() {
		among = "Each item of a measure among those who answered it."
	}
	p.title(sheetItems, "One table; charts of what is shown are to its right. "+among, "Each share stands beside the answer that it is of. Columns of further answers are blank where an item has fewer.")
	t.first = p.row + 2
	cells := make([][]any, len(t.rows))
	for i := range t.rows {
		cells[i] = t.cells(&t.rows[i])
	}
	if len(cells) == 0 {
		cells = [][]any{{"No item with choices", "", "", nil}}
	}
	p.table("Items", cells)
	p.keep(t.draw())
	p.keep(b.onPages(sheetItems, 2, t.first-1))
	return p.finish()
}

// itemRows lists the distributions in the order in which the items came, each once.
func (b *book) itemRows() (rows []itemRow) {
	rank := ranks(b.data, variableIDs)
	seen := map[string]bool{}
	for _, i := range b.measures() {
		m := &b.report.Measures[i]
		for _, d := range m.Distributions {
			if key := string(d.Variable) + " " + d.When; !seen[key] {
				seen[key] = true
				rows = append(rows, itemRow{d, m})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b itemRow) int { return cmp.Compare(rank[a.Variable], rank[b.Variable]) })
	return rows
}

// mostAnswers is how many answers the item with most of them has, in any version.
func (b *book) mostAnswers(rows []itemRow) (most int) {
	for i := range rows {
		most = max(most, len(rows[i].Choices))
	}
	for _, n := range formsInOrder(b.data) {
		form := b.data.Instruments[n]
		for _, id := range measureIDs(form) {
			m, err := measureOf(form, id)
			if err != nil {
				continue
			}
			for _, variable := range m.after.variables {
				if v, ok := form.Variable(variable); ok {
					most = max(most, answersOf(v))
				}
			}
		}
	}
	return most
}

// answersOf is how many answers v can have.
func answersOf(v *questionnaire.Variable) int {
	if v.IsScale() {
		return len(v.Points())
	}
	n := 0
	for _, c := range v.Choices {
		if c.Meaning.Missing() == questionnaire.Answered {
			n++
		}
	}
	return n
}

func (t *itemTable) columns() []column {
	columns := []column{
		{"Item and when", 56, lookStrong}, {"Measure", 28, lookText}, {"When", 12, lookText}, {"People", 10, lookNumber(asCount)},
		{"Mean", 10, lookNumber(asHundreds)}, {"Why empty", 34, lookText},
	}
	if t.book.public {
		columns = append(columns, column{headNotShown, 10, lookNumber(asPercent)})
	}
	for i := range t.answers {
		columns = append(columns, column{fmt.Sprintf("Answer %d", i+1), 16, lookText}, column{fmt.Sprintf("Share of answer %d", i+1), 10, lookNumber(asPercent)})
	}
	return columns
}

// Headings that charts refer to.
const (
	headNotShown = "Not shown"
	headAnswer   = "Answer 1" // its share is next, then the second answer
)

// cells are one row of the table. Of hidden answers the row says how large they are
// together.
func (t *itemTable) cells(r *itemRow) []any {
	language := t.book.options.Language
	when := occasionName(r.When)
	row := []any{wording(r.Label, language) + " (" + lowerFirst(when) + ")", wording(r.measure.Label, language), when}
	w := &why{}
	if r.Suppressed {
		row = append(row, without(outcomes.Suppressed, 2)...)
	} else {
		row = append(row, r.N, t.mean(r))
	}
	if r.Suppressed || r.anyHidden() {
		w.say(upperFirst(outcomes.ReasonWords(outcomes.Suppressed)))
	}
	row = append(row, w.String())
	if t.book.public {
		row = append(row, r.notShown())
	}
	for i := range r.Choices {
		row = append(row, cmp.Or(wording(r.Choices[i].Label, language), r.Choices[i].Code), r.shareOf(i))
	}
	for i := len(r.Choices); i < t.answers; i++ {
		row = append(row, "", t.noAnswer())
	}
	return row
}

// noAnswer stands where an item has no such answer.
func (t *itemTable) noAnswer() any {
	if t.book.public {
		return mark(outcomes.NotApplicable)
	}
	return nil
}

// shareOf is the share of one answer.
func (r *itemRow) shareOf(i int) any {
	if r.Choices[i].Suppressed {
		return mark(outcomes.Suppressed)
	}
	if r.N == 0 {
		return mark(outcomes.NoAnswers)
	}
	return share(r.Choices[i].N, r.N)
}

func (r *itemRow) anyHidden() bool {
	return slices.ContainsFunc(r.Choices, func(c outcomes.ChoiceCount) bool { return c.Suppressed })
}

// notShown is the share of the answers that are not shown.
func (r *itemRow) notShown() any {
	if r.Suppressed {
		return mark(outcomes.Suppressed)
	}
	return share(r.hiddenCount(), r.N)
}

// hiddenCount is how many answers are in the bars that are not shown.
func (r *itemRow) hiddenCount() int {
	if !r.anyHidden() {
		return 0
	}
	n := r.N
	for _, c := range r.Choices {
		n -= c.N
	}
	return max(0, n)
}

// mean is the mean of the scores of the answers; nothing where answers have none, or
// where counts are rounded or hidden.
func (t *itemTable) mean(r *itemRow) any {
	if t.book.public && t.book.report.Profile == surveys.ProfilePublished || r.anyHidden() {
		return mark(outcomes.Suppressed)
	}
	sum, n := 0.0, 0
	for _, c := range r.Choices {
		if c.N == 0 {
			continue
		}
		if c.Score == nil {
			return nil
		}
		sum, n = sum+*c.Score*float64(c.N), n+c.N
	}
	if n == 0 {
		return nil
	}
	return sum / float64(n)
}

// draw adds a chart for each run of rows with the same answers.
func (t *itemTable) draw() error {
	charts, row := 0, 4
	place := columnName(len(t.page.columns) + 2)
	for from := 0; from < len(t.rows) && charts < mostItemCharts; {
		to := from
		for to+1 < len(t.rows) && to+1-from < itemChartRows && t.alike(from, to+1) {
			to++
		}
		if t.rows[from].drawable() {
			made := t.chart(from, to)
			if err := t.book.addChart(sheetItems, fmt.Sprint(place, row), made); err != nil {
				return err
			}
			charts++
			row = t.page.below(row, int(made.height)+20)
		}
		from = to + 1
	}
	return nil
}

// drawable reports whether a row has figures.
func (r itemRow) drawable() bool {
	return !r.Suppressed && r.N > 0 && len(r.Choices) > 1
}

// alike reports whether two rows have the same answers and both have figures.
func (t *itemTable) alike(i, j int) bool {
	a, b := &t.rows[i], &t.rows[j]
	return a.drawable() && b.drawable() && a.measure.Direction == b.measure.Direction && slices.EqualFunc(a.Choices, b.Choices, func(x, y outcomes.ChoiceCount) bool {
		return x.Code == y.Code && wording(x.Label, t.book.options.Language) == wording(y.Label, t.book.options.Language)
	})
}

// chart stacks the shares of rows from to to up to 100%.
func (t *itemTable) chart(from, to int) chart {
	first, last, n := t.first+from, t.first+to, len(t.rows[from].Choices)
	c := chart{
		kind: excelize.BarPercentStacked, title: t.chartTitle(from, to), categories: cells{sheetItems, 1, first, last}.String(),
		alt:    fmt.Sprintf("Stacked bars of the shares of each answer, one bar for each of the rows %d to %d of the table on this sheet.", first, last),
		format: asShare, legend: true, downwards: true, width: itemChartWidth, height: uint(130 + 34*(to-from+1)),
	}
	colours := t.rows[from].shades()
	for i := range n {
		at := t.page.columnOf(headAnswer) + 2*i
		answer, values := cells{sheetItems, at, first, first}, cells{sheetItems, at + 1, first, last}
		c.series = append(c.series, series{answer.heading(first), values, colours[i].fill, colours[i].ink})
	}
	if slices.ContainsFunc(t.rows[from:to+1], func(r itemRow) bool { return r.anyHidden() }) {
		values := cells{sheetItems, t.page.columnOf(headNotShown), first, last}
		c.series = append(c.series, series{values.heading(t.first - 1), values, grey, white})
	}
	return c
}

// chartTitle names the measure, if the rows are of one, else their answers.
func (t *itemTable) chartTitle(from, to int) string {
	var names []string
	for _, r := range t.rows[from : to+1] {
		if name := wording(r.measure.Label, t.book.options.Language); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 2 {
		return "Answers, item by item"
	}
	return "Answers: " + strings.Join(names, " and ")
}

// shade is the colour of one answer and of the number in it.
type shade struct{ fill, ink string }

// shades are the colours of the answers: by their scores where each has one of its
// own, else in the order in which they were offered; the better end is teal.
func (r *itemRow) shades() []shade {
	n := len(r.Choices)
	all, place := shades(n), make([]int, n)
	for i := range place {
		place[i] = i
	}
	if scores := r.scores(); len(scores) == n {
		for i, score := range scores {
			place[i] = 0
			for _, other := range scores {
				if other < score {
					place[i]++
				}
			}
		}
	}
	coloured := make([]shade, n)
	for i, at := range place {
		if r.measure.Direction == questionnaire.DirectionLower {
			at = n - 1 - at
		}
		coloured[i] = all[at]
	}
	return coloured
}

// scores are those of the answers, as long as no two are equal.
func (r *itemRow) scores() (scores []float64) {
	for _, c := range r.Choices {
		if c.Score == nil || slices.Contains(scores, *c.Score) {
			return nil
		}
		scores = append(scores, *c.Score)
	}
	return scores
}

// shades are n colours from orange over neutral to teal.
func shades(n int) []shade {
	stops := [][3]float64{{0xB4, 0x53, 0x09}, {0xE8, 0xA8, 0x7C}, {0xD5, 0xDA, 0xDD}, {0x5A, 0x9F, 0xAA}, {0x0B, 0x55, 0x63}}
	all := make([]shade, n)
	for i := range all {
		at := 0.0
		if n > 1 {
			at = float64(i) / float64(n-1) * float64(len(stops)-1)
		}
		low := min(int(at), len(stops)-2)
		part, light := at-float64(low), 0.0
		hex := ""
		for k, weight := range []float64{0.299, 0.587, 0.114} {
			v := math.Round(stops[low][k] + part*(stops[low+1][k]-stops[low][k]))
			hex += fmt.Sprintf("%02X", int(v))
			light += weight * v
		}
		all[i] = shade{hex, ink}
		if light < 125 {
			all[i].ink = white
		}
	}
	return all
}
