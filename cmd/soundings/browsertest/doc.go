// Package browsertest drives the built program in Chromium, as respondents on
// phones and staff at desks do. It is a module of its own, so that the browser's
// protocol stays out of the product's go.mod:
//
//	cd cmd/soundings/browsertest && go test ./...
//
// It needs Chromium in the PATH and axe-core, which checks accessibility and is
// not kept here. Environment:
//
//	SOUNDINGS_BINARY  the built program; empty: it is built from the folder above
//	AXE               axe.min.js of axe-core 4.14.1; empty: ./node_modules/axe-core/axe.min.js
//
// The tests share one program, started as `soundings demo`, and one browser. A
// test opens tabs in a browser context of its own, so that no cookie and no
// stored answer passes from one to another, and answers through links of its own
// in a programme made for the tests: the demonstration stays as it was loaded.
// Every tab fails its test if the page logs an error, breaks the content security
// policy, throws, carries a style attribute, or asks any other origin for anything.
//
//	go test -run TestPictures -update-pictures   writes .github/pictures anew
//	go test -run TestFigures -v                  prints bytes, requests, LCP and heap
package browsertest
