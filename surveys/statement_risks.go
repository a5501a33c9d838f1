package surveys

import "fmt"

// risk is one risk of a programme and what is done about it.
type risk struct {
	id, title, risk               string
	likelihood, severity, overall string
	measure, left                 string
}

// risks are those that a programme has by what it is set up to do.
func (f StatementFacts) risks() []risk {
	all := []risk{
		{"recognised", "somebody is recognised", "Few people answer in a small group, or somebody's answers are unusual, and a reader knows who it is.", "possible", "significant", "medium",
			fmt.Sprintf("Figures of fewer than %d people are not shown, nor those that a total would give away, also across files of different days. Only evaluators see single answers, and each look is in the audit trail.", f.SmallestGroup), "low"},
		{"stolen", "data is stolen or lost", "Somebody gets hold of the server, a backup, or the password of a member of staff.", "possible", "significant", "medium",
			"Accounts have roles per programme and a second factor; passwords that are known to be stolen are refused. Backups are encrypted where a key is set, and keys lie apart from the data. Answers hold no names. [Say who may use the server, and how its disks are encrypted.]", "low"},
		{"kept", "data is kept too long", "Answers stay when nobody needs them any more.", "possible", "minimal", "low", f.kept(), "low"},
	}
	if f.OpenAnswers {
		all = append(all, risk{"disclosure", "a disclosure is not seen", "Somebody writes that they or others are not safe, and nobody reads it in time.", "possible", "severe", "high", f.againstUnseen(), "medium"})
	}
	if f.Quotes {
		all = append(all, risk{"quoted", "somebody is known by their words", "A quote is published and its writer is recognised.", "possible", "significant", "medium",
			"Words are quoted only with consent, after a person has read them and taken out names and places; consent can be taken back by receipt. Children need the agreement of school or parents too.", "low"})
	}
	if f.Codes {
		all = append(all, risk{"linked", "two forms lead to a person", "Somebody who knows a person's code finds their answers.", "remote", "significant", "low",
			"Codes are kept as keyed hashes apart from the answers; nobody is shown one. The key is destroyed first, in its backups too.", "low"})
	}
	if f.Letters || f.Approaches {
		all = append(all, risk{"contacts", "addresses are disclosed", "E-mail addresses, or how to reach somebody who asked to be contacted, become known.", "remote", "significant", "medium",
			"They are encrypted under a key apart from the data, shown masked or to the safeguarding lead alone, lead to no answer, and are destroyed early.", "low"})
	}
	return all
}

func (f StatementFacts) againstUnseen() string {
	text := "Every page says that answers are not read at once"
	if f.HelpLines > 0 {
		text += " and names places where somebody listens. "
	} else {
		text += ". [No place where somebody listens is named yet: see “Help for respondents”.] "
	}
	if !f.Lead || !f.Deputy {
		return text + "[Name a safeguarding lead and a deputy.]"
	}
	return text + "What may be a disclosure is put before the safeguarding lead and the deputy, who are written to and reminded after a working day; what was done is recorded."
}
