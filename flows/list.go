package flows

import (
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/store"
	"lensan/store/sheet"
)

// listTypes are the endings of files that may be lists, with what is said of those
// that are not read; empty: they are.
var listTypes = map[string]string{".xlsx": "", ".csv": "", ".txt": "", ".tsv": "", ".xlsm": "", ".xls": "old", ".ods": "format", ".zip": "format", ".rar": "format",
	".pdf": "format", ".doc": "format", ".docx": "format"}

// listWish is what a document is for that nobody asked for.
func listWish(f bot.File) (bot.Wish, bool) {
	_, ok := listTypes[listType(f)]
	return bot.Wish{Flow: "list"}, ok
}

// listType is the ending of a file's name, in small letters, or of its type.
func listType(f bot.File) string {
	ending := strings.ToLower(path.Ext(f.Name))
	if ending == "" && (strings.Contains(f.Type, "spreadsheetml") || strings.HasPrefix(f.Type, "text/")) {
		return ".xlsx" // what is in it tells
	}
	return ending
}

// List takes a list of products that an officer sends. It is read by a job, which
// then goes on with [ListTold].
func List(t *Talk) {
	t.officersOnly()
	f := t.File("list.file")
	name := f.Name
	if name == "" {
		name = t.Phrase("list.unnamed", nil)
	}
	if why, ok := listTypes[listType(f)]; why != "" || !ok {
		t.refuseList("format", name)
	}
	saved := Do(t, "list.save", func(ctx context.Context, tx *store.Tx) (bool, error) {
		l, err := tx.AddSent(ctx, t.Person(), t.Chat.String(), name)
		if errors.Is(err, store.ErrNotYours) {
			return false, nil // their role was ended meanwhile
		}
		if err != nil {
			return false, err
		}
		return true, tx.AddJob(ctx, readList{List: l.ID, File: f})
	})
	if !saved {
		t.refuseList("not_yours", name)
	}
	t.Say("list.received", bot.Vars{"name": name})
	t.Next(bot.Wish{Flow: "menu"})
}

// refuseList says why a list is not taken, and what to do, and ends the talk.
func (t *Talk) refuseList(why, name string) {
	vars := t.office()
	vars["name"] = name
	t.Say("list.refused."+why, vars)
	t.Next(bot.Wish{Flow: "list"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
	t.End()
}

// ListTold tells an officer what became of a list they sent, on the bot's own: it was
// read, and what is to be done with it is asked at once; it was written; or it cannot be.
func ListTold(t *Talk) {
	l := t.sent()
	vars := t.listVars(l)
	switch l.State {
	case store.SentRead:
		look := bot.Wish{Flow: "list_look", Arg: t.Arg}
		t.Say("list.read", vars)
		t.Next(look)
		t.Open(look)
	case store.SentWritten:
		t.Say("list.written", vars)
		t.Next(bot.Wish{Flow: "calls"}, bot.Wish{Flow: "list"})
	case store.SentRefused:
		t.Say("list.refused."+l.Holds.Why, vars)
		t.Next(bot.Wish{Flow: "list"})
	}
}

// ListLook asks what is in doubt of a list that was read, shows what it holds, and
// asks whether to write it.
func ListLook(t *Talk) {
	t.officersOnly()
	l := t.sent()
	vars := t.listVars(l)
	if l.State != store.SentRead {
		state := "gone"
		if l.State == store.SentNew {
			state = "reading"
		}
		t.Say("list."+state, vars)
		t.Next(bot.Wish{Flow: "list"}, bot.Wish{Flow: "menu"})
		return
	}
	if len(l.Holds.Doubts) > 0 {
		t.listColumns(l)
		return
	}
	if l.Holds.Correct != "" {
		t.Show(bot.Attachment{Key: l.Holds.Correct, Name: t.Phrase("list.correct", nil) + ".xlsx", Type: sheet.Type, Size: l.Holds.Size})
	}
	if l.Holds.New+l.Holds.Changed == 0 {
		t.Say("list.nothing", vars)
		t.Next(bot.Wish{Flow: "list"}, bot.Wish{Flow: "menu"})
		return
	}
	write := t.Yes("list_look.write", bot.With(vars))
	state := Do(t, "list_look.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		if write {
			return "writing", tx.AddJob(ctx, writeList{List: l.ID, By: t.Person()})
		}
		l.State = store.SentDropped
		err := tx.UpdateSent(ctx, l)
		if errors.Is(err, store.ErrClosed) {
			err = nil
		}
		return "dropped", err
	})
	t.Say("list."+state, vars)
	t.Next(bot.Wish{Flow: "list"}, bot.Wish{Flow: "menu"})
}

// noColumn is the option that a field stands in no column.
const noColumn = "-"

// listColumns asks which columns hold what is in doubt; then the list is read again.
func (t *Talk) listColumns(l store.Sent) {
	columns := map[string]string{}
	for field, column := range l.Holds.Columns {
		columns[field] = column
	}
	for _, d := range l.Holds.Doubts {
		label := func(code string) string {
			if i := slices.Index(d.Columns, code); i >= 0 {
				return t.Phrase("list.column", bot.Vars{"letter": code, "what": d.Labels[i]})
			}
			return t.Phrase("list.no_column", nil)
		}
		columns[d.Field] = t.Choose("list_look.column/"+d.Field, append(slices.Clone(d.Columns), noColumn), bot.Labels(label),
			bot.With(bot.Vars{"name": l.Name, "field": t.Phrase("import.field."+d.Field, nil)}))
	}
	Do(t, "list_look.columns", func(ctx context.Context, tx *store.Tx) (bool, error) {
		l.State, l.Holds.Columns, l.Holds.Doubts = store.SentNew, columns, nil
		if err := tx.UpdateSent(ctx, l); errors.Is(err, store.ErrClosed) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		return true, tx.AddJob(ctx, readList{List: l.ID, Again: len(columns)})
	})
	t.Say("list.again")
	t.Next(bot.Wish{Flow: "menu"})
}

// sent is the list of the talk, which was sent in this chat: the last that waits, if
// the talk is about none.
func (t *Talk) sent() store.Sent {
	return Know(t, "list.sent", func(ctx context.Context, r *store.Reader) (store.Sent, error) {
		if t.Arg == "" {
			l, err := r.SentIn(ctx, t.Chat.String())
			return l, gone(err)
		}
		id, _ := strconv.ParseInt(t.Arg, 10, 64)
		l, err := r.Sent(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && l.Chat != t.Chat.String() {
			return store.Sent{}, nil
		}
		return l, err
	})
}

// listVars are what texts say of a list.
func (t *Talk) listVars(l store.Sent) bot.Vars {
	h := l.Holds
	var counts []string
	for _, c := range []struct {
		what string
		n    int
	}{{"new", h.New}, {"changed", h.Changed}, {"unchanged", h.Unchanged}, {"incomplete", h.Incomplete}, {"refused", h.Refused}} {
		if c.n > 0 {
			counts = append(counts, t.Phrase("list.count."+c.what, bot.Vars{"n": c.n}))
		}
	}
	vars := t.office()
	vars["name"], vars["n"], vars["counts"] = l.Name, h.Rows, strings.Join(counts, ", ")
	vars["unchanged"], vars["incomplete"], vars["refused"], vars["before"] = h.Unchanged, h.Incomplete, h.Refused, ""
	if h.Before != nil {
		vars["before"] = *h.Before
	}
	return vars
}
