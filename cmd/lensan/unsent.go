package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lensan/bot/vietnamese"
	"lensan/store"
)

type unsentCmd struct{}

// maxUnsent is how many replies that could not be sent are listed at a time.
const maxUnsent = 200

// reasons say why something could not be sent, as an officer understands it.
var reasons = map[string]string{
	"window":  "the platform lets us write only for some days after their last message",
	"quota":   "the month's messages of our account are used up",
	"gone":    "they blocked us, or left the platform",
	"unknown": "the platform did not answer: it may have arrived",
	"refused": "the platform did not take it",
}

// Run lists what could not be sent, latest first: when, on which channel, what
// about, whom to call, and below why.
func (unsentCmd) Run(ctx context.Context, p *program) error {
	return p.withDatabase(ctx, func(db *store.DB) error {
		unsent, err := db.Read().Unsent(ctx, maxUnsent)
		if err != nil {
			return err
		}
		if len(unsent) == 0 {
			_, err := fmt.Fprintln(p.out, "All that was said in the last 30 days could be sent.")
			return err
		}
		for _, u := range unsent {
			who, err := db.Read().Person(ctx, u.Person)
			if err != nil && !errors.Is(err, store.ErrNotFound) { // unknown, or deleted meanwhile
				return err
			}
			channel, _, _ := strings.Cut(u.Chat, ":")
			place, _ := vietnamese.CommuneByCode(who.Commune)
			fields := []string{u.At.In(store.Zone).Format("02/01/2006 15:04"), channel}
			for _, known := range []string{u.Flow, who.Name, vietnamese.FormatPhone(who.Phone), place.FullName} {
				if known != "" {
					fields = append(fields, printable(known))
				}
			}
			fmt.Fprintf(p.out, "%s\n    %s: %s\n", strings.Join(fields, "  "), u.Reason, reasons[u.Reason])
		}
		return nil
	})
}
