package browsertest_test

import (
	"net/http"
	"os"
	"testing"

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
			p, s := signedIn(t, desk), newScales(t)
			p.carry(s.URL)
			p.visit(one.path)
			first, others := s.take()
			all := append(first, others...)
			wantWeight(t, name, all, one.most)
			if len(all) > staffRequests {
				t.Errorf("%s takes %d requests, want %d at most: %v", name, len(all), staffRequests, all)
			}
		})
	}
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
	p.media("print")
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
