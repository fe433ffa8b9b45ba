package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"lensan/bot"
)

var menu = bot.Reply{Text: "Anh/chị cần việc gì ạ?", Question: true, Options: []bot.Option{
	{Number: "1", Label: "Sản phẩm và hồ sơ OCOP", Data: "1:1"}, {Number: "2", Label: "Lớp tập huấn", Data: "1:2"},
	{Number: "3", Label: "Gian hàng trên mạng", Data: "1:3"}, {Number: "4", Label: "Nhận tiền qua điện thoại", Data: "1:4"},
	{Number: "5", Label: "Đóng gói, nhãn, gửi hàng", Data: "1:5"}, {Number: "9", Label: "Gặp cán bộ", Data: "1:9"},
}}

// talk answers like the bot, in few words.
func talk(m bot.Message) []bot.Reply {
	switch {
	case m.Kind == bot.KindStart:
		return []bot.Reply{{Text: "Chào anh/chị. Đây là Trợ lý OCOP của Văn phòng Điều phối Nông thôn mới.\nAnh/chị gõ có dấu hay không dấu đều được ạ."}, menu}
	case m.Kind == bot.KindPhoto:
		return nil // the answer comes after the last photo
	case m.Kind == bot.KindFile:
		return []bot.Reply{{Text: "Đã nhận " + m.Files[0].Name}}
	case m.Data == "1:1":
		return []bot.Reply{{Text: "Tên sản phẩm là gì ạ? Ví dụ: Miến đao Quy Mông", Question: true}}
	case m.Kind == bot.KindTap:
		return []bot.Reply{{Text: "Anh/chị đã chọn: " + m.Text}, menu}
	case strings.HasPrefix(m.Text, "http"):
		return []bot.Reply{{Text: "Xem ở " + m.Text + "."}}
	default:
		return []bot.Reply{{Text: "Trợ lý ghi là " + m.Text + ", đúng không ạ?", Question: true, Options: []bot.Option{
			{Number: "1", Label: "Đúng", Data: "2:1"}, {Number: "2", Label: "Sửa", Data: "2:2"}, {Number: "3", Label: "Bỏ", Data: "2:3"},
		}}}
	}
}

// bubbles are what the page must show, from the journal.
func (h *house) bubbles() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var bubbles []string
	for _, turns := range h.turns {
		for _, p := range turns {
			switch {
			case p.File != "":
				bubbles = append(bubbles, "Anh/chị: Tệp "+p.File+p.Said)
			case p.Photos > 0:
				bubbles = append(bubbles, "Anh/chị: Ảnh đã gửi"+p.Said)
			case p.Said != "":
				bubbles = append(bubbles, "Anh/chị: "+p.Said)
			}
			for _, r := range p.Replies {
				switch {
				case r.File != nil && strings.HasPrefix(r.File.Type, "image/"):
					bubbles = append(bubbles, "Trợ lý: ")
				case r.File != nil:
					bubbles = append(bubbles, "Trợ lý: "+r.File.Name+" (1,3 MB)")
				}
				if r.Text != "" {
					bubbles = append(bubbles, "Trợ lý: "+r.Text)
				}
			}
		}
	}
	return bubbles
}

// person is the only chat there is.
func (h *house) person() (chat bot.Chat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for chat = range h.turns {
	}
	return chat
}

func newTalk(t *testing.T) *house {
	h := newHouse(t, func(c *Config) { c.Demo = true })
	h.answer = talk
	return h
}

// same waits until the service has so many messages, and then until the page
// shows its journal: all of it, in order, nothing twice and nothing waiting.
func (b *tab) same(h *house, messages int) {
	b.Helper()
	b.wait(fmt.Sprintf("the service has %d messages", messages), func() bool { return len(h.messages()) >= messages })
	b.wait("nothing waits and as many bubbles as in the journal", func() bool {
		return value[int](b, "document.querySelectorAll('.pending').length") == 0 && len(b.bubbles()) >= len(h.bubbles())
	})
	if diff := cmp.Diff(h.bubbles(), b.bubbles()); diff != "" {
		b.Errorf("%s: the page does not show the journal (-journal +page):\n%s", b.size, diff)
	}
	if got := len(h.messages()); got != messages {
		b.Errorf("%s: the service has %d messages, want %d", b.size, got, messages)
	}
}

// whole checks what holds for the page at any time: nothing to scroll sideways,
// nothing too small for a thumb, and text that can be read.
func (b *tab) whole() {
	b.Helper()
	for _, fault := range value[[]string](b, faults) {
		b.Errorf("%s: %s", b.size, fault)
	}
}

