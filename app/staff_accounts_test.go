package app_test

import (
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
)

// linkIn is the one-time link that a page shows, without the host.
func linkIn(body string) string {
	link := apiTokenIn(body)
	_, path, _ := strings.Cut(strings.TrimPrefix(link, "http://"), "/")
	return "/" + path
}

// TestInvitePerson walks from the page People to a colleague who is signed in.
func TestInvitePerson(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	people := h.programmePath() + "/people"
	bad := d.sends(people+"/invitations", url.Values{"name": {"Fay <b>"}, "email": {"fay"}, "roles": {"facilitator"}})
	bad.wants(t, 422, "Enter an e-mail address").has(t, `value="fay"`)
	checkHTML(t, bad)
	shown := d.sends(people+"/invitations", url.Values{"name": {"Fay <b>"}, "email": {"fay@example.org"}, "roles": {"facilitator"}}).wants(t, 201, "The link for Fay")
	checkHTML(t, shown)
	shown.lacks(t, "<b>")
	link := linkIn(shown.body)
	again := d.open(people).wants(t, 200, "Invited, not yet here", "fay@example.org")
	again.lacks(t, link)
	p := h.phone()
	checkHTML(t, p.send("GET", link, nil).wants(t, 200, "Choose a password that only you know", "fay@example.org"))
	p.send("POST", link, formOf(url.Values{"name": {"Fay"}, "password": {"soundings2026"}, "again": {"soundings2026"}})).wants(t, 422, "little more than your name")
	p.send("POST", link, formOf(url.Values{"name": {"Fay"}, "password": {"three words in a row"}, "again": {"four words in a row"}})).wants(t, 422, "same password twice")
	good := url.Values{"name": {"Fay"}, "password": {"three words in a row"}, "again": {"three words in a row"}}
	p.send("POST", link, formOf(good)).wants(t, 303, "/programmes")
	p.send("GET", h.programmePath(), nil).wants(t, 200)
	p.send("GET", link, nil).wants(t, 404, "has been used or revoked")
	h.phone().send("POST", link, formOf(good)).wants(t, 404)
	d.open(people).wants(t, 200, "Facilitator").lacks(t, "Invited, not yet here")
	fay := h.signIn("fay@example.org", "three words in a row")
	fay.open(people).wants(t, 403)
	fay.open("/accounts").wants(t, 403)
}

// TestPeopleShowsOwnProgrammeOnly to an administrator of one.
func TestPeopleShowsOwnProgrammeOnly(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.colleague("outsider")
	partner := h.colleague("partner", surveys.RoleAdministrator)
	partner.open(h.programmePath()+"/people").wants(t, 200, "partner@example.org", "owner@example.org").lacks(t, "outsider", `href="/accounts`)
}

// TestAccountsOfOthers walks through what an owner does to an account.
func TestAccountsOfOthers(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	fay := h.colleague("fay", surveys.RoleFacilitator)
	shown := d.sends("/accounts", url.Values{"name": {"Gil"}, "email": {"gil@example.org"}, "owner": {"yes"}}).wants(t, 201, "The link for Gil")
	checkHTML(t, shown)
	revoke := between(shown.body, `action="/accounts/invitations/`, `"`, 1)
	d.sends("/accounts/invitations/"+revoke, nil).wants(t, 303, "/accounts")
	h.phone().send("GET", linkIn(shown.body), nil).wants(t, 404)
	path := "/accounts/" + between(d.open("/accounts").body, `href="/accounts/`, `">fay<`, 1)
	path = path[:strings.IndexAny(path+`"`, `"`)]
	if i := strings.LastIndex(path, "/accounts/"); i > 0 {
		path = path[i:]
	}
	checkHTML(t, d.open(path).wants(t, 200, "fay@example.org", "Facilitator"))
	fay.sends("/account/tokens", wishOf("nightly")).wants(t, 201)
	d.open(path).wants(t, 200, "nightly")
	d.open("/accounts").wants(t, 200, "nightly")

	link := linkIn(d.sends(path+"/reset", nil).wants(t, 201, "The link for fay").body)
	p := h.phone()
	checkHTML(t, p.send("GET", link, nil).wants(t, 200, "works once"))
	p.send("POST", link, formOf(url.Values{"password": {"three words in a row"}, "again": {"three words in a row"}})).wants(t, 303, "/programmes")
	fay.open("/programmes").wants(t, 303, "/sign-in")

	d.sends(path+"/active", url.Values{"do": {"deactivate"}}).wants(t, 303, path)
	p.send("GET", "/programmes", nil).wants(t, 303, "/sign-in")
	d.open(path).wants(t, 200, "inactive", "Activate again")
	d.sends(path+"/owner", url.Values{"do": {"make"}}).wants(t, 422, "Activate this account first")
	d.sends(path+"/active", url.Values{"do": {"activate"}}).wants(t, 303, path)
	d.sends(path+"/owner", url.Values{"do": {"make"}}).wants(t, 303, path)
	d.sends(path+"/owner", url.Values{"do": {"take"}}).wants(t, 303, path)
	d.sends(path+"/remove", nil).wants(t, 303, "/accounts")
	d.open(path).wants(t, 404)
	own := "/accounts/first"
	checkHTML(t, d.sends(own+"/remove", nil).wants(t, 422, "Make somebody else an owner first"))
	d.sends(own+"/active", nil).wants(t, 422, "Make somebody else an owner first")
}

