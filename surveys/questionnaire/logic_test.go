package questionnaire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// define is a definition of one part with these items.
func define(items ...q.Item) q.Definition {
	return q.Definition{Title: q.Text{"en": "Test"}, Languages: []string{"en"}, Parts: []q.Part{{ID: "page", Items: items}}}
}

// short is an item of one line.
func short(id q.ItemID) q.Item {
	return q.Item{ID: id, Kind: q.KindShortText, Label: q.Text{"en": "What?"}}
}

// shortIf is an item of one line with a relevance.
func shortIf(id q.ItemID, relevant string) q.Item {
	item := short(id)
	item.Relevant = relevant
	return item
}

// calculated is an item that is worked out.
func calculated(id q.ItemID, calculation string) q.Item {
	return q.Item{ID: id, Kind: q.KindCalculated, Calculation: calculation}
}

// yesNo is an item with the choices yes and no.
func yesNo(id q.ItemID) q.Item {
	return q.Item{ID: id, Kind: q.KindSingleChoice, Label: q.Text{"en": "Is it so?"}, Choices: []q.Choice{
		{Code: "yes", Label: q.Text{"en": "Yes"}}, {Code: "no", Label: q.Text{"en": "No"}}, {Code: "x", Label: q.Text{"en": "Rather not"}, Meaning: q.MeaningDeclined},
	}}
}

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func publish(tb fataler, d q.Definition) *q.Instrument {
	tb.Helper()
	v, err := q.Publish("test", 1, d, time.Unix(0, 0))
	if err != nil {
		tb.Fatalf("Publish: %v", err)
	}
	in, err := q.Compile(v)
	if err != nil {
		tb.Fatalf("Compile: %v", err)
	}
	return in
}

// morning is where the sittings of these tests stand: 9:30 in London on a day in
// summer, begun the day before.
var morning = q.Sitting{
	Wave: q.WavePost, Started: time.Date(2026, 7, 6, 22, 30, 0, 0, time.UTC), Now: time.Date(2026, 7, 7, 8, 30, 0, 0, time.UTC),
	Zone: time.FixedZone("BST", 3600), Seed: "00000000000000000000000001",
}

func shown(p *q.Path, ids ...q.ItemID) string {
	var on []string
	for _, id := range ids {
		if p.Shows(id) {
			on = append(on, string(id))
		}
	}
	return strings.Join(on, " ")
}

func TestWalk_Shows(t *testing.T) {
	t.Parallel()
	d := define(yesNo("a"), shortIf("b", "${a} = 'yes'"), shortIf("c", "${b} != ''"), short("d"), short("e"))
	d.Groups = []q.Group{{ID: "outer", Label: q.Text{"en": "Outer"}, Relevant: "${a} = 'yes'"}, {ID: "inner", In: "outer", Relevant: "${b} = 'go'"}}
	d.Parts[0].Items[3].Group, d.Parts[0].Items[4].Group = "outer", "inner"
	before := shortIf("f", "${a} = 'no'")
	before.Waves = []q.Wave{q.WavePre}
	d.Parts = append(d.Parts, q.Part{ID: "second", Relevant: "${a} = 'no'", Items: []q.Item{short("g"), before, calculated("h", "1 + 1")}},
		q.Part{ID: "third", Relevant: "${g} = ''", Items: []q.Item{calculated("i", "2")}})
	in := publish(t, d)
	for _, tc := range []struct {
		name    string
		answers q.Answers
		want    string
	}{
		{"nothing_answered", nil, "a i"},
		{"yes", q.Answers{"a": chosen("yes")}, "a b d i"},
		{"what_it_leads_to", q.Answers{"a": chosen("yes"), "b": text("stay")}, "a b c d i"},
		{"inner_group", q.Answers{"a": chosen("yes"), "b": text("go")}, "a b c d e i"},
		{"off_the_path_counts_as_blank", q.Answers{"a": chosen("no"), "b": text("go")}, "a g h i"},
		{"declined_is_the_code_of_its_choice", q.Answers{"a": missing(q.Declined)}, "a i"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := in.Walk(morning, tc.answers)
			if got := shown(p, "a", "b", "c", "d", "e", "f", "g", "h", "i", "nobody"); got != tc.want {
				t.Errorf("shows %q, want %q", got, tc.want)
			}
			if p.Asks("second") != strings.Contains(tc.want, "g") || p.Asks("third") || !p.Asks("page") || p.Asks("nobody") {
				t.Errorf("Asks: page %t, second %t, third %t", p.Asks("page"), p.Asks("second"), p.Asks("third"))
			}
		})
	}
}

