package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// responseView is one response: what was answered, what looks careless, what was
// done with it, and the forms to correct it.
type responseView struct {
	staffPage
	Address  string
	Facts    []fact
	Notes    []string
	Answers  []answeredItem
	Aside    []answeredItem // off the path
	Item     *form          // to correct one answer; nil: none is chosen
	Move     *form
	LeaveOut *form // exclude or delete
	History  []changeLine
	Gone     bool // withdrawn
}

// fact is one line about a response.
type fact struct{ Label, Value string }

// answeredItem is one variable with what was answered.
type answeredItem struct {
	Label, Shown, Address string // Address leads to the form; "" where nobody is asked
	Quiet                 bool   // there is no answer
}

// changeLine is one correction in words.
type changeLine struct {
	Number                         int
	When, Who, Did, Reason, Before string
	Undo                           *form // nil: cannot be taken back
}

var actionWords = map[surveys.Action]string{
	surveys.ActionMoved: "moved it", surveys.ActionCorrected: "corrected an answer", surveys.ActionExcluded: "left it out", surveys.ActionDeleted: "deleted it",
	surveys.ActionTakenIn: "took it in", surveys.ActionVerified: "settled the second pass", surveys.ActionUndone: "took a change back",
}

// theResponse reads what the address names, and the page that shows it.
func (s *Server) theResponse(c *fiber.Ctx) (*responseView, surveys.Response, error) {
	var r surveys.Response
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return nil, r, err
	}
	data, err := s.surveys.Dataset(c.UserContext(), p.ID, surveys.StrandID(c.Params("strand")))
	if err != nil {
		return nil, r, err
	}
	if r, err = s.surveys.StoredResponse(c.UserContext(), p.ID, data.Strand.ID, surveys.ResponseID(c.Params("response"))); err != nil {
		return nil, r, err
	}
	page.Title = "Response " + surveys.ReceiptOf(r.ID)
	base := strandPath(p.ID, data.Strand.ID)
	page.Crumbs = append(page.Crumbs, crumb{data.Strand.Title, base, false}, crumb{"Responses", base + "/responses", false})
	view, err := s.responseView(c, page, data, r)
	return view, r, err
}

func (s *Server) responseView(c *fiber.Ctx, page staffPage, data *surveys.Dataset, r surveys.Response) (*responseView, error) {
	batches, err := s.batchNames(c.UserContext(), data)
	if err != nil {
		return nil, err
	}
	notes, err := data.QualityNotes(c.UserContext())
	if err != nil {
		return nil, err
	}
	view := &responseView{
		staffPage: page, Address: strandPath(r.Programme, r.Strand) + "/responses/" + string(r.ID),
		Facts: responseFacts(data, r, batches), Gone: r.Status == surveys.StatusWithdrawn,
	}
	for _, note := range notes.Of(&r) {
		view.Notes = append(view.Notes, noteWord(note))
	}
	if in := data.Instrument(&r); in != nil && !view.Gone {
		view.Answers, view.Aside = s.answeredItems(view.Address, in, r)
		if item, ok := in.Item(questionnaire.ItemID(c.Query("item"))); ok {
			view.Item = answerForm(view, in, item, r)
		}
	}
	view.Move, view.LeaveOut = moveForm(view, data, r), leaveOutForm(view, r)
	view.History = historyLines(view, data, r)
	return view, nil
}

// response shows one response, answers and all, and the trail is told.
func (s *Server) response(c *fiber.Ctx) error {
	view, r, err := s.theResponse(c)
	if err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), r.Programme, "response.viewed", surveys.TrailName(r.ID)); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/response", view)
}

