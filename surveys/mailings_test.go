package surveys_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/smtp"
	"soundings/surveys/smtp/smtptest"
	"soundings/surveys/storetest"
)

// bareLetters writes what a letter needs and nothing else; package app has the words.
type bareLetters struct{}

func (bareLetters) WriteLetter(f surveys.LetterFacts) (surveys.Wording, error) {
	text := fmt.Sprintf("%s %s\n%s\n%s\n", f.Step, f.Name, f.Link, f.Unsubscribe)
	return surveys.Wording{Language: f.Language, Subject: string(f.Step), Text: text, HTML: "<p>" + text + "</p>"}, nil
}

// postRoom is a world that writes letters through a real mail server.
type postRoom struct {
	*world
	server *smtptest.Server
	post   surveys.Post
	key    surveys.AddressKey
}

func newPostRoom(tb testing.TB, store surveys.Store) *postRoom {
	tb.Helper()
	r := &postRoom{world: newWorldIn(tb, store), server: smtptest.New(tb)}
	var err error
	r.post, err = smtp.New(smtp.Config{
		Address: r.server.Address, From: mail.Address{Name: "Calm schools", Address: "surveys@council.example"},
		Bounces: "bounces+*@council.example", Host: "feedback.example",
	})
	must(tb, err)
	r.key, err = surveys.NewAddressKey(rand.Reader)
	must(tb, err)
	r.Service = r.on(r.store)
	return r
}

// on is another instance, on a store that may be a faulty one around the same data.
func (r *postRoom) on(store surveys.Store) *surveys.Service {
	return surveys.NewService(store, r.clock.Now, rand.Reader).WithMail(surveys.Mail{Post: r.post, Writer: bareLetters{}, Base: "https://feedback.example", Key: r.key})
}

// list makes a list of the addresses of n people.
func people(n int) []surveys.ContactRow {
	rows := make([]surveys.ContactRow, n)
	for i := range rows {
		rows[i] = surveys.ContactRow{Number: i + 1, Address: fmt.Sprintf("teacher%03d@school.example", i), Name: fmt.Sprintf("Teacher %d", i)}
	}
	return rows
}

func (r *postRoom) contacts(rows ...surveys.ContactRow) surveys.ContactsImport {
	return surveys.ContactsImport{Programme: r.programme.ID, Strand: "pupils", Cohort: r.cohort.ID, Agreed: true, Rows: rows}
}

func (r *postRoom) add(tb testing.TB, rows ...surveys.ContactRow) {
	tb.Helper()
	outcomes, err := r.AddContacts(r.ctx, r.contacts(rows...))
	must(tb, err)
	for _, o := range outcomes {
		if o.State != surveys.ContactNew {
			tb.Fatalf("row %d is %s: %v", o.Number, o.State, o.Problem)
		}
	}
}

// runs plans a mailing whose invitation is due now, and starts it.
func (r *postRoom) runs(tb testing.TB) surveys.Mailing {
	tb.Helper()
	now := r.clock.Now()
	m, err := r.SaveMailing(r.ctx, surveys.Mailing{Programme: r.programme.ID, Strand: "pupils", Wave: questionnaire.WavePre, At: map[surveys.Step]time.Time{
		surveys.StepInvitation: now, surveys.StepReminder: now.Add(7 * 24 * time.Hour), surveys.StepLastReminder: now.Add(14 * 24 * time.Hour),
	}})
	must(tb, err)
	m, err = r.RunMailing(r.ctx, r.programme.ID, m.ID, true)
	must(tb, err)
	return m
}

func (r *postRoom) send(tb testing.TB) int {
	tb.Helper()
	r.clock.pass(time.Minute)
	n, err := r.SendLetters(tb.Context())
	must(tb, err)
	return n
}

var personalLink = regexp.MustCompile(`/p/([2-9a-z]{20})`)

// linkOf is the secret in the last letter to an address, and the letter's tag.
func (r *postRoom) linkOf(tb testing.TB, to string) (secret, tag string) {
	tb.Helper()
	for _, letter := range r.server.Letters() {
		if letter.To == to {
			secret = personalLink.FindStringSubmatch(strings.ReplaceAll(letter.Body, "=\r\n", ""))[1]
			tag, _, _ = strings.Cut(strings.TrimPrefix(letter.From, "bounces+"), "@")
		}
	}
	if secret == "" {
		tb.Fatalf("no letter to %s", to)
	}
	return secret, tag
}

func (r *postRoom) counts(tb testing.TB, m surveys.Mailing) surveys.MailingCount {
	tb.Helper()
	rows, err := r.MailingCounts(r.ctx, m)
	must(tb, err)
	if len(rows) != 1 {
		tb.Fatalf("%d rows of counts, want 1", len(rows))
	}
	rows[0].Cohort = ""
	return rows[0]
}

