package app_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// checkHTML fails if a page is not well formed, has a control without a label, an
// id twice, a reference to no id, a style attribute, or an address elsewhere.
func checkHTML(tb testing.TB, g page) {
	tb.Helper()
	checkNesting(tb, g.body)
	root, err := html.Parse(strings.NewReader(g.body))
	if err != nil {
		tb.Fatal(err)
	}
	p := &pageCheck{tb: tb, ids: map[string]bool{}, labelled: map[string]bool{}}
	p.walk(root, false, p.collect)
	p.walk(root, false, p.judge)
	first := root.FirstChild.NextSibling
	if attribute(first, "lang") == "" || attribute(first, "dir") == "" {
		tb.Error("html has no lang or no dir")
	}
}

// void are the elements without an end.
var void = map[string]bool{"meta": true, "link": true, "input": true, "path": true, "circle": true, "br": true, "img": true}

func checkNesting(tb testing.TB, body string) {
	tb.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		raw, _ := z.TagName()
		name := string(raw)
		switch {
		case kind == html.ErrorToken:
			if len(open) > 0 {
				tb.Errorf("never closed: %v", open)
			}
			return
		case kind == html.StartTagToken && !void[name]:
			open = append(open, name)
		case kind == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != name {
				tb.Fatalf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

type pageCheck struct {
	tb            testing.TB
	ids, labelled map[string]bool
}

func (p *pageCheck) walk(n *html.Node, inLabel bool, visit func(*html.Node, bool)) {
	inLabel = inLabel || n.Data == "label"
	if n.Type == html.ElementNode {
		visit(n, inLabel)
	}
	for c := range n.ChildNodes() {
		p.walk(c, inLabel, visit)
	}
}

func (p *pageCheck) collect(n *html.Node, _ bool) {
	if id := attribute(n, "id"); id != "" {
		if p.ids[id] {
			p.tb.Errorf("id %q is there twice", id)
		}
		p.ids[id] = true
	}
	if n.Data == "label" {
		p.labelled[attribute(n, "for")] = true
	}
}

func (p *pageCheck) judge(n *html.Node, inLabel bool) {
	for _, a := range n.Attr {
		p.judgeAttribute(n, a)
	}
	switch n.Data {
	case "input", "select", "textarea":
		if attribute(n, "type") != "hidden" && !inLabel && !p.labelled[attribute(n, "id")] {
			p.tb.Errorf("control %q has no label", attribute(n, "name"))
		}
	case "fieldset":
		if n.FirstChild == nil || n.FirstChild.Data != "legend" {
			p.tb.Errorf("fieldset %q does not begin with a legend", attribute(n, "class"))
		}
	}
}

func (p *pageCheck) judgeAttribute(n *html.Node, a html.Attribute) {
	switch a.Key {
	case "style", "onclick", "onload":
		p.tb.Errorf("<%s> has the attribute %s", n.Data, a.Key)
	case "aria-describedby", "aria-labelledby", "form", "for":
		for id := range strings.FieldsSeq(a.Val) {
			if !p.ids[id] {
				p.tb.Errorf("%s names %q, which is not on the page", a.Key, id)
			}
		}
	case "href", "src", "action":
		if id, ok := strings.CutPrefix(a.Val, "#"); ok && !p.ids[id] {
			p.tb.Errorf("%s leads to %q, which is not on the page", a.Key, a.Val)
		}
		help := n.Data == "a" && attribute(n, "rel") == "noreferrer" // a line of help that the team confirmed: asked for by a tap alone
		if strings.Contains(a.Val, "//") && !help {
			p.tb.Errorf("%s leads elsewhere: %q", a.Key, a.Val)
		}
	case "disabled", "required":
		p.tb.Errorf("<%s> is %s: the page says it in words", n.Data, a.Key)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestPagesAreWellFormed(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	for _, lang := range []string{"en", "ar"} {
		p := h.phone()
		pages := []page{p.get("?lang=" + lang)}
		p.post("/start", map[string][]string{"_lang": {lang}}).wants(t, 303)
		pages = append(pages, p.get(""))
		for n, part := range everything {
			rest := "/part/" + string(rune('1'+n))
			pages = append(pages, p.get(rest), p.post(rest, map[string][]string{"town": {"\xff"}, "age": {"x"}}))
			p.post(rest, part).wants(t, 303)
			pages = append(pages, p.get(rest))
		}
		pages = append(pages, p.get("/check"), p.get("/part/9"))
		p.post("/send", nil).wants(t, 303)
		pages = append(pages, p.get("/thanks"), p.send("GET", "/s/nothing?lang="+lang, nil))
		for _, g := range pages {
			if g.status == 303 {
				continue
			}
			checkHTML(t, g)
			g.lacks(t, "ZgotmplZ", "respond.", "<no value>", "%!")
			if !strings.Contains(g.body, `<html lang="`+lang) {
				t.Errorf("page is not in %s", lang)
			}
		}
	}
}

// TestAuthorsWordsAreInert puts markup into every wording an author can write.
func TestAuthorsWordsAreInert(t *testing.T) {
	t.Parallel()
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`
	raw := readTestdata(t, "everything")
	definition, err := questionnaire.ParseDefinition(raw)
	if err != nil {
		t.Fatal(err)
	}
	taint := func(text questionnaire.Text) {
		for lang := range text {
			text[lang] = evil
		}
	}
	for _, text := range []questionnaire.Text{definition.Title, definition.Intro, definition.Readers, definition.Thanks, definition.Help} {
		taint(text)
	}
	for i := range definition.Parts {
		taint(definition.Parts[i].Title)
		for _, item := range definition.Parts[i].Items {
			for _, text := range []questionnaire.Text{item.Label, item.Hint, item.Low, item.High, item.Unit} {
				taint(text)
			}
			for _, row := range item.Rows {
				taint(row.Label)
			}
			for _, choice := range item.Choices {
				taint(choice.Label)
			}
			for _, prompt := range item.Prompts {
				taint(prompt.Label)
				taint(prompt.Hint)
			}
		}
	}
	h := hallWith(t, definition, app.Config{})
	p := h.phone()
	pages := []page{p.get("")}
	p.begin()
	for n := range everything {
		rest := "/part/" + string(rune('1'+n))
		pages = append(pages, p.get(rest), p.post(rest, map[string][]string{"town": {evil}, "age": {evil}, "heard": {"else"}, "code__mother": {evil}}))
	}
	pages = append(pages, p.get("/check"))
	for _, g := range pages {
		if g.status != 303 {
			checkHTML(t, g)
			g.lacks(t, "<script>alert", "<img", "ZgotmplZ")
		}
	}
}
