package surveys_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys"
	"soundings/surveys/backup"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// backedUp is a backup of a store.
func backedUp(tb testing.TB, store surveys.Store, how surveys.BackupHow) ([]byte, surveys.BackupMade) {
	tb.Helper()
	if how.ID == "" {
		how.ID = "backup one"
	}
	how.Product, how.Moment = "test", origin
	var file bytes.Buffer
	made, err := surveys.WriteBackup(tb.Context(), store, &file, how)
	must(tb, err)
	return file.Bytes(), made
}

var atOrigin = surveys.RestoreHow{Moment: origin}

// contents is everything in a store that a backup holds, with keys.
func contents(tb testing.TB, store surveys.Store) (records map[string]surveys.Record, responses map[surveys.ResponseID]surveys.Whole) {
	tb.Helper()
	view, err := store.Snapshot(tb.Context())
	must(tb, err)
	defer view.Close()
	records, responses = map[string]surveys.Record{}, map[surveys.ResponseID]surveys.Whole{}
	leave := surveys.NotBackedUp()
	for r, err := range view.Records(tb.Context()) {
		must(tb, err)
		if _, left := leave[r.Kind]; !left {
			records[string(r.Kind)+"/"+r.ID] = r
		}
	}
	for r, err := range view.Responses(tb.Context()) {
		must(tb, err)
		responses[r.ID] = r
	}
	return records, responses
}

// wantSameStores compares all that two stores hold, byte for byte.
func wantSameStores(tb testing.TB, got, want surveys.Store) {
	tb.Helper()
	gotRecords, gotResponses := contents(tb, got)
	wantRecords, wantResponses := contents(tb, want)
	if diff := cmp.Diff(wantRecords, gotRecords) + cmp.Diff(wantResponses, gotResponses, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("the stores differ (-want +got):\n%s", diff)
	}
}

// TestBackupMoves moves a store with some of everything to the other kind of store
// and back, with and without encryption.
func TestBackupMoves(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	w := newWorld(t)
	w.changeEverything(t)
	w.begin(t)
	there, back := storetest.Mongo(t), storetest.SQLite(t)
	file, made := backedUp(t, w.store, surveys.BackupHow{WithKeys: true, Recipients: backup.Recipients{identity.Recipient()}})
	how := surveys.RestoreHow{Moment: origin, Identities: backup.Identities{identity}}
	restored, err := surveys.Restore(t.Context(), there, bytes.NewReader(file), how)
	must(t, err)
	if !made.Trailer.Still || made.Responses() != 4 || len(restored.Lines()) < 10 || restored.Lines()[0] != "4 responses" {
		t.Errorf("made %d responses, restored %q", made.Responses(), restored.Lines())
	}
	wantSameStores(t, there, w.store)
	file, again := backedUp(t, there, surveys.BackupHow{WithKeys: true})
	if diff := cmp.Diff(made.Trailer.Sections, again.Trailer.Sections); diff != "" {
		t.Errorf("the same data make another backup on the other store:\n%s", diff)
	}
	_, err = surveys.Restore(t.Context(), back, bytes.NewReader(file), atOrigin)
	must(t, err)
	wantSameStores(t, back, w.store)
}

// TestBackupLeaves: no key and nothing that passes is in a backup of data.
func TestBackupLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room(t)
	secrets := w.changeEverything(t)
	invited, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Programme: w.programme.ID, Roles: []surveys.Role{surveys.RoleFacilitator}})
	must(t, err)
	file, made := backedUp(t, w.store, surveys.BackupHow{})
	for _, s := range made.Trailer.Sections {
		kind := strings.TrimPrefix(s.Name, "records/")
		if _, left := surveys.NotBackedUp()[surveys.RecordKind(kind)]; left || strings.HasSuffix(kind, "_key") && kind != "address_key" {
			t.Errorf("the backup has the section %s", s.Name)
		}
	}
	store := storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), store, bytes.NewReader(file), atOrigin)
	must(t, err)
	moved := surveys.NewService(store, w.clock.Now, nil)
	_, _, err = moved.SignedIn(t.Context(), secrets[7])
	wantError(t, "the cookie from before", err, surveys.KindUnauthenticated, "")
	_, _, err = moved.InvitationOf(t.Context(), invited)
	wantError(t, "the invitation from before", err, surveys.KindNotFound, "account.no_invitation")
}

