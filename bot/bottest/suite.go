package bottest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"lensan/bot"
)

// Harness is a channel with its fake platform, ready for [Suite].
type Harness struct {
	Channel bot.Channel
	Chat    bot.Chat // somebody who can be written to
	Secrets []string // must stand in no error and no log
	// Journal: the person reads what was said in the journal, where it stands
	// before it is sent. So a file that is lost is named there all the same.
	Journal bool

	// Request makes a webhook request as the platform would: signed.
	Request func(body []byte) *http.Request
	// Forge changes a genuine request so that it must be refused, by name of the forgery.
	Forge map[string]func(*http.Request)
	// Reads are webhook bodies and the messages they must become.
	Reads []ReadCase

	// Shown tells what the person in Chat got since it was last asked.
	Shown func() []bot.Reply
	// Requests tells the calls the platform got since it was last asked, in a
	// form that json.Marshal writes the same every time. Nil: the channel calls nobody.
	Requests func() any
	// Tap is the webhook body of a press on a button, as Shown has it.
	Tap func(bot.Option) []byte
	// Sends are replies whose requests stand in testdata/requests/NAME.json. Where
	// nobody is called, their parts are shown as they are.
	Sends map[string]bot.Reply
	// Fail makes the platform fail the next call. Nil: the channel calls nobody.
	Fail func(Fault)
	// Fails are the platform's own refusals; what every server can do wrong is
	// tried in any case.
	Fails []FailCase
	// Failing are more parts that must fail as a text does.
	Failing []bot.Reply

	// Carried are files that the channel can send and open by their keys, with
	// what is in them, and Received tells the bytes of a file in Shown, nil when
	// it is not to be had. Empty: it sends none.
	Carried  map[bot.Attachment][]byte
	Received func(bot.Attachment) []byte

	// File is one the channel can fetch, Content what is in it; Lost is one the
	// platform does not have. For a [bot.Fetcher] only.
	File    bot.File
	Content []byte
	Lost    bot.File
}

// ReadCase is a webhook body and what it says.
type ReadCase struct {
	Name string
	Body []byte
	Want []bot.Message // nil: authentic, but nothing for us
}

// FailCase is a failing call and the error it must become.
type FailCase struct {
	Name  string
	Fault Fault
	// Want is one of bot's errors, or a *bot.Wait with the same pause; nil: any
	// other error, which means refused for good.
	Want error
}

// Suite is what every channel must pass: a request comes in and is read, a
// reply goes out and is sent, within every limit, whatever the other side does.
func Suite(t *testing.T, h Harness) {
	logged := &lockedBuffer{}
	log.SetOutput(logged)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })

	t.Run("read", h.testRead)
	t.Run("forged", h.testForged)
	t.Run("too large", h.testTooLarge)
	t.Run("not decodable", h.testNotDecodable)
	t.Run("acknowledge", h.testAcknowledge)
	t.Run("send", h.testSend)
	t.Run("tap", h.testTap)
	t.Run("every limit", h.testLimits)
	t.Run("at once", h.testConcurrent)
	t.Run("foreign chat", h.testForeignChat)
	t.Run("failures", h.testFailures)
	t.Run("files", h.testFiles)
	t.Run("fetch", h.testFetch)
	if s := logged.String(); s != "" {
		t.Errorf("a channel returns its errors and logs nothing; logged: %s", s)
	}
}

func (h Harness) testRead(t *testing.T) {
	if !slices.ContainsFunc(h.Reads, func(c ReadCase) bool {
		return len(c.Want) == 1 && c.Want[0].Kind == bot.KindFile && c.Want[0].Files[0].Name != ""
	}) {
		t.Error("the harness has no document that somebody sends")
	}
	deliveries := map[string]string{}
	for _, c := range h.Reads {
		t.Run(c.Name, func(t *testing.T) {
			got, err := h.Channel.Read(h.Request(c.Body))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.Want) && len(got)+len(c.Want) > 0 {
				t.Errorf("got  %s\nwant %s", asJSON(got), asJSON(c.Want))
			}
			again, err := h.Channel.Read(h.Request(c.Body))
			if err != nil || !reflect.DeepEqual(got, again) {
				t.Errorf("the same delivery is read differently the second time: %s, %v", asJSON(again), err)
			}
			for _, m := range got {
				CheckMessage(t, h.Channel, m)
				key := m.Chat.String() + " " + m.Delivery
				if other, seen := deliveries[key]; seen {
					t.Errorf("has the delivery id of %q: one of them would be dropped as a repetition", other)
				}
				deliveries[key] = c.Name
			}
		})
	}
}

var kinds = []bot.Kind{bot.KindText, bot.KindTap, bot.KindStart, bot.KindPhoto, bot.KindContact, bot.KindLocation,
	bot.KindVoice, bot.KindFile, bot.KindOther, bot.KindEdited, bot.KindBlocked, bot.KindUnblocked, bot.KindWithdrawn, bot.KindOperator,
	bot.KindEcho, bot.KindRaw}

