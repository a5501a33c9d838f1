package exports

import (
	"soundings/surveys/outcomes"
)

// leftOutOfBreakdowns are the columns of Outcomes that say nothing of a group, or
// the same for each.
var leftOutOfBreakdowns = []string{headBelow, headAbove, headAlphaBefore, headAlphaAfter, headAlpha, headLeast, "What must be said"}

// headAdjusted is the p value of a group.
const headAdjusted = "p value (Holm)"

// breakdowns adds the sheet of groups: one row a measure, division and group.
func (b *book) breakdowns(everyone *outcomeTable) error {
	t := &outcomeTable{book: b, sheet: sheetBreakdowns, language: everyone.language, rows: everyone.groups()}
	columns := t.keep(everyone.columns(), leftOutOfBreakdowns...)
	for i := range columns {
		switch columns[i].head {
		case headP:
			columns[i].head = headAdjusted
		case "By":
			columns[i].width = 26 // a question
		}
	}
	t.page = b.page(sheetBreakdowns, tabRead, columns)
	t.page.filter = !b.public
	t.page.title("Breakdowns: every measure by group", outcomes.Caveat(b.report.Design),
		"One table. A person's group is that of the response before, or of the one after of who has no other. p values are adjusted for looking at several groups (Holm). The column “Why empty” says why a figure is not there.")
	t.first = t.page.row + 2
	t.page.table("Breakdowns", t.allCells())
	t.page.keep(b.onPages(sheetBreakdowns, 2, t.first-1))
	return t.page.finish()
}

// groups are the rows of every group of every measure.
func (t *outcomeTable) groups() (rows []outcomeRow) {
	for _, row := range t.rows {
		for i := range row.measure.Breakdowns {
			division := &row.measure.Breakdowns[i]
			for j := range division.Groups {
				g := row.ofGroup(t.divisionName(division), &division.Groups[j])
				g.group = t.groupName(division, &division.Groups[j])
				rows = append(rows, g)
			}
		}
	}
	return rows
}

// divisionName says what a breakdown is by.
func (t *outcomeTable) divisionName(d *outcomes.Breakdown) string { return d.Title(t.language) }

// groupName is a group in words.
func (t *outcomeTable) groupName(d *outcomes.Breakdown, g *outcomes.GroupResult) string {
	switch d.By {
	case "language":
		return languageName(g.Name)
	case "quarter":
		return outcomes.QuarterWords(g.Name)
	}
	return g.NameIn(t.language)
}

func (r outcomeRow) ofGroup(by string, g *outcomes.GroupResult) outcomeRow {
	r.by, r.Result, r.adjusted, r.withheld = by, g.Result, g.HolmP, ""
	if g.Suppressed {
		r.withheld = outcomes.Suppressed
	}
	return r
}
