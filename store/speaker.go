package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// MaxSpeakers is how many people may share a chat.
const MaxSpeakers = 8

// Speaker is somebody who uses a chat: a phone may be a family's, or a
// cooperative's. Who speaks now stands in the chat's row.
type Speaker struct {
	Person int64
	Name   string    // theirs, or of a producer they speak for; empty: not told
	Since  time.Time // when another first took their place
}

// SpeakersOf returns who uses a chat that several people use, oldest first; the one
// who speaks now is among them, if they are known.
func (r *Reader) SpeakersOf(ctx context.Context, chat string) ([]Speaker, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Speaker], `select s.person, s.since, coalesce(nullif(h.name, ''),
			(select p.name from members m join producers p on p.id = m.producer where m.person = s.person order by m.since, p.id limit 1), '') as name
		from speakers s join people h on h.id = s.person
		where s.chat = $1 and h.merged_into is null order by s.since, s.person`, chat)
}

// Speak notes that in a chat, which was one person's, another speaks from now on (0:
// somebody not known yet); the turn's commit must name them ([bot.Talk.Become]). It is
// for people who share a chat: ErrNotYours when the other does not speak there yet;
// ErrFull.
func (tx *Tx) Speak(ctx context.Context, chat string, from, to int64) error {
	if from != 0 {
		if err := tx.AddSpeaker(ctx, chat, from); err != nil {
			return err
		}
	}
	speakers, err := tx.SpeakersOf(ctx, chat)
	if err != nil {
		return err
	}
	for _, s := range speakers {
		if s.Person == to {
			return nil
		}
	}
	switch {
	case to != 0:
		return ErrNotYours
	case len(speakers) >= MaxSpeakers:
		return ErrFull
	}
	return nil
}

// AddSpeaker notes that a person uses a chat beside others.
func (tx *Tx) AddSpeaker(ctx context.Context, chat string, person int64) error {
	_, err := tx.exec(ctx, `insert into speakers (chat, person, since) values ($1, $2, $3) on conflict do nothing`, chat, person, tx.now)
	return err
}

// DropSpeaker notes that a person does not use a chat any more.
func (tx *Tx) DropSpeaker(ctx context.Context, chat string, person int64) error {
	_, err := tx.exec(ctx, `delete from speakers where chat = $1 and person = $2`, chat, person)
	return err
}
