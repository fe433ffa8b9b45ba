package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
)

// order is a talk with everything in it.
func order(t *bot.Talk) {
	t.Say("order.hello")
	name := t.Text("order.name", 2, 40)
	t.Title(name)
	t.Say("order.nice")
	size := t.Choose("order.size", []string{"small", "large"})
	n := t.Number("order.count", 1, 99)
	if !t.Confirm("order.confirm", bot.Vars{"name": name, "size": size, "n": n}) {
		t.Say("order.dropped")
		return
	}
	t.Say("order.saving")
	id := bot.Do(t, "order.save", addPerson(t, fmt.Sprint(name, " ", size, " ", n)))
	t.Say("order.done", bot.Vars{"id": id})
	again := t.Choose("order.again", []string{"yes", "no"})
	t.Say("order.end", bot.Vars{"again": again})
}

func orders(t *testing.T, flows ...map[string]func(*bot.Talk)) (*world, *replica) {
	t.Helper()
	all := map[string]func(*bot.Talk){"order": order, "join": join}
	for _, f := range flows {
		for name, flow := range f {
			all[name] = flow
		}
	}
	w := newWorld(t, all)
	return w, w.start(func(c *bot.Config) { c.Twice = true })
}

// line is what a chat says and what it is answered.
type line struct{ say, want string }

// talk plays lines: "[x]" is a tap. An answer wanted is all that is said, in one
// message; "…" stands for anything.
func (w *world) talk(r *replica, chat string, lines ...line) {
	w.t.Helper()
	for _, l := range lines {
		var got string
		if strings.HasPrefix(l.say, "[") {
			got = w.press(r, chat, strings.Trim(l.say, "[]"))
		} else {
			got = w.ask(r, chat, l.say)
		}
		want := regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(l.want), "…", ".*") + "$")
		if got = strings.ReplaceAll(strings.ReplaceAll(got, "\n\n", " | "), "\n", " / "); !want.MatchString(got) {
			w.t.Errorf("> %s\n got %s\nwant %s", l.say, got, l.want)
		}
	}
}

// T1: the function runs from the top every time, and what was said before the
// question now answered is not said again.
func TestFromTheTop(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan",
		line{"go order", "order.hello | order.name.ask"},
		line{"Lan", "order.nice | order.size.ask"},
		line{"2", "order.count.ask"},
		line{"3", "order.confirm.ask n=3 name=Lan size=large"},
		line{"1", "order.saving | order.done id=1 | order.again.ask"},
		line{"không", "order.end again=no"},
	)
	equal(t, "records", w.people(), []string{"Lan large 3"})
}

// T1: going back forgets the last answer, and again the one before.
func TestBack(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan",
		line{"go order", "order.hello | order.name.ask"},
		line{"quay lai", "bot.nothing_back | order.name.ask"},
		line{"Lan", "order.nice | order.size.ask"},
		line{"1", "order.count.ask"},
		line{"quay lại", "order.size.ask"},
		line{"back", "order.name.ask"},
		line{"Minh", "order.nice | order.size.ask"},
		line{"2", "order.count.ask"},
		line{"5", "order.confirm.ask n=5 name=Minh size=large"},
		line{"quay lai", "order.count.ask"},
		line{"6", "order.confirm.ask n=6 name=Minh size=large"},
		line{"đúng", "order.saving | order.done id=1 | order.again.ask"},
		line{"quay lai", "bot.nothing_back | …order.again.ask"}, // T5: not above what was done
		line{"có", "order.end again=yes"},
	)
	equal(t, "records", w.people(), []string{"Minh large 6"})
}

