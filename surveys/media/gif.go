package media

import (
	"bytes"
	"encoding/binary"
)

// Introducers of the blocks of a GIF.
const (
	gifExtension = 0x21
	gifImage     = 0x2C
	gifTrailer   = 0x3B
	gifComment   = 0xFE
	gifProgram   = 0xFF // application extension
)

// cleanGIF leaves out comments, and what programs said but how often to repeat.
func cleanGIF(data []byte) ([]byte, error) {
	if len(data) < 13 {
		return nil, ErrBreak
	}
	if err := fits(int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))); err != nil {
		return nil, err
	}
	at := 13 + colours(data[10])
	if at > len(data) {
		return nil, ErrBreak
	}
	out, images := append([]byte{}, data[:at]...), 0
	for at < len(data) {
		if data[at] == gifTrailer && images > 0 {
			return append(out, gifTrailer), nil
		}
		end := gifBlockEnd(data, at)
		if end < 0 {
			return nil, ErrBreak
		}
		if data[at] == gifImage {
			images++
		}
		if keptInGIF(data[at:end]) {
			out = append(out, data[at:end]...)
		}
		at = end
	}
	return nil, ErrBreak
}

// colours is how many bytes the table of colours takes that flags announce.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifBlockEnd is where the block at at ends; -1: it is none, or beyond the file.
func gifBlockEnd(data []byte, at int) int {
	switch {
	case data[at] == gifExtension:
		at += 2
	case data[at] == gifImage && at+10 < len(data):
		at += 11 + colours(data[at+9]) // and the size of the codes
	default:
		return -1
	}
	for at < len(data) {
		size := int(data[at])
		at += 1 + size
		if size == 0 {
			return at
		}
	}
	return -1
}

func keptInGIF(block []byte) bool {
	if block[0] != gifExtension {
		return true
	}
	switch block[1] {
	case gifComment:
		return false
	case gifProgram:
		return bytes.HasPrefix(block[2:], []byte("\x0bNETSCAPE2.0")) || bytes.HasPrefix(block[2:], []byte("\x0bANIMEXTS1.0"))
	}
	return true
}
