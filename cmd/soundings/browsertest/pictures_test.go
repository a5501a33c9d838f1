package browsertest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// pictures is the folder of the README's pictures.
const pictures = "../../../.github/pictures"

// mostPicture is the largest picture that goes into the repository, in bytes.
const mostPicture = 250_000

// TestPictures photographs the pages that the README shows. It always goes the
// way there, and writes only if told to.
func TestPictures(t *testing.T) {
	sharp := look{width: 360, height: 800, scale: 2}
	wide, tall := look{width: 1280, height: 960}, look{width: 1280, height: 1300}
	for name, show := range map[string]func(*testing.T) *tab{
		"respondent.png":    func(t *testing.T) *tab { return showBattery(t, sharp, "en") },
		"respondent-ar.png": func(t *testing.T) *tab { return showBattery(t, sharp, "ar") },
		"outcomes.png":      func(t *testing.T) *tab { return showStaff(t, tall, "pupils", "/strands/pupils") },
		"dashboard.png":     func(t *testing.T) *tab { return showStaff(t, wide, "pupils", "") },
	} {
		t.Run(name, func(t *testing.T) { show(t).photograph(name) })
	}
}

// showBattery goes to a battery of ratings and answers some of it.
func showBattery(t *testing.T, l look, language string) *tab {
	t.Helper()
	p := newTab(t, l)
	p.visit(product.respondent + "?lang=" + language)
	p.begin()
	p.goTo("pc1")
	p.choose("pc1", "5")
	p.choose("pc2", "4")
	eval[bool](p, "document.activeElement.blur(), scrollTo(0, 0), true")
	return p
}

func showStaff(t *testing.T, l look, strand, path string) *tab {
	t.Helper()
	p := signedIn(t, l)
	p.visit(place(t, strand) + path)
	return p
}

// photograph writes the window as a picture.
func (p *tab) photograph(name string) {
	p.t.Helper()
	raw := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: new(false)}).Data
	if !*updatePictures {
		return
	}
	if len(raw) > mostPicture {
		p.t.Errorf("%s is %d bytes, want %d at most", name, len(raw), mostPicture)
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictures, name), raw, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
