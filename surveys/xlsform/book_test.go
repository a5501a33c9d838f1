package xlsform_test

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/xlsform"
)

func TestReadBook_Cells(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/><numFmt numFmtId="171" formatCode="&quot;TRUE&quot;;&quot;TRUE&quot;;&quot;FALSE&quot;"/><numFmt numFmtId="172" formatCode="0.00 &quot;days&quot;"/><numFmt numFmtId="173" formatCode="[h]:mm:ss"/></numFmts>
		<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="21"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="173"/></cellXfs></styleSheet>`
	shared := `<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>reading</t></rPh></si></sst>`
	for _, c := range []struct{ name, cell, want string }{
		{"whole number", `<c><v>5.0</v></c>`, "5"},
		{"fraction", `<c><v>0.10000000000000001</v></c>`, "0.1"},
		{"large number", `<c><v>1.5E+15</v></c>`, "1500000000000000"},
		{"number in words", `<c s="5"><v>2</v></c>`, "2"},
		{"boolean", `<c t="b"><v>1</v></c>`, "TRUE"},
		{"boolean of LibreOffice", `<c s="4"><v>0</v></c>`, "FALSE"},
		{"date", `<c s="1"><v>46088</v></c>`, "2026-03-07 00:00:00"},
		{"date and time", `<c s="3"><v>46088.5</v></c>`, "2026-03-07 12:00:00"},
		{"date before the day that never was", `<c s="1"><v>59</v></c>`, "1900-02-28 00:00:00"},
		{"time", `<c s="2"><v>0.39583333333333331</v></c>`, "09:30:00"},
		{"length of time", `<c s="6"><v>1.25</v></c>`, "06:00:00"},
		{"ISO date", `<c t="d"><v>2026-03-07T09:30:00</v></c>`, "2026-03-07 09:30:00"},
		{"shared", `<c t="s"><v>0</v></c>`, "plain"},
		{"rich with a reading", `<c t="s"><v>1</v></c>`, "rich text"},
		{"formula", `<c t="str"><f>A1&amp;"x"</f><v>worked out</v></c>`, "worked out"},
		{"error", `<c t="e"><v>#REF!</v></c>`, "#REF!"},
		{"blanks and no-break spaces", "<c t=\"inlineStr\"><is><t> a\u00a0b </t></is></c>", "a b"},
		{"line ends", `<c t="inlineStr"><is><t>a_x000D_b</t></is></c>`, "a\nb"},
		{"escaped escape", `<c t="inlineStr"><is><t>_x005F_x000D_</t></is></c>`, "_x000D_"},
		{"prefixed tags", `<x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>`, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := zipped(map[string]string{"xl/styles.xml": styles, "xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheetOf("<row>" + c.cell + "</row>")}, "s")
			book, err := xlsform.ReadBook(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := book.Sheet("S").Text(1, 1); got != c.want {
				t.Errorf("the cell reads %q, want %q", got, c.want)
			}
		})
	}
}

func TestReadBook_Places(t *testing.T) {
	data := zipped(map[string]string{"xl/worksheets/sheet1.xml": sheetOf(
		`<row r="3"><c r="AB3"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row><row r="2"><c r="B2"><v>4</v></c></row><row r="9"/>`)}, "s")
	book, err := xlsform.ReadBook(data)
	if err != nil {
		t.Fatal(err)
	}
	want := []xlsform.Row{{Number: 2, Cells: []xlsform.Cell{{Column: 2, Text: "4"}}},
		{Number: 3, Cells: []xlsform.Cell{{Column: 28, Text: "1"}, {Column: 29, Text: "2"}}}, {Number: 4, Cells: []xlsform.Cell{{Column: 1, Text: "3"}}}}
	if diff := cmp.Diff(want, book.Sheets[0].Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// hostile are files that want to be taken for a workbook or to use up memory.
func hostile() map[string]struct {
	data []byte
	want xlsform.Code
} {
	sheet := func(text string) map[string]string { return map[string]string{"xl/worksheets/sheet1.xml": text} }
	good := made("# survey\n|type|name|\n|text|a|")
	many := map[string]string{}
	for i := range 2_100 {
		many[strings.Repeat("x", i%50)+string(rune('a'+i%26))+strings.Repeat("y", i/50)] = "x"
	}
	lying := []byte(string(good))
	for i := 0; i+30 < len(lying); i++ { // the size that the directory tells of each part
		if string(lying[i:i+4]) == "PK\x01\x02" {
			copy(lying[i+24:i+28], []byte{1, 0, 0, 0})
		}
	}
	row := `<row><c><v>1</v></c></row>`
	cases := map[string]struct {
		data []byte
		want xlsform.Code
	}{
		"empty":                  {nil, xlsform.FileEmpty},
		"too long":               {append([]byte("PK"), make([]byte, 11<<20)...), xlsform.FileTooLarge},
		"web page":               {[]byte("  <html><table>"), xlsform.FileFormat},
		"picture":                {[]byte("\x89PNG\r\n"), xlsform.FileFormat},
		"old Excel":              {[]byte("\xD0\xCF\x11\xE0...W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00"), xlsform.FileXLS},
		"protected":              {[]byte("\xD0\xCF\x11\xE0...E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), xlsform.FileEncrypted},
		"cut short":              {good[:len(good)/2], xlsform.FileCorrupt},
		"some other zip":         {zipped(map[string]string{"[Content_Types].xml": "-"}), xlsform.FileFormat},
		"macros":                 {zipped(map[string]string{"xl/vbaProject.bin": "x"}, "s"), xlsform.FileMacro},
		"macro type":             {zipped(map[string]string{"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`}, "s"), xlsform.FileMacro},
		"sheet missing":          {zipped(nil, "s"), xlsform.FileCorrupt},
		"entities":               {zipped(sheet(`<!DOCTYPE a [<!ENTITY b "bb">]><worksheet>&b;</worksheet>`), "s"), xlsform.FileCorrupt},
		"unknown entity":         {zipped(sheet(`<worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`), "s"), xlsform.FileCorrupt},
		"text that is not there": {zipped(sheet(sheetOf(`<row><c t="s"><v>7</v></c></row>`)), "s"), xlsform.FileCorrupt},
		"cell outside":           {zipped(sheet(sheetOf(`<row><c r="ZZZ1"><v>7</v></c></row>`)), "s"), xlsform.FileCorrupt},
		"row outside":            {zipped(sheet(sheetOf(`<row r="99999999"><c><v>7</v></c></row>`)), "s"), xlsform.FileCorrupt},
		"end in a cell":          {zipped(sheet(`<worksheet><sheetData><row><c><v>7`), "s"), xlsform.FileCorrupt},
		"lying sizes":            {lying, xlsform.FileCorrupt},
		"many entries":           {zipped(many, "s"), xlsform.FileTooLarge},
		"bomb of blanks":         {zipped(sheet("<worksheet>"+strings.Repeat(" ", 70<<20)+"</worksheet>"), "s"), xlsform.FileTooLarge},
		"bomb of empty rows":     {zipped(sheet(sheetOf(strings.Repeat("<row/>", 10<<20))), "s"), xlsform.FileTooLarge},
		"a million rows":         {zipped(sheet(sheetOf(strings.Repeat(row, 1_000_000))), "s"), xlsform.FileTooLarge},
		"a million cells":        {zipped(sheet(sheetOf("<row>"+strings.Repeat(`<c><v>1</v></c>`, 1_000_000)+"</row>")), "s"), xlsform.FileCorrupt},
		"one text a million times": {zipped(map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("long", 8_000) + "</t></si></sst>",
			"xl/worksheets/sheet1.xml": sheetOf(strings.Repeat("<row>"+strings.Repeat(`<c t="s"><v>0</v></c>`, 100)+"</row>", 5_000))}, "s"), xlsform.FileTooLarge},
		"many sheets": {zipped(nil, strings.Split(strings.Repeat("s ", 300), " ")...), xlsform.FileTooLarge},
	}
	return cases
}

// TestReadBook_Refused wants each refused for its own reason in a sentence that a
// person can act on, with no more than 100 MB in use meanwhile.
func TestReadBook_Refused(t *testing.T) {
	const most = 100 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	for name, c := range hostile() {
		t.Run(name, func(t *testing.T) {
			var err error
			peak := peakHeap(func() { _, err = xlsform.ReadBook(c.data) })
			var refusal *xlsform.Refusal
			if !errors.As(err, &refusal) || !refusal.Has(c.want) {
				t.Fatalf("ReadBook = %v, want a refusal %s", err, c.want)
			}
			if text := refusal.Notices[0].Text; !strings.HasSuffix(text, ".") || strings.Contains(text, "xml:") || len(text) > 400 {
				t.Errorf("the refusal says %q, want a short sentence", text)
			}
			if peak > most {
				t.Errorf("%d MB were in use, want at most %d", peak>>20, most>>20)
			}
		})
	}
}

// peakHeap is about the most bytes that do has in use at once.
func peakHeap(do func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := before.HeapAlloc
		for {
			select {
			case <-done:
				peak <- most - before.HeapAlloc
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
	}()
	do()
	close(done)
	return <-peak
}

// BenchmarkReadBook reads the largest workbook that is not refused: 10,000 rows
// and 300,000 cells.
func BenchmarkReadBook(b *testing.B) {
	data := zipped(map[string]string{"xl/worksheets/sheet1.xml": sheetOf(strings.Repeat("<row>"+strings.Repeat(`<c t="inlineStr"><is><t>some words</t></is></c>`, 30)+"</row>", 10_000))}, "s")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xlsform.ReadBook(data); err != nil {
			b.Fatal(err)
		}
	}
}
