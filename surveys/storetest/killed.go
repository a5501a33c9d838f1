package storetest

import (
	"bufio"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Killed starts a child, kills it at a random moment within so long of the first line
// that it says, and returns the lines. One that was cut was not said. A child that
// complains is an error.
func Killed(tb testing.TB, child *exec.Cmd, within time.Duration) (said []string) {
	tb.Helper()
	var complaint strings.Builder
	child.Stderr = &complaint
	output, err := child.StdoutPipe()
	must(tb, err)
	must(tb, child.Start())
	var once sync.Once
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		said = append(said, strings.TrimSpace(line))
		once.Do(func() { time.AfterFunc(rand.N(within), func() { _ = child.Process.Kill() }) })
	}
	_ = child.Wait() // it was killed
	if complaint.Len() > 0 {
		tb.Errorf("a child that was to be killed: %s", complaint.String())
	}
	return said
}
