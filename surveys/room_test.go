package surveys_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// room starts a room for the link of the wave before.
func (w *world) room(tb testing.TB) surveys.Room {
	tb.Helper()
	r, err := w.StartRoom(w.ctx, surveys.Room{Programme: w.programme.ID, Link: w.links[questionnaire.WavePre].ID})
	must(tb, err)
	return r
}

func TestStartRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room(t)
	// 2 March 2026 ends in London, where it is winter, at midnight UTC.
	if want := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC); !r.Ends.Equal(want) || r.Idle != 90 || len(r.Token) != 10 || len(r.Key) != 65 {
		t.Errorf("room = %+v, want it to end at %v after 90 s idle, a token of 10 signs and a key of 65 bytes", r, want)
	}
	again, inv, err := w.Room(t.Context(), r.Token[:5]+"-"+r.Token[5:])
	must(t, err)
	if again.ID != r.ID || inv.Link.ID != r.Link {
		t.Errorf("the address leads to room %s of link %s, want %s of %s", again.ID, inv.Link.ID, r.ID, r.Link)
	}
	for _, tt := range []struct {
		name  string
		room  surveys.Room
		field string
	}{
		{"in the past", surveys.Room{Ends: origin}, "ends"},
		{"too long", surveys.Room{Ends: origin.Add(7*24*time.Hour + time.Minute)}, "ends"},
		{"asks too soon", surveys.Room{Idle: 4}, "idle"},
		{"asks too late", surveys.Room{Idle: 301}, "idle"},
	} {
		tt.room.Programme, tt.room.Link = w.programme.ID, w.links[questionnaire.WavePre].ID
		_, err := w.StartRoom(w.ctx, tt.room)
		wantField(t, tt.name, err, tt.field)
	}
	_, err = w.StartRoom(w.ctx, surveys.Room{Programme: w.programme.ID, Link: "nowhere"})
	wantError(t, "room of no link", err, surveys.KindNotFound, "link.not_found")
	_, _, err = w.Room(t.Context(), "guessedtok")
	wantError(t, "unknown room", err, surveys.KindNotFound, "room.not_found")
}

func TestRoomPermissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room(t)
	for role, may := range map[surveys.Role]bool{surveys.RoleFacilitator: true, surveys.RoleAdministrator: true, surveys.RoleEvaluator: false, surveys.RoleDesigner: false} {
		ctx := w.holding(t, role)
		_, list := w.Rooms(ctx, w.programme.ID)
		_, start := w.StartRoom(ctx, surveys.Room{Programme: w.programme.ID, Link: r.Link})
		_, closing := w.CloseRoom(ctx, w.programme.ID, r.ID)
		for doing, err := range map[string]error{"Rooms": list, "StartRoom": start, "CloseRoom": closing} {
			if may {
				must(t, err)
				continue
			}
			wantError(t, string(role)+": "+doing, err, surveys.KindForbidden, "")
		}
		_, err := w.RoomReceived(ctx, r)
		must(t, err)
	}
	_, err := w.CloseRoom(w.ctx, w.programme.ID, "nowhere")
	wantError(t, "closing no room", err, surveys.KindNotFound, "room.not_found")
}

// TestRoomCounts sends from two instances, one answer twice.
func TestRoomCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, other := w.room(t), w.room(t)
	for i, id := range []surveys.ResponseID{"response_01", "response_02", "response_01"} {
		service := []*surveys.Service{w.Service, w.another()}[i%2]
		kept, err := service.SubmitInRoom(t.Context(), r.Token, surveys.Submission{ID: id, Raw: form(nil)})
		must(t, err)
		if kept.Mode != surveys.ModeShared {
			t.Errorf("mode = %s, want %s", kept.Mode, surveys.ModeShared)
		}
	}
	for room, want := range map[*surveys.Room]int{&r: 2, &other: 0} {
		state, err := w.RoomState(t.Context(), room.Token)
		must(t, err)
		if !state.Open || state.Received != want {
			t.Errorf("state = %+v, want open with %d received", state, want)
		}
	}
	if got := len(w.sent(t)); got != 2 {
		t.Errorf("%d responses, want 2", got)
	}
}

