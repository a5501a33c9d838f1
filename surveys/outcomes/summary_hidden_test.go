package outcomes_test

import (
	"fmt"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// linkedPeople answer both times: of everyone so many said no and no, no and yes, yes
// and no, yes and yes.
func linkedPeople(t testing.TB, n00, n01, n10, n11 int) *builder {
	b := newDataset(t, surveys.DesignPrePost, course())
	i := 0
	for kind, n := range []int{n00, n01, n10, n11} {
		for range n {
			i++
			code := fmt.Sprintf("%c%c%c%c", 'A'+i%26, 'A'+i/26%26, 'A'+i*7%26, 'A'+i*11%26)
			b.send(fmt.Sprint("before", i), pre, 1+i%20, code, fmt.Sprintf("events=%d stress=%d", kind/2, 3+i%6))
			b.send(fmt.Sprint("after", i), post, 21+i%9, code, fmt.Sprintf("events=%d stress=%d", kind%2, 2+i%5))
		}
	}
	return b
}

// TestSummaryOfWhatIsHidden: what is hidden is not said to be nobody.
func TestSummaryOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	crowd := crowdOf(t, map[string]int{"1 Elm P": 3, "2 Oak P": 25})
	apart := newDataset(t, surveys.DesignUnlinked, course())
	for i := range 30 {
		if i < 4 {
			apart.send(fmt.Sprint("before", i), pre, 1, "", "events=1 stress=4")
		}
		apart.send(fmt.Sprint("after", i), post, 2, "", "events=1 stress=4")
	}
	for _, test := range []struct {
		name       string
		report     *outcomes.Report
		want, lack []string
	}{
		{"a cell of few", linkedPeople(t, 20, 22, 3, 25).report(outcomes.Options{Profile: surveys.ProfilePublished}),
			[]string{"events: 45 of 70 participants (64%) answered “1” after, 30 (43%) before"}, []string{"0 of 70", " 0 ("}},
		{"few people", linkedPeople(t, 2, 2, 2, 1).report(outcomes.Options{Profile: surveys.ProfilePublished}),
			[]string{"lead: So few answered that their number is not shown."}, []string{"nobody before", "Nobody", "0 participants", "none of"}},
		{"of some few", crowd.report(outcomes.Options{Profile: surveys.ProfilePublished, Filter: surveys.Filter{Cohorts: []surveys.CohortID{"1 Elm P"}}}),
			[]string{"lead: So few answered that their number is not shown."}, []string{"Nobody", "0 participants", "none of"}},
		{"few in a rating", crowdOf(t, map[string]int{"1 Elm P": 3}).report(outcomes.Options{Profile: surveys.ProfilePublished}),
			[]string{"lead: So few answered that their number is not shown."}, []string{"Nobody", "0 participants"}},
		{"few before", apart.report(outcomes.Options{Profile: surveys.ProfilePublished}),
			[]string{"lead: So few answered that their number is not shown."}, []string{"0 before"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Join(said(test.report), "\n")
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("the summary does not say\n%s\nbut\n%s", want, text)
				}
			}
			for _, lack := range test.lack {
				if strings.Contains(text, lack) {
					t.Errorf("the summary says %q:\n%s", lack, text)
				}
			}
		})
	}
}

// TestSummaryOfAPublicationNamesNoDay: the first and the last answer are each of one
// person.
func TestSummaryOfAPublicationNamesNoDay(t *testing.T) {
	t.Parallel()
	r := linkedPeople(t, 20, 22, 13, 25).report(outcomes.Options{Profile: surveys.ProfilePublished})
	if text := strings.Join(said(r), "\n"); !strings.Contains(text, "who:when: All answers were given in March 2024.") {
		t.Errorf("the summary says\n%s", text)
	}
	if r.First.Day() != 1 || r.Last.Day() != 1 {
		t.Errorf("the report has %v and %v, want months", r.First, r.Last)
	}
}

// TestHeadlineOfWhatIsHidden: where the share of one of two groups is hidden, its
// number is not given as nobody.
func TestHeadlineOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	apart := newDataset(t, surveys.DesignUnlinked, course())
	for i := range 30 {
		apart.send(fmt.Sprint("before", i), pre, 1, "", fmt.Sprintf("events=%d", (i+28)/30-i/29))
		apart.send(fmt.Sprint("after", i), post, 2, "", fmt.Sprintf("events=%d", i%2))
	}
	r := apart.report(outcomes.Options{Profile: surveys.ProfilePublished})
	for _, h := range outcomes.Headlines(r, "en") {
		if h.Measure == "events" && (strings.Contains(h.Text, "(0 of") || strings.Contains(h.Text, "–") || !h.Figure.OK()) {
			t.Errorf("%q, %v", h.Text, h.Figure)
		}
	}
}
