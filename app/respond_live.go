package app

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// scripted reports whether a page is the document of a form with logic, in which
// respond_live.js shows and hides.
func (v visit) scripted() bool { return v.doc && v.live }

// scripts are the files that a document brings besides respond.js, before it:
// they listen from its first word on.
func (v visit) scripts() []string {
	var files []string
	add := func(file string, needed bool) {
		if needed {
			files = append(files, file)
		}
	}
	add("respond_shuffle.js", v.some(func(item *questionnaire.Item) bool { return item.Shuffle }))
	add("respond_card.js", v.some(takesCard))
	add("respond_ranking.js", v.some(ofKind(questionnaire.KindRanking)))
	add("respond_logic.js", v.live)
	add("respond_logic_more.js", v.live && v.Instrument.Calls(moreFunctions...))
	add("respond_live.js", v.live)
	script := plainScript
	if len(files) > 0 || v.some(needsMore) {
		script = fullScript
	}
	add("respond_code.js", v.some(ofKind(questionnaire.KindLinkageCode))) // which needs no more than the plain one
	files = append(files, script)
	add(oneScript, v.one()) // after the script that it begins
	return files
}

// takesCard tells whether an item takes the codes of issued cards.
func takesCard(item *questionnaire.Item) bool { return item.Card }

// moreFunctions are the functions of expressions that respond_logic_more.js brings.
var moreFunctions = []string{
	"abs", "boolean-from-string", "checklist", "decimal-date-time", "decimal-time", "ends-with", "exp", "exp10", "format-date", "format-date-time", "log", "log10",
	"normalize-space", "pi", "pow", "random", "regex", "sqrt", "substr", "substring", "substring-after", "substring-before", "translate", "uuid", "weighted-checklist",
}

// needsMore tells whether an item is of a kind that only the full script knows.
func needsMore(item *questionnaire.Item) bool {
	return item.Grid || ofKind(questionnaire.KindDate, questionnaire.KindTime, questionnaire.KindDateTime)(item)
}

// pageLogic is what respond_live.js reads.
type pageLogic struct {
	questionnaire.PageLogic
	Zone    string    `json:"zone"`
	Minutes int       `json:"minutes"` // that Zone is ahead of UTC now, for browsers that do not know it
	Say     pageWords `json:"say"`
}

// pageWords are the product's own words in it.
type pageWords struct {
	And    string   `json:"and"`             // between several answers
	Colon  string   `json:"colon"`           // between "other" and its words
	Need   string   `json:"need"`            // beside a question that needs an answer
	Wrong  string   `json:"wrong"`           // of an answer that a constraint refuses
	Day    string   `json:"day,omitempty"`   // a date: {0} {1} {2} for day, month, year
	First  string   `json:"first,omitempty"` // the same on the first of a month, if it is another
	Month  string   `json:"month,omitempty"` // a month: {0} {1} for its name and the year
	Time   string   `json:"time,omitempty"`  // {0} {1} for a date and a time
	Months []string `json:"months,omitempty"`
	Names  []string `json:"names,omitempty"` // of months that stand by themselves
}

// logicOf is the logic of a form as its document carries it; "" if it has none.
func (s *Server) logicOf(v visit) (template.JS, error) {
	if !v.live {
		return "", nil
	}
	_, ahead := s.surveys.Now().In(v.Programme.Location()).Zone()
	page := pageLogic{PageLogic: v.Instrument.Logic(v.lang), Zone: v.Programme.Location().String(), Minutes: ahead / 60}
	page.Say = pageWords{
		And: questionnaire.Separator(v.lang), Colon: questionnaire.Colon(v.lang), Need: s.locales.say(v.lang, "respond.need"), Wrong: s.locales.say(v.lang, questionnaire.KeyConstraint),
	}
	if v.some(ofKind(questionnaire.KindDate, questionnaire.KindDateTime)) {
		page.Say.Day, page.Say.Month, page.Say.Time = s.locales.say(v.lang, "respond.date_day"), s.locales.say(v.lang, "respond.date_month"), s.locales.say(v.lang, "respond.date_time")
		page.Say.First = s.locales.firstOfMonth(v.lang)
		page.Say.Months, page.Say.Names = s.locales.list(v.lang, "respond.months_in_dates"), s.locales.months(v.lang)
	}
	raw, err := json.Marshal(page) // < > & are escaped: it ends no script
	if err != nil {
		return "", fmt.Errorf("writing the logic of a page: %w", err)
	}
	return template.JS(raw), nil //nolint:gosec // JSON of our own
}

// forScript adds what the script has to know of an item.
func (s *Server) forScript(v visit, item *questionnaire.Item, view *itemView) {
	view.Groups = strings.Join(v.groupsAround(item), " ")
	if item.RequiredIf != "" && !item.Required {
		view.Needs = s.needOf(v, item)
	}
	view.Linked = item.Kind == questionnaire.KindHidden && item.From == questionnaire.FromLink
}

// groupsAround are the ids of the groups that an item is in.
func (v visit) groupsAround(item *questionnaire.Item) []string {
	groups := v.Instrument.Version().Definition.Groups
	var ids []string
	for id := item.Group; id != "" && len(ids) <= len(groups); {
		ids = append(ids, string(id))
		i := slices.IndexFunc(groups, func(g questionnaire.Group) bool { return g.ID == id })
		if i < 0 {
			break
		}
		id = groups[i].In
	}
	return ids
}

// placeOf is the place of choice i for the script, if a filter may hide it.
func (v visit) placeOf(item *questionnaire.Item, i int) string {
	if item.Filter == "" || !v.scripted() {
		return ""
	}
	return strconv.Itoa(i)
}
