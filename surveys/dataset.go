package surveys

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// Dataset is all that outcomes and exports need of one strand: one design, one
// questionnaire and its variants in all their versions, whose answers join by the
// ids of variables. The responses are streamed, as often as asked for, and never
// held.
type Dataset struct {
	Programme    Programme
	Strand       Strand
	Institutions map[InstitutionID]Institution
	Cohorts      map[CohortID]Cohort
	CohortOrder  []CohortID                  // in the order of their creation
	Workshops    map[WorkshopID]Workshop     // that may be rated
	Instruments  []*questionnaire.Instrument // each version that may have been answered: the strand's own from the first, then those of each variant
	Latest       *questionnaire.Instrument   // what is measured: the newest of the strand's own, and what only variants have
	Decisions    []pairing.Decision          // what counts of Rulings, in the order they were taken
	Rulings      []PairRuling                // the log of what people said about pairs, oldest first
	Readings     map[ReadingKey]Reading
	Themes       map[ThemeID]Theme         // of the programme
	Uses         map[ReadingKey][]QuoteUse // where quotes were used, oldest first
	Summaries    []Summary                 // what people changed in the page that sums a report up
	LeftOut      LeftOut
	Concerns     map[ReadingKey]ConcernState // what the safeguarding lead decided, or has to
	Watched      int                         // the version of what is looked out for
	Revised      int                         // how often responses were corrected or withdrawn: a mark of what a report was made of

	store ResponseStore
	log   func(context.Context) (Log, error) // nil: there is none

	frozen map[Profile]frozenReport // figures that are not worked out any more; see Frozen

	watcher *watcher
	choices map[ResponseID][]questionnaire.ItemID // that wait with the lead
}

// Dataset gathers a strand's data; the account needs to be its evaluator.
func (s *Service) Dataset(ctx context.Context, programme ProgrammeID, strand StrandID) (*Dataset, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	return s.dataset(ctx, programme, strand)
}

// dataset gathers a strand's data for what shows no more of them than who asked may see.
func (s *Service) dataset(ctx context.Context, programme ProgrammeID, strand StrandID) (*Dataset, error) {
	d, err := s.strandOnly(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	d.store = s.store
	d.log = func(ctx context.Context) (Log, error) { return s.readLog(ctx, d) }
	for _, read := range []func(context.Context, *Service) error{d.readPlaces, d.readInstruments, d.readDecisions, d.readReadings, d.readConcerns, d.readSummaries, d.readLeftOut, d.readFrozen} {
		if err := read(ctx, s); err != nil {
			return nil, fmt.Errorf("gathering strand %s: %w", strand, err)
		}
	}
	return d, nil
}

// strandOnly is a dataset of nothing but a strand of a programme.
func (s *Service) strandOnly(ctx context.Context, programme ProgrammeID, strand StrandID) (*Dataset, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, err
	}
	line, ok := p.Strand(strand)
	if !ok {
		return nil, notFound("strand.not_found")
	}
	return &Dataset{Programme: p, Strand: line}, nil
}

// FilterChoices gathers what a filter can be made of in a strand, without any response,
// for who may read figures.
func (s *Service) FilterChoices(ctx context.Context, programme ProgrammeID, strand StrandID) (*Dataset, error) {
	if _, err := require(ctx, programme, MayReadFigures); err != nil {
		return nil, err
	}
	d, err := s.strandOnly(ctx, programme, strand)
	if err != nil {
		return nil, err
	}
	if err := d.readPlaces(ctx, s); err != nil {
		return nil, err
	}
	return d, d.readInstruments(ctx, s)
}

func (d *Dataset) readPlaces(ctx context.Context, s *Service) error {
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(d.Programme.ID))
	if err != nil {
		return err
	}
	d.Institutions = make(map[InstitutionID]Institution, len(institutions))
	for _, i := range institutions {
		d.Institutions[i.ID] = i
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(d.Programme.ID))
	if err != nil {
		return err
	}
	d.Cohorts = make(map[CohortID]Cohort, len(cohorts))
	for _, c := range cohorts {
		d.Cohorts[c.ID] = c
		d.CohortOrder = append(d.CohortOrder, c.ID)
	}
	workshops, err := listRecords[Workshop](ctx, s.store, recordWorkshop, string(d.Programme.ID))
	if err != nil {
		return err
	}
	d.Workshops = make(map[WorkshopID]Workshop, len(workshops))
	for _, w := range workshops {
		d.Workshops[w.ID] = w
	}
	return nil
}

