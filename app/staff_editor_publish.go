package app

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// publishView is what publishing a draft would do, and what it needs to be told.
type publishView struct {
	staffPage
	ID, Path, Note string
	Revision       int64
	Next, Over     int
	Groups         []differenceGroup
	Questions      []comparableQuestion
	Incomplete     []incompleteLanguage
	Problems       []adviceLine
	Nothing        bool // nothing has changed
	Wrong          []wrongControl
	Problem        string
}

// comparableQuestion is a changed item or row, and whether it is still comparable.
type comparableQuestion struct {
	Name, DOM, Label, About, Becomes string
	Details                          []detailLine
	Never                            bool
	Said, Error                      string // yes, no, ""
}

// incompleteLanguage is a language with words missing.
type incompleteLanguage struct {
	Name, DOM, Title, FallsBack string
	Missing                     []string
	More                        int
	Accepted                    bool
	Error                       string
}

// differenceGroup is what changed of one sort.
type differenceGroup struct {
	Title string
	Lines []differenceLine
}

// differenceLine is one thing that changed.
type differenceLine struct {
	Label, Change string
	Details       []detailLine
}

// detailLine is one field before and after.
type detailLine struct{ Field, Before, After, Lang, Dir string }

// thingTitles are the headings of differences, in their order.
var thingTitles = []struct {
	thing questionnaire.Thing
	title string
}{
	{questionnaire.ThingWhole, "The questionnaire"}, {questionnaire.ThingPart, "Parts"}, {questionnaire.ThingGroup, "Groups"}, {questionnaire.ThingItem, "Items"},
	{questionnaire.ThingRow, "Statements"}, {questionnaire.ThingScale, "Scales"}, {questionnaire.ThingMeasure, "Measures"},
}

var changeWords = map[questionnaire.Change]string{
	questionnaire.Added: "added", questionnaire.Removed: "removed", questionnaire.Moved: "moved", questionnaire.Changed: "changed",
}

