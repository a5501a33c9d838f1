package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/sheets"
)

// oldJobView shows how an import, or its undoing, gets on.
type oldJobView struct {
	staffPage
	Job     oldJob
	Back    string
	Results string // address of the outcomes
	Columns string // address of the columns of the file, if it is there still
	Undo    *form  // nil: there is nothing to undo
	About   string
}

// oldJob is the part of a page that shows a job. It is sent anew as the job gets on.
type oldJob struct {
	Address       string
	Check         bool // the job only looks through a file
	Ended, Failed bool
	Good          bool
	State, Words  string
	Percent, Done int
	Of            int
	Why           string // it failed or was refused
	Facts         []tile
	Problems      []string
	More          int // problems that are not shown
	Errors        string
}

// problemsShown is how many problems a page shows; the file has all.
const problemsShown = 30

// oldJob reads how a job stands.
func (s *Server) oldJob(c *fiber.Ctx, p surveys.Programme, strand surveys.Strand, id surveys.JobID) (oldJob, error) {
	return s.readOldJob(c.UserContext(), p.ID, strand.ID, id)
}

func (s *Server) readOldJob(ctx context.Context, p surveys.ProgrammeID, strand surveys.StrandID, id surveys.JobID) (oldJob, error) {
	j, err := s.surveys.Job(ctx, p, strand, id)
	if err != nil {
		return oldJob{}, err
	}
	job := oldJob{
		Address: oldDataPath(p, strand) + "/imports/" + string(id), Check: j.Kind == surveys.JobCheck, Ended: j.Ended(), Failed: j.State == surveys.JobFailed || j.State == surveys.JobRefused,
		State: string(j.State), Words: jobWords(j), Done: j.Done, Of: max(j.Of, j.Done), Facts: jobFacts(j), Good: j.Wrong+j.Conflicts == 0,
	}
	job.Percent = 100
	if job.Of > 0 && !job.Ended {
		job.Percent = 100 * job.Done / job.Of
	}
	switch j.State {
	case surveys.JobFailed:
		job.Why = s.staffSentence(j.Key, j.Args...)
	case surveys.JobRefused:
		job.Why = "Nothing was kept, since rows are wrong. Mend them in the file and choose it again, or import the others."
	}
	if j.Problems == 0 {
		return job, nil
	}
	problems, err := s.surveys.Problems(ctx, p, strand, id)
	if err != nil {
		return job, err
	}
	headings := s.headingsOf(ctx, j)
	for _, problem := range problems[:min(len(problems), problemsShown)] {
		job.Problems = append(job.Problems, s.cellSentence(headings, problem))
	}
	job.More, job.Errors = j.Problems-len(job.Problems), job.Address+"/errors.csv"
	return job, nil
}

// headingsOf is the file of a job, or nothing once it is gone: then columns are
// named by their letters alone.
func (s *Server) headingsOf(ctx context.Context, j surveys.Job) surveys.Upload {
	u, err := s.surveys.Upload(ctx, j.Programme, j.Strand, j.Upload)
	if err != nil {
		return surveys.Upload{}
	}
	return u
}

