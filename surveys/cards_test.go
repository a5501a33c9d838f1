package surveys_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// cardWorld is a world whose questionnaire takes cards, with a second cohort.
type cardWorld struct {
	*world
	other surveys.Cohort
}

func newCardWorld(tb testing.TB, store surveys.Store) *cardWorld {
	tb.Helper()
	w := &cardWorld{world: newWorldIn(tb, store)}
	def := definition(tb)
	def.Parts[0].Items[0].Card = true
	_, err := w.Publish(w.ctx, "views", def)
	must(tb, err)
	w.clock.pass(4 * time.Second)
	w.other, err = w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 7"})
	must(tb, err)
	return w
}

func (w *cardWorld) order(n int) surveys.CardSheet {
	return surveys.CardSheet{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Count: n}
}

func (w *cardWorld) print(tb testing.TB, order surveys.CardSheet) surveys.PrintedCards {
	tb.Helper()
	printed, err := w.PrintCards(w.ctx, order)
	must(tb, err)
	return printed
}

// carded is a whole form with the code of a card instead of a self-made one.
func carded(code string, anyway ...string) questionnaire.Raw {
	raw := form(questionnaire.Raw{"own_code__mother": nil, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil})
	raw["own_code__card"], raw["own_code__anyway"] = []string{code}, anyway
	return raw
}

func (w *cardWorld) send(tb testing.TB, wave questionnaire.Wave, id surveys.ResponseID, raw questionnaire.Raw) (surveys.Response, error) {
	tb.Helper()
	return w.Submit(tb.Context(), w.links[wave].Token, surveys.Submission{ID: id, Raw: raw})
}

// onBothStores runs a test on an embedded store and on MongoDB.
func onBothStores(t *testing.T, run func(t *testing.T, store surveys.Store)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); run(t, storetest.SQLite(t)) })
	t.Run("mongodb", func(t *testing.T) { t.Parallel(); run(t, storetest.Mongo(t)) })
}

// TestCardPairsBeforeAndAfter prints cards and answers twice with two of them,
// typed in different ways, and once with a third.
func TestCardPairsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newCardWorld(t, store)
		printed := w.print(t, w.order(12))
		if len(printed.Codes) != 12 || printed.Sheet.Number != 1 || len(printed.Token) != 10 {
			t.Fatalf("printed %d codes as run %d under %q", len(printed.Codes), printed.Sheet.Number, printed.Token)
		}
		for i, wave := range []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost} {
			for j, code := range printed.Codes[:2+1-i] { // the third only before
				typed := []string{code.Grouped(), strings.ToLower(string(code))}[i]
				r, err := w.send(t, wave, surveys.ResponseID(fmt.Sprintf("response_%s_%d", wave, j)), carded(typed))
				must(t, err)
				if !r.Coded || len(r.Notes) > 0 {
					t.Errorf("%s: coded %t, notes %v", r.ID, r.Coded, r.Notes)
				}
			}
		}
		d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
		must(t, err)
		report, err := outcomes.Build(w.ctx, d, outcomes.Options{})
		must(t, err)
		if p := report.Pairing; p.Matched != 2 || p.Exact != 2 || p.PreOnly != 1 || p.PostOnly != 0 {
			t.Errorf("pairing = %+v, want 2 exact pairs and 1 left before", p)
		}
		runs, err := w.CardRuns(w.ctx, w.programme.ID)
		must(t, err)
		if len(runs) != 1 || runs[0].Count != 12 || runs[0].Used != 3 || runs[0].By != "Olu Owner" {
			t.Errorf("runs = %+v, want one of 12 cards, 3 used", runs)
		}
	})
}

