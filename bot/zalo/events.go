package zalo

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
)

// event is a webhook body. Which fields it has depends on its name (section 13.8).
type event struct {
	name, timestamp string
	body            []byte

	OA     text `json:"oa_id"`
	User   text `json:"user_id"`
	Sender struct {
		ID    text `json:"id"`
		Admin text `json:"admin_id"` // who wrote with the account's own tool
	} `json:"sender"`
	Recipient struct {
		ID text `json:"id"`
	} `json:"recipient"`
	Follower struct {
		ID text `json:"id"`
	} `json:"follower"`
	Message struct {
		ID          text         `json:"msg_id"`
		Text        text         `json:"text"`
		Attachments []attachment `json:"attachments"`
	} `json:"message"`
	Info struct {
		Phone    text `json:"phone"`
		Address  text `json:"address"` // before 2025
		Ward     text `json:"ward"`
		District text `json:"district"`
		City     text `json:"city"`
		Full     struct {
			Address text `json:"user_address"`
			Ward    text `json:"user_ward"`
			City    text `json:"user_city"`
		} `json:"full_address"`
	} `json:"info"`
}

// attachment is a part of a message (section 13.7).
type attachment struct {
	Type    text `json:"type"`
	Payload struct {
		URL         text   `json:"url"`
		Description text   `json:"description"`
		Size        number `json:"size"`
		Type        text   `json:"type"` // of a file: its name's ending
		Name        text   `json:"name"`
		Album       text   `json:"album_id"`
		Coordinates struct {
			Latitude  text `json:"latitude"`
			Longitude text `json:"longitude"`
		} `json:"coordinates"`
	} `json:"payload"`
}

// events are those of section 13.6 that mean something to us, with what reads them.
var events = map[string]func(*event) []bot.Message{
	"user_send_text":          (*event).text,
	"user_send_image":         (*event).photos,
	"user_send_gif":           (*event).photos,
	"user_send_link":          (*event).link,
	"user_send_audio":         (*event).voice,
	"user_send_video":         (*event).other,
	"user_send_sticker":       (*event).other,
	"user_send_location":      (*event).location,
	"user_send_business_card": (*event).card,
	"user_send_file":          (*event).files,

	"oa_send_text":     (*event).ours,
	"oa_send_image":    (*event).ours,
	"oa_send_gif":      (*event).ours,
	"oa_send_list":     (*event).ours,
	"oa_send_file":     (*event).ours,
	"oa_send_sticker":  (*event).ours,
	"oa_send_template": (*event).ours,

	"follow":             (*event).follow,
	"unfollow":           (*event).unfollow,
	"user_click_chatnow": (*event).chatNow,
	"user_submit_info":   (*event).submitted,
	"user_withdraw":      (*event).withdrawn,
}

// silent are the other events that we know: of no use to us.
var silent = strings.Fields(`
	user_received_message user_seen_message user_reacted_message oa_reacted_message update_user_info
	add_user_to_tag remove_user_from_tag remove_tag
	widget_interaction_accepted widget_failed_to_sync_user_external_id shop_has_order
	oa_send_consent user_reply_consent user_call_oa oa_call_user
	create_group user_join_group user_request_join_group accept_request_join_group react_request_join_group
	reject_request_join_group add_group_admin remove_group_admin update_group_info user_out_group user_leave_group delete_group
	change_template_status change_template_quality change_template_quota change_oa_daily_quota change_oa_template_tags
	user_feedback user_click_response_button event_journey_acknowledged event_journey_time_out
	extension_purchased permission_revoked`)

// families are beginnings of names of more: what is said in groups and by
// anonymous visitors of a web page.
var families = []string{"user_send_group", "oa_send_group", "anonymous_send", "oa_send_anonymous"}

// eventLabel is an event's name for the metrics, one of a bounded number.
func eventLabel(name string) string {
	if events[name] != nil || slices.Contains(silent, name) {
		return name
	}
	for _, f := range families {
		if strings.HasPrefix(name, f+"_") {
			return f
		}
	}
	return "unknown"
}

// said begins a message of the person; one that has only words is words.
func (e *event) said(kind bot.Kind) bot.Message {
	m := e.message(e.Recipient.ID, e.Sender.ID, kind)
	m.Text = bot.Clean(string(e.Message.Text))
	return m
}

// data is what a button of ours sends, an answer's code or a wish with what it is
// about, in any words: a tap arrives as a text (section 4), and anybody can type
// one, so it is trusted no more than a text.
var data = regexp.MustCompile(`(?s)^#(a[0-9a-z]+\.\S+|w[0-9A-Za-z_]+\..*)$`)

func (e *event) text() []bot.Message {
	m := e.said(bot.KindText)
	if tap := data.FindStringSubmatch(m.Text); tap != nil && len(tap[1]) <= bot.MaxData {
		m.Kind, m.Text, m.Data = bot.KindTap, "", tap[1]
	}
	return []bot.Message{m}
}

