package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"soundings/surveys/pairing"
)

// PairRuling is one line of the log of what people said about two responses. The
// log only grows: taking a ruling back is a line of its own. Of the lines about two
// responses the one with the highest number counts.
//
// Kept as JSON with the fields of pairing.Decision beside the others. Records from
// before the log have only those, the number 0 and nobody's name.
type PairRuling struct {
	pairing.Decision           // of two waves the earlier first; of one wave the one that counts first
	Number           int       `json:"number,omitempty"` // 1, 2, … among those about the same two; 0: from before the log
	Lifted           bool      `json:"lifted,omitempty"` // nothing is decided about the two any more; Accepted says nothing
	Undoes           int       `json:"undoes,omitempty"` // the ruling that this one takes back plus 1; 0: none
	Reason           string    `json:"reason,omitempty"`
	By               AccountID `json:"by,omitempty"`
	Name             string    `json:"name,omitempty"`
	At               time.Time `json:"at,omitzero"`
}

// About names the two responses, in an order that is always the same.
func (r PairRuling) About() string { return aboutPair(r.Pre, r.Post) }

// aboutPair is the id that the log of two responses has.
func aboutPair(a, b string) string { return min(a, b) + "+" + max(a, b) }

// recordID is the id of the ruling's record: the number in it makes the index
// decide who comes first of two at once.
func (r PairRuling) recordID() string { return r.About() + "#" + strconv.Itoa(r.Number) }

// maxReason is the longest reason given for a ruling, in characters.
const maxReason = 500

// RulePair keeps what a person said about two responses: of the same respondent or
// not. Two responses of different waves come with the earlier wave's first, and are
// a pair or none; of two of one wave the first counts and the second is a repeat,
// or both count. Saying what counts already adds nothing to the log.
//
// KindNotFound if a response is not there, KindInvalid for two responses that are
// one or in the wrong order or too long a reason, KindConflict if one of them is
// accepted as a pair with another response of the same wave.
func (s *Service) RulePair(ctx context.Context, programme ProgrammeID, strand StrandID, decision pairing.Decision, reason string) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	if err := s.checkRuling(ctx, programme, strand, decision, &reason); err != nil {
		return err
	}
	if err := s.refuseNewIn(ctx, programme); err != nil {
		return err
	}
	err := s.appendRuling(ctx, programme, strand, aboutPair(decision.Pre, decision.Post), func(log []PairRuling) (PairRuling, error) {
		if last, ok := lastOf(log); ok && !last.Lifted && last.Decision == decision {
			return last, nil
		}
		return PairRuling{Decision: decision, Reason: reason}, nil
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, programme, "pair.decided", trailPair(decision.Pre, decision.Post))
}

// DecidePair is RulePair without a reason.
func (s *Service) DecidePair(ctx context.Context, programme ProgrammeID, strand StrandID, decision pairing.Decision) error {
	return s.RulePair(ctx, programme, strand, decision, "")
}

// UndoRuling takes back a ruling about two responses, whether they are still there
// or not: what counted before it counts again. number is that of the ruling: the
// last, or the one that counts now since later ones were taken back (StandingRuling).
// KindNotFound if nothing was said about the two, KindConflict for any other.
func (s *Service) UndoRuling(ctx context.Context, programme ProgrammeID, strand StrandID, pre, post string, number int, reason string) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	if err := s.refuseNewIn(ctx, programme); err != nil {
		return err
	}
	err := s.appendRuling(ctx, programme, strand, aboutPair(pre, post), func(log []PairRuling) (PairRuling, error) {
		last, ok := lastOf(log)
		switch {
		case !ok:
			return last, notFound("pair.no_ruling")
		case last.Undoes == number+1:
			return last, nil // done already
		}
		at := slices.IndexFunc(log, func(r PairRuling) bool { return r.Number == number })
		if at < 0 || at != len(log)-1 && at != StandingRuling(log) {
			return last, &Error{Kind: KindConflict, Key: "pair.decided_meanwhile"}
		}
		next := PairRuling{Decision: last.Decision, Lifted: true, Undoes: number + 1, Reason: reason}
		if at > 0 {
			next.Decision, next.Lifted = log[at-1].Decision, log[at-1].Lifted
		}
		return next, nil
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, programme, "pair.decision_undone", trailPair(pre, post))
}

func trailPair(pre, post string) string {
	return TrailName(ResponseID(pre)) + " + " + TrailName(ResponseID(post))
}

// PairRulings lists a strand's log, oldest first.
func (s *Service) PairRulings(ctx context.Context, programme ProgrammeID, strand StrandID) ([]PairRuling, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	return s.pairRulings(ctx, programme, strand)
}

func (s *Service) pairRulings(ctx context.Context, programme ProgrammeID, strand StrandID) ([]PairRuling, error) {
	var all []PairRuling
	for r, err := range s.store.Records(ctx, recordDecision, strandScope(programme, strand)) {
		if err != nil {
			return nil, fmt.Errorf("listing decisions: %w", err)
		}
		ruling, err := decode[PairRuling](r)
		if err != nil {
			return nil, err
		}
		if ruling.At.IsZero() {
			ruling.At = r.At
		}
		all = append(all, ruling)
	}
	return inOrder(all), nil
}

