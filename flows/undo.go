package flows

import (
	"context"
	"errors"
	"slices"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// maxMerges is how many merges are listed, the latest first.
const maxMerges = 8

// UndoMerge lets an officer part what was made one: a person's chats, or producers.
func UndoMerge(t *Talk) {
	list := Know(t, "undo.list", func(ctx context.Context, r *store.Reader) ([]store.Joined, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		return r.Merges(ctx, t.Person(), maxMerges)
	})
	if len(list) == 0 {
		t.Say("undo.none")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	codes, label := numbered(list, func(j store.Joined) int64 { return j.ID },
		func(j store.Joined) string { return vietnamese.Capital(t.Phrase("undo.line", joinedVars(j))) })
	j := list[slices.Index(codes, t.Choose("undo.which", codes, bot.Labels(label)))]
	if !t.Yes("undo.confirm", bot.With(joinedVars(j))) {
		t.Say("undo.kept")
		t.Next(bot.Wish{Flow: "menu"})
		return
	}
	refused := Do(t, "undo.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		err := tx.Undo(ctx, t.Person(), j.ID)
		switch {
		case errors.Is(err, store.ErrNotYours):
			return "theirs", nil
		case errors.Is(err, store.ErrClosed):
			return "closed", nil
		case err != nil || j.Kind != store.JoinedPeople:
			return "", err
		}
		for _, person := range []int64{j.From, j.Into} {
			if err := t.tell(ctx, tx, person, bot.Wish{Flow: "parted"}); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	if refused != "" {
		t.Say("undo.refused." + refused)
	} else {
		t.Say("undo.done", joinedVars(j))
	}
	t.Next(bot.Wish{Flow: "undo"}, bot.Wish{Flow: "menu"})
}

func joinedVars(j store.Joined) bot.Vars {
	return bot.Vars{"kind": j.Kind, "at": j.At.In(store.Zone).Format("2006-01-02"), "name": j.Name, "other": j.Other, "n": j.Chats}
}

// Parted tells a chat that an officer undid the merge of its person with another.
func Parted(t *Talk) {
	t.Say("parted", t.office())
	t.Next(bot.Wish{Flow: "mydata"})
}

// MergeProducers lets an officer make one producer of two that are the same.
func MergeProducers(t *Talk) {
	rs := t.roles().Officers()
	if len(rs) == 0 {
		t.Say("merge.none")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	from, into := t.producerThere("from", rs), t.producerThere("into", rs)
	if from.ID == into.ID {
		t.Say("merge.refused.same", bot.Vars{"name": into.Name})
		t.Next(bot.Wish{Flow: "merge"}, bot.Wish{Flow: "menu"})
		return
	}
	vars := bot.Vars{"name": from.Name, "code": from.Code(), "other": into.Name, "into": into.Code()}
	if !t.Yes("merge.confirm", bot.With(vars)) {
		t.Say("merge.kept")
		t.Next(bot.Wish{Flow: "undo"}, bot.Wish{Flow: "menu"})
		return
	}
	refused := Do(t, "merge.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		err := tx.MergeProducers(ctx, t.Person(), from.ID, into.ID)
		var exists *store.ExistsError
		switch {
		case errors.Is(err, store.ErrNotYours):
			return "theirs", nil
		case errors.Is(err, store.ErrClosed):
			return "closed", nil
		case errors.As(err, &exists):
			return "exists", nil
		case errors.Is(err, store.ErrFull):
			return "full", nil
		}
		return "", err
	})
	if refused != "" {
		t.Say("merge.refused."+refused, vars)
	} else {
		t.Say("merge.done", vars)
	}
	t.Next(bot.Wish{Flow: "undo"}, bot.Wish{Flow: "menu"})
}
