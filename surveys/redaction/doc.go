// Package redaction proposes what to take out of an answer before it is quoted, and
// checks that a quote is made of the answer's words.
//
//	text := "Mr Pritchard was brilliant with our Idris at Elmhurst."
//	proposals := redaction.Propose(text, redaction.Known{Institutions: []string{"Elmhurst Primary"}})
//	redaction.Apply(text, proposals)
//	// "[name] was brilliant with our [name] at [school]."
//
// It proposes names (after titles and relations, of the programme's institutions,
// cohorts and staff, capitals within a sentence, common first names), addresses of
// every sort, numbers, dates, ages, and some rare facts. A person decides: it marks
// some words for nothing and cannot know what only neighbours know. It is worked out
// for English; in other languages with capitals it marks capitals, titles and
// numbers, in scripts without capitals only numbers, addresses and known names.
package redaction
