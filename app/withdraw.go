package app

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// withdrawPage is what a receipt leads to. It never shows an answer.
type withdrawPage struct {
	sheet
	Token   string // of the page's own form; there is no link to take one from
	Receipt string // as typed
	Problem string
	Asked   bool // the receipt is known: Found says of what

	Unquoted bool // the answers stay, and no word of them is quoted
	Found    surveys.Receipted
	Heading  string // of the questionnaire, in the reader's language
	Sent     string // when
}

// withdrawForm asks for a receipt. It takes none from the address: addresses are
// logged on the way, and whoever reads one could withdraw.
func (s *Server) withdrawForm(c *fiber.Ctx) error {
	return s.showWithdraw(c, fiber.StatusOK, s.withdrawPage(c))
}

func (s *Server) withdrawPage(c *fiber.Ctx) withdrawPage {
	lang := chooseLanguage(c, s.ownLanguages())
	title := s.locales.say(lang, "respond.withdraw_title")
	return withdrawPage{sheet: sheet{
		Lang: lang, Title: title + " – Soundings", Demo: s.config.Demo, Languages: languageChoices(s.ownLanguages(), lang),
		Carry: template.URL(""),
	}}
}

func (s *Server) showWithdraw(c *fiber.Ctx, status int, page withdrawPage) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, status, "respond/withdraw", page)
}

// withdraw says what a receipt leads to and, asked once more, takes the answers
// back.
func (s *Server) withdraw(c *fiber.Ctx) error {
	page := s.withdrawPage(c)
	page.Languages = nil // the address of a form cannot be opened
	page.Receipt = typed(c, "receipt")
	network, err := s.network(c)
	if err != nil {
		return err
	}
	ask := s.surveys.ByReceipt
	switch typed(c, "do") {
	case "withdraw":
		ask = s.surveys.Withdraw
	case "unquote":
		ask, page.Unquoted = s.surveys.TakeConsentBack, true
	}
	found, err := ask(c.UserContext(), network, page.Receipt)
	if err != nil {
		return s.withdrawRefused(c, page, err)
	}
	page.Asked, page.Found, page.Receipt = true, found, found.Receipt
	page.Care = careOf(page.Lang, found.Help)
	page.Heading = found.Title.In(page.Lang, found.Languages...)
	p := surveys.Programme{Zone: found.Zone}
	page.Sent = s.locales.showDate(page.Lang, found.Submitted.In(p.Location()), precisionDay)
	return s.showWithdraw(c, fiber.StatusOK, page)
}

// withdrawRefused shows the form again with what is wrong, as it was typed.
func (s *Server) withdrawRefused(c *fiber.Ctx, page withdrawPage, err error) error {
	e := asError(err)
	if e.Kind != surveys.KindNotFound && e.Kind != surveys.KindThrottled && e.Kind != surveys.KindConflict {
		return err
	}
	page.Problem = s.locales.say(page.Lang, e.Key, e.Args...)
	return s.showWithdraw(c, outcomeOf[e.Kind].status, page)
}
