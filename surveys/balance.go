package surveys

// Sounds counts by how answers sound; those that nobody judged are not in it.
type Sounds struct{ Positive, Mixed, Negative int }

// Add counts one.
func (s *Sounds) Add(one Sentiment) {
	switch one {
	case SentimentPositive:
		s.Positive++
	case SentimentMixed:
		s.Mixed++
	case SentimentNegative:
		s.Negative++
	}
}

// Of is how many sound so.
func (s Sounds) Of(one Sentiment) int {
	switch one {
	case SentimentPositive:
		return s.Positive
	case SentimentMixed:
		return s.Mixed
	case SentimentNegative:
		return s.Negative
	}
	return 0
}

// Judged is how many were judged.
func (s Sounds) Judged() int { return s.Positive + s.Mixed + s.Negative }

// rosier is by how much the share of positive quotes may exceed that of positive
// answers: as much as a reader takes for the same.
const rosier = 0.1

// Rosier reports whether s, what was chosen, sounds better than all of which it was
// chosen: more than a tenth more of it is positive. Of fewer than three nothing is said.
func (s Sounds) Rosier(all Sounds) bool {
	if s.Judged() < 3 || all.Judged() == 0 {
		return false
	}
	return share(s) > share(all)+rosier
}

func share(s Sounds) float64 { return float64(s.Positive) / float64(s.Judged()) }
