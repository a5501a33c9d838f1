package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
)

var recordChecks = []check{
	{"round_trip", recordRoundTrip},
	{"not_found", recordNotFound},
	{"duplicate_id", recordDuplicateID},
	{"same_id_in_another_kind", recordSameIDInAnotherKind},
	{"duplicate_key", recordDuplicateKey},
	{"empty_key_is_not_unique", recordEmptyKey},
	{"key_moves", recordKeyMoves},
	{"update_to_a_taken_key", recordUpdateToTakenKey},
	{"stale_revision", recordStaleRevision},
	{"second_write_leaves_the_first_alone", recordSecondWrite},
	{"time_zone_and_precision", recordTime},
	{"naughty_strings", recordNaughty},
	{"order", recordOrder},
	{"scope_star", recordScopeStar},
	{"delete", recordDelete},
	{"delete_before", recordDeleteBefore},
	{"count_since", recordCountSince},
}

// put stores r and returns what a reader should find.
func put(t testing.TB, ctx context.Context, s surveys.Store, r surveys.Record) surveys.Record {
	t.Helper()
	revision, err := s.PutRecord(ctx, r)
	must(t, err)
	if revision != r.Revision+1 {
		t.Fatalf("PutRecord(revision %d) stored revision %d, want %d", r.Revision, revision, r.Revision+1)
	}
	r.Revision = revision
	return r
}

func wantRecord(t testing.TB, ctx context.Context, s surveys.Store, want surveys.Record) {
	t.Helper()
	got, err := s.Record(ctx, want.Kind, want.ID)
	must(t, err)
	wantSame(t, "record", got, want)
}

func recordRoundTrip(t *testing.T, ctx context.Context, s surveys.Store) {
	want := record("a")
	want.Key = "k"
	want = put(t, ctx, s, want)
	wantRecord(t, ctx, s, want)
	got, err := s.RecordByKey(ctx, kindNote, "k")
	must(t, err)
	wantSame(t, "record by key", got, want)
	wantSame(t, "list", collect(t, s.Records(ctx, kindNote, "s1")), []surveys.Record{want})

	want.Scope, want.Key, want.At, want.Body = "s2", "", Origin.Add(time.Hour), []byte(`{"words":"other"}`)
	want = put(t, ctx, s, want)
	wantRecord(t, ctx, s, want)
}

func recordNotFound(t *testing.T, ctx context.Context, s surveys.Store) {
	put(t, ctx, s, record("a"))
	_, err := s.Record(ctx, kindNote, "b")
	wantKind(t, "Record", err, surveys.KindNotFound)
	_, err = s.RecordByKey(ctx, kindNote, "b")
	wantKind(t, "RecordByKey", err, surveys.KindNotFound)
	_, err = s.RecordByKey(ctx, kindNote, "")
	wantKind(t, `RecordByKey("")`, err, surveys.KindNotFound)
	missing := record("b")
	missing.Revision = 1
	_, err = s.PutRecord(ctx, missing)
	wantKind(t, "PutRecord of revision 1", err, surveys.KindNotFound)
	if n := len(collect(t, s.Records(ctx, kindOther, "*"))); n != 0 {
		t.Errorf("a kind without records lists %d", n)
	}
}

func recordDuplicateID(t *testing.T, ctx context.Context, s surveys.Store) {
	first := put(t, ctx, s, record("a"))
	second := record("a")
	second.Body = []byte(`{}`)
	_, err := s.PutRecord(ctx, second)
	wantKind(t, "second insert", err, surveys.KindConflict)
	wantRecord(t, ctx, s, first)
}

func recordSameIDInAnotherKind(t *testing.T, ctx context.Context, s surveys.Store) {
	a, b := record("a"), record("a")
	a.Key, b.Key, b.Kind = "k", "k", kindOther
	a, b = put(t, ctx, s, a), put(t, ctx, s, b)
	wantRecord(t, ctx, s, a)
	wantRecord(t, ctx, s, b)
}

func recordDuplicateKey(t *testing.T, ctx context.Context, s surveys.Store) {
	first, second := record("a"), record("b")
	first.Key, second.Key = "k", "k"
	first = put(t, ctx, s, first)
	_, err := s.PutRecord(ctx, second)
	wantKind(t, "insert with a taken key", err, surveys.KindConflict)
	wantRecord(t, ctx, s, first)
	_, err = s.Record(ctx, kindNote, "b")
	wantKind(t, "Record of the refused", err, surveys.KindNotFound)
}