// TestRoomEnds closes a room: nobody starts, what its tablets hold is taken, until
// its key is destroyed.
func TestRoomEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room(t)
	_, err := w.SubmitInRoom(t.Context(), r.Token, surveys.Submission{ID: "response_01", Raw: form(nil)})
	must(t, err)
	sealed := seal(t, r, "response_02", "stress=1")
	_, err = w.CloseRoom(w.ctx, w.programme.ID, r.ID)
	must(t, err)
	state, err := w.RoomState(t.Context(), r.Token)
	must(t, err)
	if state.Open || state.Received != 1 {
		t.Errorf("state = %+v, want closed with 1 received", state)
	}
	w.clock.pass(r.Until.Sub(w.clock.Now()) - time.Hour)
	_, err = w.OpenSealed(t.Context(), r.Token, sealed)
	must(t, err)
	w.clock.pass(2 * time.Hour)
	must(t, surveys.TidyRooms(w.Service, t.Context()))
	_, err = w.OpenSealed(t.Context(), r.Token, sealed)
	wantError(t, "opening what is too old", err, surveys.KindNotFound, "room.not_found")
	if _, err := w.store.Record(t.Context(), "room_key", string(r.ID)); surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("the key of the room is still there: %v", err)
	}
	rooms, err := w.Rooms(w.ctx, w.programme.ID)
	must(t, err)
	n, err := w.RoomReceived(w.ctx, rooms[0])
	must(t, err)
	marks, err := w.store.CountRecords(t.Context(), "room_answer", string(r.ID), time.Time{})
	must(t, err)
	if n != 1 || marks != 0 {
		t.Errorf("received = %d with %d marks left, want 1 and 0", n, marks)
	}
}

func drawKey(tb testing.TB) *ecdh.PrivateKey {
	tb.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	must(tb, err)
	return private
}

func seal(tb testing.TB, r surveys.Room, id surveys.ResponseID, body string) surveys.Sealed {
	tb.Helper()
	sealed, err := surveys.Seal(drawKey(tb), r, id, []byte(body))
	must(tb, err)
	return sealed
}

func TestSealedOpensOnlyWhereItBelongs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, other := w.room(t), w.room(t)
	sealed := seal(t, r, "response_01", "stress=7")
	body, err := w.another().OpenSealed(t.Context(), r.Token, sealed)
	must(t, err)
	if string(body) != "stress=7" {
		t.Errorf("opened %q, want stress=7", body)
	}
	_, err = w.OpenSealed(t.Context(), other.Token, sealed)
	wantError(t, "in another room", err, surveys.KindInvalid, "room.sealed_unreadable")
	sealed.ID = "response_02"
	_, err = w.OpenSealed(t.Context(), r.Token, sealed)
	wantError(t, "under another id", err, surveys.KindInvalid, "room.sealed_unreadable")
}

// TestTamperedIsRefused changes, cuts or lengthens a sealed answer anywhere.
func TestTamperedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		sealed := seal(t, r, "response_01", text)
		body, err := w.OpenSealed(t.Context(), r.Token, sealed)
		if err != nil || string(body) != text {
			rt.Fatalf("opened %q, %v, want %q", body, err, text)
		}
		at := rapid.IntRange(0, len(sealed.Body)-1).Draw(rt, "at")
		switch rapid.SampledFrom([]string{"change", "cut", "lengthen"}).Draw(rt, "how") {
		case "change":
			sealed.Body[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(rt, "bit"))
		case "cut":
			sealed.Body = sealed.Body[:at]
		case "lengthen":
			sealed.Body = append(sealed.Body, 0)
		}
		if _, err := w.OpenSealed(t.Context(), r.Token, sealed); err == nil || surveys.KindOf(err) != surveys.KindInvalid {
			rt.Fatalf("a tampered answer: error = %v, want %v", err, surveys.KindInvalid)
		}
	})
}

func FuzzOpenSealed(f *testing.F) {
	w := newWorld(f)
	r := w.room(f)
	good := seal(f, r, "response_01", "stress=7")
	f.Add(string(good.ID), good.Body)
	f.Add("", []byte{})
	f.Add("response_01", make([]byte, 81))
	f.Fuzz(func(t *testing.T, id string, body []byte) {
		opened, err := w.OpenSealed(t.Context(), r.Token, surveys.Sealed{ID: surveys.ResponseID(id), Body: body})
		if err == nil && (id != string(good.ID) || string(opened) != "stress=7") {
			t.Errorf("opened %q of id %q, which nobody sealed", opened, id)
		}
		if err != nil && surveys.KindOf(err) != surveys.KindInvalid {
			t.Errorf("error = %v, want %v", err, surveys.KindInvalid)
		}
	})
}

// TestRoomFaults lets each store call of a room fail in turn and does it again.
func TestRoomFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room(t)
	sent := 0
	for n, failed := 1, true; failed; n++ {
		faulty := storetest.Faulty(w.store, n)
		s := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		sub := surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%03d", n)), Raw: form(nil)}
		_, err := s.SubmitInRoom(t.Context(), r.Token, sub)
		if failed = faulty.Calls() >= n; failed {
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
			}
			_, err = s.SubmitInRoom(t.Context(), r.Token, sub)
		}
		must(t, err)
		sent++
		count, err := w.RoomReceived(w.ctx, r)
		must(t, err)
		if count != sent || len(w.sent(t)) != sent {
			t.Fatalf("after call %d failed and all was sent again: %d responses, counted as %d, want %d", n, len(w.sent(t)), count, sent)
		}
	}
	w.roomFaultsElsewhere(t, r)
}

