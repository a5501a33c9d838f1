package surveys

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// A personal link is one person's own address for one wave. It leads to the form of
// the cohort's link; answers that come through it
//
//   - get a linkage of one element, a keyed hash of the contact's secret under the
//     programme's pairing key, so that the waves are paired without a code;
//   - are counted once: the contact is marked as having answered this wave, and is
//     not reminded any more.
//
// The contact does not say which response it was, nor when it came; the response
// does not say whose it is. Only who has the data, the address key and the pairing
// key could find out, and destroying the contacts ends that.

// personalLink is what the hash of a link's secret leads to.
type personalLink struct {
	Contact ContactID          `json:"contact"`
	Wave    questionnaire.Wave `json:"wave"`
}

// personalLength is how many signs the secret of a personal link has: 31^20 is 7×10^29.
const personalLength = 20

// claimPatience is how long a sending that claimed a reply may take before another
// may take its place.
const claimPatience = 2 * time.Minute

// personalElement names the one element of the linkage of a personal link.
const personalElement = "personal_link"

// personalSecret is the secret of a contact's link for one wave: worked out from
// the contact's own, so that every letter has the same. What it leads to is kept
// under its hash.
func (s *Service) personalSecret(ctx context.Context, c Contact, p person, wave questionnaire.Wave) (string, error) {
	mac := hmac.New(sha256.New, p.Secret)
	mac.Write([]byte("soundings personal link\x00" + string(wave)))
	secret := signsOf(mac.Sum(nil), personalLength)
	_, err := s.put(ctx, recordPersonal, hashOfSecret(secret), string(c.ID), "", 0, personalLink{c.ID, wave})
	if kindOfNil(err) == KindConflict { // made for an earlier letter
		err = nil
	}
	return secret, err
}

// signsOf writes a hash in n unambiguous signs, as a number in base 31.
func signsOf(hash []byte, n int) string {
	number, base, sign := new(big.Int).SetBytes(hash), big.NewInt(int64(len(unambiguous))), new(big.Int)
	out := make([]byte, n)
	for i := range out {
		number.DivMod(number, base, sign)
		out[i] = lower(unambiguous[sign.Int64()])
	}
	return string(out)
}

func hashOfSecret(secret string) string {
	sum := sha256.Sum256([]byte("soundings personal link\x00" + plainToken(secret)))
	return hex.EncodeToString(sum[:16])
}

// Personal is what a personal link leads to.
type Personal struct {
	Invitation
	Secret   string
	Language string // that the contact is written to in; "" if none was given
	Answered bool   // this person has answered this wave

	contact Contact
	person  person
}

// Personal returns what the secret of a personal link leads to. Who answered and
// withdrew the answers since may answer again. KindNotFound: there is no such link.
func (s *Service) Personal(ctx context.Context, secret string) (Personal, error) {
	p, err := s.personal(ctx, secret)
	if err != nil || !p.Answered {
		return p, err
	}
	still, err := s.answersAreThere(ctx, p)
	if err != nil || still {
		return p, err
	}
	p.Answered = false
	return p, s.setReply(ctx, p, Reply{})
}

func (s *Service) personal(ctx context.Context, secret string) (Personal, error) {
	p := Personal{Secret: plainToken(secret)}
	link, err := readRecord[personalLink](ctx, s.store, recordPersonal, hashOfSecret(secret))
	if err != nil {
		return p, orNotFound(err, "link.not_found")
	}
	if p.contact, err = readRecord[Contact](ctx, s.store, recordContact, string(link.Contact)); err != nil {
		return p, orNotFound(err, "link.not_found")
	}
	if p.person, err = s.personOf(p.contact); err != nil {
		return p, err
	}
	all, err := listRecords[Link](ctx, s.store, recordLink, string(p.contact.Programme))
	if err != nil {
		return p, err
	}
	found, ok := linksOf(all, p.contact.Strand, func(l Link) bool { return l.Wave == link.Wave }, s.now())[p.contact.Cohort]
	if !ok {
		return p, notFound("link.not_found")
	}
	if p.Invitation, err = s.Invitation(ctx, found.Token); err != nil {
		return p, err
	}
	p.Language, p.Answered = p.contact.Language, p.contact.Answered(link.Wave)
	p.Invitation.personal, err = s.personalHash(ctx, p)
	return p, err
}

// personalHash is the linkage's one element.
func (s *Service) personalHash(ctx context.Context, p Personal) (string, error) {
	key, err := s.pairingKey(ctx, p.contact.Programme)
	if err != nil {
		return "", err
	}
	hash, err := pairing.Element(key, personalElement, hex.EncodeToString(p.person.Secret))
	if err != nil {
		return "", err
	}
	text, err := hash.MarshalText()
	return string(text), err
}

