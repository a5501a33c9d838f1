package exports_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/exports"
	"soundings/surveys"
)

// variants is a world whose second cohort answers the second wording of the
// questionnaire, under an id of its own: same number of version, an item more, a
// choice more, another wording.
func variants(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignPrePost, "wellbeing-1.json")
	w.service = w.service.At(origin.AddDate(0, 0, -1))
	w.publish("grown", must(os.ReadFile("testdata/wellbeing-2.json")))
	plan := w.programme
	plan.Strands[0].Variants = []surveys.StrandVariant{{Phase: "Secondary", Questionnaire: "grown"}}
	w.programme = must(w.service.CreateProgramme(w.ctx, plan))
	account, _ := surveys.AccountFrom(w.ctx)
	account.Roles = map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: surveys.Roles()}
	w.ctx = surveys.WithAccount(tb.Context(), account)
	w.cohorts = nil
	for _, phase := range []string{"Primary", "Secondary"} {
		place := must(w.service.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: phase + " school", Phase: phase}))
		w.addCohort(phase, place.ID, surveys.DesignPrePost)
	}
	w.service = w.service.At(origin.AddDate(1, 0, 0))
	w.add("00000000000000000000000001", 0, "pre", 0, "AN07HI05", `{"heard":"friend","w1":"1","w2":"3","stress":8,"visits":"no"}`)
	w.add("00000000000000000000000002", 1, "pre", 0, "BO11LA06", `{"heard":"poster","w1":"2","w2":"2","stress":5,"visits":"no","walks":2}`)
	w.add("00000000000000000000000011", 0, "post", 40, "AN07HI05", `{"w1":"3","w2":"1","stress":3,"visits":"yes","helped":["talk"],"recommend":9,"changed":"Much","may_quote":"yes"}`)
	w.add("00000000000000000000000012", 1, "post", 41, "BO11LA06", `{"w1":"3","w2":"2","stress":4,"visits":"yes","walks":7,"helped":["song"],"recommend":10,"changed":"More","may_quote":"yes"}`)
	w.decide("00000000000000000000000012", "changed", "More")
	return w
}

// TestWorkbookOfVariants: one row a response whatever it answered, joined by the
// ids of variables, and a codebook that says which variant has what.
func TestWorkbookOfVariants(t *testing.T) {
	file := variants(t).workbook(exports.Options{})
	f := open(t, file)
	codes := must(f.GetRows("Responses (codes)"))
	got := map[string][]string{}
	for _, name := range []string{"questionnaire", "version", "heard", "w1", "stress", "walks", "helped"} {
		for _, row := range codes[1:] {
			value := ""
			for i, heading := range codes[0] {
				if heading == name && i < len(row) {
					value = row[i]
				}
			}
			got[name] = append(got[name], value)
		}
	}
	want := map[string][]string{
		"questionnaire": {"form", "grown", "form", "grown"}, "version": {"1", "1", "1", "1"},
		"heard": {"friend", "poster", "", ""}, "w1": {"1", "2", "3", "3"}, "stress": {"8", "5", "3", "4"},
		"walks": {"", "2", "", "7"}, "helped": {"", "", "talk", "song"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-want +got)\n%s", diff)
	}
	book := map[string]string{}
	for _, row := range must(f.GetRows("Codebook")) {
		book[row[0]] = strings.Join(row[4:7], " | ")
	}
	for name, want := range map[string]string{
		"walks":       "0 to 50 | Before, After | grown 1",
		"stress":      "0 to 10: 0 = not at all; 10 = very | Before, After | form 1 and grown 1",
		"heard":       "friend = A friend; other = Other, please say; poster = A poster | Before | form 1 and grown 1",
		"helped_song": "0 = Not ticked; 1 = Ticked | After | form 1 and grown 1",
	} {
		if book[name] != want {
			t.Errorf("codebook of %s: %s, want %s", name, book[name], want)
		}
	}
	cover := listing(t, file)
	if !strings.Contains(cover, "Variants and their versions: form 1 and grown 1 together") {
		t.Error("the cover does not say which variants were answered")
	}
	if !strings.Contains(cover, `Quotes!B`) || !strings.Contains(cover, `"More"`) {
		t.Error("the quote of a variant is missing")
	}
}