// jobFacts are the counts of a job.
func jobFacts(j surveys.Job) []tile {
	if j.Kind == surveys.JobUndo || j.State == surveys.JobRemoving {
		facts := []tile{{Label: "responses removed", Value: strconv.Itoa(j.Removed)}}
		if j.Kept > 0 {
			facts = append(facts, tile{Label: "changed since, and kept", Value: strconv.Itoa(j.Kept)})
		}
		return facts
	}
	created := "responses created"
	if j.Kind == surveys.JobCheck || j.State == surveys.JobChecking || j.State == surveys.JobRefused {
		created = "responses would be created"
	}
	facts := []tile{{Label: created, Value: strconv.Itoa(j.New)}}
	for _, fact := range []tile{
		{"of them can be paired", strconv.Itoa(j.Coded), ""}, {"there already, the same", strconv.Itoa(j.Same), ""},
		{"there already, with other answers", strconv.Itoa(j.Conflicts), ""}, {"rows wrong", strconv.Itoa(j.Wrong), ""},
		{"rows without an answer", strconv.Itoa(j.Blank), ""}, {"answers set aside: not asked on that path", strconv.Itoa(j.Aside), ""},
		{"removed again", strconv.Itoa(j.Removed), ""},
	} {
		if fact.Value != "0" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// oldDataJob shows the page of a job.
func (s *Server) oldDataJob(c *fiber.Ctx) error {
	view, err := s.oldJobView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/old_data_job", view)
}

func (s *Server) oldJobView(c *fiber.Ctx) (oldJobView, error) {
	page, p, strand, err := s.strandPage(c, "Import")
	if err != nil {
		return oldJobView{}, err
	}
	ctx, id := c.UserContext(), surveys.JobID(c.Params("import"))
	j, err := s.surveys.Job(ctx, p.ID, strand.ID, id)
	if err != nil {
		return oldJobView{}, err
	}
	page.Title = "Import of " + j.File
	if j.Kind == surveys.JobUndo {
		page.Title = "Undoing the import of " + j.File
	}
	view := oldJobView{staffPage: page, Back: oldDataPath(p.ID, strand.ID), Results: strandPath(p.ID, strand.ID), About: fmt.Sprintf("Begun by %s on %s", j.By, inZone(p, j.Created))}
	if view.Job, err = s.oldJob(c, p, strand, id); err != nil {
		return view, err
	}
	if !view.Job.Ended {
		view.Events = view.Job.Address + "/events"
	}
	if u := s.headingsOf(ctx, j); u.ID != "" && view.Job.Ended {
		view.Columns = oldDataPath(p.ID, strand.ID) + "/" + string(u.ID)
	}
	if j.Kind == surveys.JobImport && j.State == surveys.JobDone {
		view.Undo, err = s.undoForm(ctx, page, view.Job, j)
	}
	return view, err
}

// undoForm offers to undo an import, and says what was changed since.
func (s *Server) undoForm(ctx context.Context, page staffPage, job oldJob, j surveys.Job) (*form, error) {
	all, changed, err := s.surveys.Changed(ctx, j.Programme, j.Strand, j.ID)
	if err != nil || all == 0 {
		return nil, err
	}
	var fields []field
	if changed > 0 {
		fields = []field{{
			Name: "keep", Label: fmt.Sprintf("%d of them were corrected, moved, left out or withdrawn since", changed), Kind: "checkboxes", Values: []string{"changed"},
			Options: []choiceOption{{"changed", "Keep those as they are now", "Otherwise they are removed with their corrections."}},
		}}
	}
	words := "Remove the " + strconv.Itoa(all) + " responses"
	if all == 1 {
		words = "Remove the response"
	}
	return newForm(page, "undo", job.Address+"/undo", words, fieldset{Fields: fields}), nil
}

// undoOldData begins to undo an import.
func (s *Server) undoOldData(c *fiber.Ctx) error {
	keep := slices.Contains(typedAll(c, "keep"), "changed")
	j, err := s.surveys.UndoImport(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")), surveys.JobID(c.Params("import")), keep)
	if err != nil {
		return err
	}
	return sees(c, oldDataHere(c)+"/imports/"+string(j.ID))
}

// oldDataErrors sends what is wrong with the cells of a file, as a file.
func (s *Server) oldDataErrors(c *fiber.Ctx) error {
	p, strand, id := programmeID(c), surveys.StrandID(c.Params("strand")), surveys.JobID(c.Params("import"))
	j, err := s.surveys.Job(c.UserContext(), p, strand, id)
	if err != nil {
		return err
	}
	problems, err := s.surveys.Problems(c.UserContext(), p, strand, id)
	if err != nil {
		return err
	}
	u := s.headingsOf(c.UserContext(), j)
	table := exports.Table{Title: "Wrong", Columns: []exports.TableColumn{{Heading: "Row", Width: 8}, {Heading: "Column", Width: 10}, {Heading: "Heading", Width: 40}, {Heading: "What to do", Width: 80}}}
	for _, problem := range problems {
		heading, column := "", ""
		if problem.Column > 0 {
			column = sheets.ColumnName(problem.Column)
			if problem.Column <= len(u.Profile.Columns) {
				heading = u.Profile.Columns[problem.Column-1].Heading
			}
		}
		table.Rows = append(table.Rows, []any{problem.Row, column, heading, s.staffSentence(problem.Key, problem.Args...)})
	}
	return s.sendTable(c, table, fileName(j.File)+"-to-mend", "csv")
}

// jobPoll is how often a watched job is read.
const jobPoll = time.Second

// oldDataEvents sends the part of a job anew as it gets on, until it has ended. The
// job is read from the store, whichever instance does it.
func (s *Server) oldDataEvents(c *fiber.Ctx) error {
	p, strand, id := programmeID(c), surveys.StrandID(c.Params("strand")), surveys.JobID(c.Params("import"))
	if _, err := s.surveys.Job(c.UserContext(), p, strand, id); err != nil {
		return err
	}
	return s.streamParts(c, jobPoll, func(ctx context.Context) (map[string]string, bool, error) {
		job, err := s.readOldJob(ctx, p, strand, id)
		if err != nil {
			return nil, false, err
		}
		html, err := s.views.fragment("staff/old_data_job", "oldjob", job)
		return map[string]string{"job": string(html)}, job.Ended, err
	})
}
