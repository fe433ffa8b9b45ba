package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"lensan/bot"
)

// Read turns a webhook request into at most one message. We talk with people
// in private chats only; of groups, channels and bots nothing is read.
func (c *Channel) Read(r *http.Request) ([]bot.Message, error) {
	if r.Method != http.MethodPost || !c.genuine(r) {
		return nil, bot.ErrForged
	}
	body, err := bot.ReadBody(r)
	if err != nil {
		return nil, err
	}
	var u models.Update
	m, ok := bot.Message{}, true
	if err := json.Unmarshal(body, &u); err == nil {
		m, ok = read(&u)
	} else { // kept as it is; it belongs to no person's chat
		m = bot.Message{Chat: bot.Chat{ID: "raw"}, Kind: bot.KindRaw, Raw: body}
	}
	if !ok {
		return nil, nil
	}
	m.Chat.Channel, m.Chat.Account = Name, c.account
	m.Delivery = delivery(u.ID, body)
	return []bot.Message{m}, nil
}

// delivery is the update's id or, where it has none or cannot be decoded that
// far, a hash of the body: Telegram repeats the same bytes.
func delivery(id int64, body []byte) string {
	if id == 0 {
		var u struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(body, &u)
		id = u.ID
	}
	if id == 0 {
		sum := sha256.Sum256(body)
		return hex.EncodeToString(sum[:])
	}
	return strconv.FormatInt(id, 10)
}

// genuine reports whether the request carries our secret. Telegram signs
// nothing: the secret given to setWebhook is all there is.
func (c *Channel) genuine(r *http.Request) bool {
	got := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	return c.secret != "" && subtle.ConstantTimeCompare([]byte(got), []byte(c.secret)) == 1
}

// Acknowledge answers a tap in the body of the webhook's 200, which Telegram
// executes: the button stops spinning without a call of its own.
func (c *Channel) Acknowledge(ms []bot.Message) (contentType string, body []byte) {
	for _, m := range ms {
		if m.Ack == "" {
			continue
		}
		body, err := json.Marshal(map[string]string{"method": "answerCallbackQuery", "callback_query_id": m.Ack})
		if err != nil {
			return "", nil
		}
		return "application/json", body
	}
	return "", nil
}

// read turns an update into a message; false: it is nothing for us.
func read(u *models.Update) (bot.Message, bool) {
	switch {
	case u.Message != nil:
		return readMessage(u.Message)
	case u.EditedMessage != nil:
		return readEdited(u.EditedMessage)
	case u.CallbackQuery != nil:
		return readTap(u.CallbackQuery)
	case u.MyChatMember != nil:
		return readMember(u.MyChatMember)
	}
	return bot.Message{}, false
}

// personal starts a message of a person in their private chat with us.
func personal(chat models.Chat, from *models.User) (bot.Message, bool) {
	if chat.Type != models.ChatTypePrivate || from == nil || from.IsBot {
		return bot.Message{}, false
	}
	return bot.Message{
		Chat: bot.Chat{ID: strconv.FormatInt(chat.ID, 10)},
		Lang: language(from.LanguageCode),
	}, true
}

// language is the two letters of a language code: "pt-br" is "pt".
func language(code string) string {
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	if len(code) != 2 || code[0] < 'a' || code[0] > 'z' || code[1] < 'a' || code[1] > 'z' {
		return ""
	}
	return code
}

