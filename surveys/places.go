package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Standing says what a row of a sheet would do.
type Standing string

const (
	PlaceNew     Standing = "new"
	PlaceChanged Standing = "changed"
	PlaceSame    Standing = "same"
)

// PlacePlan is what one row of a sheet would make or change. Blank cells change
// nothing.
type PlacePlan struct {
	PlaceRow
	InstitutionIs Standing
	CohortIs      Standing
	Changes       []PlaceChange // of what is there already
}

// Is says what the row would do, all in all.
func (p PlacePlan) Is() Standing {
	for _, one := range []Standing{PlaceNew, PlaceChanged} {
		if p.InstitutionIs == one || p.CohortIs == one {
			return one
		}
	}
	return PlaceSame
}

// PlaceChange is one thing that would be different.
type PlaceChange struct{ Field, Before, After string }

// PlacesPlan is what a whole sheet would do.
type PlacesPlan struct {
	PlacesSheet
	Plans []PlacePlan // of Rows
}

// Counts is how many rows would make something, change something, or nothing.
func (p PlacesPlan) Counts() map[Standing]int {
	counts := map[Standing]int{}
	for _, one := range p.Plans {
		counts[one.Is()]++
	}
	return counts
}

// PlanPlaces says what a sheet of institutions would make and change in a
// programme, and what is wrong with it. Nothing is kept. It is for administrators.
func (s *Service) PlanPlaces(ctx context.Context, programme ProgrammeID, lines []SheetLine) (PlacesPlan, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return PlacesPlan{}, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return PlacesPlan{}, err
	}
	there, err := s.placesThere(ctx, programme)
	if err != nil {
		return PlacesPlan{}, err
	}
	plan := PlacesPlan{PlacesSheet: ReadPlaces(p, lines)}
	for _, row := range plan.Rows {
		one, wrong := there.plan(row)
		if wrong != nil {
			plan.Errors = append(plan.Errors, *wrong)
			continue
		}
		plan.Plans = append(plan.Plans, one)
	}
	slices.SortStableFunc(plan.Errors, func(a, b SheetError) int { return cmp.Compare(a.Row, b.Row) })
	return plan, nil
}

// placesThere is what a programme has already, and what the rows before add.
type placesThere struct {
	institutions map[string]Institution     // by name
	cohorts      map[InstitutionID][]Cohort // in the order of their creation
}

func (s *Service) placesThere(ctx context.Context, id ProgrammeID) (placesThere, error) {
	there := placesThere{map[string]Institution{}, map[InstitutionID][]Cohort{}}
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(id))
	if err != nil {
		return there, err
	}
	for _, i := range institutions {
		there.institutions[nameKey(i.Name)] = i
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(id))
	for _, c := range cohorts {
		there.cohorts[c.Institution] = append(there.cohorts[c.Institution], c)
	}
	return there, err
}

// plan says what row does to what is there.
func (t placesThere) plan(row PlaceRow) (PlacePlan, *SheetError) {
	plan := PlacePlan{PlaceRow: row, InstitutionIs: PlaceNew, CohortIs: PlaceNew}
	mine := &plan.Institution
	if i, known := t.institutions[nameKey(mine.Name)]; known {
		merged := i
		plan.Changes = mergeInstitution(&merged, *mine)
		*mine, plan.InstitutionIs = merged, standingOf(plan.Changes)
	} else {
		mine.ID = InstitutionID(idOf("institution", string(mine.Programme), nameKey(mine.Name)))
	}
	before := len(plan.Changes)
	cohort, known, wrong := t.cohortOf(row, *mine)
	if wrong != nil {
		return plan, wrong
	}
	if known {
		plan.Changes = append(plan.Changes, mergeCohort(&cohort, row.Cohort)...)
		plan.CohortIs = standingOf(plan.Changes[before:])
	}
	plan.Cohort = cohort
	t.institutions[nameKey(mine.Name)] = *mine // a later row adds a cohort to it
	return plan, nil
}

func standingOf(changes []PlaceChange) Standing {
	if len(changes) == 0 {
		return PlaceSame
	}
	return PlaceChanged
}

// cohortOf finds the cohort that a row is about, or makes the new one. A row
// that names none is about the only one there, or about one called like its
// institution.
func (t placesThere) cohortOf(row PlaceRow, at Institution) (c Cohort, known bool, wrong *SheetError) {
	all := t.cohorts[at.ID]
	name := cmp.Or(row.Cohort.Name, at.Name)
	for _, c := range all {
		if nameKey(c.Name) == nameKey(name) || row.Cohort.Name == "" && len(all) == 1 {
			return c, true, nil
		}
	}
	if row.Cohort.Name == "" && len(all) > 1 {
		return c, false, &SheetError{row.Row, "", "places.which_cohort", []any{at.Name, len(all)}}
	}
	c = row.Cohort
	c.Name, c.Institution = name, at.ID
	c.ID = CohortID(idOf("cohort", string(at.ID), nameKey(name)))
	return c, false, nil
}

