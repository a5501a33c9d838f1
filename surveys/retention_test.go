package surveys_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// keeper makes no files and freezes the number of responses that there were.
type keeper struct{}

func (keeper) Format(string) (surveys.FileFormat, bool) { return surveys.FileFormat{}, false }

func (keeper) Make(context.Context, io.Writer, surveys.Making) (*surveys.Release, error) {
	return nil, errors.New("no files here")
}

func (keeper) Freeze(ctx context.Context, m surveys.Making) ([]surveys.FrozenPart, *surveys.Release, error) {
	n, linked := 0, 0
	for _, err := range m.Data.Responses(ctx) {
		if err != nil {
			return nil, nil, err
		}
		n++
	}
	elements, err := m.Data.Elements(ctx)
	if err != nil {
		return nil, nil, err
	}
	linked = len(elements)
	body := fmt.Sprintf(`{"responses":%d,"linked":%d}`, n, linked)
	release := &surveys.Release{Smallest: 5, Cells: []surveys.Cell{{Key: surveys.EveryoneCell, People: n}}}
	return []surveys.FrozenPart{{Name: surveys.FrozenReport, Type: "application/json", Bytes: []byte(body)}, {Name: "publication.xlsx", Bytes: []byte("a file")}}, release, nil
}

// mark is what no file may hold once it was destroyed. It is made in parts, so that this
// program's own text is not found.
func mark(step surveys.RetentionStep) string { return "Zq" + "marker" + string(step) + "Qz" }

// spans destroy a step a month.
func spans() map[surveys.RetentionStep]surveys.Span {
	all := map[surveys.RetentionStep]surveys.Span{}
	for i, step := range surveys.RetentionSteps() {
		all[step] = surveys.Span{N: i + 1, Unit: surveys.SpanMonths}
	}
	return all
}

// ending is a world whose programme ends on the day of the tests, with everything that
// can be destroyed in it.
type ending struct {
	*world
}

func newEnding(tb testing.TB, store surveys.Store, everywhere bool) *ending {
	tb.Helper()
	e := &ending{newWorldIn(tb, store)}
	e.Service = surveys.NewService(store, e.clock.Now, rand.Reader).WithFiles(keeper{})
	must(tb, e.SetRetentionStart(tb, "2026-03-03"))
	e.answers(tb)
	e.records(tb, everywhere)
	return e
}

// SetRetentionStart sets the clock of the world's programme.
func (e *ending) SetRetentionStart(tb testing.TB, start string) error {
	tb.Helper()
	_, err := e.SetRetention(e.ctx, e.programme.ID, surveys.RetentionAsk{Start: start, Spans: spans(), Quotes: surveys.QuotesInFiles, Confirm: true})
	return err
}

// answers are responses of every status with words in every place where words can be.
func (e *ending) answers(tb testing.TB) {
	tb.Helper()
	word := mark(surveys.StepTexts)
	for i := range 8 {
		wave := []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}[i%2]
		raw := form(questionnaire.Raw{
			"own_code__mother": {"Xan" + string(rune('a'+i/2))}, "why": {"Because " + word}, "before": {"Hope " + word},
			"travel": {"other"}, "travel__other": {"by " + word}, "changed": {"All " + word},
		})
		if wave == questionnaire.WavePost {
			delete(raw, "before")
		}
		_, err := e.Submit(tb.Context(), e.links[wave].Token, surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%02d", i)), Raw: raw, Mode: surveys.ModePhone, Device: "abcdefgh12"})
		must(tb, err)
	}
	r := e.sent(tb)[0]
	_, err := e.CorrectAnswer(e.ctx, surveys.Correction{Programme: e.programme.ID, Strand: "pupils", Response: r.ID, Revision: r.Revision, Reason: "said " + word}, "why", questionnaire.Raw{"why": {"Corrected " + word}})
	must(tb, err)
	must(tb, e.ClearAndQuote(tb, r.ID, "Corrected "+word))
	begun := e.begin(tb)
	_, err = e.SavePart(tb.Context(), e.token(), begun, 1, form(questionnaire.Raw{"before": {"half " + word}}))
	must(tb, err)
	paper := e.sent(tb)[1]
	paper.ID, paper.Mode, paper.Revision, paper.Batch = "paper_response_1", surveys.ModePaper, 0, "batch"
	must(tb, e.store.PutResponse(tb.Context(), paper, nil))
}

// ClearAndQuote decides about an open answer.
func (e *ending) ClearAndQuote(tb testing.TB, r surveys.ResponseID, text string) error {
	tb.Helper()
	return e.Decide(e.ctx, e.programme.ID, "pupils", surveys.Reading{Response: r, Variable: "why", Cleared: true, Status: surveys.QuoteApproved, Text: text, Attribution: "Pupil"})
}

