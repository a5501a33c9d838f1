package outcomes

import (
	"context"
	"fmt"
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
}

// Effect is what the headline says if the pairs are these.
type Effect struct {
	Pairs     Pairs
	Matched   int
	Headlines []Headline // of the headline measures; of the first if none is one
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
	data, err := gather(ctx, d, Options{})
	if err != nil {
		return nil, err
	}
	in, err := sittingsOf(ctx, d, data)
	if err != nil {
		return nil, err
	}
	met, err := in.match(d, PairsAsSet)
	if err != nil {
		return nil, err
	}
	who := &people{repeat: make([]bool, len(data.entries))}
	who.meet(met, in.index)
	desk := &Desk{
		Summary: who.summary, Result: met.first, Later: met.later, Responses: make(map[string]Sitting, len(data.entries)),
		Unapplied: append(met.first.Unapplied, met.later.Unapplied...),
	}
	for i := range data.entries {
		e := &data.entries[i]
		c := data.cohorts[e.cohort]
		desk.Responses[string(e.id)] = Sitting{c, e.wave, e.submitted, e.language, e.mode, d.Block(c)}
	}
	policies := []Pairs{PairsExact, PairsNear, PairsReviewed, PairsHeld}
	desk.Effects = make([]Effect, len(policies))
	return desk, atOnce(ctx, len(policies), func(i int) (err error) {
		desk.Effects[i], err = effectOf(d, data, in, policies[i])
		return err
	})
}

// effectOf works out the headline with these pairs.
func effectOf(d *surveys.Dataset, data *gathered, in *sittings, pairs Pairs) (Effect, error) {
	met, err := in.match(d, pairs)
	if err != nil {
		return Effect{}, err
	}
	who := &people{repeat: make([]bool, len(data.entries))}
	who.meet(met, in.index)
	r := heading(d, data, Options{Suppress: true})
	r.Pairing = who.summary
	nowhere := newHierarchy(nil)
	for _, m := range headlineMeasures(d) {
		plan, err := planOf(d, data.answers, &m)
		if err != nil {
			return Effect{}, err
		}
		one := plan.result(data, who, nil)
		suppressMeasure(&one, nowhere, r.Smallest)
		r.Measures = append(r.Measures, one)
	}
	return Effect{Pairs: pairs, Matched: who.summary.Matched, Headlines: Headlines(r, "en")}, nil
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
