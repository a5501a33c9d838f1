package outcomes_test

import (
	"strings"
	"testing"

	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

func (b *builder) desk() *outcomes.Desk {
	b.Helper()
	desk, err := outcomes.DeskOf(b.Context(), b.dataset())
	if err != nil {
		b.Fatal(err)
	}
	return desk
}

// matchedUnder is how many pairs a desk has under each policy, in the order of Effects.
func matchedUnder(desk *outcomes.Desk) [4]int {
	var n [4]int
	for i, e := range desk.Effects {
		n[i] = e.Matched
	}
	return n
}

func TestDeskOf(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	desk := b.desk()
	if got, want := matchedUnder(desk), [4]int{2, 3, 3, 2}; got != want {
		t.Errorf("exact, near, reviewed, held: %v pairs, want %v", got, want)
	}
	if got := desk.Effects[1].Figures; len(got) != 1 || got[0].Text != "none: so few people are behind it that it could show what one of them answered" || !strings.Contains(got[0].Full, "not shown") {
		t.Errorf("headline of 3 pairs = %+v, want none: fewer than the smallest group", got)
	}
	b.data.Programme.SmallestGroup = 1
	if got := b.desk().Effects[1].Figures[0].Text; got != "67% (2 of 3), mean 2.00 to 3.33" {
		t.Errorf("headline of 3 pairs = %q", got)
	}
	if one := desk.Responses["f1"]; one.Wave != questionnaire.WaveFollowUp || one.Cohort != "c1" || one.Submitted.IsZero() {
		t.Errorf("f1 = %+v", one)
	}
	if len(desk.Later.Links) != 1 || desk.Later.Links[0].Pre != "p1" {
		t.Errorf("follow-up = %+v, want f1 of who sent p1", desk.Later)
	}
}

// TestDeskFollowsDecisions: a pair taken apart is none under any policy, one made by
// hand is one where people count, who answered twice is one everywhere.
func TestDeskFollowsDecisions(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	b.data.Decisions = []pairing.Decision{{Pre: "p1", Post: "q1"}, {Pre: "p4", Post: "q5", Accepted: true}, {Pre: "gone", Post: "q3", Accepted: true}}
	desk := b.desk()
	if got, want := matchedUnder(desk), [4]int{1, 2, 3, 2}; got != want {
		t.Errorf("exact, near, reviewed, held: %v pairs, want %v", got, want)
	}
	if len(desk.Unapplied) != 1 || desk.Unapplied[0].Pre != "gone" {
		t.Errorf("not followed: %+v, want the one about who is gone", desk.Unapplied)
	}
	b.data.Decisions = []pairing.Decision{{Pre: "p3", Post: "p2", Accepted: true}, {Pre: "p1", Post: "p1again"}}
	desk, r := b.desk(), b.report(outcomes.Options{})
	if desk.Summary.Pre != 4 || desk.Summary.Repeats != 1 || len(r.Pairing.RepeatIDs) != 1 || r.Pairing.RepeatIDs[0] != "p2" || r.Responses[0].Repeats != 1 {
		t.Errorf("waves %+v summary %+v, report %+v, want p2 set aside and p1again counted", r.Responses, desk.Summary, r.Pairing)
	}
	if r.Pairing.Pre != desk.Summary.Pre || r.Pairing.Matched != desk.Summary.Matched {
		t.Error("desk and report differ")
	}
}

// TestDeskAlike lists whom a response may be joined to, those most alike first.
func TestDeskAlike(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	b.send("f2", questionnaire.WaveFollowUp, 31, "WXYZ", "a=5 b=5 c=5 d=5 e=1 events=1 stress=4")
	for id, want := range map[string][2]string{
		"p4":      {"f2 q5", "p1 p2 p3"}, // the repeat of p1 is nobody's partner
		"q5":      {"f2 p4", "q1 q2 q3"}, // the unlike are in the order of their ids
		"f2":      {"p2 p3 p4 q5", "f1"}, // p1 has a follow-up response
		"p1":      {"f2 q5", "p2 p3 p4"}, // who has a pair may still have answered twice
		"unknown": {"", ""},
	} {
		others, same, err := b.desk().Alike(t.Context(), b.dataset(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{idsOf(others), idsOf(same)}; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	others, _, err := b.desk().Alike(t.Context(), b.dataset(), "p2")
	if err != nil || len(others) == 0 || len(others[0].Differs) != 4 {
		t.Errorf("p2: %+v, %v; want everything to differ, as q2 has a pair", others, err)
	}
}

func idsOf(list []outcomes.Alike) string {
	var ids []string
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ")
}
