package xlsform

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf16"

	"soundings/surveys/sheets"
)

// pack is an open workbook: a zip archive of XML parts.
type pack struct {
	parts   map[string]*zip.File // by lower-case name without a leading slash
	left    int64                // bytes that may still be unpacked
	nodes   int                  // tags and attributes that may still come
	text    int                  // bytes of text that cells may still hold
	cells   int                  // cells that may still come
	shared  []string
	formats []sheets.Format // by number of the cell's style
	since04 bool            // days count from 1904
}

// tooLarge and damaged are why reading stopped; refusal makes sentences of them.
type (
	tooLarge string
	damaged  string
)

func (e tooLarge) Error() string { return string(e) }
func (e damaged) Error() string  { return string(e) }

func (p *pack) refusal(err error) *Refusal {
	var large tooLarge
	if errors.As(err, &large) {
		return refuse(FileTooLarge, "The workbook is too large: %s. Keep only the sheets and rows of the questionnaire and save it again.", large)
	}
	return refuse(FileCorrupt, "The workbook is damaged: %v. Open it in Excel or LibreOffice, save it as a new .xlsx file and use that one.", err)
}

// openPackage finds out what kind of file data are before anything is unpacked.
func openPackage(data []byte) (*pack, *Refusal) {
	if refusal := kindOfFile(data); refusal != nil {
		return nil, refusal
	}
	// Counted before the directory is read, which takes memory for each entry.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxEntries {
		return nil, refuse(FileTooLarge, "The workbook holds %d files, more than the %d that are read. Save it again from Excel or LibreOffice.", n, maxEntries)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, (*pack)(nil).refusal(fmt.Errorf("it is cut short or not a whole zip archive"))
	}
	p := &pack{parts: map[string]*zip.File{}, left: maxAll, nodes: maxNodes, text: maxText, cells: maxCells}
	for _, file := range archive.File {
		name := partName(file.Name)
		if _, ok := p.parts[name]; !ok {
			p.parts[name] = file
		}
		if file.Flags&1 != 0 {
			return nil, refuse(FileEncrypted, "The workbook is protected by a password. Save it without one.")
		}
	}
	return p, p.kindOfBook()
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// kindOfFile refuses what is no zip archive, by its first bytes.
func kindOfFile(data []byte) *Refusal {
	const saveAs = "Save the questionnaire as an Excel workbook (.xlsx)."
	switch {
	case len(data) == 0:
		return refuse(FileEmpty, "The file is empty. Choose the workbook again.")
	case len(data) > maxFile:
		return refuse(FileTooLarge, "The file is larger than %d MB. Take pictures and other sheets out of the workbook and save it again.", maxFile>>20)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return kindOfCompound(data)
	case bytes.HasPrefix(data, []byte("\x09\x08")), bytes.HasPrefix(data, []byte("\x09\x04")):
		return refuse(FileXLS, "This is a workbook of an old Excel (.xls). Open it and save it as .xlsx.")
	case bytes.HasPrefix(data, []byte("PK")):
		return nil
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 512)], []byte("\xEF\xBB\xBF"))), []byte("<")):
		return refuse(FileFormat, "This is a web page or an XML file with the name of a workbook. "+saveAs)
	default:
		return refuse(FileFormat, "This is not a spreadsheet, whatever its name says. "+saveAs)
	}
}

// kindOfCompound tells the files of old Office programs apart, which are also
// what Office wraps a protected workbook in.
func kindOfCompound(data []byte) *Refusal {
	named := func(name string) bool {
		var wide []byte
		for _, unit := range utf16.Encode([]rune(name)) {
			wide = append(wide, byte(unit), byte(unit>>8))
		}
		return bytes.Contains(data, wide)
	}
	switch {
	case named("EncryptedPackage"), named("EncryptionInfo"):
		return refuse(FileEncrypted, "The workbook is protected by a password. Open it, take the password away (File, Info, Protect Workbook) and save it again.")
	case named("Workbook"), named("Book"):
		return refuse(FileXLS, "This is a workbook of an old Excel (.xls). Open it and save it as .xlsx.")
	default:
		return refuse(FileFormat, "This is an old Office document, not a spreadsheet. Save the questionnaire as an Excel workbook (.xlsx).")
	}
}

