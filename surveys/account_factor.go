package surveys

// Factor is the second factor of an account.
type Factor struct{}

// Outside is who an account is where it signs in elsewhere.
type Outside struct{}

// needsFactor reports whether a asks for a second factor after its password.
func (s *Service) needsFactor(a Account) bool { return false }

// hideFactor takes away what must not leave the service.
func (a *Account) hideFactor() {}
