package zalo

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
)

// seal keeps tokens unreadable in the database and its backups. The keys follow
// from the app secret, which is not there. Another secret opens nothing that this
// one has sealed.
type seal struct {
	box cipher.AEAD
	key []byte // of the hashes
	app []byte
}

func newSeal(app, secret string) (*seal, error) {
	if secret == "" {
		return nil, errors.New("zalo: the app secret is empty")
	}
	derive := func(purpose string) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret), nil, "lensan zalo "+purpose, 32)
	}
	key, err := derive("tokens")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	hash, err := derive("seeds")
	return &seal{box: box, key: hash, app: []byte(app)}, err
}

// close seals a token: the nonce, then the token, then the proof that both and
// the app are unchanged.
func (s *seal) close(token string) []byte { return s.box.Seal(nil, nil, []byte(token), s.app) }

// open is the token that was sealed.
func (s *seal) open(sealed []byte) (string, error) {
	token, err := s.box.Open(nil, nil, sealed, s.app)
	if err != nil {
		return "", errors.New("the kept tokens were sealed with another ZALO_APP_SECRET: set that one, or run `lensan zalo login`")
	}
	return string(token), nil
}

// hash tells one token from another without showing either.
func (s *seal) hash(token string) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(token))
	return h.Sum(nil)
}
