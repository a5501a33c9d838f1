package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// inWorlds runs a test in a world on each store.
func inWorlds(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	onBothStores(t, func(t *testing.T, store surveys.Store) { test(t, newWorldIn(t, store)) })
}

// batch makes a batch of the world's cohort before the programme.
func (w *world) batch(tb testing.TB) surveys.Batch {
	tb.Helper()
	b, err := w.CreateBatch(w.ctx, surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre, Declared: 3, Twice: true})
	must(tb, err)
	return b
}

// entry is a form keyed once; the page draws the entry's id.
func entry(form int, other questionnaire.Raw) surveys.PaperEntry {
	return surveys.PaperEntry{Form: form, Entry: fmt.Sprintf("first_entry_%d", form), Raw: onForm(other)}
}

// onForm is form with words as they are on paper.
func onForm(other questionnaire.Raw) questionnaire.Raw { return form(other) }

func secondEntry(number int, other questionnaire.Raw) surveys.PaperEntry {
	e := entry(number, other)
	e.Entry, e.Second = fmt.Sprintf("second_entry_%d", number), true
	return e
}

func TestKeyForm(t *testing.T) {
	t.Parallel()
	inWorlds(t, func(t *testing.T, w *world) {
		b := w.batch(t)
		e := entry(17, nil)
		e.Date = "2026-02-27"
		for range 2 { // sent again, it is the same
			f, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, e)
			must(t, err)
			if f.Number != 17 || f.First.Name != "Olu Owner" || f.Verified() || f.Waits() {
				t.Errorf("form = %+v", f)
			}
		}
		all := w.sent(t)
		if len(all) != 1 {
			t.Fatalf("%d responses, want 1", len(all))
		}
		r := all[0]
		if r.Mode != surveys.ModePaper || r.Batch != b.Number || r.Status != surveys.StatusSubmitted || !r.Coded || r.Wave != questionnaire.WavePre {
			t.Errorf("mode %s, batch %q, %s, coded %v, %s: want a submitted one of mode paper in %s", r.Mode, r.Batch, r.Status, r.Coded, r.Wave, b.Number)
		}
		if got := r.Submitted.Format("2006-01-02 15:04"); got != "2026-02-27 12:00" {
			t.Errorf("submitted %s, want noon of the day on the form", got)
		}
		if *r.Answers["stress"].Number != 7 || r.Answers["why"].Text != "Because of the garden." {
			t.Errorf("answers = %v", r.Answers)
		}
		w.wantSameLinkage(t, r)
	})
}

// wantSameLinkage sends the same code by phone and compares the hashes.
func (w *world) wantSameLinkage(t *testing.T, paper surveys.Response) {
	t.Helper()
	phone, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "by_phone_one", Raw: form(nil)})
	must(t, err)
	codes := map[surveys.ResponseID][]string{}
	for _, l := range w.linkages(t) {
		codes[l.Response] = l.Elements
	}
	if len(codes[paper.ID]) == 0 || !slices.Equal(codes[paper.ID], codes[phone.ID]) {
		t.Errorf("linkage of paper %v, of a phone %v: want the same", codes[paper.ID], codes[phone.ID])
	}
}

// TestPaperAsksForNothing keys what a page would refuse and a form may have.
func TestPaperAsksForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t)
	for i, tt := range []struct {
		raw  questionnaire.Raw
		item questionnaire.ItemID
		want questionnaire.Answer
	}{
		{questionnaire.Raw{"stress": nil}, "stress", questionnaire.Answer{Missing: questionnaire.NotReached}},
		{questionnaire.Raw{"stress": nil, "stress__mark": {"illegible"}}, "stress", questionnaire.Answer{Missing: questionnaire.Illegible}},
		{questionnaire.Raw{"travel": nil, "travel__mark": {"ambiguous"}}, "travel", questionnaire.Answer{Missing: questionnaire.Ambiguous}},
		{questionnaire.Raw{"own_code__mother": nil, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil}, "travel", questionnaire.Answer{Choice: "bus"}},
	} {
		f, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, entry(i+1, tt.raw))
		must(t, err)
		r, err := w.store.Response(t.Context(), f.Response)
		must(t, err)
		if diff := cmp.Diff(tt.want, r.Answers[tt.item]); diff != "" {
			t.Errorf("form %d (-want +got):\n%s", i+1, diff)
		}
	}
}

func TestKeyFormRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t)
	_, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, entry(1, nil))
	must(t, err)
	another := entry(1, questionnaire.Raw{"stress": {"3"}})
	another.Entry = "another_entry"
	future := entry(2, nil)
	future.Date = "2027-01-01"
	third := secondEntry(9, nil)
	bare := entry(2, nil)
	bare.Entry = "x"
	for _, tt := range []struct {
		name string
		e    surveys.PaperEntry
		kind surveys.Kind
		key  string
	}{
		{"a number that was keyed", another, surveys.KindConflict, "paper.form_taken"},
		{"a day to come", future, surveys.KindInvalid, "paper.date"},
		{"form 0", entry(0, nil), surveys.KindInvalid, "paper.form_number"},
		{"no entry", bare, surveys.KindInvalid, "paper.bad_entry"},
		{"second without first", third, surveys.KindNotFound, "paper.not_keyed"},
		{"an answer that cannot be", entry(2, questionnaire.Raw{"stress": {"70"}}), surveys.KindInvalid, "paper.check"},
		{"a mark that is none", entry(2, questionnaire.Raw{"stress__mark": {"torn"}}), surveys.KindInvalid, "paper.check"},
	} {
		_, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, tt.e)
		wantError(t, tt.name, err, tt.kind, tt.key)
	}
	_, err = w.KeyForm(w.ctx, w.programme.ID, "P-9999", entry(1, nil))
	wantError(t, "an unknown batch", err, surveys.KindNotFound, "paper.no_batch")
	if n := len(w.sent(t)); n != 1 {
		t.Errorf("%d responses, want 1", n)
	}
}

// TestTwoPeopleKeyOneForm: of two who key one number at once one is refused, and
// one response is there.
func TestTwoPeopleKeyOneForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t)
	_, errs := together(8, func(i int) (surveys.PaperForm, error) {
		e := entry(5, questionnaire.Raw{"stress": {fmt.Sprint(i)}})
		e.Entry = fmt.Sprintf("entry_number_%d", i)
		return w.another().KeyForm(w.ctx, w.programme.ID, b.Number, e)
	})
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
			continue
		}
		wantError(t, "the others", err, surveys.KindConflict, "")
	}
	if kept != 1 || len(w.sent(t)) != 1 {
		t.Errorf("%d were kept, %d responses: want one of each", kept, len(w.sent(t)))
	}
}

func TestBatchNumbers(t *testing.T) {
	t.Parallel()
	inWorlds(t, func(t *testing.T, w *world) {
		made, errs := together(4, func(int) (surveys.Batch, error) {
			return w.another().CreateBatch(w.ctx, surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre})
		})
		must(t, errors.Join(errs...))
		var numbers []string
		for _, b := range made {
			numbers = append(numbers, b.Number)
		}
		slices.Sort(numbers)
		if diff := cmp.Diff([]string{"P-0001", "P-0002", "P-0003", "P-0004"}, numbers); diff != "" {
			t.Errorf("numbers (-want +got):\n%s", diff)
		}
		_, err := w.CreateBatch(w.ctx, surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre, Number: "p-0002"})
		wantError(t, "a number that is taken", err, surveys.KindConflict, "paper.number_taken")
	})
}

func TestCreateBatchRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for field, change := range map[string]func(*surveys.Batch){
		"strand":   func(b *surveys.Batch) { b.Strand = "nobody" },
		"cohort":   func(b *surveys.Batch) { b.Cohort = "nobody" },
		"wave":     func(b *surveys.Batch) { b.Wave = questionnaire.WaveFollowUp },
		"language": func(b *surveys.Batch) { b.Language = "xx" },
		"version":  func(b *surveys.Batch) { b.Version = 7 },
		"number":   func(b *surveys.Batch) { b.Number = "P 1/2" },
		"declared": func(b *surveys.Batch) { b.Declared = -1 },
	} {
		b := surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre}
		change(&b)
		_, err := w.CreateBatch(w.ctx, b)
		wantField(t, field, err, field)
	}
}

