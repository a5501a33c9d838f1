package surveys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"soundings/surveys/questionnaire"
)

// IncomingResponse is one response that a program sends: answers by variable,
// and the elements of its linkage code by prompt, or the code of its card as "card".
type IncomingResponse struct {
	ID        ResponseID        `json:"id"` // the client's own; the same id and answers again are stored once
	Language  string            `json:"language,omitempty"`
	Mode      Mode              `json:"mode,omitempty"` // import unless said otherwise
	Started   time.Time         `json:"started,omitzero"`
	Submitted time.Time         `json:"submitted,omitzero"` // now, unless said otherwise
	Answers   json.RawMessage   `json:"answers"`
	Code      map[string]string `json:"code,omitempty"`
}

// ImportedResponse is what became of one.
type ImportedResponse struct {
	ID      ResponseID `json:"id"`
	Receipt string     `json:"receipt"`
}

// Limits of one bulk post.
const (
	maxImport      = 5000 // responses
	maxImportShown = 20   // errors told of at once
	importsAtOnce  = 64   // rows on their way to the store
)

// Import keeps responses that a program sends for one link: all of them, or
// none if any is wrong. It is idempotent: posting the same again changes
// nothing, so a client that lost the answer posts again.
//
// KindInvalid with Fields names row and item: "responses[3].stress".
func (s *Service) Import(ctx context.Context, programme ProgrammeID, link LinkID, incoming []IncomingResponse) ([]ImportedResponse, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return nil, err
	}
	inv, err := s.invitationTo(ctx, programme, link)
	if err == nil {
		err = refuseNew(inv.Programme)
	}
	if err != nil {
		return nil, err
	}
	if len(incoming) == 0 || len(incoming) > maxImport {
		return nil, invalid("responses", "import.count", maxImport)
	}
	ready, err := s.readImport(ctx, inv, incoming)
	if err != nil {
		return nil, err
	}
	results, err := s.storeImport(ctx, ready)
	if err != nil {
		return nil, err
	}
	return results, s.Audit(ctx, programme, "responses.imported", fmt.Sprintf("%s: %d", link, len(results)))
}

// storeImport stores many rows at once, which the stores write together.
func (s *Service) storeImport(ctx context.Context, ready []prepared) ([]ImportedResponse, error) {
	results := make([]ImportedResponse, len(ready))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(importsAtOnce)
	for i, p := range ready {
		group.Go(func() error {
			stored, err := s.At(p.at).submit(ctx, p.response, p.linkage)
			if err != nil {
				return fmt.Errorf("storing row %d of an import: %w", i, err)
			}
			results[i] = ImportedResponse{stored.ID, ReceiptOf(stored.ID)}
			return nil
		})
	}
	return results, group.Wait()
}

// invitationTo is what a link of a programme leads to, open or not.
func (s *Service) invitationTo(ctx context.Context, programme ProgrammeID, id LinkID) (Invitation, error) {
	l, err := readRecord[Link](ctx, s.store, recordLink, string(id))
	if err != nil {
		return Invitation{}, orNotFound(err, "link.not_found")
	}
	if l.Programme != programme {
		return Invitation{}, notFound("link.not_found")
	}
	return s.Invitation(ctx, l.Token)
}

// prepared is a response ready to be stored.
type prepared struct {
	response Response
	linkage  *Linkage
	at       time.Time
}

// readImport gives every row its meaning before anything is stored.
func (s *Service) readImport(ctx context.Context, inv Invitation, incoming []IncomingResponse) ([]prepared, error) {
	ready := make([]prepared, 0, len(incoming))
	seen := make(map[ResponseID]int, len(incoming))
	var wrong questionnaire.FieldErrors
	for i, in := range incoming {
		p, errs, err := s.readIncoming(ctx, inv, in)
		if err != nil {
			return nil, err
		}
		if first, twice := seen[in.ID]; twice {
			errs = append(errs, questionnaire.FieldError{Control: "id", Key: "import.id_twice", Args: []any{first}})
		}
		seen[in.ID] = i
		for _, e := range errs {
			e.Control = fmt.Sprintf("responses[%d].%s", i, e.Control)
			wrong = append(wrong, e)
		}
		if len(wrong) >= maxImportShown {
			break
		}
		ready = append(ready, p)
	}
	if len(wrong) > 0 {
		return nil, &Error{Kind: KindInvalid, Key: "import.rows_wrong", Field: "responses", Fields: wrong[:min(len(wrong), maxImportShown)]}
	}
	return ready, nil
}

