package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
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

// languageTags reads a list of languages by name or BCP 47 tag, as in "English,
// Arabic" or "en ar": the tag of each in its usual form and once.
func languageTags(typed string) ([]string, error) {
	var tags []string
	for _, piece := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",;،\n\t", r) }) {
		words := []string{piece}
		if languageCalled(piece) == language.Und {
			words = strings.Fields(piece)
		}
		for _, word := range words {
			tag := languageCalled(word)
			if tag == language.Und {
				return nil, fmt.Errorf("no language is called %q: write it as above, English or en, Arabic or ar, pt-BR for Portuguese of Brazil", word)
			}
			if !slices.Contains(tags, tag.String()) {
				tags = append(tags, tag.String())
			}
		}
	}
	if len(tags) == 0 {
		return nil, errors.New("write at least one language, such as English")
	}
	return tags, nil
}

// languageCalled finds a language by its tag, its English name or its name for
// itself; language.Und if there is none.
func languageCalled(name string) language.Tag {
	name = strings.TrimSpace(name)
	if tag, err := language.Parse(name); err == nil || name == "" {
		return tag
	}
	called := func(tag string) bool {
		known := language.Make(tag)
		return strings.EqualFold(name, languageName(tag)) || strings.EqualFold(name, display.English.Tags().Name(known)) || strings.EqualFold(name, display.Self.Name(known))
	}
	for _, tag := range productLanguages() {
		if called(tag) {
			return language.Make(tag)
		}
	}
	for _, tag := range display.Supported.Tags() {
		if called(tag.String()) {
			return tag
		}
	}
	return language.Und
}
