package app

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
)

// dataView is for the requests of people about what is held on them, and for handing a
// programme over.
type dataView struct {
	staffPage
	Erased   bool
	HeldOn   *surveys.HeldOnOne
	Asked    string // address of the export that was asked for
	One      *form
	Erase    *form
	Holdings *form
}

func (s *Server) dataView(c *fiber.Ctx) (dataView, error) {
	page, p, err := s.programmePage(c, "Requests about data")
	if err != nil {
		return dataView{}, err
	}
	base := programmePath(p.ID) + "/data"
	receipt := field{Name: "receipt", Label: "Receipt", Kind: "text", Required: true, Hint: "The nine signs that were shown when the answers were sent"}
	why := field{Name: "why", Label: "Why", Kind: "text", Required: true, Hint: "Who asked, and when; stands in the audit trail"}
	view := dataView{staffPage: page, Erased: c.Query("erased") != ""}
	view.One = newForm(page, "one", base+"/one", "Show it", fieldset{Fields: []field{receipt, why}})
	view.One.More = []button{{"json", "As a file (JSON)"}}
	view.Erase = newForm(page, "erase", base+"/erase", "Erase", fieldset{Fields: []field{receipt, why,
		{Name: "sure", Label: "It is meant", Kind: "checkboxes", Options: []choiceOption{{Value: "yes", Label: "What is erased cannot be brought back"}}}}})
	more := []field{why}
	if s.surveys.KeepsAddresses() {
		more = append(more, field{Name: "addresses", Label: "Addresses", Kind: "checkboxes", Options: []choiceOption{{Value: "open", Label: "Open the sealed e-mail addresses in it"}}})
	}
	view.Holdings = newForm(page, "holdings", base+"/holdings", "Make the file", fieldset{Fields: more})
	return view, nil
}

// peopleData shows the forms.
func (s *Server) peopleData(c *fiber.Ctx) error {
	view, err := s.dataView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/people_data", view)
}

func (s *Server) dataRefused(c *fiber.Ctx, refusal error, of func(*dataView) *form) error {
	view, err := s.dataView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(of(&view).fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/people_data", view)
}

// showHeldOn shows or sends what is held on one respondent.
func (s *Server) showHeldOn(c *fiber.Ctx) error {
	on, err := s.surveys.HeldOn(c.UserContext(), programmeID(c), typed(c, "receipt"), typed(c, "why"))
	if err != nil {
		return s.dataRefused(c, atReceipt(err), func(v *dataView) *form { return v.One })
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if typed(c, "do") == "json" {
		body, err := json.MarshalIndent(on, "", "  ")
		if err != nil {
			return err
		}
		c.Attachment("held-on-" + on.Receipt + ".json")
		return c.Type("json", "utf-8").Send(body)
	}
	view, err := s.dataView(c)
	if err != nil {
		return err
	}
	view.HeldOn = &on
	return s.render(c, fiber.StatusOK, "staff/people_data", view)
}

// atReceipt puts what is wrong with a receipt beside it.
func atReceipt(err error) error {
	if surveys.KindOf(err) == surveys.KindNotFound || surveys.KindOf(err) == surveys.KindConflict {
		return atControl(err, "receipt")
	}
	return err
}

// eraseOne erases what is held on one respondent.
func (s *Server) eraseOne(c *fiber.Ctx) error {
	id := programmeID(c)
	refusal := error(&surveys.Error{Kind: surveys.KindInvalid, Key: "retention.sure", Field: "sure"})
	if len(typedAll(c, "sure")) > 0 {
		refusal = s.surveys.EraseFor(c.UserContext(), id, typed(c, "receipt"), typed(c, "why"))
	}
	if refusal != nil {
		return s.dataRefused(c, atReceipt(refusal), func(v *dataView) *form { return v.Erase })
	}
	return sees(c, programmePath(id)+"/data?erased=1")
}

// askHoldings asks for all that is held on the programme.
func (s *Server) askHoldings(c *fiber.Ctx) error {
	e, err := s.surveys.AskHoldings(c.UserContext(), programmeID(c), typed(c, "why"), len(typedAll(c, "addresses")) > 0)
	if err != nil {
		return s.dataRefused(c, err, func(v *dataView) *form { return v.Holdings })
	}
	return sees(c, exportPath(e)+"?wait=1")
}

// formatOf is a format of exports, or that of all that is held on a programme, which
// is asked for elsewhere.
func formatOf(id string) (exports.Format, bool) {
	if id == surveys.FormatHoldings {
		return exports.Format{ID: id, Name: "All that is held on the programme", About: "Each kind of record as lines of JSON, with a manifest.", Ending: "zip", Type: "application/zip", Rows: true}, true
	}
	return exports.FormatOf(id)
}
