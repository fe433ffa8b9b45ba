package zalo

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"lensan/bot"
)

// pace holds sends back while the platform wants it, or does not answer. It
// counts by the machine's clock, which a test's clock does not stop.
type pace struct {
	sync.Mutex
	until  time.Time // nothing is sent before
	slowed int       // times running that the platform asked for a pause
	doubts bool      // the last call brought no answer
}

// slow is the platform's -32 or 429: the whole account pauses, longer each time
// (section 11.1), by a length that differs between replicas.
func (p *pace) slow() error {
	p.Lock()
	defer p.Unlock()
	after := min(time.Second<<p.slowed, time.Minute)
	after += rand.N(after / 2)
	p.slowed = min(p.slowed+1, 6)
	p.until = time.Now().Add(after)
	return &bot.Wait{After: after}
}

// well is a call that succeeded.
func (p *pace) well() {
	p.Lock()
	defer p.Unlock()
	p.slowed, p.doubts = 0, false
}

// doubt is a call that brought no answer.
func (p *pace) doubt() {
	p.Lock()
	defer p.Unlock()
	p.doubts = true
}

const (
	probeTimeout = 2 * time.Second
	probePause   = 2 * time.Second
)

// ready returns nil when a message can be sent now, else a *bot.Wait. After a
// call without an answer it first asks for something harmless: a send has no
// idempotency key (section 11.1), so messages are not tried on a platform that
// hangs. One asks; the others wait.
func (c *Channel) ready(ctx context.Context) error {
	p := &c.pace
	p.Lock()
	now := time.Now()
	if wait := p.until.Sub(now); wait > 0 {
		p.Unlock()
		return &bot.Wait{After: wait}
	}
	if !p.doubts {
		p.Unlock()
		return nil
	}
	p.doubts, p.until = false, now.Add(probePause)
	p.Unlock()

	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	_, err := c.OA(ctx) // a refusal is an answer
	p.Lock()
	defer p.Unlock()
	wait := &bot.Wait{}
	if errors.As(err, &wait) || p.doubts {
		p.doubts, p.until = true, time.Now().Add(probePause)
		return &bot.Wait{After: max(wait.After, probePause)}
	}
	p.until = time.Time{}
	return nil
}
