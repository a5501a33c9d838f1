package browsertest_test

import (
	"archive/zip"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// liveWithin is how soon a count on an open page has to follow an answer.
const liveWithin = 3 * time.Second

func TestStaffCountsMove(t *testing.T) {
	l := newLink(t, "pupils", "pre")
	inTables := fmt.Sprintf("n-%s-pupils-pre", l.cohort)
	for name, shown := range map[string]struct{ path, count string }{
		"dashboard": {"", inTables}, "cohort": {"/cohorts/" + l.cohort, inTables}, "qr": {"/links/" + l.ID + "/qr", "finished-pupils-pre"},
	} {
		t.Run(name, func(t *testing.T) {
			path, count := shown.path, shown.count
			staff := signedIn(t, desk)
			staff.visit("/programmes/" + api(t).programme + path)
			before := staff.text("#" + count)
			respondent := entered(t, l)
			respondent.finish()
			respondent.send()
			sent := time.Now()
			staff.until(fmt.Sprintf(`document.getElementById(%q).innerText !== %q`, count, before))
			if took := time.Since(sent); took > liveWithin {
				t.Errorf("the count moved after %s, want %s at most", took, liveWithin)
			}
		})
	}
}

// TestStaffTwoClicksToWorkbook signs in, opens a programme and downloads.
func TestStaffTwoClicksToWorkbook(t *testing.T) {
	p, folder := newTab(t, desk), t.TempDir()
	p.signIn(product.email, product.password)
	p.downloadTo(folder)
	p.follow(fmt.Sprintf(`a[href="%s"]`, place(t, "parents")))
	p.click(`a[href$="/strands/parents/workbook.xlsx"]`)
	wantWorkbook(t, awaitFile(t, folder))
}

// downloadTo lets the tab save files in a folder.
func (p *tab) downloadTo(folder string) {
	p.t.Helper()
	_, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// awaitFile waits until a folder holds one whole file.
func awaitFile(t *testing.T, folder string) string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 1 && strings.HasSuffix(files[0].Name(), ".xlsx") {
			return filepath.Join(folder, files[0].Name())
		}
	}
	t.Fatal("no workbook was downloaded")
	return ""
}

func wantWorkbook(t *testing.T, path string) {
	t.Helper()
	book, err := zip.OpenReader(path)
	if err != nil {
		t.Fatalf("the workbook is no whole archive: %v", err)
	}
	defer func() { _ = book.Close() }()
	var parts []string
	for _, file := range book.File {
		parts = append(parts, file.Name)
	}
	sheet := func(part string) bool { return strings.HasPrefix(part, "xl/worksheets/") }
	if !slices.Contains(parts, "xl/workbook.xml") || !slices.ContainsFunc(parts, sheet) {
		t.Errorf("the workbook has only %v", parts)
	}
}

// TestStaffApproveQuote reads an answer whose writer agreed to be quoted, and
// approves it, with JavaScript and without.
func TestStaffApproveQuote(t *testing.T) {
	for name, l := range map[string]look{"script": desk, "plain": {width: 1280, height: 900, noScript: true}} {
		t.Run(name, func(t *testing.T) {
			words := "We talk at supper now. Written for " + t.Name()
			page := answerWithWords(t, words).reading()
			p := signedIn(t, l)
			p.visit(page)
			card := "#" + eval[string](p, fmt.Sprintf(`[...document.querySelectorAll(".answers > li")].find(c => c.innerText.includes(%q)).id`, words))
			if name == "plain" {
				p.follow(card + ` button[value="approve"]`)
			} else {
				p.click(card + ` button[value="approve"]`)
				p.until(fmt.Sprintf(`document.activeElement.matches(%q) && !document.activeElement.querySelector(".state.unread")`, card))
			}
			p.visit(page + "&show=approved")
			p.wantText(".answers", words)
		})
	}
}

// answerWithWords sends a form with an open answer that may be quoted, and returns
// the link that it came by.
func answerWithWords(t *testing.T, words string) link {
	t.Helper()
	l := newLink(t, "parents", "post")
	p := entered(t, l)
	p.goTo("what_changed")
	p.writeIn("what_changed", words)
	p.choose("consent_quote", "yes")
	p.finish()
	p.send()
	return l
}

// TestStaffFacilitator gives an account the role of handing links out. It sees
// counts and links, and no answers.
func TestStaffFacilitator(t *testing.T) {
	programme := "/programmes/" + api(t).programme
	owner := signedIn(t, desk)
	owner.createAccount("Fay Cilitator", "fay@example.org", "correct horse battery staple")
	owner.visit(programme + "/people")
	owner.write("#grant-email", "fay@example.org")
	owner.click("#grant-roles-facilitator")
	owner.follow(`form[action$="/people"] .main`)
	p := newTab(t, desk)
	p.signIn("fay@example.org", "correct horse battery staple")
	p.follow(fmt.Sprintf(`a[href="%s"]`, programme))
	p.wantGoodDesks("a facilitator's dashboard")
	if p.shows(`a[href*="/strands/"]`) {
		t.Error("the dashboard leads to outcomes or answers")
	}
	for _, hidden := range []string{"/strands/parents", "/strands/parents/answers", "/strands/parents/workbook.xlsx", "/people", "/audit"} {
		if status := p.visit(programme + hidden); status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", hidden, status)
		}
	}
	if status := p.visit(place(t, "parents")); status != http.StatusNotFound {
		t.Errorf("another programme: status %d, want 404", status)
	}
}

// createAccount invites somebody, who chooses a password in a browser of their own.
func (p *tab) createAccount(name, email, password string) {
	p.t.Helper()
	p.visit("/accounts")
	p.writeIn("name", name)
	p.writeIn("email", email)
	p.follow(`form[action="/accounts"] .main`)
	p.wantText("main", email)
	link := p.text("code.secret")
	invited := newTab(p.t, desk)
	invited.visit(link[strings.Index(link, "/invitation/"):])
	invited.wantGoodDesks("an invitation")
	invited.writeIn("password", password)
	invited.writeIn("again", password)
	invited.follow("form.stack .main")
	invited.wantPath("/programmes")
}

// TestStaffClosesLink closes a link and opens it again.
func TestStaffClosesLink(t *testing.T) {
	l := newLink(t, "parents", "pre")
	p := signedIn(t, desk)
	p.visit("/programmes/" + api(t).programme + "/cohorts/" + l.cohort)
	p.follow(`button[value="close"]`)
	respondent := newTab(t, phone)
	for end := time.Now().Add(patience); respondent.visit(l.Path) != http.StatusGone; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) { // links are believed for three seconds
			t.Fatal("the closed link takes answers")
		}
	}
	p.follow(`button[value="open"]`)
	for end := time.Now().Add(patience); respondent.visit(l.Path) != http.StatusOK; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the link that was opened again takes no answers")
		}
	}
}

// TestStaffSignsOut ends the sign-in for the browser and the program.
func TestStaffSignsOut(t *testing.T) {
	owner := signedIn(t, desk)
	owner.createAccount("Si Gnout", "si@example.org", "correct horse battery staple")
	p := newTab(t, desk)
	p.signIn("si@example.org", "correct horse battery staple")
	kept := p.signInCookie()
	p.follow(`form[action="/sign-out"] button`)
	p.wantPath("/sign-in")
	p.useSignIn(kept)
	p.visit("/programmes")
	p.wantPath("/sign-in")
}
