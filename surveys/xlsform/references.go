package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"soundings/surveys/expression"
)

// wording is one text of a row that may look at answers.
type wording struct {
	key   string
	words string
}

// spokenKeys are the columns of words, and of names of pictures and recordings.
var spokenKeys = []string{colLabel, colHint, colGuidance, colRequiredMessage, colConstraintMessage, colImage, colBigImage, colAudio, colVideo}

// wordings are the texts of a line in all languages that have ${ in them.
func (l line) wordings() []wording {
	var all []wording
	for _, key := range spokenKeys {
		for _, c := range l.table.byKey[key] {
			words := l.cells[key]
			if c.word != "" {
				words = l.words[key][c.word]
			}
			if strings.Contains(words, "${") {
				all = append(all, wording{key, words})
			}
		}
	}
	return all
}

// checkReferences checks every ${name}: that there is such an answer, that it is
// one only, and that it is kept.
func (r *reader) checkReferences() {
	for _, row := range r.rows {
		if row.unused {
			continue
		}
		for _, p := range row.found {
			if p.tree != nil {
				r.checkNames(row.line, p.key, p.tree.References())
			}
		}
		for _, text := range row.wordings() {
			r.checkWords(row.line, text)
		}
		r.checkNames(row.line, colParameters, expression.Names(row.cells[colParameters]))
		r.warnOfLater(row)
	}
	for _, name := range r.listNames {
		if !r.lists[name].used {
			continue
		}
		for _, option := range r.lists[name].options {
			for _, text := range option.wordings() {
				r.checkWords(option, text)
			}
		}
	}
	if name := r.setting.cells[setInstance]; name != "" {
		r.checkWords(r.setting, wording{setInstance, name})
	}
}

var (
	anyReference  = regexp.MustCompile(`\$\{[^}]*\}?`)
	goodReference = regexp.MustCompile(`^\$\{\s*(last-saved#)?[\p{L}_][\p{L}\p{M}\p{N}_.\-:]*\s*\}$`)
)

// checkWords checks the references in a text.
func (r *reader) checkWords(l line, text wording) {
	for _, found := range anyReference.FindAllString(text.words, -1) {
		if !goodReference.MatchString(found) {
			r.refuseCell(l, BadReference, text.key, "“"+shorten(found)+"” is no reference to an answer. Write ${ and } around the name of a question, as in ${age}")
			return
		}
		if strings.Contains(found, "last-saved#") {
			r.refuseCell(l, Code(expression.CodeLastSaved), text.key, "Answers of the form sent before (last-saved) cannot be looked at here")
			return
		}
	}
	r.checkNames(l, text.key, expression.Names(text.words))
}

func (r *reader) checkNames(l line, key string, names []string) {
	for _, name := range names {
		if code, cause := r.wrongName(name); code != "" {
			r.refuseCell(l, code, key, cause)
		}
	}
}

// wrongName says why a name cannot be looked at; no code if it can.
func (r *reader) wrongName(name string) (Code, string) {
	rows := r.names[name]
	switch {
	case strings.HasPrefix(name, "last-saved#"):
		return Code(expression.CodeLastSaved), "Answers of the form sent before (last-saved) cannot be looked at here"
	case len(rows) == 0:
		return RefNotFound, "There is no question called “" + shorten(name) + "”" + r.nearName(name)
	case len(rows) > 1:
		var places []string
		for _, row := range rows[:min(len(rows), 5)] {
			places = append(places, fmt.Sprint(row.row))
		}
		return RefAmbiguous, fmt.Sprintf("“%s” is the name of several rows (%s). Give each a name of its own and say which is meant", shorten(name), strings.Join(places, ", "))
	case rows[0].role == roleDropped, rows[0].role == roleSilent, rows[0].unused:
		return RefDropped, fmt.Sprintf("“%s” in row %d is a %s, which is not kept here, so that nothing can look at it", shorten(name), rows[0].row, rows[0].rowType.name)
	case rows[0].role == roleBegin && !rows[0].battery():
		return RefNotFound, fmt.Sprintf("“%s” in row %d is a group, which has no answer. Name a question in it", shorten(name), rows[0].row)
	}
	return "", ""
}

// nearName names a question that differs only in capitals.
func (r *reader) nearName(name string) string {
	if r.lowerNames == nil {
		r.lowerNames = map[string]*row{}
		for _, row := range r.rows {
			r.lowerNames[strings.ToLower(row.name)] = row
		}
	}
	if row := r.lowerNames[strings.ToLower(name)]; row != nil {
		return fmt.Sprintf("; there is “%s” in row %d, and capitals count", shorten(row.name), row.row)
	}
	return ". Write the name as it stands in the column name"
}

// warnOfLater says when a row depends on an answer that comes after it: on pages
// without scripts it is not known yet.
func (r *reader) warnOfLater(row *row) {
	for _, p := range row.found {
		if p.key != colRelevant || p.tree == nil {
			continue
		}
		for _, name := range p.tree.References() {
			later := r.names[name]
			if len(later) == 1 && later[0].row > row.row && later[0].role == roleQuestion {
				r.warn(Notice{Code: ForwardRef, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colRelevant),
					Text: fmt.Sprintf("This row is shown depending on “%s”, which comes later, in row %d. It stays hidden until that is answered.", shorten(name), later[0].row)})
				return
			}
		}
	}
}

// circular are the columns that must not go round in a circle.
var circular = []string{colRelevant, colCalculation, colRequired, colReadOnly}

// checkCycles refuses rows that depend on themselves, perhaps by way of others.
func (r *reader) checkCycles() {
	search := &cycles{reader: r, state: map[*row]int{}}
	for _, row := range r.rows {
		search.visit(row)
	}
}

// cycles walks what rows look at, depth first.
type cycles struct {
	*reader
	state map[*row]int // 1 on the way, 2 done
	way   []*row
}

func (s *cycles) visit(row *row) {
	switch s.state[row] {
	case 2:
		return
	case 1:
		s.report(s.way[slices.Index(s.way, row):])
		return
	}
	s.state[row] = 1
	s.way = append(s.way, row)
	if row.in != nil {
		s.visit(row.in)
	}
	for _, p := range row.found {
		if p.tree == nil || row.unused || !slices.Contains(circular, p.key) {
			continue
		}
		for _, name := range p.tree.References() {
			if to := s.names[name]; len(to) == 1 {
				s.visit(to[0])
			}
		}
	}
	s.way = s.way[:len(s.way)-1]
	s.state[row] = 2
}

func (s *cycles) report(circle []*row) {
	first := slices.MinFunc(circle, func(a, b *row) int { return a.row - b.row })
	var names []string
	for _, row := range circle[:min(len(circle), 10)] {
		names = append(names, row.name)
	}
	s.refuseCell(first.line, Cycle, colName, "What these rows depend on goes round in a circle: "+strings.Join(append(names, circle[0].name), " looks at ")+". Take one of the references away")
}

// warnOfNames warns of names that several groups have. That is no fault as long
// as nobody looks at them.
func (r *reader) warnOfNames() {
	for _, row := range r.rows {
		if first := r.names[row.name]; len(first) > 1 && first[0] != row && row.name != "" {
			r.warn(Notice{Code: NameNotUnique, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colName),
				Text: fmt.Sprintf("The name “%s” is in row %d too, in another group. It is imported, but the two can be mistaken for each other.", shorten(row.name), first[0].row)})
		}
	}
}
