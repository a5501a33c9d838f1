package media

import (
	"encoding/binary"
	"slices"
)

// The chunks of a PNG that a browser shows it by; those that say when, where and
// with what it was made are left out.
var pngKept = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"}

const pngHead = 8 // bytes of the signature

func cleanPNG(data []byte) ([]byte, error) {
	out := append([]byte{}, data[:pngHead]...)
	first, pixels := true, false
	for at := pngHead; len(data)-at >= 12; {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		name := string(data[at+4 : at+8])
		end := int64(at) + 12 + size
		if end > int64(len(data)) || first != (name == "IHDR") {
			return nil, ErrBreak
		}
		if first {
			if size != 13 {
				return nil, ErrBreak
			}
			// Two numbers of 31 bits, as the standard has them, so that none is negative.
			width, height := binary.BigEndian.Uint32(data[at+8:]), binary.BigEndian.Uint32(data[at+12:])
			if err := fits(int(width), int(height)); err != nil {
				return nil, err
			}
		}
		if slices.Contains(pngKept, name) {
			out = append(out, data[at:end]...)
		}
		pixels = pixels || name == "IDAT"
		if name == "IEND" {
			if !pixels {
				return nil, ErrBreak
			}
			return out, nil
		}
		first, at = false, int(end)
	}
	return nil, ErrBreak
}
