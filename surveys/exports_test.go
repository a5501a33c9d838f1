package surveys_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// scribe makes files of lines: "rows" has one for each response, "figures" their number.
type scribe struct {
	made   atomic.Int32
	during func(ctx context.Context, m surveys.Making) error // in the middle of a file; may be nil
	large  int                                               // bytes added to each file
}

func (s *scribe) Format(id string) (surveys.FileFormat, bool) {
	return surveys.FileFormat{ID: id, Rows: id == "rows"}, id == "rows" || id == "figures"
}

func (s *scribe) Make(ctx context.Context, w io.Writer, m surveys.Making) (*surveys.Release, error) {
	s.made.Add(1)
	n := 0
	for r, err := range m.Data.Responses(ctx) {
		if err != nil {
			return nil, err
		}
		n++
		if m.Export.Format == "rows" {
			if _, err := fmt.Fprintln(w, r.ID, r.Answers["travel"].Choice); err != nil {
				return nil, err
			}
		}
		m.Progress(n)
	}
	if _, err := io.Copy(w, io.LimitReader(&letters{}, int64(s.large))); err != nil {
		return nil, err
	}
	if s.during != nil {
		if err := s.during(ctx, m); err != nil {
			return nil, err
		}
	}
	if _, err := fmt.Fprintln(w, n, "in all, by", m.Export.By); err != nil || m.Export.Format == "rows" {
		return nil, err
	}
	return &surveys.Release{Smallest: 10, Cells: []surveys.Cell{{Key: surveys.EveryoneCell, People: n}}, Through: time.Unix(int64(len(m.Earlier)), 0).UTC()}, nil
}

// letters is an endless text in which every place is told from its neighbours.
type letters struct{ at int }

func (l *letters) Read(into []byte) (int, error) {
	for i := range into {
		l.at++
		into[i] = 'a' + byte(l.at*l.at%25)
	}
	return len(into), nil
}

// printShop is a world whose service makes files, with three responses.
type printShop struct {
	*world
	scribe *scribe
}

func newPrintShop(t *testing.T, store surveys.Store) *printShop {
	t.Helper()
	p := &printShop{newWorldIn(t, store), &scribe{}}
	p.Service = p.Service.WithFiles(p.scribe)
	for i := range 3 {
		p.answered(t, questionnaire.WavePre, surveys.ResponseID(fmt.Sprintf("%032d", i+1)), questionnaire.Raw{"own_code__day": {fmt.Sprint(i + 1)}})
	}
	return p
}

// on is another instance of the shop, over a store that may be a faulty one.
func (p *printShop) on(store surveys.Store) *surveys.Service {
	return surveys.NewService(store, p.clock.Now, rand.Reader).WithFiles(p.scribe)
}

func (p *printShop) rows() surveys.Export {
	return surveys.Export{Programme: p.programme.ID, Strand: "pupils", Format: "rows"}
}

func (p *printShop) ask(t *testing.T, e surveys.Export) surveys.Export {
	t.Helper()
	e, err := p.AskExport(p.ctx, e)
	must(t, err)
	return e
}

func (p *printShop) export(t *testing.T, id surveys.ExportID) surveys.Export {
	t.Helper()
	e, err := p.Export(p.ctx, p.programme.ID, id)
	must(t, err)
	return e
}

// made asks for an export and makes it.
func (p *printShop) makes(t *testing.T, e surveys.Export) surveys.Export {
	t.Helper()
	e = p.ask(t, e)
	must(t, p.WorkExports(t.Context()))
	return p.export(t, e.ID)
}

func (p *printShop) file(t *testing.T, id surveys.ExportID) []byte {
	t.Helper()
	f, err := p.ExportFile(p.ctx, p.programme.ID, id)
	must(t, err)
	data, err := io.ReadAll(f.Reader(t.Context()))
	must(t, err)
	return data
}

// directly is the file as it is when nothing lies between.
func (p *printShop) directly(t *testing.T, e surveys.Export) []byte {
	t.Helper()
	data, err := p.Dataset(p.ctx, p.programme.ID, "pupils")
	must(t, err)
	var b bytes.Buffer
	maker := &scribe{large: p.scribe.large}
	must(t, second(maker.Make(t.Context(), &b, surveys.Making{Export: e, Data: data, Progress: func(int) {}})))
	return b.Bytes()
}

