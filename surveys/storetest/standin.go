package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// mongoVariable names a server to test on. It is not the product's own setting,
// so that no test ever meets a database that somebody uses.
const mongoVariable = "SOUNDINGS_TEST_MONGODB_URI"

// mongoServer returns the address of the server to test on.
func mongoServer(tb testing.TB) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("-short leaves out the tests on MongoDB")
	}
	if uri := os.Getenv(mongoVariable); uri != "" {
		return uri
	}
	uri, err := standIn()
	if err != nil {
		tb.Fatalf("starting the MongoDB stand-in: %v\nSet %s to use a server instead, or leave out the tests on MongoDB with -short.", err, mongoVariable)
	}
	return uri
}

// standIn starts one stand-in for all tests of this process.
var standIn = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "soundings_standin_")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder) // a running program needs its file no more
	program := filepath.Join(folder, "ferretdb")
	if err := build(program); err != nil {
		return "", err
	}
	return start(program)
})

// build makes the program from the nested module; Go caches the work.
func build(program string) error {
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		return errors.New("the source folder is unknown")
	}
	command := exec.Command("go", "build", "-o", program, ".")
	command.Dir = filepath.Join(filepath.Dir(here), "ferretdb")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building it in %s: %w\n%s", command.Dir, err, text)
	}
	return nil
}

// lifeline is the stand-in's standard input. The stand-in ends when it is
// closed: with this process, however that ends. Kept, or it would be collected.
//
//lint:ignore U1000 it is kept, not read
var lifeline io.WriteCloser

// start runs the program and reads its address.
func start(program string) (uri string, err error) {
	command := exec.Command(program)
	if lifeline, err = command.StdinPipe(); err != nil {
		return "", err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	var complaint strings.Builder
	command.Stderr = &complaint
	if err := command.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return "", errors.Join(err, command.Wait(), errors.New(complaint.String()))
	}
	return strings.TrimSpace(line), nil
}
