package exports_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// columnIn returns the cells below a heading, in a sheet whose heading is row 1.
func columnIn(tb testing.TB, f *excelize.File, sheet, head string) (cells []string) {
	tb.Helper()
	rows := must(f.GetRows(sheet, excelize.Options{RawCellValue: true}))
	at := slices.Index(rows[0], head)
	if at < 0 {
		tb.Fatalf("%s has no column %s among %q", sheet, head, rows[0])
	}
	for _, row := range rows[1:] {
		if at < len(row) {
			cells = append(cells, row[at])
		} else {
			cells = append(cells, "")
		}
	}
	return cells
}

// TestFilteredRows: the file has the rows of whom the filter lets through, a pair as a
// whole, and its cover says so.
func TestFilteredRows(t *testing.T) {
	w := prePost(t)
	data := must(w.service.Dataset(w.ctx, w.programme.ID, strand))
	report := must(outcomes.Build(w.ctx, data, outcomes.Options{Made: origin, Filter: surveys.Filter{Cohorts: []surveys.CohortID{w.cohorts[1].ID}}}))
	var file bytes.Buffer
	if err := exports.Workbook(w.ctx, &file, data, report, exports.Options{}); err != nil {
		t.Fatal(err)
	}
	f := open(t, file.Bytes())
	for _, cohort := range columnIn(t, f, "Responses (codes)", "cohort") {
		if cohort != string(w.cohorts[1].ID) {
			t.Errorf("a row is of cohort %s, which the filter leaves out", cohort)
		}
	}
	if n := len(columnIn(t, f, "Responses (labels)", "Response")); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	if n := len(columnIn(t, f, "Matched pairs", "person_ref")); n != 0 {
		t.Errorf("%d pairs, want none", n)
	}
	if text := listing(t, file.Bytes()); !strings.Contains(text, "Only: =Autumn") {
		t.Error("the cover does not name the filter")
	}
}

// TestProgressIsTold: whoever waits hears how many responses were read, all of them in
// the end.
func TestProgressIsTold(t *testing.T) {
	w := wideWorld(t, 2500)
	data, report := w.dataset()
	var told []int
	opt := exports.Options{Progress: func(n int) { told = append(told, n) }}
	if err := exports.Workbook(w.ctx, &counting{}, data, report, opt); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []int{1000, 2000, 2500}) {
		t.Errorf("told %v", told)
	}
}

// TestDecisionsAreListed: who decided what about pairs, responses and open answers, and
// no word of any answer.
func TestDecisionsAreListed(t *testing.T) {
	w := prePost(t)
	err := w.service.RulePair(w.ctx, w.programme.ID, strand, pairing.Decision{Pre: "00000000000000000000000004", Post: "00000000000000000000000014", Accepted: true}, "Saw both forms")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ id, reason string }{{"00000000000000000000000005", "Sent for a trial"}} {
		r := must(w.service.StoredResponse(w.ctx, w.programme.ID, strand, surveys.ResponseID(c.id)))
		must(w.service.ExcludeResponse(w.ctx, surveys.Correction{Programme: w.programme.ID, Strand: strand, Response: r.ID, Revision: r.Revision, Reason: c.reason}))
	}
	r := must(w.service.StoredResponse(w.ctx, w.programme.ID, strand, "00000000000000000000000001"))
	must(w.service.CorrectAnswer(w.ctx, surveys.Correction{Programme: w.programme.ID, Strand: strand, Response: r.ID, Revision: r.Revision, Reason: "Misread on paper"},
		"stress", questionnaire.Raw{"stress": {"7"}}))
	f := open(t, w.workbook(exports.Options{}))
	about, what := columnIn(t, f, "Decisions", "about"), columnIn(t, f, "Decisions", "decision")
	by, reasons := columnIn(t, f, "Decisions", "decided_by"), columnIn(t, f, "Decisions", "reason")
	var got []string
	for i := range about {
		got = append(got, strings.Join([]string{about[i], what[i], by[i], reasons[i]}, " | "))
	}
	for _, want := range []string{
		"Pair | The same person | A. Evaluator | Saw both forms",
		"Response | Left out of all results | A. Evaluator | Sent for a trial",
		"Response | Answer corrected | A. Evaluator | Misread on paper",
		"Open answer | Approved as a quote, answer cleared | A. Evaluator | ",
		"Open answer | Cleared | A. Evaluator | ",
		"Set-up | Programme created: Walking & talking | A. Evaluator | ",
		"Set-up | Questionnaire published: form version 2 | A. Evaluator | ",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("Decisions lack %q; there are\n%s", want, strings.Join(got, "\n"))
		}
	}
	for _, secret := range []string{"calmer", "AN07HI05"} {
		if strings.Contains(strings.Join(got, "\n"), secret) {
			t.Errorf("Decisions hold %q", secret)
		}
	}
}

