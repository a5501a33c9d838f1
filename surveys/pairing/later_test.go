package pairing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/pairing"
)

func TestMatchLater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		pre, post, follow string
		decisions         []pairing.Decision
		want              pairing.LaterResult
	}{
		{
			name: "a_pair", pre: "a ABCDE", post: "x ABCDF", follow: "f ABCDE",
			want: pairing.LaterResult{Links: []pairing.Later{{Pre: "a", Post: "x", FollowUp: "f", Kind: pairing.Exact}}},
		},
		{
			name: "by_the_code_given_last", pre: "a ABCDE; b PQRST", post: "x ABCZE", follow: "f ABYZE; g PQRST",
			want: pairing.LaterResult{Links: []pairing.Later{
				{Pre: "a", Post: "x", FollowUp: "f", Kind: pairing.Near, Differs: []int{2}},
				{Pre: "b", FollowUp: "g", Kind: pairing.Exact},
			}},
		},
		{
			name: "after_only", post: "x ABCDE", follow: "f ABCDE; g VWXYZ",
			want: pairing.LaterResult{
				Links: []pairing.Later{{Post: "x", FollowUp: "f", Kind: pairing.Exact}},
				Only:  unmatched{{"g", pairing.ReasonAlone}},
			},
		},
		{
			name: "decided_about_the_second", pre: "a ABCDE", post: "x ABCDE", follow: "f VWXYZ; g ABCDE",
			decisions: []pairing.Decision{{Pre: "x", Post: "f", Accepted: true}},
			want: pairing.LaterResult{
				Links: []pairing.Later{{Pre: "a", Post: "x", FollowUp: "f", Kind: pairing.Reviewed, Differs: []int{0, 1, 2, 3, 4}}},
				Only:  unmatched{{"g", pairing.ReasonAlone}},
			},
		},
		{
			name: "refused", pre: "a ABCDE", post: "x ABCDE", follow: "f ABCDE",
			decisions: []pairing.Decision{{Pre: "a", Post: "f"}},
			want:      pairing.LaterResult{Only: unmatched{{"f", pairing.ReasonAlone}}},
		},
		{
			name: "tie", pre: "a ABCDE; b ABCDE", follow: "f ABCDE",
			want: pairing.LaterResult{
				Only:       unmatched{{"f", pairing.ReasonTie}},
				Candidates: candidates{{Pre: "a", Post: "f", SameUnit: true}, {Pre: "b", Post: "f", SameUnit: true}},
			},
		},
		{
			name: "sent_twice", pre: "a ABCDE", follow: "f ABCDE digest=1; g ABCDE digest=1",
			want: pairing.LaterResult{
				Links:   []pairing.Later{{Pre: "a", FollowUp: "f", Kind: pairing.Exact}},
				Repeats: []pairing.Repeat{{ID: "g", Of: "f"}},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			pre, post, follow := wave(t, c.pre), wave(t, c.post), wave(t, c.follow)
			got, err := pairing.MatchLater(pre, post, follow, match(t, pre, post, near), near, c.decisions)
			if err != nil {
				t.Fatal(err)
			}
			withoutChance := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Chance" }, cmp.Ignore())
			if diff := cmp.Diff(c.want, got, withoutChance); diff != "" {
				t.Errorf("MatchLater() differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMatchLaterLosesNobody checks that each follow-up response is in one list and
// that no person has two.
func TestMatchLaterLosesNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		follow := drawWave(t, "f")
		got, err := pairing.MatchLater(p.pre, p.post, follow, p.match(t), p.policy, nil)
		if err != nil {
			t.Fatal(err)
		}
		times, people := map[string]int{}, map[string]bool{}
		for _, l := range got.Links {
			times[l.FollowUp]++
			for _, id := range []string{l.Pre, l.Post} {
				if id != "" && people[id] {
					t.Fatalf("%s has two follow-up responses", id)
				}
				people[id] = true
			}
		}
		for _, u := range got.Only {
			times[u.ID]++
		}
		for _, r := range got.Repeats {
			if r.ID[0] != 'f' {
				t.Fatalf("%s was set aside, a response before", r.ID)
			}
			times[r.ID]++
		}
		for _, r := range follow {
			if times[r.ID] != 1 {
				t.Fatalf("%s counted %d times", r.ID, times[r.ID])
			}
		}
	})
}
