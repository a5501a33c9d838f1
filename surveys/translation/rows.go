package translation

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"soundings/surveys/questionnaire"
)

// row is one wording as the sheet shows it.
type row struct {
	key    string // where it is; unique
	what   string
	source string
	limit  int
	locked bool               // of an item whose wording may not be changed
	text   questionnaire.Text // the definition's own
}

// rowsOf are the wordings of a definition in its order.
func rowsOf(def questionnaire.Definition) []row {
	source := sourceOf(def)
	items, locked := labels(def)
	var rows []row
	seen := map[string]int{}
	for _, w := range def.Wordings() {
		key := w.Where
		if seen[w.Where]++; seen[w.Where] > 1 { // choices that share a code
			key = fmt.Sprintf("%s (%d)", w.Where, seen[w.Where])
		}
		rows = append(rows, row{
			key: key, what: inWords(w.Where, items), source: w.Text[source], limit: w.Limit, text: w.Text, locked: isLocked(w.Where, locked),
		})
	}
	return rows
}

func sourceOf(def questionnaire.Definition) string {
	if len(def.Languages) == 0 {
		return ""
	}
	return def.Languages[0]
}

// labels are the words of items by id, to say what a choice answers, and which
// items are locked.
func labels(def questionnaire.Definition) (all map[string]string, locked map[string]bool) {
	all, locked = map[string]string{}, map[string]bool{}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			item := &def.Parts[i].Items[j]
			all[string(item.ID)] = item.Label.In(sourceOf(def), def.Languages...)
			locked[string(item.ID)] = item.Locked
		}
	}
	return all, locked
}

func isLocked(where string, locked map[string]bool) bool {
	owner := names(where)
	return strings.HasPrefix(where, "item ") && len(owner) > 0 && locked[owner[0]]
}

// inWords says what a wording is, for a translator who knows no keys.
func inWords(where string, items map[string]string) string {
	fields := strings.Fields(unquoted(where))
	last := fields[len(fields)-1]
	what := whatWords[last]
	if what == "" {
		what = strings.ToUpper(last[:1]) + strings.ReplaceAll(last[1:], "_", " ")
	}
	owner := names(where)
	if fields[0] != "item" || len(owner) == 0 {
		if special := ownerWords[fields[0]]; special != "" && len(fields) > 1 {
			return special
		}
		return what
	}
	about := shortened(items[owner[0]])
	switch {
	case strings.Contains(where, `" choice "`):
		return "Answer to " + about
	case strings.Contains(where, `" row "`):
		return "Row of " + about
	case strings.Contains(where, `" prompt "`):
		return what + " of the code, " + about
	case last == "label":
		return "Question"
	default:
		return what + " of " + about
	}
}

// whatWords are the last words of keys, for people.
var whatWords = map[string]string{
	"title": "Title", "intro": "Introduction", "readers": "Who reads the answers", "thanks": "Thanks at the end", "help": "Help numbers",
	"label": "Words", "hint": "Hint", "low": "Low end of the scale", "high": "High end of the scale", "unit": "Unit",
	"required_message": "Message if nothing is answered", "constraint_message": "Message if the answer is refused", "alt": "What the picture shows",
	"top_text": "What those did who answered so",
}

// ownerWords are what a wording is that belongs to something other than an item.
var ownerWords = map[string]string{
	"part": "Heading of a part", "group": "Heading of a group", "scale": "Name of a scale in reports", "measure": "Name of a measure in reports",
}

// unquoted takes out what stands in quotes.
func unquoted(where string) string {
	var out strings.Builder
	for i, piece := range strings.Split(where, `"`) {
		if i%2 == 0 {
			out.WriteString(piece)
		}
	}
	return out.String()
}

// names are what stands in quotes.
func names(where string) []string {
	var list []string
	for i, piece := range strings.Split(where, `"`) {
		if i%2 == 1 {
			list = append(list, piece)
		}
	}
	return list
}

func shortened(text string) string {
	const limit = 60
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > limit {
		text = strings.TrimSpace(string([]rune(text)[:limit])) + "…"
	}
	return "“" + text + "”"
}

// heading names a language column: "Arabic (ar)".
func heading(lang string) string {
	if name := display.English.Tags().Name(language.Make(lang)); name != "" {
		return name + " (" + lang + ")"
	}
	return "(" + lang + ")"
}

// tagIn finds the tag in a heading.
func tagIn(heading string) string {
	open := strings.LastIndexByte(heading, '(')
	if open < 0 || !strings.HasSuffix(heading, ")") {
		return ""
	}
	return strings.TrimSpace(heading[open+1 : len(heading)-1])
}

// rightToLeft are the scripts written from right to left that are in use today.
var rightToLeft = map[string]bool{
	"Arab": true, "Hebr": true, "Syrc": true, "Thaa": true, "Nkoo": true, "Adlm": true, "Rohg": true, "Mand": true, "Samr": true, "Yezi": true,
}

func isRightToLeft(lang string) bool {
	script, _ := language.Make(lang).Script()
	return rightToLeft[script.String()]
}
