package questionnaire_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// pageForm is a form with each piece of logic that a page walks.
func pageForm(t *testing.T) *q.Instrument {
	t.Helper()
	age := q.Item{ID: "age", Name: "Age", Kind: q.KindNumber, Label: q.Text{"en": "How old?"}, Constraint: ". < 19", ConstraintMessage: q.Text{"en": "Below 19, ${First}", "fr": "Moins de 19"}}
	why := shortIf("why", "${glad} = 'no'")
	why.RequiredIf, why.RequiredMessage, why.Group = "${Age} > 9", q.Text{"en": "Say why"}, "inner"
	town := q.Item{ID: "town", Kind: q.KindSingleChoice, Label: q.Text{"en": "Where?"}, Filter: "county = ${first}", Choices: []q.Choice{
		{Code: "k", Label: q.Text{"en": "Kendal"}, Columns: q.Cells{"county": "cumbria", "unused": "x"}}, {Code: "x", Label: q.Text{"en": "Rather not"}, Meaning: q.MeaningDeclined},
	}}
	when := q.Item{ID: "since", Kind: q.KindDate, Label: q.Text{"en": "Since?"}, Precision: q.PrecisionMonth, Default: "today()", ReadOnly: "${Age} > 3"}
	name := short("first")
	name.Name, name.Group = "First", "plain"
	d := define(name, age, yesNo("glad"), why, town, when, calculated("twice", "${Age} * 2"), q.Item{ID: "site", Name: "Site", Kind: q.KindHidden, From: q.FromLink, Default: "north"})
	d.Languages = []string{"en", "fr"}
	d.Groups = []q.Group{{ID: "outer", Relevant: "${Age} > 0"}, {ID: "inner", In: "outer"}, {ID: "plain"}}
	d.Parts = append(d.Parts, q.Part{ID: "second", Relevant: "${twice} > 8", Items: []q.Item{short("last")}})
	return publish(t, d)
}

func TestLogic(t *testing.T) {
	t.Parallel()
	in := pageForm(t)
	got, err := json.MarshalIndent(in.Logic("fr"), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"items":{
		"age":{"constraint":["<",["self"],["num",19]],"wrong_say":"Moins de 19"},
		"site":{"hidden":"link","link":"Site","fallback":"north"},
		"since":{"read_only":[">",["ref","age"],["num",3]],"default":["call","today"]},
		"town":{"filter":["=",["column","county"],["ref","first"]],"columns":[{"county":"cumbria"},null]},
		"twice":{"calculation":["*",["ref","age"],["num",2]],"number":true},
		"why":{"group":"inner","relevant":["=",["ref","glad"],["str","no"]],"required":[">",["ref","age"],["num",9]],"need_say":"Say why"}},
		"groups":{"inner":{"in":"outer"},"outer":{"relevant":[">",["ref","age"],["num",0]]}},
		"parts":{"second":[">",["ref","twice"],["num",8]]},
		"ends":{"since":"-01"}}`
	var wantTree, gotTree any
	if err := json.Unmarshal([]byte(want), &wantTree); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(got, &gotTree); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantTree, gotTree); diff != "" {
		t.Errorf("Logic: (-want +got)\n%s", diff)
	}
	if got := in.Logic("en").Items["age"].WrongSay; got != "Below 19, ${first}" {
		t.Errorf("the message in en is %q, want the name turned into the id", got)
	}
}

func TestLogic_None(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(publish(t, define(short("a"))).Logic("en"))
	if err != nil || string(body) != "{}" {
		t.Errorf("Logic of a form without any = %s, %v, want {}", body, err)
	}
}
