package exports

import (
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// codebook adds the sheet that explains every column of both Responses sheets.
func (b *book) codebook(x *responses) error {
	count := lookDataCount(asCount)
	count.right, count.indent = true, 1
	p := b.page(sheetCodebook, tabData, codebookColumns(count))
	p.filter, p.data = true, true
	if p.err == nil {
		p.err = p.stream.SetPanes(frozen(1))
	}
	p.table("Codebook", x.codebookRows())
	p.keep(b.repeatRow(sheetCodebook, 1))
	return p.finish()
}

func codebookColumns(count look) []column {
	return []column{
		{"variable", 26, lookDataTop}, {"question (heading in Responses, labels)", 54, lookDataTop}, {"section", 22, lookDataTop},
		{"type", 18, lookDataTop}, {"codes and meanings", 60, lookDataTop}, {"asked at", 22, lookDataTop}, {"in versions", 12, lookDataTop},
		{"answered", 11, count}, {"not asked", 11, count}, {"passed over", 11, count}, {"preferred not to say", 13, count},
		{"did not know", 11, count}, {"withdrawn", 11, count}, {"note", 50, lookDataTop},
	}
}

// codebookRows has a row for every column of both Responses sheets, in their order.
func (x *responses) codebookRows() [][]any {
	var rows [][]any
	for i, m := range x.meta {
		rows = append(rows, []any{m.name, m.heading, "About the response", m.kind, "", "Every wave", "", x.filled[i], nil, nil, nil, nil, nil, m.note})
	}
	for _, s := range x.slots {
		if s.further == own {
			rows = append(rows, x.codebookRow(s.variable))
		} else {
			rows = append(rows, x.codebookColumn(s.variable, s.names[s.further], s.column()))
		}
	}
	return rows
}

func (x *responses) codebookRow(v *variable) []any {
	row := []any{v.name, v.columnHead(x.options.Language), x.section(v), typeName(v), x.meanings(v), x.askedAt(v), formList(x.data, v.forms)}
	return append(append(row, v.spread.cells()...), x.note(v))
}

// furtherColumn is how the codebook explains a column beside a variable's own.
type furtherColumn struct {
	kind, meanings, note string
	number               bool // the cells are numbers
	counted              bool // whoever answered the variable has a cell
}

func columnOf(holds questionnaire.Holds) furtherColumn {
	const blank = "Blank where the question was not asked or not answered"
	switch holds {
	case questionnaire.HoldsTick:
		return furtherColumn{"Ticked or not", "0 = Not ticked; 1 = Ticked", blank, true, true}
	case questionnaire.HoldsRank:
		return furtherColumn{"Place", "1 = First", blank, true, true}
	case questionnaire.HoldsOrder:
		return furtherColumn{"Codes", "The codes in the order in which they were shown", "Differs from person to person; there too where nothing was answered", false, false}
	default:
		return furtherColumn{"Text", "Any text", openNote, false, false} // only who chose "other" was asked
	}
}

// codebookColumn explains a column of a choice, of the words of "other" or of the
// order of choices.
func (x *responses) codebookColumn(v *variable, name string, c questionnaire.Column) []any {
	further := columnOf(c.Holds)
	counts := v.spread.cells()
	if !further.counted {
		counts = make([]any, len(counts))
	}
	row := []any{name, v.columnHeading(c, x.options.Language), x.section(v), further.kind, further.meanings, x.askedAt(v), formList(x.data, v.forms)}
	note := further.note
	if words := renamed(name, c.Name); words != "" {
		note += ". " + words
	}
	return append(append(row, counts...), note)
}

// cells are the counts of a tally. A reason that never occurred is 0.
func (t *tally) cells() []any {
	return []any{t.answered, t.notAsked, t.notReached, t.declined, t.dontKnow, t.withdrawn}
}

func (x *responses) section(v *variable) string {
	for _, n := range v.forms {
		if part, ok := x.data.Instruments[n].Part(v.byForm[n].Part); ok {
			return wording(part.Title, x.options.Language)
		}
	}
	return ""
}

func typeName(v *variable) string {
	switch v.newest.Kind {
	case questionnaire.KindMultipleChoice:
		return "Several choices"
	case questionnaire.KindNumber, questionnaire.KindScale0To10, questionnaire.KindScale:
		return "Number"
	case questionnaire.KindRanking:
		return "Ranking"
	case questionnaire.KindDate:
		return "Date"
	case questionnaire.KindTime:
		return "Time"
	case questionnaire.KindDateTime:
		return "Date and time"
	case questionnaire.KindAcknowledge:
		return "Box to tick"
	case questionnaire.KindCalculated:
		return "Worked out"
	case questionnaire.KindHidden:
		return "Kept unseen"
	case questionnaire.KindShortText, questionnaire.KindLongText:
		return "Text"
	case questionnaire.KindThenNow:
		return "One choice, then and now"
	case questionnaire.KindConsent:
		return "Consent"
	}
	return "One choice"
}

// meanings lists the codes with their labels.
func (x *responses) meanings(v *variable) string {
	item := v.newest.Item
	switch v.newest.Kind {
	case questionnaire.KindScale0To10, questionnaire.KindScale:
		return x.pointMeanings(v.newest)
	case questionnaire.KindAcknowledge:
		return questionnaire.Acknowledged + " = Ticked"
	case questionnaire.KindDate, questionnaire.KindTime, questionnaire.KindDateTime, questionnaire.KindCalculated, questionnaire.KindHidden:
		return meaningOf(item)
	case questionnaire.KindNumber:
		words := "Number"
		if item.Min != nil && item.Max != nil {
			words = plainNumber(*item.Min) + " to " + plainNumber(*item.Max)
		}
		return strings.TrimSpace(words + " " + wording(item.Unit, x.options.Language))
	case questionnaire.KindShortText, questionnaire.KindLongText:
		return "Any text"
	}
	var words []string
	for _, c := range v.choices() {
		if c.Meaning.Missing() != questionnaire.Answered {
			continue // blank among the codes; see the note
		}
		words = append(words, v.codeText(c.Code)+" = "+wording(c.Label, x.options.Language))
	}
	return strings.Join(words, "; ")
}

// pointMeanings are the words of the points of a scale, its ends first of all.
func (x *responses) pointMeanings(v *questionnaire.Variable) string {
	points := v.Points()
	if len(points) == 0 {
		return "Number"
	}
	first, last := points[0].Code, points[len(points)-1].Code
	meant := map[string]string{first: wording(v.Item.Low, x.options.Language), last: wording(v.Item.High, x.options.Language)}
	for _, c := range v.Choices {
		if c.Meaning.Missing() == questionnaire.Answered {
			meant[c.Code] = wording(c.Label, x.options.Language)
		}
	}
	var words []string
	for _, point := range points {
		if meant[point.Code] != "" {
			words = append(words, point.Code+" = "+meant[point.Code])
		}
	}
	if len(words) == 0 {
		return first + " to " + last
	}
	return first + " to " + last + ": " + strings.Join(words, "; ")
}

// meaningOf says what the answers to an item are, or where they are from.
func meaningOf(item *questionnaire.Item) string {
	switch item.Kind {
	case questionnaire.KindTime:
		return "Hours and minutes, as 09:30"
	case questionnaire.KindDateTime:
		return "Day and time, as 2026-03-07T09:30"
	case questionnaire.KindCalculated:
		return "Worked out: " + item.Calculation
	case questionnaire.KindHidden:
		return hiddenSource(item)
	}
	switch item.Precision {
	case questionnaire.PrecisionMonth:
		return "Month, as 2026-03"
	case questionnaire.PrecisionYear:
		return "Year, as 2026"
	}
	return "Day"
}

func hiddenSource(item *questionnaire.Item) string {
	switch item.From {
	case questionnaire.FromStart:
		return "Moment the form was opened"
	case questionnaire.FromEnd:
		return "Moment the form was sent"
	case questionnaire.FromToday:
		return "Day the form was opened"
	}
	return "From the link: " + item.ReferenceName()
}

// codeText is the code of a choice in the newest form that has it.
func (u *variable) codeText(code string) string {
	for _, n := range u.forms {
		if _, ok := u.byForm[n].Choice(code); ok {
			return u.byForm[n].ChoiceCode(code).Text
		}
	}
	return code
}

func (x *responses) askedAt(v *variable) string {
	var names []string
	for _, wave := range x.data.Strand.Design.Waves() {
		for _, n := range v.forms {
			if v.byForm[n].AskedAt(wave) {
				names = append(names, waveName(wave))
				break
			}
		}
	}
	return strings.Join(names, ", ")
}

const openNote = "As written. " + notYetRead + " until a person has read and cleared it; " + heldBack + " if it was read and not cleared"

// note says what is particular about a variable.
func (x *responses) note(v *variable) string {
	var notes []string
	switch {
	case v.newest.Open:
		notes = append(notes, openNote)
	case v.newest.Kind == questionnaire.KindRanking:
		notes = append(notes, "Codes from the first place to the last, joined by a space; the columns after it hold one choice each")
	case isDay(v.newest):
		notes = append(notes, "A day before March 1900 is text, since Excel's calendar begins there")
	case v.newest.Kind == questionnaire.KindMultipleChoice:
		notes = append(notes, "Codes joined by a space; the columns after it hold one choice each")
	case v.newest.Moment == questionnaire.MomentThen:
		notes = append(notes, "Rated afterwards from memory")
	}
	for _, c := range v.choices() {
		if c.Meaning.Missing() != questionnaire.Answered {
			notes = append(notes, "“"+wording(c.Label, x.options.Language)+"” is blank among the codes and "+c.Meaning.Missing().Bracketed()+" among the labels")
		}
	}
	if now := v.heading(x.options.Language); now != v.columnHead(x.options.Language) {
		notes = append(notes, "Worded in the newest version: “"+now+"”")
	}
	if words := renamed(v.name, string(v.id)); words != "" {
		notes = append(notes, words)
	}
	if codes := v.changedCodes(x.data); codes != "" {
		notes = append(notes, codes)
	}
	if words := v.spread.unusable(); words != "" {
		notes = append(notes, words)
	}
	return strings.Join(notes, ". ")
}

// changedCodes says that a choice is coded differently in different versions.
func (u *variable) changedCodes(d *surveys.Dataset) string {
	for _, c := range u.choices() {
		for _, n := range slices.Sorted(slices.Values(u.forms)) {
			if _, ok := u.byForm[n].Choice(c.Code); ok && u.byForm[n].ChoiceCode(c.Code).Text != u.codeText(c.Code) {
				return "Coded differently in version " + d.VersionName(n)
			}
		}
	}
	return ""
}
