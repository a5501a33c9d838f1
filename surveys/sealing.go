package surveys

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// What a tablet cannot send at once it keeps sealed: the next person, and whoever
// finds the tablet, can read nothing of it, the page that sealed it included.
//
// A sealed answer is
//
//	65 bytes  a public key of P-256, uncompressed, drawn for this answer alone
//	the rest  AES-256-GCM over the body of the post, 16 bytes longer than that
//
// under a key and a nonce that HKDF-SHA-256 gives from the Diffie–Hellman secret
// of that key and the room's, with both public keys as salt. The response's id and
// the room's are authenticated with it: an answer cannot be put under another name.
// The key is used once, so that a fixed derivation of the nonce is safe. This is
// the construction of ECIES (and of HPKE's base mode, whose labels it leaves out,
// since nothing else is to open it).
const (
	sealingInfo = "soundings sealed answer 1"
	sealingSalt = 2 * publicKeySize
	// publicKeySize is that of an uncompressed point of P-256, in bytes.
	publicKeySize = 65
	sealKeySize   = 32
	sealNonceSize = 12
	sealTagSize   = 16
)

// LargestSealed is the largest sealed answer that is opened, in bytes: the largest
// form and what sealing adds.
const LargestSealed = 512<<10 + publicKeySize + sealTagSize

// Sealed is one answer as a tablet keeps it.
type Sealed struct {
	ID   ResponseID // drawn by the tablet
	Body []byte     // see above
}

// roomKey is the private key of a room, kept apart from it so that it can be
// destroyed.
type roomKey struct {
	Private []byte `json:"private"`
}

// putRoomKey draws the key pair of r, stores the private key and returns the
// public one. The record's time is when it is destroyed.
func (s *Service) putRoomKey(ctx context.Context, r Room) ([]byte, error) {
	pair, err := ecdh.P256().GenerateKey(s.random)
	if err != nil {
		return nil, fmt.Errorf("drawing the key of a room: %w", err)
	}
	record, err := encode(recordRoomKey, string(r.ID), string(r.Programme), "", r.Until, 0, roomKey{pair.Bytes()})
	if err != nil {
		return nil, err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return nil, fmt.Errorf("storing the key of a room: %w", err)
	}
	return pair.PublicKey().Bytes(), nil
}

// OpenSealed returns the body of the post that a tablet of a room sealed.
// KindInvalid: it was not sealed for this room and this id, or is damaged.
// KindNotFound: no such room, or its key is destroyed.
func (s *Service) OpenSealed(ctx context.Context, token string, sealed Sealed) ([]byte, error) {
	r, err := s.roomOf(ctx, token)
	if err != nil {
		return nil, err
	}
	kept, err := readRecord[roomKey](ctx, s.store, recordRoomKey, string(r.ID))
	if err != nil {
		return nil, orNotFound(err, "room.not_found")
	}
	private, err := ecdh.P256().NewPrivateKey(kept.Private)
	if err != nil {
		return nil, fmt.Errorf("reading the key of room %s: %w", r.ID, err)
	}
	body, err := unseal(private, r.Token, sealed)
	if err != nil {
		return nil, &Error{Kind: KindInvalid, Key: "room.sealed_unreadable", Err: err}
	}
	return body, nil
}

// Seal seals a body for a room as its tablets do: for programs that speak for a
// tablet. private is drawn for this answer alone.
func Seal(private *ecdh.PrivateKey, room Room, id ResponseID, body []byte) (Sealed, error) {
	public, err := ecdh.P256().NewPublicKey(room.Key)
	if err != nil {
		return Sealed{}, fmt.Errorf("reading the public key of a room: %w", err)
	}
	box, nonce, err := sealBox(private, public, private.PublicKey(), public)
	if err != nil {
		return Sealed{}, err
	}
	out := append([]byte{}, private.PublicKey().Bytes()...)
	return Sealed{id, box.Seal(out, nonce, body, sealedFor(room.Token, id))}, nil
}

var errSealedSize = errors.New("a sealed answer of an impossible size")

func unseal(private *ecdh.PrivateKey, token string, sealed Sealed) ([]byte, error) {
	if n := len(sealed.Body); n < publicKeySize+sealTagSize || n > LargestSealed || !sealed.ID.Valid() {
		return nil, errSealedSize
	}
	drawn, err := ecdh.P256().NewPublicKey(sealed.Body[:publicKeySize])
	if err != nil {
		return nil, err
	}
	box, nonce, err := sealBox(private, drawn, drawn, private.PublicKey())
	if err != nil {
		return nil, err
	}
	return box.Open(nil, nonce, sealed.Body[publicKeySize:], sealedFor(token, sealed.ID))
}

// sealBox is the cipher between a private key and another's public key; drawn and
// room are the public keys of both, for the salt.
func sealBox(private *ecdh.PrivateKey, public, drawn, room *ecdh.PublicKey) (cipher.AEAD, []byte, error) {
	secret, err := private.ECDH(public)
	if err != nil {
		return nil, nil, fmt.Errorf("agreeing on a secret: %w", err)
	}
	salt := append(make([]byte, 0, sealingSalt), drawn.Bytes()...)
	key, err := hkdf.Key(sha256.New, secret, append(salt, room.Bytes()...), sealingInfo, sealKeySize+sealNonceSize)
	if err != nil {
		return nil, nil, fmt.Errorf("deriving a key: %w", err)
	}
	block, err := aes.NewCipher(key[:sealKeySize])
	if err != nil {
		return nil, nil, fmt.Errorf("making a cipher: %w", err)
	}
	box, err := cipher.NewGCM(block)
	return box, key[sealKeySize:], err
}

// sealedFor is what is authenticated with a sealed answer: "room\x00id".
func sealedFor(token string, id ResponseID) []byte { return []byte(token + "\x00" + string(id)) }
