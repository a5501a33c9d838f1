package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// bom tells Excel that a text file is UTF-8.
const bom = "\ufeff"

// csvEncoder writes rows as separated values: RFC 4180, UTF-8, lines end in CR LF.
// Times and days are written as 2026-03-28 23:30:00 and 2026-03-28. A guarded file
// is for spreadsheets: its texts are sheets.Guarded and cut at what a cell of Excel holds.
// Otherwise texts are exact, but for NUL and bytes that are no UTF-8, which become
// U+FFFD: no program reads them. Numbers are never touched.
type csvEncoder struct {
	out           io.Writer
	buf           []byte
	columns       int
	commas        int // in the row so far
	guarded       bool
	oneLine       bool           // line breaks within a text are spaces
	seen          *seenColumns   // nil: nobody asks
	layouts       map[int]string // of moments, by style
	err           error          // of out
	cut, replaced int
}

// begin starts a row; a file has no numbers of rows.
func (e *csvEncoder) begin(int) { e.commas = 0 }

// reach writes the separators up to a column.
func (e *csvEncoder) reach(column int) {
	for ; e.commas < column; e.commas++ {
		e.buf = append(e.buf, ',')
	}
}

func (e *csvEncoder) text(column, _ int, s string) {
	if s == "" {
		return
	}
	e.reach(column)
	if e.guarded {
		s = e.fit(sheets.Guarded(s))
	}
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, replacement), "\x00", replacement)
		e.replaced++
	}
	if e.oneLine {
		s = strings.ReplaceAll(onlyLineFeeds(s), "\n", " ")
	}
	e.seen.text(column, s)
	e.buf = appendField(e.buf, s)
}

// fit cuts and marks what a cell of Excel does not hold.
func (e *csvEncoder) fit(s string) string {
	if len(s) <= maxCell { // a text of no more bytes has no more units
		return s
	}
	short, cut := fitCell(s)
	if cut {
		e.cut++
	}
	return short
}

// appendField appends a text, in quotes if it needs them.
func appendField(buf []byte, s string) []byte {
	if !strings.ContainsAny(s, "\",\r\n\t;") && s[0] != ' ' && s[len(s)-1] != ' ' {
		return append(buf, s...)
	}
	buf = append(buf, '"')
	buf = append(buf, strings.ReplaceAll(s, `"`, `""`)...)
	return append(buf, '"')
}

func (e *csvEncoder) number(column, style int, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	e.reach(column)
	if layout, ok := e.layouts[style]; ok {
		e.seen.moment(column, layout)
		e.buf = moment(v).AppendFormat(e.buf, layout)
		return
	}
	e.seen.number(column, v)
	e.buf = strconv.AppendFloat(e.buf, v, 'f', -1, 64)
}

// moment is the clock's time that serial made a number of, to the second.
func moment(serial float64) time.Time {
	const days = 25569 // from 30 December 1899 to 1 January 1970
	return time.Unix(int64(math.Round((serial-days)*86400)), 0).UTC()
}

func (e *csvEncoder) end() error {
	e.reach(e.columns - 1)
	e.buf = append(e.buf, '\r', '\n')
	if len(e.buf) < flushAt {
		return e.err
	}
	return e.flush()
}

func (e *csvEncoder) flush() error {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.out.Write(e.buf)
	}
	e.buf = e.buf[:0]
	return e.err
}

func (e *csvEncoder) to(out io.Writer) { e.out = out }

func (e *csvEncoder) marked() (cut, replaced int) { return e.cut, e.replaced }

// separated is how separated values are written.
type separated struct {
	guarded bool // for spreadsheets
	// missing, if not nil, gives the number that stands for a reason why a variable
	// coded in numbers has no answer.
	missing func(v *variable, reason questionnaire.Missing) (float64, bool)
	reasons bool // a table of why answers are missing is wanted too
	oneLine bool // line breaks within texts are spaces: for programs that take each for a row
	codes   bool // no table in words
	json    bool // a JSON object a line instead
	seen    bool // what the columns hold is noted, see seenIn
}

