package questionnaire_test

import (
	"math"
	"strings"
	"testing"

	"soundings/surveys/questionnaire"
)

// asking is a definition of one part with these items, in English.
func asking(items ...questionnaire.Item) questionnaire.Definition {
	return questionnaire.Definition{
		Title: questionnaire.Text{"en": "Views"}, Languages: []string{"en"},
		Parts: []questionnaire.Part{{ID: "p", Items: items}},
	}
}

func singleChoice(label string, choices ...questionnaire.Choice) questionnaire.Item {
	return questionnaire.Item{ID: "one", Kind: questionnaire.KindSingleChoice, Label: questionnaire.Text{"en": label}, Choices: choices}
}

func point(code, label string, score float64) questionnaire.Choice {
	return questionnaire.Choice{Code: code, Label: questionnaire.Text{"en": label}, Score: &score}
}

func codesOfAdvice(all []questionnaire.Advice) string {
	codes := make([]string, len(all))
	for i, a := range all {
		codes[i] = a.Code
	}
	return strings.Join(codes, " ")
}

func TestAdviceOnWording(t *testing.T) {
	t.Parallel()
	tests := []struct{ label, want string }{
		{"How calm do you feel?", ""},
		{"The workshop was fun and useful.", questionnaire.AdviceDoubleBarrel},
		{"I read and/or write every day", questionnaire.AdviceDoubleBarrel},
		{"Do you feel worried or sad?", questionnaire.AdviceDoubleBarrel},
		{"Did it help: yes or no?", ""},
		{"Do you come with friends and family?", ""},
		{"Choose a number between 1 and 10", ""},
		{"How old are you, 16 or 17?", ""},
		{"Would you come again, or not?", ""},
		{"Do you enjoy sandcastles?", ""},
		{"And how are you today?", ""},
		{"Don't you think the day was good?", questionnaire.AdviceLeading + " " + questionnaire.AdviceNegative},
		{"How helpful was the trainer?", questionnaire.AdviceLeading},
		{"Obviously it was good", questionnaire.AdviceLeading},
		{"I do not like school", questionnaire.AdviceNegative},
		{"I can’t sleep", questionnaire.AdviceNegative},
		{"Please do not write your name", ""},
		{"How often do you notice birds?", ""},
		{strings.Repeat("word ", 26), questionnaire.AdviceLongWording},
		{strings.Repeat("word ", 25), ""},
	}
	for _, tt := range tests {
		d := asking(singleChoice(tt.label, point("1", "Low", 1), point("2", "High", 2)))
		if got := codesOfAdvice(d.Advice()); got != tt.want {
			t.Errorf("Advice(%q) = %q, want %q", tt.label, got, tt.want)
		}
	}
}

func TestAdviceLooksAtRowsAndLeavesInstrumentsAlone(t *testing.T) {
	t.Parallel()
	battery := questionnaire.Item{
		ID: "b", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How often?"},
		Rows:    []questionnaire.Row{{ID: "a", Label: questionnaire.Text{"en": "I am calm and cheerful"}}},
		Choices: []questionnaire.Choice{point("1", "Never", 1), point("2", "Often", 2)},
	}
	advice := asking(battery).Advice()
	if len(advice) != 1 || advice[0].Item != "b" || !strings.Contains(advice[0].Text, "calm and cheerful") {
		t.Errorf("Advice = %+v, want one about “calm and cheerful” of b", advice)
	}
	battery.Library = "who5"
	if advice := asking(battery).Advice(); len(advice) != 0 {
		t.Errorf("Advice of a published instrument = %+v, want none", advice)
	}
}

func TestAdviceInOtherLanguages(t *testing.T) {
	t.Parallel()
	d := asking(questionnaire.Item{ID: "one", Kind: questionnaire.KindShortText, Label: questionnaire.Text{"de": "Or and not of course?"}})
	d.Languages = []string{"de"}
	if advice := d.Advice(); len(advice) != 0 {
		t.Errorf("Advice on German = %+v, want none: the words are English", advice)
	}
}

