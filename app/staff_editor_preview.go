package app

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// previewToken stands for a link's token in a preview, which has none.
const previewToken = "preview"

// previewFrame is a frame with the page that a phone would show.
type previewFrame struct {
	Address   string
	Languages []ownName
}

func previewFrameOf(id questionnaire.ID, def *questionnaire.Definition, part int, item questionnaire.ItemID) previewFrame {
	frame := previewFrame{Address: previewPath(id, def, part, item)}
	for _, tag := range def.Languages {
		frame.Languages = append(frame.Languages, ownLanguage(tag))
	}
	return frame
}

// previewPath is the address of the preview of one part, numbered from 1; 0 is
// the page before it.
func previewPath(id questionnaire.ID, def *questionnaire.Definition, part int, item questionnaire.ItemID) string {
	address := draftPath(id) + "/preview?part=" + strconv.Itoa(part)
	if item != "" {
		address += "&at=" + url.QueryEscape(firstControl(def, item))
	}
	return address
}

// firstControl names the first control of an item on its page: where the preview
// is scrolled to.
func firstControl(def *questionnaire.Definition, id questionnaire.ItemID) string {
	item, _, _ := findItem(def, id)
	switch {
	case item == nil:
	case item.Kind == questionnaire.KindRating && len(item.Rows) > 0:
		return string(item.Rows[0].ID)
	case item.Kind == questionnaire.KindThenNow && len(item.Rows) > 0:
		return string(questionnaire.MomentID(item.Rows[0].ID, questionnaire.MomentNow))
	case item.Kind == questionnaire.KindLinkageCode:
		return questionnaire.CodeControl(item)
	}
	return string(id)
}

// previewDraft shows one page of the draft as a phone would.
func (s *Server) previewDraft(c *fiber.Ctx) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		return err
	}
	sketch := func(v questionnaire.Version) (*questionnaire.Instrument, error) {
		return questionnaire.Sketch(v.Definition)
	}
	return s.preview(c, questionnaire.Version{Questionnaire: draft.ID, Number: max(1, draft.Base), Definition: draft.Definition}, sketch)
}

// previewVersion shows one page of a published version.
func (s *Server) previewVersion(c *fiber.Ctx) error {
	n, err := strconv.Atoi(c.Params("version"))
	if err != nil || n < 1 {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found", Err: err}
	}
	v, err := s.surveys.Version(c.UserContext(), askedID(c), n)
	if err != nil {
		return err
	}
	return s.preview(c, v, questionnaire.Compile)
}

// preview renders a page of respondents from a version that need not be
// publishable, made ready by compile. Nothing in it can be sent, and only a page
// of ours may frame it.
func (s *Server) preview(c *fiber.Ctx, version questionnaire.Version, compile func(questionnaire.Version) (*questionnaire.Instrument, error)) error {
	c.Set("Content-Security-Policy", previewPolicy())
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	if len(version.Definition.Languages) == 0 {
		version.Definition.Languages = []string{sourceLanguage}
	}
	instrument, err := compile(version)
	if err != nil {
		return c.Status(fiber.StatusOK).SendString("There is nothing to show yet: " + err.Error())
	}
	v := visit{lang: version.Definition.Languages[0]}
	v.Invitation = surveys.Invitation{
		Instrument: instrument,
		Link:       surveys.Link{Token: previewToken, Wave: questionnaire.Wave(cmp.Or(c.Query("wave"), string(questionnaire.WavePost)))},
	}
	v.Programme.Name, v.Programme.Zone = titleOf(version.Definition.Title), "UTC"
	if asked := c.Query("lang"); slices.Contains(version.Definition.Languages, asked) {
		v.lang = asked
	}
	v.way = instrument.Walk(questionnaire.Sitting{Wave: v.Link.Wave, Now: s.surveys.Now()}, nil)
	page, err := s.previewPage(c, v, version)
	if err != nil {
		return err
	}
	media := questionnairePath(version.Questionnaire) + "/media/"
	page = bytes.ReplaceAll(page, []byte("/s/"+previewToken+"/media/"), []byte(media))
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendEncoded(c, page)
}

// previewStart is what stands before the first question and after the last.
type previewStart struct {
	sheet
	Heading, Intro, Readers, Help, Thanks string
}

// previewPage is the part asked for, with all its items whatever their conditions.
func (s *Server) previewPage(c *fiber.Ctx, v visit, version questionnaire.Version) ([]byte, error) {
	n := previewPart(c, v, &version.Definition)
	if n == 0 || n > len(v.parts()) {
		d := &version.Definition
		return s.views.execute("respond/preview", previewStart{
			sheet: s.sheet(v, v.in(d.Title)), Heading: v.in(d.Title), Intro: v.in(d.Intro), Readers: v.in(d.Readers), Help: v.in(d.Help), Thanks: v.in(d.Thanks),
		})
	}
	page := s.partPage(v, surveys.Response{}, n, v.parts()[n-1], filled{})
	page.Action = "#"
	return s.views.execute("respond/part", page)
}

// previewPart is the number of the part asked for among those asked at the wave.
func previewPart(c *fiber.Ctx, v visit, def *questionnaire.Definition) int {
	n := c.QueryInt("part", 1)
	if n < 1 || n > len(def.Parts) {
		return 0
	}
	wanted := def.Parts[n-1].ID
	return slices.IndexFunc(v.parts(), func(p *questionnaire.Part) bool { return p.ID == wanted }) + 1
}

// allowFrames lets a page of the editor frame previews.
func allowFrames(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", policy+"; frame-src 'self'")
}

// previewPolicy is the policy of a preview: nothing is sent, and our own pages
// may frame it.
func previewPolicy() string {
	return strings.NewReplacer(
		"frame-ancestors 'none'", "frame-ancestors 'self'", "form-action 'self'", "form-action 'none'", "connect-src 'self'", "connect-src 'none'",
	).Replace(policy)
}
