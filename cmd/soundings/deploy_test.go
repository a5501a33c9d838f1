package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// TestDeployNamesSettings: what the files of deployment set is a setting of the program.
func TestDeployNamesSettings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("deploy/*")
	must(t, err)
	known := []string{"SOUNDINGS_DOMAIN", "SOUNDINGS_INSTANCES"} // Caddy's and compose's own
	for _, s := range settings() {
		known = append(known, s.env)
	}
	name := regexp.MustCompile(`\b(SOUNDINGS_[A-Z_]+|MONGODB_URI)\b`)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		for _, setting := range name.FindAllString(string(text), -1) {
			found++
			if !slices.Contains(known, setting) {
				t.Errorf("%s sets %s, which is no setting", file, setting)
			}
		}
	}
	if found == 0 {
		t.Error("no setting was found: the test shows nothing")
	}
}

// TestComposeIsTight: every instance runs without rights, and only the proxy is reached
// from outside.
func TestComposeIsTight(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("deploy/compose.yaml")
	must(t, err)
	var file struct {
		Services map[string]struct {
			ReadOnly bool     `yaml:"read_only"`
			CapDrop  []string `yaml:"cap_drop"`
			Options  []string `yaml:"security_opt"`
			Ports    []string
			Networks []string
		}
		Networks map[string]struct{ Internal bool }
	}
	must(t, yaml.Unmarshal(text, &file))
	for _, name := range []string{"soundings1", "soundings2"} {
		one := file.Services[name]
		if !one.ReadOnly || !slices.Equal(one.CapDrop, []string{"ALL"}) || len(one.Options) == 0 {
			t.Errorf("%s may more than it needs: %+v", name, one)
		}
	}
	for name, service := range file.Services {
		if name != "caddy" && len(service.Ports) > 0 {
			t.Errorf("%s is reached from outside: %v", name, service.Ports)
		}
		if strings.HasPrefix(name, "mongo") && !slices.Equal(service.Networks, []string{"back"}) {
			t.Errorf("%s is in the networks %v", name, service.Networks)
		}
	}
	if !file.Networks["back"].Internal {
		t.Error("the network of the store leads outside")
	}
}

// TestUnitAndImageAreTight: under systemd the program has no right but to write into its
// own folder, and its image holds nothing else and runs as nobody.
func TestUnitAndImageAreTight(t *testing.T) {
	t.Parallel()
	for file, lines := range map[string][]string{
		"deploy/soundings.service": {
			"DynamicUser=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "AmbientCapabilities=", "ProtectSystem=strict", "ProtectHome=yes",
			"PrivateTmp=yes", "PrivateDevices=yes", "StateDirectoryMode=0700", "UMask=0077", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
			"RestrictNamespaces=yes", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "MemoryMax=1G", "LimitNOFILE=65536",
		},
		"deploy/Dockerfile": {"FROM scratch", "USER 65532:65532", `ENTRYPOINT ["/soundings"]`},
	} {
		text, err := os.ReadFile(file)
		must(t, err)
		there := strings.Split(string(text), "\n")
		for _, line := range lines {
			if !slices.Contains(there, line) {
				t.Errorf("%s has no line %q", file, line)
			}
		}
		if file == "deploy/Dockerfile" && (!strings.Contains(string(text), "CGO_ENABLED=0 go build") || strings.LastIndex(string(text), "\nFROM ") > strings.Index(string(text), "\nUSER 65532")) {
			t.Error("the program is not static, or another stage follows the one of nobody")
		}
	}
}

