package outcomes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// note returns the text of a note, "" if it is not there.
func note(m *outcomes.MeasureResult, key outcomes.NoteKey) string {
	for _, n := range m.Notes {
		if n.Key == key {
			return n.Text
		}
	}
	return ""
}

// TestSensitivityPairs: the result of exact pairs only stands beside that of all.
func TestSensitivityPairs(t *testing.T) {
	t.Parallel()
	stress := measure(t, pairsOfThree(t).report(outcomes.Options{}), "stress")
	var got []string
	for _, p := range stress.Sensitivity.Pairs {
		got = append(got, fmt.Sprintf("%s %d %v", p.Pairs, p.N, p.Change))
	}
	if want := "[exact 2 -1.5 near 3 -1 reviewed 3 -1]"; fmt.Sprint(got) != want {
		t.Errorf("pairs = %v, want %s", got, want)
	}
	if text := note(stress, outcomes.NotePairs); !strings.Contains(text, "−1.50 (n = 2)") || !strings.Contains(text, "−1.00 (n = 3)") {
		t.Errorf("note = %q", text)
	}
}

// TestSensitivityReviewedPairs: a pair that a person made counts in the last of the
// three only.
func TestSensitivityReviewedPairs(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	b.data.Decisions = []pairing.Decision{{Pre: "p4", Post: "q5", Accepted: true}}
	var got []string
	for _, p := range measure(t, b.report(outcomes.Options{}), "stress").Sensitivity.Pairs {
		got = append(got, fmt.Sprintf("%s %d %v", p.Pairs, p.N, p.Change))
	}
	if want := "[exact 2 -1.5 near 3 -1 reviewed 4 -0.75]"; fmt.Sprint(got) != want {
		t.Errorf("pairs = %v, want %s", got, want)
	}
}

// TestSensitivityDropOut: if nobody who left had changed, the change is spread over
// all who began.
func TestSensitivityDropOut(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	for i := range 4 {
		b.send(fmt.Sprintf("p%d", i), pre, 1, "AAA"+string(rune('A'+i)), fmt.Sprintf("stress=%d events=0", 5+i%2))
		b.send(fmt.Sprintf("q%d", i), post, 9, "AAA"+string(rune('A'+i)), fmt.Sprintf("stress=%d events=1", 3+i%2))
	}
	b.data.Strand.ReviewNear = true
	for i := range 4 {
		b.send(fmt.Sprintf("l%d", i), pre, 1, strings.Repeat(string(rune('S'+i)), 4), fmt.Sprintf("stress=%d events=%d", 9+i%2, i%2))
	}
	r := b.report(outcomes.Options{})
	d := measure(t, r, "stress").Sensitivity.DropOut
	if d == nil || d.NStayed != 4 || d.NLeft != 4 || d.NBegan != 8 || !d.Marked {
		t.Fatalf("drop-out = %+v, want 4 of 8, marked", d)
	}
	want(t, "change over all", d.Change, -1)
	want(t, "improved of all", d.Improved, 50)
	want(t, "yes of all", measure(t, r, "events").Sensitivity.DropOut.Improved, 75)
	if text := note(measure(t, r, "stress"), outcomes.NoteDropOut); !strings.Contains(text, "The 4 who left") {
		t.Errorf("note = %q", text)
	}
}

// TestSensitivityRoomToMove: who was at the best value could not improve.
func TestSensitivityRoomToMove(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignPrePost, course())
	for i, said := range []int{0, 0, 6, 7, 8} { // less stress is better
		code := strings.Repeat(string(rune('A'+i)), 4)
		b.send(fmt.Sprintf("p%d", i), pre, 1, code, fmt.Sprintf("stress=%d", said))
		b.send(fmt.Sprintf("q%d", i), post, 9, code, fmt.Sprintf("stress=%d", max(0, said-2)))
	}
	m := measure(t, b.report(outcomes.Options{}), "stress")
	room := m.Sensitivity.RoomToMove
	if room == nil || room.N != 3 {
		t.Fatalf("room to move = %+v, want 3 people", room)
	}
	want(t, "at best", room.AtBest, 40)
	want(t, "improved", room.Improved, 100)
	want(t, "improved of all", m.Paired.Change.ImprovedPct, 60)
	if text := note(m, outcomes.NoteCeiling); !strings.HasPrefix(text, "40% were at the best") || !strings.Contains(text, "of the 3 who could, 100% did") {
		t.Errorf("note = %q", text)
	}
}

// TestLater: the follow-up has a result and a base of its own.
func TestLater(t *testing.T) {
	t.Parallel()
	later := measure(t, pairsOfThree(t).report(outcomes.Options{}), "stress").Later
	if len(later) != 2 || later[0].From != pre || later[1].From != post {
		t.Fatalf("later = %+v, want from before and from after", later)
	}
	if p := later[0].Paired; p.NMatched != 1 || p.NPre != 4 || p.NPost != 1 || p.Diff.Mean != outcomes.Est(-4) {
		t.Errorf("from before = %d of %d, mean %v, want 1 of 4 and -4", p.NMatched, p.NPre, p.Diff.Mean)
	}
	if p := later[1].Paired; p.Diff.Mean != outcomes.Est(0) {
		t.Errorf("from after = %v, want 0", p.Diff.Mean)
	}
}

