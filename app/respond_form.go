package app

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// maxForm is the largest form a respondent can send, in bytes: eight long
// answers of 10,000 Arabic letters, each six bytes in a form.
const maxForm = 512 << 10

// postForm returns the posted controls, from the body only.
func postForm(c *fiber.Ctx) (*fasthttp.Args, error) {
	if len(c.Request().Body()) > maxForm {
		return nil, fiber.ErrRequestEntityTooLarge
	}
	return c.Request().PostArgs(), nil
}

// posted is the visit of a request and the controls posted with it.
func posted[V any](c *fiber.Ctx, of func(*fiber.Ctx) (V, error)) (V, *fasthttp.Args, error) {
	v, err := of(c)
	if err != nil {
		return v, nil, err
	}
	sent, err := postForm(c)
	return v, sent, err
}

// readForm takes the controls of parts as they are asked at wave out of a posted
// form. What else was posted is ignored.
func readForm(sent *fasthttp.Args, parts []*questionnaire.Part, wave questionnaire.Wave) questionnaire.Raw {
	asked := controlsOf(parts, wave)
	return readControls(sent, func(name []byte) bool { return asked[string(name)] })
}

// readControls takes the controls that are wanted out of a posted form. A whole
// form may be of an older version than the newest, so the service decides which
// of its controls mean something.
func readControls(sent *fasthttp.Args, wanted func(name []byte) bool) questionnaire.Raw {
	raw := make(questionnaire.Raw, sent.Len())
	first := make([]string, 0, sent.Len()) // one allocation for the first value of each
	sent.VisitAll(func(name, value []byte) {
		if len(name) == 0 || !wanted(name) {
			return
		}
		if given, more := raw[string(name)]; more {
			raw[string(name)] = append(given, string(value))
			return
		}
		first = append(first, string(value))
		raw[string(name)] = first[len(first)-1 : len(first) : len(first)]
	})
	return raw
}

// controlsOf names every control of parts at wave.
func controlsOf(parts []*questionnaire.Part, wave questionnaire.Wave) map[string]bool {
	names := make(map[string]bool, 32)
	for _, part := range parts {
		for _, item := range part.ItemsAt(wave) {
			addControls(names, item)
		}
	}
	return names
}

func addControls(names map[string]bool, item *questionnaire.Item) {
	switch item.Kind {
	case questionnaire.KindRating:
		for _, row := range item.Rows {
			names[string(row.ID)] = true
		}
	case questionnaire.KindThenNow:
		for _, row := range item.Rows {
			names[string(questionnaire.MomentID(row.ID, questionnaire.MomentThen))] = true
			names[string(questionnaire.MomentID(row.ID, questionnaire.MomentNow))] = true
		}
	case questionnaire.KindLinkageCode:
		for _, control := range questionnaire.CodeControls(item) {
			names[control] = true
		}
	case questionnaire.KindStatement, questionnaire.KindCalculated, questionnaire.KindHidden:
	default:
		names[string(item.ID)] = true
		if hasOther(item) {
			names[questionnaire.OtherControl(item.ID)] = true
		}
		for _, control := range pieceControls(item) {
			names[control] = true
		}
	}
	if item.Shuffle {
		names[questionnaire.OrderControl(item.ID)] = true
	}
}

func hasOther(item *questionnaire.Item) bool {
	for _, choice := range item.Choices {
		if choice.Meaning == questionnaire.MeaningOther {
			return true
		}
	}
	return false
}

// readSubmission reads the one post of a phone.
func readSubmission(sent *fasthttp.Args) surveys.Submission {
	started := time.Time{}
	if ms, err := strconv.ParseInt(string(sent.Peek(controlStarted)), 10, 64); err == nil {
		started = time.UnixMilli(ms)
	}
	version, err := strconv.Atoi(string(sent.Peek(controlVersion)))
	if err != nil {
		version = 0 // not said, or not a number: the newest
	}
	return surveys.Submission{
		Version:  version,
		Personal: string(sent.Peek(controlPersonal)),
		ID:       surveys.ResponseID(sent.Peek(controlID)),
		Language: string(sent.Peek(controlLanguage)),
		Mode:     modeOf(sent),
		Started:  started,
		Device:   string(sent.Peek(controlDevice)),
		Raw:      readControls(sent, func(name []byte) bool { return name[0] != '_' }),
	}
}

// modeOf is how a form says its answers came; a phone unless it says otherwise.
func modeOf(sent *fasthttp.Args) surveys.Mode {
	if surveys.Mode(sent.Peek(controlMode)) == surveys.ModeShared {
		return surveys.ModeShared
	}
	return surveys.ModePhone
}
