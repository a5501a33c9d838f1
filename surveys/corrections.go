package surveys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Corrections. Every one is a single write of the response with a line more in its
// history, and a mark before and after it, by which reports that are kept know that
// they are old: one mark would leave a report that was made in between.

// Correction names what is to be corrected and why. Revision is that of the
// response as the person saw it: KindConflict if it has changed since.
type Correction struct {
	Programme ProgrammeID
	Strand    StrandID
	Response  ResponseID
	Revision  int64
	Reason    string // required, one line or several
}

// StoredResponse returns a response of a strand whatever its status, but not one
// that is still being filled in. Answers that wait with the safeguarding lead are
// withheld. KindNotFound.
func (s *Service) StoredResponse(ctx context.Context, programme ProgrammeID, strand StrandID, id ResponseID) (Response, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return Response{}, err
	}
	r, err := s.storedResponse(ctx, programme, strand, id)
	if err != nil {
		return r, err
	}
	return s.withheldFrom(ctx, r)
}

// storedResponse returns it with all its answers: for changing it, not for showing it.
func (s *Service) storedResponse(ctx context.Context, programme ProgrammeID, strand StrandID, id ResponseID) (Response, error) {
	r, err := s.store.Response(ctx, id)
	if err != nil {
		return r, orNotFound(err, "response.unknown")
	}
	if r.Programme != programme || r.Strand != strand || r.Status == StatusInProgress {
		return Response{}, notFound("response.unknown")
	}
	return r, nil
}

// MoveResponse puts a response where it belongs: another cohort, another wave, or
// both. What is not asked at the new wave is set aside. A rating that goes to another
// cohort is of none of its workshops. KindInvalid: there is no
// such cohort, or the design has no such wave.
func (s *Service) MoveResponse(ctx context.Context, c Correction, cohort CohortID, wave questionnaire.Wave) (Response, error) {
	return s.correct(ctx, c, ActionMoved, func(r *Response) (Change, error) {
		if r.Cohort == cohort && r.Wave == wave {
			return Change{}, invalid("cohort", "correction.same_place")
		}
		if err := s.checkPlace(ctx, c, cohort, wave); err != nil {
			return Change{}, err
		}
		if r.Cohort != cohort {
			r.Cohort, r.Workshop = cohort, ""
		}
		if r.Wave == wave {
			return Change{}, nil
		}
		was := *r
		r.Wave = wave
		return Change{}, s.readAgain(ctx, r, was, "", nil)
	})
}

func (s *Service) checkPlace(ctx context.Context, c Correction, cohort CohortID, wave questionnaire.Wave) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(c.Programme))
	if err != nil {
		return err
	}
	strand, _ := p.Strand(c.Strand)
	if !slices.Contains(strand.Design.Waves(), wave) {
		return invalid("wave", "link.wave_not_in_design", string(wave))
	}
	to, err := readRecord[Cohort](ctx, s.store, recordCohort, string(cohort))
	if kindOfNil(err) == KindNotFound || err == nil && to.Programme != c.Programme {
		return invalid("cohort", "cohort.unknown", string(cohort))
	}
	return err
}

// CorrectAnswer replaces the answers to one item by what raw says, in the shape of
// a posted form, and reads the whole response again: what leaves the path is set
// aside, what comes back onto it counts. KindInvalid with Fields says what is wrong.
func (s *Service) CorrectAnswer(ctx context.Context, c Correction, item questionnaire.ItemID, raw questionnaire.Raw) (Response, error) {
	return s.correct(ctx, c, ActionCorrected, func(r *Response) (Change, error) {
		if r.Status == StatusWithdrawn {
			return Change{}, invalid("item", "correction.withdrawn")
		}
		was := *r
		if err := s.refuseWithheld(ctx, *r, item); err != nil {
			return Change{}, err
		}
		err := s.readAgain(ctx, r, was, item, raw)
		if err == nil && sameAnswers(was.Answers, r.Answers) && sameAnswers(was.Aside, r.Aside) {
			err = invalid("item", "correction.same_answer")
		}
		return Change{Item: item}, err
	})
}

