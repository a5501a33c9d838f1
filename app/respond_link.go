package app

import (
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"soundings/surveys/questionnaire"
)

// Hidden items from the link hold what its address says, as /s/abc?src=hall2 on
// the posters of one hall. Only the names of such items are taken.

// linkPrefix stands before a name in the form that starts without JavaScript: an
// author's names may be anything.
const linkPrefix = "link."

// linkValue is what an address says of one hidden item.
type linkValue struct{ Name, Value string }

// Control is the control that carries it to the start.
func (l linkValue) Control() string { return linkPrefix + l.Name }

// saidBy is what an address or a form says of hidden items, whose names have a
// prefix there.
func (v visit) saidBy(args *fasthttp.Args, prefix string) []linkValue {
	if !v.live || args.Len() == 0 {
		return nil
	}
	var said []linkValue
	for _, item := range v.linked() {
		for _, name := range []string{item.ReferenceName(), string(item.ID)} {
			if value := strings.TrimSpace(string(args.Peek(prefix + name))); value != "" {
				said = append(said, linkValue{name, strings.ToValidUTF8(value, "")})
				break
			}
		}
	}
	return said
}

// linked are the hidden items that are from the link.
func (v visit) linked() []*questionnaire.Item {
	var items []*questionnaire.Item
	for _, part := range v.parts() {
		for _, item := range part.ItemsAt(v.Link.Wave) {
			if item.Kind == questionnaire.KindHidden && item.From == questionnaire.FromLink {
				items = append(items, item)
			}
		}
	}
	return items
}

func linkMap(said []linkValue) map[string]string {
	values := make(map[string]string, len(said))
	for _, one := range said {
		values[one.Name] = one.Value
	}
	return values
}

// saidIn is what the hidden items of a response hold, to begin another with.
func (v visit) saidIn(answers questionnaire.Answers) []linkValue {
	var said []linkValue
	for _, item := range v.linked() {
		if text := answers[item.ID].Text; text != "" {
			said = append(said, linkValue{item.ReferenceName(), text})
		}
	}
	return said
}

// carried is the end of an address that says it again: "&src=hall2".
func carried(said []linkValue) string {
	var query strings.Builder
	for _, one := range said {
		query.WriteString("&" + url.QueryEscape(one.Name) + "=" + url.QueryEscape(one.Value))
	}
	return query.String()
}
