package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// marksEvery is how often new answers are looked through. It is the time within which a
// concern is in the queue.
const marksEvery = 15 * time.Second

// skew is by how much the moment of a submission may be before that of its writing:
// clocks of instances that differ, and a store that makes writers wait.
const skew = 2 * time.Minute

// marksBatch is after how many responses it is written down how far the marking came.
const marksBatch = 1000

// markedUpTo is how far a strand's responses were marked, by which version of what is
// looked out for.
type markedUpTo struct {
	Strand    StrandID  `json:"strand"`
	Watch     int       `json:"watch"`
	Began     time.Time `json:"began"`
	UpTo      time.Time `json:"up_to,omitzero"`   // submitted before it: marked
	Checked   time.Time `json:"checked,omitzero"` // likewise, and looked through once more since they came
	Responses int       `json:"responses"`        // looked through by this version
	New       int       `json:"new"`              // concerns that were not in the queue before
	Gone      int       `json:"gone"`             // and that left it, since nothing marks them any more
	Done      time.Time `json:"done,omitzero"`    // when all that was there had been looked through
	Revision  int64     `json:"-"`
}

func (m *markedUpTo) setRevision(n int64) { m.Revision = n }

// wakeMarks has answers marked soon.
func (s *Service) wakeMarks() {
	select {
	case s.marksAsked <- struct{}{}:
	default:
	}
}

// MarkAnswers looks through what came since it did last, in every programme that has a
// safeguarding lead, and brings what may be a disclosure into the lead's queue. Nothing
// of it is done while somebody waits to be thanked. A changed list has all answers
// looked through again. It returns how many responses it read.
func (s *Service) MarkAnswers(ctx context.Context) (int, error) {
	programmes, err := s.cared(ctx)
	if err != nil || len(programmes) == 0 {
		return 0, err
	}
	read := 0
	for _, p := range programmes {
		for _, strand := range p.Strands {
			mine, err := s.hold(ctx, "marks")
			if !mine || err != nil {
				return read, err
			}
			n, err := s.markStrand(ctx, p, strand)
			read += n
			if err != nil {
				return read, fmt.Errorf("marking answers of strand %s: %w", strand.ID, err)
			}
		}
	}
	return read, nil
}

// cared are the programmes that have a lead or a deputy.
func (s *Service) cared(ctx context.Context) ([]Programme, error) {
	all, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	with := all[:0]
	for _, p := range all {
		if p.Safeguarding.Appointed() {
			with = append(with, p)
		}
	}
	return with, err
}

// marking is one strand being looked through.
type marking struct {
	s       *Service
	p       Programme
	strand  Strand
	watcher *watcher
	at      markedUpTo
	read    int
}

func (s *Service) markStrand(ctx context.Context, p Programme, strand Strand) (int, error) {
	w, err := s.watcher(ctx, p.ID)
	if err != nil {
		return 0, err
	}
	id := strandScope(p.ID, strand.ID)
	at, err := readRecord[markedUpTo](ctx, s.store, recordMarked, id)
	if err != nil && kindOfNil(err) != KindNotFound {
		return 0, err
	}
	m := &marking{s: s, p: p, strand: strand, watcher: w, at: at}
	if err != nil || at.Watch != w.number {
		m.at = markedUpTo{Strand: strand.ID, Watch: w.number, Began: s.moment(), Revision: at.Revision}
	}
	return m.read, m.run(ctx)
}

// run marks what is new, then once more what is old enough to be complete.
func (m *marking) run(ctx context.Context) error {
	before := m.at
	if m.at.Done.IsZero() {
		if err := m.setAside(ctx); err != nil {
			return err
		}
	}
	err := m.pass(ctx, m.at.UpTo, m.s.moment().Add(skew), func(t time.Time, isNew int) {
		m.at.UpTo, m.at.Responses, m.at.New = t, m.at.Responses+1, m.at.New+isNew
	})
	if err != nil {
		return err
	}
	if m.at.Done.IsZero() {
		if err := m.reconsider(ctx); err != nil {
			return err
		}
		m.at.Done, m.at.Checked = m.s.moment(), m.at.Began.Add(-skew)
	}
	err = m.pass(ctx, m.at.Checked, m.s.moment().Add(-skew), func(t time.Time, isNew int) { m.at.Checked, m.at.New = t, m.at.New+isNew })
	if err != nil || m.at.as(before) {
		return err
	}
	return m.save(ctx)
}

