package olddata

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// Head is one response that a row holds, before its answers are read.
type Head struct {
	Wave       questionnaire.Wave
	Cohort     string    // id
	Language   string    // tag; "" is the questionnaire's own
	Submitted  time.Time // UTC
	Respondent string    // as written; goes no further than a keyed hash
	Row        string    // what identifies the row: its name, or all that the row said
	Named      bool      // Row is a name that the file gives
}

// CellError says what is wrong with a cell, and how to mend it. Column 0 is the
// whole row.
type CellError struct {
	Row, Column int
	Key         string
	Args        []any
}

// Reader reads the rows of a table as a mapping says.
type Reader struct {
	mapping Mapping
	zone    *time.Location
	missing []map[string]bool // by column, normalised
	known   map[string]bool   // ids of cohorts
	any     *Form             // of all questionnaires, for what is not a cohort's own
}

// NewReader returns a reader. cohorts are the ids that there are; any is a form
// with the languages of all.
func NewReader(m Mapping, zone *time.Location, cohorts []string, any *Form) *Reader {
	r := &Reader{mapping: m, zone: zone, known: map[string]bool{}, any: any}
	for _, id := range cohorts {
		r.known[id] = true
	}
	for _, c := range m.Columns {
		markers := map[string]bool{}
		for _, marker := range slices.Concat(m.Missing, c.Missing) {
			markers[normalValue(marker)] = true
		}
		r.missing = append(r.missing, markers)
	}
	return r
}

// cell is what a column of a row says, "" for what stands for no answer.
func (r *Reader) cell(row sheets.Row, i int) string {
	text := row.Cell(i + 1)
	if text != "" && r.missing[i][normalValue(text)] {
		return ""
	}
	return text
}

// Heads reads what responses a row holds: none if it is blank, one of a long
// table, one for each wave of a wide one that has an answer.
func (r *Reader) Heads(row sheets.Row) ([]Head, []CellError) {
	base, errs := r.base(row)
	if !r.mapping.Wide() {
		wave, err := r.wave(row)
		if err != nil {
			errs = append(errs, *err)
		}
		base.Wave = wave
		if base.Row == "" {
			base.Row = strings.Join(row.Cells, "\x00")
		}
		if len(errs) > 0 || !r.answers(row, "") {
			return nil, r.ifAnswered(row, errs)
		}
		return []Head{base}, nil
	}
	var heads []Head
	waves := r.mapping.wideWaves()
	if base.Row == "" {
		base.Row = r.firstCells(row, waves[0])
	}
	for _, wave := range waves {
		if !r.answers(row, wave) {
			continue
		}
		head := base
		head.Wave = wave
		if at, err := r.submitted(row, wave); err != nil {
			errs = append(errs, *err)
		} else if !at.IsZero() {
			head.Submitted = at
		}
		heads = append(heads, head)
	}
	if len(errs) > 0 || len(heads) == 0 {
		return nil, r.ifAnswered(row, errs)
	}
	return heads, nil
}

// ifAnswered are the errors of a row; of one without any answer, that alone.
func (r *Reader) ifAnswered(row sheets.Row, errs []CellError) []CellError {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetNone && !c.Target.About() && r.cell(row, i) != "" {
			return errs
		}
	}
	return []CellError{{Row: row.Number, Key: "old_data.blank_row"}}
}

// answers says whether a row has an answer of a wave.
func (r *Reader) answers(row sheets.Row, wave questionnaire.Wave) bool {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetNone && !c.Target.About() && c.Wave == wave && r.cell(row, i) != "" {
			return true
		}
	}
	return false
}

