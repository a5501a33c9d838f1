package surveys_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// nextYear is the plan of a copy.
func nextYear(key string) surveys.ProgrammeCopy {
	return surveys.ProgrammeCopy{Key: key, Name: "Calm schools, next year", From: "2027-09-01", To: "2028-07-31", Cohorts: true, Links: true}
}

// withPeriod is a world whose programme has a period, an institution and a cohort at it.
func withPeriod(t *testing.T) (*world, surveys.Programme) {
	t.Helper()
	w := newWorld(t)
	p := plan()
	p.From, p.To, p.Purpose = "2026-09-01", "2027-07-31", "Calm"
	p, err := w.CreateProgramme(w.ctx, p)
	must(t, err)
	w.ctx = w.as(t, ownerEmail)
	school, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: p.ID, Name: "Hill School", Phase: "Primary"})
	must(t, err)
	cohort, err := w.CreateCohort(w.ctx, surveys.Cohort{
		Programme: p.ID, Institution: school.ID, Name: "Class 6", Starts: "2026-10-05", Expected: map[surveys.StrandID]int{"pupils": 30},
	})
	must(t, err)
	opens := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC) // nine in London's summer
	for _, wave := range surveys.DesignPrePost.Waves() {
		_, err := w.CreateLink(w.ctx, surveys.Link{Programme: p.ID, Strand: "pupils", Cohort: cohort.ID, Wave: wave, Opens: opens})
		must(t, err)
	}
	return w, p
}

func TestCopyProgramme(t *testing.T) {
	t.Parallel()
	w, source := withPeriod(t)
	var made surveys.Programme
	for range 2 { // asked for twice it is made once
		var err error
		made, err = w.CopyProgramme(w.ctx, source.ID, nextYear("the first form"))
		must(t, err)
	}
	w.ctx = w.as(t, ownerEmail)
	cohorts, err := w.Cohorts(w.ctx, made.ID)
	must(t, err)
	links, err := w.Links(w.ctx, made.ID)
	must(t, err)
	schools, err := w.Institutions(w.ctx, made.ID)
	must(t, err)
	if len(cohorts) != 1 || len(links) != 2 || len(schools) != 1 || made.Purpose != "Calm" || len(made.Strands) != 1 {
		t.Fatalf("%d cohorts, %d links, %d institutions, %+v", len(cohorts), len(links), len(schools), made)
	}
	if c := cohorts[0]; c.Starts != "2027-10-05" || c.Expected["pupils"] != 30 || c.Institution != schools[0].ID {
		t.Errorf("cohort = %+v, want it a year later at the copied school", c)
	}
	old, err := w.Links(w.ctx, source.ID)
	must(t, err)
	for _, l := range links {
		same := slices.ContainsFunc(old, func(o surveys.Link) bool { return o.Token == l.Token })
		if want := time.Date(2027, 10, 5, 8, 0, 0, 0, time.UTC); same || !l.Opens.Equal(want) || l.Cohort != cohorts[0].ID {
			t.Errorf("link = %+v, want a token of its own that opens %v", l, want)
		}
	}
	trail, err := w.AuditTrail(w.ctx, source.ID)
	must(t, err)
	if !slices.ContainsFunc(trail, func(e surveys.AuditEntry) bool { return e.Action == "programme.copied" }) {
		t.Error("the trail does not tell of the copy")
	}
}

// TestCopiesAreApart: a code typed in the copy does not meet one of the year before.
func TestCopiesAreApart(t *testing.T) {
	t.Parallel()
	w, source := withPeriod(t)
	made, err := w.CopyProgramme(w.ctx, source.ID, nextYear("the first form"))
	must(t, err)
	w.ctx = w.as(t, ownerEmail)
	hashes := map[string]bool{}
	for _, p := range []surveys.ProgrammeID{source.ID, made.ID} {
		links, err := w.Links(w.ctx, p)
		must(t, err)
		i := slices.IndexFunc(links, func(l surveys.Link) bool { return l.Wave == questionnaire.WavePre })
		_, err = w.SetLinkOpen(w.ctx, p, links[i].ID, true)
		must(t, err)
		_, err = w.Submit(t.Context(), links[i].Token, surveys.Submission{ID: "one_of_" + surveys.ResponseID(p), Raw: form(nil)})
		must(t, err)
		for l, err := range w.store.Linkages(t.Context(), p, "pupils") {
			must(t, err)
			for _, e := range l.Elements {
				if hashes[e] {
					t.Error("one element has one hash in both years")
				}
				hashes[e] = true
			}
		}
	}
}

// TestCopyFaults: whichever call of the store fails, asked for again the copy is
// whole, and there is one.
func TestCopyFaults(t *testing.T) {
	t.Parallel()
	w, source := withPeriod(t)
	for n, failed := 1, true; failed; n++ {
		key := "form number " + surveys.ReceiptOf(surveys.ResponseID(time.Duration(n).String()))
		faulty := storetest.Faulty(w.store, n)
		_, err := surveys.NewService(faulty, w.clock.Now, rand.Reader).CopyProgramme(w.ctx, source.ID, nextYear(key))
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v", n, err)
		}
		made, err := w.CopyProgramme(w.ctx, source.ID, nextYear(key))
		must(t, err)
		ctx := w.as(t, ownerEmail)
		links, err := w.Links(ctx, made.ID)
		must(t, err)
		cohorts, err := w.Cohorts(ctx, made.ID)
		must(t, err)
		if len(links) != 2 || len(cohorts) != 1 {
			t.Errorf("after call %d failed: %d links, %d cohorts", n, len(links), len(cohorts))
		}
	}
}

// TestCopyRefused: to who does not run the programme, and for a plan that is none.
func TestCopyRefused(t *testing.T) {
	t.Parallel()
	w, source := withPeriod(t)
	_, err := w.CopyProgramme(w.holding(t, surveys.RoleEvaluator), w.programme.ID, nextYear("the first form"))
	wantError(t, "an evaluator's copy", err, surveys.KindForbidden, "account.not_allowed")
	bad := nextYear("the first form")
	bad.Name = ""
	_, err = w.CopyProgramme(w.ctx, source.ID, bad)
	wantError(t, "a copy without a name", err, surveys.KindInvalid, "field.invalid")
	_, err = w.CopyProgramme(w.ctx, source.ID, nextYear("short"))
	wantError(t, "a copy without a key", err, surveys.KindInvalid, "copy.key")
}
