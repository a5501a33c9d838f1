package pairing_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/pairing"
)

// drawWave draws responses from so few codes that ties, shared codes, blanks and
// double sends are the rule.
func drawWave(t *rapid.T, prefix string) []pairing.Response {
	n := rapid.IntRange(0, 12).Draw(t, prefix)
	responses := make([]pairing.Response, n)
	for i := range responses {
		size := rapid.SampledFrom([]int{5, 5, 5, 5, 4, 1, 0, 9}).Draw(t, "size")
		elements := make([]pairing.ElementHash, size)
		for k := range elements {
			elements[k][0] = rapid.SampledFrom([]byte{0, 1, 1, 1, 2, 2, 3}).Draw(t, "element")
		}
		responses[i] = pairing.Response{
			ID:        fmt.Sprintf("%s%02d", prefix, i),
			Block:     rapid.SampledFrom([]string{"", "", "other"}).Draw(t, "block"),
			Unit:      rapid.SampledFrom([]string{"", "", "unit"}).Draw(t, "unit"),
			Elements:  elements,
			Submitted: time.UnixMilli(rapid.Int64Range(0, 3).Draw(t, "submitted")),
			Digest:    rapid.SampledFrom([]string{"", "d", "e"}).Draw(t, "digest"),
		}
	}
	return responses
}

// problem is one call of Match.
type problem struct {
	pre, post []pairing.Response
	policy    pairing.Policy
	decisions []pairing.Decision
}

func drawProblem(t *rapid.T) problem {
	p := problem{pre: drawWave(t, "a"), post: drawWave(t, "x")}
	p.policy.AcceptNear = rapid.Bool().Draw(t, "accept near")
	p.policy.DecisionsOnly = rapid.IntRange(0, 9).Draw(t, "decisions only") == 9
	for range rapid.IntRange(0, 4).Draw(t, "decisions") {
		p.decisions = append(p.decisions, pairing.Decision{
			Pre:      fmt.Sprintf("a%02d", rapid.IntRange(0, 12).Draw(t, "decided pre")),
			Post:     fmt.Sprintf("x%02d", rapid.IntRange(0, 12).Draw(t, "decided post")),
			Accepted: rapid.Bool().Draw(t, "accepted"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "decisions within a wave") {
		wave := rapid.SampledFrom([]string{"a", "x"}).Draw(t, "wave")
		p.decisions = append(p.decisions, pairing.Decision{
			Pre:      fmt.Sprintf("%s%02d", wave, rapid.IntRange(0, 12).Draw(t, "counts")),
			Post:     fmt.Sprintf("%s%02d", wave, rapid.IntRange(0, 12).Draw(t, "repeat")),
			Accepted: rapid.Bool().Draw(t, "accepted"),
		})
	}
	return p
}

func (p problem) match(t *rapid.T) pairing.Result {
	r, err := pairing.Match(p.pre, p.post, p.policy, p.decisions)
	if err != nil {
		t.Fatalf("Match() error %v", err)
	}
	return r
}

func TestMatchIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		q := problem{
			pre:       rapid.Permutation(p.pre).Draw(t, "pre order"),
			post:      rapid.Permutation(p.post).Draw(t, "post order"),
			policy:    p.policy,
			decisions: rapid.Permutation(p.decisions).Draw(t, "decision order"),
		}
		if diff := cmp.Diff(p.match(t), q.match(t)); diff != "" {
			t.Fatalf("order matters:\n%s", diff)
		}
	})
}

func TestMatchLosesNobodyAndPairsNobodyTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		r := p.match(t)
		times := map[string]int{}
		for _, x := range r.Pairs {
			times[x.Pre]++
			times[x.Post]++
		}
		for _, x := range slices.Concat(r.PreOnly, r.PostOnly) {
			times[x.ID]++
			if x.Reason == "" {
				t.Fatalf("%s is unmatched without a reason", x.ID)
			}
		}
		for _, x := range r.Repeats {
			times[x.ID]++
		}
		want := map[string]int{}
		for _, x := range slices.Concat(p.pre, p.post) {
			want[x.ID] = 1
		}
		if !maps.Equal(times, want) {
			t.Fatalf("responses counted %v, want each once", times)
		}
	})
}

// swapped exchanges the waves of a result.
func swapped(r pairing.Result) pairing.Result {
	s := pairing.Result{PreOnly: r.PostOnly, PostOnly: r.PreOnly, Repeats: r.Repeats}
	for _, p := range r.Pairs {
		p.Pre, p.Post = p.Post, p.Pre
		s.Pairs = append(s.Pairs, p)
	}
	for _, c := range r.Candidates {
		c.Pre, c.Post = c.Post, c.Pre
		s.Candidates = append(s.Candidates, c)
	}
	s.Unapplied = swappedDecisions(r.Unapplied)
	return s
}