// photos reads one picture or several: each is a message of its own, tied to
// the others by the album. Pictures of an album may also come one by one, tied
// by the platform's album id.
func (e *event) photos() []bot.Message {
	var out []bot.Message
	for _, a := range e.Message.Attachments {
		files := a.file("")
		if files == nil || len(out) == maxAttachments {
			continue
		}
		m := e.said(bot.KindPhoto)
		m.Files = files
		m.Album = bot.Clean(string(a.Payload.Album))
		if m.Album == "" && len(e.Message.Attachments) > 1 {
			m.Album = m.Delivery
		}
		if n := len(out); n > 0 {
			m.Text = ""
			m.Delivery = fmt.Sprintf("%s+%d", m.Delivery, n)
		}
		out = append(out, m)
	}
	if out == nil {
		return e.other()
	}
	return out
}

// maxAttachments bounds what one event can make us store.
const maxAttachments = 50

// file is an attachment that can be fetched; nil: there is no address in it.
func (a *attachment) file(mime string) []bot.File {
	u, err := url.Parse(string(a.Payload.URL))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(a.Payload.URL) > 2048 {
		return nil
	}
	return []bot.File{{Channel: Name, ID: u.String(), Type: mime, Size: max(a.Payload.Size.n, 0)}}
}

// first is what a message carries; only pictures come several at a time.
func (e *event) first() *attachment {
	if len(e.Message.Attachments) == 0 {
		return &attachment{}
	}
	return &e.Message.Attachments[0]
}

// link reads a link, which may be a business card; with words it is words.
func (e *event) link() []bot.Message {
	var card struct {
		Phone text `json:"phone"`
	}
	switch {
	case json.Unmarshal([]byte(e.first().Payload.Description), &card) == nil && card.Phone != "":
		return e.card()
	case e.Message.Text != "":
		return e.text()
	}
	return e.other()
}

// card reads a business card: somebody's number, never proof that it is the
// sender's own.
func (e *event) card() []bot.Message {
	return []bot.Message{e.message(e.Recipient.ID, e.Sender.ID, bot.KindContact)}
}

func (e *event) voice() []bot.Message {
	m := e.said(bot.KindVoice)
	m.Files = e.first().file("")
	return []bot.Message{m}
}

func (e *event) other() []bot.Message { return []bot.Message{e.said(bot.KindOther)} }

// types are the MIME types of files by the ending that the platform tells; a
// picture sent as a file is a photo.
var types = map[string]string{
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "heic": "image/heic",
	"pdf": "application/pdf", "doc": "application/msword", "csv": "text/csv",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xls":  "application/vnd.ms-excel",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func (e *event) files() []bot.Message {
	m := e.said(bot.KindFile)
	mime := types[strings.ToLower(string(e.first().Payload.Type))]
	m.Files = e.first().file(mime)
	switch {
	case m.Files == nil:
		return e.other()
	case strings.HasPrefix(mime, "image/"):
		m.Kind = bot.KindPhoto
	default:
		m.Files[0].Name = bot.CleanName(string(e.first().Payload.Name))
	}
	return []bot.Message{m}
}

// location reads a place; its coordinates are strings (section 13.7).
func (e *event) location() []bot.Message {
	m := e.said(bot.KindOther)
	at := e.first().Payload.Coordinates
	lat, err1 := strconv.ParseFloat(string(at.Latitude), 64)
	lon, err2 := strconv.ParseFloat(string(at.Longitude), 64)
	if err1 == nil && err2 == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 { // and so not NaN
		m.Kind, m.Place = bot.KindLocation, &bot.Location{Latitude: lat, Longitude: lon}
	}
	return []bot.Message{m}
}

// ours reads a message to the person: an officer's, by hand, or our own, which
// proves that it arrived and is never taken for input (section 13.5).
func (e *event) ours() []bot.Message {
	m := e.message(e.Sender.ID, e.Recipient.ID, bot.KindOperator)
	if e.Sender.Admin == "" {
		m.Kind, m.Text = bot.KindEcho, bot.Clean(string(e.Message.Text))
	}
	return []bot.Message{m}
}

func (e *event) follow() []bot.Message {
	return []bot.Message{e.message(e.OA, e.Follower.ID, bot.KindStart)}
}

// unfollow stops what the bot says on its own; a person who writes again is
// answered (section 13.8), as one who blocked us and came back.
func (e *event) unfollow() []bot.Message {
	return []bot.Message{e.message(e.OA, e.Follower.ID, bot.KindBlocked)}
}

func (e *event) chatNow() []bot.Message {
	return []bot.Message{e.message(e.OA, e.User, bot.KindStart)}
}

// submitted reads the answer to the request for a phone number and an address,
// in the form of today or of before 2025 (section 13.8).
func (e *event) submitted() []bot.Message {
	m := e.message(e.Recipient.ID, e.Sender.ID, bot.KindContact)
	m.Phone = bot.Clean(string(e.Info.Phone))
	i := e.Info
	m.Text = address(i.Full.Address, i.Full.Ward, i.Full.City)
	if m.Text == "" {
		m.Text = address(i.Address, i.Ward, i.District, i.City)
	}
	if m.Phone == "" && m.Text == "" { // only a name: not a contact, and not somebody else's
		m.Kind = bot.KindOther
	}
	return []bot.Message{m}
}

func address(lines ...text) string {
	var said []string
	for _, l := range lines {
		if s := bot.Clean(string(l)); s != "" {
			said = append(said, s)
		}
	}
	return bot.Clean(strings.Join(said, ", "))
}

func (e *event) withdrawn() []bot.Message {
	return []bot.Message{e.message(e.OA, e.User, bot.KindWithdrawn)}
}
