package storetest

import (
	"context"
	"testing"

	"soundings/surveys"
)

var lifeChecks = []check{
	{"describes_itself_and_answers", lifeDescribes},
	{"closed", lifeClosed},
}

func lifeDescribes(t *testing.T, ctx context.Context, s surveys.Store) {
	if s.Describe() == "" {
		t.Error("Describe is empty")
	}
	must(t, s.Ping(ctx))
}

func lifeClosed(t *testing.T, ctx context.Context, s surveys.Store) {
	putOneOfEach(t, ctx, s)
	for range 2 {
		must(t, s.Close())
	}
	for _, c := range calls {
		wantKind(t, c.name+" after Close", c.call(ctx, s), surveys.KindUnavailable)
	}
	if s.Describe() == "" {
		t.Error("Describe is empty after Close")
	}
}
