package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ownLife is how long a certificate of our own is good: no longer than phones take
// any (398 days). It is made anew in its last month.
const (
	ownLife  = 397 * 24 * time.Hour
	ownRenew = 30 * 24 * time.Hour
)

// ownFile is its name in the folder of certificates.
const ownFile = "own.pem"

// ownCertificate is the certificate of our own in folder, made for names if there is
// none, or another, or an old one; and its fingerprint as browsers show it.
func ownCertificate(folder string, names []string, now time.Time) (tls.Certificate, string, error) {
	path := filepath.Join(folder, ownFile)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, "", fmt.Errorf("the certificate cannot be read: %w", err)
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil || !stillGood(pair.Leaf, names, now) {
		if pair, err = newOwn(path, names, now); err != nil {
			return pair, "", err
		}
	}
	return pair, fingerprint(pair.Certificate[0]), nil
}

// stillGood reports whether a certificate is for all these names and lasts a while.
func stillGood(leaf *x509.Certificate, names []string, now time.Time) bool {
	if now.Before(leaf.NotBefore) || now.Add(ownRenew).After(leaf.NotAfter) {
		return false
	}
	for _, name := range names {
		if leaf.VerifyHostname(name) != nil {
			return false
		}
	}
	return true
}

// newOwn makes a certificate with a key of its own, for this account only to read.
func newOwn(path string, names []string, now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, err
	}
	made := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Soundings, on trial"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(ownLife - time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			made.IPAddresses = append(made.IPAddresses, ip)
		} else {
			made.DNSNames = append(made.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, &made, &made, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	var text bytes.Buffer
	for _, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := pem.Encode(&text, block); err != nil {
			return tls.Certificate{}, err
		}
	}
	if err := keepOwn(path, text.Bytes()); err != nil {
		return tls.Certificate{}, fmt.Errorf("the certificate cannot be kept: %w", err)
	}
	return tls.X509KeyPair(text.Bytes(), text.Bytes())
}

// keepOwn writes it beside its place first: a start that is broken off leaves no half.
func keepOwn(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ownFile+".*") // for this account only
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), path)
}

// fingerprint is how browsers show a certificate: "AB:CD:…".
func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

// localNames are the names and addresses that this machine is reached by.
func localNames(base string) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		names = append(names, u.Hostname())
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		names = append(names, host)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return names
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && !network.IP.IsLinkLocalUnicast() {
			names = append(names, network.IP.String())
		}
	}
	return names
}

// aboutOwn says how a phone in the same network gets here, and what it has to show.
func aboutOwn(address net.Addr, names []string, fingerprint string) string {
	said := "Its certificate is its own, so browsers warn once. Go on only if they show this SHA-256 fingerprint:\n  " + fingerprint + "\n"
	_, port, err := net.SplitHostPort(address.String())
	for _, name := range names {
		if ip := net.ParseIP(name); err == nil && ip != nil && !ip.IsLoopback() && ip.To4() != nil {
			return "On a phone in the same network: https://" + net.JoinHostPort(name, port) + "\n" + said
		}
	}
	return said
}
