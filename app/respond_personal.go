package app

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// A personal link, /p/:secret, leads to the form of its cohort's link, with the
// secret in the form: the answers then count as this person's, and no linkage code
// is asked. It may be opened on any device and as often as one likes, until answers
// came through it.

// personalPath comes before the secret in the address of a personal link.
const personalPath = "/p/"

// controlPersonal carries the secret of a personal link.
const controlPersonal = "_personal"

// personalCookie ties a response that is saved part by part to the personal link it
// began with: the secret and the response's id, so that it says nothing about
// whoever answers on this device next.
const personalCookie = "soundings_personal"

// notePage says one thing, with a way on or a button.
type notePage struct {
	sheet
	Heading, Message string
	Href, Go         string // a link
	Action, Button   string // a form with nothing in it
}

// getPersonal answers GET /p/:secret with the whole form, for this person.
func (s *Server) getPersonal(c *fiber.Ctx) error {
	secret := c.Params("secret")
	if secret == surveys.TestSecret {
		return s.note(c, func(say func(string, ...any) string) notePage { return notePage{Heading: say("respond.letter_test")} })
	}
	p, err := s.surveys.PersonalAt(c.UserContext(), secret, c.Query(workshopControl))
	if err != nil {
		return s.missed(c, err)
	}
	v := s.personalVisit(c, p)
	c.Locals(visitKey, v)
	if p.Answered {
		return s.render(c, fiber.StatusOK, "respond/note", s.answeredPage(v))
	}
	if err := s.open(v); err != nil {
		return err
	}
	if which, err := s.workshopsOf(c, v); err != nil || len(which.Workshops) > 0 {
		return s.chooseWorkshop(c, which, err)
	}
	resume := ""
	if id := surveys.ResponseID(s.cookie(c, responseCookie)); id.Valid() {
		if inv, r, err := s.surveys.InProgress(c.UserContext(), v.Link.Token, id); err == nil && r.Status == surveys.StatusInProgress {
			v.Invitation, v.lang = inv, r.Language
			s.walk(&v, r)
			resume = v.resume(r)
		}
	}
	return s.drawLanding(c, v, resume)
}

// visitKey holds the visit of a request whose address does not name the link.
const visitKey = "visit"

// personalVisit is the visit of who comes by a personal link: in the language asked
// for, else the one that the letters were in.
func (s *Server) personalVisit(c *fiber.Ctx, p surveys.Personal) visit {
	v := visit{Invitation: p.Invitation, own: s.locales, personal: p.Secret}
	v.lang, v.live = chooseLanguage(c, v.languages()), v.Instrument.HasLogic()
	if askedLanguage(c, v.languages()) == "" && slices.Contains(v.languages(), p.Language) {
		v.lang = p.Language
	}
	v.said = v.saidBy(c.Context().QueryArgs(), "")
	return v
}

func (s *Server) answeredPage(v visit) notePage {
	say := func(key string) string { return s.locales.say(v.lang, key) }
	heading := say("respond.answered_already")
	return notePage{
		sheet: s.sheet(v, heading), Heading: heading, Message: say("response.answered_already"),
		Href: "/withdraw?lang=" + v.lang, Go: say("respond.withdraw_go"),
	}
}

// note answers with a page outside any link, in the best of the product's languages.
func (s *Server) note(c *fiber.Ctx, write func(say func(string, ...any) string) notePage) error {
	lang := chooseLanguage(c, s.ownLanguages())
	page := write(func(key string, args ...any) string { return s.locales.say(lang, key, args...) })
	page.sheet = sheet{Lang: lang, Title: page.Heading, Name: page.Name, Demo: page.Demo || s.config.Demo, Languages: languageChoices(s.ownLanguages(), lang)}
	return s.render(c, fiber.StatusOK, "respond/note", page)
}

// startPersonal begins a response that is saved part by part for who came by a
// personal link; false: nobody did.
func (s *Server) startPersonal(c *fiber.Ctx, v visit, secret string, mode surveys.Mode, said []linkValue) (surveys.Response, error) {
	r, err := s.surveys.StartPersonal(c.UserContext(), v.Link.Token, secret, v.lang, mode, linkMap(said))
	if err != nil {
		return r, err
	}
	s.setCookie(c, personalCookie, secret+"."+string(r.ID), v.path(""), time.Time{})
	s.setCookie(c, responseCookie, string(r.ID), personalPath+secret, time.Time{}) // for who opens the letter again
	return r, nil
}

// personalOf is the secret of the personal link that the response of this browser
// began with; "" if it began with none.
func (s *Server) personalOf(c *fiber.Ctx, id surveys.ResponseID) string {
	secret, of, _ := strings.Cut(s.cookie(c, personalCookie), ".")
	if of != string(id) || id == "" {
		return ""
	}
	return secret
}

// draftKey tells apart what two people with a link of their own keep on one device.
func (v visit) draftKey() string {
	if v.personal == "" {
		return v.Link.Token
	}
	sum := sha256.Sum256([]byte(v.personal))
	return v.Link.Token + "." + hex.EncodeToString(sum[:4])
}

// withoutCodes drops the linkage codes for who needs none.
func (v visit) withoutCodes(items []*questionnaire.Item) []*questionnaire.Item {
	if v.personal == "" {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(item *questionnaire.Item) bool { return item.Kind == questionnaire.KindLinkageCode })
}

// emptied reports whether nothing is left of a part without its code.
func (v visit) emptied(part *questionnaire.Part) bool {
	all := part.ItemsAt(v.Link.Wave)
	return v.personal != "" && len(all) > 0 && len(v.withoutCodes(all)) == 0
}