func swappedDecisions(decisions []pairing.Decision) []pairing.Decision {
	var s []pairing.Decision
	for _, d := range decisions {
		if d.Pre != "" && d.Post != "" && d.Pre[0] != d.Post[0] { // of two waves
			d.Pre, d.Post = d.Post, d.Pre
		}
		s = append(s, d)
	}
	return s
}

func TestMatchIsSymmetric(t *testing.T) {
	t.Parallel()
	asSet := cmp.Transformer("set", func(r pairing.Result) map[string]int {
		set := map[string]int{}
		for _, list := range []any{r.Pairs, r.Candidates, r.Repeats, r.Unapplied, r.PreOnly, r.PostOnly} {
			for _, s := range stringsOf(list) {
				set[s]++
			}
		}
		return set
	})
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		q := problem{p.post, p.pre, p.policy, swappedDecisions(p.decisions)}
		if diff := cmp.Diff(swapped(p.match(t)), q.match(t), asSet); diff != "" {
			t.Fatalf("swapping the waves matters:\n%s", diff)
		}
	})
}

// stringsOf returns the elements of one list of a result as text.
func stringsOf(list any) []string {
	switch l := list.(type) {
	case []pairing.Pair:
		return texts(l)
	case []pairing.Candidate:
		return texts(l)
	case []pairing.Repeat:
		return texts(l)
	case []pairing.Decision:
		return texts(l)
	case []pairing.Unmatched:
		return texts(l)
	}
	panic(fmt.Sprintf("no list of a result: %T", list))
}

func texts[T any](list []T) []string {
	var s []string
	for _, x := range list {
		s = append(s, fmt.Sprintf("%T%+v", x, x))
	}
	return s
}

// TestADecisionTakenBackLeavesNothing decides about two responses and takes it back.
func TestADecisionTakenBackLeavesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		before := p.match(t)
		q := drawProblem(t)
		with := problem{p.pre, p.post, p.policy, append(slices.Clone(p.decisions), q.decisions...)}
		with.match(t)
		if diff := cmp.Diff(before, p.match(t)); diff != "" {
			t.Fatalf("matching again differs:\n%s", diff)
		}
	})
}

// TestSplitAndMergeAreInverse takes one pair apart, which makes it no pair, and
// makes it by hand, which makes it one and leaves all other people who were not
// like the two as they were.
func TestSplitAndMergeAreInverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		p.decisions = nil
		r := p.match(t)
		if len(r.Pairs) == 0 {
			return
		}
		pair := rapid.SampledFrom(r.Pairs).Draw(t, "pair")
		p.decisions = []pairing.Decision{{Pre: pair.Pre, Post: pair.Post}}
		for _, x := range p.match(t).Pairs {
			if x.Pre == pair.Pre && x.Post == pair.Post {
				t.Fatalf("%+v is still a pair after it was taken apart", x)
			}
		}
		p.decisions[0].Accepted = true
		merged := p.match(t)
		i := slices.IndexFunc(merged.Pairs, func(x pairing.Pair) bool { return x.Pre == pair.Pre && x.Post == pair.Post })
		if i < 0 || merged.Pairs[i].Kind != pairing.Reviewed || len(merged.Pairs) < len(r.Pairs) && pair.Kind == pairing.Exact {
			t.Fatalf("made by hand: %+v, want what it was: %+v", merged.Pairs, r.Pairs)
		}
	})
}

// The same rules by comparing everybody with everybody, as they would be written
// without a thought for time.
func TestMatchFollowsItsRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := problem{pre: drawWave(t, "a"), post: drawWave(t, "x"), policy: pairing.Policy{AcceptNear: true}}
		r := p.match(t)
		for _, x := range r.Repeats {
			gone := func(r pairing.Response) bool { return r.ID == x.ID }
			p.pre, p.post = slices.DeleteFunc(p.pre, gone), slices.DeleteFunc(p.post, gone)
		}
		got := map[string]string{}
		for _, x := range r.Pairs {
			got[x.Pre] = x.Post + " " + string(x.Kind)
		}
		if diff := cmp.Diff(p.plainly(), got); diff != "" {
			t.Fatalf("Match() differs from its rules (-rules +got):\n%s", diff)
		}
	})
}

// plainly returns pre id → "post id kind" by the rules of the package comment.
func (p problem) plainly() map[string]string {
	pairs := map[string]string{}
	done := map[string]bool{}
	stages := []struct {
		off     int
		inUnits bool
		kind    pairing.Kind
	}{{0, true, pairing.Exact}, {0, false, pairing.Exact}, {1, true, pairing.Near}}
	for _, s := range stages {
		fits := func(a, b pairing.Response) bool {
			return alike(a, b) && !done[a.ID] && !done[b.ID] && (a.Unit == b.Unit || !s.inUnits) &&
				(s.off == 0 || len(a.Elements) >= 4) && distance(a, b) <= s.off
		}
		found := map[string]string{}
		for _, a := range p.pre {
			for _, b := range p.post {
				if fits(a, b) && countIf(p.post, a, fits) == 1 && countIf(p.pre, b, fits) == 1 {
					found[a.ID] = b.ID
				}
			}
		}
		for a, b := range found {
			pairs[a] = b + " " + string(s.kind)
			done[a], done[b] = true, true
		}
	}
	for p.weigh(pairs, done) {
	}
	return pairs
}