// T1: correcting forgets one answer and comes back to the summary.
func TestCorrect(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	summary := "order.confirm.ask n=%d name=%s size=%s"
	w.talk(b, "lan",
		line{"go order", "…"}, line{"Lan", "…"}, line{"1", "…"},
		line{"3", fmt.Sprintf(summary, 3, "Lan", "small")},
		line{"[fix]", "bot.confirm.which"},
		line{"[Order.size.short]", "…order.size.ask"},
		line{"2", fmt.Sprintf(summary, 3, "Lan", "large")},
		line{"sửa order.name.short", "…order.name.ask"}, // said in one go
		line{"Minh", fmt.Sprintf(summary, 3, "Minh", "large")},
		line{"2", "bot.confirm.which"},
		line{"[keep]", fmt.Sprintf(summary, 3, "Minh", "large")},
		line{"không", "bot.confirm.which"},
		line{"3", "order.count.ask"},
		line{"4", fmt.Sprintf(summary, 4, "Minh", "large")},
		line{"dung", "order.saving | order.done id=1 | order.again.ask"}, // T8: at a summary "dung" is "đúng"
	)
	equal(t, "records", w.people(), []string{"Minh large 4"})
	w.talk(b, "hoa", line{"go order", "…"}, line{"Hoa", "…"}, line{"1", "…"}, line{"3", "…"}, line{"[drop]", "order.dropped"})
	equal(t, "records", len(w.people()), 1)
}

// T2: the message goes to the question last asked, and to no other.
func TestWorldChanged(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	w, b := orders(t, map[string]func(*bot.Talk){"class": func(t *bot.Talk) {
		if full.Load() {
			t.Text("class.other", 2, 40)
		}
		t.Say("class.done", bot.Vars{"name": t.Text("class.name", 2, 40)})
	}})
	w.talk(b, "lan", line{"go class", "class.name.ask"})
	full.Store(true)
	w.talk(b, "lan",
		line{"Lan", "class.other.ask"},
		line{"Tuesday", "class.name.ask"},
		line{"Lan", "class.done name=Lan"},
	)
}

// T3: a look-up is kept like an answer, so the talk goes the same way when the
// world changes; going back before it looks again.
func TestKnow(t *testing.T) {
	t.Parallel()
	var looked atomic.Int32
	w, b := orders(t, map[string]func(*bot.Talk){"know": func(t *bot.Talk) {
		one := t.Text("know.one", 1, 40)
		n := bot.Know(t, "know.look", func() (int32, error) { return looked.Add(1), nil })
		if n%2 == 1 {
			t.Text("know.odd", 1, 40)
		} else {
			t.Text("know.even", 1, 40)
		}
		t.Say("know.done", bot.Vars{"n": n, "one": one, "last": t.Text("know.last", 1, 40)})
	}})
	b.stop()
	b = w.start() // without the second run, which would look again
	w.talk(b, "lan",
		line{"go know", "know.one.ask"},
		line{"a", "know.odd.ask"},
		line{"b", "know.last.ask"},
	)
	equal(t, "looked", looked.Load(), 1)
	w.talk(b, "lan",
		line{"quay lai", "know.odd.ask"},
		line{"quay lai", "know.one.ask"},
		line{"c", "know.even.ask"},
		line{"d", "know.last.ask"},
		line{"e", "know.done last=e n=2 one=c"},
	)
}

