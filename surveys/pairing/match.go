package pairing

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The lengths of a linkage code, in elements. A self-made code has MinElements to
// MaxElements; a shorter one, in practice an issued code of one element, is paired
// on equality only, since one element off would leave little or nothing to agree on.
const (
	MinElements = 4
	MaxElements = 8
)

// MaxOffers is how many candidates of one response are offered for review. Somebody
// with more has too common a code for a person to decide by looking.
const MaxOffers = 8

// Response is all that pairing may know of a submitted response.
type Response struct {
	ID        string        // unique over both waves
	Block     string        // only responses of one block meet; "" is a block like others
	Unit      string        // part of the block that seldom changes; preferred, see the package comment
	Elements  []ElementHash // in the order of the programme's prompts, blanks included
	Submitted time.Time     // says which of a double send came first, and nothing else

	// Digest is equal for two responses with the same choices and numbers, such as
	// a keyed hash of them, without free texts and consent, which people leave out
	// when they send again. It is compared within a wave only, to know a double send.
	// "" is never equal: leave it so if fewer than about five items were answered,
	// where two respondents may well agree.
	Digest string
}

// Policy says what may be paired without a person deciding.
type Policy struct {
	AcceptNear    bool // false: pairs with an element off go to review
	DecisionsOnly bool // true: only accepted decisions make pairs, and nothing is offered
}

// Kind says how a pair was found.
type Kind string

// The kinds of pair.
const (
	Exact    Kind = "exact"    // all elements equal
	Near     Kind = "near"     // one element off, or two if what agrees is rare enough
	Reviewed Kind = "reviewed" // accepted by a person
)

// Pair is the pre and the post response of one respondent.
type Pair struct {
	Pre, Post string // response ids
	Kind      Kind
	Differs   []int // elements that differ or are blank, from 0; nil if none
}

// Reason says why a response has no pair.
type Reason string

// The reasons, of which the first that applies is given.
const (
	ReasonUndecided Reason = "undecided"    // no decision names it, and only decisions count
	ReasonNoCode    Reason = "no_code"      // no element given
	ReasonTooLong   Reason = "too_long"     // more than MaxElements elements
	ReasonShared    Reason = "shared_code"  // another response of its wave has the same code
	ReasonTie       Reason = "tie"          // it or its candidate has several candidates
	ReasonReview    Reason = "review"       // its only candidate waits for a person
	ReasonAlone     Reason = "no_candidate" // nobody in its block is like it
)

// Unmatched is a response without a pair.
type Unmatched struct {
	ID     string
	Reason Reason
}

// Repeat is a response that was sent again: the same block, wave, elements and
// Digest as Of, which was submitted first and is the one that counts.
//
// Time is no part of this rule. In the reference data double sends lie 4 minutes
// to 16 days apart, and two children of one class with one code 94 minutes: a
// window wide enough for the first takes one of two children for the other. A
// response sent again with other answers is therefore left to review, like theirs.
//
// One blank element, the same in both, does not prevent a repeat: here the answers
// stand surety, which they never do across waves.
//
// A person may say of any two responses of a wave that they are of one respondent,
// and which counts, or that they are not (see Decision).
type Repeat struct {
	ID, Of string
}

// Candidate is a possible pair that a person may accept: exact but several
// responses have this code, one element off, or two off if nobody else left in the
// block is as near to either. Each response brings in at most MaxOffers; with more,
// which ones is settled by ids: such a code is too common to review by looking.
type Candidate struct {
	Pre, Post string
	Differs   []int // elements that differ or are blank, from 0; nil if none
	Alone     bool  // each is the only candidate of the other
	SameUnit  bool  // both have the same Unit

	// Chance, above 0 to 1, is the probability that two unrelated responses of
	// this block agree on the elements these agree on: the product of their shares
	// in the block. Agreeing on rare values says more.
	// Source: the u-probability of Fellegi & Sunter (1969), A theory for record
	// linkage, JASA 64(328), with elements taken as independent.
	Chance float64
}

// Decision is what a person said about two responses: the same respondent, or not.
// Of two waves they make a pair or are none. Of one wave they are one respondent
// who answered twice, and Pre is the one that counts, or two respondents, whatever
// their answers say.
type Decision struct {
	Pre, Post string
	Accepted  bool
}

// Result is the outcome of Match. Every response given is in exactly one of Pairs,
// PreOnly, PostOnly and Repeats (as ID). Lists are sorted by their first id,
// Candidates by the number of elements that differ before that.
type Result struct {
	Pairs             []Pair
	PreOnly, PostOnly []Unmatched
	Repeats           []Repeat
	Candidates        []Candidate

	// Unapplied are decisions that could not be followed: an id is not among the
	// responses, two accepted ones share a response, or a pair is both accepted
	// and refused. None of those that contradict each other is followed.
	Unapplied []Decision
}

// Match pairs the responses of two waves by the rules of the package comment. The
// order of pre, post and decisions does not matter, and swapping the waves swaps
// the result. An accepted decision holds across blocks; one about a repeat is one
// about the response that counts.
//
// It returns an error if two responses have one id. For n responses of k elements
// it takes about n·k²/2 map look-ups, never n²: see the benchmarks.
func Match(pre, post []Response, policy Policy, decisions []Decision) (Result, error) {
	if err := checkIDs(pre, post); err != nil {
		return Result{}, err
	}
	var result Result
	between, withinPre, withinPost := sortDecisions(decisions, pre, post)
	var preRepeats, postRepeats []Repeat
	var preBroken, postBroken []Decision
	var beside sync.WaitGroup
	beside.Go(func() { pre, preRepeats, preBroken = setRepeatsAside(pre, withinPre) })
	post, postRepeats, postBroken = setRepeatsAside(post, withinPost)
	beside.Wait()
	result.Repeats = append(preRepeats, postRepeats...)

	ruling := rule(between, pre, post, result.Repeats)
	result.Unapplied = slices.Concat(preBroken, postBroken, ruling.unapplied)
	for _, b := range makeBlocks(pre, post, ruling) {
		b.match(policy, &result)
	}
	result.Pairs = append(result.Pairs, ruling.accepted...)
	result.sort()
	return result, nil
}

// checkIDs returns an error if a response id occurs twice.
func checkIDs(pre, post []Response) error {
	seen := make(map[string]bool, len(pre)+len(post))
	for _, wave := range [][]Response{pre, post} {
		for i := range wave {
			if seen[wave[i].ID] {
				return fmt.Errorf("pairing: response %q given twice", wave[i].ID)
			}
			seen[wave[i].ID] = true
		}
	}
	return nil
}

// sort brings every list into the order Result promises.
func (r *Result) sort() {
	byID := func(a, b Unmatched) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(r.Unapplied, compareDecisions)
	slices.SortFunc(r.PreOnly, byID)
	slices.SortFunc(r.PostOnly, byID)
	slices.SortFunc(r.Pairs, func(a, b Pair) int { return cmp.Compare(a.Pre, b.Pre) })
	slices.SortFunc(r.Repeats, func(a, b Repeat) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Candidates, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(len(a.Differs), len(b.Differs)),
			cmp.Compare(a.Pre, b.Pre),
			cmp.Compare(a.Post, b.Post),
		)
	})
}
