package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"soundings/surveys"
)

// grade is how a finding is meant.
type grade string

const (
	fine   grade = "ok    "
	advice grade = "advice"
	fault  grade = "FAULT "
)

// finding is one thing that check found.
type finding struct {
	grade grade
	about string
	said  string
}

// errFaults ends check when something has to be mended.
var errFaults = errors.New("something has to be mended: see the lines that begin with FAULT")

// check inspects a deployment without serving: what it finds, in plain words.
func check(ctx context.Context, c config, out io.Writer) error {
	found := []finding{{fine, "Settings", "they can be read."}}
	inStore, err := checkInStore(ctx, c)
	if err != nil {
		return err
	}
	found = append(found, inStore...)
	found = append(found, checkClock()...)
	found = append(found, checkFolders(c)...)
	found = append(found, checkAddress(ctx, c)...)
	found = append(found, checkLetters(ctx, c))
	return tellFound(out, found)
}

// checkInStore opens the store, unless that would change it, and looks at it.
func checkInStore(ctx context.Context, c config) (found []finding, err error) {
	at, steps, err := pending(ctx, c)
	if err != nil {
		return nil, err
	}
	if at > 0 && len(steps) > 0 {
		return []finding{{advice, "Store", fmt.Sprintf("it has schema %d, of an older Soundings: make a backup with that one, then run soundings migrate or start this one, and check again.", at)}}, nil
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	defer closing(&err, store)
	found = append(checkStore(ctx, store), checkBackups(ctx, c, store)...)
	return append(found, checkAddressKey(ctx, c, store)...), nil
}

// checkAddressKey looks whether the key fits the store, without drawing one.
func checkAddressKey(ctx context.Context, c config, store surveys.Store) []finding {
	key := c.mail.key
	if key == (surveys.AddressKey{}) && c.mongo == "" {
		raw, err := os.ReadFile(filepath.Join(cmp.Or(c.data, defaultData), addressKeyFile))
		if err == nil {
			key, err = surveys.ParseAddressKey(string(raw))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return []finding{{fault, "Address key", err.Error()}}
		}
	}
	fits, err := surveys.NewService(store, time.Now, rand.Reader).WithMail(surveys.Mail{Key: key}).AddressKeyFits(ctx)
	switch {
	case err != nil:
		return []finding{{fault, "Address key", err.Error()}}
	case !fits:
		return []finding{{fault, "Address key", anotherKey}}
	}
	return []finding{{fine, "Address key", "it is the one of this store."}}
}

// tellFound writes what was found; a fault is an error.
func tellFound(out io.Writer, found []finding) error {
	faults := false
	for _, f := range found {
		faults = faults || f.grade == fault
		if _, err := fmt.Fprintf(out, "%s  %s: %s\n", f.grade, f.about, f.said); err != nil {
			return err
		}
	}
	if faults {
		return errFaults
	}
	return nil
}

// clockApart is how far the clocks of two machines may differ: leases hold a minute.
const clockApart = 2 * time.Second

func checkStore(ctx context.Context, store surveys.Store) []finding {
	if err := store.Ping(ctx); err != nil {
		return []finding{{fault, "Store", err.Error()}}
	}
	found := []finding{{fine, "Store", store.Describe() + " answers."}}
	inspector, ok := store.(surveys.Inspector)
	if !ok {
		return found
	}
	seen, err := inspector.Inspect(ctx)
	if err != nil {
		return append(found, finding{fault, "Store", err.Error()})
	}
	for grade, all := range map[grade][]string{fine: seen.Said, advice: seen.Advice, fault: seen.Wrong} {
		for _, one := range all {
			found = append(found, finding{grade, "Store", one})
		}
	}
	if seen.Clock.IsZero() {
		return found
	}
	apart := time.Until(seen.Clock).Abs()
	if apart > clockApart {
		return append(found, finding{fault, "Clock", fmt.Sprintf("this machine's and the store's differ by %v: keep both right, with chrony or systemd-timesyncd.", apart.Round(time.Millisecond))})
	}
	return append(found, finding{fine, "Clock", "this machine's and the store's agree."})
}

func checkClock() []finding {
	kept, known := clockKept()
	switch {
	case !known:
		return nil
	case kept:
		return []finding{{fine, "Clock", "something keeps it right."}}
	}
	return []finding{{advice, "Clock", "nothing seems to keep it right (seen in a container, too): run chrony or systemd-timesyncd on the machine. One-time codes, links that open and close, and several instances need it."}}
}

// folder is a folder that is written to.
type folder struct{ name, path string }

func foldersOf(c config) []folder {
	all := []folder{{"temporary", os.TempDir()}}
	if c.mongo == "" {
		all = append(all, folder{"data", cmp.Or(c.data, defaultData)})
	}
	return all
}

// room is what a disk has left, in bytes.
type room struct{ free, whole uint64 }

// Bounds of what should be free, in bytes.
const (
	roomToMend  = 256 << 20
	roomToWatch = 2 << 30
)

func checkFolders(c config) []finding {
	var found []finding
	for _, f := range foldersOf(c) {
		found = append(found, checkRoom(f)...)
		found = append(found, checkWritable(f))
	}
	if c.mongo == "" {
		found = append(found, checkPrivate(cmp.Or(c.data, defaultData))...)
	}
	return found
}

func checkRoom(f folder) []finding {
	at, err := roomIn(f.path)
	if err != nil {
		return nil
	}
	said := fmt.Sprintf("the %s folder %s has %s free of %s", f.name, f.path, bytesInWords(at.free), bytesInWords(at.whole))
	switch {
	case at.free < roomToMend:
		return []finding{{fault, "Disk", said + ": make room, or answers cannot be kept soon."}}
	case at.free < roomToWatch:
		return []finding{{advice, "Disk", said + ": watch it."}}
	}
	return []finding{{fine, "Disk", said + "."}}
}

func bytesInWords(n uint64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d GB", n>>30)
}

func checkWritable(f folder) finding {
	file, err := os.CreateTemp(f.path, "check.*")
	if err != nil {
		return finding{fault, "Disk", folderError(f.path, err).Error()}
	}
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return finding{fault, "Disk", folderError(f.path, err).Error()}
	}
	return finding{fine, "Disk", "the " + f.name + " folder can be written to."}
}

