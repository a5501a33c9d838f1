package outcomes_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

func ExampleComparePaired() {
	result := outcomes.ComparePaired([]outcomes.Observation{
		{Pre: outcomes.Num(2), Post: outcomes.Num(4)},
		{Pre: outcomes.Num(3), Post: outcomes.Num(4)},
		{Pre: outcomes.Num(1), Post: outcomes.Num(4)},
		{Pre: outcomes.Num(5)}, // answered at pre only
	}, outcomes.Params{})
	p, _ := result.T.P.Float()
	fmt.Println(result.NMatched, "of", result.NPre, "matched")
	fmt.Println("mean change", result.Diff.Mean)
	fmt.Printf("p = %.4f\n", p)
	fmt.Println(result.Change.ImprovedN, "improved")
	// Output:
	// 3 of 4 matched
	// mean change 2
	// p = 0.0742
	// 3 improved
}

// pairs returns observations from a pre and a post per respondent.
func pairs(values ...[2]float64) []outcomes.Observation {
	result := make([]outcomes.Observation, len(values))
	for i, v := range values {
		result[i] = outcomes.Observation{Pre: outcomes.Num(v[0]), Post: outcomes.Num(v[1])}
	}
	return result
}

// What is withheld, and why, where data are few or do not vary.
func TestComparePaired_notEstimable(t *testing.T) {
	t.Parallel()
	const (
		none    = outcomes.Reason("")
		noPairs = outcomes.NoPairs
		few     = outcomes.FewerThanThree
		same    = outcomes.AllDifferencesZero
		shift   = outcomes.ZeroVarianceOfDifferences
		flat    = outcomes.ZeroVariance
	)
	preOnly := []outcomes.Observation{{Pre: outcomes.Num(1)}, {Pre: outcomes.Num(2)}, {Pre: outcomes.Num(4)}}
	tests := []struct {
		name                                   string
		observations                           []outcomes.Observation
		mean, sd, cor, t, wilcoxon, dav, davCI outcomes.Reason
	}{
		{"nobody", nil, noPairs, noPairs, noPairs, noPairs, noPairs, noPairs, noPairs},
		{"nobody at post", preOnly, noPairs, noPairs, noPairs, noPairs, noPairs, noPairs, noPairs},
		{"absent at both", make([]outcomes.Observation, 5), noPairs, noPairs, noPairs, noPairs, noPairs, noPairs, noPairs},
		{"one pair", pairs([2]float64{1, 2}), none, outcomes.FewerThanTwo, few, few, few, few, few},
		{"two pairs", pairs([2]float64{1, 2}, [2]float64{1, 3}), none, none, few, few, few, few, few},
		{"no change", pairs([2]float64{1, 1}, [2]float64{2, 2}, [2]float64{3, 3}), none, none, none, same, same, none, same},
		{"same change", pairs([2]float64{1, 2}, [2]float64{2, 3}, [2]float64{3, 4}), none, none, none, shift, none, none, shift},
		{"same fractional change", pairs([2]float64{.1, .4}, [2]float64{.2, .5}, [2]float64{.7, 1}), none, none, none, shift, none, none, shift},
		{"constant pre", pairs([2]float64{3, 2}, [2]float64{3, 3}, [2]float64{3, 5}), none, none, flat, none, none, none, none},
		{"both constant", pairs([2]float64{3, 5}, [2]float64{3, 5}, [2]float64{3, 5}), none, none, flat, shift, none, flat, flat},
		{"both constant and equal", pairs([2]float64{3, 3}, [2]float64{3, 3}, [2]float64{3, 3}), none, none, flat, same, same, flat, flat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.ComparePaired(tt.observations, outcomes.Params{})
			for _, c := range []struct {
				figure string
				got    outcomes.Estimate
				want   outcomes.Reason
			}{
				{"mean change", r.Diff.Mean, tt.mean}, {"SD of change", r.Diff.SD, tt.sd}, {"SE of change", r.Diff.SE, tt.sd},
				{"correlation", r.Correlation, tt.cor}, {"t", r.T.Statistic, tt.t}, {"df", r.T.DF, tt.t}, {"p", r.T.P, tt.t},
				{"interval", r.Diff.CI.Low, tt.t}, {"dz", r.Effect.Dz, tt.t}, {"gz interval", r.Effect.GzCI.High, tt.t},
				{"V", r.Wilcoxon.V, tt.wilcoxon}, {"Wilcoxon p", r.Wilcoxon.P, tt.wilcoxon}, {"sign p", r.Sign.P, tt.wilcoxon},
				{"d_av", r.Effect.DAv, tt.dav}, {"g_av interval", r.Effect.GAvCI.Low, tt.davCI},
			} {
				if c.got.Reason() != c.want {
					t.Errorf("%s = %v, want reason %q", c.figure, c.got, c.want)
				}
			}
		})
	}
}

