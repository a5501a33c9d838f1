package surveys_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys"
	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

type (
	itemID  = questionnaire.ItemID
	verdict = map[questionnaire.ItemID]bool
)

// arabic allows the one other language of the test's questionnaire to fall back.
var arabic = map[string]bool{"ar": true}

// edit changes the draft of the world's questionnaire and returns its changes.
func (w *world) edit(tb testing.TB, edit func(*questionnaire.Definition)) surveys.Changes {
	tb.Helper()
	_, err := w.EditDraft(w.ctx, "views", "edit", func(d *questionnaire.Definition) error { edit(d); return nil })
	must(tb, err)
	c, err := w.DraftChanges(w.ctx, "views")
	must(tb, err)
	return c
}

// controls are what a refusal names.
func controls(tb testing.TB, err error) []string {
	tb.Helper()
	var e *surveys.Error
	if !errors.As(err, &e) {
		tb.Fatalf("error = %v, want fields", err)
	}
	var all []string
	for _, one := range e.Fields {
		all = append(all, one.Control+" "+one.Key)
	}
	return all
}

// TestPublishDraft says of each changed item what becomes of it.
func TestPublishDraft(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	c := w.edit(t, func(d *questionnaire.Definition) {
		item(t, d, "stress").Label["en"] = "How stressed were you this week?"
		item(t, d, "travel").Label["en"] = "How do you get to school?"
		item(t, d, "sleep").Kind = questionnaire.KindShortText
		item(t, d, "sleep").Min, item(t, d, "sleep").Max = nil, nil
		item(t, d, "subjects").Relevant = "${stress} > 3 and ${sleep} != ''"
		item(t, d, "why").Label["en"] = "Why ${sleep}?"
	})
	asked := map[itemID]string{}
	for _, q := range c.Questions {
		asked[q.ID] = string(q.Becomes)
		if q.Never {
			asked[q.ID] += " always"
		}
	}
	if diff := cmp.Diff(map[itemID]string{"stress": "stress_2", "travel": "travel_2", "sleep": "sleep_2 always", "why": "why_2"}, asked); diff != "" {
		t.Errorf("Questions (-want +got)\n%s", diff)
	}
	w.clock.pass(time.Hour)
	v, err := w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{
		Comparable: verdict{"stress": false, "travel": true, "why": true}, Fallback: arabic, Note: "  Said when. ",
	})
	must(t, err)
	read, err := w.Version(w.ctx, "views", 2)
	must(t, err)
	if diff := cmp.Diff(v, read, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(expression.Tree{})); diff != "" {
		t.Errorf("the version that is kept differs (-returned +kept)\n%s", diff)
	}
	if v.Number != 2 || v.By != "Olu Owner" || v.Note != "Said when." || !v.Published.Equal(origin.Add(time.Hour)) {
		t.Errorf("PublishDraft = %+v", v)
	}
	if diff := cmp.Diff(map[itemID]itemID{"stress": "stress_2", "sleep": "sleep_2"}, v.Replaced); diff != "" {
		t.Errorf("Replaced (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]itemID{"travel", "why"}, v.Comparable); diff != "" {
		t.Errorf("Comparable (-want +got)\n%s", diff)
	}
	def := &v.Definition
	if got := item(t, def, "subjects").Relevant; got != "${stress_2} > 3 and ${sleep_2} != ''" {
		t.Errorf("a condition did not follow: %s", got)
	}
	if got := item(t, def, "why").Label["en"]; got != "Why ${sleep_2}?" || def.Measures[0].Of != "stress_2" || item(t, def, "stress_2") == nil {
		t.Errorf("a text or a measure did not follow: %q, of %s", got, def.Measures[0].Of)
	}
	_, err = w.Draft(w.ctx, "views")
	wantError(t, "the draft that was published", err, surveys.KindNotFound, "draft.not_found")
	inv, err := w.Invitation(t.Context(), w.token())
	must(t, err)
	if got := inv.Instrument.Version().Number; got != 2 {
		t.Errorf("the link asks version %d, want 2", got)
	}
}