func TestWalk_WithoutLogic(t *testing.T) {
	t.Parallel()
	d := define(yesNo("a"), short("b"))
	d.Parts[0].Items[1].Waves = []q.Wave{q.WavePre}
	in := publish(t, d)
	if in.HasLogic() {
		t.Error("HasLogic: nothing depends on anything")
	}
	if got := shown(in.Walk(morning, nil), "a", "b"); got != "a" {
		t.Errorf("shows %q, want %q", got, "a")
	}
}

func TestHasLogic(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*q.Item){
		"relevant":   func(it *q.Item) { it.Relevant = "1 = 1" },
		"constraint": func(it *q.Item) { it.Constraint = ". != ''" },
		"default":    func(it *q.Item) { it.Default = "London" },
		"piping":     func(it *q.Item) { it.Hint = q.Text{"en": "You said ${a}"} },
		"read_only":  func(it *q.Item) { it.ReadOnly = "yes" },
		"required":   func(it *q.Item) { it.RequiredIf = "${a} = 'yes'" },
	} {
		d := define(yesNo("a"), short("b"))
		change(&d.Parts[0].Items[1])
		if !publish(t, d).HasLogic() {
			t.Errorf("%s: HasLogic = false", name)
		}
	}
	shuffled := yesNo("a")
	shuffled.Shuffle = true
	if publish(t, define(shuffled)).HasLogic() {
		t.Error("a shuffled order is no logic")
	}
}

func TestValue_Calculated(t *testing.T) {
	t.Parallel()
	n := q.Item{ID: "n", Kind: q.KindNumber, Label: q.Text{"en": "How many?"}}
	months := q.Item{ID: "m", Kind: q.KindDate, Label: q.Text{"en": "Since?"}, Precision: q.PrecisionMonth}
	in := publish(t, define(yesNo("a"), n, months, several("s", "x", "y"), short("w"),
		calculated("twice", "${n} * 2"), calculated("thrice", "${twice} + ${n}"), calculated("either", "if(${a} = 'yes', ${n}, 'none')"),
		calculated("label", "jr:choice-name(${a}, '${a}')"), calculated("chosen", "count-selected(${s})"), calculated("true", "${n} > 1"),
		calculated("day", "format-date(${m}, '%Y-%m-%d')"), calculated("echo", "concat('<', ${w}, '>')"), calculated("len", "string-length(${w})")))
	answers := q.Answers{"a": chosen("yes"), "n": numeric(2.5), "m": text("2026-03"), "s": {Choices: []string{"x", "y"}}, "w": text("hi")}
	for _, tc := range []struct {
		variable q.ItemID
		answers  q.Answers
		want     q.Answer
	}{
		{"twice", answers, numeric(5)},
		{"thrice", answers, numeric(7.5)},
		{"either", answers, text("2.5")},
		{"label", answers, text("Yes")},
		{"chosen", answers, numeric(2)},
		{"true", answers, text("true")},
		{"day", answers, text("2026-03-01")},
		{"echo", answers, text("<hi>")},
		{"len", answers, numeric(2)},
		{"twice", nil, missing(q.NotAsked)},
		{"either", nil, text("none")},
		{"label", nil, missing(q.NotAsked)},
		{"chosen", nil, numeric(0)},
	} {
		if diff := cmp.Diff(tc.want, in.Walk(morning, tc.answers).Value(tc.variable)); diff != "" {
			t.Errorf("Value(%s) of %v: (-want +got)\n%s", tc.variable, tc.answers, diff)
		}
	}
	for id, want := range map[q.ItemID][2]bool{"twice": {true, false}, "either": {false, false}, "echo": {false, true}, "len": {true, true}, "label": {false, false}} {
		if v := variable(t, in, id); v.Numeric != want[0] || v.Open != want[1] {
			t.Errorf("%s: Numeric = %t, Open = %t, want %v", id, v.Numeric, v.Open, want)
		}
	}
}