// TestRestoreRefuses: a full store, an altered file, keys in place of data.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answered(t, questionnaire.WavePre, "response_pre", nil)
	file, _ := backedUp(t, w.store, surveys.BackupHow{})
	_, err := surveys.Restore(t.Context(), w.store, bytes.NewReader(file), atOrigin)
	if err == nil || !strings.Contains(err.Error(), "holds data already") || !strings.Contains(err.Error(), "1 responses") {
		t.Errorf("a full store: %v", err)
	}
	wantLeft := w.sent(t)
	if len(wantLeft) != 1 {
		t.Errorf("%d responses are left of 1", len(wantLeft))
	}
	_, err = surveys.CheckBackup(t.Context(), bytes.NewReader(file[:len(file)/2]), atOrigin)
	if !errors.Is(err, backup.ErrCut) {
		t.Errorf("half a file: %v", err)
	}
	keys := t.TempDir()
	_, err = surveys.WriteKeys(t.Context(), w.store, keys, surveys.BackupHow{Moment: origin})
	must(t, err)
	raw, err := os.ReadFile(filepath.Join(keys, string(w.programme.ID)+surveys.KeysSuffix))
	must(t, err)
	if _, err := surveys.Restore(t.Context(), storetest.SQLite(t), bytes.NewReader(raw), atOrigin); err == nil || !strings.Contains(err.Error(), "-keys") {
		t.Errorf("keys in place of data: %v", err)
	}
}

// TestRestoreBrokenOff fails at each call of the store in turn. The store says that
// it is not whole until a second try, with the same backup or another, has made it so.
func TestRestoreBrokenOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answered(t, questionnaire.WavePre, "response_pre", nil)
	file, _ := backedUp(t, w.store, surveys.BackupHow{WithKeys: true})
	w.answered(t, questionnaire.WavePost, "response_post", nil)
	later, _ := backedUp(t, w.store, surveys.BackupHow{WithKeys: true, ID: "another"})
	counting := storetest.Faulty(storetest.SQLite(t), 0)
	_, err := surveys.Restore(t.Context(), counting, bytes.NewReader(file), atOrigin)
	must(t, err)
	for n := 1; n <= counting.Calls(); n++ {
		store := storetest.SQLite(t)
		if _, err := surveys.Restore(t.Context(), storetest.Faulty(store, n), bytes.NewReader(file), atOrigin); !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("call %d of %d fails, and the restore gave %v", n, counting.Calls(), err)
		}
		records, _ := contents(t, store)
		if half := surveys.HalfRestored(t.Context(), store); half == nil && len(records) > 0 {
			t.Fatalf("call %d failed, and the store with %d records does not say that it is not whole", n, len(records))
		}
		again := file
		if n%2 == 0 {
			again = later
		}
		_, err := surveys.Restore(t.Context(), store, bytes.NewReader(again), atOrigin)
		must(t, err)
		must(t, surveys.HalfRestored(t.Context(), store))
		if n%2 == 0 {
			wantSameStores(t, store, w.store)
		}
	}
}

// TestBackupUnderLoad: while answers come in, everything that was acknowledged before
// the backup began is in it, and what is in it restores to a sound store.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		var acknowledged sync.Map
		var count atomic.Int64
		stop := make(chan struct{})
		var all sync.WaitGroup
		for sender := range 4 {
			all.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					id := surveys.ResponseID(fmt.Sprintf("response_%d_%d", sender, n))
					raw := form(questionnaire.Raw{"own_code__mother": {fmt.Sprintf("Mother %d %d", sender, n)}})
					if _, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: raw, Started: origin}); err != nil {
						t.Error(err)
						return
					}
					acknowledged.Store(id, true)
					count.Add(1)
				}
			})
		}
		for count.Load() < 60 {
			time.Sleep(time.Millisecond)
		}
		before := map[surveys.ResponseID]bool{}
		acknowledged.Range(func(id, _ any) bool { before[id.(surveys.ResponseID)] = true; return true })
		file, made := backedUp(t, w.store, surveys.BackupHow{WithKeys: true})
		close(stop)
		all.Wait()
		restored := storetest.SQLite(t)
		_, err := surveys.Restore(t.Context(), restored, bytes.NewReader(file), atOrigin)
		must(t, err)
		_, responses := contents(t, restored)
		for id := range before {
			if responses[id].Linkage == nil {
				t.Errorf("%s was acknowledged before the backup began and is not in it with its linkage", id)
			}
		}
		for id, r := range responses {
			if r.Linkage == nil || len(r.Answers) < 8 {
				t.Errorf("%s has %d answers and the linkage %v", id, len(r.Answers), r.Linkage)
			}
		}
		t.Logf("%d before, %d in the backup, still: %v", len(before), made.Responses(), made.Trailer.Still)
	})
}