// firstCells identify a row of a wide table that has no name: all but what later
// waves said, which may be filled in afterwards.
func (r *Reader) firstCells(row sheets.Row, first questionnaire.Wave) string {
	var cells []string
	for i, cell := range row.Cells {
		if i < len(r.mapping.Columns) && r.mapping.Columns[i].Wave != "" && r.mapping.Columns[i].Wave != first {
			continue
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, "\x00")
}

// base reads what is about all responses of a row.
func (r *Reader) base(row sheets.Row) (Head, []CellError) {
	head := Head{Cohort: r.mapping.Cohort, Language: r.mapping.Language}
	if day, ok := parseDay(r.mapping.Submitted, DayFirst); ok {
		head.Submitted = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, r.zone).UTC()
	}
	var errs []CellError
	refuse := func(i int, key string, args ...any) {
		errs = append(errs, CellError{row.Number, i + 1, key, args})
	}
	for i, c := range r.mapping.Columns {
		text := r.cell(row, i)
		if c.Target == TargetCohort && text == "" && r.mapping.Cohort == "" {
			refuse(i, "old_data.cohort_blank")
		}
		if text == "" {
			continue
		}
		switch c.Target {
		case TargetRow:
			head.Row, head.Named = text, true
		case TargetRespondent:
			head.Respondent = text
		case TargetCohort:
			if head.Cohort = r.mapping.Cohorts[normalValue(text)]; !r.known[head.Cohort] {
				refuse(i, "old_data.unknown_cohort", cut(text, 60))
			}
		case TargetLanguage:
			tag, ok := r.any.Language(text)
			if head.Language = tag; !ok {
				refuse(i, "old_data.unknown_language", cut(text, 60))
			}
		}
	}
	if at, err := r.submitted(row, ""); err != nil {
		errs = append(errs, *err)
	} else if !at.IsZero() {
		head.Submitted = at
	}
	if head.Row == "" && head.Respondent != "" {
		head.Row, head.Named = head.Respondent, true
	}
	return head, errs
}

// submitted reads the column of the day for a wave.
func (r *Reader) submitted(row sheets.Row, wave questionnaire.Wave) (time.Time, *CellError) {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetSubmitted || c.Wave != wave {
			continue
		}
		text := r.cell(row, i)
		if text == "" {
			continue
		}
		at, ok := parseMoment(text, c.Dates, r.zone)
		if !ok {
			return at, &CellError{row.Number, i + 1, "old_data.unknown_day", []any{cut(text, 60)}}
		}
		return at, nil
	}
	return time.Time{}, nil
}

// wave reads the column of the wave.
func (r *Reader) wave(row sheets.Row) (questionnaire.Wave, *CellError) {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetWave {
			continue
		}
		text := r.cell(row, i)
		if wave, ok := r.mapping.Waves[normalValue(text)]; ok && wave != "" && text != "" {
			return wave, nil
		}
		if text == "" {
			return "", &CellError{row.Number, i + 1, "old_data.wave_blank", nil}
		}
		return "", &CellError{row.Number, i + 1, "old_data.unknown_row_wave", []any{cut(text, 60)}}
	}
	return r.mapping.Wave, nil
}

// withheld are what a workbook of ours says in place of words that nobody has
// cleared: they are no answers.
var withheld = map[string]bool{"[not yet read]": true, "[held back]": true}

// NoWords stands for the words beside "other" that a file does not have, where
// answers may be blank.
const NoWords = "[no words in the file]"

// Answers reads the answers of one response: the controls of a form as its
// respondent would have sent them, with the column that each is from (from 1).
func (r *Reader) Answers(row sheets.Row, head Head, form *Form) (questionnaire.Raw, map[string]int, []CellError) {
	a := answers{Reader: r, row: row, wave: head.Wave, form: form, raw: questionnaire.Raw{}, places: map[string]int{}}
	for i, c := range r.mapping.Columns {
		if c.Target == TargetNone || c.Wave != "" && c.Wave != head.Wave {
			continue
		}
		if text := r.cell(row, i); text != "" && !withheld[text] {
			a.read(i, c, text)
		}
	}
	a.complete()
	return a.raw, a.places, a.errs
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
