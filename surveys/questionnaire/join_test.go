package questionnaire_test

import (
	"testing"

	"soundings/surveys/questionnaire"
)

func TestJoinLabel(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, label, words, want string }{
		{"en", "I feel", "calm", "I feel: calm"},
		{"en", " How often? ", "calm", "How often? calm"},
		{"en", "Lately …", "calm", "Lately … calm"},
		{"en", "", "calm", "calm"},
		{"en", "I feel", " ", "I feel"},
		{"fr", "Je suis", "calme", "Je suis\u00a0: calme"},
		{"fr-CA", "Comment\u00a0?", "calme", "Comment\u00a0? calme"},
		{"ti", "ስም", "ሰላም", "ስም፦ ሰላም"},
		{"ti", "ከመይ፧", "ሰላም", "ከመይ፧ ሰላም"},
		{"ar", "كيف؟", "هادئ", "كيف؟ هادئ"},
		{"ur", "میں خوش ہوں۔", "ہاں", "میں خوش ہوں۔ ہاں"},
		{"bn", "আমি ভালো আছি।", "হ্যাঁ", "আমি ভালো আছি। হ্যাঁ"},
		{"zh-Hans", "我", "好", "我:好"},
		{"not a tag", "a", "b", "a: b"},
	} {
		if got := questionnaire.JoinLabel(tt.lang, tt.label, tt.words); got != tt.want {
			t.Errorf("JoinLabel(%s, %q, %q) = %q, want %q", tt.lang, tt.label, tt.words, got, tt.want)
		}
	}
}

// TestSeveralChoicesAreParted shows an answer of several choices in each language.
func TestSeveralChoicesAreParted(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"en": "a; b", "pl": "a; b", "ar": "a؛ b", "fa": "a؛ b", "ckb-IQ": "a؛ b", "ur": "a؛ b", "fr": "a\u00a0; b", "ti": "a፤ b", "el": "a · b", "ja": "a;b",
	} {
		text := questionnaire.Text{lang: "x"}
		definition := questionnaire.Definition{
			Title: text, Languages: []string{lang},
			Parts: []questionnaire.Part{{ID: "first", Items: []questionnaire.Item{{
				ID: "several", Kind: questionnaire.KindMultipleChoice, Label: text,
				Choices: []questionnaire.Choice{{Code: "a", Label: questionnaire.Text{lang: "a"}}, {Code: "b", Label: questionnaire.Text{lang: "b"}}},
			}}}},
		}
		instrument, err := questionnaire.Compile(questionnaire.Version{Questionnaire: "parted", Number: 1, Definition: definition})
		if err != nil {
			t.Fatal(err)
		}
		if got := instrument.Show("several", questionnaire.Answer{Choices: []string{"a", "b"}}, lang); got != want {
			t.Errorf("in %s: %q, want %q", lang, got, want)
		}
	}
}