const faults = `(() => {
	const faults = [];
	for (const e of [document.documentElement, document.getElementById('log')]) {
		if (e.scrollWidth > e.clientWidth) faults.push(e.tagName + ' is ' + e.scrollWidth + ' px wide in ' + e.clientWidth);
	}
	for (const e of document.querySelectorAll('button, label.round, textarea, header a')) {
		const r = e.getBoundingClientRect();
		if (r.height < 43.9 || r.width < 43.9) faults.push('too small: ' + e.outerHTML + ' ' + r.width + ' x ' + r.height);
	}
	const light = c => {
		const [r, g, b] = c.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b;
	};
	const behind = e => {
		const c = e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)';
		return c === 'rgba(0, 0, 0, 0)' ? behind(e.parentElement) : c;
	};
	for (const e of document.querySelectorAll('body *')) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
		const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
		if ((a + .05) / (b + .05) < 4.5) faults.push('contrast ' + ((a + .05) / (b + .05)).toFixed(2) + ': ' + e.outerHTML);
	}
	return faults;
})()`

func TestTalkInABrowser(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{360, 640}, {1280, 800}} {
		h := newTalk(t)
		b := openPage(t, h, size[0], size[1])
		b.until("document.querySelectorAll('.choices button:enabled').length === 6")
		b.same(h, 1)
		b.whole()
		b.shot("1-greeting")

		b.tap("Sản phẩm và hồ sơ OCOP")
		b.until("!document.querySelector('.choices button:enabled')")
		b.say("Gạo Séng Cù")
		b.tap("Sửa")
		b.same(h, 4)
		if enabled := value[int](b, "document.querySelectorAll('.choices button:enabled').length"); enabled != 6 {
			t.Errorf("%s: %d buttons are active, want the 6 of the last question", b.size, enabled)
		}
		if value[string](b, "document.activeElement.tagName") == "BODY" {
			t.Errorf("%s: the focus is lost", b.size)
		}
		b.say("https://ocop.example/" + strings.Repeat("rat-dai-", 20) + "?x=<b>1</b>")
		b.say("&lt;script&gt;alert(1)&lt;/script&gt; <img src=x onerror=alert(1)>")
		b.same(h, 6)
		b.whole()
		if value[int](b, "document.querySelectorAll('#log a').length") != 2 || value[int](b, "document.querySelectorAll('#log img, #log b').length") != 0 {
			t.Errorf("%s: the links of two bubbles, and no markup, were to be shown", b.size)
		}
		b.shot("2-talk")

		b.do(chromedp.Reload())
		b.same(h, 6)
		b.whole()
	}
}

func TestKeyboardInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 360, 640)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")

	var order []string
	for range 12 {
		b.do(chromedp.KeyEvent(kb.Tab))
		order = append(order, value[string](b, "document.activeElement.id || document.activeElement.textContent"))
		if !value[bool](b, `(e => getComputedStyle(e.type === 'file' ? e.nextElementSibling : e).outlineStyle === 'solid')(document.activeElement)`) {
			t.Errorf("the focus on %s cannot be seen", order[len(order)-1])
		}
		if order[len(order)-1] == "3 Gian hàng trên mạng" {
			b.shot("3-focus")
		}
	}
	want := []string{"English", "log", "1 Sản phẩm và hồ sơ OCOP", "2 Lớp tập huấn", "3 Gian hàng trên mạng", "4 Nhận tiền qua điện thoại",
		"5 Đóng gói, nhãn, gửi hàng", "9 Gặp cán bộ", "photo", "file", "text", "send"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("focus order (-want +got):\n%s", diff)
	}

	// From the field back to the last button, press it, and on to the next question.
	for range 4 {
		b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	}
	b.do(enter)
	b.until("document.querySelectorAll('.choices').length === 2")
	if got := value[string](b, "document.activeElement.id"); got != "log" {
		t.Errorf("after a choice the focus is on %q, want the conversation", got)
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := value[string](b, "document.activeElement.textContent"); got != "1 Sản phẩm và hồ sơ OCOP" {
		t.Errorf("after a choice Tab goes to %q, want the new question's first button", got)
	}
	b.do(chromedp.KeyEvent(" "))
	b.same(h, 3)
	b.do(chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("Gạo"), enter)
	b.same(h, 4)
}

