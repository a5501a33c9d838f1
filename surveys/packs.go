package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Pack says for whom links are wanted: those of Cohorts × Strands × Waves that
// the plan has. An empty list is all.
type Pack struct {
	Cohorts []CohortID
	Strands []StrandID
	Waves   []questionnaire.Wave
	Opens   time.Time // of the links that are made; zero: at once
	Closes  time.Time // zero: never
	Redate  bool      // the links that are there get Opens and Closes too
}

// Wants reports whether a link belongs to the pack.
func (p Pack) Wants(cohort CohortID, strand StrandID, wave questionnaire.Wave) bool {
	return among(p.Cohorts, cohort) && among(p.Strands, strand) && among(p.Waves, wave)
}

func among[T comparable](list []T, one T) bool { return len(list) == 0 || slices.Contains(list, one) }

// PackMade is what MakePack did.
type PackMade struct {
	Links   []Link // all of the pack, new and old: by cohort, then strand and wave of the plan
	Made    int
	Redated int
}

// MakePack makes every link of a pack that is missing; what is there already is
// used as it is. It may be done again, and by several at once: the id of a link
// is worked out from what it is for, so that the unique index decides who makes
// it. In all it reads a handful of lists, however many cohorts there are.
//
// KindInvalid names the strand whose questionnaire is not published, or retired.
func (s *Service) MakePack(ctx context.Context, programme ProgrammeID, pack Pack) (PackMade, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return PackMade{}, err
	}
	pack.Opens, pack.Closes = wholeMilliseconds(pack.Opens), wholeMilliseconds(pack.Closes)
	if !pack.Opens.IsZero() && !pack.Closes.IsZero() && !pack.Closes.After(pack.Opens) {
		return PackMade{}, invalid("closes", "link.closes_before_opening")
	}
	maker, err := s.packMaker(ctx, programme, pack)
	if err != nil {
		return PackMade{}, err
	}
	if err := maker.make(ctx); err != nil {
		return maker.done, err
	}
	if maker.done.Made+maker.done.Redated == 0 {
		return maker.done, nil
	}
	return maker.done, s.Audit(ctx, programme, "links.made", fmt.Sprintf("%d new, %d with new dates, of %d", maker.done.Made, maker.done.Redated, len(maker.done.Links)))
}

// PackLink is a link of a pack with all that a poster or a list says of it.
type PackLink struct {
	Link        Link
	Institution Institution // the zero one if the cohort is at none
	Cohort      Cohort
	Strand      Strand
	Workshop    Workshop                  // the zero one: the link is the cohort's own
	Instrument  *questionnaire.Instrument // what it asks
}

// PackLinks lists the links of a pack that are there, as MakePack hands them out,
// and counts those that are missing. Nothing is made.
func (s *Service) PackLinks(ctx context.Context, programme ProgrammeID, pack Pack) (links []PackLink, missing int, err error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return nil, 0, err
	}
	m, err := s.packMaker(ctx, programme, pack)
	if err != nil {
		return nil, 0, err
	}
	forms := map[questionnaire.ID]*questionnaire.Instrument{}
	err = m.each(func(cohort Cohort, strand Strand, place linkPlace) error {
		l, ok := m.there[place]
		if !ok {
			missing++
			return nil
		}
		id := m.questionnaire(cohort, strand)
		if forms[id] == nil {
			var err error
			if forms[id], err = s.latest(ctx, id); err != nil {
				return err
			}
		}
		one := PackLink{Link: l, Institution: m.institutions[cohort.Institution], Cohort: cohort, Strand: strand, Instrument: forms[id]}
		if i := slices.IndexFunc(m.workshops[cohort.ID], func(w Workshop) bool { return w.ID == place.workshop }); i >= 0 {
			one.Workshop = m.workshops[cohort.ID][i]
		}
		links = append(links, one)
		return nil
	})
	return links, missing, err
}

// PackLink returns one link with all that a poster says of it. KindNotFound for
// another programme's.
func (s *Service) PackLink(ctx context.Context, programme ProgrammeID, id LinkID) (PackLink, error) {
	l, err := s.Link(ctx, programme, id)
	if err != nil {
		return PackLink{}, err
	}
	inv, err := s.Invitation(ctx, l.Token)
	if err != nil {
		return PackLink{}, err
	}
	one := PackLink{Link: l, Cohort: inv.Cohort, Strand: inv.Strand, Workshop: inv.Workshop, Instrument: inv.Instrument}
	if inv.Cohort.Institution != "" {
		one.Institution, err = readRecord[Institution](ctx, s.store, recordInstitution, string(inv.Cohort.Institution))
	}
	return one, err
}

// questionnaire is what a cohort is asked in a strand.
func (m *packMaker) questionnaire(cohort Cohort, strand Strand) questionnaire.ID {
	return strand.QuestionnaireFor(cmp.Or(cohort.Phase, m.institutions[cohort.Institution].Phase))
}

// packMaker is one MakePack under way.
type packMaker struct {
	s            *Service
	done         PackMade
	pack         Pack
	programme    Programme
	cohorts      []Cohort
	institutions map[InstitutionID]Institution
	workshops    map[CohortID][]Workshop // in the order of their creation
	there        map[linkPlace]Link
	asked        map[questionnaire.ID]error // whether new links may ask it
}

// linkPlace is what a link is for.
type linkPlace struct {
	cohort   CohortID
	strand   StrandID
	wave     questionnaire.Wave
	workshop WorkshopID
}

func (l Link) place() linkPlace { return linkPlace{l.Cohort, l.Strand, l.Wave, l.Workshop} }