// TestSecondPass keys three forms again: one the same, one with differences that
// are settled each way.
func TestSecondPass(t *testing.T) {
	t.Parallel()
	inWorlds(t, func(t *testing.T, w *world) {
		b := w.batch(t)
		for n := 1; n <= 2; n++ {
			_, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, entry(n, nil))
			must(t, err)
		}
		same, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, secondEntry(1, questionnaire.Raw{"why": {"because of  the garden."}}))
		must(t, err)
		if !same.Verified() || len(same.Different) != 0 {
			t.Errorf("the same twice: %+v", same)
		}
		other := questionnaire.Raw{"stress": {"4"}, "travel": {"foot"}, "sleep": {"9"}, "own_code__day": {"18"}}
		for range 2 {
			f, err := w.KeyForm(w.ctx, w.programme.ID, b.Number, secondEntry(2, other))
			must(t, err)
			if diff := cmp.Diff([]questionnaire.ItemID{"stress", "travel", "sleep", "own_code"}, f.Different); diff != "" || !f.Waits() {
				t.Fatalf("differences (-want +got):\n%s", diff)
			}
		}
		w.wantStress(t, 7) // blind until settled: the first pass stands
		w.settle(t, b)
		figures := w.figures(t, b)
		want := surveys.BatchFigures{
			Keyed: 2, Verified: 2, Alone: 2, Compared: 16, Different: 4, Unkeyed: []int{3},
			Items: []surveys.ItemDisagreement{{Item: "stress", Forms: 2, Different: 1}, {Item: "travel", Forms: 2, Different: 1}, {Item: "sleep", Forms: 2, Different: 1}, {Item: "own_code", Forms: 2, Different: 1}},
		}
		if diff := cmp.Diff(want, figures); diff != "" {
			t.Errorf("figures (-want +got):\n%s", diff)
		}
	})
}

func (w *world) wantStress(t *testing.T, want float64) {
	t.Helper()
	for _, r := range w.sent(t) {
		if got := *r.Answers["stress"].Number; got != want {
			t.Errorf("stress = %v, want %v", got, want)
		}
	}
}

func (w *world) figures(t *testing.T, b surveys.Batch) surveys.BatchFigures {
	t.Helper()
	forms, err := w.PaperForms(w.ctx, b)
	must(t, err)
	_, inv, err := w.BatchInvitation(w.ctx, w.programme.ID, b.Number)
	must(t, err)
	return surveys.FiguresOf(b, inv.Instrument, forms)
}

// settle decides about form 2 of TestSecondPass.
func (w *world) settle(t *testing.T, b surveys.Batch) {
	t.Helper()
	decisions := map[questionnaire.ItemID]surveys.Settlement{
		"stress": {Take: surveys.TakeSecond}, "travel": {Take: surveys.TakeFirst},
		"sleep": {Take: surveys.TakeNeither, Raw: questionnaire.Raw{"sleep": {"6"}, "why": {"smuggled"}}},
	}
	_, err := w.SettleForm(w.ctx, b, 2, decisions)
	wantField(t, "with one left open", err, "own_code")
	decisions["own_code"] = surveys.Settlement{Take: surveys.TakeSecond}
	before := w.linkages(t)
	f, err := w.SettleForm(w.ctx, b, 2, decisions)
	must(t, err)
	r, err := w.store.Response(t.Context(), f.Response)
	must(t, err)
	if *r.Answers["stress"].Number != 4 || r.Answers["travel"].Choice != "bus" || *r.Answers["sleep"].Number != 6 || r.Answers["why"].Text != "Because of the garden." {
		t.Errorf("settled answers = %v", r.Answers)
	}
	if cmp.Equal(before, w.linkages(t)) {
		t.Error("the second pass's code was taken, and the linkage is as before")
	}
	_, all, err := w.Differences(w.ctx, b, 2)
	must(t, err)
	if len(all) != 4 || *all[0].First.Number != 7 || *all[0].Second.Number != 4 || all[0].Took != surveys.TakeSecond || !all[3].Code {
		t.Errorf("history = %+v, want what the first pass was", all)
	}
	_, err = w.SettleForm(w.ctx, b, 2, decisions)
	wantError(t, "settled again", err, surveys.KindConflict, "paper.settled_already")
}

