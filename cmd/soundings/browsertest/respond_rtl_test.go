package browsertest_test

import (
	"bytes"
	"image"
	"image/color"
	_ "image/png"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The pages in Arabic are the mirror of those in English. Where the page says so
// by boxes their places are compared; where it only paints, a photograph is.

// box is where an element is, in CSS pixels from the left.
type box struct{ Left, Right, Width float64 }

// boxOf measures the first element shown that selector finds.
func (p *tab) boxOf(selector string) box {
	p.t.Helper()
	return eval[box](p, `(e => { const r = e.getBoundingClientRect(); return {Left: r.left, Right: r.right, Width: r.width} })([...document.querySelectorAll(`+quote(selector)+`)].find(e => e.checkVisibility()))`)
}

// sides says on which side of second the first element is.
func (p *tab) sides(first, second string) string {
	p.t.Helper()
	a, b := p.boxOf(first), p.boxOf(second)
	switch {
	case a.Right <= b.Left:
		return "left"
	case b.Right <= a.Left:
		return "right"
	}
	return "over"
}

// TestMirrored compares what stands beside what, in both languages.
func TestMirrored(t *testing.T) {
	start := map[string]string{"en": "left", "ar": "right"}
	end := map[string]string{"en": "right", "ar": "left"}
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := newTab(t, phone)
			p.visit(newLink(t, "parents", "pre").Path + "?lang=" + language)
			p.begin()
			p.goTo("stress")
			p.wantSide("radio", `[name="heard"]`, `[name="heard"] + span`, start[language])
			p.wantSide("box", `[name="hopes"]`, `[name="hopes"] + span`, start[language])
			p.wantSide("rung of the ladder", `[name="stress"]`, `[name="stress"] + b`, start[language])
			p.wantSide("number's unit", ".row span", `[name="children"]`, end[language])
			p.resize(700, p.look.height) // on a phone these are as wide as the page
			p.wantSide("languages", ".langs", "header .name", end[language])
			p.wantSide("Continue", "#next", "#back", start[language])
		})
	}
}

func (p *tab) wantSide(name, first, second, want string) {
	p.t.Helper()
	if got := p.sides(first, second); got != want {
		p.t.Errorf("%s is %s, want %s", name, got, want)
	}
}

// TestMirroredFaces puts the most negative face where reading begins.
func TestMirroredFaces(t *testing.T) {
	for language, want := range map[string]string{"en": "left", "ar": "right"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := newTab(t, phone)
			p.visit(newLink(t, "pupils", "pre").Path + "?lang=" + language)
			p.begin()
			p.goTo("w1")
			p.wantSide("first face", `.faces .opt:nth-child(1)`, `.faces .opt:nth-child(5)`, want)
		})
	}
}

// TestMirroredPaint photographs what grows with the answers: the progress of
// the form and the bars of the 0–10 ladder grow from where reading begins.
func TestMirroredPaint(t *testing.T) {
	for language, want := range map[string]string{"en": "left", "ar": "right"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := newTab(t, phone)
			p.visit(newLink(t, "parents", "pre").Path + "?lang=" + language)
			p.begin()
			if got := p.darkerHalf("progress"); got != want { // one of four parts
				t.Errorf("the progress grows from the %s, want %s", got, want)
			}
			p.goTo("stress")
			if got := p.darkerHalf(".ladder .opt:nth-child(4) .bar"); got != want { // 3 of 10
				t.Errorf("the ladder's bars grow from the %s, want %s", got, want)
			}
		})
	}
}

// darkerHalf photographs an element and says which half is darker.
func (p *tab) darkerHalf(selector string) string {
	p.t.Helper()
	photograph, err := chromedp.Run(p.ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(photograph))
	if err != nil {
		p.t.Fatal(err)
	}
	at := picture.Bounds()
	middle := (at.Min.X + at.Max.X) / 2
	if brightness(picture, image.Rect(at.Min.X, at.Min.Y, middle, at.Max.Y)) < brightness(picture, image.Rect(middle, at.Min.Y, at.Max.X, at.Max.Y)) {
		return "left"
	}
	return "right"
}

// brightness sums the grey values of a part of a picture.
func brightness(picture image.Image, part image.Rectangle) int {
	sum := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			sum += int(color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y)
		}
	}
	return sum
}

// TestLongWords sends an answer without a blank through every page that shows
// it: none becomes wider than the window.
func TestLongWords(t *testing.T) {
	word := strings.Repeat("Donaudampfschifffahrt", 40)
	l := newLink(t, "parents", "post")
	p := begun(t, l)
	p.onward("what_changed")
	p.writeIn("what_changed", word)
	p.choose("consent_quote", "yes")
	p.follow(nextButton)
	p.wantFitting("check", narrow...)
	p.follow(sendButton)
	staff := signedIn(t, desk)
	staff.visit(l.reading())
	staff.wantText(".answers", word)
	staff.wantFitting("answers", 1280, 360)
}
