package questionnaire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// pupils is a form with some of everything that decides.
func pupils(tb fataler) *q.Instrument {
	n := q.Item{
		ID: "age", Kind: q.KindNumber, Label: q.Text{"en": "How old?"}, Constraint: ". >= 4 and . < 19",
		ConstraintMessage: q.Text{"en": "From 4 to 18, ${nick}", "fr": "De 4 à 18, ${nick}"},
	}
	why := shortIf("why", "${glad} = 'no'")
	why.RequiredIf, why.RequiredMessage = "${age} > 9", q.Text{"en": "Say why, ${nick}"}
	rest := short("rest")
	rest.Constraint = "string-length(.) > 2"
	fixed := short("fixed")
	fixed.Default, fixed.ReadOnly = "stays", "yes"
	sum := q.Item{ID: "coming", Kind: q.KindNumber, Label: q.Text{"en": "Next year"}, Calculation: "${age} + 1"}
	d := define(short("nick"), n, yesNo("glad"), why, rest, fixed, sum, calculated("twice", "${age} * 2"))
	d.Languages = []string{"en", "fr"}
	d.Parts = append(d.Parts, q.Part{ID: "second", Items: []q.Item{shortIf("more", "${why} != ''"), {ID: "site", Kind: q.KindHidden, From: q.FromLink}}})
	return publish(tb, d)
}

func TestRead(t *testing.T) {
	t.Parallel()
	in := pupils(t)
	for _, tc := range []struct {
		name      string
		raw       q.Raw
		want      q.Answers // of those that are not blank
		wantAside q.Answers
		wantErrs  string
	}{
		{"on_the_path", q.Raw{"nick": {"Al"}, "age": {"9"}, "glad": {"no"}, "why": {"rain"}, "more": {"wind"}},
			q.Answers{"nick": text("Al"), "age": numeric(9), "glad": chosen("no"), "why": text("rain"), "more": text("wind"), "coming": numeric(10), "twice": numeric(18)}, q.Answers{}, ""},
		{"off_the_path_is_kept_aside", q.Raw{"age": {"9"}, "glad": {"yes"}, "why": {"rain"}, "more": {"wind"}},
			q.Answers{"age": numeric(9), "glad": chosen("yes"), "coming": numeric(10), "twice": numeric(18)}, q.Answers{"why": text("rain"), "more": text("wind")}, ""},
		{"what_is_off_the_path_is_never_wrong", q.Raw{"glad": {"yes"}, "why": {"\xff"}}, q.Answers{"glad": chosen("yes")}, q.Answers{}, ""},
		{"needed_if", q.Raw{"nick": {"Al"}, "age": {"10"}, "glad": {"no"}}, nil, nil, `item "why": answer.said`},
		{"not_needed", q.Raw{"nick": {"Al"}, "age": {"9"}, "glad": {"no"}},
			q.Answers{"nick": text("Al"), "age": numeric(9), "glad": chosen("no"), "coming": numeric(10), "twice": numeric(18)}, q.Answers{}, ""},
		{"constraint_in_the_author's_words", q.Raw{"age": {"3"}}, nil, nil, `item "age": answer.said`},
		{"constraint_in_ours", q.Raw{"rest": {"ab"}}, nil, nil, `item "rest": answer.check_again`},
		{"a_blank_answer_has_no_constraint", q.Raw{"age": {""}, "rest": {" "}}, q.Answers{}, q.Answers{}, ""},
		{"unreadable_counts_as_blank_for_others", q.Raw{"age": {"ten"}, "glad": {"no"}}, nil, nil, `item "age": answer.number_digits`},
		{"what_is_worked_out_or_fixed_is_not_read", q.Raw{"age": {"5"}, "coming": {"99"}, "twice": {"99"}, "fixed": {"changed"}},
			q.Answers{"age": numeric(5), "coming": numeric(6), "twice": numeric(10)}, q.Answers{}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			answers, aside, errs := in.Read(morning, nil, tc.raw, nil)
			if errs.Error() != tc.wantErrs {
				t.Fatalf("errors are %s, want %s", errs.Error(), tc.wantErrs)
			}
			if errs != nil {
				return
			}
			tc.want["fixed"] = text("stays")
			if diff := cmp.Diff(tc.want, given(answers)) + cmp.Diff(tc.wantAside, aside); diff != "" {
				t.Errorf("answers and aside: (-want +got)\n%s", diff)
			}
			if len(answers) != len(in.Variables()) {
				t.Errorf("%d answers of %d variables", len(answers), len(in.Variables()))
			}
		})
	}
}

// given are the answers that are not blank.
func given(answers q.Answers) q.Answers {
	given := q.Answers{}
	for id, a := range answers {
		if a.Missing != q.NotAsked && a.Missing != q.NotReached {
			given[id] = a
		}
	}
	return given
}

func TestRead_MessagesHoldAnswersInEveryLanguage(t *testing.T) {
	t.Parallel()
	_, _, errs := pupils(t).Read(morning, nil, q.Raw{"nick": {"Al"}, "age": {"3"}}, nil)
	want := []any{q.Text{"en": "From 4 to 18, Al", "fr": "De 4 à 18, Al"}}
	if len(errs) != 1 || !cmp.Equal(errs[0].Args, want) {
		t.Errorf("errors are %v, want one with %v", errs, want)
	}
	if got := errs.Error(); got != `item "age": answer.said` {
		t.Errorf("the log would say %q: it must hold nothing of what was typed", got)
	}
}

