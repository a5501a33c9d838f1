package media

import (
	"encoding/binary"
	"slices"
)

// chunk is one part of a RIFF file.
type chunk struct {
	name string
	body []byte
}

// chunksOf lists the chunks of a RIFF file up to the size it states.
func chunksOf(data []byte) ([]chunk, error) {
	size := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if size > int64(len(data)) || size < 12 {
		return nil, ErrBreak
	}
	var all []chunk
	for at := int64(12); at+8 <= size; {
		end := at + 8 + int64(binary.LittleEndian.Uint32(data[at+4:]))
		if end > size {
			return nil, ErrBreak
		}
		all = append(all, chunk{string(data[at : at+4]), data[at+8 : end]})
		at = end + end%2
	}
	return all, nil
}

// riffOf writes a RIFF file.
func riffOf(form string, chunks []chunk) []byte {
	out := []byte("RIFF\x00\x00\x00\x00" + form)
	for _, c := range chunks {
		out = append(out, c.name...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(c.body)))
		out = append(out, c.body...)
		if len(c.body)%2 == 1 {
			out = append(out, 0)
		}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// Flags of the chunk VP8X that say what is left out here.
const webpEXIF, webpXMP = 0x08, 0x04

func cleanWebP(data []byte) ([]byte, error) {
	chunks, err := chunksOf(data)
	if err != nil || len(chunks) == 0 {
		return nil, ErrBreak
	}
	width, height, ok := webpSize(chunks[0])
	if !ok {
		return nil, ErrBreak
	}
	if err := fits(width, height); err != nil {
		return nil, err
	}
	chunks = slices.DeleteFunc(chunks, func(c chunk) bool {
		return !slices.Contains([]string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}, c.name)
	})
	pictures := slices.ContainsFunc(chunks, func(c chunk) bool { return c.name == "VP8 " || c.name == "VP8L" || c.name == "ANMF" })
	if !pictures {
		return nil, ErrBreak
	}
	if chunks[0].name == "VP8X" {
		chunks[0].body = slices.Clone(chunks[0].body)
		chunks[0].body[0] &^= webpEXIF | webpXMP
	}
	return riffOf("WEBP", chunks), nil
}

// webpSize reads the size of the canvas from the first chunk.
func webpSize(c chunk) (width, height int, ok bool) {
	b := c.body
	switch {
	case c.name == "VP8X" && len(b) >= 10:
		return 1 + int(b[4]) + int(b[5])<<8 + int(b[6])<<16, 1 + int(b[7]) + int(b[8])<<8 + int(b[9])<<16, true
	case c.name == "VP8L" && len(b) >= 5 && b[0] == 0x2F:
		bits := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(bits&0x3FFF), 1 + int(bits>>14&0x3FFF), true
	case c.name == "VP8 " && len(b) >= 10 && string(b[3:6]) == "\x9d\x01\x2a":
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3FFF), int(binary.LittleEndian.Uint16(b[8:]) & 0x3FFF), true
	}
	return 0, 0, false
}

// cleanWAV keeps the sound and how to play it.
func cleanWAV(data []byte) ([]byte, error) {
	chunks, err := chunksOf(data)
	if err != nil {
		return nil, err
	}
	chunks = slices.DeleteFunc(chunks, func(c chunk) bool { return c.name != "fmt " && c.name != "fact" && c.name != "data" })
	form := slices.IndexFunc(chunks, func(c chunk) bool { return c.name == "fmt " && len(c.body) >= 16 })
	sound := slices.IndexFunc(chunks, func(c chunk) bool { return c.name == "data" && len(c.body) > 0 })
	if form < 0 || sound < form {
		return nil, ErrBreak
	}
	return riffOf("WAVE", chunks), nil
}
