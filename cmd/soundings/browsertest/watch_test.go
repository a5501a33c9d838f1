package browsertest_test

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/serviceworker"
)

// watch is what a tab asked for and complained of.
type watch struct {
	origin     string // the only one it may ask, with a slash behind
	dropped    bool   // the network is cut now and then: what the browser says of it is no complaint
	mu         sync.Mutex
	requests   []request
	complaints []string
	registered serviceworker.RegistrationID // of the worker, once it is asked for
}

// request is one request of a page.
type request struct {
	id          network.RequestID
	method, url string
	bytes       float64 // over the wire, with headers
}

// see takes one event of the tab; it must not wait.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.sees(e)
	case *network.EventLoadingFinished:
		if r := w.find(e.RequestID); r != nil {
			r.bytes = e.EncodedDataLength
		}
	case *log.EventEntryAdded:
		// The statuses of answers are the tests' own business.
		if e.Entry.Source != log.EntrySourceNetwork && !w.dropped && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			w.complain("the browser says: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	case *serviceworker.EventWorkerRegistrationUpdated:
		for _, r := range e.Registrations {
			w.registered = r.RegistrationID
		}
	case *runtime.EventConsoleAPICalled:
		w.complain("console.%s was called", e.Type)
	case *runtime.EventExceptionThrown:
		w.complain("the script broke: %s %s", e.ExceptionDetails.Text, description(e.ExceptionDetails.Exception))
	}
}

func (w *watch) sees(e *network.EventRequestWillBeSent) {
	if strings.HasPrefix(e.Request.URL, "data:") || strings.HasPrefix(e.Request.URL, "blob:") {
		return
	}
	if e.RedirectResponse != nil {
		if r := w.find(e.RequestID); r != nil {
			r.bytes = e.RedirectResponse.EncodedDataLength
		}
	}
	w.requests = append(w.requests, request{id: e.RequestID, method: e.Request.Method, url: e.Request.URL})
	if !strings.HasPrefix(e.Request.URL, w.origin) {
		w.complain("the page asked another origin: %s", e.Request.URL)
	}
}

// find returns the newest request of an id: redirects share one.
func (w *watch) find(id network.RequestID) *request {
	for i := len(w.requests) - 1; i >= 0; i-- {
		if w.requests[i].id == id {
			return &w.requests[i]
		}
	}
	return nil
}

func (w *watch) complain(format string, args ...any) {
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

// asked returns the requests so far, and forget starts the list anew.
func (w *watch) asked() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]request(nil), w.requests...)
}

func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = nil
}

func (w *watch) worker() serviceworker.RegistrationID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.registered
}

func (w *watch) complained() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.complaints...)
}

func description(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}