// TestRepublishingCountsOn: an id that was given away is never given again.
func TestRepublishingCountsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, id := range []itemID{"stress", "stress_2", "stress_3"} {
		_, err := w.StartDraft(w.ctx, "views")
		must(t, err)
		c := w.edit(t, func(d *questionnaire.Definition) { item(t, d, id).Label["en"] += " Really?" })
		v, err := w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Comparable: verdict{id: false}, Fallback: arabic})
		must(t, err)
		want := itemID("stress_" + string(rune('2'+n)))
		if v.Replaced[id] != want {
			t.Errorf("version %d: %s became %s, want %s", v.Number, id, v.Replaced[id], want)
		}
	}
}

// TestPublishDraftOfBattery: a battery that is worded anew takes its rows with it;
// a row by itself leaves the others alone.
func TestPublishDraftOfBattery(t *testing.T) {
	t.Parallel()
	score := func(n float64) *float64 { return &n }
	battery := questionnaire.Item{ID: "calm", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How far do you agree?"},
		Choices: []questionnaire.Choice{{Code: "1", Label: questionnaire.Text{"en": "No"}, Score: score(1)}, {Code: "2", Label: questionnaire.Text{"en": "Yes"}, Score: score(2)}},
		Rows:    []questionnaire.Row{{ID: "calm_a", Label: questionnaire.Text{"en": "I sleep"}}, {ID: "calm_b", Label: questionnaire.Text{"en": "I wait"}}}}
	first := questionnaire.Definition{Title: questionnaire.Text{"en": "Calm"}, Languages: []string{"en"},
		Parts:  []questionnaire.Part{{ID: "p", Items: []questionnaire.Item{battery}}},
		Scales: []questionnaire.Scale{{ID: "calmness", Label: questionnaire.Text{"en": "Calm"}, Items: []itemID{"calm_a", "calm_b"}, Min: 1, Max: 2, Method: "mean", MinAnswered: 1}}}
	for name, tt := range map[string]struct {
		edit    func(*questionnaire.Item)
		decide  verdict
		asked   []itemID
		become  map[itemID]itemID
		compare []itemID
	}{
		"stem": {func(it *questionnaire.Item) { it.Label["en"] = "Do you agree?" }, verdict{"calm": false}, []itemID{"calm"},
			map[itemID]itemID{"calm": "calm_2", "calm_a": "calm_a_2", "calm_b": "calm_b_2"}, nil},
		"stem, still comparable": {func(it *questionnaire.Item) { it.Label["en"] = "Do you agree?" }, verdict{"calm": true}, []itemID{"calm"}, nil, []itemID{"calm"}},
		"row": {func(it *questionnaire.Item) { it.Rows[1].Label["en"] = "I can wait" }, verdict{"calm_b": false}, []itemID{"calm_b"},
			map[itemID]itemID{"calm_b": "calm_b_2"}, nil},
		"a choice went": {func(it *questionnaire.Item) { it.Choices[0].Code = "0" }, verdict{}, []itemID{"calm"},
			map[itemID]itemID{"calm": "calm_2", "calm_a": "calm_a_2", "calm_b": "calm_b_2"}, nil},
		"stem and a row that it takes along": {func(it *questionnaire.Item) {
			it.Label["en"], it.Rows[1].Label["en"] = "Do you agree?", "I can wait"
		}, verdict{"calm": false}, []itemID{"calm", "calm_b"},
			map[itemID]itemID{"calm": "calm_2", "calm_a": "calm_a_2", "calm_b": "calm_b_2"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.Publish(w.ctx, "calm", first)
			must(t, err)
			_, err = w.StartDraft(w.ctx, "calm")
			must(t, err)
			d, err := w.EditDraft(w.ctx, "calm", "edit", func(d *questionnaire.Definition) error { tt.edit(&d.Parts[0].Items[0]); return nil })
			must(t, err)
			c, err := w.DraftChanges(w.ctx, "calm")
			must(t, err)
			var asked []itemID
			for _, q := range c.Questions {
				asked = append(asked, q.ID)
			}
			v, err := w.PublishDraft(w.ctx, "calm", d.Revision, surveys.Decisions{Comparable: tt.decide})
			must(t, err)
			var rows []itemID
			for _, row := range []itemID{"calm_a", "calm_b"} {
				became := row
				if to, ok := tt.become[row]; ok {
					became = to
				}
				rows = append(rows, became)
			}
			for what, pair := range map[string][2]any{
				"asked": {tt.asked, asked}, "replaced": {tt.become, v.Replaced}, "comparable": {tt.compare, v.Comparable},
				"scale": {rows, v.Definition.Scales[0].Items},
			} {
				if diff := cmp.Diff(pair[0], pair[1], cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-want +got)\n%s", what, diff)
				}
			}
		})
	}
}

