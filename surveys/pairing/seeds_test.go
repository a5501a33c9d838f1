package pairing_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/surveys/pairing"
)

// setting is one survey of the reference programme as its generator makes it: who
// takes part, what they answer to the prompts, and how often they answer otherwise.
// The rates are those counted in the reference programme's truth/codes.csv.
type setting struct {
	name           string
	prompts        []element
	people         int
	blocks         []string // each with its units
	units          [][]string
	weights        [][]int // of the units, by block
	both, preOnly  float64 // shares of the people; the rest come to the second wave only
	wrong          [5]float64
	elements       [5]func(*rand.Rand) string
	err            [5]func(*rand.Rand, string) string
	exactly        bool // parents: exactly 8 people one and 2 people two elements off at the second wave
	doubles, twins int
	oneCode, trap  bool // two people with one code; somebody who left and somebody who came, one element apart
	promise        promise
}

// spread draws from values by their weights, written "A40 B10".
func spread(text string) func(*rand.Rand) string {
	var bag []string
	for _, f := range strings.Fields(text) {
		value := strings.TrimRight(f, "0123456789")
		n, err := strconv.Atoi(f[len(value):])
		if err != nil {
			panic(err)
		}
		for range n {
			bag = append(bag, strings.TrimSuffix(value, "="))
		}
	}
	return func(r *rand.Rand) string { return bag[r.IntN(len(bag))] }
}

func day(r *rand.Rand) string { return strconv.Itoa(1 + r.IntN(31)) }

var (
	mother2 = spread(`MA122 SU119 KA61 CH48 AN38 EL38 FA37 JA30 LI28 SA27 NA23 AM22 PA19 ZA19 CA19 JU18 JO18 YA17 HE15 DA14 MI14 OL14
		EM13 AL13 NG13 WE13 XI11 ZO11 DE11 CL11 BE10 SI10 RI10 HA10 TR8 GI8 WA6 RU6 RO6 PE5 GR5 IR5 LO4 TE4 VI4 BA4 DO4 AG3 HO3 KI3`)
	mother1 = spread("S185 M117 K78 J67 A65 E63 C62 F39 L38 H35 T35 D28 R26 N23 P24 B19 O14 Z14 G11 Y10 W10 U9 V6 I4 X3")
	middle  = spread("X171 J122 R82 M77 A62 L55 C40 D36 E36 S34 K33 G31 T31 P26 H23 W20 B18 N18 I15 F12 Y10 Z9 V6 O6")
	town    = spread("N354 L112 S90 M80 B55 E44 O38 K32 W29 C28 P25 G19 R19 H16 U15 Y14 D11 A6")
	older   = spread("0=411 1=335 2=159 3=70 4=28 5=7")
	last    = spread("A253 E113 H102 Y86 L78 S73 D72 N60 R50 M41 K24 I19 B11 F8 O8 T3")
)

// The kinds of wrong answer: blank in one of eight, else as the prompt is misread.
func otherwise(draw func(*rand.Rand) string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, was string) string {
		if r.IntN(8) == 0 {
			return ""
		}
		for {
			if v := draw(r); v != was {
				return v
			}
		}
	}
}

func wrongMiddle(r *rand.Rand, was string) string {
	switch {
	case r.IntN(5) == 0:
		return ""
	case was != "X":
		return "X"
	}
	return otherwise(middle)(r, was)
}

func wrongDay(r *rand.Rand, was string) string {
	n, _ := strconv.Atoi(was)
	switch k := r.IntN(12); {
	case k < 1:
		return ""
	case k < 3 && n > 9 && n%10 > 0 && n%10 < 4: // transposed
		return strconv.Itoa(n%10*10 + n/10)
	case k < 6:
		return otherwise(day)(r, was)
	case n > 1 && r.IntN(2) == 0 || n == 31:
		return strconv.Itoa(n - 1)
	}
	return strconv.Itoa(n + 1)
}

func wrongOlder(r *rand.Rand, was string) string {
	n, _ := strconv.Atoi(was)
	switch {
	case r.IntN(9) == 0:
		return ""
	case n == 0 || r.IntN(2) == 0:
		return strconv.Itoa(n + 1)
	}
	return strconv.Itoa(n - 1)
}

func wrongMother(r *rand.Rand, was string) string {
	if len(was) == 2 && r.IntN(10) == 0 {
		return was[1:] + was[:1]
	}
	return otherwise(mother2)(r, was)
}