// tables gathers the rows of m, which nothing has read yet.
func (s separated) tables(m Material) (*responses, error) {
	b := newBook(m.Data, m.Report) // for its styles: no workbook is made
	layouts := map[int]string{
		b.styles.id(lookDataNumber(asTime)): time.DateTime,
		b.styles.id(lookDataNumber(asDate)): time.DateOnly,
	}
	opt := m.Options
	opt.encode = func(columns []column) (encoder, error) { return s.encoder(columns, layouts), nil }
	x, err := newResponses(b, m.Data, m.Report, opt)
	if err != nil {
		return x, err
	}
	x.missing = s.missing
	if s.reasons {
		columns := append([]column{{head: x.meta[0].name}}, x.codeColumns()[len(x.meta):]...)
		x.reasons, err = newGrid("", "", columns, x.options)
	}
	return x, err
}

// encoder writes the rows of one table.
func (s separated) encoder(columns []column, layouts map[int]string) encoder {
	if s.json {
		return newJSONEncoder(columns, layouts)
	}
	e := &csvEncoder{columns: len(columns), guarded: s.guarded, oneLine: s.oneLine, layouts: layouts}
	if s.seen {
		e.seen = newSeenColumns(len(columns))
	}
	return e
}

// heading is the first line of a table, with the mark of a file for spreadsheets.
func (s separated) heading(columns []column) []byte {
	if s.json {
		return nil
	}
	e := csvEncoder{columns: len(columns), guarded: s.guarded}
	if s.guarded {
		e.buf = append(e.buf, bom...)
	}
	for i, c := range columns {
		e.text(i, 0, c.head)
	}
	_ = e.end() // a heading is too short to be written anywhere
	return e.buf
}

// list is a small table whole: a cell is a string, an int, a float64 or nil.
func (s separated) list(columns []column, rows [][]any) ([]byte, error) {
	var file bytes.Buffer
	file.Write(s.heading(columns))
	e := s.encoder(columns, nil)
	e.to(&file)
	for n, row := range rows {
		e.begin(n + 2)
		for i, cell := range row {
			switch v := cell.(type) {
			case nil:
			case int:
				e.number(i, 0, float64(v))
			case float64:
				e.number(i, 0, v)
			default:
				e.text(i, 0, fmt.Sprint(v))
			}
		}
		if err := e.end(); err != nil {
			return nil, err
		}
	}
	err := e.flush()
	return file.Bytes(), err
}

// writeOne writes one table straight to w: of labels or of codes.
func (s separated) writeOne(labels bool) func(context.Context, io.Writer, Material) error {
	return func(ctx context.Context, w io.Writer, m Material) error {
		x, err := s.tables(m)
		if x != nil {
			defer x.close()
		}
		if err != nil {
			return err
		}
		wanted, other := x.codes, x.labels
		if labels {
			wanted, other = other, wanted
		}
		if _, err := w.Write(s.heading(wanted.columns)); err != nil {
			return err
		}
		wanted.encoder.to(w)
		other.encoder.to(io.Discard)
		return x.read(ctx)
	}
}

// writeAll writes all tables of a strand as an archive.
func (s separated) writeAll(ctx context.Context, w io.Writer, m Material) error {
	return s.archive(ctx, w, m, func(x *responses, a *archive) error {
		return a.file("README.txt", []byte(windowsLines(s.readMe(x))))
	})
}

// archive reads everything and writes the tables, the codebook and what more adds.
func (s separated) archive(ctx context.Context, w io.Writer, m Material, more func(*responses, *archive) error) error {
	x, err := s.tables(m)
	if x != nil {
		defer x.close()
	}
	if err == nil {
		err = x.read(ctx)
	}
	if err != nil {
		return err
	}
	a := newArchive(w)
	if err := more(x, a); err != nil {
		return err
	}
	for _, t := range s.files(x) {
		if err := a.splice(s.fileName(t.name), s.heading(t.grid.columns), t.grid.sheets[0].spool); err != nil {
			return err
		}
	}
	codebook, err := s.list(codebookColumns(look{}), x.codebookRows())
	if err == nil {
		err = a.file(s.fileName("codebook"), codebook)
	}
	if err != nil {
		return err
	}
	return a.zip.Close()
}

// fileName is the name of a table's file.
func (s separated) fileName(table string) string {
	if s.json {
		return table + ".jsonl"
	}
	return table + ".csv"
}

// table is one file of an archive.
type table struct {
	name, about string
	grid        *grid
}

// files lists the tables that there are.
func (s separated) files(x *responses) []table {
	list := []table{{"responses_codes", "One row a response, in numbers and codes: for analysis programs.", x.codes}}
	if !s.codes {
		list = append(list, table{"responses_labels", "The same rows in the same order, in words.", x.labels})
	}
	if x.pairs.grid != nil {
		list = append(list, table{"matched_pairs", "One row a person: before, after and change of every measure.", x.pairs.grid})
	}
	if x.reasons != nil {
		list = append(list, table{"missing_reasons", "The same rows in the same order: for each variable of responses_codes why its answer is missing.", x.reasons})
	}
	return list
}

