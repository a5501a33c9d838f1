package outcomes_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// crowd is a pre–post strand of n responses: 30 items, 5 scales and their
// measures, 40 cohorts at 20 institutions of 4 phases.
func crowd(t testing.TB, n int) *builder {
	t.Helper()
	var items []questionnaire.Item
	var scales []questionnaire.Scale
	var measures []questionnaire.Measure
	for i := range 5 {
		var names []string
		for j := range 6 {
			names = append(names, fmt.Sprintf("i%d_%d", i, j))
		}
		id := fmt.Sprintf("scale%d", i)
		items = append(items, rating(fmt.Sprintf("battery%d", i), 1, 5, names...))
		scale := questionnaire.Scale{ID: questionnaire.ItemID(id), Min: 1, Max: 5, Method: "mean", MinAnswered: 5}
		for _, name := range names {
			scale.Items = append(scale.Items, questionnaire.ItemID(name))
		}
		scales = append(scales, scale)
		measures = append(measures, measureOf(id, id, questionnaire.MeasureScore, "higher"))
	}
	b := newDataset(t, surveys.DesignPrePost, definition(items, scales, measures...))
	random := rand.New(rand.NewPCG(1, 2))
	answers := make([]questionnaire.Answers, 1000) // shared, so that the benchmark measures Build and not its own heap
	for i := range answers {
		answers[i] = randomAnswers(b.data.Latest, random)
	}
	b.held.responses = make([]surveys.Response, 0, n)
	for i := range n {
		cohort := i / 2 % 40
		id := surveys.CohortID(fmt.Sprintf("cohort%02d", cohort))
		b.place(id, fmt.Sprintf("institution%02d", cohort/2), fmt.Sprintf("phase%d", cohort/10))
		wave := [2]questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}[i%2]
		b.add(surveys.Response{
			ID: surveys.ResponseID(fmt.Sprintf("r%08d", i)), Cohort: id, Wave: wave,
			Submitted: time.Unix(int64(1700000000+i), 0), Answers: answers[random.IntN(len(answers))],
		}, fmt.Sprintf("%04x", i/2%65536))
	}
	return b
}

// randomAnswers answers 19 of 20 items.
func randomAnswers(in *questionnaire.Instrument, random *rand.Rand) questionnaire.Answers {
	answers := questionnaire.Answers{}
	for _, v := range in.Variables() {
		answers[v.ID] = questionnaire.Answer{Choice: v.Choices[random.IntN(5)].Code}
		if random.IntN(20) == 0 {
			answers[v.ID] = questionnaire.Answer{Missing: questionnaire.NotReached}
		}
	}
	return answers
}

// BenchmarkBuild makes the report of 100,000 responses that are in memory already,
// and of as many in a SQLite file. The budget is 2 s, without the reading if that
// is slow; BenchmarkRead/sqlite is the reading alone.
func BenchmarkBuild(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchmarkBuild(b, crowd(b, 100_000).dataset()) })
	b.Run("sqlite", func(b *testing.B) { benchmarkBuild(b, crowd(b, 100_000).stored()) })
}

func benchmarkBuild(b *testing.B, d *surveys.Dataset) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.Build(b.Context(), d, outcomes.Options{Profile: surveys.ProfileInternal}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		d := crowd(b, 100_000).stored()
		for b.Loop() {
			for _, err := range d.Responses(b.Context()) {
				if err != nil {
					b.Fatal(err)
				}
			}
			if _, err := d.Elements(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
