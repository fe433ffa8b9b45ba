package bottest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"lensan/bot"
	"lensan/bot/web"
)

// onWeb plays transcripts on the web chat, as its page would.
type onWeb struct {
	p      *player
	c      *web.Channel
	url    string
	people []string
	made   map[string][]byte  // the body of each delivery, for a repetition
	turn   map[bot.Chat]int64 // the last that was taken
}

func newOnWeb(p *player) *onWeb {
	o := &onWeb{p: p, made: map[string][]byte{}, turn: map[bot.Chat]int64{}}
	o.c = web.New(web.Config{Secret: []byte(rand.Text()), History: p.db, Files: &folder{files: map[string][]byte{}},
		Texts: func(lang, id string) string { s, _ := p.w.Texts.Text(lang, id, nil); return s }})
	p.t.Cleanup(o.c.Close)
	o.url = p.webhook(func(b *bot.Bot) http.Handler {
		mux := http.NewServeMux()
		o.c.Routes(mux, b.Webhook(o.c))
		return mux
	})
	return o
}

func (o *onWeb) channel() bot.Channel { return o.c }

func (o *onWeb) chat(who string) bot.Chat {
	if !slices.Contains(o.people, who) {
		o.people = append(o.people, who)
	}
	return bot.Chat{Channel: "web", ID: who}
}

// block has nothing to do: who is away finds on the page what was said.
func (o *onWeb) block(bot.Chat) {}

func (o *onWeb) post(m bot.Message) bool {
	body, again := o.made[m.Delivery]
	if !again {
		if body = o.body(m); body == nil {
			return o.p.handed(m)
		}
		o.made[m.Delivery] = body
	}
	resp := o.do(m.Chat, http.MethodPost, "/chat/messages", "application/json", body)
	resp.Body.Close()
	return o.p.delivered(resp.StatusCode)
}

// body is what the page posts; nil: it has no way to.
func (o *onWeb) body(m bot.Message) []byte {
	post := map[string]any{"id": "d-" + m.Delivery, "lang": m.Lang}
	switch m.Kind {
	case bot.KindText:
		if bot.Clean(m.Text) == "" { // the page sends nothing
			return nil
		}
		post["text"] = m.Text
	case bot.KindTap:
		if _, ok := o.p.drawn(m); !ok {
			o.p.t.Errorf("there is no button %q on the page", m.Text)
		}
		post["tap"], post["label"] = m.Data, m.Text
	case bot.KindStart:
		post["start"] = m.Data
	case bot.KindPhoto:
		post["photo"], post["text"] = o.upload(m.Chat, "/chat/photo", "image/jpeg", []byte("\xff\xd8\xff photo "+m.Delivery)), m.Text
		if m.Album != "" {
			post["album"] = m.Album
		}
	case bot.KindFile:
		name, content := o.p.document(m)
		post["file"] = o.upload(m.Chat, "/chat/document?name="+url.QueryEscape(name), "", content)
		post["name"], post["text"] = name, m.Text
	default:
		return nil
	}
	body, err := json.Marshal(post)
	if err != nil {
		o.p.t.Fatal(err)
	}
	return body
}

// upload uploads a file and returns its id.
func (o *onWeb) upload(chat bot.Chat, path, contentType string, content []byte) string {
	resp := o.do(chat, http.MethodPost, path, contentType, content)
	defer resp.Body.Close()
	var kept struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&kept); err != nil {
		o.p.t.Fatalf("%s: status %d, %v", path, resp.StatusCode, err)
	}
	return kept.ID
}

// do makes a request as the person's browser.
func (o *onWeb) do(chat bot.Chat, method, path, contentType string, body []byte) *http.Response {
	r, err := http.NewRequestWithContext(o.p.t.Context(), method, o.url+path, bytes.NewReader(body))
	if err != nil {
		o.p.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.AddCookie(o.c.Cookie(chat.ID))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		o.p.t.Fatal(err)
	}
	return resp
}

// take reads the page's stream up to the end of the past. A turn's replies are
// shown as one, as other channels send them; the page has no button for a number.
func (o *onWeb) take() []shown {
	var all []shown
	for _, who := range o.people {
		chat := o.chat(who)
		resp := o.do(chat, http.MethodGet, fmt.Sprintf("/chat/events?after=%d", o.turn[chat]), "", nil)
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() && lines.Text() != "event: ready" {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var past struct {
				Turn    int64
				Replies []struct {
					Text    string
					Options []bot.Option
					File    *bot.Attachment
				}
			}
			if err := json.Unmarshal([]byte(data), &past); err != nil {
				o.p.t.Fatalf("%s: %v", data, err)
			}
			o.turn[chat] = past.Turn
			var r bot.Reply
			for _, part := range past.Replies {
				r.Text += "\n" + part.Text
				r.Options = append(r.Options, part.Options...)
				if part.File != nil {
					r.File = part.File
				}
			}
			if len(past.Replies) > 0 {
				all = append(all, shown{chat, r})
			}
		}
		resp.Body.Close()
	}
	return all
}

// folder keeps files in memory.
type folder struct {
	mu    sync.Mutex
	files map[string][]byte
}

// Put stores a file.
func (f *folder) Put(_ context.Context, name, _ string, r io.Reader) error {
	content, err := io.ReadAll(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[name] = content
	return err
}

// Get opens a file.
func (f *folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, ok := f.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}
