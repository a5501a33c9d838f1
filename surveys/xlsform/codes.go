package xlsform

// Code names a kind of notice. E_ and U_ refuse a workbook: it is wrong, or it
// is a good form that asks for what Soundings has not. W_ warns.
type Code string

// What is wrong with the file.
const (
	FileEmpty     Code = "E_FILE_EMPTY"
	FileFormat    Code = "E_FILE_FORMAT"
	FileCorrupt   Code = "E_FILE_CORRUPT"
	FileEncrypted Code = "E_FILE_ENCRYPTED"
	FileMacro     Code = "E_FILE_MACRO"
	FileXLS       Code = "E_FILE_XLS"
	FileTooLarge  Code = "E_FILE_TOO_LARGE"
)

// What is wrong with sheets and headings.
const (
	NoSurveySheet   Code = "E_NO_SURVEY_SHEET"
	NoChoicesSheet  Code = "E_NO_CHOICES_SHEET"
	MissingColumn   Code = "E_MISSING_COLUMN"
	DuplicateColumn Code = "E_DUPLICATE_COLUMN"
	NoQuestions     Code = "E_NO_QUESTIONS"
)

// What is wrong with a row.
const (
	NoType          Code = "E_NO_TYPE"
	UnknownType     Code = "E_UNKNOWN_TYPE"
	NoName          Code = "E_NO_NAME"
	BadName         Code = "E_BAD_NAME"
	DuplicateName   Code = "E_DUPLICATE_NAME"
	UnbalancedGroup Code = "E_UNBALANCED_GROUP"
	NoList          Code = "E_NO_LIST"
	ListNotFound    Code = "E_LIST_NOT_FOUND"
	ChoiceNoName    Code = "E_CHOICE_NO_NAME"
	ChoiceDuplicate Code = "E_CHOICE_DUPLICATE"
	ChoiceNameSpace Code = "E_CHOICE_NAME_SPACE"
	OrOtherFilter   Code = "E_OR_OTHER_FILTER"
	FilterColumn    Code = "E_FILTER_COLUMN"
	NoCalculation   Code = "E_NO_CALCULATION"
	BadParameters   Code = "E_BAD_PARAMETERS"
	BadCell         Code = "E_BAD_CELL" // what the cell says fits no questionnaire of Soundings
)

// What is wrong with references and expressions. Package expression has the
// other codes of expressions.
const (
	BadReference Code = "E_BAD_REFERENCE"
	RefNotFound  Code = "E_REF_NOT_FOUND"
	RefAmbiguous Code = "E_REF_AMBIGUOUS"
	RefDropped   Code = "E_REF_DROPPED"
	Cycle        Code = "E_CYCLE"
)

// Good XLSForm that Soundings does not do.
const (
	NoRepeat       Code = "U_REPEAT"
	NoExternalData Code = "U_EXTERNAL_DATA"
	NoEntities     Code = "U_ENTITIES"
	NoCascading    Code = "U_CASCADING"
	NoKobo         Code = "U_KOBO_EXTENSION"
	NoTrigger      Code = "U_TRIGGER"
)

// What was left out or may surprise.
const (
	TypeDropped        Code = "W_TYPE_DROPPED"
	MetaIgnored        Code = "W_META_IGNORED"
	CalcDropped        Code = "W_CALC_DROPPED"
	MediaIgnored       Code = "W_MEDIA_IGNORED"
	AppearanceIgnored  Code = "W_APPEARANCE_IGNORED"
	ColumnIgnored      Code = "W_COLUMN_IGNORED"
	SettingIgnored     Code = "W_SETTING_IGNORED"
	SettingsExtraRows  Code = "W_SETTINGS_EXTRA_ROWS"
	SettingInSurvey    Code = "W_SETTING_IN_SURVEY"
	TranslationMissing Code = "W_TRANSLATION_MISSING"
	NoLabel            Code = "W_NO_LABEL"
	NoLabelColumn      Code = "W_NO_LABEL_COLUMN"
	ChoiceNoLabel      Code = "W_CHOICE_NO_LABEL"
	ChoiceNoList       Code = "W_CHOICE_NO_LIST"
	NameCase           Code = "W_NAME_CASE"
	NameNotUnique      Code = "W_NAME_NOT_UNIQUE"
	ForwardRef         Code = "W_FORWARD_REF"
	RowSkipped         Code = "W_ROW_SKIPPED"
	RowsAfterGap       Code = "W_ROWS_AFTER_GAP"
)
