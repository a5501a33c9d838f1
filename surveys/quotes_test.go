package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// worrying is an answer that may be a disclosure.
var worrying = questionnaire.Raw{"why": {"I am scared to go home, he hits me."}}

func TestConcernIsLookedAtBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.answered(t, questionnaire.WavePre, "response_fear", worrying)
	w.answered(t, questionnaire.WavePre, "response_calm", nil)
	key := surveys.ReadingKey{Response: id, Variable: "why"}
	all, err := w.OpenAnswers(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	if all[0].ReadingKey != key || !all[0].Waits() || len(all[0].Signs) == 0 {
		t.Fatalf("first to read is %+v, want what may be a disclosure", all[0])
	}
	decide := func(r surveys.Reading) error {
		r.Response, r.Variable = id, "why"
		return w.Decide(w.ctx, w.programme.ID, "pupils", r)
	}
	wantError(t, "cleared", decide(surveys.Reading{Cleared: true}), surveys.KindInvalid, "quote.concern_first")
	wantError(t, "quoted", decide(surveys.Reading{Status: surveys.QuoteApproved, Text: "I am scared"}), surveys.KindInvalid, "quote.concern_first")
	n, err := w.ClearAnswers(w.ctx, w.programme.ID, "pupils", []surveys.Clearing{{ReadingKey: key}, {ReadingKey: surveys.ReadingKey{Response: "response_calm", Variable: "why"}}})
	must(t, err)
	if n != 1 {
		t.Errorf("cleared %d at once, want the one that nothing marks", n)
	}
	must(t, decide(surveys.Reading{Sentiment: surveys.SentimentNegative}))
	wantError(t, "no note", w.LookAtConcern(w.ctx, w.programme.ID, "pupils", key, 1, "  "), surveys.KindInvalid, "quote.concern_note")
	wantError(t, "stale", w.LookAtConcern(w.ctx, w.programme.ID, "pupils", key, 0, "Told the lead."), surveys.KindConflict, "reading.decided_meanwhile")
	must(t, w.LookAtConcern(w.ctx, w.programme.ID, "pupils", key, 1, "Told the lead."))
	must(t, decide(surveys.Reading{Revision: 2, Cleared: true}))
	if r := w.reading(t, id); r.Looked == nil || r.Looked.Note != "Told the lead." || r.Looked.By != w.account.ID || !r.Cleared {
		t.Errorf("reading = %+v, want looked at and cleared", r)
	}
	must(t, w.RaiseConcern(w.ctx, w.programme.ID, "pupils", key, 3))
	if r := w.reading(t, id); r.Looked != nil || r.Cleared || !r.Raised {
		t.Errorf("raised = %+v, want it to wait again", r)
	}
}

func TestQuoteIsMadeOfTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.answered(t, questionnaire.WavePre, "response_yes", questionnaire.Raw{"why": {"Mrs Marlow did not shout and I liked the garden."}})
	theme, err := w.CreateTheme(w.ctx, surveys.Theme{Programme: w.programme.ID, Name: " Calm "})
	must(t, err)
	for name, tt := range map[string]struct {
		change func(*surveys.Reading)
		key    string
	}{
		"another word":    {func(r *surveys.Reading) { r.Text = "Mrs Marlow did shout" }, "quote.not_of_answer"},
		"brackets only":   {func(r *surveys.Reading) { r.Text = "[It was good]" }, "quote.not_of_answer"},
		"unknown theme":   {func(r *surveys.Reading) { r.Themes = []surveys.ThemeID{"none"} }, "quote.unknown_theme"},
		"unknown outcome": {func(r *surveys.Reading) { r.Outcome = "none" }, "quote.unknown_outcome"},
		"unknown tone":    {func(r *surveys.Reading) { r.Sentiment = "rosy" }, "quote.unknown_sentiment"},
		"few of a role":   {func(r *surveys.Reading) { r.Attribution = "Head teacher" }, "quote.few_share"},
		"few of a cohort": {func(r *surveys.Reading) { r.Level = surveys.LevelCohort }, "quote.few_share"},
		"unknown level":   {func(r *surveys.Reading) { r.Level = "school" }, "quote.few_share"},
	} {
		r := surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: "[A teacher] did not shout"}
		tt.change(&r)
		wantError(t, name, w.Decide(w.ctx, w.programme.ID, "pupils", r), surveys.KindInvalid, tt.key)
	}
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{
		Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: "[A teacher] did not shout … the garden.",
		Themes: []surveys.ThemeID{theme.ID, theme.ID}, Sentiment: surveys.SentimentPositive, Outcome: "stress",
	}))
	r := w.reading(t, id)
	if len(r.Themes) != 1 || len(r.Replaced) != 2 || r.Replaced[0].Was != "Mrs Marlow" || r.Replaced[1].Was != "and I liked" || r.Attribution == "" {
		t.Errorf("reading = %+v, want one theme, what was replaced, and by whom", r)
	}
}

