package browsertest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
)

var updatePictures = flag.Bool("update-pictures", os.Getenv("UPDATE_PICTURES") != "", "write the README's pictures anew")

// What all tests share; TestMain makes it.
var (
	product *program        // the running demonstration
	chrome  context.Context // the browser, a parent for tabs
	axe     string          // the source of axe-core
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		code = 1
	}
	os.Exit(code)
}

// runAll starts what the tests share, runs them and ends it again.
func runAll(m *testing.M) (code int, err error) {
	if axe, err = readAxe(); err != nil {
		return 1, err
	}
	folder, err := os.MkdirTemp("", "soundings-browsertest-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if product, err = startProgram(folder); err != nil {
		return 1, err
	}
	defer product.stop()
	browser, end, err := startBrowser()
	if err != nil {
		return 1, err
	}
	defer end()
	chrome = browser
	return m.Run(), nil
}
