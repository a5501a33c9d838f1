package xlsform_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// TestCorpusRoundTrip exports every form that is imported, and imports that:
// nothing may have changed.
func TestCorpusRoundTrip(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: not reading and writing every form of the corpus several times")
	}
	for _, f := range forms(t) {
		if f.Expect.Outcome == rejected {
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			first, err := f.read(t)
			if err != nil {
				t.Skipf("%s is refused, as it may be", f.File)
			}
			second := roundTrip(t, first.Definition, xlsform.Options{})
			if diff := cmp.Diff(first.Definition, second.Definition, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s after a round trip (-before +after):\n%s", f.File, diff)
			}
			if diff := cmp.Diff(lasting(first.Facts), lasting(second.Facts), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("facts of %s after a round trip (-before +after):\n%s", f.File, diff)
			}
		})
	}
}

// lasting are the facts that an export keeps: rows move up where some were left
// out, and lists that nothing uses are gone.
func lasting(facts xlsform.Facts) xlsform.Facts {
	facts.Questions = append([]xlsform.QuestionFact(nil), facts.Questions...)
	for i := range facts.Questions {
		facts.Questions[i].Row = 0
	}
	lists := map[string]int{}
	for _, s := range facts.Selects {
		lists[s.List] = facts.Lists[s.List]
	}
	facts.Lists, facts.Unused = lists, nil
	return facts
}

// roundTrip writes d twice, wants the same bytes, and reads them.
func roundTrip(t tester, d questionnaire.Definition, o xlsform.Options) xlsform.Imported {
	t.Helper()
	data, err := xlsform.Write(d, o)
	if err != nil {
		t.Fatalf("Write: %v", err)
	}
	again, err := xlsform.Write(d, o)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the second Write gives other bytes, or %v", err)
	}
	back, err := xlsform.Read(data)
	if err != nil {
		t.Fatalf("Read of what Write wrote: %v", err)
	}
	return back
}

// TestWriteThenRead states that a definition made here comes back unchanged,
// whatever it holds.
func TestWriteThenRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := definition(t)
		if err := d.Check(); err != nil {
			t.Fatalf("the test draws a definition that is wrong:\n%v", err)
		}
		back := roundTrip(t, d, xlsform.Options{ID: "form", Version: "3"})
		if diff := cmp.Diff(d, back.Definition, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after a round trip (-before +after):\n%s", diff)
		}
	})
}

// tester is what *testing.T and *rapid.T have in common here.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}
