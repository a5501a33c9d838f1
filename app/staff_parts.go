package app

import (
	"bufio"
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// parts reads the newest parts of a page by their ids, and says whether they will not
// change any more.
type parts func(context.Context) (newest map[string]string, ended bool, err error)

// streamParts answers with events: the parts of a page whenever they are others than
// before, until nothing changes any more, the browser has gone, the server stops or
// the time is up. They are read every so often.
func (s *Server) streamParts(c *fiber.Ctx, every time.Duration, read parts) error {
	account, _ := surveys.AccountFrom(c.UserContext())
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no")
	// The writer runs after the handler has returned and its deadline is over.
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		ctx, cancel := context.WithTimeout(surveys.WithAccount(context.Background(), account), watchLimit)
		defer cancel()
		if err := s.sendParts(ctx, w, every, read); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "a part of a page was not sent", slog.String("cause", err.Error()))
		}
	})
	return nil
}

func (s *Server) sendParts(ctx context.Context, w *bufio.Writer, every time.Duration, read parts) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = surveys.PanicError(said)
		}
	}()
	tick := time.NewTicker(every)
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