// TestConsentTakenBack: the quote goes, the ratings stay, and nothing can be quoted again.
func TestConsentTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.answered(t, questionnaire.WavePre, "0123456789abcdef0123456789abcdef", nil)
	approve := surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: w.openText(t, id)}
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", approve))
	must(t, w.UseQuote(w.ctx, w.programme.ID, "pupils", surveys.QuoteUse{Response: id, Variable: "why", Where: "Report", On: "2026-05-01"}))
	receipt := surveys.ReceiptOf(id)
	wantError(t, "of another programme", w.TakeConsentBackFor(w.ctx, w.programme.ID, "AAA-AAA-AAA"), surveys.KindNotFound, "receipt.unknown")
	must(t, w.TakeConsentBackFor(w.ctx, w.programme.ID, receipt))
	must(t, w.TakeConsentBackFor(w.ctx, w.programme.ID, receipt))
	if r := w.reading(t, id); r.Status != surveys.QuoteTaken || r.Text != "" || r.Replaced != nil {
		t.Errorf("reading = %+v, want no words", r)
	}
	stored, err := w.store.Response(w.ctx, id)
	must(t, err)
	if stored.Status != surveys.StatusSubmitted || stored.Answers["stress"].Number == nil || stored.Answers["may_quote"].Choice != questionnaire.ConsentNo {
		t.Errorf("response = %+v, want its ratings and a no", stored.Answers)
	}
	approve.Revision = 2
	if err := w.Decide(w.ctx, w.programme.ID, "pupils", approve); surveys.KindOf(err) != surveys.KindInvalid {
		t.Errorf("approved again: %v", err)
	}
	all, err := w.Quotes(w.ctx, w.programme.ID)
	must(t, err)
	if len(all[0].Quotes) != 0 || len(all[0].Lost) != 1 {
		t.Errorf("quotes = %+v, lost %+v; want none, and where it was used", all[0].Quotes, all[0].Lost)
	}
}

func TestChildrenAreQuotedOnlyIfOthersAgreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.answered(t, questionnaire.WavePre, "response_yes", nil)
	must(t, w.SetChildren(w.ctx, w.programme.ID, "pupils", true))
	approve := surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: w.openText(t, id)}
	wantError(t, "nobody agreed", w.Decide(w.ctx, w.programme.ID, "pupils", approve), surveys.KindInvalid, "quote.not_agreed")
	_, err := w.SetAgreement(w.ctx, w.programme.ID, w.cohort.ID, "The head", "")
	wantError(t, "no day", err, surveys.KindInvalid, "cohort.agreed_needs_both")
	_, err = w.SetAgreement(w.ctx, w.programme.ID, w.cohort.ID, "The head", "2026-03-01")
	must(t, err)
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", approve))
	_, err = w.SetAgreement(w.ctx, w.programme.ID, w.cohort.ID, "", "")
	must(t, err)
	all, err := w.Quotes(w.ctx, w.programme.ID)
	must(t, err)
	if len(all[0].Quotes) != 0 {
		t.Error("a child is quoted after the agreement was taken back")
	}
}

// TestThemes are unique by name, and lead to the one they were merged into; on both stores.
func TestThemes(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		make := func(name string) surveys.ThemeID {
			theme, err := w.CreateTheme(w.ctx, surveys.Theme{Programme: w.programme.ID, Name: name})
			must(t, err)
			return theme.ID
		}
		calm, home, sleep := make("Calm"), make("Home"), make("Sleep")
		_, err := w.CreateTheme(w.ctx, surveys.Theme{Programme: w.programme.ID, Name: "CALM"})
		wantError(t, "twice", err, surveys.KindConflict, "theme.exists")
		wantError(t, "renamed to another", w.RenameTheme(w.ctx, w.programme.ID, home, "calm"), surveys.KindConflict, "theme.exists")
		must(t, w.RenameTheme(w.ctx, w.programme.ID, home, "At home"))
		make("Home")
		wantError(t, "into itself", w.MergeTheme(w.ctx, w.programme.ID, calm, calm), surveys.KindInvalid, "theme.merge_into")
		must(t, w.MergeTheme(w.ctx, w.programme.ID, calm, home))
		must(t, w.MergeTheme(w.ctx, w.programme.ID, home, sleep))
		wantError(t, "in a circle", w.MergeTheme(w.ctx, w.programme.ID, sleep, calm), surveys.KindInvalid, "theme.merge_into")
		wantError(t, "unknown", w.RetireTheme(w.ctx, w.programme.ID, "none", true), surveys.KindNotFound, "theme.not_found")
		must(t, w.RetireTheme(w.ctx, w.programme.ID, sleep, true))
		d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
		must(t, err)
		if got := surveys.TrueTheme(d.Themes, calm); got != sleep {
			t.Errorf("calm leads to %s, want sleep", d.Themes[got].Name)
		}
		if names := d.ThemeNames(surveys.Reading{Themes: []surveys.ThemeID{calm, home, sleep}}); len(names) != 1 || names[0] != "Sleep" {
			t.Errorf("names = %v, want Sleep once", names)
		}
	})
}

