package app

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// What is waited for while a server ends, and while somebody reads.
const (
	// lull is how long connections that stand open are told to close by the answers they
	// get, before those that nobody uses are cut.
	lull      = time.Second
	lastCalls = 50 * time.Millisecond // who has connected already is let in
	// readPatience is how long a reader may take for sixteen kilobytes, as far as they do
	// not fit into what the systems on the way hold: 1 KB/s is fast enough, and who has
	// gone without a word is not waited for.
	readPatience = 2 * time.Minute
	pieceWritten = 16 << 10 // bytes
)

// doors is a listener that lets in who stands before it when it is closed: the system
// would refuse them although it told them that they are connected.
type doors struct {
	net.Listener
	closing atomic.Bool // nobody new is called
	closed  atomic.Bool
}

// Accept lets somebody in, each with patience for a slow reader. io.EOF: it is closed.
func (d *doors) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	var timeout net.Error
	if err != nil && d.closing.Load() && errors.As(err, &timeout) && timeout.Timeout() {
		if err := d.Listener.Close(); err != nil {
			return nil, err
		}
		err = io.EOF
	}
	if err != nil {
		d.closed.Store(true)
		return nil, err
	}
	return patiently(conn), nil
}

// Close lets in who has connected already, and then closes.
func (d *doors) Close() error {
	if d.closing.Swap(true) {
		return nil
	}
	if timed, ok := d.Listener.(interface{ SetDeadline(time.Time) error }); ok && timed.SetDeadline(time.Now().Add(lastCalls)) == nil {
		return nil
	}
	return d.Listener.Close()
}

// patient is a connection whose reader may be slow, but not for ever.
type patient struct {
	net.Conn
	patience time.Duration // for each piece
}

// patientTLS is one that is encrypted here, which the server asks for.
type patientTLS struct {
	patient
	secure *tls.Conn
}

func (p patientTLS) Handshake() error                     { return p.secure.Handshake() }
func (p patientTLS) ConnectionState() tls.ConnectionState { return p.secure.ConnectionState() }

func patiently(conn net.Conn) net.Conn {
	if secure, ok := conn.(*tls.Conn); ok {
		return patientTLS{patient{conn, readPatience}, secure}
	}
	return patient{conn, readPatience}
}

// Write writes piece by piece, each with its own deadline.
func (p patient) Write(all []byte) (written int, err error) {
	for {
		if err := p.SetWriteDeadline(time.Now().Add(p.patience)); err != nil {
			return written, err
		}
		n, err := p.Conn.Write(all[written:min(len(all), written+pieceWritten)])
		if written += n; err != nil || written == len(all) {
			return written, err
		}
	}
}

// Serve answers requests on listener until Shutdown, and returns when the last is
// answered.
func (s *Server) Serve(listener net.Listener) error {
	open := &doors{Listener: listener}
	s.doors.Store(open)
	err := s.fiber.Listener(open)
	s.awaitConnections(shutdownPeriod)
	return err
}

// awaitConnections waits until nobody is connected, but not longer than patience.
func (s *Server) awaitConnections(patience time.Duration) {
	for ends := time.Now().Add(patience); time.Now().Before(ends); time.Sleep(10 * time.Millisecond) {
		if quiet := s.fiber.Server().GetOpenConnectionsCount() == 0; quiet && !s.accepting() {
			return
		}
	}
}

// accepting says whether who stands before the door may still be let in.
func (s *Server) accepting() bool {
	open := s.doors.Load()
	return open != nil && !open.closed.Load()
}

// Shutdown says for as long as Config.Drain that it is not ready, ends live pages and
// reports being built, lets requests under way finish for ten seconds, and returns.
// From its beginning each answer closes its connection: who sends one request after
// another goes elsewhere between two of them.
func (s *Server) Shutdown() error {
	s.ending.Store(true)
	time.Sleep(s.config.Drain)
	close(s.stop)
	if open := s.doors.Load(); open != nil { // the framework would cut who is connected and has not been heard yet
		if err := open.Close(); err != nil {
			return err
		}
	}
	s.awaitConnections(lull)
	err := s.fiber.ShutdownWithTimeout(shutdownPeriod)
	s.reports.end() // they read the store, which is closed next
	return err
}
