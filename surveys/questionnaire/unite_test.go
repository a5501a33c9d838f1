package questionnaire_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

func compiled(t *testing.T, id q.ID, d q.Definition) *q.Instrument {
	t.Helper()
	in, err := q.Compile(q.Version{Questionnaire: id, Number: 1, Definition: d, Published: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestDisagreements(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(*q.Definition)
		want []q.Disagreement
	}{
		"words":            {func(d *q.Definition) { d.Parts[0].Items[0].Label["en"] = "Bus?" }, nil},
		"an item fewer":    {func(d *q.Definition) { d.Parts[0].Items = d.Parts[0].Items[:1] }, nil},
		"kind":             {func(d *q.Definition) { d.Parts[0].Items[1].Kind = q.KindShortText }, []q.Disagreement{{ID: "age", Field: "kind", InA: "number", InB: "short_text"}}},
		"score":            {func(d *q.Definition) { d.Parts[0].Items[0].Choices[0].Score = number(2) }, []q.Disagreement{{ID: "travel", Field: "choices.bus.score", InA: "1", InB: "2"}}},
		"score taken away": {func(d *q.Definition) { d.Parts[0].Items[0].Choices[0].Score = nil }, []q.Disagreement{{ID: "travel", Field: "choices.bus.score", InA: "1", InB: "none"}}},
		"a scored choice fewer": {func(d *q.Definition) { d.Parts[0].Items[0].Choices = d.Parts[0].Items[0].Choices[1:] }, []q.Disagreement{
			{ID: "travel", Field: "choices.bus", InA: "a choice that counts 1", InB: "none"}}},
		"a choice without a score more": {func(d *q.Definition) {
			d.Parts[0].Items[0].Choices = append(d.Parts[0].Items[0].Choices, q.Choice{Code: "na", Meaning: q.MeaningDeclined})
		}, []q.Disagreement{{ID: "travel", Field: "choices.na", InA: "none", InB: "a choice", Pools: true}}},
		"bounds": {func(d *q.Definition) { d.Parts[0].Items[1].Max = number(11) }, []q.Disagreement{{ID: "age", Field: "max", InA: "99", InB: "11", Pools: true}}},
		"unit":   {func(d *q.Definition) { d.Parts[0].Items[1].Unit = q.Text{"en": "months"} }, []q.Disagreement{{ID: "age", Field: "unit", InA: "years", InB: "months"}}},
		"missing or an answer": {func(d *q.Definition) { d.Parts[0].Items[0].Choices[1].Meaning = q.MeaningDontKnow }, []q.Disagreement{
			{ID: "travel", Field: "choices.foot.meaning", InA: "", InB: "dont_know"}}},
	} {
		a, b := two(), two()
		a.Parts[0].Items[1].Unit, b.Parts[0].Items[1].Unit = q.Text{"en": "years"}, q.Text{"en": "years"}
		tt.edit(&b)
		if diff := cmp.Diff(tt.want, q.Disagreements(compiled(t, "a", a), compiled(t, "b", b))); diff != "" {
			t.Errorf("%s: Disagreements (-want +got)\n%s", name, diff)
		}
	}
}

func TestUnite(t *testing.T) {
	t.Parallel()
	other := two()
	other.Parts[0].Items = append(other.Parts[0].Items, q.Item{ID: "exams", Kind: q.KindNumber, Label: q.Text{"en": "Exams?"}, Relevant: "${age} > 14"})
	other.Parts[0].Waves = []q.Wave{q.WavePost}
	other.Parts[1].Items[0].Rows = append(other.Parts[1].Items[0].Rows, q.Row{ID: "calm_c", Label: q.Text{"en": "I can wait"}})
	other.Scales = append(other.Scales, q.Scale{ID: "waiting", Items: []q.ItemID{"calm_c"}})
	other.Measures = append(other.Measures, q.Measure{ID: "exams", Of: "exams", Type: q.MeasureScore}, q.Measure{ID: "calm_measure", Of: "exams"})
	first := compiled(t, "primary", two())
	united, err := q.Unite(first, compiled(t, "secondary", other))
	if err != nil {
		t.Fatal(err)
	}
	var ids []q.ItemID
	for _, v := range united.Variables() {
		ids = append(ids, v.ID)
	}
	if diff := cmp.Diff([]q.ItemID{"travel", "age", "calm_a", "calm_b", "calm_c", "exams"}, ids); diff != "" {
		t.Errorf("Unite: variables (-want +got)\n%s", diff)
	}
	exams, _ := united.Variable("exams")
	if exams.AskedAt(q.WavePre) || !exams.AskedAt(q.WavePost) || exams.Item.Relevant != "" {
		t.Errorf("Unite: exams is %+v, want asked at post, without its condition", exams.Item)
	}
	if m, ok := united.Measure("calm_measure"); !ok || m.Of != "calmness" {
		t.Errorf("Unite: calm_measure = %+v, want that of the first", m)
	}
	_, scale := united.Scale("waiting")
	_, measure := united.Measure("exams")
	if !scale || !measure {
		t.Error("Unite lacks a scale or a measure that only the second has")
	}
	if v := united.Version(); v.Questionnaire != "primary" || v.Number != 1 {
		t.Errorf("Unite: version %s %d", v.Questionnaire, v.Number)
	}
	if len(first.Variables()) != 4 {
		t.Error("Unite changed the first")
	}
	if alone, err := q.Unite(first); err != nil || alone != first {
		t.Errorf("Unite of one = %v, %v", alone, err)
	}
	if _, err := q.Unite(); err == nil {
		t.Error("Unite of none gave no error")
	}
}
