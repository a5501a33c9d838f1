package app

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sendWorkbook asks for a strand's analysis workbook, waits until it is made, and
// sends it: a failure is an error page, never a short file. Where nothing has changed
// since it was made last, it is there at once.
func (s *Server) sendWorkbook(c *fiber.Ctx) error {
	ctx := c.UserContext()
	e, err := s.surveys.AskExport(ctx, surveys.Export{Programme: programmeID(c), Strand: surveys.StrandID(c.Params("strand")), Format: "analysis.xlsx"})
	if err != nil {
		return err
	}
	if e, err = s.surveys.AwaitExport(ctx, e.Programme, e.ID); err != nil {
		return err
	}
	if e.State == surveys.ExportFailed {
		return &surveys.Error{Kind: surveys.KindConflict, Key: e.Key, Args: e.Args}
	}
	return s.sendExportFile(c, e.ID)
}

// fileName makes a name for files out of words: Latin letters and digits, with
// dashes between, and only whole words.
func fileName(words string) string {
	const longest = 40
	all, length := latinWords(words), 0
	for n, word := range all {
		if length += len(word) + 1; n > 0 && length > longest {
			all = all[:n]
			break
		}
	}
	return cmp.Or(strings.Join(all, "-"), "programme")
}
