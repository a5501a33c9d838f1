package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"soundings/surveys/media"
)

// secret is what must not be in what is handed out.
const secret = "51.4816N 3.1791W"

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// corners is a picture whose first corner is red and its last blue.
func corners(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.White)
		}
	}
	for y := range 8 {
		for x := range 8 {
			m.Set(x, y, color.RGBA{R: 255, A: 255})
			m.Set(w-1-x, h-1-y, color.RGBA{B: 255, A: 255})
		}
	}
	return m
}

func pngOf(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func jpegOf(m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func gifOf(frames int) []byte {
	palette := color.Palette{color.Black, color.White}
	g := &gif.GIF{LoopCount: 0}
	for range frames {
		g.Image, g.Delay = append(g.Image, image.NewPaletted(image.Rect(0, 0, 4, 4), palette)), append(g.Delay, 5)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// gifHead is how long the head of a GIF is, with the colours of all its pictures.
func gifHead(data []byte) int {
	if data[10]&0x80 == 0 {
		return 13
	}
	return 13 + 3<<(data[10]&7+1)
}

// after puts something into data behind its first n bytes.
func after(data []byte, n int, insert ...byte) []byte {
	return append(append(append([]byte{}, data[:n]...), insert...), data[n:]...)
}

func pngChunk(name, body string) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(chunk, name+body...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(name+body)))
}

func jpegSegment(marker byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
}

// exif is a first directory with an orientation, and a place in words.
func exif(order binary.AppendByteOrder, mark string, turn uint16) string {
	tiff := []byte(mark)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, turn)
	tiff = order.AppendUint16(tiff, 0)
	return "Exif\x00\x00" + string(tiff) + secret
}

func riffChunk(name, body string) string {
	chunk := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		chunk += "\x00"
	}
	return chunk
}