// TestRoomDeliveryFaults lets each store call fail in turn while a tablet delivers
// what is in order, what is not, and what comes when its link has closed.
func TestRoomDeliveryFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		raw    questionnaire.Raw
		closed bool
		want   surveys.Status
	}{
		"in order":      {form(nil), false, surveys.StatusSubmitted},
		"not in order":  {form(questionnaire.Raw{"stress": {"99"}}), false, surveys.StatusHeld},
		"late":          {form(nil), true, surveys.StatusHeld},
		"late, refused": {form(questionnaire.Raw{"stress": {"99"}}), true, surveys.StatusHeld},
	} {
		w := newWorld(t)
		r := w.room(t)
		if tt.closed {
			must(t, second(w.SetLinkOpen(w.ctx, w.programme.ID, r.Link, false)))
		}
		for n, failed := 1, true; failed; n++ {
			faulty := storetest.Faulty(w.store, n)
			s := surveys.NewService(faulty, w.clock.Now, rand.Reader)
			sub := surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%03d", n)), Raw: tt.raw}
			kept, err := s.DeliverFromRoom(t.Context(), r.Token, sub, origin)
			if failed = faulty.Calls() >= n; failed {
				if !errors.Is(err, storetest.ErrFault) {
					t.Fatalf("%s, call %d fails: error = %v, want that of the store", name, n, err)
				}
				kept, err = s.DeliverFromRoom(t.Context(), r.Token, sub, origin)
			}
			must(t, err)
			again, err := w.another().DeliverFromRoom(t.Context(), r.Token, sub, origin)
			must(t, err)
			if kept.Status != tt.want || again.ID != kept.ID || again.Revision != kept.Revision {
				t.Fatalf("%s: kept as %s (%s, then %s), want %s once", name, kept.Status, kept.ID, again.ID, tt.want)
			}
			received, err := w.RoomReceived(w.ctx, r)
			must(t, err)
			held, err := w.Held(w.ctx, w.programme.ID)
			must(t, err)
			if received != n || tt.want == surveys.StatusHeld && len(held) != n {
				t.Fatalf("%s: %d received and %d to decide about, want %d", name, received, len(held), n)
			}
		}
	}
}

// roomFaultsElsewhere lets the store calls of the rest of a room's life fail.
func (w *world) roomFaultsElsewhere(t *testing.T, r surveys.Room) {
	t.Helper()
	for name, do := range map[string]func(*surveys.Service) error{
		"StartRoom": func(s *surveys.Service) error {
			return second(s.StartRoom(w.ctx, surveys.Room{Programme: r.Programme, Link: r.Link}))
		},
		"CloseRoom": func(s *surveys.Service) error { return second(s.CloseRoom(w.ctx, r.Programme, r.ID)) },
		"Begin":     func(s *surveys.Service) error { return s.Begin(t.Context(), w.token(), "response_99") },
		"TidyRooms": func(s *surveys.Service) error {
			w.clock.pass(surveys.RoomKeyLife)
			return surveys.TidyRooms(s, t.Context())
		},
	} {
		for n := 1; ; n++ {
			faulty := storetest.Faulty(w.store, n)
			err := do(surveys.NewService(faulty, w.clock.Now, rand.Reader))
			if faulty.Calls() < n {
				must(t, err)
				break
			}
			if err != nil { // what was begun before may stand
				wantError(t, name, err, surveys.KindUnavailable, "")
			}
		}
	}
	marks, err := w.store.CountRecords(t.Context(), "room_answer", string(r.ID), time.Time{})
	must(t, err)
	if marks != 0 {
		t.Errorf("after a tidying that was broken off %d marks are left for ever", marks)
	}
}

// TestBegun marks who began, each once, for a day.
func TestBegun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := surveys.BegunKey{Programme: w.programme.ID, Cohort: w.cohort.ID, Strand: "pupils", Wave: questionnaire.WavePre}
	want := func(n int) {
		t.Helper()
		got, err := w.Begun(w.ctx, key)
		must(t, err)
		if got != n {
			t.Errorf("begun = %d, want %d", got, n)
		}
	}
	_, errs := together(8, func(int) (int, error) { return 0, w.another().Begin(t.Context(), w.token(), "response_01") })
	must(t, errors.Join(errs...))
	must(t, w.Begin(t.Context(), w.token(), "response_02"))
	must(t, w.Begin(t.Context(), w.links[questionnaire.WavePost].Token, "response_03"))
	want(2)
	wantError(t, "an id that nobody draws", w.Begin(t.Context(), w.token(), "no"), surveys.KindInvalid, "response.bad_id")
	w.clock.pass(25 * time.Hour)
	want(0)
	must(t, surveys.ForgetBegun(w.Service, t.Context()))
	left, err := w.store.CountRecords(t.Context(), "begun", "*", time.Time{})
	must(t, err)
	if left != 0 {
		t.Errorf("%d marks are left after a day, want 0", left)
	}
}
