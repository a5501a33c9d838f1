package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// bothStores are the stores that storage matters for.
var bothStores = map[string]func(testing.TB) surveys.Store{"sqlite": storetest.SQLite, "mongodb": storetest.Mongo}

// sheet makes lines as a sheet numbers them.
func sheet(rows ...[]string) []surveys.SheetLine {
	lines := make([]surveys.SheetLine, len(rows))
	for i, cells := range rows {
		lines[i] = surveys.SheetLine{Number: i + 1, Cells: cells}
	}
	return lines
}

// fiftyOne is a sheet of 51 institutions with two cohorts each.
func fiftyOne() []surveys.SheetLine {
	rows := [][]string{{"School name", "Type", "Key stage", "Borough", "Poster language", "Class", "Number of pupils", "Start date", "End date", "Remarks"}}
	for i := range 51 {
		for _, class := range []string{"Year 5", "Year 6"} {
			rows = append(rows, []string{fmt.Sprintf("School %02d", i+1), "school", "Primary", "North", "Polish", class, "28", "2026-01-12", "27/03/2026", "x"})
		}
	}
	return sheet(rows...)
}

func TestReadPlaces(t *testing.T) {
	t.Parallel()
	p := plan()
	for _, tt := range []struct {
		name  string
		lines []surveys.SheetLine
		want  []string // "row column key"
		rows  int
	}{
		{"good", sheet([]string{"Name", "Expected"}, []string{"Elm", "30"}, nil, []string{"Oak", ""}), nil, 2},
		{"title_above", sheet([]string{"Our schools"}, nil, []string{"School", "pupils expected"}, []string{"Elm", "1,200"}), nil, 1},
		{"no_name", sheet([]string{"Phase"}, []string{"Primary"}), []string{"0  places.no_name_column"}, 0},
		{"nothing", nil, []string{"0  places.no_name_column"}, 0},
		{"name_missing", sheet([]string{"Name", "Phase"}, []string{" ", "Primary"}), []string{"2 Name field.invalid"}, 0},
		{"number", sheet([]string{"Name", "Pupils"}, []string{"Elm", "about 30"}, []string{"Oak", "-2"}), []string{"2 Pupils places.number", "3 Pupils places.number"}, 0},
		{"dates", sheet([]string{"Name", "From", "To"}, []string{"Elm", "46000", "31.3.2026"}, []string{"Oak", "spring", ""}, []string{"Ash", "2026-05-01", "2026-04-01"}),
			[]string{"3 From places.date", "4 To cohort.ends_before_start"}, 1},
		{"languages", sheet([]string{"Name", "Lang"}, []string{"Elm", "Polski"}, []string{"Oak", "ur"}, []string{"Ash", "Klingonese"}, []string{"Yew", "Arabic"}, []string{"Fir", "Bengali"}), []string{"4 Lang places.language"}, 4},
		{"twice", sheet([]string{"Name"}, []string{"Elm"}, []string{"ELM"}), []string{"3 Name places.twice"}, 1},
		{"differs", sheet([]string{"Name", "Class", "Phase"}, []string{"Elm", "5", "Primary"}, []string{"Elm", "6", "Secondary"}, []string{"Elm", "7", ""}), []string{"3 Phase places.differs"}, 2},
		{"column_twice", sheet([]string{"Name", "School"}, []string{"Elm", "Oak"}), []string{"1 School sheet.column_twice"}, 1},
		{"too_long", sheet([]string{"Name", "Area"}, []string{"Elm", string(make([]byte, 100))}), []string{"2 Area field.invalid"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := surveys.ReadPlaces(p, tt.lines)
			var wrong []string
			for _, e := range got.Errors {
				wrong = append(wrong, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Key))
			}
			if diff := cmp.Diff(tt.want, wrong); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if len(got.Rows) != tt.rows {
				t.Errorf("%d rows, want %d", len(got.Rows), tt.rows)
			}
		})
	}
}

