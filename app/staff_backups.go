package app

import (
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// shownBackups is how many of the latest are listed.
const shownBackups = 30

// backupsView tells owners how it stands with the backups.
type backupsView struct {
	staffPage
	Set       bool // a folder is set
	Plan      string
	Encrypted bool
	Good      string // when the last good one was made; "": none
	Overdue   bool
	Failure   string // of the latest; "": it did not fail
	Asked     bool
	Tried     []backupRow
	Ask       *form
}

// backupRow is one that was tried, in words.
type backupRow struct {
	At, Held, Size, Took, File string
	Failure                    string
}

func (s *Server) backupsView(c *fiber.Ctx) (backupsView, error) {
	page := s.staffPage(c, "Backups", crumb{"Programmes", "/programmes", false})
	plan := s.surveys.BackupPlan()
	state, err := s.surveys.Backups(c.UserContext())
	view := backupsView{
		staffPage: page, Set: plan.Folder != "", Encrypted: len(plan.Recipients) > 0, Asked: state.Asked,
		Plan:    fmt.Sprintf("One is made every %s, and the last %d are kept.", spanInWords(plan.Every), plan.Keep),
		Overdue: state.Overdue(s.surveys.Now(), plan.Every),
	}
	if state.Good != nil {
		view.Good = backupMoment(state.Good.Began)
	}
	if state.Failing() {
		view.Failure = state.Tried[0].Failure
	}
	for _, b := range state.Tried[:min(shownBackups, len(state.Tried))] {
		view.Tried = append(view.Tried, backupRowOf(b))
	}
	if view.Set {
		view.Ask = newForm(page, "backup", "/backups", "Back up now")
	}
	return view, err
}

// spanInWords is a time between two backups: "24 hours", "90 minutes".
func spanInWords(d time.Duration) string {
	if d >= time.Hour && d%time.Hour == 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

func backupMoment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func backupRowOf(b surveys.BackupTried) backupRow {
	row := backupRow{At: backupMoment(b.Began), Failure: b.Failure}
	if b.Failure != "" {
		return row
	}
	row.Held = fmt.Sprintf("%d responses, %d records, %d keys apart", b.Responses, b.Records, b.Keys)
	row.Size = fmt.Sprintf("%.1f MB", float64(b.Bytes)/(1<<20))
	row.Took = b.Took().Round(100 * time.Millisecond).String()
	row.File = b.File
	var marks []string
	if b.Encrypted {
		marks = append(marks, "encrypted")
	}
	if !b.Still {
		marks = append(marks, "made while the store moved")
	}
	if len(marks) > 0 {
		row.Held += "; " + strings.Join(marks, ", ")
	}
	return row
}

// backups shows owners the plan, the last good backup and what was tried.
func (s *Server) backups(c *fiber.Ctx) error {
	view, err := s.backupsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/backups", view)
}

// askBackup asks for one now.
func (s *Server) askBackup(c *fiber.Ctx) error {
	refusal := s.surveys.AskBackup(c.UserContext())
	if refusal == nil {
		return sees(c, "/backups")
	}
	view, err := s.backupsView(c)
	if err != nil {
		return err
	}
	if view.Ask == nil {
		view.Ask = newForm(view.staffPage, "backup", "/backups", "Back up now")
	}
	status, err := s.refuse(view.Ask, refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/backups", view)
}
