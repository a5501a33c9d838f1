package app_test

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/smtp"
	"soundings/surveys/smtp/smtptest"
)

// mailRoom is a hall that writes letters through a real mail server.
type mailRoom struct {
	*hall
	mail *smtptest.Server
	log  bytes.Buffer
}

func newMailRoom(tb testing.TB, name string) *mailRoom {
	tb.Helper()
	room := &mailRoom{hall: newHall(tb, name), mail: smtptest.New(tb)}
	room.service = room.withMail(tb, room.service)
	var err error
	if room.server, err = app.New(room.service, app.Config{}, slog.New(slog.NewTextHandler(&room.log, nil))); err != nil {
		tb.Fatal(err)
	}
	return room
}

// withMail gives a service the server, the product's own words and a new key.
func (r *mailRoom) withMail(tb testing.TB, service *surveys.Service) *surveys.Service {
	tb.Helper()
	letters, err := app.NewLetters()
	if err != nil {
		tb.Fatal(err)
	}
	key, err := surveys.NewAddressKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	post, err := smtp.New(smtp.Config{Address: r.mail.Address, From: mail.Address{Address: "surveys@council.example"}, Bounces: "bounces+*@council.example"})
	if err != nil {
		tb.Fatal(err)
	}
	return service.WithMail(surveys.Mail{Post: post, Writer: letters, Base: "https://feedback.example", Key: key})
}

func (r *mailRoom) path(rest string) string { return r.programmePath() + "/mailings" + rest }

// list is the form of addresses as a browser sends it, with a file or without.
func (r *mailRoom) list(d *desk, list, file string, more url.Values) page {
	r.tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	values := url.Values{"csrf": {d.csrf}, "strand": {"pupils"}, "cohort": {string(r.link.Cohort)}, "language": {""}, "list": {list}, "agreed": {"yes"}, "do": {"send"}}
	for name, value := range more {
		values[name] = value
	}
	for name, all := range values {
		for _, value := range all {
			if err := form.WriteField(name, value); err != nil {
				r.tb.Fatal(err)
			}
		}
	}
	part, err := form.CreateFormFile("file", "people.csv")
	if err != nil {
		r.tb.Fatal(err)
	}
	if _, err := part.Write([]byte(file)); err != nil {
		r.tb.Fatal(err)
	}
	if err := form.Close(); err != nil {
		r.tb.Fatal(err)
	}
	d.header.Set("Content-Type", form.FormDataContentType())
	defer d.header.Del("Content-Type")
	return d.send("POST", r.path("/contacts"), &body)
}

// TestMailings goes the way of a facilitator: addresses, a mailing, a test letter,
// the start; then what came back, and all addresses deleted.
func TestMailings(t *testing.T) {
	t.Parallel()
	r := newMailRoom(t, "everything")
	d := r.ownersDesk()
	checkHTML(t, d.open(r.path("")).wants(t, 200, "There is none yet", "Add addresses").lacks(t, "Letters cannot be sent"))
	checkHTML(t, d.open(r.path("/contacts")).wants(t, 200, "There is none yet"))

	list := "jo.smith@school.example\nnobody\njo.smith@school.example;;ar\n"
	r.list(d, list, "", url.Values{"agreed": nil}).wants(t, 422, "Tick the box").has(t, "jo.smith@school.example")
	seen := r.list(d, list, "", nil).wants(t, 200, "is taken in", "letters cannot be sent to it", "stands in the list twice", "Take in 1 address")
	checkHTML(t, seen)
	r.list(d, "", "name,e-mail\nSam,sam@school.example\n", nil).wants(t, 200, "s…@school.example", "Take in 1 address")
	d.sends(r.path("/contacts"), url.Values{"strand": {"pupils"}, "cohort": {string(r.link.Cohort)}, "agreed": {"yes"}, "do": {"keep"},
		"list": {list + "gone@school.example\nzoe@school.example\n"}}).wants(t, 200, "3 addresses taken in", "j…@school.example").lacks(t, ">jo.smith")

	d.sends(r.path(""), url.Values{"wave": {"pupils/pre"}, "invitation": {"soon"}}).wants(t, 422, "Give a day and a time").has(t, `value="soon"`)
	at := d.sends(r.path(""), url.Values{"wave": {"pupils/pre"}, "invitation": {"2026-03-07T09:00"}, "reminder": {"2026-03-07T15:00"}}).wants(t, 303).header.Get("Location")
	checkHTML(t, d.open(at).wants(t, 200, "planned, not started", "https://feedback.example/p/example", "8 March 2026, 09:00"))
	d.sends(at, url.Values{"do": {"send"}, "invitation": {"2026-03-07T09:00"}, "texts[en].invitation": {"Come in"}}).wants(t, 422, "Put {{link}} where").has(t, ">Come in</textarea>")
	d.sends(at, url.Values{"do": {"send"}, "invitation": {"2026-03-07T09:00"}, "reminder": {"2026-03-07T15:00"}, "texts[en].subject": {"Hello from {{programme}}"}}).wants(t, 303)
	d.sends(at, url.Values{"do": {"try"}, "step": {"invitation"}, "lang": {"en"}}).wants(t, 200, "on its way to your own address")
	d.sends(at, url.Values{"do": {"start"}}).wants(t, 200, "Started", "running")
	r.sendsLetters()
	if got := r.mail.To(); len(got) != 3 || got["owner@example.org"] != 1 || got["jo.smith@school.example"] != 1 {
		t.Errorf("letters %v, want the test, jo and zoe", got)
	}
	if got := r.letterTo("jo.smith@school.example").Message.Header.Get("Subject"); got != "Hello from Hillside Projects" {
		t.Errorf("subject %q, want the author's", got)
	}
	d.open(r.path("/contacts")).wants(t, 200, "not reached (550 5.1.1)")
	_, tag := r.secretOf("zoe@school.example")
	d.sends(r.path("/bounces"), url.Values{"text": {"Subject: away\n\nUntil Monday."}}).wants(t, 422, "no delivery status notification").has(t, "Until Monday.")
	checkHTML(t, d.sends(r.path("/bounces"), url.Values{"text": {bounceOf(tag)}}).wants(t, 200, "Addresses marked as not reached: 1"))
	checkHTML(t, d.open(at).wants(t, 200, "running"))
	d.sends(at, url.Values{"do": {"stop"}}).wants(t, 200, "Stopped")
	d.sends(at, url.Values{"do": {"again"}}).wants(t, 200, "0 uncertain")
	d.sends(r.path("/contacts/delete"), nil).wants(t, 422, "Tick the box")
	d.sends(r.path("/contacts/delete"), url.Values{"sure": {"yes"}}).wants(t, 303)
	d.open(r.path("/contacts")).wants(t, 200, "There is none yet")
	checkHTML(t, d.open(at).wants(t, 200, "ended, addresses deleted", "Invitation 1").lacks(t, "Start it"))
	for _, line := range []string{d.open(r.programmePath()+"/audit").wants(t, 200).body, r.log.String()} {
		if strings.Contains(line, "school.example") {
			t.Error("an address is in the audit trail or the log")
		}
	}
}

