package exports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// variable is one variable over all versions of a questionnaire and its variants,
// joined by id.
type variable struct {
	id      questionnaire.ItemID
	name    string                  // on the codes sheet: its id, unless another column is called so
	first   *questionnaire.Variable // as it was first asked, which heads its column for good
	newest  *questionnaire.Variable
	forms   []int                  // that have it, by place in Dataset.Instruments; the one whose words count first
	byForm  []*worded              // by place in Dataset.Instruments; nil where it is not asked
	columns []questionnaire.Column // beside its own: one a choice, words of "other"
	names   []string               // of columns, on the codes sheet
	spread  tally

	labels    map[string]questionnaire.Text // of choices as they were first worded
	summaries map[questionnaire.Wave]questionnaire.Summariser
	given     given
}

// given is what the response that is being written answers to a variable.
type given struct {
	in     *worded // nil: its form does not ask
	answer questionnaire.Answer
	words  string // that may be shown of an open answer
}

// slot is one column of both Responses sheets after those about the response: of a
// variable, or one beside it.
type slot struct {
	*variable
	further int // index in columns; own: the variable's own
}

const own = -1

// column is the further column that the slot is for.
func (s slot) column() questionnaire.Column { return s.columns[s.further] }

// worded is one variable in one version, with its answers looked up beforehand:
// most answers are one of a few choices.
type worded struct {
	*questionnaire.Variable
	labels map[string]string
	codes  map[string]questionnaire.Code
}

// tally counts the answers of one column, and why the others are missing.
type tally struct {
	answered, notAsked, notReached, declined, dontKnow, withdrawn int

	illegible, ambiguous int // on paper: within notReached, and said in the note
}

func (t *tally) add(missing questionnaire.Missing) {
	switch missing {
	case questionnaire.Answered:
		t.answered++
	case questionnaire.NotAsked:
		t.notAsked++
	case questionnaire.Declined:
		t.declined++
	case questionnaire.DontKnow:
		t.dontKnow++
	case questionnaire.Withdrawn:
		t.withdrawn++
	case questionnaire.Illegible:
		t.notReached++
		t.illegible++
	case questionnaire.Ambiguous:
		t.notReached++
		t.ambiguous++
	default:
		t.notReached++
	}
}

// unusable says how many of those passed over are answers on paper that nobody can
// use; "" for none.
func (t *tally) unusable() string {
	if t.illegible+t.ambiguous == 0 {
		return ""
	}
	return fmt.Sprintf("Of those passed over, on paper: %d could not be read, %d had two boxes ticked", t.illegible, t.ambiguous)
}

// unite lists the variables of all forms, and the columns that they take, in the order
// in which versions brought them; see history.go.
func unite(d *surveys.Dataset, language string) (all []*variable, slots []slot) {
	byID := map[questionnaire.ItemID]*variable{}
	for _, n := range formsInOrder(d) {
		for i := range d.Instruments[n].Variables() {
			v := &d.Instruments[n].Variables()[i]
			u := byID[v.ID]
			if u == nil {
				u = &variable{id: v.ID, first: v, labels: map[string]questionnaire.Text{}, byForm: make([]*worded, len(d.Instruments))}
				byID[v.ID] = u
				all, slots = append(all, u), append(slots, slot{u, own})
			}
			slots = append(slots, u.grow(v)...)
		}
	}
	for _, n := range d.NewestFirst() {
		for i := range d.Instruments[n].Variables() {
			v := &d.Instruments[n].Variables()[i]
			byID[v.ID].join(n, v, language)
		}
	}
	return all, slots
}

// grow adds the columns that v has and no form before it, and returns their slots.
func (u *variable) grow(v *questionnaire.Variable) (slots []slot) {
	for _, c := range v.Choices {
		if _, known := u.labels[c.Code]; !known {
			u.labels[c.Code] = c.Label
		}
	}
	for _, c := range v.Columns() {
		if !slices.ContainsFunc(u.columns, func(known questionnaire.Column) bool { return known.Holds == c.Holds && known.Choice == c.Choice }) {
			slots = append(slots, slot{u, len(u.columns)})
			u.columns = append(u.columns, c)
		}
	}
	return slots
}

// join adds what form n has of the variable.
func (u *variable) join(n int, v *questionnaire.Variable, language string) {
	w := &worded{Variable: v, labels: map[string]string{}, codes: map[string]questionnaire.Code{}}
	for _, choice := range v.Choices {
		a := questionnaire.Answer{Choice: choice.Code}
		w.labels[choice.Code], w.codes[choice.Code] = v.Show(a, language), v.Code(a)
	}
	u.byForm[n] = w
	u.forms = append(u.forms, n)
	if u.newest == nil {
		u.newest = v
	}
}

