package questionnaire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// TestRenamed gives an item, a row and a then-and-now row other ids; the title of
// each field says what it refers to.
func TestRenamed(t *testing.T) {
	t.Parallel()
	before := q.Definition{
		Languages: []string{"en"}, Thanks: q.Text{"en": "You said ${ travel } and ${other}"},
		Groups: []q.Group{{ID: "g", Relevant: "${travel} = 'travel'"}},
		Parts: []q.Part{{ID: "p", Relevant: "${sure_now} > 1", Items: []q.Item{
			{ID: "travel", Kind: q.KindSingleChoice, Constraint: ". != ${calm_a}"},
			{ID: "other", Name: "my_travel", Relevant: "selected(${travel}, 'bus') and ${my_travel} != ''", Label: q.Text{"en": "How was ${travel}?", "ar": "؟"},
				Choices: []q.Choice{{Code: "travel", Label: q.Text{"en": "${sure_then}"}}}},
			{ID: "calm", Kind: q.KindRating, Rows: []q.Row{{ID: "calm_a"}, {ID: "calm_b", Label: q.Text{"en": "as ${travel}"}}}},
			{ID: "sure_item", Kind: q.KindThenNow, Rows: []q.Row{{ID: "sure"}}, Consent: "travel"},
			{ID: "text", Default: "travel"}, {ID: "sum", Calculation: "${sure_now} - ${sure_then}"},
		}}},
		Scales: []q.Scale{{ID: "s", Items: []q.ItemID{"calm_a", "calm_b", "sure_now"}, Reverse: []q.ItemID{"calm_a"},
			Flags: []q.ScoreFlag{{Item: "calm_a"}}}},
		Measures: []q.Measure{{ID: "travel", Of: "sure"}, {ID: "m", Of: "travel"}},
	}
	kept := before.Clone()
	got := before.Renamed(map[q.ItemID]q.ItemID{"travel": "travel_2", "calm_a": "calm_a_2", "sure": "sure_2"})
	want := q.Definition{
		Languages: []string{"en"}, Thanks: q.Text{"en": "You said ${travel_2} and ${other}"},
		Groups: []q.Group{{ID: "g", Relevant: "${travel_2} = 'travel'"}},
		Parts: []q.Part{{ID: "p", Relevant: "${sure_2_now} > 1", Items: []q.Item{
			{ID: "travel_2", Kind: q.KindSingleChoice, Constraint: ". != ${calm_a_2}"},
			{ID: "other", Name: "my_travel", Relevant: "selected(${travel_2}, 'bus') and ${my_travel} != ''", Label: q.Text{"en": "How was ${travel_2}?", "ar": "؟"},
				Choices: []q.Choice{{Code: "travel", Label: q.Text{"en": "${sure_2_then}"}}}},
			{ID: "calm", Kind: q.KindRating, Rows: []q.Row{{ID: "calm_a_2"}, {ID: "calm_b", Label: q.Text{"en": "as ${travel_2}"}}}},
			{ID: "sure_item", Kind: q.KindThenNow, Rows: []q.Row{{ID: "sure_2"}}, Consent: "travel_2"},
			{ID: "text", Default: "travel"}, {ID: "sum", Calculation: "${sure_2_now} - ${sure_2_then}"},
		}}},
		Scales: []q.Scale{{ID: "s", Items: []q.ItemID{"calm_a_2", "calm_b", "sure_2_now"}, Reverse: []q.ItemID{"calm_a_2"},
			Flags: []q.ScoreFlag{{Item: "calm_a_2"}}}},
		Measures: []q.Measure{{ID: "travel", Of: "sure_2"}, {ID: "m", Of: "travel_2"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Renamed (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(kept, before); diff != "" {
		t.Errorf("Renamed changed what it was given (-before +after)\n%s", diff)
	}
}

func TestFreeID(t *testing.T) {
	t.Parallel()
	taken := map[q.ItemID]bool{"stress": true, "stress_2": true, "a2345678901234567890123456789_12": true, "a2345678901234567890123456789012": true}
	for want, id := range map[q.ItemID]q.ItemID{
		"stress": "stress_3", "new": "new", "a2345678901234567890123456789012": "a23456789012345678901234567890_2",
	} {
		if got := q.FreeID(want, taken); got != id {
			t.Errorf("FreeID(%s) = %s, want %s", want, got, id)
		}
	}
}

func TestNamesAreAllThatAnIDMayNotBe(t *testing.T) {
	t.Parallel()
	d := two()
	d.Parts[0].Items[0].Kind, d.Parts[0].Items[1].Name = q.KindMultipleChoice, "How_old"
	d.Groups = []q.Group{{ID: "group", Name: "Group"}}
	names := d.Names()
	for _, id := range []q.ItemID{"first", "second", "travel", "travel_bus", "age", "How_old", "calm", "calm_a", "calmness", "calm_measure", "group", "Group"} {
		if !names[id] {
			t.Errorf("Names lacks %s", id)
		}
	}
	if names[""] {
		t.Error("Names has a blank")
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	d := two()
	d.Parts[0].Items[0].Picture, d.Parts[0].Items[0].Choices[0].Picture = "p1", "p2"
	d.Parts[1].Items[0].Audio = map[string]string{"en": "a1", "ar": "p1"}
	if diff := cmp.Diff([]string{"p1", "p2", "a1"}, d.Media()); diff != "" {
		t.Errorf("Media (-want +got)\n%s", diff)
	}
	if !d.NamesMedium("a1") || d.NamesMedium("a2") || d.NamesMedium("") {
		t.Error("NamesMedium does not know what is named")
	}
}
