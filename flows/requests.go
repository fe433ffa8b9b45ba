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

// Requests is who waits for an officer of theirs; or one of them (Arg), to be answered.
func Requests(t *Talk) {
	t.officersOnly()
	if t.Arg != "" {
		t.request(t.Arg)
		return
	}
	type waiting struct {
		ID     int64
		Name   string
		Place  string
		Phone  bool // there is a number
		Handed bool // to this officer
		Since  store.Day
	}
	list := Know(t, "requests.list", func(ctx context.Context, r *store.Reader) ([]waiting, error) {
		all, err := r.RequestsFor(ctx, t.Person(), maxLines+1)
		var list []waiting
		for _, q := range all {
			list = append(list, waiting{q.ID, q.Name, commune(q.Commune), q.Phone != "", q.Officer == t.Person(), store.DayOf(q.Created)})
		}
		return list, err
	})
	if len(list) == 0 {
		t.Say("requests.none")
		t.Next(bot.Wish{Flow: "claims"}, bot.Wish{Flow: "calls"}, bot.Wish{Flow: "menu"})
		return
	}
	codes, label := numbered(list[:min(maxLines, len(list))], func(w waiting) int64 { return w.ID }, func(w waiting) string {
		return vietnamese.Capital(t.Phrase("requests.line", bot.Vars{"name": w.Name, "place": w.Place, "phone": w.Phone, "mine": w.Handed, "since": w.Since.String()}))
	})
	t.request(t.Choose("requests.which", codes, bot.Labels(label), bot.With(bot.Vars{"n": len(codes), "more": len(list) > maxLines})))
}

// request shows who waits and what they asked, and takes the answer.
func (t *Talk) request(number string) {
	id, _ := strconv.ParseInt(number, 10, 64)
	q := Know(t, "requests.one", func(ctx context.Context, r *store.Reader) (store.Request, error) {
		q, err := r.RequestFor(ctx, t.Person(), id)
		if errors.Is(err, store.ErrNotYours) {
			err = nil
		}
		return q, err
	})
	switch {
	case q.ID == 0:
		t.requestEnd("not_yours", nil)
	case q.State != store.RequestOpen:
		t.requestEnd("closed", nil)
	}
	vars := t.requestVars(q)
	t.Title(q.Name)
	way := "called"
	switch {
	case !q.Blocked:
		way = t.Choose("requests.what", []string{"answer", "called", "later"}, bot.With(vars))
	case t.Choose("requests.call", []string{"yes", "no"}, bot.With(vars)) == "no":
		way = "later"
	}
	answer := ""
	switch way {
	case "answer":
		answer = t.Text("requests.answer", 2, maxAnswer, bot.Prose, bot.With(vars))
	case "later":
		t.Open(bot.Wish{Flow: "requests"})
	}
	t.requestEnd(Do(t, "requests.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		return t.closeRequest(ctx, tx, id, way, answer)
	}), vars)
}

// maxAnswer is how long an officer's answer may be, in characters: what fits into one
// message of every channel, with the words around it.
const maxAnswer = 1000

// closeRequest closes a request, and tells who asked. It returns what became of it:
// answer, called; blocked (it cannot be answered here, and is open still); closed
// (somebody did before), not_yours.
func (t *Talk) closeRequest(ctx context.Context, tx *store.Tx, id int64, way, answer string) (string, error) {
	q, err := tx.RequestFor(ctx, t.Person(), id)
	if err == nil && q.State == store.RequestOpen && q.Blocked && answer != "" {
		return "blocked", nil
	}
	if err == nil {
		q, err = tx.CloseRequest(ctx, t.Person(), id, answer)
	}
	if err != nil {
		return refused(err)
	}
	return way, tellChat(ctx, tx, q.Chat, bot.Wish{Flow: "answered", Arg: strconv.FormatInt(q.ID, 10)})
}

// requestEnd says what became of a request, offers the next, and ends the talk.
func (t *Talk) requestEnd(how string, vars bot.Vars) {
	t.Say("requests.done."+how, vars)
	t.Next(bot.Wish{Flow: "requests"}, bot.Wish{Flow: "claims"}, bot.Wish{Flow: "menu"})
	t.End()
}

