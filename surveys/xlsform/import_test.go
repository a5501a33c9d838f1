package xlsform_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	q "soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// items are the items of a definition by id.
func items(d q.Definition) map[q.ItemID]q.Item {
	all := map[q.ItemID]q.Item{}
	for _, part := range d.Parts {
		for _, item := range part.Items {
			all[item.ID] = item
		}
	}
	return all
}

func TestRead_Items(t *testing.T) {
	got := items(read(t, `# survey
|type|name|label|hint|required|relevant|constraint|constraint_message|calculation|appearance|default|parameters|choice_filter|read_only|
|string|FullName|Your name|As in your passport|yes||string-length(.) > 1|Longer||||||yes|
|text|story|Your story|||||||multiline||||
|int|age|Age||${FullName} != ''||||||18||||
|date|month|Month|||||||month-year||||
|range|nps|How likely||||||||10|start=0 end=10||
|range|metres|How far||||||||30|start=0 end=500 step=5||
|select_one yn or_other|happy|Happy?||||||||yes|randomize=true||
|select_multiple places|where|Where?||||||||||region = 'n'||
|rank places|order|In order||||||||||||
|trigger|ok|I agree||||||||||||
|calculate|sum|||||||${age} + 1||||||
|hidden|source||||||||||||
|start|began||||||||||||
|imei|device||||||||||||
|photo|face|Your face||TRUE||||||||||
# choices
|list name|value|caption|region|
|yn|yes|Yes||
|yn|no|No||
|places|a|A|n|
|places|b|B|s|
`).Definition)
	want := []q.Item{
		{ID: "fullname", Name: "FullName", Kind: q.KindShortText, Label: en("Your name"), Hint: en("As in your passport"), Required: true,
			Constraint: "string-length(.) > 1", ConstraintMessage: en("Longer"), ReadOnly: "yes"},
		{ID: "story", Kind: q.KindLongText, Label: en("Your story")},
		{ID: "age", Kind: q.KindNumber, Whole: true, Label: en("Age"), RequiredIf: "${FullName} != ''", Default: "18"},
		{ID: "month", Kind: q.KindDate, Precision: q.PrecisionMonth, Label: en("Month")},
		{ID: "nps", Kind: q.KindScale, Label: en("How likely"), Min: pointer(0), Max: pointer(10), Step: pointer(1), Default: "10", Sheet: q.Cells{"parameters": "start=0 end=10"}},
		{ID: "metres", Kind: q.KindNumber, Label: en("How far"), Whole: true, Min: pointer(0), Max: pointer(500), Default: "30",
			Sheet: q.Cells{"type": "range", "parameters": "start=0 end=500 step=5"}},
		{ID: "happy", Kind: q.KindSingleChoice, Label: en("Happy?"), List: "yn", Shuffle: true, Default: "yes", Choices: []q.Choice{
			{Code: "yes", Label: en("Yes")}, {Code: "no", Label: en("No")}, {Code: "other", Label: en("Other"), Meaning: q.MeaningOther}}},
		{ID: "where", Kind: q.KindMultipleChoice, Label: en("Where?"), List: "places", Filter: "region = 'n'", Choices: places()},
		{ID: "order", Kind: q.KindRanking, Label: en("In order"), List: "places", Choices: places()},
		{ID: "ok", Kind: q.KindAcknowledge, Label: en("I agree")},
		{ID: "sum", Kind: q.KindCalculated, Calculation: "${age} + 1"},
		{ID: "source", Kind: q.KindHidden, From: q.FromLink},
		{ID: "began", Kind: q.KindHidden, From: q.FromStart},
		{ID: "device", Kind: q.KindHidden, From: q.FromNothing, Sheet: q.Cells{"type": "deviceid"}},
		{ID: "face", Kind: q.KindHidden, From: q.FromNothing, Label: en("Your face"), Sheet: q.Cells{"type": "image", "required": "TRUE"}},
	}
	for _, item := range want {
		if diff := cmp.Diff(item, got[item.ID], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("item %s (-want +got):\n%s", item.ID, diff)
		}
	}
	if len(got) != len(want) {
		t.Errorf("Read gives %d items, want %d", len(got), len(want))
	}
}

func en(words string) q.Text { return q.Text{"en": words} }

func places() []q.Choice {
	return []q.Choice{{Code: "a", Label: en("A"), Columns: q.Cells{"region": "n"}}, {Code: "b", Label: en("B"), Columns: q.Cells{"region": "s"}}}
}