// checkPrivate looks whether others of this machine may read what lies in the folder.
func checkPrivate(folder string) []finding {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return []finding{{fault, "Folder", folderError(folder, err).Error()}}
	}
	var open []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && info.Mode().Type()&fs.ModeSymlink == 0 {
			open = append(open, filepath.Join(folder, entry.Name()))
		}
	}
	if len(open) > 0 {
		return []finding{{fault, "Folder", "others on this machine may open " + strings.Join(open, ", ") + ": chmod go= each of them."}}
	}
	return []finding{{fine, "Folder", "nobody else on this machine may open what lies in " + folder + "."}}
}

// Bounds of how long a certificate should still be good.
const (
	certificateToMend   = 3 * 24 * time.Hour
	certificateToWatch  = 14 * 24 * time.Hour
	certificatePatience = 5 * time.Second
)

// checkAddress looks at the address that people reach us by, and its certificate.
func checkAddress(ctx context.Context, c config) []finding {
	address, err := url.Parse(c.baseURL)
	if c.baseURL == "" || err != nil {
		return []finding{{advice, "Address", "none is set: set -base-url, or links and QR codes name whatever address was asked for."}}
	}
	if address.Scheme != "https" {
		return []finding{{advice, "Address", c.baseURL + " is not encrypted: put a proxy with a certificate before it. Without one, answers can be read on the way, and pages do not open without network."}}
	}
	if c.tls.local {
		return []finding{{advice, "TLS", "the certificate is our own, which browsers warn of: for trying it only."}}
	}
	ctx, cancel := context.WithTimeout(ctx, certificatePatience)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{ServerName: address.Hostname(), MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(address.Hostname(), cmp.Or(address.Port(), "443")))
	if err != nil {
		return []finding{{fault, "TLS", fmt.Sprintf("%s cannot be reached as a browser would: %v.", c.baseURL, err)}}
	}
	defer func() { _ = conn.Close() }() // nothing was sent
	found := []finding{certificateFinding(conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter)}
	if len(c.proxies) == 0 && !c.tls.on() {
		found = append(found, finding{advice, "Proxy", "none is trusted: name the one before us in -trusted-proxies, or everybody counts as one network and is slowed down together."})
	}
	return found
}

func certificateFinding(ends time.Time) finding {
	left := time.Until(ends)
	said := fmt.Sprintf("the certificate is good until %s", ends.UTC().Format(time.DateOnly))
	switch {
	case left < certificateToMend:
		return finding{fault, "TLS", said + ": renew it now."}
	case left < certificateToWatch:
		return finding{advice, "TLS", said + ": see that it is renewed."}
	}
	return finding{fine, "TLS", said + "."}
}

func checkLetters(ctx context.Context, c config) finding {
	said, err := checkMail(ctx, c)
	switch {
	case err != nil:
		return finding{fault, "Mail", err.Error() + "."}
	case c.mail.smtp.Address == "":
		return finding{advice, "Mail", "no server is set, so nobody is written to: neither invitations, nor safeguarding leads."}
	}
	return finding{fine, "Mail", said}
}
