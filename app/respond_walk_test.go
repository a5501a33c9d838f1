package app_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

const phoneID = "0123456789abcdef0123456789abcdef"

// form is what the parts of everything.json are answered with.
var everything = []url.Values{
	{"agree": {"yes"}, "code__mother": {"SU"}, "code__day": {"7"}, "code__month": {"3"}, "code__siblings": {"2"}, "_code_seen": {"SU 7 3 2"}},
	{"session": {"4"}, "three": {"good"}, "life": {"0"}, "cook_now": {"5"}, "cook_then": {"2"}, "plan_now": {"4"}},
	{"listen": {"4"}, "safe": {"pns"}},
	{"heard": {"else"}, "heard__other": {"A poster"}, "mode": {"bus", "walk"}, "age": {"11"}, "town": {"Leeds"},
		"liked": {"The <pond>\r\n& the frogs"}, "quote": {"no"}},
}

func number(n float64) *float64 { return &n }

var everythingMeant = questionnaire.Answers{
	"agree": {Choice: "yes"}, "session": {Choice: "4"}, "three": {Choice: "good"}, "life": {Number: number(0)},
	"cook_now": {Choice: "5"}, "cook_then": {Choice: "2"}, "plan_now": {Choice: "4"}, "plan_then": {Missing: questionnaire.NotReached},
	"listen": {Choice: "4"}, "safe": {Missing: questionnaire.Declined},
	"heard": {Choice: "else", Text: "A poster"}, "mode": {Choices: []string{"bus", "walk"}}, "age": {Number: number(11)},
	"town": {Text: "Leeds"}, "liked": {Text: "The <pond>\n& the frogs"}, "quote": {Choice: "no"},
}

func whole() url.Values {
	form := url.Values{"_id": {phoneID}, "_lang": {"en"}, "_started": {"1772873000000"}}
	for _, part := range everything {
		for name, values := range part {
			form[name] = values
		}
	}
	return form
}

func script(p *phone) *phone {
	p.header.Set("Accept", "application/json")
	return p
}

func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.get("").wants(t, 200, "All kinds of question", "Only the evaluator reads this.", "Call 0800 000 000.", "Start", "Class 5B")
	p.begin()
	for i, part := range everything {
		here := "/part/" + string(rune('1'+i))
		p.get(here).wants(t, 200, "Part "+string(rune('1'+i))+" of 4")
		next := "/part/" + string(rune('2'+i))
		if i == len(everything)-1 {
			next = "/check"
		}
		p.post(here, part).wants(t, 303, next)
	}
	p.get("/part/1").wants(t, 200, "Your code is kept").lacks(t, `value="SU"`, `value="7" selected`)
	p.get("/part/2").wants(t, 200).has(t, `value="4" checked`, `value="0" id="a-life" checked`)
	p.get("/part/4").wants(t, 200, "The <pond>\n& the frogs").has(t, `value="A poster"`, `value="Leeds"`, `value="11"`)
	p.get("/check").wants(t, 200, "Good", "Now: I can cook a meal", "Not answered", "Prefer not to say", "Bus; On foot",
		"Somewhere else: A poster", "Given; not shown here", "Send my answers").lacks(t, ">SU<")
	p.post("/send", nil).wants(t, 303, "/thanks")
	thanks := p.get("/thanks").wants(t, 200, "Thank you", "You helped.", "Call 0800 000 000.", "start again")
	stored := h.stored()
	if len(stored) != 1 {
		t.Fatalf("%d responses are stored, want 1", len(stored))
	}
	if diff := cmp.Diff(everythingMeant, stored[0].Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if !stored[0].Coded || stored[0].Mode != surveys.ModePhone {
		t.Errorf("coded, mode = %v, %s; want true, phone", stored[0].Coded, stored[0].Mode)
	}
	thanks.wants(t, 200, surveys.ReceiptOf(stored[0].ID))
	p.post("/again", nil).wants(t, 303, "shared")
	p.get("/thanks").wants(t, 404, "Start the form again")
}

// has fails unless the markup has each piece.
func (g page) has(tb testing.TB, pieces ...string) page {
	tb.Helper()
	for _, piece := range pieces {
		if !strings.Contains(g.body, piece) {
			tb.Errorf("markup has no %s", piece)
		}
	}
	return g
}

