package app

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

func splitWords(text string) []string { return strings.Fields(text) }

// respondentsKeys are what a respondent may be told besides the keys that the
// respondent's pages name: errors of the service and of the server.
var respondentsKeys = []string{
	"account.too_many_tries", "answers.check", "link.closed", "link.not_found", "link.not_yet", "link.withdrawn",
	"page.broken", "page.not_found", "page.too_large", "part.not_found", "questionnaire.not_published",
	"letter.not_found", "response.being_sent", "response.bad_id", "response.changed_meanwhile", "response.not_found", "response.sent_already",
	"receipt.unknown", "receipt.shared", "room.not_found",
	"poster.pre", "poster.post", "poster.follow_up", // made of the wave
	"page.unreadable", "store.conflict", "store.unavailable",
	"response.resume_unknown", "respond.yes", "respond.no", // made of the answer's code
	"respond.contact_shorter", "respond.contact_reach_missing",
}

var (
	quotedKey    = regexp.MustCompile(`"((?:respond|response|part|answers?|room|poster)\.[a-z0-9_]+)"`)
	argumentPart = regexp.MustCompile(`\{\d\}`)
)

// keysUsed are the keys that a respondent may meet: those named by the
// respondent's pages, by dates and by the questionnaire.
func keysUsed(tb testing.TB) []string {
	tb.Helper()
	keys := slices.Clone(respondentsKeys)
	for _, pattern := range []string{"respond*.go", "withdraw.go", "room.go", "paper*.go", "templates/paper/*/*.html", "templates/staff/parts/poster.html", "locale*.go", "templates/respond/*.html", "templates/respond/*/*.html", "../surveys/questionnaire/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			tb.Fatalf("no files match %s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			for _, found := range quotedKey.FindAllStringSubmatch(string(raw), -1) {
				if key := found[1]; !strings.HasSuffix(key, ".css") && !strings.HasSuffix(key, ".js") && !strings.HasPrefix(key, "answer.send_") {
					keys = append(keys, key) // answer.send_… is said to writers of programs, in English
				}
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// eachSentence runs over all texts of all languages but English; where is
// "ar answer.text_shorter few".
func eachSentence(t *testing.T, check func(lang, key, where, text, english string)) {
	t.Helper()
	l := ownLocales(t)
	for lang, sentences := range l.sentences {
		for key, forms := range sentences {
			for form, text := range forms {
				if lang == sourceLanguage || key == reviewedKey {
					continue
				}
				english := l.sentences[sourceLanguage][key]
				model, ok := english[form]
				if !ok {
					model = english[formOther]
				}
				check(lang, key, lang+" "+key+" "+form, text, model)
			}
		}
	}
}

func TestEverySentenceIsInEachLanguage(t *testing.T) {
	t.Parallel()
	l, used := ownLocales(t), keysUsed(t)
	for lang, sentences := range l.sentences {
		for _, key := range used {
			switch {
			case sentences[key][formOther] != "":
			case testing.Short() && lang != sourceLanguage:
				t.Logf("%s waits for its translation into %s", key, lang) // the full run insists on it
			default:
				t.Errorf("%s has no sentence in %s", key, lang)
			}
		}
		if _, ok := sentences[reviewedKey]; !ok {
			t.Errorf("%s does not say who reviewed it", lang)
		}
	}
}

func TestNoSentenceIsUnused(t *testing.T) {
	t.Parallel()
	l, used := ownLocales(t), keysUsed(t)
	for lang, sentences := range l.sentences {
		for key := range sentences {
			mayBe := lang == sourceLanguage && !strings.HasPrefix(key, "respond.") || key == reviewedKey
			if !mayBe && !slices.Contains(used, key) {
				t.Errorf("%s of %s is not used", key, lang)
			}
		}
	}
}

// namesItsNumber are the forms that stand for one number only, which may be a
// word of the text instead of {0}.
var namesItsNumber = map[string]bool{"zero": true, "one": true, "two": true}

func TestArgumentsAreThoseOfEnglish(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(_, key, where, text, english string) {
		form := where[strings.LastIndex(where, " ")+1:]
		want, got := argumentsOf(english), argumentsOf(text)
		if namesItsNumber[form] || strings.HasPrefix(form, "=") {
			want, got = slices.DeleteFunc(want, isCount), slices.DeleteFunc(got, isCount)
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s has the arguments %v, want %v", where, got, want)
		}
	})
}

func isCount(argument string) bool { return argument == "{0}" }

func argumentsOf(text string) []string {
	found := argumentPart.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// categories are the plural forms that a language has, tried out on whole numbers
// and fractions.
func categories(lang string) []string {
	found := map[plural.Form]bool{}
	tag := language.Make(lang)
	for n := range 1001 {
		found[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
		found[plural.Cardinal.MatchPlural(tag, n/10, 1, 1, n%10, n%10)] = n%10 != 0 || found[plural.Cardinal.MatchPlural(tag, n/10, 1, 1, n%10, n%10)]
	}
	var names []string
	for form, has := range found {
		if has {
			names = append(names, formNames[form])
		}
	}
	slices.Sort(names)
	return names
}

// TestSentencesThatCountHaveAllForms: what has forms in English has all forms of
// the CLDR in each language.
func TestSentencesThatCountHaveAllForms(t *testing.T) {
	t.Parallel()
	l := ownLocales(t)
	counting := 0
	for key, english := range l.sentences[sourceLanguage] {
		if len(english) == 1 || !slices.Contains(keysUsed(t), key) {
			continue
		}
		counting++
		for lang, sentences := range l.sentences {
			var have []string
			for form := range sentences[key] {
				if !strings.HasPrefix(form, "=") {
					have = append(have, form)
				}
			}
			slices.Sort(have)
			if len(have) == 0 {
				continue // TestEverySentenceIsInEachLanguage says so
			}
			if want := categories(lang); !slices.Equal(have, want) {
				t.Errorf("%s of %s has the forms %v, want %v", key, lang, have, want)
			}
		}
	}
	if counting < 3 {
		t.Errorf("%d sentences count something, want at least 3: the search is broken", counting)
	}
}

// alike are sentences that are the same in English and another language.
var alike = map[string]bool{"es respond.no": true, "es respond.error": true, "fr room.form": true, "fr respond.paper_date": true}

func TestNoSentenceIsLeftInEnglish(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(lang, key, where, text, english string) {
		if text == english && strings.ContainsFunc(argumentPart.ReplaceAllString(text, ""), unicode.IsLetter) && !alike[lang+" "+key] {
			t.Errorf("%s is as in English: %q", where, text)
		}
	})
}

// asTyped is what has to be typed or read as it is, in whatever script: the beginning
// of an address, the signs that no code has, and names of a standard, a level of it, a
// program and a language for programs.
var asTyped = regexp.MustCompile(`https|\b[OIL]\b|WCAG|\bAA\b|\baxe\b|JavaScript`)

func TestSentencesAreInTheirScript(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(lang, _, where, text, _ string) {
		script := unicode.Scripts[map[string]string{"Arab": "Arabic", "Beng": "Bengali", "Cyrl": "Cyrillic", "Ethi": "Ethiopic", "Latn": "Latin"}[scriptOf(lang)]]
		if script == nil {
			t.Fatalf("the script %s of %s is not known here", scriptOf(lang), lang)
		}
		for _, r := range asTyped.ReplaceAllString(text, "") {
			if unicode.IsLetter(r) && !unicode.Is(script, r) {
				t.Errorf("%s has %q: %q", where, r, text)
			}
			if unicode.Is(unicode.Nd, r) && r > unicode.MaxASCII {
				t.Errorf("%s has the digit %q, want 0 to 9: %q", where, r, text)
			}
			if unicode.Is(unicode.Cf, r) && r != '\u200c' {
				t.Errorf("%s has the invisible %U: %q", where, r, text)
			}
		}
	})
}

// strangers are signs that look like one of a language and are another's.
var strangers = map[string]string{
	"ar": "یکەۆێڕڵپچگژٹڈےہھ", "fa": "يكىةەۆێٹڈےہھ", "ur": "يكىةهەۆێ", "ckb": "يكىةةےہذضظطثصھٹڈ",
	"uk": "ыэъё", "pl": "qvx", "so": "pvz", "sq": "w",
}

func TestSentencesHaveNoStrangeLetters(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(lang, _, where, text, _ string) {
		if strings.ContainsAny(strings.ToLower(asTyped.ReplaceAllString(text, "")), strangers[lang]) && strangers[lang] != "" {
			t.Errorf("%s has letters of another language (%s): %q", where, strangers[lang], text)
		}
	})
}

// fullStops end a sentence, by language; "." elsewhere.
var fullStops = map[string]string{"bn": "।", "ur": "۔", "ti": "።"}

func TestSentencesEndAsTheEnglish(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(lang, _, where, text, english string) {
		stop, ok := fullStops[lang]
		if !ok {
			stop = "."
		}
		if got, want := strings.HasSuffix(text, stop), strings.HasSuffix(english, "."); got != want {
			t.Errorf("%s ends with %q: %v, in English %v: %q", where, stop, got, want, text)
		}
	})
}

