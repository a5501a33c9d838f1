package limesurvey

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// tagOf is the BCP 47 tag of a language as LimeSurvey writes it, or "". An
// informal form ("de-informal") is the language itself, unless the survey also
// has the formal one; then it is a private variant of it.
func tagOf(lang string, all []string) string {
	base, informal := strings.CutSuffix(lang, "-informal")
	easy := false
	if !informal {
		base, easy = strings.CutSuffix(lang, "-easy")
	}
	if !informal && !easy || !slices.Contains(all, base) {
		return canonical(base)
	}
	return canonical(base + "-x-" + strings.TrimPrefix(lang, base+"-"))
}

func canonical(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil || parsed == language.Und {
		return ""
	}
	if text := parsed.String(); canonicalAgain(text) {
		return text
	}
	return ""
}

// canonicalAgain says whether a tag is in the form in which a definition wants it.
func canonicalAgain(text string) bool {
	parsed, err := language.Parse(text)
	return err == nil && parsed.String() == text
}
