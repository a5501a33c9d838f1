package main

import (
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/backup"
)

// backupConfig is what is set about backups, and what a command about them was asked.
type backupConfig struct {
	folder     string // of scheduled backups; "": none
	every      time.Duration
	keep       int
	recipients backup.Recipients

	to, from, keys, identity string
	check, dryRun            bool
}

// plan is what the running program backs up by itself.
func (b backupConfig) plan() surveys.BackupPlan {
	return surveys.BackupPlan{Folder: b.folder, Every: b.every, Keep: b.keep, Recipients: b.recipients, Product: version()}
}

// option is a flag of one command alone.
type option struct {
	flag, meaning string
	toggle        bool // it has no value
	read          func(c *config, value string) error
}

// options lists those of each command that has some.
func options(command string) []option {
	text := func(to func(*config) *string) func(*config, string) error {
		return func(c *config, value string) error { *to(c) = value; return nil }
	}
	identity := option{"identity", "file with the age identity that opens the backup, as age-keygen writes it", false, text(func(c *config) *string { return &c.backups.identity })}
	keys := option{"keys", "folder of the keys, a file for each programme, apart from the backup", false, text(func(c *config) *string { return &c.backups.keys })}
	switch command {
	case "account":
		return []option{{"email", "address of the account that gets a new password", false, text(func(c *config) *string { return &c.email })}}
	case "backup":
		return []option{
			{"to", "file to write, - for standard output", false, text(func(c *config) *string { return &c.backups.to })},
			{"recipient", "age public key to encrypt for, once for each; without: those of -backup-recipients", false, addRecipient},
			keys,
		}
	case "restore":
		return []option{
			{"from", "backup to read, - for standard input", false, text(func(c *config) *string { return &c.backups.from })},
			{"check", "read the backup to its end and say what it holds; nothing is written", true, func(c *config, _ string) error { c.backups.check = true; return nil }},
			identity, keys,
		}
	case "restore-keys":
		return []option{identity, keys}
	case "migrate":
		return []option{
			{"dry-run", "say what would be done, and do nothing", true, func(c *config, _ string) error { c.backups.dryRun = true; return nil }},
			{"from", "store to move from: a data folder, mongodb://…, or env:NAME for a variable that holds it", false, text(func(c *config) *string { return &c.backups.from })},
			{"to", "store to move to, likewise; it must be empty", false, text(func(c *config) *string { return &c.backups.to })},
		}
	}
	return nil
}

// addOptions reads those of a command straight into c.
func addOptions(flags *flag.FlagSet, command string, c *config) {
	for _, o := range options(command) {
		if o.toggle {
			flags.BoolFunc(o.flag, o.meaning, func(value string) error { return o.read(c, value) })
			continue
		}
		flags.Func(o.flag, o.meaning, func(value string) error { return o.read(c, value) })
	}
}

func printOptions(out io.Writer, command string) {
	all := options(command)
	if len(all) == 0 {
		return
	}
	_, _ = fmt.Fprintf(out, "What soundings %s is asked for:\n", command)
	for _, o := range all {
		_, _ = fmt.Fprintf(out, "  -%s\n      %s\n", o.flag, o.meaning)
	}
}

func addRecipient(c *config, value string) error {
	recipients, err := backup.ParseRecipients([]string{value})
	c.backups.recipients = append(c.backups.recipients, recipients...)
	return err
}

func readBackupDir(c *config, value string) error {
	c.backups.folder = value
	return nil
}

// shortestInterval keeps a mistyped interval from filling a disk.
const shortestInterval = time.Minute

func readBackupEvery(c *config, value string) error {
	every, err := time.ParseDuration(value)
	if err != nil || every < shortestInterval {
		return fmt.Errorf("is %q: write a time of a minute or more, such as 24h or 90m", value)
	}
	c.backups.every = every
	return nil
}

func readBackupKeep(c *config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fmt.Errorf("is %q: write a whole number of 1 or more, such as 14", value)
	}
	c.backups.keep = n
	return nil
}

// readBackupRecipients leaves those that -recipient named.
func readBackupRecipients(c *config, value string) error {
	if value == "" || len(c.backups.recipients) > 0 {
		return nil
	}
	var keys []string
	for _, key := range strings.Split(value, ",") {
		keys = append(keys, strings.TrimSpace(key))
	}
	recipients, err := backup.ParseRecipients(keys)
	c.backups.recipients = recipients
	return err
}
