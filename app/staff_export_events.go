package app

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// exportEvents sends the part of an export's page anew as the file gets on, until it
// has ended. The export is read from the store, whichever instance makes it.
func (s *Server) exportEvents(c *fiber.Ctx) error {
	ctx, id := c.UserContext(), surveys.ExportID(c.Params("export"))
	if _, err := s.surveys.Export(ctx, programmeID(c), id); err != nil {
		return err
	}
	p, err := s.surveys.Programme(ctx, programmeID(c))
	if err != nil {
		return err
	}
	csrf := s.csrf(c)
	return s.streamParts(c, exportPoll, func(ctx context.Context) (map[string]string, bool, error) {
		e, err := s.surveys.Export(ctx, p.ID, id)
		if err != nil {
			return nil, false, err
		}
		row := s.exportWords(p, csrf).row(ctx, e)
		row.Go = true
		html, err := s.views.fragment("staff/export", "exportpart", row)
		return map[string]string{"export-part": string(html)}, e.Ended(), err
	})
}

// exportsEvents sends the list of exports anew while some of them are made.
func (s *Server) exportsEvents(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	csrf := s.csrf(c)
	return s.streamParts(c, exportPoll, func(ctx context.Context) (map[string]string, bool, error) {
		return s.openExports(ctx, p, csrf)
	})
}

// csrf is the token of the sign-in that asks.
func (s *Server) csrf(c *fiber.Ctx) string {
	signIn, _ := c.Locals(signInKey).(surveys.SignIn)
	return signIn.CSRF
}

// exportPoll is how often a watched export is read: a small file is there at once.
const exportPoll = 300 * time.Millisecond
