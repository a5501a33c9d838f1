package main

import (
	"context"
	"crypto/rand"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// The crash test's size: kills, and phones sending at once.
const (
	crashKills  = 20
	crashPhones = 16
)

// TestKilledUnderLoad kills the running product with SIGKILL, twenty times,
// while phones submit, and afterwards finds every submission that was thanked
// for exactly once, even if each phone that lost its answer sends again.
func TestKilledUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out killing the program 20 times")
	}
	data := t.TempDir()
	programme, token := crashStore(t, data)
	thanked := map[string]bool{}
	for range crashKills {
		for _, id := range killWhileSending(t, data, token) {
			thanked[id] = true
		}
	}
	if len(thanked) < crashKills {
		t.Fatalf("only %d submissions were thanked for: the test shows nothing", len(thanked))
	}
	sendAgain(t, data, token, thanked)
	wantEachOnce(t, data, programme, thanked)
}

// sendAgain sends what was thanked for once more, as a phone does that lost the
// answer, to the program started anew.
func sendAgain(t *testing.T, data, token string, thanked map[string]bool) {
	t.Helper()
	server, base := started(t, data)
	client := &http.Client{Timeout: 5 * time.Second}
	for id := range thanked {
		if !sendOne(t.Context(), client, base+"/s/"+token+"/submit", id) {
			t.Fatal("what was thanked for is refused when it is sent again")
		}
	}
	client.CloseIdleConnections()
	must(t, server.Process.Kill())
	_ = server.Wait() // it was killed
}

// crashStore sets a programme up in a new store and returns an open link's token.
func crashStore(t *testing.T, data string) (surveys.ProgrammeID, string) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, "soundings.db"))
	must(t, err)
	programme, tokens := setUpProgramme(t, surveys.NewService(store, time.Now, rand.Reader))
	must(t, store.Close())
	return programme, tokens[questionnaire.WavePre]
}

// killWhileSending starts the program, sends from all phones, kills it at some
// moment, and returns the ids that were thanked for.
func killWhileSending(t *testing.T, data, token string) []string {
	t.Helper()
	server, base := started(t, data)
	ctx, cancel := context.WithCancel(t.Context())
	var phones sync.WaitGroup
	var mu sync.Mutex
	var thanked []string
	for range crashPhones {
		phones.Go(func() {
			ids := sendUntilCut(ctx, base+"/s/"+token+"/submit")
			mu.Lock()
			thanked = append(thanked, ids...)
			mu.Unlock()
		})
	}
	time.Sleep(time.Duration(20+mathrand.IntN(150)) * time.Millisecond)
	must(t, server.Process.Kill())
	_ = server.Wait() // it was killed
	cancel()
	phones.Wait()
	return thanked
}

// started starts the program and returns it with its address.
func started(t *testing.T, data string) (server *exec.Cmd, base string) {
	t.Helper()
	server = program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error", "-submits-per-network", "0")
	return server, start(t, server)
}

// sendUntilCut submits forms one after another until a request fails.
func sendUntilCut(ctx context.Context, address string) []string {
	client := &http.Client{Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	var thanked []string
	for ctx.Err() == nil {
		id, err := surveys.NewID(rand.Reader)
		if err != nil {
			return thanked
		}
		if !sendOne(ctx, client, address, id) {
			return thanked
		}
		thanked = append(thanked, id)
	}
	return thanked
}

// sendOne submits one form and reports whether it was thanked for.
func sendOne(ctx context.Context, client *http.Client, address, id string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(filledForm(id, "4").Encode()))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return err == nil && response.StatusCode == http.StatusOK
}

// wantEachOnce reads the store and counts.
func wantEachOnce(t *testing.T, data string, programme surveys.ProgrammeID, thanked map[string]bool) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, "soundings.db"))
	must(t, err)
	defer func() { must(t, store.Close()) }()
	wantStoredOnce(t, store, programme, thanked)
}

func wantStoredOnce(t *testing.T, store surveys.Store, programme surveys.ProgrammeID, thanked map[string]bool) {
	t.Helper()
	found := map[string]int{}
	for r, err := range store.Responses(t.Context(), programme, "parents") {
		must(t, err)
		found[string(r.ID)]++
		if len(r.Notes) > 0 { // kept beside another, under an id of its own
			t.Errorf("a form that was sent again is kept twice: %v", r.Notes)
		}
	}
	lost, twice := 0, 0
	for id := range thanked {
		switch found[id] {
		case 0:
			lost++
		case 1:
		default:
			twice++
		}
	}
	t.Logf("%d submissions thanked for, %d stored", len(thanked), len(found))
	if lost > 0 || twice > 0 {
		t.Errorf("of %d submissions thanked for %d are lost and %d stored twice", len(thanked), lost, twice)
	}
}

func wantSound(t *testing.T, data string, programme surveys.ProgrammeID) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, databaseFile))
	must(t, err)
	defer func() { must(t, store.Close()) }()
	must(t, store.Sound(t.Context()))
	storetest.WantSound(t, store, programme, "parents")
}
