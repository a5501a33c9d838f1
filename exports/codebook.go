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
	p := b.page(sheetCodebook, tabData, []column{
		{"variable", 26, lookDataTop}, {"question (heading in Responses, labels)", 54, lookDataTop}, {"section", 22, lookDataTop},
		{"type", 18, lookDataTop}, {"codes and meanings", 60, lookDataTop}, {"asked at", 22, lookDataTop}, {"in versions", 12, lookDataTop},
		{"answered", 11, count}, {"not asked", 11, count}, {"passed over", 11, count}, {"preferred not to say", 13, count},
		{"did not know", 11, count}, {"withdrawn", 11, count}, {"note", 50, lookDataTop},
	})
	p.filter, p.data = true, true
	if p.err == nil {
		p.err = p.stream.SetPanes(frozen(1))
	}
	var rows [][]any
	for i, m := range x.meta {
		rows = append(rows, []any{m.name, m.heading, "About the response", m.kind, "", "Every wave", "", x.filled[i], nil, nil, nil, nil, nil, m.note})
	}
	for _, v := range x.variables {
		rows = append(rows, x.codebookRow(v))
		for i, c := range v.columns {
			rows = append(rows, x.codebookColumn(v, v.names[i], c))
		}
	}
	p.table("Codebook", rows)
	p.keep(b.repeatRow(sheetCodebook, 1))
	return p.finish()
}

func (x *responses) codebookRow(v *variable) []any {
	row := []any{v.name, v.heading(x.options.Language), x.section(v), typeName(v), x.meanings(v), x.askedAt(v), formList(x.data, v.forms)}
	return append(append(row, v.spread.cells()...), x.note(v))
}

// codebookColumn explains a column of a choice, or of the words of "other".
func (x *responses) codebookColumn(v *variable, name string, c questionnaire.Column) []any {
	kind, meanings, note := "Ticked or not", "0 = Not ticked; 1 = Ticked", "Blank where the question was not asked or not answered"
	counts := v.spread.cells()
	if c.Choice == "" {
		kind, meanings, note = "Text", "Any text", openNote
		counts = make([]any, len(counts)) // only who chose "other" was asked
	}
	row := []any{name, v.columnHeading(c, x.options.Language), x.section(v), kind, meanings, x.askedAt(v), formList(x.data, v.forms)}
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
		if part, ok := x.data.Forms[n].Part(v.byForm[n].Part); ok {
			return wording(part.Title, x.options.Language)
		}
	}
	return ""
}

func typeName(v *variable) string {
	switch v.newest.Kind {
	case questionnaire.KindMultipleChoice:
		return "Several choices"
	case questionnaire.KindNumber, questionnaire.KindScale0To10:
		return "Number"
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
	case questionnaire.KindScale0To10:
		words := "0 to 10"
		if low, high := wording(item.Low, x.options.Language), wording(item.High, x.options.Language); low != "" || high != "" {
			words += ": 0 = " + low + "; 10 = " + high
		}
		return words
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
	case v.newest.Kind == questionnaire.KindMultipleChoice:
		notes = append(notes, "Codes joined by a space; the columns after it hold one choice each")
	case v.newest.Moment == questionnaire.MomentThen:
		notes = append(notes, "Rated afterwards from memory")
	}
	for _, c := range v.choices() {
		if c.Meaning.Missing() != questionnaire.Answered {
			notes = append(notes, "“"+wording(c.Label, x.options.Language)+"” is blank among the codes and in words among the labels")
		}
	}
	if words := renamed(v.name, string(v.id)); words != "" {
		notes = append(notes, words)
	}
	if codes := v.changedCodes(x.data); codes != "" {
		notes = append(notes, codes)
	}
	return strings.Join(notes, ". ")
}

// changedCodes says that a choice is coded differently in different versions.
func (u *variable) changedCodes(d *surveys.Dataset) string {
	for _, c := range u.choices() {
		for _, n := range slices.Sorted(slices.Values(u.forms)) {
			if _, ok := u.byForm[n].Choice(c.Code); ok && u.byForm[n].ChoiceCode(c.Code).Text != u.codeText(c.Code) {
				return "Coded differently in version " + d.FormName(n)
			}
		}
	}
	return ""
}
