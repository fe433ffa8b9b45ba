package flows

import (
	"context"
	"strconv"
	"time"

	"lensan/bot"
)

// Nudge reminds a person, once, of a talk they left half done.
func Nudge(t *Talk) {
	doing, open := t.Doing()
	if doing == "" {
		return
	}
	t.Say("bot.nudge", bot.Vars{"talk": doing})
	if !open {
		t.Add(t.Unfinished()[0])
	}
}

// Nudge tells people who left a talk half done within the last 48 hours, once.
// At most one such message a day and three a week to a person, and only to those
// who agreed to reminders (the conditions are in HalfDone of package store).
func (j *Jobs) Nudge(ctx context.Context) error {
	if h := j.DB.Now().Hour(); h < speakFrom || h >= speakUntil {
		return nil
	}
	half, err := j.DB.Read().HalfDone(ctx, 2*time.Hour, 48*time.Hour, batch)
	if err != nil {
		return err
	}
	for _, h := range half {
		key := "nudge:" + strconv.FormatInt(h.Talk, 10)
		if err := j.Receive(ctx, bot.Own(h.Chat, key, bot.Wish{Flow: "nudge"})); err != nil {
			return err
		}
	}
	return nil
}
