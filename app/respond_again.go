package app

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// controlShown is the language that a page without script was shown in: a page that
// says that the store does not answer cannot look it up there.
const controlShown = "_in"

// retryAfter is when a program may ask again that was told that the store does not
// answer, in seconds.
const retryAfter = "5"

// againForm sends once more what could not be taken, without having it typed again.
type againForm struct {
	Action string
	Fields []againField
	Typed  bool // some of them a person typed
}

type againField struct{ Name, Value string }

// canBeSentAgain says whether the same request may succeed later: what stood in its
// way was not what it said.
func canBeSentAgain(kind surveys.Kind) bool {
	return kind == surveys.KindUnavailable || kind == surveys.KindInternal || kind == surveys.KindThrottled
}

// again is the form that sends a respondent's post once more; nil if it was none, or
// would be refused again.
func again(c *fiber.Ctx, shown *surveys.Error) *againForm {
	if c.Method() != fiber.MethodPost || !canBeSentAgain(shown.Kind) {
		return nil
	}
	sent, err := postForm(c)
	if err != nil {
		return nil
	}
	form := &againForm{Action: c.Path() + query(c)}
	sent.VisitAll(func(name, value []byte) {
		form.Fields = append(form.Fields, againField{string(name), string(value)})
		form.Typed = form.Typed || len(name) > 0 && name[0] != '_' && len(value) > 0
	})
	return form
}

// shownLanguage is the language for the page of an error: the one asked for, or that of
// the page with the form, or else the best of languages for the browser.
func shownLanguage(c *fiber.Ctx, languages []string) string {
	if askedLanguage(c, languages) == "" {
		if sent, err := postForm(c); err == nil {
			if was := string(sent.Peek(controlShown)); slices.Contains(languages, was) {
				return was
			}
		}
	}
	return chooseLanguage(c, languages)
}

// noteUnread remembers what was typed on a form that was refused before anything was
// made of it: the store did not answer who it is from.
func (s *Server) noteUnread(c *fiber.Ctx, v visit) {
	if _, noted := c.Locals(typedKey).(func() []answerRow); noted {
		return
	}
	if sent, err := postForm(c); err == nil {
		s.noteTyped(c, v, nil, readControls(sent, func(name []byte) bool { return name[0] != '_' }))
	}
}
