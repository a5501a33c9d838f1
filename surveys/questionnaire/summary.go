package questionnaire

import (
	"maps"
	"math"
	"slices"
)

// Summary is what the answers to one variable come to. It counts people: whoever
// chose several is counted at each choice and once in Answered.
type Summary struct {
	Answered int
	Lines    []SummaryLine // in the order of the choices; figures after them
}

// SummaryLine is one choice, or one figure about all answers.
type SummaryLine struct {
	Choice string  // code, or the number of a scale's point; "": a figure
	Figure Figure  // what Value or Text is; of a choice: FigureCount, or FigureMeanRank beside it
	People int     // who gave this choice; of a ranking: who put it first
	Value  float64 // of FigureMean, FigureMedian, FigureLowest, FigureHighest, FigureMeanRank
	Text   string  // of FigureEarliest and FigureLatest, in ISO form
}

// Figure is what a line of a summary holds.
type Figure string

// The figures. FigureMedian is the middle answer, or the mean of the middle two.
const (
	FigureCount    Figure = "count"
	FigureMeanRank Figure = "mean_rank" // of a choice of a ranking, 1 is first
	FigureMean     Figure = "mean"
	FigureMedian   Figure = "median"
	FigureLowest   Figure = "lowest"
	FigureHighest  Figure = "highest"
	FigureEarliest Figure = "earliest"
	FigureLatest   Figure = "latest"
)

// Summariser counts the answers to one variable as they are read. It holds no
// answer, only counts.
type Summariser interface {
	// Add counts an answer that has a value; any other is left out.
	Add(a Answer)
	Summary() Summary
}

// Summarise begins the summary of v, as its kind asks.
func (v *Variable) Summarise() Summariser { return v.behaviour.summary(v) }

// choiceSummary counts choices. A code that v does not have, as another version
// does, is counted too.
type choiceSummary struct {
	v        *Variable
	answered int
	counts   []int          // by place in v.Choices
	others   map[string]int // by code
}

func newChoiceSummary(v *Variable) Summariser {
	return &choiceSummary{v: v, counts: make([]int, len(v.Choices)), others: map[string]int{}}
}

func (s *choiceSummary) Add(a Answer) {
	switch {
	case a.Missing != Answered:
		return
	case a.Choice != "":
		s.count(a.Choice)
	default:
		for _, code := range a.Choices {
			s.count(code)
		}
	}
	s.answered++
}

func (s *choiceSummary) count(code string) {
	for i := range s.v.Choices {
		if s.v.Choices[i].Code == code {
			s.counts[i]++
			return
		}
	}
	s.others[code]++
}

