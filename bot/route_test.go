package bot_test

import (
	"strconv"
	"strings"
	"testing"

	"lensan/bot"
)

// T7: a second tap, or a tap on an old question, never answers another one.
func TestStaleButtons(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){"three": func(t *bot.Talk) {
		for _, n := range []string{"1", "2", "3"} {
			t.Choose("three/"+n, []string{"a", "b"}, bot.With(bot.Vars{"n": n}))
		}
		t.Say("three.done")
	}})
	w.talk(b, "lan", line{"go three", "three.ask n=1"})
	first := w.button("lan", "b")
	press := func(data, want string) {
		t.Helper()
		n := len(w.said("lan"))
		w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: data})
		equal(t, "tap", w.answer("lan", n), want)
	}
	press(first, "three.ask n=2")
	press(first, "bot.stale_button\n\nthree.ask n=2") // the second tap
	second := w.button("lan", "a")
	press(second, "three.ask n=3")
	press(first, "bot.stale_button\n\nthree.ask n=3")
	press(second, "bot.stale_button\n\nthree.ask n=3")
	for _, forged := range []string{"", "a", "a.", "azzzz.b", "w", "w.x", "wnothing.", "a9999999999999999999.b", strings.Repeat("x", 64)} {
		press(forged, "bot.stale_button\n\nthree.ask n=3")
	}
	w.talk(b, "lan", line{"2", "three.done"}) // and "2" is still what was seen
	press(second, "bot.stale_button")
	equal(t, "failed turns", query[int](w, `select count(*) from turns where outcome = 'failed'`), 0)
}

// T7: two taps on one button at once, and on two replicas, answer once.
func TestTwoTapsAtOnce(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	other := w.start()
	w.talk(b, "lan", line{"go order", "…"}, line{"Lan", "…"})
	data := w.button("lan", "small")
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: data})
	w.post(other, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: data})
	w.rest()
	equal(t, "answers", query[string](w, `select (select string_agg(a->>'name', ' ') from jsonb_array_elements(session->'talk'->'answers') a) from chats`), "order.name order.size")
	w.talk(b, "lan", line{"3", "order.confirm.ask n=3 name=Lan size=small"})
}

// T7: a wish is good at any time; rights and state are checked when it arrives.
func TestWishButton(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){
		"offer": func(t *bot.Talk) { t.Say("offer"); t.Next(bot.Wish{Flow: "seat", Arg: "27"}, bot.Wish{Flow: "menu"}) },
		"seat": func(t *bot.Talk) {
			taken := bot.Do(t, "seat.take", func(tx bot.Tx) (bool, error) { _, err := addPerson(t, "seat "+t.Arg)(tx); return true, err })
			t.Say("seat.done", bot.Vars{"taken": taken, "seat": t.Arg})
		},
	})
	w.talk(b, "lan", line{"go offer", "offer"})
	titles := []string{}
	for _, o := range w.platform.all("lan")[0].Options {
		titles = append(titles, o.Title())
	}
	equal(t, "options", titles, []string{"1 wish.seat", "0 wish.menu"})
	wish := w.button("lan", "1 wish.seat")
	w.talk(b, "lan", line{"1", "seat.done seat=27 taken=true"})
	w.talk(b, "lan", line{"go order", "…"}, line{"Lan", "…order.size.ask"})
	w.emptyRedis()
	n := len(w.said("lan"))
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: wish})
	equal(t, "in the middle of a talk", w.answer("lan", n), "seat.done seat=27 taken=true")
	w.talk(b, "lan", line{"lam tiep", "bot.resume.ask question=order.size.short talk=order.title what=Lan"}, line{"1", "order.nice | order.size.ask"})
}

// T8: words that work everywhere, with and without marks.
func TestWords(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	for _, word := range []string{"0", "menu", "Mục chính", "ve muc chinh", "/menu"} {
		w.talk(b, "lan", line{word, "menu"})
	}
	for _, word := range []string{"9", "gặp cán bộ", "can bo"} {
		w.talk(b, "lan", line{word, "person"})
	}
	w.talk(b, "lan",
		line{"giup", "bot.help"}, line{"trợ giúp", "bot.help"},
		line{"go order", "order.hello | order.name.ask"},
		line{"help", "bot.help | order.name.ask"},
		line{"nhắc lại", "order.hello | order.name.ask"},
		line{"english", "en:bot.language.changed | en:order.name.ask"},
		line{"tieng viet", "bot.language.changed | order.name.ask"},
		line{"0", "menu"}, // the question takes words, not digits
	)
}

// T8: 0 and 9 are commands only where the question takes no digits and lists
// fewer than nine options.
func TestDigitsAreAnswers(t *testing.T) {
	t.Parallel()
	codes := make([]string, 11)
	for i := range codes {
		codes[i] = "c" + strconv.Itoa(i+1)
	}
	w, b := orders(t, map[string]func(*bot.Talk){
		"digits": func(t *bot.Talk) {
			t.Say("digits.done", bot.Vars{"a": t.Number("digits.a", 0, 99), "b": t.Number("digits.b", 0, 99)})
		},
		"nine": func(t *bot.Talk) { t.Say("nine.done", bot.Vars{"a": t.Choose("nine.a", codes)}) },
		"few":  func(t *bot.Talk) { t.Choose("few.a", codes[:8]) },
	})
	w.talk(b, "lan", line{"go digits", "digits.a.ask"}, line{"9", "digits.b.ask"}, line{"0", "digits.done a=9 b=0"})
	w.talk(b, "lan", line{"go nine", "nine.a.ask"}, line{"9", "nine.done a=c9"})
	w.talk(b, "lan", line{"go few", "few.a.ask"}, line{"9", "person"})
	w.talk(b, "lan", line{"go few", "few.a.ask"}, line{"0", "menu"})
}

