package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lensan/bot"
	"lensan/store"
)

const linkMinutes = int(store.LinkLasts / time.Minute)

// Link gives a code; typed in another chat (Arg), after a question, it makes one
// person of the two.
func Link(t *Talk) {
	if t.Arg != "" {
		t.link(t.Arg)
		return
	}
	code := Do(t, "link.code", func(ctx context.Context, tx *store.Tx) (string, error) {
		return tx.AddLink(ctx, t.Chat.String())
	})
	t.Say("link.code", bot.Vars{"code": code, "minutes": linkMinutes})
	t.onward()
}

// end is what is said of the other end of a link before it is known that it is the
// same person: to a stranger who guessed a code it must not tell who that is.
type end struct {
	Refused  string   // why there is nothing to link, as the text of it is called; empty: there is
	Channels []string // where it is
	Initial  string   // of their name; empty: not told
	Known    bool     // it is somebody's
	There    int      // products they registered
	Here     int      // products registered here
}

// link links the chat to the one a code was made in.
func (t *Talk) link(text string) {
	code, _ := store.ReadLink(text)
	other := Do(t, "link.look", func(ctx context.Context, tx *store.Tx) (end, error) {
		key, err := tx.Linked(ctx, t.Chat.String(), code)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return end{Refused: "wrong"}, nil
		case errors.Is(err, store.ErrMisses):
			return end{Refused: "misses"}, nil
		case errors.Is(err, store.ErrOwn):
			return end{Refused: "own"}, nil
		case err != nil:
			return end{}, err
		}
		chat, err := bot.ParseChat(key)
		if err != nil {
			return end{}, err
		}
		person, err := tx.Owner(ctx, chat)
		if err != nil {
			return end{}, err
		}
		switch {
		case person == 0 && t.Person() == 0:
			return end{Refused: "nothing"}, nil
		case person == t.Person():
			return end{Refused: "already"}, nil
		}
		return t.end(ctx, &tx.Reader, person, []string{chat.Channel})
	})
	if other.Refused != "" {
		t.Say("link.refused."+other.Refused, bot.Vars{"minutes": linkMinutes})
		t.onward()
		return
	}
	if !t.Yes("link.confirm", bot.With(t.endVars(other))) {
		Do(t, "link.drop", func(ctx context.Context, tx *store.Tx) (string, error) {
			_, err := tx.UseLink(ctx, code)
			if errors.Is(err, store.ErrNotFound) {
				err = nil
			}
			return "", err
		})
		t.Say("link.dropped")
		t.onward()
		return
	}
	done := Do(t, "link.save", func(ctx context.Context, tx *store.Tx) (became, error) {
		key, err := tx.UseLink(ctx, code)
		if errors.Is(err, store.ErrNotFound) {
			return became{}, nil
		}
		if err != nil {
			return became{}, err
		}
		chat, err := bot.ParseChat(key)
		if err != nil {
			return became{}, err
		}
		person, err := tx.Owner(ctx, chat)
		if err != nil {
			return became{}, err
		}
		return t.unite(ctx, tx, person, chat)
	})
	if done.Is == 0 {
		t.Say("link.refused.wrong", bot.Vars{"minutes": linkMinutes})
		t.onward()
		return
	}
	t.become(done)
	t.Say("link.done", bot.Vars{"channel": t.where(other)})
	t.onward()
}

// end looks up what may be said of a person at the other end of a link.
func (t *Talk) end(ctx context.Context, r *store.Reader, person int64, channels []string) (end, error) {
	e := end{Channels: channels, Known: person != 0}
	for id, count := range map[int64]*int{person: &e.There, t.Person(): &e.Here} {
		products, err := r.ProductsOf(ctx, id)
		if err != nil {
			return e, err
		}
		*count = len(products)
	}
	if person == 0 {
		return e, nil
	}
	p, err := r.Person(ctx, person)
	if words := strings.Fields(p.Name); len(words) > 0 { // people are called by the last one
		first, _ := utf8.DecodeRuneInString(words[len(words)-1])
		e.Initial = string(unicode.ToUpper(first))
	}
	return e, err
}

// endVars are what texts say of the other end, and of what would be shared.
func (t *Talk) endVars(e end) bot.Vars {
	vars := bot.Vars{"channel": t.where(e), "initial": e.Initial, "there": e.There, "here": e.Here}
	whose := "both"
	if !e.Known {
		whose = "mine"
	} else if t.Person() == 0 {
		whose = "theirs"
	}
	vars["shared"] = t.Phrase("link.shared."+whose, vars)
	return vars
}