// TestMissingReasonsAreTold: among the labels each blank says why, among the codes none
// does.
func TestMissingReasonsAreTold(t *testing.T) {
	f := open(t, prePost(t).workbook(exports.Options{}))
	labels := must(f.GetRows("Responses (labels)"))
	codes := must(f.GetRows("Responses (codes)"))
	at := slices.Index(codes[0], "heard")
	var words, coded []string
	for i := range labels[1:] {
		words = append(words, labels[i+1][at])
		if at < len(codes[i+1]) {
			coded = append(coded, codes[i+1][at])
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	if want := []string{"A friend", "Other, please say", "[declined]", "[not asked]", "[passed over]"}; !slices.Equal(words, want) {
		t.Errorf("labels of heard are %q, want %q", words, want)
	}
	for _, code := range coded {
		if strings.HasPrefix(code, "[") {
			t.Errorf("a code is %q", code)
		}
	}
}

// TestEveryResponseIsSomewhere: whatever came in, in whatever order, each response is
// one row, each pair one row, and pairs, unmatched and repeats are all there are.
func TestEveryResponseIsSomewhere(t *testing.T) {
	count, most := 0, 6
	if testing.Short() {
		most = 2
	}
	rapid.Check(t, func(rt *rapid.T) {
		if count++; count > most {
			return // each world is a store: a few of them are what this test may take
		}
		n := rapid.IntRange(0, 14).Draw(rt, "responses")
		type sent struct {
			wave, code string
			cohort     int
		}
		all := make([]sent, n)
		for i := range all {
			all[i] = sent{
				rapid.SampledFrom([]string{"pre", "post"}).Draw(rt, "wave"),
				rapid.SampledFrom([]string{"", "AN07HI05", "AN07HI06", "BO11LA06", "CE23OX12", "DI30PA01"}).Draw(rt, "code"), rapid.IntRange(0, 1).Draw(rt, "cohort"),
			}
		}
		order := make([]int, 0, n)
		for i := range n {
			order = append(order, i)
		}
		shuffled := rapid.Permutation(slices.Clone(order)).Draw(rt, "order")
		texts := [2]string{}
		for k, sequence := range [][]int{order, shuffled} {
			w := newWorld(t, surveys.DesignPrePost, "wellbeing-1.json")
			for _, i := range sequence {
				w.add(fmt.Sprintf("%026d", i+1), all[i].cohort, questionnaire.Wave(all[i].wave), i, all[i].code, `{"w1":"1","w2":"2","stress":3}`)
			}
			texts[k] = checkAccounts(rt, t, w, n)
		}
		if texts[0] != texts[1] {
			rt.Fatalf("the order in which responses came changed the workbook")
		}
	})
}

// checkAccounts adds up what a workbook says of its responses, and returns it without
// the sheet of the log, whose times are those of the deeds.
func checkAccounts(rt *rapid.T, tb testing.TB, w *world, n int) string {
	file := w.workbook(exports.Options{})
	f := open(tb, file)
	paired := columnIn(tb, f, "Responses (codes)", "paired")
	if len(paired) != n {
		rt.Fatalf("%d rows for %d responses", len(paired), n)
	}
	matched, unmatched, repeats := 0, 0, 0
	for _, state := range paired {
		switch {
		case strings.HasPrefix(state, "matched"):
			matched++
		case strings.HasPrefix(state, "unmatched"):
			unmatched++
		case strings.HasPrefix(state, "sent again"):
			repeats++
		}
	}
	if matched+unmatched+repeats != n {
		rt.Fatalf("%d matched, %d unmatched and %d repeats of %d", matched, unmatched, repeats, n)
	}
	if pairs := columnIn(tb, f, "Matched pairs", "person_ref"); 2*len(pairs) != matched {
		rt.Fatalf("%d pairs for %d matched responses", len(pairs), matched)
	}
	var kept []string
	for line := range strings.SplitSeq(listing(tb, file), "\n") {
		if !strings.HasPrefix(line, "Decisions!") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
