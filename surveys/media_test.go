package surveys_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// picture is a PNG of its own for each n.
func picture(tb testing.TB, n int) []byte {
	tb.Helper()
	var b bytes.Buffer
	must(tb, png.Encode(&b, image.NewGray(image.Rect(0, 0, 4+n, 4))))
	return b.Bytes()
}

// TestMediumIsReadThroughALink: only what a version of the link's questionnaire
// names, an older one included, and nothing through a link that is not open yet.
func TestMediumIsReadThroughALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for n := range 3 {
		m, err := w.AddMedium(w.ctx, picture(t, n))
		must(t, err)
		ids = append(ids, m.ID)
	}
	for n := range 2 {
		def := definition(t)
		def.Parts[1].Items = append(def.Parts[1].Items, questionnaire.Item{ID: "look", Kind: questionnaire.KindStatement, Label: questionnaire.Text{"en": "Look"}, Picture: ids[n], Alt: questionnaire.Text{"en": "A square"}})
		_, err := w.Publish(w.ctx, "views", def)
		must(t, err)
	}
	for n, named := range []bool{true, true, false} {
		m, err := w.InvitedMedium(t.Context(), w.token(), ids[n])
		if !named {
			wantError(t, "a picture that no version names", err, surveys.KindNotFound, "medium.not_found")
			continue
		}
		must(t, err)
		if !bytes.Equal(m.Data, picture(t, n)) || m.Type != "image/png" || m.ID != ids[n] {
			t.Errorf("InvitedMedium = %s %s of %d bytes", m.ID, m.Type, len(m.Data))
		}
	}
	_, err := w.InvitedMedium(t.Context(), "no_token", ids[0])
	wantError(t, "no link", err, surveys.KindNotFound, "link.not_found")
	later := w.link(t, surveys.Link{Wave: questionnaire.WavePre, Opens: origin.AddDate(0, 0, 1)})
	_, err = w.InvitedMedium(t.Context(), later.Token, ids[0])
	wantError(t, "a link that is not open yet", err, surveys.KindNotFound, "medium.not_found")

	trial := w.trial(t, 1)
	_, err = w.InvitedMedium(t.Context(), trial.Token, ids[0])
	wantError(t, "a trial of a version without it", err, surveys.KindNotFound, "medium.not_found")
	trial = w.trial(t, 3)
	_, err = w.InvitedMedium(t.Context(), trial.Token, ids[1])
	must(t, err)
}

func TestAddMedium(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.AddMedium(w.ctx, picture(t, 0))
	must(t, err)
	again, err := w.AddMedium(w.ctx, picture(t, 0))
	must(t, err)
	if first.ID != again.ID || len(first.ID) != 64 {
		t.Errorf("the same picture is %s and %s", first.ID, again.ID)
	}
	read, err := w.Medium(w.ctx, first.ID)
	must(t, err)
	if !bytes.Equal(read.Data, first.Data) {
		t.Error("Medium differs from what was added")
	}
	_, err = w.Medium(w.ctx, "unknown")
	wantError(t, "Medium", err, surveys.KindNotFound, "medium.not_found")
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"nothing":   {nil, "medium.type"},
		"SVG":       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "medium.type"},
		"cut off":   {picture(t, 0)[:40], "medium.broken"},
		"too large": {append(picture(t, 0), make([]byte, 400<<10)...), "medium.too_large"},
	} {
		_, err := w.AddMedium(w.ctx, tt.data)
		wantError(t, name, err, surveys.KindInvalid, tt.key)
	}
}