// TestCardOrSelfMade answers with a card, with the questions instead, and with
// nothing.
func TestCardOrSelfMade(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	code := string(w.print(t, w.order(1)).Codes[0])
	both := form(questionnaire.Raw{"own_code__card": {code}})
	for _, tt := range []struct {
		name  string
		raw   questionnaire.Raw
		given int
	}{
		{"card", carded(code), 1}, {"card_and_prompts", both, 1}, {"prompts", form(nil), 4}, {"dash_and_prompts", form(questionnaire.Raw{"own_code__card": {" - "}}), 4},
		{"nothing", carded(""), -1},
	} {
		id := surveys.ResponseID("response_" + tt.name)
		r, err := w.send(t, questionnaire.WavePre, id, tt.raw)
		must(t, err)
		if got := w.given(t, id); got != tt.given || r.Coded != (tt.given > 0) {
			t.Errorf("%s: %d elements, coded %t; want %d", tt.name, got, r.Coded, tt.given)
		}
	}
}

// TestCardIsRefusedKindly types codes that are none of this cohort's: each is
// refused at its control, and taken if the person goes on.
func TestCardIsRefusedKindly(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newCardWorld(t, store)
		mine := w.print(t, w.order(1)).Codes[0]
		order := w.order(1)
		order.Cohort = w.other.ID
		theirs := w.print(t, order).Codes[0]
		voided := w.print(t, w.order(1))
		must(t, w.VoidCards(w.ctx, w.programme.ID, voided.Sheet.ID))
		unknown, err := pairing.NewCode(rand.Reader, pairing.DefaultCode)
		must(t, err)
		for _, tt := range []struct{ name, typed, key, note string }{
			{"mine", string(mine), "", ""},
			{"mistyped", otherSign(mine), questionnaire.KeyCardCheck, "code_unknown"},
			{"not_a_sign", "K7M-2RX-94!", questionnaire.KeyCardCheck, "code_unknown"},
			{"too_short", string(mine[:6]), questionnaire.KeyCardLength, "code_unknown"},
			{"unknown", string(unknown), questionnaire.KeyCardUnknown, "code_unknown"},
			{"voided", string(voided.Codes[0]), questionnaire.KeyCardUnknown, "code_unknown"},
			{"another_cohorts", string(theirs), questionnaire.KeyCardElsewhere, "code_other_cohort"},
		} {
			id := surveys.ResponseID("response_" + tt.name)
			_, err := w.send(t, questionnaire.WavePre, id, carded(tt.typed))
			wantCardRefused(t, tt.name, err, tt.key)
			for _, wave := range []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost} {
				r, err := w.send(t, wave, id+surveys.ResponseID("_"+wave), carded(tt.typed, "1"))
				must(t, err)
				if got := strings.Join(r.Notes, " "); got != tt.note || !r.Coded {
					t.Errorf("%s: going on gave the notes %q, want %q", tt.name, got, tt.note)
				}
			}
		}
		wantAllPaired(t, w, 7)
	})
}

func wantCardRefused(t *testing.T, name string, err error, key string) {
	t.Helper()
	if key == "" {
		must(t, err)
		return
	}
	wantError(t, name, err, surveys.KindInvalid, "answers.check")
	var e *surveys.Error
	errors.As(err, &e)
	if len(e.Fields) != 1 || e.Fields[0].Key != key || e.Fields[0].Control != "own_code__card" {
		t.Errorf("%s: refused with %+v, want %s at own_code__card", name, e.Fields, key)
	}
}

// wantAllPaired checks that each linkage was given at both waves alike.
func wantAllPaired(t *testing.T, w *cardWorld, n int) {
	t.Helper()
	times := map[string]int{}
	for _, l := range w.linkages(t) {
		if !strings.HasSuffix(string(l.Response), "_pre") && !strings.HasSuffix(string(l.Response), "_post") {
			continue
		}
		times[l.Elements[0]]++
	}
	if len(times) != n {
		t.Errorf("%d different codes, want %d", len(times), n)
	}
	for hash, got := range times {
		if got != 2 {
			t.Errorf("%s came %d times, want before and after", hash, got)
		}
	}
}

