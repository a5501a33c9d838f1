package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// ContactID names a contact; it is in no response.
type ContactID string

// Contact is somebody who agreed to be written to. The address lies sealed, apart
// from the answers, and nothing here leads to them: not an id, not a time.
type Contact struct {
	ID        ContactID                    `json:"id"`
	Programme ProgrammeID                  `json:"programme"`
	Strand    StrandID                     `json:"strand"`
	Cohort    CohortID                     `json:"cohort"`
	Language  string                       `json:"language"`          // BCP 47; "": the questionnaire's own
	Sealed    []byte                       `json:"sealed"`            // who it is, under the address key
	Agreed    string                       `json:"agreed"`            // the day on which staff affirmed that the person agreed: 2026-03-02
	Replies   map[questionnaire.Wave]Reply `json:"replies,omitempty"` // by wave; absent: none
	Bounced   string                       `json:"bounced,omitempty"` // status code of the refusal; "": none
	Stopped   bool                         `json:"stopped,omitempty"` // wants no more letters
	Revision  int64                        `json:"revision"`
}

func (c *Contact) setRevision(n int64) { c.Revision = n }

// Reply is whether a contact has answered at one wave. Until the answers are kept
// Claim says which sending may, by a hash that only the contact's secret makes.
type Reply struct {
	Answered bool      `json:"answered,omitempty"`
	Claim    string    `json:"claim,omitempty"`
	Claimed  time.Time `json:"claimed,omitzero"`
}

// person is what is sealed.
type person struct {
	Address string `json:"address"`
	Name    string `json:"name,omitempty"`
	Secret  []byte `json:"secret"` // 16 random bytes, from which personal links and the linkage are made
}

// Answered reports whether c has answered at wave.
func (c Contact) Answered(wave questionnaire.Wave) bool { return c.Replies[wave].Answered }

// Writable reports whether letters may be sent to c.
func (c Contact) Writable() bool { return !c.Stopped && c.Bounced == "" }

func (s *Service) sealPerson(id ContactID, p person) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encoding a contact: %w", err)
	}
	return s.mail.Key.seal(s.random, string(id), text)
}

// personOf opens what is sealed of c.
func (s *Service) personOf(c Contact) (person, error) {
	var p person
	if err := s.mayKeepAddresses(); err != nil {
		return p, err
	}
	text, err := s.mail.Key.open(string(c.ID), c.Sealed)
	if err != nil {
		return p, &Error{Kind: KindInternal, Key: "mail.another_key", Err: fmt.Errorf("contact %s: %w", c.ID, err)}
	}
	return p, json.Unmarshal(text, &p)
}

// contactKey makes an address unique within a strand.
func contactKey(programme ProgrammeID, strand StrandID, lookup string) string {
	return string(programme) + "/" + string(strand) + "/" + lookup
}

// addContact keeps one contact. KindConflict: the address is there.
func (s *Service) addContact(ctx context.Context, c Contact, p person) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	p.Secret = make([]byte, idBytes)
	if _, err := io.ReadFull(s.random, p.Secret); err != nil {
		return fmt.Errorf("drawing a secret: %w", err)
	}
	c.ID = ContactID(id)
	if c.Sealed, err = s.sealPerson(c.ID, p); err != nil {
		return err
	}
	_, err = s.put(ctx, recordContact, id, string(c.Programme), contactKey(c.Programme, c.Strand, s.mail.Key.lookup(p.Address)), 0, c)
	return err
}

// ContactLine is one contact as lists show it.
type ContactLine struct {
	Contact
	Masked string // "j…@school.example"; "" if the key that is set does not open it
}

// Contacts lists those of a programme, in the order in which they came.
func (s *Service) Contacts(ctx context.Context, programme ProgrammeID) ([]ContactLine, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return nil, err
	}
	all, err := listRecords[Contact](ctx, s.store, recordContact, string(programme))
	lines := make([]ContactLine, len(all))
	for i, c := range all {
		lines[i].Contact = c
		if p, err := s.personOf(c); err == nil {
			lines[i].Masked = masked(p.Address)
		}
	}
	return lines, err
}

// contact returns one of a programme's. KindNotFound for another's.
func (s *Service) contact(ctx context.Context, programme ProgrammeID, id ContactID) (Contact, error) {
	c, err := readRecord[Contact](ctx, s.store, recordContact, string(id))
	if err == nil && c.Programme != programme {
		return Contact{}, notFound("contact.not_found")
	}
	return c, orNotFound(err, "contact.not_found")
}

// DeleteContact destroys one address and its personal links. Its answers stay, and
// stay paired; nothing leads to them any more.
func (s *Service) DeleteContact(ctx context.Context, programme ProgrammeID, id ContactID) error {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return err
	}
	if _, err := s.contact(ctx, programme, id); err != nil {
		return err
	}
	if err := s.destroyContact(ctx, id); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "contact.deleted", string(id))
}

// destroyContact removes the personal links, then the contact: broken off between,
// it can be done again, since the contact is still there.
func (s *Service) destroyContact(ctx context.Context, id ContactID) error {
	if err := s.deleteScope(ctx, recordPersonal, string(id)); err != nil {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordContact, string(id)); err != nil {
		return fmt.Errorf("deleting contact %s: %w", id, err)
	}
	return nil
}

// deleteScope removes all records of a kind and scope.
func (s *Service) deleteScope(ctx context.Context, kind RecordKind, scope string) error {
	var ids []string
	for r, err := range s.store.Records(ctx, kind, scope) {
		if err != nil {
			return fmt.Errorf("listing %s: %w", kind, err)
		}
		ids = append(ids, r.ID)
	}
	for _, id := range ids {
		if err := s.store.DeleteRecord(ctx, kind, id); err != nil {
			return fmt.Errorf("deleting %s: %w", kind, err)
		}
	}
	return nil
}

// DestroyContacts is the first step of retention: it destroys every address of a
// programme, every personal link, and what is known of each letter, and stops the
// mailings, which keep their totals. Responses and their linkages are not touched.
// Broken off, it can be done again. It returns how many contacts there were.
func (s *Service) DestroyContacts(ctx context.Context, programme ProgrammeID) (int, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return 0, err
	}
	if err := s.closeMailings(ctx, programme); err != nil {
		return 0, err
	}
	all, err := listRecords[Contact](ctx, s.store, recordContact, string(programme))
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		if err := s.destroyContact(ctx, c.ID); err != nil {
			return 0, err
		}
	}
	return len(all), s.Audit(ctx, programme, "contacts.deleted", fmt.Sprint(len(all)))
}

// cohortsByName finds cohorts by what a spreadsheet calls them: the cohort's name,
// or that of its institution if it is the only cohort there.
func cohortsByName(cohorts []Cohort, institutions []Institution) map[string][]CohortID {
	found := map[string][]CohortID{}
	for _, c := range cohorts {
		found[folded(c.Name)] = append(found[folded(c.Name)], c.ID)
		if i := slices.IndexFunc(institutions, func(i Institution) bool { return i.ID == c.Institution }); i >= 0 {
			place := institutions[i].Name
			found[folded(place)] = append(found[folded(place)], c.ID)
			found[folded(place+" "+c.Name)] = append(found[folded(place+" "+c.Name)], c.ID)
		}
	}
	for name := range found {
		slices.Sort(found[name])
		found[name] = slices.Compact(found[name])
	}
	return found
}
