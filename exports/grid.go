package exports

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// maxRows is how many rows a sheet of Excel has, the heading included.
const maxRows = excelize.TotalRows

// grid is a table of data: a heading in row 1 and rows below it, on as many
// sheets as they need. Its rows are encoded before the sheets are made.
type grid struct {
	name, table string // of the first sheet and its table
	columns     []column
	encoder     encoder
	sheets      []sheetRows
	limit       int // rows on a sheet, the heading included
	folder      string
}

// sheetRows are the rows of one sheet, without the heading.
type sheetRows struct {
	rows  int
	spool *spool
}

func newGrid(name, table string, columns []column, opt Options) (*grid, error) {
	g := &grid{name: name, table: table, columns: columns, limit: opt.rowsPerSheet(), folder: opt.Folder}
	uniteHeads(columns)
	var err error
	if g.encoder, err = opt.encoder(columns); err != nil {
		return nil, err
	}
	return g, g.nextSheet()
}

// encoder writes the rows of a table, for one sort of file. Cells are added from
// left to right; a cell that is not added is blank. Columns count from 0, rows
// from 1, the heading included.
type encoder interface {
	begin(row int)
	text(column, style int, s string)
	number(column, style int, v float64)
	end() error
	flush() error
	to(out io.Writer) // where what is encoded from now on goes

	// marked counts the texts that were cut, and those with characters replaced.
	marked() (cut, replaced int)
}

// encoder is that of the file that is made: of a workbook unless it says otherwise.
func (o Options) encoder(columns []column) (encoder, error) {
	if o.encode != nil {
		return o.encode(columns)
	}
	return newRowEncoder(nil, len(columns))
}

// begin begins the next row, on a further sheet if the last one is full.
func (g *grid) begin() error {
	if g.sheets[len(g.sheets)-1].rows+1 >= g.limit {
		if err := g.nextSheet(); err != nil {
			return err
		}
	}
	last := &g.sheets[len(g.sheets)-1]
	last.rows++
	g.encoder.begin(last.rows + 1)
	return nil
}

func (g *grid) end() error { return g.encoder.end() }

func (g *grid) nextSheet() error {
	if err := g.seal(); err != nil {
		return err
	}
	rows, err := newSpool(g.folder)
	if err != nil {
		return err
	}
	g.sheets = append(g.sheets, sheetRows{spool: rows})
	g.encoder.to(rows)
	return nil
}

// seal ends the rows of the last sheet.
func (g *grid) seal() error {
	if len(g.sheets) == 0 {
		return nil
	}
	if err := g.encoder.flush(); err != nil {
		return err
	}
	return g.sheets[len(g.sheets)-1].spool.seal()
}

// rows is how many rows there are on all sheets.
func (g *grid) rows() (total int) {
	for _, s := range g.sheets {
		total += s.rows
	}
	return total
}

// names lists the names of the sheets.
func (g *grid) names() []string {
	names := make([]string, len(g.sheets))
	for i := range names {
		names[i] = numberedSheet(g.name, i+1)
	}
	return names
}

func numberedSheet(name string, number int) string {
	if number == 1 {
		return name
	}
	return fmt.Sprintf("%s (%d)", name, number)
}

// close removes what is kept of the rows.
func (g *grid) close() {
	for _, s := range g.sheets {
		_ = s.spool.Close() // a temporary file that stays is no reason to withhold the workbook
	}
}

// grid adds the sheets of g: their frames, into which the packer puts the rows.
func (b *book) grid(g *grid, frozenColumns int) error {
	for i, name := range g.names() {
		table := g.table
		if i > 0 {
			table = fmt.Sprint(table, i+1)
		}
		if err := b.gridSheet(g, g.sheets[i], name, table, frozenColumns); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	return nil
}

func (b *book) gridSheet(g *grid, rows sheetRows, name, table string, frozenColumns int) error {
	stream, err := b.sheet(name, tabData, g.columns, true)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(frozen(frozenColumns)); err != nil {
		return err
	}
	if err := b.gridHeading(stream, g.columns); err != nil {
		return err
	}
	// Identifiers are texts, and need no green triangle that says so.
	ref := fmt.Sprintf("A1:%s%d", columnName(len(g.columns)), max(rows.rows+1, 2))
	if err := b.file.AddIgnoredErrors(name, ref, excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return err
	}
	if err := b.addTable(stream, table, ref, true); err != nil {
		return err
	}
	// On paper each page says of which response or person its rows are.
	if err := b.repeat(name, fmt.Sprintf("%[1]s!$A:$A,%[1]s!$1:$1", quoted(name))); err != nil {
		return err
	}
	b.rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", stream.SheetID)] = rows.spool
	return stream.Flush()
}

func (b *book) gridHeading(stream *excelize.StreamWriter, columns []column) error {
	cells, height := make([]any, len(columns)), 20.0
	for i, c := range columns {
		l := lookDataHead
		if c.look.right {
			l = lookDataHeadRight
		}
		cells[i] = excelize.Cell{StyleID: b.styles.id(l), Value: c.head}
		height = max(height, min(160, rowHeight(c.head, c.width, l)))
	}
	return stream.SetRow("A1", cells, excelize.RowOpts{Height: height})
}

// frozen keeps the heading and the first columns in sight.
func frozen(columns int) *excelize.Panes {
	topLeft, pane := columnName(columns+1)+"2", "bottomRight"
	if columns == 0 {
		pane = "bottomLeft"
	}
	return &excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: topLeft, ActivePane: pane}
}

// uniteHeads makes the headings of a table what Excel takes: in one line, of at
// most 255 characters, none empty, and unique whatever their case.
func uniteHeads(columns []column) {
	seen := map[string]bool{}
	for i := range columns {
		head := cleanHead(columns[i].head)
		name := head
		for n := 2; seen[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s (%d)", head, n)
		}
		seen[strings.ToLower(name)] = true
		columns[i].head = name
	}
}

func cleanHead(head string) string {
	head = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(head, replacement), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	head = strings.Map(func(r rune) rune {
		if r == 0xfffe || r == 0xffff {
			return utf8Replacement
		}
		return r
	}, head)
	head = strings.ReplaceAll(head, "_x", "_ x") // which a table would take for a character
	if head == "" {
		return "Column"
	}
	const most = 240 // leaves room for a number
	for len(utf16.Encode([]rune(head))) > most {
		head = string([]rune(head)[:len([]rune(head))-10]) + "…"
	}
	return head
}

const utf8Replacement = '\uFFFD'