func TestAdviceOnSensitive(t *testing.T) {
	t.Parallel()
	declined := questionnaire.Choice{Code: "x", Label: questionnaire.Text{"en": "Prefer not to say"}, Meaning: questionnaire.MeaningDeclined}
	tests := []struct {
		name string
		item questionnaire.Item
		want string
	}{
		{"a choice without a way out", singleChoice("Religion", point("1", "A", 1)), questionnaire.AdviceNoDecline},
		{"a choice with one", singleChoice("Religion", point("1", "A", 1), declined), ""},
		{"a text that may be blank", questionnaire.Item{ID: "one", Kind: questionnaire.KindShortText, Label: questionnaire.Text{"en": "Religion"}}, ""},
		{"a text that may not", questionnaire.Item{ID: "one", Kind: questionnaire.KindShortText, Required: true, Label: questionnaire.Text{"en": "Religion"}}, questionnaire.AdviceNoDecline},
		{"a consent", questionnaire.Item{ID: "one", Kind: questionnaire.KindConsent, Label: questionnaire.Text{"en": "May we?"}}, ""},
	}
	for _, tt := range tests {
		tt.item.Sensitive = true
		if got := codesOfAdvice(asking(tt.item).Advice()); got != tt.want {
			t.Errorf("%s: Advice = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAdviceOnPoints(t *testing.T) {
	t.Parallel()
	low, high := 1.0, 3.0
	numbers := questionnaire.Item{ID: "one", Kind: questionnaire.KindScale, Label: questionnaire.Text{"en": "Mood"}, Min: &low, Max: &high}
	ended := numbers
	ended.Low, ended.High = questionnaire.Text{"en": "bad"}, questionnaire.Text{"en": "good"}
	worded := ended
	worded.Choices = []questionnaire.Choice{{Code: "2", Label: questionnaire.Text{"en": "so"}}}
	tests := []struct {
		name string
		item questionnaire.Item
		want string
	}{
		{"a blank point", singleChoice("Mood", point("1", "Low", 1), point("2", "", 2), point("3", "High", 3)), questionnaire.AdviceUnlabelled},
		{"0 to 10 without ends", questionnaire.Item{ID: "one", Kind: questionnaire.KindScale0To10, Label: questionnaire.Text{"en": "Mood"}}, questionnaire.AdviceUnlabelled},
		{"a scale of numbers", numbers, questionnaire.AdviceUnlabelled},
		{"a scale with words at its ends alone", ended, questionnaire.AdviceUnlabelled},
		{"a scale with words", worded, ""},
		{"more good points than bad", singleChoice("Mood", point("1", "Bad", -1), point("2", "Good", 1), point("3", "Great", 2)), questionnaire.AdviceUnequalPoints},
		{"as many", singleChoice("Mood", point("1", "Bad", -1), point("2", "So", 0), point("3", "Good", 1)), ""},
	}
	for _, tt := range tests {
		if got := codesOfAdvice(asking(tt.item).Advice()); got != tt.want {
			t.Errorf("%s: Advice = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestAdviceOnLength counts the rows of a battery as questions, and what is only shown not.
func TestAdviceOnLength(t *testing.T) {
	t.Parallel()
	battery := questionnaire.Item{ID: "b", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How often?"}}
	for range 25 {
		battery.Rows = append(battery.Rows, questionnaire.Row{Label: questionnaire.Text{"en": "Calm"}})
	}
	shown := questionnaire.Item{ID: "s", Kind: questionnaire.KindStatement, Label: questionnaire.Text{"en": "Nearly done"}}
	if got := codesOfAdvice(asking(battery, shown).Advice()); got != "" {
		t.Errorf("Advice on 25 questions = %q, want none", got)
	}
	battery.Rows = append(battery.Rows, battery.Rows[0])
	if got := codesOfAdvice(asking(battery, shown).Advice()); got != questionnaire.AdviceLong {
		t.Errorf("Advice on 26 questions = %q, want %s", got, questionnaire.AdviceLong)
	}
}

func TestReadingAge(t *testing.T) {
	t.Parallel()
	// 100 words of four letters, ten sentences: 0.0588·400 - 0.296·10 - 15.8 = 4.76, the 5th grade.
	easy := strings.Repeat("four four four four four four four four four four. ", 10)
	// 100 words of six letters, five sentences: 35.28 - 1.48 - 15.8 = 18.
	hard := strings.Repeat(strings.Repeat("sixsix ", 19)+"sixsix. ", 5)
	tests := []struct {
		name, text, lang string
		want             int
		ok               bool
	}{
		{"easy", easy, "en", 10, true},
		{"hard", hard, "en-GB", 23, true},
		{"another language", easy, "fr", 0, false},
		{"too short", strings.Repeat("word ", 99), "en", 0, false},
		{"one letter each", strings.Repeat("a. ", 100), "en", 5, true},
	}
	for _, tt := range tests {
		if got, ok := questionnaire.ReadingAge(tt.text, tt.lang); got != tt.want || ok != tt.ok {
			t.Errorf("%s: ReadingAge = %d, %v, want %d, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestMinutes(t *testing.T) {
	t.Parallel()
	// 1 + 183 words at 184 a minute, and 4.5 seconds to choose.
	d := asking(singleChoice(strings.TrimSpace(strings.Repeat("word ", 182)), point("1", "Low", 1)))
	if got, want := d.Minutes("en"), 1+4.5/60; math.Abs(got-want) > 1e-9 {
		t.Errorf("Minutes = %v, want %v", got, want)
	}
	// What a language lacks is read in the source language.
	if d.Minutes("ar") != d.Minutes("en") {
		t.Errorf("Minutes(ar) = %v, want that of the source language", d.Minutes("ar"))
	}
	// A script without blanks: ten characters are five words.
	d = asking(questionnaire.Item{ID: "one", Kind: questionnaire.KindStatement, Label: questionnaire.Text{"en": "你好你好你好你好你好"}})
	if got, want := d.Minutes("en"), 6.0/184; math.Abs(got-want) > 1e-9 {
		t.Errorf("Minutes of Chinese = %v, want %v", got, want)
	}
}

// TestEveryKindTakesTime: a kind forgotten in the table would count as quick.
func TestEveryKindTakesTime(t *testing.T) {
	t.Parallel()
	unseen := map[questionnaire.Kind]bool{questionnaire.KindStatement: true, questionnaire.KindCalculated: true, questionnaire.KindHidden: true}
	for _, kind := range questionnaire.Kinds {
		item := questionnaire.Item{ID: "one", Kind: kind, Rows: []questionnaire.Row{{ID: "r"}}, Prompts: []questionnaire.Prompt{{ID: "p"}}, Choices: []questionnaire.Choice{{Code: "1"}}}
		d := asking(item)
		d.Title = nil
		if got := d.Minutes("en") > 0; got == unseen[kind] {
			t.Errorf("Minutes of %s above 0 is %v, want %v", kind, got, !unseen[kind])
		}
	}
}
