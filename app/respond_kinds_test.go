package app_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// kindsHall opens testdata/respond/kinds.json, with pictures and a recording.
func kindsHall(tb testing.TB) (*hall, map[string]surveys.Medium) {
	tb.Helper()
	media := map[string]surveys.Medium{}
	h := hallOf(tb, func(h *hall) questionnaire.Definition {
		text := string(readTestdata(tb, "kinds"))
		for name, data := range mediaData(tb) {
			medium, err := h.service.AddMedium(h.owner, data)
			if err != nil {
				tb.Fatal(err)
			}
			media[name] = medium
			text = strings.ReplaceAll(text, `"`+name+`"`, `"`+medium.ID+`"`)
		}
		definition, err := questionnaire.ParseDefinition([]byte(text))
		if err != nil {
			tb.Fatal(err)
		}
		return definition
	}, app.Config{})
	return h, media
}

// mediaData are three pictures that differ, and a second of silence.
func mediaData(tb testing.TB) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{"AUDIO": silence(8000)}
	for name, c := range map[string]color.RGBA{"PIC1": {30, 120, 90, 255}, "PIC2": {200, 150, 60, 255}, "PIC3": {80, 90, 160, 255}} {
		picture := image.NewRGBA(image.Rect(0, 0, 64, 48))
		for i := range 64 * 48 {
			picture.Set(i%64, i/64, c)
		}
		var out bytes.Buffer
		if err := png.Encode(&out, picture); err != nil {
			tb.Fatal(err)
		}
		all[name] = out.Bytes()
	}
	return all
}

// silence is a WAV file of n samples at 8 kHz, 8 bits, one channel.
func silence(n int) []byte {
	little := func(n, size int) []byte {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(n >> (8 * i))
		}
		return b
	}
	header := [][]byte{
		[]byte("RIFF"), little(36+n, 4), []byte("WAVEfmt "), little(16, 4), little(1, 2), little(1, 2),
		little(8000, 4), little(8000, 4), little(1, 2), little(8, 2), []byte("data"), little(n, 4),
	}
	return append(bytes.Join(header, nil), bytes.Repeat([]byte{128}, n)...)
}

var kindsParts = []url.Values{
	{"point": {"4"}, "pic": {"school"}},
	{"rank__1": {"2"}, "rank__2": {"1"}, "rank__3": {"4"}, "rank__4": {"3"}, "mix": {"none"}},
	{"born__day": {"7"}, "born__month": {"3"}, "born__year": {"2015"}, "joined__month": {"11"}, "joined__year": {"٢٠٢٤"},
		"since__year": {"2020"}, "wakes": {"06:45"}, "visit__day": {"29"}, "visit__month": {"2"}, "visit__year": {"2024"}, "visit__time": {"16:05"}},
	{"ack": {"OK"}, "bat_slept": {"4"}, "bat_moved": {"1"}, "meals": {"3"}, "liked": {"The *pond*"}},
}

func TestKindsWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h, media := kindsHall(t)
	p := h.phone()
	p.begin()
	first := p.get("/part/1").wants(t, 200, "A heading", "This is bold", "At school, in the big hall", "Not sure at all")
	first.has(t, `<b class="head">A heading</b>`, "<strong>bold</strong>", "<em>soft</em>", `alt="A pond with frogs"`,
		p.at("/media/"+media["PIC3"].ID), `<audio class="aloud" controls preload="none" src="`+p.at("/media/"+media["AUDIO"].ID))
	second := p.get("/part/2").wants(t, 200, "Give each a number")
	second.has(t, `name="rank__4"`, `name="rank__order"`, `name="mix__order"`)
	order := valuesOf(second.body, "mix__order")
	if len(order) != 5 || order[4] != "none" {
		t.Errorf("the order shown is %q, want five with “prefer not to say” last", order)
	}
	p.get("/part/3").wants(t, 200, "March").has(t, `name="born__day"`, `name="joined__month"`, `type="time"`).lacks(t, `name="since__month"`)
	fourth := p.get("/part/4").wants(t, 200, "Your day", "Food")
	fourth.has(t, "<h3>Your day</h3>", "<h4>Food</h4>", `<th scope="col">Never</th>`, `<th scope="rowgroup" colspan="4"><span>I slept well</span>`)
	for n, part := range kindsParts {
		rest := "/part/" + string(rune('1'+n))
		if n == 1 {
			part = url.Values(cloned(part))
			part["mix__order"], part["rank__order"] = order, valuesOf(second.body, "rank__order")
		}
		p.post(rest, part).wants(t, 303)
		checkHTML(t, p.get(rest))
	}
	p.get("/part/2").has(t, `<option value="2" selected>`)
	p.get("/part/3").has(t, `<option value="3" selected>March</option>`, `value="2015"`, `value="06:45"`, `value="16:05"`)
	p.get("/check").wants(t, 200, "At school, in the big hall", "1. My family, and those who live with us; 2. Friends", "7 March 2015",
		"November 2024", "2020", "06:45", "29 February 2024, 16:05", "Always", "The *pond*")
	p.post("/send", nil).wants(t, 303, "/thanks")
	got := h.stored()[0].Answers
	if diff := cmp.Diff(order, got["mix"].Order); diff != "" {
		t.Errorf("order kept (-shown +kept):\n%s", diff)
	}
	for id, want := range map[questionnaire.ItemID]questionnaire.Answer{
		"point": {Number: number(4)}, "pic": {Choice: "school"}, "born": {Text: "2015-03-07"}, "joined": {Text: "2024-11"}, "since": {Text: "2020"},
		"wakes": {Text: "06:45"}, "visit": {Text: "2024-02-29T16:05"}, "ack": {Choice: "OK"}, "bat_moved": {Choice: "1"},
	} {
		if diff := cmp.Diff(want, got[id]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if diff := cmp.Diff([]string{"family", "friends", "quiet", "sport"}, got["rank"].Choices); diff != "" {
		t.Errorf("rank (-want +got):\n%s", diff)
	}
}

func cloned(form url.Values) url.Values {
	other := url.Values{}
	for name, values := range form {
		other[name] = values
	}
	return other
}

// valuesOf are the values of the hidden inputs of a name.
func valuesOf(body, name string) []string {
	var values []string
	for _, piece := range strings.Split(body, `name="`+name+`" value="`)[1:] {
		value, _, _ := strings.Cut(piece, `"`)
		values = append(values, value)
	}
	return values
}

// TestShuffledForEachPerson: the same person meets one order, others another.
func TestShuffledForEachPerson(t *testing.T) {
	t.Parallel()
	h, _ := kindsHall(t)
	orders := map[string]bool{}
	for range 12 {
		p := h.phone()
		p.begin()
		order := strings.Join(valuesOf(p.get("/part/2").body, "rank__order"), " ")
		if again := strings.Join(valuesOf(p.get("/part/2").body, "rank__order"), " "); again != order {
			t.Errorf("one person meets the orders %q and %q", order, again)
		}
		orders[order] = true
	}
	if len(orders) < 3 {
		t.Errorf("12 people met %d orders, want several: %v", len(orders), orders)
	}
}

func TestKindsRefused(t *testing.T) {
	t.Parallel()
	h, _ := kindsHall(t)
	p := h.phone()
	p.begin()
	twice := p.post("/part/2", url.Values{"rank__1": {"1"}, "rank__2": {"1"}, "rank__3": {"2"}, "rank__4": {"3"}}).wants(t, 422, "What matters most to you?")
	twice.has(t, `href="#a-rank__2"`, `<option value="1" selected>`)
	checkHTML(t, twice)
	date := p.post("/part/3", url.Values{"born__day": {"31"}, "born__month": {"2"}, "born__year": {"2015"}}).wants(t, 422, "When were you born?", "When did you join us?")
	date.has(t, `href="#a-born"`, `<option value="31" selected>`, `value="2015"`)
	checkHTML(t, date)
	p.post("/part/3", url.Values{"born__day": {"31"}, "joined__month": {"1"}, "joined__year": {"2024"}}).wants(t, 422).has(t, `href="#a-born__`)
	ack := p.post("/part/4", url.Values{"bat_slept": {"9"}}).wants(t, 422, "I have read what this is for.", "I slept well")
	ack.has(t, `href="#a-ack"`, `href="#a-bat_slept"`)
	checkHTML(t, ack)
}

// TestKindsInEveryLanguage changes the language with everything typed.
func TestKindsInEveryLanguage(t *testing.T) {
	t.Parallel()
	h, _ := kindsHall(t)
	p := h.phone()
	p.begin()
	for n, part := range kindsParts {
		rest := "/part/" + string(rune('1'+n))
		part = cloned(part)
		part.Set("_lang", "ar")
		p.post(rest, part).wants(t, 303, rest)
		page := p.get(rest).wants(t, 200)
		page.has(t, `dir="rtl"`)
		checkHTML(t, page)
		part.Set("_lang", "en")
		p.post(rest, part).wants(t, 303, rest)
	}
	p.get("/part/3").has(t, `<option value="3" selected>March</option>`, `value="06:45"`)
	doc := p.send("GET", p.at("?lang=ar"), nil).wants(t, 200)
	checkHTML(t, doc)
	typed := p.post("/part/3", url.Values{"born__day": {"7"}, "_lang": {"ar"}}).wants(t, 200)
	typed.has(t, `<option value="7" selected>7</option>`)
}

// TestMediaOfALink are given to who holds a link that names them.
func TestMediaOfALink(t *testing.T) {
	t.Parallel()
	h, media := kindsHall(t)
	p := h.phone()
	picture := p.get("/media/" + media["PIC1"].ID)
	if picture.status != 200 || picture.body != string(media["PIC1"].Data) {
		t.Fatalf("status %d with %d bytes, want the picture", picture.status, len(picture.body))
	}
	for header, want := range map[string]string{
		"Content-Type": "image/png", "Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
	} {
		if got := picture.header.Get(header); got != want {
			t.Errorf("%s = %q, want %q", header, got, want)
		}
	}
	if !strings.Contains(picture.header.Get("Content-Security-Policy"), "media-src 'self'") {
		t.Error("the policy allows no recording")
	}
	p.header.Set("If-None-Match", picture.header.Get("Etag"))
	if got := p.get("/media/" + media["PIC1"].ID); got.status != 304 || got.body != "" {
		t.Errorf("asked again: status %d with %d bytes, want 304 with none", got.status, len(got.body))
	}
	p.header.Del("If-None-Match")
	p.header.Set("Range", "bytes=4-11")
	if got := p.get("/media/" + media["AUDIO"].ID); got.status != 206 || got.body != string(media["AUDIO"].Data[4:12]) ||
		got.header.Get("Content-Range") != "bytes 4-11/8044" {
		t.Errorf("a piece: status %d, %q, %q", got.status, got.header.Get("Content-Range"), got.body)
	}
	p.header.Del("Range")
	other, err := h.service.AddMedium(h.owner, silence(100))
	if err != nil {
		t.Fatal(err)
	}
	for range 40 { // a picture that is not there does not count as a guessed link
		p.get("/media/"+other.ID).wants(t, 404)
	}
	p.get("").wants(t, 200)
	p.send("GET", "/s/nothing/media/"+media["PIC1"].ID, nil).wants(t, 404)
}

// TestStylesOnlyWhereNeeded: what only some forms need is in no other's page.
func TestStylesOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	h, _ := kindsHall(t)
	h.phone().get("").has(t, ".pics", ".ranks", ".dates", ".points .opt", ".grid", ".aloud", "h3,h4{", ".head{")
	plain := newHall(t, "twenty_three").phone().get("")
	plain.lacks(t, ".pics", ".ranks", ".dates", ".points .opt", ".grid", ".aloud", "h3,h4{", ".head{", "data-item", "data-part", `id="logic"`, "SoundingsLogic", "dispatchEvent", "data-off")
	if n := strings.Count(plain.body, "<script"); n != 1 {
		t.Errorf("a form without logic has %d scripts, want 1", n)
	}
}
