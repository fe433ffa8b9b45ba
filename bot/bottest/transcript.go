package bottest

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lensan/bot"
	"lensan/store"
)

// Update makes [Play] rewrite what the bot says in the transcripts.
var Update = flag.Bool("update", false, "rewrite the answers in testdata/*.txt")

// World is what a transcript is played in.
type World struct {
	Script func(*store.DB) (*bot.Script, error)
	Texts  bot.Texts
	// Looks are what "= NAME" shows: lines about the records.
	Looks map[string]func(context.Context, *store.DB) ([]string, error)
	// Directions are stage directions of one's own ("! NAME REST").
	Directions map[string]func(ctx context.Context, db *store.DB, chat bot.Chat, rest string) error

	// File is what is in a document that a person sends; nil: they send none.
	File func(name string) ([]byte, error)
	// Made opens a file that the bot made and sends; every other is a [Picture].
	Made func(ctx context.Context, key string) (io.ReadCloser, error)
	// Jobs runs the jobs that fetch files and speak on their own ("! jobs").
	Jobs func(ctx context.Context, db *store.DB, files map[string]bot.Fetcher, receive func(context.Context, bot.Message) error) error
	// Mask replaces what is drawn by lot in what the bot says; nil: nothing is.
	Mask func(string) string
	// Typed is what a line of the person stands for that has something so replaced;
	// nil: it is typed as it is.
	Typed func(string) string

	// Every line of the person is followed by this, on top of what the transcript says:
	Again bool   // the same delivery once more
	Crash string // the process dies at this moment: "before commit", "after commit", "before sent", "after sent"
	Empty bool   // Redis is emptied

	loose bool // the texts are not those of the transcript, see [Said]
}

// Start is the time at which every transcript begins: a Sunday morning.
var Start = time.Date(2026, 11, 22, 9, 0, 0, 0, store.Zone)

// Play plays a transcript on real servers and compares what the bot says. A turn
// that fails by the bot's own fault fails the transcript, whatever is written in it.
//
//	# a remark
//	> what the person types, [taps] or (sends)
//	! a stage direction
//	= a look at the records
//	everything else is what the bot says, with its options in indented brackets
func Play(t *testing.T, file string, w World) {
	t.Helper()
	script := read(t, file)
	got := newPlayer(t, w, "").played(script)
	if *Update {
		if t.Failed() {
			return // what is written stays
		}
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(script, got); diff != "" {
		t.Errorf("%s: the bot says something else (- as written, + as played):\n%s", filepath.Base(file), diff)
	}
}

// Replay plays the lines of the person of a transcript and returns all that was
// said and looked at, for comparing in another way than word for word.
func Replay(t *testing.T, file string, w World) []string {
	t.Helper()
	return newPlayer(t, w, "").played(read(t, file))
}

// Said plays the lines of the person of a transcript and returns what the bot
// says, the message of each turn as it is before any channel's limits. The texts
// need not be those of the transcript: a tap is one on the last button shown.
func Said(t *testing.T, file string, w World) []bot.Reply {
	t.Helper()
	w.loose = true
	p := newPlayer(t, w, "")
	p.played(read(t, file))
	var all []bot.Reply
	for _, on := range p.platforms {
		all = append(all, on.(*stage).said...)
	}
	return all
}

// read returns the lines of a transcript.
func read(t *testing.T, file string) []string {
	t.Helper()
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(script), "\n"), "\n")
}

// played plays the script and fails the test where a turn fails.
func (p *player) played(script []string) []string {
	p.t.Helper()
	out := p.play(script)
	for _, line := range p.failed {
		p.t.Errorf("a turn failed by our own fault, see the log: %s", line)
	}
	return out
}

// play plays the script and returns it with what the bot says now.
func (p *player) play(script []string) []string {
	var out []string
	for i, line := range script {
		before := p.failures.Load()
		switch {
		case strings.HasPrefix(line, "#"):
			out = append(out, line)
		case strings.HasPrefix(line, ">"):
			out = append(blank(out), line)
			out = append(out, p.say(strings.TrimSpace(line[1:]))...)
		case strings.HasPrefix(line, "!"):
			if len(out) > 0 && !strings.HasPrefix(out[len(out)-1], "!") && !strings.HasPrefix(out[len(out)-1], "#") {
				out = blank(out)
			}
			out = append(out, line)
			out = append(out, p.direct(strings.TrimSpace(line[1:]))...)
		case strings.HasPrefix(line, "="):
			out = append(blank(out), line)
			out = append(out, p.look(strings.TrimSpace(line[1:]))...)
		case line == "" && i > 0 && strings.HasPrefix(script[i-1], "#"):
			out = append(out, "")
		}
		if p.failures.Load() > before {
			p.failed = append(p.failed, line)
		}
	}
	return out
}

// blank puts one empty line behind what the bot said.
func blank(out []string) []string {
	if n := len(out); n > 0 && out[n-1] != "" && !strings.HasPrefix(out[n-1], "!") {
		return append(out, "")
	}
	return out
}
