package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/media"
	"soundings/surveys/questionnaire"
)

func TestPublishPage(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	path := draftOfViews + "/publish"
	d.open(path).wants(t, 200, "nothing to publish")
	d.types(draftOfViews+"/items/why", url.Values{"label.en": {"What helped you most?"}}).wants(t, 303)
	d.open(path).wants(t, 200, "Still comparable?", "What helped?", "What helped you most?", "Not fully translated", "fall back to English")
	form := func(fields ...string) url.Values {
		draft, err := h.service.Draft(h.owner, "views")
		if err != nil {
			t.Fatal(err)
		}
		values := url.Values{"revision": {fmt.Sprint(draft.Revision)}, "over": {"1"}, "note": {"Clearer wording"}}
		for i := 0; i+1 < len(fields); i += 2 {
			values.Set(fields[i], fields[i+1])
		}
		return values
	}
	d.sends(path, form()).wants(t, 422, "Not published", "Clearer wording").has(t, `href="#f-comparable-why"`, `href="#f-fallback-ar"`)
	d.sends(path, form("comparable.why", "yes")).wants(t, 422).has(t, `value="yes" checked`, `href="#f-fallback-ar"`).lacks(t, `href="#f-comparable-why"`)
	stale := form("comparable.why", "no", "fallback.ar", "on")
	stale.Set("revision", "1")
	d.sends(path, stale).wants(t, 409, "look at it again")
	d.sends(path, form("comparable.why", "no", "fallback.ar", "on")).wants(t, 303, "/questionnaires/views/versions?published=2")
	d.open("/questionnaires/views/versions?published=2").wants(t, 200, "Version 2 is published", "Clearer wording", "why is why_2 now").has(t, "/questionnaires/views/compare?from=1")
	d.open("/questionnaires/views/compare?from=1").wants(t, 200, "What helped you most?", "Differences", "share 2 items")
	d.open("/questionnaires/views/compare?from=7").wants(t, 404)
	d.open(draftOfViews).wants(t, 303, "/questionnaires/views")
}

func TestPublishSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, d := study(t)
	d.sends(draftOfViews, url.Values{"do": {"add:single_choice:p:"}}).wants(t, 303)
	d.open(draftOfViews+"/publish").wants(t, 200, "Put this right first", "Needs at least").has(t, `href="/questionnaires/views/draft/items/q4"`).lacks(t, `value="publish"`)
	d.sends(draftOfViews+"/publish", url.Values{"revision": {"1"}, "over": {"1"}}).wants(t, 409)
}

func TestVersionsPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	path := "/questionnaires/views/versions"
	d.open(path).wants(t, 200, "Versions of Views", "Retire it", "Copy it")
	d.sends(path, url.Values{"do": {"retire"}}).wants(t, 303)
	d.open(path).wants(t, 200, "Retired", "Take it back into use")
	d.open("/questionnaires").wants(t, 200, "Retired")
	d.sends(path, url.Values{"do": {"reinstate"}}).wants(t, 303)
	d.open(path).wants(t, 200, "Retire it")
	d.sends(path, url.Values{"do": {"send"}, "to": {"Bad Id"}}).wants(t, 422, "small letters").has(t, `value="Bad Id"`)
	d.sends(path, url.Values{"do": {"send"}, "to": {"views"}}).wants(t, 422)
	d.sends(path, url.Values{"do": {"send"}, "to": {"views_primary"}}).wants(t, 303, "/questionnaires/views_primary/draft")
	d.open("/questionnaires/none/versions").wants(t, 404)
	d.sends("/questionnaires/views_primary/draft", url.Values{"do": {"discard"}}).wants(t, 303, "/questionnaires")
	d.open("/questionnaires/views_primary/draft").wants(t, 404)
}