// unsteady is a store that does not hold still: after each stream something is done to it.
type unsteady struct {
	surveys.Store
	after []func()
	read  int
}

type unsteadyView struct {
	surveys.Snapshot
	of *unsteady
}

func (u *unsteady) Snapshot(ctx context.Context) (surveys.Snapshot, error) {
	return unsteadyView{nil, u}, nil
}
func (v unsteadyView) Still() bool  { return false }
func (v unsteadyView) Close() error { return nil }
func (v unsteadyView) Records(ctx context.Context) iter.Seq2[surveys.Record, error] {
	return anew(ctx, v.of, func(s surveys.Snapshot) iter.Seq2[surveys.Record, error] { return s.Records(ctx) })
}
func (v unsteadyView) Responses(ctx context.Context) iter.Seq2[surveys.Whole, error] {
	return anew(ctx, v.of, func(s surveys.Snapshot) iter.Seq2[surveys.Whole, error] { return s.Responses(ctx) })
}

// anew streams what is there now, then does what is to be done after it.
func anew[T any](ctx context.Context, u *unsteady, stream func(surveys.Snapshot) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		view, err := u.Store.Snapshot(ctx)
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		defer view.Close()
		for v, err := range stream(view) {
			if !yield(v, err) {
				return
			}
		}
		if u.read < len(u.after) {
			u.after[u.read]()
		}
		u.read++
	}
}

// TestBackupOfAStoreThatMoves: what comes, changes and goes between two readings is
// in the backup as it is in the end.
func TestBackupOfAStoreThatMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []surveys.ResponseID{"response_stays", "response_goes", "response_changes", "response_loses_its_code"} {
		w.answered(t, questionnaire.WavePre, id, questionnaire.Raw{"own_code__mother": {string(id)}})
	}
	moving := &unsteady{Store: w.store, after: []func(){
		func() { // after the responses, before the records
			w.answered(t, questionnaire.WavePost, "response_came", nil)
			must(t, w.store.DeleteResponse(t.Context(), "response_goes"))
		},
		func() { // after the records
			must(t, second(w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Garn"})))
			r, err := w.store.Response(t.Context(), "response_changes")
			must(t, err)
			r.Language = "cy"
			must(t, w.store.PutResponse(t.Context(), r, nil))
			must(t, w.store.DeleteLinkage(t.Context(), "response_loses_its_code"))
		},
		func() { w.answered(t, questionnaire.WavePost, "response_came_later", nil) },
	}}
	file, made := backedUp(t, moving, surveys.BackupHow{WithKeys: true})
	if made.Trailer.Still || made.Responses() != 5 || moving.read != 8 {
		t.Errorf("still %v, %d responses, %d readings; want false, 5 and 8: two for each round but the quiet one", made.Trailer.Still, made.Responses(), moving.read)
	}
	_, err := surveys.CheckBackup(t.Context(), bytes.NewReader(file), atOrigin)
	must(t, err)
	restored := storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), restored, bytes.NewReader(file), atOrigin)
	must(t, err)
	wantSameStores(t, restored, w.store)
}

