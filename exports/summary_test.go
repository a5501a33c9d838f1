package exports_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// material is a world's, with a report of a profile.
func (w *world) material(profile surveys.Profile) exports.Material {
	w.tb.Helper()
	data := must(w.service.Dataset(w.ctx, w.programme.ID, strand))
	return exports.Material{Data: data, Report: must(outcomes.Build(w.ctx, data, outcomes.Options{Profile: profile, Made: origin.AddDate(0, 3, 0)}))}
}

// made makes a file of a format with a profile.
func (w *world) made(id string, profile surveys.Profile) []byte {
	w.tb.Helper()
	format, _ := exports.FormatOf(id)
	var file bytes.Buffer
	if err := format.Write(w.ctx, &file, w.material(profile)); err != nil {
		w.tb.Fatal(err)
	}
	return file.Bytes()
}

var betweenElements = regexp.MustCompile(`(</w:p>|</w:style>|</c:ser>|</c:dLbls>|<w:body>|<c:plotArea>|</c:catAx>)`)

func TestSummaryGolden(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating} {
		w := make(t)
		golden(t, "testdata/"+name+".summary.html.golden", string(w.made("summary.html", surveys.ProfileRows)))
		golden(t, "testdata/"+name+".summary-internal.html.golden", string(w.made("summary.html", surveys.ProfileInternal)))
		files := unzip(t, w.made("summary.docx", surveys.ProfileRows))
		var text strings.Builder
		for _, part := range slices.Sorted(maps.Keys(files)) {
			if strings.HasSuffix(part, ".xlsx") {
				text.WriteString("== " + part + "\n" + listing(t, []byte(files[part])))
				continue
			}
			text.WriteString("== " + part + "\n" + betweenElements.ReplaceAllString(files[part], "$1\n") + "\n")
		}
		golden(t, "testdata/"+name+".summary.docx.golden", text.String())
	}
}

// TestDocxIsSound: every part is XML and has a type, and what is referred to is there.
func TestDocxIsSound(t *testing.T) {
	w := prePost(t)
	w.edit("lead", "<b>Bold & \ufffe \U0001F642</b>\nأشعر بالهدوء")
	files := unzip(t, w.made("summary.docx", surveys.ProfileInternal))
	target := regexp.MustCompile(`Target="([^"]+)"`)
	for name, content := range files {
		if strings.HasSuffix(name, ".xlsx") {
			open(t, []byte(content))
			continue
		}
		if err := wellFormed(content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		base := filepath.Dir(filepath.Dir(name))
		for _, one := range target.FindAllStringSubmatch(content, -1) {
			if _, ok := files[filepath.Join(base, one[1])]; !ok {
				t.Errorf("%s refers to %s, which is not there", name, one[1])
			}
		}
	}
	if document := files["word/document.xml"]; !strings.Contains(document, "&lt;b&gt;Bold &amp; \ufffd \U0001F642&lt;/b&gt;") {
		t.Error("what a person wrote is not in the document as text")
	}
	if page := string(w.made("summary.html", surveys.ProfileInternal)); !strings.Contains(page, "&lt;b&gt;Bold &amp;") {
		t.Error("what a person wrote is not on the page as text")
	}
}

func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// edit puts a paragraph of the internal summary into other words.
func (w *world) edit(id, text string) {
	w.tb.Helper()
	m := w.material(surveys.ProfileInternal)
	draft := must(exports.DraftSummary(w.ctx, m))
	s := draft.Edits
	s.Edits = map[string]surveys.SummaryEdit{id: {Text: text, Proposed: "another sentence"}}
	must(w.service.SaveSummary(w.ctx, w.programme.ID, strand, s))
}

func TestSummaryInOtherWords(t *testing.T) {
	w := prePost(t)
	w.edit("lead", "  Told in our words.  ")
	draft := must(exports.DraftSummary(w.ctx, w.material(surveys.ProfileInternal)))
	for _, p := range draft.Proposed {
		want := p.Text
		if p.ID == "lead" {
			want = "Told in our words."
		}
		if got := draft.Text(p); got != want {
			t.Errorf("%s says %q, want %q", p.ID, got, want)
		}
		if got := draft.Moved(p); got != (p.ID == "lead") {
			t.Errorf("%s has moved: %t", p.ID, got)
		}
	}
	if page := string(w.made("summary.html", surveys.ProfilePublished)); strings.Contains(page, "our words") {
		t.Error("what was written for one profile is in the other")
	}
	w2 := prePost(t)
	w2.edit("lead", "")
	if page := string(w2.made("summary.html", surveys.ProfileInternal)); strings.Contains(page, `class="lead"`) {
		t.Error("a paragraph that was left out is there")
	}
}

func TestSummaryQuotes(t *testing.T) {
	w := prePost(t)
	draft := must(exports.DraftSummary(w.ctx, w.material(surveys.ProfileRows)))
	if len(draft.Quotes) != 1 || len(draft.Chosen()) != 1 {
		t.Fatalf("%d quotes, %d proposed, want the one that was approved", len(draft.Quotes), len(draft.Chosen()))
	}
	draft.Edits.Chosen = true
	if len(draft.Chosen()) != 0 {
		t.Error("a quote nobody chose is on the page")
	}
	draft.Edits.Quotes = []string{surveys.SummaryQuote("taken back"), surveys.SummaryQuote(draft.Quotes[0].Text)}
	if len(draft.Chosen()) != 1 {
		t.Error("the quote that was chosen is not on the page")
	}
}

// TestLibreOfficeReadsTheSummary has LibreOffice open the Word file and write it as
// text: the sentences are there, in order.
func TestLibreOfficeReadsTheSummary(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("LibreOffice (soffice) is not installed, or -short: it has not opened the summary")
	}
	w, folder := prePost(t), t.TempDir()
	path := filepath.Join(folder, "summary.docx")
	if err := os.WriteFile(path, w.made("summary.docx", surveys.ProfileRows), 0o600); err != nil {
		t.Fatal(err)
	}
	convert := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+folder+"/profile", "--headless",
		"--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder, path)
	said, err := convert.CombinedOutput()
	text, readErr := os.ReadFile(filepath.Join(folder, "summary.txt"))
	if readErr != nil && os.Getenv("CI") == "" {
		t.Skip("LibreOffice has no Writer (libreoffice-writer): it has not opened the summary")
	}
	if err := errors.Join(err, readErr); err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, said)
	}
	draft, rest := must(exports.DraftSummary(w.ctx, w.material(surveys.ProfileRows))), string(text)
	for _, p := range draft.Proposed {
		_, after, found := strings.Cut(rest, p.Text)
		if !found {
			t.Errorf("LibreOffice does not show, or not in this place: %s", p.Text)
			continue
		}
		rest = after
	}
}
