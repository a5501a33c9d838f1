package app

import (
	"html/template"
	"strconv"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// paperForm is a questionnaire as it stands on paper, and as it is keyed in: the
// same questions with the same numbers and keys.
type paperForm struct {
	Lang  string
	Parts []paperPart
}

// paperPart is one part with its items.
type paperPart struct {
	Title template.HTML
	Items []paperItem
}

// paperItem is one item: templates/paper/parts/kinds.html shows it.
type paperItem struct {
	itemView
	Number string      // "4"; "" for what is not answered, and for the linkage code
	Ways   []string    // what to do if it is not for everybody, before it
	Lines  []paperLine // one for each thing to answer
	Layout string      // how the choices stand: list, two, row
}

// paperLine is one thing to answer.
type paperLine struct {
	fieldView
	Number string        // "4", "4a"
	Words  template.HTML // of the row of a battery, without "now" and "then"
	Boxes  []paperBox
	Cells  []paperCell // of a date, a time, an element of a code: where single signs are written
}

// paperBox is one choice with its key.
type paperBox struct {
	choiceView
	Key string
}

// paperCell is a row of squares to write in.
type paperCell struct {
	Label   template.HTML
	Squares []struct{}
	After   string // what stands behind them: ":"
}

// Now and Then part the lines of a then-and-now battery.
func (i paperItem) Rows() [][]paperLine {
	var rows [][]paperLine
	for at := 0; at+1 < len(i.Lines); at += 2 {
		rows = append(rows, i.Lines[at:at+2])
	}
	return rows
}

// Heads over the columns of a battery: its choices with their keys.
func (i paperItem) Columns() []paperBox {
	if len(i.Lines) == 0 {
		return nil
	}
	return i.Lines[0].Boxes
}

// Prompts are the lines of a linkage code but that of a card.
func (i paperItem) Prompts() []paperLine {
	if i.Card == nil {
		return i.Lines
	}
	return i.Lines[1:]
}

// paperMaker makes a paperForm.
type paperMaker struct {
	s       *Server
	v       visit
	numbers map[questionnaire.ItemID]string
	shown   []shownItem
}

// shownItem is one item that stands on paper.
type shownItem struct {
	part   *questionnaire.Part
	item   *questionnaire.Item
	scopes []scope // conditions around it, the outermost first
}

// paperForm lays the form of a visit out for paper: everything that is asked at
// its wave, whatever its condition, but not what is worked out.
func (s *Server) paperForm(v visit) paperForm {
	m := &paperMaker{s: s, v: v, numbers: map[questionnaire.ItemID]string{}}
	m.number()
	m.v.piped = m.answerTo
	form := paperForm{Lang: v.lang}
	heads := m.v.headings(true)
	var last *questionnaire.Part
	for i, shown := range m.shown {
		if shown.part != last {
			form.Parts = append(form.Parts, paperPart{Title: m.v.words(shown.part.Title)})
			heads, last = m.v.headings(len(shown.part.Title) > 0), shown.part
		}
		one := m.item(shown.item)
		one.Heads, one.Ways = heads.of(shown.item), m.ways(i)
		part := &form.Parts[len(form.Parts)-1]
		part.Items = append(part.Items, one)
	}
	return form
}

// number finds the items that stand on paper and gives numbers to those that are
// answered; the rows of a battery have a letter besides.
func (m *paperMaker) number() {
	written := map[questionnaire.ItemID]bool{}
	for _, variable := range m.v.Instrument.WrittenAt(m.v.Link.Wave) {
		written[variable.Item.ID] = true
	}
	n := 0
	for _, part := range m.v.parts() {
		for _, item := range part.ItemsAt(m.v.Link.Wave) {
			code := item.Kind == questionnaire.KindLinkageCode
			if !written[item.ID] && !code && item.Kind != questionnaire.KindStatement {
				continue
			}
			m.shown = append(m.shown, shownItem{part, item, m.scopesOf(part, item)})
			if !written[item.ID] {
				continue
			}
			n++
			m.numbers[item.ID] = strconv.Itoa(n)
			for i, row := range item.Rows {
				number := strconv.Itoa(n) + letterOf(i)
				for _, id := range []questionnaire.ItemID{row.ID, questionnaire.MomentID(row.ID, questionnaire.MomentNow), questionnaire.MomentID(row.ID, questionnaire.MomentThen)} {
					m.numbers[id] = number
				}
			}
		}
	}
}

// letterOf is a, b, c …; after z it is .27, .28 …
func letterOf(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return "." + strconv.Itoa(i+1)
}

// answerTo stands on paper where an earlier answer would be in the words.
func (m *paperMaker) answerTo(name string) string {
	if number := m.numbers[m.variableOf(name)]; number != "" {
		return m.s.locales.say(m.v.lang, "respond.paper_answer", number)
	}
	return "…"
}

// variableOf is the variable that ${name} stands for.
func (m *paperMaker) variableOf(name string) questionnaire.ItemID {
	path := m.v.Instrument.Walk(questionnaire.Sitting{Wave: m.v.Link.Wave}, nil)
	for _, piece := range path.Pieces(questionnaire.Text{m.v.lang: "${" + name + "}"}, m.v.lang) {
		if piece.Of != "" {
			return piece.Of
		}
	}
	return questionnaire.ItemID(name)
}

// item is one item as it stands on paper.
func (m *paperMaker) item(item *questionnaire.Item) paperItem {
	one := paperItem{itemView: m.s.itemView(m.v, item, filled{}), Number: m.numbers[item.ID]}
	fields := one.Fields
	if one.Card != nil { // the first line of its code
		fields = append([]fieldView{*one.Card}, fields...)
	}
	for _, field := range fields {
		line := paperLine{fieldView: field, Number: m.numbers[questionnaire.ItemID(field.Name)], Cells: m.cells(item, field)}
		keys := paperKeys(field)
		for i, choice := range field.Choices {
			line.Boxes = append(line.Boxes, paperBox{choice, keys[i]})
		}
		if n := len(one.Lines) / 2; item.Kind == questionnaire.KindThenNow && n < len(item.Rows) {
			line.Words = m.v.words(item.Rows[n].Label)
		}
		one.Lines = append(one.Lines, line)
	}
	one.Layout = layoutOf(one)
	return one
}

// Widths of the words of choices, in characters, that decide how they stand.
const (
	oneRow    = 64 // all of them together, in one row
	halfWidth = 34 // each of them, in two columns
	manyBoxes = 6
)

// layoutOf puts short choices side by side, which saves paper.
func layoutOf(one paperItem) string {
	if len(one.Lines) != 1 {
		return "list"
	}
	sum, longest := 0, 0
	for _, box := range one.Lines[0].Boxes {
		if box.Other != nil {
			return "list"
		}
		n := utf8.RuneCountInString(string(box.Label))
		sum, longest = sum+n+6, max(longest, n)
	}
	switch {
	case sum <= oneRow:
		return "row"
	case len(one.Lines[0].Boxes) >= manyBoxes && longest <= halfWidth:
		return "two"
	}
	return "list"
}

// cells are the squares of what is written sign by sign.
func (m *paperMaker) cells(item *questionnaire.Item, field fieldView) []paperCell {
	squares := func(key string, n int, after string) paperCell {
		cell := paperCell{Squares: make([]struct{}, n), After: after}
		if key != "" {
			cell.Label = textHTML(m.s.locales.say(m.v.lang, key))
		}
		return cell
	}
	clock := []paperCell{squares("", 2, ":"), squares("", 2, "")}
	switch item.Kind {
	case questionnaire.KindTime:
		return clock
	case questionnaire.KindDate, questionnaire.KindDateTime:
		var cells []paperCell
		for _, piece := range m.s.inOrder(m.v.lang, pieceNames(item)) {
			switch piece {
			case precisionYear:
				cells = append(cells, squares("respond.year", 4, ""))
			case pieceTime:
				cells = append(cells, squares("respond.time", 2, ":"), squares("", 2, ""))
			default:
				cells = append(cells, squares(pieceKeys[piece], 2, ""))
			}
		}
		return cells
	case questionnaire.KindLinkageCode:
		if field.Kind == "card" { // in threes, as the card has it
			return []paperCell{squares("", 3, "-"), squares("", 3, "-"), squares("", field.Length-6, "")}
		}
		return []paperCell{squares("", elementSquares(field), "")}
	}
	return nil
}

// elementSquares is how many signs an element of a code has at most.
func elementSquares(field fieldView) int {
	if field.Kind == questionnaire.ElementLetters {
		return max(field.Length, -field.Length)
	}
	return 2
}