// groupsOf sorts differences for a page.
func groupsOf(all []questionnaire.Difference) []differenceGroup {
	var groups []differenceGroup
	for _, kind := range thingTitles {
		group := differenceGroup{Title: kind.title}
		for _, d := range all {
			if d.Thing == kind.thing {
				group.Lines = append(group.Lines, differenceLine{cmp.Or(cut(titleOf(d.Label), 120), string(d.ID)), changeWords[d.Change], detailsOf(d.Details)})
			}
		}
		if len(group.Lines) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func detailsOf(details []questionnaire.Detail) []detailLine {
	var lines []detailLine
	for _, d := range details {
		line := detailLine{Field: fieldInWords(d.Field), Before: d.Before, After: d.After}
		if d.Language != "" {
			line.Field += " (" + languageName(d.Language) + ")"
			line.Lang, line.Dir = d.Language, direction(d.Language)
		}
		lines = append(lines, line)
	}
	return lines
}

// fieldNames are the fields of a definition in plain words.
var fieldNames = map[string]string{
	"label": "words", "hint": "further explanation", "choices": "choices", "rows": "statements", "low": "lowest point", "high": "highest point", "min": "lowest number",
	"max": "highest number", "waves": "when it is asked", "relevant": "condition", "required": "needs an answer", "required_if": "needs an answer if", "constraint": "accepted only if",
	"score": "score", "meaning": "meaning", "order": "order", "kind": "kind", "title": "title", "part": "part", "after": "place", "quotable": "may be quoted",
	"constraint_message": "what is said of a wrong answer", "required_message": "what is said of a blank answer", "read_only": "not to be changed if",
	"calculation": "calculation", "filter": "which choices are shown", "shuffle": "order of choices", "grid": "as a table", "items": "items", "reverse": "counted the other way round",
	"min_answered": "items that need an answer", "min_change": "smallest change that matters", "top": "good answers", "top_text": "words of the good answer", "of": "what it measures",
}

// fieldInWords puts the path of a field into words: "choices.bus.score" is
// “choices, bus, score”.
func fieldInWords(field string) string {
	words := strings.Split(field, ".")
	for i, word := range words {
		words[i] = cmp.Or(fieldNames[word], strings.ReplaceAll(word, "_", " "))
	}
	return strings.Join(words, ", ")
}

// publishPage shows what publishing would do.
func (s *Server) publishPage(c *fiber.Ctx) error {
	view, err := s.publishView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/editor_publish", view)
}

func (s *Server) publishView(c *fiber.Ctx) (publishView, error) {
	changes, err := s.surveys.DraftChanges(c.UserContext(), askedID(c))
	if err != nil {
		return publishView{}, err
	}
	def := &changes.Draft.Definition
	id := changes.Draft.ID
	view := publishView{
		staffPage: s.staffPage(c, "Publish", draftCrumbs(id, def)...), ID: string(id), Path: draftPath(id) + "/publish", Revision: changes.Draft.Revision,
		Next: changes.Newest + 1, Over: changes.Newest, Groups: groupsOf(changes.Differences), Nothing: changes.Newest > 0 && len(changes.Differences) == 0,
	}
	view.Sheet, view.Script = editorCSS, editorJS
	for _, p := range changes.Problems {
		view.Problems = append(view.Problems, problemLine(id, def, p))
	}
	for _, q := range changes.Questions {
		view.Questions = append(view.Questions, comparableQuestion{
			Name: "comparable." + string(q.ID), DOM: domOf("comparable." + string(q.ID)), Label: cmp.Or(cut(titleOf(q.Label), 200), string(q.ID)), About: string(q.ID),
			Becomes: string(q.Becomes), Details: detailsOf(q.Details), Never: q.Never,
		})
	}
	for _, language := range changes.Incomplete {
		view.Incomplete = append(view.Incomplete, incompleteOf(id, def, language))
	}
	return view, nil
}

func incompleteOf(id questionnaire.ID, def *questionnaire.Definition, language surveys.Incomplete) incompleteLanguage {
	const most = 12
	one := incompleteLanguage{
		Name: "fallback." + language.Language, DOM: domOf("fallback." + language.Language), Title: languageName(language.Language), FallsBack: languageName(sourceOf(def)),
	}
	for _, where := range language.Missing {
		line := problemLine(id, def, questionnaire.Problem{Where: where})
		one.Missing = append(one.Missing, line.About)
	}
	if len(one.Missing) > most {
		one.More = len(one.Missing) - most
		one.Missing = one.Missing[:most]
	}
	return one
}

// publishDraft freezes the draft by what the page was told.
func (s *Server) publishDraft(c *fiber.Ctx) error {
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil { // no page of ours sends it
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.unreadable", Err: err}
	}
	over, err := strconv.Atoi(typed(c, "over"))
	if err != nil {
		over = 0
	}
	decisions := surveys.Decisions{Comparable: map[questionnaire.ItemID]bool{}, Fallback: map[string]bool{}, Note: clean(typed(c, "note")), Over: over}
	for name, values := range postedForm(c) {
		if id, ok := strings.CutPrefix(name, "comparable."); ok && values[0] != "" {
			decisions.Comparable[questionnaire.ItemID(id)] = values[0] == "yes"
		}
		if tag, ok := strings.CutPrefix(name, "fallback."); ok {
			decisions.Fallback[tag] = true
		}
	}
	v, refusal := s.surveys.PublishDraft(c.UserContext(), askedID(c), revision, decisions)
	if refusal == nil {
		return sees(c, questionnairePath(v.Questionnaire)+"/versions?published="+strconv.Itoa(v.Number))
	}
	return s.refusePublish(c, decisions, refusal)
}

// refusePublish shows the page again with what was decided and what was not.
func (s *Server) refusePublish(c *fiber.Ctx, decisions surveys.Decisions, refusal error) error {
	var shown *surveys.Error
	if !errors.As(refusal, &shown) || shown.Kind != surveys.KindInvalid && shown.Kind != surveys.KindConflict {
		return refusal
	}
	view, err := s.publishView(c)
	if err != nil {
		return err
	}
	view.Note = decisions.Note
	if len(shown.Fields) == 0 && len(view.Problems) == 0 {
		view.Problem = s.staffSentence(shown.Key, shown.Args...)
	}
	for i := range view.Questions {
		q := &view.Questions[i]
		if said, ok := decisions.Comparable[questionnaire.ItemID(q.About)]; ok {
			q.Said = map[bool]string{true: "yes", false: "no"}[said]
		}
		if e, ok := shown.Fields.For(q.Name); ok {
			q.Error = s.staffSentence(e.Key, e.Args...)
			view.Wrong = append(view.Wrong, wrongControl{q.DOM, q.Label + ": " + q.Error})
		}
	}
	for i := range view.Incomplete {
		one := &view.Incomplete[i]
		one.Accepted = decisions.Fallback[strings.TrimPrefix(one.Name, "fallback.")]
		if e, ok := shown.Fields.For(one.Name); ok {
			one.Error = s.staffSentence(e.Key, e.Args...)
			view.Wrong = append(view.Wrong, wrongControl{one.DOM, one.Title + ": " + one.Error})
		}
	}
	status := fiber.StatusUnprocessableEntity
	if shown.Kind == surveys.KindConflict {
		status = fiber.StatusConflict
		view.Problem = fmt.Sprintf("%s What changed is below as it is now: look at it again.", view.Problem)
	}
	return s.render(c, status, "staff/editor_publish", view)
}
