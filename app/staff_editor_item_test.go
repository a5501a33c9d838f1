package app_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// drawnWords is a text in English and perhaps in Arabic, with what texts may hold.
func drawnWords(t *rapid.T, name string) questionnaire.Text {
	text := questionnaire.Text{}
	if words := rapid.StringMatching(`([ A-Za-z<>&"'é😀\n$_.]{0,15}[a-z])?`).Draw(t, name); words != "" {
		text["en"] = words
	}
	if words := rapid.StringMatching(`[ء-ي ]{0,6}`).Draw(t, name+" ar"); words != "" {
		text["ar"] = words
	}
	if len(text) == 0 {
		return nil
	}
	return text
}

func drawnNumber(t *rapid.T, name string) *float64 {
	if !rapid.Bool().Draw(t, "has "+name) {
		return nil
	}
	number := float64(rapid.IntRange(-200, 200).Draw(t, name)) / 4
	return &number
}

func drawnExpression(t *rapid.T, name string) string {
	return rapid.SampledFrom([]string{
		"", "${first} = '1'", "${first} = '1' and ${first} != '2'", "selected(${several}, 'a') or not(selected(${several}, 'b'))", "${first} > 3",
		"  ${first}   =   '1'  ", "if(${first} = '1', 2, 3) > 1", "${first} = ${several}", "${first} != ''", ". > 3 and . < 10",
	}).Draw(t, name)
}

