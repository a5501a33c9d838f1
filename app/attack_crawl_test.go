package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"soundings/app"
)

// crawler is somebody signed in who follows every link and looks at every form.
type crawler struct {
	*desk
	pages  []crawled
	seen   map[string]bool
	within string         // how every address begins that is followed
	visits map[string]int // by route and names in the query: many pages differ in a value only
}

// crawled is one page that was opened.
type crawled struct {
	page
	address, route string
	forms          []webForm
}

// webForm is a form of a page as a browser would post it.
type webForm struct {
	method, action string
	multipart      bool
	values         url.Values // what it holds
	typed          []string   // names of what takes a text
	files          []string
}

// visitsOfAKind is how often the crawler opens pages that differ in values only.
const visitsOfAKind = 3

// crawl opens what all addresses lead to.
func crawl(d *desk, addresses ...string) *crawler {
	d.h.tb.Helper()
	return crawlWithin(d, "/", addresses...)
}

// crawlWithin opens only what begins alike.
func crawlWithin(d *desk, within string, addresses ...string) *crawler {
	d.h.tb.Helper()
	c := &crawler{desk: d, within: within, seen: map[string]bool{}, visits: map[string]int{}}
	for _, address := range addresses {
		c.visit(address)
	}
	return c
}

// routeOf is the route that answers an address, "" if none does.
func routeOf(method, address string) string {
	path, _, _ := strings.Cut(address, "?")
	parts := strings.Split(path, "/")
	for _, r := range app.RouteTable() {
		pattern := strings.Split(r.Path, "/")
		fits := r.Method == method && len(pattern) == len(parts)
		for i := 0; fits && i < len(pattern); i++ {
			fits = pattern[i] == parts[i] || strings.HasPrefix(pattern[i], ":") && parts[i] != ""
		}
		if fits {
			return r.Path
		}
	}
	return ""
}

func (c *crawler) visit(address string) {
	address, _, _ = strings.Cut(address, "#")
	at, err := url.Parse(address)
	if err != nil || at.Host != "" || at.Scheme != "" || c.seen[address] {
		return
	}
	c.seen[address] = true
	names := make([]string, 0, len(at.Query()))
	for name := range at.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	route := routeOf(http.MethodGet, address)
	kind := route + "?" + strings.Join(names, "&")
	if c.visits[kind]++; c.visits[kind] > visitsOfAKind && len(names) > 0 {
		return
	}
	g := c.send(http.MethodGet, address, nil)
	one := crawled{page: g, address: address, route: route}
	var links []string
	if strings.HasPrefix(g.header.Get("Content-Type"), "text/html") {
		one.forms, links = readPage(c.h.tb, address, g.body)
	}
	if to := g.header.Get("Location"); to != "" {
		links = append(links, to)
	}
	c.pages = append(c.pages, one)
	for _, link := range links {
		if base, err := at.Parse(link); err == nil && link != "" && !strings.HasPrefix(link, "#") && strings.HasPrefix(base.Path, c.within) && !strings.HasPrefix(base.Path, "/s/") {
			c.visit(base.String())
		}
	}
}

// readPage finds the forms of a page and the addresses that it leads to.
func readPage(tb testing.TB, address, body string) (forms []webForm, links []string) {
	tb.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "form":
			form := readForm(n, address)
			forms = append(forms, form)
			if form.method == http.MethodGet {
				links = append(links, form.action+"?"+form.values.Encode())
			}
		case n.Data == "a" || n.Data == "link":
			links = append(links, attributeOf(n, "href"))
		case n.Data == "img" || n.Data == "iframe" || n.Data == "audio" || n.Data == "source":
			links = append(links, attributeOf(n, "src"))
		}
		if events := attributeOf(n, "data-events"); events != "" {
			links = append(links, events)
		}
	}
	return forms, links
}

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func readForm(n *html.Node, address string) webForm {
	form := webForm{method: strings.ToUpper(attributeOf(n, "method")), action: attributeOf(n, "action"), values: url.Values{}}
	form.multipart = attributeOf(n, "enctype") == "multipart/form-data"
	if form.method == "" {
		form.method = http.MethodGet
	}
	if form.action == "" {
		form.action, _, _ = strings.Cut(address, "?")
	}
	for control := range n.Descendants() {
		name := attributeOf(control, "name")
		if control.Type != html.ElementNode || name == "" || has(control, "disabled") {
			continue
		}
		form.add(control, name)
	}
	return form
}

// add puts one control's value into the form.
func (f *webForm) add(n *html.Node, name string) {
	switch kind := attributeOf(n, "type"); {
	case n.Data == "textarea":
		text := ""
		for child := range n.ChildNodes() {
			text += child.Data
		}
		f.values.Add(name, text)
		f.typed = append(f.typed, name)
	case n.Data == "select":
		for option := range n.Descendants() {
			if option.Data == "option" && (has(option, "selected") || f.values.Get(name) == "" && attributeOf(option, "value") != "") {
				f.values.Set(name, attributeOf(option, "value"))
			}
		}
	case n.Data == "button" || kind == "submit":
		if f.values.Get(name) == "" {
			f.values.Set(name, attributeOf(n, "value"))
		}
	case n.Data != "input":
	case kind == "file":
		f.files = append(f.files, name)
	case kind == "checkbox":
		f.values.Add(name, attributeOf(n, "value"))
	case kind == "radio":
		if f.values.Get(name) == "" || has(n, "checked") {
			f.values.Set(name, attributeOf(n, "value"))
		}
	default:
		f.values.Add(name, attributeOf(n, "value"))
		if kind != "hidden" {
			f.typed = append(f.typed, name)
		}
	}
}

// staffAddresses are all pages of staff, with what the estate has.
func (e *estate) staffAddresses() []string {
	var all []string
	for _, r := range app.RouteTable() {
		address := e.filled(r.Path, e.own) + queries[r.Path]
		if r.Method == http.MethodGet && r.Who != "anyone" && !r.Token && !strings.Contains(address+"/", "//") {
			all = append(all, address)
		}
	}
	return all
}

// posts are the forms of all pages that change something, each of a kind once.
func (c *crawler) posts() []webForm {
	var all []webForm
	known := map[string]bool{}
	for _, one := range c.pages {
		for _, form := range one.forms {
			names := make([]string, 0, len(form.values))
			for name := range form.values {
				names = append(names, name)
			}
			slices.Sort(names)
			kind := routeOf(http.MethodPost, form.action) + " " + strings.Join(names, "&") + " " + strings.Join(form.values["do"], "&")
			if form.method == http.MethodPost && !known[kind] {
				known[kind] = true
				all = append(all, form)
			}
		}
	}
	return all
}
