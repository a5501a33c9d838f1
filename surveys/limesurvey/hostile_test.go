package limesurvey_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"soundings/surveys/limesurvey"
)

func TestRead_Hostile(t *testing.T) {
	t.Parallel()
	const start = `<?xml version="1.0" encoding="UTF-8"?>`
	for _, tc := range []struct{ name, data, want string }{
		{"empty", " \n", limesurvey.FileEmpty},
		{"too_large", "<document>" + strings.Repeat(" ", limesurvey.FileLimit), limesurvey.FileTooLarge},
		{"text", "Dear all,", limesurvey.FileFormat},
		{"zip", "PK\x03\x04\x14\x00", limesurvey.FileFormat},
		{"json", `{"title": {"en": "Views"}}`, limesurvey.FileFormat},
		{"other_xml", start + "<html></html>", limesurvey.FileFormat},
		{"group_file", start + "<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", limesurvey.FileFormat},
		{"document_type", start + `<!DOCTYPE document SYSTEM "file:///etc/passwd"><document/>`, limesurvey.FileCorrupt},
		{"entity_bomb", start + `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>`, limesurvey.FileCorrupt},
		{"unknown_entity", start + "<document>&b;</document>", limesurvey.FileCorrupt},
		{"other_encoding", `<?xml version="1.0" encoding="UTF-7"?><document/>`, limesurvey.FileFormat},
		{"cut_off", start + "<document><languages>", limesurvey.FileCorrupt},
		{"not_utf8", start + "<document>\xff</document>", limesurvey.FileCorrupt},
		{"deep", start + "<document>" + strings.Repeat("<a>", 1_000), limesurvey.FileCorrupt},
		{"wide", start + "<document>" + strings.Repeat("<a/>", 300_000) + "</document>", limesurvey.FileCorrupt},
		{"attributes", start + "<document" + strings.Repeat(` a=""`, 100_000) + "/>", limesurvey.FileCorrupt},
		{"endless_tag", start + "<document" + strings.Repeat("a", 100_000), limesurvey.FileCorrupt},
		{"questions", survey("<questions><rows>" + numbered(`<row><qid>%d</qid><gid>1</gid><type>T</type><title>a</title></row>`, 3_000) + "</rows></questions>"), limesurvey.TooMany},
		{"answers", survey("<questions><rows><row><qid>1</qid><type>L</type></row></rows></questions><answers><rows>" +
			numbered(`<row><qid>1</qid><code>c%d</code></row>`, 30_000) + "</rows></answers>"), limesurvey.TooMany},
		{"no_language", start + "<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", limesurvey.NoLanguage},
		{"no_questions", start + "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>en</language></languages></document>", limesurvey.NoQuestions},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := limesurvey.Read([]byte(tc.data))
			var refusal *limesurvey.Refusal
			if !errors.As(err, &refusal) || refusal.Notices[0].Code != tc.want || refusal.Notices[0].Text == "" {
				t.Errorf("Read: error %v, want %s", err, tc.want)
			}
		})
	}
}

func survey(tables string) string {
	return "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>en</language></languages>" + tables + "</document>"
}

// numbered is format n times over, each with its number.
func numbered(format string, n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i+1)
	}
	return out.String()
}

// TestRead_SameCode reads a survey whose questions all have one code: each gets
// an id of its own.
func TestRead_SameCode(t *testing.T) {
	t.Parallel()
	in, err := limesurvey.Read([]byte(survey("<questions><rows>" + numbered(`<row><qid>%d</qid><gid>1</gid><type>T</type><title>a</title></row>`, 900) + "</rows></questions>")))
	if err != nil || len(in.Definition.Parts) != 1 || len(in.Definition.Parts[0].Items) != 900 {
		t.Fatalf("Read: %d parts, error %v; want one of 900 items", len(in.Definition.Parts), err)
	}
	if last := in.Definition.Parts[0].Items[899].ID; last != "a_900" {
		t.Errorf("the last id is %s, want a_900", last)
	}
}

func FuzzRead(f *testing.F) {
	for _, data := range written(f) {
		f.Add(data)
	}
	f.Add([]byte("<document><LimeSurveyDocType>Survey</LimeSurveyDocType><!DOCTYPE x></document>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := limesurvey.Read(data)
		var refusal *limesurvey.Refusal
		switch {
		case errors.As(err, &refusal) && len(refusal.Notices) > 0:
		case err != nil:
			t.Errorf("Read: error %v is no Refusal with notices", err)
		default:
			if err := in.Definition.Check(); err != nil {
				t.Errorf("Read gave a definition that does not pass: %v", err)
			}
		}
	})
}
