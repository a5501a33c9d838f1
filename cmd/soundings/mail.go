package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/smtp"
)

// mailConfig is what the settings for letters came to.
type mailConfig struct {
	smtp smtp.Config // Address "": no letters
	key  surveys.AddressKey
}

// mailSettings are the settings for letters.
func mailSettings() []setting {
	return []setting{
		{"smtp", "SOUNDINGS_SMTP", "", false, "mail server for letters, host and port; empty: none are sent", readSMTP},
		{"smtp-user", "SOUNDINGS_SMTP_USER", "", false, "who signs in to it; empty: it asks for nobody", func(c *config, v string) error { c.mail.smtp.User = v; return nil }},
		{"smtp-password", "SOUNDINGS_SMTP_PASSWORD", "", true, "with which password", func(c *config, v string) error { c.mail.smtp.Password = v; return nil }},
		{"smtp-security", "SOUNDINGS_SMTP_SECURITY", "", false, "starttls, tls or none; empty: tls on port 465, none on this machine, else starttls", readSecurity},
		{"mail-from", "SOUNDINGS_MAIL_FROM", "", false, "sender of letters, such as Calm schools <surveys@example.org>", readFrom},
		{"mail-bounces", "SOUNDINGS_MAIL_BOUNCES", "", false, "address that undelivered letters go back to; a * in it becomes a letter's tag: bounces+*@example.org; empty: the sender's", readBounces},
		{"address-key", "SOUNDINGS_ADDRESS_KEY", "", true, "key that people's addresses are encrypted under, 32 bytes in base64; empty: address.key in the data folder, none with MongoDB", readAddressKey},
	}
}

func readSMTP(c *config, value string) error {
	if value == "" {
		return nil
	}
	c.mail.smtp.Address = value
	if _, err := smtp.New(smtp.Config{Address: value, From: mail.Address{Address: "a@example.org"}}); err != nil {
		return fmt.Errorf("is %w", err)
	}
	return nil
}

func readSecurity(c *config, value string) error {
	switch value {
	case "", smtp.StartTLS, smtp.TLS, smtp.Plain:
		c.mail.smtp.Security = value
		return nil
	}
	return fmt.Errorf("is %q: write starttls, tls or none", value)
}

func readFrom(c *config, value string) error {
	if value == "" {
		return nil
	}
	from, err := mail.ParseAddress(value)
	if err != nil {
		return fmt.Errorf("is %q: write an address, such as surveys@example.org or Calm schools <surveys@example.org>", value)
	}
	c.mail.smtp.From = *from
	return nil
}

func readBounces(c *config, value string) error {
	if _, err := mail.ParseAddress(value); value != "" && err != nil {
		return fmt.Errorf("is %q: write an address, such as bounces+*@example.org", value)
	}
	c.mail.smtp.Bounces = value
	return nil
}

// readAddressKey never repeats the value.
func readAddressKey(c *config, value string) (err error) {
	if value == "" {
		return nil
	}
	if c.mail.key, err = surveys.ParseAddressKey(value); err != nil {
		return errors.New("is no key: write 32 random bytes in base64, such as \"openssl rand -base64 32\" prints")
	}
	return nil
}

// addressKeyFile is the file's name in the data folder.
const addressKeyFile = "address.key"

// withMail gives service what it needs to write letters: the key, the words, and
// the mail server if one is set.
func withMail(service *surveys.Service, c config, base, folder string) (*surveys.Service, error) {
	letters, err := app.NewLetters()
	if err != nil {
		return nil, err
	}
	m := surveys.Mail{Writer: letters, Base: base, Key: c.mail.key}
	if m.Key == (surveys.AddressKey{}) && folder != "" {
		if m.Key, err = keyInFolder(folder); err != nil {
			return nil, err
		}
	}
	if c.mail.smtp.Address != "" {
		post, err := newPost(c, base)
		if err != nil {
			return nil, err
		}
		m.Post = post
	}
	return service.WithMail(m), nil
}

func newPost(c config, base string) (*smtp.Post, error) {
	settings := c.mail.smtp
	if settings.From.Address == "" {
		return nil, errors.New("letters need a sender: set -mail-from or SOUNDINGS_MAIL_FROM beside the mail server")
	}
	if base == "" {
		return nil, errors.New("letters need the address that people reach Soundings by: set -base-url or SOUNDINGS_BASE_URL beside the mail server")
	}
	if u, err := url.Parse(base); err == nil {
		settings.Host = u.Hostname()
	}
	post, err := smtp.New(settings)
	if err != nil {
		return nil, fmt.Errorf("the settings of the mail server are wrong: %w", err)
	}
	return post, nil
}

// checkMail reaches the mail server and signs in, without sending anything.
func checkMail(ctx context.Context, c config) (string, error) {
	if c.mail.smtp.Address == "" {
		return "none is set.", nil
	}
	post, err := newPost(c, c.baseURL)
	if err != nil {
		return "", err
	}
	round, err := post.Open(ctx)
	if err != nil {
		return "", fmt.Errorf("the mail server %s: %w", c.mail.smtp.Address, err)
	}
	if err := round.Close(); err != nil {
		return "", fmt.Errorf("the mail server %s, saying goodbye: %w", c.mail.smtp.Address, err)
	}
	return c.mail.smtp.Address + " lets us in.", nil
}

// keyInFolder is the key in the data folder, drawn at the first start; nobody but
// this account may read the file.
func keyInFolder(folder string) (surveys.AddressKey, error) {
	path := filepath.Join(folder, addressKeyFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKeyIn(path)
	}
	if err != nil {
		return surveys.AddressKey{}, fmt.Errorf("the key of addresses cannot be read: %w", err)
	}
	key, err := surveys.ParseAddressKey(string(raw))
	if err != nil {
		return key, fmt.Errorf("%s holds %w: put the file back as it was, or set SOUNDINGS_ADDRESS_KEY", path, err)
	}
	return key, nil
}

func newKeyIn(path string) (surveys.AddressKey, error) {
	key, err := surveys.NewAddressKey(rand.Reader)
	if err != nil {
		return key, err
	}
	// Beside it first, then in its place: a start that is broken off leaves no half a key.
	file, err := os.CreateTemp(filepath.Dir(path), addressKeyFile+".*") // for this account only
	if err != nil {
		return key, fmt.Errorf("the key of addresses cannot be kept: %w", err)
	}
	_, err = file.WriteString(key.String() + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Link(file.Name(), path) // fails if another start was quicker
	}
	err = errors.Join(err, os.Remove(file.Name()))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return key, fmt.Errorf("the key of addresses cannot be kept: %w", err)
	}
	if err != nil {
		return keyInFolder(filepath.Dir(path))
	}
	return key, nil
}

// takeBounces reads what mail servers reported from standard input.
func takeBounces(ctx context.Context, c config, out io.Writer) (err error) {
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	service := surveys.NewService(store, time.Now, rand.Reader)
	n, err := service.TakeBounces(ctx, "", os.Stdin)
	if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
		return errors.New("there is no delivery status notification on standard input: give it the messages of the address for bounces, as in soundings bounces < mailbox")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Reports read: %d. Addresses marked as not reached: %d. Reports of no letter of ours: %d.\n", n.Reports, n.Marked, n.Unknown)
	return err
}
