package xlsform

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// each calls visit for every start tag of a part. Visit may read on; what it
// leaves is read here, to the end, so that a damaged part is never half believed.
func (p *pack) each(name string, visit func(*xml.Decoder, xml.StartElement) error) error {
	stream, err := p.reader(name)
	if err != nil {
		return err
	}
	defer stream.Close()
	decoder := xml.NewDecoder(stream)
	for {
		tag, err := p.next(decoder)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			if start, ok := tag.(xml.StartElement); ok {
				err = visit(decoder, start)
			}
		}
		if err != nil {
			return cause(name, stream, err)
		}
	}
}

// cause finds what really stopped the reading of a part: the decoder hides it.
func cause(name string, stream io.ReadCloser, err error) error {
	if failed := stream.(*counted).failed; failed != nil {
		return failed
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return damaged(fmt.Sprintf("%s is not well-formed in line %d", name, syntax.Line))
	}
	return err
}

// next is the next token. A document type is refused: it is how small files
// grow without end, and no workbook has one.
func (p *pack) next(decoder *xml.Decoder) (xml.Token, error) {
	token, err := decoder.RawToken()
	if err != nil {
		return nil, err
	}
	switch tag := token.(type) {
	case xml.Directive:
		return nil, damaged("it holds a document type declaration, which no workbook has")
	case xml.StartElement:
		if p.nodes -= 1 + len(tag.Attr); p.nodes < 0 {
			return nil, tooLarge("it has more cells and formats than can be read")
		}
	}
	return token, nil
}

func attr(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// sheetPart is one sheet of the workbook part.
type sheetPart struct {
	name string
	part string
}

// bookPart is the name of the workbook part; the usual one if the package does not say.
func (p *pack) bookPart() string {
	target := "xl/workbook.xml"
	if _, ok := p.parts["_rels/.rels"]; !ok {
		return target
	}
	_ = p.each("_rels/.rels", func(_ *xml.Decoder, tag xml.StartElement) error {
		if tag.Name.Local == "Relationship" && strings.HasSuffix(attr(tag, "Type"), "/officeDocument") {
			target = attr(tag, "Target")
		}
		return nil
	})
	return partName(target)
}

// workbook reads everything but the sheets: their names, the shared texts and
// the formats of cells.
func (p *pack) workbook() ([]sheetPart, error) {
	book := p.bookPart()
	targets, shared, styles, err := p.relations(book)
	if err != nil {
		return nil, err
	}
	var sheets []sheetPart
	err = p.each(book, func(_ *xml.Decoder, tag xml.StartElement) error {
		switch tag.Name.Local {
		case "workbookPr":
			p.since04 = attr(tag, "date1904") == "1" || attr(tag, "date1904") == "true"
		case "sheet":
			if part, ok := targets[relationID(tag)]; ok {
				sheets = append(sheets, sheetPart{name: attr(tag, "name"), part: part})
			}
		}
		if len(sheets) > maxSheets {
			return tooLarge(fmt.Sprintf("it has more than %d sheets", maxSheets))
		}
		return nil
	})
	if err == nil && shared != "" {
		err = p.sharedTexts(shared)
	}
	if err == nil && styles != "" {
		err = p.styles(styles)
	}
	return sheets, err
}

// relationID is r:id, not the sheet's own id.
func relationID(tag xml.StartElement) string {
	for _, a := range tag.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// relations gives the parts of the sheets by id of their relation, and the parts
// of the shared texts and formats, "" where there are none.
func (p *pack) relations(book string) (sheets map[string]string, shared, styles string, err error) {
	sheets = map[string]string{}
	folder, file := path.Split(book)
	err = p.each(folder+"_rels/"+file+".rels", func(_ *xml.Decoder, tag xml.StartElement) error {
		if tag.Name.Local != "Relationship" {
			return nil
		}
		target := attr(tag, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		switch kind := path.Base(attr(tag, "Type")); kind {
		case "worksheet":
			sheets[attr(tag, "Id")] = partName(target)
		case "sharedStrings":
			shared = p.present(target)
		case "styles":
			styles = p.present(target)
		}
		return nil
	})
	return sheets, shared, styles, err
}

// present is the name of a part if there is such a part: some programs name
// parts that they leave out.
func (p *pack) present(target string) string {
	name := partName(target)
	if _, ok := p.parts[name]; !ok {
		return ""
	}
	return name
}

// sharedTexts reads the table of texts that cells refer to by number.
func (p *pack) sharedTexts(part string) error {
	budget := maxText
	return p.each(part, func(decoder *xml.Decoder, tag xml.StartElement) error {
		if tag.Name.Local != "si" {
			return nil
		}
		text, err := p.richText(decoder, "si")
		if budget -= len(text); budget < 0 || len(p.shared) >= maxShared {
			return tooLarge("it holds more text than can be read")
		}
		p.shared = append(p.shared, cellText(text))
		return err
	})
}

// richText joins the runs of a text up to the end tag named, without the
// readings of Asian scripts beside it.
func (p *pack) richText(decoder *xml.Decoder, end string) (string, error) {
	var text strings.Builder
	inText, reading := false, 0
	for {
		token, err := p.next(decoder)
		if err != nil {
			return "", unfinished(err)
		}
		switch tag := token.(type) {
		case xml.StartElement:
			inText = tag.Name.Local == "t"
			if tag.Name.Local == "rPh" {
				reading++
			}
		case xml.EndElement:
			inText = false
			if tag.Name.Local == "rPh" {
				reading--
			}
			if tag.Name.Local == end {
				return text.String(), nil
			}
		case xml.CharData:
			if inText && reading == 0 {
				text.Write(tag)
			}
		}
		if text.Len() > maxMarkup {
			return "", tooLarge("it holds a text that is longer than a cell can be")
		}
	}
}

// unfinished makes the end of a part in the middle of a cell an error.
func unfinished(err error) error {
	if err == io.EOF {
		return damaged("a sheet ends in the middle of a cell")
	}
	return err
}