// Waves of nobody still have counts, and the other wave its descriptives.
func TestComparePaired_emptyWave(t *testing.T) {
	t.Parallel()
	r := outcomes.ComparePaired([]outcomes.Observation{{Post: outcomes.Num(4)}, {Post: outcomes.Num(2)}}, outcomes.Params{})
	want := outcomes.Counts{NPost: 2, NPostOnly: 2}
	if r.Counts != want {
		t.Errorf("counts = %+v, want %+v", r.Counts, want)
	}
	if r.AllPost.Mean.String() != "3" || r.AllPre.Mean.Reason() != outcomes.NoAnswers {
		t.Errorf("means %v and %v, want none and 3", r.AllPre.Mean, r.AllPost.Mean)
	}
	if r.Attrition.RetainedPct.Reason() != outcomes.NoAnswers {
		t.Errorf("retained %v, want no_answers", r.Attrition.RetainedPct)
	}
}

func TestPaired_JSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(outcomes.ComparePaired(pairs([2]float64{1, 3}, [2]float64{2, 2}), outcomes.Params{}))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{`"n_matched":2`, `"diff":{"mean":1,`, `"p":{"not_estimable":"n_lt_3"}`, `"improved_pct":50`} {
		if !strings.Contains(text, want) {
			t.Errorf("JSON lacks %s: %s", want, text)
		}
	}
	for _, absent := range []string{"change_mid", "ceiling", "top", "NaN", "null", "method"} {
		if strings.Contains(text, `"`+absent) {
			t.Errorf("JSON has %s: %s", absent, text)
		}
	}
}

// drawObservations draws answers of one decimal, some absent.
func drawObservations(t *rapid.T) []outcomes.Observation {
	number := rapid.Custom(func(t *rapid.T) outcomes.Number {
		if rapid.IntRange(0, 5).Draw(t, "absent") == 0 {
			return outcomes.Number{}
		}
		return outcomes.Num(float64(rapid.IntRange(-50, 50).Draw(t, "tenths")) / 10)
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) outcomes.Observation {
		return outcomes.Observation{Pre: number.Draw(t, "pre"), Post: number.Draw(t, "post")}
	}), 0, 60).Draw(t, "observations")
}

func drawParams(t *rapid.T) outcomes.Params {
	low, high, least := -5.0, 5.0, 0.3
	return outcomes.Params{
		LowerIsBetter: rapid.Bool().Draw(t, "lower is better"),
		Min:           &low, Max: &high, MinChange: &least, Top: []float64{4.9, 5},
	}
}

// alike compares two figures up to rounding.
func alike(a, b outcomes.Estimate) bool {
	x, okX := a.Float()
	y, okY := b.Float()
	return okX == okY && a.Reason() == b.Reason() && math.Abs(x-y) <= 1e-8*(math.Abs(x)+math.Abs(y))+1e-12
}

