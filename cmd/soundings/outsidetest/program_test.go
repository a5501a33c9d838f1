package outsidetest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// startWithin is how long the program may take to load the demonstration on a busy
// machine.
const startWithin = 2 * time.Minute

// binary builds the program once.
var binary = sync.OnceValues(func() (string, error) {
	if set := os.Getenv("SOUNDINGS_BINARY"); set != "" {
		return set, nil
	}
	folder, err := os.MkdirTemp("", "soundings-outsidetest-")
	if err != nil {
		return "", err
	}
	built := filepath.Join(folder, "soundings")
	build := exec.Command("go", "build", "-o", built, ".")
	build.Dir = ".." // the package main around this folder, in its own module
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return built, nil
})

// start runs the program until the test ends, or what it returns is called, and
// returns what it said up to a line that holds until.
func start(t *testing.T, until string, env []string, args ...string) (said string, stop func()) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, append(args, "-log-level", "error")...)
	command.Env = append(os.Environ(), env...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // it was killed
	})
	t.Cleanup(stop)
	lines := make(chan string, 1)
	go func() {
		var all strings.Builder
		reader := bufio.NewReader(out)
		for !strings.Contains(all.String(), until) {
			line, err := reader.ReadString('\n')
			all.WriteString(line)
			if err != nil {
				break
			}
		}
		lines <- all.String()
		_, _ = io.Copy(io.Discard, reader)
	}()
	select {
	case said = <-lines:
	case <-time.After(startWithin):
		t.Fatalf("the program did not say %q within %s", until, startWithin)
	}
	if !strings.Contains(said, until) {
		t.Fatalf("the program ended: %s", said)
	}
	return said, stop
}

// freePort is a port of this machine that nobody uses now.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
