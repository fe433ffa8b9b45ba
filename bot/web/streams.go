package web

import (
	"context"
	"slices"
	"sync"

	"lensan/bot"
)

const (
	maxStreams = 5000 // in this process
	maxPerChat = 4    // of one chat
)

// streams are the open pages of this process, by chat.
type streams struct {
	mu     sync.Mutex
	chats  map[bot.Chat][]*listener // oldest first
	count  int
	closed bool
}

// listener is one open page.
type listener struct {
	wake chan struct{} // holds one call: waking twice before it looks is waking once
	end  context.CancelFunc
}

func newStreams() *streams { return &streams{chats: map[bot.Chat][]*listener{}} }

// open adds a page of the chat: a context that ends with it, the channel that
// wakes it, and what to call when it is gone; nil when there is no room. A chat
// with too many loses its oldest: that is most likely a dead line of a phone
// that has come back, and not a person looking at five windows.
func (s *streams) open(parent context.Context, chat bot.Chat) (ctx context.Context, wake <-chan struct{}, done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.count >= maxStreams {
		return parent, nil, nil
	}
	ctx, cancel := context.WithCancel(parent)
	l := &listener{wake: make(chan struct{}, 1), end: cancel}
	if open := s.chats[chat]; len(open) >= maxPerChat {
		open[len(open)-maxPerChat].end()
	}
	s.chats[chat] = append(s.chats[chat], l)
	s.count++
	return ctx, l.wake, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.count--
		if s.chats[chat] = slices.DeleteFunc(s.chats[chat], func(o *listener) bool { return o == l }); len(s.chats[chat]) == 0 {
			delete(s.chats, chat)
		}
	}
}

// wake makes the chat's pages look at the journal.
func (s *streams) wake(chat bot.Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.chats[chat] {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// close ends all pages and takes no more.
func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, open := range s.chats {
		for _, l := range open {
			l.end()
		}
	}
}