// records puts one record of every kind that retention destroys into every place where
// one can be, with words in it that are looked for.
func (e *ending) records(tb testing.TB, everywhere bool) {
	tb.Helper()
	id, strand := string(e.programme.ID), string(e.programme.ID)+"/pupils"
	for _, kind := range surveys.EndingKinds() {
		step := surveys.StepOf(kind)
		if !slices.Contains(surveys.RetentionSteps(), step) || kind == "pairing_key" {
			continue
		}
		said := map[string]any{
			"programme": id, "strand": "pupils", "state": "done", "attempt": "planted_attempt", "response": "none", "pre": "planted_a", "post": "planted_b", "variable": "why",
			"text": mark(step), "words": mark(step),
		}
		places := []string{id, strand, strand + "/open", "planted_attempt", "planted_" + string(kind), id + "/cohort/pupils/pre", "paper_response_1"}
		if !everywhere {
			places = places[:2]
		}
		for _, parent := range []string{"contact", "mailing", "batch", "room", "upload", "job"} {
			if !everywhere {
				break
			}
			places = append(places, "planted_"+parent+"_"+id, "planted_"+parent+"_"+strand)
		}
		for _, scope := range places {
			name := "planted_" + string(kind) + "_" + scope
			said["id"] = name
			body, err := json.Marshal(said)
			must(tb, err)
			_, err = e.store.PutRecord(tb.Context(), surveys.Record{Kind: kind, ID: name, Scope: scope, At: e.clock.Now(), Body: body})
			must(tb, err)
		}
	}
	for _, kind := range []surveys.RecordKind{"mailing", "batch", "room"} { // they stay, and what lies under them goes
		body := fmt.Sprintf(`{"id":%q,"programme":%q,"strand":"pupils","state":"ended"}`, "planted_"+string(kind)+"_"+id, id)
		_, err := e.store.PutRecord(tb.Context(), surveys.Record{Kind: kind, ID: "planted_" + string(kind) + "_" + id, Scope: id, At: e.clock.Now(), Body: []byte(body)})
		must(tb, err)
	}
	e.unplant(tb)
	_, err := e.store.PutRecord(tb.Context(), surveys.Record{Kind: "doomed", ID: "paper_response_1", At: e.clock.Now(), Body: []byte(`{}`)})
	must(tb, err)
	_, err = e.store.PutRecord(tb.Context(), surveys.Record{Kind: "job_due", ID: "planted_job_" + strand, At: e.clock.Now(), Body: []byte(`{}`)})
	must(tb, err)
}

// unplant takes away what was planted where nothing of its kind ever is.
func (e *ending) unplant(tb testing.TB) {
	tb.Helper()
	for _, kind := range surveys.EndingKinds() {
		if !slices.Contains(surveys.RetentionSteps(), surveys.StepOf(kind)) {
			continue
		}
		found, err := surveys.FoundOf(tb.Context(), e.Service, e.programme.ID, kind)
		must(tb, err)
		var stray []string
		for r, err := range e.store.Records(tb.Context(), kind, "*") {
			must(tb, err)
			if !found[r.ID] && strings.HasPrefix(r.ID, "planted_") {
				stray = append(stray, r.ID)
			}
		}
		for _, id := range stray {
			must(tb, e.store.DeleteRecord(tb.Context(), kind, id))
		}
	}
}

// rounds pass the time that a step takes to close, and do what is due.
func (e *ending) rounds(tb testing.TB, s *surveys.Service) {
	tb.Helper()
	for range 3 {
		must(tb, s.Retain(tb.Context()))
		e.clock.pass(3 * time.Minute)
	}
}

func (e *ending) now(tb testing.TB) surveys.Programme {
	tb.Helper()
	p, err := e.Programme(e.ctx, e.programme.ID)
	must(tb, err)
	return p
}

// TestRetention does all steps: what the dry run counted goes, nothing else does, a
// certificate says so, and the words that went are in no file.
func TestRetention(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "soundings.db")
	e := newEnding(t, storetest.OpenSQLite(t, path), true)
	testSteps(t, e, true, func(step surveys.RetentionStep) { wantNowhere(t, filepath.Dir(path), mark(step)) })
}

// TestRetentionInMongoDB does the same on the other store.
func TestRetentionInMongoDB(t *testing.T) {
	t.Parallel()
	e := newEnding(t, storetest.Mongo(t), false)
	testSteps(t, e, false, func(surveys.RetentionStep) {})
}

