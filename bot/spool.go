package bot

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// spool is the place for messages while Postgres cannot take them: an
// append-only file of this replica, one message a line, synced to the disk
// before the platform is answered. A message leaves it when Postgres has it; the
// file is emptied when all have left, so after a crash some are stored again,
// which their key makes harmless.
type spool struct {
	disk   sync.Mutex // held while the file is written or emptied, and taken before mu
	mu     sync.Mutex
	file   *os.File
	size   int64          // bytes of whole lines
	read   int64          // bytes that have left
	chats  map[Chat]int   // messages waiting, by chat
	count  int            // messages waiting
	queue  chan *spooling // to the one goroutine that writes
	closed chan struct{}
}

type spooling struct {
	line []byte
	done chan error
}

var errSpoolClosed = errors.New("bot: the spool is closed")

func openSpool(dir string) (*spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("bot: spool: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "messages.jsonl"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("bot: spool: %w", err)
	}
	s := &spool{file: f, chats: map[Chat]int{}, queue: make(chan *spooling, 256), closed: make(chan struct{})}
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil { // the end, or a line torn by a crash, whose sender got no 200
			break
		}
		s.size += int64(len(line))
		var m Message
		if json.Unmarshal(line, &m) == nil {
			s.chats[m.Chat]++
			s.count++
		}
	}
	if err := f.Truncate(s.size); err != nil {
		return nil, fmt.Errorf("bot: spool: %w", err)
	}
	go s.write()
	return s, nil
}

// has tells whether messages of the chat wait here: later ones must wait behind them.
func (s *spool) has(chat Chat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chats[chat] > 0
}

func (s *spool) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// add returns when the message is on the disk. first: nothing waited before it.
func (s *spool) add(m Message) (first bool, err error) {
	line, err := json.Marshal(m)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	first = s.count == 0
	s.chats[m.Chat]++
	s.count++
	s.mu.Unlock()
	e := &spooling{append(line, '\n'), make(chan error, 1)}
	select {
	case s.queue <- e:
		select {
		case err = <-e.done:
		case <-s.closed: // nobody writes any more
			err = errSpoolClosed
		}
	case <-s.closed:
		err = errSpoolClosed
	}
	if err != nil {
		s.left(m.Chat)
	}
	return first, err
}

// write writes what waits, with one sync for all of it.
func (s *spool) write() {
	for {
		var all []*spooling
		select {
		case e := <-s.queue:
			all = append(all, e)
		case <-s.closed:
			return
		}
		var buf bytes.Buffer
		buf.Write(all[0].line)
	fill:
		for {
			select {
			case e := <-s.queue:
				all = append(all, e)
				buf.Write(e.line)
			default:
				break fill
			}
		}
		err := s.append(buf.Bytes())
		for _, e := range all {
			e.done <- err
		}
	}
}

// append puts whole lines on the disk. Nobody who only asks waits for it.
func (s *spool) append(lines []byte) error {
	s.disk.Lock()
	defer s.disk.Unlock()
	if _, err := s.file.WriteAt(lines, s.size); err != nil { // only who has the disk changes the size
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size += int64(len(lines))
	return nil
}

// next returns up to max messages, oldest first, and the place behind them.
func (s *spool) next(max int) ([]Message, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := bufio.NewReader(io.NewSectionReader(s.file, s.read, s.size-s.read))
	var all []Message
	at := s.read
	for len(all) < max {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		at += int64(len(line))
		var m Message
		if json.Unmarshal(line, &m) == nil {
			all = append(all, m)
		}
	}
	return all, at, nil
}

// left notes that a message of the chat has left the spool.
func (s *spool) left(chat Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	if s.chats[chat]--; s.chats[chat] <= 0 {
		delete(s.chats, chat)
	}
}

// passed notes that everything before a place has left; an empty spool begins
// again at the start of its file.
func (s *spool) passed(at int64) error {
	s.disk.Lock()
	defer s.disk.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = at
	if s.read < s.size {
		return nil
	}
	s.read, s.size = 0, 0
	return s.file.Truncate(0)
}

func (s *spool) close() {
	close(s.closed)
	_ = s.file.Close()
}

// pause waits; false: the bot stops.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
