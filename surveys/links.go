package surveys

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// CreateLink makes the address for one cohort × strand × wave. The strand must
// have that wave and a published questionnaire.
func (s *Service) CreateLink(ctx context.Context, l Link) (Link, error) {
	if _, err := require(ctx, l.Programme, MayRunLinks); err != nil {
		return l, err
	}
	l.Opens, l.Closes = wholeMilliseconds(l.Opens), wholeMilliseconds(l.Closes)
	if err := s.checkLink(ctx, l); err != nil {
		return l, err
	}
	id, err := s.newID()
	if err != nil {
		return l, err
	}
	token, err := NewToken(s.random)
	if err != nil {
		return l, err
	}
	l.ID, l.Token, l.Revision = LinkID(id), token, 0
	if l.Revision, err = s.put(ctx, recordLink, id, string(l.Programme), token, 0, l); err != nil {
		return l, err
	}
	return l, s.Audit(ctx, l.Programme, "link.created", string(l.ID))
}

// wholeMilliseconds is t as stores keep it.
func wholeMilliseconds(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func (s *Service) checkLink(ctx context.Context, l Link) error {
	if err := check(l); err != nil {
		return err
	}
	if !l.Opens.IsZero() && !l.Closes.IsZero() && !l.Closes.After(l.Opens) {
		return invalid("closes", "link.closes_before_opening")
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(l.Programme))
	if err == nil {
		err = refuseNew(p)
	}
	if err != nil {
		return err
	}
	strand, ok := p.Strand(l.Strand)
	if !ok {
		return invalid("strand", "strand.unknown", string(l.Strand))
	}
	if !slices.Contains(strand.Design.Waves(), l.Wave) {
		return invalid("wave", "link.wave_not_in_design", string(l.Wave))
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(l.Cohort))
	if kindOfNil(err) == KindNotFound || err == nil && c.Programme != l.Programme {
		return invalid("cohort", "cohort.unknown", string(l.Cohort))
	}
	if err != nil {
		return err
	}
	if err := s.checkRated(ctx, l, strand); err != nil {
		return err
	}
	phase, err := s.phaseOf(ctx, c)
	if err != nil {
		return err
	}
	id := strand.QuestionnaireFor(phase)
	if err := s.refuseRetired(ctx, id); err != nil {
		return err
	}
	_, err = s.latest(ctx, id)
	return err
}

// checkRated refuses a workshop that is not the cohort's, or that nobody rates.
func (s *Service) checkRated(ctx context.Context, l Link, strand Strand) error {
	if l.Workshop == "" {
		return nil
	}
	w, err := readRecord[Workshop](ctx, s.store, recordWorkshop, string(l.Workshop))
	if kindOfNil(err) == KindNotFound || err == nil && (w.Cohort != l.Cohort || strand.Design != DesignRating) {
		return invalid("workshop", "workshop.not_found")
	}
	return err
}

// phaseOf is the phase of a cohort, its own or that of its institution.
func (s *Service) phaseOf(ctx context.Context, c Cohort) (string, error) {
	if c.Phase != "" || c.Institution == "" {
		return c.Phase, nil
	}
	i, err := readRecord[Institution](ctx, s.store, recordInstitution, string(c.Institution))
	return i.Phase, err
}

// Links lists a programme's links in the order of their creation.
func (s *Service) Links(ctx context.Context, id ProgrammeID) ([]Link, error) {
	if _, err := require(ctx, id, MayRunLinks); err != nil {
		return nil, err
	}
	return listRecords[Link](ctx, s.store, recordLink, string(id))
}

// Link returns one of a programme's links. KindNotFound for another programme's.
func (s *Service) Link(ctx context.Context, programme ProgrammeID, id LinkID) (Link, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return Link{}, err
	}
	l, err := readRecord[Link](ctx, s.store, recordLink, string(id))
	if err == nil && l.Programme != programme {
		return Link{}, notFound("link.not_found")
	}
	return l, orNotFound(err, "link.not_found")
}

