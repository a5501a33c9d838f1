package app_test

import (
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// codeItem is a definition with a fresh linkage code, in English and Arabic.
func codeItem() *questionnaire.Definition {
	item := app.OfKind(questionnaire.KindLinkageCode, "code", "en")
	item.Label = questionnaire.Text{"en": "Your code", "ar": "رمزك"}
	return &questionnaire.Definition{
		Title: questionnaire.Text{"en": "Views"}, Languages: []string{"en", "ar"}, Parts: []questionnaire.Part{{ID: "one", Items: []questionnaire.Item{item}}},
	}
}

func promptIDs(d *questionnaire.Definition) string {
	var ids []string
	for _, p := range d.Parts[0].Items[0].Prompts {
		ids = append(ids, string(p.ID))
	}
	return strings.Join(ids, " ")
}

// TestEditorPicksPrompts ticks questions of the bank on and off, and the card.
func TestEditorPicksPrompts(t *testing.T) {
	t.Parallel()
	d := codeItem()
	if got := promptIDs(d); got != "mother day siblings family" {
		t.Fatalf("a fresh code asks for %s", got)
	}
	posted := app.ItemFormValues(d, "code", "en", "ar")
	if !slices.Equal(posted["bank"], []string{"mother", "day", "siblings", "family"}) {
		t.Fatalf("ticked are %v", posted["bank"])
	}
	posted["bank"] = []string{"mother", "siblings", "family", "town", "name_letters"}
	posted.Set("card", "on")
	if wrong := app.ReadItemForm(d, "code", posted, "en", "ar"); len(wrong) > 0 {
		t.Fatalf("refused: %v", wrong)
	}
	item := d.Parts[0].Items[0]
	if got := promptIDs(d); got != "mother siblings family name_letters town" || !item.Card {
		t.Errorf("after picking: %s, card %t", got, item.Card)
	}
	if town := item.Prompts[4]; town.Label["en"] != "First two letters of the town or village where you were born" || town.Length != 2 || town.Element != questionnaire.ElementLetters {
		t.Errorf("town = %+v", town)
	}
	if err := d.Check(); err != nil {
		t.Errorf("what was picked cannot be published: %v", err)
	}
	posted = app.ItemFormValues(d, "code", "en", "ar")
	delete(posted, "bank") // none ticked: only cards are taken
	app.ReadItemForm(d, "code", posted, "en", "ar")
	if got := promptIDs(d); got != "" {
		t.Errorf("with none picked it asks for %s", got)
	}
	if err := d.Check(); err != nil {
		t.Errorf("a code of cards alone cannot be published: %v", err)
	}
}

// TestBankIsSafe: nothing in the bank is advised against, and any two but day and
// month go together.
func TestBankIsSafe(t *testing.T) {
	t.Parallel()
	d := codeItem()
	posted := app.ItemFormValues(d, "code", "en")
	posted["bank"] = []string{"father", "grandmother", "month", "brothers", "sisters", "first_name", "name_letters", "town", "school"}
	app.ReadItemForm(d, "code", posted, "en")
	for _, a := range d.Advice() {
		if a.Code == questionnaire.AdviceUnsafePrompt || a.Code == questionnaire.AdviceChangedPrompt {
			t.Errorf("the bank is advised against: %s", a.Text)
		}
	}
	if n := len(d.Parts[0].Items[0].Prompts); n != 9 {
		t.Errorf("%d questions, want the nine picked", n)
	}
}
