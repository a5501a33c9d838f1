package surveys

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// SheetLine is one row of a spreadsheet that somebody sent.
type SheetLine struct {
	Number int      `json:"n"` // as the sheet counts, from 1
	Cells  []string `json:"c"`
}

// cell is the text of column i without the blanks around it; "" beyond the last.
func (l SheetLine) cell(i int) string {
	if i < 0 || i >= len(l.Cells) {
		return ""
	}
	return strings.TrimSpace(l.Cells[i])
}

// blank reports whether nothing stands in the row.
func (l SheetLine) blank() bool {
	return !slices.ContainsFunc(l.Cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// SheetColumn says what a column was taken for.
type SheetColumn struct {
	Heading string // as it is written
	Field   string // "name", "expected[pupils]"; "" if it is not used
}

// SheetError is what is wrong with one cell, or with a row or the whole sheet.
type SheetError struct {
	Row    int    // 0: the whole sheet
	Column string // its heading; "" for the whole row
	Key    string
	Args   []any
}

// plainHeading is a heading as it is looked up: its words in small letters, with
// one blank between.
func plainHeading(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, " ")
}

// headingWithin is how far down the row of headings may stand, below a title.
const headingWithin = 10

// headings finds the row of headings: the one of the first ten in which most
// columns are known, if one is. It returns its place and what each column is
// taken for; -1 if there is none. A field that is there twice is taken once and
// is an error.
func headings(lines []SheetLine, known func(heading string) string) (at int, columns []SheetColumn, wrong []SheetError) {
	at = -1
	most := 0
	for i, line := range lines[:min(len(lines), headingWithin)] {
		n := 0
		for j := range line.Cells {
			if known(plainHeading(line.cell(j))) != "" {
				n++
			}
		}
		if n > most {
			at, most = i, n
		}
	}
	if at < 0 {
		return -1, nil, nil
	}
	seen := map[string]string{}
	for j := range lines[at].Cells {
		column := SheetColumn{Heading: lines[at].cell(j)}
		column.Field = known(plainHeading(column.Heading))
		if first, twice := seen[column.Field]; twice && column.Field != "" {
			wrong = append(wrong, SheetError{lines[at].Number, column.Heading, "sheet.column_twice", []any{first}})
			column.Field = ""
		}
		seen[column.Field] = column.Heading
		columns = append(columns, column)
	}
	return at, columns, wrong
}

// Dates as people write them in sheets. With slashes or dots the day comes first.
var sheetDates = []string{
	time.DateOnly, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2/1/2006", "2.1.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006",
}

// firstSerial and lastSerial bound what is taken for a day as spreadsheets count:
// 1954 to 2064.
const firstSerial, lastSerial = 20000, 60000

// sheetDate reads a day: "2026-03-31".
func sheetDate(text string) (day string, ok bool) {
	for _, layout := range sheetDates {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= firstSerial && n <= lastSerial {
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly), true
	}
	return "", false
}

// sheetCount reads a number of people: "30", "30.0" or "1,200".
func sheetCount(text string) (n int, ok bool) {
	text = strings.ReplaceAll(strings.TrimSuffix(text, ".0"), ",", "")
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, false
	}
	return n, true
}

// sheetLanguage reads a language by its tag, its English name or its name for
// itself, and gives its tag: "pl" for "Polish" and for "polski".
func sheetLanguage(text string) (tag string, ok bool) {
	if found, known := languagesByName()[strings.ToLower(text)]; known {
		return found, true
	}
	parsed, err := language.Parse(text)
	if err != nil || parsed == language.Und {
		return "", false
	}
	return parsed.String(), true
}

// languagesByName are the languages by their names in small letters.
var languagesByName = sync.OnceValue(func() map[string]string {
	byName := map[string]string{"farsi": "fa", "kurdish sorani": "ckb", "sorani": "ckb", "kurdish (sorani)": "ckb", "bangla": "bn", "bengali": "bn"}
	for _, tag := range display.Supported.Tags() {
		for _, name := range []string{display.English.Languages().Name(tag), display.English.Tags().Name(tag), display.Self.Name(tag)} {
			name = strings.ToLower(name)
			if _, taken := byName[name]; name != "" && !taken {
				byName[name] = tag.String()
			}
		}
	}
	return byName
})
