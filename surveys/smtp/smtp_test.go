package smtp_test

import (
	"context"
	"net/mail"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/smtp"
	"soundings/surveys/smtp/smtptest"
)

func settings(server *smtptest.Server) smtp.Config {
	return smtp.Config{
		Address: server.Address, From: mail.Address{Name: "Calm schools", Address: "surveys@council.example"},
		Bounces: "bounces+*@council.example", Host: "feedback.council.example", Roots: server.Roots, Patience: 5 * time.Second,
	}
}

func letter(to string) surveys.Letter {
	return surveys.Letter{
		To: to, Name: "Zoë Teacher", Tag: "k3m9tqwe7pnh2x4z", Written: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Language: "ar",
		Subject: "كيف كان التدريب؟", Text: "مرحبا\nhttps://feedback.council.example/p/abc\n", HTML: "<p dir=\"rtl\">مرحبا</p>",
		Unsubscribe: "https://feedback.council.example/m/k3m9",
	}
}

func open(tb testing.TB, c smtp.Config) surveys.Round {
	tb.Helper()
	post, err := smtp.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	round, err := post.Open(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return round
}

// TestDeliver sends a round by one connection and says what became of each letter.
func TestDeliver(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	round := open(t, settings(server))
	for _, tt := range []struct {
		to   string
		want surveys.Delivery
	}{
		{"one@school.example", surveys.Delivery{Outcome: surveys.Delivered}},
		{"gone@school.example", surveys.Delivery{Outcome: surveys.Refused, Code: "550 5.1.1"}},
		{"busy@school.example", surveys.Delivery{Outcome: surveys.Deferred, Code: "451 4.3.0"}},
		{"spam@school.example", surveys.Delivery{Outcome: surveys.Rejected, Code: "554 5.7.1"}},
		{"two@school.example", surveys.Delivery{Outcome: surveys.Delivered}},
		{"no address", surveys.Delivery{Outcome: surveys.Refused, Code: "553 5.1.3"}},
	} {
		if got := round.Deliver(t.Context(), letter(tt.to)); got != tt.want {
			t.Errorf("Deliver to %s = %+v, want %+v", tt.to, got, tt.want)
		}
	}
	if err := round.Close(); err != nil {
		t.Error(err)
	}
	if all, _ := server.Connections(); all != 1 {
		t.Errorf("%d connections for one round, want 1", all)
	}
	if got := server.To(); len(got) != 2 || got["one@school.example"] != 1 || got["two@school.example"] != 1 {
		t.Errorf("taken: %v, want one and two once each", got)
	}
}

// TestDeliverHungUp loses the connection while a letter goes out, and after it went.
func TestDeliverHungUp(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]surveys.Outcome{"hang@school.example": surveys.Lost, "after@school.example": surveys.Unknown} {
		server := smtptest.New(t)
		round := open(t, settings(server))
		long := letter(to)
		long.Text = strings.Repeat("many words ", 200_000) // more than fits into the buffers on the way
		if got := round.Deliver(t.Context(), long); got.Outcome != want {
			t.Errorf("Deliver to %s = %+v, want %s", to, got, want)
		}
		if got := round.Deliver(t.Context(), letter("next@school.example")); got.Outcome != surveys.Lost {
			t.Errorf("the next letter = %+v, want lost", got)
		}
		_ = round.Close()
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	round := open(t, settings(server))
	round.Deliver(t.Context(), letter("one@school.example"))
	if err := round.Close(); err != nil {
		t.Error(err)
	}
	got := server.Letters()[0]
	if want := "bounces+k3m9tqwe7pnh2x4z@council.example"; got.From != want {
		t.Errorf("envelope sender %s, want %s", got.From, want)
	}
	for name, want := range map[string]string{
		"Message-Id": "<letter.k3m9tqwe7pnh2x4z@feedback.council.example>", "From": `"Calm schools" <surveys@council.example>`,
		"To": "=?utf-8?q?Zo=C3=AB_Teacher?= <one@school.example>", "Date": "Mon, 02 Mar 2026 09:00:00 +0000", "Content-Language": "ar",
		"List-Unsubscribe": "<https://feedback.council.example/m/k3m9>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Return-Path": "",
	} {
		if value := got.Message.Header.Get(name); value != want {
			t.Errorf("%s: %s, want %s", name, value, want)
		}
	}
	if kind := got.Message.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/alternative") {
		t.Errorf("Content-Type %s, want multipart/alternative", kind)
	}
	for line := range strings.SplitSeq(got.Raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

// TestSecurity reaches servers encrypted or not at all.
func TestSecurity(t *testing.T) {
	t.Parallel()
	t.Run("starttls_and_sign_in", func(t *testing.T) {
		t.Parallel()
		server := smtptest.New(t, smtptest.WithSignIn("soundings", "a secret"))
		c := settings(server)
		c.Security, c.User, c.Password = smtp.StartTLS, "soundings", "a secret"
		round := open(t, c)
		if got := round.Deliver(t.Context(), letter("one@school.example")); got.Outcome != surveys.Delivered {
			t.Errorf("Deliver = %+v, want delivered", got)
		}
		_ = round.Close()
		if _, encrypted := server.Connections(); encrypted != 1 {
			t.Error("the letter did not come encrypted")
		}
	})
	for name, change := range map[string]func(*smtp.Config, *smtptest.Server){
		"unknown_certificate": func(c *smtp.Config, _ *smtptest.Server) { c.Security, c.Roots = smtp.StartTLS, nil },
		"wrong_password": func(c *smtp.Config, s *smtptest.Server) {
			c.Security, c.User, c.Password = smtp.StartTLS, "soundings", "another secret"
		},
		"tls_where_none_is_spoken": func(c *smtp.Config, _ *smtptest.Server) { c.Security, c.Patience = smtp.TLS, 300*time.Millisecond },
		"nobody_listens":           func(c *smtp.Config, _ *smtptest.Server) { c.Address = "127.0.0.1:1" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.New(t, smtptest.WithSignIn("soundings", "a secret"))
			c := settings(server)
			change(&c, server)
			wantClosed(t, c)
		})
	}
	t.Run("no_starttls", func(t *testing.T) {
		t.Parallel()
		c := settings(smtptest.New(t, smtptest.WithoutTLS()))
		c.Security = smtp.StartTLS
		wantClosed(t, c)
	})
}

func wantClosed(t *testing.T, c smtp.Config) {
	t.Helper()
	post, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if round, err := post.Open(t.Context()); err == nil {
		_ = round.Close()
		t.Error("a connection was opened")
	} else if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := smtp.Config{Address: "mail.example.org:587", From: mail.Address{Address: "a@example.org"}}
	if _, err := smtp.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*smtp.Config){
		"no_port":           func(c *smtp.Config) { c.Address = "mail.example.org" },
		"bad_port":          func(c *smtp.Config) { c.Address = "mail.example.org:smtp" },
		"password_in_clear": func(c *smtp.Config) { c.Security, c.User, c.Password = smtp.Plain, "u", "p" },
		"unknown_security":  func(c *smtp.Config) { c.Security = "ssl3" },
		"no_sender":         func(c *smtp.Config) { c.From.Address = "nobody" },
		"bad_bounces":       func(c *smtp.Config) { c.Bounces = "bounces *" },
	} {
		c := good
		change(&c)
		if _, err := smtp.New(c); err == nil {
			t.Errorf("%s: New takes it", name)
		}
	}
}

// TestDeliverEndsWithTheContext sends nothing once the program is told to end.
func TestDeliverEndsWithTheContext(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	round := open(t, settings(server))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := round.Deliver(ctx, letter("one@school.example")); got.Outcome != surveys.Lost || len(server.Letters()) != 0 {
		t.Errorf("Deliver = %+v and %d letters, want none", got, len(server.Letters()))
	}
	_ = round.Close()
}
