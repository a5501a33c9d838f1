package outcomes

import (
	"cmp"
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
	persons []person       // by their first entry
	repeat  []bool         // by entry: sent again, and not counted
	belongs []int          // by entry: the entry that says where its person belongs
	kinds   []pairing.Kind // by entry: how the pair of its person was found
	later   map[int]int    // by the entry that says where a person belongs: its follow-up; nil without a third wave
	met     *matched       // paired designs only
	summary *PairingSummary
}

// identify says which responses come from one person.
func identify(d *surveys.Dataset, data *gathered, opt Options) (*people, error) {
	who := newPeople(data)
	if opt.People != nil {
		who.impose(data, opt.People)
	}
	switch {
	case !d.Strand.Paired():
		who.countEach(d, data)
		return who, nil
	case opt.People != nil:
		who.pairImposed(data, opt.People)
		return who, nil
	}
	return who, who.match(d, data)
}

func newPeople(data *gathered) *people {
	who := &people{repeat: make([]bool, len(data.entries)), belongs: make([]int, len(data.entries)), kinds: make([]pairing.Kind, len(data.entries))}
	for i := range who.belongs {
		who.belongs[i] = i
	}
	return who
}

// countEach makes each response a person, in designs without pairs: at the wave
// after, and where nobody is linked at the wave before too.
func (who *people) countEach(d *surveys.Dataset, data *gathered) {
	for i := range data.entries {
		switch wave := data.entries[i].wave; {
		case who.repeat[i]:
		case wave == questionnaire.WavePost:
			who.persons = append(who.persons, person{nobody, i})
		case wave == questionnaire.WavePre && d.Strand.Design == surveys.DesignUnlinked:
			who.persons = append(who.persons, person{i, nobody})
		}
	}
}

// match pairs by linkage code.
func (who *people) match(d *surveys.Dataset, data *gathered) error {
	in := sittingsOf(d, data)
	met, err := in.match(d, PairsAsSet)
	if err != nil {
		return err
	}
	who.meet(met, in.index)
	return nil
}

// meet takes over who met whom.
func (who *people) meet(met *matched, index map[string]int) {
	for _, r := range slices.Concat(met.first.Repeats, met.later.Repeats) {
		who.repeat[index[r.ID]] = true
	}
	who.take(met, index)
	if met.threeWaves {
		who.summary.FollowUp = laterSummary(met.later)
	}
}

// sittings is what pairing compares: the responses of each wave with their codes.
type sittings struct {
	waves map[questionnaire.Wave][]pairing.Response
	index map[string]int // response → its entry
	wave  map[string]questionnaire.Wave
}

// sittingsOf takes the codes over from data, so that they are held no longer than
// pairing needs them.
func sittingsOf(d *surveys.Dataset, data *gathered) *sittings {
	elements := data.elements
	data.elements = nil
	in := &sittings{waves: map[questionnaire.Wave][]pairing.Response{}, index: make(map[string]int, len(data.entries)),
		wave: make(map[string]questionnaire.Wave, len(data.entries))}
	for i := range data.entries {
		e := &data.entries[i]
		in.index[string(e.id)], in.wave[string(e.id)] = i, e.wave
		in.waves[e.wave] = append(in.waves[e.wave], pairing.Response{
			ID: string(e.id), Elements: elements[e.id], Submitted: e.submitted, Digest: e.digest,
			Block: d.Block(data.cohorts[e.cohort]), Unit: string(data.cohorts[e.cohort]),
		})
	}
	return in
}

// matched is who met whom over the waves.
type matched struct {
	first      pairing.Result
	later      pairing.LaterResult // empty without follow-up responses
	threeWaves bool
}

// match pairs the sittings as pairs says.
func (in *sittings) match(d *surveys.Dataset, pairs Pairs) (*matched, error) {
	pre, post, later := in.waves[questionnaire.WavePre], in.waves[questionnaire.WavePost], in.waves[questionnaire.WaveFollowUp]
	policy := pairing.Policy{AcceptNear: pairs.acceptsNear(d.Strand)}
	early, late := in.decisions(d.Decisions, pairs)
	met := &matched{threeWaves: len(later) > 0 || d.Strand.Design == surveys.DesignPrePostFollowUp}
	var err error
	if met.first, err = pairing.Match(pre, post, policy, early); err != nil || len(later) == 0 {
		return met, err
	}
	met.later, err = pairing.MatchLater(pre, post, later, met.first, policy, late)
	return met, err
}