// otherSign is code with its first sign changed.
func otherSign(code pairing.Code) string {
	for _, c := range pairing.CodeAlphabet {
		if c != rune(code[0]) {
			return string(c) + string(code[1:])
		}
	}
	return ""
}

// TestCardPageByPage gives a card without JavaScript: refused, gone on with, then
// replaced by the right one, which takes the note away.
func TestCardPageByPage(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	code := string(w.print(t, w.order(1)).Codes[0])
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 0, carded("23456789"))
	wantCardRefused(t, "SavePart", err, questionnaire.KeyCardLength)
	r, err = w.SavePart(t.Context(), w.token(), r.ID, 0, carded("23456789", "1"))
	must(t, err)
	if len(r.Notes) != 1 || r.Notes[0] != "code_unknown" || !r.Coded {
		t.Errorf("going on: notes %v, coded %t", r.Notes, r.Coded)
	}
	r, err = w.SavePart(t.Context(), w.token(), r.ID, 0, carded(""))
	must(t, err)
	if len(r.Notes) != 1 {
		t.Errorf("left blank later: notes %v, want that of the code that is kept", r.Notes)
	}
	r, err = w.SavePart(t.Context(), w.token(), r.ID, 0, carded(code))
	must(t, err)
	if len(r.Notes) != 0 {
		t.Errorf("the right card: notes %v, want none", r.Notes)
	}
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 1, carded(""))
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), r.ID)
	must(t, err)
}

// TestOnlyCards is a questionnaire that takes nothing else, and requires it.
func TestOnlyCards(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	def := definition(t)
	def.Parts[0].Items[0].Card, def.Parts[0].Items[0].Prompts, def.Parts[0].Items[0].Required = true, nil, true
	_, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	w.clock.pass(4 * time.Second)
	_, err = w.send(t, questionnaire.WavePre, "response_none", carded(""))
	wantCardRefused(t, "none", err, questionnaire.KeyCardMissing)
	r, err := w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), r.ID, 1, form(nil))
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), r.ID)
	wantCardRefused(t, "Finish", err, questionnaire.KeyCardMissing)
	_, err = w.send(t, questionnaire.WavePre, "response_one", carded(string(w.print(t, w.order(1)).Codes[0])))
	must(t, err)
}

// TestImportTakesCards sends a known and an unknown code by program.
func TestImportTakesCards(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	code := w.print(t, w.order(1)).Codes[0]
	_, err := w.Import(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, []surveys.IncomingResponse{
		{ID: "incoming_one", Answers: []byte(`{"stress": 3}`), Code: map[string]string{"card": code.Grouped()}},
		{ID: "incoming_two", Answers: []byte(`{"stress": 3}`), Code: map[string]string{"card": "no such card"}},
	})
	must(t, err)
	for _, r := range w.sent(t) {
		want := map[surveys.ResponseID]int{"incoming_one": 0, "incoming_two": 1}[r.ID]
		if !r.Coded || len(r.Notes) != want {
			t.Errorf("%s: coded %t, notes %v", r.ID, r.Coded, r.Notes)
		}
	}
}

func TestPrintCardsRefuses(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	plain := newWorld(t)
	_, err := plain.PrintCards(plain.ctx, surveys.CardSheet{Programme: plain.programme.ID, Strand: "pupils", Cohort: plain.cohort.ID, Count: 1})
	wantError(t, "a questionnaire without cards", err, surveys.KindInvalid, "cards.not_taken")
	p := plan()
	p.Strands[0].Design = surveys.DesignThenNow
	unpaired, err := w.CreateProgramme(w.ctx, p)
	must(t, err)
	for _, tt := range []struct {
		name   string
		change func(*surveys.CardSheet)
		field  string
	}{
		{"none", func(c *surveys.CardSheet) { c.Count = 0 }, "count"},
		{"too many", func(c *surveys.CardSheet) { c.Count = 501 }, "count"},
		{"no cohort", func(c *surveys.CardSheet) { c.Cohort = "" }, "cohort"},
		{"a foreign cohort", func(c *surveys.CardSheet) { c.Cohort = plain.cohort.ID }, "cohort"},
		{"no such strand", func(c *surveys.CardSheet) { c.Strand = "parents" }, "strand"},
		{"a design without pairs", func(c *surveys.CardSheet) { c.Programme = unpaired.ID }, "strand"},
	} {
		order := w.order(3)
		tt.change(&order)
		_, err := w.PrintCards(w.as(t, ownerEmail), order)
		wantField(t, tt.name, err, tt.field)
	}
	wantError(t, "voiding another programme's run", w.VoidCards(w.as(t, ownerEmail), unpaired.ID, w.print(t, w.order(1)).Sheet.ID), surveys.KindNotFound, "cards.no_run")
}

