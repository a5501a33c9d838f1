package exports

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"soundings/surveys/sheets"
)

// line is a row of three cells whose second is text.
func line(guarded bool, text string) string {
	var out bytes.Buffer
	e := csvEncoder{out: &out, columns: 3, guarded: guarded}
	e.begin(1)
	e.text(0, 0, "first")
	e.text(1, 0, text)
	e.text(2, 0, "last")
	if err := e.end(); err != nil {
		panic(err)
	}
	if err := e.flush(); err != nil {
		panic(err)
	}
	return out.String()
}

// FuzzCSVText: whatever a person writes is one cell, exact in the file for analysis;
// in that for spreadsheets it begins with nothing dangerous, and what reads old data
// has it back.
func FuzzCSVText(f *testing.F) {
	for _, text := range []string{"", "=1+1", "+44 20 7946 0000", "-", "@SUM(1)", "\tTab", "\r\n=1", "a\x00b", "\xff", "'=1", "''+1", "'", " a ", "a,b;c\td", `"`, "two\nlines", "🙂", "\ufeff=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxCell/2 {
			return
		}
		clean := strings.ReplaceAll(strings.ToValidUTF8(text, replacement), "\x00", replacement)
		unbroken := strings.ReplaceAll(clean, "\r\n", "\n") // as encoding/csv reads it
		for guarded, want := range map[bool]string{false: unbroken, true: strings.ReplaceAll(sheets.Guarded(clean), "\r\n", "\n")} {
			rows, err := csv.NewReader(strings.NewReader(line(guarded, text))).ReadAll()
			if err != nil || len(rows) != 1 || rows[0][0] != "first" || rows[0][1] != want || rows[0][2] != "last" {
				t.Fatalf("guarded %t: %q is read as %q (%v), want %q", guarded, line(guarded, text), rows, err, want)
			}
			if guarded && want != "" && strings.IndexByte("=+-@\t\r\n", want[0]) >= 0 {
				t.Fatalf("a cell for spreadsheets is %q", want)
			}
		}
		file := "id,text,more\r\n" + line(true, text)
		table, err := sheets.Open(strings.NewReader(file), int64(len(file)), "a.csv")
		if err != nil {
			t.Fatalf("%q: %v", file, err)
		}
		for row, err := range table.Rows() {
			if err != nil || len(row.Cells) != 3 {
				t.Fatalf("%q is read as %q (%v)", file, row.Cells, err)
			}
			if row.Number > 1 && !strings.ContainsAny(text, "\r\u00a0\ufeff") && row.Cells[1] != strings.TrimSpace(clean) {
				t.Fatalf("%q comes back as %q", clean, row.Cells[1])
			}
		}
	})
}

// FuzzDocxText: whatever a person writes is text of one paragraph of a Word file,
// and XML.
func FuzzDocxText(f *testing.F) {
	for _, text := range []string{"", "plain", "<w:t>&amp;", "two\nlines\r\nthree", "a\x00b", "\xff", "\ufffe", "]]>", "🙂", "_x0041_", "\ttab", "“quoted”"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := docx{title: text}
		d.paragraph(styleNormal, text)
		for _, part := range []string{d.document(), d.properties()} {
			decoder := xml.NewDecoder(strings.NewReader(part))
			var said strings.Builder
			for {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%q: %v", part, err)
				}
				switch token := token.(type) {
				case xml.StartElement:
					if token.Name.Local == "br" {
						said.WriteByte('\n')
					}
				case xml.CharData:
					said.Write(token)
				}
			}
			want := strings.Map(func(r rune) rune {
				if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
					return 0xfffd
				}
				return r
			}, strings.ReplaceAll(strings.ToValidUTF8(onlyLineFeeds(text), "\ufffd"), "\t", " "))
			if got := said.String(); part == d.document() && got != want && !strings.Contains(text, "\xff") && utf8.ValidString(text) {
				t.Fatalf("%q is in the document as %q, want %q", text, got, want)
			}
		}
	})
}
