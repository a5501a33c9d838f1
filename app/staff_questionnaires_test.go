package app_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestQuestionnairesPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open("/questionnaires").wants(t, 200, "Views", "views", "English", "Hillside Projects")
	d.open("/questionnaires/views").wants(t, 200, "What helped?", "Sometimes", "version 1").has(t, `lang="ar"`, "/questionnaires/views/definition.json")
	d.open("/questionnaires/none").wants(t, 404, "no published questionnaire")
	g := d.open("/questionnaires/views/definition.json").wants(t, 200)
	definition, err := questionnaire.ParseDefinition([]byte(g.body))
	if err != nil || definition.Title.In("en") != "Views" {
		t.Errorf("definition.json = %v, %v, want the definition", definition.Title, err)
	}
	designer := h.colleague("designer", surveys.RoleDesigner)
	designer.open("/questionnaires").wants(t, 200, "Views")
	evaluator := h.colleague("evaluator", surveys.RoleEvaluator)
	evaluator.open("/programmes").lacks(t, `href="/questionnaires"`)
	evaluator.open("/questionnaires").wants(t, 403)
}

func TestPublishByPasting(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	d.sends("/questionnaires", url.Values{"id": {"views"}, "definition": {opinions}}).wants(t, 303, "/questionnaires/views")
	d.open("/questionnaires/views").wants(t, 200, "version 2")
	d.sends("/questionnaires", nil).wants(t, 422, "Enter the id")
	d.sends("/questionnaires", url.Values{"id": {"views"}}).wants(t, 422, "Choose the file")
	d.sends("/questionnaires", url.Values{"id": {"Views!"}, "definition": {opinions}}).wants(t, 422, "small letters").has(t, `value="Views!"`)
	d.sends("/questionnaires", url.Values{"id": {"views"}, "definition": {"{no"}}).wants(t, 422, "{no", "Mend the questionnaire")
	wrong := strings.NewReplacer(`"kind":"consent"`, `"kind":"consent","unit":{"en":"x"}`, `"of":"mood"`, `"of":"nothing"`).Replace(opinions)
	d.sends("/questionnaires", url.Values{"id": {"views"}, "definition": {wrong}}).wants(t, 422, `item "may"`, `measure "m_mood"`)
	d.open("/questionnaires/views").wants(t, 200, "version 2")
}

// TestPublishAFile sends the file that browsers send.
func TestPublishAFile(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	upload := func(csrf, text string) page {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range map[string]string{"csrf": csrf, "id": "brand_new", "definition": ""} {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		file, err := form.CreateFormFile("file", "brand_new.json")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write([]byte(text))
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		d.header.Set("Content-Type", form.FormDataContentType())
		defer d.header.Del("Content-Type")
		return d.send("POST", "/questionnaires", &body)
	}
	upload("another token", opinions).wants(t, 403)
	upload(d.csrf, `{"titel":{}}`).wants(t, 422, "titel", "Mend the questionnaire")
	upload(d.csrf, opinions).wants(t, 303, "/questionnaires/brand_new")
	d.open("/programmes/new").wants(t, 200).has(t, `<option value="brand_new">`)
}

func TestProgrammeFormSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	d.sends("/programmes", url.Values{"zone": {"Nowhere"}, "targets.people": {"lots"}, "from": {"soon"}}).wants(t, 422,
		"Add at least one strand: give it a title", "The programme, name: Enter the name", "Enter a time zone", "Enter a whole number", "a date such as 2026-03-31")
	d.sends("/programmes", url.Values{"name": {"x"}, "zone": {"UTC"}, "smallest_group": {"5"}, "strands[0].title": {"x"}, "strands[0].questionnaire": {"none"}}).
		wants(t, 422, "Strand 1, questionnaire: Choose the questionnaire from the list")
}

func TestCohortFormSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.ownersDesk().sends(h.programmePath()+"/cohorts", url.Values{"starts": {"soon"}, "expected[pupils]": {"many"}}).
		wants(t, 422, "Enter the name", "a date such as 2026-03-31", "Enter a whole number")
}

// TestUnpublishedQuestionnaire: a program may set up the programme first.
func TestUnpublishedQuestionnaire(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	p, err := h.service.CreateProgramme(h.owner, surveys.Programme{
		Name: "Early", Zone: "UTC", SmallestGroup: 5, Strands: []surveys.Strand{{ID: "pupils", Title: "Pupils", Audience: surveys.AudienceParticipant,
			Design: surveys.DesignRating, Questionnaire: "to_come", Role: "Pupil"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := h.ownersDesk()
	path := "/programmes/" + string(p.ID)
	d.open(path).wants(t, 200, "is not published yet").has(t, `href="/questionnaires?id=to_come"`)
	d.open("/questionnaires?id=to_come").wants(t, 200).has(t, `value="to_come"`)
	for _, what := range []string{"", "/workbook.xlsx"} {
		d.open(path+"/strands/pupils"+what).wants(t, 422, "Upload the questionnaire to_come").lacks(t, "Tell the person")
	}
}

func TestProductTrail(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.phone().send("POST", "/sign-in", formOf(url.Values{"email": {"nobody@example.org"}, "password": {"x"}})).wants(t, 401)
	h.phone().send("POST", "/sign-in", formOf(url.Values{"email": {"owner@example.org"}, "password": {"x"}})).wants(t, 401)
	d := h.ownersDesk()
	d.open("/audit").wants(t, 200, "account: sign in refused", "questionnaire: published", "Nobody known", "views@000001").lacks(t, "nobody@example.org")
	h.colleague("administrator", surveys.RoleAdministrator).open("/audit").wants(t, 403)
}

func TestAPIQuestionnaires(t *testing.T) {
	a := newAPIClient(t)
	var none struct {
		Questionnaires []surveys.QuestionnaireSummary
	}
	a.want(200, "GET", "/api/v1/questionnaires", "", &none)
	a.want(201, "POST", "/api/v1/questionnaires/views/versions", opinions, nil)
	a.want(200, "GET", "/api/v1/questionnaires", "", &none)
	if len(none.Questionnaires) != 1 || none.Questionnaires[0].Questions != 3 || none.Questionnaires[0].Version != 1 {
		t.Errorf("questionnaires = %+v, want views with 3 questions", none.Questionnaires)
	}
	var v questionnaire.Version
	a.want(200, "GET", "/api/v1/questionnaires/views", "", &v)
	if v.Number != 1 || v.Definition.Title.In("en") != "Views" {
		t.Errorf("questionnaire = %d %v, want version 1 of Views", v.Number, v.Definition.Title)
	}
	a.refused(404, "questionnaire.not_found", "GET", "/api/v1/questionnaires/none", "")
}

// TestAPIRulesInPlainWords: no layout of Go and no name of a rule.
func TestAPIRulesInPlainWords(t *testing.T) {
	a := newAPIClient(t)
	plan := map[string]any{"name": strings.Repeat("x", 201), "from": "31.3.2026", "smallest_group": 101, "zone": "UTC", "strands": []any{}}
	body, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	p := a.refused(422, "field.invalid", "POST", "/api/v1/programmes", string(body))
	said := p.Detail
	for _, e := range p.Errors {
		said += "\n" + e.Message
	}
	for _, want := range []string{"Shorten name to 200 characters.", "Enter from as a date such as 2026-03-31.", "Enter smallest_group as 100 or less."} {
		if !strings.Contains(said, want) {
			t.Errorf("the problem says:\n%s\nwant %q", said, want)
		}
	}
	if strings.Contains(said, "2006-01-02") {
		t.Errorf("the problem says %s", said)
	}
}