// TestRead_Pages lays rows out on pages: a field-list is one, loose rows go by
// eight, and what looks at an answer of the same page begins the next.
func TestRead_Pages(t *testing.T) {
	var rows strings.Builder
	for i := range 10 {
		fmt.Fprintf(&rows, "|text|loose%d|L|\n", i)
	}
	got := read(t, header+rows.String()+`|begin group|page|The page|${loose1} = 1||||||field-list|
|text|on_page|P|
|begin group|inner|Inner|
|text|in_inner|I|
|end group|
|end group|
|begin group|g|G|
|text|first|F|
|text|second|S|${first} = 1|
|calculate|worked||||${second}|
|text|third|T|${worked} != ''|
|end group|
`).Definition
	var pages []string
	for _, part := range got.Parts {
		var ids []string
		for _, item := range part.Items {
			ids = append(ids, string(item.ID))
		}
		pages = append(pages, string(part.ID)+": "+strings.Join(ids, " "))
	}
	want := []string{"page_1: loose0 loose1 loose2 loose3 loose4 loose5 loose6 loose7", "page_2: loose8 loose9", "page: on_page in_inner",
		"page_4: first", "page_5: second worked", "page_6: third"}
	if diff := cmp.Diff(want, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	groups := map[q.ItemID]q.ItemID{}
	for id, item := range items(got) {
		groups[id] = item.Group
	}
	if groups["in_inner"] != "inner" || groups["on_page"] != "" || groups["third"] != "g" || len(got.Groups) != 2 {
		t.Errorf("groups of items are %v, of the definition %v", groups, got.Groups)
	}
	if page := got.Parts[2]; page.Relevant != "${loose1} = 1" || page.Title["en"] != "The page" || page.Auto {
		t.Errorf("the page is %+v", page)
	}
}

// TestRead_Languages reads what headings call languages.
func TestRead_Languages(t *testing.T) {
	for _, c := range []struct {
		headings, setting string
		want              []string
		assumed           string
	}{
		{"label", "", []string{"en"}, "en"},
		{"label", "French", []string{"fr"}, ""},
		{"label::English (en)|label::Français (fr)", "", []string{"en", "fr"}, ""},
		{"label::English (en)|label::Français (fr)", "Français (fr)", []string{"fr", "en"}, ""},
		{"label::Kiswahili|label::हिन्दी (Hindi)|label::Nepali (np)", "", []string{"sw", "hi", "ne"}, ""},
		{"label::Dari|label::دری", "", []string{"fa-AF", "fa-AF-x-2"}, ""},
		{"label::Ateso|label::pt-BR", "", []string{"x-ateso", "pt-BR"}, ""},
		{"label:English|label:Arabic", "", []string{"en", "ar"}, ""},
		{"label|label::French (fr)", "", []string{"en", "fr"}, "en"},
		{"label|label::French (fr)", "French", []string{"fr"}, ""},
		{"label|label::English (en)", "", []string{"en-x-2", "en"}, "en-x-2"},
		{"label::Swahili(swa)|hint", "", []string{"sw"}, ""},
	} {
		t.Run(c.headings+" "+c.setting, func(t *testing.T) {
			cells := strings.Repeat("|x", strings.Count(c.headings, "|")+1)
			form := "# survey\n|type|name|" + c.headings + "|\n|text|a" + cells + "|"
			if c.setting != "" {
				form += "\n# settings\n|default_language|\n|" + c.setting + "|"
			}
			got := read(t, form)
			if diff := cmp.Diff(c.want, got.Definition.Languages); diff != "" || got.AssumedLanguage != c.assumed {
				t.Errorf("languages (-want +got):\n%s\nassumed %q, want %q", diff, got.AssumedLanguage, c.assumed)
			}
		})
	}
}

// TestRead_IDs makes ids of names: small, unique, in the order of the sheet.
func TestRead_IDs(t *testing.T) {
	got := read(t, header+`|text|_a|A|
|text|A|B|
|text|Été-2|C|
|text|if|D|
|text|a__b|E|
|text|the.longest_name-of_all_that_is_there|F|
|text|the.longest_name-of_all_that_is_here|G|
|text|名前|H|
`).Definition
	ids := map[string]q.ItemID{}
	for id, item := range items(got) {
		ids[item.ReferenceName()] = id
	}
	want := map[string]q.ItemID{"_a": "a", "A": "a_2", "Été-2": "t_2", "if": "q_if", "a__b": "a_b",
		"the.longest_name-of_all_that_is_there": "the_longest_name_of_all_that_is", "the.longest_name-of_all_that_is_here": "the_longest_name_of_all_that_i_2", "名前": "q"}
	if !maps.Equal(ids, want) {
		t.Errorf("ids (-want +got):\n%s", cmp.Diff(want, ids))
	}
}

// TestRead_EditedExport changes an export as a person would in a spreadsheet
// program: the change wins over what Soundings had written beside it.
func TestRead_EditedExport(t *testing.T) {
	d := q.Definition{Title: en("T"), Languages: []string{"en"}, Parts: []q.Part{{ID: "p", Items: []q.Item{
		{ID: "age", Kind: q.KindNumber, Label: en("Age"), Min: pointer(0), Max: pointer(120), Unit: en("years")},
		{ID: "mood", Kind: q.KindFaces, Label: en("Mood"), Choices: []q.Choice{{Code: "1", Label: en("Sad"), Score: pointer(0)}, {Code: "2", Label: en("Glad"), Score: pointer(1)}}},
	}}}}
	data, err := xlsform.Write(d, xlsform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	book, err := xlsform.ReadBook(data)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.NewReplacer(". >= 0 and . <= 120", ". >= 16", "Glad", "Happy", "Age", "Your age").Replace(tables(book))
	got := items(read(t, edited).Definition)
	age, mood := got["age"], got["mood"]
	if age.Min != nil || age.Max != nil || age.Constraint != ". >= 16" || age.Label["en"] != "Your age" || age.Unit["en"] != "years" {
		t.Errorf("age is %+v, want the constraint and label as edited and the unit kept", age)
	}
	if mood.Kind != q.KindFaces || mood.Choices[1].Label["en"] != "Happy" || *mood.Choices[1].Score != 1 {
		t.Errorf("mood is %+v, want faces with the label as edited", mood)
	}
}

// tables writes a book as made reads it.
func tables(book *xlsform.Book) string {
	var text strings.Builder
	for _, sheet := range book.Sheets {
		text.WriteString("# " + sheet.Name + "\n")
		for _, row := range sheet.Rows {
			for column := 1; column <= len(sheet.Rows[0].Cells); column++ {
				text.WriteString("|" + row.Text(column))
			}
			text.WriteString("|\n")
		}
	}
	return text.String()
}
