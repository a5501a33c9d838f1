package storetest

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"soundings/surveys"
)

var contextChecks = []check{
	{"cancelled_on_every_method", contextCancelled},
	{"past_deadline", contextDeadline},
}

// calls are all the methods that wait.
var calls = []struct {
	name string
	call func(context.Context, surveys.Store) error
}{
	{"Ping", func(ctx context.Context, s surveys.Store) error { return s.Ping(ctx) }},
	{"PutRecord", func(ctx context.Context, s surveys.Store) error {
		_, err := s.PutRecord(ctx, record("new"))
		return err
	}},
	{"Record", func(ctx context.Context, s surveys.Store) error { _, err := s.Record(ctx, kindNote, "a"); return err }},
	{"RecordByKey", func(ctx context.Context, s surveys.Store) error {
		_, err := s.RecordByKey(ctx, kindNote, "a")
		return err
	}},
	{"Records", func(ctx context.Context, s surveys.Store) error { return firstError(s.Records(ctx, kindNote, "*")) }},
	{"DeleteRecord", func(ctx context.Context, s surveys.Store) error { return s.DeleteRecord(ctx, kindNote, "a") }},
	{"DeleteRecordsBefore", func(ctx context.Context, s surveys.Store) error {
		_, err := s.DeleteRecordsBefore(ctx, kindNote, Origin.Add(time.Hour))
		return err
	}},
	{"CountRecords", func(ctx context.Context, s surveys.Store) error {
		_, err := s.CountRecords(ctx, kindNote, "*", time.Time{})
		return err
	}},
	{"PutResponse", func(ctx context.Context, s surveys.Store) error {
		return s.PutResponse(ctx, fullResponse("new"), linkage("new", "aa"))
	}},
	{"Response", func(ctx context.Context, s surveys.Store) error { _, err := s.Response(ctx, "a"); return err }},
	{"Responses", func(ctx context.Context, s surveys.Store) error {
		return firstError(s.Responses(ctx, programme, strand))
	}},
	{"ResponsesSince", func(ctx context.Context, s surveys.Store) error {
		return firstError(s.ResponsesSince(ctx, programme, strand, time.Time{}))
	}},
	{"Tallies", func(ctx context.Context, s surveys.Store) error {
		_, err := s.Tallies(ctx, programme)
		return err
	}},
	{"CountResponses", func(ctx context.Context, s surveys.Store) error {
		_, err := s.CountResponses(ctx, programme)
		return err
	}},
	{"DeleteResponses", func(ctx context.Context, s surveys.Store) error {
		_, err := s.DeleteResponses(ctx, programme, strand)
		return err
	}},
	{"Linkages", func(ctx context.Context, s surveys.Store) error {
		return firstError(s.Linkages(ctx, programme, strand))
	}},
	{"Snapshot", func(ctx context.Context, s surveys.Store) error { _, err := s.Snapshot(ctx); return err }},
	{"KeepRecords", func(ctx context.Context, s surveys.Store) error {
		return s.KeepRecords(ctx, []surveys.Record{record("new")})
	}},
	{"KeepResponses", func(ctx context.Context, s surveys.Store) error {
		return s.KeepResponses(ctx, []surveys.Whole{{Response: fullResponse("new"), Linkage: linkage("new", "aa")}})
	}},
	{"Schema", func(ctx context.Context, s surveys.Store) error { _, err := s.Schema(ctx); return err }},
}

func firstError[T any](stream iter.Seq2[T, error]) error {
	for _, err := range stream {
		if err != nil {
			return err
		}
	}
	return nil
}

// putOneOfEach stores a record and a response with a linkage, all named "a".
func putOneOfEach(t *testing.T, ctx context.Context, s surveys.Store) (surveys.Record, surveys.Response) {
	r := record("a")
	r.Key = "a"
	return put(t, ctx, s, r), putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa"))
}

func wantCancelled(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%s gave %v, want context.Canceled", what, err)
	}
}

func contextCancelled(t *testing.T, ctx context.Context, s surveys.Store) {
	kept, response := putOneOfEach(t, ctx, s)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range calls {
		wantCancelled(t, c.name, c.call(ended, s))
	}
	wantRecord(t, ctx, s, kept)
	wantResponse(t, ctx, s, response)
	_, err := s.Record(ctx, kindNote, "new")
	wantKind(t, "Record of what was cancelled", err, surveys.KindNotFound)
	_, err = s.Response(ctx, "new")
	wantKind(t, "Response of what was cancelled", err, surveys.KindNotFound)
	wantLinkages(t, ctx, s, *linkage("a", "aa"))
}

func contextDeadline(t *testing.T, ctx context.Context, s surveys.Store) {
	past, cancel := context.WithDeadline(ctx, Origin)
	defer cancel()
	for _, c := range calls {
		if err := c.call(past, s); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s gave %v, want context.DeadlineExceeded", c.name, err)
		}
	}
}