// left is how many records of a kind there are.
func (p *printShop) left(t *testing.T, kind surveys.RecordKind) (n int) {
	t.Helper()
	for _, err := range p.store.Records(t.Context(), kind, "*") {
		must(t, err)
		n++
	}
	return n
}

// wantRecords checks how many pieces there are and how many exports wait.
func (p *printShop) wantRecords(t *testing.T, pieces, due int) {
	t.Helper()
	if gotPieces, gotDue := p.left(t, "export_piece"), p.left(t, "export_due"); gotPieces != pieces || gotDue != due {
		t.Errorf("%d pieces and %d exports to make, want %d and %d", gotPieces, gotDue, pieces, due)
	}
}

// TestExport asks for a file of several pieces, makes it, and reads the same bytes
// back that a direct write gives; the trail tells all of it, and no answer.
func TestExport(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		p := newPrintShop(t, store)
		p.scribe.large = 1_500_000
		e := p.ask(t, p.rows())
		_, err := p.ExportFile(p.ctx, p.programme.ID, e.ID)
		wantError(t, "before it is made", err, surveys.KindNotFound, "export.not_yet")
		p.clock.pass(time.Minute)
		must(t, p.WorkExports(t.Context()))
		e = p.export(t, e.ID)
		want := p.directly(t, e)
		if got := p.file(t, e.ID); !bytes.Equal(got, want) {
			t.Errorf("the file has %d bytes, want the %d of a direct write", len(got), len(want))
		}
		if e.State != surveys.ExportDone || e.Done != 3 || e.Of != 3 || e.Size != int64(len(want)) || e.Sum != fmt.Sprintf("%x", sha256.Sum256(want)) ||
			!e.Made.Equal(origin.Add(time.Minute)) || !e.Expires.Equal(e.Made.Add(surveys.ExportLife)) {
			t.Errorf("the export: %+v", e)
		}
		p.wantRecords(t, 3, 0)
		p.wantTrail(t, string(e.ID)+": rows of pupils, language source, of everybody", "export.downloaded", "export.asked")
	})
}

// wantTrail checks that what was done has an entry, and that none holds an answer.
func (p *printShop) wantTrail(t *testing.T, what string, actions ...string) {
	t.Helper()
	trail, err := p.AuditTrail(p.ctx, p.programme.ID)
	must(t, err)
	for _, action := range actions {
		if !slices.ContainsFunc(trail, func(a surveys.AuditEntry) bool { return a.Action == action && a.What == what && a.Name == "Olu Owner" }) {
			t.Errorf("the trail lacks %s %q", action, what)
		}
	}
	wantSilent(t, trail, []string{"garden", "Xanthippe"})
}

// TestExportAskedTwice: what twenty ask for at once, on two instances, is made once,
// and is offered again until something changes.
func TestExportAskedTwice(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		p := newPrintShop(t, store)
		both := []*surveys.Service{p.Service, p.on(p.store)}
		asked, errs := together(20, func(i int) (surveys.Export, error) { return both[i%2].AskExport(p.ctx, p.rows()) })
		for i, err := range errs {
			must(t, err)
			if asked[i].ID != asked[0].ID {
				t.Errorf("two exports: %s and %s", asked[i].ID, asked[0].ID)
			}
		}
		_, errs = together(6, func(i int) (int, error) { return 0, both[i%2].WorkExports(t.Context()) })
		for _, err := range errs {
			must(t, err)
		}
		p.clock.pass(time.Hour)
		if again := p.ask(t, p.rows()); again.ID != asked[0].ID || again.State != surveys.ExportDone || p.scribe.made.Load() != 1 {
			t.Errorf("asked again: %s is %s, made %d times", again.ID, again.State, p.scribe.made.Load())
		}
		p.wantRecords(t, 1, 0)
		other := p.rows()
		other.Filter.Cohorts = []surveys.CohortID{p.cohort.ID}
		if e := p.ask(t, other); e.ID == asked[0].ID {
			t.Error("another filter has the same file")
		}
		p.answered(t, questionnaire.WavePre, "one_more_response", nil)
		if e := p.ask(t, p.rows()); e.ID == asked[0].ID {
			t.Error("after another response the old file is offered")
		}
	})
}

