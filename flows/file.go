package flows

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"strings"
	"time"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// Address makes the address under which a file can be fetched, by whoever has
// it, for some days from a time on. Empty: the world cannot reach us.
type Address func(file bot.Attachment, from time.Time) string

// Show shows a file; a channel that cannot carry it gives its address. See
// [bot.Talk.Show].
func (t *Talk) Show(file bot.Attachment) {
	if t.config.Address != nil {
		file.Link = t.config.Address(file, t.Now)
	}
	t.Talk.Show(file)
}

// madeFor is how long a file that was made for somebody is kept.
const madeFor = 8 * 24 * time.Hour // a day longer than its address is good

// made keeps a file that was made for somebody, for some days. The same content lies
// in the same place: it does no harm to make it again.
func (t *Talk) made(ctx context.Context, name, mime string, content []byte) (*bot.Attachment, error) {
	sum := sha256.Sum256(content)
	a := &bot.Attachment{Key: "made/" + hex.EncodeToString(sum[:]) + path.Ext(name), Name: name, Type: mime, Size: int64(len(content))}
	if err := t.config.DB.DeleteAt(ctx, a.Key, t.Now.Add(madeFor)); err != nil { // first: nothing is left lying about
		return nil, err
	}
	return a, t.config.Files.Put(ctx, a.Key, mime, bytes.NewReader(content), a.Size)
}

// showPhoto shows the first photo of a product that is here already.
func (t *Talk) showPhoto(p store.Product) {
	photo := Know(t, "product.photo", func(ctx context.Context, r *store.Reader) (*bot.Attachment, error) {
		for _, id := range p.Photos {
			f, err := r.File(ctx, id)
			if errors.Is(err, store.ErrNotFound) || err == nil && f.Key == "" {
				continue
			}
			if err != nil {
				return nil, err
			}
			return &bot.Attachment{Key: f.Key, Name: fileName(p) + path.Ext(f.Key), Type: f.Type, Size: f.Size}, nil
		}
		return nil, nil
	})
	if photo != nil {
		t.Show(*photo)
	}
}

// fileName is a product's name as every phone can keep a file under it:
// "gao-seng-cu".
func fileName(p store.Product) string {
	letters := strings.Map(func(r rune) rune {
		if r == ' ' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, vietnamese.Fold(p.Name))
	if words := strings.Fields(letters); len(words) > 0 {
		return strings.Join(words, "-")
	}
	return strings.ToLower(p.Code())
}