// TestMailing goes the whole way with both stores: invitation, answers, bounces,
// unsubscribing, and reminders to those that are left.
func TestMailing(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		r.add(t, people(4)...)
		r.add(t, surveys.ContactRow{Number: 1, Address: "gone@school.example"}, surveys.ContactRow{Number: 2, Address: "busy@school.example"})
		m := r.runs(t)
		if got := r.send(t); got != 4 {
			t.Errorf("%d letters delivered, want 4", got)
		}
		if got, want := r.counts(t, m), (surveys.MailingCount{Contacts: 6, Invited: 4, Bounced: 1, Waiting: 1, Open: true}); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
		r.send(t) // nothing is due
		r.server.Recover()
		r.clock.pass(20 * time.Minute)
		r.send(t) // what was deferred goes out now
		for to, n := range r.server.To() {
			if n != 1 {
				t.Errorf("%d letters to %s, want 1", n, to)
			}
		}

		secret, _ := r.linkOf(t, "teacher000@school.example")
		sub := surveys.Submission{ID: "a_response_of_teacher", Raw: uncoded(nil), Personal: secret}
		_, err := r.Submit(t.Context(), r.token(), sub)
		must(t, err)
		_, tag := r.linkOf(t, "teacher001@school.example")
		must(t, r.Unsubscribe(t.Context(), tag))
		must(t, r.Unsubscribe(t.Context(), tag))
		_, tag = r.linkOf(t, "teacher002@school.example")
		count, err := r.TakeBounces(r.ctx, r.programme.ID, strings.NewReader(reportAbout(tag)))
		must(t, err)
		if want := (surveys.BounceCount{Reports: 1, Marked: 1}); count != want {
			t.Errorf("TakeBounces = %+v, want %+v", count, want)
		}
		r.clock.pass(7 * 24 * time.Hour)
		if got := r.send(t); got != 2 {
			t.Errorf("%d reminders, want 2: to teacher003 and busy", got)
		}
		r.clock.pass(7 * 24 * time.Hour)
		r.send(t)
		want := map[string]int{"teacher000@school.example": 1, "teacher001@school.example": 1, "teacher002@school.example": 1, "teacher003@school.example": 3, "busy@school.example": 3}
		if got := r.server.To(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("letters %v, want %v", got, want)
		}
		if got, want := r.counts(t, m), (surveys.MailingCount{Contacts: 6, Invited: 4, Answered: 1, Reminded: 2, Unsubscribed: 1, Bounced: 2, Open: true}); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
	})
}

// reportAbout is what a mail server reports of the letter with this tag.
func reportAbout(tag string) string {
	return "To: bounces+" + tag + "@council.example\nContent-Type: multipart/report; boundary=b; report-type=delivery-status\n\n" +
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
}

// TestLettersOnce sends to 200 people. The first instance is killed in the middle,
// just after the mail server took a letter; then two go on at once, one of which
// lives in another minute, so that the lease keeps neither out. Everybody gets one
// letter, and the one that was under way is shown as uncertain.
func TestLettersOnce(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		r.add(t, people(200)...)
		m := r.runs(t)
		r.clock.pass(time.Minute)
		killed := r.on(&endingStore{Store: r.store, kind: "letter", left: 2*60 - 1})
		if n, err := killed.SendLetters(t.Context()); err == nil || n != 60 {
			t.Fatalf("%d letters and error %v, want the end after 60", n, err)
		}
		r.clock.pass(2 * time.Minute) // the lease runs out
		ahead := surveys.NewService(r.store, func() time.Time { return r.clock.Now().Add(5 * time.Minute) }, rand.Reader).
			WithMail(surveys.Mail{Post: r.post, Writer: bareLetters{}, Base: "https://feedback.example", Key: r.key})
		both := []*surveys.Service{r.on(r.store), ahead}
		sent, errs := together(2, func(i int) (int, error) { return both[i].SendLetters(t.Context()) })
		for _, err := range errs {
			must(t, err)
		}
		if sent[0]+sent[1] != 140 {
			t.Errorf("%v letters by the two that went on, want 140 together", sent)
		}
		counts := r.server.To()
		for to, n := range counts {
			if n != 1 {
				t.Errorf("%d letters to %s, want 1", n, to)
			}
		}
		r.clock.pass(time.Hour)
		if got := r.counts(t, m); len(counts) != 200 || got.Invited != 200 || got.Uncertain != 1 {
			t.Errorf("letters to %d people, counts %+v, want 200 with one uncertain", len(counts), got)
		}
		n, err := r.ResendUncertain(r.ctx, r.programme.ID, m.ID)
		must(t, err)
		if got := r.send(t); n != 1 || got != 1 {
			t.Errorf("%d uncertain and %d sent again, want 1", n, got)
		}
	})
}

// endingStore fails for good after so many writes of one kind: what is left behind is
// what a program leaves that is killed there.
type endingStore struct {
	surveys.Store
	kind surveys.RecordKind
	mu   sync.Mutex
	left int
}

func (s *endingStore) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Kind == s.kind {
		s.left--
	}
	if s.left < 0 {
		return 0, &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: storetest.ErrFault}
	}
	return s.Store.PutRecord(ctx, r)
}

