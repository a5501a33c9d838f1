package app

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// sealedAtOnce is how many sealed answers one request may bring.
const sealedAtOnce = 50

// sealedInput is what a tablet sends once it has network.
type sealedInput struct {
	Answers []sealedAnswer `json:"answers"`
}

// sealedAnswer is one answer, sealed by room.js; surveys.Sealed says how.
type sealedAnswer struct {
	ID     surveys.ResponseID `json:"id"`
	Sealed []byte             `json:"sealed"` // base64
}

// sealedOutcome is what became of one: the tablet forgets it unless it was refused.
type sealedOutcome struct {
	ID      surveys.ResponseID `json:"id"`
	Outcome string             `json:"outcome"` // "kept", "held" for a facilitator, "refused", or "later": try again
}

// sealedOutput is the answer to a batch.
type sealedOutput struct {
	Answers []sealedOutcome `json:"answers"`
}

// postRoomSealed opens what a tablet kept sealed, and keeps each as if it had just
// been posted. One that fails leaves the others alone.
func (s *Server) postRoomSealed(c *fiber.Ctx) error {
	var in sealedInput
	if err := json.Unmarshal(c.Body(), &in); err != nil || len(in.Answers) > sealedAtOnce {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.unreadable", Err: err}
	}
	if _, err := s.surveys.RoomState(c.UserContext(), c.Params("room")); err != nil {
		return s.missed(c, err)
	}
	out := sealedOutput{Answers: []sealedOutcome{}}
	for _, one := range in.Answers {
		out.Answers = append(out.Answers, sealedOutcome{one.ID, s.takeSealed(c, one)})
	}
	return c.JSON(out)
}

// takeSealed keeps one sealed answer and says what became of it.
func (s *Server) takeSealed(c *fiber.Ctx, one sealedAnswer) string {
	if err := s.maySubmit(c); err != nil {
		return "later"
	}
	body, err := s.surveys.OpenSealed(c.UserContext(), c.Params("room"), surveys.Sealed{ID: one.ID, Body: one.Sealed})
	if err != nil {
		return outcomeOfRefusal(err)
	}
	var sent fasthttp.Args
	sent.ParseBytes(body)
	sub := readSubmission(&sent)
	sub.ID = one.ID
	r, err := s.surveys.DeliverFromRoom(c.UserContext(), c.Params("room"), sub, sentAt(&sent))
	switch {
	case err != nil:
		return outcomeOfRefusal(err)
	case r.Status == surveys.StatusHeld:
		return "held"
	}
	return "kept"
}

// outcomeOfRefusal tells what is for ever from what may pass.
func outcomeOfRefusal(err error) string {
	switch surveys.KindOf(err) {
	case surveys.KindInvalid, surveys.KindNotFound:
		return "refused"
	}
	return "later"
}
