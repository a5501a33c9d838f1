package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

var responseChecks = []check{
	{"round_trip", responseRoundTrip},
	{"not_found", responseNotFound},
	{"duplicate_id", responseDuplicateID},
	{"stale_revision", responseStaleRevision},
	{"second_write_leaves_the_first_alone", responseSecondWrite},
	{"time_zone_and_precision", responseTime},
	{"empty_and_nil_collections", responseCollections},
	{"only_submitted_in_order", responseOrder},
	{"counts", responseCounts},
	{"tallies", responseTallies},
	{"heads_of_every_status", responseHeads},
	{"with_prefix", responsePrefix},
	{"one_deleted", responseDeleted},
	{"linkage_deleted", linkageDeleted},
	{"deleted", responsesDeleted},
}

func wantResponse(t testing.TB, ctx context.Context, s surveys.Store, want surveys.Response) {
	t.Helper()
	got, err := s.Response(ctx, want.ID)
	must(t, err)
	wantSame(t, "response", got, want)
}

// putResponse stores r and returns what a reader should find.
func putResponse(t testing.TB, ctx context.Context, s surveys.Store, r surveys.Response) surveys.Response {
	t.Helper()
	must(t, s.PutResponse(ctx, r, nil))
	r.Revision++
	return r
}

func responseRoundTrip(t *testing.T, ctx context.Context, s surveys.Store) {
	want := putResponse(t, ctx, s, fullResponse("a"))
	wantResponse(t, ctx, s, want)
	wantSame(t, "stream", collect(t, s.Responses(ctx, programme, strand)), []surveys.Response{want})

	want.Cohort, want.Wave, want.Language, want.Mode = "c2", questionnaire.WavePre, "en", surveys.ModePaper
	want.Version, want.Page, want.Coded, want.Digest = 4, 0, false, ""
	want.Notes, want.Aside = nil, nil
	want.Answers = questionnaire.Answers{"calm": {Choice: "often"}}
	want = putResponse(t, ctx, s, want)
	wantResponse(t, ctx, s, want)
}

func responseNotFound(t *testing.T, ctx context.Context, s surveys.Store) {
	putResponse(t, ctx, s, fullResponse("a"))
	_, err := s.Response(ctx, "b")
	wantKind(t, "Response", err, surveys.KindNotFound)
	missing := fullResponse("b")
	missing.Revision = 1
	for _, l := range []*surveys.Linkage{nil, linkage("b", "aa")} {
		wantKind(t, "PutResponse of revision 1", s.PutResponse(ctx, missing, l), surveys.KindNotFound)
	}
}

func responseDuplicateID(t *testing.T, ctx context.Context, s surveys.Store) {
	first := putResponse(t, ctx, s, fullResponse("a"))
	second := fullResponse("a")
	second.Answers = questionnaire.Answers{"calm": {Choice: "never"}}
	wantKind(t, "second insert", s.PutResponse(ctx, second, nil), surveys.KindConflict)
	wantResponse(t, ctx, s, first)
}

func responseStaleRevision(t *testing.T, ctx context.Context, s surveys.Store) {
	first := putResponse(t, ctx, s, fullResponse("a"))
	second := putResponse(t, ctx, s, first)
	stale := first
	stale.Answers = questionnaire.Answers{"calm": {Choice: "never"}}
	wantKind(t, "PutResponse of revision 1 at 2", s.PutResponse(ctx, stale, nil), surveys.KindConflict)
	stale.Revision = 3
	wantKind(t, "PutResponse of revision 3 at 2", s.PutResponse(ctx, stale, nil), surveys.KindConflict)
	wantResponse(t, ctx, s, second)
}

func responseSecondWrite(t *testing.T, ctx context.Context, s surveys.Store) {
	a, b := putResponse(t, ctx, s, fullResponse("a")), putResponse(t, ctx, s, fullResponse("b"))
	b.Status, b.Answers = surveys.StatusWithdrawn, nil
	b = putResponse(t, ctx, s, b)
	wantResponse(t, ctx, s, a)
	wantResponse(t, ctx, s, b)
}

