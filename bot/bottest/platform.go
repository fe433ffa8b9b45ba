package bottest

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"lensan/bot"
)

// platform is what a transcript is played on: a channel and its other side.
type platform interface {
	channel() bot.Channel
	// chat is the chat of somebody in the transcript.
	chat(who string) bot.Chat
	// post does what a person does, in the platform's own way; the same delivery
	// is a repetition. False: nobody can do it there, and it is handed to the bot.
	post(bot.Message) bool
	// block makes somebody unreachable, without an event.
	block(bot.Chat)
	// take is what people saw since it was last called.
	take() []shown
}

// PlayOn plays a transcript on every real channel, each against its fake
// platform or page: what the person does becomes the platform's own requests,
// and what the platform shows is compared with the transcript, without space and
// without regard to what is a button and what a numbered line. A transcript that
// says itself who is where is played so, once.
func PlayOn(t *testing.T, file string, w func(*testing.T) World) {
	t.Helper()
	script := read(t, file)
	channels := []string{"telegram", "web", "zalo"}
	if slices.ContainsFunc(script, func(l string) bool { return strings.HasPrefix(l, "! as ") }) {
		channels = channels[:1]
	}
	for _, channel := range channels {
		t.Run(channel, func(t *testing.T) {
			p := newPlayer(t, w(t), channel)
			want, got := p.flat(script), p.flat(p.played(script))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the bot says something else (- as written, + as played):\n%s", diff)
			}
		})
	}
}

// realPlatforms are all channels, each with its other side.
func realPlatforms(p *player) map[string]platform {
	return map[string]platform{"telegram": newOnTelegram(p), "web": newOnWeb(p), "zalo": newOnZalo(p)}
}

// role is the channel on which the part of another is played.
func (p *player) role(channel string) string {
	switch {
	case p.on == "":
		return channel
	case channel == "telegram":
		return p.on
	case channel == p.on:
		return "telegram"
	}
	return channel
}

// person is the chat of somebody in the transcript.
func (p *player) person(who, channel string) bot.Chat {
	chat := p.platforms[p.role(channel)].chat(who)
	p.names[chat] = who + "@" + channel
	return chat
}

// document is what is in a document that somebody sends.
func (p *player) document(m bot.Message) (name string, content []byte) {
	name = m.Files[0].Name
	content, err := p.w.File(name)
	if err != nil {
		p.t.Fatal(err)
	}
	return name, content
}

// numbered makes a number of a name, for platforms whose ids are numbers. They
// stand in the order of the names.
func numbered(who string) int64 {
	var n int64
	for i := range 6 {
		n *= 37
		if i < len(who) {
			n += int64(strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyz", who[i]) + 1)
		}
	}
	return n
}

// named writes the chats in a look at the records as a stage has them.
func (p *player) named(rows []string) []string {
	for chat, name := range p.names {
		who, channel, _ := strings.Cut(name, "@")
		for i := range rows {
			rows[i] = strings.ReplaceAll(rows[i], chat.String(), bot.Chat{Channel: channel, Account: "1", ID: who}.String())
		}
	}
	return rows
}

// Picture is what every file that is sent has in it: an image of 40,000 bytes.
func Picture(context.Context, string) (io.ReadCloser, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 80, 60)), nil); err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(append(b.Bytes(), make([]byte, 40_000-b.Len())...))), nil
}

// open opens a file that is sent: one the bot made, or else a [Picture].
func (p *player) open(ctx context.Context, key string) (io.ReadCloser, error) {
	if p.w.Made != nil {
		if file, err := p.w.Made(ctx, key); err == nil {
			return file, nil
		}
	}
	return Picture(ctx, key)
}

// handed notes that a platform has no way to do this.
func (p *player) handed(m bot.Message) bool {
	p.t.Logf("%s has no way to send a message of the kind %s: it is handed to the bot", m.Chat.Channel, m.Kind)
	return false
}

// webhook is a server for the requests of a platform, to the bot of the moment.
func (p *player) webhook(handler func(*bot.Bot) http.Handler) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(p.serving.Load()).ServeHTTP(w, r)
	}))
	p.t.Cleanup(server.Close)
	return server.URL
}

// delivered checks a webhook's answer.
func (p *player) delivered(status int) bool {
	if status != http.StatusOK {
		p.t.Fatalf("the webhook answers %d", status)
	}
	return true
}

// flat is a transcript in the form in which channels are compared: each answer
// is one line without space and brackets, and without what the channel cannot
// show.
func (p *player) flat(script []string) []string {
	var contact []string // the line of the button that sends a number
	for _, lang := range []string{"vi", "en"} {
		label, err := p.w.Texts.Text(lang, "bot.contact_button", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		contact = append(contact, "    ["+label+"]")
	}
	channel := p.on // where the person of the moment is
	var out []string
	answer := ""
	flush := func() {
		if half := answer[:len(answer)/2]; channel == "web" && answer == half+half {
			answer = half // the page shows nothing twice, whoever crashed
		}
		if answer != "" {
			out = append(out, answer)
		}
		answer = ""
	}
	for _, l := range script {
		switch {
		case l != "" && strings.ContainsAny(l[:1], "#>!="):
			flush()
			out = append(out, l)
			if at, ok := strings.CutPrefix(l, "! as "); ok {
				_, channel, _ = strings.Cut(at, "@")
				channel = p.role(channel)
			}
		case p.platforms[channel].channel().Can().Contact || !slices.Contains(contact, l):
			answer += strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) || r == '[' || r == ']' {
					return -1
				}
				return r
			}, l)
		}
	}
	flush()
	return out
}
