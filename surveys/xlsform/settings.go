package xlsform

import (
	"slices"
	"strings"
)

// The settings that are known.
const (
	setTitle      = "form_title"
	setID         = "form_id"
	setVersion    = "version"
	setLanguage   = "default_language"
	setStyle      = "style"
	setDuplicates = "allow_choice_duplicates"
	setInstance   = "instance_name"
	setName       = "name"
	setClean      = "clean_text_values"
	setPublicKey  = "public_key"
)

var settingWords = vocabulary{
	columns: append([]string{setTitle, setID, setVersion, setLanguage, setStyle, setDuplicates, setInstance, setName, setClean, colSoundings}, moreSoundings...),
	aliases: map[string]string{"title": setTitle, "set_form_title": setTitle, "id_string": setID, "set_form_id": setID},
}

// settingTypes are settings that older forms write as rows of the survey sheet:
// the setting as the type, its value as the name.
var settingTypes = []string{
	"set form title", "form_title", "set form id", "form_id", "sms_keyword", "sms_separator", "sms_allow_media",
	"sms_date_format", "sms_datetime_format", "prefix", "delimiter", "public_key", "submission_url", "auto_send",
	"auto_delete", setDuplicates,
}

// readSettings takes the first row of settings and says what it leaves out.
func (r *reader) readSettings() {
	r.setting = emptyLine(r.settings, 2)
	if len(r.settings.lines) > 0 {
		r.setting = r.settings.lines[0]
	}
	if len(r.settings.lines) > 1 {
		r.warn(Notice{Code: SettingsExtraRows, Sheet: sheetSettings, Row: r.settings.lines[1].row,
			Text: "Only the first row of the settings counts; the rows below it were not read."})
	}
	for _, c := range r.settings.columns {
		if c.key == "" && r.setting.other[c.heading] != "" {
			r.ignoreSetting(sheetSettings, 0, c.heading)
		}
	}
}

func (r *reader) ignoreSetting(sheet string, row int, heading string) {
	text := "The setting “" + shorten(heading) + "” means nothing here and was left out."
	if key, _ := settingWords.own(heading); key == setPublicKey {
		text = "This form asks for its answers to be ENCRYPTED. Soundings does not do that: the answers will be kept as they are typed, and nobody should be told otherwise."
	}
	r.warn(Notice{Code: SettingIgnored, Sheet: sheet, Row: row, Column: heading, Text: text})
}

// settingRow takes a row of the survey sheet that is a setting.
func (r *reader) settingRow(l line) bool {
	kind := strings.ToLower(strings.Join(strings.Fields(l.cells[colType]), " "))
	if !slices.Contains(settingTypes, kind) {
		return false
	}
	r.warn(Notice{Code: SettingInSurvey, Sheet: sheetSurvey, Row: l.row, Column: l.heading(colType),
		Text: "“" + kind + "” is a setting, not a question. It belongs into the sheet settings."})
	if key, ok := settingWords.own(kind); ok {
		r.setting.cells[key] = l.cells[colName]
		return true
	}
	r.ignoreSetting(sheetSurvey, l.row, kind)
	return true
}

// readLanguages finds out the languages of all headings.
func (r *reader) readLanguages() {
	words := r.survey.languages()
	for _, word := range r.choices.languages() {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	bare, both := false, false
	for _, t := range []*table{r.survey, r.choices} {
		for _, c := range t.columns {
			if c.word != "" || !slices.Contains(surveyWords.spoken, c.key) {
				continue
			}
			bare = true
			both = both || slices.ContainsFunc(t.columns, func(o column) bool { return o.key == c.key && o.word != "" })
		}
	}
	r.tongues = readTongues(words, bare, both, r.setting.cells[setLanguage], r.headExtra.tags())
}

var (
	yesWords = []string{"yes", "true", "true()", "1"}
	noWords  = []string{"no", "false", "false()", "0"}
)

func isYes(cell string) bool { return slices.Contains(yesWords, strings.ToLower(cell)) }
func isNo(cell string) bool  { return slices.Contains(noWords, strings.ToLower(cell)) }
