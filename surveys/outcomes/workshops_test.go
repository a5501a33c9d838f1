package outcomes_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// TestBuildCountsWorkshopsApart: several teachers rate one workshop, its pupils
// count once.
func TestBuildCountsWorkshopsApart(t *testing.T) {
	t.Parallel()
	def := course()
	def.Parts[0].Items = append(def.Parts[0].Items, questionnaire.Item{ID: "present", Kind: questionnaire.KindNumber, Label: words("How many pupils?")})
	b := newDataset(t, surveys.DesignRating, def)
	b.data.Strand.Present = "present"
	b.data.Programme.Strands = []surveys.Strand{{ID: "pupils", Audience: surveys.AudienceParticipant, Design: surveys.DesignPrePost, People: "pupils"}, b.data.Strand}
	b.place("north", "Elm School", "Primary")
	b.place("south", "Oak School", "Primary")
	b.data.Workshops = map[surveys.WorkshopID]surveys.Workshop{
		"w1": {ID: "w1", Cohort: "north", Attended: 28}, "w2": {ID: "w2", Cohort: "north"}, "w3": {ID: "w3", Cohort: "south"}, "w4": {ID: "w4", Cohort: "south", Attended: 99},
	}
	rate := func(id string, cohort surveys.CohortID, workshop surveys.WorkshopID, present float64) {
		b.send(id, post, 1, "", "a=1", in(string(cohort)), func(r *surveys.Response) {
			r.Workshop = workshop
			if present > 0 {
				r.Answers["present"] = questionnaire.Answer{Number: &present}
			}
		})
	}
	rate("r1", "north", "w1", 30) // who led it counted 28
	rate("r2", "north", "w1", 0)
	rate("r3", "north", "w2", 25)
	rate("r4", "north", "w2", 250) // a slip of the key
	rate("r5", "north", "w2", 26)
	rate("r6", "south", "w3", 0) // nobody said
	rate("r7", "south", "", 31)
	rate("r8", "south", "w3", 9e14) // no count, and all that anybody said of it
	r := b.report(outcomes.Options{})
	want := &outcomes.WorkshopReach{People: "pupils", All: 4, Rated: 3, Present: 54, Counted: 2, Undated: 4, Unnamed: 1}
	if diff := cmp.Diff(want, r.Reach.Workshops); diff != "" {
		t.Fatalf("workshops (-want +got):\n%s", diff)
	}
	if r.Reach.People != 8 {
		t.Errorf("%d raters, want 8", r.Reach.People)
	}
	got := map[string][3]int{}
	for _, row := range r.Reach.Rows {
		got[row.By+" "+row.Name] = [3]int{row.People, row.Workshops, row.Present}
	}
	for name, want := range map[string][3]int{
		"everyone ": {8, 3, 54}, "cohort north": {5, 2, 54}, "cohort south": {3, 1, 0}, "institution Oak School": {3, 1, 0}, "phase Primary": {8, 3, 54}, "language en": {8, 0, 0},
	} {
		if got[name] != want {
			t.Errorf("%s: raters, workshops, present = %v, want %v", name, got[name], want)
		}
	}
	if got, want := r.Reach.Workshops.Sentence(7, "teachers"), "6 teachers rated 3 of 4 workshops, with 54 pupils present (counted at 2 of them); 1 more named no workshop"; got != want {
		t.Errorf("sentence = %q, want %q", got, want)
	}
	if none := newDataset(t, surveys.DesignPrePost, course()).report(outcomes.Options{}); none.Reach.Workshops != nil {
		t.Errorf("workshops = %+v of a design that rates nothing", none.Reach.Workshops)
	}
}