// killed is a store that an instance loses for good after so many pieces.
type killed struct {
	surveys.Store
	left atomic.Int32
}

func (k *killed) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	if r.Kind == "export_piece" {
		k.left.Add(-1)
	}
	if k.left.Load() < 0 {
		return 0, &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: storetest.ErrFault}
	}
	return k.Store.PutRecord(ctx, r)
}

func (k *killed) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	if k.left.Load() < 0 {
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: storetest.ErrFault}
	}
	return k.Store.DeleteRecord(ctx, kind, id)
}

// TestExportKilled: an instance ends in the middle of a file. Another waits until the
// lease has run out, begins again, and leaves one file and nothing of the first.
func TestExportKilled(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		p := newPrintShop(t, store)
		p.scribe.large = 2_000_000
		e := p.ask(t, p.rows())
		dying := &killed{Store: p.store}
		dying.left.Store(2)
		if err := p.on(dying).WorkExports(t.Context()); err == nil {
			t.Fatal("the first instance was not killed")
		}
		p.wantRecords(t, 2, 1)
		second := p.on(p.store)
		must(t, second.WorkExports(t.Context()))
		if got := p.export(t, e.ID); got.State != surveys.ExportWorking {
			t.Fatalf("while the lease holds the export is %s, want working", got.State)
		}
		p.clock.pass(2 * time.Minute)
		must(t, second.WorkExports(t.Context()))
		e = p.export(t, e.ID)
		if e.State != surveys.ExportDone || e.Tries != 2 {
			t.Fatalf("the export: %+v", e)
		}
		p.wantRecords(t, 3, 0)
		if got := p.file(t, e.ID); !bytes.Equal(got, p.directly(t, e)) {
			t.Errorf("the file differs: %d bytes", len(got))
		}
	})
}

// TestExportCancelled stops a file while it is made, by another instance.
func TestExportCancelled(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	p.scribe.large = 800_000
	p.scribe.during = func(ctx context.Context, m surveys.Making) error {
		_, err := p.on(p.store).CancelExport(p.ctx, p.programme.ID, m.Export.ID)
		must(t, err)
		<-ctx.Done() // the watch sees it
		return ctx.Err()
	}
	e := p.makes(t, p.rows())
	if e.State != surveys.ExportCancelled {
		t.Errorf("the export is %s, want cancelled", e.State)
	}
	must(t, p.WorkExports(t.Context()))
	p.wantRecords(t, 0, 0)
	p.scribe.during = nil
	again := p.makes(t, p.rows())
	if again.ID == e.ID || again.State != surveys.ExportDone {
		t.Errorf("asked again: %+v", again)
	}
	if e, err := p.CancelExport(p.ctx, p.programme.ID, again.ID); err != nil || e.State != surveys.ExportCancelled {
		t.Errorf("thrown away: %+v, %v", e, err)
	}
	p.wantRecords(t, 0, 0)
	_, err := p.ExportFile(p.ctx, p.programme.ID, again.ID)
	wantError(t, "after it was thrown away", err, surveys.KindNotFound, "export.no_file")
}

// TestExportExpires: after two days there is no file, whether or not the chore ran; the
// record stays.
func TestExportExpires(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		p := newPrintShop(t, store)
		e := p.makes(t, p.rows())
		p.clock.pass(surveys.ExportLife - time.Millisecond)
		p.file(t, e.ID)
		must(t, surveys.TidyExports(p.Service, t.Context()))
		p.wantRecords(t, 1, 0)
		p.clock.pass(time.Millisecond)
		_, err := p.ExportFile(p.ctx, p.programme.ID, e.ID)
		wantError(t, "run out", err, surveys.KindNotFound, "export.no_file")
		must(t, surveys.TidyExports(p.Service, t.Context()))
		p.wantRecords(t, 0, 0)
		all, err := p.Exports(p.ctx, p.programme.ID)
		must(t, err)
		if len(all) != 1 || all[0].State != surveys.ExportExpired {
			t.Errorf("history: %+v", all)
		}
		if again := p.makes(t, p.rows()); again.ID == e.ID || again.State != surveys.ExportDone {
			t.Errorf("asked again: %+v", again)
		}
	})
}

