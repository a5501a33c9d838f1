package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// StatementKind is one of the statements that a programme makes.
type StatementKind string

// The statements.
const (
	StatementAccessibility StatementKind = "accessibility" // how far everybody can use the respondents' pages; public
	StatementPrivacy       StatementKind = "privacy"       // what is kept of whom for how long; public
	StatementAssessment    StatementKind = "assessment"    // the data-protection impact assessment, for the team
)

// StatementKinds lists them.
func StatementKinds() []StatementKind {
	return []StatementKind{StatementAccessibility, StatementPrivacy, StatementAssessment}
}

// Basis is the lawful basis of a programme, in the words of the UK GDPR, article 6.
type Basis string

// The bases that a programme of this kind has.
const (
	BasisTask      Basis = "public_task"
	BasisInterests Basis = "legitimate_interests"
	BasisConsent   Basis = "consent"
)

// Statements are what people said for a programme's statements: who is responsible,
// and paragraphs in their own words. Paragraphs that nobody changed are not here; they
// follow what the programme is set up to do.
type Statements struct {
	Controller string                 `json:"controller,omitempty" validate:"max=200,line"` // the organisation that is responsible
	Contact    string                 `json:"contact,omitempty" validate:"max=200,line"`    // how to reach it
	Officer    string                 `json:"officer,omitempty" validate:"max=200,line"`    // the data protection officer
	Basis      Basis                  `json:"basis,omitempty" validate:"omitempty,oneof=public_task legitimate_interests consent"`
	Authority  string                 `json:"authority,omitempty" validate:"max=200,line"` // where to complain
	Edits      map[string]SummaryEdit `json:"edits,omitempty" validate:"max=400,dive,keys,max=120,line,endkeys"`
	Revision   int64                  `json:"-"`
}

func (s *Statements) setRevision(n int64) { s.Revision = n }

// EditKey names a paragraph of a statement in one language.
func EditKey(kind StatementKind, paragraph, lang string) string {
	return string(kind) + "/" + paragraph + "@" + lang
}

// StatementPart is one paragraph of a statement as it is read.
type StatementPart struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"` // over it; "" continues
	Text  string `json:"text"`
	Lang  string `json:"lang"`
}

// Issue is a statement as it was published: frozen, in every language.
type Issue struct {
	Kind     StatementKind              `json:"kind"`
	Number   int                        `json:"number"` // 1, 2, …
	At       time.Time                  `json:"at"`
	By       AccountID                  `json:"by"`
	Name     string                     `json:"name"` // of By
	Parts    map[string][]StatementPart `json:"parts"`
	Revision int64                      `json:"-"`
}

func (i *Issue) setRevision(n int64) { i.Revision = n }

// Statements returns what people said for a programme's statements. It is for
// administrators.
func (s *Service) Statements(ctx context.Context, programme ProgrammeID) (Statements, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return Statements{}, err
	}
	return s.statements(ctx, programme)
}

func (s *Service) statements(ctx context.Context, programme ProgrammeID) (Statements, error) {
	said, err := readRecord[Statements](ctx, s.store, recordStatements, string(programme))
	if kindOfNil(err) == KindNotFound {
		return Statements{}, nil
	}
	return said, err
}

// SaveStatements keeps what was said, over the revision that was read. An edit that
// says what was proposed is none. KindConflict: somebody else saved meanwhile.
func (s *Service) SaveStatements(ctx context.Context, programme ProgrammeID, said Statements) error {
	before, err := s.Statements(ctx, programme)
	if err != nil {
		return err
	}
	if before.Revision != said.Revision {
		return &Error{Kind: KindConflict, Key: "statement.changed_meanwhile"}
	}
	tidy(&said.Controller, &said.Contact, &said.Officer, &said.Authority)
	signed := Summary{Edits: said.Edits}
	s.sign(ctx, &signed, Summary{Edits: before.Edits})
	said.Edits = signed.Edits
	if err := check(said); err != nil {
		return err
	}
	if err := s.Audit(ctx, programme, "statements.edited", fmt.Sprintf("%d paragraphs", len(said.Edits))); err != nil {
		return err
	}
	_, err = s.put(ctx, recordStatements, string(programme), string(programme), "", said.Revision, said)
	if kindOfNil(err) == KindConflict {
		return &Error{Kind: KindConflict, Key: "statement.changed_meanwhile", Err: err}
	}
	return err
}

// PublishStatement freezes a statement as it reads now and numbers it. parts are by
// language. Asked twice at once, each gets a number of its own.
func (s *Service) PublishStatement(ctx context.Context, programme ProgrammeID, kind StatementKind, parts map[string][]StatementPart) (Issue, error) {
	account, err := require(ctx, programme, MayManage)
	if err != nil {
		return Issue{}, err
	}
	if !slices.Contains(StatementKinds(), kind) || len(parts) == 0 {
		return Issue{}, notFound("page.not_found")
	}
	for range tries {
		all, err := s.issues(ctx, programme, kind)
		if err != nil {
			return Issue{}, err
		}
		issue := Issue{Kind: kind, Number: len(all) + 1, At: s.moment(), By: account.ID, Name: account.Name, Parts: parts}
		id := fmt.Sprintf("%s/%s/%d", programme, kind, issue.Number)
		_, err = s.put(ctx, recordIssue, id, string(programme), "", 0, issue)
		if kindOfNil(err) == KindConflict {
			continue
		}
		if err != nil {
			return Issue{}, err
		}
		return issue, s.Audit(ctx, programme, "statement.published", fmt.Sprintf("%s %d", kind, issue.Number))
	}
	return Issue{}, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// Issues lists what was published of a kind, oldest first.
func (s *Service) Issues(ctx context.Context, programme ProgrammeID, kind StatementKind) ([]Issue, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return nil, err
	}
	return s.issues(ctx, programme, kind)
}

func (s *Service) issues(ctx context.Context, programme ProgrammeID, kind StatementKind) ([]Issue, error) {
	all, err := listRecords[Issue](ctx, s.store, recordIssue, string(programme))
	all = slices.DeleteFunc(all, func(i Issue) bool { return i.Kind != kind })
	slices.SortFunc(all, func(a, b Issue) int { return a.Number - b.Number })
	return all, err
}

// ShownStatement is what whoever has a link may read of a kind: what was published
// last, if anything was, and what people said so far. The assessment is the team's own.
func (s *Service) ShownStatement(ctx context.Context, inv Invitation, kind StatementKind) (Issue, Statements, error) {
	if kind == StatementAssessment || inv.Test {
		return Issue{}, Statements{}, notFound("page.not_found")
	}
	all, err := s.issues(ctx, inv.Programme.ID, kind)
	if err != nil {
		return Issue{}, Statements{}, err
	}
	if len(all) > 0 {
		return all[len(all)-1], Statements{}, nil
	}
	said, err := s.statements(ctx, inv.Programme.ID)
	return Issue{}, said, err
}
