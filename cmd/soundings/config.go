package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"soundings/surveys/oidc"
)

// setting is one thing that can be set, by flag or by environment. The list is
// what -h prints and what the README's table is checked against.
type setting struct {
	flag, env string
	byDefault string
	secret    bool
	meaning   string
	read      func(c *config, value string) error // says what is wrong and how to mend it
}

// config is what the settings came to.
type config struct {
	listen  string
	baseURL string
	data    string // folder; "" lets the command choose
	mongo   string // connection string; "" is SQLite
	proxies []string
	submits int // whole forms a network may send in a quarter of an hour; 0: no limit
	level   slog.Level
	json    bool
	metrics string        // address; "": none
	drain   time.Duration // between not being ready and ending
	mail    mailConfig
	oidc    oidc.Config // Issuer "": nobody signs in elsewhere
	tls     tlsConfig
	backups backupConfig
	email   string // whom the command account is about
}

// defaultListen is where to answer if nothing is set.
const defaultListen = ":8080"

// settings lists every setting.
func settings() []setting {
	return append([]setting{
		{"listen", "SOUNDINGS_LISTEN", defaultListen, false, "address and port to answer on", readListen},
		{"base-url", "SOUNDINGS_BASE_URL", "", false, "how people reach it, for links and QR codes; empty: the address asked for", readBaseURL},
		{"data", "SOUNDINGS_DATA", "", false, "folder of the SQLite store; empty: soundings-data here (demo: a new temporary folder)", readData},
		{"mongodb", "MONGODB_URI", "", true, "connection string; set: MongoDB is the store instead of SQLite (not for demo)", readMongo},
		{"trusted-proxies", "SOUNDINGS_TRUSTED_PROXIES", "", false, "addresses or ranges of proxies whose X-Forwarded headers are believed, with commas", readProxies},
		{"submits-per-network", "SOUNDINGS_SUBMITS_PER_NETWORK", "3000", false, "forms that one network address may send in a quarter of an hour; 0: no limit", readSubmits},
		{"log-level", "SOUNDINGS_LOG_LEVEL", "info", false, "debug, info, warn or error", readLevel},
		{"log-format", "SOUNDINGS_LOG_FORMAT", "text", false, "text or json", readFormat},
		// Sign-in elsewhere and encryption: oidcSettings and tlsSettings below.
		// Backups.
		{"backup-dir", "SOUNDINGS_BACKUP_DIR", "", false, "folder for scheduled backups, which must be there; empty: none are made", readBackupDir},
		{"backup-every", "SOUNDINGS_BACKUP_EVERY", "24h", false, "time between two scheduled backups", readBackupEvery},
		{"backup-keep", "SOUNDINGS_BACKUP_KEEP", "14", false, "how many scheduled backups are kept", readBackupKeep},
		{"backup-recipients", "SOUNDINGS_BACKUP_RECIPIENTS", "", false, "age public keys that backups are encrypted for, with commas; empty: they are not encrypted", readBackupRecipients},
		// Running.
		{"metrics", "SOUNDINGS_METRICS", "", false, "address and port of their own for Prometheus metrics, such as 127.0.0.1:9464; empty: none", readMetrics},
		{"drain", "SOUNDINGS_DRAIN", "0s", false, "how long /readyz says no before the program ends, so that a proxy that asks it goes elsewhere", readDrain},
	}, slices.Concat(oidcSettings(), tlsSettings(), mailSettings())...)
}

// readConfig reads a command's settings: a flag wins over the environment, the
// environment over the default.
func readConfig(name string, args []string, getenv func(string) string, out io.Writer) (config, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() { printSettings(out, name) }
	given := map[string]*word{}
	for _, s := range settings() {
		given[s.flag] = &word{alone: s.byDefault == "no"}
		flags.Var(given[s.flag], s.flag, s.meaning)
	}
	var c config
	addOptions(flags, name, &c)
	if err := flags.Parse(args); err != nil {
		return c, fmt.Errorf("%w; soundings %s -h lists the settings", err, name)
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("%q is one word too many; soundings %s -h lists the settings", flags.Arg(0), name)
	}
	for _, s := range settings() {
		value, from := s.byDefault, s.env
		if v := getenv(s.env); v != "" {
			value = v
		}
		if v := given[s.flag].value; v != "" {
			value, from = v, "-"+s.flag
		}
		if err := s.read(&c, value); err != nil {
			return c, fmt.Errorf("setting %s %w", from, err)
		}
	}
	return c, c.completeTLS()
}

