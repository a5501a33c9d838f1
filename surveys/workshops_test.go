package surveys_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// staffRoom is a school whose workshops are rated.
type staffRoom struct {
	*world
	programme surveys.Programme
	cohort    surveys.Cohort
}

func newStaffRoom(t *testing.T, store surveys.Store) staffRoom {
	t.Helper()
	w := newWorldIn(t, store)
	p := w.rating(t)
	elm, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: p.ID, Name: "Elm"})
	must(t, err)
	c, err := w.CreateCohort(w.ctx, surveys.Cohort{Programme: p.ID, Institution: elm.ID, Name: "Elm", Expected: map[surveys.StrandID]int{"teachers": 4}})
	must(t, err)
	return staffRoom{w, p, c}
}

func (r staffRoom) workshop(t *testing.T, title, day string, attended int) surveys.Workshop {
	t.Helper()
	w, err := r.CreateWorkshop(r.ctx, surveys.Workshop{Programme: r.programme.ID, Cohort: r.cohort.ID, Title: title, Date: day, Attended: attended})
	must(t, err)
	return w
}

// TestRateWorkshops goes from the poster in the staff room to the board.
func TestRateWorkshops(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newStaffRoom(t, open(t))
			pack := r.wantPack(t, r.Service, r.programme.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}}, 1, 1)
			poster, err := r.Invitation(t.Context(), pack.Links[0].Token)
			must(t, err)
			if rated, err := r.RatedBy(t.Context(), poster); err != nil || len(rated) != 0 {
				t.Fatalf("workshops = %v, %v, want none before there are any", rated, err)
			}
			first := r.workshop(t, "Feelings", "2026-02-03", 28)
			r.workshop(t, "Friendship", "2026-02-10", 0)
			r.workshop(t, "Tomorrow", "2026-03-03", 0)
			r.wantPack(t, r.Service, r.programme.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}}, 4, 0)
			rated, err := r.RatedBy(t.Context(), poster)
			must(t, err)
			if len(rated) != 2 || rated[0].Workshop.Title != "Friendship" || rated[1].Workshop.Title != "Feelings" {
				t.Fatalf("workshops = %+v, want those whose day has come, the latest first", rated)
			}
			for i := range 3 {
				r.clock.pass(time.Minute)
				got, err := r.Submit(t.Context(), rated[1].Token, surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("teacher_%04d", i)), Raw: form(nil)})
				must(t, err)
				if got.Workshop != first.ID || got.Cohort != r.cohort.ID {
					t.Errorf("response = %+v, want of the workshop and its cohort", got)
				}
			}
			_, err = r.Submit(t.Context(), pack.Links[0].Token, surveys.Submission{ID: "teacher_other", Raw: form(nil)})
			must(t, err)
			r.wantBoard(t)
		})
	}
}

func (r staffRoom) wantBoard(t *testing.T) {
	t.Helper()
	rows, err := r.Board(r.ctx, r.programme.ID)
	must(t, err)
	if len(rows) != 3 {
		t.Fatalf("%d rows, want pupils before and after, and teachers", len(rows))
	}
	row := rows[2]
	if row.Received != 4 || row.Expected != 4 || row.Workshops != 3 || row.Rated != 1 || row.Present != 28 || row.Counted != 1 || row.State != "open" || !row.Last.Equal(origin.Add(3*time.Minute)) {
		t.Errorf("row = %+v, want 4 raters of 4, 1 workshop of 3, 28 pupils, the last three minutes on", row)
	}
	if rows[0].Received != 0 || rows[0].State != "none" || !rows[0].Lacks() || row.Lacks() {
		t.Errorf("row = %+v, want no answer and no link", rows[0])
	}
	progress, err := r.Progress(r.ctx, r.programme.ID)
	must(t, err)
	if len(progress) != 1 || progress[0].Submitted != 4 || progress[0].Workshops != 1 {
		t.Errorf("progress = %+v, want 4 raters of 1 workshop", progress)
	}
}

