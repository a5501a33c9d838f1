package surveys_test

import (
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// gridForm has a grid of five rows and a rating of none.
const gridForm = `{
	"title": {"en": "Calm"}, "languages": ["en"],
	"parts": [{"id": "first", "items": [
		{"id": "calm", "kind": "rating", "label": {"en": "How often?"}, "rows": [
			{"id": "a", "label": {"en": "A"}}, {"id": "b", "label": {"en": "B"}}, {"id": "c", "label": {"en": "C"}},
			{"id": "d", "label": {"en": "D"}}, {"id": "e", "label": {"en": "E"}}],
		 "choices": [{"code": "1", "label": {"en": "never"}}, {"code": "2", "label": {"en": "often"}}, {"code": "3", "label": {"en": "always"}}]},
		{"id": "mood", "kind": "scale_0_10", "label": {"en": "Mood"}}
	]}]
}`

// TestQualityNotes tells each note on its own.
func TestQualityNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, err := questionnaire.ParseDefinition([]byte(gridForm))
	must(t, err)
	_, err = w.Publish(w.ctx, "grid", d)
	must(t, err)
	plan := plan()
	plan.Strands[0].Questionnaire = "grid"
	w.programme, err = w.CreateProgramme(w.ctx, plan)
	must(t, err)
	w.ctx = w.as(t, ownerEmail)
	w.cohort, err = w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 6"})
	must(t, err)
	link := w.link(t, surveys.Link{Wave: questionnaire.WavePre})

	varied := questionnaire.Raw{"a": {"1"}, "b": {"2"}, "c": {"3"}, "d": {"1"}, "e": {"2"}, "mood": {"4"}}
	same := questionnaire.Raw{"a": {"2"}, "b": {"2"}, "c": {"2"}, "d": {"2"}, "e": {"2"}, "mood": {"4"}}
	four := questionnaire.Raw{"a": {"2"}, "b": {"2"}, "c": {"2"}, "d": {"2"}}
	long := 5 * time.Minute
	all := map[string]struct {
		raw    questionnaire.Raw
		took   time.Duration
		device string
		want   []string
	}{
		"nothing":        {varied, long, "phoneone", nil},
		"hurried":        {varied, 11 * time.Second, "", []string{surveys.NoteHurried}},
		"just_in_time":   {varied, 12 * time.Second, "", nil},
		"straight_lined": {same, long, "", []string{surveys.NoteStraightLined}},
		"four_rows":      {four, long, "", nil},
		"half_empty":     {questionnaire.Raw{"a": {"1"}, "b": {"3"}}, long, "", []string{surveys.NoteHalfEmpty}},
		"same_device_1":  {varied, long, "phonetwo", []string{surveys.NoteSameDevice}},
		"same_device_2":  {varied, long, "phonetwo", []string{surveys.NoteSameDevice}},
	}
	for name, tt := range all {
		_, err := w.Submit(t.Context(), link.Token, surveys.Submission{
			ID: surveys.ResponseID("quality_" + name), Raw: tt.raw, Started: origin.Add(-tt.took), Device: tt.device,
		})
		must(t, err)
	}
	data, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	notes, err := data.QualityNotes(w.ctx)
	must(t, err)
	for name, tt := range all {
		r, err := w.store.Response(t.Context(), surveys.ResponseID("quality_"+name))
		must(t, err)
		if got := notes.Of(&r); !slices.Equal(got, tt.want) {
			t.Errorf("notes of %s = %v, want %v", name, got, tt.want)
		}
	}
}

// TestSameCode: a code that two have within what is paired is told of both, and not
// of who has it in another block or at another wave.
func TestSameCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.kept(t), w.kept(t)
	other := w.elsewhere(t)
	link, err := w.CreateLink(w.ctx, surveys.Link{Programme: w.programme.ID, Strand: "pupils", Cohort: other.ID, Wave: questionnaire.WavePre})
	must(t, err)
	third, err := w.Submit(t.Context(), link.Token, surveys.Submission{ID: "in_another_class", Raw: form(nil)})
	must(t, err)
	data, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	notes, err := data.QualityNotes(w.ctx)
	must(t, err)
	for r, want := range map[*surveys.Response]bool{&first: true, &second: true, &third: false} {
		if got := slices.Contains(notes.Of(r), surveys.NoteSameCode); got != want {
			t.Errorf("%s in %s has the note: %v, want %v", r.ID, r.Cohort, got, want)
		}
	}
}
