package surveys

import (
	"context"
	"net/url"
	"time"
)

// Post takes letters to a mail server. Package smtp is the one there is.
type Post interface {
	// Open connects for one batch of letters. The error holds no address.
	Open(ctx context.Context) (Round, error)
}

// Round is one connection to the mail server, for letters one after another.
type Round interface {
	Deliver(ctx context.Context, l Letter) Delivery
	Close() error
}

// Letter is one letter, ready to be sent.
type Letter struct {
	To          string // the address
	Name        string // of who gets it; "" if it is not known
	Tag         string // comes back in what a mail server says of it later: 16 unambiguous signs
	Written     time.Time
	Language    string // BCP 47
	Subject     string
	Text, HTML  string // the same words twice
	Unsubscribe string // address that ends letters at one POST; "" in a test letter
}

// Outcome is what became of handing a letter over.
type Outcome string

const (
	Delivered Outcome = "delivered" // the server has taken it
	Refused   Outcome = "refused"   // the server takes nothing for this address, ever
	Rejected  Outcome = "rejected"  // the server does not take this letter; the address may be good
	Deferred  Outcome = "deferred"  // not now
	Lost      Outcome = "lost"      // the connection broke before all was sent, or the server takes none of ours: nothing was delivered
	Unknown   Outcome = "unknown"   // the connection broke when all was sent: perhaps it was delivered
)

// Delivery is the outcome with the code that the server gave: "550 5.1.1", "451",
// "" if it said nothing.
type Delivery struct {
	Outcome Outcome
	Code    string
}

// LetterWriter puts letters into words. Package app does, which has the sentences.
type LetterWriter interface {
	WriteLetter(LetterFacts) (Wording, error)
}

// LetterFacts is what a letter says.
type LetterFacts struct {
	Language    string // wished for; the one it is written in is in Wording
	Step        Step
	Programme   string // its name
	Name        string // of who gets it; "" if it is not known
	Subject     string // in the author's words, with {{link}}, {{programme}}, {{closes}}; "": the product's own
	Body        string // likewise
	Link        string // that person's own address
	Unsubscribe string
	Closes      time.Time // in the programme's zone; zero: no end is set
	Test        bool      // sent to try out
}

// Wording is a letter in words.
type Wording struct {
	Language, Subject, Text, HTML string
}

// Mail is what writing letters needs. Each part may be missing: without a Post
// nothing is sent, without a Key no address is kept.
type Mail struct {
	Post   Post
	Writer LetterWriter
	Base   string // the address people reach Soundings by, without a path: "https://feedback.example.org"
	Key    AddressKey
}

// WithMail returns the same service writing letters by m.
func (s *Service) WithMail(m Mail) *Service {
	mailing := *s
	mailing.mail = m
	return &mailing
}

// MaySend says what is missing for letters to be sent; nil if nothing is.
func (s *Service) MaySend() error {
	switch {
	case s.mail.Post == nil:
		return &Error{Kind: KindInvalid, Key: "mail.no_server"}
	case s.mail.Writer == nil || s.mail.Base == "":
		return &Error{Kind: KindInvalid, Key: "mail.no_base"}
	}
	return s.mayKeepAddresses()
}

// address is a page's own, as letters name it.
func (m Mail) address(path, secret string) string { return m.Base + path + url.PathEscape(secret) }
