package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// instance starts the program on a data folder, as instances beside each other do.
func instance(t *testing.T, data string, more ...string) (stopIt func(), base string) {
	t.Helper()
	command := program(t, append([]string{"serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error", "-submits-per-network", "0"}, more...)...)
	base = start(t, command)
	return sync.OnceFunc(func() { stop(t, command) }), base
}

// senders are phones that send one form after another over connections that stay open.
type senders struct {
	t       *testing.T
	phones  sync.WaitGroup
	ended   atomic.Bool
	mu      sync.Mutex
	thanked map[string]bool
	refused int // connections that were not taken: nothing was read of what they sent
	cut     int // requests without an answer
	failed  int // answers other than thanks
}

func sendTo(t *testing.T, n int, address func() string) *senders {
	s := &senders{t: t, thanked: map[string]bool{}}
	for range n {
		s.phones.Go(func() {
			client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for !s.ended.Load() {
				s.send(client, address())
			}
		})
	}
	return s
}

func (s *senders) send(client *http.Client, address string) {
	id, err := surveys.NewID(rand.Reader)
	if err != nil {
		s.t.Error(err)
		return
	}
	began := false // anything came back over this connection, now or before
	ctx := httptrace.WithClientTrace(s.t.Context(), &httptrace.ClientTrace{
		GotConn:              func(c httptrace.GotConnInfo) { began = c.Reused },
		GotFirstResponseByte: func() { began = true },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(filledForm(id, "4").Encode()))
	if err != nil {
		s.t.Error(err)
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	answer, err := client.Do(request)
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		err = errors.Join(err, answer.Body.Close())
	}
	s.note(id, answer, err, began)
}

func (s *senders) note(id string, answer *http.Response, err error, began bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	// What stood before the door when it was shut the system resets, unheard.
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET) && !began:
		s.refused++
		time.Sleep(5 * time.Millisecond)
	case err != nil:
		s.cut++
		s.t.Logf("cut: %v", err)
	case answer.StatusCode != http.StatusOK:
		s.failed++
	default:
		s.thanked[id] = true
	}
}

func (s *senders) end() { s.ended.Store(true); s.phones.Wait() }

// TestStopCutsNobody tells the program to end while phones send over connections that
// stand open: every request that was sent is answered, and kept if it says so.
func TestStopCutsNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program again and again")
	}
	t.Parallel()
	data := t.TempDir()
	programme, token := crashStore(t, data)
	thanked := map[string]bool{}
	for range 3 {
		stopIt, base := instance(t, data)
		s := sendTo(t, 16, func() string { return base + "/s/" + token + "/submit" })
		time.Sleep(250 * time.Millisecond)
		stopIt()
		s.end()
		if s.cut > 0 || s.failed > 0 || len(s.thanked) == 0 {
			t.Errorf("%d requests were cut, %d failed, %d thanked for; want all answered", s.cut, s.failed, len(s.thanked))
		}
		for id := range s.thanked {
			thanked[id] = true
		}
		t.Logf("%d thanked for, %d connections refused", len(s.thanked), s.refused)
	}
	wantEachOnce(t, data, programme, thanked)
}

// TestRestartWithoutDowntime: two instances behind a proxy that asks /readyz are started
// anew, one after the other, twice. No phone meets a failure, and each form is kept once.
func TestRestartWithoutDowntime(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program again and again")
	}
	t.Parallel()
	data := t.TempDir()
	programme, token := crashStore(t, data)
	p := newBalancer(t)
	var stops [2]func()
	begin := func(i int) {
		var base string
		stops[i], base = instance(t, data, "-drain", "600ms")
		p.set(i, base)
	}
	begin(0)
	begin(1)
	s := sendTo(t, 16, func() string { return p.address + "/s/" + token + "/submit" })
	for range 2 {
		for i := range stops {
			time.Sleep(300 * time.Millisecond)
			stops[i]()
			begin(i)
			p.awaitReady(i)
		}
	}
	s.end()
	if s.cut > 0 || s.failed > 0 || s.refused > 0 {
		t.Errorf("%d requests were cut, %d failed, %d connections refused; want none", s.cut, s.failed, s.refused)
	}
	t.Logf("%d forms sent over four restarts", len(s.thanked))
	wantEachOnce(t, data, programme, s.thanked)
}

