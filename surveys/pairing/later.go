package pairing

import (
	"cmp"
	"slices"
)

// Later is a response of a third wave with those of the same respondent at the
// waves before; one of Pre and Post may be "", never both.
type Later struct {
	Pre, Post, FollowUp string
	Kind                Kind
	Differs             []int // elements that differ from the code that agreed best
}

// LaterResult is the outcome of MatchLater. Every follow-up response is in exactly
// one of Links, Only and Repeats. The Pre of a candidate is the response at the
// first wave of the person it may be, or that at the second if there is no other.
type LaterResult struct {
	Links      []Later
	Only       []Unmatched
	Repeats    []Repeat
	Candidates []Candidate
	Unapplied  []Decision
}

// MatchLater finds to the responses of a third wave the people that Match made of
// the first two, by the same rules: first by the code they gave first, then those
// left by the code they gave last. It compares with people, so that the three waves
// cannot contradict each other. Decisions are those about a follow-up response and
// one before it, and about two follow-up responses.
func MatchLater(pre, post, followUp []Response, earlier Result, policy Policy, decisions []Decision) (LaterResult, error) {
	people := peopleOf(pre, post, earlier)
	told := people.about(decisions)
	first, err := Match(people.first, followUp, policy, told)
	if err != nil {
		return LaterResult{}, err
	}
	out := LaterResult{Repeats: first.Repeats, Unapplied: first.Unapplied}
	people.take(&out, first.Pairs)

	left, later := people.left(first.PreOnly), leftOf(followUp, first.PostOnly)
	second, err := Match(left, later, policy, told)
	if err != nil {
		return LaterResult{}, err
	}
	people.take(&out, second.Pairs)
	out.Only = second.PostOnly
	out.Candidates = offersOf(first, second)
	slices.SortFunc(out.Links, func(a, b Later) int { return cmp.Compare(a.FollowUp, b.FollowUp) })
	return out, nil
}

// earlierPeople is everybody at the first two waves, each under the id of the first
// response.
type earlierPeople struct {
	first []Response          // with the code given first
	last  map[string]Response // id → with the code given last
	of    map[string]string   // response → the id it goes under
	links map[string]Later
}

func peopleOf(pre, post []Response, earlier Result) *earlierPeople {
	p := &earlierPeople{last: map[string]Response{}, of: map[string]string{}, links: map[string]Later{}}
	waves := [2]map[string]*Response{byID(pre), byID(post)}
	add := func(a, b string) {
		id := cmp.Or(a, b)
		r := waves[0][a]
		if r == nil {
			r = waves[1][b]
		}
		one := *r
		one.Digest = "" // who is one person is settled
		last := one
		p.first = append(p.first, one)
		if b != "" {
			last.Elements = waves[1][b].Elements
			p.of[b] = id
		}
		p.of[id], p.last[id], p.links[id] = id, last, Later{Pre: a, Post: b}
	}
	for _, pair := range earlier.Pairs {
		add(pair.Pre, pair.Post)
	}
	for _, u := range earlier.PreOnly {
		add(u.ID, "")
	}
	for _, u := range earlier.PostOnly {
		add("", u.ID)
	}
	for _, r := range earlier.Repeats {
		p.of[r.ID] = p.of[r.Of]
	}
	return p
}

// about puts decisions about a response on the person it is of.
func (p *earlierPeople) about(decisions []Decision) []Decision {
	var told []Decision
	for _, d := range decisions {
		d.Pre = cmp.Or(p.of[d.Pre], d.Pre)
		told = append(told, d)
	}
	return told
}

// take adds the pairs of a person and a follow-up response.
func (p *earlierPeople) take(out *LaterResult, pairs []Pair) {
	for _, pair := range pairs {
		link := p.links[pair.Pre]
		link.FollowUp, link.Kind, link.Differs = pair.Post, pair.Kind, pair.Differs
		out.Links = append(out.Links, link)
	}
}

// left returns the people without a follow-up response, with the code given last.
func (p *earlierPeople) left(unmatched []Unmatched) []Response {
	var left []Response
	for _, u := range unmatched {
		left = append(left, p.last[u.ID])
	}
	return left
}

func leftOf(wave []Response, unmatched []Unmatched) []Response {
	all := byID(wave)
	var left []Response
	for _, u := range unmatched {
		left = append(left, *all[u.ID])
	}
	return left
}

// offersOf are the candidates of both comparisons that are still open, the closer
// of two about the same.
func offersOf(first, second Result) []Candidate {
	open := map[string]bool{}
	for _, u := range slices.Concat(second.PreOnly, second.PostOnly) {
		open[u.ID] = true
	}
	seen := map[link]bool{}
	var offers []Candidate
	all := slices.Concat(second.Candidates, first.Candidates)
	slices.SortStableFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(len(a.Differs), len(b.Differs)), cmp.Compare(a.Pre, b.Pre), cmp.Compare(a.Post, b.Post))
	})
	for _, c := range all {
		l := link{c.Pre, c.Post}
		if open[c.Pre] && open[c.Post] && !seen[l] {
			seen[l] = true
			offers = append(offers, c)
		}
	}
	return offers
}
