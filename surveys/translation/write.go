package translation

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/questionnaire"
)

// The sheets of the workbook. The second is hidden and holds what the first
// held when it was written.
const (
	sheetTexts    = "translation"
	sheetOriginal = "original"
)

// The columns before those of the languages, from 1, and what heads them.
const (
	columnKey    = 1
	columnWhat   = 2
	columnSource = 3
	columnLangs  = 4

	headingKey     = "Where"
	headingWhat    = "What it is"
	headingMissing = "Missing"
)

// instructions stand above the table, a row each.
var instructions = []string{
	"Write each text in the language of its column. Cells to fill are yellow; filter the column “Missing” to see only those.",
	"Leave the columns “Where”, “What it is” and the source text as they are: by them the texts find their way back. Rows may be sorted or left out.",
	"Keep ${…} exactly as it is, wherever your sentence needs it: an earlier answer is put in its place.",
	"Write for the person who answers. Line breaks are kept (Alt+Enter). An empty cell changes nothing.",
}

// Write makes the translator's workbook (.xlsx) of def for the languages named,
// in that order; none named: all but the source language. An error says which
// language def does not have, or is its source language.
func Write(def questionnaire.Definition, langs ...string) ([]byte, error) {
	source := sourceOf(def)
	if len(langs) == 0 && len(def.Languages) > 0 {
		langs = def.Languages[1:]
	}
	for _, lang := range langs {
		if lang == source || !slices.Contains(def.Languages, lang) {
			return nil, fmt.Errorf("language %q is not one the questionnaire is translated into", lang)
		}
	}
	if len(langs) == 0 {
		return nil, fmt.Errorf("the questionnaire has no language besides %q; add one first", source)
	}
	b := &book{file: excelize.NewFile(), source: source, langs: langs, rows: rowsOf(def)}
	defer func() { _ = b.file.Close() }() // it holds no file on the disk
	b.write()
	if b.err != nil {
		return nil, fmt.Errorf("writing the translator's workbook: %w", b.err)
	}
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		return nil, fmt.Errorf("writing the translator's workbook: %w", err)
	}
	return out.Bytes(), nil
}

// book is a workbook being written; the first error stops it.
type book struct {
	file   *excelize.File
	source string
	langs  []string
	rows   []row
	err    error
}

func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) write() {
	b.try(b.file.SetSheetName(b.file.GetSheetName(0), sheetTexts))
	_, err := b.file.NewSheet(sheetOriginal)
	b.try(err)
	head := len(instructions) + 2
	for i, text := range instructions {
		b.cell(sheetTexts, 1, i+1, text)
	}
	b.table(sheetTexts, head)
	b.table(sheetOriginal, 1)
	b.dress(head)
	b.try(b.file.SetSheetVisible(sheetOriginal, false))
}

// table writes the headings at row head and the wordings below.
func (b *book) table(sheet string, head int) {
	b.cell(sheet, columnKey, head, headingKey)
	b.cell(sheet, columnWhat, head, headingWhat)
	b.cell(sheet, columnSource, head, heading(b.source))
	for i, lang := range b.langs {
		b.cell(sheet, columnLangs+i, head, heading(lang))
	}
	b.cell(sheet, columnLangs+len(b.langs), head, headingMissing)
	for i, r := range b.rows {
		at := head + 1 + i
		b.cell(sheet, columnKey, at, r.key)
		b.cell(sheet, columnWhat, at, r.what)
		b.cell(sheet, columnSource, at, r.source)
		var missing []string
		for j, lang := range b.langs {
			b.cell(sheet, columnLangs+j, at, r.text[lang])
			if strings.TrimSpace(r.text[lang]) == "" {
				missing = append(missing, lang)
			}
		}
		b.cell(sheet, columnLangs+len(b.langs), at, strings.Join(missing, ", "))
	}
}

// escape is how a workbook writes a character by its number (ECMA-376 part 1,
// 22.9.2.19, ST_Xstring). Words that look so have their own _ written that way.
var escape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// cell writes a text as text, whatever it looks like.
func (b *book) cell(sheet string, column, line int, text string) {
	if text == "" {
		return
	}
	name, err := excelize.CoordinatesToCellName(column, line)
	b.try(err)
	b.try(b.file.SetCellStr(sheet, name, escape.ReplaceAllString(text, "_x005F_$1")))
}

