package outcomes

import (
	"cmp"
	"context"
	"slices"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// nobody is the index of a response that is not there.
const nobody = -1

// person is one respondent: the entries before and after, as indices. In designs
// without pairs there is only one, after.
type person struct {
	pre, post int
}

// entry is the response that says where the person belongs: the one before if
// there is one.
func (p person) entry() int {
	if p.pre != nobody {
		return p.pre
	}
	return p.post
}

// people is who answered.
type people struct {
	persons []person // by their first entry
	repeat  []bool   // by entry: sent again, and not counted
	summary *PairingSummary
}

// identify says which responses come from one person.
func identify(ctx context.Context, d *surveys.Dataset, data *gathered, opt Options) (*people, error) {
	who := &people{repeat: make([]bool, len(data.entries))}
	if opt.People != nil {
		who.impose(data, opt.People)
	}
	switch {
	case !d.Strand.Paired():
		who.countEach(data)
		return who, nil
	case opt.People != nil:
		who.pairImposed(data, opt.People)
		return who, nil
	}
	return who, who.match(ctx, d, data)
}

// countEach makes each response a person, in designs without pairs.
func (who *people) countEach(data *gathered) {
	for i := range data.entries {
		if data.entries[i].wave == questionnaire.WavePost && !who.repeat[i] {
			who.persons = append(who.persons, person{nobody, i})
		}
	}
}

// match pairs by linkage code.
func (who *people) match(ctx context.Context, d *surveys.Dataset, data *gathered) error {
	elements, err := d.Elements(ctx)
	if err != nil {
		return err
	}
	waves := map[questionnaire.Wave][]pairing.Response{}
	index := make(map[string]int, len(data.entries))
	for i := range data.entries {
		e := &data.entries[i]
		index[string(e.id)] = i
		waves[e.wave] = append(waves[e.wave], pairing.Response{
			ID: string(e.id), Elements: elements[e.id], Submitted: e.submitted, Digest: e.digest,
			Block: d.Block(data.cohorts[e.cohort]), Unit: string(data.cohorts[e.cohort]),
		})
	}
	policy := pairing.Policy{AcceptNear: !d.Strand.ReviewNear}
	result, err := pairing.Match(waves[questionnaire.WavePre], waves[questionnaire.WavePost], policy, d.Decisions)
	if err != nil {
		return err
	}
	later, err := pairing.Match(nil, waves[questionnaire.WaveFollowUp], pairing.Policy{}, nil)
	if err != nil {
		return err
	}
	for _, r := range slices.Concat(result.Repeats, later.Repeats) {
		who.repeat[index[r.ID]] = true
	}
	who.take(result, index)
	return nil
}

// take makes persons and summary of what was matched.
func (who *people) take(result pairing.Result, index map[string]int) {
	s := &PairingSummary{
		Matched: len(result.Pairs), PreOnly: len(result.PreOnly), PostOnly: len(result.PostOnly),
		Repeats: len(result.Repeats), ForReview: len(result.Candidates), Pairs: result.Pairs,
	}
	for _, p := range result.Pairs {
		who.persons = append(who.persons, person{index[p.Pre], index[p.Post]})
		switch p.Kind {
		case pairing.Exact:
			s.Exact++
		case pairing.Near:
			s.Near++
		case pairing.Reviewed:
			s.Reviewed++
		}
	}
	for _, u := range result.PreOnly {
		who.persons = append(who.persons, person{index[u.ID], nobody})
		s.Unmatched = append(s.Unmatched, UnmatchedResponse{surveys.ResponseID(u.ID), questionnaire.WavePre, u.Reason})
	}
	for _, u := range result.PostOnly {
		who.persons = append(who.persons, person{nobody, index[u.ID]})
		s.Unmatched = append(s.Unmatched, UnmatchedResponse{surveys.ResponseID(u.ID), questionnaire.WavePost, u.Reason})
	}
	for _, r := range result.Repeats {
		s.RepeatIDs = append(s.RepeatIDs, surveys.ResponseID(r.ID))
	}
	s.Pre, s.Post = s.Matched+s.PreOnly, s.Matched+s.PostOnly
	s.MatchRate = NotEstimable(NoAnswers)
	if s.Pre > 0 {
		s.MatchRate = Est(float64(s.Matched) / float64(s.Pre))
	}
	who.summary = s
	slices.SortFunc(who.persons, func(a, b person) int { return cmp.Compare(a.entry(), b.entry()) })
}

// sitting is one person at one wave.
type sitting struct {
	person string
	wave   questionnaire.Wave
}

// impose takes from outside who sent what: the first submission of a person at a
// wave counts, further ones are repeats. A response of nobody known counts.
func (who *people) impose(data *gathered, known map[surveys.ResponseID]string) {
	seen := map[sitting]bool{}
	for i := range data.entries {
		name, ok := known[data.entries[i].id]
		s := sitting{name, data.entries[i].wave}
		who.repeat[i] = ok && seen[s]
		seen[s] = seen[s] || ok
	}
}

// pairImposed makes pairs of the first submissions of the same person. They are
// reported as reviewed, since somebody knew.
func (who *people) pairImposed(data *gathered, known map[surveys.ResponseID]string) {
	var result pairing.Result
	index, before := map[string]int{}, map[string]string{}
	for i := range data.entries {
		e := &data.entries[i]
		index[string(e.id)] = i
		if name, ok := known[e.id]; ok && e.wave == questionnaire.WavePre && !who.repeat[i] {
			before[name] = string(e.id)
		}
	}
	paired := map[string]bool{}
	for i := range data.entries {
		e := &data.entries[i]
		switch pre, ok := before[known[e.id]]; {
		case who.repeat[i]:
			if e.wave != questionnaire.WaveFollowUp {
				result.Repeats = append(result.Repeats, pairing.Repeat{ID: string(e.id)})
			}
		case e.wave == questionnaire.WavePost && ok:
			result.Pairs = append(result.Pairs, pairing.Pair{Pre: pre, Post: string(e.id), Kind: pairing.Reviewed})
			paired[pre] = true
		case e.wave == questionnaire.WavePost:
			result.PostOnly = append(result.PostOnly, pairing.Unmatched{ID: string(e.id), Reason: pairing.ReasonUndecided})
		}
	}
	for i := range data.entries {
		if e := &data.entries[i]; e.wave == questionnaire.WavePre && !who.repeat[i] && !paired[string(e.id)] {
			result.PreOnly = append(result.PreOnly, pairing.Unmatched{ID: string(e.id), Reason: pairing.ReasonUndecided})
		}
	}
	slices.SortFunc(result.Pairs, func(a, b pairing.Pair) int { return cmp.Compare(a.Pre, b.Pre) })
	who.take(result, index)
}
