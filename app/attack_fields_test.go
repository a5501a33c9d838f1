package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
)

// foreignOf is the foreign thing for an own one that a control or an address names, ""
// for what names nothing of a programme.
func (e *estate) foreignOf(value string) string {
	for key, own := range e.own.ids {
		if value == own {
			return e.foreign.ids[key]
		}
		// "pupils/pre", "<cohort>/<strand>" and the like
		if prefix, rest, ok := strings.Cut(value, "/"); ok && prefix == own {
			return e.foreign.ids[key] + "/" + rest
		}
	}
	return ""
}

// TestForeignIdentifiersInForms takes every form and every address with a query that
// the pages of one programme have, and puts into each control that names something of
// it, one after the other, the like of another programme: nothing of that is shown or
// changed, and it is not told from what is not there. Who asks has all roles in both.
func TestForeignIdentifiersInForms(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	d := e.ownersDesk()
	if err := e.server.Shutdown(); err != nil { // live pages end at once, requests are still answered
		t.Fatal(err)
	}
	own := slices.DeleteFunc(e.staffAddresses(), func(address string) bool { return !strings.HasPrefix(address, e.programmePath()) })
	c := crawlWithin(d, e.programmePath(), own...)
	for _, address := range own {
		address, _, _ = strings.Cut(address, "?")
		c.pages = append(c.pages, crawled{address: address + "?" + e.everyQuery().Encode()})
	}
	words := []string{e.foreign.mark}
	for _, id := range e.foreign.ids {
		words = append(words, id)
	}
	before, tried := e.watch.holding(t, words...), 0
	for _, form := range c.posts() {
		if strings.HasPrefix(form.action, e.programmePath()) {
			tried += e.swapsFields(t, d, form)
		}
	}
	for _, one := range c.pages {
		if strings.HasPrefix(one.address, e.programmePath()) && strings.Contains(one.address, "?") {
			tried += e.swapsQuery(t, d, one.address)
		}
	}
	if after := e.watch.holding(t, words...); !slices.Equal(before, after) {
		t.Errorf("the other programme is not what it was: %s", firstDifference(before, after))
	}
	if tried < 60 {
		t.Errorf("%d things were tried: the pages name more", tried)
	}
}

// everyQuery names one of each thing that a filter may name.
func (e *estate) everyQuery() url.Values {
	return url.Values{
		"cohort": {e.own.ids[":cohort"]}, "institution": {e.own.ids["institution"]}, "strand": {e.own.ids[":strand"]}, "workshop": {e.own.ids[":workshop"]},
		"link": {e.own.ids[":link"]}, "theme": {e.own.ids["theme"]}, "response": {e.own.ids[":response"]}, "receipt": {e.own.ids[":response"]}, "batch": {e.own.ids[":batch"]},
	}
}

// swapsFields posts a form with each id swapped.
func (e *estate) swapsFields(t *testing.T, d *desk, form webForm) (tried int) {
	t.Helper()
	for name, values := range form.values {
		for i, value := range values {
			foreign := e.foreignOf(value)
			if foreign == "" {
				continue
			}
			tried++
			e.wantUnknown(t, "POST "+routeOf(http.MethodPost, form.action)+" "+name, foreign, func(id string) page {
				swapped := url.Values{}
				for other, all := range form.values {
					swapped[other] = slices.Clone(all)
				}
				swapped[name][i] = id
				if form.multipart {
					return d.upload(form.action, []byte("name\nx\n"), swapped)
				}
				return d.sends(form.action, swapped)
			})
		}
	}
	return tried
}

// swapsQuery opens an address with each id in its query swapped.
func (e *estate) swapsQuery(t *testing.T, d *desk, address string) (tried int) {
	t.Helper()
	path, query, _ := strings.Cut(address, "?")
	named, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range named {
		foreign := e.foreignOf(values[0])
		if foreign == "" {
			continue
		}
		tried++
		e.wantUnknown(t, "GET "+routeOf(http.MethodGet, path)+"?"+name, foreign, func(id string) page {
			named.Set(name, id)
			return d.open(path + "?" + named.Encode())
		})
		named.Set(name, values[0])
	}
	return tried
}

