package app

import (
	"fmt"

	"github.com/gofiber/fiber/v2"
)

// getMedium answers GET /s/:token/media/:id: a picture or a recording that the
// questionnaire of the link names. Its id is the digest of its bytes, so it never
// changes and a phone asks for it once. Browsers ask for pieces of a recording:
// some play none whose server cannot give them.
func (s *Server) getMedium(c *fiber.Ctx) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	medium, err := s.surveys.InvitedMedium(c.UserContext(), v.Link.Token, c.Params("id"))
	if err != nil {
		return err
	}
	tag := `"` + medium.ID + `"`
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable")
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, medium.Type)
	return sendPiece(c, medium.Data)
}

// sendPiece answers with the one range of bytes that is asked for, or with all.
func sendPiece(c *fiber.Ctx, data []byte) error {
	if c.Get(fiber.HeaderRange) == "" || len(data) == 0 {
		return c.Send(data)
	}
	asked, err := c.Range(len(data))
	if err != nil || asked.Type != "bytes" || len(asked.Ranges) != 1 {
		return c.Send(data) // a server may answer any range with the whole
	}
	from, to := asked.Ranges[0].Start, asked.Ranges[0].End
	if from < 0 || to >= len(data) || from > to {
		return c.Send(data)
	}
	c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to, len(data)))
	return c.Status(fiber.StatusPartialContent).Send(data[from : to+1])
}
