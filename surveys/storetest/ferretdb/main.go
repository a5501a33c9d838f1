// Command ferretdb is the MongoDB stand-in of the tests: FerretDB 1.24 over
// SQLite in a temporary folder. It prints its address as one line and runs until
// its standard input ends, so that it never outlives the test that started it.
// It has a module of its own, so that the product does not depend on FerretDB.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "soundings_ferretdb_")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.DiscardHandler),
		Handler:   "sqlite",
		SQLiteURL: "file:" + filepath.ToSlash(folder) + "/",
	})
	if err != nil {
		return err
	}
	go server.Run(context.Background())
	address, err := url.Parse(server.MongoDBURI())
	if err != nil {
		return err
	}
	proxy, err := serve(address.Host)
	if err != nil {
		return err
	}
	fmt.Printf("mongodb://%s/\n", proxy)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
