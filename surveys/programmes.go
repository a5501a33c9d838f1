package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// CreateProgramme sets p up and makes the owner who does it its administrator,
// designer, facilitator and evaluator; a safeguarding lead is named apart. It
// draws the programme's pairing key. KindForbidden for who is no owner.
func (s *Service) CreateProgramme(ctx context.Context, p Programme) (Programme, error) {
	owner, err := requireOwner(ctx)
	if err != nil {
		return p, err
	}
	if err := checkProgramme(&p); err != nil {
		return p, err
	}
	if err := s.checkQuestionnaires(ctx, p); err != nil {
		return p, err
	}
	id, err := s.newID()
	if err != nil {
		return p, err
	}
	p.ID, p.Created, p.Revision = ProgrammeID(id), s.moment(), 0
	if err := s.drawPairingKey(ctx, p.ID); err != nil {
		return p, err
	}
	if p.Revision, err = s.put(ctx, recordProgramme, id, "", "", 0, p); err != nil {
		return p, err
	}
	roles := []Role{RoleAdministrator, RoleDesigner, RoleFacilitator, RoleEvaluator}
	if err := s.grant(ctx, owner.ID, p.ID, roles); err != nil {
		return p, err
	}
	return p, s.Audit(ctx, p.ID, "programme.created", p.Name)
}

// CheckProgramme says all that is wrong with a plan before it is set up.
func CheckProgramme(p Programme) error { return checkProgramme(&p) }

// checkProgramme tidies p and refuses a plan that could not be delivered.
func checkProgramme(p *Programme) error {
	tidy(&p.Name, &p.Purpose, &p.Funder)
	p.Strands = slices.Clone(p.Strands)
	for i := range p.Strands {
		tidy(&p.Strands[i].Title, &p.Strands[i].Role, &p.Strands[i].People, &p.Strands[i].Places, &p.Strands[i].Groups)
		p.Strands[i].Variants = slices.Clone(p.Strands[i].Variants)
		for j := range p.Strands[i].Variants {
			tidy(&p.Strands[i].Variants[j].Phase)
		}
	}
	wrong, err := broken(p)
	if err != nil {
		return err
	}
	if p.From != "" && p.To != "" && p.To < p.From {
		wrong = append(wrong, questionnaire.FieldError{Control: "to", Key: "programme.ends_before_start"})
	}
	seen := make(map[StrandID]bool, len(p.Strands))
	for i, strand := range p.Strands {
		wrong = append(wrong, checkStrand(i, strand, seen[strand.ID])...)
		seen[strand.ID] = true
	}
	return refuseFields(wrong)
}

// checkStrand says what is wrong with strand i besides its validate tags.
func checkStrand(i int, strand Strand, twice bool) questionnaire.FieldErrors {
	var wrong questionnaire.FieldErrors
	refuse := func(field, key string, args ...any) {
		wrong = append(wrong, questionnaire.FieldError{Control: fmt.Sprintf("strands[%d].%s", i, field), Key: key, Args: args})
	}
	switch {
	case strand.ID == "": // its tag says so
	case !idPattern.MatchString(string(strand.ID)):
		refuse("id", "strand.bad_id", string(strand.ID))
	case twice:
		refuse("id", "strand.twice", string(strand.ID))
	}
	if id := string(strand.Questionnaire); id != "" && !idPattern.MatchString(id) {
		refuse("questionnaire", "questionnaire.bad_id", id)
	}
	for j, variant := range strand.Variants {
		control := fmt.Sprintf("variants[%d].", j)
		if id := string(variant.Questionnaire); id != "" && !idPattern.MatchString(id) {
			refuse(control+"questionnaire", "questionnaire.bad_id", id)
		}
		if slices.ContainsFunc(strand.Variants[:j], func(other StrandVariant) bool { return strings.EqualFold(other.Phase, variant.Phase) }) {
			refuse(control+"phase", "strand.variant_phase", variant.Phase)
		}
	}
	if strand.Paired() && strand.Block == "" {
		refuse("block", "strand.needs_block", strand.Title)
	}
	return wrong
}

func (s *Service) drawPairingKey(ctx context.Context, id ProgrammeID) error {
	key, err := pairing.NewKey(s.random)
	if err != nil {
		return err
	}
	_, err = s.put(ctx, recordPairingKey, string(id), string(id), "", 0, base64.StdEncoding.EncodeToString(key[:]))
	return err
}