// TestPersonalLink answers through one link from two devices, on both stores, and
// pairs the waves by it.
func TestPersonalLink(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		r.add(t, people(2)...)
		r.runs(t)
		r.send(t)
		secret, _ := r.linkOf(t, "teacher000@school.example")
		p, err := r.Personal(t.Context(), strings.ToUpper(secret))
		must(t, err)
		if p.Answered || !p.ByPersonalLink() || p.Link.Token != r.token() {
			t.Errorf("Personal = %+v, want an open link of the cohort", p)
		}
		sub := surveys.Submission{ID: "first_device", Raw: uncoded(nil), Personal: secret}
		_, errs := together(2, func(i int) (surveys.Response, error) {
			other := sub
			if i == 1 {
				other.ID, other.Raw = "second_device", uncoded(questionnaire.Raw{"stress": {"1"}})
			}
			return r.Submit(t.Context(), r.token(), other)
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two devices at once: %v, want one kept", errs)
		}
		kept := r.sent(t)
		if len(kept) != 1 {
			t.Fatalf("%d responses, want 1", len(kept))
		}
		if kept[0].ID == "second_device" {
			sub.ID, sub.Raw = "second_device", uncoded(questionnaire.Raw{"stress": {"1"}})
		}
		again, err := r.Submit(t.Context(), r.token(), sub)
		must(t, err)
		if again.ID != kept[0].ID || len(r.sent(t)) != 1 {
			t.Errorf("sent again: response %s, want the one that was kept", again.ID)
		}
		_, err = r.Submit(t.Context(), r.token(), surveys.Submission{ID: "a_third_device", Raw: uncoded(nil), Personal: secret})
		wantError(t, "a third device", err, surveys.KindForbidden, "response.answered_already")
		p, err = r.Personal(t.Context(), secret)
		must(t, err)
		if !p.Answered {
			t.Error("the link is not known as answered")
		}
		must(t, r.store.DeleteLinkage(t.Context(), kept[0].ID)) // as withdrawing does
		p, err = r.Personal(t.Context(), secret)
		must(t, err)
		if p.Answered {
			t.Error("the link cannot be used after the answers were withdrawn")
		}
	})
}

// TestPersonalLinkLate hands over, late, what was answered in time: the same is known,
// other answers of the same person are not kept beside it.
func TestPersonalLinkLate(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(2)...)
	r.runs(t)
	r.send(t)
	secret, _ := r.linkOf(t, "teacher000@school.example")
	sub := surveys.Submission{ID: "first_device", Raw: uncoded(nil), Personal: secret}
	must(t, second(r.Submit(t.Context(), r.token(), sub)))
	must(t, second(r.SetLinkOpen(r.ctx, r.programme.ID, r.links[questionnaire.WavePre].ID, false)))
	again, err := r.HandIn(t.Context(), r.token(), sub, r.clock.Now())
	must(t, err)
	if again.Status != surveys.StatusSubmitted {
		t.Errorf("the same once more is %s, want what was kept", again.Status)
	}
	other := surveys.Submission{ID: "other_device", Raw: uncoded(questionnaire.Raw{"stress": {"1"}}), Personal: secret}
	_, err = r.HandIn(t.Context(), r.token(), other, r.clock.Now())
	wantError(t, "other answers of the same person", err, surveys.KindForbidden, "response.answered_already")
	other.Personal, _ = r.linkOf(t, "teacher001@school.example")
	must(t, second(r.HandIn(t.Context(), r.token(), other, r.clock.Now())))
	other.ID, other.Raw = "third_device", uncoded(nil)
	_, err = r.HandIn(t.Context(), r.token(), other, r.clock.Now())
	wantError(t, "handed over twice", err, surveys.KindForbidden, "response.answered_already")
	held, err := r.Held(r.ctx, r.programme.ID)
	must(t, err)
	if len(held) != 1 {
		t.Errorf("%d late responses of one person, want 1", len(held))
	}
}

// whileSending is a mail server that does something else once it has taken the first
// letter of a round.
type whileSending struct {
	surveys.Post
	after func()
}

type slowRound struct {
	surveys.Round
	after *func()
}

func (w *whileSending) Open(ctx context.Context) (surveys.Round, error) {
	round, err := w.Post.Open(ctx)
	return slowRound{round, &w.after}, err
}

func (r slowRound) Deliver(ctx context.Context, l surveys.Letter) surveys.Delivery {
	d := r.Round.Deliver(ctx, l)
	(*r.after)()
	*r.after = func() {}
	return d
}

