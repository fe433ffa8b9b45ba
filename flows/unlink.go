package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// Unlink takes one of a person's chats from them; the records stay with the
// others.
func Unlink(t *Talk) {
	chats := Know(t, "unlink.chats", func(ctx context.Context, r *store.Reader) ([]store.PersonChat, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		all, err := r.ChatsOf(ctx, t.Person())
		if i := slices.IndexFunc(all, func(c store.PersonChat) bool { return c.Chat == t.Chat.String() }); i > 0 {
			here := all[i] // first
			all = slices.Insert(slices.Delete(all, i, i+1), 0, here)
		}
		return all, err
	})
	if len(chats) < 2 {
		t.Say("unlink.none")
		t.Next(bot.Wish{Flow: "link"}, bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "menu"})
		return
	}
	labels := map[string]string{}
	var codes []string
	for i, c := range chats {
		code := strconv.Itoa(i + 1)
		codes = append(codes, code)
		labels[code] = vietnamese.Capital(t.Phrase("unlink.chat", bot.Vars{"channel": t.channelOf(c.Chat), "seen": c.Seen, "here": c.Chat == t.Chat.String()}))
	}
	n, _ := strconv.Atoi(t.Choose("unlink.which", codes, bot.Labels(func(code string) string { return labels[code] })))
	chat := chats[n-1].Chat
	here := chat == t.Chat.String()
	vars := bot.Vars{"channel": t.channelOf(chat), "here": here}
	if !t.Yes("unlink.confirm", bot.With(vars)) {
		t.Say("unlink.kept")
		t.onward()
		return
	}
	done := Do(t, "unlink.save", func(ctx context.Context, tx *store.Tx) (bool, error) {
		err := tx.Part(ctx, t.Person(), chat, t.Chat.String())
		if errors.Is(err, store.ErrNotFound) {
			return false, nil // somebody was quicker
		}
		told := bot.Wish{Flow: "unlinked", Arg: t.Chat.Channel}
		switch {
		case err != nil:
		case here:
			err = t.tell(ctx, tx, t.Person(), told)
		default:
			err = tellChat(ctx, tx, chat, told)
		}
		return true, err
	})
	if here && done {
		t.Forget()
	}
	t.Say("unlink.done", vars)
	t.onward()
}

// Unlinked tells a chat that it does not share its records with another one, on
// Arg, any more.
func Unlinked(t *Talk) {
	t.Say("unlinked", bot.Vars{"channel": t.channel(t.Arg), "mine": t.Person() != 0})
	t.Next(bot.Wish{Flow: "link"})
}

// channelOf is what people call the channel of a chat's key.
func (t *Talk) channelOf(key string) string {
	chat, err := bot.ParseChat(key)
	if err != nil {
		return key
	}
	return t.channel(chat.Channel)
}
