package exports

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/outcomes"
)

// column is one column of a sheet's table.
type column struct {
	head  string
	width float64 // in digits of the standard font, as Excel counts
	look  look    // of its cells
}

// link is a cell that leads to another sheet.
type link struct{ text, sheet, cell string }

// figure is a number with a format of its own; without ok there is a reason.
type figure struct {
	value  float64
	ok     bool
	format string
	reason outcomes.Reason
}

// mark stands where there is no figure, with the reason. In the analysis workbook
// the cell is empty; in a publication it says so in brackets.
type mark outcomes.Reason

// without is n cells that have no figure for one reason.
func without(reason outcomes.Reason, n int) []any {
	cells := make([]any, n)
	for i := range cells {
		cells[i] = mark(reason)
	}
	return cells
}

// formula is a live cell and the value that was worked out for it.
type formula struct {
	text  string
	value any // float64 or string
}

// strong is a text in bold.
type strong string

// page is a sheet that is read: a title, lines about it, one table. Its cells
// come from the Report and from what the author of a questionnaire wrote.
type page struct {
	book    *book
	name    string
	stream  *excelize.StreamWriter
	columns []column
	row     int   // the last one written
	filter  bool  // buttons in the heading
	data    bool  // a sheet to work with: smaller, aligned to the top
	err     error // the first; nothing is written after it
}

// page begins a sheet that is read.
func (b *book) page(name, tab string, columns []column) *page {
	p := &page{book: b, name: name, columns: columns}
	p.stream, p.err = b.sheet(name, tab, columns, false)
	return p
}

// title writes what a sheet begins with: its name, lines about it, and the way
// back to the cover. The mark of made-up data comes first.
func (p *page) title(title string, lines ...string) {
	p.line(lookTitle, 32, title)
	if p.book.report.Demo {
		p.banner("MADE-UP DATA: a demonstration. Nobody gave these answers.")
	}
	for _, line := range lines {
		for _, part := range p.broken(line) {
			p.line(lookLead, 18, part)
		}
	}
	if p.name != sheetCover {
		p.links(link{"Back to Cover", sheetCover, "A1"})
	}
}

// broken breaks a line into rows as wide as the table, at most as a page can show.
func (p *page) broken(line string) (parts []string) {
	width := 0.0
	for _, c := range p.columns {
		width += c.width
	}
	width = min(width, 130)
	for line != "" {
		end := len(line)
		for strings.Contains(line[:end], " ") && lineCount(line[:end], width, lookLead) > 1 {
			end = strings.LastIndexByte(line[:end], ' ')
		}
		parts = append(parts, line[:end])
		line = strings.TrimSpace(line[end:])
	}
	return parts
}

// banner fills the row over the width of the table, without merging cells.
func (p *page) banner(text string) {
	cells := make([]any, len(p.columns))
	cells[0] = text
	for i := range cells {
		cells[i] = excelize.Cell{StyleID: p.book.styles.id(lookBanner), Value: cells[i]}
	}
	p.write(cells, 24)
}

func (p *page) line(l look, height float64, text string) {
	p.write([]any{excelize.Cell{StyleID: p.book.styles.id(l), Value: text}}, height)
}

// links writes a row that leads elsewhere.
func (p *page) links(to link) {
	p.line(lookLink, 22, to.text)
	p.hyperlink(1, to)
}

func (p *page) hyperlink(column int, to link) {
	cell, err := excelize.CoordinatesToCellName(column, p.row)
	if err == nil {
		tip := "Go to " + to.sheet
		err = p.book.file.SetCellHyperLink(p.name, cell, quoted(to.sheet)+"!"+to.cell, "Location", excelize.HyperlinkOpts{Tooltip: &tip})
	}
	p.keep(err)
}

// skip leaves rows for charts.
func (p *page) skip(rows int) { p.row += rows }

// from leaves rows until the next one is row, so that a table stays where it is when
// the lines above it become more or fewer.
// The rows between are low: nothing is missing there.
func (p *page) from(row int) {
	for p.row < row-1 {
		p.write(nil, 3)
	}
}

// repeated prints the heading of the table, whose first row is first, on each page.
func (p *page) repeated(first int) { p.keep(p.book.repeatRow(p.name, first-1)) }

// table writes the heading and rows and marks them up as a table. It returns the
// number of the first row.
func (p *page) table(name string, rows [][]any) (first int) {
	p.heading()
	top := p.row
	if len(rows) == 0 {
		rows = [][]any{p.nothing()}
	}
	for _, row := range rows {
		p.tableRow(row)
	}
	if p.err == nil {
		ref := fmt.Sprintf("A%d:%s%d", top, columnName(len(p.columns)), max(p.row, top+1))
		p.err = p.book.addTable(p.stream, name, ref, p.filter)
	}
	return top + 1
}

