package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Workshop is one delivered session of a programme, which teachers rate: one
// cohort's, on one day. The people in it are counted once, whoever rates it.
type Workshop struct {
	ID        WorkshopID  `json:"id"`
	Programme ProgrammeID `json:"programme"`
	Cohort    CohortID    `json:"cohort" validate:"required"` // whose workshop it was
	Title     string      `json:"title" validate:"required,max=200,line"`
	Date      string      `json:"date,omitempty" validate:"omitempty,datetime=2006-01-02"`
	LedBy     string      `json:"led_by,omitempty" validate:"max=200,line"`
	Attended  int         `json:"attended,omitempty" validate:"min=0,max=100000"` // people who were there, as who led it counted; 0: not said
	Created   time.Time   `json:"created"`
	Revision  int64       `json:"revision"`
}

// MostPresent is how many people can have been at a workshop, as the tag of Attended
// says too. What a rater says above it is no count.
const MostPresent = 100_000

func (w *Workshop) setRevision(n int64) { w.Revision = n }

// Present is how many people were at a workshop: as many as who led it counted,
// or else the median of what its raters said (of two the lower), so that each
// workshop counts once however many rate it, and one slip of a key does not
// decide. said is what each rater said; 0 if nobody did.
func (w Workshop) Present(said []int) int {
	if w.Attended > 0 || len(said) == 0 {
		return w.Attended
	}
	said = slices.Clone(said)
	slices.Sort(said)
	return said[(len(said)-1)/2]
}

// CreateWorkshop adds w to its programme, and its links for each strand that
// rates and whose questionnaire is published; MakePack makes those for others.
func (s *Service) CreateWorkshop(ctx context.Context, w Workshop) (Workshop, error) {
	if _, err := require(ctx, w.Programme, MayRunLinks); err != nil {
		return w, err
	}
	if err := s.checkWorkshop(ctx, &w); err != nil {
		return w, err
	}
	id, err := s.newID()
	if err != nil {
		return w, err
	}
	w.ID, w.Created, w.Revision = WorkshopID(id), s.moment(), 0
	if w.Revision, err = s.put(ctx, recordWorkshop, id, string(w.Programme), "", 0, w); err != nil {
		return w, err
	}
	if err := s.Audit(ctx, w.Programme, "workshop.created", w.Title); err != nil {
		return w, err
	}
	return w, s.linkWorkshop(ctx, w)
}

// checkWorkshop tidies w and refuses one that is not of its programme.
func (s *Service) checkWorkshop(ctx context.Context, w *Workshop) error {
	tidy(&w.Title, &w.LedBy)
	if err := check(*w); err != nil {
		return err
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(w.Cohort))
	if kindOfNil(err) == KindNotFound || err == nil && c.Programme != w.Programme {
		return invalid("cohort", "cohort.unknown", string(w.Cohort))
	}
	return err
}

// CheckWorkshop says all that is wrong with a workshop by itself.
func CheckWorkshop(w Workshop) error {
	tidy(&w.Title, &w.LedBy)
	return check(w)
}