func responseFacts(data *surveys.Dataset, r surveys.Response, batches batchNames) []fact {
	zone := data.Programme.Location()
	facts := []fact{
		{"State", statusWords[r.Status]}, {"Cohort", data.Cohorts[r.Cohort].Name}, {"Wave", waveWord(data.Strand.Design, r.Wave)},
		{"Came by", modeWords[r.Mode]}, {"Language", languageName(r.Language)}, {"Questionnaire", fmt.Sprintf("%s, version %d", r.Questionnaire, r.Version)},
		{"Sent", r.Submitted.In(zone).Format("2 Jan 2006 15:04")},
	}
	if r.Mode == surveys.ModePhone || r.Mode == surveys.ModeShared {
		facts = append(facts, fact{"Took", r.Submitted.Sub(r.Started).Round(1e9).String()})
	}
	facts = append(facts, fact{"In workbooks", r.ID.Reference()})
	if r.Batch != "" {
		facts = append(facts, fact{"Batch", batches.of(r.Batch)})
	}
	return facts
}

// answeredItems are the answers in words, and those that are set aside.
func (s *Server) answeredItems(address string, in *questionnaire.Instrument, r surveys.Response) (answers, aside []answeredItem) {
	for i := range in.Variables() {
		v := &in.Variables()[i]
		a, given := r.Answers[v.ID]
		kept, off := r.Aside[v.ID]
		line := answeredItem{Label: variableLabel(v), Shown: in.Show(v.ID, a, sourceLanguage)}
		if !isWorkedOut(v) && a.Missing != questionnaire.Withheld {
			line.Address = address + "?item=" + string(v.Item.ID) + "#item"
		}
		if line.Shown == "" {
			line.Quiet, line.Shown = true, missingWords[a.Missing]
			if !given {
				line.Shown = missingWords[questionnaire.NotReached]
			}
		}
		answers = append(answers, line)
		if off {
			aside = append(aside, answeredItem{Label: line.Label, Shown: in.Show(v.ID, kept, sourceLanguage)})
		}
	}
	return answers, aside
}

// isWorkedOut says that nobody is asked for v.
func isWorkedOut(v *questionnaire.Variable) bool {
	return v.Kind == questionnaire.KindCalculated || v.Kind == questionnaire.KindHidden
}

var missingWords = map[questionnaire.Missing]string{
	questionnaire.NotAsked: "not asked", questionnaire.NotReached: "not answered", questionnaire.Declined: "prefers not to say",
	questionnaire.DontKnow: "does not know", questionnaire.Withdrawn: "withdrawn",
	questionnaire.Withheld: "waits with the safeguarding lead",
}

// variableLabel is the question, with its row where it is one of several.
func variableLabel(v *questionnaire.Variable) string { return v.Label.In(sourceLanguage) }

// reasonField asks why.
var reasonField = field{Name: "reason", Label: "Why", Hint: "Stays with the response, for whoever looks at it later", Kind: "text", Required: true}

// correctionForm is a form that does one thing to the response shown.
func correctionForm(view *responseView, r surveys.Response, does, submit string, fields ...field) *form {
	f := newForm(view.staffPage, strings.ReplaceAll(does, "=", "-"), view.Address+"?do="+does, submit, fieldset{Fields: append(fields, reasonField)})
	f.Hidden = []button{{"revision", strconv.FormatInt(r.Revision, 10)}}
	return f
}

func moveForm(view *responseView, data *surveys.Dataset, r surveys.Response) *form {
	var cohorts, waves []choiceOption
	for _, id := range data.CohortOrder {
		cohorts = append(cohorts, choiceOption{string(id), placeOf(data, id), ""})
	}
	for _, wave := range data.Strand.Design.Waves() {
		waves = append(waves, choiceOption{string(wave), waveWord(data.Strand.Design, wave), ""})
	}
	fields := []field{{Name: "cohort", Label: "Cohort", Kind: "select", Options: cohorts, Value: string(r.Cohort)}}
	if len(waves) > 1 {
		fields = append(fields, field{Name: "wave", Label: "Wave", Kind: "select", Options: waves, Value: string(r.Wave)})
	}
	return correctionForm(view, r, "move", "Move it", fields...)
}

// placeOf names a cohort with its institution, unless the two have one name.
func placeOf(data *surveys.Dataset, id surveys.CohortID) string {
	cohort, at := data.Cohorts[id].Name, data.InstitutionOf(id).Name
	if at == "" || at == cohort {
		return cohort
	}
	return at + ", " + cohort
}

