package questionnaire

// Text is one wording per language: BCP 47 tag to words.
type Text map[string]string

// In returns the wording in lang, or in the first of fallbacks that has one,
// or "".
func (t Text) In(lang string, fallbacks ...string) string {
	if words := t[lang]; words != "" {
		return words
	}
	for _, other := range fallbacks {
		if words := t[other]; words != "" {
			return words
		}
	}
	return ""
}
