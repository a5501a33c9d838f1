package app

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"soundings/surveys/questionnaire"
)

//go:embed locales/*.json
var localeFiles embed.FS

// sourceLanguage is the language every key has a sentence in.
const sourceLanguage = "en"

// reviewedKey stands in each file before the sentences: which native speaker
// has reviewed them, and when; "" as long as none has.
const reviewedKey = "_reviewed"

// locales holds the product's own sentences, from locales/<language>.json. A
// sentence has {0}, {1} where its arguments go, and is either one text or, where
// it counts something, the texts of its plural forms (locale_plural.go).
type locales struct {
	sentences map[string]map[string]sentence // by language, then key
	standing  sync.Map                       // any language tag → the language whose sentences it is shown
}

func loadLocales() (*locales, error) {
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("reading locales: %w", err)
	}
	all := &locales{sentences: map[string]map[string]sentence{}}
	for _, file := range files {
		raw, err := localeFiles.ReadFile("locales/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("reading locale %s: %w", file.Name(), err)
		}
		sentences := map[string]sentence{}
		if err := json.Unmarshal(raw, &sentences); err != nil {
			return nil, fmt.Errorf("reading locale %s: %w", file.Name(), err)
		}
		all.sentences[strings.TrimSuffix(file.Name(), ".json")] = sentences
	}
	return all, nil
}

// languages are those the product has sentences of its own in, English first.
func (l *locales) languages() []string {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(l.sentences)), func(tag string) bool { return tag == sourceLanguage })
	return append([]string{sourceLanguage}, others...)
}

// spoken is the language whose sentences stand for those of lang: its own, those
// of the same language elsewhere ("pt" for "pt-BR"), or English.
func (l *locales) spoken(lang string) string {
	if _, ok := l.sentences[lang]; ok {
		return lang
	}
	if known, ok := l.standing.Load(lang); ok {
		return known.(string)
	}
	own, found := sourceLanguage, l.languages()
	if i, ok := sameLanguage(found, language.Make(lang)); ok {
		own = found[i]
	}
	l.standing.Store(lang, own)
	return own
}

// has reports whether the product's own sentences are shown in lang, and not in
// English instead.
func (l *locales) has(lang string) bool {
	base, _ := language.Make(lang).Base()
	return l.spoken(lang) != sourceLanguage || base.String() == sourceLanguage
}

// reviewed says who has reviewed the product's own sentences in lang, and when:
// "" if no native speaker has, or if there are none.
func (l *locales) reviewed(lang string) string {
	if !l.has(lang) {
		return ""
	}
	return l.sentences[l.spoken(lang)][reviewedKey][formOther]
}

// ownWords tells staff, who choose languages, what respondents get of the
// product's own sentences (buttons, errors) in lang.
func (l *locales) ownWords(lang string) string {
	switch {
	case l.spoken(lang) == sourceLanguage && l.has(lang):
		return "Buttons and messages were written in English"
	case !l.has(lang):
		return "Buttons and messages are not translated: they are shown in English"
	case l.reviewed(lang) == "":
		return "Buttons and messages are translated, not yet reviewed by a native speaker"
	}
	return "Buttons and messages are reviewed: " + l.reviewed(lang)
}

// say returns the sentence of key in lang, or in English, with its arguments.
// A key without a sentence shows itself; a test keeps that from happening.
func (l *locales) say(lang, key string, args ...any) string {
	own := l.spoken(lang)
	forms, ok := l.sentences[own][key]
	if !ok {
		own = sourceLanguage
		forms, ok = l.sentences[own][key]
	}
	if !ok {
		return key
	}
	if len(args) == 0 {
		return forms[formOther]
	}
	pairs := make([]string, 0, 2*len(args))
	for i, arg := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", argument(lang, arg))
	}
	return strings.NewReplacer(pairs...).Replace(forms.of(own, args[0]))
}

// argument is how an argument of a sentence is shown.
func argument(lang string, arg any) string {
	switch v := arg.(type) {
	case questionnaire.Text:
		return v.In(lang, sourceLanguage)
	case float64:
		return showNumber(lang, v)
	case int:
		return showNumber(lang, float64(v))
	}
	return fmt.Sprint(arg)
}

// leftToRightMark keeps the minus of a number before its digits in text that
// runs from right to left.
const leftToRightMark = "\u200e"

// showNumber is a number as the language writes it: no grouping, the decimal sign
// of the language, and the digits 0 to 9 in every language. These digits are read
// by all who write with others too; they are those of codes, of keyboards for
// numbers and of the labels that authors write, and a person who compares two of
// them on one page should not meet two kinds.
func showNumber(lang string, number float64) string {
	shown := strconv.FormatFloat(number, 'f', -1, 64)
	if decimalComma(lang) {
		shown = strings.Replace(shown, ".", ",", 1)
	}
	if number < 0 && direction(lang) == "rtl" {
		shown = leftToRightMark + shown
	}
	return shown
}