// TestKeysApart: keys come back from their own files, but not those that were
// destroyed, have expired or belong to nothing.
func TestKeysApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room(t)
	w.answered(t, questionnaire.WavePre, "response_pre", nil)
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	data, _ := backedUp(t, w.store, surveys.BackupHow{})
	folder := t.TempDir()
	n, err := surveys.WriteKeys(t.Context(), w.store, folder, surveys.BackupHow{Moment: origin, ID: "keys"})
	must(t, err)
	if n != 3 {
		t.Fatalf("%d keys, want two of programmes and one of a room", n)
	}
	kept := t.TempDir()
	must(t, os.CopyFS(kept, os.DirFS(folder)))

	store := storetest.SQLite(t)
	if said, err := surveys.RestoreKeys(t.Context(), store, folder, atOrigin); err != nil || said.Kept != 0 || len(said.Left) != 2 {
		t.Errorf("keys without data: %+v, %v", said, err)
	}
	_, err = surveys.Restore(t.Context(), store, bytes.NewReader(data), atOrigin)
	must(t, err)
	said, err := surveys.RestoreKeys(t.Context(), store, folder, atOrigin)
	must(t, err)
	if said.Kept != 3 || said.Left != nil {
		t.Errorf("restored %+v", said)
	}
	wantSameStores(t, store, w.store)

	must(t, surveys.DestroyKeys(w.Service, t.Context(), w.programme.ID))
	must(t, surveys.DestroyKeys(w.Service, t.Context(), w.programme.ID))
	after, _ := backedUp(t, w.store, surveys.BackupHow{})
	store = storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), store, bytes.NewReader(after), atOrigin)
	must(t, err)
	said, err = surveys.RestoreKeys(t.Context(), store, kept, atOrigin) // an older copy of the files
	must(t, err)
	if said.Kept != 1 || len(said.Left) != 1 || !strings.Contains(said.Left[0], "destroyed") {
		t.Errorf("of keys that were destroyed: %+v", said)
	}
	_, err = surveys.WriteKeys(t.Context(), w.store, folder, surveys.BackupHow{Moment: origin, ID: "keys"})
	must(t, err)
	names := listFolder(t, folder)
	if want := []string{"destroyed.txt", string(other.ID) + ".keys"}; !slices.Equal(names, slices.Sorted(slices.Values(want))) {
		t.Errorf("the folder of keys holds %q, want %q", names, want)
	}
	// An older backup of the data knows nothing of it; the list beside the keys does.
	list, err := os.ReadFile(filepath.Join(folder, "destroyed.txt"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(kept, "destroyed.txt"), list, 0o600))
	store = storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), store, bytes.NewReader(data), atOrigin)
	must(t, err)
	said, err = surveys.RestoreKeys(t.Context(), store, kept, atOrigin)
	if err != nil || said.Kept != 1 || len(said.Left) != 1 {
		t.Errorf("with the list alone: %+v, %v", said, err)
	}
	names, err = surveys.ForgetDestroyed(t.Context(), store, folder, w.clock.Now)
	must(t, err)
	restored := &world{store: store, programme: w.programme}
	if !slices.Equal(names, []string{w.programme.Name}) || len(restored.linkages(t)) != 0 || len(restored.sent(t)) != 1 {
		t.Errorf("forgot %q; %d linkages and %d responses are left, want none and 1", names, len(restored.linkages(t)), len(restored.sent(t)))
	}
}

