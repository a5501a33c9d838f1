package pairing_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/pairing"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		kind pairing.ElementKind
		n    int
		raws []string // all mean want
		want string
	}{
		{"letters/two", pairing.Letters, 2, []string{"SU", "su", " Su", "Su.", "\"SU\"", "Susan", "S u", "Šu", "ｓｕ", "SU\n"}, "SU"},
		{"letters/last", pairing.Letters, -1, []string{"A", "a", "Anna", " anná."}, "A"},
		{"letters/all", pairing.Letters, 0, []string{"O'Brien", "o’brien", "O Brien", "OBRIEN "}, "OBRIEN"},
		{"letters/fewer_than_asked", pairing.Letters, 3, []string{"Li", "lí"}, "LI"},
		{"letters/not_decomposed_by_unicode", pairing.Letters, 1, []string{"Ł", "łucja", "L"}, "L"},
		{"letters/ligature", pairing.Letters, 0, []string{"Æsa", "aesa", "æsa"}, "AESA"},
		{"letters/sharp_s", pairing.Letters, 0, []string{"Groß", "GROSS", "groẞ"}, "GROSS"},
		{"letters/arabic_alef", pairing.Letters, 0, []string{"أحمد", "احمد", "إحمد", "آحمد", "ٱحمد", "أَحْمَد", "احـــمد", "\u200fاحمد"}, "احمد"},
		{"letters/arabic_teh_marbuta", pairing.Letters, 0, []string{"فاطمة", "فاطمه"}, "فاطمه"},
		{"letters/persian_forms", pairing.Letters, 0, []string{"کریم", "كريم", "كرىم"}, "كريم"},
		{"letters/bengali_without_vowel_sign", pairing.Letters, 1, []string{"ফ", "ফা", "ফাতেমা"}, "ফ"},
		{"letters/korean_syllable", pairing.Letters, 1, []string{"김", "김민수"}, "김"},
		{"letters/digits_only_is_blank", pairing.Letters, 1, []string{"", "7", "-", " . ", "🙂"}, ""},
		{"day/seven", pairing.Day, 0, []string{"7", "07", "7th", "7TH", "7.", " 07 ", "7 th", "seven", "Seven.", "the 7th", "٧", "۷", "৭", "７", "O7", "007"}, "7"},
		{"day/ten", pairing.Day, 0, []string{"10", "1O", "lO", "I0", "l0th", "ten", "১০", "١٠"}, "10"},
		{"day/first", pairing.Day, 0, []string{"1", "1st", "01", "lst", "I", "l", "one"}, "1"},
		{"day/wrong_ordinal_ending", pairing.Day, 0, []string{"23", "23th", "23rd", "twenty-three", "twenty three", "TWENTYTHREE"}, "23"},
		{"day/last", pairing.Day, 0, []string{"31", "31st", "thirty one", "31st of March"}, "31"},
		{"day/out_of_range_is_kept", pairing.Day, 0, []string{"45", "45th"}, "45"},
		{"day/whole_date_is_no_guess", pairing.Day, 0, []string{"07/12", "07-12", "07.12."}, "07 12"},
		{"count/none", pairing.Count, 0, []string{"0", "O", "o", "none", "None.", "no", "nil", "zero", "٠", "০", "00"}, "0"},
		{"count/two", pairing.Count, 0, []string{"2", "two", "TWO ", "2.", "2 brothers", "two sisters", "I have 2", "I have two"}, "2"},
		{"count/text_is_kept", pairing.Count, 0, []string{"don't know", "Dont know", "DONT  KNOW!"}, "DONT KNOW"},
		{"count/two_numbers_are_no_guess", pairing.Count, 0, []string{"1 or 2", "1 OR 2"}, "1 OR 2"},
		{"count/blank", pairing.Count, 0, []string{"", " ", "-", "?", "\u200b"}, ""},
		{"month/march", pairing.Month, 0, []string{"3", "03", "March", "mar", "MAR.", "three", "31st March", "٣"}, "3"},
		{"month/sept", pairing.Month, 0, []string{"9", "Sept", "sep", "september"}, "9"},
		{"free/town", pairing.Free, 0, []string{"St. Mary's", "st marys", "ST-MARY’S", "“St Mary's”"}, "STMARYS"},
		{"free/digits", pairing.Free, 0, []string{"Flat 4", "flat ٤"}, "FLAT4"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, raw := range c.raws {
				got, err := pairing.Normalise(c.kind, c.n, raw)
				if err != nil || got != c.want {
					t.Errorf("Normalise(%s, %d, %q) = %q, %v, want %q", c.kind, c.n, raw, got, err, c.want)
				}
			}
		})
	}
}

func TestNormaliseRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		kind pairing.ElementKind
		raw  string
		want error
	}{
		{"control_character", pairing.Letters, "S\x00U", pairing.ErrControl},
		{"delete", pairing.Count, "2\x7f", pairing.ErrControl},
		{"invalid_utf8", pairing.Day, "\xff7", pairing.ErrUTF8},
		{"too_long", pairing.Free, strings.Repeat("a", 201), pairing.ErrTooLong},
		{"too_long_once_unfolded", pairing.Free, strings.Repeat("ﷺ", 100), pairing.ErrTooLong},
		{"unknown_kind", "colour", "blue", pairing.ErrKind},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := pairing.Normalise(c.kind, 1, c.raw)
			if c.name == "too_long_once_unfolded" {
				got, err = pairing.Normalise(c.kind, 0, c.raw)
			}
			if got != "" || !errors.Is(err, c.want) {
				t.Errorf("Normalise(%s, %q) = %q, %v, want %v", c.kind, c.raw, got, err, c.want)
			}
			if strings.Contains(err.Error(), "blue") {
				t.Errorf("error %q shows the value", err)
			}
		})
	}
}

var kinds = []pairing.ElementKind{pairing.Letters, pairing.Day, pairing.Month, pairing.Count, pairing.Free}

// checkIdempotent fails if normalising raw twice differs from once.
func checkIdempotent(t interface{ Fatalf(string, ...any) }, kind pairing.ElementKind, n int, raw string) {
	once, err := pairing.Normalise(kind, n, raw)
	if err != nil {
		return
	}
	twice, err := pairing.Normalise(kind, n, once)
	if err != nil || twice != once {
		t.Fatalf("Normalise(%s, %d, %q) = %q, again %q, %v", kind, n, raw, once, twice, err)
	}
}

func TestNormaliseIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		checkIdempotent(t, kind, rapid.IntRange(-3, 3).Draw(t, "n"), rapid.String().Draw(t, "raw"))
	})
}

// Every single character, so that no oddity of Unicode is left to chance.
func TestNormaliseIsIdempotentOnEveryCharacter(t *testing.T) {
	t.Parallel()
	for r := range rune(0x20000) {
		for _, kind := range kinds {
			checkIdempotent(t, kind, 1, string(r))
			checkIdempotent(t, kind, 0, "a"+string(r)+"1")
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"7th", " Su.", "twenty-one", "أحمد", "l0", "don't know", "１２", "ﷺ", "İı", "=1+1", "\x00", "\xff"} {
		f.Add(0, 1, s)
		f.Add(3, -1, s)
	}
	f.Fuzz(func(t *testing.T, kind, n int, raw string) {
		checkIdempotent(t, kinds[uint(kind)%uint(len(kinds))], n, raw)
	})
}
