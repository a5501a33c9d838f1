package questionnaire_test

import (
	"testing"

	q "soundings/surveys/questionnaire"
)

// TestAdviceOnPrompts: what tells who somebody is, and what will have changed by the
// next wave, is advised against; what says nothing by itself is not.
func TestAdviceOnPrompts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"What is your full name?":                            q.AdviceUnsafePrompt,
		"What is your first name?":                           q.AdviceUnsafePrompt,
		"Your date of birth":                                 q.AdviceUnsafePrompt,
		"When were you born?":                                q.AdviceUnsafePrompt,
		"First line of your address":                         q.AdviceUnsafePrompt,
		"Your postcode":                                      q.AdviceUnsafePrompt,
		"Your e-mail":                                        q.AdviceUnsafePrompt,
		"How old are you?":                                   q.AdviceChangedPrompt,
		"First letter of your best friend’s name":            q.AdviceChangedPrompt,
		"First letter of the street where do you live":       q.AdviceChangedPrompt,
		"First two letters of your mother’s first name":      "",
		"Day of the month you were born on":                  "",
		"First letter of the town where you were born":       "",
		"How many letters are in your first name?":           "",
		"How many older brothers and sisters do you have?":   "",
		"Last letter of your family name":                    "",
		"First two letters of the name of your first school": "",
	} {
		item := q.Item{ID: "code", Kind: q.KindLinkageCode, Label: q.Text{"en": "Your code"}, Prompts: []q.Prompt{
			{ID: "a", Element: q.ElementLetters, Length: 1, Label: q.Text{"en": text}},
		}}
		if got := adviceOnCode(asking(item).Advice()); got != want {
			t.Errorf("%q: advice %q, want %q", text, got, want)
		}
	}
}

func TestAdviceOnPromptsTogether(t *testing.T) {
	t.Parallel()
	prompt := func(element string, length int) q.Prompt {
		return q.Prompt{ID: q.ItemID(element), Element: element, Length: length, Label: q.Text{"en": "One"}}
	}
	for name, tt := range map[string]struct {
		prompts []q.Prompt
		want    string
	}{
		"day and month": {[]q.Prompt{prompt(q.ElementDay, 0), prompt(q.ElementMonth, 0)}, q.AdviceUnsafePrompt},
		"day alone":     {[]q.Prompt{prompt(q.ElementDay, 0)}, ""},
		"four letters":  {[]q.Prompt{prompt(q.ElementLetters, -4)}, q.AdviceUnsafePrompt},
		"three letters": {[]q.Prompt{prompt(q.ElementLetters, 3)}, ""},
	} {
		item := q.Item{ID: "code", Kind: q.KindLinkageCode, Label: q.Text{"en": "Your code"}, Prompts: tt.prompts}
		if got := adviceOnCode(asking(item).Advice()); got != tt.want {
			t.Errorf("%s: advice %q, want %q", name, got, tt.want)
		}
	}
}

// adviceOnCode is the one code of advice about prompts, "" for none.
func adviceOnCode(all []q.Advice) string {
	for _, a := range all {
		if a.Code == q.AdviceUnsafePrompt || a.Code == q.AdviceChangedPrompt {
			return a.Code
		}
	}
	return ""
}
