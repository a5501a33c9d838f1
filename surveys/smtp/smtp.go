package smtp

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	mailer "github.com/wneessen/go-mail"
	client "github.com/wneessen/go-mail/smtp"

	"soundings/surveys"
)

// The ways to encrypt.
const (
	StartTLS = "starttls" // begun in clear, then encrypted, or nothing is sent
	TLS      = "tls"      // encrypted from the start
	Plain    = "none"
)

// Config says which server and how.
type Config struct {
	Address  string // host:port
	User     string // "": the server asks for none
	Password string
	From     mail.Address
	Bounces  string         // the address bounces go to, "*" in it for the letter's tag; "": From's
	Security string         // StartTLS, TLS or Plain; "": by port and place, see the package
	Host     string         // of our pages: said to the server and in Message-IDs; "": localhost
	Roots    *x509.CertPool // who may sign the server's certificate; nil: those of the system
	Patience time.Duration  // for each letter; 0: half a minute
}

// Post sends letters by one server. It is safe for concurrent use.
type Post struct {
	config Config
	host   string
	port   int
}

// New returns a Post for c. The error says which part of c is wrong, without its secrets.
func New(c Config) (*Post, error) {
	host, portText, err := net.SplitHostPort(c.Address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("%q is no host and port, such as mail.example.org:587", c.Address)
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port < 1 || port > 65535 {
		return nil, fmt.Errorf("%q is no port, such as 587", portText)
	}
	c.Security = cmp.Or(c.Security, securityOf(host, port))
	if c.Security == Plain && c.Password != "" && !here(host) {
		return nil, errors.New("a password would be sent in clear: choose starttls or tls")
	}
	c.Host, c.Patience = cmp.Or(c.Host, "localhost"), cmp.Or(c.Patience, 30*time.Second)
	c.Bounces = cmp.Or(c.Bounces, c.From.Address)
	p := &Post{config: c, host: host, port: port}
	if _, err := p.newClient(); err != nil {
		return nil, fmt.Errorf("the settings do not fit together: %w", err)
	}
	_, err = p.message(surveys.Letter{To: c.From.Address, Tag: "check"})
	return p, err
}

// securityOf is the encryption where none is said: none on this machine.
func securityOf(host string, port int) string {
	switch {
	case port == 465:
		return TLS
	case here(host):
		return Plain
	}
	return StartTLS
}

// here reports whether host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *Post) newClient() (*mailer.Client, error) {
	c := p.config
	options := []mailer.Option{
		mailer.WithPort(p.port), mailer.WithTimeout(c.Patience), mailer.WithHELO(c.Host), mailer.WithoutNoop(),
		mailer.WithTLSConfig(&tls.Config{ServerName: p.host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch c.Security {
	case TLS:
		options = append(options, mailer.WithSSL())
	case StartTLS:
		options = append(options, mailer.WithTLSPolicy(mailer.TLSMandatory))
	case Plain:
		options = append(options, mailer.WithTLSPolicy(mailer.NoTLS))
	default:
		return nil, fmt.Errorf("%q is no way to encrypt: starttls, tls or none", c.Security)
	}
	if c.User != "" {
		way := mailer.SMTPAuthAutoDiscover
		if c.Security == Plain { // only on this machine, see New
			way = mailer.SMTPAuthPlainNoEnc
		}
		options = append(options, mailer.WithSMTPAuth(way), mailer.WithUsername(c.User), mailer.WithPassword(c.Password))
	}
	return mailer.NewClient(p.host, options...)
}

// Open connects, encrypts and signs in. The connection serves one round.
func (p *Post) Open(ctx context.Context) (surveys.Round, error) {
	sender, err := p.newClient()
	if err != nil {
		return nil, err
	}
	connection, err := sender.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("reaching the mail server: %w", err)
	}
	return &round{p, sender, connection}, nil
}

// round is one connection.
type round struct {
	post       *Post
	sender     *mailer.Client
	connection *client.Client
}

// Deliver hands one letter over. A letter that is begun is not broken off: it
// takes as long as the server's patience and ours.
func (r *round) Deliver(ctx context.Context, l surveys.Letter) surveys.Delivery {
	if ctx.Err() != nil {
		return surveys.Delivery{Outcome: surveys.Lost}
	}
	message, err := r.post.message(l)
	if err != nil {
		return surveys.Delivery{Outcome: surveys.Refused, Code: "553 5.1.3"} // what a server would say of such an address
	}
	err = r.sender.SendWithSMTPClient(r.connection, message)
	if err == nil || message.IsDelivered() {
		return surveys.Delivery{Outcome: surveys.Delivered}
	}
	var failed *mailer.SendError
	if !errors.As(err, &failed) {
		return surveys.Delivery{Outcome: surveys.Lost}
	}
	return surveys.Delivery{Outcome: outcomeOf(failed), Code: codeOf(failed)}
}

// outcomeOf reads a server's refusal. The library's own words hold the address
// and go nowhere.
func outcomeOf(failed *mailer.SendError) surveys.Outcome {
	code := failed.ErrorCode()
	switch {
	case code == 0 && failed.Reason == mailer.ErrSMTPDataClose:
		return surveys.Unknown
	case code == 0, code == 421, failed.Reason == mailer.ErrSMTPMailFrom && code >= 500:
		return surveys.Lost
	case code < 500:
		return surveys.Deferred
	case failed.Reason == mailer.ErrSMTPRcptTo && !strings.HasPrefix(failed.EnhancedStatusCode(), "5.7."):
		return surveys.Refused
	}
	return surveys.Rejected
}

func codeOf(failed *mailer.SendError) string {
	if failed.ErrorCode() == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(failed.ErrorCode()) + " " + failed.EnhancedStatusCode())
}

// Close says goodbye.
func (r *round) Close() error { return r.sender.CloseWithSMTPClient(r.connection) }
