package bottest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lensan/bot"
	"lensan/bot/zalo"
)

// onZalo plays transcripts on Zalo.
type onZalo struct {
	p       *player
	c       *zalo.Channel
	fake    *Zalo
	webhook string
	made    map[string]ZaloEvent // of each delivery, for a repetition
	albums  map[string]int       // photos so far
	told    map[string]string    // languages the bot was told
	calls   int                  // looked at
	seen    map[string]int       // messages taken
}

func newOnZalo(p *player) *onZalo {
	o := &onZalo{p: p, fake: NewZalo(p.t), made: map[string]ZaloEvent{}, albums: map[string]int{}, told: map[string]string{}, seen: map[string]int{}}
	o.fake.Now = p.db.Now
	c, err := zalo.New(zalo.Config{
		AppID: o.fake.AppID, AppSecret: o.fake.AppSecret, OASecret: o.fake.OASecret,
		APIURL: o.fake.URL, OAuthURL: o.fake.OAuthURL, TemplateURL: o.fake.TemplateURL,
		Tokens: o.fake, Open: p.open, ContactImage: "https://example.vn/contact.png", Now: p.db.Now,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	o.c = c
	o.webhook = p.webhook(func(b *bot.Bot) http.Handler { return b.Webhook(c) })
	o.fake.EchoTo(o.webhook)
	return o
}

func (o *onZalo) channel() bot.Channel { return o.c }

func (o *onZalo) chat(who string) bot.Chat {
	return bot.Chat{Channel: "zalo", Account: o.fake.OAID, ID: fmt.Sprint(4000000000000000000 + numbered(who))}
}

func (o *onZalo) block(chat bot.Chat) { o.fake.Block(chat.ID) }

func (o *onZalo) post(m bot.Message) bool {
	user := m.Chat.ID
	e, again := o.made[m.Delivery]
	switch {
	case again:
		e = e.Again()
	case m.Lang == o.told[user]:
		e = o.event(m)
	}
	o.made[m.Delivery] = e
	if e.Name == "" { // and Zalo does not tell the language of the app
		o.told[user] = m.Lang
		o.fake.Wrote(user, o.p.db.Now())
		return o.p.handed(m)
	}
	return o.p.delivered(o.fake.Post(o.webhook, e))
}

func (o *onZalo) event(m bot.Message) ZaloEvent {
	user := m.Chat.ID
	photo := []byte("\xff\xd8\xff photo " + m.Delivery)
	switch m.Kind {
	case bot.KindText:
		return o.fake.Text(user, m.Text)
	case bot.KindTap:
		if _, ok := o.p.drawn(m); !ok {
			o.p.t.Logf("Zalo draws no button %q: what it would send is typed", m.Text)
		}
		return o.fake.Text(user, "#"+m.Data)
	case bot.KindStart:
		if m.Data == "" {
			return o.fake.Follow(user)
		}
	case bot.KindPhoto:
		if m.Album == "" {
			return o.fake.Image(user, m.Text, photo)
		}
		o.albums[m.Album]++ // of how many is not known here, and of no use to us
		return o.fake.send(user, "image", attachments(o.fake.inAlbum(m.Album, o.albums[m.Album], o.albums[m.Album], photo)))
	case bot.KindContact:
		if m.Phone == "" {
			return o.fake.Card(user, "84987654321")
		}
		return o.fake.submit(user, m.Phone, fields{{"name", "Mẩy"}, {"phone", m.Phone}})
	case bot.KindLocation:
		return o.fake.Location(user, m.Place.Latitude, m.Place.Longitude, "")
	case bot.KindVoice:
		return o.fake.Audio(user, []byte("#!AMR voice"))
	case bot.KindFile:
		name, content := o.p.document(m)
		return o.fake.File(user, name, content)
	case bot.KindOther:
		return o.fake.Sticker(user)
	case bot.KindBlocked:
		return o.fake.Unfollow(user)
	case bot.KindUnblocked:
		return o.fake.Follow(user)
	case bot.KindWithdrawn:
		return o.fake.Withdraw(user)
	case bot.KindOperator:
		return o.fake.Operator(user, m.Text)
	}
	return ZaloEvent{}
}

// take leaves out the numbered lines above buttons that say the same, and the
// words above the form for a number that are its title.
func (o *onZalo) take() []shown {
	var all []shown
	calls := o.fake.Calls()
	for _, c := range calls[o.calls:] {
		if c.Error != 0 || !strings.HasSuffix(c.Path, "/message/cs") {
			continue
		}
		user := c.Body.(map[string]any)["recipient"].(map[string]any)["user_id"].(string)
		r := o.fake.Sent(user)[o.seen[user]]
		o.seen[user]++
		var lines strings.Builder
		r.Options = slices.Clone(r.Options)
		for i, b := range r.Options {
			lines.WriteString("\n" + b.Label)
			r.Options[i].Data = strings.TrimPrefix(b.Data, "#")
		}
		text, ok := strings.CutSuffix("\n"+r.Text, lines.String())
		if !ok {
			o.p.t.Errorf("the buttons %s are not told in the text too:\n%s", lines.String(), r.Text)
		}
		r.Text = strings.TrimPrefix(text, "\n")
		if r.Contact != "" {
			r.Text = ""
		}
		all = append(all, shown{bot.Chat{Channel: "zalo", Account: o.fake.OAID, ID: user}, r})
	}
	o.calls = len(calls)
	return all
}
