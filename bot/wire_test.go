package bot_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"lensan/bot"
)

// TestWire: an ordinary turn costs two statements and two pipelines, as counted
// on the wire between the program and the servers.
//
// Postgres: every execution of a statement is counted by its text, and every
// round trip (Sync or Query). Not part of a turn, and told apart by their text:
// the sweeper's two queries a second; the sent marks, which are written for all
// chats together; the pool's ping of a connection that lay idle for a second;
// and this test's own look whether all is at rest. Redis: a round trip is what
// the client writes before it reads again; told apart by its key is the look,
// ten times a second, whether some replica spools.
//
// Ordinary is a turn on a warm program: statements are prepared and scripts
// loaded, the chat has nothing else waiting, and its flow neither looks up nor
// changes a record. The first turns are not counted.
func TestWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"count": count})
	postgres, postgresURL := postgresProxy(t, w.postgres)
	redis, redisURL := redisProxy(t, w.redis)
	statements, pipelines := newStatements(), newPipelines()
	postgres.listen(statements.tap)
	redis.listen(pipelines.tap)
	db, live := w.connect(postgresURL, redisURL)
	b := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live })

	const turns = 60
	chats := []string{"lan", "minh", "hoa"}
	for i := range 30 { // pgx prepares what it meets, on each connection
		for _, chat := range chats {
			if i == 0 {
				w.say(b, chat, "go count")
			} else {
				w.say(b, chat, fmt.Sprint("word ", i))
			}
			w.rest()
		}
	}
	statements.take()
	pipelines.take()
	for i := range turns {
		w.say(b, chats[i%len(chats)], fmt.Sprint("word ", i))
		w.rest()
	}
	executed, trips := statements.take()
	background := 0
	for _, name := range []string{"-- ping", "with waiting as (", "select distinct chat from (", "with m as (", "select (select count(*) from messages"} {
		background += executed[name]
		delete(executed, name)
	}
	equal(t, "statements", executed, map[string]int{"with new as (": turns, "with ready as (": turns})
	equal(t, "round trips to Postgres", trips-background, 2*turns)
	equal(t, "pipelines", pipelines.take(), map[string]int{"EVALSHA HGET": turns, "EVALSHA EVALSHA": turns})
}

// statements counts what Postgres is asked, from the messages of its protocol
// (PostgreSQL documentation, "Message Formats").
type statements struct {
	mu       sync.Mutex
	executed map[string]int // by how the text begins
	trips    int
}

func newStatements() *statements { return &statements{executed: map[string]int{}} }

func (s *statements) take() (executed map[string]int, trips int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	executed, trips = s.executed, s.trips
	s.executed, s.trips = map[string]int{}, 0
	return executed, trips
}

// tap reads one connection.
func (s *statements) tap() (up, down func([]byte)) {
	var buf []byte
	started := false
	prepared, bound := map[string]string{}, ""
	return func(b []byte) {
		buf = append(buf, b...)
		for {
			if !started { // the startup message has no type
				if len(buf) < 4 || len(buf) < int(binary.BigEndian.Uint32(buf)) {
					return
				}
				buf, started = buf[binary.BigEndian.Uint32(buf):], true
				continue
			}
			if len(buf) < 5 || len(buf) < 1+int(binary.BigEndian.Uint32(buf[1:])) {
				return
			}
			size := 1 + int(binary.BigEndian.Uint32(buf[1:]))
			kind, body := buf[0], buf[5:size]
			s.mu.Lock()
			switch kind {
			case 'P': // Parse: name, text
				name, rest := zero(body)
				prepared[name], _ = zero(rest)
			case 'B': // Bind: portal, name
				_, rest := zero(body)
				name, _ := zero(rest)
				bound = prepared[name]
			case 'E': // Execute
				s.executed[beginning(bound)]++
			case 'S': // Sync
				s.trips++
			case 'Q': // Query
				sql, _ := zero(body)
				s.executed[beginning(sql)]++
				s.trips++
			}
			s.mu.Unlock()
			buf = buf[size:]
		}
	}, func([]byte) {}
}

// zero cuts a zero-terminated string off.
func zero(b []byte) (string, []byte) {
	s, rest, _ := bytes.Cut(b, []byte{0})
	return string(s), rest
}

// beginning is how a statement begins: enough to tell ours apart.
func beginning(sql string) string {
	sql = strings.TrimSpace(sql)
	for _, known := range []string{"select distinct chat from (", "select (select count(*) from messages"} {
		if strings.HasPrefix(sql, known) {
			return known
		}
	}
	line, _, _ := strings.Cut(sql, "\n")
	return line
}

// pipelines counts what Redis is asked: everything a client writes before it
// reads again.
type pipelines struct {
	mu    sync.Mutex
	asked map[string]int // by the commands
}

func newPipelines() *pipelines { return &pipelines{asked: map[string]int{}} }

func (p *pipelines) take() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.asked
	p.asked = map[string]int{}
	return asked
}

func (p *pipelines) tap() (up, down func([]byte)) {
	var written []byte // since the last answer
	return func(b []byte) {
			p.mu.Lock()
			defer p.mu.Unlock()
			written = append(written, b...)
		}, func([]byte) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if len(written) > 0 && !bytes.Contains(written, []byte("lensan:spooling")) {
				p.asked[commands(written)]++
			}
			written = nil
		}
}

// commands are the names of the commands in a request.
func commands(request []byte) string {
	var names []string
	lines := strings.Split(string(request), "\r\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "*") && i+2 < len(lines) && strings.HasPrefix(lines[i+1], "$") {
			names = append(names, strings.ToUpper(lines[i+2]))
		}
	}
	return strings.Join(names, " ")
}

// TestWireFinds: the counters see what they are to see.
func TestWireFinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	proxy, address := postgresProxy(t, w.postgres)
	counted := newStatements()
	proxy.listen(counted.tap)
	db, _ := w.connect(address, w.redis)
	if _, _, err := db.Backlog(t.Context()); err != nil {
		t.Fatal(err)
	}
	counted.take()
	for range 3 {
		if _, err := db.Session(t.Context(), chatOf("lan")); err != nil {
			t.Fatal(err)
		}
	}
	executed, trips := counted.take()
	if len(executed) != 1 || slices.Collect(maps.Values(executed))[0] != 3 || trips != 4 { // and one to prepare it
		t.Errorf("three look-ups were counted as %v in %d round trips", executed, trips)
	}
	equal(t, "commands", commands([]byte("*2\r\n$3\r\nget\r\n$1\r\na\r\n*1\r\n$4\r\nping\r\n")), "GET PING")
}