// readAgain gives the answers of was their meaning at r's wave, as at the moment of
// their sending, with what changed says of item, if any, in the place of what was
// said.
func (s *Service) readAgain(ctx context.Context, r *Response, was Response, item questionnaire.ItemID, changed questionnaire.Raw) error {
	in, err := s.Instrument(ctx, was.Questionnaire, was.Version)
	if err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(was.Programme))
	if err != nil {
		return err
	}
	typed := was.Typed()
	raw := in.Raw(typed)
	if item != "" {
		if err := replaceControls(in, item, raw, changed); err != nil {
			return err
		}
	}
	sit := s.Sitting(Invitation{Programme: p, Instrument: in}, *r, nil)
	sit.Now = was.Submitted
	answers, aside, errs := in.Read(sit, nil, raw, typed)
	var wrong questionnaire.FieldErrors
	for _, e := range errs {
		v, known := in.Variable(e.Item)
		before, given := typed[e.Item]
		switch {
		case !known || v.Item.ID == item:
			wrong = append(wrong, e)
		case given: // it was taken when it was sent, and nobody has touched it
			answers[e.Item] = before
		}
	}
	r.Answers, r.Aside = answers, aside
	if len(wrong) > 0 {
		return &Error{Kind: KindInvalid, Key: "answers.check", Fields: wrong}
	}
	return nil
}

// replaceControls puts what changed says of one item in the place of what all says.
func replaceControls(in *questionnaire.Instrument, item questionnaire.ItemID, all, changed questionnaire.Raw) error {
	found := false
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if v.Item.ID != item {
			continue
		}
		found = true
		maps.DeleteFunc(all, func(control string, _ []string) bool { return controlOf(control, v.ID) })
		for control, values := range changed {
			if controlOf(control, v.ID) {
				all[control] = values
			}
		}
	}
	if !found {
		return invalid("item", "correction.no_item", string(item))
	}
	return nil
}

// controlOf says whether a control is one of a variable's: its own, or a further one
// as of "other" or of a date's pieces.
func controlOf(control string, variable questionnaire.ItemID) bool {
	return control == string(variable) || strings.HasPrefix(control, string(variable)+"__")
}

// ExcludeResponse leaves a response out of every count and result, and keeps it.
func (s *Service) ExcludeResponse(ctx context.Context, c Correction) (Response, error) {
	return s.leaveOut(ctx, c, ActionExcluded, StatusExcluded)
}

func (s *Service) leaveOut(ctx context.Context, c Correction, action Action, status Status) (Response, error) {
	return s.correct(ctx, c, action, func(r *Response) (Change, error) {
		if r.Status == StatusWithdrawn {
			return Change{}, invalid("status", "correction.withdrawn")
		}
		if r.Status == status {
			return Change{}, invalid("status", "correction.same_status")
		}
		r.Status = status
		return Change{}, nil
	})
}

// UndoChange takes back change number n, counted from 1, if what it changed is
// still as it left it; KindConflict otherwise: the later change goes first.
func (s *Service) UndoChange(ctx context.Context, c Correction, n int) (Response, error) {
	return s.correct(ctx, c, ActionUndone, func(r *Response) (Change, error) {
		if n < 1 || n > len(r.History) {
			return Change{}, notFound("correction.no_change", n)
		}
		undone := r.History[n-1]
		if undone.Action == ActionUndone {
			return Change{}, invalid("number", "correction.undo_of_undo")
		}
		if slices.ContainsFunc(r.History, func(one Change) bool { return one.Undoes == n }) {
			return Change{}, &Error{Kind: KindConflict, Key: "correction.undone_already"}
		}
		return Change{Undoes: n, Item: undone.Item}, r.revert(undone)
	})
}

