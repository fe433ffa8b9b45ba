package flows

import (
	"context"
	"errors"
	"strconv"
	"time"

	"lensan/bot"
	"lensan/store"
)

// LostPhoto tells a person that a photo they sent for a product never arrived,
// so that they send it again.
func LostPhoto(t *Talk) {
	p := Know(t, "lostphoto.product", func(ctx context.Context, r *store.Reader) (store.Product, error) {
		id, _ := strconv.ParseInt(t.Arg, 10, 64)
		f, err := r.File(ctx, id)
		if err == nil {
			var p store.Product
			if p, err = r.Product(ctx, f.Product); err == nil {
				return p, nil
			}
		}
		if errors.Is(err, store.ErrNotFound) { // withdrawn with its product meanwhile, or deleted
			err = nil
		}
		return store.Product{}, err
	})
	if p.State != store.Submitted {
		return
	}
	t.Say("lostphoto.told", bot.Vars{"name": p.Name, "code": p.Code()})
	t.Next(bot.Wish{Flow: "complete", Arg: strconv.FormatInt(p.ID, 10)})
}

// lost gives a photo up, and tells who sent it in the chat it came from: first
// that, which may be done twice, then the mark. Not at night.
func (j *Jobs) lost(ctx context.Context, f store.File) error {
	if h := j.DB.Now().Hour(); j.DB.Now().Sub(f.Created) > time.Hour && (h < wakeFrom || h >= speakUntil) {
		return nil // at a later run
	}
	j.Log.Warn("photo lost: the channel does not have it, or it is no image", "file", f.ID, "channel", f.Channel)
	chat, err := j.DB.Read().SentFrom(ctx, f)
	if err == nil {
		id := strconv.FormatInt(f.ID, 10)
		err = j.Receive(ctx, bot.Own(chat, "lostphoto:"+id, bot.Wish{Flow: "lostphoto", Arg: id}))
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return j.DB.Change(ctx, func(tx *store.Tx) error { return tx.MarkLost(ctx, f.ID) })
}