// TestLaterRepeats: who answers the follow-up alone counts in its base, once.
func TestLaterRepeats(t *testing.T) {
	t.Parallel()
	b := pairsOfThree(t)
	for _, id := range []string{"f2", "f2again"} {
		b.send(id, questionnaire.WaveFollowUp, 30, "WXYZ", "a=5 b=5 c=5 d=5 e=1 events=1 stress=2")
	}
	if p := measure(t, b.report(outcomes.Options{}), "stress").Later[0].Paired; p.NMatched != 1 || p.NPost != 2 {
		t.Errorf("from before = %d pairs, %d at the follow-up, want 1 and 2", p.NMatched, p.NPost)
	}
}

// thrice asks the same before, and afterwards then and now.
func thrice() questionnaire.Definition {
	m := measureOf("skill", "skill", "score", "higher")
	m.Before = "skill_before"
	single := questionnaire.Item{ID: "skill_before", Kind: questionnaire.KindSingleChoice, Label: words("Skill"), Choices: scored(1, 5), Waves: []questionnaire.Wave{pre}}
	row := questionnaire.Item{ID: "skills", Kind: questionnaire.KindThenNow, Label: words("Skills"), Choices: scored(1, 5), Rows: rows("skill"), Waves: []questionnaire.Wave{post}}
	return definition([]questionnaire.Item{single, row}, nil, m)
}

// TestContrasts: what was measured before, what is remembered of it and what is now
// are three results, each labelled, and the third is the difference of the others.
func TestContrasts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newDataset(t, surveys.DesignPrePost, thrice())
		draw := drawing(rt)
		for i := range 3 + draw(20) {
			code := fmt.Sprintf("%c%c%c%c", 'A'+i, 'A'+i, 'A'+i, 'A'+i)
			b.send(fmt.Sprintf("p%d", i), pre, 1, code, fmt.Sprintf("skill_before=%d", 1+draw(5)))
			b.send(fmt.Sprintf("q%d", i), post, 9, code, fmt.Sprintf("%s=%d %s=%d", questionnaire.MomentID("skill", questionnaire.MomentThen), 1+draw(5), questionnaire.MomentID("skill", questionnaire.MomentNow), 1+draw(5)))
		}
		m := measure(t, b.report(outcomes.Options{}), "skill")
		if len(m.Contrasts) != 3 || !m.FromMemory {
			rt.Fatalf("contrasts = %+v, from memory %t", m.Contrasts, m.FromMemory)
		}
		change := map[string]float64{}
		for _, c := range m.Contrasts {
			change[c.Name], _ = c.Paired.Diff.Mean.Float()
		}
		if off := change["post-pre"] - change["post-then"] - change["then-pre"]; off > 1e-9 || off < -1e-9 {
			rt.Errorf("post-pre %v, post-then %v, then-pre %v do not add up", change["post-pre"], change["post-then"], change["then-pre"])
		}
		if main, _ := m.Paired.Diff.Mean.Float(); main != change["post-then"] {
			rt.Errorf("the result is %v, want that of then and now", main)
		}
		if text := note(m, outcomes.NoteMemory); !strings.Contains(text, "from memory") {
			rt.Errorf("note = %q", text)
		}
	})
}

// TestUnlinked: two groups, and no word of anybody's change.
func TestUnlinked(t *testing.T) {
	t.Parallel()
	b := newDataset(t, surveys.DesignUnlinked, course())
	for i := range 6 {
		b.send(fmt.Sprintf("p%d", i), pre, 1, "", fmt.Sprintf("stress=%d events=%d", 5+i%3, i%2))
	}
	for i := range 5 {
		b.send(fmt.Sprintf("q%d", i), post, 9, "", fmt.Sprintf("stress=%d events=1", 2+i%3))
	}
	r := b.report(outcomes.Options{})
	stress, events := measure(t, r, "stress"), measure(t, r, "events")
	if u := stress.Unlinked; u == nil || u.NPre != 6 || u.NPost != 5 || stress.Paired != nil {
		t.Fatalf("stress = %+v, want two groups", stress.Result)
	}
	if lead := stress.Lead; lead.Test.Name != questionnaire.TestMannWhitney || lead.Effect.Name != questionnaire.EffectGS {
		t.Errorf("lead = %+v, want Mann–Whitney and g_s", lead)
	}
	want(t, "difference in points", events.Unlinked.Share.DiffPP, 50)
	if r.Pairing != nil || r.Reach.People != 6 || r.Reach.PeopleAtMost != 11 {
		t.Errorf("reach = %d to %d, pairing %v, want 6 to 11 and none", r.Reach.People, r.Reach.PeopleAtMost, r.Pairing)
	}
	for _, h := range outcomes.Headlines(r, "en")[1:] { // the first has no figure
		if strings.Contains(h.Text, "improved") || strings.Contains(h.Text, "both questionnaires") || !strings.Contains(h.Text, "not linked") {
			t.Errorf("%q speaks of more than two groups", h.Text)
		}
	}
	if outcomes.Caveat(surveys.DesignUnlinked) == "" {
		t.Error("no caveat")
	}
	roundTrip(t, r)
}

