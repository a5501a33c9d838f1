package app

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"soundings/surveys/questionnaire"
)

// pageCache keeps the landing documents of the links in use, compressed. A
// document is the same for everyone who opens the link in one language.
type pageCache struct {
	mu    sync.Mutex
	pages map[pageKey]*keptPage
}

// pageKey says which document it is and everything that it was made from.
type pageKey struct {
	token, lang, encoding string
	shared, unsafe        bool
	instrument            *questionnaire.Instrument
	link, programme       int64 // revisions
	cohort, workshop      int64
	institution           string
}

// keptPage is one compressed document; forty phones that ask at once wait for
// the one that makes it.
type keptPage struct {
	once sync.Once
	body []byte
	tag  string // ETag
	err  error
}

// pagesKept bounds the cache: about 8 KB each.
const pagesKept = 512

func (p *pageCache) get(key pageKey) *keptPage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if kept, ok := p.pages[key]; ok {
		return kept
	}
	if p.pages == nil {
		p.pages = make(map[pageKey]*keptPage)
	}
	for old := range p.pages {
		if len(p.pages) < pagesKept {
			break
		}
		delete(p.pages, old) // any one will do: it is made again in milliseconds
	}
	kept := &keptPage{}
	p.pages[key] = kept
	return kept
}

// sendLanding answers with the document of a link. Browsers may keep it if they
// ask each time whether it still stands: a refresh then costs next to nothing.
func (s *Server) sendLanding(c *fiber.Ctx, v visit) error {
	encoding := encodingFor(c)
	kept := s.pages.get(pageKey{
		v.Link.Token, v.lang, encoding, v.shared, v.unsafe, v.Instrument,
		v.Link.Revision, v.Programme.Revision, v.Cohort.Revision, v.Workshop.Revision, v.Institution,
	})
	kept.once.Do(func() { kept.make(s, v, encoding) })
	if kept.err != nil {
		return kept.err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderETag, kept.tag)
	c.Set(fiber.HeaderVary, "Accept-Encoding, Accept-Language, Cookie")
	if c.Get(fiber.HeaderIfNoneMatch) == kept.tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(kept.body)
}

func (k *keptPage) make(s *Server, v visit, encoding string) {
	landing, err := s.landing(v, "")
	if err != nil {
		k.err = err
		return
	}
	page, err := s.views.execute("respond/landing", landing)
	if err != nil {
		k.err = err
		return
	}
	k.body, k.err = compress(page, encoding, brotli.BestCompression, gzip.BestCompression)
	sum := sha256.Sum256(k.body)
	k.tag = `"` + hex.EncodeToString(sum[:8]) + `"`
}

// lightBrotli is for pages made for one request: quick, and a little larger.
const lightBrotli = 3

// lightWriters spares each such page its tables of half a megabyte.
var lightWriters = sync.Pool{New: func() any { return brotli.NewWriterLevel(io.Discard, lightBrotli) }}

// sendEncoded answers with a page that is made for one request.
func sendEncoded(c *fiber.Ctx, page []byte) error {
	encoding := encodingFor(c)
	body, err := compress(page, encoding, lightBrotli, gzip.BestSpeed)
	if err != nil {
		return err
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(body)
}

// encodingFor is the encoding an answer gets: "br" wherever it is understood, since
// browsers name gzip first and brotli is a sixth smaller; "gzip"; or "".
func encodingFor(c *fiber.Ctx) string {
	if c.Get(fiber.HeaderAcceptEncoding) == "" {
		return ""
	}
	if c.AcceptsEncodings("br") != "" {
		return "br"
	}
	return c.AcceptsEncodings("gzip")
}

func compress(page []byte, encoding string, brotliLevel, gzipLevel int) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch encoding {
	case "br":
		writer := newBrotli(&out, brotliLevel)
		if brotliLevel == lightBrotli {
			defer lightWriters.Put(writer)
		}
		w = writer
	case "gzip":
		w, err = gzip.NewWriterLevel(&out, gzipLevel)
	default:
		return page, nil
	}
	if err == nil {
		_, err = w.Write(page)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compressing a page: %w", err)
	}
	return out.Bytes(), nil
}

func newBrotli(out io.Writer, level int) *brotli.Writer {
	if level != lightBrotli {
		return brotli.NewWriterLevel(out, level)
	}
	writer, _ := lightWriters.Get().(*brotli.Writer)
	writer.Reset(out)
	return writer
}
