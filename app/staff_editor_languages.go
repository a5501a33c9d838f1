package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// knownLanguages lists the languages that the product itself speaks, with their tags.
func knownLanguages() string {
	var known []string
	for _, tag := range productLanguages() {
		known = append(known, languageName(tag)+" "+tag)
	}
	return "Ready to use: " + strings.Join(known, ", ") + ". Any other has English buttons."
}

// productLanguages are the languages of the product's own sentences.
func productLanguages() []string {
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		panic(fmt.Errorf("reading locales: %w", err)) // embedded
	}
	var tags []string
	for _, file := range files {
		if tag, ok := strings.CutSuffix(file.Name(), ".json"); ok {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

// languageTags reads a list of BCP 47 tags, each in its usual form and once.
func languageTags(typed string) ([]string, error) {
	var tags []string
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",; \n\t", r) }) {
		tag, err := language.Parse(word)
		if err != nil || tag == language.Und {
			return nil, fmt.Errorf("%q is no tag of a language: write en for English, ar for Arabic, pt-BR for Portuguese of Brazil", word)
		}
		if !slices.Contains(tags, tag.String()) {
			tags = append(tags, tag.String())
		}
	}
	if len(tags) == 0 {
		return nil, errors.New("write the tag of at least one language, such as en")
	}
	return tags, nil
}
