package app

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/text/language"

	"soundings/surveys/questionnaire"
)

func ownLocales(tb testing.TB) *locales {
	tb.Helper()
	l, err := loadLocales()
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// made are locales of a few made-up sentences, for what is true of any.
func made(sentences map[string]map[string]sentence) *locales { return &locales{sentences: sentences} }

func TestSayTakesArgumentsAsTheyAre(t *testing.T) {
	t.Parallel()
	l := made(map[string]map[string]sentence{"en": {"k": {formOther: "{0} then {1}, {0} again"}}})
	if got, want := l.say("en", "k", "{1}", "x"), "{1} then x, {1} again"; got != want {
		t.Errorf("say = %q, want %q: an argument is no place for another", got, want)
	}
	if got := l.say("fr", "unknown"); got != "unknown" {
		t.Errorf("a key without a sentence shows %q, want itself", got)
	}
	label := questionnaire.Text{"en": "None", "pt": "Nenhuma"}
	if got, want := l.say("pt", "k", label, 2.5), "Nenhuma then 2,5, Nenhuma again"; got != want {
		t.Errorf("say = %q, want %q: sentences fall back, arguments stay in the language of the page", got, want)
	}
}

func TestPluralForms(t *testing.T) {
	t.Parallel()
	forms := sentence{"=0": "none", "zero": "Z", "one": "O", "two": "T", "few": "F", "many": "M", "other": "X"}
	for _, tt := range []struct {
		lang, want string
		counts     []any
	}{
		{"en", "O", []any{1}},
		{"en", "X", []any{2, 11, 21, 1.5, 0.5, 1_000_000}},
		{"en", "none", []any{0}},
		{"ar", "T", []any{2}},
		{"ar", "F", []any{3, 10, 103, 1003}},
		{"ar", "M", []any{11, 26, 99, 111}},
		{"ar", "X", []any{100, 101, 102, 200, 1000, 10_000_000, 0.1}},
		{"pl", "F", []any{2, 4, 22, 134}},
		{"pl", "M", []any{5, 11, 12, 14, 112, 1000, 20_000_000}},
		{"pl", "X", []any{1.5, 0.5}},
		{"uk", "O", []any{1, 21, 101}},
		{"uk", "F", []any{2, 24}},
		{"uk", "M", []any{5, 11, 111}},
		{"fr", "O", []any{1, 1.5}},
		{"fr", "X", []any{2, 100}},
		{"fa", "O", []any{1, 0.5}},
		{"ti", "O", []any{1}},
		{"xx", "X", []any{1, 2, 5}},
		{"en", "X", []any{"a word", questionnaire.Text{}}},
	} {
		for _, count := range tt.counts {
			if got := forms.of(tt.lang, count); got != tt.want {
				t.Errorf("%s %v is %q, want %q", tt.lang, count, got, tt.want)
			}
		}
	}
}

func TestSentenceHasOther(t *testing.T) {
	t.Parallel()
	var s sentence
	if err := s.UnmarshalJSON([]byte(`{"one": "x"}`)); err == nil {
		t.Errorf("a sentence without %q was read as %v", formOther, s)
	}
}

func TestShowNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang   string
		number float64
		want   string
	}{
		{"en", 0.1, "0.1"}, {"en", 1500, "1500"}, {"en", 1e21, "1000000000000000000000"}, {"en", -5, "-5"},
		{"fr", 1.5, "1,5"}, {"pl", -2.25, "-2,25"}, {"sq", 0.5, "0,5"}, {"pt-BR", 0.5, "0,5"}, {"es", 12, "12"},
		{"ar", 1.5, "1.5"}, {"ar", -5, "\u200e-5"}, {"fa", 10, "10"}, {"bn", 10, "10"}, {"es-MX", 0.5, "0.5"},
	} {
		if got := showNumber(tt.lang, tt.number); got != tt.want {
			t.Errorf("showNumber(%s, %v) = %q, want %q", tt.lang, tt.number, got, tt.want)
		}
	}
}

