package surveys

import (
	"context"
	"slices"
	"strconv"
	"time"

	"soundings/surveys/questionnaire"
)

// Every open answer is read by somebody: those that nothing marks too, in the order in
// which they came. How far they were read is one moment for each strand; what came
// behind it later stands in a list of its own.

// readUpTo is how far the open answers of a strand were read.
type readUpTo struct {
	Strand   StrandID  `json:"strand"`
	UpTo     time.Time `json:"up_to"`
	Revision int64     `json:"-"`
}

func (r *readUpTo) setRevision(n int64) { r.Revision = n }

// lateToRead is one response whose open answers came, or were changed, behind that.
type lateToRead struct {
	Strand   StrandID   `json:"strand"`
	Response ResponseID `json:"response"`
}

// toRead puts a response on the list of what came behind.
func (s *Service) toRead(ctx context.Context, r Response) error {
	_, err := s.put(ctx, recordToRead, string(r.ID), string(r.Programme), "", 0, lateToRead{r.Strand, r.ID})
	return orNil(err, KindConflict)
}

// UnreadAnswer is an open answer that lead and deputy have not read.
type UnreadAnswer struct {
	ReadingKey
	Strand    StrandID
	Cohort    CohortID
	Wave      questionnaire.Wave
	Label     questionnaire.Text
	Text      string
	Language  string
	Submitted time.Time
}

// ReadingPage is some open answers to read, oldest first within each strand.
type ReadingPage struct {
	Answers      []UnreadAnswer
	UpTo         map[StrandID]time.Time // of the last response looked at in each strand
	Late         []ResponseID           // those of what came behind
	More         bool                   // there are more after them
	Cohorts      map[CohortID]Cohort
	Institutions map[InstitutionID]Institution
}

// readingPage is how many answers are read at once, and readingLook how many responses
// are looked through for them: where few write, a page may be short.
const (
	readingPage = 25
	readingLook = 2000
)

// UnreadAnswers shows the next open answers that nobody of lead and deputy has read and
// nothing marked, and tells the trail.
func (s *Service) UnreadAnswers(ctx context.Context, programme ProgrammeID) (*ReadingPage, error) {
	if _, err := require(ctx, programme, MayReadConcerns); err != nil {
		return nil, err
	}
	d, err := s.caredPlaces(ctx, programme)
	if err != nil {
		return nil, err
	}
	page := &ReadingPage{UpTo: map[StrandID]time.Time{}, Cohorts: d.Cohorts, Institutions: d.Institutions}
	reading := &unread{s: s, page: page}
	if reading.watcher, err = s.watcher(ctx, programme); err != nil {
		return nil, err
	}
	if err := reading.late(ctx, programme); err != nil {
		return nil, err
	}
	for _, strand := range d.Programme.Strands {
		if err := reading.strand(ctx, programme, strand.ID); err != nil {
			return nil, err
		}
	}
	if len(page.Answers) == 0 {
		return page, nil
	}
	last := page.Answers[len(page.Answers)-1]
	return page, s.Audit(ctx, programme, "open_answers.viewed", strconv.Itoa(len(page.Answers))+" from "+TrailName(page.Answers[0].Response)+" to "+TrailName(last.Response))
}

// unread is a page being gathered.
type unread struct {
	s       *Service
	page    *ReadingPage
	watcher *watcher
}

func (u *unread) full() bool { return len(u.page.Answers) >= readingPage }