// TestLettersStop changes something after the first letter of a round: what is stopped,
// destroyed or answered then gets no letter of the same round.
func TestLettersStop(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(*testing.T, *postRoom, surveys.Mailing)
		want int // letters, of 4
	}{
		"stopped": {func(t *testing.T, r *postRoom, m surveys.Mailing) {
			must(t, second(r.RunMailing(r.ctx, m.Programme, m.ID, false)))
		}, 1},
		"destroyed": {func(t *testing.T, r *postRoom, m surveys.Mailing) {
			must(t, second(r.DestroyContacts(r.ctx, m.Programme)))
		}, 1},
		"one deleted": {func(t *testing.T, r *postRoom, m surveys.Mailing) {
			all, err := r.Contacts(r.ctx, m.Programme)
			must(t, err)
			must(t, r.DeleteContact(r.ctx, m.Programme, all[3].ID))
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newPostRoom(t, storetest.SQLite(t))
			r.add(t, people(4)...)
			m := r.runs(t)
			slow := &whileSending{r.post, func() { tt.do(t, r, m) }}
			r.post = slow
			r.clock.pass(time.Minute)
			must(t, second(r.on(r.store).SendLetters(t.Context())))
			if got := len(r.server.To()); got != tt.want {
				t.Errorf("%d letters, want %d", got, tt.want)
			}
			letters, err := r.store.CountRecords(t.Context(), "letter", string(m.ID), time.Time{})
			must(t, err)
			if name == "destroyed" && letters != 0 {
				t.Errorf("%d letters are known of after all addresses were destroyed", letters)
			}
		})
	}
}

// TestLettersPassOne lets one address be damaged: the letters after it go out.
func TestLettersPassOne(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(4)...)
	r.runs(t)
	all, err := r.Contacts(r.ctx, r.programme.ID)
	must(t, err)
	record, err := r.store.Record(t.Context(), "contact", string(all[1].ID))
	must(t, err)
	damaged := all[1].Contact
	damaged.Sealed = all[2].Sealed // which opens as another's only
	record.Body, err = json.Marshal(damaged)
	must(t, err)
	must(t, second(r.store.PutRecord(t.Context(), record)))
	r.clock.pass(time.Minute)
	sent, err := r.SendLetters(t.Context())
	if err == nil || sent != 3 || len(r.server.To()) != 3 {
		t.Errorf("%d letters, %v; want 3, and that the other is told of", sent, err)
	}
}

// TestPersonalLinkGone destroys the addresses, or replaces the link, while people
// are filling the form in: what they send is kept, in time or late.
func TestPersonalLinkGone(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(3)...)
	r.runs(t)
	r.send(t)
	sub := func(n int) surveys.Submission {
		secret, _ := r.linkOf(t, fmt.Sprintf("teacher%03d@school.example", n))
		return surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("the_response_%d", n)), Raw: uncoded(nil), Personal: secret}
	}
	old := r.links[questionnaire.WavePre]
	must(t, second(r.SetLinkOpen(r.ctx, r.programme.ID, old.ID, false)))
	_, err := r.CreateLink(r.ctx, surveys.Link{Programme: r.programme.ID, Strand: "pupils", Cohort: r.cohort.ID, Wave: questionnaire.WavePre})
	must(t, err)
	replaced, err := r.Submit(t.Context(), r.token(), sub(0))
	must(t, err)
	p, err := r.Personal(t.Context(), sub(0).Personal)
	must(t, err)
	if !replaced.Coded || !p.Answered {
		t.Errorf("through a link that was replaced: coded %v, answered %v; want that of the person", replaced.Coded, p.Answered)
	}
	must(t, second(r.SetLinkOpen(r.ctx, r.programme.ID, old.ID, true)))
	_, err = r.DestroyContacts(r.ctx, r.programme.ID)
	must(t, err)
	for range 2 {
		kept, err := r.Submit(t.Context(), r.token(), sub(1))
		must(t, err)
		if kept.Coded || len(r.sent(t)) != 2 {
			t.Errorf("after the addresses are gone: %d responses, coded %v; want 2, nobody's", len(r.sent(t)), kept.Coded)
		}
	}
	must(t, second(r.SetLinkOpen(r.ctx, r.programme.ID, old.ID, false)))
	_, err = r.Submit(t.Context(), r.token(), sub(2))
	wantError(t, "a closed link", err, surveys.KindClosed, "")
	late, err := r.HandIn(t.Context(), r.token(), sub(2), r.clock.Now())
	must(t, err)
	if late.Status != surveys.StatusHeld {
		t.Errorf("late answers are %s, want them held", late.Status)
	}
}

// TestLettersLeadToTheCohort: a workshop that is added later does not take over what
// the letters about a cohort lead to.
func TestLettersLeadToTheCohort(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	p := r.rating(t)
	c, err := r.CreateCohort(r.ctx, surveys.Cohort{Programme: p.ID, Name: "Elm"})
	must(t, err)
	_, err = r.MakePack(r.ctx, p.ID, surveys.Pack{Strands: []surveys.StrandID{"teachers"}})
	must(t, err)
	r.clock.pass(time.Minute)
	_, err = r.CreateWorkshop(r.ctx, surveys.Workshop{Programme: p.ID, Cohort: c.ID, Title: "Feelings"})
	must(t, err)
	_, err = r.AddContacts(r.ctx, surveys.ContactsImport{Programme: p.ID, Strand: "teachers", Cohort: c.ID, Agreed: true, Rows: people(1)})
	must(t, err)
	m, err := r.SaveMailing(r.ctx, surveys.Mailing{Programme: p.ID, Strand: "teachers", Wave: questionnaire.WavePost, At: map[surveys.Step]time.Time{surveys.StepInvitation: r.clock.Now()}})
	must(t, err)
	_, err = r.RunMailing(r.ctx, p.ID, m.ID, true)
	must(t, err)
	r.send(t)
	secret, _ := r.linkOf(t, "teacher000@school.example")
	personal, err := r.Personal(t.Context(), secret)
	must(t, err)
	if personal.Link.Workshop != "" {
		t.Error("the letter leads to the workshop that was added last, whichever its reader was in")
	}
}

