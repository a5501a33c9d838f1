package app_test

import (
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// TestReportFollowsDecisions changes an earlier decision about a pair and takes
// the last one again: the number and the last are as before, the report is not.
func TestReportFollowsDecisions(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("pre_one_000", "1", "1", "no", "")
	h.answers("pre_two_000", "2", "2", "no", "")
	after, err := h.service.CreateLink(h.owner, surveys.Link{
		Programme: h.link.Programme, Strand: h.link.Strand, Cohort: h.link.Cohort, Wave: questionnaire.WavePost})
	if err != nil {
		t.Fatal(err)
	}
	h.link = after
	h.answers("post_one_00", "2", "1", "no", "")
	h.answers("post_two_00", "3", "2", "no", "")
	decide := func(who string, same bool) {
		t.Helper()
		h.pass(time.Second)
		decision := pairing.Decision{Pre: "pre_" + who + "_000", Post: "post_" + who + "_00", Accepted: same}
		if err := h.service.DecidePair(h.owner, h.link.Programme, h.link.Strand, decision); err != nil {
			t.Fatal(err)
		}
	}
	d := h.ownersDesk()
	decide("one", true)
	decide("two", true)
	d.open(h.strandPath()).wants(t, 200, "2 were accepted by a person")
	decide("one", false)
	decide("two", true)
	d.open(h.strandPath()).wants(t, 200, "1 were accepted by a person")
}