func TestPublishDraftRefuses(t *testing.T) {
	t.Parallel()
	w, d := editing(t)
	whole := surveys.Decisions{Comparable: verdict{"stress": true}, Fallback: arabic}
	_, err := w.PublishDraft(w.ctx, "views", d.Revision, whole)
	wantError(t, "nothing has changed", err, surveys.KindInvalid, "draft.nothing_changed")
	c := w.edit(t, func(d *questionnaire.Definition) {
		item(t, d, "stress").Label["en"] = "Stress?"
		item(t, d, "sleep").Kind = questionnaire.KindShortText
		item(t, d, "sleep").Min, item(t, d, "sleep").Max = nil, nil
	})
	_, err = w.PublishDraft(w.ctx, "views", d.Revision, whole)
	wantError(t, "an earlier revision", err, surveys.KindConflict, "draft.changed_meanwhile")
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Comparable: verdict{"sleep": true}})
	want := []string{"comparable.stress draft.decide_comparable", "comparable.sleep draft.never_comparable", "fallback.ar draft.decide_fallback"}
	if diff := cmp.Diff(want, controls(t, err)); diff != "" {
		t.Errorf("undecided (-want +got)\n%s", diff)
	}
	noted := whole
	noted.Note = strings.Repeat("long ", 500)
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, noted)
	wantField(t, "a long note", err, "note")
	c = w.edit(t, func(d *questionnaire.Definition) { d.Title = nil })
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, whole)
	wantError(t, "a draft that does not pass Check", err, surveys.KindInvalid, "questionnaire.invalid")
	var problems questionnaire.Problems
	if !errors.As(err, &problems) || len(c.Problems) == 0 {
		t.Errorf("error = %v, want its problems", err)
	}
	versions, err := w.Versions(w.ctx, "views")
	must(t, err)
	if len(versions) != 1 {
		t.Errorf("%d versions after refusals, want 1", len(versions))
	}
}

// TestPublishedMeanwhile: what another program published is not taken back unseen.
func TestPublishedMeanwhile(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	other := definition(t)
	other.Help = questionnaire.Text{"en": "Call 116 111", "ar": "116 111"}
	_, err := w.Publish(w.ctx, "views", other)
	must(t, err)
	c := w.edit(t, func(d *questionnaire.Definition) { d.Thanks = questionnaire.Text{"en": "Thank you", "ar": "شكرا"} })
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Fallback: arabic})
	wantError(t, "over a version that was not seen", err, surveys.KindConflict, "questionnaire.published_meanwhile")
	if c.Newest != 2 || len(c.Differences) != 1 || len(c.Differences[0].Details) != 4 {
		t.Errorf("changes against version %d: %+v, want that help goes and thanks come", c.Newest, c.Differences)
	}
	v, err := w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Fallback: arabic, Over: c.Newest})
	must(t, err)
	if v.Number != 3 {
		t.Errorf("version %d, want 3", v.Number)
	}
}

// TestPublishAtOnce: of several who publish one draft, one makes the version.
func TestPublishAtOnce(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	c := w.edit(t, func(d *questionnaire.Definition) { d.Thanks = questionnaire.Text{"en": "Thank you", "ar": "شكرا"} })
	_, errs := together(8, func(int) (questionnaire.Version, error) {
		return w.another().PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Fallback: arabic})
	})
	for _, err := range errs {
		if err != nil && !slices.Contains([]surveys.Kind{surveys.KindConflict, surveys.KindNotFound}, surveys.KindOf(err)) {
			t.Errorf("PublishDraft at once: %v", err)
		}
	}
	versions, err := w.Versions(w.ctx, "views")
	must(t, err)
	if len(versions) != 2 || !slices.Contains(errs, nil) {
		t.Errorf("%d versions, want 2, one of them made here: %v", len(versions), errs)
	}
}

