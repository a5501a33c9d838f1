package main

import (
	"context"
	"io"
	"log/slog"
	"slices"
)

// logged are the attributes that a line of the log may have. What is not in this
// list is left out, so that a line added in haste tells nobody's words.
var logged = []string{
	"request_id", "method", "route", "status", "duration_ms", // of a request
	"kind", "key", "cause", // of what was refused: our own words and names of items
	"store", "name", "account", "count", "version", "file", "folder", "left_out",
}

// allowing is a handler that lets the attributes in logged pass and counts the others.
type allowing struct{ slog.Handler }

// Handle passes a line on with what may be told.
func (h allowing) Handle(ctx context.Context, line slog.Record) error {
	told := slog.NewRecord(line.Time, line.Level, line.Message, line.PC)
	left := 0
	line.Attrs(func(a slog.Attr) bool {
		if mayBeLogged(a) {
			told.AddAttrs(a)
		} else {
			left++
		}
		return true
	})
	if left > 0 {
		told.AddAttrs(slog.Int("left_out", left))
	}
	return h.Handler.Handle(ctx, told)
}

// WithAttrs keeps the rule for attributes that every line will have.
func (h allowing) WithAttrs(attrs []slog.Attr) slog.Handler {
	return allowing{h.Handler.WithAttrs(slices.DeleteFunc(slices.Clone(attrs), func(a slog.Attr) bool { return !mayBeLogged(a) }))}
}

// WithGroup is not used by us; within a group the names would mean something else.
func (h allowing) WithGroup(string) slog.Handler { return h }

// mayBeLogged lets plain values of known names pass. A struct would be written with
// whatever is in it.
func mayBeLogged(a slog.Attr) bool {
	kind := a.Value.Kind()
	return slices.Contains(logged, a.Key) && kind != slog.KindAny && kind != slog.KindGroup && kind != slog.KindLogValuer
}

// newLog writes lines as text or JSON, with the attributes that may be told.
func newLog(c config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.level}
	if c.json {
		return slog.New(allowing{slog.NewJSONHandler(w, options)})
	}
	return slog.New(allowing{slog.NewTextHandler(w, options)})
}
