package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// APIToken is a bearer token of one account; the store holds its hash. It does what
// its scopes say, of what its account may, and nothing about accounts.
type APIToken struct {
	ID        string      `json:"id"`
	Account   AccountID   `json:"account"`
	Name      string      `json:"name" validate:"required,max=80,line"`
	Scopes    []Scope     `json:"scopes,omitempty"`    // none: from before there were any; all
	Programme ProgrammeID `json:"programme,omitempty"` // "": all programmes of the account
	Created   time.Time   `json:"created"`
	Used      time.Time   `json:"used,omitzero"` // the last day; zero: never
	Ends      time.Time   `json:"ends"`
	Revision  int64       `json:"-"`
}

func (t *APIToken) setRevision(n int64) { t.Revision = n }

// TokenDays lists for how many days a token may be made.
func TokenDays() []int { return []int{7, 30, 90, 365} }

// TokenWish is what somebody asks of a new token.
type TokenWish struct {
	Name      string
	Scopes    []Scope
	Programme ProgrammeID // "": all of the account's
	Days      int         // one of TokenDays
}

// CreateAPIToken gives the account that acts a bearer token, shown once.
func (s *Service) CreateAPIToken(ctx context.Context, wish TokenWish) (string, error) {
	account, err := requirePerson(ctx)
	if err != nil {
		return "", err
	}
	if err := checkWish(wish, account); err != nil {
		return "", err
	}
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	t := APIToken{
		ID: hashSecret(secret), Account: account.ID, Name: strings.TrimSpace(wish.Name), Programme: wish.Programme,
		Scopes: slices.Compact(slices.Sorted(slices.Values(wish.Scopes))), Created: s.moment(), Ends: s.moment().AddDate(0, 0, wish.Days),
	}
	if err := check(t); err != nil {
		return "", err
	}
	if _, err := s.put(ctx, recordAPIToken, t.ID, string(account.ID), "", 0, t); err != nil {
		return "", err
	}
	return "snd_" + secret, s.Audit(ctx, "", "api_token.created", t.Name)
}

func checkWish(wish TokenWish, account Account) error {
	if len(wish.Scopes) == 0 {
		return invalid("scopes", "api_token.no_scope")
	}
	for _, scope := range wish.Scopes {
		if !slices.Contains(Scopes(), scope) {
			return invalid("scopes", "api_token.no_scope")
		}
	}
	if wish.Programme != "" && len(account.Roles[wish.Programme]) == 0 {
		return invalid("programme", "programme.not_found")
	}
	if !slices.Contains(TokenDays(), wish.Days) {
		return invalid("days", "api_token.no_days")
	}
	return nil
}

// APITokens lists the tokens of the account that acts, oldest first.
func (s *Service) APITokens(ctx context.Context) ([]APIToken, error) {
	account, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	return s.workingTokens(ctx, string(account.ID))
}

// AllAPITokens lists the tokens of every account, for owners.
func (s *Service) AllAPITokens(ctx context.Context) ([]APIToken, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return nil, err
	}
	return s.workingTokens(ctx, "*")
}

func (s *Service) workingTokens(ctx context.Context, scope string) ([]APIToken, error) {
	all, err := listRecords[APIToken](ctx, s.store, recordAPIToken, scope)
	return slices.DeleteFunc(all, func(t APIToken) bool { return !s.now().Before(t.Ends) }), err
}

// RevokeAPIToken ends a token of the account that acts; an owner ends anybody's.
func (s *Service) RevokeAPIToken(ctx context.Context, id string) error {
	account, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	t, err := readRecord[APIToken](ctx, s.store, recordAPIToken, id)
	if err != nil {
		return orNotFound(err, "api_token.not_found")
	}
	if t.Account != account.ID && !account.Owner {
		return notFound("api_token.not_found")
	}
	if err := s.Audit(ctx, "", "api_token.revoked", t.Name); err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordAPIToken, id)
}

// AccountOfToken returns the account of a bearer token, which may what the token
// may. KindUnauthenticated if it is unknown or has ended.
func (s *Service) AccountOfToken(ctx context.Context, token string) (Account, error) {
	secret, ok := strings.CutPrefix(token, "snd_")
	if !ok {
		return Account{}, unknownToken(nil)
	}
	t, err := readRecord[APIToken](ctx, s.store, recordAPIToken, hashSecret(secret))
	if err != nil && KindOf(err) != KindNotFound {
		return Account{}, err
	}
	if err != nil || !s.now().Before(t.Ends) {
		return Account{}, unknownToken(err)
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(t.Account))
	if kindOfNil(err) == KindNotFound || err == nil && account.Inactive {
		return Account{}, unknownToken(err)
	}
	if err != nil {
		return Account{}, err
	}
	return account.shown().limited(t), s.touchToken(ctx, t)
}

func unknownToken(cause error) error {
	return &Error{Kind: KindUnauthenticated, Key: "api_token.unknown", Err: cause}
}

// limited is a with no more than t lets through: of other programmes than its own,
// and of owning, it knows nothing.
func (a Account) limited(t APIToken) Account {
	a.limit = &limit{scopes: t.Scopes, programme: t.Programme}
	a.Owner = a.Owner && t.Programme == ""
	if t.Programme != "" {
		a.Roles = map[ProgrammeID][]Role{t.Programme: a.Roles[t.Programme]}
	}
	return a
}

// touchToken keeps the day of the last use: one write in a day.
func (s *Service) touchToken(ctx context.Context, t APIToken) error {
	day := s.moment().Truncate(24 * time.Hour)
	if !day.After(t.Used) {
		return nil
	}
	_, err := change(ctx, s, recordAPIToken, t.ID, func(t *APIToken) error {
		t.Used = day
		return nil
	})
	if kind := kindOfNil(err); kind == KindConflict || kind == KindNotFound {
		return nil
	}
	return err
}

// forgetEndedTokens removes the tokens that have run out.
func (s *Service) forgetEndedTokens(ctx context.Context) error {
	all, err := listRecords[APIToken](ctx, s.store, recordAPIToken, "*")
	if err != nil {
		return err
	}
	for _, t := range all {
		if s.now().Before(t.Ends) {
			continue
		}
		if err := s.store.DeleteRecord(ctx, recordAPIToken, t.ID); err != nil {
			return fmt.Errorf("forgetting an API token: %w", err)
		}
	}
	return nil
}
