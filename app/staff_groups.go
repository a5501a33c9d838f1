package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// groupsView says which groups at the provider have which roles in a programme.
type groupsView struct {
	staffPage
	Provider string // "": nobody signs in elsewhere
	People   string // address of the page
	Groups   []groupRoleRow
	Members  []groupMemberRow
	Set      *form
}

// groupRoleRow is one group with its roles.
type groupRoleRow struct {
	Group string
	Roles []string
}

// groupMemberRow is somebody who has roles by group now.
type groupMemberRow struct {
	Name, Email, Seen string
	Roles             []string
}

func (s *Server) groupsView(c *fiber.Ctx) (groupsView, error) {
	page, p, err := s.programmePage(c, "Roles by group")
	if err != nil {
		return groupsView{}, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"People", programmePath(p.ID) + "/people", false})
	view := groupsView{staffPage: page, Provider: s.surveys.ProviderName(), People: programmePath(p.ID) + "/people"}
	view.Set = newForm(page, "group", c.Path(), "Set the roles", fieldset{Fields: []field{
		{Name: "group", Label: "Group", Hint: "As the provider names it: a name, or with Entra ID the group’s object id.", Kind: "text", Required: true},
		{Name: "roles", Label: "Roles of its members", Hint: "These replace the roles the group has here; none takes the group away.", Kind: "checkboxes", Options: roleOptions},
	}})
	groups, err := s.surveys.GroupRoles(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	for _, g := range groups {
		view.Groups = append(view.Groups, groupRoleRow{g.Group, roleNames(g.Roles)})
	}
	members, err := s.surveys.GroupMembers(c.UserContext(), p.ID)
	for _, m := range members {
		view.Members = append(view.Members, groupMemberRow{m.Account.Name, m.Account.Email, m.Seen.Format(time.DateOnly), roleNames(m.Roles)})
	}
	return view, err
}

// groupRoles shows which groups have which roles.
func (s *Server) groupRoles(c *fiber.Ctx) error {
	view, err := s.groupsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/groups", view)
}

// setGroupRoles sets the roles of a group.
func (s *Server) setGroupRoles(c *fiber.Ctx) error {
	group := surveys.GroupRoles{Group: typed(c, "group")}
	for _, name := range typedAll(c, "roles") {
		group.Roles = append(group.Roles, surveys.Role(name))
	}
	refusal := s.surveys.SetGroupRoles(c.UserContext(), programmeID(c), group)
	if refusal == nil {
		return sees(c, c.Path())
	}
	view, err := s.groupsView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Set.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/groups", view)
}
