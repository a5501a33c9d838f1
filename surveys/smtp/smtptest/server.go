// Package smtptest is a mail server for tests: it listens on this machine, speaks
// SMTP (go-smtp), keeps what it takes, and refuses, defers or hangs up as it is told.
package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Letter is one letter that the server took.
type Letter struct {
	From, To string // of the envelope
	Message  *mail.Message
	Body     string // with its transfer encodings
	Raw      string
}

// Server is a mail server that tells what it was asked. Rules are by the local part
// of the recipient's address, which a test can give as it likes:
//
//	gone…   550 5.1.1 at RCPT       busy…  451 4.3.0 at RCPT, as long as Busy
//	spam…   554 5.7.1 after DATA    hang…  hangs up while the letter comes, as long as Busy
//	after…  takes the letter and hangs up before it says so, as long as Busy
type Server struct {
	Address string         // host:port
	Roots   *x509.CertPool // who signed its certificate
	User    string         // who may send; "": anyone
	Key     string         // that one's password

	mu          sync.Mutex
	letters     []Letter
	connections int
	busy        bool
	encrypted   int
	taken       func(Letter)
	server      *smtp.Server
}

// Option changes how a server is set up.
type Option func(*Server)

// WithSignIn lets only this user send.
func WithSignIn(user, password string) Option {
	return func(s *Server) { s.User, s.Key = user, password }
}

// WithoutTLS offers no encryption.
func WithoutTLS() Option { return func(s *Server) { s.Roots = nil } }

// New starts a server, which ends with the test.
func New(tb testing.TB, options ...Option) *Server {
	tb.Helper()
	certificate, roots := certificate(tb)
	s := &Server{Roots: roots, busy: true}
	for _, option := range options {
		option(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.Address = listener.Addr().String()
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain, s.server.AllowInsecureAuth = "localhost", true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	if s.Roots != nil {
		s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(listener) }()
	tb.Cleanup(func() {
		if err := s.server.Close(); err != nil {
			tb.Error(err)
		}
		// A test may be over before Serve has told the server of its listener.
		_ = listener.Close()
		<-ended
	})
	return s
}

// Letters are those taken so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// To counts the letters taken by address.
func (s *Server) To() map[string]int {
	counts := map[string]int{}
	for _, letter := range s.Letters() {
		counts[letter.To]++
	}
	return counts
}

// Connections is how often somebody connected, and how often encrypted.
func (s *Server) Connections() (all, encrypted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections, s.encrypted
}

// Recover ends the trouble of busy…, hang… and after….
func (s *Server) Recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
}

// OnLetter calls do for each letter that is taken, before the sender is told.
func (s *Server) OnLetter(do func(Letter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = do
}

func (s *Server) trouble(to, rule string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy && strings.HasPrefix(to, rule)
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections++
	return &session{server: s, conn: c, known: s.User == ""}, nil
}

// session is one connection.
type session struct {
	server   *Server
	conn     *smtp.Conn
	known    bool
	from, to string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.User || password != s.server.Key {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "gone"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
	case s.server.trouble(to, "busy"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	if s.server.trouble(s.to, "hang") {
		_, _ = io.ReadFull(r, make([]byte, 64))
		return s.hangUp()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(s.to, "spam") {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Not wanted"}
	}
	if err := s.keep(string(raw)); err != nil {
		return err
	}
	if s.server.trouble(s.to, "after") {
		return s.hangUp()
	}
	return nil
}

func (s *session) keep(raw string) error {
	message, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return err
	}
	_, body, _ := strings.Cut(raw, "\r\n\r\n")
	letter := Letter{s.from, s.to, message, body, raw}
	s.server.mu.Lock()
	s.server.letters = append(s.server.letters, letter)
	if _, encrypted := s.conn.TLSConnectionState(); encrypted {
		s.server.encrypted++
	}
	taken := s.server.taken
	s.server.mu.Unlock()
	if taken != nil {
		taken(letter)
	}
	return nil
}

func (s *session) hangUp() error {
	return errors.Join(errors.New("hung up"), s.conn.Conn().Close())
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

// certificate is a new one for this machine, signed by itself.
func certificate(tb testing.TB) (tls.Certificate, *x509.CertPool) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, roots
}
