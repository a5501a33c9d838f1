package surveys

import (
	"context"
	"fmt"
)

// tlsFile is a certificate with its key, or an answer to the authority that gives
// them: sealed under the key that addresses are sealed under.
type tlsFile struct {
	Sealed []byte `json:"sealed"`
}

func tlsFileID(name string) string { return idOf("tls", name) }

// TLSFile returns what KeepTLSFile kept. KindNotFound.
func (s *Service) TLSFile(ctx context.Context, name string) ([]byte, error) {
	kept, err := readRecord[tlsFile](ctx, s.store, recordTLS, tlsFileID(name))
	if err != nil {
		return nil, err
	}
	return s.mail.Key.open("tls\x00"+name, kept.Sealed)
}

// KeepTLSFile keeps a certificate for all instances, in the place of the one there is.
// KindInvalid: there is no key to seal it under.
func (s *Service) KeepTLSFile(ctx context.Context, name string, data []byte) error {
	if err := s.requireAddressKey(ctx); err != nil {
		return err
	}
	sealed, err := s.mail.Key.seal(s.random, "tls\x00"+name, data)
	if err != nil {
		return err
	}
	for range tries {
		revision := int64(0)
		r, err := s.store.Record(ctx, recordTLS, tlsFileID(name))
		if err != nil && KindOf(err) != KindNotFound {
			return err
		}
		if err == nil {
			revision = r.Revision
		}
		_, err = s.put(ctx, recordTLS, tlsFileID(name), "", "", revision, tlsFile{sealed})
		if kind := kindOfNil(err); kind != KindConflict && kind != KindNotFound {
			return err
		}
	}
	return fmt.Errorf("keeping a certificate: %w", &Error{Kind: KindConflict, Key: "record.changed_meanwhile"})
}

// DropTLSFile removes one.
func (s *Service) DropTLSFile(ctx context.Context, name string) error {
	return s.store.DeleteRecord(ctx, recordTLS, tlsFileID(name))
}
