package store_test

import (
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
)

// TestWaiting: replies that nobody holds are found for the channels a process
// serves; those of a channel that is switched off, however old and many, are in
// nobody's way (R7).
func TestWaiting(t *testing.T) {
	t.Parallel()
	db := open(t, bottest.Database(t))
	for _, channel := range []string{"off", "off2", "test"} {
		for _, id := range []string{"a", "b", "c"} {
			s := &bot.Session{}
			s.Turn, s.Nonce = 1, "n"
			if _, err := db.Commit(t.Context(), bot.Turn{Chat: bot.Chat{Channel: channel, ID: id}, Session: s, Outcome: bot.Answered, Replies: []bot.Reply{{Text: "a"}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	waiting := func(limit int) (n int) {
		t.Helper()
		chats, err := db.Waiting(t.Context(), []string{"test"}, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chats {
			if c.Channel != "test" {
				t.Errorf("%s waits", c)
			}
		}
		return len(chats)
	}
	if n := waiting(10); n != 0 {
		t.Errorf("%d chats wait while those who committed hold them", n)
	}
	db.SetClock(db.Now().Add(20 * time.Second))
	if n := waiting(2); n != 2 {
		t.Errorf("of three chats, two at a time, %d wait", n)
	}
}