func testSteps(t *testing.T, e *ending, everywhere bool, look func(surveys.RetentionStep)) {
	t.Helper()
	must(t, e.Retain(t.Context()))
	if p := e.now(t); !p.Retention.Closed.IsZero() {
		t.Fatal("retention began before its day")
	}
	for i, step := range surveys.RetentionSteps() {
		p := e.now(t)
		at, ok := p.RetentionDate(step)
		if !ok || !at.Equal(time.Date(2026, 4+time.Month(i), 3, 0, 0, 0, 0, at.Location())) {
			t.Fatalf("%s is due at %v", step, at)
		}
		e.clock.pass(at.Sub(e.clock.Now()))
		dry, err := e.RetentionDryRun(e.ctx, e.programme.ID, step)
		must(t, err)
		if kinds := unplanted(step, dry.Goes); everywhere && len(kinds) > 0 {
			t.Errorf("%s: nothing of %v was planted: a mistake in finding them would not be seen", step, kinds)
		}
		e.rounds(t, e.Service)
		p = e.now(t)
		if _, done := p.RetentionDone(step); !done {
			t.Fatalf("%s is not done", step)
		}
		c, err := e.Certificate(e.ctx, e.programme.ID, step)
		must(t, err)
		if diff := cmp.Diff(dry.Goes, c.Gone); diff != "" {
			t.Errorf("%s: the dry run and the real one differ (-dry +real):\n%s", step, diff)
		}
		if !c.Sound() || c.Lingers != 0 {
			t.Errorf("%s: the certificate is %+v", step, c)
		}
		after, err := e.RetentionDryRun(e.ctx, e.programme.ID, step)
		must(t, err)
		if len(after.Goes) > 0 {
			t.Errorf("%s: %+v lingers", step, after.Goes)
		}
		wantNoRecord(t, e.store, mark(step))
		look(step)
	}
	wantFrozen(t, e)
	all, err := e.Certificates(e.ctx, e.programme.ID)
	must(t, err)
	for i := 1; i < len(all); i++ {
		if all[i].Before != all[i-1].Hash {
			t.Errorf("certificate %d does not follow the one before", i)
		}
	}
}

// unplanted are the kinds of a step that were not there to be destroyed.
func unplanted(step surveys.RetentionStep, goes []surveys.RetentionCount) []surveys.RecordKind {
	var kinds []surveys.RecordKind
	for _, kind := range surveys.EndingKinds() {
		there := slices.ContainsFunc(goes, func(c surveys.RetentionCount) bool { return c.Kind == kind && c.N > 0 })
		if surveys.StepOf(kind) == step && !there {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// wantFrozen checks that the figures are as they were before anything was destroyed.
func wantFrozen(t *testing.T, e *ending) {
	t.Helper()
	for _, profile := range []surveys.Profile{surveys.ProfileInternal, surveys.ProfilePublished} {
		part, err := e.FrozenFile(e.ctx, e.programme.ID, "pupils", profile, surveys.FrozenReport)
		must(t, err)
		if want := `{"responses":9,"linked":8}`; string(part.Bytes) != want {
			t.Errorf("frozen %s is %s, want %s", profile, part.Bytes, want)
		}
		data, err := e.Dataset(e.ctx, e.programme.ID, "pupils")
		must(t, err)
		if body, at, ok := data.Frozen(profile); !ok || at.IsZero() || !bytes.Equal(body, part.Bytes) {
			t.Errorf("a dataset has no frozen report of profile %s", profile)
		}
	}
	releases, err := e.Releases(e.ctx, e.programme.ID, "pupils")
	must(t, err)
	if len(releases) != 2 {
		t.Errorf("%d releases, want the 2 that were frozen", len(releases))
	}
}

// wantNoRecord looks for words in every record of every kind, and in all responses.
func wantNoRecord(t *testing.T, store surveys.Store, words string) {
	t.Helper()
	for _, kind := range declaredKinds(t) {
		for r, err := range store.Records(t.Context(), kind, "*") {
			must(t, err)
			if strings.Contains(string(r.Body)+r.Key+r.ID, words) {
				t.Errorf("%s %s in scope %s still says %s", kind, r.ID, r.Scope, words)
			}
		}
	}
}

// wantNowhere looks for words in the bytes of every file of a folder.
func wantNowhere(t *testing.T, folder, words string) {
	t.Helper()
	looked := 0
	must(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		if n := bytes.Count(body, []byte(words)); n > 0 {
			t.Errorf("%s still says %s, %d times", filepath.Base(path), words, n)
		}
		return nil
	}))
	if looked == 0 {
		t.Errorf("no file in %s", folder)
	}
}
