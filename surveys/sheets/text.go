package sheets

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const bomUTF8 = "\xEF\xBB\xBF"

// openText opens separated values.
func openText(r io.ReaderAt, size int64, head []byte, name string) (*Table, error) {
	t := &Table{}
	decoder, err := t.findEncoding(r, size, head)
	if err != nil {
		return nil, err
	}
	text := func() *bufio.Reader {
		return bufio.NewReaderSize(transform.NewReader(io.NewSectionReader(r, 0, size), decoder()), 64<<10)
	}
	if err := t.findDelimiter(text(), name); err != nil {
		return nil, err
	}
	t.open = func() (rowReader, error) { return &textRows{in: text(), delimiter: t.Delimiter}, nil }
	return t, nil
}

// findEncoding finds out how text is written: by its first bytes, or else UTF-8 if
// all of it is, or else the code page of Windows in western Europe.
func (t *Table) findEncoding(r io.ReaderAt, size int64, head []byte) (func() transform.Transformer, error) {
	wide := func(order unicode.Endianness, bom unicode.BOMPolicy) func() transform.Transformer {
		t.Encoding = "UTF-16"
		return func() transform.Transformer { return unicode.UTF16(order, bom).NewDecoder() }
	}
	even, odd := zeros(head)
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return wide(unicode.LittleEndian, unicode.ExpectBOM), nil
	case odd > len(head)/4 && even == 0:
		return wide(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case even > len(head)/4 && odd == 0:
		return wide(unicode.BigEndian, unicode.IgnoreBOM), nil
	}
	isUTF8, err := validUTF8(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, err
	}
	if isUTF8 {
		t.Encoding = "UTF-8"
		return func() transform.Transformer { return unicode.UTF8BOM.NewDecoder() }, nil
	}
	t.Encoding = "Windows-1252"
	return func() transform.Transformer { return charmap.Windows1252.NewDecoder() }, nil
}

// zeros counts the zero bytes at even and at odd places.
func zeros(head []byte) (even, odd int) {
	for i, b := range head {
		switch {
		case b == 0 && i%2 == 0:
			even++
		case b == 0:
			odd++
		}
	}
	return even, odd
}

// validUTF8 reads all of r. Text never has a zero byte: a file that does is
// something else.
func validUTF8(r io.Reader) (bool, error) {
	buffer, kept, valid := make([]byte, 64<<10), 0, true
	for {
		n, err := r.Read(buffer[kept:])
		piece := buffer[:kept+n]
		if bytes.IndexByte(piece, 0) >= 0 {
			return false, refuse("sheets.no_table")
		}
		rest := unfinishedRune(piece)
		valid = valid && utf8.Valid(piece[:len(piece)-len(rest)])
		kept = copy(buffer, rest)
		if err == io.EOF {
			return valid && kept == 0, nil
		}
		if err != nil {
			return false, fmt.Errorf("reading a table: %w", err)
		}
	}
}

// unfinishedRune is the beginning of a rune at the end of text.
func unfinishedRune(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if tail := text[len(text)-i:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return nil
			}
			return tail
		}
	}
	return nil
}

// delimiters are what stands between values, in the order in which they win.
var delimiters = []rune{',', ';', '\t', '|'}

// triedRows are the rows of which delimiters are found out.
const triedRows = 20

// findDelimiter finds the delimiter with which most of the first rows have equally
// many columns, and more than one. Excel's own first line "sep=;"
// decides it.
func (t *Table) findDelimiter(text *bufio.Reader, name string) error {
	sample, err := text.Peek(32 << 10)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return fmt.Errorf("reading the beginning of a table: %w", err)
	}
	if said := separatorLine(string(sample)); said != 0 {
		t.Delimiter = said
		return nil
	}
	t.Delimiter = ','
	if strings.HasSuffix(strings.ToLower(name), ".tsv") {
		t.Delimiter = '\t'
	}
	best := 0
	for _, delimiter := range delimiters {
		if fit := fitOf(sample, delimiter); fit > best {
			best, t.Delimiter = fit, delimiter
		}
	}
	return nil
}