// TestEditWhilePublishingIsKept: an edit stored between the reading of the draft
// and its removal becomes the draft of the version after.
func TestEditWhilePublishingIsKept(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	c := w.edit(t, func(d *questionnaire.Definition) { item(t, d, "stress").Label["en"] = "Stress?" })
	racing := &racingStore{Store: w.store, before: func(r surveys.Record) bool { return r.Kind == "version" }, do: func() {
		_, err := w.EditDraft(w.ctx, "views", "late", func(d *questionnaire.Definition) error {
			item(t, d, "stress").Hint = questionnaire.Text{"en": "Late words"}
			return nil
		})
		must(t, err)
	}}
	service := surveys.NewService(racing, w.clock.Now, strings.NewReader(strings.Repeat("random", 1000)))
	v, err := service.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Comparable: verdict{"stress": false}, Fallback: arabic})
	must(t, err)
	if !racing.done {
		t.Fatal("the late edit was not made")
	}
	if item(t, &v.Definition, "stress_2").Hint != nil {
		t.Error("the version has an edit that its author did not see")
	}
	d, err := w.Draft(w.ctx, "views")
	must(t, err)
	if d.Base != 2 || item(t, &d.Definition, "stress_2").Hint["en"] != "Late words" || d.Undo != "" {
		t.Errorf("the draft after: %+v, want the late words on the item's new id", d)
	}
}

func TestFirstVersionAsksNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, err := w.CreateDraft(w.ctx, "fresh", definition(t))
	must(t, err)
	c, err := w.DraftChanges(w.ctx, "fresh")
	must(t, err)
	if c.Newest != 0 || len(c.Questions) > 0 || len(c.Differences) > 0 || len(c.Incomplete) != 1 || c.Incomplete[0].Language != "ar" {
		t.Errorf("DraftChanges = %+v", c)
	}
	v, err := w.PublishDraft(w.ctx, "fresh", d.Revision, surveys.Decisions{Fallback: arabic})
	must(t, err)
	if v.Number != 1 || v.Replaced != nil || v.Comparable != nil {
		t.Errorf("PublishDraft = %+v", v)
	}
}

// TestPublishedNeverChanges keeps each version as it was through everything that
// can be done after.
func TestPublishedNeverChanges(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	before, err := w.Version(w.ctx, "views", 1)
	must(t, err)
	c := w.edit(t, func(d *questionnaire.Definition) { item(t, d, "stress").Label["en"] = "Stress?" })
	_, err = w.PublishDraft(w.ctx, "views", c.Draft.Revision, surveys.Decisions{Comparable: verdict{"stress": false}, Fallback: arabic})
	must(t, err)
	must(t, w.Retire(w.ctx, "views"))
	must(t, w.Reinstate(w.ctx, "views"))
	after, err := w.another().Version(w.ctx, "views", 1)
	must(t, err)
	if diff := cmp.Diff(before, after, cmpopts.IgnoreUnexported(expression.Tree{})); diff != "" {
		t.Errorf("version 1 changed (-before +after)\n%s", diff)
	}
}

// TestProgramsMayNotMakeAnswersUnreadable: Publish takes a new wording as
// comparable, and refuses another kind.
func TestProgramsMayNotMakeAnswersUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	def := definition(t)
	item(t, &def, "stress").Label["en"] = "Stress?"
	v, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	if diff := cmp.Diff([]itemID{"stress"}, v.Comparable); diff != "" {
		t.Errorf("Comparable (-want +got)\n%s", diff)
	}
	item(t, &def, "travel").Choices = item(t, &def, "travel").Choices[1:]
	_, err = w.Publish(w.ctx, "views", def)
	wantError(t, "a choice that went", err, surveys.KindInvalid, "questionnaire.needs_new_id")
	item(t, &def, "travel").ID = "travel_2"
	_, err = w.Publish(w.ctx, "views", def)
	must(t, err)
}
