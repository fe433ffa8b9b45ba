package bot_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"lensan/bot"
)

// TestWire: an ordinary turn costs two statements and two pipelines, as counted
// on the wire between the program and the servers.
//
// Postgres: every round trip (up to a Sync, or a Query) is counted by the
// statements executed in it, told apart by how they begin. Not part of a turn
// are the sweeper's two queries a second; the sent marks, which are written for
// all chats together; what a connection costs once (its settings, preparing a
// statement) or after a second of rest (the pool's ping); and this test's own
// look whether all is at rest. Redis: a round trip is what the client writes
// before it reads again; told apart by its key is the look, ten times a second,
// whether some replica spools.
//
// Ordinary is a turn on a warm program: scripts are loaded, the chat has nothing
// else waiting, and its flow neither looks up nor changes a record.
//
// It runs alone, and up to three times: on a machine that is busy, Redis may take
// longer than its 50 ms, and then a turn does cost more. What a turn always costs
// is counted every time.
func TestWire(t *testing.T) {
	w := newWorld(t, map[string]func(*bot.Talk){"count": count})
	postgres, postgresURL := postgresProxy(t, w.postgres)
	redis, redisURL := redisProxy(t, w.redis)
	statements, pipelines := newStatements(), newPipelines()
	postgres.listen(statements.tap)
	redis.listen(pipelines.tap)
	db, live := w.connect(postgresURL, redisURL)
	b := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live })

	const turns = 40
	chats := []string{"lan", "minh", "hoa"}
	for _, chat := range chats {
		w.ask(b, chat, "go count")
		w.ask(b, chat, "word")
	}
	wantTrips, wantPipelines := map[string]int{"with new as (": turns, "with moved as (": turns}, map[string]int{"EVALSHA HGET": turns, "EVALSHA EVALSHA": turns}
	for try := 1; ; try++ {
		statements.take()
		pipelines.take()
		for i := range turns {
			w.ask(b, chats[i%len(chats)], fmt.Sprint("word ", i))
		}
		trips, asked := statements.take(), pipelines.take()
		for _, other := range []string{"", "-- ping", "set plan_cache_mode = force_generic_plan",
			"with waiting as (", "select distinct chat from (", "with m as (", "select (select count(*) from messages"} {
			delete(trips, other)
		}
		if try == 3 || maps.Equal(trips, wantTrips) && maps.Equal(asked, wantPipelines) {
			equal(t, "statements, by round trip", trips, wantTrips)
			equal(t, "pipelines", asked, wantPipelines)
			return
		}
		t.Logf("try %d: %v, %v", try, trips, asked)
	}
}

// statements counts what Postgres is asked, from the messages of its protocol
// (PostgreSQL documentation, "Message Formats").
type statements struct {
	mu    sync.Mutex
	trips map[string]int // round trips, by the statements executed in them
}

func newStatements() *statements { return &statements{trips: map[string]int{}} }

func (s *statements) take() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	trips := s.trips
	s.trips = map[string]int{}
	return trips
}

// tap reads one connection.
func (s *statements) tap() (up, down func([]byte)) {
	var buf []byte
	started := false
	prepared, bound := map[string]string{}, ""
	var executed []string // in this round trip
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
				executed = append(executed, beginning(bound))
			case 'Q': // Query
				sql, _ := zero(body)
				executed = append(executed, beginning(sql))
			}
			if kind == 'S' || kind == 'Q' { // Sync
				s.trips[strings.Join(executed, " + ")]++
				executed = nil
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
	equal(t, "three look-ups, and one to prepare them", counted.take(), map[string]int{
		"select turn, nonce, coalesce(person, 0), session from chats where chat = $1": 3, "": 1})
	equal(t, "commands", commands([]byte("*2\r\n$3\r\nget\r\n$1\r\na\r\n*1\r\n$4\r\nping\r\n")), "GET PING")
}
