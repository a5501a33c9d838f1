package app

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// languageNames are the languages' names for themselves where the CLDR has none,
// or not the one that its readers look for.
var languageNames = map[string]string{
	// Kurdish, Persian, Punjabi and Arabic, which differ by script and country
	"ckb": "کوردی (سۆرانی)", "sdh": "کوردی (خوارین)", "ku": "Kurdî (Kurmancî)", "kmr": "Kurdî (Kurmancî)",
	"prs": "دری", "haz": "هزارگی", "azb": "تۆرکجه", "bal": "بلوچی", "pnb": "پنجابی", "skr": "سرائیکی",
	"acm": "العربية (العراق)", "apc": "العربية (الشام)", "arz": "العربية (مصر)",

	// one language as two countries write it
	"en-AU": "English (Australia)", "en-CA": "English (Canada)", "en-GB": "English (UK)", "en-US": "English (US)",
	"es-419": "Español (Latinoamérica)", "fr-CA": "Français (Canada)", "pt-BR": "Português (Brasil)", "pt-PT": "Português (Portugal)",
	"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "sr-Latn": "Srpski",

	// names that begin with a small letter
	"nd": "isiNdebele", "sn": "chiShona", "xh": "isiXhosa", "zu": "isiZulu",

	// those the CLDR lacks, or writes in a way their readers seldom do
	"aa": "Qafar", "bi": "Bislama", "ceb": "Cebuano", "dv": "ދިވެހި", "ht": "Kreyòl ayisyen", "id": "Bahasa Indonesia", "jv": "Basa Jawa",
	"ms": "Bahasa Melayu", "nn": "Norsk nynorsk", "ny": "Chichewa", "om": "Afaan Oromoo", "rhg": "Ruáingga", "rom": "Romani", "rw": "Ikinyarwanda",
	"st": "Sesotho", "syl": "ꠍꠤꠟꠐꠤ", "syr": "ܣܘܪܝܝܐ", "tet": "Tetun", "tn": "Setswana", "tpi": "Tok Pisin",
}

// languageName is the language's name for itself, or its tag. Names come from the
// CLDR, which writes them as inside a sentence; here they stand by themselves.
func languageName(lang string) string {
	if name, ok := languageNames[lang]; ok {
		return name
	}
	tag, err := language.Parse(lang)
	if err != nil {
		return lang
	}
	base, script, region := tag.Raw()
	if region.String() != "ZZ" { // what the language is called elsewhere, if nothing else is known
		wider, _ := language.Compose(base, script)
		if name, ok := languageNames[wider.String()]; ok {
			return name
		}
	}
	if name := display.Self.Name(tag); name != "" {
		first, size := utf8.DecodeRuneInString(name)
		return string(unicode.ToTitle(first)) + name[size:]
	}
	if base.String() != lang {
		return languageName(base.String())
	}
	return lang
}

// scriptOf is the ISO 15924 code of the script a language is written in, "Arab".
func scriptOf(lang string) string {
	_, script := written(language.Make(lang))
	return script
}

// rightToLeft are the scripts written from right to left that are in use today.
var rightToLeft = map[string]bool{
	"Arab": true, "Hebr": true, "Syrc": true, "Thaa": true, "Nkoo": true, "Adlm": true, "Rohg": true, "Mand": true, "Samr": true, "Yezi": true,
}

// direction is "rtl" or "ltr", for the dir attribute.
func direction(lang string) string {
	if rightToLeft[scriptOf(lang)] {
		return "rtl"
	}
	return "ltr"
}

// tallScripts have marks above and below their letters, or letters taller than
// Latin ones, so that lines need more room.
var tallScripts = map[string]bool{
	"Arab": true, "Hebr": true, "Syrc": true, "Thaa": true, "Nkoo": true, "Adlm": true, "Rohg": true,
	"Ethi": true, "Beng": true, "Deva": true, "Gujr": true, "Guru": true, "Knda": true, "Mlym": true, "Orya": true, "Sinh": true,
	"Taml": true, "Telu": true, "Thai": true, "Laoo": true, "Khmr": true, "Mymr": true, "Tibt": true,
}

// tallness is the class of a document by the height its lines need: "", "tall",
// or "taller" for the languages that phones show in Nastaliq, which slopes down.
func tallness(lang string) string {
	base, script := written(language.Make(lang))
	switch {
	case script == "Arab" && (base == "ur" || base == "ks" || base == "pnb" || base == "skr" || base == "pa"):
		return "taller"
	case tallScripts[script]:
		return "tall"
	}
	return ""
}