// balancer is a proxy before two instances that asks each every 50 ms whether it is
// ready. It sends nothing a second time.
type balancer struct {
	t       *testing.T
	address string
	mu      sync.Mutex
	behind  [2]*url.URL
	ready   [2]bool
	turn    int
}

func newBalancer(t *testing.T) *balancer {
	b := &balancer{t: t}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(b.next()) }, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	server := &http.Server{Handler: proxy}
	go func() { _ = server.Serve(listener) }() // until it is closed
	ctx, cancel := context.WithCancel(t.Context())
	go b.watch(ctx)
	t.Cleanup(func() { cancel(); _ = server.Close() })
	b.address = "http://" + listener.Addr().String()
	return b
}

func (b *balancer) set(i int, base string) {
	address, err := url.Parse(base)
	must(b.t, err)
	b.mu.Lock()
	b.behind[i] = address
	b.mu.Unlock()
	b.awaitReady(i)
}

// next is the instance whose turn it is among those that are ready.
func (b *balancer) next() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	for i := range b.behind {
		if at := (b.turn + i) % 2; b.ready[at] {
			return b.behind[at]
		}
	}
	return &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
}

func (b *balancer) watch(ctx context.Context) {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for ctx.Err() == nil {
		for i := range b.behind {
			b.mu.Lock()
			address := b.behind[i]
			b.mu.Unlock()
			if address == nil {
				continue
			}
			answer, err := client.Get(address.String() + "/readyz")
			ready := err == nil && answer.StatusCode == http.StatusOK
			if err == nil {
				_ = answer.Body.Close()
			}
			b.mu.Lock()
			b.ready[i] = ready && b.behind[i] == address
			b.mu.Unlock()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (b *balancer) awaitReady(i int) {
	for range 200 {
		b.mu.Lock()
		ready := b.ready[i]
		b.mu.Unlock()
		if ready {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	b.t.Error("an instance does not become ready")
}

// TestOtherInstanceTakesOver kills one of two instances in the middle of requests: the
// phones send what was not answered to the other, where each form is kept once.
func TestOtherInstanceTakesOver(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: leaves out starting the program")
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		programme, token := crashStore(t, data)
		thanked := takesOver(t, token, 20, func() *exec.Cmd {
			return program(t, "serve", "-data", data, "-listen", "127.0.0.1:0", "-log-level", "error", "-submits-per-network", "0")
		})
		wantEachOnce(t, data, programme, thanked)
		wantSound(t, data, programme)
	})
	t.Run("mongo", func(t *testing.T) {
		t.Parallel()
		uri := storetest.MongoURI(t)
		store := storetest.OpenMongo(t, uri)
		programme, tokens := setUpProgramme(t, surveys.NewService(store, time.Now, rand.Reader))
		thanked := takesOver(t, tokens[questionnaire.WavePre], 3, func() *exec.Cmd {
			command := program(t, "serve", "-listen", "127.0.0.1:0", "-log-level", "error", "-submits-per-network", "0")
			command.Env = append(command.Env, "MONGODB_URI="+uri)
			return command
		})
		wantStoredOnce(t, store, programme, thanked)
		storetest.WantSound(t, store, programme, "parents")
	})
}

// takesOver sends to one instance until it is killed, and then so many forms from each
// phone to the other. It returns the forms that were thanked for.
func takesOver(t *testing.T, token string, after int, serving func() *exec.Cmd) (thanked map[string]bool) {
	t.Helper()
	dying, living := serving(), serving()
	first, second := start(t, dying), start(t, living)
	thanked, moved := map[string]bool{}, 0
	var mu sync.Mutex
	var phones sync.WaitGroup
	for range 16 {
		phones.Go(func() {
			client, base := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}}, first
			defer client.CloseIdleConnections()
			for left := after; left > 0; {
				id, err := surveys.NewID(rand.Reader)
				if err != nil {
					t.Error(err)
					return
				}
				for !sendOne(t.Context(), client, base+"/s/"+token+"/submit", id) {
					mu.Lock()
					moved++
					mu.Unlock()
					base = second
				}
				if base == second {
					left--
				}
				mu.Lock()
				thanked[id] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	must(t, dying.Process.Kill())
	_ = dying.Wait() // it was killed
	phones.Wait()
	if moved == 0 {
		t.Error("nobody was cut off: the test shows nothing")
	}
	t.Logf("%d forms were kept, %d requests went to the other instance", len(thanked), moved)
	stop(t, living)
	return thanked
}
