package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// run is one attempt at a turn: a message on a session. Nothing of it is kept
// until it is committed.
type run struct {
	bot     *Bot
	ctx     context.Context
	chat    Chat
	now     time.Time
	sess    *Session // worked on
	from    *Session // what it started from
	tx      Tx
	done    map[string]json.RawMessage // of a repetition: the results of Do
	did     map[string]json.RawMessage // the results of Do in this run
	replies []Reply
	outcome Outcome
	spoke   string // the flow that spoke on its own
}

// open is the talk that is asked now: the bot's own short question, or the flow.
func (r *run) open() *State {
	if r.sess.Over != nil {
		return r.sess.Over
	}
	return r.sess.Talk
}

func (r *run) newTalk(state *State, in *Input) *Talk {
	return &Talk{
		Chat: r.chat, Arg: state.Arg, Now: r.now,
		ctx: r.ctx, script: r.bot.script, texts: r.bot.texts, sess: r.sess, state: state, in: in, tx: r.tx, done: r.done, did: r.did,
		begin: func() (Tx, error) {
			if r.tx == nil {
				tx, err := r.bot.journal.Begin(r.ctx, r.chat, r.from.Turn, r.from.Nonce)
				if err != nil {
					return nil, err
				}
				r.tx = tx
			}
			return r.tx, nil
		},
	}
}

// say takes over what a talk said.
func (r *run) say(t *Talk) {
	r.replies = append(r.replies, t.said...)
	if len(t.wishes) == 0 || len(r.replies) == 0 {
		return
	}
	last := &r.replies[len(r.replies)-1]
	last.Options = append(last.Options, t.wishes...)
}

// maxTalks bounds how many talks one message may run through.
const maxTalks = 12

// talk runs the open talk with the message (nil: its open question is asked
// again), and what follows from it, until there is a question to wait for or
// nothing is open.
func (r *run) talk(in *Input) error {
	if in != nil && r.open() == nil {
		return r.notice("bot.unknown")
	}
	for range maxTalks {
		state := r.open()
		if state == nil {
			return nil
		}
		flow, ok := r.bot.script.flow(state.Flow)
		if !ok { // another version of the program knows it: the session stays as it is
			return r.untouched("bot.other_version")
		}
		over := r.sess.Over != nil
		t := r.newTalk(state, in)
		done, err := t.run(flow)
		if err != nil {
			return err
		}
		in = nil
		r.say(t)
		if !done && t.then == nil {
			return nil
		}
		if done {
			if over {
				r.sess.Over = nil
			} else {
				r.sess.Talk = nil
			}
		}
		if t.then != nil {
			t.then(r.sess)
		}
		if r.sess.Again != "" {
			in = &Input{Text: r.sess.Again, Taken: true}
			r.sess.Again = ""
		}
	}
	return errors.New("bot: the talks of a message do not come to rest")
}

// speak says something outside any talk.
func (r *run) speak(id string, vars Vars, wishes ...Wish) error {
	t := r.newTalk(&State{Flow: id}, nil)
	_, err := t.run(func(t *Talk) {
		t.Say(id, vars)
		t.Next(wishes...)
	})
	if err == nil {
		r.say(t)
	}
	return err
}

// untouched says something and leaves the session as it was before the turn.
func (r *run) untouched(id string) error {
	before, err := r.from.clone()
	if err != nil {
		return err
	}
	r.sess, r.replies = before, nil
	return errors.Join(r.speak(id, nil), r.button(r.bot.script.Menu, numberMenu, "bot.menu_button"))
}

// button puts a wish that has a number of its own under what was said last.
func (r *run) button(w Wish, number, label string) error {
	if len(r.replies) == 0 {
		return nil
	}
	text, err := r.bot.texts.Text(r.sess.Lang, label, nil)
	last := &r.replies[len(r.replies)-1]
	last.Options = append(last.Options, Option{Number: number, Label: text, Data: w.String()})
	return err
}