// Exchanging the waves turns the sign of every change and keeps every p.
func TestComparePaired_swap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		observations, p := drawObservations(t), drawParams(t)
		swapped := make([]outcomes.Observation, len(observations))
		for i, o := range observations {
			swapped[i] = outcomes.Observation{Pre: o.Post, Post: o.Pre}
		}
		a, b := outcomes.ComparePaired(observations, p), outcomes.ComparePaired(swapped, p)
		for name, pair := range map[string][2]outcomes.Estimate{
			"mean change": {a.Diff.Mean, negative(b.Diff.Mean)}, "t": {a.T.Statistic, negative(b.T.Statistic)},
			"lower limit": {a.Diff.CI.Low, negative(b.Diff.CI.High)}, "p": {a.T.P, b.T.P},
			"Wilcoxon p": {a.Wilcoxon.P, b.Wilcoxon.P}, "rank-biserial": {a.Wilcoxon.RankBiserial, negative(b.Wilcoxon.RankBiserial)},
			"dz limit": {a.Effect.DzCI.Low, negative(b.Effect.DzCI.High)}, "g_av": {a.Effect.GAv, negative(b.Effect.GAv)},
			"sign p": {a.Sign.P, b.Sign.P}, "top": {a.Top.DiffPP, negative(b.Top.DiffPP)}, "Welch p": {a.Unpaired.Welch.P, b.Unpaired.Welch.P},
			"Mann-Whitney p": {a.Unpaired.MannWhitney.P, b.Unpaired.MannWhitney.P}, "correlation": {a.Correlation, b.Correlation},
		} {
			if !alike(pair[0], pair[1]) {
				t.Errorf("%s: %v, exchanged %v", name, pair[0], pair[1])
			}
		}
		if a.Change.ImprovedN != b.Change.WorseN || a.ChangeMid.ImprovedN != b.ChangeMid.WorseN {
			t.Errorf("improved %d, after exchange worse %d", a.Change.ImprovedN, b.Change.WorseN)
		}
	})
}

func negative(e outcomes.Estimate) outcomes.Estimate {
	v, ok := e.Float()
	if !ok {
		return e
	}
	return outcomes.Est(-v)
}

// The order of the respondents changes no figure; parts add up to their whole.
func TestComparePaired_order(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		observations, p := drawObservations(t), drawParams(t)
		shuffled := rapid.Permutation(observations).Draw(t, "shuffled")
		a, b := outcomes.ComparePaired(observations, p), outcomes.ComparePaired(shuffled, p)
		compareEstimates(t, "", reflect.ValueOf(a), reflect.ValueOf(b))
		if a.NMatched+a.NPreOnly != a.NPre || a.NMatched+a.NPostOnly != a.NPost {
			t.Errorf("counts %+v do not add up", a.Counts)
		}
		for _, c := range []outcomes.Change{a.Change, *a.ChangeMid} {
			if c.ImprovedN+c.SameN+c.WorseN != a.NMatched {
				t.Errorf("change %+v of %d matched does not add up", c, a.NMatched)
			}
		}
		if top := a.Top; top.N11+top.N10+top.N01+top.N00 != a.NMatched {
			t.Errorf("top box %+v of %d matched does not add up", top, a.NMatched)
		}
	})
}

