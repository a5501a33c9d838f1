package xlsform

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sheet reads the cells of one sheet.
func (p *pack) sheet(sheet sheetPart) ([]Row, error) {
	r := &sheetReader{pack: p}
	if err := p.each(sheet.part, r.visit); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.rows, func(a, b Row) int { return cmp.Compare(a.Number, b.Number) })
	rows := r.rows[:0]
	for _, row := range r.rows {
		if len(row.Cells) == 0 {
			continue
		}
		slices.SortStableFunc(row.Cells, func(a, b Cell) int { return cmp.Compare(a.Column, b.Column) })
		if rows = append(rows, row); len(rows) > maxRows {
			return nil, tooLarge(fmt.Sprintf("sheet %q has more than %d rows", sheet.name, maxRows))
		}
	}
	return rows, nil
}

// sheetReader is one sheet being read; the last row is the one being read.
type sheetReader struct {
	pack   *pack
	rows   []Row
	row    int // the number of the last row
	column int // of the last cell
}

func (r *sheetReader) visit(decoder *xml.Decoder, tag xml.StartElement) error {
	switch tag.Name.Local {
	case "row":
		return r.startRow(attr(tag, "r"))
	case "c":
		return r.cell(decoder, tag)
	}
	return nil
}

// startRow begins a row; rows that have no number follow the one before.
func (r *sheetReader) startRow(number string) error {
	r.row++
	r.column = 0
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > lastRow {
			return damaged(fmt.Sprintf("row %q is no row of a sheet", shorten(number)))
		}
		r.row = n
	}
	if n := len(r.rows); n > 0 && len(r.rows[n-1].Cells) == 0 {
		r.rows = r.rows[:n-1] // rows that hold only formats come by the ten thousand
	}
	if len(r.rows) > maxRows {
		return tooLarge(fmt.Sprintf("a sheet has more than %d rows", maxRows))
	}
	r.rows = append(r.rows, Row{Number: r.row})
	return nil
}

func (r *sheetReader) cell(decoder *xml.Decoder, tag xml.StartElement) error {
	r.column++
	if at := attr(tag, "r"); at != "" {
		column, err := columnOf(at)
		if err != nil {
			return err
		}
		r.column = column
	}
	text, err := r.value(decoder, tag)
	if err != nil || text == "" {
		return err
	}
	if r.column > lastColumn || len(r.rows) == 0 {
		return damaged("a cell is outside the sheet")
	}
	r.pack.cells--
	r.pack.text -= len(text)
	if r.pack.cells < 0 || r.pack.text < 0 {
		return tooLarge("it has more cells or more text than can be read")
	}
	row := &r.rows[len(r.rows)-1]
	row.Cells = append(row.Cells, Cell{Column: r.column, Text: text})
	return nil
}

var cellName = regexp.MustCompile(`^\$?([A-Za-z]{1,3})\$?[0-9]{1,7}$`)

// columnOf reads the column of a name such as BC12.
func columnOf(name string) (int, error) {
	match := cellName.FindStringSubmatch(name)
	if match == nil {
		return 0, damaged(fmt.Sprintf("%q is no name of a cell", shorten(name)))
	}
	column := 0
	for _, letter := range strings.ToUpper(match[1]) {
		column = column*26 + int(letter-'A') + 1
	}
	return column, nil
}

// value reads a cell up to its end: <v> or the text in <is>; a formula's own
// text in <f> counts for nothing.
func (r *sheetReader) value(decoder *xml.Decoder, cell xml.StartElement) (string, error) {
	var raw, inline string
	for {
		token, err := r.pack.next(decoder)
		if err != nil {
			return "", unfinished(err)
		}
		switch tag := token.(type) {
		case xml.StartElement:
			if tag.Name.Local == "v" {
				raw, err = r.pack.plainText(decoder, "v")
			}
			if tag.Name.Local == "is" {
				inline, err = r.pack.richText(decoder, "is")
			}
			if err != nil {
				return "", err
			}
		case xml.EndElement:
			if tag.Name.Local != "c" {
				continue
			}
			if attr(cell, "t") == "inlineStr" {
				return cellText(inline), nil
			}
			return r.pack.typed(attr(cell, "t"), attr(cell, "s"), raw)
		}
	}
}

// plainText is the text of one element without others in it.
func (p *pack) plainText(decoder *xml.Decoder, end string) (string, error) {
	var text strings.Builder
	for {
		token, err := p.next(decoder)
		if err != nil {
			return "", unfinished(err)
		}
		switch tag := token.(type) {
		case xml.EndElement:
			if tag.Name.Local == end {
				return text.String(), nil
			}
		case xml.CharData:
			text.Write(tag)
		}
		if text.Len() > maxMarkup {
			return "", tooLarge("it holds a text that is longer than a cell can be")
		}
	}
}

// typed is the text of a value, by the type and the style of its cell.
func (p *pack) typed(kind, style, raw string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil && strings.TrimSpace(raw) == "" {
			return "", nil
		}
		if err != nil || n < 0 || n >= len(p.shared) {
			return "", damaged("a cell refers to a text that is not there")
		}
		return p.shared[n], nil
	case "b":
		return booleanText(strings.TrimSpace(raw)), nil
	case "str", "e":
		return cellText(raw), nil
	case "d":
		return isoText(strings.TrimSpace(raw)), nil
	default:
		return p.numberText(style, strings.TrimSpace(raw)), nil
	}
}

func booleanText(raw string) string {
	switch raw {
	case "1", "true":
		return "TRUE"
	case "":
		return ""
	default:
		return "FALSE"
	}
}

var (
	escaped     = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)
	escapedHere = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)
	blanks      = strings.NewReplacer("\u00a0", " ", "\r\n", "\n", "\r", "\n")
)

// cellText is a text as it is used: the escapes of control characters undone,
// no-break spaces made spaces, line ends made "\n", and cut to what is between blanks.
func cellText(text string) string {
	if strings.Contains(text, "_x") {
		text = escaped.ReplaceAllStringFunc(text, func(code string) string {
			n, _ := strconv.ParseUint(code[2:6], 16, 16)
			return string(rune(n))
		})
	}
	return strings.TrimSpace(blanks.Replace(text))
}

// shorten keeps a message readable whatever the file says.
func shorten(text string) string {
	const limit = 60
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}
