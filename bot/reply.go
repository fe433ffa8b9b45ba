package bot

import "time"

// Reply is one message of the bot, before a channel's limits are applied
// ([Parts]). Text is plain: a channel that knows markup escapes it.
type Reply struct {
	ID       string   `json:"id,omitempty"` // the text's name in locales
	Text     string   `json:"text"`
	Options  []Option `json:"options,omitempty"`
	Contact  string   `json:"contact,omitempty"`  // label of a button that sends the person's own phone number
	Question bool     `json:"question,omitempty"` // ends in the question the turn stopped at

	File    *Attachment `json:"file,omitempty"`    // goes before the text
	Unasked *Unasked    `json:"unasked,omitempty"` // the bot speaks on its own: what decides the route
}

// Attachment is a picture or document that we send.
type Attachment struct {
	Key  string `json:"key"`            // in the place for files
	Name string `json:"name"`           // as the person sees it: "gao-seng-cu.jpg"
	Type string `json:"type"`           // MIME type
	Size int64  `json:"size"`           // bytes
	Link string `json:"link,omitempty"` // signed and expiring, for a channel that cannot carry it; empty: we have no address
}

// Unasked is what a channel that charges, or closes, some time after the person's
// last message must know of a reply that answers nobody.
type Unasked struct {
	Wrote    time.Time         `json:"wrote,omitzero"`     // when the person last wrote; zero: unknown
	Template string            `json:"template,omitempty"` // name of a template that says the same (content folder); empty: there is none
	Values   map[string]string `json:"values,omitempty"`   // of the template's parameters
	Phone    string            `json:"phone,omitempty"`    // the person's, national digits: for a template when the platform does not know them by id
}

// MaxData is the longest data of a button, in bytes: Telegram takes no more
// (callback_data of core.telegram.org/bots/api).
const MaxData = 64

// Option is a choice under a reply.
type Option struct {
	Number string `json:"number,omitempty"` // what to type for it ("1"); empty: its words
	Label  string `json:"label,omitempty"`
	Data   string `json:"data"` // what a tap sends back, at most [MaxData] long
}

// Title is the option as a person reads it: "1 Thực phẩm".
func (o Option) Title() string {
	if o.Number == "" {
		return o.Label
	}
	return o.Number + " " + o.Label
}

// typed are the options of a reply that can be typed: by their numbers, or else those
// that open a talk by their words.
func typed(options []Option) []Option {
	var out []Option
	for _, o := range options {
		if _, wish := parseWish(o.Data); o.Number != "" {
			out = append(out, Option{Number: o.Number, Data: o.Data})
		} else if wish {
			out = append(out, Option{Label: o.Label, Data: o.Data})
		}
	}
	return out
}

// Past is one turn of a chat's journal, for a channel that shows the
// conversation itself (the web chat).
type Past struct {
	Turn     int64   `json:"turn"`
	Delivery string  `json:"delivery,omitempty"` // of the message it answered: the page knows its own message by it; empty: the bot spoke on its own
	Said     string  `json:"said,omitempty"`     // what the person typed, or the label of the button pressed
	Photos   int     `json:"photos,omitempty"`   // photos in that message
	File     string  `json:"file,omitempty"`     // name of the document in it; "…": it has none
	Replies  []Reply `json:"replies,omitempty"`
}
