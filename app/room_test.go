package app_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// room starts a room for the hall's link.
func (h *hall) room() surveys.Room {
	h.tb.Helper()
	r, err := h.service.StartRoom(h.owner, surveys.Room{Programme: h.link.Programme, Link: h.link.ID})
	if err != nil {
		h.tb.Fatal(err)
	}
	return r
}

// sealed is one answer as a tablet sends it.
type sealed struct {
	ID     string `json:"id"`
	Sealed []byte `json:"sealed"`
}

func seal(tb testing.TB, r surveys.Room, id string, form url.Values) sealed {
	tb.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	one, err := surveys.Seal(private, r, surveys.ResponseID(id), []byte(form.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	return sealed{id, one.Body}
}

// deliver sends sealed answers and returns what became of each.
func (p *phone) deliver(r surveys.Room, answers ...sealed) map[string]string {
	p.h.tb.Helper()
	body, err := json.Marshal(map[string]any{"answers": answers})
	if err != nil {
		p.h.tb.Fatal(err)
	}
	p.header.Set("Content-Type", "application/json")
	p.header.Set("Accept", "application/json")
	var out struct {
		Answers []struct{ ID, Outcome string }
	}
	if err := json.Unmarshal([]byte(p.send("POST", "/room/"+r.Token+"/sealed", strings.NewReader(string(body))).wants(p.h.tb, 200).body), &out); err != nil {
		p.h.tb.Fatal(err)
	}
	became := map[string]string{}
	for _, one := range out.Answers {
		became[one.ID] = one.Outcome
	}
	return became
}

var calm = url.Values{"calm_a": {"2"}, "calm_b": {"1"}, "may": {"yes"}, "why": {"A quiet garden."}}

// TestRoomDelivers sends sealed answers twice, one of them damaged.
func TestRoomDelivers(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	r := h.room()
	broken := seal(t, r, "response03", calm)
	broken.Sealed[100] ^= 1
	for range 2 {
		became := h.phone().deliver(r, seal(t, r, "response01", calm), seal(t, r, "response02", calm), broken)
		if became["response01"] != "kept" || became["response02"] != "kept" || became["response03"] != "refused" {
			t.Fatalf("became %v, want two kept and one refused", became)
		}
	}
	all := h.stored()
	if len(all) != 2 || all[0].Mode != surveys.ModeShared || all[0].Answers["why"].Text != "A quiet garden." {
		t.Errorf("stored %+v, want two whole answers of a shared device", all)
	}
	// Under an id that it was not sealed for, nothing opens.
	other := seal(t, r, "response01", calm)
	other.ID = "response09"
	if became := h.phone().deliver(r, other); became["response09"] != "refused" {
		t.Errorf("an answer under another id became %v, want refused", became)
	}
}

// TestRoomHoldsLateAnswers delivers what was sealed when its link has closed, and
// what cannot be taken as it is.
func TestRoomHoldsLateAnswers(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	r := h.room()
	if became := h.phone().deliver(r, seal(t, r, "response00", url.Values{"calm_a": {"9"}, "calm_b": {"1"}})); became["response00"] != "held" {
		t.Errorf("an answer that is none became %v, want held", became)
	}
	h.close()
	h.pass(4 * time.Second) // links are believed for three
	for range 2 {
		if became := h.phone().deliver(r, seal(t, r, "response01", calm)); became["response01"] != "held" {
			t.Fatalf("a late answer became %v, want held", became)
		}
	}
	if all := h.stored(); len(all) != 0 {
		t.Errorf("%d responses are counted, want 0", len(all))
	}
	for id, want := range map[surveys.ResponseID]int{"response00": 1, "response01": 4} {
		held, err := h.store.Response(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if held.Status != surveys.StatusHeld || len(held.Answers) < want {
			t.Errorf("%s is %s with %d answers, want held with at least %d", id, held.Status, len(held.Answers), want)
		}
	}
	h.phone().send("GET", "/room/"+r.Token+"/state", nil).wants(t, 200).has(t, `"open":false`, `"received":2`)
}

// TestRoomPages: the frame, its documents, and what strangers get.
func TestRoomPages(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	r := h.room()
	p := h.phone()
	frame := p.send("GET", "/room/"+r.Token, nil).wants(t, 200).has(t, "<noscript>", "/s/"+h.link.Token+"?shared", `id="facts"`)
	if got := frame.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the frame says Cache-Control %q, want no-store", got)
	}
	document := p.send("GET", "/room/"+r.Token+"/form?lang=ar", nil).wants(t, 200).has(t, `dir="rtl"`, `action="/room/`+r.Token+`/submit"`)
	if strings.Contains(document.header.Get("Set-Cookie"), "soundings") || len(p.cookies) > 0 {
		t.Error("a room sets a cookie")
	}
	p.header.Set("Accept", "application/json")
	p.send("POST", "/room/"+r.Token+"/submit", formOf(url.Values{"_id": {"response01"}, "calm_a": {"2"}, "calm_b": {"1"}, "may": {"no"}})).wants(t, 200).has(t, `"receipt"`)
	p.send("POST", "/room/"+r.Token+"/submit", formOf(url.Values{"_id": {"response02"}, "calm_a": {"9"}})).wants(t, 422).has(t, `"control":"calm_a"`)
	if len(p.cookies) > 0 {
		t.Error("sending from a room sets a cookie: the next person would see the answers")
	}
	p.send("POST", "/room/"+r.Token+"/begun", formOf(url.Values{"_id": {"response01"}})).wants(t, 204)
	h.phone().send("GET", "/room/guessedtok", nil).wants(t, 404)
	h.phone().send("POST", "/room/"+r.Token+"/sealed", strings.NewReader("{")).wants(t, 422)
	h.phone().send("GET", "/room/worker.js", nil).wants(t, 200).has(t, "caches.match")
}

// TestStaffRooms starts a room, looks at it and ends it.
func TestStaffRooms(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	path := h.programmePath() + "/rooms"
	d.open(path).wants(t, 200, "Class 5B", "does not begin with https")
	d.sends(path, url.Values{"link": {string(h.link.ID)}, "idle": {"1"}}).wants(t, 422).has(t, `value="1"`)
	d.sends(path, url.Values{"link": {string(h.link.ID)}, "ends": {"2026-03-01"}}).wants(t, 422, "Let the room end after now")
	d.sends(path, url.Values{"link": {string(h.link.ID)}, "ends": {"soon"}}).wants(t, 422, "as a date")
	started := d.sends(path, url.Values{"link": {string(h.link.ID)}, "ends": {"2026-03-08"}, "idle": {"60"}}).wants(t, 303)
	room := started.header.Get("Location")
	d.open(room).wants(t, 200, "60 seconds", "2026-03-09 00:00").has(t, `class="qr"`)
	d.sends(room+"/close", nil).wants(t, 303)
	d.open(room).wants(t, 200, "This room has ended").lacks(t, `class="qr"`)
	d.open(path).wants(t, 200, "ended")
	d.open(h.programmePath()+"/rooms/nowhere").wants(t, 404)
}

// TestPersonalPagesAreNotKept walks the way without JavaScript on a shared device:
// no page with anything of a person may be kept by a browser, for Back or otherwise.
func TestPersonalPagesAreNotKept(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	p := h.phone()
	p.post("/start", url.Values{"_lang": {"en"}, "_mode": {"shared_device"}}).wants(t, 303, "/part/1")
	p.post("/part/1", url.Values{"calm_a": {"2"}, "calm_b": {"1"}, "may": {"yes"}, "why": {"A quiet garden."}}).wants(t, 303)
	for _, path := range []string{"/part/1", "/check"} {
		if got := p.get(path).wants(t, 200).header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s says Cache-Control %q, want no-store", path, got)
		}
	}
	p.post("/send", nil).wants(t, 303)
	if got := p.get("/thanks").wants(t, 200).header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the thanks say Cache-Control %q, want no-store", got)
	}
	p.post("/again", url.Values{"_lang": {"en"}}).wants(t, 303, "?shared")
	for _, path := range []string{"/part/1", "/check", "/thanks"} {
		if after := p.get(path); after.status == 200 || strings.Contains(after.body, "garden") {
			t.Errorf("%s shows the next person %d: %.200s", path, after.status, after.body)
		}
	}
}