func riffOf(form string, chunks ...string) []byte {
	body := form + strings.Join(chunks, "")
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Headers of WebP pictures of 5 × 7: lossy, lossless, extended with Exif and XMP.
var (
	vp8  = riffChunk("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x05\x00\x07\x00rest")
	vp8l = riffChunk("VP8L", "\x2f\x04\x80\x01\x00rest")
	vp8x = riffChunk("VP8X", "\x0c\x00\x00\x00\x04\x00\x00\x06\x00\x00")
	wav  = riffChunk("fmt ", "\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00")
)

// frame is one frame of MPEG 1 Layer III, 128 kbit/s at 44,100 Hz: 417 bytes.
func frame() []byte { return append([]byte{0xFF, 0xFB, 0x90, 0x64}, make([]byte, 413)...) }

func id3(body string) []byte {
	return append([]byte("ID3\x04\x00\x00\x00\x00\x00"+string(rune(len(body)))), body...)
}

func box(name string, bodies ...string) string {
	body := strings.Join(bodies, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + name + body
}

func mp4(handler string) []byte {
	hdlr := box("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00"+handler+"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	return []byte(box("ftyp", "M4A \x00\x00\x00\x00M4A ") + box("moov", box("trak", box("mdia", hdlr)), box("udta", box("meta", secret))) + box("mdat", "sound"))
}

func ogg(packet string) []byte {
	head := append([]byte("OggS"), make([]byte, 23)...)
	head[26] = 1
	return append(append(head, byte(len(packet))), packet...)
}

func webm(codecs string) []byte {
	return []byte("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + codecs + "sound")
}

// TestRead: each type is told by its bytes, and hands out nothing that says where
// it was made.
func TestRead(t *testing.T) {
	t.Parallel()
	plain := corners(40, 20)
	for name, tt := range map[string]struct {
		data []byte
		typ  string
		want []byte // nil: only without the secret
	}{
		"PNG":                   {pngOf(plain), "image/png", pngOf(plain)},
		"PNG with words":        {after(pngOf(plain), 33, pngChunk("tEXt", "Comment\x00"+secret)...), "image/png", pngOf(plain)},
		"PNG with Exif":         {after(pngOf(plain), 33, pngChunk("eXIf", secret)...), "image/png", pngOf(plain)},
		"PNG and more":          {append(pngOf(plain), secret...), "image/png", pngOf(plain)},
		"JPEG":                  {jpegOf(plain), "image/jpeg", jpegOf(plain)},
		"JPEG with Exif":        {after(jpegOf(plain), 2, jpegSegment(0xE1, exif(binary.LittleEndian, "II", 1))...), "image/jpeg", jpegOf(plain)},
		"JPEG with XMP":         {after(jpegOf(plain), 2, jpegSegment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...), "image/jpeg", jpegOf(plain)},
		"JPEG with a comment":   {after(jpegOf(plain), 2, jpegSegment(0xFE, secret)...), "image/jpeg", jpegOf(plain)},
		"JPEG with a second":    {append(jpegOf(plain), secret...), "image/jpeg", jpegOf(plain)},
		"JPEG with Photoshop's": {after(jpegOf(plain), 2, jpegSegment(0xED, secret)...), "image/jpeg", jpegOf(plain)},
		"JPEG with a profile":   {after(jpegOf(plain), 2, jpegSegment(0xE2, "ICC_PROFILE\x00\x01\x01profile")...), "image/jpeg", after(jpegOf(plain), 2, jpegSegment(0xE2, "ICC_PROFILE\x00\x01\x01profile")...)},
		"GIF":                   {gifOf(1), "image/gif", gifOf(1)},
		"GIF that moves":        {gifOf(3), "image/gif", gifOf(3)},
		"GIF with a comment":    {after(gifOf(1), gifHead(gifOf(1)), append([]byte{0x21, 0xFE, byte(len(secret))}, secret+"\x00"...)...), "image/gif", gifOf(1)},
		"GIF with a program's":  {after(gifOf(1), gifHead(gifOf(1)), append([]byte{0x21, 0xFF, 11}, "XMP DataXMP"+string(rune(len(secret)))+secret+"\x00"...)...), "image/gif", gifOf(1)},
		"GIF and more":          {append(gifOf(1), secret...), "image/gif", gifOf(1)},
		"WebP":                  {riffOf("WEBP", vp8), "image/webp", riffOf("WEBP", vp8)},
		"WebP lossless":         {riffOf("WEBP", vp8l), "image/webp", riffOf("WEBP", vp8l)},
		"WebP with Exif":        {riffOf("WEBP", vp8x, vp8, riffChunk("EXIF", secret), riffChunk("XMP ", secret)), "image/webp", riffOf("WEBP", strings.Replace(vp8x, "\x0c", "\x00", 1), vp8)},
		"WAV":                   {riffOf("WAVE", wav, riffChunk("data", "sound")), "audio/wav", riffOf("WAVE", wav, riffChunk("data", "sound"))},
		"WAV with a list":       {riffOf("WAVE", wav, riffChunk("LIST", secret), riffChunk("data", "sound")), "audio/wav", riffOf("WAVE", wav, riffChunk("data", "sound"))},
		"MP3":                   {append(frame(), frame()...), "audio/mpeg", append(frame(), frame()...)},
		"MP3 with tags":         {append(append(id3(secret), append(frame(), frame()...)...), "TAG"+secret+strings.Repeat("\x00", 125-len(secret))...), "audio/mpeg", append(frame(), frame()...)},
		"Opus":                  {ogg("OpusHead"), "audio/ogg", ogg("OpusHead")},
		"Vorbis":                {ogg("\x01vorbis"), "audio/ogg", ogg("\x01vorbis")},
		"WebM":                  {webm("A_OPUS"), "audio/webm", webm("A_OPUS")},
		"M4A":                   {mp4("soun"), "audio/mp4", nil},
	} {
		m, err := media.Read(tt.data)
		if err != nil || m.Type != tt.typ {
			t.Errorf("%s: Read = %q, %v, want %s", name, m.Type, err, tt.typ)
			continue
		}
		if tt.want != nil && !bytes.Equal(m.Data, tt.want) {
			t.Errorf("%s: %d bytes are handed out, want other %d", name, len(m.Data), len(tt.want))
		}
		if bytes.Contains(m.Data, []byte(secret)) {
			t.Errorf("%s: the place is still there", name)
		}
		if again, err := media.Read(m.Data); err != nil || !bytes.Equal(again.Data, m.Data) {
			t.Errorf("%s: what was handed out reads as another, %v", name, err)
		}
		if m.Image() != strings.HasPrefix(tt.typ, "image/") {
			t.Errorf("%s: Image = %v", name, m.Image())
		}
	}
	if sound := must(media.Read(mp4("soun"))); len(sound.Data) != len(mp4("soun")) || !bytes.HasSuffix(sound.Data, []byte("sound")) {
		t.Error("M4A: the sound is no longer where it was")
	}
}

// TestUpright: a picture that its camera held in another way is stored upright.
func TestUpright(t *testing.T) {
	t.Parallel()
	red, blue := color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}
	stored := jpegOf(corners(48, 24)) // red at the left top, blue at the right bottom
	for turn, want := range map[uint16]struct {
		w, h int
		red  image.Point
	}{
		1: {48, 24, image.Pt(2, 2)}, 2: {48, 24, image.Pt(45, 2)}, 3: {48, 24, image.Pt(45, 21)}, 4: {48, 24, image.Pt(2, 21)},
		5: {24, 48, image.Pt(2, 2)}, 6: {24, 48, image.Pt(21, 2)}, 7: {24, 48, image.Pt(21, 45)}, 8: {24, 48, image.Pt(2, 45)},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			m := must(media.Read(after(stored, 2, jpegSegment(0xE1, exif(order, mark, turn))...)))
			shown := must(jpeg.Decode(bytes.NewReader(m.Data)))
			if b := shown.Bounds(); b.Dx() != want.w || b.Dy() != want.h {
				t.Errorf("turn %d: %v, want %d × %d", turn, b, want.w, want.h)
				continue
			}
			opposite := image.Pt(want.w-1-want.red.X, want.h-1-want.red.Y)
			if !near(shown.At(want.red.X, want.red.Y), red) || !near(shown.At(opposite.X, opposite.Y), blue) {
				t.Errorf("turn %d: red is not at %v, or blue not at %v", turn, want.red, opposite)
			}
		}
	}
}

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x3000 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	huge := pngOf(image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(huge[16:], 1<<31-1)
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                {nil, media.ErrType},
		"SVG":                    {[]byte("<?xml version='1.0'?><svg/>"), media.ErrType},
		"HTML":                   {[]byte("<script>alert(1)</script>"), media.ErrType},
		"PDF":                    {[]byte("%PDF-1.7"), media.ErrType},
		"a film":                 {mp4("vide"), media.ErrType},
		"a film in WebM":         {webm("A_OPUS V_VP9"), media.ErrType},
		"a film in Ogg":          {ogg("\x80theora"), media.ErrType},
		"speech of another kind": {ogg("Speex   "), media.ErrType},
		"PNG cut off":            {pngOf(corners(9, 9))[:60], media.ErrBreak},
		"PNG without pixels":     {append([]byte("\x89PNG\r\n\x1a\n"), append(pngChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"), pngChunk("IEND", "")...)...), media.ErrBreak},
		"PNG with a lying size":  {append([]byte("\x89PNG\r\n\x1a\n\xff\xff\xff\xff"), "IHDR12345678"...), media.ErrBreak},
		"PNG of 2 billion":       {huge, media.ErrLarge},
		"JPEG cut off":           {jpegOf(corners(64, 64))[:300], media.ErrBreak},
		"JPEG's first bytes":     {[]byte("\xff\xd8\xff"), media.ErrBreak},
		"GIF cut off":            {gifOf(1)[:20], media.ErrBreak},
		"WebP without pixels":    {riffOf("WEBP", vp8x), media.ErrBreak},
		"WebP with a lying size": {[]byte("RIFF\xff\xff\xff\xffWEBPVP8 \x00"), media.ErrBreak},
		"WAV without sound":      {riffOf("WAVE", wav), media.ErrBreak},
		"MP3's tag alone":        {id3("words"), media.ErrBreak},
		"MP4 cut off":            {mp4("soun")[:30], media.ErrBreak},
		"too large a picture":    {append(pngOf(corners(9, 9)), make([]byte, media.ImageLimit)...), media.ErrLarge},
		"too long a recording":   {bytes.Repeat(frame(), media.AudioLimit/417+2), media.ErrLarge},
	} {
		if m, err := media.Read(tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: Read = %q, %v, want %v", name, m.Type, err, tt.want)
		}
	}
}

// FuzzRead: whatever comes in ends, is one of the types, not larger than it may
// be, and reads again as it is.
func FuzzRead(f *testing.F) {
	for _, seed := range [][]byte{
		pngOf(corners(20, 10)), jpegOf(corners(20, 10)), gifOf(2), riffOf("WEBP", vp8x, vp8), riffOf("WAVE", wav, riffChunk("data", "s")),
		append(id3(secret), append(frame(), frame()...)...), ogg("OpusHead"), webm("A_OPUS"), mp4("soun"),
		after(jpegOf(corners(20, 10)), 2, jpegSegment(0xE1, exif(binary.BigEndian, "MM", 6))...),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := media.Read(data)
		if err != nil {
			if !errors.Is(err, media.ErrType) && !errors.Is(err, media.ErrBreak) && !errors.Is(err, media.ErrLarge) {
				t.Fatalf("Read: %v", err)
			}
			return
		}
		if limit := map[bool]int{true: media.ImageLimit, false: media.AudioLimit}[m.Image()]; len(m.Data) > limit {
			t.Fatalf("%s of %d bytes", m.Type, len(m.Data))
		}
		if again, err := media.Read(m.Data); err != nil || again.Type != m.Type || !bytes.Equal(again.Data, m.Data) {
			t.Fatalf("%s reads again as %s, %v", m.Type, again.Type, err)
		}
	})
}