func bounceOf(tag string) string {
	return "To: bounces+" + tag + "@council.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
}

func (r *mailRoom) sendsLetters() {
	r.tb.Helper()
	r.pass(time.Minute)
	if _, err := r.service.SendLetters(r.tb.Context()); err != nil {
		r.tb.Fatal(err)
	}
}

func (r *mailRoom) letterTo(to string) smtptest.Letter {
	r.tb.Helper()
	all := r.mail.Letters()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].To == to {
			return all[i]
		}
	}
	r.tb.Fatalf("no letter to %s", to)
	return smtptest.Letter{}
}

var secretInLetter = regexp.MustCompile(`/p/([2-9a-z]{20})`)

// secretOf is the secret of the personal link in the last letter to an address, and
// the letter's tag.
func (r *mailRoom) secretOf(to string) (secret, tag string) {
	r.tb.Helper()
	letter := r.letterTo(to)
	found := secretInLetter.FindStringSubmatch(strings.ReplaceAll(letter.Body, "=\r\n", ""))
	if found == nil {
		r.tb.Fatalf("no personal link in the letter to %s", to)
	}
	tag, _, _ = strings.Cut(strings.TrimPrefix(letter.From, "bounces+"), "@")
	return found[1], tag
}

// invites takes in addresses and sends each the invitation to answer before.
func (r *mailRoom) invites(addresses ...string) {
	r.tb.Helper()
	r.invitesTo(questionnaire.WavePre, addresses...)
}

func (r *mailRoom) invitesTo(wave questionnaire.Wave, addresses ...string) {
	r.tb.Helper()
	var rows []surveys.ContactRow
	for i, address := range addresses {
		rows = append(rows, surveys.ContactRow{Number: i + 1, Address: address, Language: "ar"})
	}
	_, err := r.service.AddContacts(r.owner, surveys.ContactsImport{Programme: r.link.Programme, Strand: "pupils", Cohort: r.link.Cohort, Agreed: true, Rows: rows})
	if err != nil {
		r.tb.Fatal(err)
	}
	m, err := r.service.SaveMailing(r.owner, surveys.Mailing{Programme: r.link.Programme, Strand: "pupils", Wave: wave, At: map[surveys.Step]time.Time{surveys.StepInvitation: r.now()}})
	if err == nil {
		_, err = r.service.RunMailing(r.owner, m.Programme, m.ID, true)
	}
	if err != nil {
		r.tb.Fatal(err)
	}
	r.sendsLetters()
}

