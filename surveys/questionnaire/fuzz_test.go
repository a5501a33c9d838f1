package questionnaire_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	q "soundings/surveys/questionnaire"
)

// naughty are strings that have broken other people's forms.
var naughty = []string{
	"", " ", "\x00", "\xff", "\xed\xa0\x80", "0", "-0", "1", "10", "11", "7.5", "7,5", "1,234", "٧", "NaN", "Inf", "-Infinity", "1e999", "0x1F",
	"1_000", "−1", "½", "true", "null", "undefined", "yes", "no_say", "=1+1", "@SUM(1)", "' OR 1=1 --", "<script>alert(1)</script>", "{{.}}", "%s%n",
	"../../etc/passwd", "\u202egnp.exe", "\u200f", "\ufeff", "\ufffe", "👩‍👩‍👧", "Z̷͍͈a̸l̵g̶o", "田中さん", "مرحبا", "2024-02-30", "2024-02-29", "2024-02", "٢٠٢٤-٠٢-٢٩", "2024-02-29T09:30", "09:30", "OK", "PE art maths", "2", "3", "\r\n\r\n", strings.Repeat("x", 40_000),
}

func FuzzParseAnswer(f *testing.F) {
	in := compile(f, everyKind)
	for i, text := range naughty {
		f.Add(text, naughty[(i+7)%len(naughty)], i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, first, second string, both bool) {
		variables := in.Variables()
		for i := range variables {
			v := &variables[i]
			raw := q.Raw{string(v.ID): {first}, q.OtherControl(v.ID): {second}, q.OrderControl(v.ID): {second}, q.PartControl(v.ID, "year"): {second}}
			for n := 1; v.Kind == q.KindRanking && n <= len(v.Choices); n++ {
				raw[q.RankControl(v.ID, n)] = []string{[]string{first, second}[n%2]}
			}
			if both {
				raw[string(v.ID)] = append(raw[string(v.ID)], second)
			}
			answer, err := v.ParseAnswer(raw)
			if err != nil {
				continue
			}
			if text := v.Show(answer, "en"); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r\x1b") {
				t.Errorf("%s: %q is shown as %q", v.ID, raw, text)
			}
			again, err := v.ParseAnswer(v.Raw(answer))
			if err != nil && v.Item.Required && answer.Missing == q.NotReached {
				continue
			}
			if err != nil || v.Code(again) != v.Code(answer) || again.Text != answer.Text || again.Missing != answer.Missing {
				t.Errorf("%s: %q gives %v, sent again %v, error %v", v.ID, raw, answer, again, err)
			}
		}
	})
}

func FuzzParseDefinition(f *testing.F) {
	for _, pattern := range []string{"testdata/definitions/*.json", "testdata/definitions/refused/*.json"} {
		for _, path := range files(f, pattern) {
			data, err := os.ReadFile(filepath.Clean(path))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, text := range naughty {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := q.ParseDefinition(data)
		if err != nil {
			return
		}
		v, err := q.Publish("fuzz", 1, d, time.Unix(0, 0))
		if err != nil {
			return
		}
		if _, err := q.Compile(v); err != nil {
			t.Fatalf("Compile of what passed Check: %v", err)
		}
		written, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.ParseDefinition(written); err != nil && len(written) <= q.DefinitionLimit {
			t.Fatalf("ParseDefinition of what was written: %v\n%s", err, written)
		}
	})
}

func FuzzDecodeAnswers(f *testing.F) {
	in := compile(f, everyKind)
	for _, text := range naughty {
		quoted, err := json.Marshal(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text))
		f.Add([]byte(`{"travel": "bus", "why": ` + string(quoted) + `}`))
		f.Add([]byte(`{"travel": ` + string(quoted) + `, "sleep": ` + text + `}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		answers, _, err := in.DecodeAnswers(q.Sitting{Wave: q.WavePost}, data)
		if (err == nil) != (len(answers) == len(in.Variables())) {
			t.Errorf("DecodeAnswers(%q) = %d answers, error %v", data, len(answers), err)
		}
	})
}
