//go:build ignore

// make writes common.bin from a JSON list of passwords, that of npm
// @zxcvbn-ts/language-common (src/passwords.json).
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"log"
	"os"
	"slices"
	"strings"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		log.Fatal(err)
	}
	var prefixes []string
	for _, password := range list {
		sum := sha256.Sum256([]byte(strings.ToLower(password)))
		prefixes = append(prefixes, string(sum[:5]))
	}
	prefixes = slices.Compact(slices.Sorted(slices.Values(prefixes)))
	var out bytes.Buffer
	for _, prefix := range prefixes {
		out.WriteString(prefix)
	}
	if err := os.WriteFile("common.bin", out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d of %d", len(prefixes), len(list))
}
