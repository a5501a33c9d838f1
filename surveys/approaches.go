package surveys

// TakesApproaches reports whether respondents of p may ask to be contacted: the team
// offers it, somebody is there to read it, and what they write can be sealed.
func (s *Service) TakesApproaches(p Programme) bool {
	return p.Safeguarding.Help.Contact && p.Safeguarding.Lead != "" && s.KeepsAddresses()
}
