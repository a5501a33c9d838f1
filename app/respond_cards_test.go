package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// cardHall is a hall whose code takes cards, with a run of three printed.
func cardHall(tb testing.TB, required bool) (*hall, surveys.PrintedCards) {
	tb.Helper()
	definition := readDefinition(tb, "everything")
	for i := range definition.Parts[0].Items {
		if item := &definition.Parts[0].Items[i]; item.Kind == questionnaire.KindLinkageCode {
			item.Card, item.Required = true, required
		}
	}
	h := hallWith(tb, definition, app.Config{})
	return h, h.prints(tb, h.link.Cohort, 3)
}

func (h *hall) prints(tb testing.TB, cohort surveys.CohortID, n int) surveys.PrintedCards {
	tb.Helper()
	printed, err := h.service.PrintCards(h.owner, surveys.CardSheet{Programme: h.link.Programme, Strand: "pupils", Cohort: cohort, Count: n})
	if err != nil {
		tb.Fatal(err)
	}
	return printed
}

// withCard is a part or a whole form whose code is that of a card.
func withCard(form url.Values, code string) url.Values {
	carded := url.Values{}
	for name, values := range form {
		if !strings.HasPrefix(name, "code__") {
			carded[name] = values
		}
	}
	carded.Set("code__card", code)
	return carded
}

