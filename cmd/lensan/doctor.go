package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"lensan/locales"
	"lensan/store"
)

// checkTime bounds one check.
const checkTime = 15 * time.Second

type doctorCmd struct{}

// Run checks everything and says what to do. Something wrong is an error.
func (doctorCmd) Run(ctx context.Context, p *program) error {
	d := &doctor{program: p}
	c, err := loadConfig(p.environ)
	if err != nil {
		d.wrong("configuration", err.Error())
		return d.result()
	}
	d.checkConfig(c)
	d.checkContent(c)
	d.checkFolders(c)
	d.checkPostgres(ctx, c)
	d.checkRedis(ctx, c)
	d.checkTelegram(ctx, c)
	return d.result()
}

// doctor prints a line for everything it looked at.
type doctor struct {
	*program
	faults int
}

func (d *doctor) fine(what, detail string) { fmt.Fprintf(d.out, "ok     %s: %s\n", what, detail) }
func (d *doctor) warn(what, detail string) { fmt.Fprintf(d.out, "warn   %s: %s\n", what, detail) }
func (d *doctor) wrong(what, detail string) {
	d.faults++
	fmt.Fprintf(d.out, "WRONG  %s: %s\n", what, detail)
}

func (d *doctor) result() error {
	if d.faults > 0 {
		return fmt.Errorf("%d wrong; what to do stands behind each", d.faults)
	}
	return nil
}

func (d *doctor) checkConfig(c Config) {
	switch {
	case c.Demo():
		d.fine("configuration", "nothing is set: the demo, with sample data")
	case !c.reachable():
		d.wrong("configuration", unreachable)
	default:
		d.fine("configuration", "has the right form")
	}
	if !c.Demo() && c.PublicURL == "" {
		d.warn("LENSAN_PUBLIC_URL", "is not set: links are left out, and `lensan webhook set` needs it")
	}
}

func (d *doctor) checkContent(c Config) {
	content, err := locales.LoadContent(c.Content)
	switch {
	case err != nil:
		d.wrong("content", err.Error())
	case content.Sample && !c.Demo():
		d.warn("content", "is the sample office, which does not exist: copy locales/content, fill it in and set LENSAN_CONTENT")
	default:
		d.fine("content", content.Office.Name)
	}
}

// checkFolders tries to write where the service will.
func (d *doctor) checkFolders(c Config) {
	if err := makeData(c.Data); err != nil {
		d.wrong("data", err.Error())
		return
	}
	if err := tryWrite(filepath.Join(c.Data, "spool")); err != nil {
		d.wrong("spool", fmt.Sprintf("%v: messages could not be kept while Postgres is away. Set LENSAN_DATA to a folder that can be written", err))
	} else {
		d.fine("spool", filepath.Join(c.Data, "spool"))
	}
	if _, err := store.OpenBlobs(c.Files); err != nil {
		d.wrong("files", err.Error())
	} else {
		d.fine("files", c.Files)
	}
}

func tryWrite(dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".doctor-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.WriteString("lensan"); err != nil {
		return err
	}
	return f.Sync()
}

func (d *doctor) checkPostgres(ctx context.Context, c Config) {
	ctx, cancel := context.WithTimeout(ctx, 4*checkTime) // a private one may have to be made
	defer cancel()
	db, done, err := openDatabase(ctx, c)
	if err != nil {
		d.wrong("Postgres", err.Error())
		return
	}
	defer func() {
		if err := done(); err != nil {
			d.wrong("Postgres", err.Error())
		}
	}()
	switch err := db.Ready(ctx); {
	case err == nil:
		unhandled, unsent, err := db.Backlog(ctx)
		if err != nil {
			d.wrong("Postgres", err.Error())
			return
		}
		d.fine("Postgres", fmt.Sprintf("the schema is current; %d messages wait to be handled, %d turns to be sent", unhandled, unsent))
		d.checkZalo(ctx, c, db)
	case c.Demo():
		d.fine("Postgres", "starts; the demo brings its schema up by itself")
	default:
		d.wrong("Postgres", err.Error())
	}
}

func (d *doctor) checkRedis(ctx context.Context, c Config) {
	if c.RedisURL == "" {
		if path, err := exec.LookPath("redis-server"); err != nil {
			d.warn("Redis", store.ErrNoRedis.Error())
		} else {
			d.fine("Redis", "a private one from "+path)
		}
		return
	}
	live, err := store.OpenLive(string(c.RedisURL))
	if err == nil {
		defer live.Close()
		err = live.Ready(ctx)
	}
	if err != nil {
		d.warn("Redis", fmt.Sprintf("cannot be reached (%v): the bot works, only slower. Start it, or look at REDIS_URL", err))
		return
	}
	d.fine("Redis", "answers")
}

func (d *doctor) checkTelegram(ctx context.Context, c Config) {
	if c.TelegramToken == "" {
		return
	}
	channel, err := newTelegram(c, nil)
	if err != nil {
		d.wrong("Telegram", err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	status, err := channel.WebhookStatus(ctx)
	switch want := telegramWebhook(c); {
	case err != nil:
		d.wrong("Telegram", fmt.Sprintf("%v: look at TELEGRAM_TOKEN, and whether this machine reaches %s", err, telegramAPI(c)))
	case status.URL == "":
		d.wrong("Telegram", "answers, but has no webhook: run `lensan webhook set`")
	case c.PublicURL != "" && status.URL != want:
		d.wrong("Telegram", fmt.Sprintf("posts to %s and not to %s: run `lensan webhook set`", status.URL, want))
	case status.LastError != "":
		d.warn("Telegram", "answers; "+describe(status, time.Now()))
	default:
		d.fine("Telegram", "answers; "+describe(status, time.Now()))
	}
}