// The line breaks while both sides speak; nothing is lost and nothing comes twice.
func TestLineInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 360, 640)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")

	h.swallow.Store(1) // stored, but the page does not learn it from the answer
	b.say("một")
	b.same(h, 2)

	h.down.Store(true)
	h.CloseClientConnections()
	b.tap("Đúng")
	b.say("hai")
	b.say("ba")
	h.elsewhere(h.person(), bot.Past{Replies: []bot.Reply{{Text: "Nhắc anh/chị: mai có lớp tập huấn lúc 8 giờ sáng.", Options: []bot.Option{{Label: "Đi được", Data: "w:1"}, {Label: "Bận", Data: "w:2"}}}}})
	b.until("document.querySelectorAll('.pending').length === 3 && document.getElementById('status').textContent")
	b.whole()
	b.shot("4-offline")

	b.do(chromedp.Reload()) // impatience: what waits is kept
	b.until("document.querySelectorAll('.pending').length === 3 && document.getElementById('status').textContent")
	h.down.Store(false)
	h.swallow.Store(1)
	b.until("document.getElementById('status').textContent === document.body.dataset.reconnected")
	b.same(h, 5)
	b.shot("5-reconnected")
	if value[int](b, "Object.keys(localStorage).length") != 0 {
		t.Error("something is still kept for sending")
	}

	// The buttons of what the bot said on its own stay good, the question's go.
	if enabled := value[string](b, "[...document.querySelectorAll('.choices button:enabled')].map(b => b.textContent).join()"); enabled != "Đi được,Bận,1 Đúng,2 Sửa,3 Bỏ" {
		t.Errorf("active buttons: %s", enabled)
	}

	h.channel.streams.close() // a replica stops
	h.channel.streams.mu.Lock()
	h.channel.streams.closed = false // and another one is there
	h.channel.streams.mu.Unlock()
	b.say("bốn")
	b.same(h, 6)
	value[bool](b, "dispatchEvent(new Event('online'))") // a new line, with the old one open
	h.elsewhere(h.person(), bot.Past{Replies: []bot.Reply{{Text: "Đã có lớp mới."}}})
	b.same(h, 6)

	var said []string
	for _, m := range h.messages() {
		said = append(said, m.Text)
	}
	if diff := cmp.Diff([]string{"", "một", "Đúng", "hai", "ba", "bốn"}, said); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestPhotosInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 360, 640)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")

	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	large, small := write("a.jpg", picture(t, 2400, 1800)), write("b.jpg", picture(t, 300, 400))
	broken := write("c.jpg", []byte("no image at all"))

	h.swallow.Store(1)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{large, small}))
	b.until("document.querySelectorAll('.own img').length === 2")
	b.same(h, 3)
	h.mu.Lock()
	h.add(h.got[0].Chat, bot.Past{Replies: []bot.Reply{{Text: "Trợ lý nhận được 2 ảnh. Cảm ơn anh/chị ạ."}}})
	h.mu.Unlock()
	b.same(h, 3)
	b.whole()
	b.shot("6-photos")

	got := h.messages()[1:]
	if len(got) != 2 || got[0].Album == "" || got[0].Album != got[1].Album {
		t.Fatalf("came: %+v, want two photos of one album", got)
	}
	for i, want := range []image.Point{{1600, 1200}, {300, 400}} {
		h.mu.Lock()
		content := h.files[got[i].Files[0].ID]
		h.mu.Unlock()
		size, format, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || format != "jpeg" || size.Width != want.X || size.Height != want.Y {
			t.Errorf("photo %d: %s of %d x %d (%v), want a jpeg of %v", i, format, size.Width, size.Height, err, want)
		}
	}

	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{broken}))
	b.until("document.querySelector('.refused .state').textContent === document.body.dataset.photoRefused")
	b.say("vẫn nhắn được")
	b.until("document.querySelectorAll('.choices button:enabled').length === 3")
	if got := b.bubbles(); got[len(got)-1] != "Trợ lý: Trợ lý ghi là vẫn nhắn được, đúng không ạ?" {
		t.Errorf("the last bubble is %q, not the answer: a refused photo holds its place", got[len(got)-1])
	}
	b.whole()
	b.shot("7-refused")
}

// A deep link's parameter is a start of its own, once; the page speaks English
// when asked to, and so does its message.
func TestLinkInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 360, 640)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")
	for range 2 {
		b.do(chromedp.Navigate(h.URL + "/chat?lang=en&start=K7-abc"))
		b.until("document.querySelectorAll('.choices').length === 2")
	}
	b.shot("8-english")
	got := h.messages()
	if len(got) != 2 || got[0].Data != "" || got[0].Lang != "vi" || got[1].Data != "K7-abc" || got[1].Lang != "en" {
		t.Errorf("came: %+v, want a start, and one with the parameter", got)
	}
}

// A page whose cookie went away gets a new one; what was typed is not lost.
func TestStrangerInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 360, 640)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")
	clear := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
	b.do(clear)
	b.say("còn đây")
	b.until("document.querySelectorAll('#log .bubble').length === 2")
	if value[string](b, "document.querySelector('#log .bubble').textContent") != "Anh/chị: còn đây" {
		t.Error("the text typed before is not the new chat's first")
	}
}