// mergeInstitution puts what a row says into i, and tells what is different.
func mergeInstitution(i *Institution, row Institution) (changes []PlaceChange) {
	for _, one := range placeParts(i, &row) {
		changes = merge(changes, one.field, one.mine, *one.there)
	}
	return changes
}

func merge(changes []PlaceChange, field string, into *string, said string) []PlaceChange {
	if said == "" || said == *into {
		return changes
	}
	changes = append(changes, PlaceChange{field, *into, said})
	*into = said
	return changes
}

// mergeCohort puts what a row says into c, and tells what is different.
func mergeCohort(c *Cohort, row Cohort) (changes []PlaceChange) {
	changes = merge(changes, "starts", &c.Starts, row.Starts)
	changes = merge(changes, "ends", &c.Ends, row.Ends)
	expected := map[StrandID]int{}
	for strand, n := range c.Expected {
		expected[strand] = n
	}
	for _, strand := range sortedStrands(row.Expected) {
		if n := row.Expected[strand]; n != expected[strand] {
			changes = append(changes, PlaceChange{expectedField(strand), fmt.Sprint(expected[strand]), fmt.Sprint(n)})
			expected[strand] = n
		}
	}
	c.Expected = expected
	return changes
}

func sortedStrands(of map[StrandID]int) []StrandID {
	ids := make([]StrandID, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ImportPlaces makes and changes what a sheet of institutions says: each row one
// cohort at one institution. It may be done again, also after it was broken off:
// names decide what is there already. With goodOnly the rows without an error
// are taken and the others left out; else one error refuses the whole sheet.
// KindInvalid: places.errors, or places.nothing if no row can be taken.
func (s *Service) ImportPlaces(ctx context.Context, programme ProgrammeID, lines []SheetLine, goodOnly bool) (PlacesPlan, error) {
	plan, err := s.PlanPlaces(ctx, programme, lines)
	switch {
	case err != nil:
		return plan, err
	case len(plan.Errors) > 0 && !goodOnly:
		return plan, invalid("", "places.errors", len(plan.Errors))
	case len(plan.Plans) == 0:
		return plan, invalid("", "places.nothing")
	}
	began := s.moment()
	for i, one := range plan.Plans {
		// Lists are in the order of their creation, which is that of the sheet.
		if err := s.At(began.Add(time.Duration(i)*time.Millisecond)).keepPlace(ctx, one); err != nil {
			return plan, fmt.Errorf("row %d: %w", one.Row, err)
		}
	}
	n := plan.Counts()
	what := fmt.Sprintf("%d new, %d changed, %d as they were", n[PlaceNew], n[PlaceChanged], n[PlaceSame])
	return plan, s.Audit(ctx, programme, "institutions.imported", what)
}

// keepPlace makes or changes the institution and the cohort of one row.
func (s *Service) keepPlace(ctx context.Context, one PlacePlan) error {
	if err := s.keepInstitution(ctx, one); err != nil || one.CohortIs == PlaceSame {
		return err
	}
	if one.CohortIs == PlaceNew {
		_, err := s.put(ctx, recordCohort, string(one.Cohort.ID), string(one.Cohort.Programme), "", 0, one.Cohort)
		if kindOfNil(err) != KindConflict { // someone else sent the same sheet at the same time
			return err
		}
	}
	_, err := change(ctx, s, recordCohort, string(one.Cohort.ID), func(there *Cohort) error {
		mergeCohort(there, one.Cohort)
		return nil
	})
	return err
}

// keepInstitution makes or changes one. KindConflict: someone else has made one
// of that name meanwhile, in another way.
func (s *Service) keepInstitution(ctx context.Context, one PlacePlan) error {
	mine := one.Institution
	if one.InstitutionIs == PlaceSame {
		return nil
	}
	if one.InstitutionIs == PlaceNew {
		_, err := s.put(ctx, recordInstitution, string(mine.ID), string(mine.Programme), institutionKey(mine), 0, mine)
		if kindOfNil(err) != KindConflict {
			return err
		}
	}
	_, err := change(ctx, s, recordInstitution, string(mine.ID), func(there *Institution) error {
		mergeInstitution(there, mine)
		return nil
	})
	if kindOfNil(err) == KindNotFound {
		return &Error{Kind: KindConflict, Key: "record.changed_meanwhile", Err: err}
	}
	return err
}
