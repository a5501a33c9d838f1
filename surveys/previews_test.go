package surveys_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
)

func TestPreviews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Dee", Email: "dee@example.org"}, password)
	must(t, err)
	must(t, w.Grant(w.ctx, "dee@example.org", w.programme.ID, []surveys.Role{surveys.RoleDesigner}))
	dee := w.as(t, "dee@example.org")
	id, err := w.KeepPreview(w.ctx, "import", []byte("a file"))
	must(t, err)
	got, err := w.Preview(w.ctx, "import", id)
	must(t, err)
	if string(got) != "a file" {
		t.Errorf("Preview = %q, want what was kept", got)
	}
	_, err = w.Preview(dee, "import", id)
	wantError(t, "another account's", err, surveys.KindNotFound, "preview.not_found")
	_, err = w.Preview(w.ctx, "sheet:views", id)
	wantError(t, "of something else", err, surveys.KindNotFound, "preview.not_found")
	must(t, w.DropPreview(dee, "import", id))
	w.clock.pass(2*time.Hour - time.Millisecond)
	_, err = w.Preview(w.ctx, "import", id)
	must(t, err)
	w.clock.pass(time.Millisecond)
	_, err = w.Preview(w.ctx, "import", id)
	wantError(t, "after two hours", err, surveys.KindNotFound, "preview.not_found")
	second, err := w.KeepPreview(w.ctx, "import", []byte("another"))
	must(t, err)
	must(t, w.DropPreview(w.ctx, "import", second))
	_, err = w.Preview(w.ctx, "import", second)
	wantError(t, "after it was used", err, surveys.KindNotFound, "preview.not_found")
}

func TestPreviews_Limits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.KeepPreview(t.Context(), "import", nil)
	wantError(t, "nobody signed in", err, surveys.KindUnauthenticated, "account.sign_in")
	_, err = w.KeepPreview(w.ctx, "import", bytes.Repeat([]byte("x"), surveys.PreviewLimit+1))
	wantError(t, "too large", err, surveys.KindInvalid, "page.too_large")
	ids := make([]string, 12)
	for i := range ids {
		ids[i], err = w.KeepPreview(w.ctx, "import", []byte{byte(i)})
		must(t, err)
		w.clock.pass(time.Second)
	}
	there := func(id string) bool { _, err := w.Preview(w.ctx, "import", id); return err == nil }
	if gone := slices.IndexFunc(ids, there); gone != 2 {
		t.Errorf("of twelve previews the first that is there is %d, want 2: the ten newest stay", gone)
	}
}