// pairingKey returns the key under which a programme's linkage codes are hashed.
// KindNotFound once it has been destroyed.
func (s *Service) pairingKey(ctx context.Context, id ProgrammeID) (pairing.Key, error) {
	if id == trialProgramme { // hashes under it are compared within one submission, and never kept
		key := sha256.Sum256([]byte("soundings trial"))
		return pairing.KeyOf(key[:pairing.KeySize])
	}
	now := s.cache.now()
	if key, ok := s.cache.keys.get(id, now, freshness); ok {
		return key, nil
	}
	text, err := readRecord[string](ctx, s.store, recordPairingKey, string(id))
	if err != nil {
		return pairing.Key{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return pairing.Key{}, err
	}
	key, err := pairing.KeyOf(raw)
	if err == nil {
		s.cache.keys.put(id, key, now)
	}
	return key, err
}

// Programme returns one that the account may see. KindNotFound for any other.
func (s *Service) Programme(ctx context.Context, id ProgrammeID) (Programme, error) {
	if _, err := require(ctx, id, MaySeeProgramme); err != nil {
		return Programme{}, err
	}
	return readRecord[Programme](ctx, s.store, recordProgramme, string(id))
}

// Programmes lists those in which the account has a role that sees them, oldest first.
func (s *Service) Programmes(ctx context.Context) ([]Programme, error) {
	account, ok := AccountFrom(ctx)
	if !ok {
		return nil, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	all, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	return slices.DeleteFunc(all, func(p Programme) bool { return !account.May(p.ID, MaySeeProgramme) }), err
}

// CreateInstitution adds i to its programme. KindConflict: the name is taken,
// perhaps in other letters.
func (s *Service) CreateInstitution(ctx context.Context, i Institution) (Institution, error) {
	if _, err := require(ctx, i.Programme, MayManage); err != nil {
		return i, err
	}
	tidy(&i.Name, &i.Kind, &i.Phase, &i.Area)
	if err := check(i); err != nil {
		return i, err
	}
	id, err := s.newID()
	if err != nil {
		return i, err
	}
	i.ID, i.Revision = InstitutionID(id), 0
	i.Revision, err = s.put(ctx, recordInstitution, id, string(i.Programme), institutionKey(i), 0, i)
	if err != nil {
		return i, orConflict(err, "name", "institution.exists", i.Name)
	}
	return i, s.Audit(ctx, i.Programme, "institution.created", i.Name)
}

// institutionKey decides that a name is there once in a programme.
func institutionKey(i Institution) string { return string(i.Programme) + "/" + nameKey(i.Name) }

// Institutions lists a programme's institutions in the order of their creation.
func (s *Service) Institutions(ctx context.Context, id ProgrammeID) ([]Institution, error) {
	if _, err := require(ctx, id, MaySeeProgramme); err != nil {
		return nil, err
	}
	return listRecords[Institution](ctx, s.store, recordInstitution, string(id))
}

// CreateCohort adds c to its programme; its institution and strands must be the
// programme's own.
func (s *Service) CreateCohort(ctx context.Context, c Cohort) (Cohort, error) {
	if _, err := require(ctx, c.Programme, MayManage); err != nil {
		return c, err
	}
	tidy(&c.Name, &c.Phase)
	if err := s.checkCohort(ctx, c); err != nil {
		return c, err
	}
	id, err := s.newID()
	if err != nil {
		return c, err
	}
	c.ID, c.Revision = CohortID(id), 0
	if c.Revision, err = s.put(ctx, recordCohort, id, string(c.Programme), "", 0, c); err != nil {
		return c, err
	}
	return c, s.Audit(ctx, c.Programme, "cohort.created", c.Name)
}

// CheckCohort says all that is wrong with a cohort by itself, before it is added.
func CheckCohort(c Cohort) error {
	tidy(&c.Name, &c.Phase, &c.AgreedBy)
	wrong, err := broken(c)
	if err != nil {
		return err
	}
	if c.Starts != "" && c.Ends != "" && c.Ends < c.Starts {
		wrong = append(wrong, questionnaire.FieldError{Control: "ends", Key: "cohort.ends_before_start"})
	}
	if (c.AgreedBy == "") != (c.AgreedOn == "") {
		wrong = append(wrong, questionnaire.FieldError{Control: "agreed_on", Key: "cohort.agreed_needs_both"})
	}
	return refuseFields(wrong)
}

func (s *Service) checkCohort(ctx context.Context, c Cohort) error {
	if err := CheckCohort(c); err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(c.Programme))
	if err != nil {
		return err
	}
	for id := range c.Expected {
		if _, ok := p.Strand(id); !ok {
			return invalid("expected", "strand.unknown", string(id))
		}
	}
	if c.Institution == "" {
		return nil
	}
	i, err := readRecord[Institution](ctx, s.store, recordInstitution, string(c.Institution))
	if kindOfNil(err) == KindNotFound || err == nil && i.Programme != c.Programme {
		return invalid("institution", "institution.unknown", string(c.Institution))
	}
	return err
}

// Cohorts lists a programme's cohorts in the order of their creation.
func (s *Service) Cohorts(ctx context.Context, id ProgrammeID) ([]Cohort, error) {
	if _, err := require(ctx, id, MaySeeProgramme); err != nil {
		return nil, err
	}
	return listRecords[Cohort](ctx, s.store, recordCohort, string(id))
}

// Cohort returns one cohort of a programme. KindNotFound for one of another programme.
func (s *Service) Cohort(ctx context.Context, programme ProgrammeID, id CohortID) (Cohort, error) {
	if _, err := require(ctx, programme, MaySeeProgramme); err != nil {
		return Cohort{}, err
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(id))
	if err == nil && c.Programme != programme {
		return Cohort{}, notFound("cohort.not_found")
	}
	return c, orNotFound(err, "cohort.not_found")
}

// orConflict gives a KindConflict from the store its key for people.
func orConflict(err error, field, key string, args ...any) error {
	if kindOfNil(err) != KindConflict {
		return err
	}
	return &Error{Kind: KindConflict, Key: key, Args: args, Field: field, Err: err}
}

// Location is the programme's time zone; UTC if this machine does not know it.
func (p *Programme) Location() *time.Location {
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		return zone
	}
	return time.UTC
}
