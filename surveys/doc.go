// Package surveys is the domain of Soundings: what a programme is, who answers
// for it, how answers are kept, and what an account may do with them. It knows
// no web framework, no database and no spreadsheet.
//
// # One answer's way
//
//	phone → page → answer → stored → paired → scored → outcome → cell
//
// The Service receives what a page posted (Submit, SavePart), gives it meaning
// through package questionnaire, and keeps it through a Store. Dataset reads it
// back, once and streamed; package outcomes turns it into a Report. Scores are
// never stored.
//
// # Words
//
// One word per thing, in code, pages, columns and addresses:
//
//	Programme      the intervention that is evaluated
//	Strand         one line of a programme's plan: one audience that answers one
//	               questionnaire by one design (pupils pre–post, teachers rating)
//	Institution    a school, nursery, college, department or organisation
//	Cohort         the people who go through a programme together
//	Workshop       one delivered session, rated by teachers; raters, workshops and
//	               the people in them are counted apart
//	Pack           the links of several cohorts, strands and waves, made at once
//	Board          who has answered, expected against received, and whom to chase
//	Wave           one point of data collection: pre, post, follow-up
//	Questionnaire  the instrument; Version, one frozen wording of it
//	Draft          what will be the next version, as far as it has come
//	Variant        the questionnaire that cohorts of one phase answer instead of
//	               the strand's own; both share items by id
//	Trial          a test link, whose answers are counted nowhere
//	Wording        one text of a questionnaire, in each of its languages
//	Notice         one thing to know about a file that is read: what, where, how to mend it
//	Preview        what was read of a file, shown before anything is kept
//	Item           one question with an id that never changes
//	Part           a screenful of items; Group, items under one heading and condition
//	Saved item     an item kept by the team for reuse
//	Medium         a recording or a picture
//	Choice         one allowed answer: code, label, score
//	Expression     what an author writes about answers: when an item is asked, what
//	               fits, what is calculated; Tree, the same as it is worked out
//	Clause         one condition of an expression in plain language
//	Relevance      the expression that says whether an item is asked
//	Constraint     the expression that an answer must make true
//	Calculation    the expression that an item's value is worked out by
//	Filter         the expression that says which choices are shown
//	Piping         an earlier answer within the words of an item
//	Path           the items one person is asked, as their answers are now
//	Aside          what was typed for an item that left the path: kept, no answer
//	Sitting        one person at one form: wave, moment, zone, link
//	Scale          items scored together into one number
//	Respondent     a person who answers: participant, trainee or teacher
//	Batch          forms on paper that are printed and keyed in together, or the
//	               responses that one import created
//	Upload         a file of answers that were collected elsewhere, kept until it is imported
//	Mapping        what the columns of such a file are, and what their values mean
//	Job            long work that any instance can do, go on with and show
//	Export         a file of results that somebody asked for, made as a job and kept for
//	               two days; Piece, a part of it as it lies in the store
//	Profile        how much of few people a file shows; Release, what one told of how many
//	Backup         everything in a store but keys and what passes, in one file; keys lie
//	               in files of their own; Snapshot, a store as it is read for one
//	Section        the documents of one kind in a backup
//	Keying         one pass over a form on paper; Second pass, another, compared with
//	               the first
//	Account        a member of staff who signs in
//	Sign-in        one browser in which an account is signed in; Known browser, one in
//	               which it was before; Turn, the place of an unknown one when many try
//	Invitation to the staff  a link, shown once, with which somebody makes an account or
//	               takes roles; Reset, one with which a new password is chosen
//	Scope          one kind of thing that an API token may do
//	Home           whose a questionnaire is; Shared, that every designer may look at it
//	Alert          a letter to a member of staff: that there is something to do, never what
//	Factor         the second thing, besides a password, that shows who signs in: codes
//	               of an app on a phone; Recovery code, one that works once instead
//	Provider       where an account signs in elsewhere: its organisation's own sign-in;
//	               Outside, who it is there; Group, what gives it roles there
//	Linkage code   what a respondent gives at each wave so that pre meets post
//	Linkage        the keyed hashes of one linkage code, apart from the response
//	Card           a linkage code that is printed and given out, with a square
//	               to scan; shown once, kept as a keyed hash
//	Run            the cards printed at once for one cohort of a strand
//	Contact        somebody who agreed to be written to; the address lies sealed,
//	               apart from the answers, and is destroyed first
//	Mailing        what a strand's contacts are written about one wave: an invitation
//	               and reminders; Step, one of them; Letter, one step to one contact
//	Personal link  a contact's own address for one wave, which pairs without a code
//	Link token     the secret in the address handed out
//	Room           one or several shared tablets on which people answer one link, one
//	               after another; Sealed, an answer that only the server can read again
//	Begun          that somebody began to answer: a count for a day, of nobody
//	Response       one respondent's answers to one version at one wave
//	Answer         the value of one variable, or why there is none
//	Reading        what a person decided after reading an open answer
//	Quote          a passage its writer allowed to be shown, approved by a person
//	Concern        words, or a choice of a scale, that may be a disclosure; looked at
//	               before anything else is decided about the answer
//	Lookout        what a programme looks out for: word lists by language, and rules about
//	               choices; Lead and Deputy, who look at what it marks
//	Help           whom to talk to, on every respondent's page
//	Approach       that somebody asked to be contacted; how to reach them lies sealed,
//	               apart from every answer, for the safeguarding lead alone
//	Statement      a page in which a programme answers for itself: accessibility,
//	               privacy, the data-protection impact assessment; Issue, one as it
//	               was published
//	Theme          what open answers are about, in the programme's own words
//	Attribution    who a quote is said to be by: a role, and a place that enough share
//	Agreement      that school or parents agreed to quotes of a cohort's children
//	Pair           the pre and the post response of one respondent
//	Ruling         what a person said about two responses: one respondent or two
//	Repeat         a response of one who answered that wave already; not counted
//	Desk           the page where pairs are looked over
//	Measure        a score or item whose change is reported
//	Expected       how many people were there: the base of a response rate
//
//	Retention      the clock by which what a programme holds is destroyed, in steps; Dry
//	               run, what a step would destroy, counted and left alone
//	Hold           that everything is kept longer than the clock says: by whom, why, until when
//	Ending         by which step of retention a kind of record goes, or why it is kept
//	Frozen         figures as they were kept before something was destroyed that they
//	               are worked out from
//	Certificate    that a step was done: what went, what was kept, when; kept for ever
//	Holdings       all that is held on a programme, in one file
//	Erasure        that all that is held on one respondent goes, at their request
//
// # What is stored
//
// Two things are stored in shapes of their own, since there are many: Response
// and Linkage. Everything else is a Record: a small JSON document with a kind,
// an id, the scope it belongs to (a programme's id or ""), at most one unique
// key and a revision; see record.go for the kinds and store.go for the rules
// that every store keeps.
package surveys