// inOrder puts those about the same two responses into the order of their numbers:
// clocks may differ, the numbers cannot. The places in the list are those of the times.
func inOrder(all []PairRuling) []PairRuling {
	about := map[string][]int{}
	for i, r := range all {
		about[r.About()] = append(about[r.About()], i)
	}
	ordered := slices.Clone(all)
	for _, places := range about {
		sorted := slices.Clone(places)
		slices.SortStableFunc(sorted, func(i, j int) int { return cmp.Compare(all[i].Number, all[j].Number) })
		for k, place := range places {
			ordered[place] = all[sorted[k]]
		}
	}
	return ordered
}

// appendRuling adds to the log about two responses what next makes of it; a ruling
// with a number is there already. If another came between, next is asked again.
func (s *Service) appendRuling(ctx context.Context, programme ProgrammeID, strand StrandID, about string, next func([]PairRuling) (PairRuling, error)) error {
	account, _ := AccountFrom(ctx)
	for range tries {
		all, err := s.pairRulings(ctx, programme, strand)
		if err != nil {
			return err
		}
		log := slices.DeleteFunc(all, func(r PairRuling) bool { return r.About() != about })
		ruling, err := next(log)
		if err != nil || ruling.Number > 0 || !ruling.At.IsZero() {
			return err
		}
		last, _ := lastOf(log)
		ruling.Number, ruling.By, ruling.Name, ruling.At = last.Number+1, account.ID, account.Name, s.moment()
		_, err = s.put(ctx, recordDecision, ruling.recordID(), strandScope(programme, strand), "", 0, ruling)
		if kindOfNil(err) != KindConflict {
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// lastOf returns the ruling with the highest number.
func lastOf(log []PairRuling) (PairRuling, bool) {
	if len(log) == 0 {
		return PairRuling{}, false
	}
	return log[len(log)-1], true
}

// StandingRuling returns the place in the log about two responses of the line that says
// what counts now, however much was taken back after it; -1 if nothing counts.
func StandingRuling(log []PairRuling) int {
	after := make([]int, len(log)) // by line: what counts after it
	for i, r := range log {
		after[i] = i
		if r.Undoes > 0 {
			after[i] = -1
			undone := slices.IndexFunc(log, func(x PairRuling) bool { return x.Number+1 == r.Undoes })
			if undone > 0 {
				after[i] = after[undone-1]
			}
		}
	}
	if len(log) == 0 {
		return -1
	}
	return after[len(log)-1]
}

// decisionsIn returns what counts of a log, in the order it was said.
func decisionsIn(log []PairRuling) []pairing.Decision {
	last := map[string]PairRuling{}
	for _, r := range log {
		last[r.About()] = r
	}
	var decisions []pairing.Decision
	for _, r := range log {
		if counts := last[r.About()]; !r.Lifted && counts.Number == r.Number {
			decisions = append(decisions, r.Decision)
		}
	}
	return decisions
}

func (s *Service) checkRuling(ctx context.Context, programme ProgrammeID, strand StrandID, decision pairing.Decision, reason *string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	pre, err := s.submitted(ctx, programme, strand, ResponseID(decision.Pre))
	if err != nil {
		return err
	}
	post, err := s.submitted(ctx, programme, strand, ResponseID(decision.Post))
	if err != nil {
		return err
	}
	if pre.ID == post.ID || waveOrder(pre.Wave) > waveOrder(post.Wave) {
		return invalid("post", "pair.two_responses")
	}
	if !decision.Accepted || pre.Wave == post.Wave {
		return nil
	}
	return s.checkFree(ctx, pre, post)
}

// checkFree refuses a pair if a person gave one of the two another partner: which
// holds would be nobody's to say.
func (s *Service) checkFree(ctx context.Context, pre, post Response) error {
	log, err := s.pairRulings(ctx, pre.Programme, pre.Strand)
	if err != nil {
		return err
	}
	for _, d := range decisionsIn(log) {
		other := ResponseID(d.Post)
		wave := post.Wave
		if d.Post == string(post.ID) {
			other, wave = ResponseID(d.Pre), pre.Wave
		}
		if !d.Accepted || (d.Pre == string(pre.ID)) == (d.Post == string(post.ID)) {
			continue // refused, about neither, or about both
		}
		r, err := s.submitted(ctx, pre.Programme, pre.Strand, other)
		switch {
		case err == nil && r.Wave == wave:
			return &Error{Kind: KindConflict, Key: "pair.taken"}
		case err != nil && KindOf(err) != KindNotFound:
			return err
		}
	}
	return nil
}

func checkReason(reason *string) error {
	tidy(reason)
	switch {
	case utf8.RuneCountInString(*reason) > maxReason:
		return invalid("reason", "pair.reason_too_long", maxReason)
	case !plain(*reason, ""):
		return invalid("reason", "pair.reason_unreadable")
	}
	return nil
}

// SetReviewNear says whether the near pairs of a strand are made or wait for a
// person. Evaluators decide it: it changes what they report, and nothing else.
func (s *Service) SetReviewNear(ctx context.Context, programme ProgrammeID, strand StrandID, review bool) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	_, err := change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		i := slices.IndexFunc(p.Strands, func(line Strand) bool { return line.ID == strand && line.Paired() })
		if i < 0 {
			return notFound("strand.not_found")
		}
		p.Strands[i].ReviewNear = review
		return nil
	})
	if err != nil {
		return err
	}
	policy := "accept near"
	if review {
		policy = "review near"
	}
	return s.Audit(ctx, programme, "pairing.policy_set", string(strand)+" "+policy)
}
