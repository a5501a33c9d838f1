package xlsform_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"soundings/surveys/xlsform"
)

// TestWrite_PyxformRules holds exports to the rules by which pyxform, the
// reference converter, refuses a workbook. It reads the workbook cell by cell and
// not by way of Read.
func TestWrite_PyxformRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, err := xlsform.Write(definition(t), xlsform.Options{ID: "form", Version: "3"})
		if err != nil {
			t.Fatalf("Write: %v", err)
		}
		checkPyxform(t, data)
	})
}

// TestWrite_PyxformRulesOfCorpus does so with the forms of others.
func TestWrite_PyxformRulesOfCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: not writing every form of the corpus")
	}
	for _, f := range forms(t) {
		got, err := f.read(t)
		if err != nil {
			continue
		}
		data, err := xlsform.Write(got.Definition, xlsform.Options{})
		if err != nil {
			t.Errorf("Write of %s: %v", f.File, err)
			continue
		}
		t.Run(f.ID, func(t *testing.T) { checkPyxform(t, data) })
	}
}

func checkPyxform(t tester, data []byte) {
	t.Helper()
	book, err := xlsform.ReadBook(data)
	if err != nil {
		t.Fatalf("ReadBook: %v", err)
	}
	p := &pyxform{lists: map[string][]string{}}
	for i := range book.Sheets {
		p.headings(&book.Sheets[i])
	}
	p.choices(book.Sheet("choices"), book.Sheet("settings"))
	p.survey(book.Sheet("survey"))
	p.settings(book.Sheet("settings"))
	for _, fault := range p.faults {
		t.Errorf("pyxform would refuse this: %s", fault)
	}
}

// pyxform collects what it would refuse.
type pyxform struct {
	faults []string
	lists  map[string][]string // codes by list
}

func (p *pyxform) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

// get is a cell by the name of its column; of a column with languages the first.
func get(sheet *xlsform.Sheet, row xlsform.Row, name string) string {
	for _, cell := range sheet.Rows[0].Cells {
		if cell.Text == name || strings.HasPrefix(cell.Text, name+"::") {
			if text := row.Text(cell.Column); text != "" {
				return text
			}
		}
	}
	return ""
}

// headings: there are some, none is there twice, and none is longer than a cell.
func (p *pyxform) headings(sheet *xlsform.Sheet) {
	seen := map[string]bool{}
	for _, row := range sheet.Rows {
		for _, cell := range row.Cells {
			if len(utf16.Encode([]rune(cell.Text))) > 32_767 {
				p.fault("%s row %d: a cell is too long", sheet.Name, row.Number)
			}
			if row.Number == 1 && seen[cell.Text] {
				p.fault("%s: heading %q twice", sheet.Name, cell.Text)
			}
			seen[cell.Text] = row.Number == 1 || seen[cell.Text]
		}
	}
}

// choices: each has a list without blanks in its name, a name, once in the list
// unless the settings allow it, and a label.
func (p *pyxform) choices(sheet, settings *xlsform.Sheet) {
	if sheet == nil {
		return
	}
	again := len(settings.Rows) > 1 && get(settings, settings.Rows[1], "allow_choice_duplicates") == "yes"
	for _, row := range sheet.Rows[1:] {
		list, code := get(sheet, row, "list_name"), get(sheet, row, "name")
		switch {
		case list == "" || strings.ContainsAny(list, " \t\n"):
			p.fault("choices row %d: list name %q", row.Number, list)
		case code == "":
			p.fault("choices row %d: no name", row.Number)
		case slices.Contains(p.lists[list], code) && !again:
			p.fault("choices row %d: %q twice", row.Number, code)
		case get(sheet, row, "label") == "":
			p.fault("choices row %d: no label", row.Number)
		}
		p.lists[list] = append(p.lists[list], code)
	}
}

