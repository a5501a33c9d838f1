package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

const (
	pollEvery      = time.Second      // how often the store is asked for what is watched
	heartbeatEvery = 15 * time.Second // how soon a browser that has gone is noticed
	watchLimit     = 10 * time.Minute // then the browser asks anew and its role is looked at again
)

// live holds a poller for whatever is watched, however many watch it. Each process
// has its own: n instances with watchers ask the store n times a second.
type live struct {
	mu     sync.Mutex
	boards map[watched]*board
}

// watched is what people look at: the counts of a programme, or the room of a cohort.
type watched struct {
	programme surveys.ProgrammeID
	cohort    surveys.CohortID // "": the whole programme
}

// reader reads the newest fragments of what is watched, by their ids.
type reader func(context.Context) (map[string]string, error)

// survive reads, and turns a panic into an error: nothing else stands between a
// mistake in it and the end of the program, since no request waits for it.
func (r reader) survive(ctx context.Context) (parts map[string]string, err error) {
	defer func() {
		if said := recover(); said != nil {
			err = surveys.PanicError(said)
		}
	}()
	return r(ctx)
}

// board is one thing that is watched. It is guarded by live.mu.
type board struct {
	room     *roomCounts       // of a cohort; nil for a programme
	parts    map[string]string // the newest fragments; replaced, never changed
	watchers map[chan map[string]string]bool
	cancel   context.CancelFunc
}

// watch returns a channel that gets the fragments of a programme, or of a link's
// room, now and when they change, and the function that ends it.
func (s *Server) watch(what watched, link *surveys.BegunKey) (<-chan map[string]string, func()) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	b, ok := s.live.boards[what]
	if !ok {
		b = s.newBoard(what, link)
	} else if link != nil {
		b.room.add(*link)
	}
	news := make(chan map[string]string, 1)
	b.watchers[news] = true
	if b.parts != nil {
		news <- b.parts
	}
	return news, func() { s.unwatch(what, b, news) }
}

// newBoard begins to read what somebody watches: of a room, with the first link that
// it is watched for, about which the first question is asked at once.
func (s *Server) newBoard(what watched, link *surveys.BegunKey) *board {
	// The poller outlives the request it began with, and reads on behalf of all
	// who watch: the guard has let each of them in.
	ctx, cancel := context.WithCancel(surveys.WithAccount(context.Background(), watcher(what.programme)))
	b := &board{watchers: map[chan map[string]string]bool{}, cancel: cancel}
	read := reader(func(ctx context.Context) (map[string]string, error) { return s.fragments(ctx, what.programme) })
	if link != nil {
		b.room = &roomCounts{cells: []surveys.BegunKey{*link}}
		read = func(ctx context.Context) (map[string]string, error) { return s.roomFragments(ctx, b.room) }
	}
	if s.live.boards == nil {
		s.live.boards = map[watched]*board{}
	}
	s.live.boards[what] = b
	go s.poll(ctx, b, read)
	return b
}

func (s *Server) unwatch(what watched, b *board, news chan map[string]string) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	delete(b.watchers, news)
	if len(b.watchers) == 0 {
		b.cancel()
		delete(s.live.boards, what)
	}
}

// watcher is the account a poller reads as: it sees one programme's counts.
func watcher(id surveys.ProgrammeID) surveys.Account {
	return surveys.Account{Roles: map[surveys.ProgrammeID][]surveys.Role{id: {surveys.RoleFacilitator}}}
}

// poll reads what is watched until nobody watches any more.
func (s *Server) poll(ctx context.Context, b *board, read reader) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		parts, err := read.survive(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.LogAttrs(ctx, slog.LevelWarn, "live counts not read", slog.String("cause", err.Error()))
		default:
			s.publish(b, parts)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		case <-s.stop:
			return
		}
	}
}

// publish gives every watcher the newest fragments; one that is slow gets only
// the newest.
func (s *Server) publish(b *board, parts map[string]string) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	b.parts = parts
	for news := range b.watchers {
		select {
		case <-news:
		default:
		}
		news <- parts
	}
}

// events sends the live parts of a programme's pages as they change.
func (s *Server) events(c *fiber.Ctx) error {
	id := programmeID(c)
	if _, err := s.surveys.Programme(c.UserContext(), id); err != nil {
		return err
	}
	return s.sendEvents(c, watched{programme: id}, nil)
}

// sendEvents answers with the fragments of what is watched, as they change.
func (s *Server) sendEvents(c *fiber.Ctx, what watched, link *surveys.BegunKey) error {
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no")
	// The writer runs after the handler has returned and its deadline is over.
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) { s.stream(w, what, link) })
	return nil
}

// stream writes events until the browser has gone, the server stops or the time
// is up.
func (s *Server) stream(w *bufio.Writer, what watched, link *surveys.BegunKey) {
	news, end := s.watch(what, link)
	defer end()
	beat, limit := time.NewTicker(heartbeatEvery), time.NewTimer(watchLimit)
	defer beat.Stop()
	defer limit.Stop()
	sent := map[string]string{}
	for {
		text := ":\n\n" // a comment: nothing new, still here
		select {
		case parts := <-news:
			if text = event(sent, parts); text == "" {
				continue
			}
			sent = parts
		case <-beat.C:
		case <-limit.C:
			return
		case <-s.stop:
			return
		}
		if _, err := w.WriteString(text); err != nil {
			return
		}
		if err := w.Flush(); err != nil {
			return
		}
	}
}

// event is the message with the parts that differ from those sent; "" if none do.
func event(sent, parts map[string]string) string {
	changed := map[string]string{}
	for id, html := range parts {
		if sent[id] != html {
			changed[id] = html
		}
	}
	if len(changed) == 0 {
		return ""
	}
	raw, err := json.Marshal(changed)
	if err != nil {
		return "" // a map of strings always marshals
	}
	return fmt.Sprintf("data: %s\n\n", raw)
}