func responseTime(t *testing.T, ctx context.Context, s surveys.Store) {
	r := fullResponse("a")
	r.Started = time.Date(2026, 6, 1, 1, 2, 3, 456_789_012, time.FixedZone("-03:30", -(3*3600+30*60)))
	r.Submitted = time.Time{}
	must(t, s.PutResponse(ctx, r, nil))
	got, err := s.Response(ctx, "a")
	must(t, err)
	if want := time.Date(2026, 6, 1, 4, 32, 3, 456e6, time.UTC); got.Started != want {
		t.Errorf("Started = %v, want %v", got.Started, want)
	}
	if !got.Submitted.IsZero() {
		t.Errorf("Submitted = %v, want the zero time", got.Submitted)
	}
}

// responseCollections: answers can be added to, lists are nil when empty.
func responseCollections(t *testing.T, ctx context.Context, s surveys.Store) {
	with := fullResponse("empty")
	with.Notes, with.Answers, with.Aside = []string{}, questionnaire.Answers{}, questionnaire.Answers{}
	putResponse(t, ctx, s, with)
	without := fullResponse("nil")
	without.Notes, without.Answers, without.Aside = nil, nil, nil
	putResponse(t, ctx, s, without)
	for _, id := range []surveys.ResponseID{"empty", "nil"} {
		got, err := s.Response(ctx, id)
		must(t, err)
		if got.Answers == nil || got.Aside == nil || len(got.Answers)+len(got.Aside) != 0 {
			t.Errorf("%s: answers %#v and aside %#v, want both empty and not nil", id, got.Answers, got.Aside)
		}
		if got.Notes != nil {
			t.Errorf("%s: notes %#v, want nil", id, got.Notes)
		}
	}
}

func responseOrder(t *testing.T, ctx context.Context, s surveys.Store) {
	put := func(id surveys.ResponseID, second int, change func(*surveys.Response)) surveys.Response {
		r := fullResponse(id)
		r.Submitted = Origin.Add(time.Duration(second) * time.Second)
		change(&r)
		return putResponse(t, ctx, s, r)
	}
	same := func(*surveys.Response) {}
	late, b, a := put("0", 9, same), put("b", 5, same), put("a", 5, same)
	put("progress", 1, func(r *surveys.Response) { r.Status, r.Submitted = surveys.StatusInProgress, time.Time{} })
	put("withdrawn", 1, func(r *surveys.Response) { r.Status = surveys.StatusWithdrawn })
	put("strand", 1, func(r *surveys.Response) { r.Strand = "teachers" })
	put("programme", 1, func(r *surveys.Response) { r.Programme = "p2" })
	wantSame(t, "stream", collect(t, s.Responses(ctx, programme, strand)), []surveys.Response{a, b, late})
	wantSame(t, "stream since then", collect(t, s.ResponsesSince(ctx, programme, strand, b.Submitted)), []surveys.Response{a, b, late})
	wantSame(t, "stream since later", collect(t, s.ResponsesSince(ctx, programme, strand, b.Submitted.Add(time.Millisecond))), []surveys.Response{late})
	wantSame(t, "stream since ever", collect(t, s.ResponsesSince(ctx, programme, strand, time.Time{})), []surveys.Response{a, b, late})
	if n := len(collect(t, s.Responses(ctx, "nobody", strand))); n != 0 {
		t.Errorf("an unknown programme streams %d", n)
	}
}

func responseCounts(t *testing.T, ctx context.Context, s surveys.Store) {
	want := map[surveys.CountKey]int{}
	n := 0
	for i, cohort := range []surveys.CohortID{"c1", "c2", ""} {
		for j, status := range []surveys.Status{surveys.StatusSubmitted, surveys.StatusInProgress, surveys.StatusWithdrawn} {
			for k, wave := range []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost} {
				for range 1 + i + j + k {
					r := fullResponse(surveys.ResponseID(scattered(n)))
					r.Cohort, r.Wave, r.Status = cohort, wave, status
					putResponse(t, ctx, s, r)
					want[surveys.CountKey{Cohort: cohort, Strand: strand, Wave: wave, Status: status}]++
					n++
				}
			}
		}
	}
	elsewhere := fullResponse("elsewhere")
	elsewhere.Programme = "p2"
	putResponse(t, ctx, s, elsewhere)
	got, err := s.CountResponses(ctx, programme)
	must(t, err)
	wantSame(t, "counts", got, want)
	none, err := s.CountResponses(ctx, "nobody")
	if err != nil || len(none) != 0 {
		t.Errorf("CountResponses of an unknown programme = %v, %v", none, err)
	}
}

