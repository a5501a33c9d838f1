package redaction

import (
	"regexp"
	"strings"
	"unicode"
)

// pattern is one sort of words that a regular expression finds. group is what is
// taken out, 0 the whole; keep, if there is one, says no to a match.
type pattern struct {
	kind  Kind
	re    *regexp.Regexp
	group int
	keep  func(match string) bool
}

func (p pattern) find(text string) []Proposal {
	var all []Proposal
	for _, at := range p.re.FindAllStringSubmatchIndex(text, -1) {
		from, to := at[2*p.group], at[2*p.group+1]
		if from < 0 || from == to || p.keep != nil && p.keep(text[from:to]) {
			continue
		}
		all = append(all, Proposal{From: from, To: to, Kind: p.kind})
	}
	return all
}

// name is a word with a capital: Amelia-Rose, O'Dowd.
const name = `\p{Lu}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*`

const (
	street = `Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Crescent|Way|Place|Terrace|Gardens|Grove|Square|Row|Mews|Walk|Rise|Parade|Estate|Tower|Towers|Heights|Hill|Park|Wharf|Quay|Villas|Yard|Mount|Croft|Fold|Gate|Green|View|House|Buildings|Mansions`
	school = `Primary|Infants?|Juniors?|Academy|School|Nursery|Preschool|Pre-school|College|High|Grammar|Secondary|Comprehensive|Sixth Form|University|Kindergarten|Playgroup|Children['’]?s Centre|PRU`
	place  = `Hospital|Surgery|Clinic|Health Centre|Medical Centre|Community Centre|Centre|Center|Church|Chapel|Mosque|Masjid|Temple|Gurdwara|Synagogue|Library|Youth Club|Foundation|Trust|Charity|Council|Association|Hostel|Refuge|Museum|Theatre|Hall|Club|Station`
	months = `Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?`
	posts  = `(?:deputy|assistant|acting|executive|vice|associate|interim)[ -]head(?:[ -]?(?:teacher|master|mistress))?|head[ -]?(?:teacher|master|mistress)|deputy principal|principal|sen[d]?co|designated safeguarding lead|dsl|safeguarding lead|site manager|caretaker|school nurse|school cook|lollipop (?:lady|man)|chair of governors|parent governor|bursar|(?:school )?business manager|head of (?:year|department|house|sixth form|early years|maths|english|science)|family liaison officer|chief executive|director of \p{L}+|service manager|imam|vicar|rabbi|mayor|councillor`
	ages   = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|\d{1,2}`
	facts  = `cerebral palsy|down['’]?s syndrome|cystic fibrosis|muscular dystrophy|spina bifida|sickle cell|selective(?:ly)? mut\p{L}+|tourette['’]?s?(?: syndrome)?|epilep\p{L}+|leuk(?:a)?emia|cancer|chemotherapy|dialysis|transplant|wheelchair|amputee|deafblind|deaf|registered blind|hiv|schizophreni\p{L}+|bipolar|anorexi\p{L}+|bulimi\p{L}+|twins|triplets|quadruplets|adopted|adoption|foster(?:ed)? (?:child|children|carer|son|daughter|family)|fostered|asylum seekers?|refugees?|in prison|(?:his|her|my|our|their) (?:trial|court case|funeral|divorce)|custody|miscarriage|stillb\p{L}+|house fire|car crash|car accident|stabbing|murder\p{L}*|deported|evicted|transgender|trans (?:boy|girl|man|woman|child)`
)

// patterns are the rules that a regular expression can say.
var patterns = []pattern{
	{kind: KindEmail, re: regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)},
	{kind: KindEmail, re: regexp.MustCompile(`(?i)[\p{L}\p{N}._-]+\s*[({]\s*at\s*[)}]\s*[\p{L}\p{N}-]+(?:(?:\.|\s*[({]?\s*dot\s*[)}]?\s*)[\p{L}\p{N}-]+)+`)},
	{kind: KindEmail, re: regexp.MustCompile(`(?i)[\p{L}\p{N}._-]+ at [\p{L}\p{N}-]+ dot (?:com|org|net|co|uk)(?: dot uk)?`)},
	{kind: KindLink, re: regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s"'<>\x00]+`)},
	{kind: KindLink, re: regexp.MustCompile(`(?i)\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:co\.uk|org\.uk|ac\.uk|gov\.uk|sch\.uk|com|org|net|info|uk|eu|io)\b(?:/[^\s"'<>\x00]*)?`)},
	{kind: KindHandle, re: regexp.MustCompile(`(?:^|[\s(,:;])(@[\p{L}\p{N}_.]*[\p{L}\p{N}_])`), group: 1, keep: commonHandle},
	{kind: KindHandle, re: regexp.MustCompile(`(?i)\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|twitter|facebook|discord|telegram)(?: (?:is|name|account|user ?name|handle))*:? ([\p{L}\p{N}_.]*[0-9_.][\p{L}\p{N}_.]*)`), group: 1},
	{kind: KindPhone, re: regexp.MustCompile(`(?:\+|\(0|\b0)[\d\s().-]{7,}\d`), keep: fewDigits(9)},
	{kind: KindPhone, re: regexp.MustCompile(`\b\d{3,5}[ -]\d{3}[ -]\d{3,4}\b`)},
	{kind: KindNumber, re: regexp.MustCompile(`\b\d{6,}\b`)},
	{kind: KindNumber, re: regexp.MustCompile(`(?i)\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b`)}, // national insurance
	{kind: KindPostcode, re: regexp.MustCompile(`(?i)\b(?:[A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}\b`)},
	{kind: KindAddress, re: regexp.MustCompile(`(?:(?:Flat|Apartment|Apt|Unit|Block) \d+[A-Za-z]?,? +)?(?:\d{1,4}[A-Za-z]?,? +)?(?:` + name + ` +){1,3}(?:` + street + `)\b\.?`), keep: commonStreet},
	{kind: KindAddress, re: regexp.MustCompile(`(?i)\b\d{1,4}[a-z]?,? +(?:[\p{L}'’-]+ +){1,3}(?:street|road|avenue|lane|drive|close|court|crescent|terrace|gardens|grove)\b`)},
	{kind: KindAddress, re: regexp.MustCompile(`(?i)\b(?:flat|apartment|apt) +(?:number +|no\.? *)?\d+[a-z]?\b`)},
	{kind: KindSchool, re: regexp.MustCompile(`(?:(?:St|Saint)\.? +)?(?:` + name + `(?:['’]s|s['’])?,? +){1,3}(?:(?:of|the|and|C of E|CofE|CE|RC|Catholic) +)*(?:` + name + ` +){0,2}(?:` + school + `)(?: +(?:` + school + `|School|Centre))*\b`), keep: commonStart},
	{kind: KindPlace, re: regexp.MustCompile(`(?:(?:St|Saint)\.? +)?(?:` + name + `(?:['’]s|s['’])? +){1,3}(?:` + place + `)\b`), keep: commonStart},
	{kind: KindName, re: regexp.MustCompile(`\bSt\.? +` + name)},
	{kind: KindGroup, re: regexp.MustCompile(`(?i)\b(?:year|class|form|series|cohort)\s+(?:group\s+)?\d{1,2}[A-Z]?\b`)},
	{kind: KindDate, re: regexp.MustCompile(`\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b`)},
	{kind: KindDate, re: regexp.MustCompile(`\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:` + months + `)\b(?:,? \d{4})?`)},
	{kind: KindDate, re: regexp.MustCompile(`\b(?:` + months + `) \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4})?|\b(?:` + months + `),? \d{4}\b`)},
	{kind: KindDate, re: regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th) of (?:january|february|march|april|may|june|july|august|september|october|november|december)\b`)},
	{kind: KindAge, re: regexp.MustCompile(`(?i)\b(?:` + ages + `)[ -]?(?:and a half[ -])?(?:years?|yrs?|months?)[ -]olds?\b`)},
	{kind: KindAge, re: regexp.MustCompile(`(?i)\b(?:aged?|turned|just turning) (?:` + ages + `)\b`)},
	{kind: KindRole, re: regexp.MustCompile(`(?i)\b(?:only|sole|single) (?:` + posts + `)\b`)},
	{kind: KindRole, re: regexp.MustCompile(`(?i)\b(?:` + posts + `)\b`)},
	{kind: KindRole, re: regexp.MustCompile(`(?i)\b(?:the|as|was|am|i['’]?m) (?:the )?(only \p{L}+(?: \p{L}+)?) (?:in|on|from|at|of|there|here|who)\b`), group: 1, keep: commonOnly},
	{kind: KindDetail, re: regexp.MustCompile(`(?i)\b(?:` + facts + `)\b`)},
	{kind: KindName, re: regexp.MustCompile(`\b(?i:mr|mrs|ms|miss|mx|dr|prof|professor|rev|reverend|mme|mlle|monsieur|madame)\b\.? +(?:` + name + `)(?: +` + name + `)*`), keep: commonAfterTitle},
	{kind: KindName, re: regexp.MustCompile(`(?i)\b(?:mr|mrs)\b\.? +\p{L}[\p{L}'’-]+`), keep: commonAfterTitle},
	{kind: KindName, re: regexp.MustCompile(`(?:\b(?:Sir|Dame|Lady|Lord|Father|Sister|Brother|Imam|Rabbi|Pastor|Vicar|Aunt|Auntie|Aunty|Uncle|Coach|Nurse|Teacher|Ustad|Ustadh|Sheikh|Shaykh|Nana|Grandma|Grandad)|\b(?i:auntie|aunty|uncle)) +` + name + `(?: +` + name + `)*`), keep: commonAfterTitle},
	{kind: KindName, re: regexp.MustCompile(`(?i:\b(?:called|named|name is|name['’]s|names are)) +(` + name + `(?: +` + name + `)*)`), group: 1},
	{kind: KindName, re: regexp.MustCompile(`(?i:\b(?:son|daughter|child|boy|girl|baby|toddler|husband|wife|partner|brother|sister|friend|cousin|nephew|niece|grandson|granddaughter|teacher|trainer|tutor|facilitator|colleague|neighbour|our|my)),? +(` + name + `(?: +` + name + `)*)`), group: 1, keep: commonName},
}

// fewDigits refuses what has fewer digits than n.
func fewDigits(n int) func(string) bool {
	return func(match string) bool {
		digits := 0
		for _, r := range match {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		return digits < n
	}
}

// commonHandle: "@the organisers" is nobody's account.
func commonHandle(match string) bool { return common[strings.ToLower(match[1:])] }

// commonStreet: "The Way", "Our House".
func commonStreet(match string) bool {
	if strings.ContainsFunc(match, unicode.IsDigit) {
		return false
	}
	return allCommon(match)
}

// commonStart: "This School", "Our Library", "Primary School".
func commonStart(match string) bool { return allCommon(match) }

func allCommon(match string) bool {
	for word := range strings.FieldsSeq(match) {
		if !common[strings.ToLower(strings.Trim(word, ",.'’"))] {
			return false
		}
	}
	return true
}

// commonOnly: "the only thing on", "the only one who".
func commonOnly(match string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(match)) {
		switch word {
		case "thing", "things", "one", "ones", "time", "way", "problem", "part", "bit", "place", "day", "reason", "downside", "issue", "complaint", "session", "course", "point", "negative", "positive", "change", "difference", "question":
			return true
		}
	}
	return false
}

// commonAfterTitle: "dr said", "Teacher Training".
func commonAfterTitle(match string) bool {
	words := strings.Fields(match)
	return common[strings.ToLower(words[1])] && !given[strings.ToLower(words[1])]
}

// commonName: "our English", "my Year 6".
func commonName(match string) bool {
	first, _, _ := strings.Cut(match, " ")
	return common[strings.ToLower(first)] && !ambiguous[strings.ToLower(first)]
}
