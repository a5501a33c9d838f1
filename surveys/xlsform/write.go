package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Options are what a workbook says that a definition does not.
type Options struct {
	ID      string // form_id; "": the one that it was imported with, if any
	Version string // likewise

	// Then and Now are what the two moments of a then-and-now battery are called,
	// by language; absent: in English.
	Then, Now questionnaire.Text
}

// Write writes d as an XLSForm workbook that obeys the rules of pyxform. What
// XLSForm cannot hold stands in the column soundings and in the sheets texts,
// scales and measures, which other programs leave alone: Read gives d again. The
// same definition gives the same bytes.
//
// It returns an error, a *Refusal where it can say at which row, if d breaks a
// rule of XLSForm that no rewriting helps against. A definition that passes Check
// breaks none but the length of a cell, 32,767 characters.
func Write(d questionnaire.Definition, o Options) ([]byte, error) {
	w := newWriter(&d, o)
	w.layOut()
	if err := w.complete(); err != nil {
		return nil, err
	}
	return writeBook(w.book())
}

// writer is one definition being written.
type writer struct {
	d     *questionnaire.Definition
	o     Options
	words map[string]string // of headings, by language; "" for a column without a language
	names map[string]string // references to names in the sheet
	lists *listWriter
	lines []*outLine
	open  []*outLine      // groups that are not closed yet, outermost first
	used  map[string]bool // names by group
	group map[questionnaire.ItemID]*questionnaire.Group
	spans map[questionnaire.ItemID]map[questionnaire.ItemID]bool // the parts over which a group goes
	ended map[questionnaire.ItemID]bool
	head  extra
}

// outLine is one row of the survey sheet, and what it is of.
type outLine struct {
	cells map[string]string // by heading
	id    questionnaire.ItemID
	name  string
	extra extra
	item  *questionnaire.Item  // that the row gives
	part  *questionnaire.Part  // that the row begins
	group *questionnaire.Group // that the row begins
}

func newWriter(d *questionnaire.Definition, o Options) *writer {
	w := &writer{d: d, o: o, words: map[string]string{}, names: map[string]string{}, used: map[string]bool{}, ended: map[questionnaire.ItemID]bool{},
		group: map[questionnaire.ItemID]*questionnaire.Group{}, spans: map[questionnaire.ItemID]map[questionnaire.ItemID]bool{}}
	for _, tag := range d.Languages {
		word, ok := d.Sheet[languageKey(tag)]
		if !ok {
			word = wordOf(tag)
		}
		w.words[tag] = word
	}
	if len(d.Languages) == 0 {
		w.words["en"] = wordOf("en")
	}
	w.lists = newListWriter(w)
	return w
}

// tags are the languages; a draft may not say any yet.
func (w *writer) tags() []string {
	if len(w.d.Languages) == 0 {
		return []string{"en"}
	}
	return w.d.Languages
}

// texts puts a text into the columns of its languages.
func (w *writer) texts(cells map[string]string, key string, text questionnaire.Text) {
	for _, tag := range w.tags() {
		if words := text[tag]; words != "" {
			cells[w.heading(key, tag)] = w.renamed(words)
		}
	}
}

func (w *writer) heading(key, tag string) string {
	if word := w.words[tag]; word != "" {
		return key + "::" + word
	}
	return key
}

// layOut writes the survey sheet.
func (w *writer) layOut() {
	w.nameAll()
	w.measure()
	w.rows()
}

// rows writes the rows of all parts.
func (w *writer) rows() {
	for i := range w.d.Parts {
		part := &w.d.Parts[i]
		outside := w.outside(part)
		for j := range part.Items {
			item := &part.Items[j]
			w.enter(part, item, outside)
			w.write(item)
		}
	}
	w.close(0)
}

// measure finds out over which parts each group goes.
func (w *writer) measure() {
	for i := range w.d.Groups {
		w.group[w.d.Groups[i].ID] = &w.d.Groups[i]
	}
	for i := range w.d.Parts {
		for j := range w.d.Parts[i].Items {
			for _, id := range w.chain(w.d.Parts[i].Items[j].Group) {
				if w.spans[id] == nil {
					w.spans[id] = map[questionnaire.ItemID]bool{}
				}
				w.spans[id][w.d.Parts[i].ID] = true
			}
		}
	}
}

// outside are the groups around a whole part: those that have items elsewhere
// too. They are written around it, all others in it.
func (w *writer) outside(part *questionnaire.Part) []questionnaire.ItemID {
	if len(part.Items) == 0 {
		return nil
	}
	return slices.DeleteFunc(w.chain(part.Items[0].Group), func(id questionnaire.ItemID) bool { return len(w.spans[id]) < 2 })
}