// responseHeads: whatever the status, without answers, and nothing of another strand.
func responseHeads(t *testing.T, ctx context.Context, s surveys.Store) {
	var want []surveys.Response
	for i, status := range []surveys.Status{surveys.StatusExcluded, surveys.StatusHeld, surveys.StatusInProgress, surveys.StatusSubmitted, surveys.StatusWithdrawn} {
		for j := range 2 {
			r := fullResponse(surveys.ResponseID(scattered(2*i + j)))
			r.Status, r.Submitted = status, Origin.Add(time.Duration(j)*time.Second)
			head := putResponse(t, ctx, s, r)
			head.Answers, head.Aside, head.History = nil, nil, nil
			want = append(want, head)
		}
	}
	elsewhere := fullResponse("elsewhere")
	elsewhere.Strand = "teachers"
	putResponse(t, ctx, s, elsewhere)
	wantSame(t, "heads", collect(t, s.ResponseHeads(ctx, programme, strand)), want)
}

func responsePrefix(t *testing.T, ctx context.Context, s surveys.Store) {
	var want []surveys.Response
	for _, id := range []surveys.ResponseID{"ab0", "ab9", "aba", "abz"} {
		want = append(want, putResponse(t, ctx, s, fullResponse(id)))
	}
	for _, id := range []surveys.ResponseID{"aa", "ac", "b"} {
		putResponse(t, ctx, s, fullResponse(id))
	}
	for limit, expected := range map[int][]surveys.Response{9: want, 2: want[:2]} {
		got, err := s.ResponsesWithPrefix(ctx, "ab", limit)
		must(t, err)
		wantSame(t, "responses that begin with ab", got, expected)
	}
	none, err := s.ResponsesWithPrefix(ctx, "abcd", 9)
	if err != nil || len(none) > 0 {
		t.Errorf("ResponsesWithPrefix of no one's prefix = %v, %v", none, err)
	}
}

// responseDeleted: one goes with its linkage and count; others stay.
func responseDeleted(t *testing.T, ctx context.Context, s surveys.Store) {
	putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa"))
	other := putLinked(t, ctx, s, fullResponse("b"), linkage("b", "bb"))
	for range 2 {
		must(t, s.DeleteResponse(ctx, "a"))
		_, err := s.Response(ctx, "a")
		wantKind(t, "Response of a deleted one", err, surveys.KindNotFound)
	}
	wantResponse(t, ctx, s, other)
	wantLinkages(t, ctx, s, *linkage("b", "bb"))
	counts, err := s.CountResponses(ctx, programme)
	must(t, err)
	wantSame(t, "counts", counts, map[surveys.CountKey]int{{Cohort: other.Cohort, Strand: strand, Wave: other.Wave, Status: other.Status}: 1})
}

// linkageDeleted: the linkage of one goes, its response stays.
func linkageDeleted(t *testing.T, ctx context.Context, s surveys.Store) {
	r := putLinked(t, ctx, s, fullResponse("a"), linkage("a", "aa"))
	putLinked(t, ctx, s, fullResponse("b"), linkage("b", "bb"))
	for range 2 {
		must(t, s.DeleteLinkage(ctx, "a"))
		wantLinkages(t, ctx, s, *linkage("b", "bb"))
	}
	wantResponse(t, ctx, s, r)
	putLinked(t, ctx, s, r, linkage("a", "cc"))
	wantLinkages(t, ctx, s, *linkage("a", "cc"), *linkage("b", "bb"))
}