// T3: a name is met once in a run; in loops it carries the key.
func TestNamesOnce(t *testing.T) {
	t.Parallel()
	for name, flow := range map[string]func(*bot.Talk){
		"questions": func(t *bot.Talk) { t.Text("twice", 1, 40); t.Number("twice", 1, 9) },
		"know":      func(t *bot.Talk) { t.Text("twice", 1, 40); bot.Know(t, "twice", func() (int, error) { return 1, nil }) },
		"do": func(t *bot.Talk) {
			t.Text("twice", 1, 40)
			bot.Do(t, "twice", addPerson(t, "x"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := orders(t, map[string]func(*bot.Talk){"twice": flow})
			w.talk(b, "lan", line{"go twice", "twice.ask"}, line{"a", "bot.failed"})
			equal(t, "records", len(w.people()), 0)
		})
	}
	w, b := orders(t, map[string]func(*bot.Talk){"loop": func(t *bot.Talk) {
		sum := int64(0)
		for _, key := range []string{"rice", "tea"} {
			sum += t.Number("loop.count/"+key, 1, 9, bot.With(bot.Vars{"of": key}))
		}
		t.Say("loop.done", bot.Vars{"sum": sum})
	}})
	w.talk(b, "lan", line{"go loop", "loop.count.ask of=rice"}, line{"2", "loop.count.ask of=tea"}, line{"3", "loop.done sum=5"})
}

// T4: "2" is what the person saw, whatever the options are by now.
func TestNumberIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	var swapped atomic.Bool
	codes := []string{"rice", "tea", "honey"}
	w, b := orders(t, map[string]func(*bot.Talk){"pick": func(t *bot.Talk) {
		all := slices.Clone(codes)
		if swapped.Load() {
			slices.Reverse(all)
			all = append([]string{"new"}, all[:2]...) // honey, tea; no rice any more
		}
		t.Say("picked", bot.Vars{"what": t.Choose("pick", all, bot.Labels(func(c string) string { return c }))})
	}})
	w.talk(b, "lan", line{"go pick", "pick.ask"})
	swapped.Store(true)
	w.talk(b, "lan", line{"2", "picked what=tea"})
	swapped.Store(false)
	w.talk(b, "lan", line{"go pick", "pick.ask"})
	swapped.Store(true)
	w.talk(b, "lan", line{"cái thứ hai", "picked what=tea"})
	swapped.Store(false)
	w.talk(b, "lan", line{"go pick", "pick.ask"})
	swapped.Store(true)
	w.talk(b, "lan", line{"rice", "…pick.ask"}, line{"cái thứ hai", "picked what=honey"}, // asked again with what there is
		line{"go pick", "pick.ask"}, line{"honey", "picked what=honey"})
}

// T4: an answer that is not understood is asked for again, never three times in
// the same words, and the third time a person is offered.
func TestMisses(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){
		"number": func(t *bot.Talk) { t.Number("number", 1, 99) },
		"text":   func(t *bot.Talk) { t.Text("text", 5, 40) },
		"choice": func(t *bot.Talk) { t.Choose("choice", []string{"one", "two"}) },
		"sure":   func(t *bot.Talk) { t.Confirm("sure", nil) },
	})
	for flow, wrong := range map[string]string{"number": "xyz", "text": "ab", "choice": "qqq", "sure": "qqq", "nothing": "qqq"} {
		w.ask(b, flow, "go "+flow)
		var said []string
		for i := range 7 {
			said = append(said, w.ask(b, flow, wrong))
			if i >= 2 && said[i] == said[i-1] && said[i-1] == said[i-2] {
				t.Errorf("%s: the same words three times running: %q", flow, said[i])
			}
			if i > 0 && said[i] == said[i-1] {
				t.Errorf("%s: the same words twice running: %q", flow, said[i])
			}
		}
		if !strings.Contains(said[2], "again_contact_person") && !strings.Contains(said[2], "unknown3") {
			t.Errorf("%s: the third time no person is offered: %q", flow, said[2])
		}
	}
	w.talk(b, "number", line{"[bot.person_button]", "person"})
}

// T5: the result of a Do is kept: it is done once, whatever follows.
func TestDoOnce(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	w, b := orders(t, map[string]func(*bot.Talk){"do": func(t *bot.Talk) {
		id := bot.Do(t, "do.first", func(tx bot.Tx) (int64, error) {
			runs.Add(1)
			return addPerson(t, "first")(tx)
		})
		a := t.Text("do.text", 1, 40)
		second := bot.Do(t, "do.second", addPerson(t, a))
		t.Say("do.done", bot.Vars{"first": id, "second": second, "last": t.Text("do.last", 1, 40)})
	}})
	w.talk(b, "lan",
		line{"go do", "do.text.ask"},
		line{"nhac lai", "do.text.ask"},
		line{"a", "do.last.ask"},
		line{"quay lai", "bot.nothing_back | do.last.ask"},
		line{"b", "do.done first=1 last=b second=2"},
	)
	equal(t, "runs", runs.Load(), 1)
	equal(t, "records", w.people(), []string{"first", "a"})
}