// chain are a group and those around it, outermost first.
func (w *writer) chain(id questionnaire.ItemID) []questionnaire.ItemID {
	var chain []questionnaire.ItemID
	for g := w.group[id]; g != nil && len(chain) <= len(w.d.Groups); g = w.group[g.In] {
		chain = append(chain, g.ID)
	}
	slices.Reverse(chain)
	return chain
}

// enter closes and opens groups so that the next row lies where an item does.
// A group that was closed is not opened twice, since its name would be there
// twice; the item then says its group in the column soundings.
func (w *writer) enter(part *questionnaire.Part, item *questionnaire.Item, outside []questionnaire.ItemID) {
	var path []questionnaire.ItemID
	chain := w.chain(item.Group)
	if !part.Auto {
		path = append(slices.Clone(outside), part.ID)
		chain = slices.DeleteFunc(chain, func(id questionnaire.ItemID) bool { return slices.Contains(outside, id) })
	}
	ended := func(id questionnaire.ItemID) bool { return w.ended[id] }
	path = slices.DeleteFunc(append(path, chain...), ended)
	same := 0
	for same < len(w.open) && same < len(path) && w.open[same].id == path[same] {
		same++
	}
	w.close(same) // which may end some that lie elsewhere in path
	for _, id := range slices.DeleteFunc(path[same:], ended) {
		if id == part.ID {
			w.begin(&outLine{id: id, part: part}, part.Name, part.Title, part.Relevant, part.Sheet)
			continue
		}
		g := w.group[id]
		w.begin(&outLine{id: id, group: g}, g.Name, g.Label, g.Relevant, g.Sheet)
	}
}

// close ends the groups that are open beyond the first n.
func (w *writer) close(n int) {
	for len(w.open) > n {
		w.ended[w.open[len(w.open)-1].id] = true
		w.open = w.open[:len(w.open)-1]
		w.lines = append(w.lines, &outLine{cells: map[string]string{colType: "end_group"}})
	}
}

// begin writes the row that begins a group or a part.
func (w *writer) begin(line *outLine, name string, label questionnaire.Text, relevant string, sheet questionnaire.Cells) {
	line.cells = map[string]string{colType: "begin_group"}
	w.name(line, name)
	w.texts(line.cells, colLabel, label)
	w.put(line, colRelevant, w.renamed(relevant))
	w.putSheet(line, sheet)
	words := appearances(line.cells[colAppearance])
	inPage := slices.ContainsFunc(w.open, func(l *outLine) bool { return l.part != nil })
	switch {
	case line.part != nil && !slices.Contains(words, onePage):
		line.cells[colAppearance] = strings.TrimSpace(onePage + " " + line.cells[colAppearance])
	case line.group != nil && !inPage && slices.Contains(words, onePage):
		words = slices.DeleteFunc(words, func(word string) bool { return word == onePage })
		w.put(line, colAppearance, strings.Join(words, " "))
	}
	w.lines = append(w.lines, line)
	w.open = append(w.open, line)
}

// put sets a cell; none for an empty text.
func (w *writer) put(line *outLine, heading, text string) {
	delete(line.cells, heading)
	if text != "" {
		line.cells[heading] = text
	}
}

// putSheet writes back what the spreadsheet said and nothing here uses, unless
// the heading would be taken for another.
func (w *writer) putSheet(line *outLine, sheet questionnaire.Cells) {
	for heading, text := range sheet {
		c := surveyWords.column(heading, true)
		own := c.key
		if c.word != "" {
			own += "::" + c.word
		}
		if c.key == "" && strings.TrimSpace(heading) == heading || own == heading && !slices.Contains(neverKept, heading) && line.cells[heading] == "" {
			w.put(line, heading, text)
		}
	}
}

// name gives a row its name: the spreadsheet's own, or the id, if XLSForm takes
// it and no other row of the group has it.
func (w *writer) name(line *outLine, own string) {
	at := ""
	if len(w.open) > 0 {
		at = string(w.open[len(w.open)-1].id)
	}
	id := string(line.id)
	candidates := []string{own, id}
	for n := 2; ; n++ {
		for _, name := range candidates {
			free := !w.used[at+"/"+name]
			if name != "" && free && xmlName.MatchString(name) && !(at == "" && name == reservedName) {
				w.used[at+"/"+name] = true
				line.name, line.cells[colName] = name, name
				return
			}
		}
		candidates = []string{fmt.Sprintf("%s_%d", id, n)}
	}
}

// reservedName is what pyxform calls the group of its own at the top.
const reservedName = "meta"