// TestNoteChanged: a measure that was changed after the first answer says so.
func TestNoteChanged(t *testing.T) {
	t.Parallel()
	before, after := course(), course()
	after.Measures[2].Direction = "higher"
	b := newDataset(t, surveys.DesignPrePost, before, after)
	b.send("p1", pre, 1, "ABCD", "stress=1")
	v := b.data.Latest.Version()
	v.Published = time.Date(2024, 5, 3, 12, 0, 0, 0, time.UTC)
	r := b.report(outcomes.Options{})
	if text := note(measure(t, r, "stress"), outcomes.NoteChanged); text != "This measure (its direction) was changed after answers had come in, on 3 May 2024 with version 2." {
		t.Errorf("note = %q", text)
	}
	if text := note(measure(t, r, "confidence"), outcomes.NoteChanged); text != "" {
		t.Errorf("note of what was not changed = %q", text)
	}
}

// TestLead: what was chosen leads, and Holm adjusts that test.
func TestLead(t *testing.T) {
	t.Parallel()
	def := course()
	def.Measures[0].Test, def.Measures[0].Effect = questionnaire.TestSign, questionnaire.EffectDz
	b := newDataset(t, surveys.DesignPrePost, def)
	for i := range 8 {
		code := strings.Repeat(string(rune('A'+i)), 4)
		b.send(fmt.Sprintf("p%d", i), pre, 1, code, fmt.Sprintf("a=%d b=2 c=2 d=2 e=3", 1+i%3), in(fmt.Sprintf("c%d", i/4)))
		b.send(fmt.Sprintf("q%d", i), post, 9, code, "a=4 b=4 c=4 d=3 e=2")
	}
	m := measure(t, b.report(outcomes.Options{}), "confidence")
	if m.Lead.Test.P != m.Paired.Sign.P || m.Lead.Effect.Value != m.Paired.Effect.Dz || m.Lead.Test.Words() != "sign test" {
		t.Errorf("lead = %+v, want the sign test and d_z", m.Lead)
	}
	for _, g := range m.Breakdowns[0].Groups {
		if p, _ := g.Paired.Sign.P.Float(); g.HolmP == nil || *g.HolmP != outcomes.Est(min(1, 2*p)) {
			t.Errorf("%s: Holm %v, want twice %v", g.Name, g.HolmP, p)
		}
	}
}

// TestBands: who moved from one band to another, and whether that is better.
func TestBands(t *testing.T) {
	t.Parallel()
	for direction, want := range map[string][2]int{"higher": {2, 1}, "lower": {1, 2}} {
		def := course()
		def.Measures[0].Direction = direction
		def.Scales[0].Bands = []questionnaire.Band{{Min: 1, Max: 2.5, Label: words("low")}, {Min: 2.51, Max: 5, Label: words("high")}}
		b := newDataset(t, surveys.DesignPrePost, def)
		for i, said := range [][2]int{{1, 4}, {2, 2}, {4, 4}, {5, 1}, {1, 5}} {
			code := strings.Repeat(string(rune('A'+i)), 4)
			all := func(n int) string { return fmt.Sprintf("a=%d b=%d c=%d d=%d e=%d", n, n, n, n, 6-n) }
			b.send(fmt.Sprintf("p%d", i), pre, 1, code, all(said[0]))
			b.send(fmt.Sprintf("q%d", i), post, 9, code, all(said[1]))
		}
		got := measure(t, b.report(outcomes.Options{}), "confidence").Bands
		if got == nil || got.N != 5 || got.Better != want[0] || got.Same != 2 || got.Worse != want[1] || got.Bands[0].Before != 3 || got.Bands[1].After != 3 {
			t.Errorf("%s is better: bands = %+v, want %d better, 2 same, %d worse", direction, got, want[0], want[1])
		}
	}
}

// TestScaleNotes: scores with items left out, and answers that a person should look at,
// are counted once for somebody who sent the same twice.
func TestScaleNotes(t *testing.T) {
	t.Parallel()
	def := course()
	def.Scales[0].Flags = []questionnaire.ScoreFlag{{Item: "a", AtLeast: 4}}
	b := newDataset(t, surveys.DesignPrePost, def)
	for _, id := range []string{"p1", "p1again"} {
		b.send(id, pre, 1, "ABCD", "a=4 b=1 c=1 d=1 events=1 stress=7")
	}
	b.send("p2", pre, 1, "EFGH", "a=3 b=1 c=1 d=1 e=1")
	if n := b.report(outcomes.Options{}).Scales[0]; *n.Prorated != 1 || n.Flags[0].N != 1 {
		t.Errorf("%d scores with items left out, %d flagged; want 1 each", *n.Prorated, n.Flags[0].N)
	}
}
