package sheets

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// book is a workbook of which sheets can be read.
type book struct {
	*archive
	names   []string // of the sheets, in the order of the tabs
	paths   []string // of the parts that hold the sheets
	shared  []string
	formats []Format // by number of the cell's style
	since04 bool     // days count from 1904
}

// openBook opens a workbook and finds its first sheet that has rows.
func openBook(r io.ReaderAt, size int64) (*Table, error) {
	files, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	b := &book{archive: files}
	if err := b.read(); err != nil {
		return nil, err
	}
	t := &Table{Sheets: b.names, book: b}
	for i, name := range b.names {
		some, err := b.hasRows(i)
		if err != nil {
			return nil, err
		}
		if some {
			b.opening = nil // from here on each part has its own limits
			return t, t.Choose(name)
		}
	}
	return nil, refuse("sheets.empty")
}

// read reads what stands beside the sheets.
func (b *book) read() error {
	kinds, err := b.related("_rels/.rels")
	if err != nil {
		return refuse("sheets.not_xlsx")
	}
	main := "xl/workbook.xml"
	for _, to := range kinds {
		if strings.HasSuffix(to.kind, "/officeDocument") {
			main = strings.TrimPrefix(to.target, "/")
		}
	}
	if _, ok := b.parts[partName(main)]; !ok || strings.HasSuffix(main, ".bin") {
		return refuse("sheets.not_xlsx")
	}
	folder := path.Dir(main)
	targets, err := b.related(path.Join(folder, "_rels", path.Base(main)+".rels"))
	if err != nil {
		return err
	}
	if err := b.readSheets(main, folder, targets); err != nil {
		return err
	}
	for _, to := range targets {
		switch target := within(folder, to.target); {
		case strings.HasSuffix(to.kind, "/sharedStrings"):
			err = b.readShared(target)
		case strings.HasSuffix(to.kind, "/styles"):
			err = b.readStyles(target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relation is where one part points to another.
type relation struct{ kind, target string }

func within(folder, target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	return path.Join(folder, target)
}

// related are the relations of a part by their id.
func (b *book) related(name string) (map[string]relation, error) {
	found := map[string]relation{}
	err := b.each(name, func(_ *part, tag xml.StartElement) error {
		if tag.Name.Local == "Relationship" && len(found) < maxEntries {
			found[attr(tag, "Id")] = relation{attr(tag, "Type"), attr(tag, "Target")}
		}
		return nil
	})
	return found, err
}

func (b *book) readSheets(main, folder string, targets map[string]relation) error {
	return b.each(main, func(_ *part, tag xml.StartElement) error {
		switch tag.Name.Local {
		case "workbookPr":
			b.since04 = slices.Contains([]string{"1", "true"}, attr(tag, "date1904"))
		case "sheet":
			id := ""
			for _, a := range tag.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			to, ok := targets[id]
			if !ok || !strings.HasSuffix(to.kind, "/worksheet") { // charts have sheets too
				return nil
			}
			if len(b.names) == maxSheets {
				return refuse("sheets.too_large")
			}
			b.names = append(b.names, clean(attr(tag, "name")))
			b.paths = append(b.paths, within(folder, to.target))
		}
		return nil
	})
}

// readShared reads the texts that cells share. They are held, each once.
func (b *book) readShared(name string) error {
	left := maxShared
	return b.each(name, func(p *part, tag xml.StartElement) error {
		if tag.Name.Local != "si" {
			return nil
		}
		text, err := p.text("si")
		if err != nil {
			return err
		}
		text = unescaped(text)
		if left -= len(text) + sharedCost; left < 0 {
			return refuse("sheets.texts_too_large", maxShared>>20)
		}
		b.shared = append(b.shared, text)
		return nil
	})
}

func (b *book) readStyles(name string) error {
	custom, inCells := map[string]Format{}, false
	return b.each(name, func(_ *part, tag xml.StartElement) error {
		switch tag.Name.Local {
		case "numFmt":
			custom[attr(tag, "numFmtId")] = FormatOf(attr(tag, "formatCode"))
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs", "tableStyles":
			inCells = false
		case "xf":
			if !inCells {
				return nil
			}
			kind, ok := custom[attr(tag, "numFmtId")]
			if !ok {
				kind = BuiltInFormat(attr(tag, "numFmtId"))
			}
			b.formats = append(b.formats, kind)
		}
		if len(b.formats) > maxStyles || len(custom) > maxStyles {
			return refuse("sheets.too_large")
		}
		return nil
	})
}

func (b *book) hasRows(sheet int) (bool, error) {
	rows, err := b.rows(sheet)
	if err != nil {
		return false, err
	}
	defer rows.close()
	for {
		row, err := rows.next()
		if err == io.EOF {
			return false, nil
		}
		if err != nil || len(row.Cells) > 0 {
			return err == nil, err
		}
	}
}

func (b *book) rows(sheet int) (rowReader, error) {
	p, err := b.open(b.paths[sheet])
	if err != nil {
		return nil, err
	}
	return &bookRows{part: p, book: b}, nil
}

// bookRows reads the rows of a sheet.
type bookRows struct {
	*part
	book   *book
	number int // of the row being read
	width  int // of the row before, so that cells need room once
	size   int // bytes of the row so far
}

func (s *bookRows) next() (Row, error) {
	for {
		tag, err := s.start()
		if err != nil {
			return Row{}, err
		}
		if tag.Name.Local == "row" {
			return s.row(attr(tag, "r"))
		}
	}
}

// row reads a row up to its end; one that has no number follows the one before.
func (s *bookRows) row(number string) (Row, error) {
	before := s.number
	s.number++
	s.size = 0
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n <= before || n > lastRow {
			return Row{}, damaged(fmt.Errorf("row %.20q is no row after row %d", number, before))
		}
		s.number = n
	}
	row := Row{Number: s.number, Cells: make([]string, 0, s.width)}
	for {
		token, err := s.token()
		if err == io.EOF {
			err = damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return row, err
		}
		switch tag := token.(type) {
		case xml.EndElement:
			if tag.Name.Local == "row" {
				row.Cells = trimmed(row.Cells)
				s.width = len(row.Cells)
				return row, nil
			}
		case xml.StartElement:
			if tag.Name.Local != "c" {
				continue
			}
			if row.Cells, err = s.cell(row.Cells, tag); err != nil {
				return row, err
			}
		}
	}
}

// cell reads one cell and puts it where its name says, or behind the others.
func (s *bookRows) cell(cells []string, tag xml.StartElement) ([]string, error) {
	column := len(cells) + 1
	if at := attr(tag, "r"); at != "" {
		n, err := columnOf(at)
		if err != nil {
			return cells, err
		}
		column = n
	}
	text, err := s.value(tag)
	if err != nil {
		return cells, err
	}
	if column < len(cells)+1 || column > lastColumn {
		return cells, damaged(fmt.Errorf("a cell of row %d is out of its place", s.number))
	}
	s.size += len(text)
	switch {
	case len(text) > maxCell:
		return cells, refuseAt(s.number, column, "sheets.cell_too_long", maxCell)
	case s.size > maxRowBytes:
		return cells, refuseAt(s.number, 0, "sheets.row_too_long", maxRowBytes>>20)
	case text == "":
		return cells, nil
	}
	for len(cells) < column-1 {
		cells = append(cells, "")
	}
	return append(cells, text), nil
}

// value reads a cell up to its end: <v>, or the text in <is>; a formula's own
// text in <f> counts for nothing.
func (s *bookRows) value(cell xml.StartElement) (string, error) {
	kind, raw, inline := attr(cell, "t"), "", ""
	for {
		token, err := s.token()
		if err == io.EOF {
			err = damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return "", err
		}
		switch tag := token.(type) {
		case xml.StartElement:
			if tag.Name.Local == "v" {
				raw, err = s.text("v")
			}
			if tag.Name.Local == "is" {
				inline, err = s.text("is")
			}
			if err != nil {
				return "", err
			}
		case xml.EndElement:
			if tag.Name.Local != "c" {
				continue
			}
			if kind == "inlineStr" {
				return unescaped(inline), nil
			}
			return s.book.typed(kind, attr(cell, "s"), raw)
		}
	}
}

// typed is the text of a value, by the type and the style of its cell.
func (b *book) typed(kind, style, raw string) (string, error) {
	switch kind {
	case "s":
		raw = strings.TrimSpace(raw)
		n, err := strconv.Atoi(raw)
		if raw == "" {
			return "", nil
		}
		if err != nil || n < 0 || n >= len(b.shared) {
			return "", damaged(fmt.Errorf("a cell refers to a text that is not there"))
		}
		return b.shared[n], nil
	case "b":
		return truthText(strings.TrimSpace(raw)), nil
	case "str", "e":
		return unescaped(raw), nil
	case "d":
		return isoText(strings.TrimSpace(raw)), nil
	}
	n, err := strconv.Atoi(style)
	meant := FormatNumber
	if err == nil && n >= 0 && n < len(b.formats) {
		meant = b.formats[n]
	}
	return numberText(meant, strings.TrimSpace(raw), b.since04), nil
}

// unescaped undoes the escapes of control characters, as in "_x000D_".
func unescaped(text string) string {
	if !strings.Contains(text, "_x") {
		return clean(text)
	}
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if len(text)-i >= 7 && text[i:i+2] == "_x" && text[i+6] == '_' {
			if n, err := strconv.ParseUint(text[i+2:i+6], 16, 16); err == nil {
				plain.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		plain.WriteByte(text[i])
	}
	return clean(plain.String())
}
