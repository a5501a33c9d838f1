package app

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// lateWords are what a phone's page says beside answers that it cannot deliver, in
// the language of the respondent. They come with the refusal: a first visit does not
// have to carry them.
type lateWords struct {
	Hand string `json:"hand,omitempty"` // the button that hands them over; "" where nobody could be asked
	File string `json:"file"`           // the link that saves them
	Drop string `json:"drop"`           // the button that throws them away
}

// lateReceipt is the answer to answers handed over.
type lateReceipt struct {
	receipt
	Say string `json:"say,omitempty"` // "" if they were taken as any others are
}

// withLateWords adds to a refusal what can be done now, unless the phone tries again
// by itself without showing it.
func (s *Server) withLateWords(answer refusal, lang string, known bool) refusal {
	closed := answer.Kind == surveys.KindClosed.String()
	switch {
	case closed:
		answer.Message += " " + s.locales.say(lang, "respond.undelivered")
	case answer.Kind == surveys.KindNotFound.String() && !known:
		answer.Message += " " + s.locales.say(lang, "respond.undelivered_file")
	case answer.Kind == surveys.KindThrottled.String(), answer.Kind == surveys.KindUnavailable.String(), answer.Kind == surveys.KindInternal.String():
		return answer
	}
	answer.Late = &lateWords{File: s.locales.say(lang, "respond.save_file"), Drop: s.locales.say(lang, "respond.throw_away")}
	if closed {
		answer.Late.Hand = s.locales.say(lang, "respond.hand_over")
	}
	return answer
}

// postLate takes answers that could not be delivered: they wait until a facilitator,
// who is shown the receipt, has decided.
func (s *Server) postLate(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.visit)
	if err != nil {
		return err
	}
	if sent.Has(controlBegun) {
		return s.handBegun(c)
	}
	sub := readSubmission(sent)
	r, err := s.takeForm(c, v, sub.Raw, func() (surveys.Response, error) {
		return s.surveys.HandIn(c.UserContext(), v.Link.Token, sub, sentAt(sent))
	})
	if err != nil {
		return err
	}
	answer := lateReceipt{receipt: receipt{surveys.ReceiptOf(r.ID), v.path("/thanks")}}
	if r.Status == surveys.StatusHeld {
		answer.Say = s.locales.say(v.lang, "respond.handed_over")
	}
	return c.JSON(answer)
}

// controlBegun asks to hand over what this browser has begun on the server, where
// there is no script.
const controlBegun = "_begun"

// handBegun hands over what was saved part by part, and shows the code to show.
func (s *Server) handBegun(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	if v.Link.State(s.surveys.Now()) == "open" { // it can be finished after all
		return c.Redirect(v.resume(r), fiber.StatusSeeOther)
	}
	if err := s.maySubmit(c); err != nil {
		return err
	}
	if r, err = s.surveys.HandBegun(c.UserContext(), v.Link.Token, v.personal, r.ID); err != nil {
		return err
	}
	if r.Status != surveys.StatusHeld {
		return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
	}
	receipt := surveys.ReceiptOf(r.ID)
	return s.render(c, fiber.StatusOK, "respond/note", notePage{
		sheet: s.sheet(v, receipt), Heading: receipt, Message: s.locales.say(v.lang, "respond.handed_over") + " " + receipt,
	})
}

// sentAt is when Send was pressed, as the phone says; zero if it does not.
func sentAt(sent *fasthttp.Args) time.Time {
	ms, err := strconv.ParseInt(string(sent.Peek(controlSent)), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
