package zalo

import (
	"context"
	"errors"

	"lensan/bot"
)

const pathCS = "/v3.0/oa/message/cs"

// Send sends one part as at most one message: an answer always as a consultation
// message, what the bot says on its own as the platform's window allows (see
// [Channel.unasked]). Errors are those of [bot.Channel].
func (c *Channel) Send(ctx context.Context, chat bot.Chat, part bot.Reply) error {
	err := c.ready(ctx)
	if err == nil {
		err = c.ours(ctx, chat)
	}
	if err != nil {
		return err
	}
	if part.Unasked != nil {
		return c.unasked(ctx, chat, part)
	}
	return c.cs(ctx, chat.ID, part, routeFree)
}

// cs sends a part as a consultation message: POST /v3.0/oa/message/cs
// (reference zalo.md section 3). An upload that has expired is made once more.
func (c *Channel) cs(ctx context.Context, person string, part bot.Reply, route string) error {
	m, err := c.message(ctx, part)
	if err != nil {
		return err
	}
	err = c.deliver(ctx, person, m)
	if part.File != nil && refused(err, reload) {
		c.upload.forget(part.File.Key)
		if m, err = c.message(ctx, part); err != nil {
			return err
		}
		err = c.deliver(ctx, person, m)
	}
	if err == nil {
		c.cfg.Metrics.sent(route)
	}
	return err
}

func (c *Channel) deliver(ctx context.Context, person string, m message) error {
	r, err := post(openAPI, pathCS, struct {
		Recipient recipient `json:"recipient"`
		Message   message   `json:"message"`
	}{recipient{person}, m})
	if err != nil {
		return err
	}
	return c.call(ctx, r, nil)
}

// recipient is a person by their id for this Official Account (section 3.1).
type recipient struct {
	UserID string `json:"user_id"`
}

// message is a message to a person (section 3).
type message struct {
	Text       string `json:"text,omitempty"`
	Attachment *sent  `json:"attachment,omitempty"`
}

// sent is what a message carries besides its text.
type sent struct {
	Type    string  `json:"type"` // template, file
	Payload payload `json:"payload"`
}

type payload struct {
	Template string    `json:"template_type,omitempty"`
	Elements []element `json:"elements,omitempty"`
	Buttons  []button  `json:"buttons,omitempty"`
	Token    string    `json:"token,omitempty"` // of an uploaded file
}

type element struct {
	Title      string `json:"title,omitempty"`
	Subtitle   string `json:"subtitle,omitempty"`
	Image      string `json:"image_url,omitempty"`
	Media      string `json:"media_type,omitempty"` // image, gif
	Attachment string `json:"attachment_id,omitempty"`
	Width      int    `json:"width,omitempty"` // of a gif
	Height     int    `json:"height,omitempty"`
}

type button struct {
	Title   string `json:"title"`
	Type    string `json:"type"`
	Payload string `json:"payload"`
}

// message makes of a part what the platform takes.
func (c *Channel) message(ctx context.Context, part bot.Reply) (message, error) {
	switch {
	case part.File != nil:
		return c.attached(ctx, part.File)
	case part.Contact != "":
		return message{Attachment: c.contact(part)}, nil
	case part.Text == "":
		return message{}, errors.New("zalo: nothing to send")
	case len(part.Options) > 0:
		return message{Text: part.Text, Attachment: c.buttons(part.Options)}, nil
	}
	return message{Text: part.Text}, nil
}

// contact asks for the person's phone number and address with the platform's own
// form (section 3.6). The answer comes as user_submit_info.
func (c *Channel) contact(part bot.Reply) *sent {
	return &sent{"template", payload{Template: "request_user_info", Elements: []element{{
		Title: cut(part.Contact, 100), Subtitle: cut(part.Text, 500), Image: c.cfg.ContactImage,
	}}}}
}

// cut shortens a text that must not be longer than max.
func cut(s string, max int) string {
	n := 0
	for i, r := range s {
		if n += count(string(r)); n > max {
			return s[:i]
		}
	}
	return s
}

// buttons are options that can be pressed (section 4). A press comes back as a
// text: the options' data, behind a sign that people do not type.
func (c *Channel) buttons(options []bot.Option) *sent {
	p := payload{}
	if c.cfg.ButtonTemplate {
		p.Template = "button"
	}
	for _, o := range options {
		p.Buttons = append(p.Buttons, button{Title: o.Title(), Type: "oa.query.hide", Payload: "#" + o.Data})
	}
	return &sent{"template", p}
}
