package exports

import (
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// maxCell is how much text a cell of Excel holds, in UTF-16 units.
const maxCell = 32767

// cutMark ends a text that was longer than maxCell.
const cutMark = " [cut here: a cell holds no more]"

// flushAt is how many bytes of rows are encoded before they are handed on.
const flushAt = 64 << 10

// rowEncoder writes rows of a worksheet as SpreadsheetML. Cells are added from
// left to right; a cell that is not added is blank. What cannot be in a cell is
// replaced and counted, never dropped in silence.
type rowEncoder struct {
	out      io.Writer
	buf      []byte
	refs     []string // `<c r="AN` by column, from 0
	digits   []byte   // number of the row
	err      error    // of out; nothing is written after it
	cut      int      // texts cut at maxCell
	replaced int      // texts with a character that XML does not allow
}

func newRowEncoder(out io.Writer, columns int) (*rowEncoder, error) {
	e := &rowEncoder{out: out, refs: make([]string, columns)}
	for i := range e.refs {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		e.refs[i] = `<c r="` + name
	}
	return e, nil
}

// begin starts row number, from 1.
func (e *rowEncoder) begin(number int) {
	e.digits = strconv.AppendInt(e.digits[:0], int64(number), 10)
	e.buf = append(e.buf, `<row r="`...)
	e.buf = append(e.buf, e.digits...)
	e.buf = append(e.buf, `">`...)
}

// end ends the row.
func (e *rowEncoder) end() error {
	e.buf = append(e.buf, `</row>`...)
	if len(e.buf) < flushAt {
		return e.err
	}
	return e.flush()
}

func (e *rowEncoder) to(out io.Writer) { e.out = out }

func (e *rowEncoder) marked() (cut, replaced int) { return e.cut, e.replaced }

// flush hands on what was encoded.
func (e *rowEncoder) flush() error {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.out.Write(e.buf)
	}
	e.buf = e.buf[:0]
	return e.err
}

func (e *rowEncoder) open(column, style int) {
	e.buf = append(e.buf, e.refs[column]...)
	e.buf = append(e.buf, e.digits...)
	e.buf = append(e.buf, `" s="`...)
	e.buf = strconv.AppendInt(e.buf, int64(style), 10)
}

// number adds a number. A number that is not finite has no cell.
func (e *rowEncoder) number(column, style int, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	e.open(column, style)
	e.buf = append(e.buf, `"><v>`...)
	if whole := int64(v); float64(whole) == v && math.Abs(v) < 1e15 {
		e.buf = strconv.AppendInt(e.buf, whole, 10)
	} else {
		e.buf = strconv.AppendFloat(e.buf, v, 'f', -1, 64)
	}
	e.buf = append(e.buf, `</v></c>`...)
}

// text adds a text as an inline string, which no program takes for a formula.
// Empty text has no cell.
func (e *rowEncoder) text(column, style int, s string) {
	if s == "" {
		return
	}
	e.open(column, style)
	e.buf = append(e.buf, `" t="inlineStr"><is><t`...)
	if outerSpace(s) {
		e.buf = append(e.buf, ` xml:space="preserve"`...)
	}
	e.buf = append(e.buf, '>')
	if len(s) > maxCell { // a text of no more bytes has no more units
		s = e.fit(s)
	}
	var replaced bool
	e.buf, replaced = appendText(e.buf, s)
	if replaced {
		e.replaced++
	}
	e.buf = append(e.buf, `</t></is></c>`...)
}

func outerSpace(s string) bool {
	return s[0] <= ' ' || s[len(s)-1] <= ' '
}

// fit returns s cut and marked if it is longer than a cell.
func (e *rowEncoder) fit(s string) string {
	short, cut := fitCell(s)
	if cut {
		e.cut++
	}
	return short
}

// fitCell returns s, or as many whole characters of it as leave room for cutMark.
func fitCell(s string) (string, bool) {
	s = onlyLineFeeds(s)
	units, room := 0, 0
	for i, r := range s {
		if units <= maxCell-len(cutMark) {
			room = i
		}
		if units++; r > 0xffff {
			units++
		}
		if units > maxCell {
			return s[:room] + cutMark, true
		}
	}
	return s, false
}

// onlyLineFeeds writes every line break as \n: a carriage return in a cell is
// shown by some programs and dropped by others.
func onlyLineFeeds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// special marks the bytes that appendText cannot copy unseen.
var special = func() (set [256]bool) {
	for b := range set {
		set[b] = b >= utf8.RuneSelf || b < ' ' && b != '\t' && b != '\n' || strings.IndexByte("&<>_", byte(b)) >= 0
	}
	return set
}()

// replacement stands for what XML does not allow.
const replacement = "\uFFFD"

// appendText appends s as the content of an element: & < > escaped, line breaks
// as \n, a literal _xHHHH_ protected, and what XML does not allow (control
// characters, U+FFFE, U+FFFF, invalid UTF-8) replaced by U+FFFD.
func appendText(buf []byte, s string) (_ []byte, replaced bool) {
	from := 0 // s[from:i] is not yet appended
	for i := 0; i < len(s); {
		if !special[s[i]] {
			i++
			continue
		}
		with, size := instead(s[i:])
		if with != "" {
			buf = append(append(buf, s[from:i]...), with...)
			from = i + size
			replaced = replaced || with == replacement
		}
		i += size
	}
	return append(buf, s[from:]...), replaced
}

// instead returns what to write for the first size bytes of s, "" to keep them.
func instead(s string) (with string, size int) {
	switch c := s[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '_' && startsEscape(s):
		return "_x005F_", 1
	case c == '_':
		return "", 1
	case c == '\r' && len(s) > 1 && s[1] == '\n':
		return "\n", 2
	case c == '\r':
		return "\n", 1
	case c < ' ':
		return replacement, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 || r == 0xfffe || r == 0xffff {
		return replacement, size
	}
	return "", size
}

// startsEscape reports whether s begins with _xHHHH_, which stands for one
// character in a cell.
func startsEscape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
