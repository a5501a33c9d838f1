package app

import (
	"html/template"

	"soundings/surveys"
)

// care is what stands below every respondent's page: whom to talk to, and who answers
// for the page. Its zero value is that of a page which knows no programme.
type care struct {
	Words string // of the programme instead of ours; "": ours
	Lines []careLine
	Base  string // of the link's pages, "/s/abc"; "": there is none
	Ask   bool   // one may ask to be contacted

	Online string // in a room: that what is asked here needs network
}

// careLine is one place where somebody listens.
type careLine struct {
	Name, Lang    string // Lang: that of Name, where it is another than the page's
	Number        string
	Dial          template.URL // "tel:08001111"
	Web, WebShown string
}

// careOf is what a programme tells its respondents in a language.
func careOf(lang string, help surveys.Help) care {
	shown := care{Words: help.Words[lang]}
	for _, l := range help.Lines {
		line := careLine{Name: l.Name.In(lang, sourceLanguage), Number: l.Number, Web: l.Web, WebShown: l.WebShown()}
		if dial := l.Dial(); dial != "" {
			line.Dial = template.URL("tel:" + dial) //nolint:gosec // digits alone
		}
		if l.Name[lang] == "" && lang != sourceLanguage {
			line.Lang = sourceLanguage
		}
		shown.Lines = append(shown.Lines, line)
	}
	return shown
}

// careAt is what a visit's pages tell.
func (s *Server) careAt(v visit) care {
	shown := careOf(v.lang, v.Programme.Safeguarding.Help)
	if v.Link.Token != "" && !v.Test && !v.Paper {
		shown.Base, shown.Ask = v.path(""), s.surveys.TakesApproaches(v.Programme)
	}
	return shown
}