func recordEmptyKey(t *testing.T, ctx context.Context, s surveys.Store) {
	for _, id := range []string{"a", "b", ""} {
		wantRecord(t, ctx, s, put(t, ctx, s, record(id)))
	}
	keyed := record("c")
	keyed.Key = "a" // another record's id
	wantRecord(t, ctx, s, put(t, ctx, s, keyed))
}

func recordKeyMoves(t *testing.T, ctx context.Context, s surveys.Store) {
	a, b := record("a"), record("b")
	a.Key, b.Key = "k", "k"
	a = put(t, ctx, s, a)
	a.Key = "elsewhere"
	a = put(t, ctx, s, a)
	b = put(t, ctx, s, b)
	got, err := s.RecordByKey(ctx, kindNote, "k")
	must(t, err)
	wantSame(t, "new holder of the key", got, b)
}

func recordUpdateToTakenKey(t *testing.T, ctx context.Context, s surveys.Store) {
	a, b := record("a"), record("b")
	a.Key, b.Key = "ka", "kb"
	a, b = put(t, ctx, s, a), put(t, ctx, s, b)
	change := b
	change.Key = "ka"
	_, err := s.PutRecord(ctx, change)
	wantKind(t, "update to a taken key", err, surveys.KindConflict)
	wantRecord(t, ctx, s, a)
	wantRecord(t, ctx, s, b)
}

func recordStaleRevision(t *testing.T, ctx context.Context, s surveys.Store) {
	first := put(t, ctx, s, record("a"))
	second := put(t, ctx, s, first)
	for _, revision := range []int64{first.Revision, second.Revision + 1, -1} {
		stale := record("a")
		stale.Revision, stale.Body = revision, []byte(`{"stale":true}`)
		_, err := s.PutRecord(ctx, stale)
		wantKind(t, fmt.Sprintf("PutRecord of revision %d at 2", revision), err, surveys.KindConflict)
	}
	wantRecord(t, ctx, s, second)
}

func recordSecondWrite(t *testing.T, ctx context.Context, s surveys.Store) {
	a, b := put(t, ctx, s, record("a")), put(t, ctx, s, record("b"))
	b.Body = []byte(`{"changed":true}`)
	put(t, ctx, s, b)
	must(t, s.DeleteRecord(ctx, kindNote, "b"))
	wantRecord(t, ctx, s, a)
}

func recordTime(t *testing.T, ctx context.Context, s surveys.Store) {
	kathmandu := time.FixedZone("+05:45", 5*3600+45*60)
	for i, c := range []struct{ at, want time.Time }{
		{time.Date(2026, 6, 1, 1, 2, 3, 456_789_012, kathmandu), time.Date(2026, 5, 31, 19, 17, 3, 456e6, time.UTC)},
		{time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC)},
		{time.Time{}, time.Time{}},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
	} {
		r := record(fmt.Sprint(i))
		r.At = c.at
		put(t, ctx, s, r)
		got, err := s.Record(ctx, r.Kind, r.ID)
		must(t, err)
		if !got.At.Equal(c.want) || got.At.Location() != time.UTC || got.At.IsZero() != c.want.IsZero() {
			t.Errorf("stored %v, got %v, want %v", c.at, got.At, c.want)
		}
	}
}

func recordNaughty(t *testing.T, ctx context.Context, s surveys.Store) {
	for _, text := range naughty {
		r := surveys.Record{Kind: kindNote, ID: "id " + text, Scope: "scope " + text, Key: "key " + text, At: Origin, Body: []byte(`"` + text + `"`)}
		r = put(t, ctx, s, r)
		wantRecord(t, ctx, s, r)
		got, err := s.RecordByKey(ctx, kindNote, r.Key)
		must(t, err)
		wantSame(t, "by key", got, r)
		wantSame(t, "by scope", collect(t, s.Records(ctx, kindNote, r.Scope)), []surveys.Record{r})
	}
}

