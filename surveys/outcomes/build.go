package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Build makes the report of one strand. It reads the responses once and keeps of
// each only who, where and when, the coded answers that a measure or a scale is
// made of, and a digest that tells a double send; never the Answers themselves.
//
// What is measured, and how, is said by the newest version of the questionnaire,
// and by those of its variants for what it does not measure itself.
// An item that an older version lacks was not asked there: a scale then counts
// the items that were, if they are enough, and so pools versions in one unit.
//
// Where something was destroyed that figures are worked out from, the report is the
// one that was kept before, see Freeze.
//
// A strand without responses has a report in which every figure is not estimable.
// Errors are those of the dataset, wrapped.
func Build(ctx context.Context, d *surveys.Dataset, opt Options) (*Report, error) {
	r, err := build(ctx, d, opt)
	if err != nil {
		return nil, fmt.Errorf("report of strand %s: %w", d.Strand.ID, err)
	}
	return r, nil
}

func build(ctx context.Context, d *surveys.Dataset, opt Options) (*Report, error) {
	if kept, ok, err := thaw(d, opt); ok || err != nil {
		return kept, err
	}
	met, err := survey(ctx, d, &opt)
	if err != nil {
		return nil, err
	}
	data, who := met.data, met.who
	r, where := heading(d, data, opt), divide(d, data, who)
	r.kept = met.kept
	r.Pairing = who.summary
	r.Responses = waveCounts(d, data, who)
	r.Reach = reach(d, data, who, where)
	if r.Reliable, err = reliabilities(ctx, d, data, who); err != nil {
		return nil, err
	}
	if r.Measures, err = measures(ctx, d, data, who, where, r.Reliable); err != nil {
		return nil, err
	}
	r.Scales = scaleNotes(d, data, who)
	if met.whole == nil {
		return r, nil
	}
	for i := range r.Scales {
		r.Scales[i].Flags, r.Scales[i].Prorated = nil, nil
	}
	suppress(r, where, met.whole.guard, d.Programme.Location())
	r.Release, err = met.whole.release(r, opt)
	return r, err
}

// surveyed is who answered, as far as the filter lets them through.
type surveyed struct {
	data  *gathered
	who   *people
	kept  map[surveys.ResponseID]bool // their responses; nil: all
	whole *roll                       // what a profile looks at; nil without one
}

// survey reads the responses, says which are of one person, and leaves those whom
// the filter lets through. A profile may widen the filter of opt.
func survey(ctx context.Context, d *surveys.Dataset, opt *Options) (*surveyed, error) {
	data, err := gather(ctx, d, *opt)
	if err != nil {
		return nil, err
	}
	met := &surveyed{data: data}
	if met.who, err = identify(d, data, *opt); err != nil {
		return nil, err
	}
	if met.whole, err = look(d, data, met.who, opt); err != nil {
		return nil, err
	}
	met.kept, err = narrow(d, data, met.who, opt.Filter)
	return met, err
}

// heading is what a report says of itself.
func heading(d *surveys.Dataset, data *gathered, opt Options) *Report {
	return &Report{
		Programme: d.Programme.Name, Strand: d.Strand.ID, Title: d.Strand.Title,
		Audience: d.Strand.Audience, People: cmp.Or(d.Strand.People, plural(d.Strand.Audience)), Places: wordForPlaces(d.Strand), Groups: wordForGroups(d.Strand), Design: d.Strand.Design,
		Made: opt.Made, Demo: d.Programme.Demo, Profile: opt.Profile, Filter: opt.Filter,
		Versions: data.versions(d), Variants: data.versionNames(d), Smallest: smallest(d, opt.Profile),
		First: data.first, Last: data.last, OpenAnswer: data.open,
	}
}

// smallest is the number of people that a profile asks for; without one, that of
// the programme, for notes beside small figures.
func smallest(d *surveys.Dataset, p surveys.Profile) int {
	if p == surveys.ProfileRows {
		p = surveys.ProfileInternal
	}
	return p.Smallest(d.Programme)
}