func leaveOutForm(view *responseView, r surveys.Response) *form {
	if r.Status != surveys.StatusSubmitted && r.Status != surveys.StatusHeld && r.Status != surveys.StatusExcluded {
		return nil
	}
	how := []choiceOption{{"exclude", "Leave it out, and keep it", ""}, {"delete", "Delete it: destroyed after 30 days", ""}}
	does := "Leave it out"
	if r.Status == surveys.StatusExcluded {
		does, how = "Delete it", how[1:]
	}
	return correctionForm(view, r, "leave-out", does, field{Name: "how", Label: "How", Kind: "select", Options: how})
}

// historyLines are what was done, the newest last, each with a way back if there is one.
func historyLines(view *responseView, data *surveys.Dataset, r surveys.Response) []changeLine {
	undone := map[int]bool{}
	for _, change := range r.History {
		undone[change.Undoes] = true
	}
	var lines []changeLine
	for i, change := range r.History {
		line := changeLine{
			Number: i + 1, When: change.At.In(data.Programme.Location()).Format("2 Jan 2006 15:04"), Who: change.Name,
			Did: actionWords[change.Action], Reason: change.Reason, Before: differenceWords(data, change),
		}
		if change.Undoes > 0 {
			line.Did += fmt.Sprintf(" (number %d)", change.Undoes)
		}
		if change.Action != surveys.ActionUndone && !undone[i+1] {
			line.Undo = correctionForm(view, r, fmt.Sprintf("undo-%d", i+1), "Take it back")
			line.Undo.Action = fmt.Sprintf("%s?do=undo&number=%d", view.Address, i+1)
		}
		lines = append(lines, line)
	}
	return lines
}

// differenceWords say what a change changed: from what to what.
func differenceWords(data *surveys.Dataset, c surveys.Change) string {
	var words []string
	add := func(was, is string) {
		if was != is {
			words = append(words, was+" → "+is)
		}
	}
	add(data.Cohorts[c.Was.Cohort].Name, data.Cohorts[c.Is.Cohort].Name)
	add(waveWord(data.Strand.Design, c.Was.Wave), waveWord(data.Strand.Design, c.Is.Wave))
	add(statusWords[c.Was.Status], statusWords[c.Is.Status])
	for i := range data.Latest.Variables() {
		v := &data.Latest.Variables()[i]
		if c.Item == "" || v.Item.ID != c.Item {
			continue
		}
		add(answerWord(data.Latest, v, c.Was.Answers), answerWord(data.Latest, v, c.Is.Answers))
	}
	return strings.Join(words, "; ")
}

func answerWord(in *questionnaire.Instrument, v *questionnaire.Variable, answers questionnaire.Answers) string {
	if shown := in.Show(v.ID, answers[v.ID], sourceLanguage); shown != "" {
		return "“" + shown + "”"
	}
	return "no answer"
}

