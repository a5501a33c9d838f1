package xlsform

import (
	"maps"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// build makes the definition out of the rows. It trusts what read has checked.
func (r *reader) build() {
	if len(r.refused) > 0 {
		return
	}
	r.ids = newAllotment()
	r.buildHead()
	r.readOwnSheets()
	r.allotIDs()
	b := &builder{reader: r}
	b.walk(nil, r.top())
	b.flush()
	b.nameParts()
	r.definition.Parts, r.definition.Groups = b.parts, b.groups
	r.applyHead()
}

// top are the rows that lie in no group.
func (r *reader) top() []*row {
	return slices.DeleteFunc(slices.Clone(r.rows), func(row *row) bool { return row.in != nil })
}

// languageKey is where Definition.Sheet keeps what headings call a language.
func languageKey(tag string) string { return "language:" + tag }

// buildHead reads the title, the languages and the settings that are kept.
func (r *reader) buildHead() {
	d := &r.definition
	d.Languages = r.tongues.list()
	source := d.Languages[0]
	title := "Untitled questionnaire"
	for _, key := range []string{setName, setID, setTitle} {
		if words := shown(r.setting.cells[key]); words != "" {
			title = words
		}
	}
	d.Title = questionnaire.Text{source: title}
	d.SameCodes = isYes(r.setting.cells[setDuplicates])
	kept := questionnaire.Cells(maps.Clone(r.setting.other))
	for _, key := range []string{setID, setVersion, setStyle, setInstance, setName, setClean} {
		if cell := r.setting.cells[key]; cell != "" {
			kept[key] = cell
		}
	}
	for _, tag := range d.Languages {
		if word := r.tongues.wordFor(tag); word != wordOf(tag) {
			kept[languageKey(tag)] = word
		}
	}
	if setting := r.setting.cells[setLanguage]; setting != "" && setting != r.tongues.wordFor(source) {
		kept[setLanguage] = setting
	}
	d.Sheet = orNil(kept)
}

// wordFor is what headings call a language; "" if they never name it.
func (t *tongues) wordFor(tag string) string {
	for _, word := range t.words {
		if word != defaultWord && t.tags[word] == tag {
			return word
		}
	}
	return defaultWord
}

func orNil(cells questionnaire.Cells) questionnaire.Cells {
	if len(cells) == 0 {
		return nil
	}
	return cells
}

// builder lays items out on parts.
type builder struct {
	*reader
	parts  []questionnaire.Part
	groups []questionnaire.Group
	known  map[*row]bool // groups that are among groups
	loose  []placed      // items that no page holds together
	page   *questionnaire.Part
}

// placed is an item, and the part that the column soundings says it begins.
type placed struct {
	item  questionnaire.Item
	marks extra
	path  []*row // the groups around it, outermost first
}

// walk lays out rows that lie in the groups of path.
func (b *builder) walk(path []*row, rows []*row) {
	for _, row := range rows {
		switch {
		case row.extra[extraOf] != nil:
		case row.battery():
			b.place(path, row, b.batteryItem(row))
		case row.role != roleBegin:
			b.place(path, row, b.item(row))
		case b.page == nil && row.isPage():
			b.flush()
			part := b.partOf(row)
			b.page = &part
			b.walk(path, row.members)
			if len(b.page.Items) > 0 {
				b.parts = append(b.parts, *b.page)
			}
			b.page = nil
		default:
			b.walk(append(slices.Clip(path), row), row.members)
		}
	}
}

// isPage says whether a group is shown on one page.
func (w *row) isPage() bool {
	return w.role == roleBegin && slices.Contains(appearances(w.cells[colAppearance]), onePage)
}

const onePage = "field-list"

// place puts an item on the page or among the loose ones, and remembers its
// groups in the order of their first items.
func (b *builder) place(path []*row, row *row, item questionnaire.Item) {
	b.remember(path)
	if len(path) > 0 && item.Group == "" {
		item.Group = path[len(path)-1].id
	}
	row.extra.apply(&item, itemTies)
	b.rowOf[item.ID] = row
	for _, statement := range item.Rows {
		b.rowOf[statement.ID] = row
	}
	if b.page != nil {
		b.page.Items = append(b.page.Items, item)
		return
	}
	b.loose = append(b.loose, placed{item: item, marks: row.extra.page(), path: path})
}

func (b *builder) remember(path []*row) {
	if b.known == nil {
		b.known = map[*row]bool{}
	}
	for i, row := range path {
		if b.known[row] {
			continue
		}
		b.known[row] = true
		group := b.groupOf(row)
		if i > 0 {
			group.In = path[i-1].id
		}
		row.extra.apply(&group, nil)
		b.groups = append(b.groups, group)
		b.rowOf[group.ID] = row
	}
}

func (r *reader) groupOf(row *row) questionnaire.Group {
	return questionnaire.Group{ID: row.id, Name: row.ownName(), Label: r.tongues.text(row.line, colLabel),
		Relevant: row.cells[colRelevant], Sheet: row.kept(groupKeys, "")}
}

func (r *reader) partOf(row *row) questionnaire.Part {
	part := questionnaire.Part{ID: row.id, Name: row.ownName(), Title: r.tongues.text(row.line, colLabel),
		Relevant: row.cells[colRelevant], Sheet: row.kept(groupKeys, onePage)}
	row.extra.apply(&part, nil)
	r.rowOf[part.ID] = row
	return part
}

// groupKeys are the columns that groups and parts use.
var groupKeys = []string{colLabel, colRelevant}

// ownName is the name in the spreadsheet where that is not the id.
func (w *row) ownName() string {
	if w.name == string(w.id) {
		return ""
	}
	return w.name
}

// kept are the cells of a row that nothing here uses, by heading, other than
// those of the columns used and an appearance that says what is known anyway.
func (w *row) kept(used []string, appearance string) questionnaire.Cells {
	kept := questionnaire.Cells(maps.Clone(w.other))
	for key, cell := range w.cells {
		if !slices.Contains(used, key) && !slices.Contains(neverKept, key) {
			kept[key] = cell
		}
	}
	for key, words := range w.words {
		for word, cell := range words {
			if !slices.Contains(used, key) {
				kept[key+"::"+word] = cell
			}
		}
	}
	if strings.EqualFold(kept[colAppearance], appearance) {
		delete(kept, colAppearance)
	}
	return orNil(kept)
}

// neverKept are columns that say what a row is, or that it counts.
var neverKept = append([]string{colType, colName, colDisabled, colSoundings}, moreSoundings...)
