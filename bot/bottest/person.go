package bottest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
)

// messages are what a line of the person sends.
func (p *player) messages(line string) []bot.Message {
	if p.w.Typed != nil {
		line = p.w.Typed(line)
	}
	if label, ok := strings.CutPrefix(line, "["); ok {
		label = strings.TrimSuffix(label, "]")
		for _, o := range slices.Backward(p.choices()) {
			if o.Title() == label || o.Label == label || o.Number == label || p.w.loose {
				return []bot.Message{{Kind: bot.KindTap, Data: o.Data, Text: o.Title()}}
			}
		}
		p.t.Fatalf("no button %q was shown", label)
	}
	if what, ok := strings.CutPrefix(line, "("); ok && strings.HasSuffix(line, ")") {
		what = strings.TrimSuffix(what, ")")
		word, rest, _ := strings.Cut(what, ": ")
		photo := func(n int) bot.File {
			return bot.File{Channel: p.chat.Channel, ID: fmt.Sprintf("photo-%d-%d", p.posted, n), Type: "image/jpeg"}
		}
		switch word {
		case "ảnh":
			return []bot.Message{{Kind: bot.KindPhoto, Files: []bot.File{photo(1)}, Text: rest}}
		case "bắt đầu":
			return []bot.Message{{Kind: bot.KindStart, Data: rest}}
		case "nút": // one that was forged
			return []bot.Message{{Kind: bot.KindTap, Data: rest}}
		case "ghi âm":
			return []bot.Message{{Kind: bot.KindVoice}}
		case "vị trí":
			return []bot.Message{{Kind: bot.KindLocation, Place: &bot.Location{Latitude: 22.5, Longitude: 104}}}
		case "hình dán", "video":
			return []bot.Message{{Kind: bot.KindOther}}
		case "sửa tin":
			return []bot.Message{{Kind: bot.KindEdited, Text: rest}}
		case "số của tôi":
			return []bot.Message{{Kind: bot.KindContact, Phone: rest}}
		case "số của người khác":
			return []bot.Message{{Kind: bot.KindContact}}
		case "chặn":
			return []bot.Message{{Kind: bot.KindBlocked}}
		case "bỏ chặn":
			return []bot.Message{{Kind: bot.KindUnblocked}}
		case "rút đồng ý":
			return []bot.Message{{Kind: bot.KindWithdrawn}}
		case "cán bộ nhắn":
			return []bot.Message{{Kind: bot.KindOperator, Text: rest}}
		}
		if name, ok := strings.CutPrefix(word, "tệp "); ok {
			return []bot.Message{{Kind: bot.KindFile, Files: []bot.File{{Channel: p.chat.Channel, ID: name, Name: name}}, Text: rest}}
		}
		if n, ok := strings.CutSuffix(word, " ảnh"); ok { // an album
			count, err := strconv.Atoi(n)
			if err != nil {
				p.t.Fatalf("what is (%s)?", what)
			}
			var all []bot.Message
			for i := range count {
				all = append(all, bot.Message{Kind: bot.KindPhoto, Files: []bot.File{photo(i)}, Album: strconv.Itoa(p.posted)})
			}
			return all
		}
		p.t.Fatalf("what is (%s)?", what)
	}
	if strings.Contains(line, `\`) {
		s, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		if err != nil {
			p.t.Fatalf("> %s: %v", line, err)
		}
		line = s
	}
	if s, n, ok := strings.Cut(line, " ×"); ok { // a long text
		times, _ := strconv.Atoi(n)
		line = strings.Repeat(s, times)
	}
	return []bot.Message{{Kind: bot.KindText, Text: line}}
}

// choices are the options a person was shown, the latest last. On a real channel
// they are those of the journal, for not all are drawn as buttons.
func (p *player) choices() []bot.Option {
	if p.on == "" {
		return p.options[p.chat]
	}
	past, err := p.db.After(context.Background(), p.chat, 0, math.MaxInt32)
	if err != nil {
		p.t.Fatal(err)
	}
	var all []bot.Option
	for _, turn := range past {
		for _, r := range turn.Replies {
			all = append(all, r.Options...)
		}
	}
	return all
}

// drawn tells whether a person saw a button for a tap, and what it sends: its
// data, or its label when that is empty.
func (p *player) drawn(m bot.Message) (data string, ok bool) {
	for _, o := range slices.Backward(p.options[m.Chat]) {
		if o.Data == m.Data || o.Data == "" && o.Title() == m.Text {
			return o.Data, true
		}
	}
	return m.Data, false
}
