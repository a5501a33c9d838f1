package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// ContactsImport is a list of addresses to take in.
type ContactsImport struct {
	Programme ProgrammeID
	Strand    StrandID
	Cohort    CohortID // of rows that name none; "": each row must
	Language  string   // of rows that name none; "": the questionnaire's own
	Agreed    bool     // these people agreed to be written to; somebody says so
	Rows      []ContactRow
}

// What becomes of a row.
const (
	ContactNew     = "new"
	ContactKnown   = "known"   // the address is there; the row changes nothing
	ContactTwice   = "twice"   // an earlier row of the list has it
	ContactStopped = "stopped" // this person wants no letters from here
	ContactWrong   = "wrong"   // Problem says why
)

// ContactOutcome is what became, or would become, of one row.
type ContactOutcome struct {
	Number   int
	Masked   string // the address as it may be shown
	Cohort   string // its name
	Language string
	State    string
	Problem  *Error // of ContactWrong
}

// PreviewContacts says of each row what taking it in would do, and keeps nothing.
func (s *Service) PreviewContacts(ctx context.Context, in ContactsImport) ([]ContactOutcome, error) {
	plan, err := s.planContacts(ctx, in)
	return plan.outcomes, err
}

// AddContacts takes in every row that is new, and says of each what became of it.
// Broken off, it can be done again: what is there is known then. KindInvalid: nobody
// affirmed that these people agreed.
func (s *Service) AddContacts(ctx context.Context, in ContactsImport) ([]ContactOutcome, error) {
	plan, err := s.planContacts(ctx, in)
	if err != nil {
		return nil, err
	}
	if !in.Agreed {
		return nil, invalid("agreed", "contact.agreed")
	}
	added := 0
	for i := range plan.outcomes {
		if plan.outcomes[i].State != ContactNew {
			continue
		}
		err := s.addContact(ctx, plan.contacts[i], plan.people[i])
		switch kindOfNil(err) {
		case noKind:
			added++
		case KindConflict: // somebody else was adding it
			plan.outcomes[i].State = ContactKnown
		default:
			return nil, err
		}
	}
	return plan.outcomes, s.Audit(ctx, in.Programme, "contacts.added", fmt.Sprint(added))
}

// contactPlan is what a list comes to.
type contactPlan struct {
	outcomes []ContactOutcome
	contacts []Contact // likewise by row; empty where nothing is added
	people   []person
}

// contactDesk is what rows are checked against.
type contactDesk struct {
	in        ContactsImport
	languages []string
	names     map[CohortID]string
	byName    map[string][]CohortID
	known     map[string]bool // keys of records that are there
	stopped   map[string]bool // lookups of who wants no letters
	seen      map[string]int  // lookups in the list, with the row's number
	lookup    func(address string) string
	today     string
}

func (s *Service) planContacts(ctx context.Context, in ContactsImport) (contactPlan, error) {
	var plan contactPlan
	if _, err := require(ctx, in.Programme, MayRunLinks); err != nil {
		return plan, err
	}
	if err := s.requireAddressKey(ctx); err != nil {
		return plan, err
	}
	if len(in.Rows) == 0 {
		return plan, invalid("list", "contact.none")
	}
	if len(in.Rows) > MaxContacts {
		return plan, invalid("list", "contact.too_many", MaxContacts)
	}
	desk, err := s.contactDesk(ctx, in)
	if err != nil {
		return plan, err
	}
	for _, row := range in.Rows {
		outcome, c, p := desk.row(row)
		plan.outcomes, plan.contacts, plan.people = append(plan.outcomes, outcome), append(plan.contacts, c), append(plan.people, p)
	}
	return plan, nil
}

func (s *Service) contactDesk(ctx context.Context, in ContactsImport) (*contactDesk, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(in.Programme))
	if err == nil {
		err = refuseNew(p)
	}
	if err != nil {
		return nil, err
	}
	strand, ok := p.Strand(in.Strand)
	if !ok {
		return nil, invalid("strand", "strand.unknown", string(in.Strand))
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(in.Programme))
	if err != nil {
		return nil, err
	}
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(in.Programme))
	if err != nil {
		return nil, err
	}
	desk := &contactDesk{
		in: in, names: map[CohortID]string{}, byName: cohortsByName(cohorts, institutions), known: map[string]bool{},
		seen: map[string]int{}, lookup: s.mail.Key.lookup, today: s.moment().In(p.Location()).Format(time.DateOnly),
	}
	for _, c := range cohorts {
		desk.names[c.ID] = c.Name
	}
	if in.Cohort != "" && desk.names[in.Cohort] == "" {
		return nil, invalid("cohort", "cohort.unknown", string(in.Cohort))
	}
	if desk.languages, err = s.languagesOf(ctx, strand); err != nil {
		return nil, err
	}
	if in.Language != "" && !slices.Contains(desk.languages, in.Language) {
		return nil, invalid("language", "contact.language", in.Language)
	}
	if desk.stopped, err = s.stopped(ctx); err != nil {
		return nil, err
	}
	for r, err := range s.store.Records(ctx, recordContact, string(in.Programme)) {
		if err != nil {
			return nil, fmt.Errorf("listing contacts: %w", err)
		}
		desk.known[r.Key] = true
	}
	return desk, nil
}

