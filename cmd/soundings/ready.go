package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// readyPatience is how long the program that runs may take to answer.
const readyPatience = 3 * time.Second

// askReady asks the program that runs here whether it is ready: for containers, which
// hold nothing else that could ask. An error is the answer no.
func askReady(ctx context.Context, c config, _ io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	host, port, err := net.SplitHostPort(c.listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme, client := "http://", http.DefaultClient
	if c.tls.on() { // the certificate names the public address, and we ask this machine
		scheme, client = "https://", &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // nothing is told or believed
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("nothing is ready on %s: %w", c.listen, err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.New("it is not ready: " + answer.Status)
	}
	return nil
}
