package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// CoreDisagreement is something that two questionnaires say differently of an item
// that they share by its id.
type CoreDisagreement struct {
	A, B questionnaire.ID
	questionnaire.Disagreement
}

// CheckCore compares the newest versions of questionnaires that are to be variants
// of each other, and lists what their shared items do not agree in, in the order of
// the first of each two. It is for owners and designers of any programme.
// KindNotFound: one of them has no version.
func (s *Service) CheckCore(ctx context.Context, ids ...questionnaire.ID) ([]CoreDisagreement, error) {
	if err := requireDesigns(ctx); err != nil {
		return nil, err
	}
	instruments := make([]*questionnaire.Instrument, len(ids))
	for i, id := range ids {
		var err error
		if instruments[i], err = s.Questionnaire(ctx, id); err != nil {
			return nil, err
		}
	}
	return disagreements(instruments), nil
}

func disagreements(instruments []*questionnaire.Instrument) []CoreDisagreement {
	var all []CoreDisagreement
	for i, a := range instruments {
		for _, b := range instruments[i+1:] {
			for _, d := range questionnaire.Disagreements(a, b) {
				all = append(all, CoreDisagreement{a.Version().Questionnaire, b.Version().Questionnaire, d})
			}
		}
	}
	return all
}

// checkQuestionnaires refuses a plan whose questionnaires are retired, or whose
// variants could not be counted together. One that is not published yet is
// looked at when it is.
func (s *Service) checkQuestionnaires(ctx context.Context, p Programme) error {
	for i, strand := range p.Strands {
		var published []*questionnaire.Instrument
		for _, id := range strand.Questionnaires() {
			if err := s.refuseRetired(ctx, id); err != nil {
				return err
			}
			newest, err := s.latest(ctx, id)
			if kindOfNil(err) == KindInvalid {
				continue
			}
			if err != nil {
				return err
			}
			published = append(published, newest)
		}
		if err := refuseCore(strand, fmt.Sprintf("strands[%d].variants", i), published); err != nil {
			return err
		}
	}
	return nil
}

// refuseCore is KindInvalid if answers to the questionnaires of a strand could not
// be counted together.
func refuseCore(strand Strand, field string, instruments []*questionnaire.Instrument) error {
	var words []string
	for _, d := range disagreements(instruments) {
		if !d.Pools {
			words = append(words, fmt.Sprintf("%s (%s): %s in %s, %s in %s", d.ID, d.Field, d.InA, d.A, d.InB, d.B))
		}
	}
	if len(words) == 0 {
		return nil
	}
	return invalid(field, "strand.core", strand.Title, strings.Join(words, "; "))
}

// keepsCore refuses a version that would no longer agree with those that it is a
// variant of, in any programme.
func (s *Service) keepsCore(ctx context.Context, v questionnaire.Version) error {
	programmes, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	if err != nil {
		return err
	}
	for _, p := range programmes {
		for _, strand := range p.Strands {
			if len(strand.Variants) == 0 || !slices.Contains(strand.Questionnaires(), v.Questionnaire) {
				continue
			}
			if err := s.keepsCoreOf(ctx, strand, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) keepsCoreOf(ctx context.Context, strand Strand, v questionnaire.Version) error {
	next, err := questionnaire.Compile(v)
	if err != nil {
		return err
	}
	for _, id := range strand.Questionnaires() {
		if id == v.Questionnaire {
			continue
		}
		other, err := s.latest(ctx, id)
		if kindOfNil(err) == KindInvalid {
			continue
		}
		if err != nil {
			return err
		}
		if err := refuseCore(strand, "definition", []*questionnaire.Instrument{next, other}); err != nil {
			return err
		}
	}
	return nil
}
