package bottest

import (
	"fmt"
	"net/http"
	"strings"

	"lensan/bot"
	"lensan/bot/telegram"
)

// onTelegram plays transcripts on Telegram.
type onTelegram struct {
	p       *player
	c       *telegram.Channel
	fake    *Telegram
	webhook string
	made    map[string]TelegramUpdate // of each delivery, for a repetition
	calls   int                       // looked at
	seen    map[int64]int             // messages taken
}

func newOnTelegram(p *player) *onTelegram {
	o := &onTelegram{p: p, fake: NewTelegram(p.t), made: map[string]TelegramUpdate{}, seen: map[int64]int{}}
	c, err := telegram.New(telegram.Config{Token: o.fake.Token, Secret: o.fake.Secret, APIURL: o.fake.URL, Open: p.open})
	if err != nil {
		p.t.Fatal(err)
	}
	o.c = c
	o.webhook = p.webhook(func(b *bot.Bot) http.Handler { return b.Webhook(c) })
	return o
}

func (o *onTelegram) channel() bot.Channel { return o.c }

func (o *onTelegram) chat(who string) bot.Chat {
	return bot.Chat{Channel: "telegram", Account: "110201543", ID: fmt.Sprint(5550000000 + numbered(who))}
}

func (o *onTelegram) block(chat bot.Chat) { o.fake.Blocked(chatNumber(chat.ID)) }

func (o *onTelegram) post(m bot.Message) bool {
	u, again := o.made[m.Delivery]
	if !again {
		if u = o.update(m); u == nil {
			return o.p.handed(m)
		}
		o.made[m.Delivery] = u
		for _, part := range u {
			about, ok := part.(map[string]any)
			if !ok {
				continue
			}
			if from, ok := about["from"].(map[string]any); ok && m.Lang != "" {
				from["language_code"] = m.Lang
			}
			if about["date"] != nil {
				about["date"] = o.p.db.Now().Unix()
			}
		}
	}
	return o.p.delivered(o.fake.Post(o.p.t, o.webhook, u))
}

func (o *onTelegram) update(m bot.Message) TelegramUpdate {
	id := chatNumber(m.Chat.ID)
	switch m.Kind {
	case bot.KindText:
		return o.fake.Text(id, m.Text)
	case bot.KindTap:
		data, ok := o.p.drawn(m)
		switch {
		case !ok:
			o.p.t.Errorf("there is no button %q on Telegram", m.Text)
		case data == "": // a key of the text keyboard sends its label
			return o.fake.Text(id, m.Text)
		}
		return o.fake.Tap(id, data)
	case bot.KindStart:
		return o.fake.Start(id, m.Data)
	case bot.KindPhoto:
		u := o.fake.Photo(id, m.Text, []byte("\xff\xd8\xff photo "+m.Delivery))
		if m.Album != "" {
			o.fake.Album(m.Album, u)
		}
		return u
	case bot.KindContact:
		owner := id
		if m.Phone == "" {
			owner, m.Phone = id+1, "+84987654321"
		}
		return o.fake.Contact(id, m.Phone, owner)
	case bot.KindLocation:
		return o.fake.Location(id, m.Place.Latitude, m.Place.Longitude)
	case bot.KindVoice:
		return o.fake.Voice(id, []byte("voice"))
	case bot.KindFile:
		name, content := o.p.document(m)
		return o.fake.Document(id, m.Text, name, content)
	case bot.KindOther:
		return o.fake.Sticker(id)
	case bot.KindEdited:
		return o.fake.Edited(id, m.Text)
	case bot.KindBlocked:
		return o.fake.Blocked(id)
	case bot.KindUnblocked:
		return o.fake.Unblocked(id)
	}
	return nil
}

func (o *onTelegram) take() []shown {
	var all []shown
	calls := o.fake.Calls()
	for _, c := range calls[o.calls:] {
		if !strings.HasPrefix(c.Method, "send") {
			continue
		}
		id := chatNumber(c.Params["chat_id"])
		chat := bot.Chat{Channel: "telegram", Account: "110201543", ID: fmt.Sprint(id)}
		all = append(all, shown{chat, o.fake.Sent(id)[o.seen[id]]})
		o.seen[id]++
	}
	o.calls = len(calls)
	return all
}
