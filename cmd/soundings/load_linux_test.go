package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
)

// soaking says whether the sizes of .ci/soak are asked for.
func soaking() bool { return os.Getenv("SOUNDINGS_SOAK") != "" }

// memoryOf is what a process holds in memory now, and the most it ever did, in KiB.
func memoryOf(t *testing.T, command *exec.Cmd) (now, most int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", command.Process.Pid))
	must(t, err)
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d", &now)
		_, _ = fmt.Sscanf(line, "VmHWM: %d", &most)
	}
	return now, most
}

// TestManyIdleConnections opens connections that stand idle, and live pages of staff
// beside them: respondents are served, and what a connection costs is said.
func TestManyIdleConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program")
	}
	idle, watching := 300, 20
	if soaking() {
		idle, watching = 2000, 200
	}
	data := t.TempDir()
	programme, token := crashStore(t, data)
	command := program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error")
	base := start(t, command)
	cookie := signsIn(t, base)
	thanked := map[string]bool{}
	var refused []string
	sendNew(t, base+"/s/"+token+"/submit", thanked, &refused)
	before, _ := memoryOf(t, command)
	for range idle {
		open := asks(t, base, "/healthz", "")
		defer open.Close()
	}
	after, _ := memoryOf(t, command)
	for range watching {
		open := asks(t, base, "/programmes/"+string(programme)+"/events", cookie)
		defer open.Close()
	}
	live, _ := memoryOf(t, command)
	began := time.Now()
	for range 20 {
		sendNew(t, base+"/s/"+token+"/submit", thanked, &refused)
	}
	t.Logf("%d idle connections take %.1f KiB each, %d live pages %.1f KiB each; the process holds %d MiB; 20 new respondents are served in %v",
		idle, float64(after-before)/float64(idle), watching, float64(live-after)/float64(watching), live/1024, time.Since(began).Round(time.Millisecond))
	if len(thanked) != 21 {
		t.Errorf("%d of 21 new respondents are thanked", len(thanked))
	}
	stop(t, command)
}

// asks sends one request over a new connection, reads the head of the answer and leaves
// the connection open.
func asks(t *testing.T, base, path, cookie string) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(base, "http://")
	conn, err := net.Dial("tcp", host)
	must(t, err)
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host, cookie)
	must(t, err)
	must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(line, " 200 ") {
		t.Fatalf("%s: %q, %v", path, line, err)
	}
	return conn
}

// signsIn signs the owner in as a browser does and returns the cookie.
func signsIn(t *testing.T, base string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/sign-in", strings.NewReader("email="+walkEmail+"&password="+strings.ReplaceAll(walkSecret, " ", "+")))
	must(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := http.DefaultTransport.RoundTrip(request)
	must(t, err)
	must(t, answer.Body.Close())
	var all []string
	for _, c := range answer.Cookies() {
		if c.Value != "" {
			all = append(all, c.Name+"="+c.Value)
		}
	}
	if to := answer.Header.Get("Location"); len(all) == 0 || to != "/programmes" {
		t.Fatalf("signing in: status %d to %q with %d cookies", answer.StatusCode, to, len(all))
	}
	return strings.Join(all, "; ")
}

// TestConnectionLimit: where the system lets the program hold few files open, idle
// connections do not take those that the store needs. Who comes when all are taken is
// refused at once, who is connected is served, and afterwards there is room again.
func TestConnectionLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program")
	}
	t.Parallel()
	data := t.TempDir()
	_, token := crashStore(t, data)
	self := program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error")
	command := exec.Command("sh", append([]string{"-c", `ulimit -n 356; exec "$0" "$@"`, self.Path}, self.Args[1:]...)...)
	command.Env, command.Stderr = self.Env, self.Stderr
	base := start(t, command)
	var open []net.Conn
	for range 99 {
		open = append(open, asks(t, base, "/healthz", ""))
	}
	var limited int
	for range 30 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		must(t, err)
		_, _ = fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
		must(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || strings.Contains(line, " 503 ") {
			limited++
		}
		open = append(open, conn)
	}
	if limited < 20 {
		t.Errorf("%d of 30 were refused beyond the limit, want nearly all", limited)
	}
	for _, conn := range open {
		must(t, conn.Close())
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	roomAgain := func() bool { // the program learns one after another that they have gone
		answer, err := client.Get(base + "/healthz") //nolint:noctx // it is on this machine
		return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	}
	for end := time.Now().Add(20 * time.Second); !roomAgain() && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	thanked, refused := map[string]bool{}, []string(nil)
	if sendNew(t, base+"/s/"+token+"/submit", thanked, &refused); len(thanked) == 0 {
		t.Error("after the idle connections have gone nobody is served")
	}
	stop(t, command)
}

