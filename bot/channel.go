package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Channel is a platform people write on. A channel reads and sends; it decides
// nothing and keeps nothing. Every channel passes the suite in bot/bottest.
type Channel interface {
	// Name is the channel's word in keys, metrics and logs: "telegram".
	Name() string
	// Read turns a webhook request into messages and changes nothing. No
	// messages and no error: authentic, but nothing for us (a group, a
	// receipt). An authentic body that cannot be decoded is one message of
	// KindRaw. Errors: ErrForged, ErrTooLarge.
	Read(*http.Request) ([]Message, error)
	// Send sends one part (see [Parts]) and returns when the platform has it.
	// Errors: *Wait, ErrGone, ErrWindow, ErrQuota, ErrUnknown; any other error means that
	// the platform refused the part for good.
	Send(context.Context, Chat, Reply) error
	// Can tells what the platform is able to show.
	Can() Abilities
}

// Abilities are a channel's limits. What a channel cannot do is said
// differently, not left out.
type Abilities struct {
	Buttons int              // most buttons under one message; fewer than the options, and all options are written as numbered lines
	Label   int              // longest button label, by Count
	Text    int              // longest text of one message, by Count
	Count   func(string) int // how the platform counts a text's length
	Contact bool             // can ask for the person's own phone number with a button

	Alone    bool                  // that button is a message of its own
	Numbered bool                  // options stand in the text too: not every app of the platform draws buttons
	Carries  func(Attachment) bool // whether a file can be sent; otherwise its link is
}

// Acknowledger is a channel whose platform takes something in the body of the
// webhook's 200 answer (Telegram: answerCallbackQuery, so that the button stops
// spinning). Empty: an empty body.
type Acknowledger interface {
	Acknowledge([]Message) (contentType string, body []byte)
}

// Fetcher is a channel whose files can be fetched by their id.
type Fetcher interface {
	// Fetch opens the file. The caller closes it and bounds what it reads.
	// ErrGone: the platform does not have it (any more), or it is too large.
	Fetch(context.Context, File) (io.ReadCloser, error)
}

// Errors of [Channel.Read].
var (
	ErrForged   = errors.New("bot: not signed by the platform") // answered 401
	ErrTooLarge = errors.New("bot: body too large")             // answered 413
)

// Errors of [Channel.Send].
var (
	ErrGone    = errors.New("bot: the person cannot be reached") // blocked, deactivated, never started: mark, never retry
	ErrWindow  = errors.New("bot: the platform's window for free messages is closed")
	ErrQuota   = errors.New("bot: the platform's quota is used up")
	ErrUnknown = errors.New("bot: outcome unknown") // timeout, reset, 5xx: it may or may not have arrived
)

// Wait is the platform asking for a pause; the same part is sent again after it.
type Wait struct{ After time.Duration }

func (w *Wait) Error() string { return "bot: the platform asks to wait " + w.After.String() }

// MaxBody is the largest webhook body we read, in bytes.
const MaxBody = 1 << 20