// weigh pairs those left who are likeliest by far, once over; see pairWeighed.
func (p problem) weigh(pairs map[string]string, done map[string]bool) bool {
	type two struct{ a, b int }
	odds, all := map[two]float64{}, map[string]float64{}
	for i, a := range p.pre {
		for j, b := range p.post {
			if alike(a, b) && !done[a.ID] && !done[b.ID] && len(a.Elements) >= 4 && distance(a, b) <= 2 {
				o := p.odds(a, b)
				odds[two{i, j}] = o
				all[a.ID] += o
				all[b.ID] += o
			}
		}
	}
	made := map[two]bool{}
	for t, o := range odds {
		a, b := p.pre[t.a], p.post[t.b]
		if o >= 20 && o/(all[a.ID]+all[b.ID]-o+0.3*p.mostLeft(a, done)) >= 0.65 {
			made[t] = true
		}
	}
	for t := range made {
		pairs[p.pre[t.a].ID] = p.post[t.b].ID + " " + string(pairing.Near)
		done[p.pre[t.a].ID], done[p.post[t.b].ID] = true, true
	}
	return len(made) > 0
}

// alike reports whether two responses may meet at all.
func alike(a, b pairing.Response) bool {
	return a.Block == b.Block && len(a.Elements) == len(b.Elements) && len(a.Elements) > 0 && len(a.Elements) <= 8
}

// mostLeft is how many are left of the wave in a's block that has more left.
func (p problem) mostLeft(a pairing.Response, done map[string]bool) float64 {
	left := func(b, _ pairing.Response) bool { return alike(a, b) && !done[b.ID] }
	return float64(max(countIf(p.pre, a, left), countIf(p.post, a, left)))
}

// odds is how much likelier a and b are of one respondent than of two.
func (p problem) odds(a, b pairing.Response) float64 {
	var block []pairing.Response
	for _, r := range slices.Concat(p.pre, p.post) {
		if alike(a, r) {
			block = append(block, r)
		}
	}
	odds := 1.0
	for k := range a.Elements {
		if a.Elements[k].IsBlank() || b.Elements[k].IsBlank() {
			continue
		}
		odds *= ratio(block, a, b, 0.93, func(r pairing.Response) any {
			if r.Elements[k].IsBlank() {
				return nil
			}
			return r.Elements[k]
		})
	}
	units := map[string]bool{}
	for _, r := range block {
		units[r.Unit] = true
	}
	if len(units) > 1 {
		odds *= ratio(block, a, b, 0.96, func(r pairing.Response) any { return r.Unit })
	}
	return odds
}

// ratio is m/u if a and b have the same, and (1-m)/(1-u) if not.
func ratio(block []pairing.Response, a, b pairing.Response, m float64, of func(pairing.Response) any) float64 {
	share := map[any]float64{}
	for _, r := range block {
		if v := of(r); v != nil {
			share[v] += 1 / float64(len(block))
		}
	}
	if of(a) == of(b) {
		return m / share[of(a)]
	}
	same := 0.0
	for _, s := range share {
		same += s * s
	}
	return (1 - m) / max(1-same, 1-m)
}

func countIf(all []pairing.Response, a pairing.Response, alike func(a, b pairing.Response) bool) int {
	n := 0
	for _, b := range all {
		if alike(a, b) {
			n++
		}
	}
	return n
}

func distance(a, b pairing.Response) int {
	d := 0
	for i, e := range a.Elements {
		if e != b.Elements[i] || e.IsBlank() {
			d++
		}
	}
	return d
}

// A candidate is never somebody who has a pair, and never a pair that was refused.
func TestMatchOffersOnlyThoseLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		r := p.match(t)
		left := map[string]bool{}
		for _, x := range slices.Concat(r.PreOnly, r.PostOnly) {
			left[x.ID] = true
		}
		seen := map[[2]string]bool{}
		for _, c := range r.Candidates {
			pair := [2]string{c.Pre, c.Post}
			refused := slices.Contains(p.decisions, pairing.Decision{Pre: c.Pre, Post: c.Post}) &&
				!slices.Contains(p.decisions, pairing.Decision{Pre: c.Pre, Post: c.Post, Accepted: true})
			if !left[c.Pre] || !left[c.Post] || refused || seen[pair] || len(c.Differs) > 2 || c.Chance <= 0 || c.Chance > 1 {
				t.Fatalf("candidate %+v", c)
			}
			seen[pair] = true
		}
	})
}
