package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"lensan/bot"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

type chatCmd struct {
	As         string `placeholder:"NAME" help:"Go on with the conversation of this name (default: a new one)."`
	Transcript bool   `help:"Print at the end what was said, in the form of flows/testdata."`
}

// Run talks with whoever types, one line after the other:
//
//	words                     are sent as they are
//	[label], [2]              presses a button
//	(ảnh) (vị trí) (ghi âm)   sends a photo, a place, a voice message
//
// The engine is the real one, on the configured Postgres or a private one, and
// without Redis.
func (c *chatCmd) Run(ctx context.Context, p *program) (err error) {
	config, err := loadConfig(p.environ)
	if err != nil {
		return err
	}
	db, done, err := openDatabase(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if config.Demo() {
		err = errors.Join(db.Migrate(ctx), db.LoadSample(ctx))
	} else {
		err = db.Ready(ctx)
	}
	if err != nil {
		return err
	}
	if c.As == "" {
		c.As = rand.Text()
	}
	t := &terminal{out: p.out, chat: bot.Chat{Channel: "terminal", ID: c.As}}
	spool, err := os.MkdirTemp("", "lensan-chat-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(spool)) }()
	engine, err := newChat(config, db, t, spool, newLog(p.err, slog.LevelWarn))
	if err != nil {
		return err
	}
	engine.Start(context.WithoutCancel(ctx))
	defer engine.Stop()

	in, typed := p.in.(*os.File)
	typed = typed && isTerminal(in)
	if err := t.talk(ctx, engine, p.in, typed); err != nil {
		return err
	}
	if c.Transcript {
		_, err = fmt.Fprintf(p.out, "\n----\n\n%s\n", strings.TrimSpace(t.said.String()))
	}
	return err
}

// newChat makes a bot that talks in the terminal alone.
func newChat(c Config, db *store.DB, t *terminal, spool string, log *slog.Logger) (*bot.Bot, error) {
	content, err := locales.LoadContent(c.Content)
	if err != nil {
		return nil, err
	}
	texts, err := locales.Load()
	if err != nil {
		return nil, err
	}
	script, err := flows.New(flows.Config{DB: db, Content: func() *locales.Content { return content }, Demo: c.Demo()})
	if err != nil {
		return nil, err
	}
	return bot.New(bot.Config{
		Channels: []bot.Channel{t}, Script: script, Texts: texts, Inbox: db, Journal: db, Outbox: db,
		SpoolDir: spool, Now: db.Now, Log: log, Workers: 2, Senders: 2,
	})
}

// terminal is the channel of `lensan chat`.
type terminal struct {
	chat bot.Chat

	mu      sync.Mutex
	out     io.Writer
	said    strings.Builder // the transcript
	options []bot.Option    // that were shown, the last ones last
	replies int
}

var _ bot.Channel = (*terminal)(nil)

// Name is "terminal".
func (t *terminal) Name() string { return t.chat.Channel }

// Read reads nothing: a terminal has no webhook.
func (t *terminal) Read(*http.Request) ([]bot.Message, error) { return nil, bot.ErrForged }

// Can tells what transcripts are played with, so that what is printed here can
// be kept as one.
func (t *terminal) Can() bot.Abilities {
	return bot.Abilities{Buttons: 24, Label: 64, Text: 4096, Count: utf8.RuneCountInString, Contact: true,
		Carries: func(bot.Attachment) bool { return true }}
}

// Send prints a reply as transcripts write it.
func (t *terminal) Send(_ context.Context, chat bot.Chat, r bot.Reply) error {
	if chat != t.chat {
		return bot.ErrGone // of an earlier terminal, which is closed
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.replies++
	var b strings.Builder
	if f := r.File; f != nil {
		word := "tệp"
		if strings.HasPrefix(f.Type, "image/") {
			word = "ảnh"
		}
		fmt.Fprintf(&b, "(%s %s)\n", word, f.Name)
	}
	if r.Text != "" {
		fmt.Fprintln(&b, r.Text)
	}
	var buttons []string
	for _, o := range r.Options {
		buttons = append(buttons, "["+o.Title()+"]")
	}
	if len(buttons) > 0 {
		fmt.Fprintln(&b, "    "+strings.Join(buttons, " "))
		t.options = append(t.options, r.Options...)
	}
	if r.Contact != "" {
		fmt.Fprintln(&b, "    ["+r.Contact+"]")
	}
	t.print(b.String() + "\n")
	return nil
}

// print writes to the terminal and to the transcript.
func (t *terminal) print(s string) {
	fmt.Fprint(t.out, s)
	t.said.WriteString(s)
}

// opened is how transcripts write that the chat was opened.
const opened = "(bắt đầu)"

// talk sends each line and waits for what the bot says to it. A person who types
// is greeted and asked for the next line; lines from a file are repeated.
func (t *terminal) talk(ctx context.Context, engine *bot.Bot, in io.Reader, typed bool) error {
	if typed {
		if err := t.send(ctx, engine, opened, false); err != nil {
			return err
		}
	}
	lines := make(chan string)
	go func() { // reading a terminal cannot be interrupted, so it is left behind
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case lines <- strings.TrimSpace(s.Text()):
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		if typed {
			fmt.Fprint(t.out, "> ")
		}
		select {
		case line, more := <-lines:
			if !more {
				return nil
			}
			if line == "" {
				continue
			}
			if err := t.send(ctx, engine, line, !typed); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// send posts a line and waits until the bot has answered.
func (t *terminal) send(ctx context.Context, engine *bot.Bot, line string, show bool) error {
	m, err := t.message(line)
	if err != nil {
		fmt.Fprintln(t.out, err)
		return nil
	}
	t.mu.Lock()
	if fmt.Fprintf(&t.said, "> %s\n", line); show {
		fmt.Fprintf(t.out, "> %s\n", line)
	}
	before := t.replies
	t.mu.Unlock()
	if err := engine.Receive(ctx, m); err != nil {
		return err
	}
	// A photo is answered a moment later: more may follow.
	for waited := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		t.mu.Lock()
		answered := t.replies > before
		t.mu.Unlock()
		if engine.Idle() && (answered || m.Kind != bot.KindPhoto || time.Since(waited) > 3*time.Second) || ctx.Err() != nil {
			return nil
		}
	}
}

// message is what a line sends.
func (t *terminal) message(line string) (bot.Message, error) {
	m := bot.Message{Chat: t.chat, Delivery: rand.Text()}
	switch {
	case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
		label := line[1 : len(line)-1]
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, o := range slices.Backward(t.options) {
			if o.Title() == label || strings.EqualFold(o.Label, label) || o.Number != "" && o.Number == label {
				m.Kind, m.Data, m.Text = bot.KindTap, o.Data, o.Label
				return m, nil
			}
		}
		return m, fmt.Errorf("lensan: no button %q was shown", label)
	case line == opened:
		m.Kind = bot.KindStart
	case line == "(ảnh)":
		m.Kind, m.Files = bot.KindPhoto, []bot.File{{Channel: t.Name(), ID: "photo-" + strconv.Itoa(t.replies), Type: "image/jpeg"}}
	case line == "(vị trí)":
		m.Kind, m.Place = bot.KindLocation, &bot.Location{Latitude: 22.5, Longitude: 104}
	case line == "(ghi âm)":
		m.Kind = bot.KindVoice
	default:
		m.Kind, m.Text = bot.KindText, bot.Clean(line)
	}
	return m, nil
}