// TestRead_ByParts goes through the form page by page, back and forth, as it is
// filled in without JavaScript.
func TestRead_ByParts(t *testing.T) {
	t.Parallel()
	in := pupils(t)
	sit := morning
	sit.Link = map[string]string{"site": "north"}
	answers, aside, _ := in.Read(sit, []q.ItemID{}, nil, nil)
	if diff := cmp.Diff(q.Answers{"site": text("north"), "fixed": text("stays")}, given(answers)); diff != "" {
		t.Errorf("at the start: (-want +got)\n%s", diff)
	}
	if _, reached := answers["nick"]; reached {
		t.Error("what was not posted yet has an answer")
	}
	sit.Link = nil
	step := func(part q.ItemID, raw q.Raw) {
		t.Helper()
		before := q.Answers{}
		for id, a := range answers {
			before[id] = a
		}
		for id, a := range aside {
			before[id] = a
		}
		var errs q.FieldErrors
		if answers, aside, errs = in.Read(sit, []q.ItemID{part}, raw, before); errs != nil {
			t.Fatalf("part %s: %v", part, errs)
		}
	}
	step("page", q.Raw{"age": {"8"}, "glad": {"no"}, "why": {"rain"}})
	step("second", q.Raw{"more": {"wind"}})
	step("page", q.Raw{"age": {"8"}, "glad": {"yes"}, "why": {"rain"}})
	if diff := cmp.Diff(q.Answers{"why": text("rain"), "more": text("wind")}, aside); diff != "" {
		t.Errorf("changed so that the later page is off the path: aside (-want +got)\n%s", diff)
	}
	step("page", q.Raw{"age": {"8"}, "glad": {"no"}, "why": {"rain"}})
	want := q.Answers{"age": numeric(8), "glad": chosen("no"), "why": text("rain"), "more": text("wind"), "site": text("north"), "fixed": text("stays"), "coming": numeric(9), "twice": numeric(16)}
	if diff := cmp.Diff(want, given(answers)) + cmp.Diff(q.Answers{}, aside); diff != "" {
		t.Errorf("changed back: (-want +got)\n%s", diff)
	}
}

func TestRead_WithoutLogic(t *testing.T) {
	t.Parallel()
	d := define(yesNo("a"), short("b"), short("c"))
	d.Parts[0].Items[0].Required, d.Parts[0].Items[0].RequiredMessage = true, q.Text{"en": "Is it?"}
	d.Parts[0].Items[2].Waves = []q.Wave{q.WavePre}
	d.Parts = append(d.Parts, q.Part{ID: "second", Items: []q.Item{short("e")}})
	in := publish(t, d)
	_, _, errs := in.Read(morning, nil, q.Raw{"b": {"x"}}, nil)
	if len(errs) != 1 || errs[0].Key != q.KeySaid || !cmp.Equal(errs[0].Args, []any{q.Text{"en": "Is it?"}}) {
		t.Errorf("errors are %v, want the author's words", errs)
	}
	before := q.Answers{"a": chosen("no"), "c": text("early"), "e": text("kept")}
	answers, aside, errs := in.Read(morning, []q.ItemID{"page"}, q.Raw{"a": {"yes"}, "b": {"x"}}, before)
	want := q.Answers{"a": chosen("yes"), "b": text("x"), "c": missing(q.NotAsked), "e": text("kept")}
	if diff := cmp.Diff(want, answers); diff != "" || errs != nil {
		t.Errorf("answers: errors %v (-want +got)\n%s", errs, diff)
	}
	if len(aside) != 0 {
		t.Errorf("aside is %v: the posted part says that c was not sent", aside)
	}
}

func TestRead_FilteredRanking(t *testing.T) {
	t.Parallel()
	item := q.Item{ID: "r", Kind: q.KindRanking, Label: q.Text{"en": "Which first?"}, Filter: "selected(${s}, name)"}
	for _, code := range []string{"a", "b", "c"} {
		item.Choices = append(item.Choices, q.Choice{Code: code, Label: q.Text{"en": code}})
	}
	in := publish(t, define(several("s", "a", "b", "c"), item))
	for _, tc := range []struct {
		name string
		raw  q.Raw
		want string
	}{
		{"all_that_are_shown", q.Raw{"s": {"a", "c"}, "r__1": {"2"}, "r__3": {"1"}}, ""},
		{"one_that_is_shown_is_missing", q.Raw{"s": {"a", "b", "c"}, "r__1": {"2"}, "r__3": {"1"}}, `item "r": answer.rank_all`},
		{"one_that_is_hidden", q.Raw{"s": {"a"}, "r__1": {"1"}, "r__2": {"2"}}, `item "r": answer.choose_from_list`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, _, errs := in.Read(morning, nil, tc.raw, nil); errs.Error() != tc.want {
				t.Errorf("errors are %s, want %s", errs.Error(), tc.want)
			}
		})
	}
}
