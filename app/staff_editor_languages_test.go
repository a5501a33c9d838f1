package app

import (
	"slices"
	"testing"
)

func TestLanguageTags(t *testing.T) {
	for typed, want := range map[string][]string{
		"en":                      {"en"},
		"en ar, so":               {"en", "ar", "so"},
		"English, Arabic":         {"en", "ar"},
		"english; العربية, welsh": {"en", "ar", "cy"},
		"Central Kurdish, Polish": {"ckb", "pl"},
		"English Somali en":       {"en", "so"},
		"pt-br, Tigrinya":         {"pt-BR", "ti"},
		"Klingonish":              nil,
		" , ":                     nil,
	} {
		tags, err := languageTags(typed)
		if !slices.Equal(tags, want) || (err == nil) != (want != nil) {
			t.Errorf("languageTags(%q) = %q, %v; want %q", typed, tags, err, want)
		}
	}
}
