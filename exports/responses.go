package exports

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// The words for an open answer that may not leave the product.
const (
	notYetRead = "[not yet read]" // nobody has read it
	heldBack   = "[held back]"    // it was read, and not cleared
)

// responses is the one pass over the responses: it encodes the rows of both
// Responses sheets and counts what the summaries say.
type responses struct {
	data      *surveys.Dataset
	options   Options
	zone      *time.Location
	meta      []metaColumn
	variables []*variable
	slots     []slot // columns after those of meta
	labels    *grid
	codes     *grid
	reasons   *grid // why answers are missing: response_id and the variables; nil: not wanted
	looks     cellStyles
	pairs     *pairs
	quotes    *quotes
	quality   *surveys.Notes
	lost      *lost
	decisions *decisions
	keeps     func(surveys.ResponseID) bool // who is in the report
	total     int                           // rows
	filled    []int                         // by column about the response: cells that are not blank
	withheld  int                           // open answers shown as notYetRead or heldBack
	kept      []questionnaire.ItemID        // variables of the response at hand that wait with the safeguarding lead

	// missing, if not nil, gives the number that stands among the codes for a reason
	// why a variable has no answer.
	missing func(v *variable, reason questionnaire.Missing) (float64, bool)
}

// cellStyles are the styles of data cells, made before the rows.
type cellStyles struct {
	text, number, date int
	meta               []int
}

func newResponses(b *book, d *surveys.Dataset, r *outcomes.Report, opt Options) (*responses, error) {
	opt.Language = opt.language(d)
	x := &responses{
		data: d, options: opt, zone: d.Programme.Location(), meta: metaColumns(d), quotes: newQuotes(d),
		lost: newLost(), decisions: &decisions{data: d}, keeps: r.Keeps,
	}
	x.variables, x.slots = unite(d, opt.Language)
	nameColumns(x.meta, x.slots)
	x.looks = cellStyles{text: b.styles.id(lookData), number: b.styles.id(lookDataNumber(asGeneral)), date: b.styles.id(lookDataNumber(asDate))}
	for _, m := range x.meta {
		x.looks.meta = append(x.looks.meta, b.styles.id(m.look()))
	}
	x.filled = make([]int, len(x.meta))
	var err error
	if x.labels, err = newGrid(sheetLabels, "Labels", x.labelColumns(), opt); err != nil {
		return nil, err
	}
	if x.codes, err = newGrid(sheetCodes, "Codes", x.codeColumns(), opt); err != nil {
		return nil, err
	}
	x.pairs, err = newPairs(b, d, r, opt)
	return x, err
}

func (m metaColumn) look() look {
	if m.number != nil {
		return lookDataNumber(m.format)
	}
	return lookData
}

// labelColumns are the headings in words.
func (x *responses) labelColumns() []column {
	var columns []column
	for _, m := range x.meta {
		columns = append(columns, column{head: m.heading, width: m.width, look: look{right: m.right}})
	}
	for _, s := range x.slots {
		if s.further == own {
			columns = append(columns, column{head: s.columnHead(x.options.Language), width: s.width(), look: look{right: s.right()}})
			continue
		}
		c := s.column()
		columns = append(columns, column{head: s.columnHeading(c, x.options.Language), width: 22, look: look{right: columnOf(c.Holds).number}})
	}
	return columns
}

// codeColumns are the headings for analysis programs.
func (x *responses) codeColumns() []column {
	var columns []column
	for _, m := range x.meta {
		columns = append(columns, column{head: m.name, width: m.width, look: look{right: m.right}})
	}
	for _, s := range x.slots {
		columns = append(columns, s.codeColumn())
	}
	return columns
}

func (s slot) codeColumn() column {
	if s.further != own {
		name := s.names[s.further]
		return column{head: name, width: widthOf(name), look: look{right: columnOf(s.column().Holds).number}}
	}
	width := widthOf(s.name)
	if s.newest.Open {
		width = s.width()
	}
	return column{head: s.name, width: width, look: look{right: s.coded()}}
}

// widthOf is how wide the column of a name is.
func widthOf(name string) float64 { return max(12, float64(len(name))*1.25+4) }

// width is how wide the answers are in words.
func (u *variable) width() float64 {
	switch {
	case u.newest.Open:
		return 60
	case u.right():
		return 16
	}
	return 28
}

