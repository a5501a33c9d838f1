package browsertest_test

import (
	"strings"
	"testing"
)

// The path through a form with logic, in the browser; the form is the one that
// package app walks without JavaScript.

// shownItems are the items that stand on the page.
func (p *tab) shownItems() string {
	p.t.Helper()
	return eval[string](p, `[...document.querySelectorAll("[data-item]")].filter(e => e.checkVisibility() && e.offsetHeight).map(e => e.dataset.item).join(" ")`)
}

func (p *tab) wantItems(want string) {
	p.t.Helper()
	if got := p.shownItems(); got != want {
		p.t.Errorf("the step shows %q, want %q", got, want)
	}
}

// shownChoices are the choices of an item that can be chosen.
func (p *tab) shownChoices(name string) string {
	p.t.Helper()
	return eval[string](p, `[...document.querySelectorAll('[name="`+name+`"]')].filter(e => e.checkVisibility()).map(e => e.value).join(" ")`)
}

// aboutYou answers the first step.
func aboutYou(p *tab) {
	p.writeIn("name", "Amina <b>&")
	p.choose("region", "north")
	p.choose("town", "york")
}

// TestPathFollowsAnswers shows and hides while somebody answers, and loses nothing.
func TestPathFollowsAnswers(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "logic"), "")
	p.wantItems("name region town pets")
	p.wantText("#step", "Part 1 of 3")
	aboutYou(p)
	p.choose("pets", "yes")
	p.wantItems("name region town pets pet")
	p.writeIn("pet", "Rex")
	p.choose("pets", "no")
	p.wantItems("name region town pets")
	p.choose("pets", "yes")
	p.wantValue("pet", "Rex")
	p.choose("pets", "no")
	p.next()
	p.wantText("[data-item=hello]", "Hello Amina <b>& from York.")
	p.wantItems("hello children")
	p.writeIn("children", "3")
	p.until(`document.querySelector('[name="school"]').checkVisibility()`)
	p.writeIn("school", "1")
	p.next()
	p.wantText("#step", "Part 3 of 4")
	p.wantItems("help")
	p.next()
	p.wantText("[data-item=sum_up]", "By day 2 of them are at home.")
	p.click("#back")
	p.until(`document.querySelector('[name="help"]').checkVisibility()`)
	p.click("#back")
	p.until(`document.querySelector('[name="children"]').checkVisibility()`)
	p.writeIn("children", "0")
	p.until(`!document.querySelector('[name="school"]').checkVisibility()`)
	p.next()
	p.wantText("#step", "Part 3 of 3")
	p.wantItems("day fixed when more")
	p.finish()
	p.wantText("#check", "York")
	for _, off := range []string{"Rex", "How many of them go to school?", "What do they help with?"} {
		if text := p.text("#check"); strings.Contains(text, off) {
			t.Errorf("the check lists %q, which is off the path", off)
		}
	}
	p.send()
}

// TestFilteredChoicesComeBack: a choice that is hidden is not sent, and is chosen
// again when its region is.
func TestFilteredChoicesComeBack(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "logic"), "")
	if got := p.shownChoices("town"); got != "pns" {
		t.Errorf("before a region is chosen the towns are %q, want only the one that is always there", got)
	}
	p.choose("region", "north")
	p.choose("town", "york")
	p.choose("region", "south")
	p.wantValue("town", "")
	if got := p.shownChoices("town"); got != "bath pns" {
		t.Errorf("the towns of the south are %q", got)
	}
	p.choose("region", "north")
	p.wantValue("town", "york")
}

// TestFilterThatLeavesNothing asks for no answer that nobody can give.
func TestFilterThatLeavesNothing(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "narrow"), "")
	p.choose("county", "kent")
	p.click(stepForward)
	p.until(`document.querySelector(".errs li a")?.getAttribute("href") == "#a-town"`)
	p.choose("county", "rutland")
	p.next()
	p.wantItems("since")
}

// TestConstraintsAtNext says what does not fit, in the author's words, in the
// order of the form.
func TestConstraintsAtNext(t *testing.T) {
	for language, want := range map[string]string{"en": "You said 2 children live with you.", "ar": "قلت إن 2 أطفال يعيشون معك."} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := startForm(t, newForm(t, "logic"), "?lang="+language)
			aboutYou(p)
			p.next()
			p.writeIn("children", "2")
			p.until(`document.querySelector('[name="school"]').checkVisibility()`)
			p.writeIn("school", "3")
			p.click(stepForward)
			p.until(`!document.querySelector(".errs").hidden`)
			p.wantText(".errs li:first-child", want)
			p.wantGood("refused", language)
			p.click(".errs a")
			if got := p.focused(); got != "a-school" {
				t.Errorf("the first line leads to %q, want a-school", got)
			}
			p.writeIn("school", "2") // more than one: the oldest's subject is asked for
			p.click(stepForward)
			p.until(`document.querySelector(".errs li a").getAttribute("href") == "#a-older"`)
			p.writeIn("older", "Art")
			p.next()
			p.wantItems("help")
		})
	}
}

