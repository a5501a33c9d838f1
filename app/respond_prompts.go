package app

import (
	"slices"
	"sync"

	"soundings/surveys/questionnaire"
)

// The bank of questions that make a code: vetted to stay true for years, to be
// known by a child, and to tell nobody who somebody is. None asks for a name in
// full, an address or a date.

// bankPrompt is one question of the bank; its words are in the locales.
type bankPrompt struct {
	id, element string
	length      int
	label, hint string // keys; hint "" is none
}

var promptBank = []bankPrompt{
	{"mother", questionnaire.ElementLetters, 2, "respond.prompt_mother", "respond.prompt_no_parent"},
	{"father", questionnaire.ElementLetters, 2, "respond.prompt_father", "respond.prompt_no_parent"},
	{"grandmother", questionnaire.ElementLetters, 1, "respond.prompt_grandmother", ""},
	{"day", questionnaire.ElementDay, 0, "respond.prompt_day", ""},
	{"month", questionnaire.ElementMonth, 0, "respond.prompt_month", ""},
	{"siblings", questionnaire.ElementCount, 0, "respond.prompt_siblings", ""},
	{"brothers", questionnaire.ElementCount, 0, "respond.prompt_brothers", ""},
	{"sisters", questionnaire.ElementCount, 0, "respond.prompt_sisters", ""},
	{"family", questionnaire.ElementLetters, -2, "respond.prompt_family", ""},
	{"first_name", questionnaire.ElementLetters, -1, "respond.prompt_first_name", ""},
	{"name_letters", questionnaire.ElementCount, 0, "respond.prompt_name_letters", ""},
	{"town", questionnaire.ElementLetters, 2, "respond.prompt_town", ""},
	{"school", questionnaire.ElementLetters, 2, "respond.prompt_school", ""},
}

// bankLocales are the product's own sentences, for the words of the bank.
var bankLocales = sync.OnceValue(func() *locales {
	l, err := loadLocales()
	if err != nil { // New has said so already
		return &locales{sentences: map[string]map[string]sentence{}}
	}
	return l
})

// prompt is p with its words in those of the languages that it has words in.
func (p bankPrompt) prompt(languages []string) questionnaire.Prompt {
	return questionnaire.Prompt{ID: questionnaire.ItemID(p.id), Element: p.element, Length: p.length, Label: bankWords(p.label, languages), Hint: bankWords(p.hint, languages)}
}

func bankWords(key string, languages []string) questionnaire.Text {
	l, words := bankLocales(), questionnaire.Text{}
	for _, tag := range languages {
		if _, there := l.sentences[l.spoken(tag)][key]; there && key != "" && l.has(tag) {
			words[tag] = l.say(tag, key)
		}
	}
	if len(words) == 0 {
		return nil
	}
	return words
}

// bankOptions are the questions of the bank to pick from, in English as all the
// staff's pages are.
func bankOptions() []choiceOption {
	options := make([]choiceOption, len(promptBank))
	for i, p := range promptBank {
		options[i] = choiceOption{p.id, bankLocales().say(sourceLanguage, p.label), ""}
	}
	return options
}

// picked are those of prompts that are from the bank, by id.
func picked(prompts []questionnaire.Prompt) []string {
	var ids []string
	for _, p := range promptBank {
		if slices.ContainsFunc(prompts, func(one questionnaire.Prompt) bool { return string(one.ID) == p.id && one.Element == p.element }) {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// repicked is prompts with those from the bank that are among after and not before,
// at the end, and without those that are among before and not after.
func repicked(prompts []questionnaire.Prompt, before, after, languages []string) []questionnaire.Prompt {
	prompts = slices.DeleteFunc(slices.Clone(prompts), func(one questionnaire.Prompt) bool {
		return slices.Contains(before, string(one.ID)) && !slices.Contains(after, string(one.ID))
	})
	for _, p := range promptBank {
		taken := slices.ContainsFunc(prompts, func(one questionnaire.Prompt) bool { return string(one.ID) == p.id })
		if slices.Contains(after, p.id) && !slices.Contains(before, p.id) && !taken {
			prompts = append(prompts, p.prompt(languages))
		}
	}
	return prompts
}
