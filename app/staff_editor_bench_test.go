package app_test

import (
	"fmt"
	"net/url"
	"testing"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// threeHundred is a draft of 300 items in twelve parts and two languages, with
// choices, batteries and conditions among them.
func threeHundred() questionnaire.Definition {
	words := func(format string, n int) questionnaire.Text {
		return questionnaire.Text{"en": fmt.Sprintf(format, n), "ar": fmt.Sprintf("سؤال %d", n)}
	}
	def := questionnaire.Definition{Title: words("A long questionnaire, %d", 300), Languages: []string{"en", "ar"}}
	for i := range 300 {
		if i%25 == 0 {
			def.Parts = append(def.Parts, questionnaire.Part{ID: questionnaire.ItemID(fmt.Sprintf("part_%d", i/25+1)), Title: words("Part about topic %d", i/25)})
		}
		item := questionnaire.Item{ID: questionnaire.ItemID(fmt.Sprintf("item_%d", i)), Kind: questionnaire.KindSingleChoice, Label: words("How often did the thing of number %d happen to you?", i)}
		for n, code := range []string{"never", "sometimes", "often"} {
			score := float64(n)
			item.Choices = append(item.Choices, questionnaire.Choice{Code: code, Label: words("Answer %d", n), Score: &score})
		}
		switch {
		case i%10 == 3:
			item.Kind = questionnaire.KindRating
			for n := range 5 {
				item.Rows = append(item.Rows, questionnaire.Row{ID: questionnaire.ItemID(fmt.Sprintf("item_%d_%d", i, n)), Label: words("Statement %d of a battery", n)})
			}
		case i%10 == 7:
			item.Relevant = fmt.Sprintf("${item_%d} = 'often'", i-1)
		}
		last := &def.Parts[len(def.Parts)-1]
		last.Items = append(last.Items, item)
	}
	return def
}

// longDraft is a hall with a draft of 300 items.
func longDraft(tb testing.TB) (*hall, *desk) {
	tb.Helper()
	definition, err := questionnaire.ParseDefinition([]byte(opinions))
	if err != nil {
		tb.Fatal(err)
	}
	h := hallWith(tb, definition, app.Config{})
	if _, err := h.service.CreateDraft(h.owner, "long", threeHundred()); err != nil {
		tb.Fatal(err)
	}
	d := h.ownersDesk()
	d.header.Set("Accept-Encoding", "br")
	return h, d
}

// TestLongDraftIsLight: the outline of 300 items is at most 30 KB as it is sent,
// and an item's form beside it at most 12 KB.
func TestLongDraftIsLight(t *testing.T) {
	t.Parallel()
	_, d := longDraft(t)
	for path, most := range map[string]int{"/questionnaires/long/draft": 30 << 10, "/questionnaires/long/draft/items/item_297": 12 << 10} {
		g := d.open(path)
		if g.status != 200 || len(g.body) > most {
			t.Errorf("%s: status %d, %d bytes, want %d at most", path, g.status, len(g.body), most)
		}
		t.Logf("%s: %d bytes", path, len(g.body))
	}
}

// BenchmarkLongDraft opens a draft of 300 items, opens its last item, and saves
// one of its words, as the editor's script does.
func BenchmarkLongDraft(b *testing.B) {
	_, d := longDraft(b)
	const draft, item = "/questionnaires/long/draft", "/questionnaires/long/draft/items/item_297"
	b.Run("outline", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if g := d.open(draft); g.status != 200 {
				b.Fatal(g.status)
			}
		}
	})
	b.Run("item", func(b *testing.B) {
		for b.Loop() {
			if g := d.open(item); g.status != 200 {
				b.Fatal(g.status)
			}
		}
	})
	d.header.Del("Accept-Encoding")
	b.Run("save", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			form := d.formAt(item)
			form.Set("label.en", fmt.Sprint("Wording ", n))
			d.header.Set("Soundings-Fragment", "1")
			if g := d.sends(item, url.Values(form)); g.status != 200 {
				b.Fatalf("%d %s", g.status, g.body)
			}
			d.header.Del("Soundings-Fragment")
		}
	})
}
