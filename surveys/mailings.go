package surveys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// SaveMailing plans m, or changes one that is there: its texts and its times. The
// letters that were sent already are not sent again.
//
// KindConflict: there is one for this strand and wave. KindInvalid: a time or a text
// is wrong, or it was changed since it was read.
func (s *Service) SaveMailing(ctx context.Context, m Mailing) (Mailing, error) {
	if _, err := require(ctx, m.Programme, MayRunLinks); err != nil {
		return m, err
	}
	if err := s.checkMailing(ctx, &m); err != nil {
		return m, err
	}
	if m.ID != "" {
		return s.changeMailing(ctx, m)
	}
	id, err := s.newID()
	if err != nil {
		return m, err
	}
	m.ID, m.State, m.Revision = MailingID(id), MailingPlanned, 0
	key := string(m.Programme) + "/" + string(m.Strand) + "/" + string(m.Wave)
	if m.Revision, err = s.put(ctx, recordMailing, id, string(m.Programme), key, 0, m); err != nil {
		return m, orConflict(err, "wave", "mailing.exists")
	}
	return m, s.Audit(ctx, m.Programme, "mailing.planned", id)
}

func (s *Service) changeMailing(ctx context.Context, m Mailing) (Mailing, error) {
	if _, err := s.Mailing(ctx, m.Programme, m.ID); err != nil {
		return m, err
	}
	changed, err := change(ctx, s, recordMailing, string(m.ID), func(kept *Mailing) error {
		if kept.Revision != m.Revision {
			return invalid("", "record.changed_meanwhile")
		}
		if kept.State == MailingEnded {
			return invalid("", "mailing.ended")
		}
		kept.Texts, kept.At = m.Texts, m.At
		return nil
	})
	if err != nil {
		return changed, err
	}
	return changed, s.Audit(ctx, m.Programme, "mailing.changed", string(m.ID))
}

// checkMailing tidies m and refuses what could not be sent.
func (s *Service) checkMailing(ctx context.Context, m *Mailing) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(m.Programme))
	if err != nil {
		return err
	}
	if err := check(*m); err != nil {
		return err
	}
	strand, ok := p.Strand(m.Strand)
	if !ok {
		return invalid("strand", "strand.unknown", string(m.Strand))
	}
	if !slices.Contains(strand.Design.Waves(), m.Wave) {
		return invalid("wave", "link.wave_not_in_design", string(m.Wave))
	}
	if err := m.checkTimes(); err != nil {
		return err
	}
	languages, err := s.languagesOf(ctx, strand)
	if err != nil {
		return err
	}
	return m.checkTexts(languages)
}

// checkTimes wants the letters in their order.
func (m *Mailing) checkTimes() error {
	times := map[Step]time.Time{}
	var last time.Time
	for _, step := range Steps() {
		at, planned := m.At[step]
		if !planned || at.IsZero() {
			continue
		}
		if !at.After(last) {
			return invalid(string(step), "mailing.order")
		}
		last = at
		times[step] = wholeMilliseconds(at)
	}
	if _, ok := times[StepInvitation]; !ok {
		return invalid(string(StepInvitation), "mailing.no_invitation")
	}
	m.At = times
	return nil
}

// checkTexts drops blank texts and refuses a letter without its link, or with a
// place that stands for nothing.
func (m *Mailing) checkTexts(languages []string) error {
	texts := map[string]LetterText{}
	for _, lang := range slices.Sorted(maps.Keys(m.Texts)) {
		text := m.Texts[lang]
		text.tidy()
		if text == (LetterText{}) || !slices.Contains(languages, lang) {
			continue
		}
		if err := checkText(lang, text); err != nil {
			return err
		}
		texts[lang] = text
	}
	m.Texts = texts
	return nil
}

