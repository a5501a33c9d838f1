package sheets_test

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"soundings/surveys/sheets"
)

// read reads all of a table, or the key of what is refused.
func read(data []byte, name string) ([]sheets.Row, string) {
	table, err := sheets.Open(bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		return nil, keyOf(err)
	}
	var rows []sheets.Row
	for row, err := range table.Rows() {
		if err != nil {
			return rows, keyOf(err)
		}
		rows = append(rows, row)
	}
	return rows, ""
}

func keyOf(err error) string {
	var refused *sheets.Error
	if errors.As(err, &refused) {
		return refused.Key
	}
	return "not an Error: " + err.Error()
}

func TestSeparatedValues(t *testing.T) {
	t.Parallel()
	want := []sheets.Row{{1, []string{"id", "calm", "why"}}, {2, []string{"a1", "4", "più; \"bene\", è"}}, {4, []string{"a2", "", "two\nlines"}}}
	plain := "id,calm,why\na1,4,\"più; \"\"bene\"\", è\"\n\na2,,\"two\nlines\"\n"
	windows, _ := charmap.Windows1252.NewEncoder().String(plain)
	little, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	big, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(plain)
	bare, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(plain)
	for name, data := range map[string]string{
		"UTF-8":                  plain,
		"no last line end":       strings.TrimSuffix(plain, "\n"),
		"byte order mark":        "\xEF\xBB\xBF" + plain,
		"Windows-1252":           windows,
		"UTF-16 little":          little,
		"UTF-16 big":             big,
		"UTF-16 without a mark":  bare,
		"CRLF":                   strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":                     strings.ReplaceAll(plain, "\n", "\r"),
		"semicolons":             "id;calm;why\na1;4;\"più; \"\"bene\"\", è\"\n\na2;;\"two\nlines\"\n",
		"tabs":                   "id\tcalm\twhy\na1\t4\tpiù; \"bene\", è\n\na2\t\t\"two\nlines\"",
		"blanks around":          " id , calm,why \n a1,4 , \"più; \"\"bene\"\", è\"\n\na2,\u00a0,\"two\nlines\",,,\n",
		"letters far apart only": plain,
	} {
		got, key := read([]byte(data), "answers.csv")
		if diff := cmp.Diff(want, got); diff != "" || key != "" {
			t.Errorf("%s: %s %s", name, key, diff)
		}
	}
}

func TestDelimiterIsFoundOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		data string
		want rune
	}{
		"a title above":                       {"Answers of 2024, all schools\nid;calm;why\n1;2;a, b\n2;3;c, d", ';'},
		"said by Excel":                       {"sep=|\nid|calm,why\n1|2", '|'},
		"commas in text":                      {"id\twhy\n1\ta, b, c\n2\td", '\t'},
		"one column":                          {"id\n1\n2", ','},
		"decimal commas":                      {"id;a;b\n1;2,5;3\n2;3,5;4", ';'},
		"days with commas, values over lines": {"id;day;places;day;places\np0;January 13, 2024;\"home\npark\";May 2, 2024;\"home\npark\"\np1;January 13, 2024;\"home\npark\";May 2, 2024;\"home\npark\"\np2;January 13, 2024;\"home\npark\";May 2, 2024;\"home\npark\"\n", ';'},
		"quoted delimiter":                    {"id,why\n1,\"a;b;c\"\n2,\"a;b;c\"", ','},
	} {
		table, err := sheets.Open(strings.NewReader(tt.data), int64(len(tt.data)), "x.csv")
		if err != nil || table.Delimiter != tt.want {
			t.Errorf("%s: %v %q, want %q", name, err, table.Delimiter, tt.want)
		}
	}
	got, _ := read([]byte("sep=;\r\nid;calm\r\n1;2\r\n"), "x.csv")
	if diff := cmp.Diff([]sheets.Row{{2, []string{"id", "calm"}}, {3, []string{"1", "2"}}}, got); diff != "" {
		t.Errorf("Excel's line about the delimiter: %s", diff)
	}
}

// part is one file of a workbook.
type part struct{ name, text string }

func workbook(parts ...part) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, p := range append([]part{
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships>
			<Relationship Id="a" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
			<Relationship Id="b" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
			<Relationship Id="s" Type="http://x/styles" Target="styles.xml"/>
			<Relationship Id="t" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Empty" r:id="a"/><sheet name="Answers" r:id="b"/></sheets></workbook>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="165" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>id</t></si><si><r><t>ca</t></r><r><t xml:space="preserve">lm </t></r><rPh><t>kana</t></rPh></si></sst>`},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="3"><c r="A3" s="1"/></row></sheetData></worksheet>`},
	}, parts...) {
		if slices.ContainsFunc(parts, func(other part) bool { return other.name == p.name && other != p }) {
			continue
		}
		w, _ := archive.Create(p.name)
		io.WriteString(w, p.text)
	}
	archive.Close()
	return out.Bytes()
}

