package bottest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"lensan/bot"
)

var (
	zaloPhone = regexp.MustCompile(`^84[0-9]{9}$`)
)

// cs sends a consultation message: reference zalo.md sections 3, 4 and 8.
func (f *Zalo) cs(body any) (any, *zaloError) {
	c := &zaloForm{}
	o := c.object("body", body, "recipient", "message")
	to := c.object("recipient", o["recipient"], "user_id", "message_id")
	f.mu.Lock()
	defer f.mu.Unlock()
	user := ""
	if id, ok := to["message_id"]; ok && len(to) == 1 {
		user = f.authors[c.text("message_id", id, 100)]
	} else {
		user = c.id("user_id", to["user_id"])
	}
	reply, kind := f.message(c, o["message"])
	if c.err != nil {
		return nil, c.err
	}
	quota, e := f.admit(user)
	if e != nil {
		return nil, e
	}
	return f.deliver(user, reply, kind, quota), nil
}

// admit tells what a message to somebody is charged to, or why it may not go.
func (f *Zalo) admit(user string) (quota string, e *zaloError) {
	p, now := f.people[user], f.Now()
	switch {
	case p == nil || p.wrote.IsZero() && !p.follows:
		return "", &zaloError{-213, "User has not followed or interacted with the OA", false}
	case p.blocked:
		return "", &zaloError{-217, "User has blocked invitations from the OA", false}
	case p.wrote.IsZero():
		if p.welcomed >= f.welcome {
			return "", &zaloError{-232, "User has no interaction, or the last is too old", false}
		}
		p.welcomed++
		return "welcome_msg", nil
	case now.Sub(p.wrote) <= zaloFree:
		return "reply", nil
	case now.Sub(p.wrote) > zaloWall:
		return "", &zaloError{-230, "User has not interacted with the OA in the past 7 days", false}
	case f.quota <= 0:
		return "", &zaloError{-211, "Out of quota", false}
	}
	f.quota--
	return "sub_quota", nil
}

// deliver shows a message to somebody, makes its echo and answers the call.
func (f *Zalo) deliver(user string, reply bot.Reply, kind, quota string) map[string]any {
	id := f.messageID()
	f.sent[user] = append(f.sent[user], reply)
	f.echo(kind, user, id, reply)
	data := map[string]any{"message_id": id, "user_id": user, "sent_time": milliseconds(f.Now())}
	if quota == "reply" { // as strings in some samples, as numbers in others
		data["quota"] = map[string]any{"quota_type": quota, "remain": "7", "total": "8", "owner_type": "OA", "owner_id": f.OAID}
	} else if quota != "" {
		data["quota"] = map[string]any{"quota_type": quota, "remain": f.quota, "total": 500, "owner_type": "OA", "owner_id": f.OAID}
		data["sent_time"] = f.Now().UnixMilli()
	}
	return data
}

// message checks the message itself and returns it as the person sees it, with
// the name its echo has.
func (f *Zalo) message(c *zaloForm, v any) (reply bot.Reply, kind string) {
	m := c.object("message", v, "text", "attachment", "quote_message_id")
	if m["text"] != nil {
		reply.Text = c.text("text", m["text"], 2000)
		if strings.TrimSpace(reply.Text) == "" {
			c.refuse(-201, "text is empty")
		}
	}
	if q, ok := m["quote_message_id"]; ok {
		c.text("quote_message_id", q, 100)
	}
	if m["attachment"] == nil {
		if reply.Text == "" {
			c.refuse(-201, "message has neither text nor attachment")
		}
		return reply, "text"
	}
	a := c.object("attachment", m["attachment"], "type", "payload")
	switch a["type"] {
	case "file":
		p := c.object("payload", a["payload"], "token")
		reply.File = f.uploaded(c, "file", c.text("token", p["token"], 1000))
		if reply.Text != "" {
			c.refuse(-201, "a file has no text beside it")
		}
		return reply, "file"
	case "template":
	default:
		c.refuse(-201, "attachment has the type %v", a["type"])
		return reply, ""
	}
	p, _ := a["payload"].(map[string]any)
	switch p["template_type"] {
	case nil, "button": // which of them is disputed
		p = c.object("payload", a["payload"], "template_type", "buttons")
		if reply.Text == "" {
			c.refuse(-201, "buttons have no text above them")
		}
		reply.Options = zaloButtons(c, p["buttons"])
		return reply, "text"
	case "media":
		p = c.object("payload", p, "template_type", "elements")
		return reply, f.media(c, &reply, c.one("elements", p["elements"]))
	case "request_user_info":
		p = c.object("payload", p, "template_type", "elements")
		e := c.object("element", c.one("elements", p["elements"]), "title", "subtitle", "image_url")
		reply.Contact = c.text("title", e["title"], 100)
		c.text("subtitle", e["subtitle"], 500)
		zaloLink(c, "image_url", e["image_url"])
		if reply.Text != "" {
			c.refuse(-201, "a request for information has no text beside it")
		}
		reply.Text = reply.Contact
		return reply, "template"
	}
	c.refuse(-233, "message type %v is not supported", p["template_type"])
	return reply, ""
}