var settings = []setting{
	{
		name: "parents", prompts: adultCode, people: 57, both: 44.0 / 57, preOnly: 10.0 / 57, exactly: true, doubles: 1, trap: true,
		blocks: []string{"s1", "s2", "s3", "s4"}, units: [][]string{{"s1"}, {"s2"}, {"s3"}, {"s4"}}, weights: [][]int{{28}, {27}, {24}, {23}},
		elements: [5]func(*rand.Rand) string{mother2, day, town, older, last},
		err:      [5]func(*rand.Rand, string) string{wrongMother, wrongDay, otherwise(town), wrongOlder, otherwise(last)},
		promise:  promise{recall: 0.95, reviewed: 0.95, wrong: 1},
	},
	{
		name: "pupils", prompts: childCode, people: 891, both: 731.0 / 891, preOnly: 106.0 / 891, doubles: 3, twins: 6, oneCode: true,
		blocks:   []string{"A", "B", "C", "D", "E", "F", "G"},
		units:    [][]string{{"A5", "A6"}, {"B5", "B6"}, {"C5", "C6"}, {"D5", "D6"}, {"E5", "E6"}, {"F5", "F6"}, {"G5", "G6"}},
		weights:  [][]int{{155, 158}, {140, 151}, {134, 134}, {121, 121}, {110, 111}, {87, 86}, {58, 59}},
		wrong:    [5]float64{0.0345, 0.015, 0.0445, 0.0295, 0.022},
		elements: [5]func(*rand.Rand) string{mother1, day, middle, older, last},
		err:      [5]func(*rand.Rand, string) string{otherwise(mother1), wrongDay, wrongMiddle, wrongOlder, otherwise(last)},
		promise:  promise{precision: 0.99, recall: 0.96, reviewed: 0.98, wrong: 7},
	},
	{
		name: "staff", prompts: adultCode, people: 449, both: 333.0 / 449, preOnly: 89.0 / 449, doubles: 5,
		blocks: []string{""}, units: [][]string{{"social care", "children", "housing", "libraries", "customers", "finance", "planning", "chief"}},
		weights:  [][]int{{218, 204, 132, 94, 76, 39, 18, 6}},
		wrong:    [5]float64{0.0255, 0.022, 0.022, 0.028, 0.007},
		elements: [5]func(*rand.Rand) string{mother2, day, town, older, last},
		err:      [5]func(*rand.Rand, string) string{wrongMother, wrongDay, otherwise(town), wrongOlder, otherwise(last)},
		promise:  promise{precision: 0.99, recall: 0.96, reviewed: 0.98, wrong: 3},
	},
}

// drawing is the survey of one seed while it is made.
type drawing struct {
	*setting
	t      testing.TB
	rng    *rand.Rand
	told   bool // the units are
	crowd  []somebody
	off    map[int]int // person → elements that are other at the second wave, exactly
	sent   int
	survey survey
}

// somebody is a person of a drawing.
type somebody struct {
	block, unit string
	code        [5]string
	pre, post   bool
}

// draw makes the survey of one seed; units says whether its units are told.
func (s *setting) draw(t testing.TB, seed uint64, units bool) survey {
	t.Helper()
	d := &drawing{setting: s, t: t, told: units, off: map[int]int{}, survey: survey{person: map[string]string{}}}
	d.rng = rand.New(rand.NewPCG(seed, uint64(len(s.name))))
	d.crowd = make([]somebody, s.people)
	for i := range d.crowd {
		d.crowd[i] = d.somebody(i)
	}
	d.plant()
	if s.exactly {
		d.chooseWrong()
	}
	for i := range d.crowd {
		if d.crowd[i].pre {
			d.send(i, "pre", d.typed(i, "pre"))
		}
		if !d.crowd[i].post {
			continue
		}
		code := d.typed(i, "post")
		d.send(i, "post", code)
		if i >= 40 && i < 40+s.doubles {
			d.send(i, "post", code)
		}
	}
	return d.survey
}

// somebody draws person i.
func (d *drawing) somebody(i int) somebody {
	var p somebody
	total := 0
	for _, w := range d.weights {
		for _, n := range w {
			total += n
		}
	}
	at := d.rng.IntN(total)
	for b, w := range d.weights {
		for u, n := range w {
			if at >= 0 && at < n {
				p.block, p.unit = d.blocks[b], d.units[b][u]
			}
			at -= n
		}
	}
	for k := range p.code {
		p.code[k] = d.elements[k](d.rng)
	}
	x := d.rng.Float64()
	if d.exactly {
		x = (float64(i) + 0.5) / float64(d.people)
	}
	p.pre, p.post = x < d.both+d.preOnly, x < d.both || x >= d.both+d.preOnly
	return p
}

// plant makes the twins, one or two letters apart, the two with one code, and the
// two of whom one left and one came.
func (d *drawing) plant() {
	for k := range d.twins {
		a, b := &d.crowd[20+2*k], &d.crowd[21+2*k]
		b.block, b.unit, b.code = a.block, a.unit, a.code
		b.code[4] = otherwise(last)(d.rng, a.code[4])
		if k%2 == 0 {
			b.code[2] = d.elements[2](d.rng)
		}
	}
	if d.oneCode {
		d.crowd[1] = d.crowd[0]
		d.crowd[0].pre, d.crowd[0].post, d.crowd[1].pre, d.crowd[1].post = true, true, true, true
	}
	if d.trap {
		left, came := &d.crowd[len(d.crowd)-4], &d.crowd[len(d.crowd)-1]
		came.block, came.unit, came.code = left.block, left.unit, left.code
		came.code[4] = otherwise(last)(d.rng, left.code[4])
	}
}