// right says that the answers are numbers in both sheets.
func (u *variable) right() bool {
	v := u.newest
	return v.Kind == questionnaire.KindNumber || v.IsScale() || v.Kind == questionnaire.KindCalculated && v.Numeric || isDay(v)
}

// isDay says whether the answers to v are days of the calendar.
func isDay(v *questionnaire.Variable) bool {
	return v.Kind == questionnaire.KindDate && (v.Item.Precision == "" || v.Item.Precision == questionnaire.PrecisionDay)
}

// coded says that the codes of the answers are numbers.
func (u *variable) coded() bool {
	if u.right() {
		return true
	}
	return slices.ContainsFunc(u.newest.Choices, func(c questionnaire.Choice) bool {
		several := u.newest.Kind == questionnaire.KindMultipleChoice || u.newest.Kind == questionnaire.KindRanking
		return !several && u.newest.ChoiceCode(c.Code).IsNumber
	})
}

// progressEvery is after how many responses somebody is told.
const progressEvery = 1000

// read reads all responses once.
func (x *responses) read(ctx context.Context) (err error) {
	if x.quality, err = x.data.QualityNotes(ctx); err != nil {
		return err
	}
	seen := 0
	for r, err := range x.data.Responses(ctx) {
		if err != nil {
			return fmt.Errorf("reading responses: %w", err)
		}
		if x.keeps(r.ID) {
			if err := x.add(&r); err != nil {
				return err
			}
		}
		if seen++; seen%progressEvery == 0 {
			x.progress(seen)
		}
	}
	x.progress(seen)
	for _, g := range x.grids() {
		if err := g.seal(); err != nil {
			return err
		}
	}
	return x.pairs.finish()
}

// progress tells whoever wants to know how many responses were read.
func (x *responses) progress(seen int) {
	if x.options.Progress != nil {
		x.options.Progress(seen)
	}
}

// grids are the tables that have one row a response.
func (x *responses) grids() []*grid {
	if x.reasons == nil {
		return []*grid{x.labels, x.codes}
	}
	return []*grid{x.labels, x.codes, x.reasons}
}

// add writes the rows of one response.
func (x *responses) add(r *surveys.Response) error {
	form := x.data.IndexOf(r)
	if form < 0 {
		return fmt.Errorf("response %s answers version %d of %s, which is not there", r.ID, r.Version, r.Questionnaire)
	}
	person := x.pairs.person(r)
	for _, g := range x.grids() {
		if err := g.begin(); err != nil {
			return err
		}
	}
	x.kept = x.data.WithheldChoices(r)
	x.addMeta(&row{Response: r, data: x.data, zone: x.zone, person: person.ref(), paired: person.state, notes: x.quality.Of(r)})
	if x.reasons != nil {
		x.reasons.encoder.text(0, x.looks.text, r.ID.Reference())
	}
	for _, v := range x.variables {
		x.take(v, form, r)
	}
	for i, s := range x.slots {
		x.addSlot(len(x.meta)+i, s)
	}
	x.total++
	for _, g := range x.grids() {
		if err := g.end(); err != nil {
			return err
		}
	}
	x.quotes.add(r, person.counted || person.matched)
	x.lost.add(r, person)
	x.decisions.correct(r)
	return x.pairs.add(r, person)
}

func (x *responses) addMeta(r *row) {
	for i := range x.meta {
		m, style := &x.meta[i], x.looks.meta[i]
		if m.number != nil {
			if v, ok := m.number(r); ok {
				x.filled[i]++
				x.labels.encoder.number(i, style, v)
				x.codes.encoder.number(i, style, v)
			}
			continue
		}
		text := m.text(r)
		if text != "" {
			x.filled[i]++
		}
		x.labels.encoder.text(i, style, text)
		if m.codes != nil {
			text = m.codes(r)
		}
		x.codes.encoder.text(i, style, text)
	}
}

// take finds what r answers to a variable, and counts it.
func (x *responses) take(v *variable, form int, r *surveys.Response) {
	w, a := v.answerOf(form, r)
	v.spread.add(a.Missing)
	v.sum(r.Wave, w, a)
	v.given = given{in: w, answer: a}
	if w == nil {
		return
	}
	if slices.Contains(x.kept, v.id) { // rows do not show it, sums count it
		v.given.answer = questionnaire.Answer{Missing: questionnaire.Withheld}
		return
	}
	words := w.Written(a)
	if words == "" {
		return
	}
	cleared := true
	if v.given.words, cleared = x.words(r.ID, v.id, words); !cleared {
		v.given.answer.Text = ""
		x.withheld++
	}
}