func TestPresent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		attended int
		said     []int
		want     int
	}{
		{0, nil, 0}, {28, nil, 28}, {28, []int{30, 300}, 28}, {0, []int{27}, 27}, {0, []int{30, 27}, 27}, {0, []int{28, 280, 27}, 28},
	} {
		if got := (surveys.Workshop{Attended: tt.attended}).Present(tt.said); got != tt.want {
			t.Errorf("%d attended, raters said %v: %d present, want %d", tt.attended, tt.said, got, tt.want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		said := rapid.SliceOfN(rapid.IntRange(0, 200), 1, 9).Draw(r, "said")
		got := surveys.Workshop{}.Present(said)
		below, above, there := 0, 0, false
		for _, n := range said {
			there = there || n == got
			if n < got {
				below++
			}
			if n > got {
				above++
			}
		}
		if !there || below > len(said)/2 || above > len(said)/2 {
			r.Fatalf("%d of %v is not what half of them say", got, said)
		}
	})
}

func TestChangeWorkshop(t *testing.T) {
	t.Parallel()
	r := newStaffRoom(t, storetest.SQLite(t))
	w := r.workshop(t, "Feelings", "", 0)
	w.Attended, w.LedBy = 30, " Ana "
	changed, err := r.ChangeWorkshop(r.ctx, w)
	if must(t, err); changed.LedBy != "Ana" || changed.Attended != 30 || changed.Revision != 2 {
		t.Errorf("workshop = %+v, want 30 and Ana at revision 2", changed)
	}
	_, err = r.ChangeWorkshop(r.ctx, w)
	wantError(t, "what was read before", err, surveys.KindInvalid, "workshop.changed")
	changed.Title = ""
	_, err = r.ChangeWorkshop(r.ctx, changed)
	wantField(t, "without a title", err, "title")
	_, err = r.CreateWorkshop(r.ctx, surveys.Workshop{Programme: r.programme.ID, Cohort: r.world.cohort.ID, Title: "Elsewhere"})
	wantField(t, "of another programme's cohort", err, "cohort")
	_, err = r.Workshop(r.ctx, r.world.programme.ID, w.ID)
	wantError(t, "another programme's", err, surveys.KindNotFound, "workshop.not_found")
}

// TestMoveRating moves a rating to another cohort, sends it again, and moves it back:
// no workshop of one cohort has a rating of another.
func TestMoveRating(t *testing.T) {
	t.Parallel()
	r := newStaffRoom(t, storetest.SQLite(t))
	w := r.workshop(t, "Feelings", "", 28)
	link, err := r.CreateLink(r.ctx, surveys.Link{Programme: r.programme.ID, Strand: "teachers", Cohort: r.cohort.ID, Wave: questionnaire.WavePost, Workshop: w.ID})
	must(t, err)
	ash, err := r.CreateCohort(r.ctx, surveys.Cohort{Programme: r.programme.ID, Name: "Ash"})
	must(t, err)
	sub := surveys.Submission{ID: "teacher_0001", Raw: form(nil)}
	rating, err := r.Submit(t.Context(), link.Token, sub)
	must(t, err)
	moved, err := r.MoveResponse(r.ctx, about(rating), ash.ID, rating.Wave)
	must(t, err)
	if moved.Workshop != "" {
		t.Errorf("moved to %s, it still rates workshop %s of another cohort", moved.Cohort, moved.Workshop)
	}
	again, err := r.Submit(t.Context(), link.Token, sub)
	must(t, err)
	if again.ID != rating.ID || again.Cohort != ash.ID {
		t.Errorf("sent again it is %s in %s, want the one that was moved", again.ID, again.Cohort)
	}
	back, err := r.UndoChange(r.ctx, about(moved), 1)
	must(t, err)
	if back.Workshop != w.ID || back.Cohort != r.cohort.ID {
		t.Errorf("moved back it is in %s and rates %q", back.Cohort, back.Workshop)
	}
}

func TestSetPresentItem(t *testing.T) {
	t.Parallel()
	r := newStaffRoom(t, storetest.SQLite(t))
	numbers, err := r.PresentItems(r.ctx, r.programme.ID, "teachers")
	must(t, err)
	if len(numbers) != 1 || numbers[0].ID != "sleep" {
		t.Fatalf("numbers = %v, want sleep", numbers)
	}
	wantError(t, "a choice", r.SetPresentItem(r.ctx, r.programme.ID, "teachers", "travel"), surveys.KindInvalid, "workshop.no_number")
	must(t, r.SetPresentItem(r.ctx, r.programme.ID, "teachers", "sleep"))
	p, err := r.Programme(r.ctx, r.programme.ID)
	if line, _ := p.Strand("teachers"); err != nil || line.Present != "sleep" {
		t.Errorf("strand = %+v, %v, want sleep", line, err)
	}
}

