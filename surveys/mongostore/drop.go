package mongostore

import (
	"context"
	"fmt"
	"regexp"
)

// testDatabase is the only kind of database that DropTest removes.
var testDatabase = regexp.MustCompile(`^soundings_test_[0-9a-f]{16}$`)

// DropTest removes the database of a test. It refuses any whose name is not
// soundings_test_ and 16 hexadecimal digits.
func (s *Store) DropTest(ctx context.Context) error {
	if !testDatabase.MatchString(s.address.database) {
		return fmt.Errorf("dropping %s: it is not the database of a test", s.address.database)
	}
	return meaning(ctx, s.database.Drop(ctx))
}