// TestEmptyRoot runs the program as its image does: as nobody, in a file system that
// holds the program and two folders, and nothing else.
func TestEmptyRoot(t *testing.T) {
	static := os.Getenv("SOUNDINGS_STATIC")
	if static == "" || os.Getuid() != 0 {
		t.Skip("needs root, and SOUNDINGS_STATIC: the program built with CGO_ENABLED=0, as .ci/run does")
	}
	root, err := os.MkdirTemp("/tmp", "image")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	must(t, os.Chmod(root, 0o755))
	const nobody = 65532
	for _, name := range []string{"data", "tmp"} {
		must(t, os.Mkdir(filepath.Join(root, name), 0o700))
		must(t, os.Chown(filepath.Join(root, name), nobody, nobody))
	}
	built, err := os.ReadFile(static)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(root, "soundings"), built, 0o755))
	address := freePort(t)
	inImage := func(args ...string) *exec.Cmd {
		command := exec.Command("/soundings", args...)
		command.Dir = "/"
		command.Env = []string{"SOUNDINGS_DATA=/data", "TMPDIR=/tmp", "SOUNDINGS_LISTEN=" + address}
		command.Stderr = t.Output()
		command.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return command
	}
	if err := inImage("ready").Run(); err == nil {
		t.Error("ready before anything runs")
	}
	// The demonstration needs zones, temporary files and everything that is embedded.
	server := inImage("demo")
	out, err := server.StdoutPipe()
	must(t, err)
	must(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill() })
	go func() { _, _ = io.Copy(t.Output(), out) }()
	eventually(t, func() bool { return inImage("ready").Run() == nil })
	must(t, server.Process.Signal(syscall.SIGTERM))
	if err := server.Wait(); err != nil {
		t.Errorf("ending: %v", err)
	}
}

// eventually waits until what is asked for holds.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("not so after a minute")
}

// TestStartedAnewBehindSocket: while the program ends and is started anew, who asks
// waits at the socket that systemd keeps open, and nobody is refused.
func TestStartedAnewBehindSocket(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program three times")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	must(t, err)
	defer socket.Close()
	data := t.TempDir()
	run := func() *exec.Cmd {
		command := program(t, "serve", "-data", data, "-log-level", "error")
		// LISTEN_PID is the process that may take the socket; sh becomes the program.
		inner := command.Args
		command.Path, command.Args = "/bin/sh", append([]string{"sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`}, inner...)
		command.Env = append(command.Env, "LISTEN_FDS=1")
		command.ExtraFiles = []*os.File{socket}
		start(t, command)
		return command
	}
	running := run()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var answered atomic.Int64
	go func() { ended <- askOn(ctx, "http://"+listener.Addr().String()+"/sign-in", &answered) }()
	for range 2 {
		before := answered.Load()
		eventually(t, func() bool { return answered.Load() > before+20 })
		stop(t, running)
		running = run()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("after %d answers: %v", answered.Load(), err)
	}
	stop(t, running)
}

// askOn asks for a page again and again, on a connection of its own each time, until
// ctx ends; the first that is not answered well is its error.
func askOn(ctx context.Context, address string, answered *atomic.Int64) error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	for ctx.Err() == nil {
		answer, err := client.Get(address) //nolint:noctx // it is to be answered to its end
		if err != nil {
			return err
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d", answer.StatusCode)
		}
		answered.Add(1)
	}
	return nil
}

// TestStopsAtOnce: with nobody connected, or somebody who never says anything, as
// browsers do in advance, the program ends within the lull and not after ten seconds.
func TestStopsAtOnce(t *testing.T) {
	t.Parallel()
	for name, silent := range map[string]bool{"nobody": false, "somebody silent": true} {
		t.Run(name, func(t *testing.T) {
			address := freePort(t)
			ctx, cancel := context.WithCancel(t.Context())
			said := newWatched("Store: ")
			ended := make(chan int, 1)
			go func() {
				ended <- run(ctx, []string{"serve", "-data", t.TempDir(), "-listen", address, "-log-level", "error"}, func(string) string { return "" }, said, io.Discard)
			}()
			<-said.seen
			if silent {
				conn, err := net.Dial("tcp", address)
				must(t, err)
				defer conn.Close()
				got(t, "http://"+address+"/healthz") // it was let in before this
			}
			cancel()
			select {
			case code := <-ended:
				if code != 0 {
					t.Errorf("exit code %d, want 0", code)
				}
			case <-time.After(8 * time.Second): // ten were waited for once
				t.Error("it does not end")
				<-ended
			}
		})
	}
}