// TestFaultsWorkshops lets each store call fail in turn and does it again: of what
// is there after that nothing is there twice but the workshop that a person
// entered twice.
func TestFaultsWorkshops(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		r := newStaffRoom(t, storetest.SQLite(t))
		faulty := storetest.Faulty(r.store, n)
		service := surveys.NewService(faulty, r.clock.Now, rand.Reader)
		workshop := surveys.Workshop{Programme: r.programme.ID, Cohort: r.cohort.ID, Title: "Feelings"}
		made, err := service.CreateWorkshop(r.ctx, workshop)
		if err == nil {
			made.Attended = 28
			_, err = service.ChangeWorkshop(r.ctx, made)
		}
		if err == nil {
			err = service.SetPresentItem(r.ctx, r.programme.ID, "teachers", "sleep")
		}
		if err == nil {
			_, err = service.Board(r.ctx, r.programme.ID)
		}
		if faulty.Calls() < n {
			must(t, err)
			return
		}
		wantError(t, fmt.Sprintf("with call %d failing", n), err, surveys.KindUnavailable, "")
		all, err := r.Workshops(r.ctx, r.programme.ID)
		must(t, err)
		pack, err := r.MakePack(r.ctx, r.programme.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}})
		must(t, err)
		if len(all) > 1 || len(pack.Links) != 1+len(all) {
			t.Fatalf("after call %d failed: %d workshops, %d links", n, len(all), len(pack.Links))
		}
	}
}

func TestImportWorkshops(t *testing.T) {
	t.Parallel()
	r := newStaffRoom(t, storetest.SQLite(t))
	must(t, second(r.ImportPlaces(r.ctx, r.programme.ID, sheet([]string{"Name", "Class"}, []string{"Oak", "5"}, []string{"Oak", "6"}), false)))
	_, wrong, err := r.ImportWorkshops(r.ctx, r.programme.ID, sheet(
		[]string{"Theme", "School", "Class", "Day", "Led by", "Pupils"},
		[]string{"Feelings", "elm", "", "3/2/2026", "Ana", "28"}, []string{"Feelings", "Oak", "", "2026-02-04", "", "27"},
		[]string{"", "Oak", "5", "soon", "", "many"}, []string{"Calm", "Ash", "", "", "", ""}))
	must(t, err)
	var got []string
	for _, e := range wrong {
		got = append(got, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Key))
	}
	want := []string{"3 School workshops.which_cohort", "4 Day places.date", "4 Pupils places.number", "4 Theme field.invalid", "5 School workshops.which_cohort"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong (-want +got):\n%s", diff)
	}
	good := sheet([]string{"Theme", "School", "Class", "Day", "Pupils"}, []string{"Feelings", "Elm", "", "3/2/2026", ""}, []string{"Feelings", "Oak", "6", "2026-02-04", "27"})
	for range 2 {
		n, wrong, err := r.ImportWorkshops(r.ctx, r.programme.ID, good)
		if must(t, err); n != 2 || len(wrong) != 0 {
			t.Fatalf("%d workshops, %v, want 2", n, wrong)
		}
		good[1].Cells[4] = "31"
	}
	all, err := r.Workshops(r.ctx, r.programme.ID)
	must(t, err)
	if len(all) != 2 || all[0].Attended != 31 || all[1].Attended != 27 {
		t.Errorf("workshops = %+v, want two, the first with 31", all)
	}
	r.wantPack(t, r.Service, r.programme.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}}, 5, 3) // three cohorts; the two of workshops are there
}

// TestFaultsImportWorkshops lets each store call fail in turn and sends the sheet again.
func TestFaultsImportWorkshops(t *testing.T) {
	t.Parallel()
	lines := sheet([]string{"Theme", "School", "Pupils"}, []string{"Feelings", "Elm", "28"})
	for n := 1; ; n++ {
		r := newStaffRoom(t, storetest.SQLite(t))
		faulty := storetest.Faulty(r.store, n)
		service := surveys.NewService(faulty, r.clock.Now, rand.Reader)
		_, _, err := service.ImportWorkshops(r.ctx, r.programme.ID, lines)
		if faulty.Calls() < n {
			must(t, err)
			return
		}
		wantError(t, fmt.Sprintf("with call %d failing", n), err, surveys.KindUnavailable, "")
		_, _, err = service.ImportWorkshops(r.ctx, r.programme.ID, lines)
		must(t, err)
		r.wantPack(t, r.Service, r.programme.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}}, 2, 1)
	}
}
