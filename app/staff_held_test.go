package app_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// lateForm is a whole valid form as a phone posts it.
func lateForm(h *hall, id string) url.Values {
	form := whole()
	form.Set("_id", id)
	form.Set("_sent", "1772874000000") // 9:00 on the day of the hall
	form.Set("_device", "0123456789abcdef")
	return form
}

const lateID = "0123456789abcdef0123456789abcdef"

// handed is what the phone gets.
type handed struct {
	Receipt, Say, Message, Kind string
	Late                        *struct{ Hand, File, Drop string }
}

func readHanded(t *testing.T, g page) handed {
	t.Helper()
	var answer handed
	if err := json.Unmarshal([]byte(g.body), &answer); err != nil {
		t.Fatalf("%s: %v", g.body, err)
	}
	return answer
}

// TestLateAnswers goes the whole way: refused, explained, handed over, decided.
func TestLateAnswers(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	h.close()
	h.pass(10 * time.Minute)
	p := script(h.phone())
	refused := readHanded(t, p.post("/submit", lateForm(h, lateID)).wants(t, 410))
	if refused.Kind != "closed" || !strings.Contains(refused.Message, "Hand them over") || refused.Late == nil || refused.Late.Hand == "" || refused.Late.File == "" {
		t.Fatalf("a late post is answered with %+v, want an explanation and what can be done", refused)
	}
	answer := readHanded(t, p.post("/late", lateForm(h, lateID)).wants(t, 200))
	if answer.Receipt != surveys.ReceiptOf(lateID) || !strings.Contains(answer.Say, "Show this code") {
		t.Errorf("handed over: %+v", answer)
	}
	readHanded(t, p.post("/late", lateForm(h, lateID)).wants(t, 200))
	if n := len(h.stored()); n != 0 {
		t.Fatalf("%d responses count, want none", n)
	}
	d := h.colleague("facilitator", surveys.RoleFacilitator)
	listed := d.open(h.programmePath()+"/held").wants(t, 200, answer.Receipt, "waits", "2026-03-07 09:00")
	listed.lacks(t, "Leeds")
	checkHTML(t, listed)
	form := url.Values{"response": {lateID}, "revision": {"1"}, "do": {"refuse"}}
	d.sends(h.programmePath()+"/held", form).wants(t, 422, "reason")
	form.Set("do", "take")
	d.sends(h.programmePath()+"/held", form).wants(t, 303, "/held")
	d.open(h.programmePath()+"/held").wants(t, 200, "taken in", "facilitator, 2026-03-07")
	d.sends(h.programmePath()+"/held", url.Values{"response": {lateID}, "revision": {"1"}, "do": {"refuse"}, "reason": {"x"}}).wants(t, 409, "decided about these answers meanwhile")
	stored := h.stored()
	if len(stored) != 1 || stored[0].Device != "0123456789abcdef" {
		t.Errorf("stored: %+v, want the one with the phone's tag", stored)
	}
}

// TestBegunIsHandedOver: without a script too, what was saved page by page can be
// handed over once its link has closed, as far as it is.
func TestBegunIsHandedOver(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/1", everything[0]).wants(t, 303)
	p.post("/part/2", everything[1]).wants(t, 303)
	begun := url.Values{"_begun": {"yes"}}
	p.post("/late", begun).wants(t, 303, "/part/3") // it is open: go on
	h.close()
	h.pass(10 * time.Minute)
	checkHTML(t, p.get("/part/3").wants(t, 410, "Hand my answers over").has(t, `name="_begun"`))
	h.phone().get("").wants(t, 410).lacks(t, `name="_begun"`) // somebody else has begun nothing
	checkHTML(t, p.post("/late", begun).wants(t, 200, "Show this code"))
	checkHTML(t, p.post("/late", begun).wants(t, 200, "Show this code")) // and shown once more
	if n := len(h.stored()); n != 0 {
		t.Errorf("%d responses count, want none before anybody has decided", n)
	}
	d := h.colleague("facilitator", surveys.RoleFacilitator)
	held := d.open(h.programmePath()+"/held").wants(t, 200, "waits").body
	take := url.Values{"response": {between(held, `name="response" value="`, `"`, 1)}, "revision": {between(held, `name="revision" value="`, `"`, 1)}, "do": {"take"}}
	d.sends(h.programmePath()+"/held", take).wants(t, 303)
	p.post("/late", begun).wants(t, 303, "/thanks") // it counts
	stored := h.stored()
	if len(stored) != 1 || stored[0].Answers["session"].Choice != "4" || !stored[0].Coded {
		t.Errorf("stored %+v, want what was saved, with its code", stored)
	}
}