// id is the id of the first link for a place.
func (p linkPlace) id() LinkID {
	return LinkID(idOf("link", string(p.cohort), string(p.strand), string(p.wave), string(p.workshop)))
}

func (s *Service) packMaker(ctx context.Context, id ProgrammeID, pack Pack) (*packMaker, error) {
	m := &packMaker{
		s: s, pack: pack, institutions: map[InstitutionID]Institution{}, there: map[linkPlace]Link{},
		workshops: map[CohortID][]Workshop{}, asked: map[questionnaire.ID]error{},
	}
	var err error
	if m.programme, err = readRecord[Programme](ctx, s.store, recordProgramme, string(id)); err != nil {
		return nil, err
	}
	if m.cohorts, err = listRecords[Cohort](ctx, s.store, recordCohort, string(id)); err != nil {
		return nil, err
	}
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(id))
	if err != nil {
		return nil, err
	}
	for _, i := range institutions {
		m.institutions[i.ID] = i
	}
	links, err := listRecords[Link](ctx, s.store, recordLink, string(id))
	if err != nil {
		return nil, err
	}
	for _, l := range links { // of several for one place the oldest that is in use is handed out
		if before, twice := m.there[l.place()]; !twice || before.Withdrawn {
			m.there[l.place()] = l
		}
	}
	workshops, err := listRecords[Workshop](ctx, s.store, recordWorkshop, string(id))
	for _, w := range workshops {
		m.workshops[w.Cohort] = append(m.workshops[w.Cohort], w)
	}
	return m, err
}

// make goes through the pack: first whether all of it may be asked, so that one
// strand without a version leaves nothing half made.
func (m *packMaker) make(ctx context.Context) error {
	err := m.each(func(cohort Cohort, strand Strand, place linkPlace) error {
		if _, ok := m.there[place]; ok {
			return nil
		}
		return m.mayAsk(ctx, cohort, strand)
	})
	if err != nil {
		return err
	}
	return m.each(func(_ Cohort, _ Strand, place linkPlace) error { return m.link(ctx, place) })
}

// each visits the places of the pack: of a cohort that rates workshops its own,
// and one for each workshop, to which the cohort's link leads.
func (m *packMaker) each(visit func(Cohort, Strand, linkPlace) error) error {
	for _, cohort := range m.cohorts {
		for _, strand := range m.programme.Strands {
			for _, wave := range strand.Design.Waves() {
				if !m.pack.Wants(cohort.ID, strand.ID, wave) {
					continue
				}
				for _, workshop := range m.rated(cohort, strand) {
					if err := visit(cohort, strand, linkPlace{cohort.ID, strand.ID, wave, workshop}); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// rated lists what a cohort's links for a strand are about: "" is the cohort as
// such, and in a strand that rates follow its workshops.
func (m *packMaker) rated(cohort Cohort, strand Strand) []WorkshopID {
	all := []WorkshopID{""}
	if strand.Design != DesignRating {
		return all
	}
	for _, w := range m.workshops[cohort.ID] {
		all = append(all, w.ID)
	}
	return all
}

// mayAsk refuses a new link for a questionnaire without a version, or retired;
// each questionnaire is looked up once.
func (m *packMaker) mayAsk(ctx context.Context, cohort Cohort, strand Strand) error {
	id := m.questionnaire(cohort, strand)
	err, known := m.asked[id]
	if !known {
		if err = m.s.refuseRetired(ctx, id); err == nil {
			_, err = m.s.latest(ctx, id)
		}
		m.asked[id] = err
	}
	return err
}

// link takes the link of a place that is there, or makes it.
func (m *packMaker) link(ctx context.Context, place linkPlace) error {
	l, ok := m.there[place]
	if !ok {
		made, fresh, err := m.s.makeLink(ctx, m.programme.ID, place, m.pack.Opens, m.pack.Closes)
		if err != nil {
			return err
		}
		if l = made; fresh {
			m.done.Made++
		}
	}
	l, err := m.redate(ctx, l)
	m.done.Links = append(m.done.Links, l)
	return err
}

// redate gives a link the pack's dates, if that is wanted and they differ.
func (m *packMaker) redate(ctx context.Context, l Link) (Link, error) {
	if !m.pack.Redate || l.Opens.Equal(m.pack.Opens) && l.Closes.Equal(m.pack.Closes) {
		return l, nil
	}
	l, err := change(ctx, m.s, recordLink, string(l.ID), func(l *Link) error {
		l.Opens, l.Closes = m.pack.Opens, m.pack.Closes
		return nil
	})
	if err == nil {
		m.done.Redated++
		m.s.cache.invitations.drop(l.Token)
	}
	return l, err
}

// makeLink makes the link of a place, or returns the one that somebody else has
// just made: fresh tells which. Whoever calls has looked at what it is for.
func (s *Service) makeLink(ctx context.Context, programme ProgrammeID, place linkPlace, opens, closes time.Time) (l Link, fresh bool, err error) {
	token, err := NewToken(s.random)
	if err != nil {
		return l, false, err
	}
	l = Link{
		ID: place.id(), Token: token, Programme: programme, Strand: place.strand, Cohort: place.cohort, Wave: place.wave, Workshop: place.workshop,
		Opens: opens, Closes: closes,
	}
	l.Revision, err = s.put(ctx, recordLink, string(l.ID), string(programme), token, 0, l)
	if kindOfNil(err) == KindConflict {
		l, err = readRecord[Link](ctx, s.store, recordLink, string(l.ID))
		return l, false, err
	}
	return l, true, err
}
