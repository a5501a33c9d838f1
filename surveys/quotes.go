package surveys

import (
	"context"
	"slices"
	"strings"
)

// StrandQuotes are the approved quotes of one strand, and what they were chosen of.
type StrandQuotes struct {
	Strand      Strand
	Data        *Dataset
	Quotes      []ShownQuote // as they were approved
	Answers     int          // open answers
	Read        int          // of them somebody has read
	Waiting     int          // may be a disclosure, and nobody has looked
	MayBeQuoted int          // of the answers
	Comments    Sounds       // how the answers sound that somebody judged
	Chosen      Sounds       // and the quotes
	Lost        []QuoteUse   // where quotes were used that have been taken back or withdrawn since
	ByTheme     map[ThemeID]int
}

// ShownQuote is an approved quote as it may be shown to everybody.
type ShownQuote struct {
	OpenAnswer
	Who, Where string // as closely as published figures allow
	Themes     []string
	Uses       []QuoteUse
	Twice      bool // another quote of the same person speaks to the same outcome
}

// Quotes lists the approved quotes of a programme, strand by strand. A strand whose
// questionnaire is not published has none.
func (s *Service) Quotes(ctx context.Context, programme ProgrammeID) ([]StrandQuotes, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return nil, err
	}
	var all []StrandQuotes
	for _, strand := range p.Strands {
		desk, err := s.AnswerDesk(ctx, programme, strand.ID)
		if kindOfNil(err) == KindInvalid { // not published yet
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, desk.quotes())
	}
	return all, nil
}

// quotes picks what may be quoted and counts what it was chosen of.
func (desk *AnswerDesk) quotes() StrandQuotes {
	d := desk.Data
	q := StrandQuotes{Strand: d.Strand, Data: d, ByTheme: map[ThemeID]int{}}
	smallest := ProfilePublished.Smallest(d.Programme)
	for _, a := range desk.Answers {
		q.count(a)
		if a.Reading.Status != QuoteApproved || !a.MayBeQuoted() {
			continue
		}
		who, where := desk.Sharing.By(a.Reading.Attribution, a.Reading.Level, a.Cohort, smallest)
		q.Quotes = append(q.Quotes, ShownQuote{OpenAnswer: a, Who: who, Where: where, Themes: d.ThemeNames(a.Reading), Uses: d.Uses[a.ReadingKey]})
		q.Chosen.Add(a.Reading.Sentiment)
	}
	slices.SortStableFunc(q.Quotes, func(a, b ShownQuote) int { return a.Reading.At.Compare(b.Reading.At) })
	q.findTwice()
	q.findLost()
	return q
}

func (q *StrandQuotes) count(a OpenAnswer) {
	if a.Waits() {
		q.Waiting++
	}
	if a.Flag != nil {
		return
	}
	q.Answers++
	if !a.Unread() {
		q.Read++
	}
	if a.MayBeQuoted() {
		q.MayBeQuoted++
	}
	q.Comments.Add(a.Reading.Sentiment)
	seen := map[ThemeID]bool{}
	for _, id := range a.Reading.Themes {
		if id = TrueTheme(q.Data.Themes, id); id != "" && !seen[id] {
			seen[id] = true
			q.ByTheme[id]++
		}
	}
}

// findTwice marks quotes of one person that speak to one outcome.
func (q *StrandQuotes) findTwice() {
	for i := range q.Quotes {
		q.Quotes[i].Twice = slices.ContainsFunc(q.Quotes, func(other ShownQuote) bool {
			one := q.Quotes[i]
			return other.Response == one.Response && other.Variable != one.Variable && other.Reading.Outcome == one.Reading.Outcome
		})
	}
}

// findLost lists uses of what is no quote any more.
func (q *StrandQuotes) findLost() {
	for key, uses := range q.Data.Uses {
		if !slices.ContainsFunc(q.Quotes, func(one ShownQuote) bool { return one.ReadingKey == key }) {
			q.Lost = append(q.Lost, uses...)
		}
	}
	slices.SortFunc(q.Lost, func(a, b QuoteUse) int { return strings.Compare(a.On+a.ID, b.On+b.ID) })
}

// SetChildren says whether those who answer a strand are children, whose quotes need
// the agreement of their school or parents too.
func (s *Service) SetChildren(ctx context.Context, programme ProgrammeID, strand StrandID, children bool) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	_, err := change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		i := slices.IndexFunc(p.Strands, func(one Strand) bool { return one.ID == strand })
		if i < 0 {
			return notFound("strand.not_found")
		}
		p.Strands = slices.Clone(p.Strands)
		p.Strands[i].Children = children
		return nil
	})
	if err != nil {
		return err
	}
	if children {
		if err := s.spoilStrandOfChildren(ctx, programme, strand); err != nil {
			return err
		}
	}
	return s.Audit(ctx, programme, map[bool]string{true: "strand.children", false: "strand.no_children"}[children], string(strand))
}
