package surveys

import "context"

// ForgetOldGroups does the chore.
func ForgetOldGroups(ctx context.Context, s *Service) error { return s.forgetOldGroups(ctx) }
