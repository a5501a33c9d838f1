package app

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// oldDataView lists what a strand took in of answers that were collected elsewhere,
// and takes another file.
type oldDataView struct {
	staffPage
	Strand  surveys.Strand
	Upload  *form
	Waiting []uploadRow
	Jobs    []jobRow
}

// uploadRow is a file that waits.
type uploadRow struct{ Name, Address, About, Drop string }

// jobRow is an import, or the undoing of one.
type jobRow struct {
	Address, File, What, When, By string
	State, Words                  string
	Counts                        string
}

func oldDataPath(p surveys.ProgrammeID, strand surveys.StrandID) string {
	return strandPath(p, strand) + "/old-data"
}

// oldDataHere is the address of the pages of the request's strand.
func oldDataHere(c *fiber.Ctx) string {
	return oldDataPath(programmeID(c), surveys.StrandID(c.Params("strand")))
}

// strandPage is the shell of one of a strand's pages, with the strand.
func (s *Server) strandPage(c *fiber.Ctx, title string) (staffPage, surveys.Programme, surveys.Strand, error) {
	page, p, err := s.programmePage(c, title)
	if err != nil {
		return page, p, surveys.Strand{}, err
	}
	strand, ok := p.Strand(surveys.StrandID(c.Params("strand")))
	if !ok {
		return page, p, strand, &surveys.Error{Kind: surveys.KindNotFound, Key: "strand.not_found"}
	}
	page.Crumbs = append(page.Crumbs, crumb{strand.Title, strandPath(p.ID, strand.ID), false})
	if c.Path() != oldDataPath(p.ID, strand.ID) {
		page.Crumbs = append(page.Crumbs, crumb{"Old data", oldDataPath(p.ID, strand.ID), false})
	}
	return page, p, strand, nil
}

func (s *Server) oldDataView(c *fiber.Ctx) (oldDataView, error) {
	page, p, strand, err := s.strandPage(c, "Old data")
	if err != nil {
		return oldDataView{}, err
	}
	ctx := c.UserContext()
	uploads, err := s.surveys.Uploads(ctx, p.ID, strand.ID)
	if err != nil {
		return oldDataView{}, err
	}
	jobs, err := s.surveys.Jobs(ctx, p.ID, strand.ID)
	if err != nil {
		return oldDataView{}, err
	}
	view := oldDataView{staffPage: page, Strand: strand}
	base := oldDataPath(p.ID, strand.ID)
	for _, u := range uploads {
		address := base + "/" + string(u.ID)
		view.Waiting = append(view.Waiting, uploadRow{u.Name, address, fmt.Sprintf("%d rows, sent by %s on %s", u.Profile.Rows, u.By, inZone(p, u.Created)), address + "/drop"})
	}
	for _, j := range jobs {
		view.Jobs = append(view.Jobs, jobRowOf(p, base, j))
	}
	view.Upload = newForm(page, "file", base, "Read it", fieldset{Fields: []field{{
		Name: "file", Label: "The file", Kind: "file", Required: true,
		Hint: fmt.Sprintf("An Excel workbook (.xlsx) or separated values (.csv), up to %d MB.", surveys.UploadLimit>>20),
	}}})
	return view, nil
}

func jobRowOf(p surveys.Programme, base string, j surveys.Job) jobRow {
	row := jobRow{Address: base + "/imports/" + string(j.ID), File: j.File, What: "Import", When: inZone(p, j.Created), By: j.By, State: string(j.State), Words: jobWords(j)}
	row.Counts = fmt.Sprintf("%d new, %d there already, %d rows wrong", j.New, j.Same+j.Conflicts, j.Wrong)
	if j.Kind == surveys.JobUndo {
		row.What, row.Counts = "Undoing", fmt.Sprintf("%d removed", j.Removed)
	}
	return row
}

// inZone is a moment on the clock of the programme.
func inZone(p surveys.Programme, t time.Time) string {
	return t.In(p.Location()).Format("2006-01-02 15:04")
}

