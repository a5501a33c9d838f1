package surveys

import (
	"context"
	"slices"
	"time"
)

// Role is what an account may do in one programme.
type Role string

const (
	RoleAdministrator Role = "administrator"     // the programme's settings, and who has which role
	RoleDesigner      Role = "designer"          // questionnaires
	RoleFacilitator   Role = "facilitator"       // links and counts, no answers
	RoleEvaluator     Role = "evaluator"         // answers, outcomes, exports, quotes
	RoleSafeguarding  Role = "safeguarding_lead" // concerns only
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleAdministrator, RoleDesigner, RoleFacilitator, RoleEvaluator, RoleSafeguarding}
}

// Permission is one thing that a route or a method asks of an account.
type Permission uint8

const (
	MaySeeProgramme Permission = iota // its name, plan, cohorts and counts
	MayManage                         // settings, institutions, cohorts, roles, audit trail
	MayDesign                         // questionnaires
	MayRunLinks                       // links, QR codes, live counts
	MayReadAnswers                    // answers, outcomes, exports, readings and quotes
	MayEnterPaper                     // type in the answers of paper forms
	MayReadFigures                    // reach, and files with the published profile: figures of many, no row of anybody
	MayReadConcerns                   // what may be a disclosure, and who asked to be contacted
	permissions
)

// rolesWith states who may do what: the one table of permissions.
var rolesWith = [permissions][]Role{
	MaySeeProgramme: {RoleAdministrator, RoleDesigner, RoleFacilitator, RoleEvaluator},
	MayManage:       {RoleAdministrator},
	MayDesign:       {RoleAdministrator, RoleDesigner},
	MayRunLinks:     {RoleAdministrator, RoleFacilitator},
	MayReadAnswers:  {RoleEvaluator},
	MayEnterPaper:   {RoleFacilitator, RoleEvaluator},
	MayReadFigures:  {RoleAdministrator, RoleEvaluator},
	MayReadConcerns: {RoleSafeguarding},
}

// RolesWith lists the roles that have p.
func RolesWith(p Permission) []Role { return slices.Clone(rolesWith[p]) }

// Account is a member of staff who signs in. Owners set up programmes and
// accounts; in a programme only Roles count.
type Account struct {
	ID       AccountID              `json:"id"`
	Name     string                 `json:"name" validate:"required,max=200,line"`
	Email    string                 `json:"email" validate:"required,email,max=254"`
	Password string                 `json:"password"` // argon2id in PHC form, never shown
	Owner    bool                   `json:"owner,omitempty"`
	Roles    map[ProgrammeID][]Role `json:"roles,omitempty"`
	Created  time.Time              `json:"created"`
	Revision int64                  `json:"revision"`
}

// shown is a without its password, as it leaves the service.
func (a Account) shown() Account {
	a.Password = ""
	return a
}

func (a *Account) setRevision(n int64) { a.Revision = n }

// May reports whether a has a role with p in programme.
func (a Account) May(programme ProgrammeID, p Permission) bool {
	return slices.ContainsFunc(a.Roles[programme], func(r Role) bool {
		return slices.Contains(rolesWith[p], r)
	})
}

type accountKey struct{}

// WithAccount returns ctx with the account that acts.
func WithAccount(ctx context.Context, a Account) context.Context {
	return context.WithValue(ctx, accountKey{}, a)
}

// AccountFrom returns the account that acts in ctx, if one is signed in.
func AccountFrom(ctx context.Context) (Account, bool) {
	a, ok := ctx.Value(accountKey{}).(Account)
	return a, ok
}

// require fails with KindUnauthenticated without an account, with KindNotFound
// for an account that has no role in the programme (so that ids of others
// cannot be told from ids that do not exist), and with KindForbidden for a role
// without p.
func require(ctx context.Context, programme ProgrammeID, p Permission) (Account, error) {
	a, ok := AccountFrom(ctx)
	if !ok {
		return a, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	if len(a.Roles[programme]) == 0 {
		return a, notFound("programme.not_found")
	}
	if !a.May(programme, p) {
		return a, &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	return a, nil
}

// requireOwner fails unless the account that acts is an owner.
func requireOwner(ctx context.Context) (Account, error) {
	a, ok := AccountFrom(ctx)
	if !ok {
		return a, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	if !a.Owner {
		return a, &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	return a, nil
}
