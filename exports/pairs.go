package exports

import (
	"fmt"
	"math"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// pairs makes the sheet Matched pairs: one row a person. Where responses are
// paired their scores are kept until both are read; in a then-and-now design each
// response is a row at once.
type pairs struct {
	data          *surveys.Dataset
	keeps         func(surveys.ResponseID) bool // who is in the report
	grid          *grid                         // nil: the design has no such sheet
	measures      []measure
	list          []pairing.Pair
	of            map[surveys.ResponseID]place
	unmatched     map[surveys.ResponseID]pairing.Reason
	repeats       map[surveys.ResponseID]bool
	later         map[surveys.ResponseID]pairing.Later
	halves        [][2]half // by pair
	text, number  int       // styles
	score, change []int     // styles, by measure
}

// place is where a response is in the pairs.
type place struct {
	pair  int
	after bool
}

// half is what is kept of one of two responses.
type half struct {
	submitted time.Time
	cohort    surveys.CohortID
	before    []float64 // by measure, where it is of this response: before, or then; NaN is none
	after     []float64 // and after, or now
}

// person is what the pairing says of one response.
type person struct {
	place
	matched bool
	counted bool // as a person of its cohort: not a repeat, nor the second of two
	state   string
	repeat  bool   // sent again: in no count
	reason  string // why it has no pair; "" if it has, or needs none
	known   string // reference of the person whose follow-up response it is
}

// ref is a short reference for a matched person, good within one workbook.
func (p person) ref() string {
	if !p.matched {
		return p.known
	}
	return personRef(p.pair)
}

func personRef(pair int) string { return fmt.Sprintf("P%05d", pair+1) }

func newPairs(b *book, d *surveys.Dataset, r *outcomes.Report, opt Options) (*pairs, error) {
	p := &pairs{
		data: d, keeps: r.Keeps, text: b.styles.id(lookData),
		number: b.styles.id(lookDataNumber(asGeneral)),
	}
	if !d.Strand.Paired() && d.Strand.Design != surveys.DesignThenNow {
		return p, nil
	}
	var err error
	if p.measures, err = takenTwice(d, r); err != nil {
		return nil, err
	}
	for _, m := range p.measures {
		score, change := asGeneral, asSigned
		if m.before.spec != nil { // a mean of items
			score, change = asHundreds, asSigned2
		}
		p.score, p.change = append(p.score, b.styles.id(lookDataNumber(score))), append(p.change, b.styles.id(lookDataNumber(change)))
	}
	if r.Pairing != nil {
		p.index(r.Pairing)
	}
	p.grid, err = newGrid(sheetPairs, "Pairs", p.columns(), opt)
	return p, err
}

// index makes the places of all responses known.
func (p *pairs) index(s *outcomes.PairingSummary) {
	p.list, p.halves = s.Pairs, make([][2]half, len(s.Pairs))
	p.of = make(map[surveys.ResponseID]place, 2*len(s.Pairs))
	for i, pair := range s.Pairs {
		p.of[surveys.ResponseID(pair.Pre)] = place{pair: i}
		p.of[surveys.ResponseID(pair.Post)] = place{pair: i, after: true}
	}
	p.unmatched = make(map[surveys.ResponseID]pairing.Reason, len(s.Unmatched))
	for _, u := range s.Unmatched {
		p.unmatched[u.ID] = u.Reason
	}
	p.repeats = make(map[surveys.ResponseID]bool, len(s.RepeatIDs))
	for _, id := range s.RepeatIDs {
		p.repeats[id] = true
	}
	p.later = map[surveys.ResponseID]pairing.Later{}
	if s.FollowUp == nil {
		return
	}
	for _, link := range s.FollowUp.Links {
		p.later[surveys.ResponseID(link.FollowUp)] = link
	}
	for _, id := range s.FollowUp.RepeatIDs {
		p.repeats[id] = true
	}
}

// thenNow says that one response is one person's row.
func (p *pairs) thenNow() bool { return p.data.Strand.Design == surveys.DesignThenNow }

func (p *pairs) columns() []column {
	names := []string{"person_ref", "cohort", "institution", "before_id", "after_id", "how_matched", "days_between"}
	widths := []float64{12, 28, 28, 34, 34, 34, 14}
	if p.thenNow() {
		names, widths = []string{"response_id", "cohort", "institution", "rated"}, []float64{34, 28, 28, 28}
	}
	var columns []column
	for i, name := range names {
		columns = append(columns, column{head: name, width: widths[i], look: look{right: name == "days_between"}})
	}
	for _, m := range p.measures {
		for _, half := range m.halfNames() {
			name := string(m.id) + "_" + half
			columns = append(columns, column{head: name, width: max(14, widthOf(name)), look: look{right: true}})
		}
	}
	return columns
}

// halfNames end the names of a measure's columns; what has no number has no change.
func (m *measure) halfNames() []string {
	names := []string{"before", "after", "change"}
	if m.fromMemory {
		names = []string{"then_from_memory", "now", "change"}
	}
	if m.coded {
		return names[:2]
	}
	return names
}

// person says what the pairing makes of r.
func (p *pairs) person(r *surveys.Response) person {
	if !p.data.Strand.Paired() {
		return person{counted: true}
	}
	if at, ok := p.of[r.ID]; ok {
		return person{place: at, matched: true, counted: !at.after, state: "matched " + pairName(p.list[at.pair].Kind)}
	}
	if reason, ok := p.unmatched[r.ID]; ok {
		return person{counted: true, state: "unmatched: " + unmatchedName(reason), reason: unmatchedName(reason)}
	}
	if p.repeats[r.ID] {
		return person{state: "sent again: not counted", repeat: true}
	}
	if link, ok := p.later[r.ID]; ok {
		return p.followUp(link)
	}
	if r.Wave == questionnaire.WaveFollowUp {
		return person{state: "follow-up: " + ofNobodyKnown, reason: ofNobodyKnown}
	}
	return person{state: cameLater + ": not counted", reason: cameLater}
}

// followUp says whose follow-up response it is; of a matched pair it has the same
// reference, which joins all three.
func (p *pairs) followUp(link pairing.Later) person {
	one := person{state: "follow-up: matched " + pairName(link.Kind)}
	if at, ok := p.of[surveys.ResponseID(link.Pre)]; ok && link.Post != "" {
		one.known = personRef(at.pair)
	}
	return one
}

// add keeps what the sheet needs of r, or writes its row.
func (p *pairs) add(r *surveys.Response, who person) error {
	if p.grid == nil {
		return nil
	}
	if !p.thenNow() && !who.matched {
		return nil
	}
	h := half{submitted: r.Submitted, cohort: surveys.CohortID(strings.Clone(string(r.Cohort)))}
	p.keepScores(&h, r, who.after || p.thenNow())
	if p.thenNow() {
		return p.addThenNow(r, &h)
	}
	side := 0
	if who.after {
		side = 1
	}
	p.halves[who.pair][side] = h
	return nil
}

// keepScores keeps the numbers of one response: of before, or, in the second of two, of
// after and what was then rated from memory.
func (p *pairs) keepScores(h *half, r *surveys.Response, second bool) {
	in := p.data.Instrument(r)
	h.before = make([]float64, len(p.measures))
	if second {
		h.after = make([]float64, len(p.measures))
	}
	for i := range p.measures {
		m := &p.measures[i]
		h.before[i] = nothing
		if m.fromMemory == second {
			h.before[i] = m.before.score(in, r.Answers)
		}
		if second {
			h.after[i] = m.after.score(in, r.Answers)
		}
	}
}

func (p *pairs) addThenNow(r *surveys.Response, h *half) error {
	if err := p.grid.begin(); err != nil {
		return err
	}
	texts := []string{r.ID.Reference(), p.data.Cohorts[r.Cohort].Name, p.data.InstitutionOf(r.Cohort).Name, "afterwards, from memory"}
	for i, text := range texts {
		p.grid.encoder.text(i, p.text, text)
	}
	p.addScores(len(texts), h, h)
	return p.grid.end()
}

// finish writes the rows of the pairs.
func (p *pairs) finish() error {
	if p.grid == nil {
		return nil
	}
	for i := range p.list {
		if err := p.addPair(i); err != nil {
			return err
		}
	}
	return p.grid.seal()
}

func (p *pairs) addPair(i int) error {
	if err := p.grid.begin(); err != nil {
		return err
	}
	pair, before, after := p.list[i], &p.halves[i][0], &p.halves[i][1]
	texts := []string{
		personRef(i), p.data.Cohorts[before.cohort].Name, p.data.InstitutionOf(before.cohort).Name,
		surveys.ResponseID(pair.Pre).Reference(), surveys.ResponseID(pair.Post).Reference(), pairName(pair.Kind),
	}
	for column, text := range texts {
		p.grid.encoder.text(column, p.text, text)
	}
	if !before.submitted.IsZero() && !after.submitted.IsZero() {
		days := math.Floor(after.submitted.Sub(before.submitted).Hours() / 24)
		p.grid.encoder.number(len(texts), p.number, days)
	}
	p.addScores(len(texts)+1, before, after)
	return p.grid.end()
}

// addScores writes the numbers of one person from a column on.
func (p *pairs) addScores(column int, first, second *half) {
	for i := range p.measures {
		m, from := &p.measures[i], first
		if m.fromMemory {
			from = second // both are in the one response
		}
		if len(from.before) == 0 || len(second.after) == 0 {
			return // a response that was withdrawn since it was paired
		}
		before, after := from.before[i], second.after[i]
		p.addNumber(column, i, &m.before, before)
		p.addNumber(column+1, i, &m.after, after)
		if !m.coded {
			p.grid.encoder.number(column+2, p.change[i], difference(before, after))
		}
		column += len(m.halfNames())
	}
}

// addNumber writes one number of measure i, or the code that it stands for.
func (p *pairs) addNumber(column, i int, from *source, v float64) {
	if from.codes == nil || math.IsNaN(v) {
		p.grid.encoder.number(column, p.score[i], v)
		return
	}
	p.grid.encoder.text(column, p.text, (*from.codes)[int(v)])
}

// difference is after minus before without the dust of binary fractions.
func difference(before, after float64) float64 { return math.Round((after-before)*1e10) / 1e10 }

func (p *pairs) close() {
	if p != nil && p.grid != nil {
		p.grid.close()
	}
}
