package outcomes

import (
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// Suppressed is the reason of a figure that is left out of a summary because few
// people are behind it, or because it would give away what few people answered.
const Suppressed Reason = "suppressed"

// Report is what one strand of a programme shows: every figure with its base.
// Screen, API and workbook show the same Report, so they cannot disagree. It
// holds no answer's text and no code.
type Report struct {
	Programme  string             `json:"programme"`
	Strand     surveys.StrandID   `json:"strand"`
	Title      string             `json:"title"`
	Audience   surveys.Audience   `json:"audience"`
	People     string             `json:"people"` // what they are called in sentences: "parents"
	Places     string             `json:"places"` // what its institutions are called: "schools"
	Groups     string             `json:"groups"` // what its cohorts are called: "series"
	Design     surveys.Design     `json:"design"`
	Made       time.Time          `json:"made,omitzero"`      // Options.Made
	Demo       bool               `json:"demo"`               // made-up data
	Profile    surveys.Profile    `json:"profile"`            // Options.Profile: what is left out of small groups
	Filter     surveys.Filter     `json:"filter,omitzero"`    // Options.Filter
	Versions   []int              `json:"versions"`           // of the strand's own questionnaire that were answered
	Variants   []string           `json:"variants,omitempty"` // where there are variants, all that was answered: "primary 2"
	Smallest   int                `json:"smallest_group"`     // people; smaller groups are suppressed in summaries
	First      time.Time          `json:"first,omitzero"`     // first and last submission; published, noon of the first day of their month
	Last       time.Time          `json:"last,omitzero"`
	Responses  []WaveCount        `json:"responses"` // by wave, in the design's order
	Reach      Reach              `json:"reach"`
	Pairing    *PairingSummary    `json:"pairing,omitempty"` // paired designs only
	Measures   []MeasureResult    `json:"measures"`
	Reliable   []ScaleReliability `json:"reliability,omitempty"`
	Scales     []ScaleNote        `json:"scales,omitempty"` // how each scale is scored
	OpenAnswer OpenCounts         `json:"open_answers"`

	// Frozen is as of when the report was kept, if it is not worked out any more:
	// linkages or answers were destroyed since. Zero: it is as new as its making.
	Frozen time.Time `json:"frozen,omitzero"`

	// Withheld is Suppressed if the filter lets through too few people, or all but
	// few: there is no figure at all.
	Withheld Reason `json:"withheld,omitempty"`

	// Release is what this report tells of how many, to be kept with
	// Service.KeepRelease before anybody has it; nil in ProfileRows.
	Release *surveys.Release `json:"-"`

	kept map[surveys.ResponseID]bool // see Keeps; nil: all
}

// Slim takes out of r what only a workbook shows: who was paired with whom, response
// by response. It is as large as the data.
func (r *Report) Slim() {
	if r.Pairing == nil {
		return
	}
	pairing := *r.Pairing
	pairing.Pairs, pairing.Unmatched, pairing.RepeatIDs = nil, nil, nil
	if pairing.FollowUp != nil {
		later := *pairing.FollowUp
		later.Links, later.Unmatched, later.RepeatIDs = nil, nil, nil
		pairing.FollowUp = &later
	}
	r.Pairing = &pairing
}

// WaveCount is how many responses came in at one wave.
type WaveCount struct {
	Wave      questionnaire.Wave `json:"wave"`
	Submitted int                `json:"submitted"`
	Repeats   int                `json:"repeats"`  // sent again by the same person; not counted in results
	Expected  int                `json:"expected"` // the sum of its cohorts; 0: not said for every cohort with a response

	// Of few people in the published profile: no count. There the others are
	// rounded, without those that were sent again.
	Suppressed bool `json:"suppressed,omitempty"`
}

// Reach is who took part. Respondents, institutions and cohorts are counted apart.
// Follow-up responses add nobody: they come from people counted before.
type Reach struct {
	People             int        `json:"people"`         // at least so many: those who answered at the fuller wave
	PeopleAtMost       int        `json:"people_at_most"` // as many if no unmatched response before is of the same person as one after
	TargetPeople       int        `json:"target_people"`  // targets are the programme's: 0 where it has several strands
	Institutions       int        `json:"institutions"`   // with at least one response
	TargetInstitutions int        `json:"target_institutions"`
	Cohorts            int        `json:"cohorts"`
	Rows               []ReachRow `json:"rows"`

	Places []surveys.InstitutionID `json:"-"` // of Institutions

	Workshops *WorkshopReach `json:"workshops,omitempty"` // ratings only: People are then the raters
}

// ReachRow is one line of the reach table. Pre and Post count responses by their
// own cohort, month of submission and language, repeats set aside. The other
// counts are of people, who belong where their pre response does, or their post
// response if they have no other. An unmatched response before and one after may
// be of one person, so that People is the matched and the more numerous of the
// two sorts of unmatched, PeopleAtMost the matched and both: the rows of a
// breakdown can add up to more people than everyone. A suppressed row has its
// name, what was expected, and no count.
type ReachRow struct {
	By         string `json:"by"`   // "everyone", "cohort", "institution", "phase", "area", "quarter", "month", "language"
	Name       string `json:"name"` // quarter: "2023/24 Q4", see QuarterOf; month: "2024-03" in the programme's zone; language: its tag; everyone: ""
	Suppressed bool   `json:"suppressed,omitempty"`
	Pre        int    `json:"pre"`
	Post       int    `json:"post"`
	Matched    int    `json:"matched"` // paired designs only
	People     int    `json:"people"`
	AtMost     int    `json:"people_at_most"`
	Expected   int    `json:"expected"`            // the sum of its cohorts; 0: not said for every cohort with a response
	Workshops  int    `json:"workshops,omitempty"` // rated; ratings only, and not by month and language
	Present    int    `json:"present,omitempty"`   // people at those, each workshop once

	// Not by month and language. By quarter, cohorts count in that in which they
	// began, workshops in that of their day, people in that of their first answer.
	Cohorts      int `json:"cohorts,omitempty"`      // with an answer
	Institutions int `json:"institutions,omitempty"` // of those cohorts
	Took         int `json:"took_part,omitempty"`    // people who were there: the sum of what was said of those cohorts; 0: not said of every one
	Held         int `json:"held,omitempty"`         // workshops, rated or not; ratings only
}

// PairingSummary says who met whom.
type PairingSummary struct {
	Pre       int                  `json:"pre"` // repeats set aside
	Post      int                  `json:"post"`
	Matched   int                  `json:"matched"`
	Exact     int                  `json:"exact"`
	Near      int                  `json:"near"`
	Reviewed  int                  `json:"reviewed"`
	Repeats   int                  `json:"repeats"`
	PreOnly   int                  `json:"pre_only"`
	PostOnly  int                  `json:"post_only"`
	ForReview int                  `json:"for_review"` // candidates a person may accept
	MatchRate Estimate             `json:"match_rate"` // matched / pre, 0 to 1
	Pairs     []pairing.Pair       `json:"-"`          // sorted by pre; for the Matched pairs sheet
	Unmatched []UnmatchedResponse  `json:"-"`
	RepeatIDs []surveys.ResponseID `json:"-"` // of Repeats

	// FollowUp says which follow-up responses are of people of the first two waves;
	// nil without a third wave. Their answers are not compared with those before.
	FollowUp *FollowUpSummary `json:"follow_up,omitempty"`
}

// FollowUpSummary says whom the responses of a third wave are of.
type FollowUpSummary struct {
	Responses int                  `json:"responses"` // repeats set aside
	Matched   int                  `json:"matched"`   // of somebody who answered before
	AllThree  int                  `json:"all_three"` // of somebody who is a matched pair
	Only      int                  `json:"only"`      // of nobody known
	Repeats   int                  `json:"repeats"`
	ForReview int                  `json:"for_review"`
	Links     []pairing.Later      `json:"-"` // sorted by follow-up response
	Unmatched []pairing.Unmatched  `json:"-"`
	RepeatIDs []surveys.ResponseID `json:"-"`
}

// UnmatchedResponse is a response without a pair, and why.
type UnmatchedResponse struct {
	ID     surveys.ResponseID
	Wave   questionnaire.Wave
	Reason pairing.Reason
}

// MeasureResult is one measure over everyone and over each breakdown. Of
// Paired, Binary, Unlinked, NPS and Single exactly one is set, none if the measure
// is Withheld.
type MeasureResult struct {
	ID         questionnaire.ItemID      `json:"id"`
	Label      questionnaire.Text        `json:"label"`
	Type       questionnaire.MeasureType `json:"type"`
	Direction  string                    `json:"direction"` // higher, lower: which is better
	Headline   bool                      `json:"headline"`
	FromMemory bool                      `json:"from_memory,omitempty"` // then and now, both rated afterwards; never set beside before and after
	Min        *float64                  `json:"min,omitempty"`         // possible scores
	Max        *float64                  `json:"max,omitempty"`
	MinChange  *float64                  `json:"min_change,omitempty"`
	Top        []float64                 `json:"top,omitempty"`
	TopText    questionnaire.Text        `json:"top_text,omitempty"`   // binary: the author's words for giving the answer that is counted
	TopLabels  []questionnaire.Text      `json:"top_labels,omitempty"` // binary: the answers that are counted
	Wave       questionnaire.Wave        `json:"wave,omitempty"`       // the only wave of an NPS or a single rating
	Withheld   Reason                    `json:"withheld,omitempty"`   // Suppressed: none of the figures is here
	Result
	Moves         []Move         `json:"moves,omitempty"`           // paired: how many changed by how much, lowest first
	Notes         []Note         `json:"notes,omitempty"`           // what belongs beside it, in words
	Sensitivity   *Sensitivity   `json:"sensitivity,omitempty"`     // of what is compared between responses
	Later         []LaterResult  `json:"later,omitempty"`           // with a follow-up: to it from before, and from after
	Contrasts     []Contrast     `json:"contrasts,omitempty"`       // of a then-and-now row that is asked before too
	Bands         *Bands         `json:"bands,omitempty"`           // of a scale with bands
	Reliable      *Reliable      `json:"reliable_change,omitempty"` // paired scales with alpha of 0.7 or more from 30 people at pre
	Breakdowns    []Breakdown    `json:"breakdowns,omitempty"`      // none for NPS
	Distributions []Distribution `json:"distributions,omitempty"`   // items with choices: how many chose what at each wave or moment, among the matched
}

// Result holds the figures of one group of people by the method of the measure.
type Result struct {
	Paired   *Paired      `json:"paired,omitempty"`   // pre–post of the matched, or then–now
	Binary   *Binary      `json:"binary,omitempty"`   // yes/no of the matched, per cent
	Unlinked *Unlinked    `json:"unlinked,omitempty"` // before and after of people whom nobody can link
	NPS      *NetPromoter `json:"nps,omitempty"`
	Single   *Single      `json:"single,omitempty"` // a rating at one wave
	Lead     *Lead        `json:"lead,omitempty"`   // the test and the effect that were fixed beforehand; nil for what has none
}

// Single describes a rating given once.
type Single struct {
	Sample
	TopPct Estimate `json:"top_pct"` // per cent in the top box
	TopCI  Interval `json:"top_ci"`  // Wilson
}

// Breakdown compares the groups of one kind: those with a response, in the order
// of their creation. A person's group is that of the pre response, or of the post
// response if there is no other.
//
// By "item" the groups are those who chose the same, as the person's response
// before says, or the one after if that has no answer; then those who would not
// say, and those who gave no answer, each a group of their own: so the groups of a
// breakdown by item add up to everyone. Language and quarter (QuarterOf) are those of the response that says where the person belongs.
type Breakdown struct {
	By     string               `json:"by"`              // "cohort", "institution", "phase", "area", "language", "quarter", "item"
	Item   questionnaire.ItemID `json:"item,omitempty"`  // by "item": the variable
	Label  questionnaire.Text   `json:"label,omitempty"` // of the item
	Groups []GroupResult        `json:"groups"`

	// Of a score measured twice, by place: how alike the changes within a group are, and by
	// how much that widens the variance of the overall mean. Nil otherwise, and
	// with fewer than 5 groups of 3 pairs.
	ICC          *Estimate `json:"icc1_change,omitempty"`
	DesignEffect *Estimate `json:"design_effect,omitempty"`

	// Of a score measured twice: whether the changes of the groups with 3 pairs or
	// more differ, for the appendix; nil with fewer than two such groups.
	Compared *Compared `json:"compared,omitempty"`
}

// GroupResult is one group. A suppressed group has its name and no figure.
type GroupResult struct {
	Name       string             `json:"name"`
	Code       string             `json:"code,omitempty"`  // by "item": of the choice; "" for those who gave no answer
	Label      questionnaire.Text `json:"label,omitempty"` // of the choice
	Suppressed bool               `json:"suppressed,omitempty"`
	N          int                `json:"n"`                // matched people or answers; 0 if suppressed
	HolmP      *Estimate          `json:"holm_p,omitempty"` // of the test that leads; nil where nothing is tested
	Result
}

// Distribution is how the answers to one variable were spread, among those who
// answered it at both waves or moments, or at the only one. Several choices of few
// people each show in it: a summary suppresses it by N, not by its bars.
type Distribution struct {
	Variable   questionnaire.ItemID `json:"variable"`
	Label      questionnaire.Text   `json:"label"`
	When       string               `json:"when"` // pre, post, follow_up, then, now
	Suppressed bool                 `json:"suppressed,omitempty"`
	N          int                  `json:"n"`
	Choices    []ChoiceCount        `json:"choices"` // in the definition's order, then those of older versions only
}

// ChoiceCount is one bar of a distribution.
type ChoiceCount struct {
	Code  string             `json:"code"`
	Label questionnaire.Text `json:"label"`
	Score *float64           `json:"score,omitempty"`
	N     int                `json:"n"`

	// Of few people in the published profile, or hidden so that others stay hidden:
	// no count. What the bars shown leave of Distribution.N is that of these.
	Suppressed bool `json:"suppressed,omitempty"`
}

// ScaleReliability is alpha of one scale at one wave.
type ScaleReliability struct {
	Scale questionnaire.ItemID   `json:"scale"`
	Label questionnaire.Text     `json:"label"`
	Wave  string                 `json:"wave"`
	Items []questionnaire.ItemID `json:"items"`
	Reliability
}

// OpenCounts says how far the reading of open answers has come.
type OpenCounts struct {
	All       int `json:"all"`
	Unread    int `json:"unread"`
	Consented int `json:"consented"`
	Approved  int `json:"approved"`
}

// Options choose what Build shows.
type Options struct {
	// Made is when the report is made, for its heading.
	Made time.Time
	// Profile says what is hidden of small groups: for summaries and screens. The
	// analysis workbook is built without. See suppress.go.
	Profile surveys.Profile
	// Filter narrows the report to some people. Pairs are found among all before.
	Filter surveys.Filter
	// Earlier are the releases of the strand there have been, for a profile that hides
	// something: Build refuses what could be worked out from one of them and this.
	Earlier []surveys.Release
	// Progress, if not nil, is told how many responses have been read, about every
	// thousand; never twice at once.
	Progress func(responses int)
	// People, if not nil, replaces pairing by knowledge of who sent each
	// response: for tests, and for asking how far a result depends on pairing. The
	// first submission of a person at a wave counts.
	People map[surveys.ResponseID]string
}
