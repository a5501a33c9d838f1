package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/jpeg"
)

// Markers of a JPEG.
const (
	jpegSOI  = 0xD8
	jpegEOI  = 0xD9
	jpegSOS  = 0xDA
	jpegTEM  = 0x01
	jpegRST0 = 0xD0
	jpegRST7 = 0xD7
	jpegAPP0 = 0xE0
	jpegCOM  = 0xFE
)

// jpegQualities are tried in turn when a picture has to be written anew.
var jpegQualities = []int{90, 80, 70}

func cleanJPEG(data []byte) ([]byte, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, ErrBreak
	}
	if err := fits(config.Width, config.Height); err != nil {
		return nil, err
	}
	cleaned, turn, err := stripJPEG(data)
	if err != nil || turn < 2 {
		return cleaned, err
	}
	return uprightJPEG(cleaned, turn)
}

// stripJPEG leaves out comments and every application segment but those that
// colours depend on, and what follows the end of the picture. turn is how the
// camera was held: 1 to 8 as Exif counts, 0 if it does not say.
func stripJPEG(data []byte) (out []byte, turn int, err error) {
	out = append(out, data[:2]...)
	for at := 2; at+1 < len(data); {
		if data[at] != 0xFF {
			return nil, 0, ErrBreak
		}
		marker := data[at+1]
		switch {
		case marker == 0xFF: // a fill byte
			at++
			continue
		case marker == jpegEOI:
			return append(out, 0xFF, jpegEOI), turn, nil
		case marker == jpegTEM || marker >= jpegRST0 && marker <= jpegSOI:
			return nil, 0, ErrBreak
		}
		end := segmentEnd(data, at)
		if end < 0 {
			return nil, 0, ErrBreak
		}
		body := data[at+4 : end]
		if marker == jpegAPP0+1 && turn == 0 {
			turn = exifTurn(body)
		}
		if marker == jpegSOS {
			end = scanEnd(data, end)
		}
		if keptInJPEG(marker, body) {
			out = append(out, data[at:end]...)
		}
		at = end
	}
	return nil, 0, ErrBreak
}

// segmentEnd is where the segment whose marker is at at ends; -1: beyond the file.
func segmentEnd(data []byte, at int) int {
	if at+4 > len(data) {
		return -1
	}
	size := int(binary.BigEndian.Uint16(data[at+2:]))
	if size < 2 || at+2+size > len(data) {
		return -1
	}
	return at + 2 + size
}

// scanEnd is where the coded pixels that begin at at end: before the next marker
// that is not a restart.
func scanEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		next := data[at+1]
		if data[at] == 0xFF && next != 0 && next != 0xFF && (next < jpegRST0 || next > jpegRST7) {
			return at
		}
	}
	return len(data)
}

// keptInJPEG keeps JFIF, the colour profile, Adobe's transform, and all that is
// no application segment or comment.
func keptInJPEG(marker byte, body []byte) bool {
	switch {
	case marker == jpegAPP0:
		return bytes.HasPrefix(body, []byte("JFIF\x00"))
	case marker == jpegAPP0+2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == jpegAPP0+14:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker != jpegCOM && (marker < jpegAPP0 || marker > jpegAPP0+15)
}

// exifTurn reads tag 0x0112, Orientation, of the first directory.
func exifTurn(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if turn := order.Uint16(tiff[entry+8:]); turn >= 1 && turn <= 8 {
				return int(turn)
			}
		}
	}
	return 0
}

// uprightJPEG writes a picture anew as the camera was held.
func uprightJPEG(data []byte, turn int) ([]byte, error) {
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrBreak
	}
	upright := turned(decoded, turn)
	for _, quality := range jpegQualities {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, upright, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if out.Len() <= ImageLimit {
			return out.Bytes(), nil
		}
	}
	return nil, ErrLarge
}

// turned is a picture as Exif's orientation 2 to 8 wants it shown.
func turned(from image.Image, turn int) image.Image {
	b := from.Bounds()
	source := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(source, source.Bounds(), from, b.Min, draw.Src)
	w, h := b.Dx(), b.Dy()
	if turn >= 5 {
		w, h = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := sourceOf(x, y, w, h, turn)
			copy(to.Pix[to.PixOffset(x, y):][:4], source.Pix[source.PixOffset(sx, sy):][:4])
		}
	}
	return to
}

// sourceOf is where the pixel shown at x, y of a picture of w × h is stored.
// Exif 2.32, 4.6.4 A, Orientation.
func sourceOf(x, y, w, h, turn int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}
