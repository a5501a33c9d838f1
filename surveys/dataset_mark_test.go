package surveys_test

import (
	"reflect"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// TestMarkHasEveryField: what is added to a Dataset has to be added to its mark, or a
// file that is out of date would be offered as the newest.
func TestMarkHasEveryField(t *testing.T) {
	t.Parallel()
	exported := 0
	for _, field := range reflect.VisibleFields(reflect.TypeFor[surveys.Dataset]()) {
		if field.IsExported() {
			exported++
		}
	}
	w := newWorld(t)
	d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	if got := surveys.MarkedParts(d); got != exported {
		t.Errorf("Dataset has %d fields, and Mark is made of %d parts", exported, got)
	}
}

// TestMark changes with what a report would change with, and with nothing else.
func TestMark(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mark := func() string {
		t.Helper()
		d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
		must(t, err)
		m, err := d.Mark(t.Context())
		must(t, err)
		return m
	}
	last := mark()
	changes := func(doing string, do func()) {
		t.Helper()
		do()
		now := mark()
		if now == last {
			t.Errorf("the mark stays after %s", doing)
		}
		if again := mark(); again != now {
			t.Errorf("the mark changes by itself after %s", doing)
		}
		last = now
	}
	var id surveys.ResponseID
	changes("a response", func() { id = w.answered(t, questionnaire.WavePre, "response_one", nil) })
	changes("a reading", func() {
		must(t, w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: id, Variable: "why", Cleared: true}))
	})
	changes("a correction", func() {
		r := w.sent(t)[0]
		must(t, second(w.ExcludeResponse(w.ctx, surveys.Correction{Programme: w.programme.ID, Strand: "pupils", Response: r.ID, Revision: r.Revision, Reason: "a test"})))
	})
	changes("an institution", func() {
		must(t, second(w.CreateInstitution(w.ctx, surveys.Institution{Programme: w.programme.ID, Name: "Garn"})))
	})
	changes("a version", func() { must(t, second(w.Publish(w.ctx, "views", definition(t)))) })
}
