package surveys_test

import (
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// none is what given says of a response without any linkage.
const none = -1

// TestWithdraw: what is left says that somebody answered, and nothing of what.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, other := w.kept(t), w.kept(t)
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: r.ID, Variable: "why", Cleared: true}))
	typed := strings.ToLower(strings.ReplaceAll(surveys.ReceiptOf(r.ID), "-", " "))
	found, err := w.ByReceipt(t.Context(), "here", typed)
	must(t, err)
	if found.Programme != w.programme.Name || !found.Submitted.Equal(r.Submitted) || found.Withdrawn {
		t.Errorf("found %+v, want the programme and the time of sending", found)
	}
	for range 2 {
		found, err = w.Withdraw(t.Context(), "here", typed)
		must(t, err)
		if !found.Withdrawn {
			t.Error("not withdrawn")
		}
	}
	left, err := w.store.Response(t.Context(), r.ID)
	must(t, err)
	if left.Status != surveys.StatusWithdrawn || len(left.Answers)+len(left.Aside)+len(left.History) > 0 || left.Digest != "" || left.Coded {
		t.Errorf("left is %+v, want nothing of the answers", left)
	}
	if n := w.given(t, r.ID); n != none {
		t.Errorf("%d linkages left", n)
	}
	d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	if len(d.Readings) != 0 || d.LeftOut.Withdrawn != 1 || len(w.sent(t)) != 1 || w.sent(t)[0].ID != other.ID {
		t.Errorf("readings %v, left out %+v, sent %d; want none, 1 withdrawn, 1", d.Readings, d.LeftOut, len(w.sent(t)))
	}
}

// TestWithdrawnStaysAway: a phone that sends it again, or other answers under its
// id, brings nothing back.
func TestWithdrawnStaysAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.kept(t)
	_, err := w.Withdraw(t.Context(), "here", surveys.ReceiptOf(r.ID))
	must(t, err)
	for _, raw := range []questionnaire.Raw{form(nil), form(questionnaire.Raw{"stress": {"1"}})} {
		again, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: r.ID, Raw: raw})
		must(t, err)
		if again.Status != surveys.StatusWithdrawn || len(w.sent(t)) != 0 {
			t.Errorf("sent again: status %s, %d sent", again.Status, len(w.sent(t)))
		}
	}
}

// TestUnknownReceipts: nothing is told, and who guesses is stopped.
func TestUnknownReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	begun := w.begin(t)
	for _, receipt := range []string{"", "234-567-89A", "O0O-0O0-0O0", surveys.ReceiptOf(begun)} {
		_, err := w.ByReceipt(t.Context(), "here", receipt)
		wantError(t, "an unknown receipt", err, surveys.KindNotFound, "receipt.unknown")
	}
	r := w.kept(t)
	var err error
	for range 40 {
		if _, err = w.ByReceipt(t.Context(), "guesser", "234-567-89A"); surveys.KindOf(err) == surveys.KindThrottled {
			break
		}
	}
	wantError(t, "guessing", err, surveys.KindThrottled, "account.too_many_tries")
	_, err = w.Withdraw(t.Context(), "guesser", surveys.ReceiptOf(r.ID))
	wantError(t, "a right guess after too many wrong ones", err, surveys.KindThrottled, "account.too_many_tries")
	if _, err := w.ByReceipt(t.Context(), "elsewhere", surveys.ReceiptOf(r.ID)); err != nil {
		t.Errorf("another network is stopped too: %v", err)
	}
	w.clock.pass(time.Hour)
	if _, err := w.ByReceipt(t.Context(), "guesser", surveys.ReceiptOf(r.ID)); err != nil {
		t.Errorf("still stopped after an hour: %v", err)
	}
}

// TestTrailTakesNothingBack: whoever may read the trail, and no answer, finds no
// receipt in it.
func TestTrailTakesNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.kept(t)
	post, err := w.Submit(t.Context(), w.links[questionnaire.WavePost].Token, surveys.Submission{ID: "0123456789abcdef0123456789abcdef", Raw: form(nil)})
	must(t, err)
	must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: r.ID, Variable: "why", Cleared: true}))
	must(t, w.DecidePair(w.ctx, w.programme.ID, "pupils", pairing.Decision{Pre: string(r.ID), Post: string(post.ID), Accepted: true}))
	must(t, w.UndoRuling(w.ctx, w.programme.ID, "pupils", string(r.ID), string(post.ID), 1, "a slip"))
	must(t, second(w.CorrectAnswer(w.ctx, about(r), "stress", questionnaire.Raw{"stress": {"3"}})))
	trail, err := w.AuditTrail(w.ctx, w.programme.ID)
	must(t, err)
	for _, entry := range trail {
		for _, id := range regexp.MustCompile(`[0-9a-f]{32}`).FindAllString(entry.What, -1) {
			if _, err := w.ByReceipt(t.Context(), "here", surveys.ReceiptOf(surveys.ResponseID(id))); err == nil {
				t.Errorf("%s leads to a receipt", entry.Action)
			}
		}
	}
}

// TestReceiptFindsItsResponse: of every id that is drawn.
func TestReceiptFindsItsResponse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "id")
		prefix, ok := surveys.ReceiptPrefix(surveys.ReceiptOf(surveys.ResponseID(id)))
		if !ok || !strings.HasPrefix(id, prefix) || len(prefix) != 11 {
			t.Fatalf("the receipt of %s leads to %q, %v", id, prefix, ok)
		}
	})
}

// FuzzReceiptPrefix: whatever is typed, a prefix is eleven hexadecimal digits.
func FuzzReceiptPrefix(f *testing.F) {
	f.Add("234-567-89A")
	f.Add("zzz zzz zzz")
	f.Fuzz(func(t *testing.T, typed string) {
		prefix, ok := surveys.ReceiptPrefix(typed)
		if ok && (len(prefix) != 11 || strings.Trim(prefix, "0123456789abcdef") != "") {
			t.Errorf("%q leads to %q", typed, prefix)
		}
	})
}

// TestWithdrawFaults: whichever call of the store fails, asked again it is done.
func TestWithdrawFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		r := w.kept(t)
		faulty := storetest.Faulty(w.store, n)
		_, err := surveys.NewService(faulty, w.clock.Now, rand.Reader).Withdraw(t.Context(), "here", surveys.ReceiptOf(r.ID))
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v", n, err)
		}
		_, err = w.Withdraw(t.Context(), "here", surveys.ReceiptOf(r.ID))
		must(t, err)
		left, err := w.store.Response(t.Context(), r.ID)
		must(t, err)
		if left.Status != surveys.StatusWithdrawn || len(left.Answers) > 0 || w.given(t, r.ID) != none {
			t.Errorf("after call %d failed and all was done again: %+v", n, left)
		}
	}
}
