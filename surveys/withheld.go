package surveys

import (
	"context"
	"maps"
	"slices"

	"soundings/surveys/questionnaire"
)

// What the safeguarding lead has and evaluators have not: an answer that may be a
// disclosure is shown to nobody else until the lead or the deputy released it.

// watch is what the programme looks out for; without any, as the built-in lists say.
func (d *Dataset) watch() *watcher {
	if d.watcher == nil {
		return &watcher{}
	}
	return d.watcher
}

// readConcerns gathers what the lead decided about the strand's answers. A reading of
// an answer that waits there counts as if nobody had cleared or quoted it.
func (d *Dataset) readConcerns(ctx context.Context, s *Service) error {
	if err := d.readLookout(ctx, s); err != nil {
		return err
	}
	d.Concerns = map[ReadingKey]ConcernState{}
	for _, scope := range []string{openConcerns(d.Programme.ID, d.Strand.ID), closedConcerns(d.Programme.ID, d.Strand.ID)} {
		all, err := listRecords[Concern](ctx, s.store, recordConcern, scope)
		if err != nil {
			return err
		}
		for _, c := range all {
			d.decided(c)
		}
	}
	return nil
}

func (d *Dataset) readLookout(ctx context.Context, s *Service) (err error) {
	if d.watcher, err = s.watcher(ctx, d.Programme.ID); err != nil {
		return err
	}
	d.Watched = d.watcher.number
	return nil
}

// readConcern gathers what the lead decided about one answer.
func (d *Dataset) readConcern(ctx context.Context, s *Service, response ResponseID, variable questionnaire.ItemID) error {
	if err := d.readLookout(ctx, s); err != nil {
		return err
	}
	d.Concerns = map[ReadingKey]ConcernState{}
	c, err := readRecord[Concern](ctx, s.store, recordConcern, concernID(response, variable))
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	if err == nil {
		d.decided(c)
	}
	return err
}

// decided takes a concern as it stands. One that is open counts only while there is
// somebody who can close it.
func (d *Dataset) decided(c Concern) {
	if c.State == ConcernOpen && !d.Programme.Safeguarding.Appointed() {
		return
	}
	key := ReadingKey{c.Response, c.Variable}
	d.Concerns[key] = c.State
	if c.Choice && c.State != ConcernReleased {
		if d.choices == nil {
			d.choices = map[ResponseID][]questionnaire.ItemID{}
		}
		d.choices[c.Response] = append(d.choices[c.Response], c.Variable)
	}
	if reading, there := d.Readings[key]; there && c.State != ConcernReleased {
		d.Readings[key] = reading.shutOut()
	}
}

// shutOut is a reading without what lets the answer, or words of it, leave.
func (r Reading) shutOut() Reading {
	r.Cleared, r.Text, r.Attribution, r.Level, r.Replaced = false, "", "", LevelRole, nil
	if r.Status == QuoteApproved {
		r.Status = QuoteNew
	}
	return r
}

// withhold takes away what says what an answer is, if it waits with the lead.
func (d *Dataset) withhold(a OpenAnswer) OpenAnswer {
	if !d.withholds(a) {
		return a
	}
	a.Withheld, a.Text, a.Signs, a.Reading = true, "", nil, a.Reading.shutOut()
	if a.Flag != nil {
		a.Flag = questionnaire.Text{}
	}
	return a
}

func (d *Dataset) withholds(a OpenAnswer) bool {
	switch a.Decided {
	case ConcernReleased:
		return false
	case ConcernKept, ConcernOpen:
		return true
	}
	return d.Programme.Safeguarding.Appointed() && a.Concerns() && a.Reading.Looked == nil
}

// WithLead reports whether an answer in words waits with the safeguarding lead, or
// stays there.
func (d *Dataset) WithLead(key ReadingKey) bool {
	state := d.Concerns[key]
	return state == ConcernOpen || state == ConcernKept
}

// WithheldChoices are the variables of r, answered by a choice or a number, that wait
// with the lead: rows of people do not show them, though figures of many count them.
func (d *Dataset) WithheldChoices(r *Response) []questionnaire.ItemID {
	if !d.Programme.Safeguarding.Appointed() && len(d.Concerns) == 0 {
		return nil
	}
	instrument := d.Instrument(r)
	if instrument == nil {
		return nil
	}
	all := slices.Clone(d.choices[r.ID])
	for _, one := range d.flagged(r, instrument) {
		if one.Withheld && !slices.Contains(all, one.Variable) {
			all = append(all, one.Variable)
		}
	}
	return all
}

// withheldOf are the variables of r that wait with the lead, in words or not.
func (s *Service) withheldOf(ctx context.Context, r Response) ([]questionnaire.ItemID, error) {
	d, err := s.strandOnly(ctx, r.Programme, r.Strand)
	if err != nil {
		return nil, err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return nil, err
	}
	if err := d.readLookout(ctx, s); err != nil {
		return nil, err
	}
	var all []questionnaire.ItemID
	for i := range in.Variables() {
		id := in.Variables()[i].ID
		is, err := s.withheldVariable(ctx, d, in, r, id)
		if err != nil {
			return nil, err
		}
		if is {
			all = append(all, id)
		}
	}
	return all, nil
}