// chooseWrong picks the 8 people who are one element off at the second wave and
// the 2 who are two off.
func (d *drawing) chooseWrong() {
	for _, i := range d.rng.Perm(len(d.crowd)) {
		if d.crowd[i].pre && d.crowd[i].post && len(d.off) < 10 {
			d.off[i] = 1
			if len(d.off) > 8 {
				d.off[i] = 2
			}
		}
	}
}

// typed is what person i gives at a wave.
func (d *drawing) typed(i int, wave string) [5]string {
	code := d.crowd[i].code
	planted := d.oneCode && i < 2 || d.trap && i >= len(d.crowd)-4
	for k := range code {
		if !planted && d.rng.Float64() < d.wrong[k] {
			code[k] = d.err[k](d.rng, code[k])
		}
	}
	if wave == "post" {
		for _, k := range d.rng.Perm(5)[:d.off[i]] {
			code[k] = d.err[k](d.rng, code[k])
		}
	}
	return code
}

// send adds a response of person i.
func (d *drawing) send(i int, wave string, code [5]string) {
	d.sent++
	r := pairing.Response{
		ID: fmt.Sprintf("r%05d", d.rng.IntN(90000)+10000) + strconv.Itoa(d.sent), Block: d.crowd[i].block,
		Elements: hashed(d.t, d.prompts, code[:]), Submitted: time.UnixMilli(int64(d.sent)).UTC(), Digest: strconv.Itoa(i) + wave,
	}
	if d.told {
		r.Unit = d.crowd[i].unit
	}
	d.survey.person[r.ID] = strconv.Itoa(i)
	if wave == "pre" {
		d.survey.pre = append(d.survey.pre, r)
	} else {
		d.survey.post = append(d.survey.post, r)
	}
}

func (s survey) both() int { return len(s.truePairs()) }

// review decides as somebody who is always right, on everything offered, until
// nothing is. It returns the decisions and the responses that were shown.
func (s survey) review(t testing.TB, policy pairing.Policy) (pairing.Result, map[string]bool) {
	t.Helper()
	var decisions []pairing.Decision
	shown := map[string]bool{}
	for {
		r := match(t, s.pre, s.post, policy, decisions...)
		if len(r.Candidates) == 0 {
			return r, shown
		}
		for _, c := range r.Candidates {
			shown[c.Pre], shown[c.Post] = true, true
			decisions = append(decisions, pairing.Decision{Pre: c.Pre, Post: c.Post, Accepted: s.person[c.Pre] == s.person[c.Post]})
		}
	}
}

// people counts those who answered at all.
func (s survey) people() int {
	all := map[string]bool{}
	for id := range s.person {
		all[id] = true
	}
	return s.peopleOf(all)
}

// peopleOf counts the people behind responses.
func (s survey) peopleOf(ids map[string]bool) int {
	people := map[string]bool{}
	for id := range ids {
		people[s.person[id]] = true
	}
	return len(people)
}

// TestMatchOnOtherSeeds holds the rules to what the product promises on seeds that
// they were not chosen on, with units as the product has them: pupils and staff
// precision 0.99 and recall 0.96 by themselves, and recall 0.98 after somebody who is
// always right has decided on what is offered, which concerns at most a tenth of
// the people; parents at most one wrong pair, the planted one, and recall 0.95.
func TestMatchOnOtherSeeds(t *testing.T) {
	t.Parallel()
	for i := range settings {
		s := &settings[i]
		for seed := uint64(1001); seed <= 1010; seed++ {
			t.Run(fmt.Sprintf("%s/%d", s.name, seed), func(t *testing.T) {
				t.Parallel()
				s.draw(t, seed, true).hold(t, s.promise)
			})
		}
	}
}

// promise is the least, or the most, that matching must reach.
type promise struct {
	precision, recall, reviewed float64
	wrong                       int // at most, where precision says little
}

// hold fails if matching s does not keep the promise.
func (s survey) hold(t *testing.T, want promise) {
	t.Helper()
	r := match(t, s.pre, s.post, near)
	right, wrong := s.count(r.Pairs)
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(s.both())
	after, shown := s.review(t, near)
	known, _ := s.count(after.Pairs)
	reviewed, offered := float64(known)/float64(s.both()), float64(s.peopleOf(shown))/float64(s.people())
	t.Logf("of %d people at both waves %d right, %d wrong: precision %.4f, recall %.4f; %.3f of people offered, then %.4f", s.both(), right, wrong, precision, recall, offered, reviewed)
	if precision < want.precision || wrong > want.wrong || recall < want.recall || reviewed < want.reviewed || offered > 0.10 {
		t.Errorf("precision %.4f (%d wrong), recall %.4f, reviewed %.4f, offered %.3f; want %+v and at most 0.10 offered", precision, wrong, recall, reviewed, offered, want)
	}
}
