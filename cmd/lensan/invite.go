package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"lensan/bot/telegram"
	"lensan/bot/vietnamese"
	"lensan/store"
)

type inviteCmd struct {
	Role     string   `required:"" enum:"manager,helper,officer,admin" help:"What the code makes of whoever types it: manager, helper, officer or admin."`
	Area     []string `placeholder:"CODE" sep:"," help:"A commune (five digits) or province (two digits) an officer or helper is for; may be repeated."`
	Producer string   `placeholder:"CODE" help:"The producer a manager, or a helper, is for: CT-000012."`
}

// Run makes a code for an invitation, and prints it with the ways to use it.
func (c *inviteCmd) Run(ctx context.Context, p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	config, err := loadConfig(p.environ)
	if err != nil {
		return err
	}
	return p.withDatabase(ctx, func(db *store.DB) error {
		inv := store.Invitation{By: store.CommandLine, Role: c.Role, Areas: c.Area}
		what := c.Role + c.areas()
		if c.Producer != "" {
			producer, err := db.Read().ProducerByCode(ctx, c.Producer)
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("--producer: there is no %q: write its code, like CT-000012; the bot says it to officers who search for it", c.Producer)
			}
			if err != nil {
				return err
			}
			inv.Producer, what = producer.ID, c.Role+" of "+printable(producer.Name)+" ("+producer.Code()+")"
		}
		var code string
		err := db.Change(ctx, func(tx *store.Tx) (err error) {
			code, err = tx.Invite(ctx, inv)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s\n    %s, once, until %s\n", code, what, db.Now().Add(store.InvitationLasts).Format("02/01/2006 15:04"))
		config.printWays(ctx, p.out, code)
		return nil
	})
}

// check refuses what does not go together, and areas that there are not.
func (c *inviteCmd) check() error {
	ofProducer := c.Role == store.Manager || c.Role == store.RoleHelper && c.Producer != ""
	switch {
	case c.Role == store.Manager && c.Producer == "":
		return errors.New("a manager is one of a producer: add --producer CT-000012, with its code")
	case c.Producer != "" && !ofProducer:
		return fmt.Errorf("--producer: an %s is for no producer: leave it out", c.Role)
	case len(c.Area) > 0 && ofProducer:
		return fmt.Errorf("--area: a %s of a producer has the producer's: leave it out", c.Role)
	case len(c.Area) > 0 && c.Role == store.RoleAdmin:
		return errors.New("--area: an admin's is all: leave it out")
	case len(c.Area) == 0 && (c.Role == store.RoleOfficer || c.Role == store.RoleHelper && !ofProducer):
		return fmt.Errorf("the %s is for some area: add --area with the code of a commune (five digits) or a province (two)", c.Role)
	}
	for _, area := range c.Area {
		if areaName(area) == "" {
			return fmt.Errorf("--area: %q is neither a commune (five digits) nor a province (two) of today: `lensan understand NAME` tells a commune's code", area)
		}
	}
	return nil
}

// areas names the areas: " for Xã Bắc Hà (02839)".
func (c *inviteCmd) areas() string {
	var names []string
	for _, area := range c.Area {
		names = append(names, fmt.Sprintf("%s (%s)", areaName(area), area))
	}
	if len(names) == 0 {
		return ""
	}
	return " for " + strings.Join(names, ", ")
}

// areaName is the name of a commune or province; empty: there is none of this code.
func areaName(code string) string {
	for _, p := range vietnamese.Provinces() {
		if p.Code == code {
			return p.Name
		}
	}
	c, _ := vietnamese.CommuneByCode(code)
	return c.FullName
}

// askName is how long Telegram may take to tell the bot's name.
const askName = 2 * time.Second

// printWays prints how a code comes to the bot, on every channel there is.
func (c Config) printWays(ctx context.Context, w io.Writer, code string) {
	if c.TelegramToken != "" {
		way := "type the code to the bot (it did not tell its name just now, so there is no link)"
		if channel, err := newTelegram(c, nil); err == nil {
			ctx, cancel := context.WithTimeout(ctx, askName)
			defer cancel()
			if name, err := channel.Username(ctx); err == nil {
				way = telegramOpener(name, code)
			}
		}
		fmt.Fprintf(w, "    Telegram  %s\n", way)
	}
	if c.ZaloAppID != "" {
		fmt.Fprintf(w, "    Zalo      type the code to the Official Account\n")
	}
	if c.webChat() {
		way := "type the code in the chat (with LENSAN_PUBLIC_URL set there is a link)"
		if c.PublicURL != "" {
			way = webOpener(c, code)
		}
		fmt.Fprintf(w, "    Web       %s\n", way)
	}
}

// openers are the addresses that open a chat with a code, while we serve.
type openers struct {
	config Config
	ask    func()                 // begins to ask Telegram, once
	bot    atomic.Pointer[string] // the name of the Telegram bot; nil: Telegram has not told it yet
}

// before asks Telegram for the bot's name when it first calls us: not at the start,
// when it may not be reached.
func (o *openers) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.ask()
		next.ServeHTTP(w, r)
	})
}

// askAgain is how long after a failure Telegram is asked for the bot's name again.
const askAgain = time.Minute

// learn asks Telegram for the bot's name until it tells it.
func (o *openers) learn(ctx context.Context, channel *telegram.Channel) {
	for {
		name, err := channel.Username(ctx)
		if err == nil {
			o.bot.Store(&name)
			return
		}
		select {
		case <-time.After(askAgain):
		case <-ctx.Done():
			return
		}
	}
}

// addresses are those that open a chat with a code.
func (o *openers) addresses(code string) []string {
	var all []string
	if name := o.bot.Load(); name != nil {
		all = append(all, telegramOpener(*name, code))
	}
	if o.config.webChat() && o.config.PublicURL != "" {
		all = append(all, webOpener(o.config, code))
	}
	return all
}

// telegramOpener is the address that opens the bot with a code.
func telegramOpener(name, code string) string { return "https://t.me/" + name + "?start=" + code }

// webOpener is the address that opens the web chat with a code.
func webOpener(c Config, code string) string { return string(c.PublicURL) + "/chat?start=" + code }
