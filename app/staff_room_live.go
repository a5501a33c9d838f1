package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// roomTally is how many people in a room began, and how many of them sent.
type roomTally struct {
	ID                         string // of the cell; the ids of the counts begin with it
	Started, Answering, Finish int
}

// tallyOf works out what is shown. A phone without network says late, or never,
// that somebody began on it; its answers come all the same.
func tallyOf(key surveys.BegunKey, begun, submitted int) roomTally {
	started := max(begun, submitted)
	return roomTally{fmt.Sprintf("%s-%s", key.Strand, key.Wave), started, started - submitted, submitted}
}

func (t roomTally) counts() map[string]liveCount {
	counts := map[string]liveCount{}
	for _, count := range []liveCount{t.StartedCount(), t.AnsweringCount(), t.FinishedCount()} {
		counts[count.ID] = count
	}
	return counts
}

// StartedCount, AnsweringCount and FinishedCount are the live numbers.
func (t roomTally) StartedCount() liveCount   { return liveCount{"started-" + t.ID, t.Started} }
func (t roomTally) AnsweringCount() liveCount { return liveCount{"answering-" + t.ID, t.Answering} }
func (t roomTally) FinishedCount() liveCount  { return liveCount{"finished-" + t.ID, t.Finish} }

// roomCounts is what a poller knows of a cohort's room. It asks the store one
// question a second, in turn: what was sent, then who began, for each strand and
// wave that somebody watches.
type roomCounts struct {
	mu    sync.Mutex
	cells []surveys.BegunKey
	turn  int
	sent  map[surveys.CountKey]int
	begun map[surveys.BegunKey]int
}

// add makes a link's strand and wave one of those that are counted.
func (r *roomCounts) add(cell surveys.BegunKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.cells, cell) {
		r.cells = append(r.cells, cell)
	}
}

// next is the question whose turn it is: about a cell, or nil for what was sent.
// The first is the programme's, which every cell needs.
func (r *roomCounts) next() (programme surveys.ProgrammeID, cell *surveys.BegunKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	turn := r.turn % (len(r.cells) + 1)
	r.turn = turn + 1
	if turn == 0 {
		return r.cells[0].Programme, nil
	}
	one := r.cells[turn-1]
	return one.Programme, &one
}

// tallies are those of the cells about which all is known.
func (r *roomCounts) tallies() []roomTally {
	r.mu.Lock()
	defer r.mu.Unlock()
	var known []roomTally
	for _, cell := range r.cells {
		if begun, ok := r.begun[cell]; ok {
			known = append(known, tallyOf(cell, begun, r.sent[submittedKey(cell)]))
		}
	}
	return known
}

func submittedKey(cell surveys.BegunKey) surveys.CountKey {
	return surveys.CountKey{Cohort: cell.Cohort, Strand: cell.Strand, Wave: cell.Wave, Status: surveys.StatusSubmitted}
}

// roomFragments asks the store one question and renders what is known then.
func (s *Server) roomFragments(ctx context.Context, room *roomCounts) (map[string]string, error) {
	programme, cell := room.next()
	if err := s.askAboutRoom(ctx, room, programme, cell); err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, tally := range room.tallies() {
		for id, count := range tally.counts() {
			if err := s.addFragment(parts, "count", id, count); err != nil {
				return nil, err
			}
		}
	}
	return parts, nil
}

func (s *Server) askAboutRoom(ctx context.Context, room *roomCounts, programme surveys.ProgrammeID, cell *surveys.BegunKey) error {
	if cell == nil {
		sent, err := s.surveys.Counts(ctx, programme)
		if err != nil {
			return err
		}
		room.mu.Lock()
		defer room.mu.Unlock()
		room.sent = sent
		return nil
	}
	begun, err := s.surveys.Begun(ctx, *cell)
	if err != nil {
		return err
	}
	room.mu.Lock()
	defer room.mu.Unlock()
	if room.begun == nil {
		room.begun = map[surveys.BegunKey]int{}
	}
	room.begun[*cell] = begun
	return nil
}

// liveView is the room view of a link: what is projected while people answer.
type liveView struct {
	linkView
	Tally roomTally
	Rooms string // where a shared tablet is started for this link
}

// linkLive fills the screen with the code, the address and the counts.
func (s *Server) linkLive(c *fiber.Ctx) error {
	view, err := s.linkView(c, "Live room view")
	if err != nil {
		return err
	}
	cell, err := s.cellOf(c)
	if err != nil {
		return err
	}
	begun, err := s.surveys.Begun(c.UserContext(), cell)
	if err != nil {
		return err
	}
	view.Events = programmePath(cell.Programme) + "/links/" + c.Params("link") + "/live/events"
	rooms := programmePath(cell.Programme) + "/rooms?link=" + c.Params("link")
	return s.render(c, fiber.StatusOK, "staff/live", liveView{view, tallyOf(cell, begun, view.Count.N), rooms})
}

// cellOf is what is counted for the link of the request.
func (s *Server) cellOf(c *fiber.Ctx) (surveys.BegunKey, error) {
	l, err := s.surveys.Link(c.UserContext(), programmeID(c), surveys.LinkID(c.Params("link")))
	return surveys.BegunKey{Programme: l.Programme, Cohort: l.Cohort, Strand: l.Strand, Wave: l.Wave}, err
}

// liveEvents sends the counts of a link's room as they change.
func (s *Server) liveEvents(c *fiber.Ctx) error {
	cell, err := s.cellOf(c)
	if err != nil {
		return err
	}
	return s.sendEvents(c, watched{cell.Programme, cell.Cohort}, &cell)
}
