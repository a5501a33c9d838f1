package concerns

import (
	"fmt"
	"slices"
	"strings"
)

// Change is what a team changes of one language's list: lines in its notation to add,
// and lines of the built-in list to leave out, as they stand there.
type Change struct {
	Add    string `json:"add,omitempty"`
	Remove string `json:"remove,omitempty"`
}

// Added is the section of added lines before the first that begins one, and the
// reason of what they find.
const Added Reason = "added"

// LineError is a line of a change that cannot be taken.
type LineError struct {
	Language string
	Removing bool // in Remove, else in Add
	Line     int  // from 1
	Problem  string
}

func (e *LineError) Error() string {
	return fmt.Sprintf("list %s, line %d: %s", e.Language, e.Line, e.Problem)
}

// Finder looks for what may be a disclosure by the built-in lists and what a team
// changed of them. Its zero value looks by the built-in lists. It is safe for
// concurrent use.
type Finder struct{ changed map[string]*List }

// NewFinder makes a finder of changes by language. The error is a *LineError.
func NewFinder(changes map[string]Change) (*Finder, error) {
	f := &Finder{changed: map[string]*List{}}
	for language, c := range changes {
		if strings.TrimSpace(c.Add) == "" && strings.TrimSpace(c.Remove) == "" {
			continue
		}
		list, err := changedList(language, c)
		if err != nil {
			return nil, err
		}
		f.changed[language] = list
	}
	return f, nil
}

// changedList reads a built-in list without what is removed, and what is added.
func changedList(language string, c Change) (*List, error) {
	kept, err := without(Source(language), language, c.Remove)
	if err != nil {
		return nil, err
	}
	p := newParser()
	if n, err := p.lines(kept); err != nil {
		return nil, &LineError{language, true, n, "another line needs what it explains"}
	}
	p.reason, p.weight = Added, 2
	if n, err := p.lines(c.Add); err != nil {
		return nil, &LineError{language, false, n, err.Error()}
	}
	p.list.index()
	return p.list, nil
}

// without leaves lines out of a list. Each must be there.
func without(list, language, remove string) (string, error) {
	lines := strings.Split(list, "\n")
	for i, line := range strings.Split(remove, "\n") {
		wanted := plainLine(line)
		if wanted == "" {
			continue
		}
		at := slices.IndexFunc(lines, func(one string) bool { return plainLine(one) == wanted && !strings.HasPrefix(wanted, "#") })
		if at < 0 || strings.HasPrefix(wanted, "[") {
			return "", &LineError{language, true, i + 1, "there is no such phrase in the list"}
		}
		lines[at] = ""
	}
	return strings.Join(lines, "\n"), nil
}

// plainLine is a line with single blanks.
func plainLine(line string) string { return strings.Join(strings.Fields(line), " ") }

// Source is the built-in list of a language as it is written, "" if there is none.
func Source(language string) string {
	raw, err := files.ReadFile("lists/" + language + ".txt")
	if err != nil {
		return ""
	}
	return string(raw)
}

// list is the list of a language, nil if there is none.
func (f *Finder) list(language string) *List {
	if f != nil && f.changed[language] != nil {
		return f.changed[language]
	}
	return built()[language]
}

// Find marks what may be a disclosure in a text that was written on a form in
// language, as the function of this name does.
func (f *Finder) Find(text, language string) []Sign {
	signs := f.list("en").Find(text)
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if list := f.list(base); list != nil && base != "en" {
		signs = join(append(signs, list.Find(text)...))
	}
	return signs
}
