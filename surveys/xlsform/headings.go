package xlsform

import (
	"slices"
	"strings"
)

// The columns that are used, by the names they have here whatever the heading
// calls them.
const (
	colType              = "type"
	colName              = "name"
	colLabel             = "label"
	colHint              = "hint"
	colGuidance          = "guidance_hint"
	colRequired          = "required"
	colRequiredMessage   = "required_message"
	colRelevant          = "relevant"
	colConstraint        = "constraint"
	colConstraintMessage = "constraint_message"
	colCalculation       = "calculation"
	colFilter            = "choice_filter"
	colAppearance        = "appearance"
	colDefault           = "default"
	colReadOnly          = "read_only"
	colParameters        = "parameters"
	colDisabled          = "disabled"
	colRepeatCount       = "repeat_count"
	colTrigger           = "trigger"
	colSaveTo            = "save_to"
	colImage             = "image"
	colBigImage          = "big-image"
	colAudio             = "audio"
	colVideo             = "video"
	colAutoplay          = "autoplay"
	colList              = "list_name"
	colSoundings         = "soundings" // what XLSForm has no column for; see extra.go
	colScore             = "soundings_score"
	colMeaning           = "soundings_meaning"
	colPicture           = "soundings_picture"
)

// vocabulary is what the headings of one sheet may be called.
type vocabulary struct {
	columns []string          // by their own name
	aliases map[string]string // other names, as heading() makes them, to own names
	spoken  []string          // columns that may be there once a language
}

var mediaColumns = []string{colImage, colBigImage, colAudio, colVideo, colAutoplay}

var surveyWords = vocabulary{
	columns: append([]string{
		colType, colName, colLabel, colHint, colGuidance, colRequired, colRequiredMessage, colRelevant,
		colConstraint, colConstraintMessage, colCalculation, colFilter, colAppearance, colDefault, colReadOnly,
		colParameters, colDisabled, colRepeatCount, colTrigger, colSaveTo, colSoundings,
	}, slices.Concat(mediaColumns, moreSoundings)...),
	aliases: map[string]string{
		"caption": colLabel, "command": colType, "tag": colName, "value": colName,
		"relevance": colRelevant, "calculate": colCalculation, "readonly": colReadOnly,
		"constraining_message": colConstraintMessage, "constraint_msg": colConstraintMessage, "jr:constraintmsg": colConstraintMessage,
		"requiredmsg": colRequiredMessage, "jr:requiredmsg": colRequiredMessage,
		"count": colRepeatCount, "jr:count": colRepeatCount, "entity_saveto": colSaveTo,
		"bind::relevant": colRelevant, "bind::relevance": colRelevant, "bind::required": colRequired,
		"bind::readonly": colReadOnly, "bind::read_only": colReadOnly, "bind::constraint": colConstraint,
		"bind::calculate": colCalculation, "bind::calculation": colCalculation,
		"bind::jr:constraintmsg": colConstraintMessage, "bind::constraint_message": colConstraintMessage,
		"bind::jr:requiredmsg": colRequiredMessage, "bind::required_message": colRequiredMessage,
		"control::appearance": colAppearance, "body::appearance": colAppearance, "control::jr:count": colRepeatCount,
		"media::image": colImage, "media::big-image": colBigImage, "media::audio": colAudio, "media::video": colVideo,
		"control::autoplay": colAutoplay, "body::autoplay": colAutoplay,
	},
	spoken: []string{colLabel, colHint, colGuidance, colRequiredMessage, colConstraintMessage, colImage, colBigImage, colAudio, colVideo},
}

var choiceWords = vocabulary{
	columns: append([]string{colList, colName, colLabel, colScore, colMeaning, colPicture}, mediaColumns...),
	aliases: map[string]string{
		"caption": colLabel, "value": colName, "media::image": colImage, "media::big-image": colBigImage,
		"media::audio": colAudio, "media::video": colVideo,
	},
	spoken: []string{colLabel, colImage, colBigImage, colAudio, colVideo},
}

// column is one heading and what it means.
type column struct {
	number  int    // of the sheet, from 1
	heading string // as written
	key     string // own name; "" if nobody knows it
	word    string // what stands after "::", the language
}

// table is a sheet with its headings read.
type table struct {
	name    string // survey, choices, settings
	columns []column
	byKey   map[string][]column // by own name
	at      map[int]column      // by number
	spelt   map[string]bool     // what filters call the columns: the heading, or the own name
	lines   []line
	gap     bool // the sheet ended at a gap, and more came after it
}

