package storetest

import (
	"context"
	"testing"

	"soundings/surveys"
)

// RunInstances tries what two instances of the product on one store need of each
// other. open makes two stores on the same new empty data.
func RunInstances(t *testing.T, open func(testing.TB) (first, second surveys.Store)) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, ctx context.Context, first, second surveys.Store)
	}{
		{"see_each_other's_writes", instancesSee},
		{"decide_uniqueness_together", instancesDecide},
		{"lose_no_update", instancesUpdate},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, second := open(t)
			c.run(t, limited(t), first, second)
		})
	}
}

func instancesSee(t *testing.T, ctx context.Context, first, second surveys.Store) {
	kept, response := putOneOfEach(t, ctx, first)
	wantRecord(t, ctx, second, kept)
	wantResponse(t, ctx, second, response)
	kept.Body = []byte(`{"by":"second"}`)
	kept = put(t, ctx, second, kept)
	wantRecord(t, ctx, first, kept)
	must(t, second.DeleteRecord(ctx, kept.Kind, kept.ID))
	_, err := first.Record(ctx, kept.Kind, kept.ID)
	wantKind(t, "Record of what the other deleted", err, surveys.KindNotFound)
	must(t, second.Close())
	wantResponse(t, ctx, first, response)
}

func instancesDecide(t *testing.T, ctx context.Context, first, second surveys.Store) {
	both := [2]surveys.Store{first, second}
	contest(t, func(i int) error { return both[i%2].PutResponse(ctx, fullResponse("a"), nil) })
}

func instancesUpdate(t *testing.T, ctx context.Context, first, second surveys.Store) {
	both := [2]surveys.Store{first, second}
	put(t, ctx, first, record("a"))
	const each = 25
	for _, err := range together(2, func(i int) error {
		for range each {
			if err := increment(ctx, both[i]); err != nil {
				return err
			}
		}
		return nil
	}) {
		must(t, err)
	}
	got, err := second.Record(ctx, kindNote, "a")
	must(t, err)
	if got.Revision != 1+2*each {
		t.Errorf("revision %d after %d increments, want %d", got.Revision, 2*each, 1+2*each)
	}
}