// decisions parts what people decided about the first two waves from what they
// decided about follow-up responses. Without their pairs, only what they refused
// and who answered twice is left.
func (in *sittings) decisions(all []pairing.Decision, pairs Pairs) (early, late []pairing.Decision) {
	for _, d := range all {
		if d.Accepted && pairs.withoutReview() && in.wave[d.Pre] != in.wave[d.Post] {
			continue
		}
		if in.wave[d.Post] == questionnaire.WaveFollowUp {
			late = append(late, d)
		} else {
			early = append(early, d)
		}
	}
	return early, late
}

// take makes persons and summary of what was matched.
func (who *people) take(met *matched, index map[string]int) {
	result := &met.first
	for _, p := range result.Pairs {
		who.persons = append(who.persons, person{index[p.Pre], index[p.Post]})
		who.kinds[index[p.Pre]], who.kinds[index[p.Post]] = p.Kind, p.Kind
	}
	for _, u := range result.PreOnly {
		who.persons = append(who.persons, person{index[u.ID], nobody})
	}
	for _, u := range result.PostOnly {
		who.persons = append(who.persons, person{nobody, index[u.ID]})
	}
	slices.SortFunc(who.persons, func(a, b person) int { return cmp.Compare(a.entry(), b.entry()) })
	who.met, who.summary = met, summaryOf(met.first)
	who.belong(met, index)
}

// belong says of each entry which one says where its person belongs: the response
// after a pair's goes with the one before, a follow-up response with its person,
// and what was sent again with what it repeats.
func (who *people) belong(met *matched, index map[string]int) {
	for _, one := range who.persons {
		if one.post != nobody {
			who.belongs[one.post] = one.entry()
		}
	}
	if met.threeWaves {
		who.later = map[int]int{}
	}
	for _, l := range met.later.Links {
		at := who.belongs[index[cmp.Or(l.Pre, l.Post)]]
		who.belongs[index[l.FollowUp]], who.later[at] = at, index[l.FollowUp]
	}
	for _, r := range slices.Concat(met.first.Repeats, met.later.Repeats) {
		who.belongs[index[r.ID]] = who.belongs[index[cmp.Or(r.Of, r.ID)]]
	}
}

// deciding lists the entries that say where a person belongs.
func (who *people) deciding() []int {
	var entries []int
	for i, at := range who.belongs {
		if at == i {
			entries = append(entries, i)
		}
	}
	return entries
}

// summaryOf counts what was matched.
func summaryOf(result pairing.Result) *PairingSummary {
	s := &PairingSummary{
		Matched: len(result.Pairs), PreOnly: len(result.PreOnly), PostOnly: len(result.PostOnly),
		Repeats: len(result.Repeats), ForReview: len(result.Candidates), Pairs: result.Pairs,
	}
	for _, p := range result.Pairs {
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
		s.Unmatched = append(s.Unmatched, UnmatchedResponse{surveys.ResponseID(u.ID), questionnaire.WavePre, u.Reason})
	}
	for _, u := range result.PostOnly {
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
	return s
}

// laterSummary counts what a third wave came to.
func laterSummary(later pairing.LaterResult) *FollowUpSummary {
	s := &FollowUpSummary{
		Responses: len(later.Links) + len(later.Only), Matched: len(later.Links), Only: len(later.Only),
		Repeats: len(later.Repeats), ForReview: len(later.Candidates), Links: later.Links, Unmatched: later.Only,
	}
	for _, l := range later.Links {
		if l.Pre != "" && l.Post != "" {
			s.AllThree++
		}
	}
	for _, r := range later.Repeats {
		s.RepeatIDs = append(s.RepeatIDs, surveys.ResponseID(r.ID))
	}
	return s
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
	firsts := map[sitting]string{} // what counts of a person at a wave
	for i := range data.entries {
		e := &data.entries[i]
		index[string(e.id)] = i
		if name, ok := known[e.id]; ok && !who.repeat[i] {
			firsts[sitting{name, e.wave}] = string(e.id)
		}
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
				result.Repeats = append(result.Repeats, pairing.Repeat{ID: string(e.id), Of: firsts[sitting{known[e.id], e.wave}]})
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
	who.take(&matched{first: result}, index)
}