// TestMemoryLimit gives the program little memory, and lets it make a file of many
// responses while 64 phones send, wrong passwords are tried, large bodies come, and
// somebody reads the file at a kilobyte a second. It stays near the limit and serves all.
func TestMemoryLimit(t *testing.T) {
	if !soaking() {
		t.Skip("without SOUNDINGS_SOAK: leaves out 100,000 responses under a memory limit")
	}
	const limit = 256 // MiB
	data := t.TempDir()
	programme, token := crashStore(t, data)
	fillParents(t, data, programme, 100_000, func() string { return strings.Repeat("It helped me to say what I feel. ", 6) })
	command := program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error", "-submits-per-network", "0")
	command.Env = append(command.Env, fmt.Sprintf("GOMEMLIMIT=%dMiB", limit))
	base := start(t, command)
	cookie := signsIn(t, base)
	idle, _ := memoryOf(t, command)
	s := sendTo(t, 64, func() string { return base + "/s/" + token + "/submit" })
	var others sync.WaitGroup
	var ended atomic.Bool
	for range 8 {
		others.Go(func() { presses(&ended, base, token) })
	}
	began := time.Now()
	address := exportOf(t, base, cookie, programme)
	made := time.Since(began)
	read := slowly(t, base+address, cookie, 200*time.Second)
	rate := float64(len(s.thankedNow())) / time.Since(began).Seconds()
	ended.Store(true)
	s.end()
	others.Wait()
	_, most := memoryOf(t, command)
	t.Logf("GOMEMLIMIT=%d MiB: %d MiB idle, %d MiB at most; the file of 100,000 made in %v beside %.0f forms/s; %d bytes read at 1 KB/s", limit, idle/1024, most/1024, made.Round(100*time.Millisecond), rate, read)
	if most/1024 > limit*3/2 {
		t.Errorf("%d MiB at most, want not far above %d", most/1024, limit)
	}
	if s.cut > 0 || s.failed > 0 {
		t.Errorf("%d forms were cut and %d failed", s.cut, s.failed)
	}
	stop(t, command)
}

func (s *senders) thankedNow() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]bool, len(s.thanked))
	for id := range s.thanked {
		all[id] = true
	}
	return all
}

