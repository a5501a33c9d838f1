package surveys_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// deskWorld is a world with some answers before and after.
type deskWorld struct {
	*world
	pre, post [3]string
}

func newDeskWorld(tb testing.TB) *deskWorld {
	tb.Helper()
	return newDeskWorldIn(tb, storetest.SQLite(tb))
}

func newDeskWorldIn(tb testing.TB, store surveys.Store) *deskWorld {
	tb.Helper()
	w := &deskWorld{world: newWorldIn(tb, store)}
	for i := range 3 {
		w.pre[i] = string(w.answered(tb, questionnaire.WavePre, surveys.ResponseID(fmt.Sprintf("response_pre_%d", i)), nil))
		w.post[i] = string(w.answered(tb, questionnaire.WavePost, surveys.ResponseID(fmt.Sprintf("response_post_%d", i)), nil))
	}
	return w
}

func (w *deskWorld) rule(d pairing.Decision, reason string) error {
	w.clock.pass(time.Second)
	return w.RulePair(w.ctx, w.programme.ID, "pupils", d, reason)
}

func (w *deskWorld) undo(a, b string, number int) error {
	w.clock.pass(time.Second)
	return w.UndoRuling(w.ctx, w.programme.ID, "pupils", a, b, number, "")
}

func (w *deskWorld) log(tb testing.TB) []surveys.PairRuling {
	tb.Helper()
	log, err := w.PairRulings(w.ctx, w.programme.ID, "pupils")
	must(tb, err)
	return log
}

func (w *deskWorld) counts(tb testing.TB) []pairing.Decision {
	tb.Helper()
	data, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(tb, err)
	return data.Decisions
}

// TestRulePair follows two responses through accept, the same again, refuse and
// three times undo.
func TestRulePair(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	same := pairing.Decision{Pre: w.pre[0], Post: w.post[0], Accepted: true}
	other := pairing.Decision{Pre: w.pre[0], Post: w.post[0]}
	wantCounts := func(step string, want ...pairing.Decision) {
		t.Helper()
		if got := w.counts(t); !slices.Equal(got, want) {
			t.Errorf("after %s %+v counts, want %+v", step, got, want)
		}
	}
	must(t, w.rule(same, "  The teacher says so. "))
	must(t, w.rule(same, ""))
	wantCounts("accepting", same)
	must(t, w.rule(other, ""))
	wantCounts("refusing", other)
	must(t, w.undo(w.post[0], w.pre[0], 2))
	wantCounts("undoing the refusal", same)
	must(t, w.undo(w.pre[0], w.post[0], 3))
	wantCounts("undoing that", other)
	wantError(t, "an undo of what is not the last", w.undo(w.pre[0], w.post[0], 1), surveys.KindConflict, "pair.decided_meanwhile")
	must(t, w.undo(w.pre[0], w.post[0], 3)) // once more, as after a lost answer
	wantError(t, "an undo of nothing", w.undo(w.pre[1], w.post[1], 1), surveys.KindNotFound, "pair.no_ruling")
	log := w.log(t)
	if len(log) != 4 || log[0].Reason != "The teacher says so." || log[3].Undoes != 4 || log[3].Lifted {
		t.Errorf("log = %+v, want four lines, the first with its reason, the last taking back the third", log)
	}
	for i, r := range log {
		if r.By != w.account.ID || r.Name != w.account.Name || r.At.IsZero() || r.Number != i+1 {
			t.Errorf("line %d = %+v, want number, name and time", i, r)
		}
	}
}

func TestRulePairRefuses(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	pair := func(i, j int) pairing.Decision {
		return pairing.Decision{Pre: w.pre[i], Post: w.post[j], Accepted: true}
	}
	must(t, w.rule(pair(0, 0), ""))
	for name, d := range map[string]pairing.Decision{"before": pair(0, 1), "after": pair(1, 0)} {
		wantError(t, name, w.rule(d, ""), surveys.KindConflict, "pair.taken")
	}
	must(t, w.rule(pairing.Decision{Pre: w.pre[0], Post: w.post[1]}, ""))
	must(t, w.rule(pair(1, 1), ""))
	must(t, w.undo(w.pre[0], w.post[0], 1))
	must(t, w.rule(pair(0, 2), ""))
	wantField(t, "too long", w.rule(pair(2, 0), strings.Repeat("x", 501)), "reason")
	wantField(t, "a control character", w.rule(pair(2, 0), "a\x00b"), "reason")
	wantField(t, "too long for an undo", w.UndoRuling(w.ctx, w.programme.ID, "pupils", w.pre[0], w.post[2], 1, strings.Repeat("x", 501)), "reason")
}

// TestRulePairOfOneWave says that somebody answered twice, the other way round,
// and takes it back.
func TestRulePairOfOneWave(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	one := pairing.Decision{Pre: w.pre[0], Post: w.pre[1], Accepted: true}
	two := pairing.Decision{Pre: w.pre[1], Post: w.pre[0], Accepted: true}
	must(t, w.rule(one, ""))
	must(t, w.rule(two, ""))
	if got := w.counts(t); !slices.Equal(got, []pairing.Decision{two}) {
		t.Errorf("counts %+v, want the last: %+v", got, two)
	}
	must(t, w.undo(w.pre[0], w.pre[1], 2))
	if got := w.counts(t); !slices.Equal(got, []pairing.Decision{one}) {
		t.Errorf("counts %+v, want the first again: %+v", got, one)
	}
}