func TestReadPlacesOfSeveralStrands(t *testing.T) {
	t.Parallel()
	p := plan()
	p.Strands = append(p.Strands, surveys.Strand{ID: "staff", Title: "Class teachers", People: "teachers"})
	got := surveys.ReadPlaces(p, sheet([]string{"Name", "Expected pupils", "Expected teachers", "Expected", "starts"}, []string{"Elm", "30", "2", "9", "46000"}))
	want := []surveys.SheetColumn{{Heading: "Name", Field: "name"}, {Heading: "Expected pupils", Field: "expected[pupils]"}, {Heading: "Expected teachers", Field: "expected[staff]"}, {Heading: "Expected"}, {Heading: "starts", Field: "starts"}}
	if diff := cmp.Diff(want, got.Columns); diff != "" {
		t.Fatalf("columns (-want +got):\n%s", diff)
	}
	row := got.Rows[0]
	if row.Cohort.Expected["pupils"] != 30 || row.Cohort.Expected["staff"] != 2 || row.Cohort.Starts != "2025-12-09" {
		t.Errorf("row = %+v, want 30 pupils, 2 teachers, from 2025-12-09", row)
	}
}

func TestReadPlacesNeverPanics(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Name", "Elm", "30", "Expected", "to", "2026-01-01", "pl", ""}))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 0, 6), 0, 8).Draw(r, "rows")
		got := surveys.ReadPlaces(plan(), sheet(rows...))
		for _, row := range got.Rows {
			if row.Institution.Name == "" {
				r.Fatalf("a row without a name: %+v", row)
			}
		}
	})
}

func TestImportPlaces(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldIn(t, open(t))
			done, err := w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne(), false)
			must(t, err)
			if n := done.Counts(); n[surveys.PlaceNew] != 102 || len(done.Errors) != 0 {
				t.Fatalf("counts = %v, errors = %v, want 102 new", n, done.Errors)
			}
			w.wantPlaces(t, 51, 103)
			again, err := w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne(), false)
			must(t, err)
			if n := again.Counts(); n[surveys.PlaceSame] != 102 {
				t.Errorf("counts of the second time = %v, want 102 as they were", n)
			}
			changed := fiftyOne()
			changed[1].Cells[3], changed[1].Cells[6] = "South", "29"
			changed[2].Cells[3] = ""
			third, err := w.ImportPlaces(w.ctx, w.programme.ID, changed, false)
			must(t, err)
			want := []surveys.PlaceChange{{Field: "area", Before: "North", After: "South"}, {Field: "expected[pupils]", Before: "28", After: "29"}}
			if diff := cmp.Diff(want, third.Plans[0].Changes); diff != "" || third.Counts()[surveys.PlaceSame] != 101 {
				t.Errorf("changes (-want +got):\n%s\ncounts %v, want 101 as they were", diff, third.Counts())
			}
			w.wantPlaces(t, 51, 103)
		})
	}
}

func (w *world) wantPlaces(t *testing.T, institutions, cohorts int) {
	t.Helper()
	all, err := w.Institutions(w.ctx, w.programme.ID)
	must(t, err)
	there, err := w.Cohorts(w.ctx, w.programme.ID)
	must(t, err)
	if len(all) != institutions || len(there) != cohorts {
		t.Fatalf("%d institutions and %d cohorts, want %d and %d", len(all), len(there), institutions, cohorts)
	}
	if !slices.IsSortedFunc(all, func(a, b surveys.Institution) int { return cmpNames(a.Name, b.Name) }) {
		t.Errorf("institutions are not in the order of the sheet")
	}
	for _, c := range there {
		if c.ID == w.cohort.ID {
			continue
		}
		if !slices.ContainsFunc(all, func(i surveys.Institution) bool { return i.ID == c.Institution }) || c.Expected["pupils"] == 0 || c.Ends != "2026-03-27" {
			t.Errorf("cohort %+v is at no institution, or without what the sheet says", c)
		}
	}
}

func cmpNames(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

// TestImportPlacesRefused keeps nothing of a sheet with an error, unless the good
// rows are asked for.
func TestImportPlacesRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lines := sheet([]string{"Name", "Expected"}, []string{"Elm", "30"}, []string{"Oak", "some"})
	_, err := w.ImportPlaces(w.ctx, w.programme.ID, lines, false)
	wantError(t, "with an error", err, surveys.KindInvalid, "places.errors")
	all, err := w.Institutions(w.ctx, w.programme.ID)
	if must(t, err); len(all) != 0 {
		t.Errorf("%d institutions of a sheet that was refused", len(all))
	}
	must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, lines, true)))
	if all, err = w.Institutions(w.ctx, w.programme.ID); err != nil || len(all) != 1 || all[0].Name != "Elm" {
		t.Errorf("institutions = %v, %v, want Elm alone", all, err)
	}
	_, err = w.ImportPlaces(w.ctx, w.programme.ID, lines[:1], true)
	wantError(t, "without a row", err, surveys.KindInvalid, "places.nothing")
}