// linkWorkshop makes the links of a new workshop that can be made now.
func (s *Service) linkWorkshop(ctx context.Context, w Workshop) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(w.Programme))
	if err != nil {
		return err
	}
	for _, strand := range p.Strands {
		if strand.Design != DesignRating {
			continue
		}
		wave := strand.Design.Waves()[0]
		err := s.checkLink(ctx, Link{Programme: w.Programme, Strand: strand.ID, Cohort: w.Cohort, Wave: wave})
		if kindOfNil(err) == KindInvalid { // not published yet, or retired
			continue
		}
		if err != nil {
			return err
		}
		if _, _, err := s.makeLink(ctx, w.Programme, linkPlace{w.Cohort, strand.ID, wave, w.ID}, time.Time{}, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// ChangeWorkshop replaces what is said of a workshop; revision is that which was
// read, so that two who change it do not overwrite each other. Its cohort stays:
// its ratings are that cohort's. KindInvalid, workshop.changed: it has changed since
// it was read.
func (s *Service) ChangeWorkshop(ctx context.Context, w Workshop) (Workshop, error) {
	before, err := s.Workshop(ctx, w.Programme, w.ID)
	if err != nil {
		return w, err
	}
	if _, err := require(ctx, w.Programme, MayRunLinks); err != nil {
		return w, err
	}
	w.Cohort, w.Created = before.Cohort, before.Created
	if err := s.checkWorkshop(ctx, &w); err != nil {
		return w, err
	}
	seen := w.Revision
	changed, err := change(ctx, s, recordWorkshop, string(w.ID), func(there *Workshop) error {
		if there.Revision != seen {
			return invalid("", "workshop.changed") // no KindConflict, after which it would be tried again
		}
		*there = w
		return nil
	})
	if err != nil {
		return w, err
	}
	return changed, s.Audit(ctx, w.Programme, "workshop.changed", w.Title)
}

// Workshops lists a programme's workshops by day, those without a day last.
func (s *Service) Workshops(ctx context.Context, id ProgrammeID) ([]Workshop, error) {
	if _, err := require(ctx, id, MaySeeProgramme); err != nil {
		return nil, err
	}
	all, err := listRecords[Workshop](ctx, s.store, recordWorkshop, string(id))
	slices.SortStableFunc(all, func(a, b Workshop) int { return cmp.Compare(dayOrder(a.Date), dayOrder(b.Date)) })
	return all, err
}

// dayOrder puts what has no day last.
func dayOrder(day string) string { return cmp.Or(day, "9999") }

// Workshop returns one of a programme's. KindNotFound for another programme's.
func (s *Service) Workshop(ctx context.Context, programme ProgrammeID, id WorkshopID) (Workshop, error) {
	if _, err := require(ctx, programme, MaySeeProgramme); err != nil {
		return Workshop{}, err
	}
	w, err := readRecord[Workshop](ctx, s.store, recordWorkshop, string(id))
	if err == nil && w.Programme != programme {
		return Workshop{}, notFound("workshop.not_found")
	}
	return w, orNotFound(err, "workshop.not_found")
}

// Raters counts the ratings of each workshop of a programme, in one query; ""
// holds what rates none.
func (s *Service) Raters(ctx context.Context, id ProgrammeID) (map[WorkshopID]int, error) {
	if _, err := require(ctx, id, MaySeeProgramme); err != nil {
		return nil, err
	}
	tallies, err := s.store.Tallies(ctx, id)
	raters := map[WorkshopID]int{}
	for _, t := range tallies {
		if t.Status == StatusSubmitted {
			raters[t.Workshop] += t.Responses
		}
	}
	return raters, err
}

// SetPresentItem says which item of a rating strand's questionnaire asks how many
// people were at the workshop; "" is none. KindInvalid: the newest version has no
// such item that is a number.
func (s *Service) SetPresentItem(ctx context.Context, programme ProgrammeID, strand StrandID, item questionnaire.ItemID) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return err
	}
	line, ok := p.Strand(strand)
	if !ok {
		return notFound("strand.not_found")
	}
	if item != "" {
		form, err := s.latest(ctx, line.Questionnaire)
		if err != nil {
			return err
		}
		if v, ok := form.Variable(item); !ok || v.Kind != questionnaire.KindNumber {
			return invalid("item", "workshop.no_number", string(item))
		}
	}
	_, err = change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		for i := range p.Strands {
			if p.Strands[i].ID == strand {
				p.Strands[i].Present = item
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, programme, "workshop.counted_by", fmt.Sprintf("%s: %s", strand, item))
}

// PresentItems lists the items of a strand's questionnaire that are numbers, by
// id: what SetPresentItem takes. None while it is not published.
func (s *Service) PresentItems(ctx context.Context, programme ProgrammeID, strand StrandID) ([]*questionnaire.Variable, error) {
	p, err := s.Programme(ctx, programme)
	if err != nil {
		return nil, err
	}
	line, ok := p.Strand(strand)
	if !ok {
		return nil, notFound("strand.not_found")
	}
	form, err := s.latest(ctx, line.Questionnaire)
	if kindOfNil(err) == KindInvalid {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var numbers []*questionnaire.Variable
	for i := range form.Variables() {
		if v := &form.Variables()[i]; v.Kind == questionnaire.KindNumber {
			numbers = append(numbers, v)
		}
	}
	return numbers, nil
}

// RatedWorkshop is one of the workshops that a cohort's link leads to.
type RatedWorkshop struct {
	Workshop Workshop
	Token    string // of the link for it
}

// RatedBy lists the workshops behind the link of a cohort in a strand that rates:
// those whose own link takes answers now and whose day has come, the latest
// first. Anyone who has the cohort's link may ask; none for any other link.
func (s *Service) RatedBy(ctx context.Context, inv Invitation) ([]RatedWorkshop, error) {
	if inv.Test || inv.Strand.Design != DesignRating || inv.Link.Workshop != "" {
		return nil, nil
	}
	workshops, err := listRecords[Workshop](ctx, s.store, recordWorkshop, string(inv.Programme.ID))
	if err != nil || len(workshops) == 0 {
		return nil, err
	}
	links, err := listRecords[Link](ctx, s.store, recordLink, string(inv.Programme.ID))
	if err != nil {
		return nil, err
	}
	tokens, now := map[WorkshopID]string{}, s.moment()
	for _, l := range links {
		if l.Workshop != "" && l.Cohort == inv.Link.Cohort && l.Strand == inv.Link.Strand && l.State(now) == "open" {
			tokens[l.Workshop] = l.Token
		}
	}
	today := now.In(inv.Programme.Location()).Format(time.DateOnly)
	var all []RatedWorkshop
	for _, w := range workshops {
		if token := tokens[w.ID]; token != "" && w.Date <= today {
			all = append(all, RatedWorkshop{w, token})
		}
	}
	slices.SortStableFunc(all, func(a, b RatedWorkshop) int { return cmp.Compare(b.Workshop.Date, a.Workshop.Date) })
	return all, nil
}
