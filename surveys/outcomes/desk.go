package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// Pairs says which pairs a report counts.
type Pairs string

const (
	PairsAsSet    Pairs = ""              // as the strand's policy and what people decided
	PairsExact    Pairs = "exact"         // equal codes, without those that only a person saw
	PairsNear     Pairs = "near"          // those and near codes, likewise
	PairsReviewed Pairs = "reviewed"      // near codes and what people decided
	PairsHeld     Pairs = "near_reviewed" // near codes only where a person accepted them
)

// acceptsNear reports whether near codes make pairs by themselves.
func (p Pairs) acceptsNear(strand surveys.Strand) bool {
	switch p {
	case PairsExact, PairsHeld:
		return false
	case PairsNear, PairsReviewed:
		return true
	}
	return !strand.ReviewNear
}

// withoutReview reports whether pairs that a person made are left out.
func (p Pairs) withoutReview() bool { return p == PairsExact || p == PairsNear }

// Desk is what a person needs to look over the pairs of a strand: who met whom, who
// may be whom, and what that does to the headline. It holds no code, no hash and
// no answer.
type Desk struct {
	Summary   *PairingSummary
	Result    pairing.Result      // pre and post
	Later     pairing.LaterResult // follow-up and the people before
	Unapplied []pairing.Decision  // decisions that could not be followed, of all waves
	Shared    [][]string          // responses of one wave and block with one complete code, by id; repeats set aside
	Responses map[string]Sitting  // by id
	Effects   []Effect            // exact, near, reviewed, near_reviewed
}

// Sitting is what may be seen of one response beside another.
type Sitting struct {
	Cohort    surveys.CohortID
	Wave      questionnaire.Wave
	Submitted time.Time
	Language  string
	Mode      surveys.Mode
	Block     string // only responses of one block are compared
	Elements  int    // of its code, blank ones too: 1 of a card or a personal link
}

// Effect is what the headline says if the pairs are these.
type Effect struct {
	Pairs   Pairs
	Matched int
	Figures []EffectFigure // of the headline measures; of the first if none is one
}

// EffectFigure is a headline in few words, to set beside the same with other pairs.
type EffectFigure struct {
	Label string // "Confidence"
	Text  string // "43% (140 of 328), mean 3.33 to 3.80"
	Full  string // the sentence of the outcomes page
}

// DeskOf matches the responses of a paired strand and works out its headline under
// each policy. It reads the responses once, as Build does, and suppresses as a
// screen does. Errors are those of the dataset, wrapped.
func DeskOf(ctx context.Context, d *surveys.Dataset) (*Desk, error) {
	desk, err := deskOf(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("pairing of strand %s: %w", d.Strand.ID, err)
	}
	return desk, nil
}

func deskOf(ctx context.Context, d *surveys.Dataset) (*Desk, error) {
	if _, _, frozen := d.Frozen(surveys.ProfileInternal); frozen {
		return nil, &surveys.Error{Kind: surveys.KindClosed, Key: "pairing.destroyed"}
	}
	data, err := gather(ctx, d, Options{})
	if err != nil {
		return nil, err
	}
	in := sittingsOf(d, data)
	policies := []Pairs{PairsExact, PairsNear, PairsReviewed, PairsHeld}
	all, err := in.matchEach(ctx, d, append(slices.Clone(policies), PairsAsSet))
	if err != nil {
		return nil, err
	}
	met := all[len(policies)]
	who := newPeople(data)
	who.meet(met, in.index)
	desk := &Desk{
		Summary: who.summary, Result: met.first, Later: met.later, Responses: make(map[string]Sitting, len(data.entries)),
		Unapplied: slices.Concat(met.first.Unapplied, met.later.Unapplied),
	}
	for i := range data.entries {
		e := &data.entries[i]
		c := data.cohorts[e.cohort]
		desk.Responses[string(e.id)] = Sitting{c, e.wave, e.submitted, e.language, e.mode, d.Block(c), 0}
	}
	for _, wave := range in.waves {
		for _, r := range wave {
			one := desk.Responses[r.ID]
			one.Elements = len(r.Elements)
			desk.Responses[r.ID] = one
		}
	}
	desk.Shared = in.shared(who.repeat)
	desk.Effects = make([]Effect, len(policies))
	return desk, atOnce(ctx, len(policies), func(i int) (err error) {
		desk.Effects[i], err = effectOf(d, data, in, policies[i], all[i])
		return err
	})
}

// matchEach matches under each policy, once for those that come to the same.
func (in *sittings) matchEach(ctx context.Context, d *surveys.Dataset, policies []Pairs) ([]*matched, error) {
	type rules struct{ near, reviewed bool }
	unreviewed := !slices.ContainsFunc(d.Decisions, func(x pairing.Decision) bool { return x.Accepted && in.wave[x.Pre] != in.wave[x.Post] })
	of := func(p Pairs) rules { return rules{p.acceptsNear(d.Strand), unreviewed || !p.withoutReview()} }
	var distinct []Pairs
	for _, p := range policies {
		if !slices.ContainsFunc(distinct, func(q Pairs) bool { return of(q) == of(p) }) {
			distinct = append(distinct, p)
		}
	}
	found := make([]*matched, len(distinct))
	err := atOnce(ctx, len(distinct), func(i int) (err error) {
		found[i], err = in.match(d, distinct[i])
		return err
	})
	all := make([]*matched, len(policies))
	for i, p := range policies {
		all[i] = found[slices.IndexFunc(distinct, func(q Pairs) bool { return of(q) == of(p) })]
	}
	return all, err
}