func sheet(rows string) part {
	return part{"xl/worksheets/sheet2.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`}
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	got, key := read(workbook(sheet(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
		<row r="2"/>
		<row r="7" spans="1:9"><c><v>1.0</v></c><c><v>0.30000000000000004</v></c><c r="E7" s="1"><v>45292</v></c><c r="F7" s="2"><v>45292.5</v></c>
			<c r="G7" s="3"><v>0.25</v></c><c r="H7" t="b"><v>1</v></c><c r="I7" t="inlineStr"><is><t>a_x000D_b &amp; c</t></is></c>
			<c r="J7" t="str"><f>A1&amp;"x"</f><v>idx</v></c><c r="K7" t="d"><v>2024-02-29T00:00:00</v></c><c r="L7" s="1"/></row>`)), "a.xlsx")
	want := []sheets.Row{{1, []string{"id", "", "calm"}}, {7, []string{"1", "0.3", "", "", "2024-01-01", "2024-01-01 12:00:00", "06:00:00", "TRUE", "a\nb & c", "idx", "2024-02-29"}}}
	if diff := cmp.Diff(want, got); diff != "" || key != "" {
		t.Errorf("%s %s", key, diff)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	data := workbook(sheet(`<row><c><v>1</v></c></row>`))
	table, err := sheets.Open(bytes.NewReader(data), int64(len(data)), "a.xlsx")
	if err != nil || table.Sheet != "Answers" {
		t.Fatalf("%v: the first sheet that has rows is %q", err, table.Sheet)
	}
	if err := table.Choose("empty"); err != nil || table.Sheet != "Empty" {
		t.Errorf("%v: sheet %q", err, table.Sheet)
	}
	if err := table.Choose("gone"); keyOf(err) != "sheets.no_sheet" {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 130<<10)
	noise := make([]byte, 10<<10)
	rand.NewChaCha8([32]byte{}).Read(noise)
	block := hex.EncodeToString(noise)
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":             {nil, "sheets.empty"},
		"blank lines":         {[]byte("\n\n\r\n"), ""},
		"old Excel":           {[]byte("\xD0\xCF\x11\xE0 and more"), "sheets.old_excel"},
		"a page":              {[]byte("\n<HTML><table>"), "sheets.no_table"},
		"binary":              {append(bytes.Repeat([]byte("text "), 2000), 0, 1, 2), "sheets.no_table"},
		"another archive":     {zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "sheets.not_xlsx"},
		"half an archive":     {workbook(sheet(`<row><c><v>1</v></c></row>`))[:900], "sheets.damaged"},
		"no rows":             {workbook(sheet("")), "sheets.empty"},
		"a cell out of place": {workbook(sheet(`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`)), "sheets.damaged"},
		"rows backwards":      {workbook(sheet(`<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>`)), "sheets.damaged"},
		"column ZZZ":          {workbook(sheet(`<row r="1"><c r="ZZZ1"><v>1</v></c></row>`)), "sheets.damaged"},
		"no such text":        {workbook(sheet(`<row r="1"><c t="s"><v>99</v></c></row>`)), "sheets.damaged"},
		"cut short":           {workbook(part{"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row r="1"><c><v>1`}), "sheets.damaged"},
		"a long cell":         {[]byte("a,b\n1,\"" + long + "\""), "sheets.cell_too_long"},
		"a long cell in xlsx": {workbook(sheet(`<row r="1"><c r="B1" t="str"><v>` + long + `</v></c></row>`)), "sheets.cell_too_long"},
		"a quote left open":   {[]byte("a,b\n1,\"" + strings.Repeat("x,y\n", 200_000)), "sheets.cell_too_long"},
		"a million columns":   {[]byte(strings.Repeat("a,", 1_000_000)), "sheets.too_many_columns"},
		"a bomb":              {workbook(sheet(`<row r="1"><c t="str"><v>1</v></c></row>` + strings.Repeat("<row><c/><c/></row>", 1<<19))), "sheets.too_large"},
		"a bomb of one cell":  {workbook(sheet(`<row r="1"><c t="str"><v>` + strings.Repeat("x", 9<<20) + `</v></c></row>`)), "sheets.too_large"},
		"a bomb of texts":     {workbook(sheet(`<row r="1"><c><v>1</v></c></row>`), part{"xl/sharedStrings.xml", "<sst>" + strings.Repeat("<si><t>"+strings.Repeat(block, 48)+"</t></si>", 80) + "</sst>"}), "sheets.texts_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, key := read(tt.data, "a.xlsx"); key != tt.want {
				t.Errorf("refused as %q, want %q", key, tt.want)
			}
		})
	}
}

