package demo_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"soundings/surveys"
)

// What outlives one test: the folder of the stores, and the stores in it.
var (
	folder string
	stores []surveys.Store
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if folder, err = os.MkdirTemp("", "soundings-demo"); err != nil {
		return 1, err
	}
	code = m.Run()
	for _, store := range stores {
		err = errors.Join(err, store.Close())
	}
	return code, errors.Join(err, os.RemoveAll(folder))
}
