package limesurvey

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The most an XML document may hold. The largest survey in the collection this
// was tried on has 50,000 elements, nested 7 deep.
const (
	maxElements = 250_000 // more take too long to refuse
	maxNested   = 40
	maxTag      = 4 << 10 // bytes of one tag: LimeSurvey writes no attributes
)

// record is one row of a table: column to text.
type record struct {
	line  int // in the file, from 1
	cells map[string]string
}

func (r record) get(column string) string { return strings.TrimSpace(r.cells[column]) }

// document is the tables of a file that are used, by name, in file order.
type document struct {
	docType string
	langs   []string
	tables  map[string][]record
}

// used are the tables that are read. Of others only whether they have rows is
// of interest, see ignoredTables.
var used = map[string]bool{
	"answers": true, "answer_l10ns": true, "conditions": true, "defaultvalues": true, "defaultvalue_l10ns": true,
	"groups": true, "group_l10ns": true, "questions": true, "question_l10ns": true, "subquestions": true,
	"question_attributes": true, "surveys": true, "surveys_languagesettings": true,
	"quota": true, "assessments": true, "survey_url_parameters": true,
}

// readDocument reads the tables of a file, or refuses it.
func readDocument(data []byte) (*document, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, refuse(FileEmpty, 0, "The file is empty. Export the survey structure (.lss) from LimeSurvey again.")
	case len(data) > FileLimit:
		return nil, refuse(FileTooLarge, 0, "The file has %d bytes; at most %d are read. Take pictures out of the texts, or split the survey.", len(data), FileLimit)
	}
	if line := longTag(data); line > 0 {
		return nil, refuse(FileCorrupt, line, "The file has a tag longer than %d bytes, which no LimeSurvey export has. Export it again.", maxTag)
	}
	p := &parser{dec: xml.NewDecoder(bytes.NewReader(data)), doc: &document{tables: map[string][]record{}}}
	if err := p.run(); err != nil {
		return nil, err
	}
	if p.doc.docType != "Survey" {
		return nil, refuse(FileFormat, 0, "The file is not a LimeSurvey survey structure. Export it as “Survey structure (.lss)”; question, group and label files cannot be read.")
	}
	return p.doc, nil
}

// longTag is the line of the first tag that is too long, or 0. A reader of XML
// holds a whole tag with all its attributes, in many times the file's memory.
func longTag(data []byte) int {
	for at := 0; ; {
		open := bytes.IndexByte(data[at:], '<')
		if open < 0 {
			return 0
		}
		at += open
		end := ">"
		switch rest := data[at:]; {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end = "]]>"
		case bytes.HasPrefix(rest, []byte("<!--")):
			end = "-->"
		}
		length := bytes.Index(data[at:], []byte(end))
		switch {
		case length < 0 && end != ">":
			return 0 // not closed: the parser says so
		case length < 0 && len(data)-at > maxTag, end == ">" && length > maxTag:
			return 1 + bytes.Count(data[:at], []byte("\n"))
		case length < 0:
			return 0
		}
		at += length + len(end)
	}
}

// parser walks the XML once and keeps what is used.
type parser struct {
	dec      *xml.Decoder
	doc      *document
	path     []string
	text     strings.Builder
	current  record
	elements int
}

func (p *parser) run() error {
	for {
		token, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.broken(err)
		}
		if err := p.token(token); err != nil {
			return err
		}
	}
}

func (p *parser) token(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return p.start(token.Name.Local)
	case xml.EndElement:
		p.end()
	case xml.CharData:
		p.text.Write(token)
	case xml.Directive:
		line, _ := p.dec.InputPos()
		return refuse(FileCorrupt, line, "The file has a document type or entity declaration, which no LimeSurvey export has. Export it again.")
	}
	return nil
}

func (p *parser) start(name string) error {
	line, _ := p.dec.InputPos()
	if p.elements++; p.elements > maxElements {
		return refuse(FileCorrupt, line, "The file has more than %d elements, far more than any survey.", maxElements)
	}
	if len(p.path) >= maxNested {
		return refuse(FileCorrupt, line, "The file is nested deeper than %d levels.", maxNested)
	}
	if len(p.path) == 0 && name != "document" {
		return refuse(FileFormat, line, "The file is XML, but not a LimeSurvey survey structure (.lss).")
	}
	p.path = append(p.path, name)
	p.text.Reset()
	if p.atRow() {
		p.current = record{line: line, cells: map[string]string{}}
	}
	return nil
}

// end keeps what has just been closed, if it is of use.
func (p *parser) end() {
	path, text := p.path, p.text.String()
	switch {
	case len(path) == 2 && path[1] == "LimeSurveyDocType":
		p.doc.docType = strings.TrimSpace(text)
	case len(path) == 3 && path[1] == "languages" && path[2] == "language":
		p.doc.langs = append(p.doc.langs, strings.TrimSpace(text))
	case p.atRow():
		p.doc.tables[path[1]] = append(p.doc.tables[path[1]], p.current)
	case p.atCell():
		p.current.cells[path[4]] = text
	}
	p.path = path[:len(path)-1]
	p.text.Reset()
}

func (p *parser) atRow() bool {
	return len(p.path) == 4 && used[p.path[1]] && p.path[2] == "rows" && p.path[3] == "row"
}

func (p *parser) atCell() bool {
	return len(p.path) == 5 && used[p.path[1]] && p.path[2] == "rows" && p.path[3] == "row"
}

func (p *parser) broken(err error) error {
	line, _ := p.dec.InputPos()
	if len(p.path) == 0 && p.elements == 0 {
		return refuse(FileFormat, line, "The file is not XML, so it is not a LimeSurvey survey structure (.lss).")
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return refuse(FileCorrupt, syntax.Line, "The file is damaged: %s. Export it from LimeSurvey again.", syntax.Msg)
	}
	return refuse(FileCorrupt, line, "The file cannot be read: %v. Export it from LimeSurvey again.", err)
}

func refuse(code string, line int, text string, args ...any) *Refusal {
	return &Refusal{Notices: []Notice{{Code: code, Row: line, Text: fmt.Sprintf(text, args...)}}}
}