func TestCardAddress(t *testing.T) {
	t.Parallel()
	h, printed := cardHall(t, false)
	p := h.phone()
	address := "/k/" + printed.Token
	p.send("GET", address, nil).wants(t, 303, "/s/"+h.link.Token)
	p.send("GET", "/k/"+strings.ToUpper(printed.Token), nil).wants(t, 303, "/s/"+h.link.Token)
	later, err := h.service.CreateLink(h.owner, surveys.Link{
		Programme: h.link.Programme, Strand: "pupils", Cohort: h.link.Cohort, Wave: questionnaire.WavePost, Opens: h.now().Add(48 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	h.pass(25 * time.Hour)
	closed := p.send("GET", address, nil).wants(t, 410, "Before we begin", "It was open until 8 March 2026, 09:00.", "Now that we have finished", "It opens on 9 March 2026 at 09:00.", "Keep your card")
	checkHTML(t, closed)
	h.pass(24 * time.Hour)
	p.send("GET", address, nil).wants(t, 303, "/s/"+later.Token)
	if _, err := h.service.SetLinkOpen(h.owner, h.link.Programme, h.link.ID, true); err != nil {
		t.Fatal(err)
	}
	h.pass(4 * time.Second)
	both := p.send("GET", address+"?lang=ar", nil).wants(t, 200)
	both.has(t, `href="/s/`+h.link.Token+`?lang=ar"`, `href="/s/`+later.Token+`?lang=ar"`)
	checkHTML(t, both)
	checkHTML(t, p.send("GET", "/k/nosuchcard", nil).wants(t, 404, "Check the link"))
}

// TestCardPages looks at the form with a card, refused and gone on with, in the
// document and part by part.
func TestCardPages(t *testing.T) {
	t.Parallel()
	for _, required := range []bool{false, true} {
		h, printed := cardHall(t, required)
		p := h.phone()
		document := p.get("").wants(t, 200, "Start")
		document.has(t, `name="code__card"`, "No card? Answer these questions instead")
		checkHTML(t, document)
		p.begin()
		checkHTML(t, p.get("/part/1").wants(t, 200, "Code on your card", "No card?"))
		for typed, said := range map[string]string{
			"K7M2": "Type all 9 letters and digits", "K7M-2RX-94J": "Compare this with your card", "K7M-2RX-94H": "We do not know this code.",
		} {
			g := p.post("/part/1", withCard(everything[0], typed)).wants(t, 422, said, "Code on your card: "+said, "Go on with this code all the same.")
			g.has(t, `value="`+typed+`"`)
			checkHTML(t, g)
		}
		on := withCard(everything[0], "K7M-2RX-94H")
		on.Set("code__anyway", "1")
		p.post("/part/1", on).wants(t, 303, "/part/2")
		p.get("/check").wants(t, 200, "Given; not shown here").lacks(t, "K7M")
		p.post("/part/1", withCard(everything[0], printed.Codes[0].Grouped())).wants(t, 303, "/part/2")
	}
}

func TestCardIsRequired(t *testing.T) {
	t.Parallel()
	h, printed := cardHall(t, true)
	p := h.phone()
	p.begin()
	blank := withCard(everything[0], "")
	p.post("/part/1", blank).wants(t, 422, "Type the code on your card, or answer the questions below it instead.")
	p.post("/part/1", everything[0]).wants(t, 303, "/part/2")
	script(h.phone()).post("/submit", withCard(whole(), string(printed.Codes[0]))).wants(t, 200, "receipt")
}

// TestCardIsAskedForOnce: a card left out costs one question more.
func TestCardIsAskedForOnce(t *testing.T) {
	t.Parallel()
	h, _ := cardHall(t, false)
	p := h.phone()
	p.begin()
	blank := withCard(everything[0], " ")
	asked := p.post("/part/1", blank).wants(t, 200, "Without your code your two forms cannot be put together.")
	asked.has(t, `href="#a-code__card"`)
	checkHTML(t, asked)
	blank.Set("_skip_code", "1")
	p.post("/part/1", blank).wants(t, 303, "/part/2")
}

// TestCardGuesses: a network that tries too many codes, by whichever way in, is told
// nothing more of any, right or wrong, by any; who goes on with a code is let through.
func TestCardGuesses(t *testing.T) {
	t.Parallel()
	for name, guess := range map[string]func(*hall) func(code string) int{
		"submit": func(h *hall) func(string) int {
			p := script(h.phone())
			return func(code string) int { return p.post("/submit", withCard(whole(), code)).status }
		},
		"late": func(h *hall) func(string) int {
			p := script(h.phone())
			return func(code string) int { return p.post("/late", withCard(whole(), code)).status }
		},
		"room": func(h *hall) func(string) int {
			p, r := script(h.phone()), h.room()
			return func(code string) int {
				return p.send("POST", "/room/"+r.Token+"/submit", strings.NewReader(withCard(whole(), code).Encode())).status
			}
		},
		"pause": func(h *hall) func(string) int {
			p := h.phone()
			p.begin()
			return func(code string) int {
				form := withCard(everything[0], code)
				form.Set("_pause", "1")
				return p.post("/part/1", form).status
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, printed := cardHall(t, false)
			h.guessed(guess(h), string(printed.Codes[0]))
		})
	}
}

// guessed tries codes until it is stopped, and then a right one by each way.
func (h *hall) guessed(guess func(code string) int, right string) {
	h.tb.Helper()
	for i, status := 0, 0; status != 429; i++ {
		code, err := pairing.NewCode(strings.NewReader(strings.Repeat(fmt.Sprintf("%08d", i), 4)), pairing.DefaultCode)
		if err != nil {
			h.tb.Fatal(err)
		}
		if status = guess(string(code)); i == 130 {
			h.tb.Fatalf("after %d guesses the next is answered with %d, want 429", i, status)
		}
	}
	p := script(h.phone())
	form := withCard(whole(), right)
	p.post("/submit", form).wants(h.tb, 429, "too many tries")
	plain := h.phone()
	plain.begin()
	plain.post("/part/1", withCard(everything[0], right)).wants(h.tb, 429)
	form.Set("code__anyway", "1")
	p.post("/submit", form).wants(h.tb, 200, "receipt")
}

// TestSelfMadeCodeIsShownBack shows a code once, again when it was changed, and
// never after that.
func TestSelfMadeCodeIsShownBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	code := url.Values{"agree": {"yes"}, "code__mother": {"su"}, "code__day": {"7"}, "code__month": {"3"}, "code__siblings": {"10"}}
	shown := p.post("/part/1", code).wants(t, 200, "Does this look like yours?", "10 or more")
	shown.has(t, "<bdi>SU</bdi><bdi>7</bdi><bdi>March</bdi>", `name="_code_seen"`)
	checkHTML(t, shown)
	code.Set("_code_seen", "su 7 3 10")
	code.Set("code__day", "8")
	p.post("/part/1", code).wants(t, 200, "Does this look like yours?").has(t, "<bdi>8</bdi>")
	code.Set("_code_seen", "su 8 3 10")
	p.post("/part/1", code).wants(t, 303, "/part/2")
	p.get("/part/1").wants(t, 200).lacks(t, "Does this look like yours?", `value="su"`, "<bdi>")
	p.get("/check").wants(t, 200).lacks(t, "<bdi>", "SU")
	if mine := h.phone().get("").wants(t, 200); !strings.Contains(mine.body, `class="look"`) {
		t.Error("the document has no place to show the code back")
	}
}

// TestCardsAreInNoLog prints, scans and types cards, and looks for their codes in
// the log.
func TestCardsAreInNoLog(t *testing.T) {
	t.Parallel()
	h, printed := cardHall(t, false)
	var log bytes.Buffer
	server, err := app.New(h.service, app.Config{}, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	h.server = server
	p := h.phone()
	p.send("GET", "/k/"+printed.Token, nil)
	p.begin()
	p.post("/part/1", withCard(everything[0], "K7M-2RX-94J")).wants(t, 422)
	p.post("/part/1", withCard(everything[0], string(printed.Codes[0]))).wants(t, 303)
	script(h.phone()).post("/submit", withCard(whole(), string(printed.Codes[1]))).wants(t, 200)
	d := h.ownersDesk()
	g := d.sends(h.programmePath()+"/cards", url.Values{"strand": {"pupils"}, "cohort": {string(h.link.Cohort)}, "count": {"3"}, "language": {"en"}}).wants(t, 200)
	codes := codesOn(g)
	for _, code := range printed.Codes {
		codes = append(codes, code.Grouped())
	}
	if len(codes) != 6 || !strings.Contains(log.String(), "/part/:part") {
		t.Fatalf("%d codes; log:\n%.2000s", len(codes), log.String())
	}
	for _, code := range append(codes, "K7M-2RX-94J") {
		for _, written := range []string{code, strings.ReplaceAll(code, "-", "")} {
			if strings.Contains(strings.ToUpper(log.String()), written) {
				t.Errorf("the log has the code %s", written)
			}
		}
	}
}

var codeOnCard = regexp.MustCompile(`<p class="code" dir="ltr">([0-9A-Z-]+)</p>`)

// codesOn are the codes of the cards on a page.
func codesOn(g page) []string {
	var codes []string
	for _, found := range codeOnCard.FindAllStringSubmatch(g.body, -1) {
		codes = append(codes, found[1])
	}
	return codes
}
