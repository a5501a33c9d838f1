package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// cleanOgg takes Opus and Vorbis, in one stream that is not a film.
func cleanOgg(data []byte) ([]byte, error) {
	const head = 27
	if len(data) < head || len(data) < head+int(data[26]) {
		return nil, ErrBreak
	}
	packet := data[head+int(data[26]):]
	switch {
	case bytes.Contains(data, []byte("\x80theora")):
		return nil, ErrType
	case bytes.HasPrefix(packet, []byte("OpusHead")), bytes.HasPrefix(packet, []byte("\x01vorbis")):
		return data, nil
	}
	return nil, ErrType
}

// cleanWebM takes Opus and Vorbis without a track of pictures. The names of the
// codecs are plain text in the file.
func cleanWebM(data []byte) ([]byte, error) {
	head := data[:min(len(data), 4096)]
	sound := bytes.Contains(head, []byte("A_OPUS")) || bytes.Contains(head, []byte("A_VORBIS"))
	pictures := slices.ContainsFunc([]string{"V_VP", "V_AV", "V_MP"}, func(codec string) bool { return bytes.Contains(head, []byte(codec)) })
	if !bytes.Contains(head, []byte("webm")) || !sound || pictures {
		return nil, ErrType
	}
	return data, nil
}

// cleanMP4 takes sound without pictures, and blanks what the recorder wrote about
// itself: the size of every box stays, since others say where the sound begins.
func cleanMP4(data []byte) ([]byte, error) {
	out := slices.Clone(data)
	handlers, err := walkMP4(out, 0)
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(handlers, "vide") || !slices.Contains(handlers, "soun"):
		return nil, ErrType
	}
	return out, nil
}

// mp4Depth is how deep boxes may lie within each other; a handler is at 4.
const mp4Depth = 6

// walkMP4 blanks user data and metadata in the boxes of data, and lists the
// handlers of its tracks.
func walkMP4(data []byte, depth int) (handlers []string, err error) {
	for len(data) > 0 {
		if len(data) < 8 || depth > mp4Depth {
			return nil, ErrBreak
		}
		size, head := int64(binary.BigEndian.Uint32(data)), int64(8)
		switch {
		case size == 0: // up to the end
			size = int64(len(data))
		case size == 1 && len(data) >= 16:
			size, head = int64(binary.BigEndian.Uint64(data[8:])), 16
		}
		if size < head || size > int64(len(data)) {
			return nil, ErrBreak
		}
		found, err := readBox(data[:size], int(head), depth)
		if err != nil {
			return nil, err
		}
		handlers = append(handlers, found...)
		data = data[size:]
	}
	return handlers, nil
}

func readBox(box []byte, head, depth int) ([]string, error) {
	switch string(box[4:8]) {
	case "moov", "trak", "mdia":
		return walkMP4(box[head:], depth+1)
	case "hdlr":
		if len(box) < head+12 {
			return nil, ErrBreak
		}
		return []string{string(box[head+8 : head+12])}, nil
	case "udta", "meta", "uuid":
		copy(box[4:], "free")
		clear(box[head:])
	}
	return nil, nil
}

// isMP3 looks for a tag or for two frames, one behind the other.
func isMP3(data []byte) bool {
	if bytes.HasPrefix(data, []byte("ID3")) {
		return true
	}
	size := frameSize(data)
	return size > 0 && (size == len(data) || size < len(data) && frameSize(data[size:]) > 0)
}

// cleanMP3 leaves out the tags before and behind the sound.
func cleanMP3(data []byte) ([]byte, error) {
	for bytes.HasPrefix(data, []byte("ID3")) {
		if len(data) < 10 {
			return nil, ErrBreak
		}
		size := 10 + int(data[6]&0x7F)<<21 + int(data[7]&0x7F)<<14 + int(data[8]&0x7F)<<7 + int(data[9]&0x7F)
		if data[5]&0x10 != 0 { // a footer, as long as the head
			size += 10
		}
		if size >= len(data) {
			return nil, ErrBreak
		}
		data = data[size:]
	}
	if n := len(data) - 128; n >= 0 && string(data[n:n+3]) == "TAG" {
		data = data[:n]
	}
	data = bytes.TrimLeft(data, "\x00") // padding
	if bytes.HasPrefix(data, []byte("ID3")) || !isMP3(data) {
		return nil, ErrBreak
	}
	return data, nil
}

// Bit rates of Layer III in kbit/s, and sampling rates in Hz by version.
// ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3, 2.4.2.3.
var (
	mp3Rates = [2][16]int{
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
	}
	mp3Samples = map[byte][4]int{3: {44100, 48000, 32000, 0}, 2: {22050, 24000, 16000, 0}, 0: {11025, 12000, 8000, 0}}
)

// frameSize is the length in bytes of the frame at the start of data; 0: none.
func frameSize(data []byte) int {
	if len(data) < 4 || data[0] != 0xFF || data[1]&0xE0 != 0xE0 || data[1]>>1&3 != 1 {
		return 0
	}
	version, second, factor := data[1]>>3&3, 1, 72
	if version == 3 {
		second, factor = 0, 144
	}
	rate, samples := mp3Rates[second][data[2]>>4], mp3Samples[version][data[2]>>2&3]
	if rate == 0 || samples == 0 {
		return 0
	}
	return factor*rate*1000/samples + int(data[2]>>1&1)
}
