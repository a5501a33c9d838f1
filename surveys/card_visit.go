package surveys

import (
	"cmp"
	"context"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// CardVisit is where the address on a card leads: the waves of one cohort × strand
// that have a link, in the order of the design.
type CardVisit struct {
	Token string
	Waves []Invitation // one a wave: the link that is open, else the one that opens next, else the last that was
	Name  string       // of the programme
	Zone  *time.Location
}

// Open lists the waves that take answers at now.
func (v CardVisit) Open(now time.Time) []Invitation {
	var open []Invitation
	for _, inv := range v.Waves {
		if inv.Link.State(now) == "open" {
			open = append(open, inv)
		}
	}
	return open
}

// CardVisit returns where the token on a card leads, whatever is open.
// KindNotFound: there are no such cards.
func (s *Service) CardVisit(ctx context.Context, token string) (CardVisit, error) {
	token = plainToken(token)
	now := s.now()
	if found, ok := s.cache.cards.get(token, now, freshness); ok {
		return found, nil
	}
	v, err := s.readCardVisit(ctx, token)
	if err == nil {
		s.cache.cards.put(token, v, now)
	}
	return v, err
}

func (s *Service) readCardVisit(ctx context.Context, token string) (v CardVisit, err error) {
	r, err := s.store.RecordByKey(ctx, recordCardSet, token)
	if err != nil {
		return v, orNotFound(err, "link.not_found")
	}
	set, err := decode[cardSet](r)
	if err != nil {
		return v, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(set.Programme))
	if err != nil {
		return v, err
	}
	links, err := listRecords[Link](ctx, s.store, recordLink, string(set.Programme))
	if err != nil {
		return v, err
	}
	v = CardVisit{Token: set.Token, Name: p.Name, Zone: p.Location()}
	strand, _ := p.Strand(set.Strand)
	for _, wave := range strand.Design.Waves() {
		best, ok := bestLink(links, set, wave, s.now())
		if !ok {
			continue
		}
		inv, err := s.Invitation(ctx, best.Token)
		if err != nil {
			return v, err
		}
		v.Waves = append(v.Waves, inv)
	}
	return v, nil
}

// bestLink is the link of a wave that a card leads to: an open one, else the one
// that opens first, else the one that closed last.
func bestLink(links []Link, set cardSet, wave questionnaire.Wave, now time.Time) (Link, bool) {
	own := slices.DeleteFunc(slices.Clone(links), func(l Link) bool {
		return l.Cohort != set.Cohort || l.Strand != set.Strand || l.Wave != wave || l.Workshop != "" || l.State(now) == "withdrawn"
	})
	if len(own) == 0 {
		return Link{}, false
	}
	order := func(l Link) int { return slices.Index([]string{"open", "not_yet", "closed"}, l.State(now)) }
	return slices.MinFunc(own, func(a, b Link) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), a.Opens.Compare(b.Opens), b.Closes.Compare(a.Closes))
	}), true
}
