package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/mongostore"
	"soundings/surveys/sqlitestore"
)

// defaultData is the folder of the SQLite store where none is set.
const defaultData = "soundings-data"

// databaseFile is the file's name in the folder.
const databaseFile = "soundings.db"

// serve answers requests over the store that is set, until ctx ends.
func serve(ctx context.Context, c config, out io.Writer) (err error) {
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	tellMigrated(newLog(c, os.Stderr), store)
	if err := surveys.HalfRestored(ctx, store); err != nil {
		return err
	}
	folder := ""
	if c.mongo == "" {
		folder = cmp.Or(c.data, defaultData)
	}
	service, err := withMail(surveys.NewService(store, time.Now, rand.Reader).WithBackups(c.backups.plan()), c, c.baseURL, folder)
	if err != nil {
		return err
	}
	if service, err = withProvider(service, c); err != nil {
		return err
	}
	return listenAndServe(ctx, c, service, false, out, func(base string) error {
		return announce(ctx, service, base, out)
	})
}

// closing closes the store and reports a failure to do so if there is no other.
func closing(err *error, store surveys.Store) {
	if closeErr := store.Close(); closeErr != nil && *err == nil {
		*err = fmt.Errorf("closing the store: %w", closeErr)
	}
}

// openStore opens MongoDB if it is set, and SQLite in the data folder otherwise.
func openStore(ctx context.Context, c config) (surveys.Store, error) {
	if c.mongo != "" {
		return mongostore.Open(ctx, c.mongo)
	}
	folder := cmp.Or(c.data, defaultData)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, folderError(folder, err)
	}
	return sqlitestore.Open(ctx, filepath.Join(folder, databaseFile))
}

func folderError(folder string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("the data folder %s cannot be used (%w): choose a folder that this account may write to with -data or SOUNDINGS_DATA", folder, err)
}

// announce says where it runs, in which store, and how the first account is made.
func announce(ctx context.Context, service *surveys.Service, base string, out io.Writer) error {
	secret, err := service.SetUpSecret(ctx)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Soundings answers on %s\nStore: %s\n", base, service.Describe())
	if secret != "" {
		said += fmt.Sprintf("Create the first account within 24 hours with this link, which works once:\n  %s/set-up/%s\n", base, secret)
	}
	fits, err := service.AddressKeyFits(ctx)
	if err != nil {
		return err
	}
	if !fits {
		said += anotherKey + "\n"
	}
	_, err = io.WriteString(out, said)
	return err
}

// anotherKey says what is missing where a store came without its address key.
const anotherKey = "The address key is not the one of this store: addresses, requests for contact and second factors cannot be read. " +
	"Stop, put " + addressKeyFile + " back into the data folder as it was, or set SOUNDINGS_ADDRESS_KEY."

// listenAndServe takes the port, says so, and serves until ctx ends.
func listenAndServe(ctx context.Context, c config, service *surveys.Service, demo bool, out io.Writer, ready func(base string) error) error {
	listener, err := listen(c.listen)
	if err != nil {
		return err
	}
	log := newLog(c, os.Stderr)
	listener, besides, err := encrypt(ctx, c, service, listener, log)
	if err != nil {
		return err
	}
	service, set := counting(c, service)
	if err := serveMetrics(ctx, c, set, log); err != nil {
		return errors.Join(err, listener.Close())
	}
	log.Info("store", slog.String("store", service.Describe()))
	server, err := app.New(service, app.Config{BaseURL: c.baseURL, TrustedProxies: c.proxies, SubmitsPerNetwork: c.submits, Demo: demo, Version: version(), Metrics: set, Drain: c.drain, Connections: connectionLimit()}, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer working(ctx, service.WithFiles(app.Files()), log)()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	err = ready(baseOf(c, listener.Addr()))
	if err == nil {
		_, err = io.WriteString(out, besides)
	}
	if err != nil {
		return errors.Join(err, server.Shutdown())
	}
	tellManager(daemon.SdNotifyReady)
	debug.FreeOSMemory() // making the templates and scripts took memory that answering does not need
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		tellManager(daemon.SdNotifyStopping)
		err := server.Shutdown()
		// Told to end before it had begun to accept, Serve would wait for ever.
		if closeErr := listener.Close(); closeErr != nil && !errors.Is(closeErr, net.ErrClosed) {
			err = errors.Join(err, closeErr)
		}
		return errors.Join(err, <-ended)
	}
}

// working does the service's chores until what it returns is called.
func working(ctx context.Context, service *surveys.Service, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		service.Work(ctx, log)
	}()
	return func() { cancel(); <-ended }
}

func portError(address string, err error) error {
	return fmt.Errorf("cannot answer on %s (%w): stop what uses that port, or choose another with -listen or SOUNDINGS_LISTEN", address, cause(err))
}

// cause strips net's repetition of operation and address.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// baseOf is the address to print: the one set, or this machine's.
func baseOf(c config, addr net.Addr) string {
	if c.baseURL != "" {
		return c.baseURL
	}
	scheme := "http://"
	if c.tls.on() {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return scheme + addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + net.JoinHostPort(host, port)
}
