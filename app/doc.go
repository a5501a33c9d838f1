// Package app is the web application: the respondent's pages, the staff pages
// and the HTTP API, over one surveys.Service. It is the only package that knows
// Fiber.
//
// # Where to find things
//
//	routes.go     every route on one screen, with who may use it
//	server.go     Fiber set up in one place; what happens to every request
//	errors.go     one table from an error's kind to a status, a log level and a page
//	locale.go     every sentence for respondents is a key in locales/*.json
//	locale_*.go   plural forms, dates, languages' names and directions, which language suits whom
//	views.go      templates, parsed once; one struct a view
//	security.go   headers, content security policy, cookies, CSRF
//	respond*.go   the respondent's pages, after templates/respond; static/respond.js
//	              is their script, in two sizes (security.go), with respond_live.js
//	              and respond_logic.js beside it where a form has logic, and a sheet
//	              or script for each rarer kind only where it occurs (respond_styles.go)
//	room*.go      a room's tablet: a frame (static/room.js) that puts a new document with the
//	              questionnaire before each person; room_form.js keeps what that would
//	              keep in its own memory; room_worker.js opens it without network
//	files.go      makes the files of exports, for the service
//	staff*.go     the staff pages, after templates/staff
//	staff_editor* the questionnaires' editor; staff_editor_binder.go says how a form and its reader are one
//	api*.go       /api/v1, described by openapi.json
//
// A handler reads the request, calls one method of the service and renders, or
// returns an error: nothing else answers a request.
package app
