package surveys

import (
	"context"
	"maps"
)

// FigureData gathers a strand's data for figures alone, with the profile that they
// are to be shown in: internal to its evaluators, published to others who may read
// figures. What is made of it for them shows no response and no answer.
func (s *Service) FigureData(ctx context.Context, programme ProgrammeID, strand StrandID) (*Dataset, Profile, error) {
	account, err := require(ctx, programme, MayReadFigures)
	if err != nil {
		return nil, ProfilePublished, err
	}
	profile := ProfilePublished
	if account.May(programme, MayReadAnswers) {
		profile = ProfileInternal
	}
	d, err := s.dataset(ctx, programme, strand)
	return d, profile, err
}

// ReachPlan is what a programme's reach is set against, and the words in which it
// is told.
type ReachPlan struct {
	Targets  Targets
	Strands  map[StrandID]StrandReach
	Revision int64 // of the programme as it was read
}

// StrandReach is the part of one strand.
type StrandReach struct {
	Target int    // people; 0: none
	People string // "parents"
	Places string // "schools"
	Groups string // "series"
}

// ReachPlanOf is what p says now.
func ReachPlanOf(p Programme) ReachPlan {
	plan := ReachPlan{Targets: p.Targets, Strands: map[StrandID]StrandReach{}, Revision: p.Revision}
	for _, strand := range p.Strands {
		plan.Strands[strand.ID] = StrandReach{strand.Target, strand.People, strand.Places, strand.Groups}
	}
	return plan
}

// SetReachPlan replaces targets and words; strands that plan does not name stay
// as they are. It is for administrators. KindInvalid: what a field says is wrong,
// beside its control ("targets.people", "strands[0].target"), or the programme
// has changed since it was read (reach.changed).
func (s *Service) SetReachPlan(ctx context.Context, id ProgrammeID, plan ReachPlan) (Programme, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return Programme{}, err
	}
	changed, err := change(ctx, s, recordProgramme, string(id), func(p *Programme) error {
		if p.Revision != plan.Revision && !plan.same(ReachPlanOf(*p)) {
			return invalid("", "reach.changed") // no KindConflict, after which it would be tried again
		}
		before := *p
		plan.put(p)
		if err := checkProgramme(p); err != nil {
			*p = before
			return err
		}
		return nil
	})
	if err != nil {
		return Programme{}, err
	}
	return changed, s.Audit(ctx, id, "reach.planned", "")
}

// same reports whether both say the same, so that a change asked for once more after
// a failure is no other's.
func (plan ReachPlan) same(other ReachPlan) bool {
	return plan.Targets == other.Targets && maps.Equal(plan.Strands, other.Strands)
}

// put writes the plan into p.
func (plan ReachPlan) put(p *Programme) {
	p.Targets = plan.Targets
	p.Strands = append([]Strand(nil), p.Strands...)
	for i := range p.Strands {
		strand := &p.Strands[i]
		if said, ok := plan.Strands[strand.ID]; ok {
			strand.Target, strand.People, strand.Places, strand.Groups = said.Target, said.People, said.Places, said.Groups
		}
	}
}
