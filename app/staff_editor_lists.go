package app

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// A list in a form is posted whole: <list>.count rows, and of row n what it was
// when shown, <list>.n.was, and its controls. A row without a "was" is new. Rows
// that were there when the form was shown and are not among those posted stay,
// so that nothing goes away but by its own button.

// listed is how one kind of list is bound.
type listed[T any] struct {
	name, each string
	key        func(T) string
	fresh      T
	empty      func(T) bool // a new row that nobody filled in
	controls   func(b *binder, row *T, stem string)
	heading    func(T) string
	pasted     func(line pastedLine) T
	pasteFor   string
	languages  []string // of pasted columns
	scored     bool
}

// held is a row while its form is read, and which of the rows shown it was.
type held[T any] struct {
	row T
	was string // "": a new one
}

// bindList reads a list, does what do says to it, and makes its controls. It
// returns the rows without proposing names for new ones.
func bindList[T any](b *binder, rows []T, do string, l listed[T]) []T {
	all := hold(rows, l.key)
	if count, ok := b.value(l.name + ".count"); ok {
		all = readRows(b, all, count, l)
		all = paste(b, all, l)
		all = l.act(b, all, do)
	}
	list := &controlList{Name: l.name, Each: l.each, PasteFor: l.pasteFor}
	rows = nil
	for i := range all {
		row := listRow{Index: i, Was: all[i].was, Heading: l.heading(all[i].row)}
		row.Controls = rowControls(b, &all[i].row, fmt.Sprintf("%s.%d", l.name, i), l)
		list.Rows = append(list.Rows, row)
		rows = append(rows, all[i].row)
	}
	b.add(control{Kind: "list", Name: l.name, List: list})
	return rows
}

// hold tells rows apart by their ids or codes, which could be there twice.
func hold[T any](rows []T, key func(T) string) []held[T] {
	seen, all := map[string]int{}, make([]held[T], len(rows))
	for i, row := range rows {
		name := key(row)
		seen[name]++
		all[i] = held[T]{row, name}
		if seen[name] > 1 || name == "" {
			all[i].was += "#" + strconv.Itoa(seen[name])
		}
	}
	return all
}

// rowControls makes the controls of one row as it stands; where something is
// wrong, what was typed stands there again.
func rowControls[T any](b *binder, row *T, stem string, l listed[T]) []control {
	one := &binder{langs: b.langs, locked: b.locked}
	if b.failed {
		one.posted = b.posted
	}
	l.controls(one, row, stem)
	return one.sections[0].Controls
}

func readRows[T any](b *binder, all []held[T], count string, l listed[T]) []held[T] {
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > 500 {
		return all
	}
	var read []held[T]
	used := map[string]bool{}
	for i := range n {
		stem := fmt.Sprintf("%s.%d", l.name, i)
		one := held[T]{row: l.fresh}
		one.was, _ = b.value(stem + ".was")
		if one.was != "" {
			at := slices.IndexFunc(all, func(h held[T]) bool { return h.was == one.was })
			if at < 0 || used[one.was] {
				continue
			}
			one.row, used[one.was] = all[at].row, true
		}
		b.readRow(l.each, func(reader *binder) { l.controls(reader, &one.row, stem) })
		read = append(read, one)
	}
	for _, h := range all {
		if !used[h.was] {
			read = append(read, h)
		}
	}
	if b.failed {
		return read
	}
	return slices.DeleteFunc(read, func(h held[T]) bool { return h.was == "" && l.empty(h.row) })
}

// readRow reads the controls of one row.
func (b *binder) readRow(each string, controls func(*binder)) {
	reader := &binder{langs: b.langs, posted: b.posted, locked: b.locked}
	controls(reader)
	b.failed = b.failed || reader.failed
	if reader.changed != "" {
		b.note(each + ", " + lowerFirst(reader.changed))
	}
}

// paste appends what was pasted.
func paste[T any](b *binder, all []held[T], l listed[T]) []held[T] {
	text := b.posted.Get(l.name + ".paste")
	if l.pasteFor == "" || strings.TrimSpace(text) == "" || b.failed {
		return all
	}
	for _, line := range pastedLines(text, l.languages, l.scored) {
		all = append(all, held[T]{row: l.pasted(line)})
	}
	b.note("pasted lines")
	b.focus = l.name + ".paste"
	return all
}

// act does what a button of the list asks: add:choices, remove:choices:2, up:choices:2, down:choices:2.
func (l listed[T]) act(b *binder, all []held[T], do string) []held[T] {
	words := strings.Split(do, ":")
	if len(words) < 2 || words[1] != l.name || b.failed {
		return all
	}
	if words[0] == "add" {
		b.focus = fmt.Sprintf("%s.%d.label.%s", l.name, len(all), b.langs[0])
		b.note("added " + l.each)
		return append(all, held[T]{row: l.fresh})
	}
	if len(words) < 3 {
		return all
	}
	at, err := strconv.Atoi(words[2])
	if err != nil || at < 0 || at >= len(all) {
		return all
	}
	if words[0] == "remove" {
		b.note("removed " + l.each)
		b.focus = "add." + l.name
		return slices.Delete(slices.Clone(all), at, at+1)
	}
	to := map[string]int{"up": at - 1, "down": at + 1}
	other, ok := to[words[0]]
	b.focus = fmt.Sprintf("%s.%s.%d", words[0], l.name, max(0, min(other, len(all)-1)))
	if !ok || other < 0 || other >= len(all) {
		return all
	}
	b.note("moved " + l.each)
	all = slices.Clone(all)
	all[at], all[other] = all[other], all[at]
	return all
}

