package app

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

//go:embed locales/*.json
var localeFiles embed.FS

// sourceLanguage is the language every key has a sentence in.
const sourceLanguage = "en"

// locales holds the product's own sentences: language, then key. {0}, {1} stand
// for arguments.
type locales map[string]map[string]string

// rightToLeft lists the languages written from right to left.
var rightToLeft = map[string]bool{"ar": true, "fa": true, "ur": true, "ckb": true, "ps": true, "he": true}

// languageNames are the languages' names for themselves.
var languageNames = map[string]string{"en": "English", "ar": "العربية"}

func loadLocales() (locales, error) {
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("reading locales: %w", err)
	}
	all := locales{}
	for _, file := range files {
		raw, err := localeFiles.ReadFile("locales/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("reading locale %s: %w", file.Name(), err)
		}
		sentences := map[string]string{}
		if err := json.Unmarshal(raw, &sentences); err != nil {
			return nil, fmt.Errorf("reading locale %s: %w", file.Name(), err)
		}
		all[strings.TrimSuffix(file.Name(), ".json")] = sentences
	}
	return all, nil
}

// say returns the sentence of key in lang, or in English, with its arguments.
// A key without a sentence shows itself; a test keeps that from happening.
func (l locales) say(lang, key string, args ...any) string {
	sentence, ok := l[lang][key]
	if !ok {
		sentence, ok = l[sourceLanguage][key]
	}
	if !ok {
		return key
	}
	for i, arg := range args {
		sentence = strings.ReplaceAll(sentence, "{"+strconv.Itoa(i)+"}", argument(lang, arg))
	}
	return sentence
}

// argument is how an argument of a sentence is shown.
func argument(lang string, arg any) string {
	switch v := arg.(type) {
	case questionnaire.Text:
		return v.In(lang, sourceLanguage)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(arg)
}

// direction is "rtl" or "ltr", for the dir attribute.
func direction(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	if rightToLeft[base] {
		return "rtl"
	}
	return "ltr"
}

// languageName is the language's name for itself, or its tag.
func languageName(lang string) string {
	if name, ok := languageNames[lang]; ok {
		return name
	}
	return lang
}