// where names the channels of an end.
func (t *Talk) where(e end) string {
	var names []string
	for _, c := range e.Channels {
		names = append(names, t.channel(c))
	}
	return strings.Join(names, ", ")
}

// became is whom a chat belonged to, and whom it belongs to now.
type became struct{ Was, Is int64 }

// become makes the chat the other person's, in the turn in which that was saved: in
// a later run of the talk they may have become somebody else again.
func (t *Talk) become(b became) {
	if t.Person() == b.Was {
		t.Identify(b.Is)
	}
}

// unite makes one person of this chat's and another, who has that chat (either may
// be nobody), and tells all their other chats.
func (t *Talk) unite(ctx context.Context, tx *store.Tx, other int64, chat bot.Chat) (became, error) {
	b := became{Was: t.Person()}
	var err error
	var merged *store.MergedError
	switch {
	case b.Was == other:
		return became{b.Was, b.Was}, nil
	case other == 0:
		b.Is, err = b.Was, tx.Join(ctx, chat.String(), b.Was)
	case b.Was == 0:
		b.Is, err = other, tx.LockPerson(ctx, other)
	default:
		b.Is, err = tx.Merge(ctx, b.Was, other, t.Chat.String(), store.PersonActor(b.Was))
	}
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &merged) {
		err = bot.ErrAgain // the chat or the person is somebody else's by now
	}
	if err != nil {
		return became{}, err
	}
	return b, t.tell(ctx, tx, b.Is, bot.Wish{Flow: "linked", Arg: t.Chat.Channel})
}

// tell makes the bot say something in all chats of a person but this one.
func (t *Talk) tell(ctx context.Context, tx *store.Tx, person int64, w bot.Wish) error {
	chats, err := tx.ChatsOf(ctx, person)
	for _, c := range chats {
		if err == nil && c.Chat != t.Chat.String() {
			err = tellChat(ctx, tx, c.Chat, w)
		}
	}
	return err
}

// linkByPhone asks a person who has sent their number with the platform's own
// button, and has sent the same from another chat, whether to link the two. It
// tells whether they are linked.
func (t *Talk) linkByPhone(phone bot.Phone) bool {
	if !phone.Verified {
		return false
	}
	type found struct {
		Person int64
		End    end
	}
	other := Know(t, "link.phone_of", func(ctx context.Context, r *store.Reader) (found, error) {
		p, err := r.PersonByPhone(ctx, phone.Number)
		if errors.Is(err, store.ErrNotFound) || p.ID == t.Person() {
			return found{}, nil
		}
		if err != nil {
			return found{}, err
		}
		chats, err := r.ChatsOf(ctx, p.ID)
		if err != nil || len(chats) == 0 {
			return found{}, err
		}
		var channels []string
		for _, c := range chats {
			channel, _, _ := strings.Cut(c.Chat, ":")
			channels = append(channels, channel)
		}
		e, err := t.end(ctx, r, p.ID, slices.Compact(channels))
		return found{p.ID, e}, err
	})
	if other.Person == 0 || !t.Yes("link.phone", bot.With(t.endVars(other.End))) {
		return false
	}
	done := Do(t, "link.phone_save", func(ctx context.Context, tx *store.Tx) (became, error) {
		switch p, err := tx.PersonByPhone(ctx, phone.Number); {
		case errors.Is(err, store.ErrNotFound), err == nil && p.ID != other.Person:
			return became{}, nil // somebody else has it by now
		case err != nil:
			return became{}, err
		}
		return t.unite(ctx, tx, other.Person, bot.Chat{})
	})
	if done.Is == 0 {
		return false
	}
	t.become(done)
	t.Say("link.done", bot.Vars{"channel": t.where(other.End)})
	return true
}

// Linked tells a chat that it was linked to another one, on Arg.
func Linked(t *Talk) {
	t.Say("linked", bot.Vars{"channel": t.channel(t.Arg)})
	t.Next(bot.Wish{Flow: "unlink"})
}

// channel is what people call a channel.
func (t *Talk) channel(name string) string {
	if id := "link.channel." + name; t.Has(id) {
		return t.Phrase(id, nil)
	}
	return name
}

// onward offers what was left half done, and the menu.
func (t *Talk) onward() {
	for _, o := range t.Unfinished() {
		t.Add(o)
	}
	t.Next(bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "menu"})
}