// TestExportTakenBack: once somebody has taken answers back, no file made before can be
// downloaded, and one that is being made is made again.
func TestExportTakenBack(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		p := newPrintShop(t, store)
		for i := range 3 { // each needs a receipt of its own
			id := surveys.ResponseID(fmt.Sprintf("%d", i+1) + strings.Repeat("a", 31))
			p.answered(t, questionnaire.WavePre, id, questionnaire.Raw{"own_code__day": {fmt.Sprint(i + 11)}})
		}
		takesBack := func(n int) {
			t.Helper()
			_, err := p.Withdraw(t.Context(), "somewhere", surveys.ReceiptOf(surveys.ResponseID(fmt.Sprintf("%d", n)+strings.Repeat("a", 31))))
			must(t, err)
		}
		e := p.makes(t, p.rows())
		takesBack(1)
		p.wantRecords(t, 0, 0)
		_, err := p.ExportFile(p.ctx, p.programme.ID, e.ID)
		wantError(t, "after a withdrawal", err, surveys.KindNotFound, "export.stale")

		p.scribe.during = func(context.Context, surveys.Making) error {
			p.scribe.during = nil
			takesBack(2)
			return nil
		}
		e = p.makes(t, p.rows())
		if e.State != surveys.ExportWorking {
			t.Fatalf("made while answers were taken back, it is %s", e.State)
		}
		must(t, p.WorkExports(t.Context()))
		if got := p.file(t, e.ID); bytes.Contains(got, []byte("2aaaa")) {
			t.Error("the file holds what was taken back")
		}

		r := p.sent(t)[0]
		_, err = p.DeleteResponse(p.ctx, surveys.Correction{Programme: p.programme.ID, Strand: "pupils", Response: r.ID, Revision: r.Revision, Reason: "a test"})
		must(t, err)
		if e = p.export(t, e.ID); e.State != surveys.ExportStale {
			t.Errorf("after a deletion the export is %s", e.State)
		}
	})
}

// TestExportAfterUndoneImport: a file made while an import stood is gone with it.
func TestExportAfterUndoneImport(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	imported := p.imports(t, "id,wave,stress\np1,pre,3\n", surveys.PolicyAll)
	e := p.makes(t, p.rows())
	p.undoes(t, imported.ID, false)
	_, err := p.ExportFile(p.ctx, p.programme.ID, e.ID)
	wantError(t, "after the import was undone", err, surveys.KindNotFound, "export.stale")
}

// TestExportRights: rows and figures of few are the evaluator's; an administrator has
// what is for everyone; nobody has another programme's.
func TestExportRights(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	rows := p.makes(t, p.rows())
	figures := p.rows()
	figures.Format, figures.Profile = "figures", surveys.ProfilePublished
	published := p.makes(t, figures)
	figures.Profile = surveys.ProfileInternal
	internal := p.makes(t, figures)
	admin := p.holding(t, surveys.RoleAdministrator)
	for _, e := range []surveys.Export{rows, internal} {
		_, err := p.Export(admin, p.programme.ID, e.ID)
		wantError(t, "Export", err, surveys.KindForbidden, "account.not_allowed")
		_, err = p.ExportFile(admin, p.programme.ID, e.ID)
		wantError(t, "ExportFile", err, surveys.KindForbidden, "account.not_allowed")
		_, err = p.CancelExport(admin, p.programme.ID, e.ID)
		wantError(t, "CancelExport", err, surveys.KindForbidden, "account.not_allowed")
		_, err = p.AskExport(admin, e)
		wantError(t, "AskExport", err, surveys.KindForbidden, "account.not_allowed")
	}
	must(t, second(p.ExportFile(admin, p.programme.ID, published.ID)))
	if all, err := p.Exports(admin, p.programme.ID); err != nil || len(all) != 1 || all[0].ID != published.ID {
		t.Errorf("an administrator sees %+v, %v", all, err)
	}
	_, err := p.ExportFile(p.holding(t, surveys.RoleFacilitator), p.programme.ID, published.ID)
	wantError(t, "a facilitator", err, surveys.KindForbidden, "account.not_allowed")
	elsewhere, err := p.CreateProgramme(p.ctx, plan())
	must(t, err)
	_, err = p.ExportFile(p.as(t, ownerEmail), elsewhere.ID, rows.ID)
	wantError(t, "another programme", err, surveys.KindNotFound, "export.gone")
}