// drawnItem is an item of a kind with all the fields that its form has, filled or not.
func drawnItem(t *rapid.T, kind questionnaire.Kind) questionnaire.Item {
	item := questionnaire.Item{
		ID: "item", Kind: kind, Label: drawnWords(t, "label"), Hint: drawnWords(t, "hint"), Required: rapid.Bool().Draw(t, "required"),
		Low: drawnWords(t, "low"), High: drawnWords(t, "high"), Unit: drawnWords(t, "unit"), Min: drawnNumber(t, "min"), Max: drawnNumber(t, "max"), Step: drawnNumber(t, "step"),
		Whole: rapid.Bool().Draw(t, "whole"), Quotable: rapid.Bool().Draw(t, "quotable"), Consent: rapid.SampledFrom([]questionnaire.ItemID{"", "agree", "gone"}).Draw(t, "consent"),
		Wording: rapid.SampledFrom([]string{"", "1", "2026 b"}).Draw(t, "wording"), Name: rapid.SampledFrom([]string{"", "Its-Name"}).Draw(t, "name"),
		Relevant: drawnExpression(t, "relevant"), RequiredIf: drawnExpression(t, "required if"), Constraint: drawnExpression(t, "constraint"),
		Calculation: drawnExpression(t, "calculation"), ReadOnly: drawnExpression(t, "read only"), Filter: rapid.SampledFrom([]string{"", "region = ${first}"}).Draw(t, "filter"),
		RequiredMessage: drawnWords(t, "message"), ConstraintMessage: drawnWords(t, "message"), Default: rapid.SampledFrom([]string{"", "1", "today()"}).Draw(t, "default"),
		List: rapid.SampledFrom([]string{"", "yes_no"}).Draw(t, "list"), Shuffle: rapid.Bool().Draw(t, "shuffle"), Grid: rapid.Bool().Draw(t, "grid"),
		Precision: rapid.SampledFrom([]string{"", "day", "month", "century"}).Draw(t, "precision"), From: rapid.SampledFrom([]string{"", "link", "elsewhere"}).Draw(t, "from"),
		Sensitive: rapid.Bool().Draw(t, "sensitive"), Breakdown: rapid.Bool().Draw(t, "breakdown"), Locked: rapid.Bool().Draw(t, "locked"), Library: rapid.SampledFrom([]string{"", "who5"}).Draw(t, "library"),
		Group: rapid.SampledFrom([]questionnaire.ItemID{"", "inner", "gone"}).Draw(t, "group"), Sheet: questionnaire.Cells{"note": "kept"},
		Waves:   rapid.SampledFrom([][]questionnaire.Wave{nil, {questionnaire.WavePost}, {questionnaire.WaveFollowUp, questionnaire.WavePre}}).Draw(t, "waves"),
		Picture: rapid.SampledFrom([]string{"", "abc"}).Draw(t, "picture"), Alt: drawnWords(t, "alt"), Audio: map[string]string{"en": "def"},
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "choices") {
		item.Choices = append(item.Choices, questionnaire.Choice{
			Code: fmt.Sprintf("%d", i), Label: drawnWords(t, "choice"), Score: drawnNumber(t, "score"), Columns: questionnaire.Cells{"region": "north"}, Picture: "pic",
			Meaning: rapid.SampledFrom([]questionnaire.Meaning{"", questionnaire.MeaningOther, questionnaire.MeaningDeclined, questionnaire.MeaningExclusive}).Draw(t, "meaning"),
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rows") {
		item.Rows = append(item.Rows, questionnaire.Row{ID: questionnaire.ItemID(fmt.Sprintf("item_%d", i+1)), Label: drawnWords(t, "row")})
		item.Prompts = append(item.Prompts, questionnaire.Prompt{
			ID: questionnaire.ItemID(fmt.Sprintf("p%d", i)), Label: drawnWords(t, "prompt"), Hint: drawnWords(t, "prompt hint"),
			Element: rapid.SampledFrom([]string{"letters", "day", "other"}).Draw(t, "element"), Length: rapid.IntRange(-3, 3).Draw(t, "length"),
		})
	}
	return item
}

// around is a definition that holds an item, with others that it can look at.
func around(item questionnaire.Item) questionnaire.Definition {
	words := func(w string) questionnaire.Text { return questionnaire.Text{"en": w} }
	return questionnaire.Definition{
		Title: words("Views"), Languages: []string{"en", "ar"}, Groups: []questionnaire.Group{{ID: "inner"}},
		Parts: []questionnaire.Part{{ID: "part_1", Items: []questionnaire.Item{
			{ID: "first", Kind: questionnaire.KindNumber, Label: words("First")},
			{ID: "several", Kind: questionnaire.KindMultipleChoice, Label: words("Several"), Choices: []questionnaire.Choice{{Code: "a", Label: words("A")}, {Code: "b", Label: words("B")}}},
			{ID: "agree", Kind: questionnaire.KindConsent, Label: words("Agree?")},
			item,
			{ID: "after", Kind: questionnaire.KindShortText, Label: words("After"), Relevant: "${item} != ''"},
		}}},
	}
}

var cmpDefinition = cmpopts.EquateEmpty()

// TestFormGivesTheItemBack: a form that nobody touched changes nothing, whatever
// the item holds and whichever languages are shown.
func TestFormGivesTheItemBack(t *testing.T) {
	t.Parallel()
	for _, kind := range questionnaire.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				def := around(drawnItem(t, kind))
				langs := rapid.SampledFrom([][]string{{"en"}, {"en", "ar"}}).Draw(t, "languages")
				posted := app.ItemFormValues(&def, "item", langs...)
				for name, values := range posted { // as browsers send text
					for i := range values {
						posted[name][i] = strings.ReplaceAll(values[i], "\n", "\r\n")
					}
				}
				after := def.Clone()
				if wrong := app.ReadItemForm(&after, "item", posted, langs...); len(wrong) > 0 {
					t.Fatalf("the untouched form is refused: %v", wrong)
				}
				if diff := cmp.Diff(def, after, cmpDefinition); diff != "" {
					t.Fatalf("the untouched form changes the definition (-before +after):\n%s", diff)
				}
			})
		})
	}
}

