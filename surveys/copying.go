package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ProgrammeCopy says what the copy of a programme is to be like.
type ProgrammeCopy struct {
	Key     string // drawn for the form: the same copy asked for again is made once
	Name    string
	From    string // first day of the new period; "" if the old one has none
	To      string
	Cohorts bool // with their expected numbers, their dates moved as the period is
	Links   bool // a new one for each, its dates moved likewise; needs Cohorts
}

// CopyProgramme makes a programme like another for its next period: purpose, plan,
// questionnaires, institutions and the roles of its people; cohorts and links if
// asked for; no answer, no decision and no address. It draws a new pairing key, so
// that nobody is followed from one year to the next. Everything the copy consists
// of has an id worked out from Key, and the programme itself comes last: asked for
// again after a failure it goes on, and nothing is there twice.
//
// It is for administrators of the programme.
func (s *Service) CopyProgramme(ctx context.Context, id ProgrammeID, plan ProgrammeCopy) (Programme, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return Programme{}, err
	}
	source, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return Programme{}, err
	}
	c, err := s.newCopying(source, plan)
	if err != nil {
		return Programme{}, err
	}
	steps := []func(context.Context) error{c.institutions}
	if plan.Cohorts {
		steps = append(steps, c.cohorts)
	}
	if plan.Cohorts && plan.Links {
		steps = append(steps, c.links)
	}
	for _, step := range append(steps, c.pairingKey, c.programme, c.roles) {
		if err := step(ctx); err != nil {
			return Programme{}, fmt.Errorf("copying a programme: %w", err)
		}
	}
	return c.made, errors.Join(s.Audit(ctx, c.made.ID, "programme.copied", source.Name), s.Audit(ctx, id, "programme.copied", c.made.Name))
}

// copying is one copy under way.
type copying struct {
	*Service
	source, made Programme
	key          string
	days         int                             // by which dates are moved
	places       map[InstitutionID]InstitutionID // old to new
	groups       map[CohortID]CohortID
}

func (s *Service) newCopying(source Programme, plan ProgrammeCopy) (*copying, error) {
	if n := len(plan.Key); n < 10 || n > 64 {
		return nil, invalid("key", "copy.key")
	}
	c := &copying{Service: s, source: source, key: string(source.ID) + "/" + plan.Key, places: map[InstitutionID]InstitutionID{}, groups: map[CohortID]CohortID{}}
	c.made = source
	c.made.Name, c.made.From, c.made.To = plan.Name, plan.From, plan.To
	c.made.ID, c.made.Created, c.made.Revision = ProgrammeID(c.idOf("programme")), s.moment(), 0
	if err := checkProgramme(&c.made); err != nil {
		return nil, err
	}
	if from, to := source.From, plan.From; from != "" && to != "" {
		a, _ := time.Parse(time.DateOnly, from)
		b, _ := time.Parse(time.DateOnly, to)
		c.days = int(b.Sub(a).Hours() / 24)
	}
	return c, nil
}

// idOf is the id of what in the copy stands for a thing of the source.
func (c *copying) idOf(of string) string {
	sum := sha256.Sum256([]byte("soundings copy\x00" + c.key + "\x00" + of))
	return hex.EncodeToString(sum[:idBytes])
}

// keepOnce stores what an earlier try may have stored.
func (c *copying) keepOnce(ctx context.Context, kind RecordKind, id, scope, key string, v any) error {
	if _, err := c.put(ctx, kind, id, scope, key, 0, v); kindOfNil(err) != KindConflict {
		return err
	}
	_, err := c.store.Record(ctx, kind, id)
	return err // of another's key: it is not there under this id
}

func (c *copying) institutions(ctx context.Context) error {
	all, err := listRecords[Institution](ctx, c.store, recordInstitution, string(c.source.ID))
	if err != nil {
		return err
	}
	for _, i := range all {
		id := c.idOf("institution " + string(i.ID))
		c.places[i.ID] = InstitutionID(id)
		i.ID, i.Programme, i.Revision = InstitutionID(id), c.made.ID, 0
		if err := c.keepOnce(ctx, recordInstitution, id, string(c.made.ID), institutionKey(i), i); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) cohorts(ctx context.Context) error {
	all, err := listRecords[Cohort](ctx, c.store, recordCohort, string(c.source.ID))
	if err != nil {
		return err
	}
	for _, one := range all {
		id := c.idOf("cohort " + string(one.ID))
		c.groups[one.ID] = CohortID(id)
		one.ID, one.Programme, one.Institution, one.Revision = CohortID(id), c.made.ID, c.places[one.Institution], 0
		one.AgreedBy, one.AgreedOn = "", "" // each year's school and parents are asked again
		one.Starts, one.Ends = c.movedDay(one.Starts), c.movedDay(one.Ends)
		if err := c.keepOnce(ctx, recordCohort, id, string(c.made.ID), "", one); err != nil {
			return err
		}
	}
	return nil
}

// links makes a link where the source has one that was not withdrawn, once for each
// cohort, strand and wave; workshops and their links stay behind.
func (c *copying) links(ctx context.Context) error {
	all, err := listRecords[Link](ctx, c.store, recordLink, string(c.source.ID))
	if err != nil {
		return err
	}
	for _, l := range all {
		cohort, ok := c.groups[l.Cohort]
		if l.Withdrawn || !ok || l.Workshop != "" { // a workshop is this year's
			continue
		}
		id := c.idOf(fmt.Sprintf("link %s %s %s", l.Cohort, l.Strand, l.Wave))
		if _, err := c.store.Record(ctx, recordLink, id); kindOfNil(err) != KindNotFound {
			if err != nil {
				return err
			}
			continue
		}
		token, err := NewToken(c.random)
		if err != nil {
			return err
		}
		l.ID, l.Token, l.Programme, l.Cohort, l.Revision = LinkID(id), token, c.made.ID, cohort, 0
		l.Opens, l.Closes = c.movedTime(l.Opens), c.movedTime(l.Closes)
		if err := c.keepOnce(ctx, recordLink, id, string(c.made.ID), token, l); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) pairingKey(ctx context.Context) error {
	err := c.drawPairingKey(ctx, c.made.ID)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

func (c *copying) programme(ctx context.Context) error {
	if err := c.keepOnce(ctx, recordProgramme, string(c.made.ID), "", "", c.made); err != nil {
		return err
	}
	made, err := readRecord[Programme](ctx, c.store, recordProgramme, string(c.made.ID))
	c.made = made
	return err
}

// roles gives everybody the role in the copy that they have in the source.
func (c *copying) roles(ctx context.Context) error {
	all, err := listRecords[Account](ctx, c.store, recordAccount, "")
	if err != nil {
		return err
	}
	for _, a := range all {
		if roles := a.Roles[c.source.ID]; len(roles) > 0 && !slices.Equal(a.Roles[c.made.ID], roles) {
			if err := c.grant(ctx, a.ID, c.made.ID, roles); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *copying) movedDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, c.days).Format(time.DateOnly)
}

// movedTime moves t by whole days on the clock of the programme's zone: what opened
// at nine opens at nine.
func (c *copying) movedTime(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(c.source.Location()).AddDate(0, 0, c.days).UTC()
}
