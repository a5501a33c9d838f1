package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// workshopHeadings are the headings that each field is known by.
var workshopHeadings = map[string][]string{
	"title":       {"title", "workshop", "theme", "topic", "title or theme", "name", "name of workshop", "workshop title"},
	"institution": {"institution", "school", "school name", "name of school", "institution name", "organisation", "setting", "place", "where"},
	"cohort":      {"cohort", "class", "group", "year group", "year", "series", "cohort name"},
	"date":        {"date", "day", "when", "day of the workshop", "date of workshop", "workshop date"},
	"led_by":      {"led by", "leader", "facilitator", "led", "who led it", "trainer"},
	"attended":    {"attended", "people", "people in it", "how many", "how many people", "number", "pupils", "pupils present", "present", "attendance", "number of pupils", "participants"},
}

func workshopField(heading string) string {
	for field, names := range workshopHeadings {
		if slices.Contains(names, heading) {
			return field
		}
	}
	return ""
}

// ImportWorkshops adds the workshops of a sheet, a row each, or none if anything
// is wrong: then it says what, cell by cell. A cohort is named by its institution,
// its own name, or both. A workshop of the same cohort, title and day is the same
// one: sent again, its leader and number are brought up to date.
func (s *Service) ImportWorkshops(ctx context.Context, programme ProgrammeID, lines []SheetLine) (n int, wrong []SheetError, err error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return 0, nil, err
	}
	institutions, err := listRecords[Institution](ctx, s.store, recordInstitution, string(programme))
	if err != nil {
		return 0, nil, err
	}
	cohorts, err := listRecords[Cohort](ctx, s.store, recordCohort, string(programme))
	if err != nil {
		return 0, nil, err
	}
	reader := workshopReader{programme: programme, cohorts: cohorts, at: map[InstitutionID]string{}}
	for _, i := range institutions {
		reader.at[i.ID] = nameKey(i.Name)
	}
	reader.read(lines)
	if len(reader.wrong) > 0 {
		return 0, reader.wrong, nil
	}
	began := s.moment()
	for i, w := range reader.workshops {
		if err := s.At(began.Add(time.Duration(i)*time.Millisecond)).keepWorkshop(ctx, w); err != nil {
			return i, nil, fmt.Errorf("workshop %d of the sheet: %w", i+1, err)
		}
	}
	return len(reader.workshops), nil, s.Audit(ctx, programme, "workshops.imported", fmt.Sprint(len(reader.workshops)))
}

// keepWorkshop makes a workshop with its links, or brings the one that is there up
// to date.
func (s *Service) keepWorkshop(ctx context.Context, w Workshop) error {
	w.ID, w.Created = WorkshopID(idOf("workshop", string(w.Cohort), nameKey(w.Title), w.Date)), s.moment()
	_, err := s.put(ctx, recordWorkshop, string(w.ID), string(w.Programme), "", 0, w)
	if kindOfNil(err) == KindConflict {
		_, err = change(ctx, s, recordWorkshop, string(w.ID), func(there *Workshop) error {
			if w.LedBy != "" {
				there.LedBy = w.LedBy
			}
			if w.Attended > 0 {
				there.Attended = w.Attended
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	return s.linkWorkshop(ctx, w)
}

// workshopReader reads row after row.
type workshopReader struct {
	programme ProgrammeID
	cohorts   []Cohort
	at        map[InstitutionID]string // names as they are compared
	workshops []Workshop
	wrong     []SheetError
}

func (r *workshopReader) read(lines []SheetLine) {
	at, columns, wrong := headings(lines, workshopField)
	r.wrong = wrong
	if !slices.ContainsFunc(columns, func(c SheetColumn) bool { return c.Field == "title" }) {
		r.wrong = append(r.wrong, SheetError{Key: "workshops.no_title_column"})
		return
	}
	if len(lines)-at-1 > MaxPlaces {
		r.wrong = append(r.wrong, SheetError{Key: "sheet.too_many_rows", Args: []any{MaxPlaces}})
		return
	}
	for _, line := range lines[at+1:] {
		if !line.blank() {
			r.row(columns, line)
		}
	}
	if len(r.workshops)+len(r.wrong) == 0 {
		r.wrong = append(r.wrong, SheetError{Key: "workshops.nothing"})
	}
}

// row takes one workshop, or says all that is wrong with it.
func (r *workshopReader) row(columns []SheetColumn, line SheetLine) {
	w, before := Workshop{Programme: r.programme}, len(r.wrong)
	var institution, cohort string
	heading := map[string]string{}
	refuse := func(field, key string, args ...any) {
		r.wrong = append(r.wrong, SheetError{line.Number, heading[field], key, args})
	}
	for i, column := range columns {
		text, ok := line.cell(i), true
		heading[column.Field] = column.Heading
		switch {
		case text == "":
		case column.Field == "title":
			w.Title = text
		case column.Field == "institution":
			institution = text
		case column.Field == "cohort":
			cohort = text
		case column.Field == "led_by":
			w.LedBy = text
		case column.Field == "date":
			if w.Date, ok = sheetDate(text); !ok {
				refuse("date", "places.date", Shorten(text))
			}
		case column.Field == "attended":
			if w.Attended, ok = sheetCount(text); !ok {
				refuse("attended", "places.number", Shorten(text))
			}
		}
	}
	found := r.find(institution, cohort)
	if len(found) == 1 {
		w.Cohort = found[0]
	} else {
		refuse("institution", "workshops.which_cohort", len(found))
		w.Cohort = "?"
	}
	fields, err := broken(w)
	if err != nil {
		refuse("", "places.unreadable")
	}
	for _, one := range fields {
		refuse(one.Control, one.Key, one.Args...)
	}
	if len(r.wrong) == before {
		r.workshops = append(r.workshops, w)
	}
}

// find lists the cohorts that are meant by an institution, a cohort, or both.
func (r *workshopReader) find(institution, cohort string) []CohortID {
	var found []CohortID
	if institution == "" && cohort == "" {
		return nil
	}
	for _, c := range r.cohorts {
		place := r.at[c.Institution]
		if place == "" { // at no institution: its own name may stand in either column
			place = nameKey(c.Name)
		}
		if (institution == "" || place == nameKey(institution)) && (cohort == "" || nameKey(c.Name) == nameKey(cohort)) {
			found = append(found, c.ID)
		}
	}
	return found
}
