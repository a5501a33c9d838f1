package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// A teacher rates a workshop: from the link for it, or from the poster of the
// school, which lets the teacher choose it. The form is one screen.

// oneScript begins the form at once.
const oneScript = "respond_one.js"

// one reports whether the whole form is one screen, without a check before it is
// sent: a rating, unless conditions decide about its parts.
func (v visit) one() bool { return v.Strand.Design == surveys.DesignRating && !v.live }

// workshopsPage lets a teacher choose the workshop.
type workshopsPage struct {
	sheet
	Heading, Place string
	Workshops      []workshopLink
	Other          string // address of the form for none of them
}

// workshopLink is one workshop to rate.
type workshopLink struct{ Title, Day, Address string }

// otherControl in the address asks for the form for none of the workshops.
const otherControl = "other"

// workshopControl in the address of a personal link is the token of the chosen
// workshop's link.
const workshopControl = "workshop"

// workshopsOf are the workshops behind the link of a cohort; none if there is
// nothing to choose from, or if another one was asked for.
func (s *Server) workshopsOf(c *fiber.Ctx, v visit) (workshopsPage, error) {
	if c.Context().QueryArgs().Has(otherControl) {
		return workshopsPage{}, nil
	}
	rated, err := s.surveys.RatedBy(c.UserContext(), v.Invitation)
	if err != nil || len(rated) == 0 {
		return workshopsPage{}, err
	}
	title := s.locales.say(v.lang, "respond.which_workshop")
	more := "?lang=" + v.lang
	page := workshopsPage{sheet: s.sheet(v, title), Heading: title, Place: place(v), Other: v.path(more + "&" + otherControl)}
	if v.personal != "" {
		page.Other = personalPath + v.personal + more + "&" + otherControl
	}
	page.Shared, page.Styles = v.shared, []string{"respond_workshops.css"}
	if v.shared {
		more += "&shared"
		page.Other += "&shared"
	}
	for _, one := range rated {
		link := workshopLink{Title: one.Workshop.Title, Address: "/s/" + one.Token + more}
		if v.personal != "" {
			link.Address = personalPath + v.personal + more + "&" + workshopControl + "=" + one.Token
		}
		if one.Workshop.Date != "" {
			link.Day = s.locales.showDateText(v.lang, one.Workshop.Date)
		}
		page.Workshops = append(page.Workshops, link)
	}
	return page, nil
}

// chooseWorkshop answers with the list.
func (s *Server) chooseWorkshop(c *fiber.Ctx, page workshopsPage, err error) error {
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "respond/workshops", page)
}
