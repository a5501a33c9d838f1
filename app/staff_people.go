package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// peopleView gives roles in a programme.
type peopleView struct {
	staffPage
	Members     []accountRow // who has a role here
	Invitations []invitationRow
	Elsewhere   string // name of the provider; "": nobody signs in elsewhere
	Groups      string // address of the roles by group
	Revoke      string // before an invitation's id
	Invite      *form
	Grant       *form
	Secret      *secretLink // of the link just made; shown this once
}

// accountRow is one account, with its roles in one programme where there is one.
type accountRow struct {
	Name, Email, Address string
	Owner, Inactive      bool
	Roles, ByGroup       []string
	Factor               bool // a second one
}

func (s *Server) peopleView(c *fiber.Ctx) (peopleView, error) {
	page, p, err := s.programmePage(c, "People")
	if err != nil {
		return peopleView{}, err
	}
	here := programmePath(p.ID) + "/people"
	view := peopleView{staffPage: page, Revoke: here + "/invitations/", Elsewhere: s.surveys.ProviderName(), Groups: here + "/groups",
		Invite: newForm(page, "invite", here+"/invitations", "Make the link", fieldset{Fields: []field{
			{Name: "name", Label: "Name", Kind: "text", Required: true},
			{Name: "email", Label: "E-mail address", Kind: "email", Required: true},
			{Name: "roles", Label: "Roles in this programme", Kind: "checkboxes", Options: roleOptions},
		}}),
		Grant: newForm(page, "grant", here, "Set the roles", fieldset{Fields: []field{
			{Name: "email", Label: "E-mail address of the account", Kind: "email", Required: true},
			{Name: "roles", Label: "Roles in this programme", Hint: "These replace the roles the account has here; none takes them away.", Kind: "checkboxes", Options: roleOptions},
		}})}
	if view.Invitations, err = s.invitationRows(c, p.ID); err != nil {
		return view, err
	}
	members, err := s.surveys.Members(c.UserContext(), p.ID)
	for _, a := range members {
		row := accountRowOf(a, roleNames(a.Roles[p.ID]))
		if a.Outside != nil {
			row.ByGroup = roleNames(a.Outside.Roles[p.ID])
		}
		view.Members = append(view.Members, row)
	}
	return view, err
}

// people shows who has which role.
func (s *Server) people(c *fiber.Ctx) error {
	view, err := s.peopleView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/people", view)
}

// typedRoles are the roles that are ticked.
func typedRoles(c *fiber.Ctx) []surveys.Role {
	var roles []surveys.Role
	for _, name := range typedAll(c, "roles") {
		roles = append(roles, surveys.Role(name))
	}
	return roles
}

// grant sets an account's roles in the programme.
func (s *Server) grant(c *fiber.Ctx) error {
	refusal := s.surveys.Grant(c.UserContext(), typed(c, "email"), programmeID(c), typedRoles(c))
	if refusal == nil {
		return sees(c, programmePath(programmeID(c))+"/people")
	}
	view, err := s.peopleView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Grant.fill(c), atControl(refusal, "email"))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/people", view)
}

// invitePerson makes the link with which somebody takes roles in the programme. It
// is in this one answer and nowhere else, so there is no redirect.
func (s *Server) invitePerson(c *fiber.Ctx) error {
	in := surveys.StaffInvitation{Name: typed(c, "name"), Email: typed(c, "email"), Programme: programmeID(c), Roles: typedRoles(c)}
	secret, refusal := s.surveys.Invite(c.UserContext(), in)
	view, err := s.peopleView(c)
	if err != nil {
		return err
	}
	status := fiber.StatusCreated
	if refusal != nil {
		if status, err = s.refuse(view.Invite.fill(c), refusal); err != nil {
			return err
		}
	} else {
		view.Secret = s.invitationLink(c, in, secret)
	}
	return s.render(c, status, "staff/people", view)
}

// revokePerson ends an invitation into the programme.
func (s *Server) revokePerson(c *fiber.Ctx) error {
	if err := s.surveys.RevokeInvitation(c.UserContext(), programmeID(c), c.Params("invitation")); err != nil {
		return err
	}
	return sees(c, programmePath(programmeID(c))+"/people")
}

// atControl gives an error about the whole form the control that mends it.
func atControl(err error, name string) error {
	if e, ok := err.(*surveys.Error); ok && e.Field == "" { //nolint:errorlint // only the outermost is shown
		placed := *e
		placed.Field = name
		return &placed
	}
	return err
}
