package outcomes_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

func TestBuildReach(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	b.data.Programme.Targets = surveys.Targets{People: 20, Institutions: 3}
	b.place("north", "Elm School", "Primary")
	b.place("south", "Elm School", "Primary")
	b.place("empty", "Oak School", "Secondary")
	b.expect("north", 10)
	b.expect("empty", 8)
	south := b.data.Cohorts["south"]
	south.Starts = "2023-12-01"
	b.data.Cohorts["south"] = south
	late := func(r *surveys.Response) { r.Submitted = time.Date(2024, 3, 31, 23, 30, 0, 0, time.UTC) } // in London it is April
	b.send("p1", pre, 1, "ABCD", "a=1", in("north"))
	b.send("q1", post, 1, "ABCD", "a=1", in("north"), late)
	b.send("q2", post, 2, "EFGH", "a=1", in("south"), func(r *surveys.Response) { r.Language = "pl" })
	r := b.report(outcomes.Options{})
	if r.Reach.People != 2 || r.Reach.Cohorts != 2 || r.Reach.Institutions != 1 || r.Reach.TargetInstitutions != 3 {
		t.Errorf("reach = %+v, want 2 people of 2 cohorts at 1 institution of 3", r.Reach)
	}
	rows := []outcomes.ReachRow{
		{By: "everyone", Pre: 1, Post: 2, Matched: 1, People: 2, AtMost: 2, Cohorts: 2, Institutions: 1},
		{By: "cohort", Name: "north", Pre: 1, Post: 1, Matched: 1, People: 1, AtMost: 1, Expected: 10, Cohorts: 1, Institutions: 1, Took: 10},
		{By: "cohort", Name: "south", Post: 1, People: 1, AtMost: 1, Cohorts: 1, Institutions: 1},
		{By: "cohort", Name: "empty", Expected: 8},
		{By: "institution", Name: "Elm School", Pre: 1, Post: 2, Matched: 1, People: 2, AtMost: 2, Cohorts: 2, Institutions: 1},
		{By: "institution", Name: "Oak School", Expected: 8},
		{By: "phase", Name: "Primary", Pre: 1, Post: 2, Matched: 1, People: 2, AtMost: 2, Cohorts: 2, Institutions: 1},
		{By: "phase", Name: "Secondary", Expected: 8},
		{By: "quarter", Name: "2023/24 Q3", Cohorts: 1, Institutions: 1},
		{By: "quarter", Name: "2023/24 Q4", Pre: 1, Post: 1, Matched: 1, People: 2, AtMost: 2, Cohorts: 1, Institutions: 1, Took: 10},
		{By: "quarter", Name: "2024/25 Q1", Post: 1},
		{By: "month", Name: "2024-03", Pre: 1, Post: 1, Matched: 1, People: 2, AtMost: 2},
		{By: "month", Name: "2024-04", Post: 1},
		{By: "language", Name: "en", Pre: 1, Post: 1, Matched: 1, People: 1, AtMost: 1},
		{By: "language", Name: "pl", Post: 1, People: 1, AtMost: 1},
	}
	if diff := cmp.Diff(rows, r.Reach.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestBuildReachCountsNobodyTwice: someone who answered before and someone who
// answered after may be one person who mistyped the code.
func TestBuildReachCountsNobodyTwice(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	b.data.Programme.Targets = surveys.Targets{People: 20, Institutions: 3}
	b.data.Programme.Strands = []surveys.Strand{b.data.Strand, {ID: "others"}}
	b.expect("c1", 3)
	b.send("p1", pre, 1, "ABCD", "a=1")
	b.send("p2", pre, 1, "EFGH", "a=1")
	b.send("p3", pre, 1, "IJKL", "a=1")
	b.send("q1", post, 1, "ABCD", "a=1")
	b.send("q2", post, 1, "WXYZ", "a=1")
	r := b.report(outcomes.Options{}).Reach
	if r.People != 3 || r.PeopleAtMost != 4 || r.TargetPeople != 0 || r.TargetInstitutions != 0 {
		t.Errorf("reach = %+v, want 3 to 4 people and no target, which is not for one strand of two", r)
	}
	for _, row := range r.Rows {
		if row.Expected > 0 && row.People > row.Expected {
			t.Errorf("%+v: more people than were there", row)
		}
	}
}

func (b *builder) expect(cohort surveys.CohortID, people int) {
	c := b.data.Cohorts[cohort]
	c.Expected = map[surveys.StrandID]int{"s": people}
	b.data.Cohorts[cohort] = c
}

func TestBuildOpenAnswers(t *testing.T) {
	t.Parallel()
	def := course()
	def.Parts[0].Items = append(def.Parts[0].Items,
		questionnaire.Item{ID: "quote_ok", Kind: questionnaire.KindConsent, Label: words("May we?"), Wording: "1"},
		questionnaire.Item{ID: "why", Kind: questionnaire.KindLongText, Label: words("Why?"), Quotable: true, Consent: "quote_ok"})
	b := newDataset(t, surveys.DesignRating, def)
	for id, consent := range map[string]string{"r1": questionnaire.ConsentYes, "r2": "", "r3": questionnaire.ConsentYes} {
		b.send(id, post, 1, "", "a=1", func(r *surveys.Response) {
			r.Answers["why"] = questionnaire.Answer{Text: "words"}
			r.Answers["quote_ok"] = questionnaire.Answer{Choice: consent}
		})
	}
	b.data.Readings[surveys.ReadingKey{Response: "r1", Variable: "why"}] = surveys.Reading{Status: surveys.QuoteApproved}
	if got, want := b.report(outcomes.Options{}).OpenAnswer, (outcomes.OpenCounts{All: 3, Unread: 2, Consented: 2, Approved: 1}); got != want {
		t.Errorf("open answers = %+v, want %+v", got, want)
	}
}
