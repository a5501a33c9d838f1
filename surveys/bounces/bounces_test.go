package bounces_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/bounces"
)

const tag = "k3m9tqwe7pnh2x4z"

func fixture(tb testing.TB, name string) string {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

func TestRead(t *testing.T) {
	t.Parallel()
	postfix := bounces.Report{Tags: []string{tag}, Recipients: []bounces.Recipient{{Address: "gone@school.example", Action: "failed", Status: "5.1.1"}}}
	exchange := bounces.Report{Tags: []string{tag}, Recipients: []bounces.Recipient{{Address: "gone@school.example", Action: "failed", Status: "5.1.10"}}}
	delayed := bounces.Report{Tags: []string{tag}, Recipients: []bounces.Recipient{
		{Address: "slow@school.example", Action: "delayed", Status: "4.4.1"}, {Address: "full@school.example", Action: "failed", Status: "5.2.2"}}}
	for _, tt := range []struct {
		name, file string
		want       []bounces.Report
	}{
		{"postfix", fixture(t, "postfix.eml"), []bounces.Report{postfix}},
		{"windows_line_ends", strings.ReplaceAll(fixture(t, "postfix.eml"), "\n", "\r\n"), []bounces.Report{postfix}},
		{"exchange_without_tag_in_the_address", fixture(t, "exchange.eml"), []bounces.Report{exchange}},
		{"delayed_and_full", fixture(t, "delayed.eml"), []bounces.Report{delayed}},
		{"mailbox", "From MAILER-DAEMON Thu Mar  5\n" + fixture(t, "postfix.eml") + "\nFrom someone Thu Mar  5\nSubject: hello\n\nhello\n\nFrom x\n" + fixture(t, "delayed.eml"),
			[]bounces.Report{postfix, delayed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := bounces.Read(strings.NewReader(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"nothing": "", "no_message": "hello", "a_letter": "Subject: I am away\nContent-Type: text/plain\n\nUntil Monday.\n",
		"no_recipient": "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n--b--\n",
	} {
		if got, err := bounces.Read(strings.NewReader(file)); !errors.Is(err, bounces.ErrNone) {
			t.Errorf("Read(%s) = %v, %v, want ErrNone", name, got, err)
		}
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		action, status string
		want           bool
	}{
		{"failed", "5.1.1", true}, {"failed", "", true}, {"failed", "5.4.1", true},
		{"failed", "4.4.7", false}, {"failed", "5.2.2", false}, {"delayed", "4.2.0", false}, {"delivered", "2.0.0", false}, {"relayed", "", false},
	} {
		if got := (bounces.Recipient{Action: tt.action, Status: tt.status}).Failed(); got != tt.want {
			t.Errorf("Failed of %s %s = %v, want %v", tt.action, tt.status, got, tt.want)
		}
	}
}

// FuzzRead gives whatever somebody may send to the address of bounces.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"postfix.eml", "exchange.eml", "delayed.eml"} {
		f.Add([]byte(fixture(f, name)))
	}
	f.Add([]byte("Content-Type: multipart/report; boundary=\n\n----\n"))
	f.Add([]byte("From \nFrom \nFrom x\nA: b\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		reports, err := bounces.Read(strings.NewReader(string(raw)))
		if (err == nil) != (len(reports) > 0) {
			t.Fatalf("%d reports and error %v", len(reports), err)
		}
		for _, report := range reports {
			if len(report.Recipients) == 0 || len(report.Recipients) > 100 || len(report.Tags) > 20 {
				t.Fatalf("a report of %d recipients and %d tags", len(report.Recipients), len(report.Tags))
			}
		}
	})
}
