package questionnaire

import (
	"regexp"
	"strconv"
	"strings"
)

// idLength is how long an ItemID may be, in bytes.
const idLength = 32

// Names lists every id that d uses: of parts, groups, items, rows, prompts,
// variables, columns of exports, scales and measures, and the names that a
// spreadsheet gave. An unfinished draft may have one twice.
func (d Definition) Names() map[ItemID]bool {
	names := map[ItemID]bool{}
	for i := range d.Parts {
		part := &d.Parts[i]
		names[part.ID], names[ItemID(part.Name)] = true, true
		for j := range part.Items {
			d.namesOf(part, &part.Items[j], names)
		}
	}
	for _, g := range d.Groups {
		names[g.ID], names[ItemID(g.Name)] = true, true
	}
	for _, s := range d.Scales {
		names[s.ID] = true
	}
	for _, m := range d.Measures {
		names[m.ID] = true
	}
	delete(names, "")
	return names
}

func (d Definition) namesOf(part *Part, item *Item, names map[ItemID]bool) {
	names[item.ID], names[ItemID(item.Name)] = true, true
	for _, row := range item.Rows {
		names[row.ID] = true
	}
	for _, prompt := range item.Prompts {
		names[prompt.ID] = true
	}
	variables, err := item.variables(part, d.Languages)
	if err != nil {
		return // an unknown kind has none
	}
	for i := range variables {
		names[variables[i].ID] = true
		for _, column := range variables[i].wantedColumns() {
			names[ItemID(column.Name)] = true
		}
	}
}

// FreeID returns the first of want, want_2, want_3 … that is not taken, shortened
// if need be. want is a valid id.
func FreeID(want ItemID, taken map[ItemID]bool) ItemID {
	id := want
	for n := 2; taken[id]; n++ {
		end := "_" + strconv.Itoa(n)
		stem := strings.TrimRight(string(want[:min(len(want), idLength-len(end))]), "_")
		id = ItemID(stem + end)
	}
	return id
}

// reference is ${name} in a text or an expression.
var reference = regexp.MustCompile(`\$\{\s*([^{}\s]+)\s*\}`)

// Refers reports whether a text or an expression refers to an item by ${name}.
func Refers(source string) bool { return reference.MatchString(source) }
