package storetest

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"time"

	"soundings/surveys"
)

// ErrFault is the cause of the error that a FaultyStore gives.
var ErrFault = errors.New("storetest: this call fails on purpose")

// FaultyStore passes calls on to a store, but for one that fails.
type FaultyStore struct {
	surveys.Store
	failAt atomic.Int64
	calls  atomic.Int64
}

// Faulty returns a store whose call number failAt, counted from 1, does nothing
// and fails with KindUnavailable, once; all others go to store. A stream counts
// when it is read; the one that fails gives its first value before the error. 0
// never fails: Calls then tells how many calls there are to try.
//
//	for n := 1; n <= calls; n++ {
//		service := surveys.NewService(storetest.Faulty(store, n), …)
func Faulty(store surveys.Store, failAt int) *FaultyStore {
	f := &FaultyStore{Store: store}
	f.failAt.Store(int64(failAt))
	return f
}

// Again counts anew: call number failAt from now fails.
func (f *FaultyStore) Again(failAt int) { f.calls.Store(0); f.failAt.Store(int64(failAt)) }

// Calls returns how many calls there were, the failed one included. Describe
// and Close do not count.
func (f *FaultyStore) Calls() int { return int(f.calls.Load()) }

// fault counts a call and returns its error.
func (f *FaultyStore) fault() error {
	if f.calls.Add(1) != f.failAt.Load() {
		return nil
	}
	return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: ErrFault}
}

// faulted counts a stream when it is read.
func faulted[T any](f *FaultyStore, stream iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		fault := f.fault()
		for v, err := range stream {
			if !yield(v, err) {
				return
			}
			if fault != nil {
				break
			}
		}
		if fault != nil {
			var none T
			yield(none, fault)
		}
	}
}

// Ping fails or asks the store.
func (f *FaultyStore) Ping(ctx context.Context) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.Ping(ctx)
}

// PutRecord fails or asks the store.
func (f *FaultyStore) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	if err := f.fault(); err != nil {
		return 0, err
	}
	return f.Store.PutRecord(ctx, r)
}

// Record fails or asks the store.
func (f *FaultyStore) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	if err := f.fault(); err != nil {
		return surveys.Record{}, err
	}
	return f.Store.Record(ctx, kind, id)
}

// RecordByKey fails or asks the store.
func (f *FaultyStore) RecordByKey(ctx context.Context, kind surveys.RecordKind, key string) (surveys.Record, error) {
	if err := f.fault(); err != nil {
		return surveys.Record{}, err
	}
	return f.Store.RecordByKey(ctx, kind, key)
}

// Records fails after its first value or asks the store.
func (f *FaultyStore) Records(ctx context.Context, kind surveys.RecordKind, scope string) iter.Seq2[surveys.Record, error] {
	return faulted(f, f.Store.Records(ctx, kind, scope))
}

// DeleteRecord fails or asks the store.
func (f *FaultyStore) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.DeleteRecord(ctx, kind, id)
}

// DeleteRecordsBefore fails or asks the store.
func (f *FaultyStore) DeleteRecordsBefore(ctx context.Context, kind surveys.RecordKind, t time.Time) (int, error) {
	if err := f.fault(); err != nil {
		return 0, err
	}
	return f.Store.DeleteRecordsBefore(ctx, kind, t)
}

// CountRecords fails or asks the store.
func (f *FaultyStore) CountRecords(ctx context.Context, kind surveys.RecordKind, scope string, since time.Time) (int, error) {
	if err := f.fault(); err != nil {
		return 0, err
	}
	return f.Store.CountRecords(ctx, kind, scope, since)
}

// PutResponse fails or asks the store.
func (f *FaultyStore) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.PutResponse(ctx, r, l)
}

// Response fails or asks the store.
func (f *FaultyStore) Response(ctx context.Context, id surveys.ResponseID) (surveys.Response, error) {
	if err := f.fault(); err != nil {
		return surveys.Response{}, err
	}
	return f.Store.Response(ctx, id)
}

// Responses fails after its first value or asks the store.
func (f *FaultyStore) Responses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return faulted(f, f.Store.Responses(ctx, programme, strand))
}

// ResponsesSince fails after its first value or asks the store.
func (f *FaultyStore) ResponsesSince(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, since time.Time) iter.Seq2[surveys.Response, error] {
	return faulted(f, f.Store.ResponsesSince(ctx, programme, strand, since))
}

// ResponseHeads fails after its first value or asks the store.
func (f *FaultyStore) ResponseHeads(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return faulted(f, f.Store.ResponseHeads(ctx, programme, strand))
}

// ResponsesWithPrefix fails or asks the store.
func (f *FaultyStore) ResponsesWithPrefix(ctx context.Context, prefix string, limit int) ([]surveys.Response, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	return f.Store.ResponsesWithPrefix(ctx, prefix, limit)
}

// CountResponses fails or asks the store.
func (f *FaultyStore) CountResponses(ctx context.Context, programme surveys.ProgrammeID) (map[surveys.CountKey]int, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	return f.Store.CountResponses(ctx, programme)
}

// DeleteResponse fails or asks the store.
func (f *FaultyStore) DeleteResponse(ctx context.Context, id surveys.ResponseID) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.DeleteResponse(ctx, id)
}

// DeleteLinkage fails or asks the store.
func (f *FaultyStore) DeleteLinkage(ctx context.Context, id surveys.ResponseID) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.DeleteLinkage(ctx, id)
}

// Tallies fails or asks the store.
func (f *FaultyStore) Tallies(ctx context.Context, programme surveys.ProgrammeID) ([]surveys.Tally, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	return f.Store.Tallies(ctx, programme)
}

// DeleteResponses fails or asks the store.
func (f *FaultyStore) DeleteResponses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (int, error) {
	if err := f.fault(); err != nil {
		return 0, err
	}
	return f.Store.DeleteResponses(ctx, programme, strand)
}

// Linkages fails after its first value or asks the store.
func (f *FaultyStore) Linkages(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Linkage, error] {
	return faulted(f, f.Store.Linkages(ctx, programme, strand))
}

// KeepRecords fails or asks the store.
func (f *FaultyStore) KeepRecords(ctx context.Context, records []surveys.Record) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.KeepRecords(ctx, records)
}

// KeepResponses fails or asks the store.
func (f *FaultyStore) KeepResponses(ctx context.Context, responses []surveys.Whole) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.KeepResponses(ctx, responses)
}

// Schema fails or asks the store.
func (f *FaultyStore) Schema(ctx context.Context) (surveys.Schema, error) {
	if err := f.fault(); err != nil {
		return surveys.Schema{}, err
	}
	return f.Store.Schema(ctx)
}

// Snapshot fails or gives one whose streams may fail.
func (f *FaultyStore) Snapshot(ctx context.Context) (surveys.Snapshot, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	view, err := f.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return faultySnapshot{view, f}, nil
}

// faultySnapshot passes streams on, but for one that fails.
type faultySnapshot struct {
	surveys.Snapshot
	of *FaultyStore
}

// Records fails after its first value or asks the snapshot.
func (v faultySnapshot) Records(ctx context.Context) iter.Seq2[surveys.Record, error] {
	return faulted(v.of, v.Snapshot.Records(ctx))
}

// Responses fails after its first value or asks the snapshot.
func (v faultySnapshot) Responses(ctx context.Context) iter.Seq2[surveys.Whole, error] {
	return faulted(v.of, v.Snapshot.Responses(ctx))
}