// late takes what came behind.
func (u *unread) late(ctx context.Context, programme ProgrammeID) error {
	for record, err := range u.s.store.Records(ctx, recordToRead, string(programme)) {
		if err != nil {
			return err
		}
		if u.full() {
			u.page.More = true
			return nil
		}
		one, err := decode[lateToRead](record)
		if err != nil {
			return err
		}
		u.page.Late = append(u.page.Late, one.Response)
		r, err := u.s.store.Response(ctx, one.Response)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if err := u.add(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// strand takes what came in a strand since it was read last.
func (u *unread) strand(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	at, err := readRecord[readUpTo](ctx, u.s.store, recordReadUpTo, strandScope(programme, strand))
	if err != nil && kindOfNil(err) != KindNotFound {
		return err
	}
	from, looked := at.UpTo, 0
	if !from.IsZero() {
		from = from.Add(time.Millisecond)
	}
	for r, err := range u.s.store.ResponsesSince(ctx, programme, strand, from) {
		if err != nil {
			return err
		}
		// All of one moment are on one page: the next begins after it.
		if (u.full() || looked >= readingLook) && r.Submitted.After(u.page.UpTo[strand]) {
			u.page.More = true
			return nil
		}
		looked++
		u.page.UpTo[strand] = r.Submitted
		if err := u.add(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// add takes the open answers of r that nothing marks and no evaluator has read.
func (u *unread) add(ctx context.Context, r Response) error {
	in, err := u.s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	if !writes(in, &r) {
		return nil
	}
	marked := u.watcher.marks(in, &r)
	for i := range in.Variables() {
		v := &in.Variables()[i]
		text := v.Written(r.Answers[v.ID])
		if text == "" {
			text = v.Written(r.Aside[v.ID])
		}
		if text == "" || slices.ContainsFunc(marked, func(m mark) bool { return m.variable == v.ID }) {
			continue
		}
		read, err := u.readAlready(ctx, r.ID, v.ID)
		if err != nil {
			return err
		}
		if !read {
			u.page.Answers = append(u.page.Answers, UnreadAnswer{ReadingKey{r.ID, v.ID}, r.Strand, r.Cohort, r.Wave, v.Label, text, r.Language, r.Submitted})
		}
	}
	return nil
}

// readAlready reports whether an evaluator has read an answer, or somebody raised it.
func (u *unread) readAlready(ctx context.Context, r ResponseID, v questionnaire.ItemID) (bool, error) {
	for kind, id := range map[RecordKind]string{recordReading: readingID(r, v), recordConcern: concernID(r, v)} {
		_, err := u.s.store.Record(ctx, kind, id)
		if err == nil {
			return true, nil
		}
		if kindOfNil(err) != KindNotFound {
			return false, err
		}
	}
	return false, nil
}

// AnswersRead says that lead or deputy have read a page: up to a moment in each strand,
// and some that came behind. A moment never goes back, and not so near to now that an
// answer on its way could be passed over.
func (s *Service) AnswersRead(ctx context.Context, programme ProgrammeID, upTo map[StrandID]time.Time, late []ResponseID) error {
	if _, err := require(ctx, programme, MayReadConcerns); err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return err
	}
	for _, id := range late {
		record, err := s.store.Record(ctx, recordToRead, string(id))
		if kindOfNil(err) == KindNotFound || err == nil && record.Scope != string(programme) {
			continue
		}
		if err == nil {
			err = s.store.DeleteRecord(ctx, recordToRead, string(id))
		}
		if err != nil {
			return err
		}
	}
	for _, strand := range p.Strands {
		if to, there := upTo[strand.ID]; there {
			if err := s.moveUpTo(ctx, programme, strand.ID, earlier(to, s.moment().Add(-skew))); err != nil {
				return err
			}
		}
	}
	return s.Audit(ctx, programme, "open_answers.read", "")
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *Service) moveUpTo(ctx context.Context, programme ProgrammeID, strand StrandID, to time.Time) error {
	id := strandScope(programme, strand)
	at, err := readRecord[readUpTo](ctx, s.store, recordReadUpTo, id)
	if err != nil && kindOfNil(err) != KindNotFound {
		return err
	}
	if !to.After(at.UpTo) {
		return nil
	}
	_, err = s.put(ctx, recordReadUpTo, id, string(programme), "", at.Revision, readUpTo{Strand: strand, UpTo: to})
	return orNil(err, KindConflict) // a colleague read on meanwhile
}
