package surveys

import "context"

// TidyRooms and ForgetBegun are chores, which tests do at their time.
func TidyRooms(s *Service, ctx context.Context) error   { return s.tidyRooms(ctx) }
func ForgetBegun(s *Service, ctx context.Context) error { return s.forgetBegun(ctx) }