// TestFormHasEveryFieldOfItsKind: whatever a form lets an author fill in, the kind uses.
func TestFormHasEveryFieldOfItsKind(t *testing.T) {
	t.Parallel()
	for _, kind := range questionnaire.Kinds {
		item := app.OfKind(kind, "item", "en")
		def := around(item)
		posted := app.ItemFormValues(&def, "item", "en")
		for name := range posted {
			switch {
			case strings.Contains(name, ".") || posted.Get(name) != "":
			case slices.Contains([]string{"min", "max", "step"}, name):
				posted.Set(name, "1")
			case strings.Contains("relevant required_if constraint read_only calculation filter", name):
				posted.Set(name, "1 = 1")
			}
		}
		for _, flag := range []string{"required", "whole", "shuffle", "grid", "quotable", "sensitive", "breakdown"} {
			if posted.Has(flag + ".shown") {
				posted.Set(flag, "on")
			}
		}
		for _, text := range []string{"label.en", "hint.en", "low.en", "high.en", "unit.en", "required_message.en", "constraint_message.en", "alt.en"} {
			if posted.Has(text) {
				posted.Set(text, "Words")
			}
		}
		if wrong := app.ReadItemForm(&def, "item", posted, "en"); len(wrong) > 0 {
			t.Errorf("%s: %v", kind, wrong)
		}
		if err := def.Check(); err != nil && strings.Contains(err.Error(), "is not for kind") {
			t.Errorf("the form of %s has a field that the kind does not use:\n%v", kind, err)
		}
	}
}

func TestEveryKindCanBeChosen(t *testing.T) {
	t.Parallel()
	var offered []questionnaire.Kind
	for _, group := range app.EditorGroups {
		for _, info := range group.Kinds {
			offered = append(offered, info.Kind)
			if info.Title == "" || info.Sentence == "" || info.Look == "" {
				t.Errorf("%s is not described", info.Kind)
			}
		}
	}
	all := slices.Clone(questionnaire.Kinds)
	slices.Sort(all)
	slices.Sort(offered)
	if diff := cmp.Diff(all, offered); diff != "" {
		t.Errorf("kinds offered (-all +offered):\n%s", diff)
	}
}

// TestTurnInto: an item made another kind has nothing that the new kind refuses.
func TestTurnInto(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(questionnaire.Kinds).Draw(t, "from"), rapid.SampledFrom(questionnaire.Kinds).Draw(t, "to")
		item := drawnItem(t, from)
		app.TurnInto(&item, to, "en")
		def := around(item)
		if err := def.Check(); err != nil && (strings.Contains(err.Error(), "is not for kind") || strings.Contains(err.Error(), "not one this kind knows")) {
			t.Fatalf("%s made %s: %v", from, to, err)
		}
	})
}

