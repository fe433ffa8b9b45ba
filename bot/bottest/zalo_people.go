package bottest

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// What people do, each a new event (reference zalo.md sections 13.4 to 13.8).
// What counts as an interaction opens the window, whether or not the event is
// delivered.

// interact notes that somebody did something, now.
func (f *Zalo) interact(user string) *zaloPerson {
	p := f.person(user)
	p.wrote = f.Now()
	return p
}

// send is a message of somebody.
func (f *Zalo) send(user, kind string, content ...field) ZaloEvent {
	f.mu.Lock()
	f.interact(user)
	id := f.messageID()
	f.authors[id] = user
	f.mu.Unlock()
	return f.Event("user_send_"+kind, field{"user_id_by_app", "9" + user}, field{"sender", fields{{"id", user}}},
		field{"recipient", fields{{"id", f.OAID}}}, field{"message", append(fields{{"msg_id", id}}, content...)})
}

// said is the text of a message; none is written when it is empty.
func said(text string, more ...field) []field {
	if text != "" {
		return append([]field{{"text", text}}, more...)
	}
	return more
}

func attached(kind string, payload ...field) field {
	return attachments(fields{{"type", kind}, {"payload", fields(payload)}})
}

// Text is something typed; a tap on a button is its payload typed.
func (f *Zalo) Text(user, text string) ZaloEvent {
	return f.send(user, "text", field{"text", text})
}

// Quote is something typed below an earlier message.
func (f *Zalo) Quote(user, text, message string) ZaloEvent {
	return f.send(user, "text", field{"text", text}, field{"quote_msg_id", message})
}

// stored makes content fetchable under a new name and returns its link.
func (f *Zalo) stored(name string, content []byte) string {
	f.mu.Lock()
	name = fmt.Sprintf("%d-%s", f.number(), name)
	f.mu.Unlock()
	return f.Keep(name, content)
}

// Image is a photo, fetchable.
func (f *Zalo) Image(user, caption string, content []byte) ZaloEvent {
	link := f.stored("photo.jpg", content)
	return f.send(user, "image", said(caption, attached("image", field{"thumbnail", link}, field{"url", link}))...)
}

// Album are photos sent together, an event each.
func (f *Zalo) Album(user string, photos ...[]byte) []ZaloEvent {
	var all []ZaloEvent
	for _, a := range f.album(photos) {
		all = append(all, f.send(user, "image", attachments(a)))
	}
	return all
}

// AlbumAtOnce are photos sent together, in one event.
func (f *Zalo) AlbumAtOnce(user, caption string, photos ...[]byte) ZaloEvent {
	return f.send(user, "image", said(caption, attachments(f.album(photos)...))...)
}

func (f *Zalo) album(photos [][]byte) []any {
	f.mu.Lock()
	id := fmt.Sprintf("album-%d", f.number())
	f.mu.Unlock()
	var all []any
	for i, content := range photos {
		all = append(all, f.inAlbum(id, i+1, len(photos), content))
	}
	return all
}

func (f *Zalo) inAlbum(id string, number, total int, content []byte) fields {
	link := f.stored("photo.jpg", content)
	return fields{{"type", "multi_image"}, {"payload", fields{{"thumbnail", link}, {"url", link}, {"album_id", id},
		{"id_in_album", strconv.Itoa(number)}, {"total_item_in_album", strconv.Itoa(total)}}}}
}

// GIF is a moving picture.
func (f *Zalo) GIF(user string, content []byte) ZaloEvent {
	link := f.stored("moving.gif", content)
	return f.send(user, "gif", attached("gif", field{"thumbnail", link}, field{"url", link}))
}

// Link is an address with its preview.
func (f *Zalo) Link(user, address string) ZaloEvent {
	return f.send(user, "link", field{"text", address}, attached("link", field{"thumbnail", f.FilesURL + "/preview.jpg"},
		field{"description", "một trang"}, field{"url", address}))
}

// Audio is a voice message, fetchable.
func (f *Zalo) Audio(user string, content []byte) ZaloEvent {
	return f.send(user, "audio", attached("audio", field{"url", f.stored("voice.amr", content)}))
}

// Video is a video.
func (f *Zalo) Video(user string) ZaloEvent {
	return f.send(user, "video", attached("video", field{"url", f.FilesURL + "/video.mp4"},
		field{"thumbnail", f.FilesURL + "/video.jpg"}, field{"description", ""}))
}

// Sticker is a sticker.
func (f *Zalo) Sticker(user string) ZaloEvent {
	return f.send(user, "sticker", attached("sticker", field{"url", f.FilesURL + "/sticker.png"}, field{"id", "46958"}))
}

