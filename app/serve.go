package app

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
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
	within  sync.Map // *patient: who is connected
}

// empty reports whether nobody is connected.
func (d *doors) empty() bool {
	for range d.within.Range {
		return false
	}
	return true
}

// cutUnheard ends connections on which nothing was ever said: browsers open some in
// advance, and the framework would wait for them.
func (d *doors) cutUnheard() {
	for one := range d.within.Range {
		if p := one.(*patient); !p.heard.Load() {
			_ = p.Close() // whoever it is has said nothing, and is told nothing
		}
	}
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
	return d.patiently(conn), nil
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
	heard    atomic.Bool   // something was sent
	left     func(*patient)
}

// Read notes that something was sent.
func (p *patient) Read(into []byte) (int, error) {
	n, err := p.Conn.Read(into)
	if n > 0 {
		p.heard.Store(true)
	}
	return n, err
}

// Close is noted, too.
func (p *patient) Close() error {
	if p.left != nil {
		p.left(p)
	}
	return p.Conn.Close()
}

// patientTLS is one that is encrypted here, which the server asks for.
type patientTLS struct {
	*patient
	secure *tls.Conn
}

func (p patientTLS) Handshake() error                     { return p.secure.Handshake() }
func (p patientTLS) ConnectionState() tls.ConnectionState { return p.secure.ConnectionState() }

func (d *doors) patiently(conn net.Conn) net.Conn {
	p := &patient{Conn: conn, patience: readPatience, left: func(p *patient) { d.within.Delete(p) }}
	d.within.Store(p, nil)
	if secure, ok := conn.(*tls.Conn); ok {
		return patientTLS{p, secure}
	}
	return p
}

// Write writes piece by piece, each with its own deadline.
func (p *patient) Write(all []byte) (written int, err error) {
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
		if open := s.doors.Load(); open == nil || open.closed.Load() && open.empty() {
			return
		}
	}
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
	if open := s.doors.Load(); open != nil {
		open.cutUnheard()
	}
	err := s.fiber.ShutdownWithTimeout(shutdownPeriod)
	s.reports.end() // they read the store, which is closed next
	return err
}
