package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// rating adds a strand of teachers who rate workshops to the world's programme.
func (w *world) rating(tb testing.TB) surveys.Programme {
	tb.Helper()
	p := plan()
	p.Name = "Rated schools"
	p.Strands = append(p.Strands, surveys.Strand{
		ID: "teachers", Title: "Teachers", Audience: surveys.AudienceTeacher, Design: surveys.DesignRating, Questionnaire: "views", Role: "Teacher",
	})
	made, err := w.CreateProgramme(w.ctx, p)
	must(tb, err)
	w.ctx = w.as(tb, ownerEmail)
	return made
}

// wantPack makes a pack and says how many links it wants, and how many of them new.
func (w *world) wantPack(t *testing.T, s *surveys.Service, id surveys.ProgrammeID, pack surveys.Pack, links, made int) surveys.PackMade {
	t.Helper()
	got, err := s.MakePack(w.ctx, id, pack)
	must(t, err)
	if len(got.Links) != links || got.Made != made {
		t.Fatalf("%d links, %d of them new, want %d and %d", len(got.Links), got.Made, links, made)
	}
	return got
}

func TestMakePack(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldIn(t, open(t))
			must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne(), false)))
			first := w.wantPack(t, w.Service, w.programme.ID, surveys.Pack{}, 206, 204) // the world's own cohort has its two
			again := w.wantPack(t, w.Service, w.programme.ID, surveys.Pack{}, 206, 0)
			if diff := cmp.Diff(first.Links, again.Links); diff != "" {
				t.Errorf("the second time gave other links (-first +second):\n%s", diff)
			}
			all, err := w.Links(w.ctx, w.programme.ID)
			if must(t, err); len(all) != 206 {
				t.Errorf("%d links, want 206", len(all))
			}
			w.wantPack(t, w.Service, w.programme.ID, surveys.Pack{Waves: []questionnaire.Wave{questionnaire.WavePost}}, 103, 0)
		})
	}
}

// TestMakePackAtOnce lets several instances make the same pack at the same time.
func TestMakePackAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne()[:21], false)))
	services := []*surveys.Service{w.Service, w.another(), w.another(), w.another()}
	packs, errs := together(len(services), func(i int) (surveys.PackMade, error) {
		return services[i].MakePack(w.ctx, w.programme.ID, surveys.Pack{})
	})
	must(t, errors.Join(errs...))
	made := 0
	for _, pack := range packs {
		made += pack.Made
		if diff := cmp.Diff(packs[0].Links, pack.Links); diff != "" {
			t.Errorf("two makers hand out different links:\n%s", diff)
		}
	}
	if made != 40 {
		t.Errorf("%d links were made, want 40", made)
	}
}

func TestMakePackDates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pack := surveys.Pack{Opens: origin.Add(time.Hour), Closes: origin.Add(48 * time.Hour)}
	w.wantPack(t, w.Service, w.programme.ID, pack, 2, 0)
	if l, err := w.Link(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID); err != nil || !l.Opens.IsZero() {
		t.Errorf("link = %+v, %v: what was there keeps its dates", l, err)
	}
	pack.Redate = true
	got := w.wantPack(t, w.Service, w.programme.ID, pack, 2, 0)
	if got.Redated != 2 || !got.Links[0].Closes.Equal(pack.Closes) {
		t.Errorf("pack = %+v, want both with new dates", got)
	}
	_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	wantError(t, "before it opens", err, surveys.KindClosed, "link.not_yet")
	pack.Closes = pack.Opens
	_, err = w.MakePack(w.ctx, w.programme.ID, pack)
	wantField(t, "closing as it opens", err, "closes")
}

// TestMakePackUnpublished leaves nothing half made.
func TestMakePackUnpublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.rating(t)
	must(t, second(w.CreateCohort(w.ctx, surveys.Cohort{Programme: p.ID, Name: "Elm"})))
	must(t, w.Retire(w.ctx, "views"))
	_, err := w.MakePack(w.ctx, p.ID, surveys.Pack{})
	wantError(t, "of a retired questionnaire", err, surveys.KindInvalid, "questionnaire.retired")
	if all, err := w.Links(w.ctx, p.ID); err != nil || len(all) != 0 {
		t.Errorf("links = %v, %v, want none", all, err)
	}
}