// dress gives the sheet its widths, colours, directions, filter and frozen head.
func (b *book) dress(head int) {
	last := columnLangs + len(b.langs)
	b.widths(last)
	b.heights(head + 1)
	b.style(1, 1, 1, len(instructions), &excelize.Style{Font: &excelize.Font{Italic: true}})
	b.style(1, head, last, head, &excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: fill("E8EDF2"),
		Border: []excelize.Border{{Type: "bottom", Style: 2, Color: "4A5A6A"}},
	})
	if len(b.rows) == 0 {
		return
	}
	top, bottom := head+1, head+len(b.rows)
	b.style(columnKey, top, columnWhat, bottom, &excelize.Style{Font: &excelize.Font{Color: "5A6570"}, Alignment: wrapped(b.source, false)})
	b.style(columnSource, top, columnSource, bottom, &excelize.Style{Alignment: wrapped(b.source, true)})
	b.style(last, top, last, bottom, &excelize.Style{Alignment: wrapped(b.source, false)})
	for i, lang := range b.langs {
		b.language(columnLangs+i, top, lang)
	}
	from, _ := excelize.CoordinatesToCellName(columnKey, head)
	to, _ := excelize.CoordinatesToCellName(last, bottom)
	b.try(b.file.AutoFilter(sheetTexts, from+":"+to, nil))
	corner, _ := excelize.CoordinatesToCellName(columnLangs, head+1)
	b.try(b.file.SetPanes(sheetTexts, &excelize.Panes{
		Freeze: true, XSplit: columnSource, YSplit: head, TopLeftCell: corner, ActivePane: "bottomRight",
	}))
}

// The widths of columns, in characters, and the height of a line, in points.
const (
	widthOfTexts   = 48
	widthOfWhat    = 26
	widthOfMissing = 12
	lineHeight     = 15
)

func (b *book) widths(last int) {
	for column := 1; column <= last; column++ {
		name, err := excelize.ColumnNumberToName(column)
		b.try(err)
		width := widthOfTexts
		switch column {
		case columnKey, columnWhat:
			width = widthOfWhat
		case last:
			width = widthOfMissing
		}
		b.try(b.file.SetColWidth(sheetTexts, name, name, float64(width)))
	}
}

// heights makes rows as high as their longest text: not every program does so by
// itself when it opens a file. Excel allows 409 points.
func (b *book) heights(top int) {
	for i, r := range b.rows {
		lines := max(linesOf(r.key, widthOfWhat), linesOf(r.what, widthOfWhat), linesOf(r.source, widthOfTexts))
		for _, lang := range b.langs {
			lines = max(lines, linesOf(r.text[lang], widthOfTexts))
		}
		b.try(b.file.SetRowHeight(sheetTexts, top+i, min(float64(lines*lineHeight), 409)))
	}
}

// linesOf is how many lines a text takes in a column, somewhat generously.
func linesOf(text string, width int) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n += 1 + utf8.RuneCountInString(line)/(width-2)
	}
	return n
}

// language fills the cells of a language that lack words.
func (b *book) language(column, top int, lang string) {
	full := &excelize.Style{NumFmt: textFormat, Alignment: wrapped(lang, true)}
	empty := &excelize.Style{NumFmt: textFormat, Alignment: wrapped(lang, true), Fill: fill("FFF3B0")}
	fullID, err := b.file.NewStyle(full)
	b.try(err)
	emptyID, err := b.file.NewStyle(empty)
	b.try(err)
	for i, r := range b.rows {
		id := fullID
		if strings.TrimSpace(r.text[lang]) == "" {
			id = emptyID
		}
		name, _ := excelize.CoordinatesToCellName(column, top+i)
		b.try(b.file.SetCellStyle(sheetTexts, name, name, id))
	}
}

// textFormat is Excel's "@": what is typed stays as it is typed.
const textFormat = 49

func (b *book) style(left, top, right, bottom int, style *excelize.Style) {
	id, err := b.file.NewStyle(style)
	b.try(err)
	from, _ := excelize.CoordinatesToCellName(left, top)
	to, _ := excelize.CoordinatesToCellName(right, bottom)
	b.try(b.file.SetCellStyle(sheetTexts, from, to, id))
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// wrapped aligns a text at its beginning: on the right, and read from there,
// where its language is.
func wrapped(lang string, own bool) *excelize.Alignment {
	a := &excelize.Alignment{WrapText: true, Vertical: "top", Horizontal: "left", ReadingOrder: 1}
	if own && isRightToLeft(lang) {
		a.Horizontal, a.ReadingOrder = "right", 2
	}
	return a
}
