package xlsform

import "strings"

// Book is a workbook as text.
type Book struct {
	Sheets []Sheet // in the order of the tabs
}

// Sheet is one sheet: its cells that hold something.
type Sheet struct {
	Name string // as on the tab
	Rows []Row  // ascending; rows without text are left out
}

// Row is the cells of one row that hold something.
type Row struct {
	Number int    // as the spreadsheet program counts, from 1
	Cells  []Cell // ascending
}

// Cell is one cell as text: blanks around it cut off and no-break spaces made
// spaces; 5.0 is "5", booleans are TRUE and FALSE, dates 2026-03-07 00:00:00,
// times 09:30:00. Of a formula it is the value last worked out.
type Cell struct {
	Column int // from 1
	Text   string
}

// Sheet finds a sheet by its name in any case, or returns nil.
func (b *Book) Sheet(name string) *Sheet {
	for i := range b.Sheets {
		if strings.EqualFold(strings.TrimSpace(b.Sheets[i].Name), name) {
			return &b.Sheets[i]
		}
	}
	return nil
}

// Text is the text of a cell, "" if there is none. Row and column count from 1.
func (s *Sheet) Text(row, column int) string {
	for i := range s.Rows {
		if s.Rows[i].Number == row {
			return s.Rows[i].Text(column)
		}
	}
	return ""
}

// Text is the text of a cell of this row, "" if there is none.
func (r Row) Text(column int) string {
	for _, cell := range r.Cells {
		if cell.Column == column {
			return cell.Text
		}
	}
	return ""
}

// ReadBook reads all sheets of an .xlsx workbook as text. It returns a *Refusal
// whose text a person can act on if data are no such workbook, are damaged,
// protected by a password or hold macros, or grow beyond the limits in
// limits.go while they are unpacked. It needs at most about 100 MB.
func ReadBook(data []byte) (*Book, error) {
	return readBook(data, func(string) bool { return true })
}

// readBook reads the sheets that are wanted, and the one sheet of a workbook
// that has no other.
func readBook(data []byte, wanted func(name string) bool) (*Book, error) {
	pack, refusal := openPackage(data)
	if refusal != nil {
		return nil, refusal
	}
	sheets, err := pack.workbook()
	if err != nil {
		return nil, pack.refusal(err)
	}
	book := &Book{}
	for _, sheet := range sheets {
		if len(sheets) > 1 && !wanted(sheet.name) {
			book.Sheets = append(book.Sheets, Sheet{Name: sheet.name})
			continue
		}
		rows, err := pack.sheet(sheet)
		if err != nil {
			return nil, pack.refusal(err)
		}
		book.Sheets = append(book.Sheets, Sheet{Name: sheet.name, Rows: rows})
	}
	return book, nil
}