func TestTrials(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	path := "/questionnaires/views/trials"
	d.open(path).wants(t, 200, "The draft as it is now", "Version 1")
	g := d.sends(path, url.Values{"version": {"0"}, "wave": {"post"}}).wants(t, 303, path+"/")
	trial := g.header.Get("Location")
	token := trial[strings.LastIndex(trial, "/")+1:]
	d.open(trial).wants(t, 200, "none yet", "/s/"+token).has(t, `<svg class="qr"`)
	if _, err := h.service.Submit(t.Context(), token, surveys.Submission{ID: "0123456789abcdef0123456789abcdef", Raw: questionnaire.Raw{"calm_a": {"2"}, "may": {"no"}}}); err != nil {
		t.Fatal(err)
	}
	d.open(trial).wants(t, 200, "calm_a", "Sometimes", "left blank")
	d.sends(trial+"/end", nil).wants(t, 303, path)
	d.sends(path, url.Values{"version": {"0"}, "wave": {"never"}}).wants(t, 422)
	d.sends(path, url.Values{"version": {"7"}, "wave": {"post"}}).wants(t, 422)
	d.sends(draftOfViews, url.Values{"do": {"add:rating:p:"}}).wants(t, 303)
	d.sends(path, url.Values{"version": {"0"}, "wave": {"post"}}).wants(t, 422, "cannot be answered yet", "has no statements")
	d.open("/questionnaires/other/trials").wants(t, 404)
}

func TestSavedItems(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	d.sends(draftOfViews, url.Values{"do": {"save_item:calm"}, "locked": {"on"}}).wants(t, 303)
	g := d.open(draftOfViews+"/add?part=p").wants(t, 200, "How often?", "wording locked")
	found := regexp.MustCompile(`value="(insert:[^"]+)"`).FindStringSubmatch(g.body)
	if found == nil {
		t.Fatal("no saved item can be inserted")
	}
	d.sends(draftOfViews, url.Values{"do": {found[1]}}).wants(t, 303, "/items/calm_2")
	def := h.draft("views")
	if item := def.Parts[0].Items[3]; item.ID != "calm_2" || !item.Locked || item.Rows[0].ID == "calm_a" {
		t.Errorf("inserted = %+v, want a locked copy with ids of its own", item)
	}
	d.open(draftOfViews+"/items/calm_2").wants(t, 200, "the wording is locked").has(t, "readonly")
	d.sends(draftOfViews, url.Values{"do": {"insert:gone:p:"}}).wants(t, 409)
}

// TestMedia sends a picture as browsers send files.
func TestMedia(t *testing.T) {
	t.Parallel()
	h, d := study(t)
	d.sends(draftOfViews, url.Values{"do": {"add:statement:p:"}}).wants(t, 303, "/items/q4")
	path := draftOfViews + "/items/q4"
	send := func(slot string, data []byte) page {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range map[string]string{"csrf": d.csrf, "slot": slot, "do": "send"} {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		file, err := form.CreateFormFile("file", "picture.png")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write(data)
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		d.header.Set("Content-Type", form.FormDataContentType())
		defer d.header.Del("Content-Type")
		return d.send("POST", path+"/media", &body)
	}
	send("picture", onePixel()).wants(t, 303, path)
	item := h.draft("views").Parts[0].Items[3]
	if item.Picture == "" {
		t.Fatal("the picture is not kept")
	}
	d.open(path).wants(t, 200).has(t, `src="/questionnaires/views/media/`+item.Picture)
	if g := d.open("/questionnaires/views/media/"+item.Picture).wants(t, 200); g.header.Get("Content-Type") != "image/png" {
		t.Errorf("type = %s", g.header.Get("Content-Type"))
	}
	send("picture", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")).wants(t, 422)
	send("picture", nil).wants(t, 422, "Choose the file")
	send("hat", onePixel()).wants(t, 409)
	frame := append([]byte{0xff, 0xfb, 0x90, 0x64}, make([]byte, 413)...) // of MP3
	send("audio.en", bytes.Repeat(frame, media.AudioLimit/len(frame))).wants(t, 303, path)
	send("audio.en", bytes.Repeat(frame, media.AudioLimit/len(frame)+1)).wants(t, 422, "Choose a smaller file")
	send("audio.xx", onePixel()).wants(t, 409)
	d.sends(path+"/media", url.Values{"slot": {"picture"}, "do": {"remove"}}).wants(t, 303)
	if got := h.draft("views").Parts[0].Items[3].Picture; got != "" {
		t.Errorf("after removing it the picture is %s", got)
	}
}
