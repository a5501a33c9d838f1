package surveys_test

import (
	"strings"
	"testing"

	"soundings/surveys"
)

func TestCreateProgrammeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := func(change func(*surveys.Strand)) func(*surveys.Programme) {
		return func(p *surveys.Programme) { change(&p.Strands[0]) }
	}
	for _, tt := range []struct {
		name   string
		change func(*surveys.Programme)
		field  string
	}{
		{"no name", func(p *surveys.Programme) { p.Name = "" }, "name"},
		{"blank name", func(p *surveys.Programme) { p.Name = " \t" }, "name"},
		{"long name", func(p *surveys.Programme) { p.Name = strings.Repeat("é", 201) }, "name"},
		{"name with a control character", func(p *surveys.Programme) { p.Name = "Calm\x00" }, "name"},
		{"name of two lines", func(p *surveys.Programme) { p.Name = "Calm\nschools" }, "name"},
		{"name that is not UTF-8", func(p *surveys.Programme) { p.Name = "Calm\xff" }, "name"},
		{"long purpose", func(p *surveys.Programme) { p.Purpose = strings.Repeat("a", 2001) }, "purpose"},
		{"long funder", func(p *surveys.Programme) { p.Funder = strings.Repeat("a", 201) }, "funder"},
		{"no zone", func(p *surveys.Programme) { p.Zone = "" }, "zone"},
		{"unknown zone", func(p *surveys.Programme) { p.Zone = "Europe/Atlantis" }, "zone"},
		{"the machine's zone", func(p *surveys.Programme) { p.Zone = "Local" }, "zone"},
		{"a day that does not exist", func(p *surveys.Programme) { p.From = "2026-02-30" }, "from"},
		{"a date in other form", func(p *surveys.Programme) { p.To = "31/12/2026" }, "to"},
		{"an end before the start", func(p *surveys.Programme) { p.From, p.To = "2026-02-01", "2026-01-31" }, "to"},
		{"no smallest group", func(p *surveys.Programme) { p.SmallestGroup = 0 }, "smallest_group"},
		{"large smallest group", func(p *surveys.Programme) { p.SmallestGroup = 101 }, "smallest_group"},
		{"negative target", func(p *surveys.Programme) { p.Targets.People = -1 }, "targets.people"},
		{"no strands", func(p *surveys.Programme) { p.Strands = nil }, "strands"},
		{"strand without id", first(func(s *surveys.Strand) { s.ID = "" }), "strands[0].id"},
		{"strand id in capitals", first(func(s *surveys.Strand) { s.ID = "Pupils" }), "strands[0].id"},
		{"strand id with a slash", first(func(s *surveys.Strand) { s.ID = "a/b" }), "strands[0].id"},
		{"strand twice", func(p *surveys.Programme) { p.Strands = append(p.Strands, p.Strands[0]) }, "strands[1].id"},
		{"strand without title", first(func(s *surveys.Strand) { s.Title = " " }), "strands[0].title"},
		{"unknown audience", first(func(s *surveys.Strand) { s.Audience = "all" }), "strands[0].audience"},
		{"unknown design", first(func(s *surveys.Strand) { s.Design = "rct" }), "strands[0].design"},
		{"no questionnaire", first(func(s *surveys.Strand) { s.Questionnaire = "" }), "strands[0].questionnaire"},
		{"questionnaire of another form", first(func(s *surveys.Strand) { s.Questionnaire = "../x" }), "strands[0].questionnaire"},
		{"paired without block", first(func(s *surveys.Strand) { s.Block = "" }), "strands[0].block"},
		{"unknown block", first(func(s *surveys.Strand) { s.Block = "street" }), "strands[0].block"},
		{"no role", first(func(s *surveys.Strand) { s.Role = "" }), "strands[0].role"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := plan()
			tt.change(&p)
			_, err := w.CreateProgramme(w.ctx, p)
			wantField(t, "CreateProgramme", err, tt.field)
		})
	}
	all, err := w.Programmes(w.ctx)
	must(t, err)
	if len(all) != 1 {
		t.Errorf("%d programmes after refusals, want 1", len(all))
	}
}

func TestCreateProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := plan()
	p.Name, p.From, p.To = "  Calm schools ", "2026-01-01", "2026-01-01"
	p.Purpose = "Two\nlines, in العربية."
	made, err := w.CreateProgramme(w.ctx, p)
	must(t, err)
	if made.Name != "Calm schools" || made.Revision != 1 || !made.Created.Equal(origin) {
		t.Errorf("CreateProgramme = %+v, want the tidied name, revision 1, created at %v", made, origin)
	}
	account, _ := surveys.AccountFrom(w.as(t, ownerEmail))
	for permission := range surveys.MayReadAnswers + 1 {
		if !account.May(made.ID, permission) {
			t.Errorf("the owner lacks permission %d in a programme of their own", permission)
		}
	}
	if len(account.Roles[made.ID]) != 4 || account.Password != "" {
		t.Errorf("the owner is %+v, want four roles, none safeguarding, and no password shown", account)
	}
}

func TestInstitutionsAreUnique(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "St Mary's"})
	must(t, err)
	for _, name := range []string{"St Mary's", " St Mary's ", "ST MARY'S"} {
		_, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: name})
		wantError(t, name, err, surveys.KindConflict, "institution.exists")
	}
	_, err = w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "\t"})
	wantField(t, "no name", err, "name")
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	_, err = w.CreateInstitution(w.as(t, ownerEmail), surveys.Institution{Programme: other.ID, Name: "St Mary's"})
	must(t, err)
	all, err := w.Institutions(w.ctx, w.programme.ID)
	must(t, err)
	if len(all) != 1 {
		t.Errorf("%d institutions, want 1", len(all))
	}
}

func TestCreateCohortRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	ctx := w.as(t, ownerEmail)
	foreign, err := w.CreateInstitution(ctx, surveys.Institution{Programme: other.ID, Name: "Elsewhere"})
	must(t, err)
	for _, tt := range []struct {
		name   string
		cohort surveys.Cohort
		field  string
	}{
		{"no name", surveys.Cohort{}, "name"},
		{"foreign institution", surveys.Cohort{Name: "7", Institution: foreign.ID}, "institution"},
		{"unknown institution", surveys.Cohort{Name: "7", Institution: "?"}, "institution"},
		{"unknown strand", surveys.Cohort{Name: "7", Expected: map[surveys.StrandID]int{"parents": 3}}, "expected"},
		{"fewer than none", surveys.Cohort{Name: "7", Expected: map[surveys.StrandID]int{"pupils": -1}}, "expected[pupils]"},
		{"no such day", surveys.Cohort{Name: "7", Starts: "2025-02-29"}, "starts"},
		{"ends before it starts", surveys.Cohort{Name: "7", Starts: "2026-02-02", Ends: "2026-02-01"}, "ends"},
	} {
		tt.cohort.Programme = w.programme.ID
		_, err := w.CreateCohort(ctx, tt.cohort)
		wantField(t, tt.name, err, tt.field)
	}
	all, err := w.Cohorts(ctx, w.programme.ID)
	must(t, err)
	if len(all) != 1 {
		t.Errorf("%d cohorts, want 1", len(all))
	}
}