// T8: DỪNG with a talk open ends the talk; alone it opts out. At a confirmation
// "dung" is "đúng", and DỪNG with its mark still ends; elsewhere "dung" is asked.
func TestStop(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan",
		line{"go order", "…"}, line{"Lan", "…order.size.ask"},
		line{"dung", "bot.stop_or_answer.ask talk=order.title what=Lan text=dung"},
		line{"[stop]", "bot.stopped talk=order.title what=Lan"},
		line{"DUNG", "bot.guess"},
		line{"DỪNG", "quietoff"},
		line{"nhac", "quieton"},
		line{"lam tiep", "bot.resume.ask question=order.size.short talk=order.title what=Lan"},
		line{"[resume]", "order.nice | order.size.ask"},
		line{"1", "…"}, line{"3", "order.confirm.ask…"},
		line{"Dừng", "bot.stopped talk=order.title what=Lan"},
		line{"lam tiep", "…"}, line{"[resume]", "…order.confirm.ask…"},
		line{"dung", "order.saving | order.done id=1 | order.again.ask"},
	)
	equal(t, "records", w.people(), []string{"Lan small 3"})
}

// T9: another wish in the middle of a talk is offered; the half-done talk is
// kept as a draft without expiry, and the next greeting names it.
func TestDraft(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan",
		line{"go order", "…"}, line{"Lan", "…order.size.ask"},
		line{"go join", "bot.switch.ask talk=order.title what=Lan wish=wish.join"},
		line{"[no]", "order.nice | order.size.ask"},
		line{"go join", "bot.switch.ask…"},
		line{"[yes]", "join.name.ask"},
		line{"Minh", "join.done n=1"},
	)
	w.later(60 * 24 * 3600e9) // two months
	w.emptyRedis()
	equal(t, "greeting", w.start1(b, "lan"), "bot.resume.ask question=order.size.short talk=order.title what=Lan")
	w.talk(b, "lan",
		line{"1", "order.nice | order.size.ask"}, line{"1", "order.count.ask"},
		line{"quay lai", "order.size.ask"}, // its answers are there
		line{"go join", "…"}, line{"[yes]", "join.name.ask"}, line{"thoi", "bot.stopped…"},
	)
	equal(t, "greeting", w.start1(b, "lan"), "bot.resume.ask question=order.size.short talk=order.title what=Lan")
	w.talk(b, "lan", line{"[restart]", "order.hello | order.name.ask"}, line{"Hoa", "…"}, line{"0", "menu"})
	equal(t, "greeting", w.start1(b, "lan"), "bot.resume.ask question=order.size.short talk=order.title what=Hoa")
	w.talk(b, "lan", line{"[drop]", "bot.dropped…"})
	equal(t, "greeting", w.start1(b, "lan"), "hello")
}

// T9: words that could be an answer and sound like a wish are asked about, and
// nothing is lost either way.
func TestAnswerOrWish(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan",
		line{"go order", "…"},
		line{"go join", "bot.answer_or_wish.ask text=go join wish=wish.join"},
		line{"1", "order.nice | order.size.ask"}, // it is the name
		line{"1", "…"}, line{"2", "order.confirm.ask n=2 name=go join size=small"},
	)
	w.talk(b, "minh",
		line{"go order", "…"}, line{"go join", "bot.answer_or_wish.ask…"}, line{"2", "join.name.ask"}, line{"Minh", "join.done n=1"})
}

// Outside a talk: what may be a wish is offered, up to three of them.
func TestGuess(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan", line{"perhaps join", "bot.guess"}, line{"1", "join.name.ask"})
}

// T9: with as many drafts as are kept, taking up the oldest while another talk is
// open drops neither.
func TestOldestDraft(t *testing.T) {
	t.Parallel()
	flows := map[string]func(*bot.Talk){}
	names := []string{"one", "two", "three", "four", "five", "six"}
	for _, name := range names {
		flows[name] = func(t *bot.Talk) {
			t.Choose(name+"/1", []string{"a", "b"})
			t.Choose(name+"/2", []string{"a", "b"})
			t.Say(name + ".done")
		}
	}
	w := newWorld(t, flows)
	b := w.start()
	for _, name := range names {
		w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: bot.Wish{Flow: name}.String()})
		w.rest()
		w.ask(b, "lan", "1")
	}
	drafts := `select coalesce((select string_agg(d->>'flow', ' ') from jsonb_array_elements(session->'drafts') d), '') from chats`
	equal(t, "drafts", query[string](w, drafts), "one two three four five")
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindTap, Data: bot.Wish{Flow: "one"}.String()})
	w.rest()
	w.ask(b, "lan", "1") // go on with it
	equal(t, "drafts", query[string](w, drafts), "two three four five six")
	equal(t, "open", query[string](w, `select session->'talk'->>'flow' from chats`), "one")
	equal(t, "done", w.ask(b, "lan", "1"), "one.done")
}
