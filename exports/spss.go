package exports

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// Limits of SPSS, in bytes. Source: IBM SPSS Statistics Command Syntax Reference,
// "Variable Names", VARIABLE LABELS, VALUE LABELS.
const (
	spssName       = 64
	spssLabel      = 255
	spssValueLabel = 120
	spssString     = 32767
)

// The numbers that stand for why an answer is missing, from the lowest of their
// range. What was not asked is blank, which SPSS calls system-missing.
var spssMissing = []struct {
	reasons []questionnaire.Missing
	label   string
}{
	{[]questionnaire.Missing{questionnaire.NotReached}, "Passed over"},
	{[]questionnaire.Missing{questionnaire.Declined}, "Preferred not to say"},
	{[]questionnaire.Missing{questionnaire.DontKnow}, "Did not know"},
	{[]questionnaire.Missing{questionnaire.Withdrawn}, "Withdrawn"},
	{[]questionnaire.Missing{questionnaire.Illegible, questionnaire.Ambiguous}, "On paper, and nobody can use it"},
}

// spssLowest is the number of the first reason for a variable: -99, or one that none
// of its values can be.
func spssLowest(v *variable) float64 {
	least := 0.0
	for _, n := range v.forms {
		w := v.byForm[n]
		switch {
		case w.Kind == questionnaire.KindCalculated, w.Kind == questionnaire.KindNumber && w.Item.Min == nil:
			return -99999999
		case w.Kind == questionnaire.KindNumber:
			least = min(least, *w.Item.Min)
		}
		for _, choice := range w.Choices {
			least = min(least, w.ChoiceCode(choice.Code).Number)
		}
	}
	for _, lowest := range []float64{-99, -999, -9999} {
		if least > lowest+float64(len(spssMissing)) {
			return lowest
		}
	}
	return -99999999
}

// spssReason gives the number of a reason; none for text, days, and what was not asked.
func spssReason(v *variable, reason questionnaire.Missing) (float64, bool) {
	if !v.coded() || isDay(v.newest) {
		return 0, false
	}
	for i, one := range spssMissing {
		if slices.Contains(one.reasons, reason) {
			return spssLowest(v) + float64(i), true
		}
	}
	return 0, false
}

// spssReserved are the words that name no variable.
var spssReserved = []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

// spssNames makes names of variables of headings: letters, digits and _, beginning
// with a letter, at most 64 bytes, not reserved, each there once whatever its case.
func spssNames(heads []string) []string {
	names, taken := make([]string, len(heads)), map[string]bool{}
	for i, head := range heads {
		name := strings.Trim(strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
				return r
			}
			return '_'
		}, head), "_")
		if name == "" || name[0] >= '0' && name[0] <= '9' || slices.Contains(spssReserved, strings.ToLower(name)) {
			name = "v_" + name
		}
		name = strings.TrimRight(name[:min(len(name), spssName)], "_")
		names[i] = name
		for n := 2; taken[strings.ToLower(names[i])]; n++ {
			end := "_" + strconv.Itoa(n)
			names[i] = name[:min(len(name), spssName-len(end))] + end
		}
		taken[strings.ToLower(names[i])] = true
	}
	return names
}