// TestExportReleases: what a file tells is remembered before it can be downloaded, and
// the next one knows of it; rows are no release.
func TestExportReleases(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	p.makes(t, p.rows())
	figures := p.rows()
	figures.Format, figures.Profile = "figures", surveys.ProfilePublished
	first := p.makes(t, figures)
	p.clock.pass(time.Hour)
	figures.Profile = surveys.ProfileInternal
	next := p.makes(t, figures)
	all, err := p.Releases(p.ctx, p.programme.ID, "pupils")
	must(t, err)
	if len(all) != 2 || all[0].ID != string(first.ID) || all[1].ID != string(next.ID) || all[1].Profile != surveys.ProfileInternal ||
		all[1].Through.Unix() != 1 || all[0].Name != "Olu Owner" {
		t.Errorf("releases: %+v", all)
	}
	both := []*surveys.Service{p.Service, p.on(p.store)}
	figures.Filter.Cohorts = []surveys.CohortID{p.cohort.ID}
	p.ask(t, figures)
	figures.Profile = surveys.ProfilePublished
	p.ask(t, figures)
	_, errs := together(4, func(i int) (int, error) { return 0, both[i%2].WorkExports(t.Context()) })
	for _, err := range errs {
		must(t, err)
	}
	must(t, p.WorkExports(t.Context()))
	p.clock.pass(3 * time.Minute)
	must(t, p.WorkExports(t.Context()))
	if all, err = p.Releases(p.ctx, p.programme.ID, "pupils"); err != nil || len(all) != 4 || all[3].Through.Unix() == all[2].Through.Unix() {
		t.Errorf("two at once did not know of each other: %+v, %v", all, err)
	}
}

// TestExportRefused: what cannot be made is refused when it is asked for.
func TestExportRefused(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	for _, tt := range []struct {
		name, field, key string
		edit             func(*surveys.Export)
	}{
		{"format", "format", "export.format", func(e *surveys.Export) { e.Format = "wav" }},
		{"rows_with_profile", "profile", "export.rows_have_no_profile", func(e *surveys.Export) { e.Profile = surveys.ProfilePublished }},
		{"figures_without", "profile", "export.profile", func(e *surveys.Export) { e.Format = "figures" }},
		{"language", "language", "export.language", func(e *surveys.Export) { e.Language = "tlh" }},
		{"cohort", "cohorts", "export.filter_unknown", func(e *surveys.Export) { e.Filter.Cohorts = []surveys.CohortID{"none"} }},
		{"phase", "phases", "export.filter_unknown", func(e *surveys.Export) { e.Filter.Phases = []string{"none"} }},
		{"answer", "answers", "export.filter_unknown", func(e *surveys.Export) {
			e.Filter.Answers = map[questionnaire.ItemID][]string{"travel": {"rocket"}}
		}},
		{"day", "from", "export.day", func(e *surveys.Export) { e.Filter.From = "yesterday" }},
		{"days", "to", "export.days_order", func(e *surveys.Export) { e.Filter.From, e.Filter.To = "2026-02-02", "2026-02-01" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := p.rows()
			tt.edit(&e)
			_, err := p.AskExport(p.ctx, e)
			wantError(t, "AskExport", err, surveys.KindInvalid, tt.key)
			wantField(t, "AskExport", err, tt.field)
		})
	}
	e := p.rows()
	e.Strand = "nobody"
	_, err := p.AskExport(p.ctx, e)
	wantError(t, "no strand", err, surveys.KindNotFound, "strand.not_found")
	_, err = p.another().AskExport(p.ctx, p.rows())
	wantError(t, "an instance without a maker", err, surveys.KindInvalid, "export.format")
}

