package surveys

import (
	"context"
	"time"

	"soundings/surveys/questionnaire"
)

// trialProgramme is the programme under which the answers of trials are kept. No
// account has a role in it and none can get one, so that nothing which counts,
// reports or exports a programme's answers ever meets them.
const trialProgramme ProgrammeID = "trial"

// trialLife is how long a trial takes answers; then it is removed with them.
const trialLife = 30 * 24 * time.Hour

// Trial is a test link: it is answered like a real one, and what comes in is seen
// by TrialAnswers alone. It asks what the questionnaire asked when it was started:
// later edits of the draft do not change what is being tried, and a phone that
// began goes on with what it began. To try a later state, start another.
type Trial struct {
	ID            string             `json:"id"`
	Token         string             `json:"token"` // the secret in the address, as of a link: /s/<token>
	Questionnaire questionnaire.ID   `json:"questionnaire"`
	Version       int                `json:"version"`         // 0: of the draft
	Draft         int64              `json:"draft,omitempty"` // of the draft: its revision
	Wave          questionnaire.Wave `json:"wave"`
	Programme     ProgrammeID        `json:"programme,omitempty"` // whose zone and name the pages show; "": none
	Started       time.Time          `json:"started"`
	Ends          time.Time          `json:"ends"`
	By            string             `json:"by"` // name of the account
}

// StartTrial makes a test link of version n of a questionnaire, or of its draft as
// it is now for 0, at a wave. KindInvalid: with Err questionnaire.Problems, the
// draft cannot be answered yet; or there is no such wave. KindNotFound: no such
// draft, version or programme.
func (s *Service) StartTrial(ctx context.Context, id questionnaire.ID, n int, wave questionnaire.Wave, programme ProgrammeID) (Trial, error) {
	return Trial{}, errNotBuilt
}

// Trials lists the trials of a questionnaire, oldest first, for owners and
// designers of any programme.
func (s *Service) Trials(ctx context.Context, id questionnaire.ID) ([]Trial, error) {
	return nil, errNotBuilt
}

// EndTrial closes a trial, which is removed with its answers by the next cleaning.
func (s *Service) EndTrial(ctx context.Context, token string) error { return errNotBuilt }

// TrialAnswer is what one variable of one response holds.
type TrialAnswer struct {
	Variable questionnaire.ItemID  `json:"variable"`
	Label    questionnaire.Text    `json:"label"`
	Words    string                `json:"words"` // in the language of the response; "" if there is none
	Code     string                `json:"code"`  // as exports have it
	Missing  questionnaire.Missing `json:"missing,omitempty"`
}

// TrialResponse is one form that came in, its variables in the order of the form.
type TrialResponse struct {
	Submitted time.Time     `json:"submitted"`
	Language  string        `json:"language"`
	Mode      Mode          `json:"mode"`
	Seconds   int           `json:"seconds"` // from start to submission
	Answers   []TrialAnswer `json:"answers"`
}

// TrialAnswers returns a trial and what came in through it, oldest first, for
// owners and designers of any programme. KindNotFound: there is no such trial.
func (s *Service) TrialAnswers(ctx context.Context, token string) (Trial, []TrialResponse, error) {
	return Trial{}, nil, errNotBuilt
}

// CleanTrials removes the trials that have ended, with their answers, and returns
// how many. Every start of a trial does it; serve does it now and then.
func (s *Service) CleanTrials(ctx context.Context) (int, error) { return 0, errNotBuilt }