func TestValue_Hidden(t *testing.T) {
	t.Parallel()
	hidden := func(id q.ItemID, from string) q.Item { return q.Item{ID: id, Kind: q.KindHidden, From: from} }
	named := hidden("h_site", q.FromLink)
	named.Name = "Site"
	with := hidden("kind", q.FromLink)
	with.Default = "school"
	in := publish(t, define(short("w"), named, with, hidden("start", q.FromStart), hidden("finish", q.FromEnd), hidden("today", q.FromToday),
		hidden("phone", q.FromNothing), calculated("c", "concat(${Site}, '/', ${kind}, '/', ${phone})")))
	sit := morning
	sit.Link = map[string]string{"Site": "  North\nWing ", "kind": ""}
	p := in.Walk(sit, nil)
	for id, want := range map[q.ItemID]q.Answer{
		"h_site": text("North Wing"), "kind": text("school"), "start": text("2026-07-06T23:30:00.000+01:00"),
		"finish": text("2026-07-07T09:30:00.000+01:00"), "today": text("2026-07-06"), "c": text("North Wing/school/"),
	} {
		if diff := cmp.Diff(want, p.Value(id)); diff != "" {
			t.Errorf("Value(%s): (-want +got)\n%s", id, diff)
		}
	}
	if _, ok := in.Variable("phone"); ok {
		t.Error("what is from nothing has a variable, so it would be an empty column")
	}
	sit.Link = nil
	if got := in.Walk(sit, q.Answers{"h_site": text("kept")}).Value("h_site"); got.Text != "kept" {
		t.Errorf("without a link the value is %v, want what was kept", got)
	}
}

func TestValue_Default(t *testing.T) {
	t.Parallel()
	with := func(item q.Item, value string) q.Item {
		item.Default = value
		return item
	}
	in := publish(t, define(with(short("city"), "London"), with(yesNo("a"), "no"), with(several("s", "x", "y"), "y x"),
		with(q.Item{ID: "day", Kind: q.KindDate, Label: q.Text{"en": "When?"}}, "today()"), with(short("greeting"), "concat('Hello ', ${city})"),
		with(q.Item{ID: "n", Kind: q.KindNumber, Label: q.Text{"en": "How many?"}}, "3")))
	p := in.Walk(morning, nil)
	for id, want := range map[q.ItemID]q.Answer{
		"city": text("London"), "a": chosen("no"), "s": {Choices: []string{"x", "y"}}, "day": text("2026-07-07"), "greeting": text("Hello London"), "n": numeric(3),
	} {
		if diff := cmp.Diff(want, p.Value(id)); diff != "" {
			t.Errorf("Value(%s): (-want +got)\n%s", id, diff)
		}
	}
	cleared := in.Walk(morning, q.Answers{"city": missing(q.NotReached)})
	if got := cleared.Value("city"); got.Missing != q.NotReached {
		t.Errorf("what was cleared has its default again: %v", got)
	}
}