// responseTallies: each workshop has a tally of its own, and the latest submission
// is right after one was moved, corrected, withdrawn or deleted.
func responseTallies(t *testing.T, ctx context.Context, s surveys.Store) {
	put := func(id surveys.ResponseID, minute int, workshop surveys.WorkshopID) surveys.Response {
		r := fullResponse(id)
		r.Workshop, r.Submitted = workshop, Origin.Add(time.Duration(minute)*time.Minute)
		return putResponse(t, ctx, s, r)
	}
	wantTallies(t, ctx, s)
	first, second := put("a", 1, "w1"), put("b", 2, "w1")
	put("early", 0, "w1")
	put("other", 9, "")
	begun := fullResponse("begun")
	begun.Status, begun.Submitted, begun.Workshop = surveys.StatusInProgress, time.Time{}, "w1"
	putResponse(t, ctx, s, begun)
	elsewhere := fullResponse("elsewhere")
	elsewhere.Programme = "p2"
	putResponse(t, ctx, s, elsewhere)
	tally := func(workshop surveys.WorkshopID, status surveys.Status, n, minute int) surveys.Tally {
		one := surveys.Tally{Cohort: "c1", Strand: strand, Wave: questionnaire.WavePost, Status: status, Workshop: workshop, Responses: n}
		if status == surveys.StatusSubmitted {
			one.Last = Origin.Add(time.Duration(minute) * time.Minute)
		}
		return one
	}
	none, started := tally("", surveys.StatusSubmitted, 1, 9), tally("w1", surveys.StatusInProgress, 1, 0)
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusSubmitted, 3, 2))
	second = putResponse(t, ctx, s, second) // changed in nothing that is counted
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusSubmitted, 3, 2))
	second.Workshop = "w2"
	second = putResponse(t, ctx, s, second)
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusSubmitted, 2, 1), tally("w2", surveys.StatusSubmitted, 1, 2))
	first.Status = surveys.StatusWithdrawn
	putResponse(t, ctx, s, first)
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusWithdrawn, 1, 0), tally("w1", surveys.StatusSubmitted, 1, 0), tally("w2", surveys.StatusSubmitted, 1, 2))
	must(t, s.DeleteResponse(ctx, second.ID))
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusWithdrawn, 1, 0), tally("w1", surveys.StatusSubmitted, 1, 0))
	put("again", 5, "w2")
	wantTallies(t, ctx, s, none, started, tally("w1", surveys.StatusWithdrawn, 1, 0), tally("w1", surveys.StatusSubmitted, 1, 0), tally("w2", surveys.StatusSubmitted, 1, 5))
	_, err := s.DeleteResponses(ctx, programme, strand)
	must(t, err)
	wantTallies(t, ctx, s)
}

func wantTallies(t testing.TB, ctx context.Context, s surveys.Store, want ...surveys.Tally) {
	t.Helper()
	got, err := s.Tallies(ctx, programme)
	must(t, err)
	order := func(a, b surveys.Tally) int {
		return cmp.Or(cmp.Compare(a.Workshop, b.Workshop), cmp.Compare(a.Status, b.Status))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	wantSame(t, "tallies", got, want)
}

// responsesDeleted: those of one strand go in every status, with their linkages
// and counts; what belongs to others stays, and an id can be used again.
func responsesDeleted(t *testing.T, ctx context.Context, s surveys.Store) {
	put := func(id surveys.ResponseID, change func(*surveys.Response)) surveys.Response {
		r, l := fullResponse(id), linkage(id, "aa")
		change(&r)
		l.Programme, l.Strand = r.Programme, r.Strand
		return putLinked(t, ctx, s, r, l)
	}
	put("a", func(*surveys.Response) {})
	put("b", func(r *surveys.Response) { r.Status, r.Submitted = surveys.StatusInProgress, time.Time{} })
	put("c", func(r *surveys.Response) { r.Status = surveys.StatusWithdrawn })
	others := []surveys.Response{
		put("strand", func(r *surveys.Response) { r.Strand = "teachers" }),
		put("programme", func(r *surveys.Response) { r.Programme = "p2" }),
	}
	wantDeleted(t, ctx, s, 3)
	wantDeleted(t, ctx, s, 0)
	for _, id := range []surveys.ResponseID{"a", "b", "c"} {
		_, err := s.Response(ctx, id)
		wantKind(t, "Response of a deleted one", err, surveys.KindNotFound)
	}
	wantLinkages(t, ctx, s)
	for _, r := range others {
		wantResponse(t, ctx, s, r)
		kept := linkage(r.ID, "aa")
		kept.Programme, kept.Strand = r.Programme, r.Strand
		wantSame(t, "linkages of others", collect(t, s.Linkages(ctx, r.Programme, r.Strand)), []surveys.Linkage{*kept})
	}
	counts, err := s.CountResponses(ctx, programme)
	must(t, err)
	wantSame(t, "counts", counts, map[surveys.CountKey]int{{Cohort: "c1", Strand: "teachers", Wave: others[0].Wave, Status: surveys.StatusSubmitted}: 1})
	wantResponse(t, ctx, s, put("a", func(*surveys.Response) {}))
}

func wantDeleted(t testing.TB, ctx context.Context, s surveys.Store, want int) {
	t.Helper()
	n, err := s.DeleteResponses(ctx, programme, strand)
	must(t, err)
	if n != want {
		t.Errorf("DeleteResponses = %d, want %d", n, want)
	}
}
