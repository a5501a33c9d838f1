package questionnaire_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

// drawnLogic is a form of items that look at each other, on several parts and in
// groups, without circles: an item looks only at those before it, but for a few
// relevances that look ahead.
func drawnLogic(t *rapid.T) *q.Instrument {
	n := rapid.IntRange(2, 9).Draw(t, "items")
	d := q.Definition{Title: q.Text{"en": "Test"}, Languages: []string{"en"}, Groups: []q.Group{{ID: "g"}, {ID: "h", In: "g"}}}
	var known []q.ItemID
	for i := range n {
		id := q.ItemID(fmt.Sprintf("i%d", i))
		if i == 0 || rapid.IntRange(0, 3).Draw(t, "new part") == 0 {
			d.Parts = append(d.Parts, q.Part{ID: q.ItemID(fmt.Sprintf("p%d", i)), Relevant: drawnCondition(t, known)})
		}
		part := &d.Parts[len(d.Parts)-1]
		part.Items = append(part.Items, drawnLogicItem(t, id, known))
		known = append(known, id)
	}
	return publish(t, d)
}

// drawnCondition looks at one of the known items, or at none.
func drawnCondition(t *rapid.T, known []q.ItemID) string {
	if len(known) == 0 || rapid.Bool().Draw(t, "always") {
		return ""
	}
	id := rapid.SampledFrom(known).Draw(t, "looks at")
	form := rapid.SampledFrom([]string{"${%s} = 'yes'", "${%s} != ''", "${%s} > 2", "not(${%s} = 'no')"}).Draw(t, "how")
	return fmt.Sprintf(form, id)
}

func drawnLogicItem(t *rapid.T, id q.ItemID, known []q.ItemID) q.Item {
	var item q.Item
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		item = short(id)
		item.Default = rapid.SampledFrom([]string{"", "here"}).Draw(t, "default")
	case 1:
		item = q.Item{ID: id, Kind: q.KindNumber, Label: q.Text{"en": "How many?"}, Constraint: rapid.SampledFrom([]string{"", ". < 5"}).Draw(t, "constraint")}
	case 2:
		item = calculated(id, "concat('c', '"+string(id)+"')")
		if len(known) > 0 {
			item.Calculation = fmt.Sprintf("concat(${%s}, '+')", rapid.SampledFrom(known).Draw(t, "made of"))
		}
	default:
		item = yesNo(id)
		item.Shuffle = rapid.Bool().Draw(t, "shuffled")
	}
	item.Relevant = drawnCondition(t, known)
	if item.Kind != q.KindCalculated {
		item.RequiredIf = drawnCondition(t, known)
	}
	item.Group = rapid.SampledFrom([]q.ItemID{"", "", "g", "h"}).Draw(t, "group")
	return item
}

func drawnLogicRaw(t *rapid.T, in *q.Instrument) q.Raw {
	raw := q.Raw{}
	for _, v := range in.Variables() {
		raw[string(v.ID)] = rapid.SliceOfN(rapid.SampledFrom([]string{"yes", "no", "x", "1", "3", "here", ""}), 0, 1).Draw(t, string(v.ID))
		raw[q.OrderControl(v.ID)] = rapid.SampledFrom([][]string{nil, {"no yes"}}).Draw(t, "order")
	}
	return raw
}

// What is aside decides about nothing: without it, and with anything else in its
// place, the path and the answers are the same.
func TestProperty_PathDependsOnAnswersOnItOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawnLogic(t)
		answers, aside, errs := in.Read(morning, nil, drawnLogicRaw(t, in), nil)
		if len(errs) > 0 {
			t.Skip("an answer is refused")
		}
		typed := maps.Clone(answers)
		maps.Copy(typed, aside)
		other := maps.Clone(typed)
		for id := range aside {
			other[id] = rapid.SampledFrom([]q.Answer{{Missing: q.NotReached}, text("changed"), chosen("no"), numeric(9)}).Draw(t, "changed "+string(id))
		}
		p, without := in.Walk(morning, typed), in.Walk(morning, other)
		for _, v := range in.Variables() {
			if p.Shows(v.ID) != without.Shows(v.ID) || !cmp.Equal(p.Value(v.ID), without.Value(v.ID)) || p.Required(v.ID) != without.Required(v.ID) {
				t.Fatalf("%s is on another path once what is aside is %v", v.ID, other)
			}
			if !cmp.Equal(p.Value(v.ID), answers[v.ID]) && answers[v.ID].Missing != q.NotReached {
				t.Fatalf("%s: Walk says %v, Read said %v", v.ID, p.Value(v.ID), answers[v.ID])
			}
		}
	})
}

// Reading again what was read changes nothing, and what was typed and could be
// read is somewhere.
func TestProperty_ReadIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawnLogic(t)
		raw := drawnLogicRaw(t, in)
		answers, aside, errs := in.Read(morning, nil, raw, nil)
		if len(errs) > 0 {
			t.Skip("an answer is refused")
		}
		typed := maps.Clone(answers)
		maps.Copy(typed, aside)
		for _, before := range []q.Answers{nil, typed} {
			again, asideAgain, errs := in.Read(morning, nil, in.Raw(typed), before)
			if diff := cmp.Diff(answers, again) + cmp.Diff(aside, asideAgain); diff != "" || len(errs) > 0 {
				t.Fatalf("read again: errors %v (-want +got)\n%s", errs, diff)
			}
		}
		for _, v := range in.Variables() {
			parsed, err := v.ParseAnswer(raw)
			worked := v.Kind == q.KindCalculated
			if err == nil && !worked && parsed.Missing != q.NotReached && !cmp.Equal(parsed, typed[v.ID]) {
				t.Fatalf("%s: %v was typed, %v is kept", v.ID, parsed, typed[v.ID])
			}
		}
	})
}

// Page by page gives what one post gives.
func TestProperty_ReadByPartsIsReadAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawnLogic(t)
		raw := drawnLogicRaw(t, in)
		want, wantAside, errs := in.Read(morning, nil, raw, nil)
		if len(errs) > 0 {
			t.Skip("an answer is refused")
		}
		answers, aside, _ := in.Read(morning, []q.ItemID{}, nil, nil)
		for _, part := range slices.Clone(in.Version().Definition.Parts) {
			before := maps.Clone(answers)
			maps.Copy(before, aside)
			if answers, aside, errs = in.Read(morning, []q.ItemID{part.ID}, raw, before); len(errs) > 0 {
				t.Skip("asked for on its own page, before a later page changes the path")
			}
		}
		if diff := cmp.Diff(want, answers) + cmp.Diff(wantAside, aside); diff != "" {
			t.Fatalf("by parts: (-at once +by parts)\n%s", diff)
		}
	})
}