func TestValue_RandomStaysForOnePerson(t *testing.T) {
	t.Parallel()
	in := publish(t, define(calculated("r", "random()"), calculated("s", "random()"), calculated("u", "once(uuid())")))
	p, again := in.Walk(morning, nil), in.Walk(morning, nil)
	if *p.Value("r").Number != *again.Value("r").Number || p.Value("u").Text != again.Value("u").Text {
		t.Error("another number for the same person")
	}
	if *p.Value("r").Number == *p.Value("s").Number {
		t.Error("two items draw the same number")
	}
	other := morning
	other.Seed = "another"
	if *in.Walk(other, nil).Value("r").Number == *p.Value("r").Number {
		t.Error("another person draws the same number")
	}
	if got := in.Walk(morning, q.Answers{"u": text("kept")}).Value("u").Text; got != "kept" {
		t.Errorf("once() gives %q, want what was there", got)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	town := q.Item{ID: "town", Kind: q.KindSingleChoice, Label: q.Text{"en": "Which town?"}, Filter: "county = ${county}", Choices: []q.Choice{
		{Code: "kendal", Label: q.Text{"en": "Kendal"}, Columns: q.Cells{"county": "cumbria"}}, {Code: "other", Label: q.Text{"en": "Another in Cumbria"}, Columns: q.Cells{"county": "cumbria"}},
		{Code: "truro", Label: q.Text{"en": "Truro"}, Columns: q.Cells{"county": "cornwall"}}, {Code: "other", Label: q.Text{"en": "Another in Cornwall"}, Columns: q.Cells{"county": "cornwall"}},
		{Code: "x", Label: q.Text{"en": "Rather not"}, Meaning: q.MeaningDeclined},
	}}
	d := define(short("county"), town)
	d.SameCodes = true
	in := publish(t, d)
	item, _ := in.Item("town")
	labels := func(county string) string {
		var labels []string
		for _, c := range in.Walk(morning, q.Answers{"county": text(county)}).Choices(item) {
			labels = append(labels, c.Label["en"])
		}
		return strings.Join(labels, ", ")
	}
	for county, want := range map[string]string{
		"cumbria": "Kendal, Another in Cumbria, Rather not", "cornwall": "Truro, Another in Cornwall, Rather not", "": "Rather not",
	} {
		if got := labels(county); got != want {
			t.Errorf("choices in %q are %s, want %s", county, got, want)
		}
	}
	_, _, errs := in.Read(morning, nil, q.Raw{"county": {"cornwall"}, "town": {"kendal"}}, nil)
	if errs.Error() != `item "town": answer.choose_from_list` {
		t.Errorf("a choice that is not shown: errors %v", errs)
	}
}

// What nobody can answer is not required.
func TestRequired_NothingToChoose(t *testing.T) {
	t.Parallel()
	town := q.Item{ID: "town", Kind: q.KindSingleChoice, Label: q.Text{"en": "Which town?"}, Required: true, Filter: "name = ${wanted}", Choices: []q.Choice{{Code: "truro", Label: q.Text{"en": "Truro"}}}}
	in := publish(t, define(short("wanted"), town))
	for wanted, want := range map[string]bool{"truro": true, "kendal": false} {
		if got := in.Walk(morning, q.Answers{"wanted": text(wanted)}).Required("town"); got != want {
			t.Errorf("with %s: Required = %t, want %t", wanted, got, want)
		}
	}
}

// The words of "other" are looked at by the name that spreadsheets give them.
func TestWalk_WordsOfOther(t *testing.T) {
	t.Parallel()
	how := yesNo("how")
	how.Choices[1].Meaning = q.MeaningOther
	in := publish(t, define(how, shortIf("b", "${how_other} = 'boat'"), shortIf("c", "${how__other} = 'boat'"), shortIf("d", "${how} = 'no'")))
	p := in.Walk(morning, q.Answers{"how": {Choice: "no", Text: "boat"}})
	if got := shown(p, "b", "c", "d"); got != "b c d" {
		t.Errorf("shows %q", got)
	}
	if got := p.Text(q.Text{"en": "By ${how_other}?"}, "en"); got != "By boat?" {
		t.Errorf("Text = %q", got)
	}
}

func TestChoices_Shuffled(t *testing.T) {
	t.Parallel()
	item := several("s", "a", "b", "c", "d", "e", "none")
	item.Shuffle, item.Choices[5].Meaning = true, q.MeaningExclusive
	in := publish(t, define(item))
	kept, _ := in.Item("s")
	orders := map[string]bool{}
	for _, seed := range strings.Fields("p q r s t u v w x y z") {
		sit := morning
		sit.Seed = seed
		var codes []string
		for _, c := range in.Walk(sit, nil).Choices(kept) {
			codes = append(codes, c.Code)
		}
		order := strings.Join(codes, " ")
		orders[order] = true
		if len(codes) != 6 || codes[5] != "none" {
			t.Errorf("seed %s: %s: a choice with a meaning moved, or one is missing", seed, order)
		}
	}
	if len(orders) < 8 {
		t.Errorf("11 people see only %d orders", len(orders))
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	d := define(yesNo("a"), short("w"), several("s", "x", "y"), calculated("c", "jr:choice-name(${a}, '${a}')"))
	d.Languages = []string{"en", "ar"}
	d.Parts[0].Items[0].Choices[0].Label["ar"] = "نعم"
	d.Parts[0].Items[1].Name = "My word"
	d.Parts[0].Items[2].Choices[0].Label["en"] = "the ${My word} one"
	in := publish(t, d)
	answers := q.Answers{"a": chosen("yes"), "w": text("<b>${a}"), "s": {Choices: []string{"x", "y"}}}
	for _, tc := range []struct{ words, lang, want string }{
		{"You said ${a}.", "en", "You said Yes."},
		{"You said ${a}.", "ar", "You said نعم."},
		{"${c}/${ a }", "ar", "نعم/نعم"},
		{"${My word}!", "en", "<b>${a}!"},
		{"${s}", "en", "the <b>${a} one; y"},
		{"no pipe, $ { } ${", "en", "no pipe, $ { } ${"},
		{"${nobody}", "en", ""},
	} {
		if got := in.Walk(morning, answers).Text(q.Text{"en": tc.words}, tc.lang); got != tc.want {
			t.Errorf("Text(%q, %s) = %q, want %q", tc.words, tc.lang, got, tc.want)
		}
	}
	declined := in.Walk(morning, q.Answers{"a": missing(q.Declined)})
	if got := declined.Text(q.Text{"en": "You said ${a}."}, "en"); got != "You said ." {
		t.Errorf("who would not say is quoted: %q", got)
	}
	want := []q.Piece{{Words: "You said "}, {Words: "Yes", Of: "a"}, {Words: "."}}
	if diff := cmp.Diff(want, in.Walk(morning, answers).Pieces(q.Text{"en": "You said ${a}."}, "en")); diff != "" {
		t.Errorf("Pieces: (-want +got)\n%s", diff)
	}
}