// failed is what the person is told when a turn fails by our own fault.
func (r *run) failed() error {
	s := r.sess
	id := "bot.failed"
	if s.Talk != nil {
		if s.Failed == s.Talk.Flow {
			id = "bot.left"
			s.park()
			s.Failed = ""
		} else {
			s.Failed = s.Talk.Flow
		}
	}
	s.Over = nil
	return errors.Join(r.speak(id, nil),
		r.button(r.bot.script.Menu, numberMenu, "bot.menu_button"),
		r.button(r.bot.script.Person, numberPerson, "bot.person_button"))
}

// task is what a turn is about: a message, many messages that are answered by
// one reply, or neither: an answer that is owed.
type task struct {
	in    *Incoming
	flood []Incoming
}

// handled are the messages the turn handles.
func (t task) handled() (all []int64) {
	if t.in != nil {
		all = append(all, t.in.Seq)
	}
	for _, m := range t.flood {
		all = append(all, m.Seq)
	}
	return all
}

// lang is the language of the app it came from.
func (t task) lang() string {
	switch {
	case t.in != nil:
		return t.in.Lang
	case len(t.flood) > 0:
		return t.flood[0].Lang
	}
	return ""
}

// limits of a turn
const (
	turnLimit = 10 * time.Second // of one attempt
	maxMoved  = 3                // attempts when the chat moves or the database asks to run again
)

// runTurn runs a task on a session and commits it. sess may be a live copy that is out of date: then the chat has "moved" and
// the committed session is used.
func (b *Bot) runTurn(ctx context.Context, chat Chat, sess *Session, of task) (*Turn, Committed, error) {
	var err error
	for attempt := range maxMoved + 1 {
		if sess == nil {
			if sess, err = b.journal.Session(ctx, chat); err != nil && !errors.Is(err, ErrSession) {
				return nil, Committed{}, err
			}
		}
		t, done, err := b.attempt(ctx, chat, sess, of, err)
		if err == nil {
			return t, done, nil
		}
		if !errors.Is(err, ErrMoved) && !errors.Is(err, ErrAgain) || attempt == maxMoved {
			return nil, Committed{}, err
		}
		sess = nil
	}
	return nil, Committed{}, ErrMoved
}

