package bot

import (
	"log/slog"
	"testing"
	"time"
)

// TestDrainWaits: while the disk hangs and a message is on its way to it, draining
// makes its pause, as when nothing waits.
func TestDrainWaits(t *testing.T) {
	t.Parallel()
	s, err := openSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	b := &Bot{spool: s, log: slog.New(slog.DiscardHandler)}
	s.disk.Lock()
	added := make(chan error)
	go func() {
		_, err := s.add(Message{Chat: Chat{Channel: "test", ID: "lan"}, Delivery: "1"})
		added <- err
	}()
	for s.len() == 0 {
		time.Sleep(time.Millisecond)
	}
	if b.drainSome(t.Context()) {
		t.Error("it is tried again at once, though nothing is on the disk")
	}
	s.disk.Unlock()
	if err := <-added; err != nil {
		t.Fatal(err)
	}
	if messages, _, err := s.next(drainBatch); err != nil || len(messages) != 1 {
		t.Errorf("%d messages on the disk, %v", len(messages), err)
	}
}
