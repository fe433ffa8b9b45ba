package flows_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/telegram"
	"lensan/bot/web"
	"lensan/bot/zalo"
	"lensan/locales"
)

// longest is the longest value of each variable of the texts, in letters that
// count double. What is not here has one form only, or is no text.
var longest = map[string]string{
	"name": wide(200), "text": wide(1000), "made_of": wide(500), "origin": wide(300), "packaging": wide(300), "story": wide(2000),
	"group": wide(60), "place": wide(60), "papers": wide(300), "price": wide(60), "yearly": wide(60), "what": wide(120), "talk": wide(200),
	"question": wide(60), "wish": wide(120), "products": strings.Repeat(wide(200)+", ", 40), "producers": strings.Repeat(wide(200)+", ", 5),
	"office": wide(200), "address": wide(200), "purpose": wide(500), "readers": wide(200), "shared": wide(200), "channels": wide(60),
	"channel": wide(30), "initial": wide(2), "role": wide(160), "who": wide(160), "act": wide(80), "lines": strings.Repeat(wide(250)+"\n", 8),
	"product": wide(200), "paper": wide(200), "missing": wide(80), "decision": wide(200), "said": wide(120), "contact": wide(120), "person": wide(120), "other": wide(200), "to": wide(120), "producer": wide(200), "links": "https://" + strings.Repeat("x", 200), "into": "CT-000002", "places": wide(120),
	"field": wide(40), "counts": wide(120), "sheet": wide(31), "file": wide(120), "cell": "AB200000", "reason": wide(500), "columns": wide(40),
}

// forms are values of one form, for texts on their own.
var forms = map[string]any{
	"code": "SP-000001", "receipt": "XOA-ABCDEFGH", "number": "0912345678", "phone": "0214 0000 000", "called": "0912345678",
	"kind": "household", "state": "certified", "n": 40, "max": 10_000_000.25, "days": 30, "years": 3, "minutes": 15, "photos": 20, "files": 500,
	"requests": 100, "messages": 100_000, "here": 40, "there": 40, "hours": locales.Hours{}, "at": time.Now(), "next": time.Now(),
	"updated": time.Now(), "seen": time.Now(), "consent": time.Now(), "reminders": true, "mine": true, "open": false,
	"stars": 4, "decided": "2024-12-31", "ends": "2027-12-31", "last": "2026-11-22", "rung": true, "more": 40, "many": true, "expiry": true, "from": 8, "verified": true, "count": 40,
	"until": time.Now(), "since": time.Now(), "city": false, "known": true, "part": "from",
	"letter": "AB", "before": time.Now(), "row": 200_000, "rows": 200_000, "added": 200_000, "changed": 200_000, "unchanged": 200_000,
	"incomplete": 200_000, "refused": 200_000, "digits": true,
}

func wide(n int) string { return strings.TrimSpace(strings.Repeat("🌾ữ ", n/3+1)) }

// speech says every text in one language, its values as they are or as long as
// they can be.
type speech struct {
	*locales.Texts
	lang string
	long bool
	t    *testing.T
}

func (s speech) Text(_, id string, vars map[string]any) (string, error) {
	if s.long {
		vars = maps.Clone(vars)
		for name, v := range vars {
			if _, text := v.(string); !text || v == "" {
				continue
			}
			if l, ok := longest[name]; ok {
				vars[name] = l
			} else if forms[name] == nil {
				s.t.Errorf("%s: how long can %s be?", id, name)
			}
		}
	}
	return s.Texts.Text(s.lang, id, vars)
}

// TestLimits: nothing any conversation says breaks a limit of any channel: all
// transcripts, in English, and in Vietnamese with values as long as they can be,
// and every text by itself in both, sent to platforms that check. The transcripts
// as they are written are sent so by [TestTranscriptsOnChannels].
func TestLimits(t *testing.T) {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bot.Reply{}
	for _, r := range conversations(t, texts) {
		key, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		all[string(key)] = r
	}
	if len(all) < 200 {
		t.Errorf("only %d messages", len(all))
	}
	for _, r := range single(t, texts) {
		all[r.ID+r.Text] = r
	}
	channels := checked(t)
	var some errgroup.Group
	some.SetLimit(8)
	for _, r := range all {
		some.Go(func() error {
			for chat, c := range channels {
				sendWhole(t, c, chat, r)
			}
			return nil
		})
	}
	_ = some.Wait()
}

