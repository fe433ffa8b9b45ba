package bot

import (
	"context"
	"maps"
	"slices"
	"time"
)

// sweepLimit is how many chats one sweep takes up.
const sweepLimit = 200

// sweep takes up, once a second, what nobody works on: messages and owed answers
// left by a process that died, and replies that were not sent.
func (b *Bot) sweep(ctx context.Context) {
	for {
		chats, err := b.inbox.Sweep(ctx, sweepLimit)
		if err != nil && ctx.Err() == nil {
			b.log.Warn("messages not swept", "error", err)
		}
		for _, c := range chats {
			b.lanes.add(c, func(a *lane) { a.look = true })
		}
		chats, err = b.outbox.Waiting(ctx, slices.Collect(maps.Keys(b.channels)), sweepLimit)
		if err != nil && ctx.Err() == nil {
			b.log.Warn("replies not swept", "error", err)
		}
		for _, c := range chats {
			b.send(c, outgoing{load: true, turn: allTurns})
		}
		if !pause(ctx, time.Second) {
			return
		}
	}
}
