package olddata

import (
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// answers says whether a row has an answer of a wave.
func (r *Reader) answers(row sheets.Row, wave questionnaire.Wave) bool {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetNone && !c.Target.About() && c.Wave == wave && holds(r.cell(row, i)) {
			return true
		}
	}
	return false
}

// Answers reads the answers of one response: the controls of a form as its
// respondent would have sent them, with the column that each is from (from 1).
func (r *Reader) Answers(row sheets.Row, head Head, form *Form) (questionnaire.Raw, map[string]int, []CellError) {
	a := answers{Reader: r, row: row, wave: head.Wave, form: form, raw: questionnaire.Raw{}, places: map[string]int{}}
	for i, c := range r.mapping.Columns {
		if c.Target == TargetNone || c.Wave != "" && c.Wave != head.Wave {
			continue
		}
		text := r.cell(row, i)
		if reason, ok := questionnaire.MissingIn(text); ok {
			a.readMissing(i, c, reason)
		} else if holds(text) {
			a.read(i, c, text)
		}
	}
	a.complete()
	return a.raw, a.places, a.errs
}

// holds reports whether a cell has something that somebody answered.
func holds(text string) bool {
	_, missing := questionnaire.MissingIn(text)
	return text != "" && !withheld[text] && !missing
}

// readMissing reads why there is no answer, as a workbook of ours says it. A reason
// that no control of a form gives is a blank.
func (a *answers) readMissing(i int, c Column, reason questionnaire.Missing) {
	id, of := c.Target.answer()
	v, ok := a.form.Instrument.Variable(id)
	if !ok || of != "" {
		return
	}
	if reason == questionnaire.Illegible || reason == questionnaire.Ambiguous {
		a.put(i, questionnaire.MarkControl(id), string(reason))
		return
	}
	for _, choice := range v.Choices {
		if choice.Meaning.Missing() == reason {
			a.put(i, string(id), choice.Code)
			return
		}
	}
}

// answers is one response being read.
type answers struct {
	*Reader
	row    sheets.Row
	wave   questionnaire.Wave
	form   *Form
	raw    questionnaire.Raw
	places map[string]int
	errs   []CellError
}

func (a *answers) refuse(i int, key string, args ...any) {
	a.errs = append(a.errs, CellError{a.row.Number, i + 1, key, args})
}

// put gives a control a value.
func (a *answers) put(i int, control string, values ...string) {
	a.raw[control] = append(a.raw[control], values...)
	a.places[control] = i + 1
}

func (a *answers) read(i int, c Column, text string) {
	if prompt, ok := c.Target.Prompt(); ok {
		if item := a.form.Prompts[prompt]; item != "" {
			a.put(i, questionnaire.PromptControl(item, prompt), text)
		}
		return
	}
	if c.Target.About() {
		return
	}
	id, of := c.Target.answer()
	v, ok := a.form.Instrument.Variable(id)
	if !ok {
		a.refuse(i, "old_data.not_in_form")
		return
	}
	if a.mapping.Wide() && c.Wave == "" && !v.AskedAt(a.wave) {
		return // said once in the row, and asked at the other wave
	}
	switch {
	case of == "other":
		a.put(i, questionnaire.OtherControl(v.ID), text)
	case of == "order":
		a.readOrder(i, v, text)
	case of != "":
		a.readTick(i, v, of[1:], text)
	default:
		a.readAnswer(i, c, v, text)
	}
}

// readOrder reads the order in which choices were shown; one that is none is left
// out, as of a form.
func (a *answers) readOrder(i int, v *questionnaire.Variable, text string) {
	if codes, ok := a.form.words[v.ID].several(text); ok {
		a.put(i, questionnaire.OrderControl(v.ID), codes...)
	}
}

// readTick reads whether one choice was ticked, or its place in a ranking.
func (a *answers) readTick(i int, v *questionnaire.Variable, code, text string) {
	if v.Kind == questionnaire.KindRanking {
		at := slices.IndexFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Code == code })
		a.put(i, questionnaire.RankControl(v.ID, at+1), text)
		return
	}
	said := normalValue(text)
	switch {
	case slices.Contains(yesWords, said), a.form.words[v.ID].codes[said] == code:
		a.put(i, string(v.ID), code)
	case slices.Contains(noWords, said):
		a.places[string(v.ID)] = i + 1
	default:
		a.refuse(i, "old_data.yes_or_no", cut(text, 60))
	}
}

// readAnswer reads the column of a variable itself.
func (a *answers) readAnswer(i int, c Column, v *questionnaire.Variable, text string) {
	switch v.Kind {
	case questionnaire.KindMultipleChoice, questionnaire.KindRanking:
		a.readSeveral(i, v, text)
	case questionnaire.KindDate, questionnaire.KindDateTime:
		a.readDay(i, c, v, text)
	case questionnaire.KindNumber, questionnaire.KindTime, questionnaire.KindShortText, questionnaire.KindLongText, questionnaire.KindHidden:
		a.put(i, string(v.ID), text)
	default:
		a.readOne(i, v, text)
	}
}