func TestOnePost(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := script(h.phone())
	first := p.post("/submit", whole()).wants(t, 200)
	var got struct {
		Receipt   string `json:"receipt"`
		ThanksURL string `json:"thanks_url"`
	}
	if err := json.Unmarshal([]byte(first.body), &got); err != nil {
		t.Fatal(err)
	}
	stored := h.stored()
	if len(stored) != 1 {
		t.Fatalf("%d responses are stored, want 1", len(stored))
	}
	if got.Receipt != surveys.ReceiptOf(stored[0].ID) || got.ThanksURL != p.at("/thanks") {
		t.Errorf("answer = %+v, want the receipt of %s", got, stored[0].ID)
	}
	if diff := cmp.Diff(everythingMeant, stored[0].Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if want := time.UnixMilli(1772873000000).UTC(); !stored[0].Started.Equal(want) {
		t.Errorf("started = %v, want %v", stored[0].Started, want)
	}
	p.header.Del("Accept")
	p.get("/thanks").wants(t, 200, got.Receipt)
	p.get("/thanks").wants(t, 200, got.Receipt) // a refresh
	p.post("/submit", whole()).wants(t, 303, "/thanks")
	if again := script(p).post("/submit", whole()).wants(t, 200); again.body != first.body {
		t.Errorf("the same post again answered %s, want %s", again.body, first.body)
	}
	if n := len(h.stored()); n != 1 {
		t.Errorf("%d responses are stored after repeats, want 1", n)
	}
}

func TestDoubleTap(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	bodies := make([]string, 8)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() { bodies[i] = script(h.phone()).post("/submit", whole()).body })
	}
	wg.Wait()
	for _, body := range bodies {
		if body != bodies[0] || !strings.Contains(body, "receipt") {
			t.Errorf("one tap answered %s, another %s", bodies[0], body)
		}
	}
	if n := len(h.stored()); n != 1 {
		t.Errorf("%d responses are stored, want 1", n)
	}
}

func TestDoubleTapWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	together := func(rest string, form url.Values, want string) {
		t.Helper()
		var wg sync.WaitGroup
		for range 4 {
			twin := h.phone()
			for name, c := range p.cookies {
				twin.cookies[name] = c
			}
			wg.Go(func() { twin.post(rest, form).wants(t, 303, want) })
		}
		wg.Wait()
	}
	together("/part/1", everything[0], "/part/2")
	p.post("/part/3", everything[2]).wants(t, 303)
	together("/send", nil, "/thanks")
	if n := len(h.stored()); n != 1 {
		t.Errorf("%d responses are stored, want 1", n)
	}
}

func TestSentAlready(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/1", everything[0]).wants(t, 303)
	p.post("/part/3", everything[2]).wants(t, 303)
	p.post("/send", nil).wants(t, 303, "/thanks")
	p.post("/send", nil).wants(t, 303, "/thanks")
	p.get("/part/1").wants(t, 303, "/thanks")
	p.get("/check").wants(t, 303, "/thanks")
	p.post("/part/4", everything[3]).wants(t, 409, "sent already", "See your receipt", "Leeds")
	p.post("/language", url.Values{"_lang": {"ar"}}).wants(t, 409, "أُرسلت هذه الإجابات من قبل")
	for _, rest := range []string{"/start", "/send", "/submit", "/again", "/language"} {
		p.get(rest).wants(t, 303, "/thanks")
	}
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	one, two := script(h.phone()), script(h.phone())
	other := whole()
	other.Set("_id", strings.Repeat("b", 32))
	one.post("/submit", whole()).wants(t, 200)
	two.post("/submit", other).wants(t, 200)
	changed := whole() // the same draft open twice, sent with other answers
	changed.Set("age", "12")
	two.post("/submit", changed).wants(t, 200)
	if n := len(h.stored()); n != 3 {
		t.Errorf("%d responses are stored, want 3: nothing that was thanked for is lost", n)
	}
}

