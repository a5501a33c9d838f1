package surveys

import (
	"context"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// StatementFacts is what a programme is set up to do, as far as its statements tell.
type StatementFacts struct {
	Name, Purpose, Funder string
	From, To              string // of the funded period; "" is not set
	Audiences             []string
	Languages             []string // of its questionnaires, sorted
	People                int      // the target; 0: none
	Institutions, Cohorts int
	SmallestGroup         int
	Codes                 bool // some strand pairs by a code
	Letters               bool // there are addresses, or mailings
	Quotes                bool // some question asks for words that may be quoted
	OpenAnswers           bool // some question asks for words
	Children              bool // children answer some strand
	Approaches            bool // respondents may ask to be contacted
	Lead, Deputy          bool // are named
	HelpLines             int
	Until                 map[RetentionStep]time.Time // days; a step without one has no clock
	Demo                  bool
}

// StatementFacts gathers what a programme is set up to do. It tells nothing of any
// respondent and is read for public pages too.
func (s *Service) StatementFacts(ctx context.Context, p Programme) (StatementFacts, error) {
	f := StatementFacts{
		Name: p.Name, Purpose: p.Purpose, Funder: p.Funder, From: p.From, To: p.To, People: p.Targets.People, SmallestGroup: p.SmallestGroup,
		Approaches: s.TakesApproaches(p), Lead: p.Safeguarding.Lead != "", Deputy: p.Safeguarding.Deputy != "", HelpLines: len(p.Safeguarding.Help.Lines),
		Until: map[RetentionStep]time.Time{}, Demo: p.Demo,
	}
	for _, step := range RetentionSteps() {
		if day, ok := p.RetentionDate(step); ok {
			f.Until[step] = day
		}
	}
	for _, count := range []struct {
		kind RecordKind
		into *int
	}{{recordInstitution, &f.Institutions}, {recordCohort, &f.Cohorts}} {
		n, err := s.store.CountRecords(ctx, count.kind, string(p.ID), time.Time{})
		if err != nil {
			return f, err
		}
		*count.into = n
	}
	for _, kind := range []RecordKind{recordContact, recordMailing} {
		n, err := s.store.CountRecords(ctx, kind, string(p.ID), time.Time{})
		if err != nil {
			return f, err
		}
		f.Letters = f.Letters || n > 0
	}
	for _, strand := range p.Strands {
		f.Children = f.Children || strand.Children
		f.Audiences = append(f.Audiences, strand.Title)
		if err := s.askedIn(ctx, strand, &f); err != nil {
			return f, err
		}
	}
	slices.Sort(f.Languages)
	f.Languages = slices.Compact(f.Languages)
	return f, nil
}

// askedIn adds what the questionnaires of a strand ask, as they were published last.
func (s *Service) askedIn(ctx context.Context, strand Strand, f *StatementFacts) error {
	ids := []questionnaire.ID{strand.Questionnaire}
	for _, variant := range strand.Variants {
		ids = append(ids, variant.Questionnaire)
	}
	for _, id := range ids {
		in, err := s.latest(ctx, id)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		d := &in.Version().Definition
		f.Languages = append(f.Languages, d.Languages...)
		for _, part := range d.Parts {
			for _, item := range part.Items {
				f.Codes = f.Codes || item.Kind == questionnaire.KindLinkageCode
				f.Quotes = f.Quotes || item.Quotable
				f.OpenAnswers = f.OpenAnswers || item.Kind == questionnaire.KindLongText
			}
		}
	}
	return nil
}
