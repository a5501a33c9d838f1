package surveys

// Safeguarding is who looks after what may be a disclosure in a programme, and what
// its respondents are told about help. Its zero value: nobody, and nothing.
type Safeguarding struct {
	Lead   AccountID `json:"lead,omitempty"`   // told of concerns, and decides about them; has RoleSafeguarding
	Deputy AccountID `json:"deputy,omitempty"` // likewise
	Help   Help      `json:"help,omitzero"`
}