// revert puts back what a change found, if all it changed is as it left it.
func (r *Response) revert(c Change) error {
	answers := c.Was.Answers != nil
	if c.Is.Cohort != r.Cohort && c.Is.Cohort != c.Was.Cohort || c.Is.Wave != r.Wave && c.Is.Wave != c.Was.Wave ||
		c.Is.Status != r.Status && c.Is.Status != c.Was.Status ||
		answers && !(sameAnswers(c.Is.Answers, r.Answers) && sameAnswers(c.Is.Aside, r.Aside)) {
		return &Error{Kind: KindConflict, Key: "correction.later_first"}
	}
	if c.Is.Cohort != c.Was.Cohort {
		r.Cohort, r.Workshop = c.Was.Cohort, c.Was.Workshop
	}
	if c.Is.Wave != c.Was.Wave {
		r.Wave = c.Was.Wave
	}
	if c.Is.Status != c.Was.Status {
		r.Status = c.Was.Status
	}
	if answers {
		r.Answers, r.Aside = c.Was.Answers, c.Was.Aside
	}
	return nil
}

// correct changes one response by edit and writes down who did it and why. The
// change that edit returns says only what is special about it.
func (s *Service) correct(ctx context.Context, c Correction, action Action, edit func(*Response) (Change, error)) (Response, error) {
	if _, err := require(ctx, c.Programme, MayReadAnswers); err != nil {
		return Response{}, err
	}
	r, err := s.storedResponse(ctx, c.Programme, c.Strand, c.Response)
	if err != nil {
		return r, err
	}
	tidy(&c.Reason)
	if n := len([]rune(c.Reason)); n == 0 || n > maxReason || !plain(c.Reason, "\t\r\n") {
		return r, invalid("reason", "correction.reason", maxReason)
	}
	if c.Revision != r.Revision {
		return r, &Error{Kind: KindConflict, Key: "correction.changed_meanwhile"}
	}
	was := r.state()
	change, err := edit(&r)
	if err != nil {
		return r, err
	}
	account, _ := AccountFrom(ctx)
	change.At, change.Account, change.Name, change.Action, change.Reason = s.moment(), account.ID, account.Name, action, c.Reason
	change.Was, change.Is = was, r.state()
	change.trim()
	r.History = append(slices.Clone(r.History), change)
	kept, err := s.keepCorrection(ctx, r, "response."+string(action))
	if err != nil {
		return kept, err
	}
	return s.withheldFrom(ctx, kept)
}

// keepCorrection stores r between two marks, and tells the trail.
func (s *Service) keepCorrection(ctx context.Context, r Response, action string) (Response, error) {
	if err := s.revised(ctx, r); err != nil {
		return r, err
	}
	if err := s.markBehind(ctx, r); err != nil {
		return r, err
	}
	if err := s.store.PutResponse(ctx, r, nil); err != nil {
		return r, orConflict(fmt.Errorf("storing a correction: %w", err), "", "correction.changed_meanwhile")
	}
	r.Revision++
	return r, errors.Join(s.revised(ctx, r), s.Audit(ctx, r.Programme, action, TrailName(r.ID)))
}

// revised marks that the responses of a strand are not what they were.
func (s *Service) revised(ctx context.Context, r Response) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	_, err = s.put(ctx, recordRevised, id, strandScope(r.Programme, r.Strand), "", 0, struct{}{})
	return err
}

// state is what a correction can change of r.
func (r *Response) state() State {
	return State{r.Cohort, r.Wave, r.Status, r.Answers, r.Aside, r.Workshop}
}

// trim leaves out answers that c did not change.
func (c *Change) trim() {
	if sameAnswers(c.Was.Answers, c.Is.Answers) && sameAnswers(c.Was.Aside, c.Is.Aside) {
		c.Was.Answers, c.Was.Aside, c.Is.Answers, c.Is.Aside = nil, nil, nil, nil
	}
}

// sameAnswers compares by what is stored of them.
func sameAnswers(a, b questionnaire.Answers) bool {
	return maps.EqualFunc(a, b, func(x, y questionnaire.Answer) bool {
		return string(appendAnswer(nil, "", x)) == string(appendAnswer(nil, "", y))
	})
}

// asSent is r where it was sent from: before any person moved it.
func (r Response) asSent() Response {
	for _, change := range r.History {
		if change.Action == ActionMoved {
			r.Cohort, r.Wave, r.Workshop = change.Was.Cohort, change.Was.Wave, change.Was.Workshop
			break
		}
	}
	return r
}
