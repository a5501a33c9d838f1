package app

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// countRow is how much there is of one kind in one strand, in words.
type countRow struct {
	What, Strand, N string
}

// kindWords are the kinds that a dry run and a certificate name most, in words; others
// stand as the program calls them.
var kindWords = map[surveys.RecordKind]string{
	"linkage": "Linkages (hashed codes, one a response)", "response_in_progress": "Forms begun and never sent", "open_answer": "Responses with words in them",
	"response": "Responses", "pairing_key": "Key of the linkage codes", "card": "Cards (hashed codes)", "decision": "Decisions about pairs", "resume": "Codes to go on with",
	"room_key": "Keys of shared tablets", "upload": "Files of old answers", "upload_piece": "Parts of files of old answers", "export": "Exports", "export_piece": "Parts of export files",
	"export_due": "Exports that wait", "personal": "Personal links", "contact": "Addresses", "letter": "Letters", "reading": "Readings and quotes of open answers",
	"quote_use": "Notes on where quotes were used", "summary": "Edited summaries", "keying": "Second passes over forms on paper", "mapping": "Mappings of old files",
	"job_problems": "Problems of old files", "held": "Notes on late answers", "begun": "Marks that somebody began", "room_answer": "Marks of answers on shared tablets",
	"paper_form": "Forms on paper", "doomed": "Responses to be destroyed", "job": "Imports", "job_due": "Imports that wait", "batch": "Batches of paper", "room": "Shared tablets",
	"card_set": "Sets of cards", "card_sheet": "Print runs of cards", "mailing": "Mailings (totals)", "theme": "Themes", "release": "Records of what was published",
	"taken_back": "Marks that something was taken back", "revised": "Marks of corrections", "frozen": "Kept figures", "frozen_piece": "Parts of kept figures", "workshop": "Workshops",
	"link": "Links", "cohort": "Cohorts", "institution": "Institutions", "audit": "Lines of the audit trail", "alert": "Letters to staff", "invitation": "Invitations of staff",
	"concern": "Concerns and what was done about them", "lookout": "Word lists and rules", "marked": "Notes on how far answers were looked through", "read_up_to": "Notes on how far open answers were read",
	"to_read": "Open answers to be read", "notified": "Notes on when the safeguarding lead was written to", "approach": "Requests to be contacted", "statements": "Statements", "issue": "Statements as they were published",
	"group_roles": "Roles by group", "retention_run": "Notes on how far retention is", "certificate": "Certificates", "address_key": "Check of the key for addresses",
}

func countRows(p surveys.Programme, counts []surveys.RetentionCount) []countRow {
	var rows []countRow
	for _, one := range counts {
		row := countRow{What: kindWords[one.Kind], N: thousands(one.N)}
		if row.What == "" {
			row.What = upperFirst(strings.ReplaceAll(string(one.Kind), "_", " "))
		}
		if strand, ok := p.Strand(one.Strand); ok {
			row.Strand = strand.Title
		} else {
			row.Strand = string(one.Strand)
		}
		rows = append(rows, row)
	}
	return rows
}

// dryRunView is what a step would do now.
type dryRunView struct {
	staffPage
	Step, About string
	Goes, Stay  []countRow
}

// dryRun counts what a step would destroy.
func (s *Server) dryRun(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	step := surveys.RetentionStep(c.Params("step"))
	dry, err := s.surveys.RetentionDryRun(c.UserContext(), p.ID, step)
	if err != nil {
		return err
	}
	page.Title = endingWords[step][0] + ": what would go now"
	page.Crumbs = append(page.Crumbs, crumb{"Retention", retentionPath(p.ID), false})
	return s.render(c, fiber.StatusOK, "staff/retention_dry_run", dryRunView{page, endingWords[step][0], endingWords[step][1], countRows(p, dry.Goes), countRows(p, dry.Stay)})
}

// certificateView is one certificate, as it is printed.
type certificateView struct {
	staffPage
	Of          surveys.Certificate
	What, About string
	BeganAt     string
	DoneAt      string
	GoneRows    []countRow
	KeptRows    []countRow
	Sound       bool
	File        string
}

// certificate shows a certificate of a programme.
func (s *Server) certificate(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Retention", retentionPath(p.ID), false})
	return s.showCertificate(c, page, p)
}

// oldCertificate shows owners one of a programme that may be deleted.
func (s *Server) oldCertificate(c *fiber.Ctx) error {
	page := s.staffPage(c, "", crumb{"Programmes", "/programmes", false}, crumb{"Certificates", "/certificates", false})
	return s.showCertificate(c, page, surveys.Programme{ID: surveys.ProgrammeID(c.Params("of")), Zone: "UTC"})
}

func (s *Server) showCertificate(c *fiber.Ctx, page staffPage, p surveys.Programme) error {
	cert, err := s.surveys.Certificate(c.UserContext(), p.ID, surveys.RetentionStep(c.Params("step")))
	if err != nil {
		return err
	}
	if c.Query("as") == "json" {
		c.Attachment("certificate-" + string(cert.Step) + ".json")
		body, err := json.MarshalIndent(cert, "", "  ")
		if err != nil {
			return err
		}
		return c.Type("json", "utf-8").Send(body)
	}
	page.Title = "Certificate: " + lowerFirst(endingWords[cert.Step][0])
	zone := p.Location()
	return s.render(c, fiber.StatusOK, "staff/certificate", certificateView{
		staffPage: page, Of: cert, What: endingWords[cert.Step][0], About: endingWords[cert.Step][1],
		BeganAt: cert.Began.In(zone).Format(time.DateTime) + " " + p.Zone, DoneAt: cert.Done.In(zone).Format(time.DateTime) + " " + p.Zone,
		GoneRows: countRows(p, cert.Gone), KeptRows: countRows(p, cert.Kept), Sound: cert.Sound(), File: c.Path() + "?as=json",
	})
}

// certificatesView lists the certificates of all programmes, for owners.
type certificatesView struct {
	staffPage
	Lines []certificateLine
}

type certificateLine struct{ Programme, What, Done, Hash, Address string }

// certificates lists them, those of deleted programmes too.
func (s *Server) certificates(c *fiber.Ctx) error {
	all, err := s.surveys.AllCertificates(c.UserContext())
	if err != nil {
		return err
	}
	view := certificatesView{staffPage: s.staffPage(c, "Certificates of what was destroyed", crumb{"Programmes", "/programmes", false})}
	for _, one := range all {
		view.Lines = append(view.Lines, certificateLine{one.Name, endingWords[one.Step][0], one.Done.Format(time.DateOnly), one.Hash[:16], "/certificates/" + string(one.Programme) + "/" + string(one.Step)})
	}
	return s.render(c, fiber.StatusOK, "staff/certificates", view)
}

// frozenFile sends a file of figures that were kept.
func (s *Server) frozenFile(c *fiber.Ctx) error {
	strand, profile := surveys.StrandID(c.Params("strand")), surveys.Profile(c.Params("profile"))
	part, err := s.surveys.FrozenFile(c.UserContext(), programmeID(c), strand, profile, c.Params("file"))
	if err != nil {
		return err
	}
	c.Attachment(string(strand) + "-" + string(profile) + "-" + part.Name)
	c.Set(fiber.HeaderContentType, part.Type)
	return c.Send(part.Bytes)
}
