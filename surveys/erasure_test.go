package surveys_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestErasure: of one who asks nothing is left anywhere, in no file either, and of the
// others everything is; whether they do it themselves or staff do it for them.
func TestErasure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(w *world, receipt string) error
	}{
		{"by_receipt", func(w *world, receipt string) error { return second(w.Withdraw(w.ctx, "here", receipt)) }},
		{"by_staff", func(w *world, receipt string) error {
			return w.EraseFor(w.ctx, w.programme.ID, receipt, "asked by letter")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "soundings.db")
			w := newWorldIn(t, storetest.OpenSQLite(t, path))
			hers, his := mark("hers"), mark("his")
			id, other := surveys.ResponseID("0123456789abcdef0123456789abcdef"), surveys.ResponseID("f123456789abcdef0123456789abcdef")
			for id, word := range map[surveys.ResponseID]string{id: hers, other: his} {
				_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(questionnaire.Raw{"why": {"Because " + word}, "travel": {"other"}, "travel__other": {"by " + word}})})
				must(t, err)
			}
			must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Cleared: true, Status: surveys.QuoteApproved, Text: "Because " + hers, Attribution: "Pupil"}))
			_, err := w.CorrectAnswer(w.ctx, surveys.Correction{Programme: w.programme.ID, Strand: "pupils", Response: id, Revision: 1, Reason: "said " + hers}, "before", questionnaire.Raw{"before": {"Hope " + hers}})
			must(t, err)
			_, err = w.SaveSummary(w.ctx, w.programme.ID, "pupils", surveys.Summary{Profile: surveys.ProfileInternal, Edits: map[string]surveys.SummaryEdit{
				"a": {Text: "One said: Because " + hers, Proposed: "x"}, "b": {Text: "One said: Because " + his, Proposed: "x"}}})
			must(t, err)
			held, err := w.HeldOn(w.ctx, w.programme.ID, surveys.ReceiptOf(id), "asked by letter")
			must(t, err)
			if body, err := json.Marshal(held); err != nil || strings.Count(string(body), hers) < 5 || strings.Contains(string(body), his) || !held.Linked {
				t.Errorf("held on her: %s", body)
			}
			must(t, tt.do(w, surveys.ReceiptOf(id)))
			must(t, w.Retain(t.Context()))
			wantNoRecord(t, w.store, hers)
			wantNowhere(t, filepath.Dir(path), hers)
			kept, err := w.store.Response(t.Context(), other)
			must(t, err)
			if !strings.Contains(kept.Answers["why"].Text, his) || !kept.Coded {
				t.Errorf("his answers are %+v", kept)
			}
			summary, err := w.Summary(w.ctx, w.programme.ID, "pupils", surveys.ProfileInternal, surveys.Filter{})
			must(t, err)
			if len(summary.Edits) != 1 || !strings.Contains(summary.Edits["b"].Text, his) {
				t.Errorf("summary: %+v", summary.Edits)
			}
		})
	}
}

// TestHeldOnWithholds: a receipt opens to no administrator what waits with the lead.
func TestHeldOnWithholds(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	id, err := surveys.NewID(rand.Reader)
	must(t, err)
	r.says(t, surveys.ResponseID(id), disclosure)
	shows := func(when string, want bool) {
		t.Helper()
		on, err := r.HeldOn(r.ctx, r.programme.ID, surveys.ReceiptOf(surveys.ResponseID(id)), "They asked")
		must(t, err)
		if got := strings.Contains(fmt.Sprint(on), "My dad"); got != want {
			t.Errorf("%s: shown %v, want %v: %+v", when, got, want, on)
		}
	}
	shows("before it was marked", false)
	r.marks(t)
	shows("in the queue", false)
	r.act(t, r.queue(t)[0].Concern, surveys.ConcernReleased)
	shows("released", true)
}

// TestHoldings: the file has all that is held but keys, as its manifest says.
func TestHoldings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		w.kept(t)
	}
	s := surveys.NewService(w.store, w.clock.Now, rand.Reader).WithFiles(keeper{})
	_, err := s.AskHoldings(w.ctx, w.programme.ID, "", false)
	wantError(t, "without a reason", err, surveys.KindInvalid, "retention.reason_needed")
	e, err := s.AskHoldings(w.ctx, w.programme.ID, "handed over", false)
	must(t, err)
	e, err = s.AwaitExport(w.ctx, w.programme.ID, e.ID)
	must(t, err)
	if e.State != surveys.ExportDone {
		t.Fatalf("export is %+v", e)
	}
	file, err := s.ExportFile(w.ctx, w.programme.ID, e.ID)
	must(t, err)
	body, err := io.ReadAll(file.Reader(t.Context()))
	must(t, err)
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(t, err)
	var manifest surveys.HoldingsManifest
	files := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		must(t, err)
		files[f.Name], err = io.ReadAll(r)
		must(t, err)
	}
	must(t, json.Unmarshal(files["manifest.json"], &manifest))
	if manifest.Reason != "handed over" || len(manifest.Files) != len(files)-1 {
		t.Errorf("manifest: %+v, %d files", manifest, len(files))
	}
	counts := map[string]int{}
	for _, f := range manifest.Files {
		sum := sha256.Sum256(files[f.Name])
		lines := 0
		for scanner := bufio.NewScanner(bytes.NewReader(files[f.Name])); scanner.Scan(); lines++ {
		}
		if hex.EncodeToString(sum[:]) != f.Sum || lines != f.Count || int64(len(files[f.Name])) != f.Bytes {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
		counts[f.Name] = f.Count
	}
	for name, want := range map[string]int{"programme.jsonl": 1, "response.jsonl": 3, "linkage.jsonl": 3, "cohort.jsonl": 1, "link.jsonl": 2, "version.jsonl": 1} {
		if counts[name] != want {
			t.Errorf("%s has %d lines, want %d", name, counts[name], want)
		}
	}
	if bytes.Contains(body, []byte("pairing_key.jsonl")) {
		t.Error("a key is in the file")
	}
	must(t, second(s.Withdraw(t.Context(), "here", surveys.ReceiptOf(w.sent(t)[0].ID))))
	if _, err := s.ExportFile(w.ctx, w.programme.ID, e.ID); surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("the file can be fetched after somebody withdrew: %v", err)
	}
	w.clock.pass(time.Minute)
}
