package surveys

import (
	"context"

	"soundings/surveys/redaction"
)

// KnownNames are the names that a programme knows: of its institutions, its cohorts
// and the staff who have a role in it.
func (s *Service) KnownNames(ctx context.Context, programme ProgrammeID) (redaction.Known, error) {
	var known redaction.Known
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return known, err
	}
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(programme))
	if err != nil {
		return known, err
	}
	for _, i := range institutions {
		known.Institutions = append(known.Institutions, i.Name)
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(programme))
	if err != nil {
		return known, err
	}
	for _, c := range cohorts {
		known.Cohorts = append(known.Cohorts, c.Name)
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return known, err
	}
	for _, a := range accounts {
		if len(a.withGroups().Roles[programme]) > 0 {
			known.People = append(known.People, a.Name)
		}
	}
	return known, nil
}