// T5: no question inside a Do, and nothing above it can be corrected.
func TestInsideDo(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){
		"inside": func(t *bot.Talk) {
			bot.Do(t, "inside.do", func(bot.Tx) (string, error) { return t.Text("inside.text", 1, 40), nil })
		},
		"above": func(t *bot.Talk) {
			t.Text("above.before", 1, 40)
			bot.Do(t, "above.do", addPerson(t, "x"))
			t.Text("above.after", 1, 40)
			t.Confirm("above.confirm", nil)
		},
	})
	w.talk(b, "lan", line{"go inside", "bot.failed"})
	w.talk(b, "minh", line{"go above", "above.before.ask"}, line{"a", "above.after.ask"}, line{"b", "above.confirm.ask"}, line{"2", "bot.confirm.which"})
	var labels []string
	said := w.platform.all("minh")
	for _, o := range said[len(said)-1].Options {
		labels = append(labels, o.Label)
	}
	equal(t, "can be corrected", labels, []string{"Above.after.short", "bot.confirm.keep"})
}

// T6: a flow that this program does not know leaves the session untouched: the
// replica that knows it goes on.
func TestUnknownFlow(t *testing.T) {
	t.Parallel()
	w, b := orders(t)
	w.talk(b, "lan", line{"go order", "…"}, line{"Lan", "…order.size.ask"})
	before := query[string](w, `select (session->'talk')::text from chats`)
	b.stop()
	script := *w.script
	script.Flows = map[string]func(*bot.Talk){"menu": w.script.Flows["menu"], "hello": w.script.Flows["hello"]}
	old := w.start(func(c *bot.Config) { c.Script = &script })
	w.talk(old, "lan", line{"2", "bot.other_version"})
	w.button("lan", "0 bot.menu_button")
	equal(t, "session", query[string](w, `select (session->'talk')::text from chats`), before)
	old.stop()
	b = w.start()
	w.talk(b, "lan", line{"2", "order.count.ask"}, line{"3", "order.confirm.ask n=3 name=Lan size=large"})
}

// T6: an answer of another type than the question's counts as none.
func TestTypeChanged(t *testing.T) {
	t.Parallel()
	var next atomic.Bool
	w, b := orders(t, map[string]func(*bot.Talk){"typed": func(t *bot.Talk) {
		if next.Load() {
			t.Number("typed", 1, 99)
		} else {
			t.Text("typed", 1, 40)
		}
		t.Say("typed.done", bot.Vars{"more": t.Text("more", 1, 40)})
	}})
	w.talk(b, "lan", line{"go typed", "typed.ask"}, line{"words", "more.ask"})
	next.Store(true)
	w.talk(b, "lan", line{"x", "typed.ask"}, line{"7", "more.ask"}, line{"x", "typed.done more=x"})
}

// T10: a flow that branches on anything but answers, Know and the turn's time is
// found when the turn is run twice.
func TestTwice(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	w, b := orders(t, map[string]func(*bot.Talk){
		"random": func(t *bot.Talk) { t.Say("random" + strconv.FormatInt(n.Add(1), 10)) },
		"clock":  func(t *bot.Talk) { t.Say("clock", bot.Vars{"at": t.Now.Format(time.RFC3339Nano)}) },
		"fresh":  func(t *bot.Talk) { t.Say("fresh", bot.Vars{"id": bot.Do(t, "fresh.do", addPerson(t, "x"))}) },
	})
	w.talk(b, "lan", line{"go random", "bot.failed"}, line{"go clock", "clock at=…"}, line{"go fresh", "fresh id=1"})
	equal(t, "records", len(w.people()), 1)
}
