package app

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// settleView shows where two passes over one form differ.
type settleView struct {
	staffPage
	Address, Back string
	Form          surveys.PaperForm
	Who           formRow
	Rows          []settleRow
	Problem       string
}

// settleRow is one difference.
type settleRow struct {
	Item, Number, Label string
	First, Second       string
	Code                bool
	Prompts             []fieldView // to type a code again
	Took                string
	TookWords           string
	Typed               string // of neither
	Hint                string // how to type it
	Error               string
}

// settlePage shows the differences of a form.
func (s *Server) settlePage(c *fiber.Ctx) error {
	view, _, err := s.settleView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/settle", view)
}

func (s *Server) settleView(c *fiber.Ctx) (settleView, visit, error) {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return settleView{}, visit{}, err
	}
	b, inv, err := s.surveys.BatchInvitation(c.UserContext(), p.ID, c.Params("batch"))
	if err != nil {
		return settleView{}, visit{}, err
	}
	v := visit{Invitation: inv, own: s.locales, lang: b.Language}
	n, err := strconv.Atoi(c.Params("form"))
	if err != nil {
		return settleView{}, v, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found", Err: err}
	}
	form, differences, err := s.surveys.Differences(c.UserContext(), b, n)
	if err != nil {
		return settleView{}, v, err
	}
	page.Title = fmt.Sprintf("Form %d of %s", n, b.Number)
	page.Crumbs = append(page.Crumbs, crumb{"Paper", paperPath(p.ID), false}, crumb{b.Number, batchPath(b), false})
	page.Sheet, page.Script = entryCSS, paperJS
	view := settleView{staffPage: page, Address: batchPath(b) + "/forms/" + strconv.Itoa(n), Back: batchPath(b), Form: form, Who: formRowOf(p, b, form)}
	m := &paperMaker{s: s, v: v, numbers: map[questionnaire.ItemID]string{}}
	m.number()
	for _, d := range differences {
		view.Rows = append(view.Rows, s.settleRow(m, d))
	}
	return view, v, nil
}

// tookWords say what was taken of a difference.
var tookWords = map[string]string{surveys.TakeFirst: "the first pass", surveys.TakeSecond: "the second pass", surveys.TakeNeither: "neither: typed anew"}

func (s *Server) settleRow(m *paperMaker, d surveys.PaperDifference) settleRow {
	row := settleRow{Item: string(d.Item), Number: m.numbers[d.Item], Label: cut(itemWords(m.v.Instrument, d.Item), 90), Code: d.Code, Took: d.Took, TookWords: tookWords[d.Took]}
	if d.Code {
		row.First, row.Second = "another code; neither is shown", "another code; neither is shown"
		if item, ok := m.v.Instrument.Item(d.Item); ok {
			row.Prompts = s.promptsOf(visit{Invitation: m.v.Invitation, own: s.locales, lang: sourceLanguage}, item)
		}
		return row
	}
	keys := s.keysOf(m.v, d.Item)
	row.First, row.Second = answerOnPaper(m.v, d.Item, d.First, keys), answerOnPaper(m.v, d.Item, d.Second, keys)
	row.Hint = s.hintOfKind(m.v, d.Item)
	return row
}

// answerOnPaper is an answer in words, with the sign beside its box, or why there
// is none.
func answerOnPaper(v visit, id questionnaire.ItemID, a questionnaire.Answer, keys map[string]string) string {
	words := v.Instrument.Show(id, a, v.lang)
	if words == "" {
		words = missingInWords[a.Missing]
	}
	for key, code := range keys {
		if code == a.Choice && code != "" {
			return strings.TrimSpace(words + " (" + key + ")")
		}
	}
	if words == "" {
		return a.Choice
	}
	return words
}

