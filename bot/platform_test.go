package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"lensan/bot"
)

// wishes: "go FLOW ARG" asks for a flow, "perhaps FLOW" may do so.
func wishes(text string) []bot.Match {
	word, rest, _ := strings.Cut(text, " ")
	flow, arg, _ := strings.Cut(rest, " ")
	switch word {
	case "go":
		return []bot.Match{{Wish: bot.Wish{Flow: flow, Arg: arg}, Score: 1}}
	case "perhaps":
		return []bot.Match{{Wish: bot.Wish{Flow: flow, Arg: arg}, Score: 0.5}}
	}
	return nil
}

// texts say the id of a text and its values.
type texts struct{}

func (texts) Text(lang, id string, vars bot.Vars) (string, error) {
	if lang == "en" {
		id = "en:" + id
	}
	for _, k := range slices.Sorted(maps.Keys(vars)) {
		id += fmt.Sprintf(" %s=%v", k, vars[k])
	}
	return id, nil
}

// Has: there is a title for every flow, and nothing else that may be left out.
func (texts) Has(id string) bool { return strings.HasSuffix(id, ".title") }

// platform is a channel in the test's hand.
type platform struct {
	name    string
	text    int // longest
	carries func(bot.Attachment) bool
	refuse  func(chat bot.Chat, r bot.Reply, try int) error

	mu   sync.Mutex
	sent []arrived
	try  int
}

// arrived is what a chat was shown.
type arrived struct {
	Chat bot.Chat
	At   time.Time
	bot.Reply
}

func (p *platform) Name() string { return p.name }

func (p *platform) Can() bot.Abilities {
	return bot.Abilities{Buttons: 20, Label: 200, Text: p.text, Count: utf8.RuneCountInString, Contact: true, Carries: p.carries}
}

// Read takes a message as JSON; it is signed if the header says so.
func (p *platform) Read(r *http.Request) ([]bot.Message, error) {
	if r.Header.Get("Signed") != "yes" {
		return nil, bot.ErrForged
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bot.MaxBody+1))
	if len(body) > bot.MaxBody {
		return nil, bot.ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	var m bot.Message
	if json.Unmarshal(body, &m) != nil {
		return []bot.Message{{Chat: chatOf("unread"), Delivery: fmt.Sprintf("%x", body), Kind: bot.KindRaw, Raw: body}}, nil
	}
	return []bot.Message{m}, nil
}

func (p *platform) Send(_ context.Context, chat bot.Chat, r bot.Reply) error {
	p.mu.Lock()
	p.try++
	try := p.try
	p.mu.Unlock()
	if p.refuse != nil {
		if err := p.refuse(chat, r, try); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, arrived{chat, time.Now(), r})
	return nil
}

// tries is how often something was sent, arrived or not.
func (p *platform) tries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.try
}

// all is what a chat was shown; empty: every chat.
func (p *platform) all(chat string) []arrived {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []arrived
	for _, s := range p.sent {
		if chat == "" || s.Chat == chatOf(chat) {
			all = append(all, s)
		}
	}
	return all
}