// TestCardVisit asks where a card leads before, between and after the waves.
func TestCardVisit(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	token := w.print(t, w.order(1)).Token
	if again := w.print(t, w.order(1)).Token; again != token {
		t.Errorf("the next run has the address %q, want %q again", again, token)
	}
	pre, post := w.links[questionnaire.WavePre], w.links[questionnaire.WavePost]
	now := w.clock.Now()
	set := func(id surveys.LinkID, open bool) {
		t.Helper()
		_, err := w.SetLinkOpen(w.ctx, w.programme.ID, id, open)
		must(t, err)
		w.clock.pass(4 * time.Second)
	}
	wantOpen := func(waves ...questionnaire.Wave) {
		t.Helper()
		v, err := w.CardVisit(t.Context(), strings.ToUpper(token[:5])+"-"+token[5:])
		must(t, err)
		var got []questionnaire.Wave
		for _, inv := range v.Open(w.Now()) {
			got = append(got, inv.Link.Wave)
		}
		if fmt.Sprint(got) != fmt.Sprint(waves) || len(v.Waves) != 2 || v.Name != "Calm schools" {
			t.Errorf("open: %v of %d, want %v of 2", got, len(v.Waves), waves)
		}
	}
	wantOpen(questionnaire.WavePre, questionnaire.WavePost)
	set(post.ID, false)
	wantOpen(questionnaire.WavePre)
	set(pre.ID, false)
	wantOpen()
	w.link(t, surveys.Link{Wave: questionnaire.WavePost, Opens: now.Add(time.Hour)})
	second := w.link(t, surveys.Link{Wave: questionnaire.WavePost, Opens: now})
	w.clock.pass(4 * time.Second)
	wantOpen(questionnaire.WavePost)
	v, err := w.CardVisit(t.Context(), token)
	must(t, err)
	if got := v.Waves[1].Link.ID; got != second.ID {
		t.Errorf("after leads to %s, want the link that is open", got)
	}
	_, err = w.CardVisit(t.Context(), "nosuchcard")
	wantError(t, "unknown", err, surveys.KindNotFound, "link.not_found")
}

// TestCardGuessesAreBounded: beyond the limit a right code is turned away like a
// wrong one, until the window has passed.
func TestCardGuessesAreBounded(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	for range 120 {
		must(t, w.MayTryCard(t.Context(), "here"))
		must(t, w.MissedCard(t.Context(), "here"))
	}
	wantError(t, "the next try", w.MayTryCard(t.Context(), "here"), surveys.KindThrottled, "")
	wantError(t, "the next miss", w.MissedCard(t.Context(), "here"), surveys.KindThrottled, "")
	must(t, w.MayTryCard(t.Context(), "elsewhere"))
	w.clock.pass(16 * time.Minute)
	must(t, w.MayTryCard(t.Context(), "here"))
}