// TestPathSurvivesReloadAndLanguage reloads and changes the language in the middle.
func TestPathSurvivesReloadAndLanguage(t *testing.T) {
	t.Parallel()
	l := newForm(t, "logic")
	p := startForm(t, l, "?src=hall2")
	aboutYou(p)
	p.choose("pets", "yes")
	p.writeIn("pet", "Rex")
	p.choose("pets", "no")
	p.next()
	p.writeIn("children", "1")
	p.until(`document.querySelector('[name="school"]').checkVisibility()`)
	p.reload()
	p.until(`document.getElementById("answers").checkVisibility()`)
	p.wantItems("hello children school older")
	p.wantValue("pet", "Rex")
	p.follow(`.langs [lang="ar"]`)
	p.wantDirection("ar")
	p.until(`document.getElementById("answers").checkVisibility()`)
	p.wantText("[data-item=hello]", "يورك")
	p.wantValue("children", "1")
	p.wantValue("src", "hall2")
	p.next()
	p.next()
	p.wantValue("day__year", eval[string](p, `String(new Date().getFullYear())`))
	p.finish()
	p.send()
	l.wantSubmitted(t, 1)
}

// TestNumbersAsTheServerReadsThem: what is worked out of a number takes it as
// people of many countries write it.
func TestNumbersAsTheServerReadsThem(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "logic"), "")
	aboutYou(p)
	p.next()
	for typed, want := range map[string]string{"3": "3", " ١٢ ": "12", "1,500": "1500", "1.234.567": "1234567", "2.0": "2", "۷": "7"} {
		p.writeIn("children", typed)
		p.until(`document.querySelector("[data-item=sum_up] [data-pipe]").textContent == "` + want + `"`)
	}
}

// TestFixedCannotBeChanged: what is read only takes no key.
func TestFixedCannotBeChanged(t *testing.T) {
	t.Parallel()
	p := startForm(t, newForm(t, "logic"), "")
	aboutYou(p)
	p.goTo("fixed")
	eval[bool](p, `document.querySelector('[name="fixed"]').focus(), true`)
	p.pick("day__month", "F")
	p.until(`document.querySelector("[data-item=when]").innerText.includes("February")`)
	if !eval[bool](p, `document.querySelector('[name="fixed"]').readOnly`) {
		t.Error("the project can be changed")
	}
	p.wantValue("fixed", "Hillside")
}

// checked is every question on the page of the check with what was answered.
const checked = `[...document.querySelectorAll("dl > div")].filter(e => e.checkVisibility()).map(e => e.querySelector("dt").textContent + " " + e.querySelector("dd").textContent)`

// TestBothWaysCheckTheSame answers alike with and without JavaScript: what is on
// the path, and what is said of it, is the same.
func TestBothWaysCheckTheSame(t *testing.T) {
	for _, tt := range []struct{ pets, children, school string }{
		{"no", "0", ""}, {"yes", "1", "1"}, {"no", "3", "2"}, {"no", "", ""},
	} {
		t.Run(tt.pets+tt.children, func(t *testing.T) {
			t.Parallel()
			l := newForm(t, "logic")
			p := startForm(t, l, "")
			answerPath(p, tt.pets, tt.children, tt.school, p.next)
			p.finish()
			q := begun(t, l)
			answerPath(q, tt.pets, tt.children, tt.school, func() { q.follow(nextButton) })
			q.toCheck(l)
			scripted, plain := eval[[]string](p, checked), eval[[]string](q, checked)
			if strings.Join(scripted, "\n") != strings.Join(plain, "\n") || len(plain) < 8 {
				t.Errorf("with JavaScript the check says\n%s\nwithout\n%s", strings.Join(scripted, "\n"), strings.Join(plain, "\n"))
			}
		})
	}
}

// answerPath answers the first two parts.
func answerPath(p *tab, pets, children, school string, next func()) {
	p.t.Helper()
	aboutYou(p)
	p.choose("pets", pets)
	if pets == "yes" {
		p.writeIn("pet", "Rex")
	}
	next()
	p.writeIn("children", children)
	if school != "" {
		p.until(`document.querySelector('[name="school"]').checkVisibility()`)
		p.writeIn("school", school)
		p.writeIn("older", "Art")
	}
	next()
}
