// Package web is the web chat channel: a page at /chat for people who have
// neither Zalo nor Telegram, and for trying the bot out.
//
// What a person sends is posted as JSON and stored like any webhook
// (read.go). What the bot says is read from the chat's journal and streamed as
// server-sent events whose id is the turn (events.go), so the page resumes
// where it was and nothing is lost or said twice. A photo or document is uploaded
// first and then named by a message (upload.go). Files of replies are fetched by turn
// (file.go). A person is whoever holds the chat's
// signed cookie (cookie.go).
package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"lensan/bot"
)

// Config is what the channel needs from the service.
type Config struct {
	Secret  []byte                       // key of the chat cookie, at least 16 bytes; the same on every replica
	History History                      // the journal the page reads
	Files   Files                        // where uploads, and files of replies, are kept
	Langs   []string                     // languages of the page, the first is the default; empty: vi and en
	Texts   func(lang, id string) string // the page's texts by their name in locales ("web.send")
	Demo    bool                         // the page says that its data are samples
	Secure  bool                         // the public address is https: the cookie goes nowhere else
}

// History is a chat's journal.
type History interface {
	// After returns the turns of the chat with a greater number than turn, in
	// order, at most limit of them.
	After(ctx context.Context, chat bot.Chat, turn int64, limit int) ([]bot.Past, error)
}

// Files keeps what people upload, by name. Names are relative paths with "/".
type Files interface {
	// Put stores a file; a name that exists is replaced.
	Put(ctx context.Context, name, contentType string, r io.Reader) error
	// Get opens a file. A missing one is an error that wraps fs.ErrNotExist.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
}

// Channel is the web chat. Its methods are safe for concurrent use.
type Channel struct {
	config  Config
	origin  *http.CrossOriginProtection
	streams *streams
	page    *page

	photos, documents chan struct{} // a place for every one held in memory

	poll, beat time.Duration // how often a stream looks at the journal, and says that it lives
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Fetcher = (*Channel)(nil)
)

// New makes the channel. It panics when the secret is too short to sign with.
func New(config Config) *Channel {
	if len(config.Secret) < 16 {
		panic("web: the secret of the chat cookie has fewer than 16 bytes")
	}
	if len(config.Langs) == 0 {
		config.Langs = []string{"vi", "en"}
	}
	return &Channel{
		config:  config,
		origin:  http.NewCrossOriginProtection(),
		streams: newStreams(),
		page:    newPage(),

		photos:    make(chan struct{}, maxUploads),
		documents: make(chan struct{}, maxDocuments),

		poll: time.Second,
		beat: 15 * time.Second,
	}
}

// Routes registers the page, its assets and its endpoints. Messages go to
// receive, the engine's webhook of this channel.
func (c *Channel) Routes(mux *http.ServeMux, receive http.Handler) {
	mux.HandleFunc("GET /chat", c.servePage)
	mux.HandleFunc("GET /chat/{asset}", c.page.serveAsset)
	mux.HandleFunc("GET /chat/events", c.serveEvents)
	mux.HandleFunc("GET /chat/file/{turn}/{reply}", c.serveFile)
	mux.HandleFunc("POST /chat/photo", c.servePhoto)
	mux.HandleFunc("POST /chat/document", c.serveDocument)
	mux.Handle("POST /chat/messages", receive)
}

// Close ends all streams, so that the server can stop; pages come back to
// another replica by themselves.
func (c *Channel) Close() { c.streams.close() }

// Name is "web".
func (c *Channel) Name() string { return "web" }

// Can tells what the page is able to show.
func (c *Channel) Can() bot.Abilities {
	return bot.Abilities{Buttons: 30, Label: 80, Text: 10000, Count: utf8.RuneCountInString,
		Carries: carries}
}

// Send wakes the chat's open pages. They read the reply itself from the
// journal, where it was committed before: it is neither lost nor doubled, and a
// person who is away finds it on coming back. Only a chat that no page can open
// is refused.
func (c *Channel) Send(_ context.Context, chat bot.Chat, _ bot.Reply) error {
	if chat.ID == "" || chat != (bot.Chat{Channel: c.Name(), ID: chat.ID}) {
		return errors.New("web: this chat is not one of this page")
	}
	c.streams.wake(chat)
	return nil
}
