package surveys

import (
	"fmt"
	"strings"
)

// Assessment proposes a data-protection impact assessment in the order of the template
// of the Information Commissioner's Office (seven steps), from what the programme is
// set up to do. What only people can know is asked for in square brackets.
func Assessment(f StatementFacts, said Statements) []StatementPart {
	var parts []StatementPart
	add := func(id, title, text string) {
		parts = append(parts, StatementPart{ID: id, Title: title, Text: strings.TrimSpace(text), Lang: "en"})
	}
	add("need", "1. The need for an assessment", f.need())
	add("nature", "2. The processing: its nature", f.nature())
	add("scope", "2. The processing: its scope", f.scope())
	add("context", "2. The processing: its context", f.context())
	add("purposes", "2. The processing: its purposes", f.purposes())
	add("consultation", "3. Consultation", "[Say whom you asked, and what came of it: schools, parents or those who answer, the safeguarding lead, the data protection officer, whoever runs the server.]")
	add("necessity", "4. Necessity and proportion", f.necessity(said))
	for _, r := range f.risks() {
		add("risk."+r.id, "5. Risk: "+r.title, r.risk+"\n"+fmt.Sprintf("Likelihood: %s. Severity: %s. Overall: %s.", r.likelihood, r.severity, r.overall))
		add("measure."+r.id, "6. Measures against it", r.measure+"\n"+fmt.Sprintf("The risk that is left: %s. Approved: [yes or no].", r.left))
	}
	add("sign", "7. Sign-off and outcomes", f.signOff(said))
	return parts
}

func (f StatementFacts) need() string {
	text := fmt.Sprintf("%s asks people what they think and how they are, to find out whether it helps. ", f.Name)
	if f.Children {
		text += "Children answer, who are owed special protection. "
	}
	return text + "Answers can be about health, wellbeing and beliefs. That is why this assessment is made before answers are collected, and looked at again whenever the way they are collected changes."
}

func (f StatementFacts) nature() string {
	lines := []string{"Answers are given on phones, shared tablets and paper, by links and squares to scan. They are kept on the programme's own server. No name, network address or kind of device is kept with them, and pages ask nothing of third parties."}
	if f.Codes {
		lines = append(lines, "Two forms of one person are put together by a code, of which only keyed hashes are kept, apart from the answers, under a key that can be destroyed.")
	}
	if f.Letters {
		lines = append(lines, "E-mail addresses of people who agreed are kept encrypted, apart from the answers, under a key that is kept apart from the data.")
	}
	if f.OpenAnswers {
		lines = append(lines, "Answers in people's own words are read by a person. What may be a disclosure is put before the safeguarding lead and shut out of every file until it is cleared.")
	}
	if f.Approaches {
		lines = append(lines, "Respondents may ask to be contacted. What they write is sealed apart from the answers, read by the safeguarding lead and the deputy alone, and destroyed 30 days after it was dealt with.")
	}
	return strings.Join(append(lines, f.kept()), "\n")
}

func (f StatementFacts) kept() string {
	if len(f.Until) == 0 {
		return "How long it is kept has not been set. [Set the programme's retention before answers are collected.]"
	}
	names := map[RetentionStep]string{StepLinkages: "what ties two forms together", StepContacts: "addresses", StepTexts: "words of people", StepAnswers: "all answers"}
	var until []string
	for _, step := range RetentionSteps() {
		if day, ok := f.Until[step]; ok {
			until = append(until, names[step]+" on "+day.Format("2 January 2006"))
		}
	}
	return "It is destroyed in steps, with a certificate of each: " + strings.Join(until, ", ") + ". Figures about many people stay."
}

func (f StatementFacts) scope() string {
	text := fmt.Sprintf("Who answers: %s, in %s and %s.", strings.Join(f.Audiences, ", "), counted(f.Cohorts, "cohort"), counted(f.Institutions, "institution"))
	if f.People > 0 {
		text += fmt.Sprintf(" The target is %d people.", f.People)
	}
	if f.From != "" || f.To != "" {
		text += fmt.Sprintf(" The funded period is from %s to %s.", orUnknown(f.From), orUnknown(f.To))
	}
	return text + " Special categories: [say which questions are about health, ethnic origin, religion or beliefs, and under which condition of article 9 they are asked]."
}

func (f StatementFacts) context() string {
	text := "Nobody has to answer, and every question can be left out. Those who answer are told beforehand who reads it, and get a receipt with which they can take their answers back without giving a name."
	if f.Children {
		text += " Children answer: the pages use plain words, ask for no name, and name places where somebody listens. Their words are quoted only if school or parents agreed too."
	}
	return text + " [Say how those who answer depend on you, as pupils or clients do, and what they can expect.]"
}

func (f StatementFacts) purposes() string {
	text := "To learn whether the programme helps, to make it better, and to account for it to its funder"
	if f.Funder != "" {
		text += " (" + f.Funder + ")"
	}
	text += ". No decision about a single person is made with it, and none is made by a program."
	if f.Purpose != "" {
		text += " The programme: " + f.Purpose
	}
	return text
}

func (f StatementFacts) necessity(said Statements) string {
	basis := map[Basis]string{BasisTask: "public task, article 6(1)(e)", BasisInterests: "legitimate interests, article 6(1)(f)", BasisConsent: "consent, article 6(1)(a)"}[said.Basis]
	if basis == "" {
		basis = "[choose it under “Who is responsible”]"
	}
	return "Lawful basis: " + basis + ". Only what is needed to see a change is asked; names are not. " +
		fmt.Sprintf("What is passed on is figures about at least %d people. ", f.SmallestGroup) +
		"The rights of those who answer: a notice on every page, withdrawal and erasure by receipt, a copy of all that is held of a programme. No data leaves the server unless somebody exports it, which is in the audit trail. [Name processors, such as whoever runs the server and the mail server, and where they are.]"
}

func (f StatementFacts) signOff(said Statements) string {
	officer := said.Officer
	if officer == "" {
		officer = "[name]"
	}
	return "Measures approved by: [name, role, date]\nRisks that are left approved by: [name, role, date; if one is high, ask the Information Commissioner before you begin]\nAdvice of the data protection officer, " + officer + ": [advice, date]\nAccepted or overruled by: [name, and why]\nThis assessment is kept under review by: [name, role, next date]"
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func orUnknown(day string) string {
	if day == "" {
		return "[day]"
	}
	return day
}
