package surveys

import (
	"cmp"
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// CaredProgramme is what a safeguarding lead sees of a programme: its name, and how
// many concerns and people wait.
type CaredProgramme struct {
	ID     ProgrammeID
	Name   string
	Demo   bool
	Open   int
	Unread int // of those, by lead and deputy
	Asked  int // to be contacted, and nobody said yet that it is done
}

// CaredProgrammes lists the programmes whose concerns the account may read.
func (s *Service) CaredProgrammes(ctx context.Context) ([]CaredProgramme, error) {
	account, ok := AccountFrom(ctx)
	if !ok {
		return nil, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	all, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	var mine []CaredProgramme
	for _, p := range all {
		if !account.May(p.ID, MayReadConcerns) {
			continue
		}
		one, err := s.caredProgramme(ctx, p)
		if err != nil {
			return nil, err
		}
		mine = append(mine, one)
	}
	return mine, err
}

// ProgrammeForCare returns a programme to who may read its concerns or say what is looked
// out for, who need not be able to see anything else of it.
func (s *Service) ProgrammeForCare(ctx context.Context, id ProgrammeID) (Programme, error) {
	if _, err := require(ctx, id, MaySetLookout); err != nil {
		return Programme{}, err
	}
	return readRecord[Programme](ctx, s.store, recordProgramme, string(id))
}

func (s *Service) caredProgramme(ctx context.Context, p Programme) (CaredProgramme, error) {
	one := CaredProgramme{ID: p.ID, Name: p.Name, Demo: p.Demo}
	open, err := s.concernsOf(ctx, p, openConcerns)
	for _, c := range open {
		one.Open++
		if c.Unread() {
			one.Unread++
		}
	}
	if err != nil {
		return one, err
	}
	approaches, err := listRecords[Approach](ctx, s.store, recordApproach, string(p.ID))
	for _, a := range approaches {
		if a.Closed.IsZero() {
			one.Asked++
		}
	}
	return one, err
}

// concernsOf lists the concerns of a programme that are in one scope of each strand.
func (s *Service) concernsOf(ctx context.Context, p Programme, scope func(ProgrammeID, StrandID) string) ([]Concern, error) {
	var all []Concern
	for _, strand := range p.Strands {
		some, err := listRecords[Concern](ctx, s.store, recordConcern, scope(p.ID, strand.ID))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// ListedConcern is a concern with where it comes from, and no word of the answer.
type ListedConcern struct {
	Concern
	StrandTitle string
	Cohort      Cohort      // zero: gone
	Institution Institution // likewise
}

// Concerns lists those of a programme: the open ones, the most urgent first and of
// those the oldest; or those that were dealt with, the newest first. No answer is read.
func (s *Service) Concerns(ctx context.Context, programme ProgrammeID, closed bool) ([]ListedConcern, error) {
	if _, err := require(ctx, programme, MayReadConcerns); err != nil {
		return nil, err
	}
	d, err := s.caredPlaces(ctx, programme)
	if err != nil {
		return nil, err
	}
	scope := openConcerns
	if closed {
		scope = closedConcerns
	}
	all, err := s.concernsOf(ctx, d.Programme, scope)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Concern) int {
		if closed {
			return b.Submitted.Compare(a.Submitted)
		}
		return cmp.Or(b.Urgency-a.Urgency, a.Submitted.Compare(b.Submitted), cmp.Compare(a.ID, b.ID))
	})
	listed := make([]ListedConcern, len(all))
	for i, c := range all {
		listed[i] = d.listed(c)
	}
	return listed, nil
}

// caredPlaces is a programme with its cohorts and institutions.
func (s *Service) caredPlaces(ctx context.Context, programme ProgrammeID) (*Dataset, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, err
	}
	d := &Dataset{Programme: p}
	return d, d.readPlaces(ctx, s)
}

func (d *Dataset) listed(c Concern) ListedConcern {
	strand, _ := d.Programme.Strand(c.Strand)
	return ListedConcern{c, strand.Title, d.Cohorts[c.Cohort], d.InstitutionOf(c.Cohort)}
}

// OpenedConcern is a concern with the answer.
type OpenedConcern struct {
	ListedConcern
	Text     string // as it was written, or the choice in words
	Language string
	Status   Status // of the response
	Gone     bool   // the answer was deleted or withdrawn
	Next     string // id of the concern that comes after it in the queue; "": none
}

// OpenConcern shows one concern with the answer, notes that it was read, and tells the
// trail. KindNotFound.
func (s *Service) OpenConcern(ctx context.Context, programme ProgrammeID, id string) (OpenedConcern, error) {
	account, err := require(ctx, programme, MayReadConcerns)
	if err != nil {
		return OpenedConcern{}, err
	}
	c, err := s.concernOf(ctx, programme, id)
	if err != nil {
		return OpenedConcern{}, err
	}
	// The trail first: no answer is shown of which the trail does not say so.
	if err := s.Audit(ctx, programme, "concern.viewed", c.trail()); err != nil {
		return OpenedConcern{}, err
	}
	if c.Unread() {
		c, err = s.changeConcern(ctx, id, func(c *Concern) error {
			if c.Unread() {
				c.Read, c.ReadBy = s.moment(), account.ID
			}
			return nil
		})
		if err != nil {
			return OpenedConcern{}, err
		}
	}
	return s.withAnswer(ctx, c)
}

// trail names a concern in the trail.
func (c Concern) trail() string { return TrailName(c.Response) + "/" + string(c.Variable) }

func (s *Service) concernOf(ctx context.Context, programme ProgrammeID, id string) (Concern, error) {
	c, err := readRecord[Concern](ctx, s.store, recordConcern, id)
	if err == nil && c.Programme != programme {
		return Concern{}, notFound("concern.unknown")
	}
	return c, orNotFound(err, "concern.unknown")
}

// withAnswer reads the answer of a concern.
func (s *Service) withAnswer(ctx context.Context, c Concern) (OpenedConcern, error) {
	d, err := s.caredPlaces(ctx, c.Programme)
	if err != nil {
		return OpenedConcern{}, err
	}
	opened := OpenedConcern{ListedConcern: d.listed(c)}
	r, err := s.store.Response(ctx, c.Response)
	if kindOfNil(err) == KindNotFound || err == nil && r.Status == StatusWithdrawn {
		opened.Gone = true
		return opened, nil
	}
	if err != nil {
		return opened, err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return opened, err
	}
	opened.Text, opened.Language, opened.Status = c.words(in, r), r.Language, r.Status
	opened.Gone = opened.Text == ""
	return opened, nil
}

// words are those of the answer that c is about.
func (c Concern) words(in *questionnaire.Instrument, r Response) string {
	v, ok := in.Variable(c.Variable)
	if !ok {
		return ""
	}
	if c.Choice {
		return v.Show(r.Answers[c.Variable], "en")
	}
	if text := v.Written(r.Answers[c.Variable]); text != "" && !c.Aside {
		return text
	}
	return v.Written(r.Aside[c.Variable])
}

// ConcernResponse shows all that the person of a concern answered, and tells the trail.
func (s *Service) ConcernResponse(ctx context.Context, programme ProgrammeID, id string) (ListedConcern, Response, *questionnaire.Instrument, error) {
	if _, err := require(ctx, programme, MayReadConcerns); err != nil {
		return ListedConcern{}, Response{}, nil, err
	}
	c, err := s.concernOf(ctx, programme, id)
	if err != nil {
		return ListedConcern{}, Response{}, nil, err
	}
	if err := s.Audit(ctx, programme, "concern.response_viewed", c.trail()); err != nil {
		return ListedConcern{}, Response{}, nil, err
	}
	d, err := s.caredPlaces(ctx, programme)
	if err != nil {
		return ListedConcern{}, Response{}, nil, err
	}
	r, err := s.store.Response(ctx, c.Response)
	if err != nil {
		return ListedConcern{}, r, nil, orNotFound(err, "response.unknown")
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	return d.listed(c), r, in, err
}

// ConcernAction is what a lead or deputy says was done.
type ConcernAction struct {
	Programme ProgrammeID
	ID        string
	Revision  int64
	Kind      StepKind
	On        string // "": today
	Note      string
	Then      ConcernState // open: there is more to do
}

// ActOnConcern writes down what was done about a concern, and how it stands then. The
// note is in no trail. KindConflict: somebody else did something meanwhile.
func (s *Service) ActOnConcern(ctx context.Context, a ConcernAction) error {
	account, err := require(ctx, a.Programme, MayReadConcerns)
	if err != nil {
		return err
	}
	c, err := s.concernOf(ctx, a.Programme, a.ID)
	if err != nil {
		return err
	}
	if err := s.checkAction(&a); err != nil {
		return err
	}
	if c.Revision != a.Revision {
		return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
	}
	shut := c.State == ConcernReleased && a.Then != ConcernReleased
	c.State = a.Then
	c.Steps = append(c.Steps, ConcernStep{At: s.moment(), By: account.ID, Name: account.Name, Kind: a.Kind, On: a.On, Note: a.Note, Then: a.Then})
	act := func() error { return orConflict(s.putConcern(ctx, c), "", "record.changed_meanwhile") }
	if shut { // evaluators may have read it, and files may hold it
		err = s.shuttingOut(ctx, c, act)
	} else {
		err = act()
	}
	if err != nil {
		return err
	}
	return s.Audit(ctx, a.Programme, "concern."+string(a.Then), c.trail())
}

func (s *Service) checkAction(a *ConcernAction) error {
	tidy(&a.Note, &a.On)
	a.On = cmp.Or(a.On, s.moment().Format(time.DateOnly))
	switch _, err := time.Parse(time.DateOnly, a.On); {
	case !slices.Contains(StepKinds(), a.Kind):
		return invalid("kind", "concern.choose_kind")
	case err != nil:
		return invalid("on", "safeguarding.bad_day")
	case a.Note == "" || utf8.RuneCountInString(a.Note) > maxConcernNote || !plain(a.Note, "\t\r\n"):
		return invalid("note", "concern.note", maxConcernNote)
	case !slices.Contains([]ConcernState{ConcernOpen, ConcernKept, ConcernReleased}, a.Then):
		return invalid("then", "concern.choose_state")
	}
	return nil
}

// ReopenConcern opens a concern again that was dealt with; its answer is shut out
// again.
func (s *Service) ReopenConcern(ctx context.Context, programme ProgrammeID, id string) error {
	account, err := require(ctx, programme, MayReadConcerns)
	if err != nil {
		return err
	}
	c, err := s.concernOf(ctx, programme, id)
	if err != nil {
		return err
	}
	if c.State == ConcernOpen {
		return nil
	}
	return s.shuttingOut(ctx, c, func() error {
		_, err := s.changeConcern(ctx, id, func(c *Concern) error {
			if c.State != ConcernOpen {
				c.comesBack(s.moment(), ConcernStep{By: account.ID, Name: account.Name, Kind: StepReopened})
				c.Read, c.ReadBy = s.moment(), account.ID // who opens it has seen it
			}
			return nil
		})
		if err != nil {
			return err
		}
		return s.Audit(ctx, programme, "concern.reopened", c.trail())
	})
}

// HandConcern hands a concern to the deputy, or back to the lead, who is written to.
func (s *Service) HandConcern(ctx context.Context, programme ProgrammeID, id string) error {
	account, err := require(ctx, programme, MayReadConcerns)
	if err != nil {
		return err
	}
	if _, err := s.concernOf(ctx, programme, id); err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return err
	}
	if p.Safeguarding.Lead == "" || p.Safeguarding.Deputy == "" {
		return invalid("", "concern.nobody_else")
	}
	c, err := s.changeConcern(ctx, id, func(c *Concern) error {
		to := p.Safeguarding.Deputy
		if c.With == to {
			to = p.Safeguarding.Lead
		}
		c.With = to
		c.Steps = append(c.Steps, ConcernStep{At: s.moment(), By: account.ID, Name: account.Name, Kind: StepHanded, Then: c.State})
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.Audit(ctx, programme, "concern.handed", c.trail()); err != nil {
		return err
	}
	if p.Safeguarding.NoLetters {
		return nil
	}
	return s.alert(ctx, concernAlert(p, c.With, "handed/"+c.ID+"/"+c.Steps[len(c.Steps)-1].At.Format(time.RFC3339Nano), handedLetter))
}

// RaiseFromReading says that an open answer which nothing marked may be a disclosure;
// lead and deputy say so while they read.
func (s *Service) RaiseFromReading(ctx context.Context, programme ProgrammeID, strand StrandID, key ReadingKey) (string, error) {
	if _, err := require(ctx, programme, MayReadConcerns); err != nil {
		return "", err
	}
	r, err := s.storedResponse(ctx, programme, strand, key.Response)
	if err != nil {
		return "", err
	}
	c := Concern{ID: concernID(key.Response, key.Variable), Programme: programme, Strand: strand, Response: key.Response, Variable: key.Variable}
	err = s.shuttingOut(ctx, c, func() error { return s.raiseConcern(ctx, r, key.Variable) })
	if err != nil {
		return "", err
	}
	return c.ID, s.Audit(ctx, programme, "concern.raised", c.trail())
}