func (d *Dataset) readInstruments(ctx context.Context, s *Service) error {
	var newest []*questionnaire.Instrument
	for i, id := range d.Strand.Questionnaires() {
		versions, err := s.versions(ctx, id)
		if err != nil {
			return err
		}
		for _, v := range versions {
			form, err := s.Instrument(ctx, v.Questionnaire, v.Number)
			if err != nil {
				return err
			}
			d.Instruments = append(d.Instruments, form)
		}
		switch {
		case len(versions) > 0:
			newest = append(newest, d.Instruments[len(d.Instruments)-1])
		case i == 0:
			return invalid("questionnaire", "questionnaire.not_published", string(id))
		}
	}
	var err error
	d.Latest, err = questionnaire.Unite(newest...)
	return err
}

// IndexOf returns the place in Instruments of what r answers; -1 if it is not there.
func (d *Dataset) IndexOf(r *Response) int {
	for i, form := range d.Instruments {
		if v := form.Version(); v.Number == r.Version && v.Questionnaire == r.Questionnaire {
			return i
		}
	}
	return -1
}

// Instrument returns what r answers, nil if it is not there.
func (d *Dataset) Instrument(r *Response) *questionnaire.Instrument {
	if i := d.IndexOf(r); i >= 0 {
		return d.Instruments[i]
	}
	return nil
}

// VersionName is what people call the version at place i of Instruments: "2", or
// "primary 2" where the strand has variants.
func (d *Dataset) VersionName(i int) string {
	v := d.Instruments[i].Version()
	if len(d.Strand.Variants) == 0 {
		return strconv.Itoa(v.Number)
	}
	return string(v.Questionnaire) + " " + strconv.Itoa(v.Number)
}

// NewestFirst lists the places in Instruments from the one whose words count most: the strand's
// own from the newest to the first, then those of each variant likewise.
func (d *Dataset) NewestFirst() []int {
	var order []int
	for from := 0; from < len(d.Instruments); {
		to := from
		for to < len(d.Instruments) && d.Instruments[to].Version().Questionnaire == d.Instruments[from].Version().Questionnaire {
			to++
		}
		for i := to - 1; i >= from; i-- {
			order = append(order, i)
		}
		from = to
	}
	return order
}

func (d *Dataset) readDecisions(ctx context.Context, s *Service) error {
	log, err := s.pairRulings(ctx, d.Programme.ID, d.Strand.ID)
	d.Rulings, d.Decisions = log, decisionsIn(log)
	return err
}

func (d *Dataset) readReadings(ctx context.Context, s *Service) error {
	readings, err := listRecords[Reading](ctx, s.store, recordReading, strandScope(d.Programme.ID, d.Strand.ID))
	if err != nil {
		return err
	}
	d.Readings = make(map[ReadingKey]Reading, len(readings))
	for _, r := range readings {
		d.Readings[ReadingKey{r.Response, r.Variable}] = r
	}
	themes, err := listRecords[Theme](ctx, s.store, recordTheme, string(d.Programme.ID))
	if err != nil {
		return err
	}
	d.Themes = make(map[ThemeID]Theme, len(themes))
	for _, t := range themes {
		d.Themes[t.ID] = t
	}
	uses, err := listRecords[QuoteUse](ctx, s.store, recordQuoteUse, strandScope(d.Programme.ID, d.Strand.ID))
	if err != nil {
		return err
	}
	d.Uses = make(map[ReadingKey][]QuoteUse, len(uses))
	for _, use := range uses {
		d.Uses[use.ReadingKey()] = append(d.Uses[use.ReadingKey()], use)
	}
	return nil
}

// LeftOut counts the responses of a strand that no result has.
type LeftOut struct {
	Withdrawn int // by the respondent
	Excluded  int // by a person, who said why
	Deleted   int // and not destroyed yet
	Held      int // came late, and nobody has decided
	Begun     int // not sent
}

