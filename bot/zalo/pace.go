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
	until  time.Time // the platform asked for a pause: nothing is sent before
	probe  time.Time // one finds out whether the platform answers: nothing is sent before, unless it does
	slowed int       // times running that the platform asked for a pause
	doubts bool      // the last call brought no answer
}

// wait is how long nothing is sent; 0: it can be now.
func (p *pace) wait(now time.Time) time.Duration {
	return max(p.until.Sub(now), p.probe.Sub(now), 0)
}

// slow is the platform's -32 or 429: the whole account pauses, longer each time
// (section 11.1), by a length that differs between replicas.
func (p *pace) slow() error {
	p.Lock()
	defer p.Unlock()
	after := min(time.Second<<p.slowed, time.Minute)
	after += rand.N(after / 2)
	p.slowed = min(p.slowed+1, 6)
	if until := time.Now().Add(after); until.After(p.until) {
		p.until = until
	}
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
	wait, doubts := p.wait(now), p.doubts
	if wait == 0 && doubts {
		p.doubts, p.probe = false, now.Add(probePause)
	}
	p.Unlock()
	switch {
	case wait > 0:
		return &bot.Wait{After: wait}
	case !doubts:
		return nil
	}

	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	_, err := c.OA(ctx) // a refusal is an answer
	told := &bot.Wait{}
	again := errors.As(err, &told)
	p.Lock()
	defer p.Unlock()
	now = time.Now()
	if p.probe = (time.Time{}); again || p.doubts {
		p.doubts, p.probe = true, now.Add(probePause)
	}
	if wait := max(p.wait(now), told.After); wait > 0 { // also when another call was asked for a pause meanwhile
		return &bot.Wait{After: wait}
	}
	return nil
}
