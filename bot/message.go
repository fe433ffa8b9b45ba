package bot

import (
	"fmt"
	"strings"
	"time"
)

// Chat is one conversation: the channel, our account there (a bot's or an
// Official Account's id) and the platform's id of the other side. Ids are
// opaque.
type Chat struct {
	Channel string `json:"channel"`
	Account string `json:"account,omitempty"`
	ID      string `json:"id"`
}

// String is the chat's key in every store: channel:account:id.
func (c Chat) String() string { return c.Channel + ":" + c.Account + ":" + c.ID }

// ParseChat reads what [Chat.String] wrote.
func ParseChat(key string) (Chat, error) {
	p := strings.SplitN(key, ":", 3)
	if len(p) != 3 || p[0] == "" || p[2] == "" {
		return Chat{}, fmt.Errorf("bot: %q is not a chat key (channel:account:id)", key)
	}
	return Chat{Channel: p[0], Account: p[1], ID: p[2]}, nil
}

// Kind is what a message is.
type Kind string

// The kinds of message a channel reads.
const (
	KindText      Kind = "text"      // Text is what the person typed
	KindTap       Kind = "tap"       // Data is what the pressed button carried
	KindStart     Kind = "start"     // the chat was opened (Start, follow, page opened); Data is the deep link's parameter
	KindPhoto     Kind = "photo"     // Files has one photo; Text is its caption
	KindContact   Kind = "contact"   // Phone is the sender's own number; empty when it is somebody else's. Text is their address, if they sent it along
	KindLocation  Kind = "location"  // Place is where
	KindVoice     Kind = "voice"     // a voice message or audio
	KindFile      Kind = "file"      // Files has one document; Text is its caption
	KindOther     Kind = "other"     // a sticker, a video …; Text is its caption, if any
	KindEdited    Kind = "edited"    // the person changed an earlier message; Text is the new text
	KindBlocked   Kind = "blocked"   // the person blocked us: nothing can be sent
	KindUnblocked Kind = "unblocked" // and unblocked us again
	KindWithdrawn Kind = "withdrawn" // by the platform's own form, the person takes back their consent: their data are deleted
	KindOperator  Kind = "operator"  // an officer wrote to the person with the platform's own tool: the bot is quiet for a while
	KindEcho      Kind = "echo"      // our own message as the platform shows it: Text arrived. Never stored, see [Echoes]
	KindOwn       Kind = "own"       // the bot speaks on its own; Data is the wish that says it
	KindRaw       Kind = "raw"       // authentic, but not decodable: kept in Raw, never run
)

// Message is what came in from a channel, in one form for all of them.
type Message struct {
	Chat     Chat      `json:"chat"`
	Delivery string    `json:"delivery"` // the platform's id of this delivery, unique within the chat
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at,omitzero"`    // when the person sent it, by the platform's clock; zero: not told
	Text     string    `json:"text,omitempty"` // cleaned by [Clean]
	Data     string    `json:"data,omitempty"`
	Files    []File    `json:"files,omitempty"`
	Album    string    `json:"album,omitempty"` // photos sent together carry the same album
	Phone    string    `json:"phone,omitempty"` // as the platform writes it
	Place    *Location `json:"place,omitempty"`
	Lang     string    `json:"lang,omitempty"` // of the person's app, two letters, if told
	Ack      string    `json:"ack,omitempty"`  // id of a tap the platform wants acknowledged
	Raw      []byte    `json:"raw,omitempty"`
}

// Own is what makes the bot speak to a chat on its own: a turn without a message
// of the person. The flow of the wish only says something and offers wishes. The
// key makes it happen once, however often the job runs.
func Own(chat Chat, key string, w Wish) Message {
	return Message{Chat: chat, Delivery: "own:" + key, Kind: KindOwn, Data: w.String()}
}

// File is a photo or document as the channel knows it.
type File struct {
	Channel string `json:"channel"`
	ID      string `json:"id"`             // what the channel's Fetch needs
	Type    string `json:"type,omitempty"` // MIME type, if told
	Size    int64  `json:"size,omitempty"` // bytes, if told
	Name    string `json:"name,omitempty"` // of a document, as its sender calls it, by [CleanName]
}

// Location is a point in degrees (WGS 84).
type Location struct {
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"lon"`
}

// Incoming is a stored message.
type Incoming struct {
	Message
	Seq      int64     // the row's number: grows with arrival
	Tries    int       // runs after the first
	Again    bool      // it may have been run before: the run is counted
	Received time.Time // when this process received it, if it did
}
