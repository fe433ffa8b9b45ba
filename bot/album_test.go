package bot_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"lensan/bot"
)

// photos asks for photos and says how many came.
func photos(t *bot.Talk) {
	t.Say("photos.done", bot.Vars{"n": len(t.Photos("photos", 5))})
}

// photo posts one photo of an album.
func (w *world) photo(r *replica, chat, album string, n int) {
	w.t.Helper()
	w.post(r, bot.Message{Chat: chatOf(chat), Kind: bot.KindPhoto, Album: album, Files: []bot.File{{Channel: "test", ID: strconv.Itoa(n)}}})
}

// R11: photos of an album are silent turns of their own; they are answered as
// one, 1.5 s after the last.
func TestAlbum(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	b := w.start()
	w.ask(b, "lan", "go photos")
	for i := range 4 {
		w.photo(b, "lan", "a", i)
	}
	last := time.Now()
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	w.rest()
	equal(t, "said", w.said("lan")[1], "photos.done n=4")
	if took := w.platform.all("lan")[1].At.Sub(last); took < 1400*time.Millisecond || took > 4*time.Second {
		t.Errorf("answered %v after the last photo", took)
	}
	equal(t, "outcomes", w.outcomes("lan"), []string{"answered", "silent", "silent", "silent", "silent", "answered"})
	equal(t, "owed", query[int](w, `select count(*) from chats where owed is not null`), 0)
}

// R11: each photo puts the answer off; there is one answer.
func TestSlowAlbum(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	b := w.start()
	w.ask(b, "lan", "go photos")
	for i := range 4 {
		w.photo(b, "lan", "a", i)
		time.Sleep(600 * time.Millisecond) // 2.4 s in all, as over a weak signal
	}
	w.until("it is answered", func() bool { return len(w.said("lan")) > 1 })
	w.rest()
	equal(t, "said", w.said("lan")[1:], []string{"photos.done n=4"})
}

// R11: more photos than are wanted are cut off; a single photo that is no album
// is answered at once.
func TestPhotoAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	b := w.start()
	w.ask(b, "lan", "go photos")
	w.photo(b, "lan", "", 1)
	w.rest()
	equal(t, "said", w.said("lan")[1:], []string{"photos.done n=1"})

	w.ask(b, "minh", "go photos")
	for i := range 9 {
		w.photo(b, "minh", "a", i)
	}
	w.until("it is answered", func() bool { return len(w.said("minh")) == 2 })
	equal(t, "cut off", w.said("minh")[1:], []string{"photos.done n=5"})
}

// R11: what the person does next ends the album.
func TestAlbumEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	b := w.start()
	w.ask(b, "lan", "go photos")
	for i := range 3 {
		w.photo(b, "lan", "a", i)
	}
	w.say(b, "lan", "xong")
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	time.Sleep(1800 * time.Millisecond) // nothing is owed any more
	w.rest()
	equal(t, "said", w.said("lan")[1:], []string{"photos.done n=3"})
}

// R11: photos nobody asked for are answered too, once.
func TestAlbumUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	for i := range 3 {
		w.photo(b, "lan", "a", i)
	}
	w.until("it is answered", func() bool { return len(w.said("lan")) == 1 })
	time.Sleep(300 * time.Millisecond)
	w.rest()
	equal(t, "said", w.said("lan"), []string{"bot.photo_unasked"})
}

// R11: the timer dies with its process: the sweeper of another one is behind it.
func TestAlbumSwept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	w.live.Lease = 50 * time.Millisecond
	one := w.start()
	w.ask(one, "lan", "go photos")
	for i := range 3 {
		w.photo(one, "lan", "a", i)
	}
	w.until("all photos are handled", func() bool { return len(w.outcomes("lan")) == 4 })
	one.stop()
	equal(t, "said", len(w.said("lan")), 1)
	w.later(5 * time.Second)
	w.start()
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	w.rest()
	equal(t, "said", w.said("lan")[1:], []string{"photos.done n=3"})
}

// R11: two replicas with an album between them: one answer, with all photos.
func TestAlbumOnTwoReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	one, two := w.start(), w.start()
	w.ask(one, "lan", "go photos")
	for i := range 5 {
		w.photo([]*replica{one, two}[i%2], "lan", "a", i)
	}
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	time.Sleep(300 * time.Millisecond)
	w.rest()
	equal(t, "said", w.said("lan")[1:], []string{fmt.Sprintf("photos.done n=%d", 5)})
}

// Words sent right behind photos nobody asked for are the answer to the open
// question, and are not lost.
func TestWordsBehindUnaskedPhotos(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"name": func(t *bot.Talk) {
		t.Say("name.done", bot.Vars{"name": t.Text("name", 2, 40)})
	}})
	b := w.start()
	w.ask(b, "lan", "go name")
	w.photo(b, "lan", "a", 1)
	w.say(b, "lan", "Mật ong")
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	equal(t, "said", w.said("lan")[1:], []string{"bot.photo_unasked\n\nname.done name=Mật ong"})
}

// An officer who writes by hand right behind the photos is not spoken over: the
// answer to them comes when the officer is done.
func TestAlbumAndOperator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"photos": photos})
	b := w.start()
	w.ask(b, "lan", "go photos")
	w.photo(b, "lan", "a", 1)
	w.photo(b, "lan", "a", 2)
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindOperator})
	w.until("the answer was due", func() bool { return len(w.outcomes("lan")) == 5 })
	w.rest()
	equal(t, "said", len(w.said("lan")), 1)
	w.later(31 * time.Minute)
	w.until("it is answered", func() bool { return len(w.said("lan")) == 2 })
	w.rest()
	equal(t, "said", w.said("lan")[1], "photos.done n=2")
}

// The word about photos nobody asked for is said also when the bot says that it is
// back.
func TestBackBehindUnaskedPhotos(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	w.photo(b, "lan", "a", 1)
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindOperator})
	equal(t, "said", w.ask(b, "lan", "0"), "bot.back\n\nbot.photo_unasked\n\nmenu")
}