// conversations are the messages of all transcripts.
func conversations(t *testing.T, texts *locales.Texts) []bot.Reply {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts in testdata", err)
	}
	var mu sync.Mutex
	var all []bot.Reply
	var some errgroup.Group
	some.SetLimit(8)
	for _, in := range []speech{{texts, "en", false, nil}, {texts, "vi", true, nil}} {
		for _, file := range files {
			some.Go(func() error {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+in.lang, func(t *testing.T) {
					w := onChannels(t)
					w.Texts = speech{texts, in.lang, in.long, t}
					said := bottest.Said(t, file, w)
					for i, r := range said {
						if r.File != nil { // the platforms here open a picture
							said[i].File = &bot.Attachment{Key: r.File.Key, Name: r.File.Name, Type: r.File.Type, Size: 40_000}
						}
					}
					mu.Lock()
					defer mu.Unlock()
					all = append(all, said...)
				})
				return nil
			})
		}
	}
	_ = some.Wait()
	return all
}

// single are all texts by themselves, as long as they can be, with what may
// stand below.
func single(t *testing.T, texts *locales.Texts) []bot.Reply {
	vars := map[string]any{}
	maps.Copy(vars, forms)
	for name, v := range longest {
		vars[name] = v
	}
	var all []bot.Reply
	for _, lang := range texts.Langs() {
		contact, err := texts.Text(lang, "bot.contact_button", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range texts.IDs() {
			text, err := texts.Text(lang, id, vars)
			if err != nil {
				t.Errorf("give forms or longest the value: %v", err)
				continue
			}
			label := bot.Option{Number: "24", Label: text, Data: "a2147483647." + strings.Repeat("x", 52)}
			all = append(all, bot.Reply{ID: lang + id, Text: text, Contact: contact},
				bot.Reply{ID: lang + id, Text: text, Options: []bot.Option{label}, Contact: contact})
		}
	}
	return all
}

// checked are all channels with platforms that check what is sent.
func checked(t *testing.T) map[bot.Chat]bot.Channel {
	onTelegram := bottest.NewTelegram(t)
	tg, err := telegram.New(telegram.Config{Token: onTelegram.Token, Secret: onTelegram.Secret, APIURL: onTelegram.URL, Open: bottest.Picture})
	if err != nil {
		t.Fatal(err)
	}
	onZalo := bottest.NewZalo(t)
	z, err := zalo.New(zalo.Config{AppID: onZalo.AppID, OASecret: onZalo.OASecret, APIURL: onZalo.URL, TemplateURL: onZalo.TemplateURL,
		Tokens: onZalo, Open: bottest.Picture, ContactImage: "https://example.vn/contact.png"})
	if err != nil {
		t.Fatal(err)
	}
	const person = "4000000000000000001"
	onZalo.Follow(person)
	return map[bot.Chat]bot.Channel{
		{Channel: "telegram", Account: "110201543", ID: "5550001"}: tg,
		{Channel: "zalo", Account: onZalo.OAID, ID: person}:        z,
		{Channel: "web", ID: "may"}:                                web.New(web.Config{Secret: []byte("a secret of these tests")}),
	}
}

// sendWhole sends all parts of a message, and looks at what no platform checks.
func sendWhole(t *testing.T, c bot.Channel, chat bot.Chat, r bot.Reply) {
	can := c.Can()
	for _, part := range bot.Parts(r, can) {
		part.Unasked = nil
		if err := c.Send(t.Context(), chat, part); err != nil {
			t.Errorf("%s: %s: %v", c.Name(), r.ID, err)
		}
		long := slices.ContainsFunc(part.Options, func(o bot.Option) bool { return can.Count(o.Title()) > can.Label || len(o.Data) > 64 })
		if can.Count(part.Text) > can.Text || len(part.Options) > can.Buttons || long || part.Contact != "" && !can.Contact {
			t.Errorf("%s: %s is past a limit: %.200s", c.Name(), r.ID, part.Text)
		}
	}
}
