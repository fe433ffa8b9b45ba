package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"lensan/bot"
)

var _ bot.Echoes = (*Live)(nil)

// echoTime is how long an echo is kept: it comes within seconds, and a part of
// unknown outcome is repeated within seconds.
const echoTime = 5 * time.Minute

func echo(chat bot.Chat, text string) string {
	sum := sha256.Sum256([]byte(bot.Clean(text)))
	return key(chat, "echo:"+hex.EncodeToString(sum[:8]))
}

// Heard notes that a text of ours was shown in the chat.
func (l *Live) Heard(ctx context.Context, chat bot.Chat, text string) error {
	return l.ask(ctx, func(ctx context.Context) error {
		return l.rdb.Set(ctx, echo(chat, text), time.Now().UnixMilli(), echoTime).Err()
	})
}

// WasHeard tells whether it was since a time.
func (l *Live) WasHeard(ctx context.Context, chat bot.Chat, text string, since time.Time) (heard bool, err error) {
	err = l.ask(ctx, func(ctx context.Context) error {
		at, err := l.rdb.Get(ctx, echo(chat, text)).Int64()
		heard = at >= since.UnixMilli()
		return err
	})
	return heard, err
}
