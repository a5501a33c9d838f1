package surveys_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestKeptAfterRelease: a concern that was released and is kept after all takes the
// files back that may hold its answer, as one that is reopened does.
func TestKeptAfterRelease(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.says(t, "response_one", disclosure)
	r.marks(t)
	c := r.queue(t)[0].Concern
	r.act(t, c, surveys.ConcernReleased)
	must(t, r.Decide(r.ctx, r.programme.ID, "pupils", surveys.Reading{Response: "response_one", Variable: "why", Cleared: true}))
	taken := func() int {
		n, err := r.store.CountRecords(t.Context(), "taken_back", string(r.programme.ID)+"/pupils", time.Time{})
		must(t, err)
		return n
	}
	before := taken()
	r.act(t, c, surveys.ConcernReleased) // more was done, and it stays released
	if got := taken(); got != before {
		t.Errorf("files were taken back %d times though nothing was shut out", got-before)
	}
	r.act(t, c, surveys.ConcernKept)
	wantHidden(t, r, true)
	if got := taken(); got != before+2 { // before and after
		t.Errorf("files with the answer were taken back %d times, want 2", got-before)
	}
}

// crossedStore does something once, just after it read a record with an id.
type crossedStore struct {
	surveys.Store
	id   string
	do   func()
	done bool
}

func (s *crossedStore) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	r, err := s.Store.Record(ctx, kind, id)
	if id == s.id && !s.done {
		s.done = true
		s.do()
	}
	return r, err
}

// TestAppointingKeepsOtherRoles: what an administrator takes from somebody while another
// appoints them does not come back with it.
func TestAppointingKeepsOtherRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fay := w.colleague(t, "fay@example.org", surveys.RoleEvaluator)
	racing := &crossedStore{Store: w.store, id: string(fay.ID), do: func() {
		must(t, w.Grant(w.ctx, "fay@example.org", w.programme.ID, []surveys.Role{surveys.RoleFacilitator}))
	}}
	s := surveys.NewService(racing, w.clock.Now, rand.Reader)
	must(t, s.SetSafeguarding(w.ctx, w.programme.ID, surveys.SafeguardingPlan{Lead: "fay@example.org"}))
	fay, _ = surveys.AccountFrom(w.as(t, "fay@example.org"))
	if want := []surveys.Role{surveys.RoleFacilitator, surveys.RoleSafeguarding}; !slices.Equal(fay.Roles[w.programme.ID], want) {
		t.Errorf("roles %v, want %v", fay.Roles[w.programme.ID], want)
	}
}

// TestAdministratorsByGroupAreTold: of what nobody reads, too; those who sign in no more
// are not.
func TestAdministratorsByGroupAreTold(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	out := newOutsideWorld(t, r.world)
	out.groups(t, "heads", surveys.RoleAdministrator)
	out.signedIn2(t, ada("heads"))
	gone := r.colleague(t, "gone@example.org", surveys.RoleAdministrator)
	must(t, r.SetInactive(r.ctx, gone.ID, true))
	r.says(t, "response_one", disclosure)
	r.marks(t)
	r.clock.pass(7 * 24 * time.Hour)
	must(t, r.SendNotices(t.Context()))
	must(t, second(r.SendAlerts(t.Context())))
	if to := r.server.To(); to["ada@example.org"] != 1 || to["gone@example.org"] != 0 || to[ownerEmail] != 1 {
		t.Errorf("letters to %v, want one to each administrator who can sign in", to)
	}
}

// TestHoldingsWithoutConcerns: who hands a programme over and is not its lead has nothing
// of what waits with the lead, not yet in the queue either.
func TestHoldingsWithoutConcerns(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	r.says(t, "response_one", disclosure)
	r.marks(t)
	r.says(t, "response_two", "My stepfather beats me every day.")
	r.says(t, "response_three", "It was nice.")
	s := r.on(r.store).WithFiles(keeper{})
	body := r.holdings(t, s, r.ctx)
	if bytes.Contains(body, []byte("hits me")) || bytes.Contains(body, []byte("beats me")) || !bytes.Contains(body, []byte("It was nice.")) {
		t.Errorf("the file of an administrator says %s", body)
	}
	must(t, r.Grant(r.ctx, "lead@school.example", r.programme.ID, []surveys.Role{surveys.RoleAdministrator, surveys.RoleSafeguarding}))
	lead := r.as(t, "lead@school.example")
	if body = r.holdings(t, s, lead); !bytes.Contains(body, []byte("hits me")) {
		t.Errorf("the file of the lead says %s", body)
	}
	mine, err := r.Exports(r.ctx, r.programme.ID)
	must(t, err)
	all, err := r.Exports(lead, r.programme.ID)
	must(t, err)
	if len(mine) != 1 || len(all) != 2 {
		t.Errorf("an administrator finds %d files and the lead %d, want 1 and 2", len(mine), len(all))
	}
	for _, e := range all {
		if e.Concerns {
			wantError(t, "an administrator", second(r.ExportFile(r.ctx, r.programme.ID, e.ID)), surveys.KindForbidden, "account.not_allowed")
		}
	}
	wish := everything("nightly")
	token, err := r.CreateAPIToken(r.ctx, wish)
	must(t, err)
	program, err := r.AccountOfToken(t.Context(), token)
	must(t, err)
	if found, err := r.Exports(surveys.WithAccount(t.Context(), program), r.programme.ID); err != nil || len(found) != 0 {
		t.Errorf("a program finds %d files of all that is held, %v", len(found), err)
	}
}

// holdings is the file of responses in all that is held on the programme.
func (r *caredRoom) holdings(tb testing.TB, s *surveys.Service, ctx context.Context) []byte {
	tb.Helper()
	e, err := s.AskHoldings(ctx, r.programme.ID, "handed over", false)
	must(tb, err)
	_, err = s.AwaitExport(ctx, r.programme.ID, e.ID)
	must(tb, err)
	file, err := s.ExportFile(ctx, r.programme.ID, e.ID)
	must(tb, err)
	body, err := io.ReadAll(file.Reader(tb.Context()))
	must(tb, err)
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(tb, err)
	responses, err := archive.Open("response.jsonl")
	must(tb, err)
	body, err = io.ReadAll(responses)
	must(tb, err)
	return body
}

// TestLeadKeepsTheRole: nobody takes the role from the lead by the page of people, where
// it would be gone unnoticed; another is named first.
func TestLeadKeepsTheRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.colleague(t, "lead@example.org")
	must(t, w.SetSafeguarding(w.ctx, w.programme.ID, surveys.SafeguardingPlan{Lead: "lead@example.org"}))
	take := func() error {
		return w.Grant(w.ctx, "lead@example.org", w.programme.ID, []surveys.Role{surveys.RoleFacilitator})
	}
	wantError(t, "taking the role from the lead", take(), surveys.KindInvalid, "safeguarding.named")
	must(t, w.Grant(w.ctx, "lead@example.org", w.programme.ID, []surveys.Role{surveys.RoleFacilitator, surveys.RoleSafeguarding}))
	must(t, w.SetSafeguarding(w.ctx, w.programme.ID, surveys.SafeguardingPlan{}))
	must(t, take())
}
