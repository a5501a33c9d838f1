package limesurvey

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is the text of an HTML fragment: paragraphs and breaks as lines, list
// entries behind a bullet, cells of a table with a bar between. media says that
// something that is not text was left out.
func plain(fragment string) (text string, media bool) {
	z := html.NewTokenizer(strings.NewReader(fragment))
	w := &lineWriter{}
	skip := 0 // within script, style and the like
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.String(), media
		case html.TextToken:
			if skip == 0 {
				w.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			media = media || isMedia(tag)
			if hidden(tag) {
				skip++
			}
			w.open(tag)
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if hidden(tag) && skip > 0 {
				skip--
			}
			w.close(tag)
		}
	}
}

// hidden are the elements whose text is not for reading.
func hidden(tag atom.Atom) bool {
	return tag == atom.Script || tag == atom.Style || tag == atom.Title
}

func isMedia(tag atom.Atom) bool {
	switch tag {
	case atom.Img, atom.Video, atom.Audio, atom.Iframe, atom.Object, atom.Embed, atom.Script, atom.Svg:
		return true
	default:
		return false
	}
}

// lineWriter writes text with single blanks and no empty lines but one between
// paragraphs.
type lineWriter struct {
	lines []string
	line  strings.Builder
}

// words adds text in which white space, as in HTML, is a blank.
func (w *lineWriter) words(text string) {
	fields := strings.Fields(strings.ReplaceAll(text, "\u00a0", " "))
	if len(fields) == 0 {
		w.blank(text)
		return
	}
	if strings.TrimLeft(text, " \t\r\n\u00a0") != text {
		w.blank(" ")
	}
	w.line.WriteString(strings.Join(fields, " "))
	if strings.TrimRight(text, " \t\r\n\u00a0") != text {
		w.blank(" ")
	}
}

func (w *lineWriter) blank(text string) {
	if text != "" && w.line.Len() > 0 && !strings.HasSuffix(w.line.String(), " ") {
		w.line.WriteByte(' ')
	}
}

func (w *lineWriter) open(tag atom.Atom) {
	switch tag {
	case atom.Br, atom.Hr, atom.P, atom.Div, atom.Tr, atom.Table, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.end()
	case atom.Li:
		w.end()
		w.line.WriteString("• ")
	case atom.Td, atom.Th:
		if strings.TrimSpace(w.line.String()) != "" {
			w.words(" | ")
		}
	}
}

func (w *lineWriter) close(tag atom.Atom) {
	switch tag {
	case atom.P, atom.Div, atom.Tr, atom.Table, atom.Ul, atom.Ol, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.end()
	}
}

func (w *lineWriter) end() {
	if line := strings.TrimSpace(w.line.String()); line != "" && line != "•" {
		w.lines = append(w.lines, line)
	}
	w.line.Reset()
}

func (w *lineWriter) String() string {
	w.end()
	return strings.Join(w.lines, "\n")
}