func TestTwoPeopleOneDevice(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/2", everything[1]).wants(t, 303)
	p.get("").wants(t, 200, "Continue with the answers you have begun", "Start from the beginning").has(t, p.at("/part/3"))
	h.phone().get("").wants(t, 200).lacks(t, "the answers you have begun")
	p.begin()
	p.get("/part/2").wants(t, 200).lacks(t, `value="good" checked`)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	wrong := url.Values{"heard": {"else"}, "age": {"eleven"}, "town": {"Leeds \"x\" <b>"}, "mode": {"none", "bus"}}
	got := p.post("/part/4", wrong).wants(t, 422, "There is a problem", "How old are you? Write a number in digits",
		"Write a few words beside “Somewhere else”", "Choose either “I stayed at home” or other answers")
	got.has(t, "<title>Error: Part 4 of 4", `href="#a-age"`, `href="#a-heard__other"`, `href="#a-mode"`, `value="eleven"`,
		`value="Leeds &#34;x&#34; &lt;b&gt;"`, `role="alert" tabindex="-1" autofocus`, `aria-invalid="true"`)
	got.lacks(t, "<b>\"", "Leeds \"x\" <b>")
	checkHTML(t, got)
	long := strings.Repeat("ض", 40_000)
	p.post("/part/4", url.Values{"liked": {long}}).wants(t, 422, "Shorten your answer to 10000 characters; it has 40000.", long)
	p.post("/part/4", url.Values{"town": {"\xff\xfe"}}).wants(t, 422, "Write your answer again")
	p.post("/part/4", url.Values{"town": {"a\x00b\x0bc"}, "liked": {"x"}, "unknown": {"y"}, "listen": {"1"}, "<script>": {"z"}}).wants(t, 303)
	p.get("/part/4").wants(t, 200).has(t, `value="abc"`).lacks(t, "unknown")
	p.post("/part/1", url.Values{"code__mother": {"SU"}}).wants(t, 422, "Choose yes or no.").has(t, `value="SU"`)
	sent := p.post("/send", nil).wants(t, 422, "I feel safe: Choose one answer.")
	sent.has(t, p.at("/part/1?check#a-agree"), p.at("/part/3?check#a-listen"))
	p.post("/part/3?check", everything[2]).wants(t, 303, "/check")
}

func TestProblemsForTheScript(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	form := whole()
	form.Del("agree")
	form.Set("age", "1e9")
	form.Set("_lang", "ar")
	got := script(h.phone()).post("/submit", form).wants(t, 422)
	var refusal struct {
		Message string
		Errors  []struct{ Control, Message string }
	}
	if err := json.Unmarshal([]byte(got.body), &refusal); err != nil {
		t.Fatal(err)
	}
	if len(refusal.Errors) != 2 || refusal.Errors[0].Control != "agree" || refusal.Errors[1].Control != "age" {
		t.Errorf("errors = %+v, want agree and age", refusal.Errors)
	}
	if refusal.Errors[0].Message != "اختر نعم أو لا." {
		t.Errorf("message = %q, want it in Arabic", refusal.Errors[0].Message)
	}
	form.Set("_id", "no id")
	script(h.phone()).post("/submit", form).wants(t, 422, "أعد تحميل")
	if n := len(h.stored()); n != 0 {
		t.Errorf("%d responses are stored, want none", n)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.get("?lang=ar").wants(t, 200, "كل أنواع الأسئلة", "ابدأ").has(t, `<html lang="ar" dir="rtl" class="tall">`)
	p.get("?lang=xx").wants(t, 200, "Start")
	p.header.Set("Accept-Language", "ar-SY,ar;q=0.9,en;q=0.5")
	p.get("").wants(t, 200, "ابدأ")
	p.header.Set("Accept-Language", "fr;q=\xff,,")
	p.get("").wants(t, 200, "Start")
	p.begin()
	change := url.Values{"session": {"4"}, "life": {"3"}, "_lang": {"ar"}}
	p.post("/part/2", change).wants(t, 303, "/part/2")
	p.get("/part/2").wants(t, 200, "كيف تشعر").has(t, `value="4" checked`, `value="3" checked`, `dir="rtl"`)
	typed := url.Values{"age": {"eleven"}, "town": {"حلب"}, "_lang": {"en"}}
	p.post("/part/4", typed).wants(t, 200, "How old are you?").has(t, `value="eleven"`, `value="حلب"`).lacks(t, "There is a problem")
	p.get("/part/4").wants(t, 200).has(t, `value="حلب"`) // what could be saved was saved
	p.post("/language", url.Values{"_lang": {"ar"}}).wants(t, 303, "/check")
	p.get("/check").wants(t, 200, "راجع إجاباتك")
	p.get("/part/99").wants(t, 404, "ليس في هذا الاستبيان جزء كهذا")
	p.post("/part/2", url.Values{"_lang": {"nonsense"}}).wants(t, 303, "/part/2")
}

func TestBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/2", url.Values{"life": {"8"}, "_back": {"1"}}).wants(t, 303, "/part/1")
	p.get("/part/2").wants(t, 200).has(t, `value="8" checked`)
	p.post("/part/4", url.Values{"age": {"99"}, "town": {"Leeds"}, "_back": {"1"}}).wants(t, 303, "/part/3")
	p.get("/part/4").wants(t, 200).has(t, `value="Leeds"`)
	p.post("/part/3", url.Values{"safe": {"4"}, "_back": {"1"}}).wants(t, 303, "/part/2")
	p.get("/part/3").wants(t, 200).has(t, `name="safe" value="4" checked`) // though the other rows need an answer
	p.post("/part/1", url.Values{"_back": {"1"}}).wants(t, 303, "/s/"+h.link.Token)
}