// nameColumns gives every variable and column a name that analysis programs take
// and that is there once: one that a column about the response has gets a number.
func nameColumns(meta []metaColumn, slots []slot) {
	taken := map[string]bool{}
	for _, m := range meta {
		taken[m.name] = true
	}
	wanted := map[string]bool{}
	for _, s := range slots {
		wanted[s.id()] = true
	}
	unique := func(id string) string {
		name := id
		for n := 2; taken[name] || name != id && wanted[name]; n++ {
			name = id + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		return name
	}
	for _, s := range slots {
		if s.further == own {
			s.name = unique(s.id())
		} else {
			s.names = append(s.names, unique(s.id()))
		}
	}
}

// id is what the questionnaire calls the column.
func (s slot) id() string {
	if s.further == own {
		return string(s.variable.id)
	}
	return s.column().Name
}

// renamed says that a column is not called by its id; "" if it is.
func renamed(name, id string) string {
	if name == id {
		return ""
	}
	return "Its id is " + id + ", the name of another column"
}

// answerOf returns what r answers in a form, with the form's own variable; the
// variable is nil where the form does not ask.
func (u *variable) answerOf(form int, r *surveys.Response) (*worded, questionnaire.Answer) {
	w := u.byForm[form]
	if w == nil {
		return nil, questionnaire.Answer{Missing: questionnaire.NotAsked}
	}
	if a, ok := r.Answers[u.id]; ok {
		return w, a
	}
	if !w.AskedAt(r.Wave) {
		return w, questionnaire.Answer{Missing: questionnaire.NotAsked}
	}
	return w, questionnaire.Answer{Missing: questionnaire.NotReached}
}

// label is an answer in words, and code as analysis programs want it. Both are
// given the words that may be shown, which are not always those of a.
func (w *worded) label(a questionnaire.Answer, language string) string {
	if a.Choice != "" && a.Text == "" {
		return w.labels[a.Choice]
	}
	return w.Show(a, language)
}

func (w *worded) code(a questionnaire.Answer) questionnaire.Code {
	if a.Missing == questionnaire.Answered && a.Choice != "" {
		if code, ok := w.codes[a.Choice]; ok {
			return code
		}
	}
	return w.Code(a)
}

// choices lists the choices over all forms, the newest wording of each.
func (u *variable) choices() []questionnaire.Choice {
	all := slices.Clone(u.newest.Choices)
	for _, n := range u.forms {
		for _, c := range u.byForm[n].Choices {
			if !slices.ContainsFunc(all, func(known questionnaire.Choice) bool { return known.Code == c.Code }) {
				all = append(all, c)
			}
		}
	}
	return all
}

// heading is the question as the newest version asks it.
func (u *variable) heading(language string) string { return questionOf(u.newest, language) }

// columnHead is the question as it was first asked: the heading of its column on the
// labels sheet, which stays when a later version words it otherwise.
func (u *variable) columnHead(language string) string { return questionOf(u.first, language) }

func questionOf(v *questionnaire.Variable, language string) string {
	words := cmp.Or(wording(v.Label, language), v.Item.ReferenceName())
	switch v.Moment {
	case questionnaire.MomentThen:
		words += " (then, from memory)"
	case questionnaire.MomentNow:
		words += " (now)"
	}
	return words
}

// columnHeading is the question with the choice that a further column is about.
func (u *variable) columnHeading(c questionnaire.Column, language string) string {
	switch c.Holds {
	case questionnaire.HoldsWords:
		return u.columnHead(language) + " – other, in words"
	case questionnaire.HoldsOrder:
		return u.columnHead(language) + " – order in which the choices were shown"
	}
	if label, ok := u.labels[c.Choice]; ok {
		return u.columnHead(language) + " – " + wording(label, language)
	}
	return c.Name
}

// wording is a text in a language, else in English, else in any it has.
func wording(t questionnaire.Text, language string) string {
	if words := t.In(language, "en"); words != "" {
		return words
	}
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return t.In("", tags...)
}

// numberList is "1, 2 and 3".
func numberList(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return wordList(words)
}

// formList names forms in the order of the dataset.
func formList(d *surveys.Dataset, forms []int) string {
	forms = slices.Sorted(slices.Values(forms))
	words := make([]string, len(forms))
	for i, n := range forms {
		words[i] = d.VersionName(n)
	}
	return wordList(words)
}

// wordList is "a, b and c".
func wordList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