// TestPersonalLinkAfterFaults breaks a sending off at every call, and then answers
// from another device, long after: whoever was kept first is the only one.
func TestPersonalLinkAfterFaults(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	rows := people(60)
	r.add(t, rows...)
	r.runs(t)
	r.send(t)
	for n, failed := 1, true; failed; n++ {
		secret, _ := r.linkOf(t, rows[n].Address)
		before := len(r.sent(t))
		faulty := storetest.Faulty(r.store, n)
		first := surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("first_device_%03d", n)), Raw: uncoded(nil), Personal: secret}
		_, err := r.on(faulty).Submit(t.Context(), r.token(), first)
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
		}
		r.clock.pass(time.Hour)
		_, err = r.Submit(t.Context(), r.token(), surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("other_device_%03d", n)), Raw: uncoded(nil), Personal: secret})
		if err != nil {
			wantError(t, "another device", err, surveys.KindForbidden, "response.answered_already")
		}
		if got := len(r.sent(t)) - before; got != 1 {
			t.Fatalf("with call %d failing: %d responses of one person, want 1", n, got)
		}
	}
}

// uncoded is a whole form without a linkage code.
func uncoded(other questionnaire.Raw) questionnaire.Raw {
	raw := form(other)
	maps.DeleteFunc(raw, func(name string, _ []string) bool { return strings.HasPrefix(name, "own_code__") })
	return raw
}

// TestPersonalLinksPairWaves answers before and after by the links of two people:
// one element each, equal across the waves and different between the people.
func TestPersonalLinksPairWaves(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(2)...)
	r.runs(t)
	r.send(t)
	post, err := r.SaveMailing(r.ctx, surveys.Mailing{Programme: r.programme.ID, Strand: "pupils", Wave: questionnaire.WavePost, At: map[surveys.Step]time.Time{surveys.StepInvitation: r.clock.Now()}})
	must(t, err)
	before := map[string]string{}
	for i, to := range []string{"teacher000@school.example", "teacher001@school.example"} {
		before[to], _ = r.linkOf(t, to)
		_, err := r.Submit(t.Context(), r.token(), surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_pre_%d", i)), Raw: uncoded(nil), Personal: before[to]})
		must(t, err)
	}
	_, err = r.RunMailing(r.ctx, r.programme.ID, post.ID, true)
	must(t, err)
	r.send(t)
	for i, to := range []string{"teacher000@school.example", "teacher001@school.example"} {
		secret, _ := r.linkOf(t, to)
		if secret == before[to] {
			t.Fatal("the link is the same at both waves")
		}
		token := r.links[questionnaire.WavePost].Token
		_, err := r.Submit(t.Context(), token, surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_post_%d", i)), Raw: uncoded(nil), Personal: before[to]})
		wantError(t, "the link of another wave", err, surveys.KindNotFound, "")
		begun, err := r.StartPersonal(t.Context(), token, secret, "en", surveys.ModePhone, nil)
		must(t, err)
		for part := range 3 {
			_, err := r.SavePart(t.Context(), token, begun.ID, part, uncoded(nil))
			must(t, err)
		}
		_, err = r.FinishPersonal(t.Context(), token, secret, begun.ID)
		must(t, err)
		_, err = r.FinishPersonal(t.Context(), token, secret, begun.ID)
		must(t, err)
	}
	elements := map[string]int{}
	for _, l := range r.linkages(t) {
		if len(l.Elements) != 1 {
			t.Errorf("a linkage of %d elements, want 1", len(l.Elements))
		}
		elements[strings.Join(l.Elements, "+")]++
	}
	if len(elements) != 2 {
		t.Errorf("%d people by their linkages, want 2", len(elements))
	}
	for _, n := range elements {
		if n != 2 {
			t.Errorf("%d linkages of one person, want 2", n)
		}
	}
}

// TestDestroyContacts leaves nothing of anybody's address, and all of the answers.
func TestDestroyContacts(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		r.add(t, people(5)...)
		m := r.runs(t)
		r.send(t)
		secret, tag := r.linkOf(t, "teacher000@school.example")
		_, err := r.Submit(t.Context(), r.token(), surveys.Submission{ID: "a_response_kept", Raw: uncoded(nil), Personal: secret})
		must(t, err)
		contacts, err := r.Contacts(r.ctx, r.programme.ID)
		must(t, err)
		if contacts[0].Masked != "t…@school.example" {
			t.Errorf("shown as %s, want t…@school.example", contacts[0].Masked)
		}
		must(t, r.DeleteContact(r.ctx, r.programme.ID, contacts[4].ID))
		for _, words := range [][]byte{[]byte("teacher00"), []byte("school.example")} {
			for _, kind := range []surveys.RecordKind{"contact", "letter", "personal", "mailing", "audit", "unsubscribed"} {
				for record, err := range r.store.Records(t.Context(), kind, "*") {
					must(t, err)
					if bytes.Contains(record.Body, words) || strings.Contains(record.Key, string(words)) || strings.Contains(record.ID, string(words)) {
						t.Errorf("%s %s holds an address in clear", kind, record.ID)
					}
				}
			}
		}
		_, err = r.DestroyContacts(r.holding(t, surveys.RoleFacilitator), r.programme.ID)
		wantError(t, "DestroyContacts by a facilitator", err, surveys.KindForbidden, "")
		n, err := r.DestroyContacts(r.ctx, r.programme.ID)
		must(t, err)
		if n != 4 {
			t.Errorf("%d contacts destroyed, want 4", n)
		}
		for _, kind := range []surveys.RecordKind{"contact", "letter", "personal"} {
			for record := range r.store.Records(t.Context(), kind, "*") {
				t.Errorf("%s %s is left", kind, record.ID)
			}
		}
		if len(r.sent(t)) != 1 || len(r.linkages(t)) != 1 {
			t.Error("the response or its linkage went too")
		}
		_, err = r.Personal(t.Context(), secret)
		wantError(t, "Personal afterwards", err, surveys.KindNotFound, "link.not_found")
		_, err = r.ReaderOf(t.Context(), tag)
		wantError(t, "ReaderOf afterwards", err, surveys.KindNotFound, "letter.not_found")
		m, err = r.Mailing(r.ctx, r.programme.ID, m.ID)
		must(t, err)
		if m.State != surveys.MailingEnded || m.Totals[surveys.StepInvitation] != 5 {
			t.Errorf("the mailing is %s with %v, want ended with 5 invitations", m.State, m.Totals)
		}
		_, err = r.RunMailing(r.ctx, r.programme.ID, m.ID, true)
		wantError(t, "RunMailing afterwards", err, surveys.KindInvalid, "mailing.ended")
		if got := r.send(t); got != 0 {
			t.Errorf("%d letters sent afterwards", got)
		}
	})
}

