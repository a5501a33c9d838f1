package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// RoomID names a room.
type RoomID string

// Room is one tablet, or several, that go round among people who answer one link.
// Its address needs no sign-in: who holds the tablet answers, one after another.
type Room struct {
	ID        RoomID      `json:"id"`
	Token     string      `json:"token"` // the secret in its address, as of a link: /room/<token>
	Programme ProgrammeID `json:"programme"`
	Link      LinkID      `json:"link"` // what is answered
	Opened    time.Time   `json:"opened"`
	Ends      time.Time   `json:"ends"`                                          // nobody starts from here on
	Until     time.Time   `json:"until"`                                         // when its key is destroyed: what a tablet still holds then can never be read
	Idle      int         `json:"idle_seconds" validate:"min=5,max=300"`         // without a touch, then the tablet asks who is there
	Key       []byte      `json:"key"`                                           // public: P-256, uncompressed, 65 bytes; what tablets seal answers with
	By        string      `json:"by"`                                            // name of the account
	Received  *int        `json:"received,omitempty" validate:"omitempty,min=0"` // once its key is destroyed: how many answers came
	Settled   bool        `json:"settled,omitempty"`                             // and its marks are gone
	Revision  int64       `json:"revision"`
}

func (r *Room) setRevision(n int64) { r.Revision = n }

const (
	// roomLongest is how long a room may be open: a week of one class after another.
	roomLongest = 7 * 24 * time.Hour
	// RoomKeyLife is how long after its end a room takes what its tablets still
	// hold: a tablet lies in a bag over the holidays. Then its key is destroyed.
	RoomKeyLife = 60 * 24 * time.Hour
	// RoomIdle is how many seconds without a touch a tablet waits unless told otherwise.
	RoomIdle = 90
)

// Open reports whether the next person may start in r at now.
func (r Room) Open(now time.Time) bool { return now.Before(r.Ends) }

// StartRoom opens a room for a link of a programme, until the end of the day in
// the programme's zone if r.Ends is zero. Of r it takes Programme, Link, Ends and
// Idle; 0 is RoomIdle. KindInvalid: it would end in the past, last longer than a
// week, or ask too soon or too late. KindNotFound: no such link.
func (s *Service) StartRoom(ctx context.Context, r Room) (Room, error) {
	l, err := s.Link(ctx, r.Programme, r.Link)
	if err != nil {
		return r, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(l.Programme))
	if err == nil {
		err = refuseNew(p)
	}
	if err != nil {
		return r, err
	}
	account, _ := AccountFrom(ctx)
	r = Room{Programme: r.Programme, Link: r.Link, Opened: s.moment(), Ends: wholeMilliseconds(r.Ends), Idle: r.Idle, By: account.Name}
	if r.Idle == 0 {
		r.Idle = RoomIdle
	}
	if r.Ends.IsZero() {
		r.Ends = endOfDay(r.Opened, p.Location())
	}
	if err := r.check(); err != nil {
		return r, err
	}
	r.Until = r.Ends.Add(RoomKeyLife)
	if r, err = s.putRoom(ctx, r); err != nil {
		return r, err
	}
	return r, s.Audit(ctx, r.Programme, "room.started", string(r.ID))
}

func (r Room) check() error {
	switch {
	case !r.Ends.After(r.Opened):
		return invalid("ends", "room.ends_in_the_past")
	case r.Ends.Sub(r.Opened) > roomLongest:
		return invalid("ends", "room.too_long", int(roomLongest.Hours())/24)
	}
	return check(r)
}

func endOfDay(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone).UTC()
}

// putRoom draws the names and the key of r and stores them: the key first, so that
// there is no room whose answers nobody could open.
func (s *Service) putRoom(ctx context.Context, r Room) (Room, error) {
	id, err := s.newID()
	if err != nil {
		return r, err
	}
	if r.Token, err = NewToken(s.random); err != nil {
		return r, err
	}
	r.ID = RoomID(id)
	if r.Key, err = s.putRoomKey(ctx, r); err != nil {
		return r, err
	}
	r.Revision, err = s.put(ctx, recordRoom, id, string(r.Programme), r.Token, 0, r)
	return r, err
}

// Rooms lists a programme's rooms, oldest first.
func (s *Service) Rooms(ctx context.Context, id ProgrammeID) ([]Room, error) {
	if _, err := require(ctx, id, MayRunLinks); err != nil {
		return nil, err
	}
	return listRecords[Room](ctx, s.store, recordRoom, string(id))
}

// RoomReceived is how many answers came from a room.
func (s *Service) RoomReceived(ctx context.Context, r Room) (int, error) {
	if _, err := require(ctx, r.Programme, MaySeeProgramme); err != nil {
		return 0, err
	}
	return s.roomReceived(ctx, r)
}

func (s *Service) roomReceived(ctx context.Context, r Room) (int, error) {
	if r.Received != nil {
		return *r.Received, nil
	}
	return s.store.CountRecords(ctx, recordRoomAnswer, string(r.ID), time.Time{})
}