// TestPaperFaults lets each store call of the work on paper fail in turn; what
// failed is done again, and all is as if nothing had.
func TestPaperFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counting := storetest.Faulty(w.store, 0)
	paperWork(t, w, surveys.NewService(counting, w.clock.Now, rand.Reader))
	for n := 1; n <= counting.Calls(); n++ {
		before := len(w.sent(t))
		paperWork(t, w, surveys.NewService(storetest.Faulty(w.store, n), w.clock.Now, rand.Reader))
		if got := len(w.sent(t)) - before; got != 1 {
			t.Fatalf("with call %d failing: %d responses, want 1", n, got)
		}
	}
	for _, r := range w.sent(t) {
		if *r.Answers["stress"].Number != 4 || !r.Coded || r.Batch == "" {
			t.Errorf("response %s is not as settled: batch %q, coded %v", r.ID, r.Batch, r.Coded)
		}
	}
}

// TestPaperKeyedAnew keys a form whose response was destroyed after both passes: it is
// kept as any other.
func TestPaperKeyedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, err := w.CreateBatch(w.ctx, surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre})
	must(t, err)
	f, err := w.KeyForm(w.ctx, b.Programme, b.Number, entry(1, nil))
	must(t, err)
	must(t, second(w.KeyForm(w.ctx, b.Programme, b.Number, secondEntry(1, questionnaire.Raw{"stress": {"4"}}))))
	must(t, w.store.DeleteResponse(t.Context(), f.Response))
	anew := entry(1, nil)
	anew.Entry = "keyed_once_more"
	f, err = w.KeyForm(w.ctx, b.Programme, b.Number, anew)
	must(t, err)
	if len(w.sent(t)) != 1 || f.Second != nil || f.Waits() {
		t.Errorf("%d responses, form %+v; want what was keyed anew, once", len(w.sent(t)), f)
	}
}

// wantSettled checks what nobody sees of a settled form: the code of the second pass
// is gone, and the trail tells of it.
func (w *world) wantSettled(t *testing.T, b surveys.Batch) {
	t.Helper()
	f, err := w.PaperForm(w.ctx, b, 1)
	must(t, err)
	for record, err := range w.store.Records(t.Context(), "keying", string(f.Response)) {
		must(t, err)
		if strings.Contains(string(record.Body), `"elements"`) {
			t.Error("the code of the second pass is still there")
		}
	}
	told := 0
	for record, err := range w.store.Records(t.Context(), "audit", string(b.Programme)) {
		must(t, err)
		if body := string(record.Body); strings.Contains(body, "paper.differences_settled") && strings.Contains(body, b.Number) {
			told++
		}
	}
	if told == 0 {
		t.Errorf("the trail does not tell that %s was settled", b.Number)
	}
}

// paperWork keys a form of a new batch twice and settles it, each step again if it
// failed.
func paperWork(t *testing.T, w *world, s *surveys.Service) {
	t.Helper()
	b := retried(t, func() (surveys.Batch, error) {
		return s.CreateBatch(w.ctx, surveys.Batch{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre})
	})
	b = retried(t, func() (surveys.Batch, error) { return s.SetBatch(w.ctx, b.Programme, b.Number, 1, true) })
	key := func(e surveys.PaperEntry) {
		retried(t, func() (surveys.PaperForm, error) { return s.KeyForm(w.ctx, b.Programme, b.Number, e) })
	}
	key(entry(1, nil))
	key(secondEntry(1, questionnaire.Raw{"stress": {"4"}}))
	settle := func() (surveys.PaperForm, error) {
		f, err := s.SettleForm(w.ctx, b, 1, map[questionnaire.ItemID]surveys.Settlement{"stress": {Take: surveys.TakeSecond}})
		var e *surveys.Error
		if errors.As(err, &e) && e.Key == "paper.settled_already" { // all but the end was done
			return s.PaperForm(w.ctx, b, 1)
		}
		return f, err
	}
	if f := retried(t, settle); f.Settled == nil {
		f = retried(t, settle)
		if !f.Verified() {
			t.Errorf("form = %+v, want it verified", f)
		}
	}
	w.wantSettled(t, b)
	_, all, err := w.Differences(w.ctx, b, 1)
	must(t, err)
	if len(all) != 1 || *all[0].First.Number != 7 {
		t.Errorf("differences = %+v, want what the first pass was", all)
	}
}

// retried does a step again that the store failed.
func retried[T any](t *testing.T, step func() (T, error)) T {
	t.Helper()
	v, err := step()
	if errors.Is(err, storetest.ErrFault) {
		v, err = step()
	}
	must(t, err)
	return v
}
