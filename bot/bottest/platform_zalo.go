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
	people  []string             // by number
	made    map[string]ZaloEvent // of each delivery, for a repetition
	albums  map[string]int       // photos so far
	told    map[string]string    // languages the bot was told
	seen    map[string]int       // messages taken
}

func newOnZalo(p *player) *onZalo {
	o := &onZalo{p: p, fake: NewZalo(p.t), made: map[string]ZaloEvent{}, albums: map[string]int{}, told: map[string]string{}, seen: map[string]int{}}
	o.fake.Now = p.db.Now
	c, err := zalo.New(zalo.Config{
		AppID: o.fake.AppID, AppSecret: o.fake.AppSecret, OASecret: o.fake.OASecret,
		APIURL: o.fake.URL, OAuthURL: o.fake.OAuthURL, TemplateURL: o.fake.TemplateURL,
		Tokens: o.fake, Open: Picture, ContactImage: "https://example.vn/contact.png", Now: p.db.Now,
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
	n := slices.Index(o.people, who)
	if n < 0 {
		n = len(o.people)
		o.people = append(o.people, who)
	}
	return bot.Chat{Channel: "zalo", Account: o.fake.OAID, ID: fmt.Sprintf("40000000000000000%02d", n)}
}

func (o *onZalo) block(chat bot.Chat) { o.fake.Block(chat.ID) }

func (o *onZalo) post(m bot.Message) bool {
	e, again := o.made[m.Delivery]
	if again {
		e = e.Again()
	} else if told := o.told[m.Chat.ID]; m.Lang != told { // Zalo does not tell the language of the app
		o.told[m.Chat.ID] = m.Lang
		o.fake.Wrote(m.Chat.ID, o.p.db.Now())
		return o.p.handed(m)
	} else if e = o.event(m); e.Name == "" {
		return o.p.handed(m)
	}
	o.made[m.Delivery] = e
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
	for _, who := range o.people {
		chat := o.chat(who)
		sent := o.fake.Sent(chat.ID)
		for _, r := range sent[o.seen[chat.ID]:] {
			var lines strings.Builder
			options := slices.Clone(r.Options)
			for i, b := range options {
				lines.WriteString("\n" + b.Label)
				options[i].Data = strings.TrimPrefix(b.Data, "#")
			}
			text, ok := strings.CutSuffix(r.Text, strings.TrimPrefix(lines.String(), "\n"))
			if !ok {
				o.p.t.Errorf("the buttons %s are not told in the text too:\n%s", lines.String(), r.Text)
			}
			r.Text, r.Options = strings.TrimSuffix(text, "\n"), options
			if r.Contact != "" {
				r.Text = ""
			}
			all = append(all, shown{chat, r})
		}
		o.seen[chat.ID] = len(sent)
	}
	return all
}
