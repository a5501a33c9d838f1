package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"soundings/surveys/questionnaire"
)

// textsIn finds the responses in which somebody wrote something.
func textsIn(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	there, err := s.responsesOf(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	for _, one := range there {
		r, err := s.store.Response(ctx, ResponseID(one.ID))
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading a response: %w", err)
		}
		written, err := s.blankTexts(ctx, &r)
		if err != nil {
			return nil, err
		}
		if written {
			all = append(all, one)
		}
	}
	return all, nil
}

// blankTexts takes out of r what somebody wrote in their own words: in its answers, in
// those set aside, and in what it was before people corrected it, with their reasons.
// What tells that body from another, and one phone from another, goes with it. It
// reports whether anything was there.
func (s *Service) blankTexts(ctx context.Context, r *Response) (bool, error) {
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return false, err
	}
	wrote := r.Digest != "" || r.Device != ""
	r.Digest, r.Device = "", ""
	for _, answers := range []questionnaire.Answers{r.Answers, r.Aside} {
		wrote = blankAnswers(in, answers) || wrote
	}
	r.History = slices.Clone(r.History)
	for i := range r.History {
		c := &r.History[i]
		wrote = wrote || c.Reason != "" || c.Was.Answers != nil || c.Is.Answers != nil || c.Was.Aside != nil || c.Is.Aside != nil
		c.Reason, c.Was.Answers, c.Was.Aside, c.Is.Answers, c.Is.Aside = "", nil, nil, nil, nil
	}
	return wrote, nil
}

// blankAnswers makes "withdrawn" of what was written, and leaves what was chosen.
func blankAnswers(in *questionnaire.Instrument, answers questionnaire.Answers) bool {
	wrote := false
	for id, a := range answers {
		v, known := in.Variable(id)
		if a.Text == "" || known && v.Written(a) == "" {
			continue // chosen, or a day
		}
		wrote = true
		a.Text = ""
		if a.Choice == "" && len(a.Choices) == 0 && a.Number == nil {
			a = questionnaire.Answer{Missing: questionnaire.Withdrawn}
		}
		answers[id] = a
	}
	return wrote
}

// blankResponse takes the words out of one stored response.
func (s *Service) blankResponse(ctx context.Context, id ResponseID) error {
	for range tries {
		r, err := s.store.Response(ctx, id)
		if kindOfNil(err) == KindNotFound {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a response: %w", err)
		}
		written, err := s.blankTexts(ctx, &r)
		if err != nil || !written {
			return err
		}
		err = s.store.PutResponse(ctx, r, nil)
		if kindOfNil(err) != KindConflict {
			return err
		}
	}
	return errors.New("a response was changed again and again")
}