// nothing is the only row of a table that has none: a blank one would say nothing.
func (p *page) nothing() []any {
	row, said := make([]any, len(p.columns)), false
	for i, c := range p.columns {
		if text := c.look.format == asText; text && !said {
			row[i], said = "Nothing to show", true
		} else if text {
			row[i] = ""
		}
	}
	return row
}

func (p *page) heading() {
	cells, height := make([]any, len(p.columns)), 22.0
	for i, c := range p.columns {
		l := p.headLook(c)
		cells[i] = excelize.Cell{StyleID: p.book.styles.id(l), Value: c.head}
		height = max(height, rowHeight(c.head, c.width, l))
	}
	p.write(cells, height)
}

func (p *page) headLook(c column) look {
	switch {
	case p.data && c.look.right:
		l := lookDataHeadRight
		l.indent = c.look.indent
		return l
	case p.data:
		return lookDataHead
	case c.look.right:
		return lookHeadRight
	}
	return lookHead
}

func (p *page) tableRow(row []any) {
	for len(row) < len(p.columns) {
		row = append(row, nil)
	}
	cells, height := make([]any, len(row)), 20.0
	for i, v := range row {
		cell, text := p.cell(p.columns[i], v)
		cells[i] = cell
		height = max(height, rowHeight(text, p.columns[i].width, p.columns[i].look))
	}
	p.write(cells, height)
	for i, v := range row {
		if to, ok := v.(link); ok {
			p.hyperlink(i+1, to)
		}
	}
}

// cell returns the cell for v and the text that decides on its height.
func (p *page) cell(c column, v any) (excelize.Cell, string) {
	l, text := c.look, ""
	switch value := v.(type) {
	case string:
		short, cut := fitCell(value)
		if v, text = short, value; cut {
			p.book.cut++
		}
	case strong:
		l.bold = true
		v, text = string(value), string(value)
	case link:
		l = lookLinkCell
		v, text = value.text, value.text
	case outcomes.Estimate:
		if v = estimated(value); v == nil {
			v = p.shorthand(value.Reason())
		}
	case figure:
		l.format = value.format
		v = any(value.value)
		if !value.ok {
			v = p.shorthand(value.reason)
		}
	case mark:
		v = p.shorthand(outcomes.Reason(value))
	case nil:
		v = p.shorthand(outcomes.NotApplicable)
	case formula:
		return excelize.Cell{StyleID: p.book.styles.id(l), Formula: value.text, Value: value.value}, ""
	}
	return excelize.Cell{StyleID: p.book.styles.id(l), Value: v}, text
}

// estimated is a figure as a cell holds it: a number, or nothing.
func estimated(e outcomes.Estimate) any {
	if v, ok := e.Float(); ok {
		return v
	}
	return nil
}

// write writes the next row. The height is told twice: to the stream, and to the
// file, which places charts by it.
func (p *page) write(cells []any, height float64) {
	p.row++
	if p.err != nil {
		return
	}
	height = min(height, 409) // the most Excel allows
	p.keep(p.book.file.SetRowHeight(p.name, p.row, height))
	p.keep(p.stream.SetRow(fmt.Sprintf("A%d", p.row), cells, excelize.RowOpts{Height: height}))
}

// finish ends the sheet.
func (p *page) finish() error {
	if p.err == nil {
		p.err = p.stream.Flush()
	}
	if p.err != nil {
		return fmt.Errorf("sheet %s: %w", p.name, p.err)
	}
	return nil
}

func (p *page) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

// rowHeight is the height in points that text needs in a column, since only
// Excel itself fits rows to wrapped text.
func rowHeight(text string, width float64, l look) float64 {
	if text == "" || !l.wrap {
		return 0
	}
	return float64(lineCount(text, width-1.5*float64(l.indent+1), l))*l.size*1.25 + 6
}

// lineCount is how many lines text takes at a width, broken between words.
func lineCount(text string, width float64, l look) int {
	lines := 0
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines++
		used := 0.0
		for word := range strings.FieldsSeq(paragraph) {
			size := textWidth(word, l)
			if used > 0 && used+size > width {
				lines, used = lines+1, 0
			}
			if size > width {
				lines += int(math.Ceil(size/width)) - 1
			}
			used += size + 0.6
		}
	}
	return lines
}

// textWidth estimates the width of a word in digits of the standard font.
func textWidth(word string, l look) float64 {
	width := 0.0
	for _, r := range word {
		switch {
		case strings.ContainsRune("iljtfrI.,;:'|!()[]", r):
			width += 0.5
		case r >= 0x2e80 || strings.ContainsRune("mwMWQOGD@%", r):
			width += 1.5
		default:
			width++
		}
	}
	if l.bold {
		width *= 1.08
	}
	return width * l.size / 11.3
}
