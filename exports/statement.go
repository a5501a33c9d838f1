package exports

import (
	"io"
	"time"

	"soundings/surveys"
)

// Statement is a statement of a programme as a file.
type Statement struct {
	Title, Subtitle string
	Made            time.Time
	MadeUp          bool // of a demonstration
	Parts           []surveys.StatementPart
}

// WriteDocx writes it for Word, in British English: each paragraph under its heading.
// Nothing of it is a formula, a link or a field.
func (s Statement) WriteDocx(w io.Writer) error {
	file := docx{title: s.Title, subject: s.Subtitle, made: s.Made}
	file.paragraph(styleTitle, s.Title)
	file.paragraph(styleSubtitle, s.Subtitle)
	if s.MadeUp {
		file.paragraph(styleMark, "Made-up data: a demonstration")
	}
	for _, p := range s.Parts {
		if p.Title != "" {
			file.paragraph(styleHeading, p.Title)
		}
		if p.Text != "" {
			file.paragraph(styleNormal, p.Text)
		}
	}
	return file.writeTo(w)
}