// archive is a zip being written.
type archive struct{ zip *zip.Writer }

func newArchive(w io.Writer) *archive {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, deflateLevel) })
	return &archive{z}
}

func (a *archive) file(name string, content []byte) error {
	part, err := a.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	return err
}

// splice adds rows that are compressed already.
func (a *archive) splice(name string, heading []byte, rows *spool) error {
	if err := splice(a.zip, name, heading, rows, nil); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

func windowsLines(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

// readMe says what is in the archive.
func (s separated) readMe(x *responses) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n%s\n\n", x.data.Programme.Name, x.data.Strand.Title, rowsWarning)
	for _, t := range s.files(x) {
		fmt.Fprintf(&b, "%s\n    %s\n", s.fileName(t.name), t.about)
	}
	fmt.Fprintf(&b, "%s\n    Every column of both: question, codes and their meanings, who answered.\n\n%s\n\n%s\n", s.fileName("codebook"), s.about(x), s.blanks(x))
	fmt.Fprintf(&b, "\nTimes are of %s. Open answers that nobody has read say %s, those that were not cleared %s.\n", x.zone, notYetRead, heldBack)
	return b.String()
}

const rowsWarning = "These files hold rows of people, and words that they wrote. They are for evaluators only."

// about says how the files are written.
func (s separated) about(x *responses) string {
	cut, replaced := x.labels.encoder.marked()
	if s.json {
		return "One JSON object a line, UTF-8: its names are the headings of the same tables as CSV. A cell that is blank has no member. report.json holds the figures."
	}
	if s.guarded {
		return GuardNote + " A cell of Excel holds 32,767 characters; " + counted(cut, "text was longer and is", "texts were longer and are") +
			" cut, which they say at their end. Excel reads 007 as 7 and has 1,048,576 rows: for such data use the workbook, or the CSV for analysis."
	}
	return "Comma-separated values as in RFC 4180, UTF-8 without a mark, lines end in CR LF. Texts are exactly as written, even where they begin with =, +, - or @: " +
		"do not open these files in a spreadsheet, which would take them for formulas; use the CSV for Excel, or the workbook. " +
		counted(replaced, "text had a character that no program reads; it is", "texts had characters that no program reads; they are") + " replaced by \ufffd."
}

// GuardNote documents the guard of files for spreadsheets.
const GuardNote = "Comma-separated values in UTF-8 with a mark by which Excel knows it. A text that begins with =, +, -, @, a tab or a line break has an apostrophe (') before it, " +
	"so that no spreadsheet runs it; take one away to have the text as it was written. Numbers are never touched. Reading such a file in as old data takes the apostrophe away by itself."

func (s separated) blanks(*responses) string {
	blank := "A cell of responses_codes that is blank means that there is no answer."
	if s.reasons {
		return blank + " missing_reasons says why: not_asked, not_reached (asked, and passed over), declined, dont_know, withdrawn, illegible or ambiguous (on paper), withheld (waits with the safeguarding lead)."
	}
	return blank + " The codebook counts why."
}

// csvFormats are the formats of separated values.
func csvFormats() []Format {
	excel, exact := separated{guarded: true}, separated{reasons: true}
	return []Format{
		{"csv-excel.zip", "CSV for Excel", "Responses in words and in codes, matched pairs and codebook, for Excel and other spreadsheets: texts that could be taken for formulas have an apostrophe before them.", "zip", "application/zip", true, excel.writeAll},
		{"labels.csv", "CSV for Excel, one file", "One row a response in words, as one file; texts that could be taken for formulas have an apostrophe before them.", "csv", csvType, true, excel.writeOne(true)},
		{"csv.zip", "CSV for analysis", "Responses in codes and in words, why answers are missing, matched pairs and codebook, exactly as written: not to be opened in a spreadsheet.", "zip", "application/zip", true, exact.writeAll},
		{"codes.csv", "CSV for analysis, one file", "One row a response in codes, as one file, exactly as written: not to be opened in a spreadsheet.", "csv", csvType, true, separated{}.writeOne(false)},
	}
}

const csvType = "text/csv; charset=utf-8"
