package exports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// naughty are texts that spreadsheets, XML and people trip over.
var naughty = []string{
	"=1+1", "+44 20 7946 0000", "-", "-1+1", "@SUM(1)", "\tTab", " space ", `=HYPERLINK("http://x","y")`, `"quotes" and 'quotes'`,
	"two\r\nlines", "old\rMac", "new\nline", "🙂👨‍👩‍👧", "أشعر بالهدوء", "a\x00b\x0bc", "\ufffe\uffff", "\xff\xfe", "_x0041_", "_x005F_x0041_", "__x0041__",
	"_xD800_", "_x000a_", "&amp; <b>&</b> ]]>", "007", "1e5", "TRUE", "2026-01-02", "#DIV/0!", strings.Repeat("ä", 40000), strings.Repeat("🙂", 20000), "\ufeffBOM",
}

// kept is what a cell may hold of s, said in another way than the encoder does it.
func kept(s string) string {
	s, _ = fitCell(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff || r == utf8.RuneError && size == 1 {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// cellText reads one encoded cell as a spreadsheet program does.
func cellText(t testing.TB, encoded []byte) string {
	t.Helper()
	var row struct {
		Cells []struct {
			Type string `xml:"t,attr"`
			Text string `xml:"is>t"`
		} `xml:"c"`
	}
	if err := xml.Unmarshal(encoded, &row); err != nil {
		t.Fatalf("not XML: %v\n%s", err, encoded)
	}
	if len(row.Cells) != 1 || row.Cells[0].Type != "inlineStr" {
		t.Fatalf("want one inline string, got %+v", row.Cells)
	}
	return escaped.ReplaceAllStringFunc(row.Cells[0].Text, func(e string) string {
		code, _ := strconv.ParseUint(e[2:6], 16, 16)
		return string(rune(code))
	})
}

func encodeOne(t testing.TB, s string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	e, err := newRowEncoder(&out, 1)
	if err != nil {
		t.Fatal(err)
	}
	e.begin(1)
	e.text(0, 3, s)
	if err := e.end(); err != nil {
		t.Fatal(err)
	}
	if err := e.flush(); err != nil {
		t.Fatal(err)
	}
	return &out
}

func FuzzCell(f *testing.F) {
	for _, s := range naughty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" {
			return
		}
		got := cellText(t, encodeOne(t, s).Bytes())
		if got != kept(s) {
			t.Errorf("read back %q, want %q", got, kept(s))
		}
		if n := len(utf16.Encode([]rune(got))); n > maxCell {
			t.Errorf("%d units in a cell", n)
		}
	})
}

func TestTextIsMarkedWhereItIsCut(t *testing.T) {
	for _, s := range []string{strings.Repeat("x", maxCell), strings.Repeat("x", maxCell+1), strings.Repeat("🙂", maxCell)} {
		got := cellText(t, encodeOne(t, s).Bytes())
		if cut := len(utf16.Encode([]rune(s))) > maxCell; strings.HasSuffix(got, cutMark) != cut {
			t.Errorf("%d bytes end with %q", len(s), got[len(got)-40:])
		}
		if len(utf16.Encode([]rune(got))) > maxCell || !utf8.ValidString(got) {
			t.Errorf("%d bytes gave %d, not whole characters within a cell", len(s), len(got))
		}
	}
}

// anyText draws texts as people write them, and as nobody should.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom(naughty), rapid.StringMatching(`[=+@\t _x0-9A-F-]{0,20}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 20), func(b []byte) string { return string(b) }))
}

// TestRowsAreThoseOfStreamWriter writes the same cells with excelize's own
// StreamWriter and with the splice, and reads both back.
func TestRowsAreThoseOfStreamWriter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const columns = 4
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.OneOf(
			rapid.Map(anyText(), func(s string) any { return strings.ReplaceAll(s, "_xD", "_xE") }), // of which excelize drops half a surrogate
			rapid.Map(rapid.Float64Range(-1e12, 1e12), twelveDigits),
			rapid.Map(rapid.IntRange(-1000, 1000), func(v int) any { return float64(v) }),
			rapid.Just[any](nil)), columns, columns), 0, 8).Draw(rt, "rows")
		mine, theirs := readCells(t, spliced(t, rows, columns)), readCells(t, streamed(t, rows, columns))
		if fmt.Sprint(mine) != fmt.Sprint(theirs) {
			rt.Fatalf("spliced %q\nstreamed %q", mine, theirs)
		}
	})
}