// readSeveral reads several choices in one cell; a column for each says the same
// and is not read twice.
func (a *answers) readSeveral(i int, v *questionnaire.Variable, text string) {
	codes, ok := a.form.words[v.ID].several(text)
	if !ok {
		if code, words, found := a.form.other(v, text); found {
			a.put(i, string(v.ID), code...)
			a.put(i, questionnaire.OtherControl(v.ID), words)
			return
		}
		a.refuse(i, "old_data.unknown_choice", cut(text, 60), a.form.offered(v))
		return
	}
	if v.Kind == questionnaire.KindRanking {
		for place, code := range codes {
			at := slices.IndexFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Code == code })
			control := questionnaire.RankControl(v.ID, at+1)
			a.raw[control], a.places[control] = []string{strconv.Itoa(place + 1)}, i+1
		}
		return
	}
	a.put(i, string(v.ID), codes...)
}

// readOne reads one choice, or a number of a scale.
func (a *answers) readOne(i int, v *questionnaire.Variable, text string) {
	words := a.form.words[v.ID]
	if words == nil {
		a.put(i, string(v.ID), text)
		return
	}
	code, ok := words.code(text)
	switch {
	case ok && code == blankCode:
	case ok:
		a.put(i, string(v.ID), code)
	case v.IsScale():
		a.put(i, string(v.ID), text) // the questionnaire says what is wrong with it
	default:
		if codes, said, found := a.form.other(v, text); found {
			a.put(i, string(v.ID), codes...)
			a.put(i, questionnaire.OtherControl(v.ID), said)
			return
		}
		a.refuse(i, "old_data.unknown_choice", cut(text, 60), a.form.offered(v))
	}
}

// other reads "Another way: by boat": the label of "other" with words behind it,
// last among several.
func (f *Form) other(v *questionnaire.Variable, text string) (codes []string, words string, ok bool) {
	i := slices.IndexFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Meaning == questionnaire.MeaningOther })
	if i < 0 {
		return nil, "", false
	}
	for _, label := range append(texts(v.Choices[i].Label), v.Choices[i].Code) {
		at := strings.Index(strings.ToLower(text), strings.ToLower(label)+": ")
		if at < 0 || label == "" || at+len(label)+2 > len(text) {
			continue
		}
		before, words := strings.TrimRight(strings.TrimSpace(text[:at]), ";,،؛|"), strings.TrimSpace(text[at+len(label)+2:])
		if before != "" {
			if codes, ok = f.words[v.ID].several(before); !ok || !several(v) {
				continue
			}
		}
		return append(codes, v.Choices[i].Code), words, words != ""
	}
	return nil, "", false
}

// offered are the first choices of a variable, for who has to mend a cell.
func (f *Form) offered(v *questionnaire.Variable) string {
	const most = 8
	var words []string
	for i, c := range v.Choices {
		if i == most {
			words = append(words, "…")
			break
		}
		label := c.Label.In("en", f.Instrument.Version().Definition.Languages...)
		if label == "" || label == c.Code {
			words = append(words, c.Code)
			continue
		}
		words = append(words, c.Code+" ("+cut(label, 40)+")")
	}
	return strings.Join(words, ", ")
}

// readDay writes a day in ISO form, as far as the item asks for it.
func (a *answers) readDay(i int, c Column, v *questionnaire.Variable, text string) {
	iso := isoOf(text, c.Dates)
	switch {
	case iso == "":
		a.put(i, string(v.ID), text) // a month or a year alone; the questionnaire says if not
	case v.Kind == questionnaire.KindDateTime:
		a.put(i, string(v.ID), iso)
	default:
		iso = iso[:10]
		length := map[string]int{questionnaire.PrecisionYear: 4, questionnaire.PrecisionMonth: 7}[v.Item.Precision]
		if length > 0 {
			iso = iso[:length]
		}
		a.put(i, string(v.ID), iso)
	}
}

// complete makes whole what several columns said.
func (a *answers) complete() {
	for control, values := range a.raw {
		if len(values) > 1 && !strings.HasSuffix(control, "__order") {
			slices.Sort(values)
			a.raw[control] = slices.Compact(values)
		}
	}
	if !a.mapping.Blanks {
		return
	}
	for i := range a.form.Instrument.Variables() {
		v := &a.form.Instrument.Variables()[i]
		chosen := a.raw[string(v.ID)]
		at := slices.IndexFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Meaning == questionnaire.MeaningOther })
		if at >= 0 && slices.Contains(chosen, v.Choices[at].Code) && len(a.raw[questionnaire.OtherControl(v.ID)]) == 0 {
			a.put(a.places[string(v.ID)]-1, questionnaire.OtherControl(v.ID), NoWords)
		}
	}
}