// TestImportPlacesCohorts says which cohort a row without one is about.
func TestImportPlacesCohorts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elm, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Elm"})
	must(t, err)
	for _, name := range []string{"Year 5", "Year 6"} {
		must(t, second(w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: name, Institution: elm.ID})))
	}
	done, err := w.PlanPlaces(w.ctx, w.programme.ID, sheet([]string{"Name", "Class", "Expected"}, []string{"elm", "", "3"}, []string{"elm", "year 6", "4"}, []string{"Oak", "", ""}))
	must(t, err)
	if len(done.Errors) != 1 || done.Errors[0].Key != "places.which_cohort" || done.Errors[0].Row != 2 {
		t.Errorf("errors = %v, want that row 2 must say which cohort", done.Errors)
	}
	if len(done.Plans) != 2 || done.Plans[0].CohortIs != surveys.PlaceChanged || done.Plans[0].Cohort.Name != "Year 6" || done.Plans[1].Cohort.Name != "Oak" {
		t.Errorf("plans = %+v, want Year 6 changed and a new cohort Oak", done.Plans)
	}
}

// TestImportPlacesAtOnce sends one sheet from several desks at once.
func TestImportPlacesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	services := []*surveys.Service{w.Service, w.another(), w.another(), w.another()}
	_, errs := together(len(services), func(i int) (surveys.PlacesPlan, error) {
		return services[i].ImportPlaces(w.ctx, w.programme.ID, fiftyOne()[:21], false)
	})
	must(t, errors.Join(errs...))
	all, err := w.Institutions(w.ctx, w.programme.ID)
	must(t, err)
	cohorts, err := w.Cohorts(w.ctx, w.programme.ID)
	must(t, err)
	if len(all) != 10 || len(cohorts) != 21 {
		t.Errorf("%d institutions and %d cohorts, want 10 and 20 beside the first", len(all), len(cohorts))
	}
}

// TestFaultsImportPlaces lets each store call fail in turn and sends the sheet again.
func TestFaultsImportPlaces(t *testing.T) {
	t.Parallel()
	lines := fiftyOne()[:5]
	for n := 1; ; n++ {
		w := newWorld(t)
		must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, lines[:2], false)))
		lines := fiftyOne()[:5]
		lines[1].Cells[6], lines[1].Cells[3] = "29", "South"
		lines[2].Cells[3] = ""
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		_, err := service.ImportPlaces(w.ctx, w.programme.ID, lines, false)
		if faulty.Calls() < n {
			must(t, err)
			return
		}
		wantError(t, fmt.Sprintf("with call %d failing", n), err, surveys.KindUnavailable, "")
		must(t, second(service.ImportPlaces(w.ctx, w.programme.ID, lines, false)))
		w.wantPlaces(t, 2, 5)
	}
}

// FuzzReadPlaces reads any sheet: what it takes of it is whole, and every row is
// either taken or has an error.
func FuzzReadPlaces(f *testing.F) {
	f.Add("Name\tExpected\nElm\t30\nOak\tsome")
	f.Add("School name\tPupils\tFrom\tTo\tLanguage\tClass\nElm\t1,200\t31/3/2026\t46000\tpolski\t5")
	f.Add("\n\nx\tName\n\tElm\nelm\tELM")
	f.Fuzz(func(t *testing.T, text string) {
		var rows [][]string
		for line := range strings.SplitSeq(text, "\n") {
			rows = append(rows, strings.Split(line, "\t"))
		}
		got := surveys.ReadPlaces(plan(), sheet(rows...))
		wrong := map[int]bool{}
		for _, e := range got.Errors {
			wrong[e.Row] = true
		}
		if len(got.Rows) > got.Read || len(got.Errors) == 0 && len(got.Rows) != got.Read {
			t.Errorf("%d rows of %d taken, errors %v", len(got.Rows), got.Read, got.Errors)
		}
		for _, row := range got.Rows {
			if row.Institution.Name == "" || wrong[row.Row] || row.Cohort.Ends != "" && row.Cohort.Ends < row.Cohort.Starts {
				t.Errorf("row %+v was taken", row)
			}
		}
	})
}
