package surveys

import (
	"context"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// TrialAnswer is what one variable of one response holds.
type TrialAnswer struct {
	Variable questionnaire.ItemID  `json:"variable"`
	Label    questionnaire.Text    `json:"label"`
	Words    string                `json:"words,omitempty"` // in the language of the response; "" if there is none
	Code     string                `json:"code,omitempty"`  // as exports have it
	Missing  questionnaire.Missing `json:"missing,omitempty"`
}

// TrialResponse is one form that came in, its variables in the order of the form.
type TrialResponse struct {
	Submitted time.Time     `json:"submitted"`
	Language  string        `json:"language"`
	Mode      Mode          `json:"mode"`
	Seconds   int           `json:"seconds"` // from start to submission
	Coded     bool          `json:"coded"`   // a linkage code was given, which is not kept
	Answers   []TrialAnswer `json:"answers"`
}

// TrialAnswers returns a trial and what came in through it, oldest first, for
// owners and designers of any programme. KindNotFound: there is no such trial.
func (s *Service) TrialAnswers(ctx context.Context, token string) (Trial, []TrialResponse, error) {
	if err := requireDesigns(ctx); err != nil {
		return Trial{}, nil, err
	}
	kept, err := s.trial(ctx, token)
	if err != nil {
		return Trial{}, nil, err
	}
	if err := s.requireSight(ctx, kept.Questionnaire); err != nil {
		return Trial{}, nil, orNotFound(err, "link.not_found")
	}
	instrument, err := s.trialInstrument(kept)
	if err != nil {
		return Trial{}, nil, err
	}
	all := []TrialResponse{}
	for r, err := range s.store.Responses(ctx, trialProgramme, StrandID(kept.ID)) {
		if err != nil {
			return Trial{}, nil, fmt.Errorf("reading the answers of a trial: %w", err)
		}
		all = append(all, trialResponse(instrument, r))
	}
	return kept.Trial, all, nil
}

func trialResponse(in *questionnaire.Instrument, r Response) TrialResponse {
	shown := TrialResponse{
		Submitted: r.Submitted, Language: r.Language, Mode: r.Mode, Coded: r.Coded,
		Seconds: int(r.Submitted.Sub(r.Started).Seconds()),
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		a, ok := r.Answers[v.ID]
		if !ok {
			a.Missing = questionnaire.NotReached
		}
		shown.Answers = append(shown.Answers, TrialAnswer{
			Variable: v.ID, Label: v.Label, Words: v.Show(a, r.Language), Code: v.Code(a).Text, Missing: a.Missing,
		})
	}
	return shown
}