// word is the value of a flag. One that says yes or no may stand alone, and says yes.
type word struct {
	value string
	alone bool
}

// String and Set implement flag.Value, IsBoolFlag what lets a flag stand alone.
func (w *word) String() string { return w.value }

func (w *word) Set(value string) error {
	if w.alone && value == "true" {
		value = "yes"
	}
	w.value = value
	return nil
}

func (w *word) IsBoolFlag() bool { return w.alone }

func printSettings(out io.Writer, name string) {
	printOptions(out, name)
	_, _ = fmt.Fprintf(out, "Settings of soundings %s (flag, environment, default):\n", name)
	for _, s := range settings() {
		secret := ""
		if s.secret {
			secret = " (secret)"
		}
		_, _ = fmt.Fprintf(out, "  -%s, %s, %q%s\n      %s\n", s.flag, s.env, s.byDefault, secret, s.meaning)
	}
}

func readListen(c *config, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("is %q: write an address and a port, such as :8080 or 127.0.0.1:8080", value)
	}
	c.listen = value
	return nil
}

func readBaseURL(c *config, value string) error {
	u, err := url.Parse(value)
	if value != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "") {
		return fmt.Errorf("is %q: write the address without a path, such as https://feedback.example.org", value)
	}
	c.baseURL = strings.TrimSuffix(value, "/")
	return nil
}

func readData(c *config, value string) error {
	c.data = value
	return nil
}

// readMongo never repeats the value, which may hold a password.
func readMongo(c *config, value string) error {
	if value != "" && !strings.HasPrefix(value, "mongodb://") && !strings.HasPrefix(value, "mongodb+srv://") {
		return fmt.Errorf("is not a MongoDB connection string: it begins with mongodb:// or mongodb+srv://, such as mongodb://localhost:27017/soundings")
	}
	c.mongo = value
	return nil
}

func readProxies(c *config, value string) error {
	for _, part := range strings.Split(value, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		_, addressErr := netip.ParseAddr(part)
		_, rangeErr := netip.ParsePrefix(part)
		if addressErr != nil && rangeErr != nil {
			return fmt.Errorf("holds %q: write addresses or ranges with commas, such as 10.0.0.5,192.168.0.0/16", part)
		}
		c.proxies = append(c.proxies, part)
	}
	return nil
}

func readSubmits(c *config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Errorf("is %q: write a whole number, such as 3000, or 0 for no limit", value)
	}
	c.submits = n
	return nil
}

func readLevel(c *config, value string) error {
	if err := c.level.UnmarshalText([]byte(value)); err != nil {
		return fmt.Errorf("is %q: write debug, info, warn or error", value)
	}
	return nil
}

func readFormat(c *config, value string) error {
	if value != "text" && value != "json" {
		return fmt.Errorf("is %q: write text or json", value)
	}
	c.json = value == "json"
	return nil
}

func readMetrics(c *config, value string) error {
	if _, _, err := net.SplitHostPort(value); value != "" && err != nil {
		return fmt.Errorf("is %q: write an address and a port, such as 127.0.0.1:9464", value)
	}
	c.metrics = value
	return nil
}

// longestDrain is longer than any proxy waits between two looks.
const longestDrain = 5 * time.Minute

func readDrain(c *config, value string) (err error) {
	if c.drain, err = time.ParseDuration(value); err != nil || c.drain < 0 || c.drain > longestDrain {
		return fmt.Errorf("is %q: write a time up to 5m, such as 5s, or 0s", value)
	}
	return nil
}
