package app

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
)

// sendTable sends a list as a file: kind is "xlsx" or "csv".
func (s *Server) sendTable(c *fiber.Ctx, table exports.Table, name, kind string) error {
	var out bytes.Buffer
	write, content := table.XLSX, workbookType
	if kind == "csv" {
		write, content = table.CSV, "text/csv; charset=utf-8"
	}
	if err := write(&out); err != nil {
		return err
	}
	c.Attachment(name + "." + kind)
	c.Set(fiber.HeaderContentType, content)
	return c.Send(out.Bytes())
}
