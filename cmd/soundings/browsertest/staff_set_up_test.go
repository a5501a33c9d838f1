package browsertest_test

import (
	"fmt"
	"io"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

var setUpLine = regexp.MustCompile(`(http://[^/\s]+)(/set-up/\S+)`)

// TestSetUp starts an empty installation and makes its first account with the
// link that the program prints, which works once.
func TestSetUp(t *testing.T) {
	t.Parallel()
	empty := &program{binary: product.binary}
	out, err := empty.run("serve", t.TempDir())
	t.Cleanup(empty.stop)
	var path string
	if err == nil {
		err = empty.await(out, func(out io.Reader) error {
			said, err := readUntil(out, "  http://")
			if found := setUpLine.FindStringSubmatch(said); found != nil {
				empty.base, path = found[1], found[2]
				return nil
			}
			return fmt.Errorf("no link to set up with: %w\n%s", err, said)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p := openTab(t, chrome, empty.base, desk, chromedp.WithNewBrowserContext())
	p.visit(path)
	p.wantGoodDesks("set-up")
	p.setUp("correct horse battery staple", "another one altogether")
	p.wantGoodDesks("set-up refused")
	p.setUp("correct horse battery staple", "correct horse battery staple")
	p.wantPath("/sign-in")
	p.signIn("owner@example.org", "correct horse battery staple")
	p.wantPath("/programmes")
	p.wantGoodDesks("no programmes")
	if status := p.visit(path); status < 400 {
		t.Errorf("the link to set up works again: status %d", status)
	}
}

func (p *tab) setUp(password, again string) {
	p.t.Helper()
	p.writeIn("name", "The owner")
	p.writeIn("email", "owner@example.org")
	p.writeIn("password", password)
	p.writeIn("again", again)
	p.follow("form.stack .main")
}