// CheckMessage checks what is true of every message a channel reads.
func CheckMessage(t testing.TB, c bot.Channel, m bot.Message) {
	t.Helper()
	if chat, err := bot.ParseChat(m.Chat.String()); err != nil || chat != m.Chat || chat.Channel != c.Name() {
		t.Errorf("chat %+v does not survive as a key: %v", m.Chat, err)
	}
	if m.Delivery == "" || !slices.Contains(kinds, m.Kind) {
		t.Errorf("delivery %q, kind %q", m.Delivery, m.Kind)
	}
	for _, s := range []string{m.Text, m.Data, m.Album, m.Phone, m.Ack} {
		if s != bot.Clean(s) {
			t.Errorf("%q is not clean", s)
		}
	}
	if m.Phone != "" && m.Kind != bot.KindContact {
		t.Errorf("a phone number in a %s", m.Kind)
	}
	if m.Kind == bot.KindPhoto && len(m.Files) != 1 {
		t.Errorf("a photo with %d files", len(m.Files))
	}
	if m.Kind == bot.KindFile && len(m.Files) != 1 {
		t.Errorf("a document with %d files", len(m.Files))
	}
	for _, f := range m.Files {
		if f.Channel != c.Name() || f.ID == "" || f.Name != bot.CleanName(f.Name) {
			t.Errorf("file %+v", f)
		}
	}
	if m.Kind == bot.KindLocation && m.Place == nil {
		t.Error("a location without a place")
	}
	if m.Lang != "" && len(m.Lang) != 2 {
		t.Errorf("language %q", m.Lang)
	}
	if (m.Raw != nil) != (m.Kind == bot.KindRaw) {
		t.Errorf("raw bytes in a %s", m.Kind)
	}
	kept, err := json.Marshal(m)
	var back bot.Message
	if err == nil {
		err = json.Unmarshal(kept, &back)
	}
	if err != nil || asJSON(back) != string(kept) {
		t.Errorf("does not survive being kept: %s, %v", kept, err)
	}
}

func (h Harness) testForged(t *testing.T) {
	if len(h.Forge) == 0 {
		t.Fatal("the harness knows no forgery")
	}
	for name, forge := range h.Forge {
		for _, c := range h.Reads {
			r := h.Request(c.Body)
			forge(r)
			got, err := h.Channel.Read(r)
			if !errors.Is(err, bot.ErrForged) || got != nil {
				t.Errorf("%s, %s: got %v, %s", name, c.Name, err, asJSON(got))
			}
			h.checkError(t, err)
		}
	}
}

func (h Harness) testTooLarge(t *testing.T) {
	for _, told := range []bool{true, false} {
		r := h.Request(bytes.Repeat([]byte(" "), bot.MaxBody+1))
		if !told {
			r.ContentLength = -1
		}
		if got, err := h.Channel.Read(r); !errors.Is(err, bot.ErrTooLarge) || got != nil {
			t.Errorf("length told: %v: got %v", told, err)
		}
	}
	if _, err := h.Channel.Read(h.Request(bytes.Repeat([]byte(" "), bot.MaxBody))); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

// testNotDecodable: what is authentic is never refused, whatever it is. The
// platform would repeat it for a day.
func (h Harness) testNotDecodable(t *testing.T) {
	bodies := []string{"", "null", "[]", "{}", `"x"`, "{", "\x00\xff", strings.Repeat("[", 100_000)}
	for _, c := range h.Reads {
		bodies = append(bodies, string(c.Body[:len(c.Body)/2]))
	}
	for _, body := range bodies {
		got, err := h.Channel.Read(h.Request([]byte(body)))
		if err != nil {
			t.Errorf("%.60q: %v", body, err)
		}
		for _, m := range got {
			CheckMessage(t, h.Channel, m)
			if m.Kind == bot.KindRaw && string(m.Raw) != body {
				t.Errorf("%.60q is kept as %.60q", body, m.Raw)
			}
		}
	}
}

func (h Harness) testAcknowledge(t *testing.T) {
	channel, ok := h.Channel.(bot.Acknowledger)
	if !ok {
		return
	}
	for _, c := range h.Reads {
		var tap string
		for _, m := range c.Want {
			tap = m.Ack
		}
		kind, body := channel.Acknowledge(c.Want)
		if tap == "" && len(body) > 0 {
			t.Errorf("%s: acknowledged with %q, though nothing was pressed", c.Name, body)
		}
		if tap != "" && (!bytes.Contains(body, []byte(tap)) || kind == "") {
			t.Errorf("%s: tap %s is answered with %s %q", c.Name, tap, kind, body)
		}
	}
}

// checkError looks for secrets in an error and in everything it wraps.
func (h Harness) checkError(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, secret := range h.Secrets {
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, secret) {
				t.Errorf("a secret in an error: %s", strings.ReplaceAll(text, secret, "•••"))
			}
		}
	}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// lockedBuffer collects what is logged, from any goroutine.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