// TestOwnAccountPage changes name, address and password, and ends sign-ins.
func TestOwnAccountPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	other := h.colleague("fay", surveys.RoleFacilitator)
	d := h.signIn("fay@example.org", "fay has a long password")
	page := d.open("/account").wants(t, 200, "this one", "End all others")
	checkHTML(t, page)
	d.sends("/account/name", url.Values{"name": {""}}).wants(t, 422, "Enter the name")
	d.sends("/account/name", url.Values{"name": {"Fay Miller"}}).wants(t, 303, "/account")
	d.sends("/account/address", url.Values{"email": {"fay@new.example"}, "password": {"wrong"}}).wants(t, 422, "this is not it").has(t, `value="fay@new.example"`)
	d.sends("/account/address", url.Values{"email": {"fay@new.example"}, "password": {"fay has a long password"}}).wants(t, 303, "/account")
	d.sends("/account/password", url.Values{"old": {"fay has a long password"}, "password": {"three words in a row"}, "again": {"three words"}}).wants(t, 422, "same password twice")
	bad := d.sends("/account/password", url.Values{"old": {"wrong"}, "password": {"three words in a row"}, "again": {"three words in a row"}}).wants(t, 422, "this is not it")
	checkHTML(t, bad.lacks(t, "three words"))
	other.open("/programmes").wants(t, 200)
	d.sends("/account/password", url.Values{"old": {"fay has a long password"}, "password": {"three words in a row"}, "again": {"three words in a row"}}).wants(t, 303, "/account")
	other.open("/programmes").wants(t, 303, "/sign-in")
	d.open("/account").wants(t, 200, "Fay Miller", "fay@new.example")
	third := h.signIn("fay@new.example", "three words in a row")
	id := between(d.open("/account").body, `action="/account/sign-ins/`, `/end"`, 1)
	d.sends("/account/sign-ins/"+id+"/end", nil).wants(t, 303, "/account")
	third.open("/programmes").wants(t, 303, "/sign-in")
	fourth := h.signIn("fay@new.example", "three words in a row")
	d.sends("/account/sign-ins/end-others", nil).wants(t, 303, "/account")
	fourth.open("/programmes").wants(t, 303, "/sign-in")
	d.open("/programmes").wants(t, 200)
}

// TestForgottenPassword shows who asks the same, whoever they ask for.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.phone().send("GET", "/sign-in", nil).wants(t, 200).has(t, `href="/forgotten"`)
	checkHTML(t, h.phone().send("GET", "/forgotten", nil).wants(t, 200, "Ask an owner"))
	h.phone().send("POST", "/forgotten", formOf(url.Values{"email": {"owner@example.org"}})).wants(t, 422, "Ask an owner")
	checkHTML(t, h.phone().send("GET", "/forgotten/sent", nil).wants(t, 200, "If the address has an account"))
}

// TestTokenForm refuses what is not chosen.
func TestTokenForm(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	checkHTML(t, d.sends("/account/tokens", url.Values{"name": {"x"}, "days": {"30"}}).wants(t, 422, "Choose what the token may do"))
	d.sends("/account/tokens", url.Values{"name": {"x"}, "scopes": {"figures"}, "days": {"3650"}}).wants(t, 422, "7, 30, 90 or 365")
	d.sends("/account/tokens", url.Values{"name": {"x"}, "scopes": {"king"}, "days": {"30"}}).wants(t, 422, "Choose what the token may do")
	d.sends("/account/tokens", url.Values{"name": {"x"}, "scopes": {"figures"}, "days": {"30"}, "programme": {"none"}}).wants(t, 422)
	d.sends("/account/tokens", url.Values{"name": {"x"}, "scopes": {"figures"}, "days": {"7"}}).wants(t, 201, "read figures")
}