// CloseRoom ends a room now: nobody starts any more, and its tablets say so. What
// they still hold is taken until the room's key is destroyed.
func (s *Service) CloseRoom(ctx context.Context, programme ProgrammeID, id RoomID) (Room, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return Room{}, err
	}
	now := s.moment()
	r, err := change(ctx, s, recordRoom, string(id), func(r *Room) error {
		if r.Programme != programme {
			return notFound("room.not_found")
		}
		if r.Open(now) {
			r.Ends = now
		}
		return nil
	})
	if err != nil {
		return r, orNotFound(err, "room.not_found")
	}
	s.cache.rooms.drop(r.Token)
	return r, s.Audit(ctx, programme, "room.closed", string(id))
}

// Room is what the tablets of a room show, and where its link leads. KindNotFound:
// there is no such room, or it is over for so long that nothing is taken.
func (s *Service) Room(ctx context.Context, token string) (Room, Invitation, error) {
	r, err := s.roomOf(ctx, token)
	if err != nil {
		return r, Invitation{}, err
	}
	inv, err := s.roomInvitation(ctx, r)
	return r, inv, err
}

func (s *Service) roomOf(ctx context.Context, token string) (Room, error) {
	token = plainToken(token)
	now := s.now()
	r, known := s.cache.rooms.get(token, now, freshness)
	if !known {
		record, err := s.store.RecordByKey(ctx, recordRoom, token)
		if err != nil {
			return Room{}, orNotFound(err, "room.not_found")
		}
		if r, err = decode[Room](record); err != nil {
			return r, err
		}
		s.cache.rooms.put(token, r, now)
	}
	if !now.Before(r.Until) {
		return r, notFound("room.not_found")
	}
	return r, nil
}

func (s *Service) roomInvitation(ctx context.Context, r Room) (Invitation, error) {
	l, err := readRecord[Link](ctx, s.store, recordLink, string(r.Link))
	if err != nil {
		return Invitation{}, orNotFound(err, "link.not_found")
	}
	return s.Invitation(ctx, l.Token)
}

// RoomState is what a tablet asks for between two persons.
type RoomState struct {
	Open     bool      `json:"open"`     // the next person may start
	Received int       `json:"received"` // answers of all its tablets
	Until    time.Time `json:"until"`    // what is unsent then is lost
}

// RoomState says how a room stands: KindNotFound as Room.
func (s *Service) RoomState(ctx context.Context, token string) (RoomState, error) {
	r, inv, err := s.Room(ctx, token)
	if err != nil {
		return RoomState{}, err
	}
	n, err := s.roomReceived(ctx, r)
	open := r.Open(s.now()) && inv.Link.State(s.now()) == "open"
	return RoomState{Open: open, Received: n, Until: r.Until}, err
}

// SubmitInRoom keeps a whole form that somebody sent from a tablet, as Submit
// does, and counts it for the room. A room that has ended takes it: who was in the
// middle of it finishes.
func (s *Service) SubmitInRoom(ctx context.Context, token string, sub Submission) (Response, error) {
	r, inv, err := s.Room(ctx, token)
	if err != nil {
		return Response{}, err
	}
	sub.Mode, sub.Device = ModeShared, ""
	kept, err := s.Submit(ctx, inv.Link.Token, sub)
	if err != nil {
		return kept, err
	}
	return kept, s.countInRoom(ctx, r, sub.ID)
}

// countInRoom leaves a mark for an answer of a room, once however often it is
// sent. The mark does not say which answer it is of.
func (s *Service) countInRoom(ctx context.Context, r Room, id ResponseID) error {
	sum := sha256.Sum256([]byte("soundings room\x00" + string(r.ID) + "\x00" + string(id)))
	mark := hex.EncodeToString(sum[:idBytes])
	_, err := s.put(ctx, recordRoomAnswer, mark, string(r.ID), "", 0, struct{}{})
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// tidyRooms destroys the keys of rooms that are long over, writes down what came
// from them and removes the marks that were counted.
func (s *Service) tidyRooms(ctx context.Context) error {
	now := s.moment()
	if _, err := s.store.DeleteRecordsBefore(ctx, recordRoomKey, now); err != nil {
		return fmt.Errorf("destroying the keys of rooms: %w", err)
	}
	rooms, err := listRecords[Room](ctx, s.store, recordRoom, "*")
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if r.Settled || now.Before(r.Until) {
			continue
		}
		if err := s.settleRoom(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// settleRoom writes the count of a room into it, removes its marks, and says that
// they are gone: broken off anywhere, it is gone on with at the next look.
func (s *Service) settleRoom(ctx context.Context, r Room) error {
	n, err := s.roomReceived(ctx, r)
	if err != nil {
		return err
	}
	if err := s.changeRoom(ctx, r.ID, func(r *Room) {
		if r.Received == nil {
			r.Received = &n
		}
	}); err != nil {
		return err
	}
	if err := s.deleteScope(ctx, recordRoomAnswer, string(r.ID)); err != nil {
		return err
	}
	return s.changeRoom(ctx, r.ID, func(r *Room) { r.Settled = true })
}

func (s *Service) changeRoom(ctx context.Context, id RoomID, edit func(*Room)) error {
	_, err := change(ctx, s, recordRoom, string(id), func(r *Room) error {
		edit(r)
		return nil
	})
	return err
}
