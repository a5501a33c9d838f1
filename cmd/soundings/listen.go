package main

import (
	"net"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
)

// listen takes the port, or the one that systemd took for us and keeps while we are
// started anew: who asks meanwhile waits, and is not refused.
func listen(address string) (net.Listener, error) {
	given, err := activation.Listeners()
	if err != nil {
		return nil, portError("the socket of systemd", err)
	}
	for _, listener := range given {
		if listener != nil {
			return listener, nil
		}
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, portError(address, err)
	}
	return listener, nil
}

// tellManager tells systemd how far we are. Nobody need listen.
func tellManager(state string) { _, _ = daemon.SdNotify(false, state) }