func checkText(lang string, text LetterText) error {
	at := func(name string) string { return "texts[" + lang + "]." + name }
	if err := check(text); err != nil {
		var e *Error
		if errors.As(err, &e) {
			return &Error{Kind: KindInvalid, Key: e.Key, Args: e.Args, Field: at(e.Field)}
		}
		return err
	}
	for _, one := range []struct {
		name, text string
		body       bool
	}{{"subject", text.Subject, false}, {"invitation", text.Invitation, true}, {"reminder_subject", text.ReminderSubject, false}, {"reminder", text.Reminder, true}} {
		if stray := strayPlace(one.text); stray != "" {
			return invalid(at(one.name), "mailing.stray_place", stray)
		}
		if one.body && one.text != "" && !strings.Contains(one.text, PlaceLink) {
			return invalid(at(one.name), "mailing.no_link")
		}
		if !one.body && strings.Contains(one.text, PlaceLink) {
			return invalid(at(one.name), "mailing.link_in_subject")
		}
	}
	return nil
}

// Mailings lists a programme's, in the order in which they were planned.
func (s *Service) Mailings(ctx context.Context, programme ProgrammeID) ([]Mailing, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return nil, err
	}
	return listRecords[Mailing](ctx, s.store, recordMailing, string(programme))
}

// Mailing returns one of a programme's. KindNotFound for another's.
func (s *Service) Mailing(ctx context.Context, programme ProgrammeID, id MailingID) (Mailing, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return Mailing{}, err
	}
	m, err := readRecord[Mailing](ctx, s.store, recordMailing, string(id))
	if err == nil && m.Programme != programme {
		return Mailing{}, notFound("mailing.not_found")
	}
	return m, orNotFound(err, "mailing.not_found")
}

// RunMailing starts a mailing, or stops it; stopped, it sends nothing more until it
// is started again. Starting fails with KindInvalid if something is missing that
// letters need.
func (s *Service) RunMailing(ctx context.Context, programme ProgrammeID, id MailingID, run bool) (Mailing, error) {
	m, err := s.Mailing(ctx, programme, id)
	if err != nil {
		return m, err
	}
	state, action := MailingStopped, "mailing.stopped"
	if run {
		state, action = MailingRunning, "mailing.started"
		if err := s.MaySend(); err != nil {
			return m, err
		}
		if err := s.requireAddressKey(ctx); err != nil {
			return m, err
		}
	}
	m, err = change(ctx, s, recordMailing, string(id), func(m *Mailing) error {
		if m.State == MailingEnded {
			return invalid("", "mailing.ended")
		}
		m.State = state
		return nil
	})
	if err != nil {
		return m, err
	}
	return m, s.Audit(ctx, programme, action, string(id))
}

