package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// cardsPage is where a card leads while not exactly one form is open.
type cardsPage struct {
	sheet
	Heading string
	Place   string
	Open    []cardWave
	Closed  []string // when each wave opens, or that it is over
	Ask     string   // what to do where nothing is open
}

// cardWave is a form to choose.
type cardWave struct{ Wave, Href string }

// getCards answers the address on a card: it leads on to the one form that is open
// now. Behind the address stands the code of the card as a fragment, which browsers
// carry along and never send.
func (s *Server) getCards(c *fiber.Ctx) error {
	cards, err := s.surveys.CardVisit(c.UserContext(), c.Params("token"))
	if err != nil {
		return s.missed(c, err)
	}
	open := cards.Open(s.surveys.Now())
	if len(open) == 1 {
		return c.Redirect("/s/"+open[0].Link.Token, fiber.StatusSeeOther)
	}
	v := s.cardsVisit(c, cards)
	page := cardsPage{sheet: s.cardsSheet(v, cards), Place: place(v)}
	if len(open) > 0 {
		page.Heading = s.locales.say(v.lang, "respond.which_form")
		for _, inv := range open {
			page.Open = append(page.Open, cardWave{s.locales.say(v.lang, waveKeys[inv.Link.Wave]), "/s/" + inv.Link.Token + "?lang=" + v.lang})
		}
		return s.render(c, fiber.StatusOK, "respond/cards", page)
	}
	page.Heading, page.Ask = s.locales.say(v.lang, "respond.closed"), s.locales.say(v.lang, "respond.cards_keep")
	for _, inv := range cards.Waves {
		page.Closed = append(page.Closed, s.cardTimes(v, inv))
	}
	return s.render(c, fiber.StatusGone, "respond/cards", page)
}

// waveKeys are the keys of what a wave is called on a button.
var waveKeys = map[questionnaire.Wave]string{
	questionnaire.WavePre: "respond.wave_pre", questionnaire.WavePost: "respond.wave_post", questionnaire.WaveFollowUp: "respond.wave_follow_up",
}

// cardsVisit is a visit without a link: that of the first form, if there is any.
func (s *Server) cardsVisit(c *fiber.Ctx, cards surveys.CardVisit) visit {
	v := visit{own: s.locales}
	if len(cards.Waves) == 0 {
		v.lang = chooseLanguage(c, s.ownLanguages())
		return v
	}
	v.Invitation = cards.Waves[0]
	v.lang = chooseLanguage(c, v.languages())
	return v
}

func (s *Server) cardsSheet(v visit, cards surveys.CardVisit) sheet {
	if v.Instrument == nil {
		return sheet{Lang: v.lang, Title: cards.Name, Name: cards.Name, Demo: s.config.Demo, Languages: languageChoices(s.ownLanguages(), v.lang)}
	}
	page := s.sheet(v, v.in(v.Instrument.Version().Definition.Title))
	page.Styles = nil // nothing of the form stands here
	return page
}

// cardTimes says of a wave when it opens, or since when it is closed, in the
// programme's zone.
func (s *Server) cardTimes(v visit, inv surveys.Invitation) string {
	wave := s.locales.say(v.lang, waveKeys[inv.Link.Wave]) + questionnaire.Colon(v.lang)
	v.Invitation = inv
	if opens := s.opening(v); opens != "" {
		return wave + opens
	}
	if inv.Link.Closes.IsZero() {
		return wave + s.locales.say(v.lang, "respond.closed")
	}
	at := inv.Link.Closes.In(inv.Programme.Location())
	return wave + s.locales.say(v.lang, "respond.closed_on", s.locales.showDate(v.lang, at, precisionDay), at.Format("15:04"))
}

// mayTryCard refuses more codes of cards from a network that has guessed too many.
func (s *Server) mayTryCard(c *fiber.Ctx, v visit, raw questionnaire.Raw) error {
	if !v.typesCard(raw) {
		return nil
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	return s.surveys.MayTryCard(c.UserContext(), network)
}

// missedCard counts a code that is not known here, if one of errs says so, and
// returns err; or that there were too many.
func (s *Server) missedCard(c *fiber.Ctx, err error, errs questionnaire.FieldErrors) error {
	for _, e := range errs {
		if e.Key != questionnaire.KeyCardUnknown && e.Key != questionnaire.KeyCardElsewhere {
			continue
		}
		network, markErr := s.network(c)
		if markErr != nil {
			return markErr
		}
		if throttled := s.surveys.MissedCard(c.UserContext(), network); throttled != nil {
			return throttled
		}
	}
	return err
}

// typesCard reports whether a form brings the code of a card to be looked up; one
// that its person goes on with whatever it is tells nothing.
func (v visit) typesCard(raw questionnaire.Raw) bool {
	item, ok := v.Instrument.LinkageCode(v.Link.Wave)
	if !ok || !item.Card {
		return false
	}
	given := func(control string) bool { return len(raw[control]) > 0 && raw[control][0] != "" }
	return given(questionnaire.CardControl(item.ID)) && !given(questionnaire.AnywayControl(item.ID))
}

// cardWords is what a card says in one language.
type cardWords struct{ Lang, Dir, Keep, Scan string }

func (s *Server) cardWords(tag string) cardWords {
	return cardWords{tag, direction(tag), s.locales.say(tag, "respond.card_same"), s.locales.say(tag, "respond.card_scan")}
}