// keysOf are the codes of a variable's choices by the signs beside their boxes.
func (s *Server) keysOf(v visit, id questionnaire.ItemID) map[string]string {
	keys := map[string]string{}
	variable, ok := v.Instrument.Variable(id)
	if !ok {
		return keys
	}
	for _, field := range s.fieldsOf(v, variable.Item) {
		if field.Name != string(id) {
			continue
		}
		for i, key := range paperKeys(field) {
			keys[key] = field.Choices[i].Value
		}
	}
	return keys
}

// hintOfKind says how an answer is typed anew.
func (s *Server) hintOfKind(v visit, id questionnaire.ItemID) string {
	variable, ok := v.Instrument.Variable(id)
	if !ok {
		return ""
	}
	var codes []string
	for _, choice := range variable.Choices {
		codes = append(codes, choice.Code)
	}
	switch variable.Kind {
	case questionnaire.KindRanking:
		return "first place first: " + strings.Join(codes, " ")
	case questionnaire.KindMultipleChoice:
		return "signs beside the boxes, with blanks between"
	case questionnaire.KindDate, questionnaire.KindDateTime:
		return strings.Join(s.inOrder(v.lang, pieceNames(variable.Item)), " ")
	case questionnaire.KindTime:
		return "0930"
	case questionnaire.KindNumber, questionnaire.KindShortText, questionnaire.KindLongText:
		return ""
	}
	return "the sign beside the box"
}

// settleForm settles all differences of a form.
func (s *Server) settleForm(c *fiber.Ctx) error {
	view, v, err := s.settleView(c)
	if err != nil {
		return err
	}
	b, err := s.surveys.Batch(c.UserContext(), programmeID(c), c.Params("batch"))
	if err != nil {
		return err
	}
	decisions := map[questionnaire.ItemID]surveys.Settlement{}
	for i := range view.Rows {
		row := &view.Rows[i]
		row.Took, row.Typed = typed(c, "take."+row.Item), typed(c, "typed."+row.Item)
		decisions[questionnaire.ItemID(row.Item)] = surveys.Settlement{Take: row.Took, Raw: s.typedAnew(c, v, *row)}
	}
	_, refusal := s.surveys.SettleForm(c.UserContext(), b, view.Form.Number, decisions)
	if refusal == nil {
		return sees(c, view.Back)
	}
	shown := refused(refusal)
	if shown == nil {
		return refusal
	}
	view.Problem = s.staffSentence(shown.Key, shown.Args...)
	for i := range view.Rows {
		for _, one := range shown.Fields {
			if string(one.Item) == view.Rows[i].Item {
				view.Rows[i].Error = s.message(visit{Invitation: v.Invitation, own: s.locales, lang: sourceLanguage}, one)
			}
		}
	}
	return s.render(c, outcomeOf[shown.Kind].status, "staff/settle", view)
}

// typedAnew are the controls of an answer that was typed because neither pass had it.
func (s *Server) typedAnew(c *fiber.Ctx, v visit, row settleRow) questionnaire.Raw {
	raw := questionnaire.Raw{}
	if row.Code {
		for _, prompt := range row.Prompts {
			raw[prompt.Name] = []string{typed(c, prompt.Name)}
		}
		return raw
	}
	id := questionnaire.ItemID(row.Item)
	text := strings.TrimSpace(row.Typed)
	variable, ok := v.Instrument.Variable(id)
	switch {
	case text == "" || !ok:
	case text == "/":
		raw[questionnaire.MarkControl(id)] = []string{string(questionnaire.Illegible)}
	case text == "*":
		raw[questionnaire.MarkControl(id)] = []string{string(questionnaire.Ambiguous)}
	case variable.Kind == questionnaire.KindMultipleChoice || variable.Kind == questionnaire.KindRanking:
		raw[string(id)] = strings.Fields(text)
	default:
		raw[string(id)] = []string{text}
	}
	keys := s.keysOf(v, id)
	for i, text := range raw[string(id)] {
		if code, ok := keys[text]; ok {
			raw[string(id)][i] = code
		}
	}
	return s.paperRaw(v, raw)
}
