package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/app"
)

// hostileName is what people may write before every name: a formula to a spreadsheet,
// markup to a browser, a placeholder to a template.
const hostileName = `=1+1"'><img src=x onerror=alert(1)></script><!--<script>alert(1)</script>{{.}}[x](javascript:alert(1)) `

// readingWrites are the kinds of record that opening pages and fetching files may
// write, and why. Nothing else may change by a GET.
var readingWrites = map[string]string{
	"audit":        "who read raw answers and files is written down",
	"claim":        "a chore or a lease, for whoever is first",
	"export":       "a file that is fetched is made first",
	"export_due":   "a file that is fetched is made first",
	"export_piece": "a file that is fetched is made first",
	"concern":      "when the lead first opened it is what reminders go by",
	"approach":     "when the lead first opened it is what reminders go by",
	"release":      "what a published file told is counted against the next one",
}

// notOpened are pages that the estate cannot show: each is opened by a test of its own.
var notOpened = map[string]string{
	"/programmes/:programme/paper/:batch/forms/:form":                "TestSecondPass",
	"/programmes/:programme/retention/certificates/:step":            "TestRetentionPages",
	"/programmes/:programme/retention/frozen/:strand/:profile/:file": "TestRetentionPages",
	"/certificates/:of/:step":                                        "TestRetentionPages",
	"/accounts/:account/factor":                                      "TestTakeFactor",
}

// TestEveryPage opens every page of staff in an installation whose every text is
// hostile, fills every form with such texts, and looks at the pages again: nothing of
// it is markup, a script, a formula or a header; opening pages changes nothing; every
// answer has the headers that a browser needs to be on its guard.
func TestEveryPage(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstateWith(t, app.Config{BaseURL: "https://feedback.example.org"}, hostileName)
	d := e.ownersDesk()
	more := e.designs(d)
	if err := e.server.Shutdown(); err != nil { // live pages end at once, requests are still answered
		t.Fatal(err)
	}
	written := e.watch.written()
	addresses := slices.Concat(more, e.staffAddresses())
	c := crawl(d, addresses...)
	t.Run("changes_nothing", func(t *testing.T) { wantNothingWritten(t, written, e.watch.written()) })
	t.Run("opened", func(t *testing.T) { wantOpened(t, c) })
	typed := e.fillsRespondents(t) // before the link is closed by a form of the staff
	answers := c.fills()
	c = crawl(d, slices.Concat(addresses, addressesOf(c))...)
	t.Run("inert", func(t *testing.T) {
		for _, one := range slices.Concat(c.pages, answers) {
			checkInert(t, one)
		}
		wantHostileSeen(t, c.pages)
	})
	t.Run("not_logged", func(t *testing.T) { e.wantNotLogged(t, slices.Concat(answers, typed)) })
	t.Run("headers", func(t *testing.T) {
		for _, one := range slices.Concat(c.pages, answers) {
			checkGrade(t, one.address, one.page)
		}
	})
}

func addressesOf(c *crawler) []string {
	var all []string
	for _, one := range c.pages {
		all = append(all, one.address)
	}
	return all
}

func wantNothingWritten(t *testing.T, before, after map[string]int) {
	t.Helper()
	for kind, n := range after {
		if n != before[kind] && readingWrites[kind] == "" {
			t.Errorf("opening pages wrote %d of %s: a GET must change nothing, or readingWrites (this file) must say why", n-before[kind], kind)
		}
	}
}

func wantOpened(t *testing.T, c *crawler) {
	t.Helper()
	opened := map[string]bool{}
	for _, one := range c.pages {
		opened[one.route] = opened[one.route] || one.status < 400
		if one.route == "" || one.status >= 500 {
			t.Errorf("%s = %d", one.address, one.status)
		}
	}
	for _, r := range app.RouteTable() {
		if r.Method == http.MethodGet && r.Who != "anyone" && !r.Token && !opened[r.Path] && notOpened[r.Path] == "" {
			t.Errorf("%s was never opened: make what it shows in (*estate).furnish or designs (app/attack_estate_test.go), or name the test that opens it in notOpened (this file)", r.Path)
		}
	}
}

// fills posts every form: as it is but for hostile texts, and empty.
func (c *crawler) fills() []crawled {
	c.h.tb.Helper()
	var all []crawled
	for _, form := range c.posts() {
		route := routeOf(http.MethodPost, form.action)
		if route == "" || route == "/sign-out" || strings.HasPrefix(route, "/account/") && route != "/account/tokens" || strings.HasSuffix(route, "/people") || strings.HasPrefix(route, "/accounts/") || route == "/sign-in-rules" || strings.HasSuffix(route, "/delete") {
			continue // the form of a preview leads nowhere; others end the sign-in, or its roles
		}
		typed, empty := url.Values{}, url.Values{}
		for name, values := range form.values {
			typed[name] = values
			if slices.Contains(form.typed, name) {
				typed[name] = []string{hostileName + "typed"}
			} else {
				empty[name] = values
			}
		}
		away := url.Values{}
		for name := range form.values {
			away[name] = []string{elsewhere}
		}
		for _, values := range []url.Values{empty, away, typed} {
			all = append(all, crawled{page: c.posts1(form, values), address: "POST " + form.action, route: route})
		}
	}
	return all
}

