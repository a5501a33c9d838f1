package browsertest_test

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// The budgets of staff pages as they come over the network, compressed, on a first
// visit with sheet and script.
const (
	dashboardBudget = 15 << 10
	resultsBudget   = 32 << 10 // of six outcomes, each with its pictures and tables
	staffRequests   = 4
)

// TestStaffBudget weighs the dashboard and the results of a strand.
func TestStaffBudget(t *testing.T) {
	t.Parallel()
	pupils := place(t, "pupils")
	for name, one := range map[string]struct {
		path string
		most int
	}{
		"dashboard": {pupils, dashboardBudget},
		"results":   {pupils + "/strands/pupils", resultsBudget},
	} {
		t.Run(name, func(t *testing.T) {
			cookie := signedIn(t, desk).signInCookie()
			page := asBrowser(t, cookie, one.path, "identity")
			total, requests := len(asBrowser(t, cookie, one.path, "gzip, deflate, br, zstd")), 1
			for _, asset := range staffAssets.FindAllSubmatch(page, -1) {
				total += len(asBrowser(t, cookie, string(asset[1]), "gzip, deflate, br, zstd"))
				requests++
			}
			t.Logf("%s: %d bytes in %d requests", name, total, requests)
			if total > one.most || requests > staffRequests {
				t.Errorf("%s weighs %d bytes in %d requests, want at most %d in %d", name, total, requests, one.most, staffRequests)
			}
		})
	}
}

// staffAssets are the sheets and scripts of a page.
var staffAssets = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)

// asBrowser asks for a page as a browser that is signed in, and returns its bytes as
// they come.
func asBrowser(t *testing.T, cookie, path, encodings string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, product.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", encodings) // set, the client leaves the body as it comes
	request.AddCookie(&http.Cookie{Name: "soundings", Value: cookie})
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s = %d, %v", path, answer.StatusCode, err)
	}
	return body
}

// TestFirstScreen checks that a phone shows a page's heading and what comes first on
// it without scrolling, with and without a script, and that the menus open.
func TestFirstScreen(t *testing.T) {
	t.Parallel()
	pupils := place(t, "pupils")
	for path, first := range map[string]string{pupils: ".tiles div", pupils + "/strands/pupils": ".tiles div", pupils + "/board": "main .card, main form, main table"} {
		p := signedIn(t, phone)
		p.visit(path)
		for _, what := range []string{"h1", first} {
			if below := eval[float64](p, `document.querySelector(`+quote(what)+`).getBoundingClientRect().top - innerHeight`); below > 0 {
				t.Errorf("%s: %s begins %.0f px below the first screen", path, what, below)
			}
		}
		p.click("main .menu summary")
		p.until(`document.querySelector("main .menu[open] a").checkVisibility()`)
		p.wantAccessible(path + " with a menu open")
	}
}

// TestResultsPrinted prints a strand's results: with its tables, which are folded up on
// the screen, and without what is only pressed.
func TestResultsPrinted(t *testing.T) {
	t.Parallel()
	p := signedIn(t, desk)
	if status := p.visit(place(t, "parents") + "/strands/parents"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for what, want := range map[string]bool{".menus": false, "form.filters": false, ".measure details table": true, ".measure .bar": true, ".copy": false} {
		if got := p.shows(what); got != want {
			t.Errorf("printed, %s is shown: %v, want %v", what, got, want)
		}
	}
	raw := call(p, page.PrintToPDF, page.PrintToPDFParams{})
	if len(raw.Data) == 0 {
		t.Error("the print is empty")
	}
	if folder := os.Getenv("PICTURES"); folder != "" {
		if err := os.WriteFile(folder+"/results.pdf", raw.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestResultsFilterByForm chooses a language without a script, sees it in words, and
// takes it away again.
func TestResultsFilterByForm(t *testing.T) {
	t.Parallel()
	p := signedIn(t, look{width: 1024, height: 768, noScript: true})
	p.visit(place(t, "pupils") + "/strands/pupils")
	p.click(".choose summary")
	p.pick("language", "English")
	p.follow(".choose .main")
	p.wantText(".chosen", "Only: English")
	p.follow(".chips a")
	if p.shows(".chosen") {
		t.Error("what was taken away is still chosen")
	}
}