// closeMailings ends every mailing of a programme and forgets its letters, of which
// only the totals are kept.
func (s *Service) closeMailings(ctx context.Context, programme ProgrammeID) error {
	all, err := listRecords[Mailing](ctx, s.store, recordMailing, string(programme))
	if err != nil {
		return err
	}
	for _, m := range all {
		letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
		if err != nil {
			return err
		}
		_, err = change(ctx, s, recordMailing, string(m.ID), func(m *Mailing) error {
			if m.State != MailingEnded { // else the totals are right: letters may be half gone
				m.State, m.Totals = MailingEnded, totals(letters)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.deleteScope(ctx, recordLetter, string(m.ID)); err != nil {
			return err
		}
	}
	return nil
}

func totals(letters []LetterRecord) map[Step]int {
	n := map[Step]int{}
	for _, l := range letters {
		if l.State == LetterDelivered {
			n[l.Step]++
		}
	}
	return n
}

// TestLetter sends a letter of a mailing to the account that asks, as it would be
// in lang. The link in it leads to a page that says so.
func (s *Service) TestLetter(ctx context.Context, programme ProgrammeID, id MailingID, step Step, lang string) error {
	account, err := require(ctx, programme, MayRunLinks)
	if err != nil {
		return err
	}
	if s.mail.Post == nil || s.mail.Writer == nil || s.mail.Base == "" {
		return s.MaySend()
	}
	wording, err := s.PreviewLetter(ctx, programme, id, step, lang)
	if err != nil {
		return err
	}
	tag, err := drawSigns(s.random, tagLength)
	if err != nil {
		return err
	}
	round, err := s.mail.Post.Open(ctx)
	if err != nil {
		return &Error{Kind: KindUnavailable, Key: "mail.unreachable", Err: err}
	}
	delivery := round.Deliver(ctx, Letter{
		To: account.Email, Name: account.Name, Tag: tag, Written: s.moment(),
		Language: wording.Language, Subject: wording.Subject, Text: wording.Text, HTML: wording.HTML,
	})
	_ = round.Close() // it has the letter or not; how it says goodbye changes nothing
	if delivery.Outcome != Delivered {
		return &Error{Kind: KindUnavailable, Key: "mail.not_taken", Args: []any{strings.TrimSpace(string(delivery.Outcome) + " " + delivery.Code)}}
	}
	return s.Audit(ctx, programme, "mailing.tried", string(id))
}

// TestSecret stands where a person's secret would be in a letter sent to try out.
const TestSecret = "example"

// PreviewLetter is a letter of a mailing in words, as the person it is for would
// get it, with a link that leads nowhere.
func (s *Service) PreviewLetter(ctx context.Context, programme ProgrammeID, id MailingID, step Step, lang string) (Wording, error) {
	m, err := s.Mailing(ctx, programme, id)
	if err != nil {
		return Wording{}, err
	}
	if s.mail.Writer == nil {
		return Wording{}, &Error{Kind: KindInvalid, Key: "mail.no_base"}
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return Wording{}, err
	}
	facts, err := s.factsOf(ctx, p, m, step, lang)
	if err != nil {
		return Wording{}, err
	}
	links, err := s.mailingLinks(ctx, m)
	if err != nil {
		return Wording{}, err
	}
	for _, l := range links {
		if !l.Closes.IsZero() && facts.Closes.IsZero() {
			facts.Closes = l.Closes.In(p.Location())
		}
	}
	facts.Link, facts.Unsubscribe, facts.Test = s.mail.address("/p/", TestSecret), s.mail.address("/m/", TestSecret), true
	return s.mail.Writer.WriteLetter(facts)
}

// factsOf is what every letter of a step in one language says.
func (s *Service) factsOf(ctx context.Context, p Programme, m Mailing, step Step, lang string) (LetterFacts, error) {
	strand, ok := p.Strand(m.Strand)
	if !ok {
		return LetterFacts{}, fmt.Errorf("mailing %s: no strand %s", m.ID, m.Strand)
	}
	languages, err := s.languagesOf(ctx, strand)
	if err != nil {
		return LetterFacts{}, err
	}
	if !slices.Contains(languages, lang) {
		lang = languages[0]
	}
	facts := LetterFacts{Language: lang, Step: step, Programme: p.Name}
	facts.Subject, facts.Body = m.Texts[lang].Of(step)
	return facts, nil
}

// mailingLinks are the links of a mailing's strand and wave by cohort: of several
// the open one, else the newest.
func (s *Service) mailingLinks(ctx context.Context, m Mailing) (map[CohortID]Link, error) {
	all, err := listRecords[Link](ctx, s.store, recordLink, string(m.Programme))
	if err != nil {
		return nil, err
	}
	return linksOf(all, m.Strand, func(l Link) bool { return l.Wave == m.Wave }, s.now()), nil
}

// linksOf is the link of each cohort that letters lead to, of those that are wanted:
// one that is open, if there is one, and rather the cohort's own than that of one of
// its workshops, whichever was added last.
func linksOf(all []Link, strand StrandID, wanted func(Link) bool, now time.Time) map[CohortID]Link {
	found := map[CohortID]Link{}
	for _, l := range all {
		if l.Strand != strand || !wanted(l) {
			continue
		}
		if before, there := found[l.Cohort]; !there || !before.goesBefore(l, now) {
			found[l.Cohort] = l
		}
	}
	return found
}

// goesBefore says whether letters lead to l rather than to a later link.
func (l Link) goesBefore(later Link, now time.Time) bool {
	open, alsoOpen := l.State(now) == "open", later.State(now) == "open"
	if open != alsoOpen {
		return open
	}
	if own := l.Workshop == ""; own != (later.Workshop == "") {
		return own
	}
	return false
}