// TestAddContacts says of each row what becomes of it.
func TestAddContacts(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	school, err := r.CreateInstitution(r.ctx, surveys.Institution{Programme: r.programme.ID, Name: "St. Mary’s School"})
	must(t, err)
	for _, name := range []string{"Year 5", "Year 6"} {
		_, err = r.CreateCohort(r.ctx, surveys.Cohort{Programme: r.programme.ID, Name: name, Institution: school.ID})
		must(t, err)
	}
	list := surveys.ReadContactList("E-mail address;Name;School;Language\n" +
		"jo@school.example;Jo Smith;St Mary's School Year 5;arabic\n" + "\n" +
		"JO@school.example;Jo;Class 6;\n" + "nobody;;Class 6;\n" + "sam@school.example;;St Mary's School;\n" +
		"kim@school.example;;Nowhere;\n" + "lee@school.example;;Class 6;Klingon\n" + "max@school.example;;;\n")
	in := r.contacts(list...)
	in.Cohort = ""
	outcomes, err := r.PreviewContacts(r.ctx, in)
	must(t, err)
	var got []string
	for _, o := range outcomes {
		line := fmt.Sprintf("%d %s %s %s %s", o.Number, o.Masked, o.Cohort, o.Language, o.State)
		if o.Problem != nil {
			line += " " + o.Problem.Key
		}
		got = append(got, line)
	}
	want := []string{
		"2 j…@school.example Year 5 ar new", "4 J…@school.example Class 6  twice", "5 n…@   wrong contact.address", "6 s…@school.example   wrong contact.cohort_several",
		"7 k…@school.example   wrong contact.cohort_unknown", "8 l…@school.example Class 6  wrong contact.language", "9 m…@school.example   wrong contact.cohort_missing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("PreviewContacts (-want +got):\n%s", diff)
	}
	if all, err := r.Contacts(r.ctx, r.programme.ID); err != nil || len(all) != 0 {
		t.Errorf("%d contacts after a preview, %v", len(all), err)
	}
	in.Agreed = false
	_, err = r.AddContacts(r.ctx, in)
	wantField(t, "AddContacts without agreement", err, "agreed")
	in.Agreed = true
	for range 2 {
		outcomes, err = r.AddContacts(r.ctx, in)
		must(t, err)
	}
	if outcomes[0].State != surveys.ContactKnown {
		t.Errorf("taken in again the first row is %s, want known", outcomes[0].State)
	}
	_, err = r.AddContacts(r.ctx, surveys.ContactsImport{Programme: r.programme.ID, Strand: "pupils", Agreed: true})
	wantField(t, "AddContacts of nothing", err, "list")
	_, err = r.AddContacts(r.holding(t, surveys.RoleEvaluator), in)
	wantError(t, "AddContacts by an evaluator", err, surveys.KindForbidden, "")
}

