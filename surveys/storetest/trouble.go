package storetest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Trouble is what lies between a store and MongoDB and goes wrong when it is told to:
// a proxy that knows where each message of MongoDB's wire protocol begins and ends.
type Trouble struct {
	tb      testing.TB
	server  string // host:port
	address string // its own, kept over a stop

	mu       sync.Mutex
	listener net.Listener // nil: stopped
	open     map[net.Conn]bool
	ill      Illness
	writes   int
	struck   int
}

// Illness is what goes wrong. The zero value is health.
type Illness struct {
	Slow  time.Duration // each answer comes so much later
	Every int           // of so many writes one meets Cut or Lose; 0: none does
	Cut   bool          // half of the write is sent on, and the connection cut
	Lose  bool          // the write is done, and the connection cut instead of an answer
}

// Troubled puts trouble before the server of uri, and returns it with the address of the
// same database through it.
func Troubled(tb testing.TB, uri string) (t *Trouble, through string) {
	tb.Helper()
	scheme, rest, _ := strings.Cut(uri, "://")
	host, path, _ := strings.Cut(rest, "/")
	t = &Trouble{tb: tb, server: host[strings.LastIndexByte(host, '@')+1:], address: "127.0.0.1:0", open: map[net.Conn]bool{}}
	t.Start()
	tb.Cleanup(t.Stop)
	return t, scheme + "://" + t.address + "/" + path
}

// Start takes connections, again after Stop.
func (t *Trouble) Start() {
	t.tb.Helper()
	listener, err := net.Listen("tcp", t.address)
	if err != nil {
		t.tb.Fatalf("the proxy cannot listen: %v", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.listener, t.address = listener, listener.Addr().String()
	go t.accept(listener)
}

// Stop cuts all connections and refuses new ones.
func (t *Trouble) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listener != nil {
		_ = t.listener.Close()
	}
	t.listener = nil
	for conn := range t.open {
		_ = conn.Close()
	}
}

// Suffer makes ill go wrong from now on.
func (t *Trouble) Suffer(ill Illness) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ill = ill
}

// Struck returns how many writes were cut or lost their answer.
func (t *Trouble) Struck() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.struck
}

func (t *Trouble) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go t.carry(client)
	}
}

// keep notes a connection that Stop cuts; false: it is stopped already.
func (t *Trouble) keep(conn net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[conn] = true
	return t.listener != nil
}

func (t *Trouble) drop(conn net.Conn) {
	_ = conn.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, conn)
}

// carry passes one connection's messages on until either side ends it.
func (t *Trouble) carry(client net.Conn) {
	defer t.drop(client)
	server, err := net.Dial("tcp", t.server)
	if err != nil {
		return
	}
	defer t.drop(server)
	for t.keep(client) && t.keep(server) {
		request, err := wireMessage(client)
		if err != nil || t.exchange(client, server, request) != nil {
			return
		}
	}
}

var errCut = errors.New("cut on purpose")

// exchange passes one request on and its answer back, as far as the illness lets it.
func (t *Trouble) exchange(client, server net.Conn, request []byte) error {
	ill, strikes := t.meets(request)
	if strikes && ill.Cut {
		_, _ = server.Write(request[:len(request)/2])
		return errCut
	}
	if _, err := server.Write(request); err != nil {
		return err
	}
	if !wantsAnswer(request) {
		return nil
	}
	answer, err := wireMessage(server)
	if err != nil {
		return err
	}
	if strikes && ill.Lose {
		return errCut
	}
	time.Sleep(ill.Slow)
	_, err = client.Write(answer)
	return err
}

// meets returns the illness, and whether it strikes this request.
func (t *Trouble) meets(request []byte) (ill Illness, strikes bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ill.Every == 0 || !writes(request) {
		return t.ill, false
	}
	t.writes++
	strikes = t.writes%t.ill.Every == 0
	if strikes {
		t.struck++
	}
	return t.ill, strikes
}

// The head of each message, little-endian: length, request id, id answered, code; see
// "MongoDB Wire Protocol" in MongoDB's manual. Of OP_MSG follow flags, one byte of the
// sort of section, and a document whose first name is that of the command.
const (
	wireHead     = 16
	wireMsg      = 2013
	wireMore     = 1 << 1 // flag: no answer to this
	wireCommand  = wireHead + 4 + 1 + 4 + 1
	wireLongest  = 48 << 20
	wireFlagsEnd = wireHead + 4
)

func wireMessage(from io.Reader) ([]byte, error) {
	head := make([]byte, wireHead)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head)
	if length < wireHead || length > wireLongest {
		return nil, errors.New("not a message of MongoDB")
	}
	message := append(head, make([]byte, length-wireHead)...)
	_, err := io.ReadFull(from, message[wireHead:])
	return message, err
}

func isMsg(request []byte) bool {
	return binary.LittleEndian.Uint32(request[12:]) == wireMsg && len(request) > wireCommand
}

func wantsAnswer(request []byte) bool {
	return !isMsg(request) || binary.LittleEndian.Uint32(request[wireHead:wireFlagsEnd])&wireMore == 0
}

// writes reports whether a request changes what is stored.
func writes(request []byte) bool {
	if !isMsg(request) {
		return false
	}
	name, _, _ := bytes.Cut(request[wireCommand:], []byte{0})
	switch string(name) {
	case "insert", "update", "delete", "findAndModify":
		return true
	}
	return false
}
