package surveys_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// takingBack is one way in which words or answers that files may hold are taken back.
type takingBack struct {
	name   string
	quoted bool // the answer was approved as a quote before
	do     func(p *printShop, s *surveys.Service, id surveys.ResponseID, n int) error
}

var takingsBack = []takingBack{
	{"consent", true, func(p *printShop, s *surveys.Service, id surveys.ResponseID, _ int) error {
		return s.TakeConsentBackFor(p.ctx, p.programme.ID, surveys.ReceiptOf(id))
	}},
	{"quote refused", true, func(p *printShop, s *surveys.Service, id surveys.ResponseID, _ int) error {
		return s.Decide(p.ctx, p.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteRefused, Revision: 1})
	}},
	{"response deleted", false, func(p *printShop, s *surveys.Service, id surveys.ResponseID, _ int) error {
		r, err := p.store.Response(p.ctx, id)
		if err != nil {
			return err
		}
		return second(s.DeleteResponse(p.ctx, surveys.Correction{Programme: p.programme.ID, Strand: "pupils", Response: id, Revision: r.Revision, Reason: "a test"}))
	}},
	{"response withdrawn", false, func(p *printShop, s *surveys.Service, id surveys.ResponseID, n int) error {
		return second(s.Withdraw(p.ctx, fmt.Sprint("network ", n), surveys.ReceiptOf(id)))
	}},
}

// TestTakenBackIsMarkedFirst lets each store call fail in turn while something is taken
// back: once it is gone, were it but in part, no file that may hold it can be fetched.
func TestTakenBackIsMarkedFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range takingsBack {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPrintShop(t, storetest.SQLite(t))
			for n, failed := 1, true; failed; n++ {
				failed = p.takesBackWithFault(t, tt, n)
			}
		})
	}
}

// takesBackWithFault takes back a new answer with store call n failing, and reports
// whether there were so many.
func (p *printShop) takesBackWithFault(t *testing.T, tt takingBack, n int) bool {
	t.Helper()
	id := surveys.ResponseID(fmt.Sprintf("%08x%024x", uint32(n*2654435761), n)) // told apart by their receipts
	p.answered(t, questionnaire.WavePre, id, questionnaire.Raw{"own_code__day": {fmt.Sprint(n%20 + 4)}})
	if tt.quoted {
		must(t, p.Decide(p.ctx, p.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Status: surveys.QuoteApproved, Text: p.openText(t, id)}))
	}
	before := p.holds(t, id)
	e := p.makes(t, p.rows())
	faulty := storetest.Faulty(p.store, n)
	err := tt.do(p, p.on(faulty), id, n)
	failed := faulty.Calls() >= n
	if failed != errors.Is(err, storetest.ErrFault) {
		t.Fatalf("with call %d failing: error = %v, want that of the store if it failed", n, err)
	}
	gone := p.holds(t, id) != before
	if !failed && !gone {
		t.Fatal("nothing was taken back")
	}
	if _, err := p.ExportFile(p.ctx, p.programme.ID, e.ID); gone && (err == nil || surveys.KindOf(err) != surveys.KindNotFound) {
		t.Errorf("with call %d failing: what is gone can still be fetched (%v)", n, err)
	}
	return failed
}

// holds is what the store has of an answer in words: all of its response, and what was
// decided about it.
func (p *printShop) holds(t *testing.T, id surveys.ResponseID) string {
	t.Helper()
	r, err := p.store.Response(p.ctx, id)
	must(t, err)
	reading := ""
	for kept, err := range p.store.Records(p.ctx, "reading", "*") {
		if must(t, err); kept.ID == string(id)+"/why" {
			reading = string(kept.Body)
		}
	}
	return fmt.Sprint(r.Status, r.Answers["why"], r.Answers["may_quote"], reading)
}

// TestExportAfterChildren: where children need others to agree, no file made before
// that was said can be fetched, and one that is being made is made again.
func TestExportAfterChildren(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(p *printShop) error{
		"children answer": func(p *printShop) error { return p.SetChildren(p.ctx, p.programme.ID, "pupils", true) },
		"an agreement is taken back": func(p *printShop) error {
			return second(p.SetAgreement(p.ctx, p.programme.ID, p.cohort.ID, "", ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPrintShop(t, storetest.SQLite(t))
			must(t, p.SetChildren(p.ctx, p.programme.ID, "pupils", name != "children answer"))
			e := p.makes(t, p.rows())
			must(t, takeBack(p))
			if e = p.export(t, e.ID); e.State != surveys.ExportStale {
				t.Errorf("the file made before is %s, want %s", e.State, surveys.ExportStale)
			}
			p.scribe.during = func(context.Context, surveys.Making) error { return takeBack(p) }
			if e = p.makes(t, p.rows()); e.State != surveys.ExportWorking {
				t.Errorf("the file in the making is %s, want %s: it is made again", e.State, surveys.ExportWorking)
			}
		})
	}
}
