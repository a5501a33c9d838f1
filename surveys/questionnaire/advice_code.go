package questionnaire

import (
	"regexp"
	"strings"
)

// What a question that makes a code should not ask. The code is kept as hashes, yet
// it is typed in a room with others, and whoever holds the key could try all values.
var (
	asksWhoTheyAre = regexp.MustCompile(`(?i)\b(full|whole|complete|entire) (first |last |family )?name|\bdate of birth|\bbirthdays?\b|\bwhen were you born|\baddress|\bpost ?code|\bzip code|\bphone|\be-?mail|\bpassword|\bpassport|\binsurance number|\b(nhs|id|student|pupil) number|\bwhat is your (first |last |family )?name`)
	asksWhatWillBe = regexp.MustCompile(`(?i)\bhow old\b|\byour age\b|\byour (class|year group|teacher|form tutor|pet|best friend|favourite|favorite)\b|\byear are you in\b|\bdo you live\b`)
)

// mostLettersOfName is from how many letters on a name is nearly told.
const mostLettersOfName = 3

// codeAdvice looks at the prompts of a linkage code: whether one tells who somebody
// is, or will have another answer by the next wave.
func (it *Item) codeAdvice(source string, add func(code, text string, args ...any)) {
	elements := map[string]bool{}
	for _, prompt := range it.Prompts {
		elements[prompt.Element] = true
		text := strings.TrimSpace(prompt.Label[source])
		if max(prompt.Length, -prompt.Length) > mostLettersOfName {
			add(AdviceUnsafePrompt, "“%s” asks for %d letters, from which a name can be guessed. Ask for one or two.", shorten(text), max(prompt.Length, -prompt.Length))
		}
		if !english(source) {
			continue
		}
		if found := asksWhoTheyAre.FindString(text); found != "" {
			add(AdviceUnsafePrompt, "“%s” may tell who somebody is (“%s”). Ask for a letter or a number that says nothing by itself.", shorten(text), found)
		}
		if found := asksWhatWillBe.FindString(text); found != "" {
			add(AdviceChangedPrompt, "“%s” may have another answer next time (“%s”). Ask for something that stays the same for years.", shorten(text), found)
		}
	}
	if elements[ElementDay] && elements[ElementMonth] {
		add(AdviceUnsafePrompt, "Day and month together are somebody’s birthday. Ask for one of them.")
	}
}