func (s *Service) withheldVariable(ctx context.Context, d *Dataset, in *questionnaire.Instrument, r Response, id questionnaire.ItemID) (bool, error) {
	c, err := readRecord[Concern](ctx, s.store, recordConcern, concernID(r.ID, id))
	if err == nil {
		return c.State == ConcernKept || c.State == ConcernOpen && d.Programme.Safeguarding.Appointed(), nil
	}
	if kindOfNil(err) != KindNotFound || !d.Programme.Safeguarding.Appointed() {
		return false, orNil(err, KindNotFound)
	}
	if !slices.ContainsFunc(d.watch().marks(in, &r), func(m mark) bool { return m.variable == id }) {
		return false, nil
	}
	reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(r.ID, id))
	return reading.Looked == nil, orNil(err, KindNotFound)
}

// orNil is err, but nil for one of a kind.
func orNil(err error, kind Kind) error {
	if kindOfNil(err) == kind {
		return nil
	}
	return err
}

// withheldFrom is r as those see it who are neither lead nor deputy.
func (s *Service) withheldFrom(ctx context.Context, r Response) (Response, error) {
	ids, err := s.withheldOf(ctx, r)
	if err != nil {
		return r, err
	}
	return r.without(ids), nil
}

// without is r with the answers to some variables withheld, now and in its history.
func (r Response) without(ids []questionnaire.ItemID) Response {
	if len(ids) == 0 {
		return r
	}
	r.Answers, r.Aside = without(r.Answers, ids), without(r.Aside, ids)
	r.History = slices.Clone(r.History)
	for i := range r.History {
		for _, state := range []*State{&r.History[i].Was, &r.History[i].Is} {
			state.Answers, state.Aside = without(state.Answers, ids), without(state.Aside, ids)
		}
	}
	return r
}

// without is answers with those to some variables withheld.
func without(answers questionnaire.Answers, ids []questionnaire.ItemID) questionnaire.Answers {
	kept := maps.Clone(answers)
	for _, id := range ids {
		if _, given := kept[id]; given {
			kept[id] = questionnaire.Answer{Missing: questionnaire.Withheld}
		}
	}
	return kept
}

// refuseWithheld refuses to replace an answer that nobody but the lead may see.
func (s *Service) refuseWithheld(ctx context.Context, r Response, item questionnaire.ItemID) error {
	ids, err := s.withheldOf(ctx, r)
	if err != nil || len(ids) == 0 {
		return err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if v, ok := in.Variable(id); ok && v.Item.ID == item {
			return invalid("item", "concern.with_lead")
		}
	}
	return nil
}

// raised brings an answer into the lead's queue that a reader says may be a disclosure.
func (s *Service) raised(ctx context.Context, programme ProgrammeID, strand StrandID, key ReadingKey) error {
	if is, err := s.isCared(ctx, programme); !is || err != nil {
		return err
	}
	r, err := s.storedResponse(ctx, programme, strand, key.Response)
	if err != nil {
		return err
	}
	return s.raiseConcern(ctx, r, key.Variable)
}

// raiseConcern opens the concern about an answer, or opens it again.
func (s *Service) raiseConcern(ctx context.Context, r Response, variable questionnaire.ItemID) error {
	account, _ := AccountFrom(ctx)
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	v, ok := in.Variable(variable)
	if !ok || v.Written(r.Answers[variable]) == "" && v.Written(r.Aside[variable]) == "" {
		return notFound("response.unknown")
	}
	step := ConcernStep{At: s.moment(), By: account.ID, Name: account.Name, Kind: StepRaised, Then: ConcernOpen}
	c := Concern{
		ID: concernID(r.ID, variable), Programme: r.Programme, Strand: r.Strand, Response: r.ID, Variable: variable, Cohort: r.Cohort, Wave: r.Wave,
		Submitted: r.Submitted, Label: v.Label, Raised: true, Urgency: raisedUrgency, Found: s.moment(), State: ConcernOpen, Steps: []ConcernStep{step},
	}
	err = s.putConcern(ctx, c)
	if kindOfNil(err) != KindConflict {
		return err
	}
	_, err = s.changeConcern(ctx, c.ID, func(there *Concern) error {
		there.Raised, there.Urgency = true, max(there.Urgency, raisedUrgency)
		there.comesBack(s.moment(), step)
		return nil
	})
	return err
}

// raisedUrgency is that of what a person raised: above the words that a list marks
// with two, since somebody has read it.
const raisedUrgency = 250

// withholdDifferences takes out of what two passes over a form on paper made of it what
// waits with the lead.
func (s *Service) withholdDifferences(ctx context.Context, r Response, first, second questionnaire.Answers, all []PaperDifference) error {
	for _, answers := range []questionnaire.Answers{first, second} {
		r.Answers = answers
		ids, err := s.withheldOf(ctx, r)
		if err != nil {
			return err
		}
		for i := range all {
			if slices.Contains(ids, all[i].Item) {
				all[i].First, all[i].Second = questionnaire.Answer{Missing: questionnaire.Withheld}, questionnaire.Answer{Missing: questionnaire.Withheld}
			}
		}
	}
	return nil
}
