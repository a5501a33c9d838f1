package surveys_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// small is a variant for younger pupils: simpler words, an item fewer, one more.
func small(tb testing.TB) questionnaire.Definition {
	tb.Helper()
	def := definition(tb)
	item(tb, &def, "stress").Label = questionnaire.Text{"en": "How wobbly do you feel?"}
	about := &def.Parts[1]
	for i := range about.Items {
		if about.Items[i].ID == "sleep" {
			about.Items[i] = questionnaire.Item{ID: "favourite", Kind: questionnaire.KindShortText, Label: questionnaire.Text{"en": "What do you like?"}}
		}
	}
	return def
}

// phased is a plan with a variant for the early years.
func phased() surveys.Programme {
	p := plan()
	p.Strands[0].Variants = []surveys.StrandVariant{{Phase: "Early years", Questionnaire: "small"}}
	return p
}

// TestVariantsByPhase: the phase of a cohort, its own or its institution's, picks
// what its links ask, and one dataset has all answers.
func TestVariantsByPhase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Publish(w.ctx, "small", small(t))
	must(t, err)
	p, err := w.CreateProgramme(w.ctx, phased())
	must(t, err)
	w.ctx = w.as(t, ownerEmail)
	nursery, err := w.CreateInstitution(w.ctx, surveys.Institution{Programme: p.ID, Name: "Nursery", Phase: " early Years "})
	must(t, err)
	for i, tt := range []struct {
		cohort surveys.Cohort
		want   questionnaire.ID
	}{
		{surveys.Cohort{Name: "no phase"}, "views"},
		{surveys.Cohort{Name: "its own", Phase: "EARLY YEARS"}, "small"},
		{surveys.Cohort{Name: "its institution's", Institution: nursery.ID}, "small"},
		{surveys.Cohort{Name: "its own before its institution's", Institution: nursery.ID, Phase: "Primary"}, "views"},
	} {
		tt.cohort.Programme = p.ID
		c, err := w.CreateCohort(w.ctx, tt.cohort)
		must(t, err)
		l, err := w.CreateLink(w.ctx, surveys.Link{Programme: p.ID, Strand: "pupils", Cohort: c.ID, Wave: questionnaire.WavePre})
		must(t, err)
		raw := form(questionnaire.Raw{"sleep": nil})
		r, err := w.Submit(t.Context(), l.Token, surveys.Submission{ID: surveys.ResponseID("response_of_" + string(rune('a'+i))), Raw: raw})
		must(t, err)
		if r.Questionnaire != tt.want {
			t.Errorf("%s: answered %s, want %s", tt.cohort.Name, r.Questionnaire, tt.want)
		}
	}
	_, err = w.Publish(w.ctx, "small", small(t))
	must(t, err)
	data, err := w.Dataset(w.ctx, p.ID, "pupils")
	must(t, err)
	var names []string
	for i := range data.Instruments {
		names = append(names, data.VersionName(i))
	}
	if diff := cmp.Diff([]string{"views 1", "small 1", "small 2"}, names); diff != "" {
		t.Errorf("forms (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 2, 1}, data.NewestFirst()); diff != "" {
		t.Errorf("NewestFirst (-want +got)\n%s", diff)
	}
	forms := map[string]int{}
	for r, err := range data.Responses(w.ctx) {
		must(t, err)
		forms[data.VersionName(data.IndexOf(&r))]++
		if data.Instrument(&r).Version().Questionnaire != r.Questionnaire {
			t.Errorf("Instrument of %s is another questionnaire's", r.ID)
		}
	}
	if diff := cmp.Diff(map[string]int{"views 1": 2, "small 1": 2}, forms); diff != "" {
		t.Errorf("answered (-want +got)\n%s", diff)
	}
	for _, id := range []questionnaire.ItemID{"sleep", "favourite", "stress"} {
		if _, ok := data.Latest.Variable(id); !ok {
			t.Errorf("what is measured lacks %s", id)
		}
	}
	if data.IndexOf(&surveys.Response{Questionnaire: "other", Version: 1}) != -1 || data.Instrument(&surveys.Response{Questionnaire: "views", Version: 2}) != nil {
		t.Error("a form that is not there was found")
	}
	open, err := w.OpenAnswers(w.ctx, p.ID, "pupils")
	must(t, err)
	if len(open) != 4 {
		t.Errorf("%d open answers, want 4", len(open))
	}
	list, err := w.Questionnaires(w.ctx)
	must(t, err)
	if len(list) != 2 || len(list[0].Programmes) != 1 || len(list[1].Programmes) != 2 {
		t.Errorf("Questionnaires = %+v, want small used by one programme and views by two", list)
	}
}

// TestCoreIsKept: what could not be counted together is refused when a plan is
// saved, and when a version is published later.
func TestCoreIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	apart := small(t)
	item(t, &apart, "stress").Kind = questionnaire.KindShortText
	item(t, &apart, "stress").Low, item(t, &apart, "stress").High = nil, nil
	apart.Measures = nil
	_, err := w.Publish(w.ctx, "small", apart)
	must(t, err)
	all, err := w.CheckCore(w.ctx, "views", "small")
	must(t, err)
	want := surveys.CoreDisagreement{A: "views", B: "small", Disagreement: questionnaire.Disagreement{ID: "stress", Field: "kind", InA: "scale_0_10", InB: "short_text"}}
	if diff := cmp.Diff([]surveys.CoreDisagreement{want}, all); diff != "" {
		t.Errorf("CheckCore (-want +got)\n%s", diff)
	}
	_, err = w.CheckCore(w.ctx, "views", "nothing")
	wantError(t, "CheckCore of nothing", err, surveys.KindNotFound, "questionnaire.not_found")
	_, err = w.CreateProgramme(w.ctx, phased())
	wantField(t, "a plan of variants that disagree", err, "strands[0].variants")

	agreed := phased()
	agreed.Strands[0].Variants[0].Questionnaire = "tiny"
	_, err = w.CreateProgramme(w.ctx, agreed) // tiny is not published yet
	must(t, err)
	_, err = w.Publish(w.ctx, "tiny", apart)
	wantError(t, "a first version that disagrees", err, surveys.KindInvalid, "strand.core")
	_, err = w.Publish(w.ctx, "tiny", small(t))
	must(t, err)
	more := small(t)
	item(t, &more, "travel").Choices = append(item(t, &more, "travel").Choices, questionnaire.Choice{Code: "bike", Label: questionnaire.Text{"en": "By bike"}})
	_, err = w.Publish(w.ctx, "tiny", more) // counted together all the same
	must(t, err)
	score := 5.0
	item(t, &more, "travel").Choices[0].Score = &score
	_, err = w.Publish(w.ctx, "tiny", more)
	wantError(t, "a score that differs", err, surveys.KindInvalid, "strand.core")
}

func TestVariantsAreChecked(t *testing.T) {
	t.Parallel()
	p := phased()
	p.Strands[0].Variants = append(p.Strands[0].Variants, surveys.StrandVariant{Phase: "early years ", Questionnaire: "No id"}, surveys.StrandVariant{})
	err := surveys.CheckProgramme(p)
	want := []string{
		"strands[0].variants[2].phase field.invalid", "strands[0].variants[2].questionnaire field.invalid",
		"strands[0].variants[1].questionnaire questionnaire.bad_id", "strands[0].variants[1].phase strand.variant_phase",
	}
	if diff := cmp.Diff(want, controls(t, err)); diff != "" {
		t.Errorf("CheckProgramme (-want +got)\n%s", diff)
	}
}