// SetLinkOpen closes a link from now on, or opens it from now on without an end.
// Phones that loaded the page before get the answer of a closed wave when they send.
func (s *Service) SetLinkOpen(ctx context.Context, programme ProgrammeID, id LinkID, open bool) (Link, error) {
	l, err := s.Link(ctx, programme, id)
	if err != nil {
		return l, err
	}
	if open && l.State(s.now()) != "open" { // a link that goes on may go on
		if err := s.refuseRetiredLink(ctx, l); err != nil {
			return l, err
		}
	}
	action, now := "link.closed", s.moment()
	if open {
		action = "link.opened"
	}
	l, err = change(ctx, s, recordLink, string(id), func(l *Link) error {
		l.setOpen(open, now)
		return nil
	})
	if err != nil {
		return l, err
	}
	s.cache.invitations.drop(l.Token)
	return l, s.Audit(ctx, programme, action, string(id))
}

// refuseRetiredLink is KindInvalid if what l asks is retired.
func (s *Service) refuseRetiredLink(ctx context.Context, l Link) error {
	inv, err := s.Invitation(ctx, l.Token)
	if err != nil {
		return err
	}
	return s.refuseRetired(ctx, inv.Instrument.Version().Questionnaire)
}

// setOpen opens or closes l at now; one that is so already keeps its times.
func (l *Link) setOpen(open bool, now time.Time) {
	state := l.State(now)
	switch {
	case !open && state != "closed" && state != "withdrawn":
		l.Closes = now
	case open && state != "open":
		l.Closes, l.Withdrawn = time.Time{}, false
		if now.Before(l.Opens) {
			l.Opens = now
		}
	}
}

// Invitation is what an open link leads to: all that a respondent's page needs.
type Invitation struct {
	Link        Link
	Programme   Programme
	Strand      Strand
	Cohort      Cohort
	Institution string   // name; "" if the cohort is at none
	Workshop    Workshop // that is rated; the zero one where the link is for none
	Instrument  *questionnaire.Instrument
	Paper       bool // a batch of paper forms: there is no link, and nothing is required
	Test        bool // a trial: say so on the page; the answers are counted nowhere

	personal string // the element that pairs who came by a personal link; "" for others
	nobody   bool   // came by a personal link that is gone: it asked for no code, and nothing pairs it
}

// withoutGaps drops what people put between the signs of a token.
var withoutGaps = strings.NewReplacer("-", "", " ", "")

func plainToken(token string) string { return strings.ToLower(withoutGaps.Replace(token)) }

// Invitation returns what token leads to, whatever the link's state: the caller
// asks Link.State. That of a trial has Test. While the store does not answer it is
// what it was within the last minutes: a form can be opened and filled in, and is
// sent later. KindNotFound: no such link.
func (s *Service) Invitation(ctx context.Context, token string) (Invitation, error) {
	token = plainToken(token)
	before, known := s.cache.invitations.get(token, s.cache.now(), staleness)
	if !known {
		return s.presentInvitation(ctx, token)
	}
	short, cancel := context.WithTimeout(ctx, stalePatience)
	defer cancel()
	inv, err := s.presentInvitation(short, token)
	if err != nil && (KindOf(err) == KindUnavailable || short.Err() != nil) {
		return before, nil
	}
	return inv, err
}

// presentInvitation is Invitation as it is now: nothing is taken on the word of
// what was.
func (s *Service) presentInvitation(ctx context.Context, token string) (Invitation, error) {
	token = plainToken(token)
	now := s.cache.now()
	if found, ok := s.cache.invitations.get(token, now, freshness); ok {
		return found, nil
	}
	inv, err := s.readInvitation(ctx, token)
	if err == nil {
		s.cache.invitations.put(token, inv, now)
	}
	return inv, err
}

