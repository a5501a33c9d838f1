package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

// FerretDB 1.24 decides an update by reading and then writing, so of many that
// run at once several win. The tests reach it through this proxy, which lets one
// command of all connections pass at a time.

// The head of each MongoDB message, little-endian: length, request id, id
// answered, code. See "MongoDB Wire Protocol" in MongoDB's manual.
const (
	headBytes  = 16
	codeMsg    = 2013     // OP_MSG: flags follow the head
	moreToCome = 1 << 1   // flag: no reply to this message
	maxMessage = 48 << 20 // bytes; MongoDB's own limit
)

// proxy lets one command at a time through to the server at address.
type proxy struct {
	address string
	turn    sync.Mutex
}

// serve starts a proxy and returns its own address.
func serve(address string) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	p := &proxy{address: address}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.carry(client)
		}
	}()
	return listener.Addr().String(), nil
}

// carry passes one connection's commands until either side ends it.
func (p *proxy) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.address)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := receive(client)
		if err != nil {
			return
		}
		reply, err := p.exchange(server, request)
		if err != nil {
			return
		}
		if _, err := client.Write(reply); err != nil {
			return
		}
	}
}

// exchange sends one request and waits for its reply, nil if none will come.
func (p *proxy) exchange(server net.Conn, request []byte) ([]byte, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	if !expectsReply(request) {
		return nil, nil
	}
	return receive(server)
}

func expectsReply(request []byte) bool {
	code := binary.LittleEndian.Uint32(request[12:])
	if code != codeMsg || len(request) < headBytes+4 {
		return true
	}
	return binary.LittleEndian.Uint32(request[headBytes:])&moreToCome == 0
}

// receive reads one message.
func receive(from io.Reader) ([]byte, error) {
	head := make([]byte, headBytes)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head)
	if length < headBytes || length > maxMessage {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	message := append(head, make([]byte, length-headBytes)...)
	_, err := io.ReadFull(from, message[headBytes:])
	return message, err
}
