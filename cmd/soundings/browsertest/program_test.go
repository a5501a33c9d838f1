package browsertest_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// startWithin is how long the program may take to load the demonstration on a
// busy machine.
const startWithin = 2 * time.Minute

// program is the running demonstration and what it printed about itself.
type program struct {
	binary          string
	command         *exec.Cmd
	base            string // of the staff pages, "http://127.0.0.1:39211"
	email, password string
	respondent      string // path of the link it offers for trying out, "/s/…"
}

// startProgram runs the demonstration in a folder.
func startProgram(folder string) (*program, error) {
	binary, err := builtProgram(folder)
	if err != nil {
		return nil, err
	}
	p := &program{binary: binary}
	out, err := p.run("demo", folder)
	if err == nil {
		err = p.await(out, p.introduced)
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// run starts the program with its data in a folder.
func (p *program) run(command, folder string) (io.Reader, error) {
	p.command = exec.Command(p.binary, command, "-listen", "127.0.0.1:0", "-data", filepath.Join(folder, "data"), "-log-level", "error")
	p.command.Stderr = os.Stderr
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.binary, err)
	}
	return out, nil
}

// builtProgram is the program that is set, or builds it.
func builtProgram(folder string) (string, error) {
	if set := os.Getenv("SOUNDINGS_BINARY"); set != "" {
		return set, nil
	}
	binary := filepath.Join(folder, "soundings")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = ".." // the package main around this folder, in its own module
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return binary, nil
}

// await reads what the program prints about itself, and then lets it print.
func (p *program) await(out io.Reader, introduced func(io.Reader) error) error {
	read := make(chan error, 1)
	go func() {
		read <- introduced(out)
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case err := <-read:
		return err
	case <-time.After(startWithin):
		return fmt.Errorf("the program did not start within %s", startWithin)
	}
}

var (
	staffLine = regexp.MustCompile(`Staff pages\s+(http://\S+)`)
	signLine  = regexp.MustCompile(`Sign in with\s+(\S+)\s+password\s+(\S+)`)
	phoneLine = regexp.MustCompile(`On a phone\s+http://[^/]+(/s/\S+)`)
)

func (p *program) introduced(out io.Reader) error {
	said, err := readUntil(out, "Stop with")
	if err != nil {
		return err
	}
	staff, sign, phone := staffLine.FindStringSubmatch(said), signLine.FindStringSubmatch(said), phoneLine.FindStringSubmatch(said)
	if staff == nil || sign == nil || phone == nil {
		return errors.New("the program's introduction lacks an address, a sign-in or a link:\n" + said)
	}
	p.base, p.email, p.password, p.respondent = staff[1], sign[1], sign[2], phone[1]
	return nil
}

// readUntil reads lines up to the one that begins with last. The line that
// counts what was loaded is long and left out.
func readUntil(out io.Reader, last string) (string, error) {
	var said strings.Builder
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", errors.New("the program ended before it introduced itself:\n" + said.String())
		}
		if !strings.Contains(line, "\r") {
			said.WriteString(line)
		}
		if strings.HasPrefix(line, last) {
			return said.String(), nil
		}
	}
}

func (p *program) stop() {
	if p.command == nil || p.command.Process == nil {
		return
	}
	_ = p.command.Process.Kill()
	_ = p.command.Wait() // it was killed
}