// TestOnePartManyTimes refuses a small workbook of which each sheet, or each list of
// formats, is one and the same long part.
func TestOnePartManyTimes(t *testing.T) {
	t.Parallel()
	long := "<worksheet>" + strings.Repeat("<x/><!-- "+strings.Repeat("x", 2000)+" -->", 3500) + "</worksheet>" // 7 MB, packed to 30 kB
	for kind, tab := range map[string]string{"worksheet": `<sheet name="%[1]d" r:id="i%[1]d"/>`, "styles": ""} {
		var relations, tabs strings.Builder
		for i := range 150 {
			fmt.Fprintf(&relations, `<Relationship Id="i%d" Type="http://x/%s" Target="long.xml"/>`, i, kind)
			if tab != "" {
				fmt.Fprintf(&tabs, tab, i)
			}
		}
		data := workbook(part{"xl/_rels/workbook.xml.rels", `<Relationships>` + relations.String() + `</Relationships>`},
			part{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets>` + tabs.String() + `</sheets></workbook>`}, part{"xl/long.xml", long})
		if _, key := read(data, "a.xlsx"); key != "sheets.too_large" {
			t.Errorf("%s: %d kB are refused as %q, want as too large", kind, len(data)>>10, key)
		}
	}
}

func zipped(name, text string) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	w, _ := archive.Create(name)
	io.WriteString(w, text)
	archive.Close()
	return out.Bytes()
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for column, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", 16_384: "XFD"} {
		if got := sheets.ColumnName(column); got != want {
			t.Errorf("column %d is %q, want %q", column, got, want)
		}
	}
	if got := sheets.Place(17, 6); got != "row 17, column F" {
		t.Errorf("Place = %q", got)
	}
	_, err := readAll([]byte("a,b\n1," + strings.Repeat("x", 140<<10)))
	var refused *sheets.Error
	if !errors.As(err, &refused) || refused.Row != 2 || refused.Column != 2 {
		t.Errorf("a long cell is refused at %+v", refused)
	}
}

func readAll(data []byte) (n int, err error) {
	table, err := sheets.Open(bytes.NewReader(data), int64(len(data)), "a.csv")
	if err != nil {
		return 0, err
	}
	for _, err := range table.Rows() {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// FuzzTable: no file breaks the reader, and what it yields is within the limits.
func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n1,\"2\n3\"\n"))
	f.Add([]byte("\xFF\xFEa\x00;\x00b\x00"))
	f.Add([]byte("sep=;\na;b"))
	f.Add(workbook(sheet(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" s="2"><v>45292.5</v></c></row>`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := sheets.Open(bytes.NewReader(data), int64(len(data)), "x")
		if err != nil {
			keyMust(t, err)
			return
		}
		last := 0
		for row, err := range table.Rows() {
			if err != nil {
				keyMust(t, err)
				return
			}
			if row.Number <= last || len(row.Cells) == 0 || row.Cells[len(row.Cells)-1] == "" {
				t.Fatalf("row %+v after row %d", row, last)
			}
			last = row.Number
		}
	})
}

func keyMust(t *testing.T, err error) {
	var refused *sheets.Error
	if !errors.As(err, &refused) || refused.Key == "" {
		t.Fatalf("not an Error: %v", err)
	}
}

// BenchmarkRows reads 100,000 rows of 40 columns. Budget: heap within 100 MB,
// whatever the rows.
func BenchmarkRows(b *testing.B) {
	for _, kind := range []string{"csv", "xlsx"} {
		b.Run(kind, func(b *testing.B) {
			file := large(b, kind)
			defer file.Close()
			info, _ := file.Stat()
			for b.Loop() {
				table, err := sheets.Open(file, info.Size(), kind)
				if err != nil {
					b.Fatal(err)
				}
				rows, peak := 0, uint64(0)
				for _, err := range table.Rows() {
					if err != nil {
						b.Fatal(err)
					}
					if rows++; rows%10_000 == 0 {
						var memory runtime.MemStats
						runtime.ReadMemStats(&memory)
						peak = max(peak, memory.HeapAlloc)
					}
				}
				b.ReportMetric(float64(peak)/1e6, "MB-heap")
				b.ReportMetric(float64(rows), "rows")
			}
		})
	}
}

// large writes a table of 100,000 rows and 40 columns to a file.
func large(b *testing.B, kind string) *os.File {
	path := filepath.Join(b.TempDir(), "large."+kind)
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	const rows, columns = 100_000, 40
	if kind == "csv" {
		for i := range rows {
			fmt.Fprintf(file, "person%d%s\n", i, strings.Repeat(",4", columns-1))
		}
		return file
	}
	var shared, cells strings.Builder
	shared.WriteString("<sst>")
	cells.WriteString("<worksheet><sheetData>")
	for i := range rows {
		fmt.Fprintf(&shared, "<si><t>person%d writes a sentence of some length here</t></si>", i)
		fmt.Fprintf(&cells, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c>`, i+1, i+1, i)
		for c := range columns - 1 {
			fmt.Fprintf(&cells, `<c r="%s%d"><v>%d</v></c>`, sheets.ColumnName(c+2), i+1, (i+c)%5)
		}
		cells.WriteString("</row>")
	}
	shared.WriteString("</sst>")
	cells.WriteString("</sheetData></worksheet>")
	file.Write(workbook(part{"xl/worksheets/sheet2.xml", cells.String()}, part{"xl/sharedStrings.xml", shared.String()}))
	return file
}
