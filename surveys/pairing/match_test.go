package pairing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/pairing"
)

// at makes a response "id code", its code written one character per element with -
// for blank, optionally followed by "digest=", "block=", "unit=" and "minute=".
func at(t testing.TB, text string) pairing.Response {
	t.Helper()
	fields := strings.Fields(text)
	r := pairing.Response{ID: fields[0]}
	if len(fields) > 1 && !strings.Contains(fields[1], "=") {
		for _, c := range []byte(fields[1]) {
			h := pairing.ElementHash{c}
			if c == '-' {
				h = pairing.ElementHash{}
			}
			r.Elements = append(r.Elements, h)
		}
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		switch name {
		case "digest":
			r.Digest = value
		case "block":
			r.Block = value
		case "unit":
			r.Unit = value
		case "minute":
			d, err := time.ParseDuration(value + "m")
			if err != nil {
				t.Fatal(err)
			}
			r.Submitted = time.UnixMilli(0).UTC().Add(d)
		}
	}
	return r
}

// wave reads responses written one a line.
func wave(t testing.TB, lines string) []pairing.Response {
	t.Helper()
	var responses []pairing.Response
	for line := range strings.SplitSeq(lines, ";") {
		if strings.TrimSpace(line) != "" {
			responses = append(responses, at(t, line))
		}
	}
	return responses
}

type (
	pairs      = []pairing.Pair
	unmatched  = []pairing.Unmatched
	candidates = []pairing.Candidate
)