func TestLanguageNames(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"en": "English", "ar": "العربية", "ckb": "کوردی (سۆرانی)", "es": "Español", "uk": "Українська", "cy": "Cymraeg", "fr-BE": "Français",
		"prs": "دری", "fa-AF": "دری", "ps": "پښتو", "pt-BR": "Português (Brasil)", "ckb-IQ": "کوردی (سۆرانی)", "zh-Hant": "繁體中文", "tlh": "tlh", "not a tag": "not a tag",
	} {
		if got := languageName(tag); got != want {
			t.Errorf("languageName(%q) = %q, want %q", tag, got, want)
		}
	}
	common := []string{
		"af", "sq", "am", "ar", "hy", "az", "eu", "be", "bn", "bs", "bg", "my", "ca", "zh", "hr", "cs", "da", "nl", "en", "et", "fil", "fi", "fr",
		"gl", "ka", "de", "el", "gu", "ht", "ha", "he", "hi", "hu", "is", "ig", "id", "ga", "it", "ja", "kn", "kk", "km", "rw", "ko", "ku", "ckb",
		"ky", "lo", "lv", "ln", "lt", "mk", "mg", "ms", "ml", "mt", "mr", "mn", "ne", "no", "om", "ps", "fa", "pl", "pt", "pa", "ro", "ru", "gd",
		"sr", "sn", "sd", "si", "sk", "sl", "so", "es", "sw", "sv", "tg", "ta", "te", "th", "ti", "tr", "tk", "uk", "ur", "ug", "uz", "vi", "cy",
		"wo", "xh", "yi", "yo", "zu",
	}
	for _, tag := range common {
		if name := languageName(tag); name == tag || len(name) < 4 {
			t.Errorf("%s has no name of its own: %q", tag, name)
		}
	}
}

func TestDirectionIsThatOfTheScript(t *testing.T) {
	t.Parallel()
	for want, tags := range map[string][]string{
		"rtl": {"ar", "ar-EG", "fa", "fa-AF", "prs", "ur", "ckb", "ckb-IQ", "ku-Arab", "ku-IQ", "sdh", "ps", "sd", "ug", "he", "yi", "dv", "syr", "pa-PK", "pa-Arab", "uz-AF", "az-Arab", "ks", "pnb", "nqo", "ff-Adlm", "acm"},
		"ltr": {"en", "ku", "ku-Latn", "kmr", "pa", "uz", "az", "ti", "am", "bn", "hi", "so", "ur-Latn", "ar-Latn", "zh-Hant", "ja", "und", "not a tag"},
	} {
		for _, tag := range tags {
			if got := direction(tag); got != want {
				t.Errorf("direction(%q) = %s, want %s", tag, got, want)
			}
		}
	}
}

func TestTallness(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"en": "", "uk": "", "ar": "tall", "bn": "tall", "ti": "tall", "th": "tall", "ur": "taller", "ur-Latn": "", "pa": "tall", "pa-PK": "taller"} {
		if got := tallness(tag); got != want {
			t.Errorf("tallness(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestSpokenIsTheSameLanguage(t *testing.T) {
	t.Parallel()
	l := ownLocales(t)
	for tag, want := range map[string]string{
		"pt-BR": "pt", "pt-PT": "pt", "es-419": "es", "fa-AF": "fa", "prs": "fa", "ku-Arab": "ckb", "ckb-IR": "ckb", "ku": "en", "ur-IN": "ur", "ur-Latn": "en",
		"sq-XK": "sq", "bn-IN": "bn", "ti-ER": "ti", "so-KE": "so", "fr-CA": "fr", "uk-UA": "uk", "gl": "en", "am": "en", "be": "en",
		"en-GB": "en", "ar-SY": "ar", "apc": "ar", "ary": "ar", "ar-Latn": "en", "de": "en", "om": "en", "": "en", "not a tag": "en", "ru": "en",
	} {
		if got := l.spoken(tag); got != want {
			t.Errorf("spoken(%q) = %q, want %q", tag, got, want)
		}
	}
	if got, want := l.ownWords("bn"), "Buttons and messages are translated, not yet reviewed by a native speaker"; got != want {
		t.Errorf("ownWords(bn) = %q, want %q", got, want)
	}
	if got, want := l.ownWords("en-GB"), "Buttons and messages were written in English"; got != want {
		t.Errorf("ownWords(en-GB) = %q, want %q", got, want)
	}
	if got, want := l.ownWords("de"), "Buttons and messages are not translated: they are shown in English"; got != want {
		t.Errorf("ownWords(de) = %q, want %q", got, want)
	}
	if !l.has("ar-EG") || !l.has("en-GB") || l.has("de") {
		t.Errorf("has: ar-EG %v, en-GB %v, de %v; want true, true, false", l.has("ar-EG"), l.has("en-GB"), l.has("de"))
	}
}

func TestNearestLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ accept, have, want string }{
		{"pt-BR,en;q=0.8", "en pt", "pt"},
		{"pt-BR", "pt-PT pt-BR", "pt-BR"},
		{"pt-AO", "pt-BR pt-PT", "pt-PT"},
		{"fa-AF,en;q=0.5", "en fa", "fa"},
		{"prs", "en fa-AF", "fa-AF"},
		{"ku-IQ,ar;q=0.7", "en ar ckb", "ckb"},
		{"ku,ar;q=0.7", "en ar ckb", "ar"}, // Kurdish with no more said is in Latin letters
		{"ku-Arab", "en ckb", "ckb"},
		{"ckb-IQ", "en ku-Arab", "ku-Arab"},
		{"de,fr;q=0.9,en;q=0.8", "en fr", "fr"},
		{"gl", "en es", "es"}, // most who read Galician read Spanish
		{"ja", "ar en", "ar"}, // else the source language
		{"", "ar en", "ar"},
		{"zh-HK", "en zh-Hans zh-Hant", "zh-Hant"},
		{"sr-Latn", "sr en", "sr"},
	} {
		have := splitWords(tt.have)
		wanted, _, err := language.ParseAcceptLanguage(tt.accept)
		if err != nil {
			t.Fatal(err)
		}
		if got := have[nearestLanguage(have, wanted)]; got != tt.want {
			t.Errorf("%q of %q gets %s, want %s", tt.accept, tt.have, got, tt.want)
		}
	}
}

