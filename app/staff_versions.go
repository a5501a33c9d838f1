package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// versionsView lists the versions of a questionnaire.
type versionsView struct {
	staffPage
	ID, Path  string
	Published string // number of the version just published
	Retired   bool
	Draft     bool
	Versions  []versionRow
	Others    []choiceOption // questionnaires to compare with
	Copy      *form
}

// versionRow is one version.
type versionRow struct {
	Number                                 int
	Published, By, Note, Languages, Before string
	Questions                              int
	Comparable                             []string
	Replaced                               []string
}

// versionList shows every version of a questionnaire.
func (s *Server) versionList(c *fiber.Ctx) error {
	view, err := s.versionsView(c)
	if err != nil {
		return err
	}
	view.Published = c.Query("published")
	return s.render(c, fiber.StatusOK, "staff/versions", view)
}

func (s *Server) versionsView(c *fiber.Ctx) (versionsView, error) {
	id := askedID(c)
	versions, err := s.surveys.Versions(c.UserContext(), id)
	if err != nil {
		return versionsView{}, err
	}
	title := cmp.Or(titleOf(versions[0].Title), string(id))
	page := s.staffPage(c, "Versions of "+title, crumb{"Questionnaires", "/questionnaires", false}, crumb{title, questionnairePath(id), false})
	view := versionsView{staffPage: page, ID: string(id), Path: questionnairePath(id)}
	view.Copy = copyForm(page, id, "")
	for i, v := range versions {
		row := versionRow{Number: v.Number, Published: v.Published.Format(time.DateOnly), By: v.By, Note: v.Note, Questions: v.Questions, Languages: languagesInWords(v.Languages)}
		if i+1 < len(versions) {
			row.Before = strconv.Itoa(versions[i+1].Number)
		}
		for _, item := range v.Comparable {
			row.Comparable = append(row.Comparable, string(item))
		}
		for from, to := range v.Replaced {
			row.Replaced = append(row.Replaced, string(from)+" is "+string(to)+" now")
		}
		slices.Sort(row.Replaced)
		view.Versions = append(view.Versions, row)
	}
	if view.Retired, err = s.surveys.Retired(c.UserContext(), id); err != nil {
		return view, err
	}
	if _, err := s.surveys.Draft(c.UserContext(), id); err == nil {
		view.Draft = true
	} else if surveys.KindOf(err) != surveys.KindNotFound {
		return view, err
	}
	view.Others, err = s.questionnaireOptions(c)
	return view, err
}

func languagesInWords(tags []string) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = languageName(tag)
	}
	return strings.Join(names, ", ")
}

func copyForm(page staffPage, id questionnaire.ID, to string) *form {
	return newForm(page, "copy", questionnairePath(id)+"/versions", "Copy", fieldset{Fields: []field{
		{Name: "to", Label: "Id of the copy", Hint: "As in " + string(id) + "_primary: small letters, digits and _. Items keep their ids, so that both can be pooled as variants.", Kind: "text", Value: to, Required: true},
	}})
}

// changeVersions retires, reinstates and copies a questionnaire.
func (s *Server) changeVersions(c *fiber.Ctx) error {
	id := askedID(c)
	switch typed(c, "do") {
	case "retire":
		if err := s.surveys.Retire(c.UserContext(), id); err != nil {
			return err
		}
		return sees(c, questionnairePath(id)+"/versions")
	case "reinstate":
		if err := s.surveys.Reinstate(c.UserContext(), id); err != nil {
			return err
		}
		return sees(c, questionnairePath(id)+"/versions")
	}
	to := strings.TrimSpace(typed(c, "to"))
	draft, refusal := s.surveys.CopyQuestionnaire(c.UserContext(), id, 0, questionnaire.ID(to))
	if refusal == nil {
		return sees(c, draftPath(draft.ID))
	}
	view, err := s.versionsView(c)
	if err != nil {
		return err
	}
	view.Copy = copyForm(view.staffPage, id, to)
	status, err := s.refuse(renamed(view.Copy), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/versions", view)
}

// renamed lets the control "to" take what is wrong with "id".
func renamed(f *form) *form {
	f.Sets[0].Fields[0].Name = "id"
	return f
}

// compareView is what two versions do not have in common.
type compareView struct {
	staffPage
	From, To string
	Groups   []differenceGroup
	Shared   int
	Frames   []compareFrame
}

// compareFrame is one of the two, to look at.
type compareFrame struct{ Title, Address string }

// compare shows the differences between two versions, of one questionnaire or of two.
func (s *Server) compare(c *fiber.Ctx) error {
	id := askedID(c)
	with := questionnaire.ID(cmp.Or(c.Query("with"), string(id)))
	before, err := s.versionAsked(c, id, c.Query("from"))
	if err != nil {
		return err
	}
	after, err := s.versionAsked(c, with, c.Query("to"))
	if err != nil {
		return err
	}
	title := cmp.Or(titleOf(before.Definition.Title), string(id))
	page := s.staffPage(c, "Compare", crumb{"Questionnaires", "/questionnaires", false}, crumb{title, questionnairePath(id), false}, crumb{"Versions", questionnairePath(id) + "/versions", false})
	view := compareView{staffPage: page, From: named(before), To: named(after), Groups: groupsOf(questionnaire.Compare(before.Definition, after.Definition))}
	view.Shared = sharedItems(&before.Definition, &after.Definition)
	for _, v := range []questionnaire.Version{before, after} {
		view.Frames = append(view.Frames, compareFrame{named(v), questionnairePath(v.Questionnaire) + "/versions/" + strconv.Itoa(v.Number) + "/preview?part=1"})
	}
	allowFrames(c)
	view.Sheet, view.Script = editorCSS, editorJS
	return s.render(c, fiber.StatusOK, "staff/compare", view)
}

// versionAsked is a version by its number in an address; blank is the newest.
func (s *Server) versionAsked(c *fiber.Ctx, id questionnaire.ID, number string) (questionnaire.Version, error) {
	n, err := strconv.Atoi(cmp.Or(number, "0"))
	if err != nil || n < 0 {
		return questionnaire.Version{}, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found", Err: err}
	}
	return s.surveys.Version(c.UserContext(), id, n)
}

func named(v questionnaire.Version) string {
	return cmp.Or(titleOf(v.Definition.Title), string(v.Questionnaire)) + ", version " + strconv.Itoa(v.Number)
}

// sharedItems counts the items that two definitions have in common by id.
func sharedItems(a, b *questionnaire.Definition) int {
	n := 0
	for i := range a.Parts {
		for j := range a.Parts[i].Items {
			if item, _, _ := findItem(b, a.Parts[i].Items[j].ID); item != nil {
				n++
			}
		}
	}
	return n
}