// twelveDigits is v as far as readCells compares: excelize writes 15 digits, and
// of a number half-way between two of 12 those may read as the other one.
func twelveDigits(v float64) any {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		panic(err) // what FormatFloat wrote
	}
	return short
}

// spliced is a workbook whose rows are ours.
func spliced(t testing.TB, rows [][]any, columns int) []byte {
	t.Helper()
	f := excelize.NewFile()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.SetRow("A1", []any{"head"}); err != nil {
		t.Fatal(err)
	}
	if err := stream.Flush(); err != nil {
		t.Fatal(err)
	}
	kept, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	e, err := newRowEncoder(kept, columns)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		e.begin(i + 2)
		for j, v := range row {
			switch v := v.(type) {
			case string:
				e.text(j, 0, v)
			case float64:
				e.number(j, 0, v)
			}
		}
		if err := e.end(); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.flush(); err != nil {
		t.Fatal(err)
	}
	if err := kept.seal(); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	b := &book{file: f, rows: map[string]*spool{"xl/worksheets/sheet1.xml": kept}}
	parts := newPacker(b.rows)
	f.SetZipWriter(parts.asZipWriter)
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := parts.writeTo(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// streamed is the same by excelize alone, which cuts without a mark and keeps \r.
func streamed(t testing.TB, rows [][]any, columns int) []byte {
	t.Helper()
	f := excelize.NewFile()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.SetRow("A1", []any{"head"})
	for i, row := range rows {
		cells := make([]any, columns)
		for j, v := range row {
			if s, ok := v.(string); ok && s != "" {
				v, _ = fitCell(onlyLineFeeds(s))
			}
			if v != "" {
				cells[j] = v
			}
		}
		if err := stream.SetRow(fmt.Sprint("A", i+2), cells); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := stream.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// readCells reads types and values; numbers to 12 digits, for excelize cuts them at 15.
func readCells(t testing.TB, file []byte) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for i, row := range rows {
		for j, value := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			kind, _ := f.GetCellType("Sheet1", name)
			if v, err := strconv.ParseFloat(value, 64); err == nil && v == 0 && kind != excelize.CellTypeInlineString {
				value = "0" // excelize keeps the sign of -0
			} else if err == nil && kind != excelize.CellTypeInlineString {
				value = strconv.FormatFloat(v, 'g', 12, 64)
			}
			if value != "" {
				cells[name] = fmt.Sprintf("%d %s", kind, value)
			}
		}
	}
	return cells
}

func TestNumberHasNoCellUnlessFinite(t *testing.T) {
	var out bytes.Buffer
	e, _ := newRowEncoder(&out, 3)
	e.begin(1)
	e.number(0, 1, math.NaN())
	e.number(1, 1, math.Inf(-1))
	e.number(2, 1, -0.5)
	_ = e.end()
	_ = e.flush()
	if want := `<row r="1"><c r="C1" s="1"><v>-0.5</v></c></row>`; out.String() != want {
		t.Errorf("got %s, want %s", out.String(), want)
	}
}

func TestSpoolInAFile(t *testing.T) {
	folder := t.TempDir()
	s, err := newSpool(folder)
	if err != nil {
		t.Fatal(err)
	}
	noise := rapid.SliceOfN(rapid.Byte(), 1<<16, 1<<16).Example(1)
	for i := range 3 * spoolInMemory / len(noise) {
		noise[i%len(noise)]++
		mixed := make([]byte, len(noise))
		for j := range mixed {
			mixed[j] = noise[j] ^ byte(j*i>>3) ^ byte(i*7919>>(j%8))
		}
		if _, err := s.Write(mixed); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.seal(); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := s.copyTo(&packed); err != nil || int64(packed.Len()) != s.packed || s.file == nil {
		t.Errorf("copied %d of %d bytes, file %v: %v", packed.Len(), s.packed, s.file != nil, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestJoinedSum(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.SliceOf(rapid.Byte()).Draw(rt, "a"), rapid.SliceOf(rapid.Byte()).Draw(rt, "b")
		if got, want := joinedSum(sum(a), sum(b), int64(len(b))), sum(append(a, b...)); got != want {
			rt.Errorf("joinedSum = %08x, want %08x", got, want)
		}
	})
}

func sum(data []byte) uint32 { return crc32.ChecksumIEEE(data) }
