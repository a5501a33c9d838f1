package app

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// connected is a connection with small buffers on both sides, and its other end.
func connected(t *testing.T, patience time.Duration) (ours *patient, theirs *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	theirs = client.(*net.TCPConn)
	if err := errors.Join(theirs.SetReadBuffer(32<<10), server.(*net.TCPConn).SetWriteBuffer(16<<10)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = theirs.Close(), server.Close() })
	return &patient{Conn: server, patience: patience}, theirs
}

// TestSlowReaderSurvives: a reader that takes a little at a time gets everything although
// it takes many times as long as the patience for one piece; one that takes nothing is
// cut off.
func TestSlowReaderSurvives(t *testing.T) {
	t.Parallel()
	const patience = 600 * time.Millisecond
	ours, theirs := connected(t, patience)
	all, sent := make([]byte, 1<<20), make(chan error, 1)
	began := time.Now()
	go func() {
		_, err := ours.Write(all)
		sent <- errors.Join(err, ours.Close())
	}()
	got := 0
	for little := make([]byte, 8<<10); ; time.Sleep(12 * time.Millisecond) {
		n, err := theirs.Read(little)
		if got += n; errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-sent; err != nil || got != len(all) {
		t.Errorf("the slow reader got %d of %d bytes: %v", got, len(all), err)
	}
	if took := time.Since(began); took < 2*patience {
		t.Errorf("it took only %v: the test shows nothing", took)
	}

	ours, _ = connected(t, patience)
	if _, err := ours.Write(make([]byte, 8<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a reader that takes nothing: %v, want that the deadline is over", err)
	}
}

// TestDoorsLetInWhoHasConnected: who was told by the system that they are connected is let
// in after the door was told to close, and then it is closed.
func TestDoorsLetInWhoHasConnected(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &doors{Listener: listener}
	for range 3 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		conn, err := d.Accept()
		if err != nil {
			t.Fatalf("somebody who had connected is not let in: %v", err)
		}
		_ = conn.Close()
	}
	if _, err := d.Accept(); !errors.Is(err, io.EOF) {
		t.Errorf("then %v, want the end", err)
	}
	if conn, err := net.Dial("tcp", listener.Addr().String()); err == nil {
		_ = conn.Close()
		t.Error("the door is still open")
	}
}