func (f *itemForm) rows() {
	words := f.wordsOf
	rows := bindList(f.binder, f.item.Rows, f.do, listed[questionnaire.Row]{
		name: "rows", each: "statement",
		key:   func(r questionnaire.Row) string { return string(r.ID) },
		empty: func(r questionnaire.Row) bool { return len(r.Label) == 0 },
		controls: func(b *binder, r *questionnaire.Row, stem string) {
			b.text(&r.Label, control{Name: stem + ".label", Label: "Statement"})
		},
		heading: func(r questionnaire.Row) string { return cmp.Or(words(r.Label), string(r.ID)) },
		pasted:  func(line pastedLine) questionnaire.Row { return questionnaire.Row{Label: line.words} }, pasteFor: "a statement", languages: f.def.Languages,
	})
	taken := namesOf(f.def)
	for i := range rows {
		if rows[i].ID == "" {
			rows[i].ID = questionnaire.ItemID(proposeID(words(rows[i].Label), string(f.item.ID)+"_", taken))
			taken[string(rows[i].ID)] = true
		}
	}
	f.item.Rows = rows
}

func (f *itemForm) wordsOf(text questionnaire.Text) string {
	return text.In(sourceOf(f.def), f.def.Languages...)
}

func (f *itemForm) choices() {
	words := f.wordsOf
	choices := bindList(f.binder, f.item.Choices, f.do, listed[questionnaire.Choice]{
		name: "choices", each: "choice", scored: true,
		key:      func(c questionnaire.Choice) string { return c.Code },
		empty:    func(c questionnaire.Choice) bool { return len(c.Label) == 0 && c.Score == nil && c.Meaning == "" },
		controls: f.choiceControls,
		heading:  func(c questionnaire.Choice) string { return cmp.Or(words(c.Label), c.Code) },
		pasted: func(line pastedLine) questionnaire.Choice {
			return questionnaire.Choice{Label: line.words, Score: line.score}
		}, pasteFor: "a choice", languages: f.def.Languages,
	})
	taken := map[string]bool{}
	for _, choice := range choices {
		taken[choice.Code] = true
	}
	for i := range choices {
		if choices[i].Code == "" {
			choices[i].Code = f.codeOf(choices[i], words(choices[i].Label), taken)
			taken[choices[i].Code] = true
		}
	}
	f.item.Choices = choices
}

func (f *itemForm) choiceControls(b *binder, c *questionnaire.Choice, stem string) {
	b.text(&c.Label, control{Name: stem + ".label", Label: "Words"})
	switch f.item.Kind {
	case questionnaire.KindScale:
		if c.Meaning == "" {
			b.line(&c.Code, control{Name: stem + ".code", Label: "Point", Code: true})
		}
	case questionnaire.KindScale0To10, questionnaire.KindRanking:
	default:
		b.number(&c.Score, control{Name: stem + ".score", Label: "Score"})
	}
	if len(f.info.meanings) > 0 {
		pick(b, &c.Meaning, control{Name: stem + ".meaning", Label: "Meaning", Options: f.info.meaningOptions()})
	}
}

// codeOf proposes the code of a new choice: its score where that is a whole
// number, since the sheet of codes then reads like the scores, else its words.
// That of a point is the next point without words.
func (f *itemForm) codeOf(c questionnaire.Choice, words string, taken map[string]bool) string {
	if f.item.Kind == questionnaire.KindScale && c.Meaning == "" && f.item.Min != nil && f.item.Max != nil {
		step := 1.0
		if f.item.Step != nil && *f.item.Step > 0 {
			step = *f.item.Step
		}
		for point, n := *f.item.Min, 0; point <= *f.item.Max && n < 21; point, n = point+step, n+1 {
			if !taken[inDigits(point)] {
				return inDigits(point)
			}
		}
	}
	if c.Score != nil && *c.Score >= 0 && *c.Score == float64(int(*c.Score)) && !taken[inDigits(*c.Score)] {
		return inDigits(*c.Score)
	}
	return proposeCode(words, taken)
}

var elementOptions = []choiceOption{
	{questionnaire.ElementLetters, "Letters of a word", ""}, {questionnaire.ElementDay, "A day of the month", ""},
	{questionnaire.ElementMonth, "A month", ""}, {questionnaire.ElementCount, "How many", ""},
}

func (f *itemForm) prompts() {
	words := f.wordsOf
	prompts := bindList(f.binder, f.item.Prompts, f.do, listed[questionnaire.Prompt]{
		name: "prompts", each: "question", fresh: questionnaire.Prompt{Element: questionnaire.ElementLetters, Length: 2},
		key:   func(p questionnaire.Prompt) string { return string(p.ID) },
		empty: func(p questionnaire.Prompt) bool { return len(p.Label) == 0 },
		controls: func(b *binder, p *questionnaire.Prompt, stem string) {
			b.text(&p.Label, control{Name: stem + ".label", Label: "Question"})
			b.text(&p.Hint, control{Name: stem + ".hint", Label: "Further explanation"})
			pick(b, &p.Element, control{Name: stem + ".element", Label: "Answer", Options: elementOptions})
			b.whole(&p.Length, control{Name: stem + ".length", Label: "How many letters", Hint: "Below zero: the last ones"})
		},
		heading: func(p questionnaire.Prompt) string { return cmp.Or(words(p.Label), string(p.ID)) },
	})
	taken := map[string]bool{}
	for _, p := range prompts {
		taken[string(p.ID)] = true
	}
	for i := range prompts {
		if prompts[i].ID == "" {
			prompts[i].ID = questionnaire.ItemID(proposeID(words(prompts[i].Label), "element", taken))
			taken[string(prompts[i].ID)] = true
		}
	}
	f.item.Prompts = prompts
}