// effectOf works out the headline with these pairs.
func effectOf(d *surveys.Dataset, data *gathered, in *sittings, pairs Pairs, met *matched) (Effect, error) {
	who := newPeople(data)
	who.meet(met, in.index)
	r := heading(d, data, Options{Profile: surveys.ProfileInternal})
	r.Pairing = who.summary
	nowhere := newHierarchy(nil)
	for _, m := range headlineMeasures(d) {
		plan, err := planOf(d, data.answers, &m)
		if err != nil {
			return Effect{}, err
		}
		one := plan.result(d, data, who, nil, nil)
		suppressMeasure(r, &one, nowhere, newGuard(r.Smallest))
		r.Measures = append(r.Measures, one)
	}
	return Effect{Pairs: pairs, Matched: who.summary.Matched, Figures: effectFigures(r)}, nil
}

func effectFigures(r *Report) []EffectFigure {
	figures := make([]EffectFigure, len(r.Measures))
	for i, h := range Headlines(r, "en") {
		figures[i] = EffectFigure{Label: h.Label, Text: figureWords(&r.Measures[i], h), Full: h.Text}
	}
	return figures
}

// figureWords is a headline without its sentence; why there is none, if there is none.
func figureWords(m *MeasureResult, h Headline) string {
	switch {
	case h.Figure.Reason() != "":
		return "none: " + h.Note
	case m.Paired != nil:
		return fmt.Sprintf("%s (%s of %s), mean %s to %s", percentWords(h.Figure), count(h.Part), count(h.Base), decimal(m.Paired.Pre.Mean), decimal(m.Paired.Post.Mean))
	case m.Binary != nil:
		return fmt.Sprintf("%s before, %s after (of %s)", percentWords(m.Binary.PrePct), percentWords(m.Binary.PostPct), count(h.Base))
	}
	return fmt.Sprintf("%s %s (of %s)", decimal(h.Figure), h.Unit, count(h.Base))
}

// headlineMeasures are the measures that lead; the first if none is said to.
func headlineMeasures(d *surveys.Dataset) []questionnaire.Measure {
	all := d.Latest.Version().Definition.Measures
	var lead []questionnaire.Measure
	for _, m := range all {
		if m.Headline {
			lead = append(lead, m)
		}
	}
	if len(lead) == 0 && len(all) > 0 {
		lead = all[:1]
	}
	return lead
}

// shared groups the responses of one wave and block that have one code.
func (in *sittings) shared(repeat []bool) [][]string {
	type place struct{ wave, block, code string }
	groups := map[place][]string{}
	for wave, list := range in.waves {
		for i := range list {
			r := &list[i]
			if code, ok := completeCode(r.Elements); ok && !repeat[in.index[r.ID]] {
				at := place{string(wave), r.Block, code}
				groups[at] = append(groups[at], r.ID)
			}
		}
	}
	var found [][]string
	for _, ids := range groups {
		if len(ids) > 1 {
			slices.Sort(ids)
			found = append(found, ids)
		}
	}
	slices.SortFunc(found, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return found
}

// completeCode is a code as a key, and whether no element of it is blank.
func completeCode(elements []pairing.ElementHash) (string, bool) {
	var code []byte
	for _, e := range elements {
		if e.IsBlank() {
			return "", false
		}
		code = append(code, e[:]...)
	}
	return string(code), len(code) > 0
}

// Alike is a response that may be of the same respondent as another.
type Alike struct {
	ID      string
	Differs []int // elements that differ or are blank, from 0
	Near    int   // elements that agree
}

// Alike lists the responses of the same block that somebody may join by hand to the
// one with this id, those whose codes agree in most first: unmatched ones of other
// waves, and all of its own wave, as who answers twice may be matched already. It
// reads the codes, which a desk does not keep.
func (desk *Desk) Alike(ctx context.Context, d *surveys.Dataset, id string) (others, same []Alike, err error) {
	elements, err := d.Elements(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("comparing codes of strand %s: %w", d.Strand.ID, err)
	}
	one, ok := desk.Responses[id]
	if !ok {
		return nil, nil, nil
	}
	free, aside := desk.free(one.Wave), desk.repeats()
	for other, r := range desk.Responses {
		if other == id || r.Block != one.Block || aside[other] || r.Wave != one.Wave && !free[other] {
			continue
		}
		differs := pairing.Differing(elements[surveys.ResponseID(id)], elements[surveys.ResponseID(other)])
		a := Alike{other, differs, len(elements[surveys.ResponseID(id)]) - len(differs)}
		if r.Wave == one.Wave {
			same = append(same, a)
		} else {
			others = append(others, a)
		}
	}
	for _, list := range [][]Alike{others, same} {
		slices.SortFunc(list, func(a, b Alike) int { return cmp.Or(cmp.Compare(b.Near, a.Near), cmp.Compare(a.ID, b.ID)) })
	}
	return others, same, nil
}

// free are the responses of other waves that a response of this wave may be joined
// to: those without a pair, and for a follow-up response everybody without one.
func (desk *Desk) free(wave questionnaire.Wave) map[string]bool {
	free := map[string]bool{}
	for _, u := range slices.Concat(desk.Result.PreOnly, desk.Result.PostOnly, desk.Later.Only) {
		free[u.ID] = true
	}
	if wave != questionnaire.WaveFollowUp {
		return free
	}
	for _, p := range desk.Result.Pairs {
		free[p.Pre] = true
	}
	for _, l := range desk.Later.Links {
		delete(free, l.Pre)
		delete(free, l.Post)
	}
	return free
}

func (desk *Desk) repeats() map[string]bool {
	aside := map[string]bool{}
	for _, r := range slices.Concat(desk.Result.Repeats, desk.Later.Repeats) {
		aside[r.ID] = true
	}
	return aside
}
