package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// exportInput is what a client may say of an export.
type exportInput struct {
	Strand   surveys.StrandID `json:"strand"`
	Format   string           `json:"format"`
	Profile  surveys.Profile  `json:"profile"`
	Filter   surveys.Filter   `json:"filter"`
	Language string           `json:"language"`
}

// exportOutput is an export as clients see it.
type exportOutput struct {
	ID       surveys.ExportID    `json:"id"`
	Strand   surveys.StrandID    `json:"strand"`
	Format   string              `json:"format"`
	Profile  surveys.Profile     `json:"profile"`
	Filter   surveys.Filter      `json:"filter"`
	Language string              `json:"language"`
	State    surveys.ExportState `json:"state"`
	Problem  string              `json:"problem,omitempty"` // it failed: what to do
	Done     int                 `json:"done"`
	Of       int                 `json:"of"`
	Size     int64               `json:"size"`
	Sum      string              `json:"sha256"`
	Created  time.Time           `json:"created"`
	Made     *time.Time          `json:"made,omitempty"`
	Expires  *time.Time          `json:"expires,omitempty"`
	File     string              `json:"file,omitempty"` // address of the file, if it is there
}

func (s *Server) exportOutput(c *fiber.Ctx, e surveys.Export) exportOutput {
	out := exportOutput{
		ID: e.ID, Strand: e.Strand, Format: e.Format, Profile: e.Profile, Filter: e.Filter, Language: e.Language, State: e.State,
		Done: e.Done, Of: e.Of, Size: e.Size, Sum: e.Sum, Created: e.Created,
	}
	if e.State == surveys.ExportFailed {
		out.Problem = s.staffSentence(e.Key, e.Args...)
	}
	if !e.Made.IsZero() {
		out.Made, out.Expires = &e.Made, &e.Expires
	}
	if e.State == surveys.ExportDone {
		out.File = s.base(c) + "/api/v1/programmes/" + string(e.Programme) + "/exports/" + string(e.ID) + "/file"
	}
	return out
}

// apiAskExport asks for a file; it is made in the background.
func (s *Server) apiAskExport(c *fiber.Ctx) error {
	in, err := readJSON[exportInput](c)
	if err != nil {
		return err
	}
	e, err := s.surveys.AskExport(c.UserContext(), surveys.Export{
		Programme: programmeID(c), Strand: in.Strand, Format: in.Format, Profile: in.Profile, Filter: in.Filter, Language: in.Language,
	})
	return created(c, s.exportOutput(c, e), err)
}

// apiExport tells how an export gets on.
func (s *Server) apiExport(c *fiber.Ctx) error {
	e, err := s.surveys.Export(c.UserContext(), programmeID(c), surveys.ExportID(c.Params("export")))
	if err != nil {
		return err
	}
	return c.JSON(s.exportOutput(c, e))
}
