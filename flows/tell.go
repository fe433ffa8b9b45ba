package flows

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"time"

	"lensan/bot"
	"lensan/store"
)

// tellOnce makes the bot say something in all chats of a person, once in a lifetime.
func tellOnce(ctx context.Context, tx *store.Tx, person int64, w bot.Wish) error {
	chats, err := tx.ChatsOf(ctx, person)
	for _, c := range chats {
		var chat bot.Chat
		if err == nil {
			chat, err = bot.ParseChat(c.Chat)
		}
		if err == nil {
			err = tx.Say(ctx, bot.Own(chat, fmt.Sprintf("%s:%s", w.Flow, w.Arg), w))
		}
	}
	return err
}

// tellChat makes the bot say something in a chat.
func tellChat(ctx context.Context, tx *store.Tx, key string, w bot.Wish) error {
	chat, err := bot.ParseChat(key)
	if err != nil {
		return err
	}
	return tx.Say(ctx, bot.Own(chat, w.Flow+":"+rand.Text(), w))
}

// Hours in which the bot speaks on its own: from 19:00, when people are home
// from the field (what cannot wait, from 7:00), and never after 21:00.
const (
	wakeFrom   = 7
	speakFrom  = 19
	speakUntil = 21
)

// byDay tells whether what cannot wait may be said.
func byDay(now time.Time) bool { return now.Hour() >= wakeFrom && now.Hour() < speakUntil }

// maxTold is how many officers are told of a claim or a request, the nearest first.
const maxTold = 5

// tellOfficers tells the nearest officers, once each. Nobody is woken: what comes at
// night is told by [Jobs.TellOfficers] in the morning.
func tellOfficers(ctx context.Context, tx *store.Tx, officers []store.Officer, w bot.Wish) error {
	if !byDay(tx.Now()) {
		return nil
	}
	for _, o := range officers[:min(maxTold, len(officers))] {
		if err := tellOnce(ctx, tx, o.Person, w); err != nil {
			return err
		}
	}
	return nil
}

// tellClaim tells the officers who may decide a claim of it, if there are any.
func tellClaim(ctx context.Context, tx *store.Tx, c store.Claim) (told bool, err error) {
	p, err := tx.Producer(ctx, c.Producer)
	if err != nil {
		return false, err
	}
	officers, err := tx.OfficersOf(ctx, p.Place())
	officers = slices.DeleteFunc(officers, func(o store.Officer) bool { return o.Person == c.Person })
	if err != nil || len(officers) == 0 {
		return false, err
	}
	return true, tellOfficers(ctx, tx, officers, bot.Wish{Flow: "asked", Arg: strconv.FormatInt(c.ID, 10)})
}

// tellRequest tells the officers who may answer a request of it.
func tellRequest(ctx context.Context, tx *store.Tx, q store.Request) error {
	officers, err := tx.Answerers(ctx, q)
	if err != nil {
		return err
	}
	return tellOfficers(ctx, tx, officers, bot.Wish{Flow: "request_told", Arg: strconv.FormatInt(q.ID, 10)})
}

// stillTelling is how long who has asked may take to tell their commune: until then we
// do not know whose the request is.
const stillTelling = 30 * time.Minute

// TellOfficers tells them, by day, of the claims and requests of the last 24 hours that
// nobody has dealt with, as far as they were not told.
func (j *Jobs) TellOfficers(ctx context.Context) error {
	if !byDay(j.DB.Now()) {
		return nil
	}
	since := j.DB.Now().Add(-24 * time.Hour)
	return j.DB.Change(ctx, func(tx *store.Tx) error {
		claims, err := tx.OpenClaims(ctx, since)
		for _, c := range claims {
			if err == nil {
				_, err = tellClaim(ctx, tx, c)
			}
		}
		if err != nil {
			return err
		}
		requests, err := tx.OpenRequests(ctx, since)
		for _, q := range requests {
			if q.Commune == "" && tx.Now().Sub(q.Created) < stillTelling {
				continue
			}
			if err == nil {
				err = tellRequest(ctx, tx, q)
			}
		}
		return err
	})
}
