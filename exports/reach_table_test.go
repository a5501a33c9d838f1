package exports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// TestReachTable: a row for each measure and group; what is hidden is an empty cell
// with its reason, and a quarter has no share of what was expected.
func TestReachTable(t *testing.T) {
	t.Parallel()
	whole := outcomes.ReachRow{By: "everyone", Pre: 55, Post: 47, Matched: 44, People: 55, AtMost: 58, Took: 57, Cohorts: 4}
	quarter := whole
	quarter.By, quarter.Name = "quarter", "2023/24 Q3"
	table := exports.ReachTable(outcomes.ProgrammeReach{
		People: 55, PeopleAtMost: 58, TargetPeople: 60,
		Strands: []outcomes.StrandReached{
			{Title: "Parents", Design: surveys.DesignPrePost, Target: 60, Reach: outcomes.Reach{Rows: []outcomes.ReachRow{
				whole, {By: "area", Name: "North", Suppressed: true}, {By: "month", Name: "2023-10", Pre: 3}, quarter,
			}}},
			{Title: "Teachers", Design: surveys.DesignRating, Reach: outcomes.Reach{
				Workshops: &outcomes.WorkshopReach{All: 3},
				Rows:      []outcomes.ReachRow{{By: "everyone", Post: 9, People: 9, AtMost: 9, Cohorts: 2, Institutions: 2, Held: 3, Workshops: 2, Present: 54}},
			}},
		},
	})
	var got []string
	for _, row := range table.Rows {
		if len(row) != len(table.Columns) {
			t.Fatalf("%v has %d cells, want %d", row, len(row), len(table.Columns))
		}
		text := strings.ReplaceAll(fmt.Sprintln(row...), "<nil>", "-")
		got = append(got, strings.TrimSpace(text))
	}
	want := []string{
		"People who answered, at least All strands All All All 55 60 - - Counted per strand: who is in two strands counts in both",
		"People who answered, at most All strands All All All 58 60 - - Counted per strand: who is in two strands counts in both",
		"Answered before Parents All All All 55 - 57 96", "Answered after Parents All All All 47 - 57 82", "Matched people Parents All All All 44 - 57 77",
		"People who answered, at least Parents All All All 55 60 57 96", "People who answered, at most Parents All All All 58 60 57 102",
		"Cohorts with an answer Parents All All All 4 - - -", "Institutions with an answer Parents All All All 0 - - -",
		"Answered before Parents 2023/24 Q3 All All 55 - 57 -", "Answered after Parents 2023/24 Q3 All All 47 - 57 -", "Matched people Parents 2023/24 Q3 All All 44 - 57 -",
		"People who answered, at least Parents 2023/24 Q3 All All 55 - 57 -", "People who answered, at most Parents 2023/24 Q3 All All 58 - 57 -",
		"Cohorts with an answer Parents 2023/24 Q3 All All 4 - - -", "Institutions with an answer Parents 2023/24 Q3 All All 0 - - -",
		"People who answered, at least Parents All North All - - - - " + outcomes.ReasonWords(outcomes.Suppressed),
		"People who answered Teachers All All All 9 - - -", "Cohorts with an answer Teachers All All All 2 - - -", "Institutions with an answer Teachers All All All 2 - - -",
		"Workshops held Teachers All All All 3 - - -", "Workshops rated Teachers All All All 2 - - -",
		"Present in the workshops rated Teachers All All All 54 - - - Each workshop once",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}