// TestTeacherRatesByLetter: whoever has a letter chooses the workshop like whoever
// stands before the poster, once.
func TestTeacherRatesByLetter(t *testing.T) {
	t.Parallel()
	r := newMailRoom(t, "everything")
	r.rated()
	workshop, err := r.service.CreateWorkshop(r.owner, surveys.Workshop{Programme: r.link.Programme, Cohort: r.link.Cohort, Title: "Feelings", Date: "2026-03-03"})
	if err != nil {
		t.Fatal(err)
	}
	r.invitesTo(questionnaire.WavePost, "jo@school.example")
	jo, _ := r.secretOf("jo@school.example")
	list := r.phone().send("GET", "/p/"+jo+"?lang=en", nil).wants(t, 200, "Which workshop do you want to rate?", "Feelings")
	checkHTML(t, list)
	to := "/p/" + jo + "?lang=en&workshop=" + between(list.body, "workshop=", `"`, 1)
	page := r.phone().send("GET", to, nil).wants(t, 200, "Feelings").has(t, `name="_personal" value="`+jo+`"`)
	form := whole()
	form.Set("_personal", jo)
	submit := between(page.body, `action="/s/`, `"`, 2)
	script(r.phone()).send("POST", "/s/"+submit, formOf(form)).wants(t, 200, "receipt")
	if stored := r.stored(); len(stored) != 1 || stored[0].Workshop != workshop.ID {
		t.Errorf("stored %+v, want one rating of the workshop", stored)
	}
	r.phone().send("GET", "/p/"+jo+"?lang=en", nil).wants(t, 200, "You have answered already")
	r.phone().send("GET", "/p/"+jo+"?workshop=nosuchlink", nil).wants(t, 404)
}

// TestPersonalLinkPages answers by a personal link with the script and without it.
func TestPersonalLinkPages(t *testing.T) {
	t.Parallel()
	r := newMailRoom(t, "everything")
	r.invites("jo@school.example", "sam@school.example")
	jo, _ := r.secretOf("jo@school.example")
	sam, _ := r.secretOf("sam@school.example")
	p := r.phone()
	landing := p.send("GET", "/p/"+jo, nil).wants(t, 200).has(t, `lang="ar"`, `name="_personal" value="`+jo+`"`).lacks(t, "code__")
	checkHTML(t, landing)
	p.send("GET", "/p/"+jo+"?lang=en", nil).wants(t, 200).has(t, `lang="en"`)
	p.send("GET", "/p/nosuchsecret", nil).wants(t, 404, "Check the link")
	p.send("GET", "/p/example", nil).wants(t, 200, "This is a test letter")

	form := whole()
	form.Set("_personal", jo)
	script(p).post("/submit", form).wants(t, 200, "receipt")
	script(p).post("/submit", form).wants(t, 200, "receipt") // the phone lost the answer
	form.Set("_id", "another_device")
	script(r.phone()).post("/submit", form).wants(t, 403, "Each personal link takes one set of answers").has(t, `"file":"`, `"drop":"`) // not stuck on the phone
	checkHTML(t, r.phone().send("GET", "/p/"+jo+"?lang=en", nil).wants(t, 200, "You have answered already").has(t, "/withdraw"))

	plain := r.phone()
	plain.send("POST", plain.at("/start"), formOf(url.Values{"_lang": {"en"}, "_personal": {sam}})).wants(t, 303, "/part/1")
	for n, answers := range everything {
		answers = maps.Clone(answers)
		maps.DeleteFunc(answers, func(name string, _ []string) bool { return strings.HasPrefix(name, "code__") })
		plain.post("/part/"+string(rune('1'+n)), answers).wants(t, 303)
	}
	plain.get("/check").wants(t, 200).lacks(t, "code__")
	plain.post("/send", nil).wants(t, 303, "/thanks")
	plain.post("/send", nil).wants(t, 303, "/thanks")
	r.phone().send("GET", "/p/"+sam+"?lang=en", nil).wants(t, 200, "You have answered already")
	if got := len(r.stored()); got != 2 {
		t.Errorf("%d responses, want 2", got)
	}
	r.close()
	zoe := r.phone()
	zoe.send("GET", "/p/"+jo, nil).wants(t, 200) // who has answered is told so
}

// TestUnsubscribePage ends letters by its button and by a mail program's own, never
// by being opened, in the reader's language.
func TestUnsubscribePage(t *testing.T) {
	t.Parallel()
	r := newMailRoom(t, "everything")
	r.invites("jo@school.example")
	_, tag := r.secretOf("jo@school.example")
	page := r.phone().send("GET", "/m/"+tag, nil).wants(t, 200).has(t, `lang="ar"`, `dir="rtl"`, `action="/m/`+tag)
	checkHTML(t, page)
	r.phone().send("GET", "/m/"+tag+"?lang=en", nil).wants(t, 200, "No more letters?")
	r.phone().send("GET", "/m/"+tag+"?lang=en", nil).wants(t, 200, "No more letters?")
	r.phone().send("POST", "/m/"+tag+"?lang=en", strings.NewReader("List-Unsubscribe=One-Click")).wants(t, 200, "You get no more letters from us")
	r.phone().send("GET", "/m/"+tag+"?lang=en", nil).wants(t, 200, "You get no more letters from us")
	r.phone().send("GET", "/m/nosuchletter?lang=en", nil).wants(t, 404, "This link has run out")
	r.phone().send("POST", "/m/nosuchletter", nil).wants(t, 404)
	if got := r.letterTo("jo@school.example").Message.Header.Get("List-Unsubscribe"); got != "<https://feedback.example/m/"+tag+">" {
		t.Errorf("List-Unsubscribe: %s", got)
	}
}
