package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// archive is an open workbook: a zip archive of XML parts.
type archive struct {
	parts   map[string]*zip.File // by lower-case name without a leading slash
	opening *int64               // bytes that may still be unpacked until the workbook is open; nil once it is
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	// Counted before the directory is read, which takes memory for each entry.
	if n, err := countEntries(io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	} else if n > maxEntries {
		return nil, refuse("sheets.too_large")
	}
	files, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(err)
	}
	left := int64(maxOpening)
	a := &archive{parts: map[string]*zip.File{}, opening: &left}
	for _, file := range files.File {
		name := partName(file.Name)
		if _, twice := a.parts[name]; !twice {
			a.parts[name] = file
		}
		if file.Flags&1 != 0 {
			return nil, refuse("sheets.password")
		}
	}
	return a, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// countEntries counts the entries of the directory of a zip archive.
func countEntries(r io.Reader) (int, error) {
	const mark = "PK\x01\x02"
	buffer, kept, n := make([]byte, 64<<10), 0, 0
	for {
		read, err := r.Read(buffer[kept:])
		piece := buffer[:kept+read]
		n += bytes.Count(piece, []byte(mark))
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("reading a workbook: %w", err)
		}
		kept = copy(buffer, piece[max(0, len(piece)-len(mark)+1):])
	}
}

// part is one XML part being read, token by token.
type part struct {
	*xml.Decoder
	stream io.Closer
}

func (p *part) close() error { return p.stream.Close() }

// open opens a part, counting what comes out of it.
func (a *archive) open(name string) (*part, error) {
	file, ok := a.parts[partName(name)]
	if !ok {
		return nil, damaged(fmt.Errorf("the part %.60q is missing", name))
	}
	stream, err := file.Open()
	if err != nil {
		return nil, damaged(err)
	}
	limited := &counted{ReadCloser: stream, packed: int64(file.CompressedSize64), opening: a.opening}
	return &part{xml.NewDecoder(limited), stream}, nil
}

// each calls visit for every start tag of a part.
func (a *archive) each(name string, visit func(*part, xml.StartElement) error) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.close()
	for {
		tag, err := p.start()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = visit(p, tag)
		}
		if err != nil {
			return err
		}
	}
}

// start is the next start tag; io.EOF if there is none.
func (p *part) start() (xml.StartElement, error) {
	for {
		token, err := p.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if tag, ok := token.(xml.StartElement); ok {
			return tag, nil
		}
	}
}

// token is the next token; names are without their prefix. A part that ends in
// the middle of a tag is damaged.
func (p *part) token() (xml.Token, error) {
	token, err := p.RawToken()
	var own *Error
	switch {
	case err == nil, err == io.EOF, errors.As(err, &own):
		return token, err
	}
	return nil, damaged(err)
}

// text is the text up to the end tag, of it and of what is within, but for the
// readings of East Asian words (rPh).
func (p *part) text(end string) (string, error) {
	var text strings.Builder
	for reading := false; ; {
		token, err := p.token()
		if err == io.EOF {
			err = damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return "", err
		}
		switch tag := token.(type) {
		case xml.StartElement:
			reading = reading || tag.Name.Local == "rPh"
		case xml.EndElement:
			if tag.Name.Local == end {
				return text.String(), nil
			}
			reading = reading && tag.Name.Local != "rPh"
		case xml.CharData:
			if !reading {
				text.Write(tag)
			}
		}
		if text.Len() > maxMarkup {
			return "", refuse("sheets.too_large")
		}
	}
}

func attr(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// counted is a part being unpacked. It stops at the limits.
type counted struct {
	io.ReadCloser
	packed, unpacked int64
	markup           int    // bytes since the last tag began or ended
	opening          *int64 // as of the archive
}

func (c *counted) Read(buffer []byte) (int, error) {
	n, err := c.ReadCloser.Read(buffer)
	c.unpacked += int64(n)
	if c.opening != nil {
		if *c.opening -= int64(n); *c.opening < 0 {
			return 0, refuse("sheets.too_large")
		}
	}
	if last := bytes.LastIndexAny(buffer[:n], "<>"); last >= 0 {
		c.markup = n - last
	} else {
		c.markup += n
	}
	if c.unpacked > maxPart || c.markup > maxMarkup || c.unpacked > freeRatio && c.unpacked > c.packed*maxRatio {
		return 0, refuse("sheets.too_large")
	}
	return n, err
}