// TestUnsubscribedStayOut keeps an address out of every programme's letters once it
// wants none, also where the list was taken in before.
func TestUnsubscribedStayOut(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(2)...)
	r.runs(t)
	r.send(t)
	_, tag := r.linkOf(t, "teacher000@school.example")
	must(t, r.Unsubscribe(t.Context(), tag))
	all, err := r.Contacts(r.ctx, r.programme.ID)
	must(t, err)
	for _, c := range all {
		if c.Stopped {
			must(t, r.DeleteContact(r.ctx, r.programme.ID, c.ID))
		}
	}
	outcomes, err := r.PreviewContacts(r.ctx, r.contacts(people(1)...))
	must(t, err)
	if outcomes[0].State != surveys.ContactStopped {
		t.Errorf("the address is %s, want stopped", outcomes[0].State)
	}
}

// TestAddressKey refuses to write under another key than before, and without one.
func TestAddressKey(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(1)...)
	other, err := surveys.NewAddressKey(rand.Reader)
	must(t, err)
	_, err = r.WithMail(surveys.Mail{Post: r.post, Key: other}).PreviewContacts(r.ctx, r.contacts(people(1)...))
	wantError(t, "with another key", err, surveys.KindInvalid, "mail.another_key")
	_, err = r.WithMail(surveys.Mail{}).PreviewContacts(r.ctx, r.contacts(people(1)...))
	wantError(t, "without a key", err, surveys.KindInvalid, "mail.no_key")
	again, err := surveys.ParseAddressKey(r.key.String())
	must(t, err)
	if again != r.key {
		t.Error("a key written and read is another")
	}
	for _, text := range []string{"", "short", strings.Repeat("0", 63), strings.Repeat("!", 44)} {
		if _, err := surveys.ParseAddressKey(text); err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("ParseAddressKey(%q): error %v, want one that does not repeat it", text, err)
		}
	}
}

// TestSaveMailing refuses what could not be sent.
func TestSaveMailing(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	good := func() surveys.Mailing {
		return surveys.Mailing{
			Programme: r.programme.ID, Strand: "pupils", Wave: questionnaire.WavePre, At: map[surveys.Step]time.Time{surveys.StepInvitation: origin, surveys.StepReminder: origin.Add(time.Hour)},
			Texts: map[string]surveys.LetterText{"en": {Subject: " Hello {{programme}} ", Invitation: "Here: {{link}} until {{closes}}"}, "xx": {Subject: "dropped"}},
		}
	}
	for field, change := range map[string]func(*surveys.Mailing){
		"strand":               func(m *surveys.Mailing) { m.Strand = "none" },
		"wave":                 func(m *surveys.Mailing) { m.Wave = questionnaire.WaveFollowUp },
		"invitation":           func(m *surveys.Mailing) { m.At = nil },
		"reminder":             func(m *surveys.Mailing) { m.At[surveys.StepReminder] = origin },
		"texts[en].invitation": func(m *surveys.Mailing) { m.Texts["en"] = surveys.LetterText{Invitation: "no link"} },
		"texts[en].subject":    func(m *surveys.Mailing) { m.Texts["en"] = surveys.LetterText{Subject: "{{link}}"} },
		"texts[en].reminder":   func(m *surveys.Mailing) { m.Texts["en"] = surveys.LetterText{Reminder: "{{link}} {{name}}"} },
	} {
		m := good()
		change(&m)
		_, err := r.SaveMailing(r.ctx, m)
		wantField(t, field, err, field)
	}
	m, err := r.SaveMailing(r.ctx, good())
	must(t, err)
	if len(m.Texts) != 1 || m.Texts["en"].Subject != "Hello {{programme}}" {
		t.Errorf("texts %+v, want English only, without blanks around", m.Texts)
	}
	_, err = r.SaveMailing(r.ctx, good())
	wantError(t, "a second one", err, surveys.KindConflict, "mailing.exists")
	m.Texts = nil
	changed, err := r.SaveMailing(r.ctx, m)
	must(t, err)
	_, err = r.SaveMailing(r.ctx, m)
	wantError(t, "from a stale page", err, surveys.KindInvalid, "record.changed_meanwhile")
	if _, err = r.WithMail(surveys.Mail{}).RunMailing(r.ctx, m.Programme, changed.ID, true); surveys.KindOf(err) != surveys.KindInvalid {
		t.Errorf("started without a mail server: %v", err)
	}
}