// kindOfBook refuses archives that are no workbook, and workbooks with macros.
func (p *pack) kindOfBook() *Refusal {
	const notBook = "This is a zip archive but no Excel workbook. Save the questionnaire as an Excel workbook (.xlsx)."
	types, err := p.contentTypes()
	if err != nil {
		return p.refusal(err)
	}
	if types == nil {
		return refuse(FileFormat, notBook)
	}
	book := partName(p.bookPart())
	for name := range p.parts {
		if path.Base(name) == "vbaproject.bin" {
			return refuse(FileMacro, "The workbook holds macros, which are never run here. Save it as an Excel workbook without macros (.xlsx).")
		}
	}
	if strings.Contains(types[book], "macroenabled") {
		return refuse(FileMacro, "The workbook is of the kind that holds macros (.xlsm). Save it as an Excel workbook without macros (.xlsx).")
	}
	if _, ok := p.parts[book]; !ok || strings.Contains(types[book], "wordprocessingml") || strings.Contains(types[book], "presentationml") {
		return refuse(FileFormat, notBook)
	}
	if strings.HasSuffix(book, ".bin") {
		return refuse(FileFormat, "This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx).")
	}
	return nil
}

// contentTypes are the declared types of parts in small letters; nil if the
// archive does not say.
func (p *pack) contentTypes() (map[string]string, error) {
	if _, ok := p.parts["[content_types].xml"]; !ok {
		return nil, nil
	}
	types := map[string]string{}
	err := p.each("[content_types].xml", func(_ *xml.Decoder, tag xml.StartElement) error {
		if tag.Name.Local == "Override" {
			types[partName(attr(tag, "PartName"))] = strings.ToLower(attr(tag, "ContentType"))
		}
		return nil
	})
	return types, err
}

// reader opens a part, counting what comes out of it.
func (p *pack) reader(name string) (io.ReadCloser, error) {
	file, ok := p.parts[name]
	if !ok {
		return nil, damaged("the part " + name + " is missing")
	}
	stream, err := file.Open()
	if err != nil {
		return nil, damaged("the part " + name + " cannot be unpacked")
	}
	return &counted{ReadCloser: stream, pack: p, name: name, packed: int64(file.CompressedSize64)}, nil
}

// counted is a part being unpacked. It stops at the limits.
type counted struct {
	io.ReadCloser
	pack     *pack
	name     string
	packed   int64
	unpacked int64
	markup   int // bytes since the last tag ended or began
	failed   error
}

func (c *counted) Read(buffer []byte) (int, error) {
	n, err := c.ReadCloser.Read(buffer)
	c.unpacked += int64(n)
	c.pack.left -= int64(n)
	if last := bytes.LastIndexAny(buffer[:n], "<>"); last >= 0 {
		c.markup = n - last
	} else {
		c.markup += n
	}
	switch {
	case c.unpacked > maxPart, c.pack.left < 0:
		c.failed = tooLarge(fmt.Sprintf("%s unpacks to more than can be read", c.name))
	case c.unpacked > freeRatio && c.unpacked > c.packed*maxRatio:
		c.failed = tooLarge(fmt.Sprintf("%s unpacks to more than %d times its size", c.name, maxRatio))
	case c.markup > maxMarkup:
		c.failed = tooLarge(fmt.Sprintf("%s holds a text that is longer than a cell can be", c.name))
	case err != nil && err != io.EOF:
		c.failed = damaged(fmt.Sprintf("%s cannot be unpacked", c.name))
	}
	if c.failed != nil {
		return 0, c.failed
	}
	return n, err
}