// requestVars are what texts say of a request to an officer.
func (t *Talk) requestVars(q store.Request) bot.Vars {
	return bot.Vars{"name": q.Name, "place": commune(q.Commune), "number": q.Phone, "text": q.Text, "at": q.Created, "code": q.Code(),
		"channel": t.channelOf(q.Chat), "said": q.Answer}
}

// Answered tells who asked what an officer answered, or that they called, on the bot's own.
func Answered(t *Talk) {
	type answer struct {
		store.Request
		Who   string // the officer's name
		Roles store.Roles
	}
	a := Know(t, "answered.request", func(ctx context.Context, r *store.Reader) (answer, error) {
		in, err := r.RequestsIn(ctx, t.Chat.String())
		i := slices.IndexFunc(in, func(q store.Request) bool { return strconv.FormatInt(q.ID, 10) == t.Arg && q.By != 0 })
		if err != nil || i < 0 {
			return answer{}, err
		}
		a := answer{Request: in[i]}
		p, err := r.Person(ctx, a.By)
		if err != nil {
			return a, gone(err)
		}
		a.Who = p.Name
		a.Roles, err = r.RolesOf(ctx, a.By)
		return a, err
	})
	if a.ID == 0 {
		return // opened again, or deleted
	}
	Do(t, "answered.said", func(ctx context.Context, tx *store.Tx) (bool, error) { return true, tx.SayAnswer(ctx, a.ID) })
	vars := t.office()
	vars["name"], vars["role"], vars["text"], vars["at"], vars["to"] = a.Who, "", a.Answer, a.Created, ""
	for _, role := range a.Roles.Officers() {
		if (store.Roles{role}).Covers(store.Place{Commune: a.Commune}) {
			vars["role"] = t.roleName(role.Kind, role.Areas, "")
			break
		}
	}
	if a.Person != t.Person() { // others use the chat, too
		vars["to"] = a.Name
	}
	if a.Answer != "" {
		t.Say("answered.say", vars)
	} else {
		t.Say("answered.called", vars)
	}
	t.Offer(t.Phrase("answered.again", nil), bot.Wish{Flow: "officer"})
}

// RequestTold tells an officer of a new request, on Arg, on the bot's own.
func RequestTold(t *Talk) {
	if q := t.toldRequest(); q.ID != 0 {
		t.Say("request_told.say", t.requestVars(q))
		t.Offer(t.Phrase("request_told.see", nil), bot.Wish{Flow: "requests", Arg: t.Arg})
	}
}

// RequestBack tells an officer that what they answered to a request, on Arg, could not be
// sent, on the bot's own.
func RequestBack(t *Talk) {
	if q := t.toldRequest(); q.ID != 0 {
		t.Say("request_back.say", t.requestVars(q))
		t.Offer(t.Phrase("request_back.see", nil), bot.Wish{Flow: "requests", Arg: t.Arg})
	}
}

// toldRequest is the request on Arg, if it is open and the officer's: not dealt with by
// now, nor theirs no more.
func (t *Talk) toldRequest() store.Request {
	return Know(t, "request_told.request", func(ctx context.Context, r *store.Reader) (store.Request, error) {
		id, _ := strconv.ParseInt(t.Arg, 10, 64)
		q, err := r.RequestFor(ctx, t.Person(), id)
		if errors.Is(err, store.ErrNotYours) || err == nil && q.State != store.RequestOpen {
			return store.Request{}, nil
		}
		return q, err
	})
}

// Reopen opens requests again whose answer did not reach its person, and tells who wrote
// it, in all their chats.
func (j *Jobs) Reopen(ctx context.Context) error {
	return j.DB.Change(ctx, func(tx *store.Tx) error {
		list, err := tx.ReopenUnsent(ctx)
		for _, q := range list {
			var chats []store.PersonChat
			if err == nil {
				chats, err = tx.ChatsOf(ctx, q.Officer)
			}
			for _, c := range chats {
				if err == nil {
					err = tellChat(ctx, tx, c.Chat, bot.Wish{Flow: "request_back", Arg: strconv.FormatInt(q.ID, 10)})
				}
			}
		}
		return err
	})
}
