package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Codes that people type, of links (link.go) and invitations (invitation.go), are of 25
// signs that are not taken for one another (no 0 O, no 1 I L) and that a Vietnamese
// keyboard makes no accent of: no vowels, D or W. Only a hash of one is kept.
const (
	codeSigns = "23456789BCFGHJKMNPQRSTVXZ"

	maxMisses    = 5   // wrong codes of a chat in an hour
	maxAllMisses = 200 // and of all chats: whoever guesses may open many
)

// ErrMisses refuses codes, beside ErrNotFound: wrong, too old or used.
var ErrMisses = errors.New("store: too many wrong codes; try again in an hour")

// codeForm finds a code as people type it: "lk 7kq4m", "LK-7KQ 4M", alone or within
// a sentence.
func codeForm(prefix string, length int) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?i)(?:^|[^\pL\pN])%s[\s–-]*((?:[%s][\s–-]*){%d}[%s])(?:$|[^\pL\pN])`,
		prefix, codeSigns, length-1, codeSigns))
}

// readCode finds a code of a form and returns it as it is written.
func readCode(form *regexp.Regexp, prefix, text string) (code string, ok bool) {
	m := form.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return prefix + "-" + strings.Map(func(r rune) rune {
		if !strings.ContainsRune(codeSigns, r) {
			return -1
		}
		return r
	}, strings.ToUpper(m[1])), true
}

// newCode draws codes until keep, which is given the hash of one, has put one in (1: it
// was free), and returns that.
func (tx *Tx) newCode(ctx context.Context, prefix string, length int, keep func(hash []byte) (int64, error)) (string, error) {
	for range 5 {
		code := drawCode(prefix, length)
		hash, err := tx.codeHash(ctx, code)
		if err != nil {
			return "", err
		}
		if n, err := keep(hash); err != nil || n > 0 {
			return code, err
		}
	}
	return "", fmt.Errorf("store: no free code")
}

// drawCode draws a code by lot.
func drawCode(prefix string, length int) string {
	signs := make([]byte, length)
	for i := range signs {
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(codeSigns)))) // never fails
		signs[i] = codeSigns[n.Int64()]
	}
	return prefix + "-" + string(signs)
}

// mayTry refuses another code when too many were wrong: ErrMisses.
func (tx *Tx) mayTry(ctx context.Context, chat string) error {
	var here, everywhere int
	err := tx.tx.QueryRow(ctx, `select (select count(*) from link_misses where chat = $1 and at > clock() - interval '1 hour'),
		(select count(*) from link_misses where at > clock() - interval '1 hour')`, chat).Scan(&here, &everywhere)
	if err != nil {
		return fmt.Errorf("store: %w", again(err))
	}
	if here >= maxMisses || everywhere >= maxAllMisses {
		return ErrMisses
	}
	return nil
}

// missed counts a wrong code.
func (tx *Tx) missed(ctx context.Context, chat string) error {
	_, err := tx.exec(ctx, `insert into link_misses (chat) values ($1)`, chat)
	return err
}

// codeHash is what is kept of a code.
func (tx *Tx) codeHash(ctx context.Context, code string) ([]byte, error) {
	secret, err := tx.db.secret(ctx)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("link\x00" + code))
	return h.Sum(nil)[:16], nil
}
