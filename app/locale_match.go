package app

import (
	"slices"

	"golang.org/x/text/language"
)

// One language under several tags. What a browser, an author and the product call
// a language differ by region and script ("pt-BR", "fa-AF"), and some languages
// have tags of their own for what is written the same.

// writtenAs are the languages that are written as another, whose standard form is
// taught and read instead, by their ISO 639-3 codes.
var writtenAs = map[string]string{
	"prs": "fa", "pes": "fa", // Dari, Iranian Persian
	"sdh": "ckb",             // Southern Kurdish, near to Sorani and written alike
	"aln": "sq", "als": "sq", // Gheg and Tosk Albanian
	"acm": "ar", "acq": "ar", "aeb": "ar", "afb": "ar", "ajp": "ar", "apc": "ar", "apd": "ar", "arb": "ar",
	"arq": "ar", "ars": "ar", "ary": "ar", "arz": "ar", "ayl": "ar", "shu": "ar", // spoken Arabic
}

// written is the language and script that a tag is read in: Kurdish in Arabic
// letters, or in Iraq and Iran, is Sorani.
func written(tag language.Tag) (base, script string) {
	b, _ := tag.Base()
	s, _ := tag.Script()
	region, sure := tag.Region()
	base, script = b.String(), s.String()
	inIraqOrIran := sure == language.Exact && (region.String() == "IQ" || region.String() == "IR")
	if base == "ku" && (script == "Arab" || script == "Latn" && inIraqOrIran && !scripted(tag)) {
		return "ckb", "Arab"
	}
	if other, ok := writtenAs[base]; ok {
		s, _ := language.Make(other).Script()
		if !scripted(tag) {
			script = s.String()
		}
		return other, script
	}
	return base, script
}

// scripted tells whether a tag itself names a script.
func scripted(tag language.Tag) bool {
	_, script, _ := tag.Raw()
	return script.String() != "Zzzz"
}

// sameLanguage is the index of the one of languages that wanted is: the same tag,
// or else the same language in the same script, nearest by region.
func sameLanguage(languages []string, wanted language.Tag) (int, bool) {
	if i := slices.Index(languages, wanted.String()); i >= 0 {
		return i, true
	}
	base, script := written(wanted)
	var same []language.Tag
	var at []int
	for i, tag := range languages {
		if b, s := written(language.Make(tag)); b == base && s == script {
			same, at = append(same, language.Make(tag)), append(at, i)
		}
	}
	if len(same) == 0 {
		return 0, false
	}
	_, best, _ := language.NewMatcher(same).Match(wanted)
	return at[best], true
}

// nearestLanguage is the index of the one of languages that suits a browser best:
// the first of wanted that is there, else one that its readers are likely to
// understand, else the first.
func nearestLanguage(languages []string, wanted []language.Tag) int {
	for _, tag := range wanted {
		if i, ok := sameLanguage(languages, tag); ok {
			return i
		}
	}
	if len(wanted) == 0 {
		return 0
	}
	tags := make([]language.Tag, len(languages))
	for i, tag := range languages {
		tags[i] = language.Make(tag)
	}
	if _, best, confidence := language.NewMatcher(tags).Match(wanted...); confidence != language.No {
		return best
	}
	return 0
}
