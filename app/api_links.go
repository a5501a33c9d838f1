package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// linkInput is what a client may say of a link.
type linkInput struct {
	Strand surveys.StrandID   `json:"strand"`
	Cohort surveys.CohortID   `json:"cohort"`
	Wave   questionnaire.Wave `json:"wave"`
	Opens  time.Time          `json:"opens"`
	Closes time.Time          `json:"closes"`
}

// linkOutput is a link with the address to hand out.
type linkOutput struct {
	surveys.Link
	URL string `json:"url"`
}

func (s *Server) apiCreateLink(c *fiber.Ctx) error {
	in, err := readJSON[linkInput](c)
	if err != nil {
		return err
	}
	made, err := s.surveys.CreateLink(c.UserContext(), surveys.Link{
		Programme: programmeID(c), Strand: in.Strand, Cohort: in.Cohort, Wave: in.Wave,
		Opens: in.Opens, Closes: in.Closes,
	})
	return created(c, s.withURL(c, made), err)
}

func (s *Server) apiLinks(c *fiber.Ctx) error {
	links, err := s.surveys.Links(c.UserContext(), programmeID(c))
	out := make([]linkOutput, len(links))
	for i, l := range links {
		out[i] = s.withURL(c, l)
	}
	return list(c, "links", out, err)
}

func (s *Server) withURL(c *fiber.Ctx, l surveys.Link) linkOutput {
	return linkOutput{l, s.base(c) + "/s/" + l.Token}
}

// base is the address of this installation: the one set, or the one asked for.
func (s *Server) base(c *fiber.Ctx) string {
	if s.config.BaseURL != "" {
		return s.config.BaseURL
	}
	return c.BaseURL()
}

// responsesInput is a bulk post.
type responsesInput struct {
	Responses []surveys.IncomingResponse `json:"responses"`
}

func (s *Server) apiImport(c *fiber.Ctx) error {
	in, err := readJSON[responsesInput](c)
	if err != nil {
		return err
	}
	kept, err := s.surveys.Import(c.UserContext(), programmeID(c), surveys.LinkID(c.Params("link")), in.Responses)
	return list(c, "responses", kept, err)
}
