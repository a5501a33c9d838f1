package exports

import (
	"fmt"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// reach adds the sheet of who took part.
func (b *book) reach(*responses) error {
	columns := []column{{"Breakdown", 14, lookText}, {"Group", 32, lookText}}
	if b.report.Pairing != nil {
		columns = append(columns, column{"Answered before", 12, lookNumber(asCount)}, column{"Answered after", 12, lookNumber(asCount)},
			column{"Matched", 11, lookNumber(asCount)}, column{"Match rate", 11, lookNumber(asPercent)})
	} else {
		columns = append(columns, column{"Responses", 12, lookNumber(asCount)})
	}
	if b.ratesWorkshops() {
		columns = append(columns, column{"Workshops rated", 14, lookNumber(asCount)}, column{"Present in them", 12, lookNumber(asCount)})
	}
	columns = append(columns, column{b.whoHead(), 11, lookNumber(asCount)}, column{"Expected", 11, lookNumber(asCount)},
		column{"Response rate", 12, lookNumber(asPercent)}, column{"Share of people", 12, lookNumber(asPercent)}, column{"Why empty", 44, lookText})
	columns = append(columns, b.thingColumns()...)
	p := b.page(sheetReach, tabRead, columns)
	lines := []string{b.reachLead() + " The response rate is of the people who were there, where somebody said how many.", quarterNote}
	if note := b.workshopNote(); note != "" {
		lines = append(lines, note)
	}
	p.title("Reach", lines...)
	p.from(reachHead)
	rows := make([][]any, len(b.report.Reach.Rows))
	for i, row := range b.report.Reach.Rows {
		rows[i] = b.reachRow(row)
	}
	first := p.table("Reach", rows)
	p.repeated(first)
	p.keep(b.reachCharts(p, first))
	return p.finish()
}

// reachLead says what is on the sheet, and how its people are counted.
func (b *book) reachLead() string {
	lead := "One table."
	switch months, cohorts := b.drawsMonths(), b.drawsCohorts(); {
	case months && cohorts:
		lead = "One table; charts are to its right."
	case months || cohorts:
		lead = "One table; a chart is to its right."
	case b.public && slices.ContainsFunc(b.report.Reach.Rows, func(r outcomes.ReachRow) bool { return r.Suppressed }):
		lead = "One table, without charts of months and cohorts, since some of these are hidden."
	}
	if b.report.Pairing != nil {
		lead += " A matched pair is one person. People is the least that can be: someone who answered before and someone who answered after without a pair may be one person."
	}
	return lead
}

func (b *book) reachRow(r outcomes.ReachRow) []any {
	row := []any{breakdownName(r.By), b.groupName(r)}
	if r.By == "everyone" {
		row = []any{strong("Everyone"), strong("All responses")}
	}
	counts := 3
	if b.report.Pairing != nil {
		counts = 6
	}
	if b.ratesWorkshops() {
		counts += 2
	}
	if r.Suppressed {
		row = append(row, without(outcomes.Suppressed, counts+2)...)
		row = append(row, upperFirst(outcomes.ReasonWords(outcomes.Suppressed)))
		return append(row, without(outcomes.Suppressed, len(b.thingColumns()))...)
	}
	why := ""
	if b.report.Pairing != nil {
		row = append(row, r.Pre, r.Post, r.Matched, share(r.Matched, r.Pre))
	} else {
		row = append(row, r.Post)
	}
	if b.ratesWorkshops() {
		row = append(row, b.ratedCount(r, r.Workshops), b.ratedCount(r, r.Present))
	}
	row = append(row, r.People)
	if r.Expected == 0 {
		row, why = append(row, nil, nil), "Nobody said how many were expected"
		if !ofCohorts(r) {
			why = "Expected people are not counted by " + r.By
		}
	} else {
		row = append(row, r.Expected, share(r.People, r.Expected))
	}
	row = append(row, share(r.People, b.report.Reach.People), why)
	return append(row, b.thingCells(r)...)
}

// quarterNote says what a row by quarter counts.
const quarterNote = "Quarters are those of the financial year from April; their months are those of the calendar's quarters. People are in the quarter of their first answer, cohorts and institutions in that in which the cohort began, workshops in that of their day: institutions of several quarters count in each. Took part is the sum of what was said of the cohorts with an answer; it is empty where it was not said of every one."

// thingColumns are what is counted besides people, behind the columns that were
// there before.
func (b *book) thingColumns() []column {
	columns := []column{{"Cohorts", 11, lookNumber(asCount)}, {"Institutions", 12, lookNumber(asCount)}, {"Took part", 11, lookNumber(asCount)}}
	if b.ratesWorkshops() {
		columns = append(columns, column{"Workshops held", 14, lookNumber(asCount)})
	}
	return columns
}

func (b *book) thingCells(r outcomes.ReachRow) []any {
	if r.By == "month" || r.By == "language" {
		return nil
	}
	cells := []any{r.Cohorts, r.Institutions, nil}
	if r.Took > 0 {
		cells[2] = r.Took
	}
	if b.ratesWorkshops() {
		cells = append(cells, r.Held)
	}
	return cells
}

// ofCohorts reports whether a row is of whole cohorts.
func ofCohorts(r outcomes.ReachRow) bool {
	return r.By != "quarter" && r.By != "month" && r.By != "language"
}

// reachHead is the row of the heading, whatever the lines above it have to say.
const reachHead = 15

// ratesWorkshops says that the design rates workshops: the columns of these are there
// before the first workshop is known.
func (b *book) ratesWorkshops() bool { return b.data.Strand.Design == surveys.DesignRating }

// workshops are those that are rated; nil if none is known.
func (b *book) workshops() *outcomes.WorkshopReach {
	if w := b.report.Reach.Workshops; w != nil && w.All > 0 {
		return w
	}
	return nil
}

// whoHead heads the column of people: in a rating they are those who rate.
func (b *book) whoHead() string {
	if b.ratesWorkshops() {
		return "Raters"
	}
	return "People"
}

// workshopNote says how workshops and the people in them are counted, apart from
// the raters; "" in designs that rate nothing.
func (b *book) workshopNote() string {
	w := b.workshops()
	if w == nil {
		return ""
	}
	note := "Raters, workshops and the " + w.People + " in them are counted apart. A workshop counts once however many rate it, and so do the " + w.People +
		" in it: as many as who led it counted, or else the middle one of the numbers its raters gave (of two the lower)."
	if text := w.Sentence(b.report.Reach.People, b.report.People); text != "" {
		note = text + ". " + note
	}
	return note + " Rows by month and language have no workshops, since the ratings of one may be of several."
}

// ratedCount is a count of workshops, which rows by month and language do not have.
func (b *book) ratedCount(r outcomes.ReachRow, n int) any {
	if r.By == "month" || r.By == "language" {
		return nil
	}
	return n
}

// groupName is the name of a group as people say it.
func (b *book) groupName(r outcomes.ReachRow) string {
	switch r.By {
	case "month":
		if month, err := time.Parse("2006-01", r.Name); err == nil {
			return month.Format("January 2006")
		}
	case "quarter":
		return outcomes.QuarterWords(r.Name)
	case "language":
		return languageName(r.Name)
	case "wave":
		return waveName(questionnaire.Wave(r.Name))
	}
	if r.Name == "" {
		return "Not said"
	}
	return r.Name
}

// share is part of whole; of nothing there is none.
func share(part, whole int) any {
	if whole == 0 {
		return nil
	}
	return float64(part) / float64(whole)
}

// reachCharts draws people by month, and the response rate by cohort.
func (b *book) reachCharts(p *page, first int) error {
	last := len(p.columns)
	place := columnName(last + 2)
	row := 4
	if b.drawsMonths() {
		from, to := b.reachRows("month")
		values := cells{sheetReach, p.columnOf(b.whoHead()), first + from, first + to}
		err := b.addChart(sheetReach, fmt.Sprint(place, row), chart{
			kind: excelize.Col, title: "People by month of their first answer",
			alt:        "Columns of People by month, from the rows Month of the table on this sheet.",
			categories: cells{sheetReach, 2, first + from, first + to}.String(), format: asCount,
			series: []series{{values.heading(first - 1), values, teal, ink}}, width: 560, height: 300,
		})
		if err != nil {
			return err
		}
		row = p.below(row, 320)
	}
	if !b.drawsCohorts() {
		return nil
	}
	from, to := b.reachRows("cohort")
	values := cells{sheetReach, p.columnOf("Response rate"), first + from, first + to}
	return b.addChart(sheetReach, fmt.Sprint(place, row), chart{
		kind: excelize.Bar, title: "Response rate by cohort",
		alt:        "Bars of the response rate by cohort, from the rows Cohort of the table on this sheet.",
		categories: cells{sheetReach, 2, first + from, first + to}.String(), format: asPercent, low: number(0), downwards: true,
		series: []series{{values.heading(first - 1), values, teal, ink}}, width: 560, height: uint(110 + 32*(to-from+1)),
	})
}

// drawsMonths reports whether there is a chart of months: of two or more, none hidden.
func (b *book) drawsMonths() bool {
	from, to := b.reachRows("month")
	return to > from && b.reachShown(from, to)
}

// drawsCohorts reports whether there is a chart of the cohorts' response rates.
func (b *book) drawsCohorts() bool {
	from, to := b.reachRows("cohort")
	return to >= from && to-from <= 24 && b.anyExpected(from, to) && b.reachShown(from, to)
}

// reachRows returns the first and last row of one breakdown, from 0; none if the
// last is before the first.
func (b *book) reachRows(by string) (from, to int) {
	from, to = 0, -1
	for i, row := range b.report.Reach.Rows {
		if row.By != by {
			continue
		}
		if to < 0 {
			from = i
		}
		to = i
	}
	return from, to
}

// reachShown reports whether a chart of some rows shows what is there: in a
// publication a word in brackets would be drawn as 0.
func (b *book) reachShown(from, to int) bool {
	return !b.public || !slices.ContainsFunc(b.report.Reach.Rows[from:to+1], func(r outcomes.ReachRow) bool {
		return r.Suppressed || r.By == "cohort" && r.Expected == 0
	})
}

func (b *book) anyExpected(from, to int) bool {
	for _, row := range b.report.Reach.Rows[from : to+1] {
		if row.Expected > 0 {
			return true
		}
	}
	return false
}

// columnOf is the number of the column with that heading, from 1.
func (p *page) columnOf(head string) int {
	for i, c := range p.columns {
		if c.head == head {
			return i + 1
		}
	}
	return 1
}
