package bottest

import (
	"cmp"
	"fmt"
	"mime"
	"path"
	"time"
)

// TelegramUpdate is an update as Telegram posts it.
type TelegramUpdate map[string]any

// Updates from a person in their private chat, whose id is the person's. Each
// has a new update_id.

// Text is something typed; a command carries its entity.
func (f *Telegram) Text(chat int64, text string) TelegramUpdate {
	m := f.message(chat, "text", text)
	if text != "" && text[0] == '/' {
		n := len(text)
		for i, r := range text {
			if r == ' ' || r == '\n' {
				n = i
				break
			}
		}
		m["entities"] = []any{map[string]any{"type": "bot_command", "offset": 0, "length": n}}
	}
	return f.update("message", m)
}

// Start is the Start button; with a parameter it is a deep link.
func (f *Telegram) Start(chat int64, parameter string) TelegramUpdate {
	if parameter != "" {
		parameter = " " + parameter
	}
	return f.Text(chat, "/start"+parameter)
}

// Tap is a button pressed under one of our messages.
func (f *Telegram) Tap(chat int64, data string) TelegramUpdate {
	m := f.message(chat, "text", "?")
	m["from"] = map[string]any{"id": 110201543, "is_bot": true, "first_name": "Lên Sàn"}
	u := f.update("callback_query", map[string]any{
		"from": telegramPerson(chat), "message": m, "chat_instance": "-8394847", "data": data,
	})
	u["callback_query"].(map[string]any)["id"] = fmt.Sprintf("tap-%d", u["update_id"])
	return u
}

// Photo is a photo, fetchable, in two sizes in no good order.
func (f *Telegram) Photo(chat int64, caption string, content []byte) TelegramUpdate {
	m := f.message(chat, "caption", caption)
	id := fmt.Sprintf("photo-%d", m["message_id"])
	f.Keep(id, content)
	m["photo"] = []any{
		map[string]any{"file_id": id, "file_unique_id": "u" + id, "width": 1280, "height": 960, "file_size": len(content)},
		map[string]any{"file_id": id + "-small", "file_unique_id": "s" + id, "width": 90, "height": 67, "file_size": 1200},
	}
	return f.update("message", m)
}

// Document is a file, fetchable.
func (f *Telegram) Document(chat int64, caption, name string, content []byte) TelegramUpdate {
	m := f.message(chat, "caption", caption)
	id := fmt.Sprintf("document-%d", m["message_id"])
	f.Keep(id, content)
	m["document"] = map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_name": name,
		"mime_type": cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"), "file_size": len(content)}
	return f.update("message", m)
}

// Album gives photos one album.
func (f *Telegram) Album(id string, photos ...TelegramUpdate) []TelegramUpdate {
	for _, u := range photos {
		u["message"].(map[string]any)["media_group_id"] = id
	}
	return photos
}

// Contact is a shared phone number; the person's own if owner is the chat.
func (f *Telegram) Contact(chat int64, phone string, owner int64) TelegramUpdate {
	return f.update("message", f.message(chat, "contact",
		map[string]any{"phone_number": phone, "first_name": "Lan", "user_id": owner}))
}

// Location is a point on the map.
func (f *Telegram) Location(chat int64, latitude, longitude float64) TelegramUpdate {
	return f.update("message", f.message(chat, "location",
		map[string]any{"latitude": latitude, "longitude": longitude}))
}

// Voice is a voice message, fetchable.
func (f *Telegram) Voice(chat int64, content []byte) TelegramUpdate {
	m := f.message(chat, "voice", nil)
	id := fmt.Sprintf("voice-%d", m["message_id"])
	f.Keep(id, content)
	m["voice"] = map[string]any{"file_id": id, "file_unique_id": "u" + id, "duration": 3, "mime_type": "audio/ogg", "file_size": len(content)}
	return f.update("message", m)
}

// Sticker stands for everything we cannot read.
func (f *Telegram) Sticker(chat int64) TelegramUpdate {
	return f.update("message", f.message(chat, "sticker", map[string]any{
		"file_id": "sticker", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512, "is_animated": false, "is_video": false}))
}

// Edited is an earlier message with another text.
func (f *Telegram) Edited(chat int64, text string) TelegramUpdate {
	m := f.message(chat, "text", text)
	m["edit_date"] = time.Now().Unix()
	return f.update("edited_message", m)
}

// Blocked is the person blocking the bot; Unblocked, letting it in again.
func (f *Telegram) Blocked(chat int64) TelegramUpdate { return f.member(chat, "member", "kicked") }

// Unblocked is the person letting the bot in again.
func (f *Telegram) Unblocked(chat int64) TelegramUpdate { return f.member(chat, "kicked", "member") }

func (f *Telegram) member(chat int64, before, after string) TelegramUpdate {
	status := func(s string) map[string]any {
		m := map[string]any{"status": s, "user": map[string]any{"id": 110201543, "is_bot": true, "first_name": "Lên Sàn"}}
		if s == "kicked" {
			m["until_date"] = 0
		}
		return m
	}
	f.mu.Lock()
	f.blocked[chat] = after == "kicked"
	f.mu.Unlock()
	return f.update("my_chat_member", map[string]any{
		"chat": map[string]any{"id": chat, "type": "private", "first_name": "Lan"}, "from": telegramPerson(chat),
		"date": time.Now().Unix(), "old_chat_member": status(before), "new_chat_member": status(after),
	})
}

func telegramPerson(id int64) map[string]any {
	return map[string]any{"id": id, "is_bot": false, "first_name": "Lan", "language_code": "vi"}
}

func (f *Telegram) message(chat int64, field string, value any) map[string]any {
	m := map[string]any{
		"message_id": f.nextID(), "date": time.Now().Unix(), "from": telegramPerson(chat),
		"chat": map[string]any{"id": chat, "type": "private", "first_name": "Lan"},
	}
	if value != "" {
		m[field] = value
	}
	return m
}

func (f *Telegram) update(kind string, content map[string]any) TelegramUpdate {
	return TelegramUpdate{"update_id": f.nextID(), kind: content}
}

// nextID numbers messages and updates alike: both only have to grow.
func (f *Telegram) nextID() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lastID++
	return f.lastID
}
