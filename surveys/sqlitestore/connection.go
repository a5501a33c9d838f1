package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// Pragmas of every connection. busy_timeout is in milliseconds; cache_size,
// negative, in KiB.
var (
	writingPragmas = url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "cache_size(-32768)"},
		"_txlock": {"immediate"},
	}
	readingPragmas = url.Values{
		"mode":    {"ro"},
		"_pragma": {"busy_timeout(10000)", "synchronous(FULL)", "query_only(ON)"},
	}
)

// mustHold is what every connection must report, whatever was asked for.
var mustHold = map[string]string{
	"journal_mode": "wal", // some network file systems silently refuse it
	"synchronous":  "2",   // FULL: each commit is synced to disk
}

// pool opens connections to the file at path, each checked.
func pool(path string, pragmas url.Values) *sql.DB {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	address := url.URL{Scheme: "file", Path: path, RawQuery: pragmas.Encode()}
	return sql.OpenDB(connector{dsn: address.String()})
}

// connector opens checked connections.
type connector struct {
	dsn string
}

// Driver is what database/sql asks for.
func (c connector) Driver() driver.Driver { return &sqlite.Driver{} }

// Connect opens one connection and refuses it unless it is durable.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	for name, want := range mustHold {
		got, err := pragma(ctx, conn, name)
		if err == nil && got != want {
			err = fmt.Errorf("PRAGMA %s is %s, not %s: name a file on a local disk", name, got, want)
		}
		if err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// pragma reads one setting of a connection.
func pragma(ctx context.Context, conn driver.Conn, name string) (string, error) {
	rows, err := conn.(driver.QueryerContext).QueryContext(ctx, "PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil && err != io.EOF {
		return "", err
	}
	return fmt.Sprint(value[0]), nil
}