// TestLateToNoLink explains, in the language of the form, what is left to do.
func TestLateToNoLink(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := script(h.phone())
	answer := readHanded(t, p.send("POST", "/s/unknownlnk/submit", strings.NewReader(lateForm(h, lateID).Encode())).wants(t, 404))
	if answer.Late == nil || answer.Late.Hand != "" || answer.Late.File == "" || !strings.Contains(answer.Message, "Save them as a file") {
		t.Errorf("no link: %+v", answer)
	}
}

// TestClosedPageLooksAfterAnswers: the page of a closed link brings the script that does.
func TestClosedPageLooksAfterAnswers(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	h.close()
	closed := h.phone().get("").wants(t, 410)
	closed.has(t, `<script defer src="/static/respond_later.js?v=`, `<script defer src="/static/respond_closed.js?v=`)
	checkHTML(t, closed)
	for _, name := range []string{"/static/respond_later.js", "/static/respond_closed.js", "/sw.js"} {
		g := h.phone().send("GET", name, nil).wants(t, 200)
		if !strings.HasPrefix(g.header.Get("Content-Type"), "text/javascript") && !strings.HasPrefix(g.header.Get("Content-Type"), "application/javascript") {
			t.Errorf("%s is %q", name, g.header.Get("Content-Type"))
		}
	}
}

// upload posts a file to the page of late answers.
func (d *desk) upload(path string, file []byte, form url.Values) page {
	d.h.tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	form.Set("csrf", d.csrf)
	for name := range form {
		if err := w.WriteField(name, form.Get(name)); err != nil {
			d.h.tb.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "soundings-01234567.json")
	if err != nil {
		d.h.tb.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		d.h.tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		d.h.tb.Fatal(err)
	}
	d.header.Set("Content-Type", w.FormDataContentType())
	defer d.header.Del("Content-Type")
	return d.send("POST", path, &body)
}

func TestLateFile(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	h.close()
	d := h.colleague("facilitator", surveys.RoleFacilitator)
	file := func(address, form string) []byte {
		raw, err := json.Marshal(map[string]any{"soundings": 1, "address": address, "form": form, "sent": 1772874000000})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	path, own := h.programmePath()+"/held/file", "/s/"+h.link.Token+"/submit"
	for _, tt := range []struct {
		name   string
		file   []byte
		link   string
		status int
		want   string
	}{
		{"no file of ours", []byte("{}"), "", 422, "Choose the file"},
		{"empty", nil, "", 422, "Choose the file"},
		{"unknown link", file("/s/unknownlnk/submit", lateForm(h, lateID).Encode()), "", 422, "Choose the link"},
		{"does not fit", file(own, "_id="+lateID+"&age=many"), "", 422, "cannot be taken up"},
		{"its own link", file(own, lateForm(h, lateID).Encode()), "", 303, "/held#l-" + lateID},
		{"again, by a chosen link", file("/s/unknownlnk/submit", lateForm(h, lateID).Encode()), string(h.link.ID), 303, "/held#l-" + lateID},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := d.upload(path, tt.file, url.Values{"link": {tt.link}}).wants(t, tt.status, tt.want)
			g.lacks(t, "Leeds")
		})
	}
	d.open(h.programmePath()+"/held").wants(t, 200, surveys.ReceiptOf(lateID), "waits")
}
