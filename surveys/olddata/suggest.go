package olddata

import (
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Place is a cohort that rows may name.
type Place struct {
	ID          string
	Name        string
	Institution string // its name; "" if the cohort is at none
}

// Suggest guesses what the columns of a table are. It never guesses what two
// columns could both be: the first gets it.
func Suggest(p Profile, form *Form, waves []questionnaire.Wave, places []Place) Mapping {
	g := guesser{profile: p, form: form, waves: waves, taken: map[spot]bool{}, known: knownHeadings(form)}
	m := Mapping{HeadRow: p.HeadRow, Missing: []string{"NA", "N/A", "-99", "#N/A"}, Blanks: true}
	m.Columns = make([]Column, len(p.Columns))
	for _, round := range []func(int) Column{g.about, g.exact, g.alike} {
		for i := range m.Columns {
			if m.Columns[i].Target == TargetNone && p.Columns[i].Heading != "" {
				m.Columns[i] = g.take(round(i))
			}
		}
	}
	g.addOrders(&m)
	m.Waves, m.Cohorts = map[string]questionnaire.Wave{}, map[string]string{}
	g.guessValues(&m, places)
	if len(places) == 1 && !m.Has(TargetCohort) {
		m.Cohort = places[0].ID
	}
	if !m.Wide() && !m.Has(TargetWave) && len(waves) == 1 {
		m.Wave = waves[0]
	}
	return m
}

// GuessValues gives the values of the columns of wave and cohort the meaning that
// they seem to have, where a mapping does not say it.
func GuessValues(m *Mapping, p Profile, waves []questionnaire.Wave, places []Place) {
	g := guesser{profile: p, waves: waves}
	g.guessValues(m, places)
}

func (g *guesser) guessValues(m *Mapping, places []Place) {
	for value, wave := range g.wavesOf(m) {
		if m.Waves[value] == "" {
			m.Waves[value] = wave
		}
	}
	for value, cohort := range g.cohortsOf(m, places) {
		if m.Cohorts[value] == "" {
			m.Cohorts[value] = cohort
		}
	}
}

type guesser struct {
	profile Profile
	form    *Form
	waves   []questionnaire.Wave
	taken   map[spot]bool
	known   map[string]Target // normalised headings
}

// take keeps what a column is guessed to be, if none is that already.
func (g *guesser) take(c Column) Column {
	if c.Target == TargetNone || g.taken[c.spot()] || !g.form.Knows(c.Target) {
		return Column{}
	}
	g.taken[c.spot()] = true
	return c
}

// aboutHeadings are the usual headings of what is about the response; those of
// the workbook are among them.
var aboutHeadings = map[string]Target{
	"response id": TargetRow, "response": TargetRow, "row id": TargetRow, "submission id": TargetRow, "uuid": TargetRow, "record id": TargetRow,
	"respondent": TargetRespondent, "respondent id": TargetRespondent, "participant": TargetRespondent, "participant id": TargetRespondent, "person": TargetRespondent,
	"person ref": TargetRespondent, "person id": TargetRespondent, "pupil id": TargetRespondent, "student id": TargetRespondent, "pupil": TargetRespondent, "id": TargetRespondent,
	"code": TargetRespondent, "staff id": TargetRespondent, "respondent code": TargetRespondent, "pseudonym": TargetRespondent,
	"wave": TargetWave, "before or after": TargetWave, "time point": TargetWave, "timepoint": TargetWave, "pre or post": TargetWave, "pre post": TargetWave, "survey": TargetWave, "phase of survey": TargetWave, "time": TargetWave,
	"cohort": TargetCohort, "class": TargetCohort, "group": TargetCohort, "series": TargetCohort, "school": TargetCohort, "institution": TargetCohort, "organisation": TargetCohort, "site": TargetCohort, "setting": TargetCohort, "nursery": TargetCohort,
	"language": TargetLanguage, "language used": TargetLanguage, "lang": TargetLanguage, "locale": TargetLanguage,
	"submitted iso": TargetSubmitted, "submitted": TargetSubmitted, "date": TargetSubmitted, "date submitted": TargetSubmitted, "submission date": TargetSubmitted, "completion time": TargetSubmitted,
	"timestamp": TargetSubmitted, "completed": TargetSubmitted, "date of completion": TargetSubmitted, "date completed": TargetSubmitted, "submit date": TargetSubmitted, "end date": TargetSubmitted, "submitted with time zone": TargetSubmitted,
}

// about finds what is about the response, unless an item is called so.
func (g *guesser) about(i int) Column {
	heading := normal(g.profile.Columns[i].Heading)
	if g.known[heading] != "" {
		return Column{}
	}
	target := aboutHeadings[heading]
	if target == TargetNone {
		for prompt, item := range g.form.Prompts {
			if heading == normal(string(prompt)) || heading == normal(string(item)+" "+string(prompt)) {
				return Column{Target: CodeTarget(prompt)}
			}
		}
		rest, wave := g.wave(heading)
		if target = aboutHeadings[rest]; wave != "" && target == TargetSubmitted {
			return Column{Target: target, Wave: wave}
		}
		return Column{}
	}
	if target == TargetWave && !g.saysWaves(i) {
		return Column{}
	}
	return Column{Target: target}
}

// saysWaves says whether all values of a column are waves.
func (g *guesser) saysWaves(i int) bool {
	c := g.profile.Columns[i]
	return len(c.Distinct) > 0 && !c.Many && !slices.ContainsFunc(c.Distinct, func(value string) bool { return !g.isWave(value) })
}

func (g *guesser) isWave(value string) bool {
	wave, ok := waveWords[normal(value)]
	return ok && slices.Contains(g.waves, wave)
}

// wave takes a wave of the strand off a heading, if the strand has several.
func (g *guesser) wave(heading string) (string, questionnaire.Wave) {
	rest, wave := waveIn(heading)
	if len(g.waves) < 2 || !slices.Contains(g.waves, wave) {
		return heading, ""
	}
	return rest, wave
}

// exact finds headings that are the id, the name or the words of an item, with or
// without a wave and the number of a question.
func (g *guesser) exact(i int) Column {
	heading := normal(g.profile.Columns[i].Heading)
	if target := g.known[heading]; target != "" {
		return Column{Target: target}
	}
	rest, wave := g.wave(heading)
	for _, text := range []string{rest, withoutNumber(heading), withoutNumber(rest)} {
		if target := g.known[text]; target != "" && text != "" {
			if text == withoutNumber(heading) {
				wave = ""
			}
			return Column{Target: target, Wave: wave}
		}
		if target := g.moment(text); target != "" {
			return Column{Target: target}
		}
	}
	return Column{}
}

// moment finds the half of a then-and-now row.
func (g *guesser) moment(heading string) Target {
	rest, moment := momentIn(heading)
	if moment == "" {
		return ""
	}
	return g.known[rest+" \x00"+string(moment)]
}

// alike finds the item whose words are most like a heading, if it is like it and
// no other is as much.
func (g *guesser) alike(i int) Column {
	heading, wave := g.wave(withoutNumber(normal(g.profile.Columns[i].Heading)))
	if len(strings.Fields(heading)) < 3 {
		return Column{}
	}
	best, second, target := 0.0, 0.0, Target("")
	for words, found := range g.known {
		words, moment, _ := strings.Cut(words, " \x00")
		if _, of := found.answer(); moment != "" || of != "" {
			continue
		}
		like := likeness(heading, words)
		switch {
		case found == target:
			best = max(best, like)
		case like > best:
			best, second, target = like, best, found
		case like > second:
			second = like
		}
	}
	if best < 0.75 || best-second < 0.1 {
		return Column{}
	}
	return Column{Target: target, Wave: wave}
}

// knownHeadings are the headings by which items are found, normalised; the halves
// of a then-and-now row have a mark behind them. Ids come before words; words that
// several items have find none.
func knownHeadings(f *Form) map[string]Target {
	known, words, twice := map[string]Target{}, map[string]Target{}, map[string]bool{}
	variables := f.Instrument.Variables()
	for i := range variables {
		v := &variables[i]
		known[normal(string(v.ID))] = Target(v.ID)
		for _, w := range headingsOf(v) {
			key := w.key()
			before, ok := words[key]
			twice[key] = twice[key] || ok && before != w.target
			words[key] = w.target
		}
	}
	for i := range variables {
		for _, c := range variables[i].Columns() {
			words[normal(c.Name)] = columnTarget(&variables[i], c)
		}
	}
	for key, target := range words {
		if _, taken := known[key]; !taken && !twice[key] && key != "" {
			known[key] = target
		}
	}
	return known
}

func columnTarget(v *questionnaire.Variable, c questionnaire.Column) Target {
	switch c.Holds {
	case questionnaire.HoldsWords:
		return Target(questionnaire.OtherControl(v.ID))
	case questionnaire.HoldsOrder:
		return Target(questionnaire.OrderControl(v.ID))
	}
	return TickTarget(v.ID, c.Choice)
}

// wording is one text by which a column may be found.
type wording struct {
	text   string
	moment questionnaire.Moment
	target Target
}

func (w wording) key() string {
	key := normal(w.text)
	if w.moment != "" {
		key += " \x00" + string(w.moment)
	}
	return key
}

// headingsOf are the words by which tables may call a variable and its columns.
func headingsOf(v *questionnaire.Variable) []wording {
	var all []wording
	labels := texts(v.Label)
	for _, row := range v.Item.Rows {
		if row.ID == v.Row {
			labels = append(labels, texts(row.Label)...)
		}
	}
	names := append(labels, v.Item.ReferenceName())
	if v.Row != "" {
		names = append(labels, string(v.Row))
	}
	for _, text := range names {
		all = append(all, wording{text, v.Moment, Target(v.ID)})
	}
	if v.Moment != "" {
		return all
	}
	for _, c := range v.Columns() {
		for _, text := range names {
			for _, choice := range choiceWords(v, c) {
				all = append(all, wording{text + " – " + choice, "", columnTarget(v, c)})
			}
		}
	}
	return all
}

func choiceWords(v *questionnaire.Variable, c questionnaire.Column) []string {
	switch c.Holds {
	case questionnaire.HoldsWords:
		return []string{"other, in words", "other", "other, please say", "other: please say"}
	case questionnaire.HoldsOrder:
		return []string{"order in which the choices were shown", "order"}
	}
	choice, _ := v.Choice(c.Choice)
	return append(texts(choice.Label), c.Choice)
}

func texts(t questionnaire.Text) []string {
	all := make([]string, 0, len(t))
	for _, text := range t {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// addOrders finds out how days are written.
func (g *guesser) addOrders(m *Mapping) {
	for i := range m.Columns {
		c := &m.Columns[i]
		if g.holdsDays(c.Target) {
			c.Dates, _ = orderOf(g.profile.Columns[i].Distinct)
		}
	}
}

func (g *guesser) holdsDays(t Target) bool { return g.form.HoldsDays(t) }

// HoldsDays says whether a column holds days, which may be written in two orders.
func (f *Form) HoldsDays(t Target) bool {
	if t == TargetSubmitted {
		return true
	}
	v, ok := f.Instrument.Variable(t.Variable())
	return ok && (v.Kind == questionnaire.KindDate || v.Kind == questionnaire.KindDateTime)
}

// wavesOf says which wave the values of the wave's column are.
func (g *guesser) wavesOf(m *Mapping) map[string]questionnaire.Wave {
	waves := map[string]questionnaire.Wave{}
	for i, c := range m.Columns {
		if c.Target != TargetWave {
			continue
		}
		for _, value := range g.profile.Columns[i].Distinct {
			if g.isWave(value) {
				waves[normalValue(value)] = waveWords[normal(value)]
			}
		}
	}
	return waves
}

// cohortsOf says which cohort the values of the cohort's column are: by id, by
// name, or by the institution's name if it has one cohort only.
func (g *guesser) cohortsOf(m *Mapping, places []Place) map[string]string {
	names := map[string]string{}
	add := func(text, id string) {
		key := normalValue(text)
		if before, ok := names[key]; ok && before != id {
			id = ""
		}
		names[key] = id
	}
	for _, p := range places {
		add(p.Name, p.ID)
		if p.Institution != "" && normal(p.Institution) != normal(p.Name) {
			add(p.Institution, p.ID)
			names[normalValue(p.Institution+" "+p.Name)] = p.ID
		}
		names[normalValue(p.ID)] = p.ID
	}
	cohorts := map[string]string{}
	for i, c := range m.Columns {
		if c.Target != TargetCohort {
			continue
		}
		for _, value := range g.profile.Columns[i].Distinct {
			if id := names[normalValue(value)]; id != "" {
				cohorts[normalValue(value)] = id
			}
		}
	}
	return cohorts
}
