package browsertest_test

import (
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// submits is the beginning of a post of answers.
var submits = regexp.MustCompile(`^POST /s/[a-z0-9]+/submit `)

// mast is the network between a phone and the program: it can be cut, for the page
// and for its worker alike, and can swallow what the program answers.
type mast struct {
	t        *testing.T
	address  string // "127.0.0.1:40123"
	target   string
	listener net.Listener

	mu      sync.Mutex
	down    bool
	stalled bool   // it takes connections and carries nothing
	choke   func() // called instead of handing on a post; nil: hand it on
	swallow func() // called instead of handing on the answer to a post; nil: hand it on
	open    map[net.Conn]bool
}

// newMast puts a network before the program at base.
func newMast(t *testing.T, base string) *mast {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mast{t: t, address: listener.Addr().String(), target: strings.TrimPrefix(base, "http://"), listener: listener, open: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = listener.Close(); m.cut() })
	go m.carry()
	return m
}

func (m *mast) base() string { return "http://" + m.address }

// leads makes the network lead to another program.
func (m *mast) leads(base string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.target = strings.TrimPrefix(base, "http://")
}

// cut breaks every connection and takes no other.
func (m *mast) cut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = true
	for c := range m.open {
		_ = c.Close()
		delete(m.open, c)
	}
}

func (m *mast) mend() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down, m.stalled, m.choke, m.swallow = false, false, nil, nil
}

// stall leaves every connection open and carries nothing, as a hall full of phones does.
func (m *mast) stall() {
	m.cut()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down, m.stalled = false, true
}

// losesAnswers lets posts through and then, instead of handing on what the
// program answers, calls do and breaks the connection.
func (m *mast) losesAnswers(do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.swallow = do
}

// losesPosts calls do and breaks the connection instead of handing the next post on.
func (m *mast) losesPosts(do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.choke = do
}

// once returns what is to be done instead of handing on, and forgets it.
func (m *mast) once(what *func()) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	do := *what
	*what = nil
	return do
}

func (m *mast) carry() {
	for {
		phone, err := m.listener.Accept()
		if err != nil {
			return
		}
		go m.join(phone)
	}
}

// join carries one connection.
func (m *mast) join(phone net.Conn) {
	m.mu.Lock()
	target, down, stalled := m.target, m.down, m.stalled
	m.mu.Unlock()
	if stalled {
		m.hold(phone)
		return
	}
	server, err := net.Dial("tcp", target)
	if down || err != nil {
		_ = phone.Close()
		return
	}
	m.hold(phone, server)
	posted := make(chan bool, 1)
	go func() { m.ask(server, phone, posted); _ = server.Close() }()
	m.answer(phone, server, posted)
	_ = phone.Close()
	_ = server.Close()
}

func (m *mast) hold(conns ...net.Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range conns {
		m.open[c] = true
	}
}

// ask hands the phone's bytes on and notes whether a post has begun.
func (m *mast) ask(server, phone net.Conn, posted chan<- bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := phone.Read(buffer)
		if n > 0 {
			if submits.Match(buffer[:n]) {
				if do := m.once(&m.choke); do != nil {
					do()
					return
				}
				select {
				case posted <- true:
				default:
				}
			}
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// answer hands the program's bytes on, unless they answer a post and are to be lost.
func (m *mast) answer(phone, server net.Conn, posted <-chan bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		select {
		case <-posted:
			if do := m.once(&m.swallow); do != nil {
				do()
				return
			}
		default:
		}
		if _, err := phone.Write(buffer[:n]); err != nil {
			return
		}
	}
}