// answerForm asks for the answers to one item again, each as it is now.
func answerForm(view *responseView, in *questionnaire.Instrument, item *questionnaire.Item, r surveys.Response) *form {
	typed := r.Typed()
	var fields []field
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if v.Item.ID == item.ID && !isWorkedOut(v) {
			fields = append(fields, variableFields(v, typed[v.ID])...)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return correctionForm(view, r, "correct&item="+string(item.ID), "Correct the answer", fields...)
}

// variableFields are the controls of one variable as staff type it.
func variableFields(v *questionnaire.Variable, a questionnaire.Answer) []field {
	raw := v.Raw(a)
	one := field{Name: string(v.ID), Label: variableLabel(v), Kind: "text", Value: strings.Join(raw[string(v.ID)], "")}
	switch {
	case v.Kind == questionnaire.KindRanking:
		return rankFields(v, raw)
	case v.Kind == questionnaire.KindMultipleChoice:
		one.Kind, one.Values, one.Options = "checkboxes", raw[string(v.ID)], choiceOptions(v)
	case len(v.Choices) > 0:
		one.Kind, one.Options = "select", append([]choiceOption{{"", "No answer", ""}}, choiceOptions(v)...)
	case v.Kind == questionnaire.KindConsent:
		one.Kind, one.Options = "select", []choiceOption{{"", "No answer", ""}, {"yes", "Yes", ""}, {"no", "No", ""}}
	case v.Kind == questionnaire.KindLongText:
		one.Kind = "textarea"
	}
	fields := []field{one}
	if slices.ContainsFunc(v.Choices, func(c questionnaire.Choice) bool { return c.Meaning == questionnaire.MeaningOther }) {
		other := questionnaire.OtherControl(v.ID)
		fields = append(fields, field{Name: other, Label: one.Label + ": in other words", Kind: "text", Value: strings.Join(raw[other], "")})
	}
	return fields
}

func choiceOptions(v *questionnaire.Variable) []choiceOption {
	var options []choiceOption
	for _, choice := range v.Choices {
		options = append(options, choiceOption{choice.Code, choice.Label.In(sourceLanguage), ""})
	}
	return options
}

// rankFields ask for the rank of each thing.
func rankFields(v *questionnaire.Variable, raw questionnaire.Raw) []field {
	ranks := []choiceOption{{"", "Not ranked", ""}}
	for i := range v.Choices {
		ranks = append(ranks, choiceOption{strconv.Itoa(i + 1), strconv.Itoa(i + 1), ""})
	}
	var fields []field
	for i, choice := range v.Choices {
		name := questionnaire.RankControl(v.ID, i+1)
		fields = append(fields, field{Name: name, Label: choice.Label.In(sourceLanguage), Kind: "select", Options: ranks, Value: strings.Join(raw[name], "")})
	}
	return fields
}

// correctResponse does what one of the forms asks for.
func (s *Server) correctResponse(c *fiber.Ctx) error {
	view, r, err := s.theResponse(c)
	if err != nil {
		return err
	}
	form := view.formOf(c)
	if form == nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form"}
	}
	if err := s.applyCorrection(c, r); err != nil {
		status, err := s.refuse(form.fill(c), err)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/response", view)
	}
	return sees(c, view.Address)
}

// formOf is the form of the page that was sent.
func (view *responseView) formOf(c *fiber.Ctx) *form {
	switch c.Query("do") {
	case "move":
		return view.Move
	case "leave-out":
		return view.LeaveOut
	case "correct":
		return view.Item
	case "undo":
		if n := c.QueryInt("number"); n > 0 && n <= len(view.History) {
			return view.History[n-1].Undo
		}
	}
	return nil
}

func (s *Server) applyCorrection(c *fiber.Ctx, r surveys.Response) error {
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	correction := surveys.Correction{Programme: r.Programme, Strand: r.Strand, Response: r.ID, Revision: revision, Reason: typed(c, "reason")}
	ctx := c.UserContext()
	switch c.Query("do") {
	case "move":
		wave := r.Wave
		if asked := typed(c, "wave"); asked != "" {
			wave = questionnaire.Wave(asked)
		}
		_, err = s.surveys.MoveResponse(ctx, correction, surveys.CohortID(typed(c, "cohort")), wave)
	case "correct":
		_, err = s.surveys.CorrectAnswer(ctx, correction, questionnaire.ItemID(c.Query("item")), postedRaw(c))
	case "leave-out":
		leave := s.surveys.ExcludeResponse
		if typed(c, "how") == "delete" {
			leave = s.surveys.DeleteResponse
		}
		_, err = leave(ctx, correction)
	case "undo":
		_, err = s.surveys.UndoChange(ctx, correction, c.QueryInt("number"))
	}
	return err
}

// postedRaw is the whole form; the service takes the controls of one item out of it.
func postedRaw(c *fiber.Ctx) questionnaire.Raw {
	return readControls(c.Request().PostArgs(), func([]byte) bool { return true })
}