func recordOrder(t *testing.T, ctx context.Context, s surveys.Store) {
	later := record("0")
	later.At = Origin.Add(time.Millisecond)
	put(t, ctx, s, later)
	want := []surveys.Record{}
	for _, id := range []string{"é", "b", "a", "Z", "10", "9"} {
		put(t, ctx, s, record(id))
	}
	for _, id := range []string{"10", "9", "Z", "a", "b", "é"} { // by their bytes
		r := record(id)
		r.Revision = 1
		want = append(want, r)
	}
	later.Revision = 1
	wantSame(t, "order of a scope", collect(t, s.Records(ctx, kindNote, "s1")), append(want, later))
	wantSame(t, "order of all", collect(t, s.Records(ctx, kindNote, "*")), append(want, later))
}

func recordScopeStar(t *testing.T, ctx context.Context, s surveys.Store) {
	var want []surveys.Record
	for i, scope := range []string{"s1", "", "s2", "s1/x"} {
		r := record(fmt.Sprint(i))
		r.Scope = scope
		want = append(want, put(t, ctx, s, r))
	}
	wantSame(t, "every scope", collect(t, s.Records(ctx, kindNote, "*")), want)
	wantSame(t, "scope s1", collect(t, s.Records(ctx, kindNote, "s1")), want[:1])
	wantSame(t, "no scope", collect(t, s.Records(ctx, kindNote, "")), want[1:2])
	n, err := s.CountRecords(ctx, kindNote, "*", time.Time{})
	if err != nil || n != 4 {
		t.Errorf("CountRecords of every scope = %d, %v, want 4", n, err)
	}
}

func recordDelete(t *testing.T, ctx context.Context, s surveys.Store) {
	r := record("a")
	r.Key = "k"
	put(t, ctx, s, r)
	for range 2 {
		must(t, s.DeleteRecord(ctx, kindNote, "a"))
	}
	must(t, s.DeleteRecord(ctx, kindOther, "a"))
	_, err := s.RecordByKey(ctx, kindNote, "k")
	wantKind(t, "RecordByKey of the deleted", err, surveys.KindNotFound)
	wantRecord(t, ctx, s, put(t, ctx, s, r))
}

// putMinutes stores one record a minute.
func putMinutes(t *testing.T, ctx context.Context, s surveys.Store, kind surveys.RecordKind, n int) {
	for i := range n {
		r := record(fmt.Sprintf("%s%d", kind, i))
		r.Kind, r.At = kind, Origin.Add(time.Duration(i)*time.Minute)
		put(t, ctx, s, r)
	}
}

func recordDeleteBefore(t *testing.T, ctx context.Context, s surveys.Store) {
	putMinutes(t, ctx, s, kindNote, 5)
	putMinutes(t, ctx, s, kindOther, 5)
	for _, want := range []int{3, 0} {
		n, err := s.DeleteRecordsBefore(ctx, kindNote, Origin.Add(3*time.Minute))
		if err != nil || n != want {
			t.Fatalf("DeleteRecordsBefore = %d, %v, want %d", n, err, want)
		}
	}
	left := collect(t, s.Records(ctx, kindNote, "*"))
	if len(left) != 2 || left[0].ID != "note3" {
		t.Errorf("left: %v, want note3 and note4", left)
	}
	if n := len(collect(t, s.Records(ctx, kindOther, "*"))); n != 5 {
		t.Errorf("another kind has %d left, want 5", n)
	}
}

func recordCountSince(t *testing.T, ctx context.Context, s surveys.Store) {
	putMinutes(t, ctx, s, kindNote, 5)
	for _, c := range []struct {
		scope string
		since time.Time
		want  int
	}{
		{"s1", time.Time{}, 5},
		{"s1", Origin.Add(3 * time.Minute), 2},
		{"s1", Origin.Add(3*time.Minute + time.Millisecond), 1},
		{"s1", Origin.Add(time.Hour), 0},
		{"s2", time.Time{}, 0},
		{"*", Origin.Add(time.Minute), 4},
	} {
		n, err := s.CountRecords(ctx, kindNote, c.scope, c.since)
		if err != nil || n != c.want {
			t.Errorf("CountRecords(%q, %v) = %d, %v, want %d", c.scope, c.since, n, err, c.want)
		}
	}
}
