package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/sqlitestore"
)

// runDemo loads the made-up programmes into a folder of their own and serves them.
func runDemo(ctx context.Context, c config, out io.Writer) (err error) {
	if c.mongo != "" {
		return errors.New("the demonstration keeps its data in a folder of its own, never in MongoDB: take MONGODB_URI away, or use serve")
	}
	// The port first: finding it taken after loading would waste the wait.
	if err := tryPort(c.listen); err != nil {
		return err
	}
	folder, err := demoFolder(c.data)
	if err != nil {
		return err
	}
	c.data = folder
	store, err := sqlitestore.Open(ctx, filepath.Join(folder, databaseFile))
	if err != nil {
		return err
	}
	defer closing(&err, store)
	service, err := withMail(surveys.NewService(store, time.Now, rand.Reader), c, cmp.Or(c.baseURL, demoBase(c.listen)), folder)
	if err != nil {
		return err
	}
	if service, err = withProvider(service, c); err != nil {
		return err
	}
	loaded, err := demo.Load(ctx, service, progressLine(out))
	if err != nil {
		return fmt.Errorf("loading the demonstration: %w", err)
	}
	if err := demo.Retire(ctx, service.WithFiles(app.Files()), loaded); err != nil {
		return fmt.Errorf("loading the demonstration: %w", err)
	}
	return listenAndServe(ctx, c, service, true, out, func(base string) error {
		return introduce(out, c, base, folder, loaded)
	})
}

// demoBase is the address for the links in letters where none is set: this machine.
func demoBase(listen string) string {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	return "http://" + net.JoinHostPort("localhost", port)
}

// tryPort finds out whether the port is free.
func tryPort(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return portError(address, err)
	}
	return listener.Close()
}

// demoFolder is the folder that is set, which must not hold a database yet, or a
// new temporary one.
func demoFolder(set string) (string, error) {
	if set == "" {
		folder, err := os.MkdirTemp("", "soundings-demo-")
		if err != nil {
			return "", folderError(os.TempDir(), err)
		}
		return folder, nil
	}
	if err := os.MkdirAll(set, 0o700); err != nil {
		return "", folderError(set, err)
	}
	if _, err := os.Stat(filepath.Join(set, databaseFile)); err == nil {
		return "", fmt.Errorf("the folder %s holds data already: choose another with -data, or leave it out for a new one", set)
	}
	return set, nil
}

// progressLine writes one line that is rewritten at each per cent.
func progressLine(out io.Writer) func(done, total int) {
	shown := -1
	return func(done, total int) {
		percent := 100 * done / max(total, 1)
		if percent == shown {
			return
		}
		shown = percent
		_, _ = fmt.Fprintf(out, "\rLoading made-up programmes: %d %%", percent)
		if done == total {
			_, _ = fmt.Fprintln(out)
		}
	}
}

// introduce prints all that a visitor needs.
func introduce(out io.Writer, c config, base, folder string, d demo.Result) error {
	_, err := fmt.Fprintf(out, `
Soundings demonstration: all people and answers are made up.

  Staff pages    %s
  Sign in with   %s   password %s
  For concerns   %s   password %s
  On a phone     %s
  Data           %s  (delete the folder when you are done)

Stop with Ctrl+C.
`, base, demo.Email, d.Password, demo.LeadEmail, d.Lead, phoneLink(c, base, d.Respondent), folder)
	return err
}

// phoneLink is a respondent's address with this machine's address in its
// network, since a phone cannot reach "localhost".
func phoneLink(c config, base, token string) string {
	if host, port, err := net.SplitHostPort(strings.TrimPrefix(base, "http://")); err == nil && c.baseURL == "" && host == "localhost" {
		if ip := networkAddress(); ip != "" {
			base = "http://" + net.JoinHostPort(ip, port)
		}
	}
	return base + "/s/" + token
}

// networkAddress is this machine's first address that others can reach, or "".
func networkAddress() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return ""
}
