package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the tests' own binary run as the program: nothing has to be built
// for a test that needs a process of its own.
const asProgram = "SOUNDINGS_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// program is the program as a process that is not started yet.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	command := exec.Command(self, args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	command.Stderr = t.Output()
	return command
}

// start starts it and waits until it says where it answers, which it returns.
func start(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	out, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	lines := bufio.NewScanner(out)
	late := time.AfterFunc(30*time.Second, func() { _ = command.Process.Kill() })
	defer late.Stop()
	for lines.Scan() {
		if _, base, ok := strings.Cut(lines.Text(), "Soundings answers on "); ok {
			go func() { // or it would wait for somebody to read on
				for lines.Scan() {
				}
			}()
			return base
		}
	}
	t.Fatalf("it ended before it said where it answers: %v", command.Wait())
	return ""
}

// stop tells it to end and waits until it has.
func stop(t *testing.T, command *exec.Cmd) {
	t.Helper()
	must(t, command.Process.Signal(syscall.SIGTERM))
	if err := command.Wait(); err != nil {
		t.Errorf("ending: %v", err)
	}
}