func (s *choiceSummary) Summary() Summary {
	summary := Summary{Answered: s.answered}
	for i := range s.v.Choices {
		if s.v.Choices[i].Meaning.Missing() == Answered {
			summary.Lines = append(summary.Lines, SummaryLine{Choice: s.v.Choices[i].Code, Figure: FigureCount, People: s.counts[i]})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(s.others)) {
		summary.Lines = append(summary.Lines, SummaryLine{Choice: code, Figure: FigureCount, People: s.others[code]})
	}
	return summary
}

// rankSummary says of each choice how many put it first, and its mean rank among
// those who ranked it.
type rankSummary struct {
	v        *Variable
	answered int
	first    map[string]int
	ranked   map[string]int
	ranks    map[string]int // their sum
}

func newRankSummary(v *Variable) Summariser {
	return &rankSummary{v: v, first: map[string]int{}, ranked: map[string]int{}, ranks: map[string]int{}}
}

func (s *rankSummary) Add(a Answer) {
	if a.Missing != Answered {
		return
	}
	s.answered++
	for i, code := range a.Choices {
		if i == 0 {
			s.first[code]++
		}
		s.ranked[code]++
		s.ranks[code] += i + 1
	}
}

func (s *rankSummary) Summary() Summary {
	summary := Summary{Answered: s.answered}
	codes := slices.Sorted(maps.Keys(s.ranked))
	slices.SortStableFunc(codes, func(a, b string) int { return s.place(a) - s.place(b) })
	for _, code := range codes {
		summary.Lines = append(summary.Lines, SummaryLine{
			Choice: code, Figure: FigureMeanRank, People: s.first[code], Value: float64(s.ranks[code]) / float64(s.ranked[code]),
		})
	}
	return summary
}

// place is where a choice stands in the definition; one of another version is last.
func (s *rankSummary) place(code string) int {
	i := slices.IndexFunc(s.v.Choices, func(c Choice) bool { return c.Code == code })
	if i < 0 {
		return len(s.v.Choices)
	}
	return i
}

// numberSummary keeps how often each number was given.
type numberSummary struct {
	answered int
	counts   map[float64]int
}

func newNumberSummary(*Variable) Summariser { return &numberSummary{counts: map[float64]int{}} }

func (s *numberSummary) Add(a Answer) {
	if a.Missing != Answered {
		return
	}
	s.answered++
	if a.Number != nil { // a calculation may give words
		s.counts[*a.Number]++
	}
}

func (s *numberSummary) Summary() Summary {
	summary := Summary{Answered: s.answered}
	numbers := slices.Sorted(maps.Keys(s.counts))
	if len(numbers) == 0 {
		return summary
	}
	n, total := 0, 0.0
	for _, number := range numbers {
		n += s.counts[number]
		total += number * float64(s.counts[number])
	}
	figure := func(what Figure, value float64) SummaryLine {
		return SummaryLine{Figure: what, People: n, Value: value}
	}
	summary.Lines = []SummaryLine{
		figure(FigureMean, total/float64(n)), figure(FigureMedian, (s.at(numbers, (n-1)/2)+s.at(numbers, n/2))/2),
		figure(FigureLowest, numbers[0]), figure(FigureHighest, numbers[len(numbers)-1]),
	}
	return summary
}

// at is the answer at place i, from 0, of all answers in order.
func (s *numberSummary) at(numbers []float64, i int) float64 {
	for _, number := range numbers {
		if i -= s.counts[number]; i < 0 {
			return number
		}
	}
	return math.NaN() // no place of theirs: Summary asks for none
}

// pointSummary counts each point of a scale, and works out the mean and median.
type pointSummary struct {
	numberSummary
	v *Variable
}

func newPointSummary(v *Variable) Summariser {
	return &pointSummary{numberSummary{counts: map[float64]int{}}, v}
}

func (s *pointSummary) Summary() Summary {
	figures := s.numberSummary.Summary()
	summary := Summary{Answered: figures.Answered}
	points, _ := s.v.Item.points()
	for _, point := range points {
		summary.Lines = append(summary.Lines, SummaryLine{Choice: formatNumber(point), Figure: FigureCount, People: s.counts[point]})
	}
	for _, line := range figures.Lines {
		if line.Figure == FigureMean || line.Figure == FigureMedian { // the ends are seen
			summary.Lines = append(summary.Lines, line)
		}
	}
	return summary
}

// spanSummary keeps the ends of dates and times, whose ISO forms are in order as text.
type spanSummary struct {
	answered         int
	earliest, latest string
}

func newSpanSummary(*Variable) Summariser { return &spanSummary{} }

func (s *spanSummary) Add(a Answer) {
	if a.Missing != Answered {
		return
	}
	if s.answered == 0 || a.Text < s.earliest {
		s.earliest = a.Text
	}
	s.latest = max(s.latest, a.Text)
	s.answered++
}

func (s *spanSummary) Summary() Summary {
	if s.answered == 0 {
		return Summary{}
	}
	return Summary{Answered: s.answered, Lines: []SummaryLine{
		{Figure: FigureEarliest, People: s.answered, Text: s.earliest}, {Figure: FigureLatest, People: s.answered, Text: s.latest},
	}}
}

// wordSummary counts who wrote something: what they wrote is read, not counted.
type wordSummary struct{ answered int }

func newWordSummary(*Variable) Summariser { return &wordSummary{} }

func (s *wordSummary) Add(a Answer) {
	if a.Missing == Answered {
		s.answered++
	}
}

func (s *wordSummary) Summary() Summary { return Summary{Answered: s.answered} }
