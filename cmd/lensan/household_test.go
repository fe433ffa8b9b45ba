package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"lensan/bot/bottest"
	"lensan/locales"
)

// household is a person on Telegram who registers one product, from the first
// contact to its code.
type household struct {
	number  int
	chat    int64
	name    string
	product string
	photos  int
	hasty   bool // knows the questions and does not wait for each
	random  *rand.Rand
	lines   []line

	code  string        // of the product, as the person was told
	left  bool          // went away when a turn failed
	waits time.Duration // the longest
}

// line is one thing the person does, and the answer to it.
type line struct {
	text      string // typed; empty: photos
	tap       bool   // or the option of that number pressed
	want      string // stands in the answer
	overtaken bool   // the next line was sent before the answer was seen
}

// key is the household's chat as the database names it.
func (h *household) key() string { return "telegram:110201543:" + strconv.FormatInt(h.chat, 10) }

var productCode = regexp.MustCompile(`SP-\d{6}`)

// newHousehold makes up a household. Everything about it follows from the seed
// and its number.
func newHousehold(number int, seed uint64, s *said) *household {
	h := &household{
		number: number, chat: 1_000_000 + int64(number),
		name: "Giàng Thị " + letters(number), product: "Rượu ngô " + letters(number),
		random: rand.New(rand.NewPCG(seed, uint64(number))),
	}
	h.hasty = h.random.IntN(3) == 0
	h.photos = []int{0, 1, 3}[h.random.IntN(3)]
	phone := fmt.Sprintf("09%08d", number)
	noPhoto := "bo qua"
	if h.photos > 0 {
		noPhoto = ""
	}
	h.lines = []line{
		{text: "/start", want: s.hello},
		{text: "khai san pham", want: s.text("consent.ask", nil)},
		{text: "1", tap: true, want: s.text("who.kind.ask", nil)},
		{text: "1", tap: true, want: s.text("who.name.ask", map[string]any{"kind": "household"})},
		{text: h.name, want: s.text("who.place.ask", nil)},
		{text: "ban pho bac ha", want: s.text("who.phone.ask", nil)},
		{text: phone, want: s.text("register.name.ask", nil)},
		{text: h.product, want: s.text("register.group.ask", nil)},
		{text: "2", tap: true, want: s.text("register.place.ask", nil)},
		{text: "1", tap: true, want: s.text("register.yearly.ask", nil)},
		{text: "500 chai", want: s.text("register.photo.ask", nil)},
		{text: noPhoto, want: common(s.confirm(h.product, 0), s.confirm(h.product, 3))},
		{text: "1", tap: true, want: cutCode(s.text("register.done", map[string]any{"name": h.product, "code": "SP-000000"}))},
	}
	return h
}

// photo is what every photo shows.
var photo = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

// letters writes a number with letters: names of people have no digits.
func letters(n int) string {
	const syllables = "ba be bi bo bu da de di do du ga ge gi go gu la le li lo lu ma me mi mo mu na ne ni no nu"
	all := strings.Fields(syllables)
	var words []string
	for range 4 {
		w := all[n%len(all)]
		words = append(words, strings.ToUpper(w[:1])+w[1:])
		n /= len(all)
	}
	return strings.Join(words, " ")
}

// common is what two texts begin with.
func common(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return strings.ToValidUTF8(strings.TrimSpace(a[:n]), "")
}

// cutCode is the text up to the code.
func cutCode(text string) string {
	before, _, _ := strings.Cut(text, "SP-")
	return before
}

// said are the texts of the bot, so that the tests name none.
type said struct {
	t     testing.TB
	texts *locales.Texts
	hello string
}

func newSaid(t testing.TB) *said {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	content, err := locales.LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	s := &said{t: t, texts: texts}
	o := content.Office
	s.hello = s.text("hello", map[string]any{"office": o.Name, "address": o.Address, "phone": o.Phone, "hours": o.Hours, "role": "", "name": ""})
	return s
}

func (s *said) text(id string, vars map[string]any) string {
	text, err := s.texts.Text("vi", id, vars)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(text)
}

func (s *said) confirm(product string, photos int) string {
	return s.text("register.confirm.ask", map[string]any{"name": product, "group": s.text("group.drink", nil),
		"place": "xã Bắc Hà", "yearly": "500 chai", "photos": photos})
}

// aside tells whether an answer only says what became of photos that came late,
// or of what was said before they came.
func (s *said) aside(text string) bool {
	return strings.Contains(text, s.text("bot.photo_unasked", nil)) || strings.Contains(text, s.text("bot.stale_button", nil))
}

// updates are what Telegram delivers for a line.
func (h *household) updates(fake *bottest.Telegram, l line) []bottest.TelegramUpdate {
	switch {
	case l.text == "/start":
		return []bottest.TelegramUpdate{fake.Start(h.chat, "")}
	case l.text == "" && h.photos == 1:
		return []bottest.TelegramUpdate{fake.Photo(h.chat, "", photo)}
	case l.text == "":
		var album []bottest.TelegramUpdate
		for range h.photos {
			album = append(album, fake.Photo(h.chat, "", photo))
		}
		return fake.Album(fmt.Sprint("album-", h.chat), album...)
	case l.tap && !h.hasty && h.random.IntN(2) == 0:
		shown := fake.Sent(h.chat)
		for i := len(shown) - 1; i >= 0; i-- {
			for _, o := range shown[i].Options {
				if strings.HasPrefix(o.Label, l.text+" ") && o.Data != "" {
					return []bottest.TelegramUpdate{fake.Tap(h.chat, o.Data)}
				}
			}
		}
	}
	return []bottest.TelegramUpdate{fake.Text(h.chat, l.text)}
}

// ahead is how many lines are sent before the person looks at an answer.
func (h *household) ahead(at int) int {
	n := 1
	if h.hasty {
		n += h.random.IntN(5)
	}
	for i := range n {
		// An album is answered when no more photos come: words behind it are
		// taken for "that was all", so nobody goes on before the answer.
		if at+i == len(h.lines)-1 || h.lines[at+i].text == "" {
			return i + 1
		}
	}
	return n
}