// StrandLanguages are the languages that a strand can be answered in, that of its
// questionnaire first. KindInvalid: nothing is published yet.
func (s *Service) StrandLanguages(ctx context.Context, programme ProgrammeID, id StrandID) ([]string, error) {
	p, err := s.Programme(ctx, programme)
	if err != nil {
		return nil, err
	}
	strand, ok := p.Strand(id)
	if !ok {
		return nil, notFound("strand.not_found")
	}
	return s.languagesOf(ctx, strand)
}

// languagesOf are the languages that a strand can be answered in.
func (s *Service) languagesOf(ctx context.Context, strand Strand) ([]string, error) {
	var all []string
	for _, id := range strand.Questionnaires() {
		instrument, err := s.latest(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, lang := range instrument.Version().Definition.Languages {
			if !slices.Contains(all, lang) {
				all = append(all, lang)
			}
		}
	}
	return all, nil
}

// row checks one row.
func (d *contactDesk) row(row ContactRow) (ContactOutcome, Contact, person) {
	outcome := ContactOutcome{Number: row.Number, Masked: masked(row.Address), State: ContactWrong}
	wrong := func(key string, args ...any) (ContactOutcome, Contact, person) {
		outcome.Problem = &Error{Kind: KindInvalid, Key: key, Args: args}
		return outcome, Contact{}, person{}
	}
	address, err := CheckAddress(row.Address)
	if err != nil {
		return wrong("contact.address")
	}
	cohort, key, args := d.cohort(row.Cohort)
	if key != "" {
		return wrong(key, args...)
	}
	outcome.Masked, outcome.Cohort = masked(address), d.names[cohort]
	if outcome.Language, err = d.language(row.Language); err != nil {
		return wrong("contact.language", row.Language)
	}
	if len([]rune(row.Name)) > 120 || !plain(row.Name, "") {
		return wrong("contact.name")
	}
	lookup := d.lookup(address)
	outcome.State = d.state(lookup, row.Number)
	if outcome.State != ContactNew {
		return outcome, Contact{}, person{}
	}
	return outcome, Contact{
		Programme: d.in.Programme, Strand: d.in.Strand, Cohort: cohort, Language: outcome.Language, Agreed: d.today,
	}, person{Address: address, Name: row.Name}
}

// state is what becomes of a row that has nothing wrong.
func (d *contactDesk) state(lookup string, number int) string {
	first, twice := d.seen[lookup]
	if !twice {
		d.seen[lookup] = number
	}
	switch {
	case twice && first != 0:
		return ContactTwice
	case d.known[contactKey(d.in.Programme, d.in.Strand, lookup)]:
		return ContactKnown
	case d.stopped[lookup]:
		return ContactStopped
	}
	return ContactNew
}

// cohort finds the cohort of a row; key says what is wrong.
func (d *contactDesk) cohort(name string) (id CohortID, key string, args []any) {
	if name == "" {
		if d.in.Cohort == "" {
			return "", "contact.cohort_missing", nil
		}
		return d.in.Cohort, "", nil
	}
	switch found := d.byName[folded(name)]; len(found) {
	case 0:
		return "", "contact.cohort_unknown", []any{name}
	case 1:
		return found[0], "", nil
	}
	return "", "contact.cohort_several", []any{name}
}

// language is that of a row as the questionnaire calls it; it may be written as a
// tag, or as the language's name in itself or in English.
func (d *contactDesk) language(said string) (string, error) {
	if said == "" {
		return d.in.Language, nil
	}
	for _, lang := range d.languages {
		tag := language.Make(lang)
		if strings.EqualFold(lang, said) || folded(display.Self.Name(tag)) == folded(said) || folded(display.English.Tags().Name(tag)) == folded(said) {
			return lang, nil
		}
	}
	return "", errors.New("not a language of the questionnaire")
}
