package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// What the engine needs kept and said. Package store fulfils Inbox, Journal,
// Outbox (Postgres) and Live, Marks (Redis); package locales fulfils Texts.

// Inbox keeps messages until they are handled.
type Inbox interface {
	// Add stores a message durably, once per chat and delivery. ErrContent: the
	// database refuses this message whatever its state.
	Add(context.Context, Message) (Receipt, error)
	// Unhandled returns the oldest unhandled messages of a chat, at most limit.
	Unhandled(ctx context.Context, chat Chat, limit int) ([]Incoming, error)
	// Retry counts one more run of a message and returns the runs after the
	// first. ErrHandled: somebody handled it.
	Retry(ctx context.Context, seq int64) (int, error)
	// Sweep returns chats with messages or owed answers that nobody works on,
	// and holds them for this caller for a few seconds.
	Sweep(ctx context.Context, limit int) ([]Chat, error)
}

// Receipt is the answer to storing a message.
type Receipt struct {
	Seq   int64
	New   bool // false: this delivery was stored before
	Older bool // the chat has older unhandled messages
}

// Journal keeps the committed sessions and what every turn did.
type Journal interface {
	// Session returns the committed session; a new one for an unknown chat.
	// ErrSession: it cannot be decoded; Turn, Nonce and Person are right all the same.
	Session(context.Context, Chat) (*Session, error)
	// Commit commits a turn that changed no record, in one statement. ErrMoved;
	// ErrHandled: one of its messages was handled by somebody else.
	Commit(context.Context, Turn) (Committed, error)
	// Begin opens the transaction of a turn that changes records and takes the
	// chat's row. ErrMoved: the chat is not at this turn and nonce any more.
	Begin(ctx context.Context, chat Chat, turn int64, nonce string) (Tx, error)
	// Away tells whether an error means that the database cannot be reached,
	// and not that something is wrong with what was asked of it.
	Away(error) bool
}

// Tx is the transaction of a turn. Flows see it as what the store made it.
type Tx interface {
	// Commit commits the turn with everything done in the transaction. ErrMoved, ErrHandled.
	Commit(context.Context, Turn) (Committed, error)
	// Rollback ends the transaction; after Commit it does nothing.
	Rollback()
}

// Turn is everything a turn commits.
type Turn struct {
	Chat    Chat
	Before  int64    // the chat's turn number and
	Nonce   string   // nonce this turn was run on
	Session *Session // after it
	Handled []int64  // messages it handled
	Flow    string   // the flow it ended in, and
	Asked   string   // the question it stopped at
	Outcome Outcome
	Replies []Reply
}

// Outcome is how a turn ended.
type Outcome string

// The outcomes of a turn.
const (
	Answered Outcome = "answered"
	Silent   Outcome = "silent"  // nothing was said: an album photo, a block
	Failed   Outcome = "failed"  // our fault; the session is as before
	Flooded  Outcome = "flooded" // many messages answered by one reply
	Spoke    Outcome = "spoke"   // the bot spoke on its own
)

// Committed is the answer to a commit.
type Committed struct {
	More   int   // unhandled messages of the chat that are left
	Unsent int64 // the chat's latest earlier turn whose replies are not marked sent; 0: none
}

// Outbox keeps replies until they are sent. A reply that was just committed is
// held for the process that committed it.
type Outbox interface {
	// Claim holds the chat's unsent turns up to and including turn for this
	// caller, oldest first. busy: an earlier one is held by somebody else.
	Claim(ctx context.Context, chat Chat, turn int64) (unsent []Unsent, busy bool, err error)
	// Mark notes what was sent or given up, for many chats in one statement.
	Mark(context.Context, []Mark) error
	// Waiting returns chats of the channels with unsent replies that nobody holds.
	Waiting(ctx context.Context, channels []string, limit int) ([]Chat, error)
}

// Unsent is a turn whose replies are to be sent.
type Unsent struct {
	Turn    int64
	Replies []Reply
	Parts   int       // parts sent already
	At      time.Time // when it was committed
	Last    bool      // no later turn of the chat
}

// Mark is what became of a turn's replies.
type Mark struct {
	Chat  Chat
	Turn  int64
	Parts int           // parts sent so far
	Done  bool          // all sent, or given up
	Fate  string        // why given up: "gone", "window", "quota", "unknown", "refused"; empty: sent
	Hold  time.Duration // if not done: how long nobody may claim it
}

// Live keeps the live copies of sessions and the leases of chats. It may be
// emptied or be away at any time.
type Live interface {
	// Take tries to get the chat's lease and reads its live session, in one
	// pipeline. A lease that somebody else has is marked as asked for.
	Take(context.Context, Chat) (Lease, error)
	// Give writes the session, never over a later turn, and gives the lease
	// back, in one pipeline. asked: somebody else wanted the lease meanwhile.
	// A nil session is not written.
	Give(ctx context.Context, l Lease, s *Session) (asked bool, err error)
}

// Lease is the right to run the chat's next turn, for a limited time.
type Lease struct {
	Chat    Chat
	Token   string   // empty: somebody else has it
	Session *Session // the live copy; nil: none
}

// Marks tell all replicas which messages wait in some replica's spool, so that
// they spool those chats too, and store what they spooled in the order it came.
type Marks interface {
	// Set puts a delivery behind the others of its chat, once.
	Set(ctx context.Context, chat Chat, delivery string) error
	// Clear takes a delivery away, and those before it: nobody waits for them
	// any more.
	Clear(ctx context.Context, chat Chat, delivery string) error
	// Has tells whether a delivery of the chat waits.
	Has(context.Context, Chat) (bool, error)
	// First tells whether no other delivery of the chat waits before this one.
	First(ctx context.Context, chat Chat, delivery string) (bool, error)
	// Any tells whether some chat may have waiting deliveries.
	Any(context.Context) (bool, error)
}

// Echoes tell whether a message whose sending had no known outcome arrived after
// all, on platforms that show us our own messages. Forgotten after some minutes.
type Echoes interface {
	// Heard notes that a text of ours was shown in the chat.
	Heard(ctx context.Context, chat Chat, text string) error
	// WasHeard tells whether it was since a time: the same may have been said before.
	WasHeard(ctx context.Context, chat Chat, text string, since time.Time) (bool, error)
}

// Texts says every sentence.
type Texts interface {
	// Text returns the text called id in a language with the values filled in.
	// An unknown id or a missing value is an error.
	Text(lang, id string, vars Vars) (string, error)
	Has(id string) bool
}

// Vars are the values a text is filled with.
type Vars = map[string]any

// Errors of the stores.
var (
	ErrMoved   = errors.New("bot: the chat has moved on")             // throw the run away, reload, run again
	ErrAgain   = errors.New("bot: the transaction must be run again") // serialization failure, deadlock, merged person
	ErrHandled = errors.New("bot: the message is handled")
	ErrContent = errors.New("bot: the database refuses this message's content")
)

func decode(raw json.RawMessage, v any) error { return json.Unmarshal(raw, v) }

// encode is json.Marshal for values that cannot fail.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
