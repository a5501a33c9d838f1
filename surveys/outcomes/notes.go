package outcomes

import (
	"fmt"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// notesOf puts into words what belongs beside a result.
func (p *plan) notesOf(d *surveys.Dataset, data *gathered, r *MeasureResult, reliable []ScaleReliability) []Note {
	var notes []Note
	add := func(key NoteKey, text string) {
		if text != "" {
			notes = append(notes, Note{key, text})
		}
	}
	add(NoteChanged, changedWords(d, data, p.measure))
	if r.FromMemory && d.Strand.Design != surveys.DesignThenNow {
		add(NoteMemory, "This was rated afterwards from memory: it is not to be set beside what was measured before and after.")
	}
	if r.Paired != nil {
		add(NoteCeiling, p.ceilingWords(r))
		add(NoteFloor, p.floorWords(r))
	}
	if s := r.Sensitivity; s != nil {
		add(NoteDropOut, dropOutWords(s.DropOut))
		add(NotePairs, pairsWords(s.Pairs))
		add(NoteClusters, clusterWords(s.Clusters))
	}
	add(NoteAlpha, alphaWords(p.measure.Of, reliable))
	return notes
}

func (p *plan) ceilingWords(r *MeasureResult) string {
	share, ok := p.params.atBest(r.Paired).Float()
	if !ok || share < manyAtEnd {
		return ""
	}
	text := fmt.Sprintf("%s were at the best possible value %s and could not improve", percentWords(Est(share)), r.first())
	if s := r.Sensitivity; s != nil && s.RoomToMove != nil && s.RoomToMove.Improved.OK() {
		text += fmt.Sprintf("; of the %s who could, %s did", count(s.RoomToMove.N), percentWords(s.RoomToMove.Improved))
	}
	return text + "."
}

// first is the word for the side that a change is measured from.
func (m *MeasureResult) first() string {
	if m.FromMemory {
		return "then"
	}
	return "before"
}

func (p *plan) floorWords(r *MeasureResult) string {
	share, ok := p.params.atWorst(r.Paired).Float()
	if !ok || share < manyAtEnd {
		return ""
	}
	return fmt.Sprintf("%s were at the worst possible value %s: they could only stay or improve.", percentWords(Est(share)), r.first())
}

func dropOutWords(d *DropOut) string {
	if d == nil || !d.Marked {
		return ""
	}
	return fmt.Sprintf("The %s who left started from a different place than the %s who stayed (mean %s against %s before, standardised difference %s): the change says less about everyone who began.",
		count(d.NLeft), count(d.NStayed), decimal(d.MeanLeft), decimal(d.MeanStayed), decimal(d.SMD))
}

// pairsWords sets the result of exact pairs beside that of all.
func pairsWords(pairs []PairsResult) string {
	if len(pairs) == 0 {
		return ""
	}
	exact, all := pairs[0], pairs[len(pairs)-1]
	if !exact.Change.OK() || !all.Change.OK() {
		return ""
	}
	return fmt.Sprintf("With only those whose codes are equal the change is %s (n = %s), with all pairs %s (n = %s).",
		decimal(exact.Change), count(exact.N), decimal(all.Change), count(all.N))
}

func clusterWords(c *Clusters) string {
	if c == nil || !c.CI.Low.OK() || c.DesignEffect.value <= 1 {
		return ""
	}
	return fmt.Sprintf("People of the same %s may answer alike (intraclass correlation %s over %s groups): allowing for that, the change lies between %s and %s.",
		c.By, decimal(c.ICC), count(c.Groups), decimal(c.CI.Low), decimal(c.CI.High))
}

// alphaWords warns of a scale whose items do not hang together.
func alphaWords(scale questionnaire.ItemID, reliable []ScaleReliability) string {
	for i := range reliable {
		one := &reliable[i]
		alpha, ok := one.Alpha.Float()
		if one.Scale != scale || !ok {
			continue
		}
		switch {
		case alpha < 0:
			return "The items of this scale contradict each other (alpha below 0): look whether one of them should be reversed."
		case alpha < leastAlpha && one.NComplete >= leastForReliable:
			return fmt.Sprintf("The items of this scale hang together weakly (alpha %s from %s people).", decimal(one.Alpha), count(one.NComplete))
		}
	}
	return ""
}

// changedWords says when a measure, or the scale it is of, was changed after the
// first answer came in: by a version published later in which it differs from the
// version before, or in which it is new.
func changedWords(d *surveys.Dataset, data *gathered, m *questionnaire.Measure) string {
	if data.began.IsZero() {
		return ""
	}
	before := map[questionnaire.ID]*questionnaire.Instrument{}
	for _, in := range d.Instruments {
		v := in.Version()
		earlier := before[v.Questionnaire]
		before[v.Questionnaire] = in
		if earlier == nil || !v.Published.After(data.began) {
			continue
		}
		if what := changedIn(earlier, in, m.ID); what != "" {
			return fmt.Sprintf("%s after answers had come in, on %s with version %d.", what, v.Published.In(d.Programme.Location()).Format("2 January 2006"), v.Number)
		}
	}
	return ""
}

// changedIn says what became of a measure from one version to the next; "" if
// nothing that changes its figures.
func changedIn(earlier, later *questionnaire.Instrument, id questionnaire.ItemID) string {
	now, ok := later.Measure(id)
	if !ok {
		return ""
	}
	then, ok := earlier.Measure(id)
	if !ok {
		return "This measure was added"
	}
	var parts []string
	for _, part := range []struct {
		name string
		same bool
	}{
		{"what it is of", then.Of == now.Of && then.Before == now.Before},
		{"its kind", then.Type == now.Type},
		{"its direction", then.Direction == now.Direction},
		{"its smallest change", sameNumber(then.MinChange, now.MinChange)},
		{"its top answers", slices.Equal(then.Top, now.Top)},
		{"its test", then.Test == now.Test},
		{"its effect", then.Effect == now.Effect},
		{"the scoring of its scale", sameScoring(earlier, later, now.Of)},
	} {
		if !part.same {
			parts = append(parts, part.name)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "This measure (" + strings.Join(parts, ", ") + ") was changed"
}

func sameNumber(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// sameScoring reports whether both versions score a scale alike.
func sameScoring(earlier, later *questionnaire.Instrument, id questionnaire.ItemID) bool {
	a, inA := earlier.Scale(id)
	b, inB := later.Scale(id)
	if !inA || !inB {
		return inA == inB
	}
	return a.Method == b.Method && a.Min == b.Min && a.Max == b.Max && a.MinAnswered == b.MinAnswered && a.Round == b.Round && a.Multiply == b.Multiply &&
		slices.Equal(a.Items, b.Items) && slices.Equal(a.Reverse, b.Reverse) && slices.Equal(a.Of, b.Of) && slices.Equal(a.Table, b.Table)
}