var near = pairing.Policy{AcceptNear: true}

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		pre, post string
		policy    pairing.Policy
		decisions []pairing.Decision
		want      pairing.Result // Chance is not compared
	}{
		{name: "nothing"},
		{
			name: "exact", pre: "a ABCDE", post: "x ABCDE",
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Exact, nil}}},
		},
		{
			name: "one_off", pre: "a ABCDE", post: "x ABZDE", policy: near,
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Near, []int{2}}}},
		},
		{
			name: "one_off_to_review", pre: "a ABCDE", post: "x ABZDE",
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonReview}}, PostOnly: unmatched{{"x", pairing.ReasonReview}},
				Candidates: candidates{{Pre: "a", Post: "x", Differs: []int{2}, Alone: true, SameUnit: true}},
			},
		},
		{
			name: "one_blank", pre: "a AB-DE", post: "x ABCDE", policy: near,
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Near, []int{2}}}},
		},
		{
			name: "same_blank_is_one_off", pre: "a AB-DE", post: "x AB-DE", policy: near,
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Near, []int{2}}}},
		},
		{
			name: "two_blanks_are_two_off", pre: "a AB-DE", post: "x A-CDE", policy: near,
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonReview}}, PostOnly: unmatched{{"x", pairing.ReasonReview}},
				Candidates: candidates{{Pre: "a", Post: "x", Differs: []int{1, 2}, Alone: true, SameUnit: true}},
			},
		},
		{
			name: "exact_before_near", pre: "a ABCDE; b ABCDF", post: "x ABCDE; y ABCZF", policy: near,
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Exact, nil}, {"b", "y", pairing.Near, []int{3}}}},
		},
		{
			name: "tie_is_not_guessed", pre: "a ABCDE", post: "x ABCDF; y ABCZE", policy: near,
			want: pairing.Result{
				PreOnly:  unmatched{{"a", pairing.ReasonTie}},
				PostOnly: unmatched{{"x", pairing.ReasonTie}, {"y", pairing.ReasonTie}},
				Candidates: candidates{
					{Pre: "a", Post: "x", Differs: []int{4}, SameUnit: true},
					{Pre: "a", Post: "y", Differs: []int{3}, SameUnit: true},
				},
			},
		},
		{
			name: "two_children_with_one_code", pre: "a ABCDE; b ABCDE", post: "x ABCDE", policy: near,
			want: pairing.Result{
				PreOnly:  unmatched{{"a", pairing.ReasonShared}, {"b", pairing.ReasonShared}},
				PostOnly: unmatched{{"x", pairing.ReasonTie}},
				Candidates: candidates{
					{Pre: "a", Post: "x", SameUnit: true}, {Pre: "b", Post: "x", SameUnit: true},
				},
			},
		},
		{
			name: "other_block", pre: "a ABCDE block=1", post: "x ABCDE block=2", policy: near,
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonAlone}}, PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "exact_across_units", pre: "a ABCDE unit=1", post: "x ABCDE unit=2", policy: near,
			want: pairing.Result{Pairs: pairs{{"a", "x", pairing.Exact, nil}}},
		},
		{
			name: "exact_in_another_unit_before_near_in_this",
			pre:  "a ABCDE unit=1", post: "x ABCDE unit=2; y ABCDF unit=1", policy: near,
			want: pairing.Result{
				Pairs:    pairs{{"a", "x", pairing.Exact, nil}},
				PostOnly: unmatched{{"y", pairing.ReasonAlone}},
			},
		},
		{
			name: "near_across_units_is_offered", pre: "a ABCDE unit=1", post: "x ABCDF unit=2", policy: near,
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonReview}}, PostOnly: unmatched{{"x", pairing.ReasonReview}},
				Candidates: candidates{{Pre: "a", Post: "x", Differs: []int{4}, Alone: true}},
			},
		},
		{
			name: "one_code_in_two_units", pre: "a ABCDE unit=1; b ABCDE unit=2", post: "x ABCDE unit=2; y ABCDE unit=1",
			want: pairing.Result{Pairs: pairs{{"a", "y", pairing.Exact, nil}, {"b", "x", pairing.Exact, nil}}},
		},
		{
			name: "other_length", pre: "a ABCDE", post: "x ABCDEF", policy: near,
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonAlone}}, PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "issued_codes_exact_only", pre: "a K; b M", post: "x M; y N", policy: near,
			want: pairing.Result{
				Pairs:   pairs{{"b", "x", pairing.Exact, nil}},
				PreOnly: unmatched{{"a", pairing.ReasonAlone}}, PostOnly: unmatched{{"y", pairing.ReasonAlone}},
			},
		},
		{
			name: "one_card_used_twice", pre: "a K", post: "x K; y K", policy: near,
			want: pairing.Result{
				PreOnly:  unmatched{{"a", pairing.ReasonTie}},
				PostOnly: unmatched{{"x", pairing.ReasonShared}, {"y", pairing.ReasonShared}},
				Candidates: candidates{
					{Pre: "a", Post: "x", SameUnit: true}, {Pre: "a", Post: "y", SameUnit: true},
				},
			},
		},
		{
			name: "no_code", pre: "a; b -----", post: "x; y -----", policy: near,
			want: pairing.Result{
				PreOnly:  unmatched{{"a", pairing.ReasonNoCode}, {"b", pairing.ReasonNoCode}},
				PostOnly: unmatched{{"x", pairing.ReasonNoCode}, {"y", pairing.ReasonNoCode}},
			},
		},
		{
			name: "code_too_long", pre: "a ABCDEFGHI", post: "x ABCDEFGHI", policy: near,
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonTooLong}}, PostOnly: unmatched{{"x", pairing.ReasonTooLong}},
			},
		},
		{
			name: "double_send", pre: "b ABCDE digest=1 minute=9; a ABCDE digest=1 minute=20", post: "x ABCDE",
			want: pairing.Result{
				Pairs: pairs{{"b", "x", pairing.Exact, nil}}, Repeats: []pairing.Repeat{{ID: "a", Of: "b"}},
			},
		},
		{
			name: "double_send_with_a_blank", pre: "a AB-DE digest=1; b AB-DE digest=1", post: "x ABCDE", policy: near,
			want: pairing.Result{
				Pairs: pairs{{"a", "x", pairing.Near, []int{2}}}, Repeats: []pairing.Repeat{{ID: "b", Of: "a"}},
			},
		},
		{
			name: "two_blanks_are_too_little_for_a_double_send", pre: "a A--DE digest=1; b A--DE digest=1",
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonAlone}, {"b", pairing.ReasonAlone}},
			},
		},
		{
			name: "other_answers_are_no_double_send", pre: "a ABCDE digest=1; b ABCDE digest=2",
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonShared}, {"b", pairing.ReasonShared}},
			},
		},
		{
			name: "decision_overrules_and_crosses_blocks", pre: "a ABCDE block=1", post: "x ABCDE block=1; y VWXYZ block=2",
			decisions: []pairing.Decision{{Pre: "a", Post: "y", Accepted: true}},
			want: pairing.Result{
				Pairs:    pairs{{"a", "y", pairing.Reviewed, []int{0, 1, 2, 3, 4}}},
				PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "refused_pair_is_not_made", pre: "a ABCDE", post: "x ABCDE",
			decisions: []pairing.Decision{{Pre: "a", Post: "x"}},
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonAlone}}, PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "refusal_leaves_one_candidate", pre: "a ABCDE", post: "x ABCDF; y ABCZE", policy: near,
			decisions: []pairing.Decision{{Pre: "a", Post: "x"}},
			want: pairing.Result{
				Pairs: pairs{{"a", "y", pairing.Near, []int{3}}}, PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "decision_about_a_repeat", pre: "a ABCDE digest=1; b ABCDE digest=1", post: "x VWXYZ",
			decisions: []pairing.Decision{{Pre: "b", Post: "x", Accepted: true}, {Pre: "a", Post: "x", Accepted: true}},
			want: pairing.Result{
				Pairs:   pairs{{"a", "x", pairing.Reviewed, []int{0, 1, 2, 3, 4}}},
				Repeats: []pairing.Repeat{{ID: "b", Of: "a"}},
			},
		},
		{
			name: "decisions_that_contradict", pre: "a ABCDE; b FGHIJ", post: "x KLMNO; y PQRST",
			decisions: []pairing.Decision{
				{Pre: "a", Post: "y", Accepted: true}, {Pre: "a", Post: "x", Accepted: true},
				{Pre: "b", Post: "y", Accepted: true}, {Pre: "b", Post: "y"}, {Pre: "gone", Post: "x", Accepted: true},
			},
			want: pairing.Result{
				PreOnly:  unmatched{{"a", pairing.ReasonAlone}, {"b", pairing.ReasonAlone}},
				PostOnly: unmatched{{"x", pairing.ReasonAlone}, {"y", pairing.ReasonAlone}},
				Unapplied: []pairing.Decision{
					{Pre: "a", Post: "x", Accepted: true}, {Pre: "a", Post: "y", Accepted: true},
					{Pre: "b", Post: "y"}, {Pre: "b", Post: "y", Accepted: true}, {Pre: "gone", Post: "x", Accepted: true},
				},
			},
		},
		{
			name: "same_person_twice", pre: "a ABCDE minute=1; b VWXYZ minute=2", post: "x ABCDE",
			decisions: []pairing.Decision{{Pre: "b", Post: "a", Accepted: true}},
			want: pairing.Result{
				PreOnly: unmatched{{"b", pairing.ReasonAlone}}, PostOnly: unmatched{{"x", pairing.ReasonAlone}},
				Repeats: []pairing.Repeat{{ID: "a", Of: "b"}},
			},
		},
		{
			name: "three_times", pre: "a ABCDE minute=1; b VWXYZ minute=2; c ABCDF minute=3", post: "x ABCDE",
			decisions: []pairing.Decision{{Pre: "a", Post: "b", Accepted: true}, {Pre: "b", Post: "c", Accepted: true}},
			want: pairing.Result{
				Pairs: pairs{{"a", "x", pairing.Exact, nil}}, Repeats: []pairing.Repeat{{ID: "b", Of: "a"}, {ID: "c", Of: "a"}},
			},
		},
		{
			name: "no_double_send", post: "x ABCDE", pre: "a ABCDE digest=1; b ABCDE digest=1; c ABCDE digest=1",
			decisions: []pairing.Decision{{Pre: "a", Post: "b"}},
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonShared}, {"b", pairing.ReasonShared}}, PostOnly: unmatched{{"x", pairing.ReasonTie}},
				Repeats: []pairing.Repeat{{ID: "c", Of: "a"}},
				Candidates: candidates{
					{Pre: "a", Post: "x", SameUnit: true}, {Pre: "b", Post: "x", SameUnit: true},
				},
			},
		},
		{
			name: "twice_and_not_twice", pre: "a ABCDE; b VWXYZ; c FGHIJ",
			decisions: []pairing.Decision{
				{Pre: "a", Post: "b", Accepted: true}, {Pre: "b", Post: "a"}, {Pre: "a", Post: "a", Accepted: true},
			},
			want: pairing.Result{
				PreOnly: unmatched{{"a", pairing.ReasonAlone}, {"b", pairing.ReasonAlone}, {"c", pairing.ReasonAlone}},
				Unapplied: []pairing.Decision{
					{Pre: "a", Post: "a", Accepted: true}, {Pre: "a", Post: "b", Accepted: true}, {Pre: "b", Post: "a"},
				},
			},
		},
		{
			name: "pair_of_who_answered_twice", pre: "a ABCDE; b VWXYZ", post: "x FGHIJ",
			decisions: []pairing.Decision{{Pre: "a", Post: "b", Accepted: true}, {Pre: "b", Post: "x", Accepted: true}},
			want: pairing.Result{
				Pairs: pairs{{"a", "x", pairing.Reviewed, []int{0, 1, 2, 3, 4}}}, Repeats: []pairing.Repeat{{ID: "b", Of: "a"}},
			},
		},
		{
			name: "weighed_two_off", policy: near,
			pre: "a QRSTUVWX; b BCDEFGHI; c CDEFGHIJ; d DEFGHIJK; e EFGHIJKL", post: "x QRSTUVZZ; y BCDEFGHI; z CDEFGHIJ; u DEFGHIJK; v EFGHIJKL",
			want: pairing.Result{Pairs: pairs{
				{"a", "x", pairing.Near, []int{6, 7}}, {"b", "y", pairing.Exact, nil}, {"c", "z", pairing.Exact, nil},
				{"d", "u", pairing.Exact, nil}, {"e", "v", pairing.Exact, nil},
			}},
		},
		{
			name: "weighed_twins_are_not_guessed", policy: near,
			pre: "a QRSTUVWX; t QRSTUVWX; b BCDEFGHI; c CDEFGHIJ; d DEFGHIJK; e EFGHIJKL", post: "x QRSTUVZZ; y BCDEFGHI; z CDEFGHIJ; u DEFGHIJK; v EFGHIJKL",
			want: pairing.Result{
				Pairs: pairs{
					{"b", "y", pairing.Exact, nil}, {"c", "z", pairing.Exact, nil},
					{"d", "u", pairing.Exact, nil}, {"e", "v", pairing.Exact, nil},
				},
				PreOnly:  unmatched{{"a", pairing.ReasonShared}, {"t", pairing.ReasonShared}},
				PostOnly: unmatched{{"x", pairing.ReasonAlone}},
			},
		},
		{
			name: "decisions_only", pre: "a ABCDE; b FGHIJ", post: "x ABCDE; y ZGHIJ",
			policy:    pairing.Policy{AcceptNear: true, DecisionsOnly: true},
			decisions: []pairing.Decision{{Pre: "b", Post: "y", Accepted: true}},
			want: pairing.Result{
				Pairs:   pairs{{"b", "y", pairing.Reviewed, []int{0}}},
				PreOnly: unmatched{{"a", pairing.ReasonUndecided}}, PostOnly: unmatched{{"x", pairing.ReasonUndecided}},
			},
		},
	}
	withoutChance := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Chance" }, cmp.Ignore())
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := match(t, wave(t, c.pre), wave(t, c.post), c.policy, c.decisions...)
			if diff := cmp.Diff(c.want, got, withoutChance); diff != "" {
				t.Errorf("Match() differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMatchRefusesAnIDGivenTwice(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"a ABCDE; a FGHIJ", ""}, {"a ABCDE", "a ABCDE"}} {
		if _, err := pairing.Match(wave(t, c[0]), wave(t, c[1]), near, nil); err == nil {
			t.Errorf("Match(%q, %q) gave no error", c[0], c[1])
		}
	}
}

// Of four responses all have A, two have B, C and so on: 1/1 · 2/4 · 2/4 · 2/4 for
// the elements that agree.
func TestCandidateChanceIsTheProductOfShares(t *testing.T) {
	t.Parallel()
	r := match(t, wave(t, "a ABCDE; b APQRS"), wave(t, "x ABCDZ; y AKLMN"), pairing.Policy{})
	if len(r.Candidates) != 1 || r.Candidates[0].Chance != 0.125 {
		t.Errorf("candidates %+v, want one with chance 0.125", r.Candidates)
	}
}

// Thirty children with one common code offer a reviewer no 900 pairs.
func TestMatchLimitsOffers(t *testing.T) {
	t.Parallel()
	var pre, post []pairing.Response
	for i := range 30 {
		id := string(rune('A' + i))
		pre = append(pre, at(t, "pre"+id+" ABCDE"))
		post = append(post, at(t, "post"+id+" ABCDE"))
	}
	r := match(t, pre, post, near)
	if n := len(r.Candidates); n == 0 || n > 60*pairing.MaxOffers {
		t.Errorf("%d candidates for 60 responses, want 1 to %d", n, 60*pairing.MaxOffers)
	}
}
