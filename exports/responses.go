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
	labels    *grid
	codes     *grid
	reasons   *grid // why answers are missing: response_id and the variables; nil: not wanted
	looks     cellStyles
	pairs     *pairs
	quotes    *quotes
	quality   *surveys.Notes
	total     int
	filled    []int // by column about the response: cells that are not blank
	withheld  int   // open answers shown as notYetRead or heldBack

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
		data: d, options: opt, zone: d.Programme.Location(), meta: metaColumns(d, r),
		variables: unite(d, opt.Language), quotes: newQuotes(d),
	}
	nameColumns(x.meta, x.variables)
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
	for _, v := range x.variables {
		columns = append(columns, column{head: v.heading(x.options.Language), width: v.width(), look: look{right: v.right()}})
		for _, c := range v.columns {
			columns = append(columns, column{head: v.columnHeading(c, x.options.Language), width: 22, look: look{right: columnOf(c.Holds).number}})
		}
	}
	return columns
}

// codeColumns are the headings for analysis programs.
func (x *responses) codeColumns() []column {
	var columns []column
	for _, m := range x.meta {
		columns = append(columns, column{head: m.name, width: m.width, look: look{right: m.right}})
	}
	for _, v := range x.variables {
		width := max(12, float64(len(v.name))*1.25+4)
		if v.newest.Open {
			width = v.width()
		}
		columns = append(columns, column{head: v.name, width: width, look: look{right: v.coded()}})
		for i, c := range v.columns {
			columns = append(columns, column{head: v.names[i], width: max(12, float64(len(v.names[i]))*1.25+4), look: look{right: columnOf(c.Holds).number}})
		}
	}
	return columns
}

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

// read reads all responses once.
func (x *responses) read(ctx context.Context) (err error) {
	if x.quality, err = x.data.QualityNotes(ctx); err != nil {
		return err
	}
	for r, err := range x.data.Responses(ctx) {
		if err != nil {
			return fmt.Errorf("reading responses: %w", err)
		}
		if err := x.add(&r); err != nil {
			return err
		}
	}
	for _, g := range x.grids() {
		if err := g.seal(); err != nil {
			return err
		}
	}
	return x.pairs.finish()
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
	x.addMeta(&row{Response: r, data: x.data, zone: x.zone, person: person.ref(), paired: person.state, notes: x.quality.Of(r)})
	if x.reasons != nil {
		x.reasons.encoder.text(0, x.looks.text, r.ID.Reference())
	}
	column := len(x.meta)
	for _, v := range x.variables {
		column = x.addAnswer(column, v, form, r)
	}
	x.total++
	for _, g := range x.grids() {
		if err := g.end(); err != nil {
			return err
		}
	}
	x.quotes.add(r, person.counted || person.matched)
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

// addAnswer writes the cells of one variable, its further columns included, and
// returns the number of the next column.
func (x *responses) addAnswer(column int, v *variable, form int, r *surveys.Response) int {
	next := column + 1 + len(v.columns)
	w, a := v.answerOf(form, r)
	v.spread.add(a.Missing)
	v.sum(r.Wave, w, a)
	x.addMissing(column, v, a.Missing)
	if w == nil {
		return next
	}
	words, cleared := w.Written(a), true
	if words != "" {
		if words, cleared = x.words(r.ID, v.id, words); !cleared {
			a.Text = ""
			x.withheld++
		}
	}
	switch {
	case a.Number != nil:
		x.addNumber(column, w, a)
	case w.Open:
		x.both(column, words)
	case w.Kind == questionnaire.KindDate:
		x.addDate(column, a.Text)
	default:
		x.labels.encoder.text(column, x.looks.text, w.label(a, x.options.Language))
		x.code(x.codes.encoder, column, w.code(a))
	}
	for i, c := range v.columns {
		x.addColumn(column+1+i, c, w, a, words)
	}
	return next
}

// addMissing says why there is no answer, where that is wanted.
func (x *responses) addMissing(column int, v *variable, reason questionnaire.Missing) {
	if reason == questionnaire.Answered {
		return
	}
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
}