// line is one row below the headings.
type line struct {
	sheet string
	row   int
	cells map[string]string            // by own name
	words map[string]map[string]string // of columns that have languages: own name, language, text
	other map[string]string            // by heading, of columns that nobody knows
	table *table
}

// readTable reads the headings and rows of a sheet. Duplicate headings are
// reported.
func readTable(sheet *Sheet, name string, words vocabulary, report func(Notice)) *table {
	t := &table{name: name, byKey: map[string][]column{}, at: map[int]column{}, spelt: map[string]bool{}}
	if len(sheet.Rows) == 0 || sheet.Rows[0].Number != 1 {
		return t
	}
	double := slices.ContainsFunc(sheet.Rows[0].Cells, func(c Cell) bool { return strings.Contains(c.Text, "::") })
	seen := map[column]string{}
	for _, cell := range sheet.Rows[0].Cells {
		c := words.column(cell.Text, double)
		same := column{key: c.key, word: c.word}
		if c.key == "" {
			same.heading = c.heading
		}
		if other, ok := seen[same]; ok {
			report(Notice{Code: DuplicateColumn, Sheet: name, Row: 1, Column: cell.Text,
				Text: "The headings “" + other + "” and “" + cell.Text + "” mean the same column. Keep one of them."})
			continue
		}
		seen[same] = cell.Text
		c.number = cell.Column
		t.columns = append(t.columns, c)
		t.byKey[c.key] = append(t.byKey[c.key], c)
		t.at[c.number] = c
		t.spelt[c.heading] = true
		if c.key != "" && c.word == "" {
			t.spelt[c.key] = true
		}
	}
	t.fill(sheet.Rows[1:])
	return t
}

// column reads one heading. Languages are set off by "::", or by ":" where no
// heading of the sheet uses "::".
func (v vocabulary) column(heading string, double bool) column {
	separator := ":"
	if double {
		separator = "::"
	}
	parts := splitHeading(heading, separator)
	for n := min(2, len(parts)); n > 0; n-- {
		key, ok := v.own(strings.Join(parts[:n], "::"))
		rest := strings.Join(parts[n:], "::")
		if ok && (rest == "" || slices.Contains(v.spoken, key)) {
			return column{heading: heading, key: key, word: rest}
		}
	}
	return column{heading: heading}
}

// splitHeading cuts a heading at its separators; jr:constraintMsg is one word.
func splitHeading(heading, separator string) []string {
	const jr = "jr:"
	var parts []string
	for _, part := range strings.Split(heading, separator) {
		part = strings.TrimSpace(part)
		if n := len(parts); n > 0 && separator == ":" && strings.EqualFold(parts[n-1], "jr") {
			parts[n-1] = jr + part
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

func (v vocabulary) own(name string) (string, bool) {
	name = strings.Join(strings.Fields(strings.ToLower(name)), "_")
	if own, ok := v.aliases[name]; ok {
		return own, true
	}
	return name, slices.Contains(v.columns, name)
}

// fill reads the rows below the headings up to a gap of more than maxGap rows.
func (t *table) fill(rows []Row) {
	last := 1
	for _, row := range rows {
		if row.Number-last-1 > maxGap {
			t.gap = true
			return
		}
		last = row.Number
		t.lines = append(t.lines, t.line(row))
	}
}

func (t *table) line(row Row) line {
	l := emptyLine(t, row.Number)
	for _, cell := range row.Cells {
		c, ok := t.at[cell.Column]
		switch {
		case !ok:
		case c.key == "":
			l.other[c.heading] = cell.Text
		case c.word == "":
			l.cells[c.key] = cell.Text
		default:
			if l.words[c.key] == nil {
				l.words[c.key] = map[string]string{}
			}
			l.words[c.key][c.word] = cell.Text
		}
	}
	return l
}

func emptyLine(t *table, row int) line {
	return line{sheet: t.name, row: row, table: t, cells: map[string]string{}, words: map[string]map[string]string{}, other: map[string]string{}}
}

// has says whether the sheet has a column, in any language.
func (t *table) has(key string) bool { return len(t.byKey[key]) > 0 }

// languages are the words after "::", in the order of the headings.
func (t *table) languages() []string {
	var words []string
	for _, c := range t.columns {
		if c.word != "" && !slices.Contains(words, c.word) {
			words = append(words, c.word)
		}
	}
	return words
}

// heading is how the author calls a column.
func (l line) heading(key string) string {
	if columns := l.table.byKey[key]; len(columns) > 0 {
		return columns[0].heading
	}
	return key
}

// any says whether a column has text in any language.
func (l line) any(key string) bool { return l.cells[key] != "" || len(l.words[key]) > 0 }