func (d *Dataset) readLeftOut(ctx context.Context, s *Service) error {
	counts, err := s.store.CountResponses(ctx, d.Programme.ID)
	if err != nil {
		return err
	}
	places := map[Status]*int{
		StatusWithdrawn: &d.LeftOut.Withdrawn, StatusExcluded: &d.LeftOut.Excluded, StatusDeleted: &d.LeftOut.Deleted,
		StatusHeld: &d.LeftOut.Held, StatusInProgress: &d.LeftOut.Begun,
	}
	for key, n := range counts {
		if place := places[key.Status]; place != nil && key.Strand == d.Strand.ID {
			*place += n
		}
	}
	d.Revised, err = s.store.CountRecords(ctx, recordRevised, strandScope(d.Programme.ID, d.Strand.ID), time.Time{})
	return err
}

// Heads streams all responses whatever their status, without answers, by status,
// time of submission and id.
func (d *Dataset) Heads(ctx context.Context) iter.Seq2[Response, error] {
	return d.store.ResponseHeads(ctx, d.Programme.ID, d.Strand.ID)
}

// NewDataset returns d with its responses streamed from store, for data that no
// Service gathered: what an import would give, and measuring without a store.
func NewDataset(d Dataset, store ResponseStore) *Dataset {
	d.store = store
	return &d
}

// Responses streams the submitted responses by time of submission, then id.
func (d *Dataset) Responses(ctx context.Context) iter.Seq2[Response, error] {
	return d.store.Responses(ctx, d.Programme.ID, d.Strand.ID)
}

// passing is what a store may offer beside ResponseStore to who reads all responses
// once and keeps none; see Passing.
type passing interface {
	PassingResponses(ctx context.Context, programme ProgrammeID, strand StrandID) iter.Seq2[Response, error]
}

// Passing streams what Responses does, for who keeps none of them: a response need
// hold no more than who sent what, where and when (no notes, answers set aside,
// history, device or revision), and its Answers are good until the next one only.
func (d *Dataset) Passing(ctx context.Context) iter.Seq2[Response, error] {
	if store, ok := d.store.(passing); ok {
		return store.PassingResponses(ctx, d.Programme.ID, d.Strand.ID)
	}
	return d.Responses(ctx)
}

// Elements returns the hashed linkage codes by response.
func (d *Dataset) Elements(ctx context.Context) (map[ResponseID][]pairing.ElementHash, error) {
	elements := map[ResponseID][]pairing.ElementHash{}
	for l, err := range d.store.Linkages(ctx, d.Programme.ID, d.Strand.ID) {
		if err != nil {
			return nil, fmt.Errorf("reading linkages: %w", err)
		}
		hashes, err := l.hashes()
		if err != nil {
			return nil, fmt.Errorf("reading the linkage of a response: %w", err)
		}
		elements[l.Response] = hashes
	}
	return elements, nil
}

// Block is within what the responses of a cohort are paired, as the strand says.
func (d *Dataset) Block(c CohortID) string {
	switch d.Strand.Block {
	case BlockCohort:
		return string(c)
	case BlockInstitution:
		if i := d.Cohorts[c].Institution; i != "" {
			return string(i)
		}
		return string(c)
	}
	return ""
}

// InstitutionOf returns the institution of a cohort, or the zero one.
func (d *Dataset) InstitutionOf(c CohortID) Institution {
	return d.Institutions[d.Cohorts[c].Institution]
}

// PhaseOf returns the phase a cohort is in: its own, or its institution's.
func (d *Dataset) PhaseOf(c CohortID) string {
	return cmp.Or(d.Cohorts[c].Phase, d.InstitutionOf(c).Phase)
}

// submitted returns a response of a strand that was sent. KindNotFound for any other.
func (s *Service) submitted(ctx context.Context, programme ProgrammeID, strand StrandID, id ResponseID) (Response, error) {
	r, err := s.store.Response(ctx, id)
	if err != nil {
		return r, orNotFound(err, "response.unknown")
	}
	if r.Programme != programme || r.Strand != strand || r.Status != StatusSubmitted {
		return Response{}, notFound("response.unknown")
	}
	return r, nil
}