var (
	tagName    = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{N}._-]*(:[\p{L}_][\p{L}\p{M}\p{N}._-]*)?$`)
	parameters = regexp.MustCompile(`^[a-z_-]+=[^ =]+([ ,;]+[a-z_-]+=[^ =]+)*$`)
	plainTypes = []string{"text", "integer", "decimal", "date", "time", "dateTime", "range", "acknowledge", "note", "calculate", "hidden", "start", "end", "today",
		"begin_group", "end_group", "percentage", "phone number",
		"deviceid", "username", "phonenumber", "email", "simserial", "subscriberid", "audit", "geopoint", "geotrace", "geoshape", "image", "audio", "video", "file",
		"barcode", "start-geopoint", "background-audio", "background-geopoint", "caseid"}
)

// survey: types are known and groups are closed; each row has a name that XML
// takes and that no other of its group has, and a label if it is shown; lists are
// there; or_other has no filter; several choices have no blanks in their names; a
// calculation has an expression; and a reference names one row.
func (p *pyxform) survey(sheet *xlsform.Sheet) {
	groups := []map[string]bool{{"meta": true}}
	names := map[string]int{}
	for _, row := range sheet.Rows[1:] {
		words := strings.Fields(get(sheet, row, "type"))
		name := get(sheet, row, "name")
		top := groups[len(groups)-1]
		switch {
		case len(words) == 0:
			p.fault("survey row %d: no type", row.Number)
			continue
		case words[0] == "end_group":
			if groups = groups[:len(groups)-1]; len(groups) == 0 {
				p.fault("survey row %d: ends no group", row.Number)
				return
			}
			continue
		case !tagName.MatchString(name):
			p.fault("survey row %d: name %q", row.Number, name)
		case top[name]:
			p.fault("survey row %d: name %q twice in a group", row.Number, name)
		}
		top[name] = true
		names[name]++
		if slices.Contains(words, "or_other") {
			names[name+"_other"]++
		}
		p.row(sheet, row, words)
		if words[0] == "begin_group" {
			groups = append(groups, map[string]bool{})
		}
	}
	if len(groups) != 1 {
		p.fault("survey: %d groups are not closed", len(groups)-1)
	}
	p.references(sheet, names)
}

func (p *pyxform) row(sheet *xlsform.Sheet, row xlsform.Row, words []string) {
	switch kind := words[0]; {
	case kind == "select_one", kind == "select_multiple", kind == "rank":
		if len(words) < 2 || p.lists[words[1]] == nil {
			p.fault("survey row %d: no list for %v", row.Number, words)
			return
		}
		if kind == "select_multiple" && slices.ContainsFunc(p.lists[words[1]], func(code string) bool { return strings.Contains(code, " ") }) {
			p.fault("survey row %d: a choice with a blank", row.Number)
		}
		if slices.Contains(words, "or_other") && get(sheet, row, "choice_filter") != "" {
			p.fault("survey row %d: or_other with a filter", row.Number)
		}
	case kind == "osm":
	case !slices.Contains(plainTypes, strings.Join(words, " ")):
		p.fault("survey row %d: type %q", row.Number, strings.Join(words, " "))
	case kind == "calculate" && get(sheet, row, "calculation") == "" && get(sheet, row, "default") == "":
		p.fault("survey row %d: no calculation", row.Number)
	}
	shown := []string{"text", "integer", "decimal", "date", "note", "acknowledge", "select_one", "select_multiple", "rank", "range"}
	if slices.Contains(shown, words[0]) && get(sheet, row, "label") == "" {
		p.fault("survey row %d: no label", row.Number)
	}
	if cell := get(sheet, row, "parameters"); cell != "" && !parameters.MatchString(cell) {
		p.fault("survey row %d: parameters %q", row.Number, cell)
	}
}

var reference = regexp.MustCompile(`\$\{\s*([^}]*?)\s*\}`)

func (p *pyxform) references(sheet *xlsform.Sheet, names map[string]int) {
	for _, row := range sheet.Rows[1:] {
		for _, cell := range row.Cells {
			if strings.HasPrefix(sheet.Rows[0].Text(cell.Column), "soundings") {
				continue
			}
			for _, found := range reference.FindAllStringSubmatch(cell.Text, -1) {
				if names[found[1]] != 1 {
					p.fault("survey row %d: ${%s} names %d rows", row.Number, found[1], names[found[1]])
				}
			}
		}
	}
}

// settings: one row, with a title.
func (p *pyxform) settings(sheet *xlsform.Sheet) {
	if len(sheet.Rows) != 2 || get(sheet, sheet.Rows[1], "form_title") == "" {
		p.fault("settings: %d rows, or no title", len(sheet.Rows))
	}
}
