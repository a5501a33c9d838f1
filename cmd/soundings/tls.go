package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"soundings/surveys"
)

// tlsConfig is what the settings for encryption came to. At most one of local, domain
// and cert is set; none leaves encryption to a proxy.
type tlsConfig struct {
	local     bool   // a certificate of our own, for trying it
	domain    string // a certificate of an authority for this name
	cert, key string // files
	http      string // where to answer without encryption, for the authority and for who types no https
	acme      string // directory of the authority; "" is Let's Encrypt
	email     string // that the authority may write to; "": none
}

// tlsSettings are the settings for encryption.
func tlsSettings() []setting {
	return []setting{
		{"tls", "SOUNDINGS_TLS", "no", false, "yes: answer by HTTPS with a certificate of our own, for trying it on a phone; it is kept in the data folder", readTLS},
		{"tls-domain", "SOUNDINGS_TLS_DOMAIN", "", false, "answer by HTTPS, on :443 unless -listen says else, with a certificate for this name from Let's Encrypt", readDomain},
		{"tls-cert", "SOUNDINGS_TLS_CERT", "", false, "file of a certificate and those that vouch for it, in PEM: answer by HTTPS; read again when it changes", func(c *config, v string) error { c.tls.cert = v; return nil }},
		{"tls-key", "SOUNDINGS_TLS_KEY", "", false, "file of its key, in PEM", func(c *config, v string) error { c.tls.key = v; return nil }},
		{"tls-http", "SOUNDINGS_TLS_HTTP", ":80", false, "with -tls-domain: where the authority asks, and who types no https is sent on; empty cannot be set, so a proxy's port", readTLSHTTP},
		{"tls-acme", "SOUNDINGS_TLS_ACME", "", false, "with -tls-domain: directory address of another authority than Let's Encrypt", readACME},
		{"tls-email", "SOUNDINGS_TLS_EMAIL", "", false, "with -tls-domain: address that the authority may write to", func(c *config, v string) error { c.tls.email = v; return nil }},
	}
}

func readTLS(c *config, value string) error {
	if value != "yes" && value != "no" {
		return fmt.Errorf("is %q: write yes or no", value)
	}
	c.tls.local = value == "yes"
	return nil
}

func readDomain(c *config, value string) error {
	if value != "" && (!strings.Contains(strings.Trim(value, "."), ".") || strings.ContainsAny(value, ":/* ,")) {
		return fmt.Errorf("is %q: write one name, such as feedback.example.org", value)
	}
	c.tls.domain = strings.ToLower(value)
	return nil
}

func readTLSHTTP(c *config, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("is %q: write an address and a port, such as :80", value)
	}
	c.tls.http = value
	return nil
}

func readACME(c *config, value string) error {
	if value != "" && !strings.HasPrefix(value, "https://") {
		return fmt.Errorf("is %q: write the address of a directory, such as https://acme.example.org/directory", value)
	}
	c.tls.acme = value
	return nil
}

// on reports whether we encrypt ourselves.
func (t tlsConfig) on() bool { return t.local || t.domain != "" || t.cert != "" }

// completeTLS checks the settings for encryption together, and fills in what follows
// from them.
func (c *config) completeTLS() error {
	ways := 0
	for _, set := range []bool{c.tls.local, c.tls.domain != "", c.tls.cert != "" || c.tls.key != ""} {
		if set {
			ways++
		}
	}
	switch {
	case ways > 1:
		return errors.New("settings -tls, -tls-domain and -tls-cert exclude each other: choose where the certificate comes from")
	case (c.tls.cert == "") != (c.tls.key == ""):
		return errors.New("settings -tls-cert and -tls-key go together: give both files")
	}
	if c.tls.domain == "" {
		return nil
	}
	c.baseURL = cmp.Or(c.baseURL, "https://"+c.tls.domain)
	if c.listen == defaultListen {
		c.listen = ":https"
	}
	return nil
}

// encrypted is a listener that encrypts, and ends as the one below it does.
type encrypted struct {
	net.Listener
	below net.Listener
}

// SetDeadline ends Accept then.
func (e encrypted) SetDeadline(t time.Time) error {
	timed, ok := e.below.(interface{ SetDeadline(time.Time) error })
	if !ok {
		return errors.ErrUnsupported
	}
	return timed.SetDeadline(t)
}