// media checks a picture, GIF or sticker (section 3.4).
func (f *Zalo) media(c *zaloForm, reply *bot.Reply, v any) (kind string) {
	e := c.object("element", v, "media_type", "url", "attachment_id", "width", "height")
	kind, _ = e["media_type"].(string)
	if !slices.Contains([]string{"image", "gif", "sticker"}, kind) {
		c.refuse(-201, "media_type is %v", e["media_type"])
	}
	_, wide := e["width"].(json.Number)
	_, high := e["height"].(json.Number)
	if kind == "gif" && (!wide || !high) {
		c.refuse(-201, "a GIF has no width and height")
	}
	address, id := e["url"], e["attachment_id"]
	switch {
	case (address == nil) == (id == nil):
		c.refuse(-201, "either url or attachment_id, not both")
	case kind == "sticker":
		reply.File = &bot.Attachment{Key: c.text("attachment_id", id, 100), Name: "sticker"}
	case id != nil:
		reply.File = f.uploaded(c, kind, c.text("attachment_id", id, 1000))
	default:
		reply.File = &bot.Attachment{Link: zaloLink(c, "url", address), Name: kind}
	}
	return kind
}

// zaloButtons checks section 4 and returns the buttons that come back as messages.
func zaloButtons(c *zaloForm, v any) []bot.Option {
	list, _ := v.([]any)
	switch {
	case len(list) == 0:
		c.refuse(-201, "no buttons")
	case len(list) > 5:
		c.refuse(-210, "more than 5 buttons")
	}
	var options []bot.Option
	for _, e := range list {
		b := c.object("button", e, "title", "type", "payload")
		title := c.text("title", b["title"], 100)
		switch b["type"] {
		case "oa.query.show", "oa.query.hide":
			options = append(options, bot.Option{Label: title, Data: c.text("payload", b["payload"], 1000)})
		case "oa.open.url":
			zaloLink(c, "url", c.object("payload", b["payload"], "url")["url"])
		case "oa.open.phone":
			phoneCode(c, c.object("payload", b["payload"], "phone_code")["phone_code"])
		case "oa.open.sms":
			p := c.object("payload", b["payload"], "phone_code", "content")
			phoneCode(c, p["phone_code"])
			c.text("content", p["content"], 160)
		default:
			c.refuse(-201, "button has the type %v", b["type"])
		}
	}
	return options
}

func phoneCode(c *zaloForm, v any) {
	if s, _ := v.(string); !zaloPhone.MatchString(s) {
		c.refuse(-201, "phone_code is %v, not 84…", v)
	}
}

func zaloLink(c *zaloForm, where string, v any) string {
	s := c.text(where, v, 2000)
	if u, err := url.Parse(s); c.err == nil && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		c.refuse(-201, "%s is no link", where)
	}
	return s
}

// zaloUpload is a file somebody uploaded.
type zaloUpload struct {
	kind string
	at   time.Time
	file bot.Attachment
}

// uploaded is the file of an attachment id or token, which lasts 7 days.
func (f *Zalo) uploaded(c *zaloForm, kind, id string) *bot.Attachment {
	u, known := f.uploads[id]
	if c.err == nil && (!known || u.kind != kind || f.Now().Sub(u.at) >= zaloWall) {
		c.refuse(-100, "attachment id or token is unknown or has expired")
		c.err.bug = false
	}
	return &u.file
}