// TestRulingsFromBeforeTheLog reads and takes back a decision kept as it was before
// there was a log.
func TestRulingsFromBeforeTheLog(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	d := pairing.Decision{Pre: w.pre[0], Post: w.post[0], Accepted: true}
	body, err := json.Marshal(d)
	must(t, err)
	_, err = w.store.PutRecord(t.Context(), surveys.Record{
		Kind: "decision", ID: d.Pre + "+" + d.Post, Scope: string(w.programme.ID) + "/pupils", At: origin, Body: body})
	must(t, err)
	if log := w.log(t); len(log) != 1 || log[0].Decision != d || !log[0].At.Equal(origin) || log[0].Name != "" {
		t.Errorf("log = %+v, want the decision without a name", log)
	}
	must(t, w.rule(d, "said already"))
	must(t, w.undo(d.Pre, d.Post, 0))
	if got, log := w.counts(t), w.log(t); len(got) != 0 || len(log) != 2 || log[1].Number != 1 {
		t.Errorf("after undo counts %+v, log %+v", got, log)
	}
}

// TestRulingsAtOnce lets five decide about two at once: the log holds each in an
// order of its own, and one of them counts.
func TestRulingsAtOnce(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) surveys.Store{"sqlite": storetest.SQLite, "mongodb": storetest.Mongo} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newDeskWorldIn(t, open(t)).ruleAtOnce(t)
		})
	}
}

func (w *deskWorld) ruleAtOnce(t *testing.T) {
	t.Helper()
	_, errs := together(5, func(i int) (int, error) {
		d := pairing.Decision{Pre: w.pre[0], Post: w.post[0], Accepted: i%2 == 0}
		return i, w.RulePair(w.ctx, w.programme.ID, "pupils", d, "")
	})
	for _, err := range errs {
		must(t, err)
	}
	log := w.log(t)
	for i, r := range log {
		if r.Number != i+1 {
			t.Errorf("line %d has number %d", i, r.Number)
		}
	}
	if got := w.counts(t); len(got) != 1 || got[0] != log[len(log)-1].Decision {
		t.Errorf("counts %+v, want the last of %+v", got, log)
	}
}

// TestUndoIsTheInverse decides at random, then undoes everything from the end: at
// each step what counts is what counted before it.
func TestUndoIsTheInverse(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		type step struct {
			about  pairing.Decision
			number int
			before []pairing.Decision
		}
		var steps []step
		for range rapid.IntRange(1, 5).Draw(rt, "decisions") {
			d := pairing.Decision{
				Pre: rapid.SampledFrom(w.pre[:]).Draw(rt, "pre"), Post: rapid.SampledFrom(append(w.post[:], w.pre[:]...)).Draw(rt, "post"),
				Accepted: rapid.Bool().Draw(rt, "accepted"),
			}
			before, length := w.counts(t), len(w.log(t))
			if err := w.rule(d, ""); err != nil {
				continue
			}
			if log := w.log(t); len(log) > length {
				i := slices.IndexFunc(log, func(r surveys.PairRuling) bool { return r.At.Equal(w.clock.Now()) })
				steps = append(steps, step{d, log[i].Number, before})
			}
		}
		for _, s := range slices.Backward(steps) {
			must(t, w.undo(s.about.Pre, s.about.Post, s.number))
			asSet := cmp.Transformer("set", func(l []pairing.Decision) map[pairing.Decision]bool {
				set := map[pairing.Decision]bool{}
				for _, d := range l {
					set[d] = true
				}
				return set
			})
			if diff := cmp.Diff(s.before, w.counts(t), asSet); diff != "" {
				rt.Fatalf("after undoing %+v (-before +after):\n%s", s.about, diff)
			}
		}
	})
}

// TestFaultsRulings lets each store call of ruling, undoing and setting the policy
// fail in turn and does it again: there is one line, and the trail has it.
func TestFaultsRulings(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t)
	d := pairing.Decision{Pre: w.pre[0], Post: w.post[0], Accepted: true}
	number := 0
	for name, do := range map[string]func(s *surveys.Service) error{
		"RulePair": func(s *surveys.Service) error { return s.RulePair(w.ctx, w.programme.ID, "pupils", d, "") },
		"UndoRuling": func(s *surveys.Service) error {
			return s.UndoRuling(w.ctx, w.programme.ID, "pupils", d.Pre, d.Post, number, "")
		},
		"SetReviewNear": func(s *surveys.Service) error { return s.SetReviewNear(w.ctx, w.programme.ID, "pupils", true) },
	} {
		for n, failed := 1, true; failed; n++ {
			if name == "UndoRuling" {
				d.Accepted = !d.Accepted
				must(t, w.rule(d, ""))
				number = w.log(t)[len(w.log(t))-1].Number
			} else if name == "RulePair" {
				d.Accepted = !d.Accepted
			}
			before := len(w.log(t))
			faulty := storetest.Faulty(w.store, n)
			err := do(surveys.NewService(faulty, w.clock.Now, rand.Reader))
			if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("%s with call %d failing: error = %v, want that of the store", name, n, err)
			}
			must(t, do(w.Service))
			want := before + 1
			if name == "SetReviewNear" {
				want = before
			}
			if got := len(w.log(t)); got != want {
				t.Errorf("%s after call %d failed: %d lines, want %d", name, n, got, want)
			}
		}
	}
	p, err := w.Programme(w.ctx, w.programme.ID)
	must(t, err)
	if !p.Strands[0].ReviewNear {
		t.Error("the policy was not kept")
	}
}

func TestSetReviewNearOfNoPairedStrand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantError(t, "unknown", w.SetReviewNear(w.ctx, w.programme.ID, "unknown", true), surveys.KindNotFound, "strand.not_found")
}
