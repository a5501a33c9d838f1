package app

import (
	"bufio"
	"context"
	"log/slog"
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
	return s.streamParts(c, func(ctx context.Context) (map[string]string, bool, error) {
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
	return s.streamParts(c, func(ctx context.Context) (map[string]string, bool, error) {
		return s.openExports(ctx, p, csrf)
	})
}

// csrf is the token of the sign-in that asks.
func (s *Server) csrf(c *fiber.Ctx) string {
	signIn, _ := c.Locals(signInKey).(surveys.SignIn)
	return signIn.CSRF
}

// parts reads the newest parts of a page by their ids, and says whether they will not
// change any more.
type parts func(context.Context) (newest map[string]string, ended bool, err error)

// streamParts answers with events: the parts of a page whenever they are others than
// before, until nothing changes any more, the browser has gone, the server stops or
// the time is up.
func (s *Server) streamParts(c *fiber.Ctx, read parts) error {
	account, _ := surveys.AccountFrom(c.UserContext())
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no")
	// The writer runs after the handler has returned and its deadline is over.
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		ctx, cancel := context.WithTimeout(surveys.WithAccount(context.Background(), account), watchLimit)
		defer cancel()
		if err := s.sendParts(ctx, w, read); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "a part of a page was not sent", slog.String("cause", err.Error()))
		}
	})
	return nil
}

func (s *Server) sendParts(ctx context.Context, w *bufio.Writer, read parts) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = surveys.PanicError(said)
		}
	}()
	tick := time.NewTicker(exportPoll)
	defer tick.Stop()
	sent := map[string]string{}
	for ctx.Err() == nil {
		newest, ended, err := read(ctx)
		if err != nil {
			return err
		}
		text := event(sent, newest)
		if sent = newest; text == "" {
			text = ":\n\n"
		}
		if _, err := w.WriteString(text); err != nil || w.Flush() != nil || ended {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.stop:
			return nil
		}
	}
	return nil
}

// exportPoll is how often a watched export is read: a small file is there at once.
const exportPoll = 300 * time.Millisecond