// linkagePersonal is the linkage of answers through a personal link; nil for others.
func (inv Invitation) linkagePersonal(id ResponseID) *Linkage {
	if inv.personal == "" {
		return nil
	}
	return &Linkage{Response: id, Programme: inv.Programme.ID, Strand: inv.Strand.ID, Elements: []string{inv.personal}}
}

// ByPersonalLink reports whether who comes this way is known to be one person, who needs
// no linkage code.
func (inv Invitation) ByPersonalLink() bool { return inv.personal != "" }

// answersAreThere looks for the answers that came through p at its wave.
func (s *Service) answersAreThere(ctx context.Context, p Personal) (bool, error) {
	for l, err := range s.store.Linkages(ctx, p.contact.Programme, p.contact.Strand) {
		if err != nil {
			return false, fmt.Errorf("reading linkages: %w", err)
		}
		if !slices.Equal(l.Elements, []string{p.personal}) {
			continue
		}
		r, err := s.store.Response(ctx, l.Response)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return false, err
		}
		if r.Wave == p.Link.Wave && r.Status != StatusInProgress && r.Status != StatusWithdrawn {
			return true, nil
		}
	}
	return false, nil
}

// setReply writes down where a contact is with a wave.
func (s *Service) setReply(ctx context.Context, p Personal, reply Reply) error {
	_, err := change(ctx, s, recordContact, string(p.contact.ID), func(c *Contact) error {
		if c.Replies == nil {
			c.Replies = map[questionnaire.Wave]Reply{}
		}
		if c.Replies[p.Link.Wave] = reply; reply == (Reply{}) {
			delete(c.Replies, p.Link.Wave)
		}
		return nil
	})
	if kindOfNil(err) == KindNotFound { // destroyed meanwhile
		return nil
	}
	return err
}

// settleClaim marks p as answered if a sending that claimed the reply kept its
// answers and was broken off before it said so: another must not take its place.
func (s *Service) settleClaim(ctx context.Context, p Personal, mine string) error {
	claim := p.contact.Replies[p.Link.Wave].Claim
	if claim == "" || claim == mine {
		return nil
	}
	there, err := s.answersAreThere(ctx, p)
	if err != nil || !there {
		return err
	}
	return s.setReply(ctx, p, Reply{Answered: true})
}

// claimReply makes sure that one sending only is kept for p: the one of response id.
// KindForbidden: this person has answered. KindInvalid: other answers of this person
// are being sent just now.
func (s *Service) claimReply(ctx context.Context, p Personal, id ResponseID) error {
	mine := keyedHash(p.person.Secret, "claim", string(id))
	if err := s.settleClaim(ctx, p, mine); err != nil {
		return err
	}
	_, err := change(ctx, s, recordContact, string(p.contact.ID), func(c *Contact) error {
		before := c.Replies[p.Link.Wave]
		switch {
		case before.Answered:
			return &Error{Kind: KindForbidden, Key: "response.answered_already"}
		case before.Claim != "" && before.Claim != mine && s.now().Sub(before.Claimed) < claimPatience:
			return &Error{Kind: KindInvalid, Key: "response.being_sent"}
		}
		if c.Replies == nil {
			c.Replies = map[questionnaire.Wave]Reply{}
		}
		c.Replies[p.Link.Wave] = Reply{Claim: mine, Claimed: s.moment()}
		return nil
	})
	return orNotFound(err, "link.not_found")
}

// submitPersonal keeps what was sent through a personal link, once for each person
// and wave: claim, keep, mark as answered. Broken off anywhere, sending the same
// again goes on.
func (s *Service) submitPersonal(ctx context.Context, token string, sub Submission) (Response, error) {
	p, err := s.personalFor(ctx, token, sub.Personal)
	if errors.Is(err, errPersonalGone) {
		return s.submitAsNobody(ctx, token, sub)
	}
	if err != nil {
		return Response{}, err
	}
	if state := p.Link.State(s.now()); state != "open" {
		return s.sentBefore(ctx, p.Invitation, sub, &Error{Kind: KindClosed, Key: "link." + state})
	}
	r, linkage, err := s.readSubmission(ctx, p.Invitation, sub, s.moment())
	if kindOfNil(err) == KindInvalid {
		return s.sentBefore(ctx, p.Invitation, sub, err)
	}
	if err != nil {
		return Response{}, err
	}
	if err := s.claimReply(ctx, p, r.ID); err != nil {
		if kindOfNil(err) == KindForbidden {
			return s.sentBefore(ctx, p.Invitation, sub, err)
		}
		return Response{}, err
	}
	if r, err = s.submit(ctx, r, linkage); err != nil {
		return r, err
	}
	return r, s.setReply(ctx, p, Reply{Answered: true})
}

