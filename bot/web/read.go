package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"

	"lensan/bot"
)

const maxLabel = 80 // longest label of a button, in characters

// posted is the body of POST /chat/messages. One of Text, Tap, Start, Photo and
// File says what kind it is.
type posted struct {
	ID    string  `json:"id"`    // made by the page: the same for every try
	Text  *string `json:"text"`  // typed; with a photo its caption
	Tap   *string `json:"tap"`   // data of the button pressed
	Label string  `json:"label"` // and its label, for the journal
	Start *string `json:"start"` // the page was opened; the parameter of its link
	Photo string  `json:"photo"` // file id from POST /chat/photo
	Album string  `json:"album"` // the same for photos sent together
	File  string  `json:"file"`  // file id from POST /chat/document
	Name  string  `json:"name"`  // and the document's name
	Lang  string  `json:"lang"`  // of the page
}

// wordOf is what a page may call a delivery or an album.
var wordOf = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// Read reads POST /chat/messages. Forged is a request without a valid chat
// cookie, and one that another site made the browser send, as it can any GET.
func (c *Channel) Read(r *http.Request) ([]bot.Message, error) {
	chat, ok := c.chat(r)
	if !ok || r.Method != http.MethodPost || c.origin.Check(r) != nil {
		return nil, bot.ErrForged
	}
	body, err := readAll(r, bot.MaxBody)
	if err != nil {
		return nil, err
	}
	m, ok := c.decode(chat, body)
	if !ok {
		sum := sha256.Sum256(body)
		return []bot.Message{{Chat: chat, Delivery: "sha256:" + hex.EncodeToString(sum[:16]), Kind: bot.KindRaw, Raw: body}}, nil
	}
	if m.Kind == bot.KindText && m.Text == "" {
		return nil, nil // nothing was left of it
	}
	return []bot.Message{m}, nil
}

// decode turns a body into a message; false: the page would never post it.
func (c *Channel) decode(chat bot.Chat, body []byte) (bot.Message, bool) {
	var p posted
	if err := json.Unmarshal(body, &p); err != nil || !wordOf.MatchString(p.ID) {
		return bot.Message{}, false
	}
	m := bot.Message{Chat: chat, Delivery: p.ID}
	if slices.Contains(c.config.Langs, p.Lang) {
		m.Lang = p.Lang
	}
	switch {
	case p.Photo != "":
		kind := uploaded(p.Photo, photoTypes)
		if !c.ours(chat, p.Photo) || kind == "" || p.Album != "" && !wordOf.MatchString(p.Album) {
			return m, false
		}
		m.Kind, m.Album = bot.KindPhoto, p.Album
		m.Files = []bot.File{{Channel: c.Name(), ID: p.Photo, Type: kind}}
		if p.Text != nil {
			m.Text = bot.Clean(*p.Text)
		}
	case p.File != "":
		kind := uploaded(p.File, documentTypes)
		if !c.ours(chat, p.File) || kind == "" {
			return m, false
		}
		m.Kind = bot.KindFile
		m.Files = []bot.File{{Channel: c.Name(), ID: p.File, Type: kind, Name: bot.CleanName(p.Name)}}
		if p.Text != nil {
			m.Text = bot.Clean(*p.Text)
		}
	case p.Tap != nil:
		m.Kind, m.Data = bot.KindTap, *p.Tap
		// The journal shows what was pressed in the words the person saw.
		m.Text = cut(bot.Clean(p.Label), maxLabel)
	case p.Start != nil:
		m.Kind, m.Data = bot.KindStart, *p.Start
	case p.Text != nil:
		m.Kind, m.Text = bot.KindText, bot.Clean(*p.Text)
	default:
		return m, false
	}
	return m, len(m.Data) <= bot.MaxData && m.Data == bot.Clean(m.Data)
}

// readAll reads a body of at most max bytes.
func readAll(r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength > max {
		return nil, bot.ErrTooLarge
	}
	var b bytes.Buffer
	_, err := b.ReadFrom(http.MaxBytesReader(nil, io.NopCloser(r.Body), max))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, bot.ErrTooLarge
	}
	return b.Bytes(), err
}

// cut shortens a text to at most max characters.
func cut(s string, max int) string {
	for i := range s {
		if max == 0 {
			return s[:i]
		}
		max--
	}
	return s
}