func TestFaultsMakePack(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		w := newWorld(t)
		must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne()[:3], false)))
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		pack := surveys.Pack{Closes: origin.Add(time.Hour), Redate: true}
		_, err := service.MakePack(w.ctx, w.programme.ID, pack)
		if faulty.Calls() < n {
			must(t, err)
			return
		}
		wantError(t, fmt.Sprintf("with call %d failing", n), err, surveys.KindUnavailable, "")
		again, err := service.MakePack(w.ctx, w.programme.ID, pack)
		must(t, err)
		all, err := w.Links(w.ctx, w.programme.ID)
		must(t, err)
		if len(again.Links) != 6 || len(all) != 6 {
			t.Fatalf("after call %d failed: %d links of the pack, %d in all, want 6", n, len(again.Links), len(all))
		}
		for _, l := range all {
			if !l.Closes.Equal(pack.Closes) {
				t.Errorf("after call %d failed: link %+v has other dates", n, l)
			}
		}
	}
}

// looksAlike are signs that people take for each other, on paper or by ear's help
// of a projector; a token has at most one of each group.
var looksAlike = regexp.MustCompile(`[^2-9a-hj-kmnp-z]`)

// TestTokensHaveNoLookAlikes draws tokens and looks for what is mistaken for
// something else, and whether each sign comes about as often as any other.
func TestTokensHaveNoLookAlikes(t *testing.T) {
	t.Parallel()
	const drawn = 20_000
	seen, counts := map[string]bool{}, map[rune]int{}
	for range drawn {
		token, err := surveys.NewToken(rand.Reader)
		must(t, err)
		if looksAlike.MatchString(token) || len(token) != 10 || seen[token] {
			t.Fatalf("token %s has a sign that is mistaken for another, or another length, or was drawn before", token)
		}
		seen[token] = true
		for _, sign := range token {
			counts[sign]++
		}
	}
	if len(counts) != 31 {
		t.Errorf("%d different signs, want 31", len(counts))
	}
	for sign, n := range counts { // 6,452 ± 79: six standard deviations
		if n < 5_970 || n > 6_930 {
			t.Errorf("%c was drawn %d times of %d", sign, n, drawn*10)
		}
	}
}

// TestGuessingIsThrottled: whoever guesses is stopped after 120 misses, at
// whichever instance, and not the school next door.
func TestGuessingIsThrottled(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			w := newWorldIn(t, store)
			desks := []*surveys.Service{w.Service, w.another()}
			misses := 0
			for ; misses < 500; misses++ {
				if err := desks[misses%2].MissedLink(t.Context(), "guesser"); err != nil {
					wantError(t, "guessing on", err, surveys.KindThrottled, "")
					break
				}
			}
			if misses != 120 {
				t.Errorf("stopped after %d misses, want 120 over both instances", misses)
			}
			must(t, w.MissedLink(t.Context(), "school"))
			wantError(t, "at the other instance", desks[1].MissedLink(t.Context(), "guesser"), surveys.KindThrottled, "")
			w.clock.pass(16 * time.Minute)
			must(t, w.MissedLink(t.Context(), "guesser"))
		})
	}
}

// TestBoardReadsAsOften: the board asks the store as often for 51 institutions as
// for one.
func TestBoardReadsAsOften(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calls := func() int {
		counting := storetest.Faulty(w.store, 0)
		rows, err := surveys.NewService(counting, w.clock.Now, rand.Reader).Board(w.ctx, w.programme.ID)
		must(t, err)
		t.Logf("%d rows by %d reads", len(rows), counting.Calls())
		return counting.Calls()
	}
	one := calls()
	must(t, second(w.ImportPlaces(w.ctx, w.programme.ID, fiftyOne(), false)))
	w.wantPack(t, w.Service, w.programme.ID, surveys.Pack{}, 206, 204)
	if many := calls(); many != one || one > 7 {
		t.Errorf("%d reads for one cohort and %d for 103, want the same few", one, many)
	}
}
