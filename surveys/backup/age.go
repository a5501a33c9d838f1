package backup

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"
)

// Recipients are whom a backup is encrypted for; none: it is not encrypted.
type Recipients []age.Recipient

// Identities are who may open one.
type Identities []age.Identity

// ParseRecipients reads the public keys of recipients: "age1…".
func ParseRecipients(keys []string) (Recipients, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	recipients, err := age.ParseRecipients(strings.NewReader(strings.Join(keys, "\n")))
	if err != nil {
		return nil, errors.New("is not a recipient of age: write the public key that age-keygen prints, such as age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	}
	return recipients, nil
}

// ReadIdentities reads a file that age-keygen wrote; none for "".
func ReadIdentities(path string) (Identities, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the identity: %w", err)
	}
	defer file.Close() // it was only read
	identities, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("the file %s holds no identity of age: name the one that age-keygen wrote", path) // the cause might repeat the key
	}
	return identities, nil
}
