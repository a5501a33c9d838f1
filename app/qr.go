package app

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the empty margin around a QR code, in modules (ISO/IEC 18004).
const quietZone = 4

// qrSVG draws address as a QR code at error correction M, which bears 15 % of
// damage: dark on white in any colour scheme, since few phones read the inverse.
func qrSVG(address string) (template.HTML, error) {
	return qrLabelled(address, "QR code of the address "+address)
}

// qrLabelled is the same with other words for who cannot see it.
func qrLabelled(address, label string) (template.HTML, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("making a QR code: %w", err)
	}
	dark := func(x, y int) bool {
		red, _, _, _ := code.At(x, y).RGBA()
		return red == 0
	}
	side := code.Bounds().Dx()
	size := side + 2*quietZone
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges">`,
		size, size, template.HTMLEscapeString(label))
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, modules(side, dark))
	return template.HTML(b.String()), nil //nolint:gosec // numbers, and the address escaped
}

// modules is the path of the dark modules, one rectangle for each run in a row.
func modules(side int, dark func(x, y int) bool) string {
	var b strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			if !dark(x, y) {
				continue
			}
			run := 1
			for x+run < side && dark(x+run, y) {
				run++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
			x += run
		}
	}
	return b.String()
}