// posts1 sends a form as its page would.
func (c *crawler) posts1(form webForm, values url.Values) page {
	c.h.tb.Helper()
	if len(form.files) == 0 {
		return c.sends(form.action, values)
	}
	return c.upload(form.action, []byte(hostileName+",x\n1,2\n"), values)
}

// elsewhere is an address that a browser takes for another site's, and a header of its own.
const elsewhere = "//evil.example/\r\nSet-Cookie: evil=1"

// checkStays: an answer sends nobody to another site, and sets no header that a request
// asked for.
func checkStays(t *testing.T, address string, g page) {
	t.Helper()
	to := g.header.Get("Location")
	if to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`)) {
		t.Errorf("%s leads to %s", address, to)
	}
	for _, line := range g.header["Set-Cookie"] {
		if strings.HasPrefix(line, "evil") {
			t.Errorf("%s sets the cookie %s", address, line)
		}
	}
}

// safeName is a name of a file that no header and no shell takes for anything else.
var safeName = regexp.MustCompile(`^(attachment|inline); filename="[A-Za-z0-9][A-Za-z0-9._-]*"$`)

// checkInert reads an answer as what takes it does.
func checkInert(t *testing.T, one crawled) {
	t.Helper()
	checkStays(t, one.address, one.page)
	if one.status >= 500 {
		t.Errorf("%s = %d %.300s", one.address, one.status, one.text(t)[max(0, len(one.text(t))-600):])
	}
	if disposition := one.header.Get("Content-Disposition"); disposition != "" && !safeName.MatchString(disposition) {
		t.Errorf("%s: Content-Disposition is %s", one.address, disposition)
	}
	kind, _, _ := strings.Cut(one.header.Get("Content-Type"), ";")
	switch {
	case one.body == "" || one.status >= 300 && one.status < 400:
	case kind == "text/html":
		checkNoMarkup(t, one.address, one.page)
	case kind == "text/event-stream":
		checkEvents(t, one)
	case kind == "text/csv":
		checkCSV(t, one.address, one.body)
	case strings.HasSuffix(kind, "sheet"):
		checkWorkbook(t, one.address, one.body)
	case kind == "application/json" || kind == "application/schema+json" || strings.HasSuffix(kind, "+json"):
		if !json.Valid([]byte(one.body)) {
			t.Errorf("%s is no JSON: %.200s", one.address, one.body)
		}
	case kind == "text/plain" && !strings.Contains(one.body, "<"):
	case kind == "image/png" || kind == "text/css" || kind == "text/javascript" || strings.HasSuffix(kind, "document"):
	default:
		t.Errorf("%s is %q: nobody looks whether that is inert", one.address, kind)
	}
}

// checkEvents reads the fragments of a live page.
func checkEvents(t *testing.T, one crawled) {
	t.Helper()
	var fragment strings.Builder
	for line := range strings.Lines(one.body) {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			fragment.WriteString(data)
		}
	}
	checkNoMarkup(t, one.address, page{body: fragment.String()})
}

// checkCSV: no cell is a formula to a spreadsheet.
func checkCSV(t *testing.T, name, body string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !plainNumber.MatchString(cell) {
				t.Errorf("%s: the cell %.60q is a formula", name, cell)
			}
		}
	}
}

var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?(E[-+]?[0-9]+)?$`)

// checkWorkbook: every cell that holds a text is typed so, links lead to no other place,
// and each part of the file is what it says.
func checkWorkbook(t *testing.T, name, body string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	for _, file := range z.File {
		if strings.Contains(file.Name, "..") || strings.HasPrefix(file.Name, "/") || strings.HasSuffix(file.Name, ".bin") {
			t.Errorf("%s holds %s", name, file.Name)
		}
		checkPart(t, name, file)
	}
}

func checkPart(t *testing.T, name string, file *zip.File) {
	t.Helper()
	part, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = part.Close() }()
	raw, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	formula := false
	for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("%s %s: %v", name, file.Name, err)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			formula = token.Name.Local == "f" || token.Name.Local == "definedName"
			checkElement(t, name+" "+file.Name, token)
		case xml.CharData:
			if formula && strings.Contains(string(token), "onerror") {
				t.Errorf("%s %s has the formula %.100s", name, file.Name, token)
			}
		case xml.EndElement:
			formula = false
		}
	}
}

func checkElement(t *testing.T, name string, element xml.StartElement) {
	t.Helper()
	for _, a := range element.Attr {
		if element.Name.Local == "Relationship" && a.Name.Local == "Target" && !outside.MatchString(a.Value) && strings.Contains(a.Value, ":") {
			t.Errorf("%s leads to %s", name, a.Value)
		}
	}
}

// outside are the places that a workbook of ours may lead to: pages of the product.
var outside = regexp.MustCompile(`^https://feedback\.example(\.org)?/`)

// wantHostileSeen fails if the texts never got anywhere: then the test tests nothing.
func wantHostileSeen(t *testing.T, pages []crawled) {
	t.Helper()
	shown := 0
	for _, one := range pages {
		if strings.HasPrefix(one.header.Get("Content-Type"), "text/html") && strings.Contains(one.text(t), hostileName) {
			shown++
		}
	}
	if shown < 100 {
		t.Errorf("the texts stand on %d pages only", shown)
	}
}
