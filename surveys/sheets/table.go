package sheets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
)

// Row is one row that holds something.
type Row struct {
	Number int      // as the spreadsheet counts, from 1
	Cells  []string // from column A to the last that holds something
}

// Cell is the text of a column counted from 1, "" if the row is shorter.
func (r Row) Cell(column int) string {
	if column < 1 || column > len(r.Cells) {
		return ""
	}
	return r.Cells[column-1]
}

// Table is a file whose rows can be read, as often as needed.
type Table struct {
	Sheet     string   // the sheet that is read; "" of separated values
	Sheets    []string // all sheets of a workbook, in the order of the tabs
	Delimiter rune     // between separated values: , ; tab or |; 0 of a workbook
	Encoding  string   // of separated values: "UTF-8", "UTF-16", "Windows-1252"

	open func() (rowReader, error)
	book *book
}

// rowReader reads row after row; io.EOF ends it.
type rowReader interface {
	next() (Row, error)
	close() error
}

// Open reads what kind of table r holds, whatever its name says, and finds the
// first sheet that has rows. r must stay readable while rows are read. name is
// what the file is called; it only makes refusals plainer.
//
// It returns an *Error for what is no table, is protected, damaged or too large,
// and the error of r if that cannot be read.
func Open(r io.ReaderAt, size int64, name string) (*Table, error) {
	head := make([]byte, min(size, 4096))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, fmt.Errorf("reading the first bytes of a table: %w", err)
	}
	switch kind := kindOf(head); {
	case kind == "zip":
		return openBook(r, size)
	case kind != "":
		return nil, refuse(kind)
	}
	return openText(r, size, head, name)
}

// kindOf tells a zip archive ("zip") and text ("") from what is refused (the key
// of the sentence) by the first bytes.
func kindOf(head []byte) string {
	page := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(bomUTF8))))
	starts := func(prefixes ...string) bool {
		for _, prefix := range prefixes {
			if bytes.HasPrefix(head, []byte(prefix)) || bytes.HasPrefix(page, []byte(prefix)) {
				return true
			}
		}
		return false
	}
	switch {
	case len(head) == 0:
		return "sheets.empty"
	case starts("PK\x03\x04", "PK\x05\x06"):
		return "zip"
	case starts("\xD0\xCF\x11\xE0"):
		return "sheets.old_excel"
	case starts("\x09\x08", "\x09\x04"):
		return "sheets.old_excel"
	case starts("<html", "<!doctype", "<?xml", "<table", "%pdf", "{\\rtf"):
		return "sheets.no_table"
	}
	return ""
}

// Choose makes a sheet of the workbook the one that is read. It returns an *Error
// if there is none of that name.
func (t *Table) Choose(sheet string) error {
	if t.book == nil {
		return refuse("sheets.no_sheet", path.Base(sheet))
	}
	for i, name := range t.Sheets {
		if strings.EqualFold(name, sheet) {
			t.Sheet, t.open = name, func() (rowReader, error) { return t.book.rows(i) }
			return nil
		}
	}
	return refuse("sheets.no_sheet", sheet)
}

// Rows streams the rows that hold something, in their order. An error ends it: an
// *Error that names the row, or that of the reader behind the table.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := t.open()
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer rows.close()
		budget := maxCells
		for {
			row, err := rows.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil {
				err = withinLimits(row, &budget)
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

func withinLimits(row Row, budget *int) error {
	*budget -= len(row.Cells)
	switch {
	case *budget < 0:
		return refuse("sheets.too_many_cells", maxCells)
	case row.Number > lastRow:
		return refuse("sheets.too_many_rows", lastRow)
	}
	return nil
}

// trimmed cuts empty cells off the end.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