func TestShowDate(t *testing.T) {
	t.Parallel()
	l := ownLocales(t)
	for _, tt := range []struct{ lang, iso, want string }{
		{"en", "2026-03-07", "7 March 2026"}, {"en", "2026-03", "March 2026"}, {"en", "2026", "2026"}, {"en", "2026-12-31T09:05", "31 December 2026, 09:05"},
		{"en", "09:05", "09:05"}, {"en", "2026-02-30", "2026-02-30"}, {"en", "", ""}, {"de", "2026-03-07", "7 March 2026"},
		{"ar", "2026-03-07", "7 مارس 2026"}, {"ar", "2026-03-07T09:05", "7 مارس 2026، 09:05"}, {"fa-AF", "2026-01-02", "2 ژانویهٔ 2026"},
		{"fr", "2026-03-01", "1er mars 2026"}, {"fr", "2026-03-02", "2 mars 2026"}, {"fr-BE", "2026-03-21", "21 mars 2026"},
		{"es", "2026-03-07", "7 de marzo de 2026"}, {"es", "2026-03", "marzo de 2026"}, {"pt-BR", "2026-03-07", "7 de março de 2026"},
		{"pl", "2026-03-07", "7 marca 2026"}, {"pl", "2026-03", "marzec 2026"}, {"uk", "2026-03-07", "7 березня 2026 року"}, {"uk", "2026-03", "березень 2026 року"},
		{"bn", "2026-03-07", "7 মার্চ 2026"}, {"ckb", "2026-03-07", "7ی ئازاری 2026"}, {"ti", "2026-03-07T09:05", "7 መጋቢት 2026፣ 09:05"}, {"sq", "2026-03-07", "7 mars 2026"},
	} {
		if got := l.showDateText(tt.lang, tt.iso); got != tt.want {
			t.Errorf("showDateText(%s, %q) = %q, want %q", tt.lang, tt.iso, got, tt.want)
		}
	}
	at := time.Date(2026, 3, 7, 23, 30, 0, 0, time.UTC).In(time.FixedZone("", 3600))
	if got, want := l.showDate("en", at, precisionMinute), "8 March 2026, 00:30"; got != want {
		t.Errorf("showDate = %q, want %q: as its zone has it", got, want)
	}
	if got, want := l.dateOrder("en"), []string{"day", "month", "year"}; !slices.Equal(got, want) {
		t.Errorf("dateOrder(en) = %v, want %v", got, want)
	}
	yearFirst := made(map[string]map[string]sentence{"en": {"respond.date_day": {formOther: "{2}. {1} {0}."}}})
	if got, want := yearFirst.dateOrder("en"), []string{"year", "month", "day"}; !slices.Equal(got, want) {
		t.Errorf("dateOrder = %v, want %v", got, want)
	}
}
