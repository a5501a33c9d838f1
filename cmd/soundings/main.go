// Command soundings runs the feedback and outcomes survey platform.
//
//	soundings serve   the real thing: SQLite in a folder, or MongoDB by MONGODB_URI
//	soundings demo    a running, filled demonstration with made-up data
//	soundings check   inspects the deployment and says in plain words what it found
//	soundings ready   asks the program that runs here whether it is ready
//	soundings backup  writes everything into one file while others use it, encrypted with age
//	soundings restore fills an empty store from such a file, or checks one
//	soundings restore-keys adds the keys that lie apart from a backup
//	soundings migrate brings a store to a newer schema, or moves everything to another store
//	soundings account prints a link for a new password, for who cannot get in
//	soundings bounces reads reports of undelivered letters: soundings bounces < mailbox
//	soundings version
//
// Settings come from flags or the environment; soundings <command> -h lists them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // zones, where the system has none: a container
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes: 1 for what went wrong while running, 2 for what was asked wrongly.
const (
	exitFailed = 1
	exitUsage  = 2
)

// command is one thing the program does.
type command struct {
	name, summary string
	run           func(ctx context.Context, c config, out io.Writer) error
}

var commands = []command{
	{"serve", "answer requests, until interrupted", serve},
	{"demo", "the same with made-up programmes, in a folder of its own", runDemo},
	{"check", "inspect store, clock, disk, address, certificate, mail and backups, and say how to mend what is wrong", check},
	{"ready", "ask the program that runs here whether it is ready: exit code 0 or 1", askReady},
	{"backup", "write everything in the store into a file, while it is in use", runBackup},
	{"restore", "fill an empty store from a backup, or check one", runRestore},
	{"restore-keys", "add the keys that lie apart from a backup", runRestoreKeys},
	{"migrate", "bring the store to this program's schema, or move everything to another store", runMigrate},
	{"account", "print a link with which somebody gets a new password who cannot get in", runAccount},
	{"bounces", "read what mail servers report of letters from standard input", takeBounces},
	{"version", "print the version", func(_ context.Context, _ config, out io.Writer) error {
		_, err := fmt.Fprintln(out, "soundings", version())
		return err
	}},
}

// run is the program, with all that it touches as arguments, and returns its exit code.
func run(ctx context.Context, args []string, getenv func(string) string, out, errOut io.Writer) int {
	if len(args) == 0 {
		usage(errOut)
		return exitUsage
	}
	for _, cmd := range commands {
		if cmd.name != args[0] {
			continue
		}
		c, err := readConfig(cmd.name, args[1:], getenv, out)
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		if err != nil {
			complain(errOut, err)
			return exitUsage
		}
		if err := cmd.run(ctx, c, out); err != nil {
			complain(errOut, err)
			return exitFailed
		}
		return 0
	}
	if args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		usage(out)
		return 0
	}
	complain(errOut, fmt.Errorf("there is no command %q; the commands are %s", args[0], commandNames()))
	return exitUsage
}

// commandNames lists the commands: "serve, demo and version".
func commandNames() string {
	var names []string
	for _, cmd := range commands {
		names = append(names, cmd.name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// complain says what is wrong in one line. A writer that fails cannot be told.
func complain(w io.Writer, err error) { _, _ = fmt.Fprintln(w, "soundings:", err) }

func usage(w io.Writer) {
	_, _ = fmt.Fprintln(w, "Soundings: feedback and outcomes surveys.\n\nUsage: soundings <command> [flags]")
	for _, cmd := range commands {
		_, _ = fmt.Fprintf(w, "  %-12s %s\n", cmd.name, cmd.summary)
	}
	_, _ = fmt.Fprintln(w, "\nsoundings <command> -h lists the settings.")
}

// version is the module's version as the build recorded it, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "development"
}
