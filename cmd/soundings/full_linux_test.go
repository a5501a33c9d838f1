package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"soundings/surveys"
)

// smallDisk is a file system of so many bytes in memory. Without the right to mount one
// the test is left out.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", bytes)); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v), so a full disk cannot be tried: package sqlitestore tries a file that may not grow", err)
	}
	t.Cleanup(func() {
		for range 50 { // who was told to end may hold a file for a moment
			if syscall.Unmount(folder, 0) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Errorf("%s cannot be unmounted", folder)
	})
	return folder
}

// asked is one answer to a form.
type asked struct {
	status int
	body   string
}

// sends posts a form as the script does, or as a browser without it.
func sends(t *testing.T, address, id string, script bool) asked {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(filledForm(id, "4").Encode()))
	must(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if script {
		request.Header.Set("Accept", "application/json")
	}
	answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return asked{answer.StatusCode, string(body)}
}

// ballast fills what is left of a disk.
func ballast(t *testing.T, folder string) (drop func()) {
	t.Helper()
	path := filepath.Join(folder, "ballast")
	file, err := os.Create(path)
	must(t, err)
	for piece := make([]byte, 64<<10); ; {
		if _, err := file.Write(piece); err != nil {
			break
		}
	}
	for {
		if _, err := file.Write([]byte{1}); err != nil {
			break
		}
	}
	must(t, file.Close())
	return func() { must(t, os.Remove(path)) }
}

// TestDiskFull fills the disk with the data under the running program, whose log cannot
// be written either: forms are refused with 503 and a way to send them again, what was
// kept is there, and once there is room the same program takes the same forms.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program")
	}
	t.Parallel()
	data := smallDisk(t, 24<<20)
	programme, token := crashStore(t, data)
	command := program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-submits-per-network", "0")
	log, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer log.Close()
	command.Stderr = log
	base := start(t, command)
	address := base + "/s/" + token + "/submit"
	thanked, refused := map[string]bool{}, []string(nil)
	for range 5 {
		sendNew(t, address, thanked, &refused)
	}
	if len(thanked) != 5 {
		t.Fatalf("before the disk is full %d of 5 forms are thanked for", len(thanked))
	}
	drop := ballast(t, data)
	for n := 0; len(refused) < 20; n++ { // there is room in what the log of the store has taken before
		if sendNew(t, address, thanked, &refused); n > 20_000 {
			t.Fatal("the disk is full, and forms are taken for ever")
		}
	}
	if page := sends(t, address, refused[0], false); page.status != http.StatusServiceUnavailable || !strings.Contains(page.body, `name="words" value="`+walkWords) {
		t.Errorf("without script: status %d, want 503 and a form that sends the same again:\n%.1500s", page.status, page.body)
	}
	for _, path := range []string{"/healthz", "/s/" + token} {
		answer, err := http.Get(base + path)
		must(t, err)
		must(t, answer.Body.Close())
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d while the disk is full, want 200", path, answer.StatusCode)
		}
	}
	drop()
	for _, id := range refused {
		if got := sends(t, address, id, true); got.status != http.StatusOK {
			t.Fatalf("with room again: status %d: %s", got.status, got.body)
		}
		thanked[id] = true
	}
	t.Logf("%d forms kept, %d of them refused at first", len(thanked), len(refused))
	stop(t, command)
	wantEachOnce(t, data, programme, thanked)
	wantSound(t, data, programme)
}

// sendNew sends a new form.
func sendNew(t *testing.T, address string, thanked map[string]bool, refused *[]string) {
	t.Helper()
	id, err := surveys.NewID(rand.Reader)
	must(t, err)
	switch got := sends(t, address, id, true); got.status {
	case http.StatusOK:
		thanked[id] = true
	case http.StatusServiceUnavailable:
		*refused = append(*refused, id)
		if !strings.Contains(got.body, `"kind":"unavailable"`) {
			t.Errorf("refused with %s, want that the store is unavailable", got.body)
		}
	default:
		t.Fatalf("status %d: %s", got.status, got.body)
	}
}

// TestReadOnlyDisk starts on data that nobody may write to: it says so in a sentence and
// leaves the file as it is.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	data := smallDisk(t, 24<<20)
	programme, _ := crashStore(t, data)
	must(t, syscall.Mount("", data, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	var said strings.Builder
	if code := run(t.Context(), []string{"serve", "-data", data, "-listen", "127.0.0.1:0"}, func(string) string { return "" }, io.Discard, &said); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if !strings.Contains(said.String(), "let the account that runs Soundings write") {
		t.Errorf("said %q, want what to do", said.String())
	}
	must(t, syscall.Mount("", data, "", syscall.MS_REMOUNT, ""))
	wantSound(t, data, programme)
}
