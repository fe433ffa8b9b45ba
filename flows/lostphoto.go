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
	lost := Know(t, "lostphoto", func(ctx context.Context, r *store.Reader) (photo, error) {
		id, _ := strconv.ParseInt(t.Arg, 10, 64)
		f, err := r.File(ctx, id)
		if err != nil {
			return photo{}, gone(err)
		}
		p, err := r.Product(ctx, f.Product)
		if err != nil || p.State != store.Submitted {
			return photo{}, gone(err)
		}
		who, err := r.Person(ctx, f.Person)
		return photo{p.ID, p.Name, p.Code(), who.Name, who.Phone}, gone(err)
	})
	if lost.Product == 0 {
		return
	}
	t.Template("lostphoto", lost.Phone, map[string]string{"customer_name": lost.Sender, "product": lost.Name, "code": lost.Code})
	t.Say("lostphoto.told", bot.Vars{"name": lost.Name, "code": lost.Code})
	t.Next(bot.Wish{Flow: "complete", Arg: strconv.FormatInt(lost.Product, 10)})
}

// photo is a photo that is lost: the product it was for, and who sent it.
type photo struct {
	Product            int64 // 0: there is nothing to be told any more
	Name, Code, Sender string
	Phone              string
}

// gone takes what was withdrawn or deleted meanwhile for nothing to tell.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// lost gives a photo up, and tells who sent it in the chat it came from: first
// that, which may be done twice, then the mark. Not at night.
func (j *Jobs) lost(ctx context.Context, f store.File) error {
	if j.DB.Now().Sub(f.Created) > time.Hour && !byDay(j.DB.Now()) {
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
