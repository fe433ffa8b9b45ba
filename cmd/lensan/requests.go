package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"lensan/bot/vietnamese"
	"lensan/store"
)

type requestsCmd struct {
	List listRequestsCmd `cmd:"" default:"1" help:"Who waits for a person, longest first."`
	Done doneRequestCmd  `cmd:"" help:"Note that somebody was helped."`
}

// maxRequests is how many requests are listed at a time.
const maxRequests = 200

type listRequestsCmd struct{}

// Run lists the open requests.
func (listRequestsCmd) Run(ctx context.Context, p *program) error {
	return p.withDatabase(ctx, func(db *store.DB) error {
		open, err := db.Read().RequestsFor(ctx, store.CommandLine, maxRequests)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			_, err := fmt.Fprintln(p.out, "Nobody waits.")
			return err
		}
		for _, q := range open {
			if err := printRequest(ctx, p.out, db.Read(), q); err != nil {
				return err
			}
		}
		return nil
	})
}

// printRequest writes a request as an officer needs it: when, who, how to reach
// them, what about, and their words below.
func printRequest(ctx context.Context, w io.Writer, r *store.Reader, q store.Request) error {
	who, err := r.Person(ctx, q.Person)
	if err != nil && !errors.Is(err, store.ErrNotFound) { // unknown, or deleted meanwhile
		return err
	}
	phone, commune := q.Phone, q.Commune
	if phone == "" {
		phone = who.Phone
	}
	if commune == "" {
		commune = who.Commune
	}
	channel, _, _ := strings.Cut(q.Chat, ":")
	place, _ := vietnamese.CommuneByCode(commune)
	fields := []string{q.Code(), q.Created.In(store.Zone).Format("02/01/2006 15:04"), channel, q.Topic}
	for _, known := range []string{who.Name, vietnamese.FormatPhone(phone), place.FullName} {
		if known != "" {
			fields = append(fields, printable(known))
		}
	}
	fmt.Fprintln(w, strings.Join(fields, "  "))
	for line := range strings.Lines(q.Text) {
		fmt.Fprintln(w, "    "+printable(line))
	}
	return nil
}

// printable takes out what would move the terminal's cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

type doneRequestCmd struct {
	ID string `arg:"" help:"The request's code or number: YC-000001, 1."`
}

// requestForm is a request's code or number as people type it.
var requestForm = regexp.MustCompile(`^\s*(?:[Yy][Cc][- ]?)?(\d{1,18})\s*$`)

// Run notes that a request was dealt with.
func (c *doneRequestCmd) Run(ctx context.Context, p *program) error {
	var id int64
	if m := requestForm.FindStringSubmatch(c.ID); m != nil {
		id, _ = strconv.ParseInt(m[1], 10, 64)
	}
	if id <= 0 {
		return fmt.Errorf("%q is no request: write its code, like YC-000001", c.ID)
	}
	return p.withDatabase(ctx, func(db *store.DB) error {
		var q store.Request
		err := db.Change(ctx, func(tx *store.Tx) (err error) {
			q, err = tx.CloseRequest(ctx, store.CommandLine, id, "")
			return err
		})
		if errors.Is(err, store.ErrNotYours) || errors.Is(err, store.ErrClosed) {
			return fmt.Errorf("no open request has the number %d: `lensan requests` lists them", id)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.out, q.Code()+" is done.")
		return err
	})
}