// TestQuoteFaults lets each store call of each change fail in turn and does it again:
// what is there then is the same as if nothing had failed.
func TestQuoteFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(t, w.SetChildren(w.ctx, w.programme.ID, "pupils", false))
	theme, err := w.CreateTheme(w.ctx, surveys.Theme{Programme: w.programme.ID, Name: "Calm"})
	must(t, err)
	serial := 0
	for name, tt := range map[string]struct {
		raw     questionnaire.Raw
		prepare func(surveys.ResponseID)
		do      func(*surveys.Service, surveys.ResponseID) error
		done    func(surveys.Reading) bool
	}{
		"LookAtConcern": {worrying, nil, func(s *surveys.Service, id surveys.ResponseID) error {
			return s.LookAtConcern(w.ctx, w.programme.ID, "pupils", surveys.ReadingKey{Response: id, Variable: "why"}, 0, "Told.")
		}, func(r surveys.Reading) bool { return r.Looked != nil }},
		"RaiseConcern": {nil, nil, func(s *surveys.Service, id surveys.ResponseID) error {
			return s.RaiseConcern(w.ctx, w.programme.ID, "pupils", surveys.ReadingKey{Response: id, Variable: "why"}, 0)
		}, func(r surveys.Reading) bool { return r.Raised }},
		"ClearAnswers": {nil, nil, func(s *surveys.Service, id surveys.ResponseID) error {
			return second(s.ClearAnswers(w.ctx, w.programme.ID, "pupils", []surveys.Clearing{{ReadingKey: surveys.ReadingKey{Response: id, Variable: "why"}}}))
		}, func(r surveys.Reading) bool { return r.Cleared }},
		"TakeConsentBackFor": {nil, func(id surveys.ResponseID) {
			must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: w.openText(t, id)}))
		}, func(s *surveys.Service, id surveys.ResponseID) error {
			return s.TakeConsentBackFor(w.ctx, w.programme.ID, surveys.ReceiptOf(id))
		}, func(r surveys.Reading) bool { return r.Status == surveys.QuoteTaken && r.Text == "" }},
		"SetAgreement": {nil, nil, func(s *surveys.Service, _ surveys.ResponseID) error {
			return second(s.SetAgreement(w.ctx, w.programme.ID, w.cohort.ID, "", ""))
		}, nil},
		"RetireTheme": {nil, nil, func(s *surveys.Service, _ surveys.ResponseID) error {
			return s.RetireTheme(w.ctx, w.programme.ID, theme.ID, true)
		}, nil},
		"SetChildren": {nil, nil, func(s *surveys.Service, _ surveys.ResponseID) error {
			return s.SetChildren(w.ctx, w.programme.ID, "pupils", false)
		}, nil},
	} {
		for n, failed := 1, true; failed; n++ {
			w.clock.pass(time.Second)
			serial++
			id := surveys.ResponseID(fmt.Sprintf("%08x%024x", uint32(serial*2654435761), serial)) // told apart by their receipts
			w.answered(t, questionnaire.WavePre, id, tt.raw)
			if tt.prepare != nil {
				tt.prepare(id)
			}
			faulty := storetest.Faulty(w.store, n)
			err := tt.do(surveys.NewService(faulty, w.clock.Now, rand.Reader), id)
			if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("%s with call %d failing: error = %v, want that of the store", name, n, err)
			}
			if failed { // what was kept already is a conflict: somebody, here the one before, decided meanwhile
				if err := tt.do(w.Service, id); err != nil && surveys.KindOf(err) != surveys.KindConflict {
					t.Fatalf("%s again: %v", name, err)
				}
			}
			if tt.done != nil && !tt.done(w.reading(t, id)) {
				t.Errorf("%s after call %d failed: %+v", name, n, w.reading(t, id))
			}
		}
	}
}

// TestQuotesAreTheApproved: what was refused and what nobody has decided is no quote,
// and without a closer one the attribution is the role of the strand.
func TestQuotesAreTheApproved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []surveys.ResponseID{"response_one", "response_two", "response_new"} {
		w.answered(t, questionnaire.WavePre, id, nil)
	}
	for id, status := range map[surveys.ResponseID]surveys.QuoteStatus{"response_one": surveys.QuoteApproved, "response_two": surveys.QuoteRefused} {
		must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Status: status, Text: "The garden."}))
	}
	all, err := w.Quotes(w.ctx, w.programme.ID)
	must(t, err)
	quotes := all[0].Quotes
	if len(quotes) != 1 || quotes[0].Response != "response_one" || quotes[0].Reading.Text != "The garden." || quotes[0].Reading.Attribution != "Pupil" {
		t.Errorf("quotes = %+v, want that of response_one, kept as one of a pupil", quotes)
	}
}