func (s *Service) readIncoming(ctx context.Context, inv Invitation, in IncomingResponse) (prepared, questionnaire.FieldErrors, error) {
	var errs questionnaire.FieldErrors
	refuse := func(control, key string) {
		errs = append(errs, questionnaire.FieldError{Control: control, Key: key})
	}
	if !in.ID.Valid() {
		refuse("id", "import.bad_id")
	}
	if in.Mode == "" {
		in.Mode = ModeImport
	}
	if !in.Mode.known() {
		refuse("mode", "import.mode")
	}
	if in.Language != "" && !slices.Contains(inv.Instrument.Version().Definition.Languages, in.Language) {
		refuse("language", "import.language")
	}
	p := prepared{at: s.moment()}
	if !in.Submitted.IsZero() {
		p.at = wholeMilliseconds(in.Submitted)
	}
	if p.at.After(s.moment()) || p.at.Year() < 1990 {
		refuse("submitted", "import.submitted")
	}
	p.response = s.At(p.at).newResponse(inv, in.ID, in.Language, in.Mode)
	p.response.Started = believable(in.Started, p.response.Started)
	sit := s.At(p.at).Sitting(inv, p.response, nil)
	answers, aside, err := inv.Instrument.DecodeAnswers(sit, in.Answers)
	var fields questionnaire.FieldErrors
	var problems questionnaire.Problems
	switch {
	case errors.As(err, &fields):
		errs = append(errs, fields...)
	case errors.As(err, &problems):
		errs = append(errs, questionnaire.FieldError{Control: "answers", Key: "import.answers_json", Args: []any{questionnaire.Text{"en": problems.Error()}}})
	case err != nil:
		return p, nil, err
	}
	p.response.Answers, p.response.Aside = answers, aside
	raw, unknown := rawCode(inv, in.Code)
	linkage, codeErrs, err := s.linkageOnPath(ctx, inv, sit, p.response, withCardAnyway(inv, raw))
	if err != nil {
		return p, nil, err
	}
	p.linkage = linkage
	p.response.Digest = digestOf(inv.Instrument, p.response, linkage)
	p.response.noteCode(linkage)
	return p, append(append(errs, unknown...), codeErrs...), nil
}

// cardOfImport is what the code of a card is called among the elements of codes.
const cardOfImport = "card"

// rawCode puts the elements of a linkage code where a form would have them, and
// tells of prompts that the form does not have.
func rawCode(inv Invitation, code map[string]string) (questionnaire.Raw, questionnaire.FieldErrors) {
	raw, prompts := questionnaire.Raw{}, map[string]bool{}
	if item, ok := inv.Instrument.LinkageCode(inv.Link.Wave); ok {
		if item.Card { // kept whatever it is: a note says so if it is not known
			prompts[cardOfImport] = true
			raw[questionnaire.CardControl(item.ID)] = []string{code[cardOfImport]}
		}
		for _, prompt := range item.Prompts {
			prompts[string(prompt.ID)] = true
			raw[questionnaire.PromptControl(item.ID, prompt.ID)] = []string{code[string(prompt.ID)]}
		}
	}
	var unknown questionnaire.FieldErrors
	for _, name := range slices.Sorted(maps.Keys(code)) {
		if !prompts[name] {
			unknown = append(unknown, questionnaire.FieldError{Control: "code." + Shorten(name), Key: questionnaire.KeySendKnown})
		}
	}
	return raw, unknown
}

// Shorten cuts a name that a client made up to what fits into a message.
func Shorten(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}
