package zalo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"lensan/bot"
)

// Read turns a webhook request into messages: those of one event, one for each
// photo in it. Groups and anonymous visitors of a web page are not read.
func (c *Channel) Read(r *http.Request) ([]bot.Message, error) {
	if r.Method != http.MethodPost {
		return nil, bot.ErrForged
	}
	body, err := bot.ReadBody(r)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("{}")) { // the console tries a new address so, unsigned (section 13.1)
		return nil, nil
	}
	var top map[string]json.RawMessage // by exact names: a struct would also take "TIMESTAMP"
	whole := json.Unmarshal(body, &top) == nil && top != nil
	timestamp := written(top["timestamp"])
	if !c.genuine(r, body, timestamp) {
		return nil, bot.ErrForged
	}
	if c.late(timestamp) {
		return nil, fmt.Errorf("%w: too old", bot.ErrForged)
	}
	if !whole {
		return []bot.Message{raw(body)}, nil
	}
	name := written(top["event_name"])
	c.cfg.Metrics.event(name)
	read := events[name]
	if read == nil { // unknown, or of no use to us
		return nil, nil
	}
	e := event{name: name, timestamp: timestamp, body: body}
	if json.Unmarshal(body, &e) != nil {
		return []bot.Message{raw(body)}, nil
	}
	messages := read(&e)
	for _, m := range messages {
		if !id.MatchString(m.Chat.Account) || !id.MatchString(m.Chat.ID) {
			return []bot.Message{raw(body)}, nil
		}
	}
	return messages, nil
}

// written is a JSON value as its text: of a string what it says, of a number
// its digits as they stand, of nothing nothing.
func written(v json.RawMessage) string {
	var s text
	if len(v) > 0 {
		_ = json.Unmarshal(v, &s)
	}
	return string(s)
}

// id is the form of an id that can stand in a chat's key. The platform's are
// 15 to 20 digits (section 1).
var id = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// raw keeps what is signed but not readable; it belongs to no person's chat.
func raw(body []byte) bot.Message {
	return bot.Message{Chat: bot.Chat{Channel: Name, ID: "raw"}, Delivery: hashed(body), Kind: bot.KindRaw, Raw: body}
}

func hashed(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// message begins a message of an event in the chat of a person with an Official
// Account.
func (e *event) message(account, person text, kind bot.Kind) bot.Message {
	return bot.Message{
		Chat:     bot.Chat{Channel: Name, Account: string(account), ID: string(person)},
		Delivery: e.delivery(string(person)),
		Kind:     kind,
		At:       e.at(),
	}
}

// messageID is the form of a message's id that can be a delivery's.
var messageID = regexp.MustCompile(`^[!-~]{1,128}$`)

// delivery tells an event from others of the chat, and is the same when the
// platform repeats it (section 13.1).
func (e *event) delivery(person string) string {
	switch {
	case messageID.MatchString(string(e.Message.ID)):
		return e.name + "." + string(e.Message.ID)
	case e.Message.ID == "" && id.MatchString(e.timestamp):
		return e.name + "." + person + "." + e.timestamp
	}
	return hashed(e.body)
}

// at is when it happened; zero where the timestamp is not in milliseconds of
// this century, as in old samples.
func (e *event) at() time.Time {
	ms, err := strconv.ParseInt(e.timestamp, 10, 64)
	if err != nil || ms < 1e12 || ms >= 1e13 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
