package exports_test

import (
	"slices"
	"testing"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/pairing"
)

// TestWorkbookFollowsRulings: who answered twice is told as sent again, a pair
// taken apart has no person, and a follow-up response has the person's reference.
func TestWorkbookFollowsRulings(t *testing.T) {
	w := newWorld(t, surveys.DesignPrePostFollowUp, "wellbeing-1.json")
	answers := `{"w1":"2","w2":"2"}`
	w.add("00000000000000000000000001", 0, "pre", 0, "AB01CD02", answers)
	w.add("00000000000000000000000002", 0, "pre", 1, "XY21ZW11", answers)
	w.add("00000000000000000000000003", 0, "pre", 2, "QQ09QQ09", answers)
	w.add("00000000000000000000000011", 0, "post", 40, "AB01CD02", answers)
	w.add("00000000000000000000000013", 0, "post", 41, "QQ09QQ09", answers)
	w.add("00000000000000000000000021", 0, "follow_up", 90, "AB01CD02", answers)
	w.add("00000000000000000000000022", 0, "follow_up", 91, "MM19MM03", answers)
	for _, d := range []pairing.Decision{
		{Pre: "00000000000000000000000001", Post: "00000000000000000000000002", Accepted: true},
		{Pre: "00000000000000000000000003", Post: "00000000000000000000000013"},
	} {
		if err := w.service.DecidePair(w.ctx, w.programme.ID, strand, d); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][2]string{
		"00000000000000000000000001": {"P00001", "matched exact"},
		"00000000000000000000000002": {"", "sent again: not counted"},
		"00000000000000000000000003": {"", "unmatched: no code like it"},
		"00000000000000000000000011": {"P00001", "matched exact"},
		"00000000000000000000000013": {"", "unmatched: no code like it"},
		"00000000000000000000000021": {"P00001", "follow-up: matched exact"},
		"00000000000000000000000022": {"", "follow-up: of nobody known"},
	}
	rows := must(open(t, w.workbook(exports.Options{})).GetRows("Responses (codes)"))
	person, paired := slices.Index(rows[0], "person_ref"), slices.Index(rows[0], "paired")
	for _, row := range rows[1:] {
		if got := [2]string{row[person], row[paired]}; got != want[row[0]] {
			t.Errorf("%s: %q, want %q", row[0], got, want[row[0]])
		}
	}
}
