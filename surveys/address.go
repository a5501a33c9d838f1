package surveys

import (
	"errors"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
)

// CheckAddress returns an e-mail address as mail servers want it, a host of other
// letters in its ASCII form, or says that nothing can be sent there.
func CheckAddress(address string) (string, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Name != "" || len(address) > 254 {
		return "", errors.New("no address")
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, host := parsed.Address[:at], parsed.Address[at+1:]
	host, err = idna.Lookup.ToASCII(host)
	if err != nil || !strings.Contains(host, ".") || len(local) > 64 || strings.ContainsFunc(local, unfit) {
		return "", errors.New("no address that every server takes")
	}
	return local + "@" + strings.ToLower(host), nil
}

// unfit are signs that need quoting or a newer protocol before the "@": a real
// address of somebody at work has none, a slip of the keyboard often has.
func unfit(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>@[\]`, r)
}

// masked is an address as lists show it: "j…@school.example".
func masked(address string) string {
	local, host, _ := strings.Cut(address, "@")
	for _, first := range local {
		return string(first) + "…@" + host
	}
	return "…"
}
