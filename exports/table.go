package exports

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/sheets"
)

// Table is a plain list as a file: a heading, then rows. It is for lists that
// people work with, such as links to send out or schools to ring; it holds no
// answers.
//
// A cell is a string, an int, a time.Time (shown as it is, in its own zone; the
// zero time is an empty cell) or nil.
type Table struct {
	Title   string // of the sheet
	Columns []TableColumn
	Rows    [][]any
}

// TableColumn is one column; Width is in digits, as Excel counts.
type TableColumn struct {
	Heading string
	Width   float64
}

const tableTime = "2006-01-02 15:04"

// CSV writes the table as comma-separated values in UTF-8 with a mark at the
// beginning, by which Excel knows the encoding. A text that a spreadsheet would
// take for a formula gets an apostrophe before it.
func (t Table) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("writing a list: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	lines := [][]string{make([]string, len(t.Columns))}
	for i, column := range t.Columns {
		lines[0][i] = column.Heading
	}
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for i, cell := range row {
			line[i] = plainCell(cell)
		}
		lines = append(lines, line)
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("writing a list: %w", err)
	}
	return nil
}

// plainCell is a cell as text.
func plainCell(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format(tableTime)
	case string:
		return sheets.Guarded(v)
	}
	return fmt.Sprint(cell)
}

// XLSX writes the table as a workbook of one sheet, its heading frozen and with
// buttons to filter by. Texts are texts, whatever they begin with.
func (t Table) XLSX(w io.Writer) error {
	file := excelize.NewFile()
	defer file.Close() // it holds no file on the disk
	if err := t.fill(file); err != nil {
		return fmt.Errorf("making the list %s: %w", t.Title, err)
	}
	if _, err := file.WriteTo(w); err != nil {
		return fmt.Errorf("writing the list %s: %w", t.Title, err)
	}
	return nil
}

func (t Table) fill(file *excelize.File) error {
	if err := file.SetSheetName("Sheet1", t.Title); err != nil {
		return err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "bottom"}})
	if err != nil {
		return err
	}
	dated, err := file.NewStyle(&excelize.Style{CustomNumFmt: new("yyyy-mm-dd hh:mm")})
	if err != nil {
		return err
	}
	stream, err := file.NewStreamWriter(t.Title)
	if err != nil {
		return err
	}
	heading := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		heading[i] = excelize.Cell{StyleID: bold, Value: column.Heading}
		if err := stream.SetColWidth(i+1, i+1, column.Width); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := stream.SetRow("A1", heading); err != nil {
		return err
	}
	for n, row := range t.Rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = tableCell(cell, dated)
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return file.AutoFilter(t.Title, fmt.Sprintf("A1:%s%d", columnName(len(t.Columns)), len(t.Rows)+1), nil)
}

// tableCell is a cell as excelize takes it. Excel knows no time zones: a moment is
// written as the clock shows it there.
func tableCell(cell any, dated int) any {
	at, ok := cell.(time.Time)
	if !ok {
		return cell
	}
	if at.IsZero() {
		return nil
	}
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	return excelize.Cell{StyleID: dated, Value: wall}
}