// TestCardsAreOnlyHashes searches the raw files of the store for codes: of cards
// printed, scanned, mistyped and gone on with.
func TestCardsAreOnlyHashes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "soundings.db")
	w := newCardWorld(t, storetest.OpenSQLite(t, path))
	printed := w.print(t, w.order(10))
	secrets := []string{"wzxjkvbx", "w2xjkvbx", "wzx-jkv-bx"}
	for i, code := range printed.Codes {
		_, err := w.send(t, questionnaire.WavePre, surveys.ResponseID(fmt.Sprintf("response_%04d", i)), carded(code.Grouped()))
		must(t, err)
		secrets = append(secrets, strings.ToLower(string(code)), strings.ToLower(code.Grouped()))
	}
	_, err := w.send(t, questionnaire.WavePre, "response_mistyped", carded("wzx-jkv-bx"))
	wantCardRefused(t, "mistyped", err, questionnaire.KeyCardLength)
	_, err = w.send(t, questionnaire.WavePre, "response_anyway", carded("wzx-jkv-bx", "1"))
	must(t, err)
	files, err := filepath.Glob(path + "*")
	must(t, err)
	for _, file := range files {
		wantNoneIn(t, file, secrets...)
	}
	for _, kind := range []string{"audit"} {
		for r, err := range w.store.Records(t.Context(), surveys.RecordKind(kind), "*") {
			must(t, err)
			for _, secret := range secrets {
				if strings.Contains(strings.ToLower(string(r.Body)), secret) {
					t.Errorf("an entry of the trail holds %q", secret)
				}
			}
		}
	}
}

// TestPrintCardsTogether prints on many instances at once: every run has a number
// of its own, and all cards one address.
func TestPrintCardsTogether(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	runs, errs := together(8, func(int) (surveys.PrintedCards, error) { return w.another().PrintCards(w.ctx, w.order(2)) })
	must(t, errors.Join(errs...))
	numbers, tokens, codes := map[int]bool{}, map[string]bool{}, map[pairing.Code]bool{}
	for _, run := range runs {
		numbers[run.Sheet.Number], tokens[run.Token] = true, true
		for _, code := range run.Codes {
			codes[code] = true
		}
	}
	if len(numbers) != 8 || len(tokens) != 1 || len(codes) != 16 {
		t.Errorf("%d numbers, %d addresses, %d codes; want 8, 1, 16", len(numbers), len(tokens), len(codes))
	}
}

// TestCardFaults lets each store call of printing and voiding fail in turn and does
// it again: the run is there once, and its codes are known.
func TestCardFaults(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	for n, failed := 1, true; failed; n++ {
		before, err := w.CardRuns(w.ctx, w.programme.ID)
		must(t, err)
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		printed, err := service.PrintCards(w.ctx, w.order(2))
		if failed = faulty.Calls() >= n; failed {
			wantError(t, "PrintCards", err, surveys.KindUnavailable, "")
			printed, err = service.PrintCards(w.ctx, w.order(2))
		}
		must(t, err)
		after, err := w.CardRuns(w.ctx, w.programme.ID)
		must(t, err)
		if got := len(after) - len(before); got > 2 || got < 1 { // the audit entry is written last
			t.Errorf("call %d failed: %d runs more, want one, or two if it was the last", n, got)
		}
		_, err = w.send(t, questionnaire.WavePre, surveys.ResponseID(fmt.Sprintf("response_%04d", n)), carded(string(printed.Codes[1])))
		must(t, err)
		wantVoids(t, w, printed.Sheet.ID)
	}
}

func wantVoids(t *testing.T, w *cardWorld, id surveys.CardSheetID) {
	t.Helper()
	for n := 1; ; n++ {
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		err := service.VoidCards(w.ctx, w.programme.ID, id)
		if faulty.Calls() < n {
			must(t, err)
			return
		}
		wantError(t, "VoidCards", err, surveys.KindUnavailable, "")
	}
}

