package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// accountView is what an account sees of itself.
type accountView struct {
	staffPage
	Email    string
	Factors  factorsView // second factors and sign-in elsewhere
	Roles    []programmeRoles
	SignIns  []signInRow
	Tokens   []tokenRow
	Self     *form // name
	Move     *form // e-mail address
	Password *form
	Token    *form
	Secret   string // of the token just made; shown this once
}

// programmeRoles are the roles in one programme.
type programmeRoles struct {
	Programme, Address string
	Roles              []string
}

// signInRow is one sign-in: when, never where.
type signInRow struct {
	ID, Opened, Used string
	This             bool
}

// tokenRow is one API token, without its secret.
type tokenRow struct{ ID, Name, Whose, Scopes, Where, Created, Used, Ends string }

func tokenRowOf(t surveys.APIToken, where string) tokenRow {
	words := make([]string, 0, len(t.Scopes))
	for _, option := range scopeOptions {
		if slices.Contains(t.Scopes, surveys.Scope(option.Value)) {
			words = append(words, lowerFirst(option.Label))
		}
	}
	row := tokenRow{ID: t.ID, Name: t.Name, Scopes: cmp.Or(strings.Join(words, ", "), "everything but accounts"), Where: where, Created: t.Created.Format(time.DateOnly), Used: "never", Ends: t.Ends.Format(time.DateOnly)}
	if !t.Used.IsZero() {
		row.Used = t.Used.Format(time.DateOnly)
	}
	return row
}

// scopeOptions are the scopes of a token in words.
var scopeOptions = []choiceOption{
	{string(surveys.ScopeFigures), "Read figures", "reach, and files of figures"},
	{string(surveys.ScopeAnswers), "Read answers", "answers, outcomes, workbooks"},
	{string(surveys.ScopeCollect), "Collect", "links and paper"},
	{string(surveys.ScopeManage), "Manage", "programmes, institutions, cohorts, imports"},
	{string(surveys.ScopeDesign), "Design", "questionnaires"},
}

func (s *Server) accountView(c *fiber.Ctx) (accountView, error) {
	page := s.staffPage(c, "Your account", crumb{"Programmes", "/programmes", false})
	account, _ := surveys.AccountFrom(c.UserContext())
	view := accountView{staffPage: page, Email: account.Email}
	programmes, err := s.surveys.Programmes(c.UserContext())
	if err != nil {
		return view, err
	}
	names := map[surveys.ProgrammeID]string{}
	for _, p := range programmes {
		names[p.ID] = p.Name
		view.Roles = append(view.Roles, programmeRoles{p.Name, programmePath(p.ID), roleNames(account.Roles[p.ID])})
	}
	view.addForms(account, programmes)
	if view.SignIns, err = s.signInRows(c); err != nil {
		return view, err
	}
	tokens, err := s.surveys.APITokens(c.UserContext())
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, tokenRowOf(t, cmp.Or(names[t.Programme], "all of yours")))
	}
	if err != nil {
		return view, err
	}
	view.Factors, err = s.factorsView(c, page)
	return view, err
}

func (v *accountView) addForms(account surveys.Account, programmes []surveys.Programme) {
	page := v.staffPage
	v.Self = newForm(page, "self", "/account/name", "Change the name", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Complete: "name", Required: true, Value: account.Name},
	}})
	v.Move = newForm(page, "move", "/account/address", "Change the address", fieldset{Fields: []field{
		{Name: "email", Label: "E-mail address", Kind: "email", Complete: "email", Required: true, Value: account.Email},
		{Name: "password", Label: "Your password", Kind: "password", Complete: "current-password", Required: true},
	}})
	v.Password = newForm(page, "password", "/account/password", "Change the password", fieldset{Fields: []field{
		{Name: "old", Label: "Your password so far", Kind: "password", Complete: "current-password", Required: true},
		{Name: "password", Label: "New password", Hint: passwordHint, Kind: "password", Complete: "new-password", Required: true},
		{Name: "again", Label: "The new password again", Kind: "password", Complete: "new-password", Required: true},
	}})
	where := []choiceOption{{"", "All of yours", ""}}
	for _, p := range programmes {
		where = append(where, choiceOption{string(p.ID), p.Name, ""})
	}
	var days []choiceOption
	for _, n := range surveys.TokenDays() {
		days = append(days, choiceOption{strconv.Itoa(n), strconv.Itoa(n) + " days", ""})
	}
	v.Token = newForm(page, "token", "/account/tokens", "Create a token", fieldset{Fields: []field{
		{Name: "name", Label: "Name of the token", Hint: "What it is for, as in “nightly export”", Kind: "text", Required: true},
		{Name: "scopes", Label: "What it may do", Hint: "Never more than you may yourself, and nothing about accounts", Kind: "checkboxes", Options: scopeOptions},
		{Name: "programme", Label: "In which programme", Kind: "select", Options: where},
		{Name: "days", Label: "For how long", Kind: "select", Options: days, Value: "30"},
	}})
}

func (s *Server) signInRows(c *fiber.Ctx) ([]signInRow, error) {
	all, err := s.surveys.SignIns(c.UserContext())
	this, _ := c.Locals(signInKey).(surveys.SignIn)
	var rows []signInRow
	for _, v := range all {
		rows = append(rows, signInRow{v.ID, v.Opened.Format("2006-01-02 15:04"), v.Used.Format("2006-01-02 15") + " h", v.ID == this.ID || this.Replaced && v.CSRF == this.CSRF})
	}
	return rows, err
}

// roleNames are the roles in words, in the order of the table of roles.
func roleNames(roles []surveys.Role) []string {
	sorted := slices.Clone(roles)
	order := surveys.Roles()
	slices.SortFunc(sorted, func(a, b surveys.Role) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	names := make([]string, len(sorted))
	for i, role := range sorted {
		names[i] = roleWords[role]
	}
	return names
}

// account shows what an account may, where it is signed in, and its tokens.
func (s *Server) account(c *fiber.Ctx) error {
	view, err := s.accountView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/account", view)
}

// createToken makes an API token. Its secret is in this one answer and nowhere
// else, so there is no redirect to a page that could show it again.
func (s *Server) createToken(c *fiber.Ctx) error {
	wish := surveys.TokenWish{Name: typed(c, "name"), Programme: surveys.ProgrammeID(typed(c, "programme"))}
	for _, scope := range typedAll(c, "scopes") {
		wish.Scopes = append(wish.Scopes, surveys.Scope(scope))
	}
	wish.Days, _ = strconv.Atoi(typed(c, "days")) // 0 is refused
	secret, refusal := s.surveys.CreateAPIToken(c.UserContext(), wish)
	view, err := s.accountView(c)
	if err != nil {
		return err
	}
	view.Secret = secret
	status := fiber.StatusCreated
	if refusal != nil {
		if status, err = s.refuse(view.Token.fill(c), refusal); err != nil {
			return err
		}
	}
	return s.render(c, status, "staff/account", view)
}

// revokeToken ends an API token.
func (s *Server) revokeToken(c *fiber.Ctx) error {
	if err := s.surveys.RevokeAPIToken(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	return sees(c, "/account")
}
