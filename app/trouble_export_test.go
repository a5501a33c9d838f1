package app

import "testing"

// Say is a sentence of the product, for tests outside the package.
func Say(tb testing.TB, lang, key string) string {
	tb.Helper()
	all, err := loadLocales()
	if err != nil {
		tb.Fatal(err)
	}
	return all.say(lang, key)
}
