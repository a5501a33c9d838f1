package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// packer collects the parts that excelize makes, all small, and writes them with
// the rows spliced in, sorted by name, so that equal workbooks are equal bytes.
// It is an excelize.ZipWriter.
type packer struct {
	parts map[string]*bytes.Buffer
	rows  map[string]*spool // by part: what goes in before </sheetData>
}

// Create returns where the content of one part goes.
func (p *packer) Create(name string) (io.Writer, error) {
	part := &bytes.Buffer{}
	p.parts[name] = part
	return part, nil
}

// AddFS is not used by excelize.
func (p *packer) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close does nothing: excelize calls it after an error too. See writeTo.
func (p *packer) Close() error { return nil }

// writeTo writes the workbook.
func (p *packer) writeTo(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, deflateLevel)
	})
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.writePart(z, name); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return z.Close()
}

func (p *packer) writePart(z *zip.Writer, name string) error {
	content := p.parts[name].Bytes()
	if name == "[Content_Types].xml" {
		content = sortDefaults(content)
	}
	rows, ok := p.rows[name]
	if !ok {
		content = tinyNumber.ReplaceAllFunc(content, withExponent)
		part, err := z.Create(name)
		if err != nil {
			return err
		}
		_, err = part.Write(content)
		return err
	}
	end := bytes.Index(content, []byte("</sheetData>"))
	if end < 0 {
		return errors.New("the sheet has no </sheetData>")
	}
	return splice(z, name, content[:end], rows, content[end:])
}

// splice writes a part of three pieces as one deflate stream; the rows are
// copied as they were compressed.
func splice(z *zip.Writer, name string, before []byte, rows *spool, after []byte) error {
	head, err := deflated(before, (*flate.Writer).Flush)
	if err != nil {
		return err
	}
	tail, err := deflated(after, (*flate.Writer).Close)
	if err != nil {
		return err
	}
	sum := joinedSum(crc32.ChecksumIEEE(before), rows.sum, rows.size)
	part, err := z.CreateRaw(&zip.FileHeader{
		Name:               name,
		Method:             zip.Deflate,
		CRC32:              joinedSum(sum, crc32.ChecksumIEEE(after), int64(len(after))),
		CompressedSize64:   uint64(int64(len(head)) + rows.packed + int64(len(tail))),
		UncompressedSize64: uint64(int64(len(before)) + rows.size + int64(len(after))),
	})
	if err != nil {
		return err
	}
	if _, err := part.Write(head); err != nil {
		return err
	}
	if err := rows.copyTo(part); err != nil {
		return err
	}
	_, err = part.Write(tail)
	return err
}

// deflated compresses data and ends it with finish: Flush or Close.
func deflated(data []byte, finish func(*flate.Writer) error) ([]byte, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, deflateLevel)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = finish(w)
	return packed.Bytes(), err
}

func newPacker(rows map[string]*spool) *packer {
	return &packer{parts: map[string]*bytes.Buffer{}, rows: rows}
}

// asZipWriter gives excelize the packer. The buffer that excelize would send on
// stays empty.
func (p *packer) asZipWriter(io.Writer) excelize.ZipWriter { return p }

// tinyNumber is a number that excelize writes with all its zeros.
var tinyNumber = regexp.MustCompile(`<v>-?0\.0{15,}[0-9]+</v>`)

// leastNumber is near the least that Excel can hold.
const leastNumber = 1e-300

// withExponent writes a number with an exponent: Excel reads few digits, and
// nothing below its least.
func withExponent(cell []byte) []byte {
	digits := string(cell[len("<v>") : len(cell)-len("</v>")])
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return cell
	}
	if math.Abs(v) < leastNumber {
		v = math.Copysign(leastNumber, v)
	}
	return fmt.Appendf(nil, "<v>%s</v>", strconv.FormatFloat(v, 'E', -1, 64))
}

var contentType = regexp.MustCompile(`<Default [^>]*></Default>`)

// sortDefaults brings the content types, which excelize keeps in a map, into one order.
func sortDefaults(part []byte) []byte {
	sorted := contentType.FindAllString(string(part), -1)
	slices.Sort(sorted)
	next := 0
	return contentType.ReplaceAllFunc(part, func([]byte) []byte {
		next++
		return []byte(sorted[next-1])
	})
}
