package concerns_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"soundings/surveys/concerns"
)

// said is one text and whether a person should look at it.
type said struct {
	text  string
	needs bool
}

// measure counts how many texts that need a look are marked, and how many of the
// marked need one.
func measure(t *testing.T, name string, all []said) (recall, precision float64) {
	t.Helper()
	var needs, found, marked int
	for _, one := range all {
		is := len(concerns.Find(one.text, "en")) > 0
		if one.needs {
			needs++
		}
		if is {
			marked++
		}
		if is && one.needs {
			found++
		}
		if is != one.needs {
			t.Logf("%s: %q: marked %v, needs a look %v: %+v", name, one.text, is, one.needs, concerns.Find(one.text, "en"))
		}
	}
	recall, precision = float64(found)/float64(needs), float64(found)/float64(marked)
	t.Logf("%s: %d texts, %d need a look; recall %.3f, precision %.3f", name, len(all), needs, recall, precision)
	return recall, precision
}

func reference(tb testing.TB) (all []said) {
	tb.Helper()
	file, err := os.Open("testdata/safeguarding.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close() // it was only read
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	for _, line := range lines[1:] {
		all = append(all, said{line[2], line[3] == "1"})
	}
	return all
}

func further(tb testing.TB) (all []said) {
	tb.Helper()
	raw, err := os.ReadFile("testdata/further.txt")
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if sign, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok && sign != "?" {
			all = append(all, said{text, sign == "+"})
		}
	}
	return all
}

// TestReference: nothing that needs a look may be missed.
func TestReference(t *testing.T) {
	t.Parallel()
	recall, precision := measure(t, "reference", reference(t))
	if recall < 1 || precision < 0.9 {
		t.Errorf("recall %.3f, precision %.3f; want 1 and 0.9", recall, precision)
	}
}

// TestFurther: nor in other words than those of the reference data.
func TestFurther(t *testing.T) {
	t.Parallel()
	recall, precision := measure(t, "further", further(t))
	if recall < 1 || precision < 0.9 {
		t.Errorf("recall %.3f, precision %.3f; want 1 and 0.9", recall, precision)
	}
}

// TestFindAnyHow: neither capitals, accents, apostrophes nor blanks change what is found.
func TestFindAnyHow(t *testing.T) {
	t.Parallel()
	for _, one := range further(t) {
		want := len(concerns.Find(one.text, "en")) > 0
		for _, other := range []string{
			strings.ToUpper(one.text), strings.ToLower(one.text), strings.ReplaceAll(one.text, "'", "’"), strings.ReplaceAll(one.text, "'", ""),
			"  " + strings.ReplaceAll(one.text, " ", "  "),
		} {
			if got := len(concerns.Find(other, "en")) > 0; got != want {
				t.Errorf("Find(%q) finds %v, want %v as of %q", other, got, want, one.text)
			}
		}
	}
}

// TestFindMistyped: one wrong letter within a long word hides nothing.
func TestFindMistyped(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I am sacred of him at home", "I am scarred of my dad", "she has briuses", "I am frightend of him", "I am frihgtened of him", "they bullyed me every day",
		"I was abuesd by him", "suicdal", "he threatned to hit me", "I keep myslef awake and hurt mysefl", "i feel unsaffe at home", "we are homless",
	} {
		if len(concerns.Find(text, "en")) == 0 {
			t.Errorf("Find(%q) finds nothing", text)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	text := "It was fun. He hit me again. I cut out the cards. My uncle makes me keep secrets."
	signs := concerns.Find(text, "en")
	if len(signs) != 2 {
		t.Fatalf("Find = %+v, want two signs", signs)
	}
	if got := text[signs[0].From:signs[0].To]; !strings.Contains(got, "hit me") || signs[0].Reason != "violence" || signs[0].Weight != 3 {
		t.Errorf("first = %q %+v", got, signs[0])
	}
	if got := text[signs[1].From:signs[1].To]; !strings.Contains(got, "secrets") || strings.Contains(got, "cards") {
		t.Errorf("second = %q %+v", got, signs[1])
	}
	if worse, less := concerns.Score(concerns.Find("I want to die", "en")), concerns.Score(concerns.Find("I am bullied", "en")); worse <= less || less == 0 {
		t.Errorf("scores %d and %d", worse, less)
	}
}

// TestOtherLanguages: each list finds its plainest phrase, and English beside it.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	for language, text := range map[string]string{
		"ar": "أبي يضربني كل يوم", "bn": "বাবা আমাকে মারে", "ckb": "باوکم لێم دەدات", "es": "Mi padre me pega cuando llega", "fa": "پدرم مرا کتک می\u200cزند",
		"fr": "Mon père me frappe le soir", "pl": "Tata mnie bije", "pt": "O meu pai bate-me", "so": "Aabbahay wuu i garaacaa", "sq": "Babai më rreh",
		"ti": "ኣቦይ ይወቕዓኒ", "uk": "Тато мене б'є", "ur": "ابو مجھے مارتے ہیں",
	} {
		if len(concerns.Find(text, language)) == 0 {
			t.Errorf("Find(%q, %q) finds nothing", text, language)
		}
		if len(concerns.Find("I want to die", language)) == 0 {
			t.Errorf("Find of English on a form in %q finds nothing", language)
		}
	}
	if got, want := len(concerns.Languages()), 14; got != want {
		t.Errorf("%d lists, want %d", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"hit me", "[violence]\nhit", "[violence 4]\nhit", "[violence 3\nhit", "[violence 3]\n~ hit", "[violence 3]\nme? hit", "[violence 3]\n@who hit", "[violence 3]\nhit //", "[violence 3]\n...",
	} {
		if _, err := concerns.Parse(text); err == nil {
			t.Errorf("Parse(%q) takes it", text)
		}
	}
}

// TestSignsLieInTheText: in order, apart, on bounds of characters, whatever is typed.
func TestSignsLieInTheText(t *testing.T) {
	t.Parallel()
	pieces := []string{"he hit me", "I'm", "scared", "of", "him", " ", ".", "é", "ا", "\u0301", "’", "\xff", "🙂", "home", "alone", "don’t", "feel safe"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		wantSigns(t, text)
	})
}

func wantSigns(tb rapid.TB, text string) {
	before := 0
	for _, s := range concerns.Find(text, "en") {
		if s.From < before || s.To <= s.From || s.To > len(text) {
			tb.Fatalf("sign %+v of %q after byte %d", s, text, before)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[s.From:s.To]) {
			tb.Fatalf("sign %+v of %q cuts a character", s, text)
		}
		before = s.To
	}
}

func FuzzFind(f *testing.F) {
	for _, one := range reference(f) {
		f.Add(one.text)
	}
	f.Add("I’m\xff scared\u0301 of him")
	f.Fuzz(func(t *testing.T, text string) { wantSigns(t, text) })
}

func FuzzParse(f *testing.F) {
	f.Add("@who = he/she\n[violence 3]\n@who ~ hit* me?\n[look-alike]\nit hit")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := concerns.Parse(text)
		if err == nil {
			list.Find("he hit me again and again")
		}
	})
}

func BenchmarkFind(b *testing.B) {
	all := further(b)
	for i := 0; b.Loop(); i++ {
		concerns.Find(all[i%len(all)].text, "en")
	}
}
