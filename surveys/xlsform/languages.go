package xlsform

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// languageNames are the languages that spreadsheets name without a code, in
// English and as they call themselves. The first of a tag is what an export writes.
var languageNames = []struct{ tag, names string }{
	{"en", "English|eng"}, {"ar", "Arabic|العربية|عربي"}, {"bn", "Bengali|Bangla|বাংলা"},
	{"ckb", "Kurdish (Sorani)|Sorani|Central Kurdish|Kurdish Sorani|کوردی"}, {"kmr", "Kurdish (Kurmanji)|Kurmanji|Kurdish Kurmanji|Kurmancî"},
	{"fa", "Persian|Farsi|فارسی"}, {"fa-AF", "Dari|دری"}, {"so", "Somali|Soomaali|Af Soomaali|Af-Soomaali"},
	{"sq", "Albanian|Shqip"}, {"pt", "Portuguese|Português|Portugues"}, {"es", "Spanish|Español|Espanol|Castellano"},
	{"fr", "French|Français|Francais"}, {"pl", "Polish|Polski"}, {"uk", "Ukrainian|Українська"}, {"ur", "Urdu|اردو"},
	{"ti", "Tigrinya|ትግርኛ"}, {"am", "Amharic|አማርኛ"}, {"om", "Oromo|Afaan Oromoo"}, {"sw", "Swahili|Kiswahili|Swahili (Kiswahili)"},
	{"ne", "Nepali|नेपाली"}, {"hi", "Hindi|हिन्दी|हिंदी"}, {"id", "Indonesian|Bahasa Indonesia|Bahasa"}, {"ms", "Malay|Bahasa Melayu"},
	{"de", "German|Deutsch"}, {"it", "Italian|Italiano"}, {"nl", "Dutch|Nederlands"}, {"tr", "Turkish|Türkçe"}, {"ru", "Russian|Русский"},
	{"ps", "Pashto|Pashtu|پښتو"}, {"zh", "Chinese|Mandarin|中文"}, {"ja", "Japanese|日本語"}, {"ko", "Korean|한국어"},
	{"vi", "Vietnamese|Tiếng Việt"}, {"th", "Thai|ไทย"}, {"my", "Burmese|Myanmar|မြန်မာ"}, {"km", "Khmer|ខ្មែរ"}, {"lo", "Lao|ລາວ"},
	{"ta", "Tamil|தமிழ்"}, {"te", "Telugu|తెలుగు"}, {"mr", "Marathi|मराठी"}, {"gu", "Gujarati|ગુજરાતી"}, {"pa", "Punjabi|Panjabi|ਪੰਜਾਬੀ"},
	{"si", "Sinhala|සිංහල"}, {"ml", "Malayalam|മലയാളം"}, {"kn", "Kannada|ಕನ್ನಡ"}, {"or", "Odia|Oriya"},
	{"ha", "Hausa"}, {"yo", "Yoruba|Yorùbá"}, {"ig", "Igbo"}, {"zu", "Zulu|isiZulu"}, {"xh", "Xhosa|isiXhosa"}, {"af", "Afrikaans"},
	{"st", "Sotho|Sesotho"}, {"tn", "Tswana|Setswana"}, {"sn", "Shona|chiShona"}, {"ny", "Chichewa|Nyanja|Chewa"}, {"rw", "Kinyarwanda"},
	{"rn", "Kirundi"}, {"lg", "Luganda|Ganda"}, {"ln", "Lingala"}, {"mg", "Malagasy"}, {"wo", "Wolof"}, {"bm", "Bambara"}, {"ff", "Fula|Fulfulde|Pulaar"},
	{"ht", "Haitian Creole|Kreyòl|Kreyol|Creole"}, {"qu", "Quechua|Runasimi"}, {"gn", "Guarani|Avañe'ẽ"}, {"ay", "Aymara"},
	{"fil", "Filipino|Tagalog"}, {"ceb", "Cebuano"}, {"hil", "Hiligaynon"}, {"ilo", "Ilocano"},
	{"ro", "Romanian|Română"}, {"hu", "Hungarian|Magyar"}, {"cs", "Czech|Čeština"}, {"sk", "Slovak|Slovenčina"}, {"bg", "Bulgarian|Български"},
	{"el", "Greek|Ελληνικά"}, {"sr", "Serbian|Српски|Srpski"}, {"hr", "Croatian|Hrvatski"}, {"bs", "Bosnian|Bosanski"}, {"sl", "Slovenian|Slovenščina"},
	{"mk", "Macedonian|Македонски"}, {"sv", "Swedish|Svenska"}, {"no", "Norwegian|Norsk"}, {"da", "Danish|Dansk"}, {"fi", "Finnish|Suomi"},
	{"et", "Estonian|Eesti"}, {"lv", "Latvian|Latviešu"}, {"lt", "Lithuanian|Lietuvių"}, {"ka", "Georgian|ქართული"}, {"hy", "Armenian|Հայերեն"},
	{"az", "Azerbaijani|Azərbaycan"}, {"kk", "Kazakh|Қазақша"}, {"ky", "Kyrgyz|Кыргызча"}, {"uz", "Uzbek|Oʻzbekcha"}, {"tg", "Tajik|Тоҷикӣ"},
	{"he", "Hebrew|עברית"}, {"ca", "Catalan|Català"}, {"cy", "Welsh|Cymraeg"}, {"ga", "Irish|Gaeilge"}, {"rom", "Romani|Romany"}, {"tet", "Tetum|Tetun"},
}

// tagOfName finds the tag of a language by one of its names.
var tagOfName = map[string]string{}

// nameOfTag is what an export calls a language.
var nameOfTag = map[string]string{}

