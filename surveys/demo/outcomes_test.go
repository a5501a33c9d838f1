package demo_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// Every figure that R worked out on the true pairs of the reference programme is
// the one in the report: 4,460 figures.
func TestOutcomesAreThoseOfTheReference(t *testing.T) {
	l := demonstration(t)
	reports := reportsByPeople(t, l)
	checked := 0
	for _, row := range testTable(t, "outcomes") {
		report := reports[row["survey"]]
		got, err := figure(report, row)
		if err != nil {
			t.Errorf("%v: %v", where(row), err)
			continue
		}
		want, err := strconv.ParseFloat(row["value"], 64)
		if err != nil {
			t.Fatal(err)
		}
		if !same(got, want) {
			t.Errorf("%v = %v, want %v", where(row), got, want)
			continue
		}
		checked++
	}
	if checked != 4460 {
		t.Errorf("%d figures agree, want 4460", checked)
	}
}

// same allows for the ten digits that the reference is written with, and for a
// difference of means that is 0 there but for the last digits.
func same(got, want float64) bool {
	return math.Abs(got-want) <= 1e-8*math.Abs(want) || math.Abs(got-want) < 1e-15
}

func where(row map[string]string) string {
	return strings.Join([]string{row["survey"], row["measure"], row["by"], row["group"], row["key"]}, " / ")
}

func reportsByPeople(t *testing.T, l *loaded) map[string]*outcomes.Report {
	t.Helper()
	people := map[surveys.ResponseID]string{}
	for _, row := range testTable(t, "people") {
		people[surveys.ResponseID(row["response_id"])] = row["person"]
	}
	reports := map[string]*outcomes.Report{}
	for name := range strandOf {
		reports[name] = build(t, l.dataset(t, name), people)
	}
	return reports
}

func build(t *testing.T, d *surveys.Dataset, people map[surveys.ResponseID]string) *outcomes.Report {
	t.Helper()
	report, err := outcomes.Build(t.Context(), d, outcomes.Options{Made: time.Now(), People: people})
	if err != nil {
		t.Fatalf("Build(%s): %v", d.Strand.ID, err)
	}
	return report
}

// figure finds in a report what row is about.
func figure(report *outcomes.Report, row map[string]string) (float64, error) {
	if row["key"] == "alpha.pre" {
		return alphaBefore(report)
	}
	for i := range report.Measures {
		if string(report.Measures[i].ID) != row["measure"] {
			continue
		}
		result, err := group(&report.Measures[i], row["by"], row["group"])
		if err != nil {
			return 0, err
		}
		return pick(result, row["key"])
	}
	return 0, fmt.Errorf("no measure %q", row["measure"])
}

func alphaBefore(report *outcomes.Report) (float64, error) {
	for _, r := range report.Reliable {
		if r.Scale == "scale" && r.Wave == string(questionnaire.WavePre) {
			return float(r.Alpha)
		}
	}
	return 0, fmt.Errorf("no alpha")
}

// breakdownOf names the breakdown for what the reference divides by.
var breakdownOf = map[string]string{
	"series": "cohort", "directorate": "cohort", "school": "institution", "institution": "institution", "phase": "phase",
}

func group(m *outcomes.MeasureResult, by, name string) (outcomes.Result, error) {
	if by == "all" {
		return m.Result, nil
	}
	for _, b := range m.Breakdowns {
		for _, g := range b.Groups {
			if b.By == breakdownOf[by] && g.Name == name {
				return g.Result, nil
			}
		}
	}
	return outcomes.Result{}, fmt.Errorf("no group %q by %s", name, by)
}

// pick finds one figure by the reference's key.
func pick(r outcomes.Result, key string) (float64, error) {
	switch {
	case r.Paired != nil:
		return pickPaired(r.Paired, key)
	case r.Binary != nil:
		return pickBinary(r.Binary, key)
	case r.NPS != nil && key == "n":
		return float64(r.NPS.N), nil
	case r.NPS != nil && key == "nps.score":
		return float(r.NPS.Score)
	case r.Single != nil:
		return pickSingle(r.Single, key)
	}
	return 0, fmt.Errorf("no figure %q", key)
}

func pickPaired(p *outcomes.Paired, key string) (float64, error) {
	counts := map[string]int{
		"n_pre": p.NPre, "n_post": p.NPost, "n_matched": p.NMatched,
		"change.improved_n": p.Change.ImprovedN, "change.same_n": p.Change.SameN, "change.worse_n": p.Change.WorseN,
	}
	if n, ok := counts[key]; ok {
		return float64(n), nil
	}
	return estimate(map[string]outcomes.Estimate{
		"pre.mean": p.Pre.Mean, "pre.sd": p.Pre.SD, "post.mean": p.Post.Mean, "post.sd": p.Post.SD,
		"diff.mean": p.Diff.Mean, "diff.ci_lo": p.Diff.CI.Low, "diff.ci_hi": p.Diff.CI.High,
		"t.p": p.T.P, "wilcoxon.p": p.Wilcoxon.P, "effect.dz": p.Effect.Dz, "effect.g_av": p.Effect.GAv,
	}, key)
}

func pickBinary(b *outcomes.Binary, key string) (float64, error) {
	counts := map[string]int{"n_pre": b.NPre, "n_post": b.NPost, "n_matched": b.NMatched}
	if n, ok := counts[key]; ok {
		return float64(n), nil
	}
	return estimate(map[string]outcomes.Estimate{
		"pre.pct": b.PrePct, "post.pct": b.PostPct, "diff_pp": b.DiffPP,
		"newcombe.ci_lo": b.DiffCI.Low, "newcombe.ci_hi": b.DiffCI.High, "mcnemar.p_exact": b.McNemarP,
	}, key)
}

func pickSingle(s *outcomes.Single, key string) (float64, error) {
	if key == "n" {
		return float64(s.N), nil
	}
	return estimate(map[string]outcomes.Estimate{"mean": s.Mean, "top2_pct": s.TopPct}, key)
}

func estimate(figures map[string]outcomes.Estimate, key string) (float64, error) {
	e, ok := figures[key]
	if !ok {
		return 0, fmt.Errorf("no figure %q", key)
	}
	return float(e)
}

func float(e outcomes.Estimate) (float64, error) {
	v, ok := e.Float()
	if !ok {
		return 0, fmt.Errorf("not estimable: %s", e.Reason())
	}
	return v, nil
}
