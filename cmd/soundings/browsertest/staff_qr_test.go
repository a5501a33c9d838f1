package browsertest_test

import (
	"bytes"
	"image"
	_ "image/png"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// TestStaffCodeLeadsToTheLink photographs the QR code of each page that shows
// one and reads it as a phone does, light and dark.
func TestStaffCodeLeadsToTheLink(t *testing.T) {
	l := newLink(t, "parents", "pre")
	programme := "/programmes/" + api(t).programme
	for name, path := range map[string]string{
		"qr": programme + "/links/" + l.ID + "/qr", "poster": programme + "/links/" + l.ID + "/poster", "cohort": programme + "/cohorts/" + l.cohort,
	} {
		for _, dark := range []bool{false, true} {
			t.Run(map[bool]string{false: name + "/light", true: name + "/dark"}[dark], func(t *testing.T) {
				p := signedIn(t, desk)
				p.visit(path)
				p.dark(dark)
				if got, want := p.readCode("svg.qr"), product.base+l.Path; got != want {
					t.Errorf("the code says %q, want %q", got, want)
				}
			})
		}
	}
}

// readCode photographs an element and reads the QR code in it.
func (p *tab) readCode(selector string) string {
	p.t.Helper()
	photograph, err := chromedp.Run(p.ctx, chromedp.ScreenshotScale(chromedp.CSS(selector), 2))
	if err != nil {
		p.t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(photograph))
	if err != nil {
		p.t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		p.t.Fatal(err)
	}
	// A photograph of a screen is straight: the reader that looks for a tilted code
	// in a scene misjudges the size of some.
	straight := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, straight)
	if err != nil {
		p.t.Fatalf("the code cannot be read: %v", err)
	}
	return read.GetText()
}