// Location is a point on the map; place is its name, if the app knows it.
func (f *Zalo) Location(user string, latitude, longitude float64, place string) ZaloEvent {
	degrees := func(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
	return f.send(user, "location", said(place, attached("location", field{"coordinates",
		fields{{"latitude", degrees(latitude)}, {"longitude", degrees(longitude)}}}))...)
}

// Card is a business card: somebody's number, not proof that it is the sender's.
func (f *Zalo) Card(user, phone string) ZaloEvent {
	about := fmt.Sprintf(`{"phone":%q,"qrCodeUrl":%q}`, phone, f.FilesURL+"/qr.png")
	return f.send(user, "business_card", attached("link", field{"thumbnail", f.FilesURL + "/card.jpg"},
		field{"description", about}, field{"url", "https://zaloapp.com/card"}))
}

// File is a document.
func (f *Zalo) File(user, name string, content []byte) ZaloEvent {
	sum := md5.Sum(content)
	_, ext, _ := strings.Cut(name, ".")
	return f.send(user, "file", attached("file", field{"url", f.stored(name, content)}, field{"size", strconv.Itoa(len(content))},
		field{"name", name}, field{"checksum", hex.EncodeToString(sum[:])}, field{"type", ext}))
}

// Follow is somebody beginning to follow the account, Unfollow ending it.
func (f *Zalo) Follow(user string) ZaloEvent {
	f.mu.Lock()
	f.interact(user).follows = true
	f.mu.Unlock()
	return f.Event("follow", field{"oa_id", f.OAID}, field{"user_id_by_app", "9" + user}, field{"follower", fields{{"id", user}}},
		field{"source", "oa_profile"})
}

// Unfollow is somebody ceasing to follow the account; it does not close the window.
func (f *Zalo) Unfollow(user string) ZaloEvent {
	f.mu.Lock()
	f.person(user).follows = false
	f.mu.Unlock()
	return f.Event("unfollow", field{"oa_id", f.OAID}, field{"user_id_by_app", "9" + user}, field{"follower", fields{{"id", user}}},
		field{"source", "zalo"})
}

// ChatNow is the button that opens the first chat.
func (f *Zalo) ChatNow(user string) ZaloEvent {
	f.mu.Lock()
	f.interact(user)
	f.mu.Unlock()
	return f.aboutUser("user_click_chatnow", user)
}

// Withdraw is somebody using the platform's form to take back their consent.
func (f *Zalo) Withdraw(user string) ZaloEvent { return f.aboutUser("user_withdraw", user) }

func (f *Zalo) aboutUser(name, user string) ZaloEvent {
	return f.Event(name, field{"oa_id", f.OAID}, field{"user_id", user}, field{"user_id_by_app", "9" + user})
}

// SubmitInfo is the answer to a request for information.
func (f *Zalo) SubmitInfo(user, phone string) ZaloEvent {
	return f.submit(user, phone, fields{{"name", "Lý Thị Mẩy"}, {"phone", phone}, {"user_dob", "30/10/1990"}, {"gender", "Nữ"},
		{"full_address", fields{{"user_city", "Lào Cai"}, {"user_ward", "Xã Mường Khương"}, {"user_address", "Thôn Na Nối"}}}})
}

// SubmitInfoOld is the same as it was before 2025: flat, the number a number.
func (f *Zalo) SubmitInfoOld(user string, phone int64) ZaloEvent {
	return f.submit(user, fmt.Sprint(phone), fields{{"address", "Thôn Na Nối"}, {"phone", phone}, {"city", "Lào Cai"},
		{"district", "Mường Khương"}, {"ward", "Thị trấn Mường Khương"}, {"name", "Lý Thị Mẩy"}})
}

func (f *Zalo) submit(user, phone string, info fields) ZaloEvent {
	f.mu.Lock()
	f.interact(user).info = map[string]string{"phone": phone, "name": "Lý Thị Mẩy"}
	f.mu.Unlock()
	return f.Event("user_submit_info", field{"sender", fields{{"id", user}}}, field{"recipient", fields{{"id", f.OAID}}},
		field{"info", info})
}

// Operator is an officer writing by hand, in the account's own tool.
func (f *Zalo) Operator(user, text string) ZaloEvent {
	f.mu.Lock()
	id := f.messageID()
	f.mu.Unlock()
	return f.Event("oa_send_text", field{"sender", fields{{"id", f.OAID}, {"admin_id", "5550001112223334445"}}},
		field{"recipient", fields{{"id", user}}}, field{"message", fields{{"msg_id", id}, {"text", text}}})
}

// Received is the receipt of a message.
func (f *Zalo) Received(user, message string) ZaloEvent {
	return f.receipt("user_received_message", user, field{"msg_id", message})
}

// Seen is the receipt of messages somebody looked at.
func (f *Zalo) Seen(user string, messages ...any) ZaloEvent {
	return f.receipt("user_seen_message", user, field{"msg_ids", messages})
}

func (f *Zalo) receipt(name, user string, message field) ZaloEvent {
	return f.Event(name, field{"sender", fields{{"id", f.OAID}}}, field{"recipient", fields{{"id", user}}},
		field{"message", fields{message}})
}

// Reacted is a reaction to a message.
func (f *Zalo) Reacted(user, message, icon string) ZaloEvent {
	return f.Event("user_reacted_message", field{"sender", fields{{"id", user}}}, field{"recipient", fields{{"id", f.OAID}}},
		field{"message", fields{{"msg_id", message}, {"react_icon", icon}}})
}
