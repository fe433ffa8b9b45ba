package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"lensan/bot"
	"lensan/store"
)

// speakerNew is the answer that nobody who used the chat before is meant.
const speakerNew = "new"

// Speaker switches between people who share a chat: a phone may be a family's. Each
// has records, drafts and a consent of their own.
func Speaker(t *Talk) {
	now := t.Person()
	others := Know(t, "speaker.others", func(ctx context.Context, r *store.Reader) ([]store.Speaker, error) {
		all, err := r.SpeakersOf(ctx, t.Chat.String())
		return slices.DeleteFunc(all, func(s store.Speaker) bool { return s.Person == now }), err
	})
	if now == 0 && len(others) == 0 {
		t.Say("speaker.unknown") // there is nothing to keep apart
		t.menu()
		return
	}
	to := store.Speaker{}
	labels := map[string]string{speakerNew: t.Phrase("speaker.new", nil)}
	var codes []string
	for _, s := range others {
		code := strconv.FormatInt(s.Person, 10)
		codes, labels[code] = append(codes, code), t.called(s)
	}
	if now != 0 {
		codes = append(codes, speakerNew)
	}
	if len(codes) > 1 || len(others) > 0 {
		code := t.Choose("speaker.who", codes, bot.Labels(func(code string) string { return labels[code] }))
		if i := slices.IndexFunc(others, func(s store.Speaker) bool { return strconv.FormatInt(s.Person, 10) == code }); i >= 0 {
			to = others[i]
		}
	} else if !t.Yes("speaker.stranger") {
		t.Say("speaker.kept")
		t.menu()
		return
	}
	refused := Do(t, "speaker.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		err := tx.Speak(ctx, t.Chat.String(), now, to.Person)
		switch {
		case errors.Is(err, store.ErrNotYours):
			return "gone", nil
		case errors.Is(err, store.ErrFull):
			return "full", nil
		}
		return "", err
	})
	if refused != "" {
		t.Say("speaker.refused." + refused)
		t.menu()
		return
	}
	t.Become(to.Person)
	if to.Person == 0 {
		t.Say("speaker.hello_new")
	} else {
		t.Say("speaker.hello", bot.Vars{"name": t.called(to)})
	}
	t.menu()
}

// called is what somebody who shares a chat is called.
func (t *Talk) called(s store.Speaker) string {
	if s.Name != "" {
		return s.Name
	}
	return t.Phrase("speaker.nameless", bot.Vars{"at": s.Since})
}
