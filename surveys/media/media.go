package media

import (
	"bytes"
	"errors"
	"fmt"
)

// The largest files read, in bytes: a phone on a slow line still shows them.
const (
	ImageLimit = 400 << 10
	AudioLimit = 1 << 20
)

// The largest picture read: more takes a phone's memory, however small the file.
const (
	maxSide   = 4096    // pixels
	maxPixels = 8 << 20 // 8 million
)

// Errors of Read, for errors.Is.
var (
	ErrType  = errors.New("media: not a type that can be used")
	ErrLarge = errors.New("media: too large")
	ErrBreak = errors.New("media: broken, or cut off")
)

// Medium is a recording or a picture that can be handed out.
type Medium struct {
	Type string // "image/png"
	Data []byte
}

// Image reports whether m is a picture; else it is a recording.
func (m Medium) Image() bool { return bytes.HasPrefix([]byte(m.Type), []byte("image/")) }

// format is one type of file.
type format struct {
	typ   string
	limit int
	is    func(data []byte) bool            // by the first bytes
	clean func(data []byte) ([]byte, error) // what is handed out; ErrType, ErrBreak or ErrLarge
}

var formats = []format{
	{"image/png", ImageLimit, begins("\x89PNG\r\n\x1a\n"), cleanPNG},
	{"image/jpeg", ImageLimit, begins("\xff\xd8\xff"), cleanJPEG},
	{"image/gif", ImageLimit, func(d []byte) bool { return begins("GIF87a")(d) || begins("GIF89a")(d) }, cleanGIF},
	{"image/webp", ImageLimit, riff("WEBP"), cleanWebP},
	{"audio/wav", AudioLimit, riff("WAVE"), cleanWAV},
	{"audio/ogg", AudioLimit, begins("OggS"), cleanOgg},
	{"audio/webm", AudioLimit, begins("\x1a\x45\xdf\xa3"), cleanWebM},
	{"audio/mp4", AudioLimit, func(d []byte) bool { return len(d) >= 12 && string(d[4:8]) == "ftyp" }, cleanMP4},
	{"audio/mpeg", AudioLimit, isMP3, cleanMP3},
}

func begins(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func riff(form string) func([]byte) bool {
	return func(data []byte) bool {
		return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == form
	}
}

// Read tells what data is and returns what may be handed out of it. The errors are
// ErrType, ErrLarge and ErrBreak, wrapped with the type where it is known.
func Read(data []byte) (Medium, error) {
	for _, f := range formats {
		if !f.is(data) {
			continue
		}
		if len(data) > f.limit {
			return Medium{}, fmt.Errorf("%s of %d bytes, may have %d: %w", f.typ, len(data), f.limit, ErrLarge)
		}
		cleaned, err := f.clean(data)
		if err != nil {
			return Medium{}, fmt.Errorf("%s: %w", f.typ, err)
		}
		return Medium{Type: f.typ, Data: cleaned}, nil
	}
	return Medium{}, ErrType
}

// fits refuses a picture of no size and one that is too large.
func fits(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return ErrBreak
	case width > maxSide || height > maxSide || width*height > maxPixels:
		return fmt.Errorf("%d × %d pixels: %w", width, height, ErrLarge)
	}
	return nil
}
