package app

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// mediaSlot is a place for a recording or a picture: of an item in a language, of
// an item, or of a choice.
type mediaSlot struct {
	Slot, Label, Hint, Accept string
	Address                   string // of what is there; "" nothing
	Sound                     bool
}

// mediaOf are the places of an item.
func mediaOf(id questionnaire.ID, def *questionnaire.Definition, item *questionnaire.Item) []mediaSlot {
	const sounds, pictures = "audio/mpeg,audio/ogg,audio/mp4,audio/wav,audio/webm", "image/png,image/jpeg,image/webp,image/gif"
	address := func(medium string) string {
		if medium == "" {
			return ""
		}
		return questionnairePath(id) + "/media/" + medium
	}
	var slots []mediaSlot
	info, _ := kindOf(item.Kind)
	if info.Uses("picture") {
		slots = append(slots, mediaSlot{"picture", "Picture", "PNG, JPEG, WebP or GIF, at most 400 KB", pictures, address(item.Picture), false})
	}
	if info.Uses("pictures") {
		for _, choice := range item.Choices {
			label := "Picture of “" + choice.Label.In(sourceOf(def), append(def.Languages, choice.Code)...) + "”"
			slots = append(slots, mediaSlot{"choice." + choice.Code, label, "PNG, JPEG, WebP or GIF, at most 400 KB", pictures, address(choice.Picture), false})
		}
	}
	if asks(item.Kind) || item.Kind == questionnaire.KindStatement {
		for _, tag := range def.Languages {
			slots = append(slots, mediaSlot{"audio." + tag, "Read aloud in " + languageName(tag), "MP3, Ogg, M4A, WAV or WebM, at most 1 MB", sounds, address(item.Audio[tag]), true})
		}
	}
	return slots
}

// addMedium answers a recording or a picture sent for an item, or its removal.
func (s *Server) addMedium(c *fiber.Ctx) error {
	f := itemFormOf(askedID(c), questionnaire.ItemID(c.Params("item")))
	slot := typed(c, "slot")
	medium, refusal := "", error(nil)
	if typed(c, "do") != "remove" {
		medium, refusal = s.sentMedium(c)
	}
	if refusal == nil {
		label := map[bool]string{true: "remove a file from ", false: "a file for "}[medium == ""]
		_, refusal = s.surveys.EditDraft(c.UserContext(), f.id, label+c.Params("item"), func(def *questionnaire.Definition) error {
			item, _, _ := findItem(def, questionnaire.ItemID(c.Params("item")))
			if item == nil || !putMedium(def, item, slot, medium) {
				return errNotThere
			}
			return nil
		})
	}
	if refusal == nil {
		return sees(c, f.path+"?saved=1#media")
	}
	var shown *surveys.Error
	if !errors.As(refusal, &shown) || shown.Kind != surveys.KindInvalid {
		return refusal
	}
	draft, err := s.surveys.Draft(c.UserContext(), f.id)
	if err != nil {
		return err
	}
	view, err := s.formView(c, f, &draft.Definition, nil)
	if err != nil {
		return err
	}
	view.Problem = s.staffSentence(shown.Key, shown.Args...)
	return s.sendForm(c, fiber.StatusUnprocessableEntity, view, draft)
}

// sentMedium keeps the file that was sent, and returns its id.
func (s *Server) sentMedium(c *fiber.Ctx) (id string, err error) {
	posted, err := c.Request().MultipartForm()
	if err != nil || len(posted.File["file"]) == 0 || posted.File["file"][0].Size == 0 {
		return "", &surveys.Error{Kind: surveys.KindInvalid, Key: "questionnaire.choose_file", Field: "file"}
	}
	file, err := posted.File["file"][0].Open()
	if err != nil {
		return "", fmt.Errorf("opening an uploaded file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err := io.ReadAll(file)
	if err != nil {
		return "", fmt.Errorf("reading an uploaded file: %w", err)
	}
	medium, err := s.surveys.AddMedium(c.UserContext(), data)
	return medium.ID, err
}

// putMedium puts a medium into its place; "" empties it. It reports false for a
// place that the item has not.
func putMedium(def *questionnaire.Definition, item *questionnaire.Item, slot, medium string) bool {
	what, which, _ := strings.Cut(slot, ".")
	switch what {
	case "picture":
		item.Picture = medium
		return true
	case "audio":
		if !slices.Contains(def.Languages, which) {
			return false
		}
		audio := map[string]string{}
		for lang, id := range item.Audio {
			audio[lang] = id
		}
		if audio[which] = medium; medium == "" {
			delete(audio, which)
		}
		if item.Audio = audio; len(audio) == 0 {
			item.Audio = nil
		}
		return true
	case "choice":
		at := slices.IndexFunc(item.Choices, func(choice questionnaire.Choice) bool { return choice.Code == which })
		if at >= 0 {
			item.Choices[at].Picture = medium
		}
		return at >= 0
	}
	return false
}

// staffMedium shows a recording or a picture to who designs.
func (s *Server) staffMedium(c *fiber.Ctx) error {
	medium, err := s.surveys.Medium(c.UserContext(), c.Params("medium"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, medium.Type)
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable") // the id is the digest of its bytes
	return c.Send(medium.Data)
}