// submitAsNobody keeps what was sent through a personal link that was destroyed while
// its form was filled in: the answers are worth more than whose they are.
func (s *Service) submitAsNobody(ctx context.Context, token string, sub Submission) (Response, error) {
	inv, err := s.openInvitation(ctx, token)
	inv.nobody = true
	if kindOfNil(err) == KindClosed {
		return s.sentBefore(ctx, inv, sub, err)
	}
	if err != nil {
		return Response{}, err
	}
	r, _, err := s.readSubmission(ctx, inv, sub, s.moment())
	if err != nil {
		return Response{}, err
	}
	return s.submit(ctx, r, nil)
}

// errPersonalGone says that there is no such personal link, or not any more.
var errPersonalGone = errors.New("no such personal link")

// personalFor is the personal link of a form that was opened through the link with
// this token, or through another for the same cohort and wave: the one that is open
// may have been replaced since. KindNotFound for any other, errPersonalGone if the
// personal link itself is not there.
func (s *Service) personalFor(ctx context.Context, token, secret string) (Personal, error) {
	p, err := s.personal(ctx, secret)
	if kindOfNil(err) == KindNotFound {
		return p, &Error{Kind: KindNotFound, Key: "link.not_found", Err: errPersonalGone}
	}
	if err != nil || p.Link.Token == plainToken(token) {
		return p, err
	}
	opened, err := s.Invitation(ctx, token)
	if err != nil {
		return p, err
	}
	return p.at(opened)
}

// at is p at the place of the link that was opened: its own, or a workshop of its
// cohort that was chosen there. KindNotFound for any other.
func (p Personal) at(opened Invitation) (Personal, error) {
	here, there := p.Link.place(), opened.Link.place()
	here.workshop = there.workshop
	if here != there || p.Link.Programme != opened.Link.Programme {
		return p, notFound("link.not_found")
	}
	if opened.Link.Workshop != p.Link.Workshop {
		personal := p.Invitation.personal
		p.Invitation = opened
		p.Invitation.personal = personal
	}
	return p, nil
}

// PersonalAt is Personal for who has chosen, at a personal link, a workshop by the
// token of its link.
func (s *Service) PersonalAt(ctx context.Context, secret, token string) (Personal, error) {
	p, err := s.Personal(ctx, secret)
	if err != nil || token == "" {
		return p, err
	}
	opened, err := s.Invitation(ctx, token)
	if err != nil {
		return p, err
	}
	return p.at(opened)
}

// handedBy is the personal link that late answers came by, if they did and it is
// still there, with the invitation that knows it.
func (s *Service) handedBy(ctx context.Context, inv Invitation, sub Submission) (Invitation, *Personal) {
	if sub.Personal == "" {
		return inv, nil
	}
	p, err := s.personalFor(ctx, inv.Link.Token, sub.Personal)
	if err != nil { // the answers are worth more than whose they are
		inv.nobody = errors.Is(err, errPersonalGone)
		return inv, nil
	}
	return p.Invitation, &p
}

// StartPersonal is Start for who came by a personal link.
func (s *Service) StartPersonal(ctx context.Context, token, secret, language string, mode Mode, link map[string]string) (Response, error) {
	p, err := s.personalFor(ctx, token, secret)
	if err != nil {
		return Response{}, err
	}
	if p.Answered {
		return Response{}, &Error{Kind: KindForbidden, Key: "response.answered_already"}
	}
	return s.start(ctx, p.Invitation, language, mode, link)
}

// FinishPersonal is Finish for who came by a personal link.
func (s *Service) FinishPersonal(ctx context.Context, token, secret string, id ResponseID) (Response, error) {
	p, err := s.personalFor(ctx, token, secret)
	if errors.Is(err, errPersonalGone) { // its linkage was kept when it was begun
		return s.Finish(ctx, token, id)
	}
	if err != nil {
		return Response{}, err
	}
	if _, r, err := s.InProgress(ctx, token, id); err != nil || r.Status != StatusInProgress {
		if err == nil {
			err = s.setReply(ctx, p, Reply{Answered: true}) // it was kept, and then this was broken off
		}
		return r, err
	}
	if err := s.claimReply(ctx, p, id); err != nil {
		return Response{}, err
	}
	r, err := s.Finish(ctx, token, id)
	if err != nil {
		return r, err
	}
	return r, s.setReply(ctx, p, Reply{Answered: true})
}