// spssText is a text in quotes, in one line and cut at so many bytes, at the end of a
// character.
func spssText(text string, most int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, replacement)), " ")
	if len(text) > most {
		const mark = "…"
		cut := most - len(mark)
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + mark
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// spssFile is one table that syntax reads.
type spssFile struct {
	name    string // of its files, without the ending
	grid    *grid
	seen    *seenColumns
	labels  []string // of variables
	slots   []slot   // of the last columns
	syntax  strings.Builder
	options Options
}

// writeSPSS writes the data as SPSS reads them, and the syntax that reads them.
func writeSPSS(ctx context.Context, w io.Writer, m Material) error {
	s := separated{codes: true, oneLine: true, missing: spssReason, seen: true}
	return s.archive(ctx, w, m, func(x *responses, a *archive) error {
		codes := &spssFile{name: "responses_codes", grid: x.codes, seen: seenIn(x.codes), slots: x.slots, options: x.options}
		for _, c := range x.labelColumns() {
			codes.labels = append(codes.labels, c.head)
		}
		files := []*spssFile{codes}
		if x.pairs.grid != nil {
			pairs := &spssFile{name: "matched_pairs", grid: x.pairs.grid, seen: seenIn(x.pairs.grid), options: x.options}
			for _, c := range x.pairs.grid.columns {
				pairs.labels = append(pairs.labels, c.head)
			}
			files = append(files, pairs)
		}
		for _, one := range files {
			one.rename()
			if err := a.file(one.name+".sps", []byte("\ufeff"+windowsLines(one.write()))); err != nil {
				return err
			}
		}
		return a.file("README.txt", []byte(windowsLines(spssReadMe(x, files))))
	})
}

// rename gives the columns of the file the names that the syntax has.
func (f *spssFile) rename() {
	heads := make([]string, len(f.grid.columns))
	for i, c := range f.grid.columns {
		heads[i] = c.head
	}
	for i, name := range spssNames(heads) {
		f.grid.columns[i].head = name
	}
}

// write is the syntax: reading the data, labels, missing values, saving.
func (f *spssFile) write() string {
	b := &f.syntax
	fmt.Fprintf(b, "* Encoding: UTF-8.\n* Reads %[1]s.csv and saves %[1]s.sav, in the folder that SPSS works in.\n* If it finds no file, put the folder before its name: 'C:\\Data\\%[1]s.csv'.\n\n", f.name)
	fmt.Fprintf(b, "GET DATA\n  /TYPE=TXT\n  /FILE='%s.csv'\n  /ENCODING='UTF8'\n  /ARRANGEMENT=DELIMITED\n  /FIRSTCASE=2\n  /DELIMITERS=','\n  /QUALIFIER='\"'\n  /VARIABLES=\n", f.name)
	for i, c := range f.grid.columns {
		fmt.Fprintf(b, "    %s %s\n", c.head, f.format(i))
	}
	b.WriteString("  .\n\n")
	for i, c := range f.grid.columns {
		if f.labels[i] != c.head {
			fmt.Fprintf(b, "VARIABLE LABELS %s %s.\n", c.head, spssText(f.labels[i], spssLabel))
		}
	}
	b.WriteString("\n")
	first := len(f.grid.columns) - len(f.slots)
	for i, s := range f.slots {
		f.values(first+i, s)
	}
	fmt.Fprintf(b, "\nSAVE OUTFILE='%s.sav'.\n", f.name)
	return b.String()
}

// format is how a column is read.
func (f *spssFile) format(i int) string {
	seen := f.seen.columns[i]
	switch {
	case seen.moment() && seen.layout == time.DateOnly:
		return "SDATE10"
	case seen.moment():
		return "YMDHMS19"
	case seen.numeric(f.grid.columns[i].look.right) && seen.fraction:
		return "F10.2"
	case seen.numeric(f.grid.columns[i].look.right):
		return "F10.0"
	}
	return "A" + strconv.Itoa(min(spssString, cmp.Or(seen.longest(), 1)))
}

// longest is how many bytes a text of the column has, numbers and moments included.
func (c seenColumn) longest() int {
	widest := c.widest
	if c.numbers || c.layout != "" {
		widest = max(widest, 24)
	}
	return widest
}

// values writes the labels of values of a column, and which of them are missing.
func (f *spssFile) values(i int, s slot) {
	name, seen := f.grid.columns[i].head, f.seen.columns[i]
	numeric := seen.numeric(f.grid.columns[i].look.right)
	if s.further != own {
		if columnOf(s.column().Holds).meanings == columnOf(questionnaire.HoldsTick).meanings && numeric {
			fmt.Fprintf(&f.syntax, "VALUE LABELS %s 0 'Not ticked' 1 'Ticked'.\n", name)
		}
		return
	}
	var lines []string
	for _, one := range valueLabels(s.variable, f.options.Language) {
		switch {
		case numeric && one.code.IsNumber:
			lines = append(lines, one.code.Text+" "+spssText(one.label, spssValueLabel))
		case !numeric && !seen.moment():
			lines = append(lines, spssText(one.code.Text, spssValueLabel)+" "+spssText(one.label, spssValueLabel))
		}
	}
	_, counted := spssReason(s.variable, questionnaire.NotReached)
	lowest := spssLowest(s.variable)
	if counted && numeric {
		for n, one := range spssMissing {
			lines = append(lines, strconv.FormatFloat(lowest+float64(n), 'f', -1, 64)+" "+spssText(one.label, spssValueLabel))
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(&f.syntax, "VALUE LABELS %s\n  %s.\n", name, strings.Join(lines, "\n  "))
	}
	if counted && numeric {
		fmt.Fprintf(&f.syntax, "MISSING VALUES %s (%.0f THRU %.0f).\n", name, lowest, lowest+float64(len(spssMissing)-1))
	}
}

// valueLabel is what one code of a variable means.
type valueLabel struct {
	code  questionnaire.Code
	label string
}

// valueLabels lists the codes of a variable that have words: those of its choices,
// and of the points of a scale.
func valueLabels(v *variable, language string) []valueLabel {
	var list []valueLabel
	switch v.newest.Kind {
	case questionnaire.KindMultipleChoice, questionnaire.KindRanking:
		return nil // several codes in one text
	}
	if v.newest.IsScale() {
		points := v.newest.Points()
		for i, point := range points {
			number, err := strconv.ParseFloat(point.Code, 64)
			if err != nil {
				continue
			}
			words := v.newest.Show(questionnaire.Answer{Number: &number}, language)
			switch {
			case words != point.Code:
			case i == 0:
				words = wording(v.newest.Item.Low, language)
			case i == len(points)-1:
				words = wording(v.newest.Item.High, language)
			}
			if words != "" && words != point.Code {
				list = append(list, valueLabel{questionnaire.Code{Text: point.Code, Number: number, IsNumber: true}, words})
			}
		}
		return list
	}
	for _, c := range v.choices() {
		if c.Meaning.Missing() != questionnaire.Answered {
			continue
		}
		code := questionnaire.Code{Text: c.Code}
		for _, n := range v.forms {
			if _, ok := v.byForm[n].Choice(c.Code); ok {
				code = v.byForm[n].ChoiceCode(c.Code)
				break
			}
		}
		list = append(list, valueLabel{code, wording(c.Label, language)})
	}
	return list
}

func spssReadMe(x *responses, files []*spssFile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n%s\n\nOpen a file of syntax in SPSS or PSPP and run all of it: it reads the data beside it and saves them as .sav.\n\n", x.data.Programme.Name, x.data.Strand.Title, rowsWarning)
	for _, f := range files {
		fmt.Fprintf(&b, "%[1]s.sps and %[1]s.csv\n", f.name)
	}
	b.WriteString("codebook.csv\n\nWhy an answer is missing is a number below all answers, declared as missing: from -99 on\n")
	for i, one := range spssMissing {
		fmt.Fprintf(&b, "    %d  %s\n", -99+i, one.label)
	}
	b.WriteString("(lower numbers for variables that could have these values; the labels of values say which). What was not asked is system-missing. Text that is missing is blank.\n")
	fmt.Fprintf(&b, "Names of variables are those of the other files, changed where SPSS does not take them. Line breaks within answers are spaces. Times are of %s.\n", x.zone)
	return b.String()
}

// spssFormats is the format of SPSS.
func spssFormats() []Format {
	return []Format{{"spss.zip", "SPSS", "Responses and matched pairs as data with syntax that reads them into SPSS or PSPP: labels of variables and values, and why answers are missing.", "zip", "application/zip", true, writeSPSS}}
}
