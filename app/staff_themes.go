package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// themesView is the list of a programme's themes.
type themesView struct {
	staffPage
	Address string
	New     *form
	Themes  []themeView
	Into    []choiceOption // to merge into
	Base    int            // answers that were read
	Problem string
}

// themeView is one theme with how many answers are under it.
type themeView struct {
	ID, Name, Merged string
	Retired          bool
	N                int
}

// themes shows the list.
func (s *Server) themes(c *fiber.Ctx) error {
	view, err := s.themesView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/themes", view)
}

func (s *Server) themesView(c *fiber.Ctx) (themesView, error) {
	page, p, err := s.programmePage(c, "Themes of the open answers")
	if err != nil {
		return themesView{}, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Quotes", programmePath(p.ID) + "/quotes", false})
	view := themesView{staffPage: page, Address: programmePath(p.ID) + "/quotes/themes"}
	view.New = newForm(page, "theme", view.Address, "Add", fieldset{Fields: []field{{Name: "name", Label: "New theme", Hint: "As in “Calmer at home”", Kind: "text", Complete: "off"}}})
	all, err := s.surveys.Themes(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	counts, err := s.countThemes(c, &view, p.ID)
	if err != nil {
		return view, err
	}
	names := map[surveys.ThemeID]string{}
	for _, t := range all {
		names[t.ID] = t.Name
	}
	for _, t := range all {
		view.Themes = append(view.Themes, themeView{ID: string(t.ID), Name: t.Name, Merged: names[t.Into], Retired: t.Retired, N: counts[t.ID]})
		if t.Into == "" {
			view.Into = append(view.Into, choiceOption{string(t.ID), t.Name, ""})
		}
	}
	return view, nil
}

// countThemes counts the answers under each theme, over all strands.
func (s *Server) countThemes(c *fiber.Ctx, view *themesView, id surveys.ProgrammeID) (map[surveys.ThemeID]int, error) {
	strands, err := s.surveys.Quotes(c.UserContext(), id)
	counts := map[surveys.ThemeID]int{}
	for _, one := range strands {
		view.Base += one.Read
		for theme, n := range one.ByTheme {
			counts[theme] += n
		}
	}
	return counts, err
}

// changeThemes adds, renames, merges, retires or offers a theme.
func (s *Server) changeThemes(c *fiber.Ctx) error {
	id, theme := programmeID(c), surveys.ThemeID(typed(c, "theme"))
	var err error
	switch typed(c, "do") {
	case "rename":
		err = s.surveys.RenameTheme(c.UserContext(), id, theme, typed(c, "name"))
	case "merge":
		err = s.surveys.MergeTheme(c.UserContext(), id, theme, surveys.ThemeID(typed(c, "into")))
	case "retire", "offer":
		err = s.surveys.RetireTheme(c.UserContext(), id, theme, typed(c, "do") == "retire")
	default:
		_, err = s.surveys.CreateTheme(c.UserContext(), surveys.Theme{Programme: id, Name: typed(c, "name")})
	}
	if err == nil {
		return sees(c, programmePath(id)+"/quotes/themes")
	}
	view, failed := s.themesView(c)
	if failed != nil {
		return failed
	}
	if theme == "" {
		view.New.fill(c)
	}
	status, err := s.refuse(view.New, err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/themes", view)
}