// presses tries wrong passwords, whose hashing takes memory, and sends large bodies.
func presses(ended *atomic.Bool, base, token string) {
	large := bytes.Repeat([]byte("x"), 900<<10)
	for !ended.Load() {
		for path, body := range map[string][]byte{"/sign-in": []byte("email=nobody@example.org&password=wrong"), "/s/" + token + "/submit": large} {
			answer, err := http.Post(base+path, "application/x-www-form-urlencoded", bytes.NewReader(body))
			if err == nil {
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		}
	}
}

// fillParents stores responses with words.
func fillParents(t *testing.T, data string, programme surveys.ProgrammeID, n int, words func() string) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(data, databaseFile))
	must(t, err)
	defer func() { must(t, store.Close()) }()
	cohort, err := surveys.NewService(store, time.Now, rand.Reader).CreateCohort(ownerOf(programme, t), surveys.Cohort{Programme: programme, Name: "Filled"})
	must(t, err)
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now().Add(-100 * 24 * time.Hour).UTC().Truncate(time.Second)
	for range 64 {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				id, err := surveys.NewID(rand.Reader)
				number := float64(i % 11)
				at := began.Add(time.Duration(i) * time.Second)
				err = errors.Join(err, store.PutResponse(t.Context(), surveys.Response{
					ID: surveys.ResponseID(id), Programme: programme, Strand: "parents", Cohort: cohort.ID, Wave: questionnaire.WavePre,
					Questionnaire: "views", Version: 1, Language: "en", Mode: surveys.ModePhone, Status: surveys.StatusSubmitted, Started: at, Submitted: at, Digest: "d",
					Answers: questionnaire.Answers{"confident": {Number: &number}, "words": {Text: words()}},
				}, nil))
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestTemporaryFolderFull fills the disk of temporary files, which a large file of results
// needs: it is not made, everything else goes on, and asked for again it is made once there
// is room.
func TestTemporaryFolderFull(t *testing.T) {
	if !soaking() {
		t.Skip("without SOUNDINGS_SOAK: leaves out a file that does not fit into memory")
	}
	data, temporary := t.TempDir(), smallDisk(t, 32<<20)
	programme, token := crashStore(t, data)
	fillParents(t, data, programme, 60_000, func() string {
		return rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text() + rand.Text()
	})
	command := program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error")
	command.Env = append(command.Env, "TMPDIR="+temporary)
	command.Stderr = nil // it tells of each try
	base := start(t, command)
	cookie := signsIn(t, base)
	drop := ballast(t, temporary)
	if file := exportOf(t, base, cookie, programme); file != "" {
		t.Errorf("%s was made although there is no room", file)
	}
	thanked, refused := map[string]bool{}, []string(nil)
	sendNew(t, base+"/s/"+token+"/submit", thanked, &refused)
	drop()
	if len(thanked) != 1 || exportOf(t, base, cookie, programme) == "" {
		t.Errorf("%d forms taken meanwhile; with room again the file is not made", len(thanked))
	}
	stop(t, command)
}

// exportOf asks for the workbook and waits for it; "": it could not be made.
func exportOf(t *testing.T, base, cookie string, programme surveys.ProgrammeID) string {
	t.Helper()
	get := func(path string) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
		must(t, err)
		request.Header.Set("Cookie", cookie)
		answer, err := http.DefaultClient.Do(request)
		must(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		return string(body)
	}
	at := "/programmes/" + string(programme) + "/exports"
	csrf := regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`).FindStringSubmatch(get("/account"))
	if csrf == nil {
		t.Fatal("no account page")
	}
	form := strings.NewReader("strand=parents&format=analysis.xlsx&csrf=" + csrf[1])
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+at, form)
	must(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := http.DefaultTransport.RoundTrip(request)
	must(t, err)
	must(t, answer.Body.Close())
	page, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	for range 1200 {
		switch body := get(page); {
		case strings.Contains(body, page+"/file"):
			return page + "/file"
		case page == "":
			t.Fatalf("asking for a file: status %d", answer.StatusCode)
		case strings.Contains(body, "could not be made"):
			return ""
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatal("the export is not made")
	return ""
}

// slowly reads a file at a kilobyte a second for a while and returns how much came.
func slowly(t *testing.T, address, cookie string, during time.Duration) (read int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	must(t, err)
	request.Header.Set("Cookie", cookie)
	dialer := &net.Dialer{}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, ReadBufferSize: 1 << 10}}
	answer, err := client.Do(request)
	must(t, err)
	defer answer.Body.Close()
	little := make([]byte, 1<<10)
	for ends := time.Now().Add(during); time.Now().Before(ends); time.Sleep(time.Second) {
		n, err := io.ReadFull(answer.Body, little)
		if read += n; err != nil {
			t.Errorf("after %d bytes: %v", read, err)
			break
		}
	}
	return read
}