func TestItemForm(t *testing.T) {
	t.Parallel()
	scored := func(code, words string, score float64) questionnaire.Choice {
		return questionnaire.Choice{Code: code, Label: questionnaire.Text{"en": words}, Score: &score}
	}
	battery := questionnaire.Item{
		ID: "item", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How often?", "ar": "كم"},
		Rows:    []questionnaire.Row{{ID: "calm", Label: questionnaire.Text{"en": "Calm", "ar": "هادئ"}}, {ID: "cross", Label: questionnaire.Text{"en": "Cross"}}},
		Choices: []questionnaire.Choice{scored("1", "Never", 1), scored("2", "Always", 2)},
	}
	tests := []struct {
		name   string
		change url.Values
		want   func(item *questionnaire.Item) any
		is     any
	}{
		{"other languages stay", url.Values{"label.en": {"How often now?"}}, func(i *questionnaire.Item) any { return i.Label }, questionnaire.Text{"en": "How often now?", "ar": "كم"}},
		{"pasted rows", url.Values{"rows.paste": {"I sleep well\tأنام\r\nI eat well\r\n\r\n"}}, func(i *questionnaire.Item) any { return rowsInWords(i) }, "calm:Calm cross:Cross sleep_well:I sleep well eat_well:I eat well"},
		{"pasted choices with scores", url.Values{"choices.paste": {"Often\t3\nVery often\t4"}}, func(i *questionnaire.Item) any { return choicesInWords(i) }, "1:Never=1 2:Always=2 3:Often=3 4:Very often=4"},
		{"a row moves with its other languages", url.Values{"do": {"down:rows:0"}}, func(i *questionnaire.Item) any { return i.Rows[1] }, battery.Rows[0]},
		{"a row moves up at the top: nothing", url.Values{"do": {"up:rows:0"}}, func(i *questionnaire.Item) any { return rowsInWords(i) }, "calm:Calm cross:Cross"},
		{"a choice goes", url.Values{"do": {"remove:choices:0"}}, func(i *questionnaire.Item) any { return choicesInWords(i) }, "2:Always=2"},
		{"what was typed is kept when a row is added", url.Values{"do": {"add:rows"}, "label.en": {"New"}}, func(i *questionnaire.Item) any { return i.Label["en"] + " " + rowsInWords(i) }, "New calm:Calm cross:Cross item_1:"},
		{"a code", url.Values{"id.choices.2": {"always"}}, func(i *questionnaire.Item) any { return choicesInWords(i) }, "1:Never=1 always:Always=2"},
		{"a score with a comma", url.Values{"choices.0.score": {"1,5"}}, func(i *questionnaire.Item) any { return choicesInWords(i) }, "1:Never=1.5 2:Always=2"},
		{"blank is no score", url.Values{"choices.0.score": {""}}, func(i *questionnaire.Item) any { return i.Choices[0].Score == nil }, true},
		{"a condition", url.Values{"relevant.count": {"1"}, "relevant.0.name": {"several"}, "relevant.0.is": {"includes"}, "relevant.0.value": {"a"}}, func(i *questionnaire.Item) any { return i.Relevant }, "selected(${several}, 'a')"},
		{"two conditions, any", url.Values{
			"relevant.count": {"2"}, "relevant.join": {"any"}, "relevant.0.name": {"first"}, "relevant.0.is": {"more"}, "relevant.0.value": {"15"},
			"relevant.1.name": {"several"}, "relevant.1.is": {"answered"},
		}, func(i *questionnaire.Item) any { return i.Relevant }, "${first} > 15 or ${several} != ''"},
		{"a condition without a value waits", url.Values{"relevant.count": {"1"}, "relevant.0.name": {"first"}, "relevant.0.is": {"is"}, "relevant.0.value": {""}}, func(i *questionnaire.Item) any { return i.Relevant }, ""},
		{"an expression as text", url.Values{"relevant": {"${first} > 3 and ${first} < 9"}}, func(i *questionnaire.Item) any { return i.Relevant }, "${first} > 3 and ${first} < 9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			def := around(battery).Clone()
			posted := app.ItemFormValues(&def, "item", "en")
			maps.Copy(posted, tt.change)
			if wrong := app.ReadItemForm(&def, "item", posted, "en"); len(wrong) > 0 {
				t.Fatalf("refused: %v", wrong)
			}
			if diff := cmp.Diff(tt.is, tt.want(&def.Parts[0].Items[3])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func rowsInWords(i *questionnaire.Item) string {
	var words []string
	for _, r := range i.Rows {
		words = append(words, string(r.ID)+":"+r.Label["en"])
	}
	return strings.Join(words, " ")
}

func choicesInWords(i *questionnaire.Item) string {
	var words []string
	for _, c := range i.Choices {
		words = append(words, fmt.Sprintf("%s:%s=%v", c.Code, c.Label["en"], *c.Score))
	}
	return strings.Join(words, " ")
}

// TestItemFormRefuses: what cannot be read is said beside its control, and nothing is changed.
func TestItemFormRefuses(t *testing.T) {
	t.Parallel()
	item := questionnaire.Item{
		ID: "item", Kind: questionnaire.KindSingleChoice, Label: questionnaire.Text{"en": "Which?"},
		Choices: []questionnaire.Choice{{Code: "a", Label: questionnaire.Text{"en": "A"}}, {Code: "b", Label: questionnaire.Text{"en": "B"}}},
	}
	tests := []struct{ name, control, typed, target, says string }{
		{"a score in words", "choices.1.score", "much", "f-choices-1-score", "write a number"},
		{"an id with capitals", "id", "My Item", "f-id", "small letters"},
		{"an id that is taken", "id", "first", "f-id", "already"},
		{"a code that is taken", "id.choices.a", "b", "f-id-choices-a", "already"},
		{"no code", "id.choices.a", "", "f-id-choices-a", "1 to 64"},
		{"an expression that ends early", "relevant", "${first} = ", "f-relevant", "Here, at the arrow: ${first} =➜"},
		{"a word without quotes", "relevant", "${first} = yes", "f-relevant", "'yes'"},
		{"a meaning that is none", "choices.0.meaning", "wizard", "f-choices-0-meaning", "choose from the list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			def := around(item).Clone()
			posted := app.ItemFormValues(&def, "item", "en")
			posted.Set(tt.control, tt.typed)
			wrong := app.ReadItemForm(&def, "item", posted, "en")
			if got := wrong[tt.target]; !strings.Contains(got, tt.says) {
				t.Errorf("refusal = %v, want %s to say %q", wrong, tt.target, tt.says)
			}
		})
	}
}

// TestRenameFollows: a new id is followed by everything that looked at the old one.
func TestRenameFollows(t *testing.T) {
	t.Parallel()
	def := around(questionnaire.Item{ID: "item", Kind: questionnaire.KindNumber, Label: questionnaire.Text{"en": "How many?"}})
	posted := app.ItemFormValues(&def, "item", "en")
	posted.Set("id", "how_many")
	if wrong := app.ReadItemForm(&def, "item", posted, "en"); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	items := def.Parts[0].Items
	if items[3].ID != "how_many" || items[4].Relevant != "${how_many} != ''" {
		t.Errorf("id = %s, condition after it = %s; want how_many in both", items[3].ID, items[4].Relevant)
	}
}

func TestPastedLines(t *testing.T) {
	t.Parallel()
	show := func(lines []app.PastedLine) string {
		var words []string
		for _, line := range lines {
			word := line.Words["en"] + "/" + line.Words["ar"]
			if line.Score != nil {
				word += fmt.Sprintf("=%v", *line.Score)
			}
			words = append(words, word)
		}
		return strings.Join(words, "; ")
	}
	tests := []struct {
		name, text string
		scored     bool
		want       string
	}{
		{"lines", "A\nB\n", true, "A/; B/"},
		{"lines of Windows", "A\r\nB\r\n", true, "A/; B/"},
		{"two languages", "A\tأ\nB\tب", true, "A/أ; B/ب"},
		{"words and a score", "A\t1\nB\t2", true, "A/=1; B/=2"},
		{"a score first", "1\tA\tأ\n2\tB\tب", true, "A/أ=1; B/ب=2"},
		{"a number that is words", "1\n2", true, "1/; 2/"},
		{"one line lacks its score", "A\t1\nB", true, "A/1; B/"},
		{"rows have no score", "A\t1\nB\t2", false, "A/1; B/2"},
		{"quotes of a spreadsheet", "\"He said \"\"no\"\"\"\n", true, `He said "no"/`},
		{"more columns than languages", "A\tأ\tC", false, "A/أ"},
		{"nothing", "\n \t\n", true, ""},
	}
	for _, tt := range tests {
		if got := show(app.PastedLines(tt.text, []string{"en", "ar"}, tt.scored)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestProposedIDs(t *testing.T) {
	t.Parallel()
	tests := []struct{ words, taken, want string }{
		{"How stressed are you?", "", "stressed"},
		{"How stressed are you?", "stressed", "stressed_2"},
		{"What did you like about the workshop?", "", "like_about_workshop"},
		{"Élève: âge", "", "eleve_age"},
		{"كيف حالك؟", "", "q1"},
		{"كيف حالك؟", "q1", "q2"},
		{"5 a day", "", "day"},
		{"", "", "q1"},
		{"Donaudampfschifffahrtsgesellschaftskapitän", "", "donaudampfschifffahrtsge"},
	}
	for _, tt := range tests {
		if got := app.ProposeID(tt.words, "q", map[string]bool{tt.taken: true}); got != tt.want {
			t.Errorf("ProposeID(%q, %q taken) = %q, want %q", tt.words, tt.taken, got, tt.want)
		}
	}
	if got := app.ProposeCode("Prefer not to say", map[string]bool{}); got != "prefer_not_to_say" {
		t.Errorf("ProposeCode = %q", got)
	}
	if got := app.ProposeCode("غير ذلك", map[string]bool{"c1": true}); got != "c2" {
		t.Errorf("ProposeCode of Arabic = %q, want c2", got)
	}
}