var (
	asciiMarks  = regexp.MustCompile(`[?;,"']`)
	latinStop   = regexp.MustCompile(`[^\d]\.`)
	frenchMarks = regexp.MustCompile(`[^\x{a0}\x{202f}][;:?!»]|«[^\x{a0}\x{202f}]`)
	clock       = regexp.MustCompile(`\d\d:\d\d`)
	blanks      = regexp.MustCompile(`^\s|\s$|\s\s`)
)

func TestPunctuationIsThatOfTheLanguage(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(lang, key, where, text, _ string) {
		if key == "respond.months" || key == "respond.months_in_dates" {
			return // a list for the program
		}
		wrong, full := "", text
		text = strings.ReplaceAll(text, "\n\n", " ") // paragraphs of a letter
		text = clock.ReplaceAllString(text, "1")
		switch {
		case blanks.MatchString(text):
			wrong = "blanks too many"
		case strings.ContainsAny(text, `"'`+"`"):
			wrong = "straight quotation marks"
		case direction(lang) == "rtl" && asciiMarks.MatchString(text):
			wrong = "a Latin mark instead of ؟ ؛ ،"
		case fullStops[lang] != "" && latinStop.MatchString(text):
			wrong = "a Latin full stop"
		case lang == "ti" && strings.ContainsAny(text, ",;:"):
			wrong = "a Latin mark instead of ፣ ፤ ፦"
		case lang == "fr" && frenchMarks.MatchString(text):
			wrong = "no blank that does not break before ; : ? ! » or after «"
		case lang == "es" && strings.Count(text, "?") != strings.Count(text, "¿"):
			wrong = "a question without ¿"
		case strings.Contains(text, "..."):
			wrong = "three points instead of …"
		}
		if wrong != "" {
			t.Errorf("%s has %s: %q", where, wrong, full)
		}
	})
}

// TestSentencesAreNoMuchLonger keeps buttons buttons, and finds what was put
// under the wrong key.
func TestSentencesAreNotMuchLonger(t *testing.T) {
	t.Parallel()
	eachSentence(t, func(_, key, where, text, english string) {
		long, short := utf8.RuneCountInString(text), utf8.RuneCountInString(english)
		if long > 3*short+8 || 4*long < short {
			t.Errorf("%s has %d characters, %d in English: %q", where, long, short, text)
		}
	})
}

func TestMonthsAreTwelve(t *testing.T) {
	t.Parallel()
	l := ownLocales(t)
	for _, lang := range l.languages() {
		for _, key := range []string{"respond.months", "respond.months_in_dates"} {
			months := l.list(lang, key)
			slices.Sort(months)
			if n := len(slices.Compact(months)); n != 12 || strings.Contains(fmt.Sprint(months), "  ") {
				t.Errorf("%s has %d different months as %s", lang, n, key)
			}
		}
	}
}