// attempt runs and commits once. A run that fails by its own fault is committed
// as failed; an error means that nothing was committed. fault: it failed before
// it ran, the session cannot be decoded and the chat starts again.
func (b *Bot) attempt(ctx context.Context, chat Chat, sess *Session, of task, fault error) (t *Turn, done Committed, err error) {
	ctx, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	var tx Tx
	if err = fault; err == nil {
		t, tx, err = b.decide(ctx, chat, sess, of)
	}
	if tx != nil {
		defer tx.Rollback()
	}
	if err != nil {
		if errors.Is(err, ErrMoved) || errors.Is(err, ErrAgain) || errors.Is(ctx.Err(), context.Canceled) || b.journal.Away(err) {
			return nil, Committed{}, err
		}
		if tx != nil {
			tx.Rollback()
			tx = nil
		}
		b.log.Error("turn failed", "chat", b.redact(chat), "error", err)
		if t, err = b.fail(chat, sess, of); err != nil {
			return nil, Committed{}, err
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
		defer cancel()
	}
	at(b.moments.BeforeCommit)
	if tx != nil {
		done, err = tx.Commit(ctx, *t)
	} else {
		done, err = b.journal.Commit(ctx, *t)
	}
	return t, done, err
}

// decide runs the message and returns what the turn is to commit. It changes
// nothing outside tx.
func (b *Bot) decide(ctx context.Context, chat Chat, sess *Session, of task) (t *Turn, tx Tx, err error) {
	r, err := b.newRun(ctx, chat, sess)
	if err != nil {
		return nil, nil, err
	}
	defer func() { // outside a flow, whose own panics end in Talk.run
		if p := recover(); p != nil {
			t, tx, err = nil, r.tx, fmt.Errorf("bot: panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := r.handle(of); err != nil {
		return nil, r.tx, err
	}
	if b.twice {
		if err := r.compare(of); err != nil {
			return nil, r.tx, err
		}
	}
	return r.result(of, r.outcome), r.tx, nil
}

// handle runs what the turn is about: the message, all of them, or what is owed.
func (r *run) handle(of task) (err error) {
	switch in := of.in; {
	case len(of.flood) > 0:
		if r.sess.Lang == "" {
			r.sess.Lang = r.bot.lang(of.lang())
		}
		r.outcome = Flooded
		err = r.notice("bot.flood", Vars{"n": len(of.flood)})
	case in == nil:
		err = r.owed()
	case in.Tries >= maxTries:
		err = fmt.Errorf("bot: message %d was run %d times and never committed", in.Seq, in.Tries)
	default:
		err = r.route(&in.Message)
	}
	if err != nil {
		return err
	}
	if s := r.sess; len(s.Album)+len(s.Later) > 0 && s.Owed.IsZero() {
		s.Owed = later(s.Quiet, r.now.Add(time.Second), r.now.Add(time.Second))
	}
	if n := len(r.replies); n > 0 && r.outcome != Spoke && r.open() == nil && len(r.replies[n-1].Options) == 0 {
		if err := r.button(r.bot.script.Menu, numberMenu, "bot.menu_button"); err != nil { // always a way on
			return err
		}
	}
	if r.open() == nil || r.sess.Failed != "" && r.sess.Talk != nil && r.sess.Talk.Flow != r.sess.Failed {
		r.sess.Failed = ""
	}
	return nil
}

// compare runs the message again with the results of Do of this run, and fails if
// anything else comes out: a flow that branches on what it may not.
func (r *run) compare(of task) error {
	again, err := r.bot.newRun(r.ctx, r.chat, r.from)
	if err != nil {
		return err
	}
	again.now, again.tx, again.done = r.now, r.tx, r.did
	if err := again.handle(of); err != nil {
		return err
	}
	first, second := encode([]any{r.sess, r.replies}), encode([]any{again.sess, again.replies})
	if string(first) != string(second) {
		return fmt.Errorf("bot: the turn is not the same when run again:\n%s\n%s", first, second)
	}
	return nil
}

// maxTries is how many runs of one message may end without a commit: with the
// process, most likely by the message's own doing.
const maxTries = 3

// fail is the turn that is committed in place of one that failed: the session as
// before, the message handled, the person told so.
func (b *Bot) fail(chat Chat, sess *Session, of task) (*Turn, error) {
	r, err := b.newRun(context.Background(), chat, sess)
	if err != nil {
		return nil, err
	}
	if r.sess.Lang == "" {
		r.sess.Lang = b.lang(of.lang())
	}
	r.sess.Album, r.sess.Later, r.sess.Owed = nil, nil, time.Time{}
	if err := r.failed(); err != nil {
		return nil, err
	}
	return r.result(of, Failed), nil
}

func (b *Bot) newRun(ctx context.Context, chat Chat, sess *Session) (*run, error) {
	s, err := sess.clone()
	if err != nil {
		return nil, err
	}
	return &run{bot: b, ctx: ctx, chat: chat, now: b.now(), sess: s, from: sess, did: map[string]json.RawMessage{}, outcome: Answered}, nil
}

// result is what the run commits.
func (r *run) result(of task, outcome Outcome) *Turn {
	s := r.sess
	s.Turn, s.Nonce = r.from.Turn+1, rand.Text()[:8]
	if len(r.replies) > 0 && outcome != Spoke {
		s.Shown = nil
	}
	for _, reply := range r.replies { // the last options count
		if n := typed(reply.Options); len(n) > 0 {
			s.Shown = n
		}
	}
	s.raw = encode(s)
	t := &Turn{Chat: r.chat, Before: r.from.Turn, Nonce: r.from.Nonce, Session: s, Outcome: outcome, Replies: r.replies, Handled: of.handled()}
	if open := r.open(); open != nil {
		t.Flow, t.Asked = open.Flow, open.Asked
	}
	if outcome == Spoke { // above the open question
		t.Flow = r.spoke
	}
	if len(r.replies) == 0 && outcome == Answered {
		t.Outcome = Silent
	}
	return t
}