// TestMailFaults lets each store call fail in turn and does what was done again:
// nobody gets a letter twice, and all is there in the end.
func TestMailFaults(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(t *testing.T, r *postRoom, s *surveys.Service, m surveys.Mailing) error{
		"AddContacts": func(_ *testing.T, r *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			return second(s.AddContacts(r.ctx, r.contacts(people(3)...)))
		},
		"SaveMailing": func(_ *testing.T, r *postRoom, s *surveys.Service, m surveys.Mailing) error {
			kept, err := s.Mailing(r.ctx, m.Programme, m.ID)
			if err == nil {
				_, err = s.SaveMailing(r.ctx, kept)
			}
			return err
		},
		"RunMailing": func(_ *testing.T, r *postRoom, s *surveys.Service, m surveys.Mailing) error {
			return second(s.RunMailing(r.ctx, m.Programme, m.ID, true))
		},
		"SendLetters": func(t *testing.T, _ *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			return second(s.SendLetters(t.Context()))
		},
		"Unsubscribe": func(t *testing.T, r *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			_, tag := r.linkOf(t, "teacher001@school.example")
			return s.Unsubscribe(t.Context(), tag)
		},
		"TakeBounces": func(t *testing.T, r *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			_, tag := r.linkOf(t, "teacher002@school.example")
			return second(s.TakeBounces(r.ctx, r.programme.ID, strings.NewReader(reportAbout(tag))))
		},
		"Submit": func(t *testing.T, r *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			secret, _ := r.linkOf(t, "teacher000@school.example")
			return second(s.Submit(t.Context(), r.token(), surveys.Submission{ID: "the_response", Raw: uncoded(nil), Personal: secret}))
		},
		"DestroyContacts": func(_ *testing.T, r *postRoom, s *surveys.Service, _ surveys.Mailing) error {
			return second(s.DestroyContacts(r.ctx, r.programme.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, failed := 1, true; failed; n++ {
				r := newPostRoom(t, storetest.SQLite(t))
				r.add(t, people(3)...)
				m := r.runs(t)
				if name != "SendLetters" {
					r.send(t)
				}
				faulty := storetest.Faulty(r.store, n)
				service := r.on(faulty)
				err := do(t, r, service, m)
				if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
					t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
				}
				r.clock.pass(2 * time.Minute)
				must(t, do(t, r, r.on(r.store), m))
				for to, n := range r.server.To() {
					if n != 1 {
						t.Errorf("%d letters to %s, want 1", n, to)
					}
				}
				r.wantWhole(t, name, m)
			}
		})
	}
}

// wantWhole checks that what was done is there, whole.
func (r *postRoom) wantWhole(t *testing.T, name string, m surveys.Mailing) {
	t.Helper()
	contacts, err := r.Contacts(r.ctx, r.programme.ID)
	must(t, err)
	if name == "DestroyContacts" {
		if len(contacts) != 0 {
			t.Errorf("%d contacts are left", len(contacts))
		}
		return
	}
	if len(contacts) != 3 {
		t.Fatalf("%d contacts, want 3", len(contacts))
	}
	got := r.counts(t, m)
	switch {
	case name == "Submit" && (len(r.sent(t)) != 1 || got.Answered != 1):
		t.Errorf("%d responses, %d answered; want one, marked", len(r.sent(t)), got.Answered)
	case name == "Unsubscribe" && got.Unsubscribed != 1, got.Invited+got.Bounced != 3:
		t.Errorf("counts %+v", got)
	}
}

// FuzzReadContactList gives whatever somebody may paste.
func FuzzReadContactList(f *testing.F) {
	for _, text := range []string{
		"jo@school.example\nsam@school.example", "Email\tSchool\na@b.example\tX", `"Smith, Jo" <jo@school.example>; Sam <s@x.example>`,
		"\ufeffname,e-mail\n\"a\n,\x00@", "a@b,c@d;e@f\tg@h", strings.Repeat("@", 1000), "Name <", "address\naddress",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, row := range surveys.ReadContactList(text) {
			if row.Number < 1 || row.Number > lines {
				t.Fatalf("row %d of %d lines", row.Number, lines)
			}
			for _, cell := range []string{row.Address, row.Name, row.Cohort, row.Language} {
				if len(cell) > 400 {
					t.Fatalf("a cell of %d bytes", len(cell))
				}
			}
			if address, err := surveys.CheckAddress(row.Address); err == nil {
				if again, err := surveys.CheckAddress(address); err != nil || again != address {
					t.Fatalf("%q becomes %q, then %q, %v", row.Address, address, again, err)
				}
			}
		}
	})
}

func TestReadContactList(t *testing.T) {
	t.Parallel()
	type row = surveys.ContactRow
	for name, tt := range map[string]struct {
		text string
		want []row
	}{
		"addresses":       {"jo@school.example\n\n  sam@school.example  \n", []row{{1, "jo@school.example", "", "", ""}, {3, "sam@school.example", "", "", ""}}},
		"as_mail_does_it": {`"Smith, Jo" <jo@school.example>; Sam Lee <sam@school.example>`, []row{{1, "jo@school.example", "Smith, Jo", "", ""}, {1, "sam@school.example", "Sam Lee", "", ""}}},
		"with_commas":     {"jo@school.example, sam@school.example,", []row{{1, "jo@school.example", "", "", ""}, {1, "sam@school.example", "", "", ""}}},
		"with_heading":    {"School\tWork e-mail\tLanguage\nHill\tjo@school.example\ten\n", []row{{2, "jo@school.example", "", "Hill", "en"}}},
		"without_heading": {"Jo,jo@school.example,Hill,ar\n", []row{{1, "jo@school.example", "Jo", "Hill", "ar"}}},
		"no_address":      {"Jo\n", []row{{1, "Jo", "", "", ""}}},
		"nothing":         {" \n\n", nil},
	} {
		if diff := cmp.Diff(tt.want, surveys.ReadContactList(tt.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
