package surveys_test

import (
	"strings"
	"testing"

	"soundings/surveys"
)

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"Jo.Smith@School.Example": "Jo.Smith@school.example", "o'neill@school.example": "o'neill@school.example", "a+b@bücher.example": "a+b@xn--bcher-kva.example",
		"": "", "nobody": "", "a@b": "", "a b@school.example": "", "Jo <jo@school.example>": "", "<jo@school.example>": "jo@school.example", "a@school.example, b@school.example": "",
		"jo@school..example": "", "zoë@school.example": "", `"jo smith"@school.example`: "", "jo@school.example\r\nBcc: x@y.example": "",
		strings.Repeat("a", 65) + "@school.example": "", "jo@[192.0.2.1]": "",
	} {
		got, err := surveys.CheckAddress(address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CheckAddress(%q) = %q, %v, want %q", address, got, err, want)
		}
	}
}
