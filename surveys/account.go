package surveys

import (
	"context"
	"fmt"
	"maps"
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
	MaySetLookout                     // what a programme looks out for in answers
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
	MaySetLookout:   {RoleAdministrator, RoleSafeguarding},
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
	Inactive bool                   `json:"inactive,omitempty"` // signs in no more; what it did keeps its name
	Roles    map[ProgrammeID][]Role `json:"roles,omitempty"`
	Factor   *Factor                `json:"factor,omitempty"`  // the second one
	Outside  *Outside               `json:"outside,omitempty"` // who it is where it signs in elsewhere
	Created  time.Time              `json:"created"`
	Revision int64                  `json:"revision"`

	limit *limit // what an API token may; nil: signed in by a browser
}

// shown is a without its password, as it leaves the service.
func (a Account) shown() Account {
	a.Password = ""
	a.hideFactor()
	return a
}

// rights stands for all that a may: another value once that changes.
func (a Account) rights() string {
	a = a.withGroups()
	parts := []string{fmt.Sprint(a.Owner)}
	for _, programme := range slices.Sorted(maps.Keys(a.Roles)) {
		parts = append(parts, string(programme))
		for _, role := range a.Roles[programme] {
			parts = append(parts, string(role))
		}
	}
	return idOf(parts...)
}

func (a *Account) setRevision(n int64) { a.Revision = n }

// May reports whether a has a role with p in programme.
func (a Account) May(programme ProgrammeID, p Permission) bool {
	return a.limit.allows(programme, p) && slices.ContainsFunc(a.Roles[programme], func(r Role) bool {
		return slices.Contains(rolesWith[p], r)
	})
}

// Owns reports whether a is an owner; a token of one needs the scope for it.
func (a Account) Owns() bool { return a.Owner && a.limit.has(ScopeManage) }

// ownsDesign reports whether a may look at and change every questionnaire.
func (a Account) ownsDesign() bool { return a.Owner && a.limit.has(ScopeDesign) }

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
	if !a.Owns() {
		return a, &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	return a, nil
}

// requirePerson fails unless somebody is signed in by a browser: no program acts on
// accounts, sign-ins and tokens.
func requirePerson(ctx context.Context) (Account, error) {
	a, ok := AccountFrom(ctx)
	if !ok {
		return a, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	if a.limit != nil {
		return a, &Error{Kind: KindForbidden, Key: "api_token.not_for_this"}
	}
	return a, nil
}

// requireOwnerPerson fails unless an owner is signed in by a browser.
func requireOwnerPerson(ctx context.Context) (Account, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return a, err
	}
	return requireOwner(ctx)
}
