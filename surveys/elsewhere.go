package surveys

import (
	"context"
	"crypto/subtle"
	"time"
)

// elsewhereLife is how long somebody may take to sign in at the provider: with a
// password to find and a phone to charge.
const elsewhereLife = 10 * time.Minute

// elsewhereTries is how many tries to sign in elsewhere one network may begin in a
// quarter of an hour: an office of a hundred on a Monday.
const elsewhereTries = 200

// elsewhereTry is what was asked of the provider. It lies in the store, so that any
// instance can take the answer, and is bound to one browser by its cookie.
type elsewhereTry struct {
	Browser  string    `json:"browser"` // hash of the cookie
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Account  AccountID `json:"account,omitempty"` // that is to be linked; "": somebody signs in
	Ends     time.Time `json:"ends"`
}

// Elsewhere is how a browser goes to the provider.
type Elsewhere struct {
	Address string
	Browser string    // secret of the cookie that binds the answer to this browser
	Ends    time.Time // when that cookie does
}

// WithProvider returns the same service with a provider that accounts sign in at.
func (s *Service) WithProvider(p Provider) *Service {
	with := *s
	with.provider = p
	return &with
}

// ProviderName is the name of where accounts can sign in elsewhere; "": nowhere.
func (s *Service) ProviderName() string {
	if s.provider == nil {
		return ""
	}
	return s.provider.Name()
}

// ProviderSignOut is the address where a browser ends its sign-in at the provider;
// "": there is none. KindUnavailable: the provider does not answer.
func (s *Service) ProviderSignOut(ctx context.Context) (string, error) {
	if s.provider == nil {
		return "", nil
	}
	return s.provider.SignOut(ctx)
}

// SignInElsewhere begins to sign somebody in at the provider. browser is the secret of
// the cookie that an earlier try gave this browser, "" if there is none.
func (s *Service) SignInElsewhere(ctx context.Context, from Visitor, browser string) (Elsewhere, error) {
	if s.provider == nil {
		return Elsewhere{}, notFound("page.not_found")
	}
	if _, err := s.throttle(ctx, "elsewhere from "+from.Network, elsewhereTries); err != nil {
		return Elsewhere{}, err
	}
	return s.goElsewhere(ctx, browser, "")
}

// LinkElsewhere begins to link the account that acts to who it is at the provider.
// secret is that of the sign-in.
func (s *Service) LinkElsewhere(ctx context.Context, secret, password, browser string) (Elsewhere, error) {
	if s.provider == nil {
		return Elsewhere{}, notFound("page.not_found")
	}
	account, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return Elsewhere{}, err
	}
	return s.goElsewhere(ctx, browser, account.ID)
}

func (s *Service) goElsewhere(ctx context.Context, browser string, link AccountID) (Elsewhere, error) {
	var drawn [5]string
	for i := range drawn {
		var err error
		if drawn[i], err = s.newID(); err != nil {
			return Elsewhere{}, err
		}
	}
	if len(browser) != len(drawn[0]) {
		browser = drawn[0]
	}
	ask := ProviderAsk{State: drawn[1], Nonce: drawn[2], Verifier: drawn[3] + drawn[4]}
	address, err := s.provider.Start(ctx, ask)
	if err != nil {
		return Elsewhere{}, err
	}
	now := s.moment()
	try := elsewhereTry{hashSecret(browser), ask.Nonce, ask.Verifier, link, now.Add(elsewhereLife)}
	record, err := encode(recordElsewhere, hashSecret(ask.State), string(link), "", try.Ends, 0, try)
	if err != nil {
		return Elsewhere{}, err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return Elsewhere{}, err
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordElsewhere, now)
	return Elsewhere{address, browser, try.Ends}, err
}

// Returned is what a browser brings back from the provider.
type Returned struct {
	State   string
	Code    string
	Browser string // secret of the cookie that binds it
	SignIn  string // secret of the open sign-in, if there is one
	From    Visitor
}

// BackFromElsewhere ends what SignInElsewhere or LinkElsewhere began: a sign-in, or,
// if linked, none: the one there is goes on.
// KindUnauthenticated: it was not begun in this browser, took too long, was used
// before, or the provider's answer is not to be believed.
func (s *Service) BackFromElsewhere(ctx context.Context, back Returned) (step SignInStep, linked bool, err error) {
	try, err := s.takeElsewhere(ctx, back)
	if err != nil {
		return SignInStep{}, false, err
	}
	says, err := s.provider.Finish(ctx, ProviderAsk{back.State, try.Nonce, try.Verifier}, back.Code)
	if err != nil {
		return SignInStep{}, false, err
	}
	if try.Account != "" {
		return SignInStep{}, true, s.linkOutside(ctx, try.Account, back.SignIn, says)
	}
	account, err := s.joinOutside(ctx, says)
	if err != nil {
		return SignInStep{}, false, err
	}
	step, err = s.outsideStep(ctx, account, back.From)
	return step, false, err
}

// takeElsewhere finds what was asked, and uses it up: of two who bring the same back,
// on any instance, one is heard.
func (s *Service) takeElsewhere(ctx context.Context, back Returned) (elsewhereTry, error) {
	again := &Error{Kind: KindUnauthenticated, Key: "elsewhere.begin_again"}
	if s.provider == nil || back.State == "" || back.Browser == "" {
		return elsewhereTry{}, again
	}
	id := hashSecret(back.State)
	try, err := readRecord[elsewhereTry](ctx, s.store, recordElsewhere, id)
	if kindOfNil(err) == KindNotFound {
		return try, again
	}
	if err != nil {
		return try, err
	}
	same := subtle.ConstantTimeCompare([]byte(try.Browser), []byte(hashSecret(back.Browser))) == 1
	if !same || !s.now().Before(try.Ends) {
		return try, again
	}
	first, err := s.once(ctx, "elsewhere "+id, s.moment().Add(2*elsewhereLife))
	if err != nil {
		return try, err
	}
	if !first {
		return try, again
	}
	return try, s.store.DeleteRecord(ctx, recordElsewhere, id)
}

// outsideStep goes on with an account that has signed in elsewhere. The provider asks
// for a second factor as its organisation wants it; ours is asked besides if a rule
// says so.
func (s *Service) outsideStep(ctx context.Context, account Account, from Visitor) (SignInStep, error) {
	rules, err := s.rules(ctx)
	if err != nil {
		return SignInStep{}, err
	}
	if account.Factor == nil || !rules.FactorOutside {
		return s.openStep(ctx, account, from, firstOutside)
	}
	pending, err := s.openPending(ctx, account.ID, firstOutside)
	return SignInStep{Pending: pending}, err
}

// mayUsePassword refuses a password where accounts sign in elsewhere only. An owner's
// stays: the door for when the provider does not answer.
func (s *Service) mayUsePassword(ctx context.Context, account Account) error {
	if s.provider == nil || account.Owner {
		return nil
	}
	rules, err := s.rules(ctx)
	if err != nil || !rules.OutsideOnly {
		return err
	}
	return &Error{Kind: KindUnauthenticated, Key: "elsewhere.only", Args: []any{s.provider.Name()}}
}
