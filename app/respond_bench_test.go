package app_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// BenchmarkRenderPage renders the respondent's page of 23 questions. "kept" is
// what a phone costs: the document is made once a link and language, and kept.
// "drawn" is a page that is made for one person: the first part without
// JavaScript, compressed.
func BenchmarkRenderPage(b *testing.B) {
	h := newHall(b, "twenty_three")
	p := h.phone()
	p.begin()
	p.header.Set("Accept-Encoding", "br")
	visitor := h.phone()
	visitor.header.Set("Accept-Encoding", "br")
	for name, get := range map[string]func() page{
		"kept":  func() page { return visitor.get("") },
		"drawn": func() page { return p.get("/part/1") },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if g := get(); g.status != fiber.StatusOK {
					b.Fatalf("status %d", g.status)
				}
			}
		})
	}
}

// BenchmarkSubmit sends forms of 23 answers over HTTP on loopback, from 1, 16 and
// 64 phones at once, to a durable SQLite file. "bare" is the peer: a Fiber
// handler that only parses the form and stores it, with the same store. "whole"
// opens the page first. Budget: "whole" at least 60% of "bare" at 64.
func BenchmarkSubmit(b *testing.B) {
	h := newHall(b, "twenty_three")
	ours := serve(b, func(l net.Listener) error { return h.server.Serve(l) })
	bare := serve(b, bareServer(h.store, h.link).Listener)
	page := "http://" + ours + "/s/" + h.link.Token
	for _, phones := range []int{1, 16, 64} {
		for _, run := range []struct{ name, page, post string }{
			{"post", "", page + "/submit"},
			{"whole", page, page + "/submit"},
			{"bare", "", "http://" + bare + "/"},
		} {
			b.Run(fmt.Sprintf("%s/%d", run.name, phones), func(b *testing.B) { submitFrom(b, phones, run.page, run.post) })
		}
	}
}

// serve listens on loopback until the benchmark ends.
func serve(b *testing.B, serve func(net.Listener) error) string {
	b.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = serve(listener) }() // ends with the listener
	b.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// bareServer parses a form and stores it: the least any server must do.
func bareServer(store surveys.Store, link surveys.Link) *fiber.App {
	bare := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	bare.Post("/", func(c *fiber.Ctx) error {
		r := surveys.Response{
			Programme: link.Programme, Strand: link.Strand, Cohort: link.Cohort, Wave: link.Wave, Questionnaire: "views",
			Version: 1, Language: "en", Mode: surveys.ModePhone, Status: surveys.StatusSubmitted,
			Started: time.Now().UTC().Truncate(time.Millisecond), Submitted: time.Now().UTC().Truncate(time.Millisecond),
			Answers: questionnaire.Answers{},
		}
		c.Request().PostArgs().VisitAll(func(name, value []byte) {
			if string(name) == "_id" {
				r.ID = surveys.ResponseID(value)
				return
			}
			r.Answers[questionnaire.ItemID(name)] = questionnaire.Answer{Text: string(value)}
		})
		if err := store.PutResponse(context.Background(), r, nil); err != nil {
			return err
		}
		return c.SendString("ok")
	})
	return bare
}

var drawn atomic.Int64

// submitFrom sends b.N forms from so many phones, each with a connection of its own.
func submitFrom(b *testing.B, phones int, page, post string) {
	form := url.Values{"_lang": {"en"}, "_started": {"1772873000000"}, "liked": {"The pond and the frogs"}, "change": {"Nothing at all"}, "heard": {"school"}}
	for i := range 20 {
		form.Set(fmt.Sprintf("q%d", i+1), fmt.Sprint(1+i%5))
	}
	body := form.Encode() + "&_id="
	client := &fasthttp.Client{MaxConnsPerHost: phones}
	b.ReportAllocs()
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	done := make(chan error, phones)
	for range phones {
		go func() {
			var err error
			for err == nil && left.Add(-1) >= 0 {
				err = oneVisit(client, page, post, body)
			}
			done <- err
		}()
	}
	for range phones {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "forms/s")
}

func oneVisit(client *fasthttp.Client, page, post, body string) error {
	request, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(answer)
	if page != "" {
		request.SetRequestURI(page)
		request.Header.Set("Accept-Encoding", "br")
		if err := client.Do(request, answer); err != nil {
			return err
		}
	}
	request.SetRequestURI(post)
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.SetBodyString(fmt.Sprintf("%s%032x", body, drawn.Add(1)))
	if err := client.Do(request, answer); err != nil {
		return err
	}
	if answer.StatusCode() != fasthttp.StatusOK {
		return fmt.Errorf("%s answered %d: %s", post, answer.StatusCode(), answer.Body())
	}
	return nil
}