func readMessage(m *models.Message) (bot.Message, bool) {
	out, ok := personal(m.Chat, m.From)
	if !ok || aboutChat(m) {
		return out, false
	}
	out.Album = bot.Clean(m.MediaGroupID)
	out.Text = bot.Clean(m.Text + m.Caption) // a message has one of them
	switch {
	case m.Text != "":
		readText(&out)
	case len(m.Photo) > 0:
		out.Kind = bot.KindPhoto
		best := m.Photo[0] // the sizes are in no promised order
		for _, p := range m.Photo[1:] {
			if p.Width*p.Height > best.Width*best.Height {
				best = p
			}
		}
		out.Files = file(best.FileID, "image/jpeg", int64(best.FileSize)) // a photo is always a JPEG
	case m.Animation != nil: // comes with a document of its own, for old clients
		out.Kind = bot.KindOther
	case m.Document != nil:
		out.Kind = bot.KindFile
		out.Files = file(m.Document.FileID, m.Document.MimeType, m.Document.FileSize)
		if strings.HasPrefix(m.Document.MimeType, "image/") { // "send without compression"
			out.Kind = bot.KindPhoto
		} else {
			out.Files[0].Name = bot.CleanName(m.Document.FileName)
		}
	case m.Contact != nil:
		out.Kind = bot.KindContact
		if m.Contact.UserID == m.From.ID && m.ForwardOrigin == nil && m.ViaBot == nil {
			out.Phone = bot.Clean(m.Contact.PhoneNumber)
		}
	case m.Location != nil: // also a venue, which carries its location
		out.Kind = bot.KindLocation
		out.Place = &bot.Location{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	case m.Voice != nil:
		out.Kind = bot.KindVoice
		out.Files = file(m.Voice.FileID, m.Voice.MimeType, m.Voice.FileSize)
	case m.Audio != nil:
		out.Kind = bot.KindVoice
		out.Files = file(m.Audio.FileID, m.Audio.MimeType, m.Audio.FileSize)
	case m.VideoNote != nil:
		out.Kind = bot.KindVoice
		out.Files = file(m.VideoNote.FileID, "video/mp4", int64(m.VideoNote.FileSize))
	default: // sticker, video, dice, poll, and what Telegram will think of
		out.Kind = bot.KindOther
	}
	return out, true
}

// aboutChat reports whether a message is Telegram's note about the chat
// itself: the person said nothing.
func aboutChat(m *models.Message) bool {
	return m.PinnedMessage != nil || m.MessageAutoDeleteTimerChanged != nil || m.ChatBackgroundSet != nil ||
		m.WriteAccessAllowed != nil || m.ConnectedWebsite != "" || m.ProximityAlertTriggered != nil || m.BoostAdded != nil ||
		m.ForumTopicCreated != nil || m.ForumTopicEdited != nil || m.ForumTopicClosed != nil || m.ForumTopicReopened != nil
}

// startParameter is what a deep link may carry. Anybody can type it as well.
// Source: core.telegram.org/bots/features, deep linking.
var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// readText tells the deep link's "/start PARAM" from other texts and takes the
// bot's name out of "/menu@our_bot".
func readText(m *bot.Message) {
	m.Kind = bot.KindText
	if !strings.HasPrefix(m.Text, "/") {
		return
	}
	word, rest := m.Text, ""
	if i := strings.IndexAny(m.Text, " \n\t"); i > 0 {
		word, rest = m.Text[:i], m.Text[i:]
	}
	word, _, _ = strings.Cut(word, "@")
	m.Text = word + rest
	if strings.EqualFold(word, "/start") {
		m.Kind, m.Text = bot.KindStart, ""
		if rest = strings.TrimSpace(rest); startParameter.MatchString(rest) {
			m.Data = rest
		}
	}
}

func file(id, mime string, size int64) []bot.File {
	return []bot.File{{Channel: Name, ID: id, Type: bot.Clean(mime), Size: size}}
}

// readEdited reads a changed message. A live location moves by edits, for
// hours: these say nothing.
func readEdited(m *models.Message) (bot.Message, bool) {
	out, ok := personal(m.Chat, m.From)
	if !ok || m.Location != nil {
		return out, false
	}
	out.Kind = bot.KindEdited
	out.Text = bot.Clean(m.Text + m.Caption)
	return out, true
}

// readTap reads a pressed button. The message it stood under may be too old to
// be sent along; the person's private chat has the person's id.
func readTap(q *models.CallbackQuery) (bot.Message, bool) {
	chat := models.Chat{ID: q.From.ID, Type: models.ChatTypePrivate}
	if m := q.Message.Message; m != nil {
		chat = m.Chat
	} else if m := q.Message.InaccessibleMessage; m != nil && m.Chat.Type != "" {
		chat = m.Chat
	}
	out, ok := personal(chat, &q.From)
	out.Kind = bot.KindTap
	out.Data = bot.Clean(q.Data) // a client can send any data
	out.Ack = bot.Clean(q.ID)
	return out, ok
}

// readMember reads whether the person blocked us or let us in again.
func readMember(m *models.ChatMemberUpdated) (bot.Message, bool) {
	out, ok := personal(m.Chat, &m.From)
	switch m.NewChatMember.Type {
	case models.ChatMemberTypeBanned:
		out.Kind = bot.KindBlocked
	case models.ChatMemberTypeMember:
		out.Kind = bot.KindUnblocked
	default:
		return out, false
	}
	return out, ok
}
