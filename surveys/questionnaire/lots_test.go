package questionnaire_test

import (
	"math"
	"strings"
	"testing"

	q "soundings/surveys/questionnaire"
)

// drawnFrom is the instrument of a definition written as JSON.
func drawnFrom(t *testing.T, definition string) *q.Instrument {
	t.Helper()
	d, err := q.ParseDefinition([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	in, err := q.Compile(q.Version{Questionnaire: "drawn", Number: 1, Definition: d})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestDrawnAsInTheBrowser holds what is drawn by lot to what a JavaScript engine
// (Node 20) draws with the few lines of respond_shuffle.js and respond_live.js.
func TestDrawnAsInTheBrowser(t *testing.T) {
	t.Parallel()
	in := drawnFrom(t, `{"title": {"en": "x"}, "languages": ["en"], "parts": [{"id": "one", "items": [
		{"id": "colour", "kind": "single_choice", "shuffle": true, "label": {"en": "x"}, "choices": [
			{"code": "red", "label": {"en": "x"}}, {"code": "blue", "label": {"en": "x"}}, {"code": "green", "label": {"en": "x"}},
			{"code": "none", "label": {"en": "x"}, "meaning": "declined"}, {"code": "grey", "label": {"en": "x"}}, {"code": "ünï", "label": {"en": "x"}}]},
		{"id": "luck", "kind": "calculated", "label": {"en": "x"}, "calculation": "random()"}]}]}`)
	for _, tt := range []struct {
		seed, order string
		luck        float64
	}{
		{"0123456789abcdef0123456789abcdef", "ünï blue green none red grey", 0.8083528545685112},
		{"fedcba9876543210fedcba9876543210", "blue red grey none ünï green", 0.9723045418504626},
		{"", "grey ünï green none blue red", 0.12875636271201074},
	} {
		path := in.Walk(q.Sitting{Wave: q.WavePre, Seed: tt.seed}, nil)
		item, _ := in.Item("colour")
		var codes []string
		for _, choice := range path.Choices(item) {
			codes = append(codes, choice.Code)
		}
		if got := strings.Join(codes, " "); got != tt.order {
			t.Errorf("order for %q = %q, want %q", tt.seed, got, tt.order)
		}
		if got := path.Value("luck").Number; got == nil || math.Abs(*got-tt.luck) > 1e-15 {
			t.Errorf("random() for %q = %v, want %v", tt.seed, got, tt.luck)
		}
	}
}

// TestOffers: what a page without JavaScript has on it before it is answered.
func TestOffers(t *testing.T) {
	t.Parallel()
	in := drawnFrom(t, `{"title": {"en": "x"}, "languages": ["en"],
		"groups": [{"id": "outer", "relevant": "${before} = 'yes'"}, {"id": "inner", "in": "outer", "relevant": "${here} = 'yes'"}],
		"parts": [
		{"id": "one", "items": [{"id": "before", "kind": "consent", "wording": "v1", "label": {"en": "x"}}]},
		{"id": "two", "items": [
			{"id": "here", "kind": "consent", "wording": "v1", "label": {"en": "x"}},
			{"id": "both", "kind": "calculated", "label": {"en": "x"}, "calculation": "concat(${before}, ${here})"},
			{"id": "of_before", "kind": "short_text", "label": {"en": "x"}, "relevant": "${before} = 'yes'"},
			{"id": "of_here", "kind": "short_text", "label": {"en": "x"}, "relevant": "${here} = 'yes'"},
			{"id": "of_both", "kind": "short_text", "label": {"en": "x"}, "relevant": "${both} = 'yesyes'"},
			{"id": "in_inner", "kind": "short_text", "label": {"en": "x"}, "group": "inner"},
			{"id": "town", "kind": "single_choice", "label": {"en": "x"}, "filter": "side = ${here}", "choices": [
				{"code": "a", "label": {"en": "x"}, "columns": {"side": "yes"}}, {"code": "b", "label": {"en": "x"}, "columns": {"side": "no"}}]},
			{"id": "street", "kind": "single_choice", "label": {"en": "x"}, "filter": "side = ${before}", "choices": [
				{"code": "a", "label": {"en": "x"}, "columns": {"side": "yes"}}, {"code": "b", "label": {"en": "x"}, "columns": {"side": "no"}}]}]},
		{"id": "three", "items": [{"id": "last", "kind": "short_text", "label": {"en": "x"}, "relevant": "${here} = 'yes'"}]}]}`)
	for _, tt := range []struct {
		name    string
		answers q.Answers
		want    string // items of the second and third part that stand on their pages
		town    int
		street  int
	}{
		{"nothing answered", nil, "here of_here of_both town street", 2, 0},
		{"yes before", q.Answers{"before": {Choice: "yes"}}, "here of_before of_here of_both in_inner town street", 2, 1},
		{"no before", q.Answers{"before": {Choice: "no"}}, "here of_here of_both town street", 2, 1},
		{"yes here", q.Answers{"before": {Choice: "yes"}, "here": {Choice: "yes"}}, "here of_before of_here of_both in_inner town street last", 2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := in.Walk(q.Sitting{Wave: q.WavePre}, tt.answers)
			var on []string
			for _, id := range []q.ItemID{"here", "of_before", "of_here", "of_both", "in_inner", "town", "street", "last"} {
				if path.Offers(id) {
					on = append(on, string(id))
				}
			}
			if got := strings.Join(on, " "); got != tt.want {
				t.Errorf("on the pages: %q, want %q", got, tt.want)
			}
			town, _ := in.Item("town")
			street, _ := in.Item("street")
			if got := len(path.Offered(town)); got != tt.town {
				t.Errorf("%d towns are offered, want %d: the page asks what they depend on", got, tt.town)
			}
			if got := len(path.Offered(street)); got != tt.street {
				t.Errorf("%d streets are offered, want %d", got, tt.street)
			}
		})
	}
	if in.Walk(q.Sitting{Wave: q.WavePre}, nil).Offers("nothing") {
		t.Error("an item that does not exist is offered")
	}
}
