package limesurvey

// The codes of refusals.
const (
	FileEmpty    = "E_FILE_EMPTY"
	FileTooLarge = "E_FILE_TOO_LARGE"
	FileFormat   = "E_FILE_FORMAT"  // no LimeSurvey structure file
	FileCorrupt  = "E_FILE_CORRUPT" // XML that cannot be read, or that is hostile
	NoQuestions  = "E_NO_QUESTIONS"
	NoLanguage   = "E_NO_LANGUAGE"
	TooMany      = "E_TOO_MANY"
	NotUsable    = "E_NOT_USABLE" // what was made of it does not pass questionnaire.Definition.Check
)

// The codes of warnings.
const (
	TypeDropped         = "W_TYPE_DROPPED"        // a kind of question that is not taken over
	RelevanceDropped    = "W_RELEVANCE_DROPPED"   // an equation that could not be put into our words
	SubRelevanceDropped = "W_SUBQUESTION_DROPPED" // a condition on one row or choice
	EquationDropped     = "W_EQUATION_DROPPED"    // a computed question
	TextEquation        = "W_TEXT_EQUATION"       // an equation within a text stands there as text
	AttributeDropped    = "W_SETTING_DROPPED"     // a setting of a question
	TableDropped        = "W_TABLE_DROPPED"       // quotas, assessments
	DefaultDropped      = "W_DEFAULT_DROPPED"
	NoLabel             = "W_NO_LABEL"         // a question or choice without words: its code stands there
	LabelShortened      = "W_LABEL_MOVED"      // words too long for a label stand in a statement before it
	TextShortened       = "W_TEXT_SHORTENED"   // words longer than anything may be
	MediaDropped        = "W_MEDIA_DROPPED"    // pictures and films within texts
	LanguageDropped     = "W_LANGUAGE_DROPPED" // a language without a usable tag
	LabelInEnglish      = "W_LABEL_ENGLISH"    // LimeSurvey's own words, in a language we have none for
	OptionalNow         = "W_SOFT_MANDATORY"   // "soft mandatory" is not required
	OtherDropped        = "W_OTHER_DROPPED"    // "other" of a kind that has none
	GroupDropped        = "W_GROUP_EMPTY"
)
