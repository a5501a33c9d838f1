package surveys_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestDataset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	school, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Garn"})
	must(t, err)
	class, err := w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 7", Institution: school.ID})
	must(t, err)
	pre := w.answered(t, questionnaire.WavePre, "response_pre", nil)
	post := w.answered(t, questionnaire.WavePost, "response_post", questionnaire.Raw{"own_code__day": nil})
	w.begin(t)
	d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	if d.Latest.Version().Number != 1 || len(d.CohortOrder) != 2 || d.InstitutionOf(class.ID).Name != "Garn" || d.InstitutionOf(w.cohort.ID).Name != "" {
		t.Errorf("Dataset = %+v, want one version, two cohorts, one at Garn", d)
	}
	var read []surveys.ResponseID
	for r, err := range d.Responses(t.Context()) {
		must(t, err)
		read = append(read, r.ID)
	}
	if diff := cmp.Diff([]surveys.ResponseID{post, pre}, read); diff != "" {
		t.Errorf("Responses differs (-want +got):\n%s", diff)
	}
	elements, err := d.Elements(t.Context())
	must(t, err)
	a, b := elements[pre], elements[post]
	if len(a) != 4 || len(b) != 4 || a[0] != b[0] || !b[1].IsBlank() || a[2] != b[2] {
		t.Errorf("Elements = %v and %v, want the same but for the day left blank", a, b)
	}
}

func TestDatasetBlock(t *testing.T) {
	t.Parallel()
	d := surveys.NewDataset(surveys.Dataset{Cohorts: map[surveys.CohortID]surveys.Cohort{"six": {Institution: "garn"}, "evening": {}}}, nil)
	for _, tt := range []struct {
		block  surveys.Block
		cohort surveys.CohortID
		want   string
	}{
		{surveys.BlockCohort, "six", "six"}, {surveys.BlockInstitution, "six", "garn"},
		{surveys.BlockInstitution, "evening", "evening"}, {surveys.BlockProgramme, "six", ""},
	} {
		d.Strand.Block = tt.block
		if got := d.Block(tt.cohort); got != tt.want {
			t.Errorf("Block by %s of %s = %q, want %q", tt.block, tt.cohort, got, tt.want)
		}
	}
}