func listFolder(t *testing.T, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(path)
	must(t, err)
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestScheduledBackups: one instance makes each, old ones go, a failure is told.
func TestScheduledBackups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answered(t, questionnaire.WavePre, "response_pre", nil)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "soundings-notes.jsonl.zst"), nil, 0o600))
	plan := surveys.BackupPlan{Folder: folder, Every: 24 * time.Hour, Keep: 2, Product: "test"}
	instances := []*surveys.Service{w.Service.WithBackups(plan), w.another().WithBackups(plan)}
	work := func() {
		t.Helper()
		_, errs := together(2, func(i int) (struct{}, error) { return struct{}{}, instances[i].WorkBackups(t.Context()) })
		must(t, errors.Join(errs...))
	}
	for day := range 4 {
		work()
		work() // nothing is due
		state, err := w.Backups(w.ctx)
		must(t, err)
		if len(state.Tried) != day+1 || state.Failing() || state.Good.Responses != 1 || state.Overdue(w.clock.Now(), plan.Every) {
			t.Fatalf("day %d: %+v", day, state)
		}
		w.clock.pass(24 * time.Hour)
	}
	names := listFolder(t, folder)
	want := []string{"soundings-20260304T090000Z.jsonl.zst", "soundings-20260305T090000Z.jsonl.zst", "soundings-notes.jsonl.zst"}
	if !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
	last, err := os.Open(filepath.Join(folder, want[1]))
	must(t, err)
	defer last.Close()
	restored := storetest.SQLite(t)
	_, err = surveys.Restore(t.Context(), restored, last, atOrigin)
	must(t, err)

	must(t, os.Rename(folder, folder+".away"))
	if err := instances[0].WorkBackups(t.Context()); err == nil || strings.Contains(err.Error(), folder) {
		t.Errorf("without the folder: %v", err)
	}
	state, err := w.Backups(w.ctx)
	must(t, err)
	alerts, err := w.Alerts(w.ctx)
	must(t, err)
	if !state.Failing() || len(alerts) != 1 || !strings.Contains(alerts[0].Subject, "not backed up") {
		t.Errorf("after a failure: %+v, alerts %+v", state.Tried[0], alerts)
	}
	must(t, os.Rename(folder+".away", folder))
	must(t, instances[0].WorkBackups(t.Context())) // not yet
	w.clock.pass(time.Hour)
	must(t, instances[1].WorkBackups(t.Context()))
	if state, err = w.Backups(w.ctx); err != nil || state.Failing() {
		t.Errorf("an hour later: %+v, %v", state.Tried[0], err)
	}
	wantError(t, "asking without a folder", w.AskBackup(w.ctx), surveys.KindInvalid, "backup.no_folder")
	must(t, instances[0].AskBackup(w.ctx))
	w.clock.pass(time.Minute)
	work()
	if state, err = w.Backups(w.ctx); err != nil || state.Asked || len(state.Tried) != 7 {
		t.Errorf("after one was asked for: %d tried, %v", len(state.Tried), err)
	}
}

// TestKeyBackupsGo: a destroyed key goes from the folder of backups without a backup.
func TestKeyBackupsGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Service.WithBackups(surveys.BackupPlan{Folder: t.TempDir(), Every: time.Hour, Keep: 1})
	must(t, s.WorkBackups(t.Context()))
	for _, want := range []bool{false, true} {
		gone, folder, err := s.KeyBackupsGone(t.Context(), w.programme.ID)
		if gone != want || !folder || err != nil {
			t.Errorf("gone %v, folder %v, %v; want %v", gone, folder, err, want)
		}
		must(t, surveys.DestroyKeys(s, t.Context(), w.programme.ID))
		must(t, s.WorkBackups(t.Context()))
	}
	w.clock.pass(time.Minute) // no key is known any more
	err := second(w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_late", Raw: form(nil), Started: origin}))
	if n := len(w.linkages(t)); err == nil || n != 0 {
		t.Errorf("a code that comes late: %v, %d linkages; want it refused, since no key is there to hash it", err, n)
	}
}

// TestWriteWhole: a file is there whole or not at all.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	size, err := surveys.WriteWhole(path, func(to io.Writer) error { _, err := io.WriteString(to, "whole"); return err })
	must(t, err)
	broken := errors.New("broken")
	if _, err := surveys.WriteWhole(path, func(to io.Writer) error { _, _ = io.WriteString(to, "half"); return broken }); !errors.Is(err, broken) {
		t.Errorf("a failure gave %v", err)
	}
	raw, err := os.ReadFile(path)
	must(t, err)
	if info, err := os.Stat(path); string(raw) != "whole" || size != 5 || err != nil || info.Mode().Perm() != 0o600 || len(listFolder(t, folder)) != 1 {
		t.Errorf("the file holds %q of %d bytes, %v; the folder %q", raw, size, err, listFolder(t, folder))
	}
}

// TestNotBackedUp: each reason is a sentence's worth.
func TestNotBackedUp(t *testing.T) {
	for _, kind := range slices.Sorted(maps.Keys(surveys.NotBackedUp())) {
		if reason := surveys.NotBackedUp()[kind]; len(reason) < 10 {
			t.Errorf("%s: %q", kind, reason)
		}
	}
}