// encrypt has listener encrypt, if that is set. said is what to tell who started it.
func encrypt(ctx context.Context, c config, service *surveys.Service, listener net.Listener, log *slog.Logger) (secured net.Listener, said string, err error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	switch {
	case c.tls.domain != "":
		manager, err := newManager(c, service)
		if err != nil {
			return nil, "", err
		}
		if err := answerHTTP(ctx, c.tls, manager, log); err != nil {
			return nil, "", err
		}
		settings.GetCertificate = manager.GetCertificate
		settings.NextProtos = append(settings.NextProtos, acme.ALPNProto)
	case c.tls.cert != "":
		files := &certFiles{cert: c.tls.cert, key: c.tls.key, log: log, now: time.Now}
		if err := files.read(); err != nil {
			return nil, "", err
		}
		settings.GetCertificate = files.get
	case c.tls.local:
		names := localNames(c.baseURL)
		own, fingerprint, err := ownCertificate(tlsFolder(c), names, time.Now())
		if err != nil {
			return nil, "", err
		}
		settings.Certificates = []tls.Certificate{own}
		said = aboutOwn(listener.Addr(), names, fingerprint)
	default:
		return listener, "", nil
	}
	return encrypted{tls.NewListener(listener, settings), listener}, said, nil
}

// tlsFolder is where certificates lie that we get or make.
func tlsFolder(c config) string { return filepath.Join(cmp.Or(c.data, defaultData), "certificates") }

// newManager gets and renews the certificate of a domain. It lies in the data folder,
// or on MongoDB in the store, where every instance finds it and the answers to the
// authority's questions.
func newManager(c config, service *surveys.Service) (*autocert.Manager, error) {
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.tls.domain), Email: c.tls.email,
		Cache: autocert.DirCache(tlsFolder(c)),
	}
	if c.tls.acme != "" {
		m.Client = &acme.Client{DirectoryURL: c.tls.acme}
	}
	if c.mongo == "" {
		return m, nil
	}
	if !service.KeepsAddresses() {
		return nil, errors.New("certificates in MongoDB are sealed: set SOUNDINGS_ADDRESS_KEY (\"openssl rand -base64 32\" prints one), the same for every instance")
	}
	m.Cache = storeCache{service}
	return m, nil
}

// storeCache keeps certificates in the store.
type storeCache struct{ service *surveys.Service }

func (s storeCache) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := s.service.TLSFile(ctx, name)
	if err != nil && surveys.KindOf(err) == surveys.KindNotFound {
		return nil, autocert.ErrCacheMiss
	}
	return data, err
}

func (s storeCache) Put(ctx context.Context, name string, data []byte) error {
	return s.service.KeepTLSFile(ctx, name, data)
}

func (s storeCache) Delete(ctx context.Context, name string) error {
	return s.service.DropTLSFile(ctx, name)
}

// Limits of requests without encryption, which all have a short answer.
const (
	plainTime   = 10 * time.Second
	plainHeader = 8 << 10 // bytes
)

// answerHTTP answers the authority without encryption until ctx ends, and sends
// everybody else to the same address with it.
func answerHTTP(ctx context.Context, t tlsConfig, manager *autocert.Manager, log *slog.Logger) error {
	listener, err := net.Listen("tcp", t.http)
	if err != nil {
		return fmt.Errorf("cannot answer on %s (%w), where the authority asks and browsers come first: stop what uses that port, allow this program to use it, or choose another with -tls-http", t.http, cause(err))
	}
	server := &http.Server{
		Handler: manager.HTTPHandler(onward(t.domain)), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ReadTimeout: plainTime, WriteTimeout: plainTime, IdleTimeout: plainTime, MaxHeaderBytes: plainHeader,
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return nil
}

// onward sends a browser on to the same address with encryption, whatever host it
// asked for: no other is ours.
func onward(domain string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use https.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "https://"+domain+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}

// certFiles is a certificate in files, read again when they change: whoever renews it
// need not tell us.
type certFiles struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	pair    *tls.Certificate
	changed [2]time.Time // of the files, when they were read
	looked  time.Time
}

// lookEvery is how often is looked whether the files have changed.
const lookEvery = 10 * time.Second

// get is the certificate now. One that cannot be read leaves the last in its place.
func (f *certFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		if changed, err := f.times(); err != nil || changed != f.changed {
			if err == nil {
				err = f.load(changed)
			}
			if err != nil {
				f.log.Error("certificate", slog.String("cause", err.Error()))
			}
		}
	}
	return f.pair, nil
}

// read reads both files for the first time.
func (f *certFiles) read() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed, err := f.times()
	if err == nil {
		err = f.load(changed)
	}
	if err != nil {
		return fmt.Errorf("the certificate cannot be used (%w): check -tls-cert and -tls-key", err)
	}
	f.looked = f.now()
	return nil
}

func (f *certFiles) load(changed [2]time.Time) error {
	loaded, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.pair, f.changed = &loaded, changed
	return nil
}

func (f *certFiles) times() (changed [2]time.Time, err error) {
	for i, name := range []string{f.cert, f.key} {
		about, err := os.Stat(name)
		if err != nil {
			return changed, err
		}
		changed[i] = about.ModTime()
	}
	return changed, nil
}