func (s *Service) readInvitation(ctx context.Context, token string) (inv Invitation, err error) {
	r, err := s.store.RecordByKey(ctx, recordLink, token)
	if kindOfNil(err) == KindNotFound {
		return s.trialInvitation(ctx, token)
	}
	if err != nil {
		return inv, err
	}
	if inv.Link, err = decode[Link](r); err != nil {
		return inv, err
	}
	if inv.Programme, err = readRecord[Programme](ctx, s.store, recordProgramme, string(inv.Link.Programme)); err != nil {
		return inv, err
	}
	if ended := inv.Programme.Retention.Closed; !ended.IsZero() { // whatever its links say
		inv.Link.Closes = ended
	}
	if inv.Cohort, err = readRecord[Cohort](ctx, s.store, recordCohort, string(inv.Link.Cohort)); err != nil {
		return inv, err
	}
	phase := inv.Cohort.Phase
	if inv.Cohort.Institution != "" {
		i, err := readRecord[Institution](ctx, s.store, recordInstitution, string(inv.Cohort.Institution))
		if err != nil {
			return inv, err
		}
		inv.Institution, phase = i.Name, cmp.Or(phase, i.Phase)
	}
	if inv.Link.Workshop != "" {
		if inv.Workshop, err = readRecord[Workshop](ctx, s.store, recordWorkshop, string(inv.Link.Workshop)); err != nil {
			return inv, err
		}
	}
	inv.Strand, _ = inv.Programme.Strand(inv.Link.Strand)
	inv.Instrument, err = s.latest(ctx, inv.Strand.QuestionnaireFor(phase))
	return inv, err
}

// Progress is how many answers have come in for one cohort × strand × wave.
type Progress struct {
	Cohort     CohortID           `json:"cohort"`
	Strand     StrandID           `json:"strand"`
	Wave       questionnaire.Wave `json:"wave"`
	Submitted  int                `json:"submitted"`
	InProgress int                `json:"in_progress"`
	Expected   int                `json:"expected"`            // 0: not said
	Workshops  int                `json:"workshops,omitempty"` // that have a rating, in a strand that rates
}

// Progress counts a programme's answers, by cohort in order of creation, then
// by strand and wave of the plan.
func (s *Service) Progress(ctx context.Context, id ProgrammeID) ([]Progress, error) {
	p, err := s.Programme(ctx, id)
	if err != nil {
		return nil, err
	}
	cohorts, err := s.Cohorts(ctx, id)
	if err != nil {
		return nil, err
	}
	tallies, err := s.store.Tallies(ctx, id)
	if err != nil {
		return nil, err
	}
	counted := progressOf(tallies)
	var rows []Progress
	for _, c := range cohorts {
		for _, strand := range p.Strands {
			for _, wave := range strand.Design.Waves() {
				row := counted[linkPlace{c.ID, strand.ID, wave, ""}]
				row.Cohort, row.Strand, row.Wave, row.Expected = c.ID, strand.ID, wave, c.Expected[strand.ID]
				if row.Submitted+row.InProgress+row.Expected > 0 {
					rows = append(rows, row)
				}
			}
		}
	}
	return rows, nil
}

// progressOf adds the tallies of workshops up by cohort, strand and wave.
func progressOf(tallies []Tally) map[linkPlace]Progress {
	counted := make(map[linkPlace]Progress, len(tallies))
	for _, t := range tallies {
		place := linkPlace{t.Cohort, t.Strand, t.Wave, ""}
		row := counted[place]
		switch t.Status {
		case StatusSubmitted:
			row.Submitted += t.Responses
			if t.Workshop != "" {
				row.Workshops++
			}
		case StatusInProgress:
			row.InProgress += t.Responses
		}
		counted[place] = row
	}
	return counted
}

// SortLinks orders links by strand, then wave of the plan, oldest first.
func SortLinks(links []Link) {
	slices.SortStableFunc(links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Strand, b.Strand), cmp.Compare(waveOrder(a.Wave), waveOrder(b.Wave)))
	})
}

func waveOrder(w questionnaire.Wave) int {
	return slices.Index(DesignPrePostFollowUp.Waves(), w)
}