// addSlot writes the cell of one column.
func (x *responses) addSlot(column int, s slot) {
	w, a := s.given.in, s.given.answer
	switch {
	case s.further != own && w != nil:
		x.addColumn(column, s.column(), w, a, s.given.words)
	case s.further != own:
	case a.Missing != questionnaire.Answered:
		x.addMissing(column, s.variable, a.Missing)
	case a.Number != nil:
		x.addNumber(column, w, a)
	case w.Open:
		x.both(column, s.given.words)
	case w.Kind == questionnaire.KindDate:
		x.addDate(column, a.Text)
	default:
		x.labels.encoder.text(column, x.looks.text, w.label(a, x.options.Language))
		x.code(x.codes.encoder, column, w.code(a))
	}
}

// addMissing says why there is no answer: among the labels in words, which AVERAGE
// and COUNT pass over, among the codes where a number for it is wanted.
func (x *responses) addMissing(column int, v *variable, reason questionnaire.Missing) {
	x.labels.encoder.text(column, x.looks.text, reason.Bracketed())
	if x.reasons != nil {
		x.reasons.encoder.text(column-len(x.meta)+1, x.looks.text, string(reason))
	}
	if x.missing == nil {
		return
	}
	if number, ok := x.missing(v, reason); ok {
		x.codes.encoder.number(column, x.looks.number, number)
	}
}

// addNumber writes a number; among the labels a point of a scale that has words
// is those.
func (x *responses) addNumber(column int, w *worded, a questionnaire.Answer) {
	x.codes.encoder.number(column, x.looks.number, *a.Number)
	if words := w.Show(a, x.options.Language); w.IsScale() && words != w.Code(a).Text {
		x.labels.encoder.text(column, x.looks.text, words)
		return
	}
	x.labels.encoder.number(column, x.looks.number, *a.Number)
}

// firstDay is the first day that Excel counts as other programs do: it believes
// that there was a 29 February 1900.
var firstDay = time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC)

// addDate writes a day as a date that can be counted with; a month, a year and a
// day before Excel's calendar are text.
func (x *responses) addDate(column int, text string) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Before(firstDay) {
		x.both(column, text)
		return
	}
	number, _ := serial(day, time.UTC)
	x.labels.encoder.number(column, x.looks.date, number)
	x.codes.encoder.number(column, x.looks.date, number)
}

// addColumn writes a column of a choice, of the words of "other" or of the order.
func (x *responses) addColumn(column int, c questionnaire.Column, w *worded, a questionnaire.Answer, words string) {
	switch c.Holds {
	case questionnaire.HoldsWords:
		x.both(column, words)
		return
	case questionnaire.HoldsOrder:
		x.both(column, c.Code(a).Text)
		return
	}
	if _, asked := w.Choice(c.Choice); asked {
		x.code(x.labels.encoder, column, c.Code(a))
		x.code(x.codes.encoder, column, c.Code(a))
	}
}

func (x *responses) both(column int, text string) {
	x.labels.encoder.text(column, x.looks.text, text)
	x.codes.encoder.text(column, x.looks.text, text)
}

func (x *responses) code(e encoder, column int, code questionnaire.Code) {
	if code.IsNumber {
		e.number(column, x.looks.number, code.Number)
		return
	}
	e.text(column, x.looks.text, code.Text)
}

// words returns what may be shown of an open answer.
func (x *responses) words(r surveys.ResponseID, v questionnaire.ItemID, text string) (_ string, cleared bool) {
	reading, read := x.data.Readings[surveys.ReadingKey{Response: r, Variable: v}]
	switch {
	case reading.Cleared:
		return text, true
	case x.data.WithLead(surveys.ReadingKey{Response: r, Variable: v}):
		return questionnaire.Withheld.Bracketed(), false
	case read:
		return heldBack, false
	}
	return notYetRead, false
}

// close removes what is kept of the rows.
func (x *responses) close() {
	for _, g := range x.grids() {
		if g != nil {
			g.close()
		}
	}
	x.pairs.close()
	x.decisions.close()
}