// TestCardSubmitFaults lets each store call of a submission with a card fail: a
// store that does not answer is not taken for a card that does not exist.
func TestCardSubmitFaults(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	code := string(w.print(t, w.order(1)).Codes[0])
	for n := 1; ; n++ {
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		send := func() error {
			return second(service.Submit(context.Background(), w.token(), surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%04d", n)), Raw: carded(code)}))
		}
		err := send()
		if faulty.Calls() < n {
			must(t, err)
			break
		}
		wantError(t, "Submit", err, surveys.KindUnavailable, "")
		must(t, send())
	}
	for _, r := range w.sent(t) {
		if len(r.Notes) > 0 {
			t.Errorf("%s has the notes %v", r.ID, r.Notes)
		}
	}
}

// TestTrialTakesAnyCard: who tries a form out has no card, so that any code that
// could be one will do.
func TestTrialTakesAnyCard(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	trial, err := w.StartTrial(w.ctx, "views", 2, questionnaire.WavePre, w.programme.ID)
	must(t, err)
	code, err := pairing.NewCode(rand.Reader, pairing.DefaultCode)
	must(t, err)
	r, err := w.Submit(t.Context(), trial.Token, surveys.Submission{ID: "response_trial", Raw: carded(code.Grouped())})
	must(t, err)
	if len(r.Notes) > 0 {
		t.Errorf("notes %v, want none", r.Notes)
	}
	_, err = w.Submit(t.Context(), trial.Token, surveys.Submission{ID: "response_other", Raw: carded(otherSign(code))})
	wantCardRefused(t, "mistyped", err, questionnaire.KeyCardCheck)
}

// TestRoomKeepsAnyCard: a tablet that syncs later has nobody left to mend a code.
func TestRoomKeepsAnyCard(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	room, err := w.StartRoom(w.ctx, surveys.Room{Programme: w.programme.ID, Link: w.links[questionnaire.WavePre].ID})
	must(t, err)
	for i, typed := range []string{"K7M-2RX-94H", "no card"} {
		r, err := w.DeliverFromRoom(t.Context(), room.Token, surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_room_%d", i)), Raw: carded(typed)}, w.clock.Now())
		must(t, err)
		if r.Status != surveys.StatusSubmitted || strings.Join(r.Notes, " ") != surveys.NoteCodeUnknown {
			t.Errorf("%q: %s with the notes %v, want it submitted with one", typed, r.Status, r.Notes)
		}
	}
}

// TestCardSentAgainAfterVoid: a phone that lost the answer sends again when the run
// of its card was made void meanwhile, and is told that all is kept.
func TestCardSentAgainAfterVoid(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	printed := w.print(t, w.order(2))
	first, err := w.send(t, questionnaire.WavePre, "response_one", carded(string(printed.Codes[0])))
	must(t, err)
	must(t, w.VoidCards(w.ctx, w.programme.ID, printed.Sheet.ID))
	again, err := w.send(t, questionnaire.WavePre, "response_one", carded(string(printed.Codes[0])))
	must(t, err)
	if again.ID != first.ID || len(w.sent(t)) != 1 {
		t.Errorf("sent again it is %s of %d, want %s of 1", again.ID, len(w.sent(t)), first.ID)
	}
	_, err = w.send(t, questionnaire.WavePre, "response_two", carded(string(printed.Codes[1])))
	wantCardRefused(t, "a new one", err, questionnaire.KeyCardUnknown)
}

// TestHandedInWithAnyCard: what a phone hands in after the link closed is held with
// whatever card it came with.
func TestHandedInWithAnyCard(t *testing.T) {
	t.Parallel()
	w := newCardWorld(t, storetest.SQLite(t))
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	r, err := w.HandIn(t.Context(), w.token(), surveys.Submission{ID: "response_late", Raw: carded("K7M-2RX-94H")}, w.clock.Now())
	must(t, err)
	if r.Status != surveys.StatusHeld || !r.Coded || !strings.Contains(strings.Join(r.Notes, " "), surveys.NoteCodeUnknown) {
		t.Errorf("handed in: %s, coded %t, notes %v", r.Status, r.Coded, r.Notes)
	}
}
