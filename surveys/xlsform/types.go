package xlsform

import (
	"regexp"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// role is what a row of the survey sheet is there for.
type role uint8

const (
	roleQuestion  role = iota // asked
	roleDropped               // asked by others, not kept here: a place, a photo
	roleSilent                // recorded by others without asking: dropped too
	roleNote                  // shown
	roleCalculate             // worked out
	roleHidden
	roleClock // start, end, today
	roleMeta  // about the device or its owner: always empty here
	roleBegin // of a group
	roleEnd   // of a group
	roleRefused
)

// rowType is one type as XLSForm has it.
type rowType struct {
	name  string             // as the facts call it
	role  role               //
	kind  questionnaire.Kind // of what is kept
	code  Code               // roleRefused: why
	cause string             // roleRefused: what to do instead
}

const (
	typeSelectOne      = "select_one"
	typeSelectMultiple = "select_multiple"
	typeRank           = "rank"
	typeRange          = "range"
)

var plainTypes = map[string]rowType{}

func init() {
	for _, t := range []struct {
		role  role
		kind  questionnaire.Kind
		names string // the type, then its other names
	}{
		{roleQuestion, questionnaire.KindShortText, "text|string|q string|add text prompt"},
		{roleQuestion, questionnaire.KindNumber, "integer|int|q int|add integer prompt"},
		{roleQuestion, questionnaire.KindNumber, "decimal|q decimal|add decimal prompt"},
		{roleQuestion, questionnaire.KindNumber, "percentage|q percentage"},
		{roleQuestion, questionnaire.KindDate, "date|q date|add date prompt"},
		{roleQuestion, questionnaire.KindTime, "time|q time|add time prompt"},
		{roleQuestion, questionnaire.KindDateTime, "dateTime|datetime|date time|q date time|q datetime|add date time prompt|add datetime prompt"},
		{roleQuestion, questionnaire.KindScale, "range"},
		{roleQuestion, questionnaire.KindAcknowledge, "acknowledge|trigger|q acknowledge|add acknowledge prompt"},
		{roleQuestion, questionnaire.KindShortText, "phonenumber_q|phone number|q phone number"},
		{roleDropped, "", "geopoint|gps|location|q geopoint|q location|add location prompt"},
		{roleDropped, "", "geotrace|q geotrace"},
		{roleDropped, "", "geoshape|q geoshape"},
		{roleDropped, "", "image|photo|q image|q picture|add image prompt|add photo prompt"},
		{roleDropped, "", "audio|q audio|add audio prompt"},
		{roleDropped, "", "video|q video|add video prompt"},
		{roleDropped, "", "file|q file|add file prompt"},
		{roleDropped, "", "barcode|q barcode|add barcode prompt"},
		{roleSilent, "", "start-geopoint"},
		{roleSilent, "", "background-audio"},
		{roleSilent, "", "background-geopoint"},
		{roleNote, questionnaire.KindStatement, "note|q note|add note prompt"},
		{roleCalculate, questionnaire.KindCalculated, "calculate|calculation|calculate_here|calculate here|q calculate|add calculate prompt"},
		{roleHidden, questionnaire.KindHidden, "hidden"},
		{roleClock, questionnaire.KindHidden, "start|start time|get start time"},
		{roleClock, questionnaire.KindHidden, "end|end time|get end time"},
		{roleClock, questionnaire.KindHidden, "today|get today"},
		{roleMeta, questionnaire.KindHidden, "deviceid|imei|device id|get device id"},
		{roleMeta, questionnaire.KindHidden, "username"},
		{roleMeta, questionnaire.KindHidden, "phonenumber|get phone number"},
		{roleMeta, questionnaire.KindHidden, "email"},
		{roleMeta, questionnaire.KindHidden, "simserial|sim id|get sim id"},
		{roleMeta, questionnaire.KindHidden, "subscriberid|subscriber id|get subscriber id"},
		{roleMeta, questionnaire.KindHidden, "audit"},
		{roleMeta, questionnaire.KindHidden, "caseid"},
		{roleMeta, questionnaire.KindHidden, "comments"},
		{roleMeta, questionnaire.KindHidden, "text audit"},
		{roleMeta, questionnaire.KindHidden, "audio audit"},
	} {
		names := strings.Split(t.names, "|")
		for _, name := range names {
			plainTypes[strings.ToLower(name)] = rowType{name: names[0], role: t.role, kind: t.kind}
		}
	}
}

const (
	repeatCause   = "Questions that repeat are not done here. Ask for a fixed number of times, each with its own row, or leave the block out."
	externalCause = "Choices and values out of other files are not done here. Put the choices into the sheet choices and use select_one with the name of their list."
)

// controls are what "begin" and "end" may be followed by.
var controls = map[string]rowType{
	"group":        {name: "begin_group", role: roleBegin},
	"repeat":       {name: "begin_repeat", role: roleRefused, code: NoRepeat, cause: repeatCause},
	"lgroup":       {name: "begin_repeat", role: roleRefused, code: NoRepeat, cause: repeatCause},
	"looped_group": {name: "begin_repeat", role: roleRefused, code: NoRepeat, cause: repeatCause},
	"loop":         {name: "begin_loop", role: roleRefused, code: NoRepeat, cause: repeatCause},
	"kobomatrix":   {name: "begin_kobomatrix", role: roleRefused, code: NoKobo, cause: koboCause},
	"score":        {name: "begin_score", role: roleRefused, code: NoKobo, cause: koboCause},
	"rank":         {name: "begin_rank", role: roleRefused, code: NoKobo, cause: koboCause},
}

const koboCause = "This block is known to KoboToolbox only. Write each of its rows as a select_one of its own in a group."

// selects are the words that begin a type with choices, longest first where one
// begins another.
var selects = []struct{ word, name string }{
	{"select_one_from_file", "select_external"}, {"select_multiple_from_file", "select_external"},
	{"select one from file", "select_external"}, {"select multiple from file", "select_external"},
	{"select_one_external", "select_external"}, {"select one external", "select_external"},
	{"select all that apply from", typeSelectMultiple}, {"select all that apply", typeSelectMultiple},
	{"select multiple from", typeSelectMultiple}, {"select one from", typeSelectOne},
	{"add select multiple prompt using", typeSelectMultiple}, {"add select one prompt using", typeSelectOne},
	{"select_multiple", typeSelectMultiple}, {"select multiple", typeSelectMultiple},
	{"select_one", typeSelectOne}, {"select one", typeSelectOne}, {"select1", typeSelectOne},
	{"rank", typeRank},
}

var (
	metaPrefix = regexp.MustCompile(`^(sensor_|speed violations )`)
	orOther    = regexp.MustCompile(`(?i)\s+(or[ _]other|or specify other)$`)
	fileName   = regexp.MustCompile(`(?i)\.(csv|xml|geojson)$`)
)

// typed is the type cell of a row, taken apart.
type typed struct {
	rowType
	list    string
	orOther bool
}

// parseType reads a type cell. What nobody knows has the role roleRefused.
func parseType(cell string) typed {
	words := strings.Fields(cell)
	lower := strings.ToLower(strings.Join(words, " "))
	if t, ok := plainTypes[lower]; ok {
		return typed{rowType: t}
	}
	if t, ok := parseControl(lower); ok {
		return t
	}
	if t, ok := parseSelect(strings.Join(words, " "), lower); ok {
		return t
	}
	switch {
	case metaPrefix.MatchString(lower):
		return typed{rowType: rowType{name: lower, role: roleMeta, kind: questionnaire.KindHidden}}
	case lower == "osm", strings.HasPrefix(lower, "osm "):
		return typed{rowType: rowType{name: lower, role: roleDropped}}
	case lower == "csv-external", lower == "xml-external":
		return typed{rowType: rowType{name: lower, role: roleRefused, code: NoExternalData, cause: externalCause}}
	case strings.HasPrefix(lower, "cascading_select"), strings.HasPrefix(lower, "cascading select"):
		return typed{rowType: rowType{name: lower, role: roleRefused, code: NoCascading,
			cause: "Cascading selects are an old way. Use one select_one per level, each with a choice_filter that looks at the level above."}}
	case strings.HasPrefix(lower, "select"):
		return typed{rowType: rowType{name: "select_bad", role: roleRefused, code: NoList,
			cause: "Write the name of the list of choices after the type, as in: select_one yes_no"}}
	}
	return typed{rowType: rowType{name: lower, role: roleRefused, code: UnknownType,
		cause: "There is no type “" + shorten(cell) + "”. Use one such as text, integer, select_one list, note or calculate."}}
}

// controlCell is a type that begins or ends a group. Some name a list after it.
var controlCell = regexp.MustCompile(`^(begin|end)[ _]+(group|repeat|lgroup|looped[ _]group|loop|kobomatrix|score|rank)( .*)?$`)

// parseControl reads "begin group", "begin_repeat", "end group" and the like.
func parseControl(lower string) (typed, bool) {
	match := controlCell.FindStringSubmatch(lower)
	if match == nil {
		return typed{}, false
	}
	control := controls[strings.ReplaceAll(match[2], " ", "_")]
	switch {
	case match[3] != "" && (control.name == "begin_group" || control.name == "begin_repeat"):
		return typed{}, false
	case match[1] == "begin":
		return typed{rowType: control}, true
	default:
		return typed{rowType: rowType{name: "end_" + strings.TrimPrefix(control.name, "begin_"), role: roleEnd}}, true
	}
}

// parseSelect reads a type with the name of a list.
func parseSelect(cell, lower string) (typed, bool) {
	for _, s := range selects {
		if lower != s.word && !strings.HasPrefix(lower, s.word+" ") {
			continue
		}
		t := typed{rowType: rowType{name: s.name, role: roleQuestion, kind: kindOfSelect[s.name]}}
		t.list = strings.TrimSpace(cell[min(len(s.word), len(cell)):])
		if rest := orOther.ReplaceAllString(" "+t.list, ""); rest != " "+t.list {
			t.orOther, t.list = true, strings.TrimSpace(rest)
		}
		switch {
		case s.name == "select_external", fileName.MatchString(t.list), strings.Contains(t.list, "${"):
			t.rowType = rowType{name: s.name, role: roleRefused, code: NoExternalData, cause: externalCause}
		case t.list == "":
			t.rowType = rowType{name: "select_bad", role: roleRefused, code: NoList,
				cause: "Write the name of the list of choices after the type, as in: " + s.name + " yes_no"}
		}
		return t, true
	}
	return typed{}, false
}

var kindOfSelect = map[string]questionnaire.Kind{
	typeSelectOne:      questionnaire.KindSingleChoice,
	typeSelectMultiple: questionnaire.KindMultipleChoice,
	typeRank:           questionnaire.KindRanking,
}

// knownAppearances change how a question looks here, or ask for what it looks
// like anyway.
var knownAppearances = []string{
	"field-list", "table-list", "label", "list-nolabel", "minimal", "multiline", "horizontal", "horizontal-compact",
	"likert", "numbers", "no-calendar", "year", "month-year", "quick", "hidden", "autocomplete", "columns", "columns-pack",
	"columns-flex", "no-ticks", "vertical", "picker",
}

var sizedAppearance = regexp.MustCompile(`^(w[0-9]{1,2}|columns-[0-9]{1,2})$`)

// appearances are the words of an appearance cell.
func appearances(cell string) []string { return strings.Fields(strings.ToLower(cell)) }

// strange says whether an appearance asks for something that is not done here.
func strange(cell string) bool {
	return slices.ContainsFunc(appearances(cell), func(word string) bool {
		return !slices.Contains(knownAppearances, word) && !sizedAppearance.MatchString(word)
	})
}