// compareEstimates walks two results of one type and compares every Estimate.
func compareEstimates(t *rapid.T, path string, a, b reflect.Value) {
	if e, ok := a.Interface().(outcomes.Estimate); ok {
		if !alike(e, b.Interface().(outcomes.Estimate)) {
			t.Errorf("%s: %v and %v", path, e, b.Interface())
		}
		return
	}
	switch a.Kind() {
	case reflect.Pointer:
		compareEstimates(t, path, a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			compareEstimates(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	default:
		if !a.Equal(b) {
			t.Errorf("%s: %v and %v", path, a, b)
		}
	}
}

// FuzzComparePaired looks for an answer that makes a figure NaN, infinite or
// minus zero, or a p-value 0. Eight bytes are an answer, pre and post in turn; one
// that is no finite number is an absent answer.
func FuzzComparePaired(f *testing.F) {
	for _, values := range [][]float64{
		{}, {1}, {1, 2}, {1, 1, 1, 1, 1, 1}, {1, 2, 2, 3, 3, 4, 4, 5}, {0, math.Copysign(0, -1), 0, 0, 0, 0},
		{1e308, -1e308, 1e308, -1e308, 5, -1e308}, {1e-320, 2e-320, 0, 5e-324, 1, 1e-300},
		{1e154, -3e153, 2e154, 7, 1e154, 1e155, 1, 2}, {1e15, 1e15 + 1, 1e15, 1e15 + 2, 1e15, 1e15 + 1, 2e15, 2e15 + 1},
		{1, math.NaN(), 2, math.Inf(1), 3, 3, math.NaN(), 4, 5, 1, 2, 2}, {0, 1e5, 0, 1e5, 0, 100000.0000001},
	} {
		var seed []byte
		for _, v := range values {
			seed = binary.LittleEndian.AppendUint64(seed, math.Float64bits(v))
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkAllFigures(t, observationsFrom(data))
	})
}

// No finite answers, of whatever size, make a figure NaN or infinite.
func TestComparePaired_alwaysFinite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := math.Pow(10, float64(rapid.IntRange(-308, 307).Draw(t, "log10 size")))
		base := rapid.SampledFrom([]float64{0, 1, 1e6}).Draw(t, "base")
		var observations []outcomes.Observation
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			observations = append(observations, outcomes.Observation{
				Pre:  outcomes.Num(size * (base + rapid.Float64Range(-1, 1).Draw(t, "pre"))),
				Post: outcomes.Num(size * (base + float64(rapid.IntRange(-3, 3).Draw(t, "post")))),
			})
		}
		checkAllFigures(t, observations)
	})
}

func observationsFrom(data []byte) []outcomes.Observation {
	var numbers []outcomes.Number
	for ; len(data) >= 8 && len(numbers) < 200; data = data[8:] {
		v := math.Float64frombits(binary.LittleEndian.Uint64(data))
		numbers = append(numbers, outcomes.Number{V: v, OK: !math.IsNaN(v) && !math.IsInf(v, 0)})
	}
	result := make([]outcomes.Observation, len(numbers)/2)
	for i := range result {
		result[i] = outcomes.Observation{Pre: numbers[2*i], Post: numbers[2*i+1]}
	}
	return result
}

// fataler is what testing.T and rapid.T have in common here.
type fataler interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkAllFigures runs everything on observations that can be run on them.
func checkAllFigures(t fataler, observations []outcomes.Observation) {
	t.Helper()
	low, high, least := 0.0, 5.0, 1.0
	p := outcomes.Params{Min: &low, Max: &high, MinChange: &least, Top: []float64{4, 5}}
	grouped := make([]outcomes.GroupObservation, len(observations))
	rows := make([][]outcomes.Number, len(observations))
	for i, o := range observations {
		grouped[i] = outcomes.GroupObservation{Group: []string{"a", "b"}[i%2], Observation: o}
		rows[i] = []outcomes.Number{o.Pre, o.Post, o.Pre}
	}
	reliability := outcomes.Alpha(rows, 3)
	checkFinite(t, "groups", reflect.ValueOf(outcomes.CompareGroups(grouped, p)))
	checkFinite(t, "reliability", reflect.ValueOf(reliability))
	checkFinite(t, "rci", reflect.ValueOf(outcomes.ReliableChange(observations, p, reliability.Alpha)))
	checkFinite(t, "binary", reflect.ValueOf(outcomes.ComparePairedBinary(observations, []float64{1})))
}

// checkFinite walks a result down to its floats.
func checkFinite(t fataler, path string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) || f == 0 && math.Signbit(f) {
			t.Errorf("%s is %v", path, f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			checkFinite(t, path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkFinite(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			checkFinite(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}