// TestExportFails: what cannot be mended by trying again says why; anything else is
// tried again five times, also what ends in a panic.
func TestExportFails(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	p.scribe.during = func(context.Context, surveys.Making) error {
		return &surveys.Error{Kind: surveys.KindConflict, Key: "export.format", Args: []any{"x"}}
	}
	if e := p.makes(t, p.rows()); e.State != surveys.ExportFailed || e.Key != "export.format" || p.scribe.made.Load() != 1 {
		t.Errorf("refused: %+v", e)
	}
	p.scribe.during = func(context.Context, surveys.Making) error { panic("a mistake") }
	e := p.ask(t, p.rows())
	for range 5 {
		if p.WorkExports(t.Context()) == nil {
			t.Error("the log does not learn of a panic")
		}
	}
	if e = p.export(t, e.ID); e.State != surveys.ExportFailed || e.Key != "export.broken" || p.scribe.made.Load() != 6 {
		t.Errorf("given up: %+v after %d", e, p.scribe.made.Load())
	}
	p.wantRecords(t, 0, 0)
}

// TestExportQueue: no programme fills the queue, and nothing is forgotten.
func TestExportQueue(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	for day := 1; ; day++ {
		e := p.rows()
		e.Filter.From = fmt.Sprintf("2026-01-%02d", day)
		_, err := p.AskExport(p.ctx, e)
		if day <= 20 {
			must(t, err)
			continue
		}
		wantError(t, "the twenty-first", err, surveys.KindThrottled, "export.too_many")
		break
	}
	for r, err := range p.store.Records(t.Context(), "export_due", "*") {
		must(t, err)
		must(t, p.store.DeleteRecord(t.Context(), r.Kind, r.ID))
	}
	must(t, surveys.TidyExports(p.Service, t.Context()))
	must(t, p.WorkExports(t.Context()))
	p.wantRecords(t, 20, 0)
}

// TestExportAwaited makes the file in the request that waits for it, once for all who do.
func TestExportAwaited(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	e := p.ask(t, p.rows())
	both := []*surveys.Service{p.Service, p.on(p.store)}
	all, errs := together(4, func(i int) (surveys.Export, error) { return both[i%2].AwaitExport(p.ctx, p.programme.ID, e.ID) })
	for i, err := range errs {
		must(t, err)
		if all[i].State != surveys.ExportDone {
			t.Errorf("%+v", all[i])
		}
	}
	if p.scribe.made.Load() != 1 {
		t.Errorf("made %d times", p.scribe.made.Load())
	}
}

// counted counts the pieces of files that are read.
type counted struct {
	surveys.Store
	pieces atomic.Int32
}

func (c *counted) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	if kind == "export_piece" {
		c.pieces.Add(1)
	}
	return c.Store.Record(ctx, kind, id)
}

// TestExportSlowReader: of a file on its way no more is read than the reader has taken,
// so that a slow one holds one piece; one that has gone ends the reading.
func TestExportSlowReader(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	p.scribe.large = 3 << 20
	e := p.makes(t, p.rows())
	store := &counted{Store: p.store}
	f, err := p.on(store).ExportFile(p.ctx, p.programme.ID, e.ID)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	reader := f.Reader(ctx)
	for want := range int32(3) {
		if got := store.pieces.Load(); got != want {
			t.Errorf("%d pieces are read, want %d", got, want)
		}
		_, err := io.CopyN(io.Discard, reader, 700<<10)
		must(t, err)
	}
	stop()
	if _, err := io.ReadAll(reader); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want that of who has gone", err)
	}
}

// TestExportWakes: the chore begins when something is asked for, not in its time.
func TestExportWakes(t *testing.T) {
	t.Parallel()
	var woken sync.WaitGroup
	woken.Add(1)
	p := newPrintShop(t, storetest.SQLite(t))
	p.scribe.during = func(context.Context, surveys.Making) error { woken.Done(); return errors.New("not now") }
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go surveys.RepeatExports(p.Service, ctx)
	p.ask(t, p.rows())
	woken.Wait()
}

