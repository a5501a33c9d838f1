package mongostore

import (
	"errors"
	"net/url"
	"strings"
)

// defaultDatabase is used where the address names none.
const defaultDatabase = "soundings"

// address is what may be said of a MongoDB URI.
type address struct {
	hosts    string // "db1:27017,db2:27017"
	database string
	secret   string // the user and password part; never shown
}

// parseAddress reads mongodb://user:password@host,host/database?options.
func parseAddress(uri string) (address, error) {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found || (scheme != "mongodb" && scheme != "mongodb+srv") {
		return address{}, errors.New("the MongoDB address does not begin with mongodb:// or mongodb+srv://: check it")
	}
	rest, _, _ = strings.Cut(rest, "?")
	var where address
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		where.secret, rest = rest[:at], rest[at+1:]
	}
	hosts, path, _ := strings.Cut(rest, "/")
	database, err := url.PathUnescape(path)
	if err != nil {
		return address{}, errors.New("the database name in the MongoDB address is not readable: check its % signs")
	}
	if database == "" {
		database = defaultDatabase
	}
	where.hosts, where.database = hosts, database
	return where, nil
}

// redact returns err's text without the credentials.
func (a address) redact(err error) string {
	text := err.Error()
	if a.secret == "" {
		return text
	}
	text = strings.ReplaceAll(text, a.secret, "***")
	if _, password, found := strings.Cut(a.secret, ":"); found && password != "" {
		text = strings.ReplaceAll(text, password, "***")
	}
	return text
}