func init() {
	for _, l := range languageNames {
		names := strings.Split(l.names, "|")
		nameOfTag[l.tag] = names[0]
		for _, name := range names {
			tagOfName[strings.ToLower(name)] = l.tag
		}
	}
}

var wordAndCode = regexp.MustCompile(`^(.*?)\s*\(([^()]*)\)$`)

// tagOf is the BCP 47 tag of a language as a heading names it: by the code in
// brackets, else by its name, else by the word if that is itself a code. A
// language that nobody knows gets a private tag, so that its words are kept.
func tagOf(word string) string {
	word = strings.Join(strings.Fields(word), " ")
	name, code := word, word
	if match := wordAndCode.FindStringSubmatch(word); match != nil {
		name, code = match[1], match[2]
		if tag, ok := tagOfCode(code); ok {
			return tag
		}
	}
	for _, candidate := range []string{word, name, code} {
		if tag, ok := tagOfName[strings.ToLower(candidate)]; ok {
			return tag
		}
	}
	if tag, ok := tagOfCode(code); ok {
		return tag
	}
	return privateTag(name)
}

// tagOfCode reads a code such as fr, pt-BR or swa, in its usual form.
func tagOfCode(code string) (string, bool) {
	if len(code) < 2 || len(code) > 3 && !strings.ContainsAny(code, "-_") {
		return "", false
	}
	tag, err := language.Parse(strings.ReplaceAll(code, "_", "-"))
	if err != nil || tag == language.Und {
		return "", false
	}
	again, err := language.Parse(tag.String())
	return tag.String(), err == nil && again.String() == tag.String()
}

func privateTag(name string) string {
	const longest = 8 // of a subtag, RFC 5646
	var letters strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			letters.WriteRune(r)
		}
	}
	if letters.Len() == 0 {
		return "x-unknown"
	}
	return "x-" + letters.String()[:min(letters.Len(), longest)]
}

// wordOf is how an export names a language in headings.
func wordOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	for _, known := range []string{tag, base} {
		if name, ok := nameOfTag[known]; ok {
			return name + " (" + tag + ")"
		}
	}
	return tag
}

// tongues are the languages of a workbook: what headings call them, and their tags.
type tongues struct {
	words   []string          // as headings have them, in their order; "" is a column without a language
	tags    map[string]string // of each word
	assumed bool              // the column without a language is taken for English because nothing says what it is
}

// defaultWord is the language of columns that name none.
const defaultWord = ""

// readTongues decides what the languages of the headings are. A column without
// a language is the default language if the settings name one. Else it belongs
// to the first language that the headings name, unless that has a column of the
// same name; else it is a language of its own, taken for English. Fixed are tags
// that the column soundings gives words.
func readTongues(words []string, bare, both bool, setting string, fixed map[string]string) *tongues {
	t := &tongues{words: words, tags: map[string]string{}}
	if setting != "" && !slices.Contains(words, setting) {
		for _, word := range words { // “English” may be called “English (en)” in headings
			if tagOf(word) == tagOf(setting) {
				setting = word
				break
			}
		}
	}
	for _, word := range words {
		tag, ok := fixed[word]
		if !ok {
			tag = tagOf(word)
		}
		t.tags[word] = t.free(tag)
	}
	switch {
	case setting != "" && t.tags[setting] != "":
		t.tags[defaultWord] = t.tags[setting]
		t.first(setting)
	case setting != "":
		t.tags[defaultWord] = t.free(cmp.Or(fixed[defaultWord], tagOf(setting)))
		t.first(defaultWord)
	case bare && both, len(words) == 0:
		t.tags[defaultWord], t.assumed = t.free(cmp.Or(fixed[defaultWord], "en")), fixed[defaultWord] == ""
		t.first(defaultWord)
	default:
		t.tags[defaultWord] = t.tags[words[0]]
	}
	return t
}

// free makes a tag of its own for a language that another word has taken.
func (t *tongues) free(tag string) string {
	taken := func(tag string) bool {
		for _, other := range t.tags {
			if other == tag {
				return true
			}
		}
		return false
	}
	base := tag
	for n := 2; taken(tag); n++ {
		tag = fmt.Sprintf("%s-x-%d", base, n)
		if strings.HasPrefix(base, "x-") || strings.Contains(base, "-x-") {
			tag = fmt.Sprintf("%s-%d", base, n)
		}
	}
	return tag
}

// first puts a word before all others.
func (t *tongues) first(word string) {
	t.words = append([]string{word}, slices.DeleteFunc(slices.Clone(t.words), func(w string) bool { return w == word })...)
}

// list are the tags, the source language first.
func (t *tongues) list() []string {
	var tags []string
	for _, word := range t.words {
		if tag := t.tags[word]; !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// text is a cell in all languages. Where the source language has no words, the
// first that has some lends them: a text without words in it could not be shown.
func (t *tongues) text(l line, key string) map[string]string {
	text := map[string]string{}
	if words := shown(l.cells[key]); words != "" {
		text[t.tags[defaultWord]] = words
	}
	for word, words := range l.words[key] {
		if words = shown(words); words != "" {
			text[t.tags[word]] = words
		}
	}
	if len(text) == 0 {
		return nil
	}
	tags := t.list()
	for _, tag := range tags {
		if text[tags[0]] == "" && text[tag] != "" {
			text[tags[0]] = text[tag]
		}
	}
	return text
}

// shown is text without the characters that no page can show.
func shown(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			return '\n'
		case r < ' ' || r >= 0x7f && r < 0xa0, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef, r == '\ufffd':
			return -1
		default:
			return r
		}
	}, text))
}