// waveCounts counts the responses at the waves of the design, and at any other
// that has some: a design that was changed hides nothing.
func waveCounts(d *surveys.Dataset, data *gathered, who *people) []WaveCount {
	waves := d.Strand.Design.Waves()
	for _, w := range surveys.DesignPrePostFollowUp.Waves() {
		if data.submitted(w) > 0 && !slices.Contains(waves, w) {
			waves = append(waves, w)
		}
	}
	counts := make([]WaveCount, len(waves))
	for i, w := range waves {
		counts[i] = WaveCount{Wave: w, Submitted: data.submitted(w), Expected: data.expected(d, data.everyCohort())}
	}
	for i, repeat := range who.repeat {
		if repeat {
			counts[slices.Index(waves, data.entries[i].wave)].Repeats++
		}
	}
	return counts
}

// measures works out every measure of the newest version.
func measures(ctx context.Context, d *surveys.Dataset, data *gathered, who *people, where []division, reliable []ScaleReliability) ([]MeasureResult, error) {
	list := d.Latest.Version().Definition.Measures
	results := make([]MeasureResult, len(list))
	err := atOnce(ctx, len(list), func(i int) error {
		plan, err := planOf(d, data.answers, &list[i])
		if err != nil {
			return err
		}
		plan.reliability = reliabilityFor(list[i].Of, reliable)
		results[i] = plan.result(d, data, who, where, reliable)
		return nil
	})
	return results, err
}

// atOnce calls do with 0 to n-1 on as many processors as there are, until one
// fails or ctx ends, and returns the first error by number.
func atOnce(ctx context.Context, n int, do func(i int) error) error {
	var next atomic.Int64
	var running sync.WaitGroup
	errs := make([]error, n)
	for range min(n, runtime.GOMAXPROCS(0)) {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = contained(func() error { return do(i) })
				}
				if errs[i] != nil {
					return
				}
			}
		})
	}
	running.Wait()
	return cmp.Or(errs...)
}

// contained turns a panic in do into an error: nothing else stands between a mistake in
// a goroutine and the end of the program.
func contained(do func() error) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = surveys.PanicError(said)
		}
	}()
	return do()
}

// The least alpha and number of people from which a change is set against the
// error of measurement.
const (
	leastAlpha       = 0.7
	leastForReliable = 30
)

// reliabilityFor returns alpha of a scale at pre if it is good enough for the
// reliable change index, nil if it is not, or for what is no scale.
func reliabilityFor(scale questionnaire.ItemID, reliable []ScaleReliability) *Estimate {
	for i := range reliable {
		r := &reliable[i]
		alpha, ok := r.Alpha.Float()
		if r.Scale == scale && r.Wave == string(questionnaire.WavePre) && ok && alpha >= leastAlpha && r.NComplete >= leastForReliable {
			return &r.Alpha
		}
	}
	return nil
}

// reliabilities gives alpha of every scale at every wave that asks it, from all
// first submissions that answered every item.
func reliabilities(ctx context.Context, d *surveys.Dataset, data *gathered, who *people) ([]ScaleReliability, error) {
	var all []ScaleReliability
	var sources []source
	scales := d.Latest.Version().Definition.Scales
	for i := range scales {
		for _, wave := range d.Strand.Design.Waves() {
			items := scales[i].Variables(d.Latest.Scale)
			if askedAt(d.Latest, items, wave) {
				all = append(all, ScaleReliability{Scale: scales[i].ID, Label: scales[i].Label, Wave: string(wave), Items: items})
				sources = append(sources, scaleOf(d.Latest, &scales[i], data.answers))
			}
		}
	}
	err := atOnce(ctx, len(all), func(i int) error {
		all[i].Reliability = sources[i].alpha(data, who, questionnaire.Wave(all[i].Wave))
		return nil
	})
	return all, err
}

// askedAt reports whether any of the variables is asked at wave.
func askedAt(in *questionnaire.Instrument, variables []questionnaire.ItemID, wave questionnaire.Wave) bool {
	return slices.ContainsFunc(variables, func(id questionnaire.ItemID) bool {
		v, ok := in.Variable(id)
		return ok && v.AskedAt(wave)
	})
}
