package app

import (
	"html"
	"html/template"
	"strconv"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// entryFields lay a form out for keying in, line by line in the order of the form,
// whose language is paper; the words on the screen may be in another.
func (s *Server) entryFields(v visit, paper string, f filled) []entryField {
	var fields []entryField
	for _, part := range s.paperForm(v).Parts {
		title := part.Title
		for _, item := range part.Items {
			for _, field := range s.entryLines(v, paper, item, f) {
				field.Heading, title = title, ""
				fields = append(fields, field)
			}
		}
	}
	return fields
}

// entryLines are the lines of one item.
func (s *Server) entryLines(v visit, paper string, item paperItem, f filled) []entryField {
	var fields []entryField
	for i := range item.Lines {
		line := item.Lines[i]
		switch {
		case item.Kind == string(questionnaire.KindRanking):
			fields = append(fields, s.rankFields(item, line, f)...)
		default:
			fields = append(fields, s.entryField(v, paper, item, line, f))
		}
	}
	return fields
}

// entryField is the line of one thing to answer.
func (s *Server) entryField(v visit, paper string, item paperItem, line paperLine, f filled) entryField {
	field := entryField{
		Of: item.Kind, Name: line.fieldView.Name, DOM: line.DOM, Lang: v.lang, Number: line.Number, Label: cut(line.Plain, 70),
		Mark: questionnaire.MarkControl(questionnaire.ItemID(line.fieldView.Name)), Value: first(f.raw, line.fieldView.Name),
	}
	field.Marked = first(f.raw, field.Mark)
	switch questionnaire.Kind(item.Kind) {
	case questionnaire.KindLinkageCode:
		field.Kind, field.Of, field.Mark = "text", line.Kind, ""
		field.Full, field.Hint = elementSquares(line.fieldView), elementHint(line.Kind)
		if line.Kind == "card" {
			field.Full, field.Hint = line.Length, "signs as on the card; ! at the end if they cannot be right and stand there so"
		}
	case questionnaire.KindNumber:
		field.Kind = "text"
		field.limits(v, line)
	case questionnaire.KindShortText:
		field.Kind = "text"
	case questionnaire.KindLongText:
		field.Kind = "words"
	case questionnaire.KindDate, questionnaire.KindDateTime, questionnaire.KindTime:
		field.Kind = "text"
		field.Hint, field.Full = s.dateHint(v, paper, line)
	default:
		field.choices(line, f)
	}
	return field
}

// choices puts the boxes of a line into its field.
func (e *entryField) choices(line paperLine, f filled) {
	e.Kind = "one"
	if line.Many && line.Kind == string(questionnaire.KindMultipleChoice) {
		e.Kind = "many"
	}
	given := f.raw[e.Name]
	for _, box := range line.Boxes {
		for _, value := range given {
			box.Checked = box.Checked || value == box.Value
		}
		if box.Other != nil {
			other := *box.Other
			other.Value = first(f.raw, other.Name)
			e.Other = &other
		}
		e.Long = e.Long || len(box.Key) > 1
		e.Boxes = append(e.Boxes, box)
	}
}

// limits says what a number may be, so that the page can tell at once.
func (e *entryField) limits(v visit, line paperLine) {
	variable, ok := v.Instrument.Variable(questionnaire.ItemID(e.Name))
	if !ok {
		return
	}
	if variable.Item.Min != nil {
		e.Min = strconv.FormatFloat(*variable.Item.Min, 'f', -1, 64)
	}
	if variable.Item.Max != nil {
		e.Max = strconv.FormatFloat(*variable.Item.Max, 'f', -1, 64)
	}
	e.Whole, e.Hint = variable.Item.Whole, line.Unit
}

func elementHint(element string) string {
	switch element {
	case questionnaire.ElementDay:
		return "day, 1 to 31"
	case questionnaire.ElementMonth:
		return "month, 1 to 12"
	case questionnaire.ElementCount:
		return "number"
	}
	return "letters"
}

// rankFields are the squares of a ranking, in the order on the paper.
func (s *Server) rankFields(item paperItem, line paperLine, f filled) []entryField {
	var fields []entryField
	full := 1
	if len(line.Pieces) > 9 {
		full = 2
	}
	mark := questionnaire.MarkControl(questionnaire.ItemID(line.fieldView.Name))
	for i, piece := range line.Pieces {
		field := entryField{
			Kind: "text", Of: "rank", Name: piece.Name, DOM: piece.DOM, Lang: item.Lang, Number: line.Number, Group: line.fieldView.Name,
			Label: cut(textOf(piece.Label), 60), Value: first(f.raw, piece.Name), Full: full, Max: strconv.Itoa(len(line.Pieces)), Min: "1", Whole: true,
		}
		if i == 0 {
			field.Mark, field.Marked = mark, first(f.raw, mark)
			field.Label = cut(item.Plain, 50) + " – " + field.Label
		}
		fields = append(fields, field)
	}
	return fields
}

func first(raw questionnaire.Raw, name string) string {
	if values := raw[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// dateHint says in which order a date is written on the paper, and how many digits
// it has.
func (s *Server) dateHint(v visit, paper string, line paperLine) (string, int) {
	if line.Kind == string(questionnaire.KindTime) {
		return "hour minute: 0930", 4
	}
	signs := map[string]string{precisionDay: "dd", precisionMonth: "mm", precisionYear: "yyyy", pieceTime: "hhmm"}
	hint := ""
	variable, ok := v.Instrument.Variable(questionnaire.ItemID(line.fieldView.Name))
	if !ok {
		return "", 0
	}
	for _, piece := range s.inOrder(paper, pieceNames(variable.Item)) {
		hint += signs[piece]
	}
	return hint, len(hint)
}

// paperRaw reads what was keyed of dates and times, which stand in one line each as
// they are on the paper, and the code of a card.
func (s *Server) paperRaw(v visit, raw questionnaire.Raw) questionnaire.Raw {
	for _, variable := range v.Instrument.WrittenAt(v.Link.Wave) {
		id := string(variable.ID)
		typed := strings.TrimSpace(first(raw, id))
		if typed == "" {
			continue
		}
		switch variable.Kind {
		case questionnaire.KindTime:
			raw[id] = []string{clockOf(typed)}
		case questionnaire.KindDate, questionnaire.KindDateTime:
			raw[id] = []string{dateOf(typed, s.inOrder(v.lang, pieceNames(variable.Item)))}
		}
	}
	if item, ok := v.Instrument.LinkageCode(v.Link.Wave); ok && item.Card {
		control := questionnaire.CardControl(item.ID)
		if code, anyway := strings.CutSuffix(strings.TrimSpace(first(raw, control)), "!"); anyway {
			raw[control], raw[questionnaire.AnywayControl(item.ID)] = []string{code}, []string{"1"}
		}
	}
	return raw
}

// clockOf is 0930, 930 or 9.30 as 09:30; anything else stays, and is refused where
// answers are read.
func clockOf(typed string) string {
	digits := onlyDigits(typed)
	if len(digits) == 3 {
		digits = "0" + digits
	}
	if len(digits) != 4 {
		return typed
	}
	return digits[:2] + ":" + digits[2:]
}

// dateOf is a date keyed in the order of pieces, with signs between them or in full
// digits, in ISO form; what is none stays, and is refused where answers are read.
func dateOf(typed string, pieces []string) string {
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 1 {
		parts = cutDigits(parts[0], pieces)
	}
	found := map[string]string{}
	for i, piece := range pieces {
		if piece == pieceTime {
			found[piece] = clockOf(strings.Join(parts[min(i, len(parts)):], ""))
			break
		}
		if i >= len(parts) {
			return typed
		}
		found[piece] = parts[i]
	}
	if len(parts) > 0 && len(parts[0]) == 4 && len(pieces) > 1 && pieces[0] != precisionYear { // in ISO form already
		return typed
	}
	text := found[precisionYear]
	for _, piece := range []string{precisionMonth, precisionDay} {
		if part, ok := found[piece]; ok {
			text += "-" + part
		}
	}
	if clock, ok := found[pieceTime]; ok {
		text += "T" + clock
	}
	return text
}

// cutDigits cuts 07032026 into the pieces it is made of.
func cutDigits(digits string, pieces []string) []string {
	width := map[string]int{precisionDay: 2, precisionMonth: 2, precisionYear: 4, pieceTime: 4}
	var parts []string
	for _, piece := range pieces {
		n := min(width[piece], len(digits))
		parts, digits = append(parts, digits[:n]), digits[n:]
	}
	return parts
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// isoDay is the day on a form, keyed as 07032026, 7.3.2026 or 2026-03-07.
func isoDay(typed string) string {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return ""
	}
	for _, layout := range []string{time.DateOnly, "02012006", "2/1/2006", "2.1.2006", "2-1-2006", "2 1 2006"} {
		if day, err := time.Parse(layout, typed); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	return typed
}

// boxWords are the words of a choice, short.
func (b paperBox) Words() string { return cut(textOf(b.Label), 40) }

// textOf is the text of words that have marks.
func textOf(words template.HTML) string {
	var out strings.Builder
	inside := false
	for _, r := range string(words) {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
		case !inside:
			out.WriteRune(r)
		}
	}
	return html.UnescapeString(out.String())
}
