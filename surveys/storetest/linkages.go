package storetest

import (
	"context"
	"testing"

	"soundings/surveys"
)

var linkageChecks = []check{
	{"round_trip_in_order", linkageRoundTrip},
	{"replaced", linkageReplaced},
	{"kept_when_the_response_is_put_without", linkageKept},
	{"refused_write_leaves_it_alone", linkageRefused},
	{"empty_and_nil_elements", linkageEmpty},
}

func putLinked(t testing.TB, ctx context.Context, s surveys.Store, r surveys.Response, l *surveys.Linkage) surveys.Response {
	t.Helper()
	must(t, s.PutResponse(ctx, r, l))
	r.Revision++
	return r
}

func wantLinkages(t testing.TB, ctx context.Context, s surveys.Store, want ...surveys.Linkage) {
	t.Helper()
	wantSame(t, "linkages", collect(t, s.Linkages(ctx, programme, strand)), want)
}

func linkageRoundTrip(t *testing.T, ctx context.Context, s surveys.Store) {
	b, a := linkage("b", "aa", "", "cc"), linkage("a", "", "", "")
	putLinked(t, ctx, s, fullResponse("b"), b)
	putLinked(t, ctx, s, fullResponse("a"), a)
	putLinked(t, ctx, s, fullResponse("none"), nil)
	elsewhere, other := fullResponse("c"), linkage("c", "aa")
	elsewhere.Strand, other.Strand = "teachers", "teachers"
	putLinked(t, ctx, s, elsewhere, other)
	wantLinkages(t, ctx, s, *a, *b)
}

func linkageReplaced(t *testing.T, ctx context.Context, s surveys.Store) {
	r := putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa", "bb"))
	putLinked(t, ctx, s, r, linkage("a", "cc", "dd"))
	wantLinkages(t, ctx, s, *linkage("a", "cc", "dd"))
}

func linkageKept(t *testing.T, ctx context.Context, s surveys.Store) {
	r := putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa"))
	putLinked(t, ctx, s, r, nil)
	wantLinkages(t, ctx, s, *linkage("a", "aa"))
}

func linkageRefused(t *testing.T, ctx context.Context, s surveys.Store) {
	first := putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa"))
	second := putLinked(t, ctx, s, first, nil)
	wantKind(t, "insert under a taken id", s.PutResponse(ctx, fullResponse("a"), linkage("a", "bb")), surveys.KindConflict)
	wantKind(t, "stale update", s.PutResponse(ctx, first, linkage("a", "cc")), surveys.KindConflict)
	missing := fullResponse("nobody")
	missing.Revision = 1
	wantKind(t, "update of nothing", s.PutResponse(ctx, missing, linkage("nobody", "dd")), surveys.KindNotFound)
	wantResponse(t, ctx, s, second)
	wantLinkages(t, ctx, s, *linkage("a", "aa"))
}

func linkageEmpty(t *testing.T, ctx context.Context, s surveys.Store) {
	putLinked(t, ctx, s, fullResponse("empty"), &surveys.Linkage{Response: "empty", Programme: programme, Strand: strand, Elements: []string{}})
	putLinked(t, ctx, s, fullResponse("nil"), linkage("nil"))
	putLinked(t, ctx, s, fullResponse("one_blank"), linkage("one_blank", ""))
	got := collect(t, s.Linkages(ctx, programme, strand))
	if len(got) != 3 || got[0].Elements != nil || got[1].Elements != nil || len(got[2].Elements) != 1 {
		t.Errorf("linkages = %#v, want elements nil, nil and one blank", got)
	}
}
