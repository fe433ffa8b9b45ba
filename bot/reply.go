package bot

// Reply is one message of the bot, before a channel's limits are applied
// ([Parts]). Text is plain: a channel that knows markup escapes it.
type Reply struct {
	ID       string   `json:"id,omitempty"` // the text's name in locales
	Text     string   `json:"text"`
	Options  []Option `json:"options,omitempty"`
	Contact  string   `json:"contact,omitempty"`  // label of a button that sends the person's own phone number
	Question bool     `json:"question,omitempty"` // ends in the question the turn stopped at
}

// Option is a choice under a reply.
type Option struct {
	Number string `json:"number,omitempty"` // what to type for it ("1"); empty: its words
	Label  string `json:"label,omitempty"`
	Data   string `json:"data"` // what a tap sends back; at most 64 bytes
}

// Title is the option as a person reads it: "1 Thực phẩm".
func (o Option) Title() string {
	if o.Number == "" {
		return o.Label
	}
	return o.Number + " " + o.Label
}

// Past is one turn of a chat's journal, for a channel that shows the
// conversation itself (the web chat).
type Past struct {
	Turn     int64   `json:"turn"`
	Delivery string  `json:"delivery,omitempty"` // of the message it answered: the page knows its own message by it; empty: the bot spoke on its own
	Said     string  `json:"said,omitempty"`     // what the person typed, or the label of the button pressed
	Photos   int     `json:"photos,omitempty"`   // photos in that message
	Replies  []Reply `json:"replies,omitempty"`
}
