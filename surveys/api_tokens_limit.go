package surveys

import "slices"

// Scope is one kind of thing that an API token may do.
type Scope string

const (
	ScopeFigures Scope = "figures" // reach, and files of figures
	ScopeAnswers Scope = "answers" // answers, outcomes, exports
	ScopeCollect Scope = "collect" // links and paper
	ScopeManage  Scope = "manage"  // programmes, institutions, cohorts, imports
	ScopeDesign  Scope = "design"  // questionnaires
)

// Scopes lists every scope.
func Scopes() []Scope {
	return []Scope{ScopeFigures, ScopeAnswers, ScopeCollect, ScopeManage, ScopeDesign}
}

// permissionsOf states what a scope lets through, of what the account may.
var permissionsOf = map[Scope][]Permission{
	ScopeFigures: {MaySeeProgramme, MayReadFigures},
	ScopeAnswers: {MaySeeProgramme, MayReadFigures, MayReadAnswers},
	ScopeCollect: {MaySeeProgramme, MayRunLinks, MayEnterPaper},
	ScopeManage:  {MaySeeProgramme, MayManage},
	ScopeDesign:  {MaySeeProgramme, MayDesign},
}

// limit is what a token may of what its account may: a token never does more. No
// scope has MayReadConcerns.
type limit struct {
	scopes    []Scope     // none: a token from before there were scopes, which may all
	programme ProgrammeID // "": every programme of the account
}

// allows is true without a limit.
func (l *limit) allows(programme ProgrammeID, p Permission) bool {
	if l == nil {
		return true
	}
	if l.programme != "" && l.programme != programme {
		return false
	}
	if len(l.scopes) == 0 {
		return p != MayReadConcerns
	}
	return slices.ContainsFunc(l.scopes, func(scope Scope) bool { return slices.Contains(permissionsOf[scope], p) })
}

// has reports whether a scope is within the limit.
func (l *limit) has(scope Scope) bool {
	return l == nil || len(l.scopes) == 0 || slices.Contains(l.scopes, scope)
}

// ScopesWith lists the scopes that let p through.
func ScopesWith(p Permission) []Scope {
	return slices.DeleteFunc(Scopes(), func(scope Scope) bool { return !slices.Contains(permissionsOf[scope], p) })
}
