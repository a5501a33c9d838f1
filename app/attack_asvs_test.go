package app_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvsLists are the requirements of levels 1 and 2 by section: 4.0.3 has others that
// were deleted or are of level 3.
const asvsLists = "1.1:1-7 1.2:1-4 1.4:1,4,5 1.5:1-4 1.6:1-4 1.7:1-2 1.8:1-2 1.9:1-2 1.10:1 1.11:1-2 1.12:2 1.14:1-6 " +
	"2.1:1-12 2.2:1-3 2.3:1-3 2.4:1-6 2.5:1-7 2.6:1-3 2.7:1-6 2.8:1-7 2.9:1-3 2.10:1-4 3.1:1 3.2:1-4 3.3:1-4 3.4:1-5 3.5:1-3 3.7:1 " +
	"4.1:1,2,3,5 4.2:1-2 4.3:1-3 5.1:1-5 5.2:1-8 5.3:1-10 5.4:1-3 5.5:1-4 6.1:1-3 6.2:1-6 6.3:1-2 6.4:1-2 7.1:1-4 7.2:1-2 7.3:1,3,4 7.4:1-3 " +
	"8.1:1-4 8.2:1-3 8.3:1-8 9.1:1-3 9.2:1-4 10.2:1-2 10.3:1-3 11.1:1-8 12.1:1-3 12.2:1 12.3:1-6 12.4:1-2 12.5:1-2 12.6:1 " +
	"13.1:1,3,4,5 13.2:1,2,3,5,6 13.3:1-2 13.4:1-2 14.1:1-4 14.2:1-6 14.3:2,3 14.4:1-7 14.5:1-4"

// asvsNumbers are all requirements, "14.5.4".
func asvsNumbers() []string {
	var all []string
	for list := range strings.FieldsSeq(asvsLists) {
		section, numbers, _ := strings.Cut(list, ":")
		for part := range strings.SplitSeq(numbers, ",") {
			var from, to int
			if n, _ := fmt.Sscanf(part, "%d-%d", &from, &to); n < 2 {
				to = from
			}
			for i := from; i <= to; i++ {
				all = append(all, fmt.Sprintf("%s.%d", section, i))
			}
		}
	}
	return all
}

var (
	testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	testNamed    = regexp.MustCompile(`\b(?:Test|Fuzz)\w+`)
)

// testsOfTheRepository are the names of all tests.
func testsOfTheRepository(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, found := range testFunction.FindAllStringSubmatch(string(raw), -1) {
			all[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestASVS reads the table of requirements.
func TestASVS(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("ASVS.md")
	if err != nil {
		t.Fatal(err)
	}
	there := testsOfTheRepository(t)
	var numbers []string
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 6 || !strings.HasPrefix(cells[0], "| ") || cells[0] == "| requirement" {
			if strings.HasPrefix(line, "| ") && cells[0] != "| requirement" {
				t.Errorf("not six cells: %s", line)
			}
			continue
		}
		number := strings.TrimPrefix(cells[0], "| ")
		numbers = append(numbers, number)
		if !slices.Contains([]string{"kept", "who runs it", "not kept", "n/a"}, cells[3]) || cells[4] == "" {
			t.Errorf("%s is %q because %q", number, cells[3], cells[4])
		}
		for _, name := range testNamed.FindAllString(cells[5], -1) {
			if !there[name] {
				t.Errorf("%s names %s, which is no test here", number, name)
			}
		}
	}
	if want := asvsNumbers(); !slices.Equal(numbers, want) {
		for i := range want {
			if i >= len(numbers) || numbers[i] != want[i] {
				t.Fatalf("requirement %d of %d is to be %s; the table has %d", i+1, len(want), want[i], len(numbers))
			}
		}
		t.Fatalf("%d requirements, want %d", len(numbers), len(want))
	}
}

// TestVulnerabilitiesAreLookedFor: the check before a change looks for what is known.
func TestVulnerabilitiesAreLookedFor(t *testing.T) {
	t.Parallel()
	for file, words := range map[string][]string{
		"../.ci/run":             {"\n.ci/vulnerabilities\n"},
		"../.ci/vulnerabilities": {"set -euo pipefail", "govulncheck@v", "GOTOOLCHAIN=auto"},
		"../go.mod":              {"\ntoolchain go1."},
	} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(string(raw), word) {
				t.Errorf("%s has no %q", file, word)
			}
		}
	}
}

// TestStartsNoPrograms: what is shipped starts no other program.
func TestStartsNoPrograms(t *testing.T) {
	t.Parallel()
	for _, root := range []string{".", "../surveys", "../exports", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
				return err
			}
			raw, err := os.ReadFile(path)
			if strings.Contains(string(raw), `"os/exec"`) || strings.Contains(string(raw), `"plugin"`) {
				t.Errorf("%s can start another program", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// askers are the files that may ask another machine, or the program itself, and whom
// they ask: an address of the settings each.
var askers = map[string]string{
	"../cmd/soundings/ready.go": "the program that runs here", "../cmd/soundings/check.go": "the address of the settings",
	"../surveys/oidc/oidc.go": "the provider of the settings",
}

// TestAsksOnlyWhatIsSet: no package of pages, files or the domain can ask an address,
// so that nobody can have it ask theirs. The drivers of stores and mail are bound to
// their homes by what may be imported.
func TestAsksOnlyWhatIsSet(t *testing.T) {
	t.Parallel()
	asks := regexp.MustCompile(`http\.(Get|Post|PostForm|Head|Client|DefaultClient|NewRequest\w*|Transport)\b|\b(net|tls)\.(Dial\w*|Lookup\w*|Resolver)\b|fasthttp\.(Client|HostClient|Get|Post|Do)\b|fiber\.(Get|Post|AcquireClient)\(|"net/smtp"`)
	seen := map[string]bool{}
	for _, root := range []string{".", "../surveys", "../exports", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
				return err
			}
			raw, err := os.ReadFile(path)
			if found := asks.Find(raw); found != nil {
				if seen[path] = true; askers[path] == "" {
					t.Errorf("%s can ask an address: %s", path, found)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != len(askers) {
		t.Errorf("%d files ask, and %d are named: the test shows nothing", len(seen), len(askers))
	}
}
