package bottest

import (
	"bytes"
	"context"
	"io"
	"math"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"lensan/bot"
)

// stage is the channel transcripts are played on: it shows what was said. It has
// buttons enough for every question; on real channels [PlayOn] plays them.
type stage struct {
	name  string
	whole bool // it shows every message as one, whatever its length
	file  func(name string) ([]byte, error)

	mu      sync.Mutex
	shown   []shown
	said    []bot.Reply // all
	blocked map[bot.Chat]bool
}

type shown struct {
	chat  bot.Chat
	reply bot.Reply
}

// stages are the channels of a transcript that is not about any.
func stages(w World) map[string]platform {
	all := map[string]platform{}
	for _, name := range []string{"telegram", "web", "zalo"} {
		all[name] = &stage{name: name, whole: w.loose, file: w.File, blocked: map[bot.Chat]bool{}}
	}
	return all
}

func (s *stage) channel() bot.Channel     { return s }
func (s *stage) chat(who string) bot.Chat { return bot.Chat{Channel: s.name, Account: "1", ID: who} }
func (s *stage) post(bot.Message) bool    { return false }
func (s *stage) block(chat bot.Chat)      { s.blocked[chat] = true }

func (s *stage) Name() string                              { return s.name }
func (s *stage) Read(*http.Request) ([]bot.Message, error) { return nil, nil }
func (s *stage) Can() bot.Abilities {
	can := bot.Abilities{Buttons: 24, Label: 64, Text: 4096, Count: utf8.RuneCountInString, Contact: true,
		Carries: func(bot.Attachment) bool { return true }}
	if s.whole {
		can.Buttons, can.Label, can.Text = math.MaxInt, math.MaxInt, math.MaxInt
	}
	return can
}

// Fetch opens a document, whose id is its name. Photos are gone.
func (s *stage) Fetch(_ context.Context, f bot.File) (io.ReadCloser, error) {
	if f.Channel != s.name || f.Name == "" {
		return nil, bot.ErrGone
	}
	content, err := s.file(f.ID)
	return io.NopCloser(bytes.NewReader(content)), err
}

// fileLine is how a transcript writes a file that the bot sends.
func fileLine(a bot.Attachment) string {
	if strings.HasPrefix(a.Type, "image/") {
		return "(ảnh " + a.Name + ")"
	}
	return "(tệp " + a.Name + ")"
}

func (s *stage) Send(_ context.Context, chat bot.Chat, r bot.Reply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blocked[chat] {
		return bot.ErrGone
	}
	s.shown, s.said = append(s.shown, shown{chat, r}), append(s.said, r)
	return nil
}

// take returns what was shown since it was last called.
func (s *stage) take() []shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.shown
	s.shown = nil
	return all
}

// watched is the journal of a player that counts the turns that failed. They are
// committed here: a transaction that failed is rolled back.
type watched struct {
	bot.Journal
	failures *atomic.Int64
}

func (w watched) Commit(ctx context.Context, t bot.Turn) (bot.Committed, error) {
	if t.Outcome == bot.Failed {
		w.failures.Add(1)
	}
	return w.Journal.Commit(ctx, t)
}

// crash ends what a process is doing at a moment of a turn, once, as kill -9
// would: nothing after the moment happens.
type crash struct {
	at      atomic.Value // string: the moment, or ""
	crashed atomic.Bool
}

func (c *crash) moment(name string) func() {
	return func() {
		if c.at.CompareAndSwap(name, "") {
			c.crashed.Store(true)
			runtime.Goexit()
		}
	}
}

func (c *crash) moments() bot.Moments {
	return bot.Moments{
		BeforeCommit: c.moment("before commit"), AfterCommit: c.moment("after commit"),
		BeforeSent: c.moment("before sent"), AfterSent: c.moment("after sent"),
	}
}