// jobWords says where a job stands.
func jobWords(j surveys.Job) string {
	switch j.State {
	case surveys.JobWaiting:
		return "waits to begin"
	case surveys.JobChecking:
		return "looks through the file"
	case surveys.JobStoring:
		return "keeps the responses"
	case surveys.JobRemoving:
		return "removes the responses"
	case surveys.JobDone:
		return "done"
	case surveys.JobRefused:
		return "nothing kept"
	case surveys.JobUndone:
		return "undone"
	}
	return "could not go on"
}

// oldData shows the page.
func (s *Server) oldData(c *fiber.Ctx) error {
	view, err := s.oldDataView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/old_data", view)
}

// sendOldData keeps the file that was sent and goes on to its columns.
func (s *Server) sendOldData(c *fiber.Ctx) error {
	view, err := s.oldDataView(c)
	if err != nil {
		return err
	}
	header, err := sentHeader(c, "file")
	if err != nil {
		view.Upload.blame("file", "Choose the file to read")
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/old_data", view)
	}
	u, refusal := s.keepOldData(c.UserContext(), programmeID(c), view.Strand.ID, header)
	if refusal == nil {
		return sees(c, oldDataHere(c)+"/"+string(u.ID))
	}
	status, err := s.refuse(view.Upload, refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/old_data", view)
}

// sentHeader is an uploaded file, which may lie in memory or on disk.
func sentHeader(c *fiber.Ctx, name string) (*multipart.FileHeader, error) {
	posted, err := c.Request().MultipartForm()
	if err != nil || len(posted.File[name]) == 0 || posted.File[name][0].Size == 0 {
		return nil, fiber.ErrUnprocessableEntity
	}
	return posted.File[name][0], nil
}

func (s *Server) keepOldData(ctx context.Context, p surveys.ProgrammeID, strand surveys.StrandID, header *multipart.FileHeader) (surveys.Upload, error) {
	file, err := header.Open()
	if err != nil {
		return surveys.Upload{}, fmt.Errorf("opening an uploaded file: %w", err)
	}
	u, err := s.surveys.KeepUpload(ctx, p, strand, header.Filename, file, header.Size)
	if closed := file.Close(); err == nil && closed != nil {
		err = fmt.Errorf("closing an uploaded file: %w", closed)
	}
	return u, err
}

// dropOldData throws a file away.
func (s *Server) dropOldData(c *fiber.Ctx) error {
	strand, id := surveys.StrandID(c.Params("strand")), surveys.UploadID(c.Params("upload"))
	if _, err := s.surveys.Upload(c.UserContext(), programmeID(c), strand, id); err != nil {
		return err
	}
	if err := s.surveys.DropUpload(c.UserContext(), programmeID(c), strand, id); err != nil {
		return err
	}
	return sees(c, oldDataHere(c))
}

// uploadsOldData says whether a request, of which only the header has been read,
// sends a file of old answers and is of an evaluator of the programme: the largest
// files are taken from nobody else.
func (s *Server) uploadsOldData(header *fasthttp.RequestHeader) bool {
	address, _, _ := bytes.Cut(header.RequestURI(), []byte("?"))
	parts := strings.Split(string(address), "/") // "", programmes, id, strands, id, old-data
	if len(parts) != 6 || parts[1] != "programmes" || parts[3] != "strands" || parts[5] != "old-data" {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	account, _, err := s.surveys.SignedIn(ctx, signInOf(header))
	return err == nil && account.May(surveys.ProgrammeID(parts[2]), surveys.MayReadAnswers)
}

// samplesOf are a few values of a column.
func samplesOf(values []string) []string {
	const most, length = 4, 40
	shown := slices.Clone(values[:min(len(values), most)])
	for i, value := range shown {
		if runes := []rune(value); len(runes) > length {
			shown[i] = string(runes[:length]) + "…"
		}
	}
	return shown
}