// wantUnknown asks with a foreign id and with one that is not there: both are answered
// alike, and without a word of the other programme.
func (e *estate) wantUnknown(t *testing.T, what, foreign string, ask func(id string) page) {
	t.Helper()
	// What a form says besides is done by the first post, so that the next two do the same.
	thing, _, _ := strings.Cut(foreign, "/")
	none := nothingLike(thing)
	with := none + strings.TrimPrefix(foreign, thing)
	ask(with)
	got, nothing := ask(foreign), ask(with)
	if strings.Contains(got.body, e.foreign.mark) {
		t.Errorf("%s shows something of another programme", what)
	}
	if got.status >= 500 {
		t.Errorf("%s = %d", what, got.status)
	}
	if differs := sameBut(escaped(got), escaped(nothing), thing, none); differs != "" {
		t.Errorf("%s of another programme is told from one that is not there: %s", what, differs)
	}
}

// drawnIDs are those, which pages that start something draw anew each time.
var drawnIDs = regexp.MustCompile(`\b[0-9a-z]{32}\b`)

// escaped is a page whose ids stand as in the text of a form.
func escaped(g page) page {
	g.body = drawnIDs.ReplaceAllString(strings.ReplaceAll(g.body, "%2F", "/"), "DRAWN")
	return g
}

// TestForeignIdentifiersInJSON does the same with what the API reads.
func TestForeignIdentifiersInJSON(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	v := e.insiders()[1]
	words := []string{e.foreign.mark}
	for _, id := range e.foreign.ids {
		words = append(words, id)
	}
	api := "/api/v1" + e.programmePath()
	before := e.watch.holding(t, words...)
	for _, tt := range []struct{ name, path, body, of string }{
		{"institution_of_a_cohort", "/cohorts", `{"name":"New","institution":"%s"}`, "institution"},
		{"cohort_of_a_link", "/links", `{"strand":"pupils","wave":"post","cohort":"%s"}`, ":cohort"},
		{"strand_of_a_link", "/links", `{"strand":"%s","wave":"post","cohort":"` + e.own.ids[":cohort"] + `"}`, ":strand"},
		{"strand_of_an_export", "/exports", `{"format":"analysis.xlsx","strand":"%s"}`, ":strand"},
		{"cohort_of_an_export", "/exports", `{"format":"analysis.xlsx","strand":"pupils","filter":{"cohorts":["%s"]}}`, ":cohort"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e.wantUnknown(t, tt.path, e.foreign.ids[tt.of], func(id string) page {
				p := e.phone()
				p.header.Set("Authorization", "Bearer "+v.token)
				p.header.Set("Content-Type", "application/json")
				g := p.send(http.MethodPost, api+tt.path, strings.NewReader(fmt.Sprintf(tt.body, id)))
				if g.status < 400 {
					t.Errorf("%s with %s = %d %.200s", tt.path, id, g.status, g.body)
				}
				return g
			})
		})
	}
	// An import may name any id: one that is taken becomes a response of its own.
	p := e.phone()
	p.header.Set("Authorization", "Bearer "+v.token)
	p.header.Set("Content-Type", "application/json")
	p.send(http.MethodPost, api+"/links/"+e.own.ids[":link"]+"/responses", strings.NewReader(
		`{"responses":[{"id":"`+e.foreign.ids[":response"]+`","answers":{"agree":"yes","listen":"4","safe":"4","town":"Ownmark"}}]}`)).wants(t, 200).lacks(t, e.foreign.mark)
	r, err := e.store.Response(t.Context(), surveys.ResponseID(e.foreign.ids[":response"]))
	if err != nil || string(r.Programme) != e.foreign.ids[":programme"] || r.Answers["town"].Text != e.foreign.mark {
		t.Errorf("the response of the other programme is %v, %v", r, err)
	}
	if after := e.watch.holding(t, words...); !slices.Equal(before, after) {
		t.Errorf("the other programme is not what it was: %s", firstDifference(before, after))
	}
}
