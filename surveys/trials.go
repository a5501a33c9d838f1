package surveys

import (
	"context"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// trialProgramme is the programme under which the answers of trials are kept. No
// account has a role in it and none can get one, so that nothing which counts,
// reports or exports a programme's answers ever meets them.
const trialProgramme ProgrammeID = "trial"

// trialLife is how long a trial takes answers; then it is removed with them.
const trialLife = 30 * 24 * time.Hour

// Trial is a test link: it is answered like a real one, and what comes in is seen
// by TrialAnswers alone. It asks what the questionnaire asked when it was started:
// later edits of the draft do not change what is being tried, and a phone that
// began goes on with what it began. To try a later state, start another.
type Trial struct {
	ID            string             `json:"id"`
	Token         string             `json:"token"` // the secret in the address, as of a link: /s/<token>
	Questionnaire questionnaire.ID   `json:"questionnaire"`
	Version       int                `json:"version"`         // 0: of the draft
	Draft         int64              `json:"draft,omitempty"` // of the draft: its revision
	Wave          questionnaire.Wave `json:"wave"`
	Programme     ProgrammeID        `json:"programme,omitempty"` // whose zone and name the pages show; "": none
	Started       time.Time          `json:"started"`
	Ends          time.Time          `json:"ends"`
	By            string             `json:"by"` // name of the account
}

// keptTrial is a trial as stored, with what it asks.
type keptTrial struct {
	Trial
	Definition questionnaire.Definition `json:"definition"`
}

// StartTrial makes a test link of version n of a questionnaire, or of its draft as
// it is now for 0, at a wave. KindInvalid: with questionnaire.Problems as the
// cause, the draft cannot be answered yet; or there is no such wave. KindNotFound:
// no such draft, version or programme.
func (s *Service) StartTrial(ctx context.Context, id questionnaire.ID, n int, wave questionnaire.Wave, programme ProgrammeID) (Trial, error) {
	if err := s.requireDesigner(ctx, id); err != nil {
		return Trial{}, err
	}
	if programme != "" {
		if _, err := require(ctx, programme, MayDesign); err != nil {
			return Trial{}, err
		}
	}
	if waveOrder(wave) < 0 {
		return Trial{}, invalid("wave", "link.wave_not_in_design", string(wave))
	}
	if _, err := s.CleanTrials(ctx); err != nil {
		return Trial{}, err
	}
	account, _ := AccountFrom(ctx)
	now := s.moment()
	kept := keptTrial{Trial: Trial{Questionnaire: id, Version: n, Wave: wave, Programme: programme, Started: now, Ends: now.Add(trialLife), By: account.Name}}
	if err := s.fillTrial(ctx, &kept); err != nil {
		return Trial{}, err
	}
	if _, err := s.put(ctx, recordTrial, kept.ID, string(id), kept.Token, 0, kept); err != nil {
		return Trial{}, err
	}
	return kept.Trial, s.Audit(ctx, "", "trial.started", string(id))
}

// fillTrial draws the names of a trial and reads what it asks.
func (s *Service) fillTrial(ctx context.Context, kept *keptTrial) (err error) {
	if kept.Version > 0 {
		v, err := s.Version(ctx, kept.Questionnaire, kept.Version)
		if err != nil {
			return err
		}
		kept.Definition = v.Definition
	} else {
		d, err := s.Draft(ctx, kept.Questionnaire)
		if err != nil {
			return err
		}
		if err := d.Definition.Check(); err != nil {
			return notPublishable(err)
		}
		kept.Definition, kept.Draft = d.Definition, d.Revision
	}
	if kept.ID, err = s.newID(); err != nil {
		return err
	}
	kept.Token, err = NewToken(s.random)
	return err
}

// Trials lists the trials of a questionnaire, oldest first, for owners and
// designers of any programme.
func (s *Service) Trials(ctx context.Context, id questionnaire.ID) ([]Trial, error) {
	if err := s.requireSight(ctx, id); err != nil {
		return nil, err
	}
	return listRecords[Trial](ctx, s.store, recordTrial, string(id))
}

// EndTrial closes a trial, which is removed with its answers by a later cleaning.
// KindNotFound: there is no such trial.
func (s *Service) EndTrial(ctx context.Context, token string) error {
	kept, err := s.trial(ctx, token)
	if err != nil {
		return err
	}
	if err := s.requireDesigner(ctx, kept.Questionnaire); err != nil {
		return orNotFound(err, "link.not_found")
	}
	now := s.moment()
	_, err = change(ctx, s, recordTrial, kept.ID, func(kept *keptTrial) error {
		if now.Before(kept.Ends) {
			kept.Ends = now
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.cache.invitations.drop(kept.Token)
	return s.Audit(ctx, "", "trial.ended", string(kept.Questionnaire))
}

// trial returns what a token of a trial leads to. KindNotFound.
func (s *Service) trial(ctx context.Context, token string) (keptTrial, error) {
	r, err := s.store.RecordByKey(ctx, recordTrial, plainToken(token))
	if err != nil {
		return keptTrial{}, orNotFound(err, "link.not_found")
	}
	return decode[keptTrial](r)
}

// CleanTrials removes the trials that have ended, with their answers, and returns
// how many. Every start of a trial does it; serve does it now and then. A trial
// stays for an hour, in which every phone and instance has learnt that it ended.
func (s *Service) CleanTrials(ctx context.Context) (int, error) {
	trials, err := listRecords[Trial](ctx, s.store, recordTrial, "*")
	if err != nil {
		return 0, err
	}
	removed, ended := 0, s.moment().Add(-time.Hour)
	for _, one := range trials {
		if one.Ends.After(ended) {
			continue
		}
		// Its answers first: what is broken off here is met again.
		if _, err := s.store.DeleteResponses(ctx, trialProgramme, StrandID(one.ID)); err != nil {
			return removed, fmt.Errorf("removing the answers of a trial of %s: %w", one.Questionnaire, err)
		}
		if err := s.store.DeleteRecord(ctx, recordTrial, one.ID); err != nil {
			return removed, fmt.Errorf("removing a trial of %s: %w", one.Questionnaire, err)
		}
		removed++
	}
	return removed, nil
}

// trialInvitation is what the pages of a trial need: a link, a programme and a
// strand that are nowhere else.
func (s *Service) trialInvitation(ctx context.Context, token string) (inv Invitation, err error) {
	kept, err := s.trial(ctx, token)
	if err != nil {
		return inv, err
	}
	name, zone := "", "UTC"
	if kept.Programme != "" {
		p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(kept.Programme))
		if err != nil {
			return inv, err
		}
		name, zone = p.Name, p.Zone
	}
	strand := Strand{ID: StrandID(kept.ID), Design: DesignPrePostFollowUp, Questionnaire: kept.Questionnaire, Audience: AudienceParticipant}
	inv = Invitation{
		Test:      true,
		Programme: Programme{ID: trialProgramme, Name: name, Zone: zone, SmallestGroup: 1, Strands: []Strand{strand}},
		Strand:    strand,
		Link: Link{
			ID: LinkID(kept.ID), Token: kept.Token, Programme: trialProgramme, Strand: strand.ID, Wave: kept.Wave,
			Opens: kept.Started, Closes: kept.Ends,
		},
	}
	inv.Instrument, err = s.trialInstrument(kept)
	return inv, err
}

// trialInstrument is what a trial asks, ready for use.
func (s *Service) trialInstrument(kept keptTrial) (*questionnaire.Instrument, error) {
	key := string(trialProgramme) + "/" + kept.ID
	if found, ok := s.cache.versions.ever(key); ok {
		return found, nil
	}
	compiled, err := questionnaire.Compile(questionnaire.Version{
		Questionnaire: kept.Questionnaire, Number: kept.Version, Definition: kept.Definition, Published: kept.Started,
	})
	if err != nil {
		return nil, fmt.Errorf("compiling a trial of %s: %w", kept.Questionnaire, err)
	}
	s.cache.versions.put(key, compiled, s.now())
	return compiled, nil
}