// TestExportFaults lets each store call of asking, making and throwing away fail in
// turn; what failed is done again, and in the end all is as if nothing had failed.
func TestExportFaults(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	p.scribe.large = 800_000
	for n, failed := 1, true; failed; n++ {
		faulty := storetest.Faulty(p.store, n)
		p.exportWith(t, p.on(faulty), n)
		failed = faulty.Calls() >= n
		if n > 300 {
			t.Fatal("it never ends")
		}
	}
}

func (p *printShop) exportWith(t *testing.T, s *surveys.Service, n int) {
	t.Helper()
	again := func(step func() error) {
		t.Helper()
		err := step()
		for tries := 0; err != nil && tries < 3; tries++ {
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatal(err)
			}
			p.clock.pass(3 * time.Minute) // a lease that was taken and not used runs out
			err = step()
		}
		must(t, err)
	}
	var e surveys.Export
	asked := p.rows()
	asked.Filter.From = origin.AddDate(0, 0, n).Format(time.DateOnly)
	again(func() (err error) { e, err = s.AskExport(p.ctx, asked); return err })
	again(func() error { return s.WorkExports(t.Context()) })
	p.clock.pass(3 * time.Minute)
	again(func() error { return s.WorkExports(t.Context()) })
	again(func() error { return surveys.TidyExports(s, t.Context()) })
	again(func() error {
		f, err := s.ExportFile(p.ctx, p.programme.ID, e.ID)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(f.Reader(t.Context()))
		if err == nil && !bytes.Equal(data, p.directly(t, e)) {
			t.Errorf("call %d failed: the file has %d bytes", n, len(data))
		}
		return err
	})
	p.wantRecords(t, 2, 0)
	again(func() error { return second(s.CancelExport(p.ctx, p.programme.ID, e.ID)) })
	again(func() error { return surveys.TidyExports(s, t.Context()) })
	if e := p.export(t, e.ID); e.State != surveys.ExportCancelled {
		t.Fatalf("call %d failed: %+v", n, e)
	}
	p.wantRecords(t, 0, 0)
}

// TestExportAfterReading: a file that may hold words which somebody has shut out or
// replaced since can no longer be downloaded.
func TestExportAfterReading(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, after surveys.Reading
		gone          bool
	}{
		"cleared, then held back":   {surveys.Reading{Cleared: true}, surveys.Reading{}, true},
		"quoted, then refused":      {quoteOf("The garden."), surveys.Reading{Status: surveys.QuoteRefused, Cleared: true}, true},
		"a name replaced":           {quoteOf("The garden."), quoteOf("The [place]."), true},
		"cleared, then a theme":     {surveys.Reading{Cleared: true}, surveys.Reading{Cleared: true, Sentiment: surveys.SentimentPositive}, false},
		"quoted, then with a tone":  {quoteOf("The garden."), surveys.Reading{Status: surveys.QuoteApproved, Text: "The garden.", Cleared: true, Sentiment: surveys.SentimentMixed}, false},
		"held back, then cleared":   {surveys.Reading{}, surveys.Reading{Cleared: true}, false},
		"not quoted, and then read": {surveys.Reading{}, quoteOf("The garden."), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPrintShop(t, storetest.SQLite(t))
			id := p.answered(t, questionnaire.WavePre, "1"+surveys.ResponseID(strings.Repeat("a", 31)), questionnaire.Raw{"why": {"The garden."}})
			for n, decision := range []surveys.Reading{test.before, test.after} {
				if decision.Response, decision.Variable, decision.Revision = id, "why", int64(n); decision.Status == "" {
					decision.Status = surveys.QuoteNew
				}
				if n == 0 {
					must(t, p.Decide(p.ctx, p.programme.ID, "pupils", decision))
					continue
				}
				e := p.makes(t, p.rows())
				must(t, p.Decide(p.ctx, p.programme.ID, "pupils", decision))
				_, err := p.ExportFile(p.ctx, p.programme.ID, e.ID)
				if got := surveys.KindOf(err) == surveys.KindNotFound && err != nil; got != test.gone {
					t.Errorf("the file is gone: %v (%v), want %v", got, err, test.gone)
				}
			}
		})
	}
}

func quoteOf(text string) surveys.Reading {
	return surveys.Reading{Status: surveys.QuoteApproved, Text: text, Cleared: true}
}
