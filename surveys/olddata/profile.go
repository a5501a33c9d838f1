package olddata

import (
	"slices"

	"soundings/surveys/sheets"
)

// Limits of a profile, which is kept while a person looks at it.
const (
	MaxColumns    = 2_000   // of a table of answers
	maxDistinct   = 300     // values of one column that are told apart
	maxValue      = 120     // bytes of a value that is told apart
	maxProfile    = 400_000 // bytes of all values that are told apart, and of the first rows
	maxShown      = 2_000   // bytes of a cell of the first rows
	maxHeading    = 200     // bytes
	headingSearch = 20      // rows among which the headings are looked for
	previewRows   = 20
)

// Profile is what a table holds, worked out in one pass.
type Profile struct {
	HeadRow int         `json:"head_row"` // the row of the headings
	Rows    int         `json:"rows"`     // below the headings
	Columns []Contents  `json:"columns"`
	First   []sheetsRow `json:"first"` // the first rows below the headings
}

// sheetsRow is a row of the table, as JSON.
type sheetsRow struct {
	Number int      `json:"number"`
	Cells  []string `json:"cells"`
}

// Contents is what one column holds.
type Contents struct {
	Heading  string   `json:"heading"`
	Filled   int      `json:"filled"`   // cells that hold something
	Distinct []string `json:"distinct"` // values in the order of their first use; nil if there are too many
	Many     bool     `json:"many"`     // there are more values than Distinct could hold
}

// Headings are those of all columns.
func (p *Profile) Headings() []string {
	headings := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		headings[i] = c.Heading
	}
	return headings
}

// FirstRows are the first rows below the headings.
func (p *Profile) FirstRows() []sheets.Row {
	rows := make([]sheets.Row, len(p.First))
	for i, r := range p.First {
		rows[i] = sheets.Row{Number: r.Number, Cells: r.Cells}
	}
	return rows
}

// TooWide is the error of a table with more columns than MaxColumns.
type TooWide struct{ Row int }

func (e *TooWide) Error() string { return "a table of answers has too many columns" }

// ProfileOf reads a whole table. The headings are the first of the first rows that
// has as many cells as most of them. The error is that of the table, or a *TooWide.
func ProfileOf(table *sheets.Table) (Profile, error) {
	p := profiler{seen: []map[string]bool{}}
	var top []sheets.Row
	for row, err := range table.Rows() {
		if err != nil {
			return p.Profile, err
		}
		if len(row.Cells) > MaxColumns {
			return p.Profile, &TooWide{row.Number}
		}
		if p.HeadRow > 0 {
			p.add(row)
			continue
		}
		if top = append(top, row); len(top) == headingSearch {
			p.begin(top)
		}
	}
	if p.HeadRow == 0 {
		p.begin(top)
	}
	p.forgetMany()
	return p.Profile, nil
}

type profiler struct {
	Profile
	seen  []map[string]bool
	size  int // bytes of all values told apart
	shown int // bytes of the first rows
}

// begin finds the headings among the first rows.
func (p *profiler) begin(top []sheets.Row) {
	widest := 0
	for _, row := range top {
		widest = max(widest, filled(row))
	}
	head := slices.IndexFunc(top, func(row sheets.Row) bool { return filled(row)*3 >= widest*2 })
	if head < 0 {
		return
	}
	p.HeadRow = top[head].Number
	for _, heading := range top[head].Cells {
		p.Columns = append(p.Columns, Contents{Heading: cut(heading, maxHeading)})
		p.seen = append(p.seen, map[string]bool{})
	}
	for _, row := range top[head+1:] {
		p.add(row)
	}
}

func filled(row sheets.Row) int {
	n := 0
	for _, cell := range row.Cells {
		if cell != "" {
			n++
		}
	}
	return n
}

// add counts one row below the headings.
func (p *profiler) add(row sheets.Row) {
	p.Rows++
	p.show(row)
	for i, cell := range row.Cells {
		if i == len(p.Columns) { // columns without a heading
			p.Columns = append(p.Columns, Contents{})
			p.seen = append(p.seen, map[string]bool{})
		}
		if !holds(cell) {
			continue
		}
		p.Columns[i].Filled++
		p.tell(i, cell)
	}
}

// show keeps one of the first rows, its long cells cut.
func (p *profiler) show(row sheets.Row) {
	if len(p.First) == previewRows || p.shown > maxProfile {
		return
	}
	cells := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		cells[i] = cut(cell, min(maxShown, max(0, maxProfile-p.shown)))
		p.shown += len(cells[i])
	}
	p.First = append(p.First, sheetsRow{row.Number, cells})
}

// tell keeps a value of a column, unless it has too many.
func (p *profiler) tell(i int, cell string) {
	c := &p.Columns[i]
	if c.Many || p.seen[i][cell] {
		return
	}
	if len(cell) > maxValue || len(c.Distinct) == maxDistinct || p.size+len(cell) > maxProfile {
		c.Many, p.seen[i] = true, nil
		return
	}
	p.seen[i][cell] = true
	p.size += len(cell)
	c.Distinct = append(c.Distinct, cell)
}

// forgetMany keeps a few values only of the columns that have too many.
func (p *profiler) forgetMany() {
	for i := range p.Columns {
		if c := &p.Columns[i]; c.Many && len(c.Distinct) > 10 {
			c.Distinct = c.Distinct[:10]
		}
	}
}

// cut shortens text to at most n bytes, at a rune.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
