package app

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// heldView lists late answers by link, without anything of their content, and takes
// files with such answers up.
type heldView struct {
	staffPage
	Address string
	Waiting int
	Links   []heldLink
	File    *form
	Problem string // why a decision was not kept
}

// heldLink is one link with the late answers that came by it.
type heldLink struct {
	ID, Name string
	Rows     []heldRow
}

// heldRow is one late response as the page shows it.
type heldRow struct {
	Response, Receipt string
	Finished, Came    string
	Waits             bool
	State, Words      string // what was decided: a class, and words
	Decided           string // by whom, when, why
	Revision          int64
	Problem, Reason   string // a refusal that needs its reason, and what was typed
}

const minute = "2006-01-02 15:04"

func (s *Server) heldView(c *fiber.Ctx) (heldView, error) {
	page, p, err := s.programmePage(c, "Late answers")
	if err != nil {
		return heldView{}, err
	}
	view := heldView{staffPage: page, Address: programmePath(p.ID) + "/held"}
	names, _, err := s.linkNames(c, p)
	if err != nil {
		return view, err
	}
	view.File = heldForm(page, view.Address, names)
	held, err := s.surveys.Held(c.UserContext(), p.ID)
	for _, h := range held {
		view.add(h, cmp.Or(names[h.Link], "A link that is not there any more"), p)
	}
	return view, err
}

// heldForm takes a file that a respondent saved.
func heldForm(page staffPage, address string, names map[surveys.LinkID]string) *form {
	options := []choiceOption{{"", "The one that the file names", ""}}
	for id, name := range names {
		options = append(options, choiceOption{string(id), name, ""})
	}
	slices.SortFunc(options[1:], func(a, b choiceOption) int { return cmp.Compare(a.Label, b.Label) })
	return newForm(page, "file", address+"/file", "Take the file up", fieldset{Fields: []field{
		{Name: "file", Label: "File that the respondent saved", Hint: "It is called soundings-….json. You are not shown what is in it.", Kind: "file", Required: true},
		{Name: "link", Label: "Link that the answers are for", Hint: "Choose one only if the file’s own is not known here any more.", Kind: "select", Options: options},
	}})
}

func (v *heldView) add(h surveys.Held, name string, p surveys.Programme) {
	i := slices.IndexFunc(v.Links, func(l heldLink) bool { return l.ID == string(h.Link) })
	if i < 0 {
		v.Links = append(v.Links, heldLink{ID: string(h.Link), Name: name})
		i = len(v.Links) - 1
	}
	row := heldRow{
		Response: string(h.Response), Receipt: h.Receipt, Revision: h.Revision, Waits: h.Status == surveys.StatusHeld,
		Finished: h.Finished.In(p.Location()).Format(minute), Came: h.Came.In(p.Location()).Format(minute),
	}
	if row.Waits {
		v.Waiting++
	}
	row.State, row.Words = heldWords(h.Status)
	if !h.Decided.At.IsZero() {
		row.Decided = h.Decided.Name + ", " + h.Decided.At.In(p.Location()).Format(minute)
		if h.Decided.Reason != "" {
			row.Decided += ": " + h.Decided.Reason
		}
	}
	v.Links[i].Rows = append(v.Links[i].Rows, row)
}

// heldWords are the class and the words of where late answers stand.
func heldWords(status surveys.Status) (class, words string) {
	switch status {
	case surveys.StatusHeld:
		return "not_yet", "waits"
	case surveys.StatusSubmitted:
		return "open", "taken in"
	case surveys.StatusWithdrawn:
		return "closed", "withdrawn by the respondent"
	}
	return "closed", "left out"
}

// held shows a programme's late answers.
func (s *Server) held(c *fiber.Ctx) error {
	view, err := s.heldView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/held", view)
}

// decideHeld takes late answers in or leaves them out.
func (s *Server) decideHeld(c *fiber.Ctx) error {
	id, take := typed(c, "response"), typed(c, "do") == "take"
	reason := typed(c, "reason")
	refusal := s.decideOne(c, surveys.ResponseID(id), take, reason)
	if refusal == nil {
		return sees(c, programmePath(programmeID(c))+"/held#l-"+id)
	}
	var e *surveys.Error
	if !errors.As(refusal, &e) || e.Kind != surveys.KindInvalid && e.Kind != surveys.KindConflict {
		return refusal
	}
	view, err := s.heldView(c)
	if err != nil {
		return err
	}
	view.blame(id, reason, s.staffSentence(e.Key, e.Args...))
	return s.render(c, outcomeOf[e.Kind].status, "staff/held", view)
}

func (s *Server) decideOne(c *fiber.Ctx, id surveys.ResponseID, take bool, reason string) error {
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	_, err = s.surveys.DecideHeld(c.UserContext(), programmeID(c), id, revision, take, reason)
	return err
}

// blame puts why a decision was not kept beside it, or above all if it is not there.
func (v *heldView) blame(id, reason, sentence string) {
	for i := range v.Links {
		for j := range v.Links[i].Rows {
			if row := &v.Links[i].Rows[j]; row.Response == id && row.Waits {
				row.Problem, row.Reason = sentence, reason
				return
			}
		}
	}
	v.Problem = sentence
}

// takeHeldFile takes up a file that a respondent saved on the phone.
func (s *Server) takeHeldFile(c *fiber.Ctx) error {
	id, refusal := s.keepHeldFile(c)
	if refusal == nil {
		return sees(c, programmePath(programmeID(c))+"/held#l-"+string(id))
	}
	view, err := s.heldView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.File.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/held", view)
}

func (s *Server) keepHeldFile(c *fiber.Ctx) (surveys.ResponseID, error) {
	raw, err := sentFile(c, "file")
	if err != nil {
		return "", err
	}
	saved, err := readHeldFile(raw)
	if err != nil {
		return "", err
	}
	r, err := s.surveys.HandInFile(c.UserContext(), programmeID(c), surveys.LinkID(typed(c, "link")), saved.token, saved.sub, saved.sent)
	var e *surveys.Error
	if errors.As(err, &e) && e.Kind == surveys.KindInvalid && e.Field != "link" {
		return "", &surveys.Error{Kind: surveys.KindInvalid, Key: "held.file_does_not_fit", Args: []any{max(1, len(e.Fields))}, Field: "file", Err: err}
	}
	return r.ID, err
}
