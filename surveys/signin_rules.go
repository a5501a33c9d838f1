package surveys

import (
	"context"
	"strings"
)

// SignInRules are what owners ask of every sign-in.
type SignInRules struct {
	Factor        bool  `json:"factor"`         // everyone who reads answers has a second factor
	FactorOutside bool  `json:"factor_outside"` // also who signs in elsewhere
	OutsideOnly   bool  `json:"outside_only"`   // nobody but owners signs in by password
	Revision      int64 `json:"-"`
}

func (r *SignInRules) setRevision(n int64) { r.Revision = n }

const rulesID = "rules"

// rules are the rules as they are, or were some seconds ago.
func (s *Service) rules(ctx context.Context) (SignInRules, error) {
	if r, ok := s.cache.rules.get(rulesID, s.now(), freshness); ok {
		return r, nil
	}
	r, err := readRecord[SignInRules](ctx, s.store, recordSignInRules, rulesID)
	if err != nil && kindOfNil(err) != KindNotFound {
		return r, err
	}
	s.cache.rules.putOnly(rulesID, r, s.now())
	return r, nil
}

// SignInRules returns the rules of signing in; owners may see them.
func (s *Service) SignInRules(ctx context.Context) (SignInRules, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return SignInRules{}, err
	}
	r, err := readRecord[SignInRules](ctx, s.store, recordSignInRules, rulesID)
	if kindOfNil(err) == KindNotFound {
		return r, nil
	}
	return r, err
}

// SetSignInRules changes the rules; owners may. r carries the revision that was read.
func (s *Service) SetSignInRules(ctx context.Context, r SignInRules) error {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return err
	}
	if r.OutsideOnly && s.provider == nil {
		return invalid("rules", "elsewhere.none")
	}
	if _, err := s.put(ctx, recordSignInRules, rulesID, "", "", r.Revision, r); err != nil {
		return orConflict(err, "", "record.changed_meanwhile")
	}
	s.cache.rules.drop(rulesID)
	return s.Audit(ctx, "", "sign_in.rules_changed", r.words())
}

// words are the rules in a trail.
func (r SignInRules) words() string {
	var on []string
	if r.Factor {
		on = append(on, "factor")
	}
	if r.FactorOutside {
		on = append(on, "factor_outside")
	}
	if r.OutsideOnly {
		on = append(on, "outside_only")
	}
	return strings.Join(on, " ")
}

// LacksFactor reports whether a has to set up a second factor before it does
// anything else.
func (s *Service) LacksFactor(ctx context.Context, a Account, v SignIn) (bool, error) {
	if a.Factor != nil || !a.ReadsAnswers() {
		return false, nil
	}
	rules, err := s.rules(ctx)
	return err == nil && rules.Factor && (!v.Outside || rules.FactorOutside), err
}
