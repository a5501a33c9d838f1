package surveys

// Help is what respondents of a programme are told about help, on every page.
type Help struct {
	Contact bool `json:"contact,omitempty"` // respondents may ask to be contacted
}
