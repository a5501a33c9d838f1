package outsidetest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

const domain = "feedback.soundings.test"

// authority is a certificate authority that asks the ports of the program under test.
type authority struct {
	server *httptest.Server // its directory
	trust  string           // file of the certificate that the directory shows
	roots  *x509.CertPool   // of the certificates that it gives
}

func newAuthority(t *testing.T, httpPort, tlsPort string) authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	quiet := log.New(io.Discard, "", 0)
	names := "127.0.0.1:" + freePort(t)
	resolver, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{names}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	resolver.SetDefaultDNSIPv4("127.0.0.1")
	resolver.SetDefaultDNSIPv6("")
	go resolver.Run()
	t.Cleanup(resolver.Shutdown)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	wants := func(port string) int {
		n, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	asks := va.New(quiet, wants(httpPort), wants(tlsPort), false, names, store)
	front := wfe.New(quiet, store, asks, issuer, []string{"pebble.letsencrypt.org"}, false, false, 1, 1)
	a := authority{server: httptest.NewUnstartedServer(front.Handler()), roots: x509.NewCertPool()}
	pair, text := directoryCertificate(t)
	a.server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	a.server.StartTLS()
	t.Cleanup(a.server.Close)
	a.trust = filepath.Join(t.TempDir(), "directory.pem")
	if err := os.WriteFile(a.trust, text, 0o600); err != nil {
		t.Fatal(err)
	}
	kept := httptest.NewRecorder()
	front.ManagementHandler().ServeHTTP(kept, httptest.NewRequest(http.MethodGet, wfe.RootCertPath+"0", nil))
	if !a.roots.AppendCertsFromPEM(kept.Body.Bytes()) {
		t.Fatal("the authority shows no root")
	}
	return a
}

// directoryCertificate is what the directory shows: whom the program asks is not who
// it gets certificates from.
func directoryCertificate(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, &made, &made, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// TestCertificateOfAnAuthority gets a certificate for a name, serves with it, keeps it
// over a restart while the authority is away, and sends who comes without encryption on.
func TestCertificateOfAnAuthority(t *testing.T) {
	httpPort, tlsPort, data := freePort(t), freePort(t), t.TempDir()
	a := newAuthority(t, httpPort, tlsPort)
	run := func() func() {
		_, stop := start(t, "Soundings answers on https://"+domain, []string{"SSL_CERT_FILE=" + a.trust}, "serve", "-data", data,
			"-listen", "127.0.0.1:"+tlsPort, "-tls-domain", domain, "-tls-http", "127.0.0.1:"+httpPort, "-tls-acme", a.server.URL+wfe.DirectoryPath)
		return stop
	}
	stop := run()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: a.roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+tlsPort)
		},
	}}
	serial := func() string {
		t.Helper()
		answer, err := client.Get("https://" + domain + "/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Strict-Transport-Security"), "max-age=") {
			t.Errorf("status %d, headers %v", answer.StatusCode, answer.Header)
		}
		return answer.TLS.PeerCertificates[0].SerialNumber.String()
	}
	first := serial()

	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, _ := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+httpPort+"/s/abc?x=1", nil)
	r.Host = "evil.example"
	answer, err := plain.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if to := answer.Header.Get("Location"); answer.StatusCode != 301 || to != "https://"+domain+"/s/abc?x=1" {
		t.Errorf("without encryption: %d to %q", answer.StatusCode, to)
	}

	for name, settings := range map[string]*tls.Config{
		"another name": {RootCAs: a.roots, ServerName: "other.soundings.test"},
		"TLS 1.1":      {RootCAs: a.roots, ServerName: domain, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
	} {
		if conn, err := tls.Dial("tcp", "127.0.0.1:"+tlsPort, settings); err == nil {
			conn.Close()
			t.Errorf("%s is answered", name)
		}
	}

	stop()
	client.CloseIdleConnections()
	a.server.Close()
	run()
	if again := serial(); again != first {
		t.Errorf("after a restart the certificate is %s, want the same %s", again, first)
	}
}