// as reports whether nothing moved.
func (m markedUpTo) as(before markedUpTo) bool {
	return before.Revision > 0 && m.Watch == before.Watch && m.New == before.New && m.Done.Equal(before.Done) &&
		m.UpTo.Equal(before.UpTo) && m.Checked.Equal(before.Checked)
}

// pass marks the responses submitted from a moment on and before another.
func (m *marking) pass(ctx context.Context, from, until time.Time, told func(t time.Time, isNew int)) error {
	for r, err := range m.s.store.ResponsesSince(ctx, m.p.ID, m.strand.ID, from) {
		if err != nil {
			return err
		}
		if !r.Submitted.Before(until) {
			return nil
		}
		n, err := m.one(ctx, r)
		if err != nil {
			return err
		}
		if told(r.Submitted, n); m.read%marksBatch == 0 {
			if err := m.goOn(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// errElsewhere says that another instance goes on.
var errElsewhere = errors.New("another instance marks answers")

// goOn writes down how far it came, and asks for the lease again.
func (m *marking) goOn(ctx context.Context) error {
	if err := m.save(ctx); err != nil {
		return err
	}
	mine, err := m.s.hold(ctx, "marks")
	if err == nil && !mine {
		return errElsewhere
	}
	return err
}

func (m *marking) save(ctx context.Context) (err error) {
	m.at.Revision, err = m.s.put(ctx, recordMarked, strandScope(m.p.ID, m.strand.ID), string(m.p.ID), "", m.at.Revision, m.at)
	return err
}

// one marks the answers of one response, and returns how many concerns are new.
func (m *marking) one(ctx context.Context, r Response) (int, error) {
	in, err := m.s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return 0, err
	}
	m.read++
	isNew := 0
	for _, one := range m.watcher.marks(in, &r) {
		is, err := m.s.keepConcern(ctx, r, one, m.watcher.number)
		if err != nil {
			return isNew, err
		}
		if is {
			isNew++
		}
	}
	return isNew, nil
}

// setAside marks what no result has and was written all the same: answers that came
// late, and those that a person left out.
func (m *marking) setAside(ctx context.Context) error {
	for head, err := range m.s.store.ResponseHeads(ctx, m.p.ID, m.strand.ID) {
		if err != nil {
			return err
		}
		if head.Status != StatusHeld && head.Status != StatusExcluded {
			continue
		}
		r, err := m.s.store.Response(ctx, head.ID)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		n, err := m.one(ctx, r)
		if m.at.New += n; err != nil {
			return err
		}
	}
	return nil
}

// reconsider takes out of the queue what nothing marks any more, unless lead or deputy
// have seen it or a reader raised it.
func (m *marking) reconsider(ctx context.Context) error {
	all, err := listRecords[Concern](ctx, m.s.store, recordConcern, openConcerns(m.p.ID, m.strand.ID))
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Watch >= m.watcher.number || c.Raised || !c.Unread() || len(c.Steps) > 0 {
			continue
		}
		if err := m.s.store.DeleteRecord(ctx, recordConcern, c.ID); err != nil {
			return err
		}
		m.at.Gone++
	}
	return nil
}

// isCared reports whether a programme has a lead, as known within seconds.
func (s *Service) isCared(ctx context.Context, id ProgrammeID) (bool, error) {
	if is, known := s.cache.cared.get(id, s.cache.now(), freshness); known {
		return is, nil
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if kindOfNil(err) == KindNotFound { // a trial's
		return false, nil
	}
	if err != nil {
		return false, err
	}
	is := p.Safeguarding.Appointed()
	s.cache.cared.put(id, is, s.cache.now())
	return is, nil
}

// markBehind marks a response that comes, or is changed, where MarkAnswers has passed:
// handed over late, keyed in, imported or corrected. It is called before the response
// is written, so that a concern may be there without its answer, and never an answer
// without its concern.
func (s *Service) markBehind(ctx context.Context, r Response) error {
	if is, err := s.isCared(ctx, r.Programme); !is || err != nil {
		return err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	w, err := s.watcher(ctx, r.Programme)
	if err != nil {
		return err
	}
	for _, one := range w.marks(in, &r) {
		if _, err := s.keepConcern(ctx, r, one, w.number); err != nil {
			return err
		}
	}
	if !writes(in, &r) {
		return nil
	}
	return s.toRead(ctx, r)
}

// comesLate reports whether r is written when answers of its moment may have been
// marked and read already.
func (s *Service) comesLate(r Response) bool {
	return r.Status == StatusHeld || r.Status == StatusSubmitted && s.now().Sub(r.Submitted) > skew/2
}
