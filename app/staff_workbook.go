package app

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sendWorkbook builds a strand's workbook in a temporary file and sends it when
// it is whole: a failure is an error page, never a short file.
func (s *Server) sendWorkbook(c *fiber.Ctx) error {
	data, err := s.surveys.Dataset(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")))
	if err != nil {
		return err
	}
	file, size, err := s.buildWorkbook(c, data)
	if err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), data.Programme.ID, "workbook.downloaded", string(data.Strand.ID)); err != nil {
		return closeAfter(file, err)
	}
	today := s.surveys.Now().In(data.Programme.Location()).Format(time.DateOnly)
	c.Attachment(fmt.Sprintf("%s-%s-%s.xlsx", fileName(data.Programme.Name), data.Strand.ID, today))
	c.Set(fiber.HeaderContentType, workbookType)
	return c.SendStream(file, int(size))
}

func (s *Server) buildWorkbook(c *fiber.Ctx, data *surveys.Dataset) (*vanishing, int64, error) {
	ctx := c.UserContext()
	report, err := outcomes.Build(ctx, data, outcomes.Options{Made: s.surveys.Now()})
	if err != nil {
		return nil, 0, err
	}
	temporary, err := os.CreateTemp("", "soundings-*.xlsx")
	if err != nil {
		return nil, 0, fmt.Errorf("making a file for a workbook: %w", err)
	}
	file := vanish(temporary)
	account, _ := surveys.AccountFrom(ctx)
	if err := exports.Workbook(ctx, file, data, report, exports.Options{By: account.Name}); err != nil {
		return nil, 0, closeAfter(file, err)
	}
	size, err := file.Seek(0, 1)
	if err == nil {
		_, err = file.Seek(0, 0)
	}
	if err != nil {
		return nil, 0, closeAfter(file, fmt.Errorf("reading a workbook back: %w", err))
	}
	return file, size, nil
}

// vanishing is a temporary file without a name, so that nothing of it is left
// when the program dies. Where an open file cannot be removed (Windows) it goes
// when it is closed, as the server does with what it has sent.
type vanishing struct {
	*os.File
	gone bool
}

func vanish(file *os.File) *vanishing { return &vanishing{file, os.Remove(file.Name()) == nil} }

// Close closes the file and removes it, if it is still there.
func (f *vanishing) Close() error {
	err := f.File.Close()
	if f.gone {
		return err
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// closeAfter gives up file because of err.
func closeAfter(file *vanishing, err error) error {
	if closing := file.Close(); closing != nil {
		return fmt.Errorf("%w; closing the file: %w", err, closing)
	}
	return err
}

// fileName makes a name for files out of words: Latin letters and digits, with
// dashes between.
func fileName(words string) string {
	name := strings.ReplaceAll(idOf(words), "_", "-")
	if name == "strand" {
		return "programme"
	}
	return name
}