// separatorLine is the delimiter in a first line "sep=;", or 0.
func separatorLine(text string) rune {
	rest, found := strings.CutPrefix(text, "sep=")
	r, n := utf8.DecodeRuneInString(rest)
	if found && n > 0 && r != utf8.RuneError && (strings.HasPrefix(rest[n:], "\r") || strings.HasPrefix(rest[n:], "\n")) {
		return r
	}
	return 0
}

// fitOf is how well a delimiter fits: the share of the rows that have the commonest
// number of columns, which counts more than the columns. A wrong one may cut many
// rows alike, where dates hold commas and values line ends, but not most of them.
func fitOf(sample []byte, delimiter rune) int {
	rows := &textRows{in: bufio.NewReader(bytes.NewReader(sample)), delimiter: delimiter}
	widths, all, best := map[int]int{}, 0, 0
	for range triedRows {
		row, err := rows.next()
		if err != nil {
			break
		}
		if len(row.Cells) == 0 {
			continue
		}
		all++
		if rows.width > 1 {
			widths[rows.width]++
		}
	}
	for width, n := range widths {
		best = max(best, n*1000/all*100+min(width, 99))
	}
	return best
}

// textRows reads separated values as spreadsheet programs do (RFC 4180, with
// any line end): a quoted value may hold delimiters, line ends and doubled quotes.
type textRows struct {
	in        *bufio.Reader
	delimiter rune
	number    int
	width     int // cells of the last row, empty ones at its end counted
	size      int // bytes of the row so far
	cell      strings.Builder
}

func (t *textRows) close() error { return nil }

func (t *textRows) next() (Row, error) {
	t.number++
	t.size = 0
	row := Row{Number: t.number}
	for {
		end, err := t.value(len(row.Cells) + 1)
		if err != nil {
			return row, err
		}
		if end == endOfFile && len(row.Cells) == 0 && t.cell.Len() == 0 {
			return row, io.EOF
		}
		if len(row.Cells) >= lastColumn {
			return row, refuseAt(t.number, 0, "sheets.too_many_columns", lastColumn)
		}
		row.Cells = append(row.Cells, clean(Unguarded(t.cell.String())))
		if end != endOfValue {
			return t.finish(row)
		}
	}
}

func (t *textRows) finish(row Row) (Row, error) {
	t.width = len(row.Cells)
	if t.number == 1 && len(row.Cells) > 0 && strings.HasPrefix(row.Cells[0], "sep=") && t.width <= 2 {
		row.Cells = nil // Excel's line about the delimiter is no row of the table
	}
	row.Cells = trimmed(row.Cells)
	return row, nil
}

// What ends a value.
type ending uint8

const (
	endOfValue ending = iota
	endOfRow
	endOfFile
)

// value reads one value into t.cell, up to and with what ends it.
func (t *textRows) value(column int) (ending, error) {
	t.cell.Reset()
	quoted, first := false, true
	for ; ; first = false {
		r, _, err := t.in.ReadRune()
		if err == io.EOF {
			return endOfFile, nil
		}
		if err != nil {
			return endOfFile, fmt.Errorf("reading row %d of a table: %w", t.number, err)
		}
		switch {
		case r == '"' && quoted:
			if quoted = t.peek() == '"'; !quoted {
				continue
			}
			t.in.ReadRune()
			t.cell.WriteByte('"')
		case r == '"' && (first || strings.TrimSpace(t.cell.String()) == ""):
			t.cell.Reset()
			quoted = true
		case r == t.delimiter && !quoted:
			return endOfValue, nil
		case (r == '\n' || r == '\r') && !quoted:
			if r == '\r' && t.peek() == '\n' {
				t.in.ReadRune()
			}
			return endOfRow, nil
		default:
			t.cell.WriteRune(r)
		}
		if err := t.tooLong(column); err != nil {
			return endOfFile, err
		}
	}
}

func (t *textRows) tooLong(column int) error {
	if t.size++; t.size > maxRowBytes {
		return refuseAt(t.number, 0, "sheets.row_too_long", maxRowBytes>>20)
	}
	if t.cell.Len() > maxCell {
		return refuseAt(t.number, column, "sheets.cell_too_long", maxCell)
	}
	return nil
}

// peek is the next byte, 0 at the end.
func (t *textRows) peek() byte {
	next, err := t.in.Peek(1)
	if err != nil {
		return 0
	}
	return next[0]
}
