package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"lensan/bot/zalo"
	"lensan/locales"
	"lensan/store"
)

// checkZalo looks at the tokens, at the account they are for, and at what it may
// still send. Nothing is sent to people.
func (d *doctor) checkZalo(ctx context.Context, c Config, db *store.DB) {
	if c.ZaloAppID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*checkTime)
	defer cancel()
	tokens, err := newRefresher(c, db, slog.New(slog.DiscardHandler))
	if err != nil {
		d.wrong("Zalo", err.Error())
		return
	}
	channel, err := newZalo(c, tokens, func(*zalo.Config) {})
	if err != nil {
		d.wrong("Zalo", err.Error())
		return
	}
	if d.checkTokens(ctx, tokens, db) {
		d.checkOA(ctx, channel)
	}
	d.remindWebhook(c)
}

// zaloRenewed is the greatest age of a token that is renewed in time: its life.
const zaloRenewed = 25 * time.Hour

// checkTokens tells whether there is one to call with. One that has ended is
// renewed, as a send would do it.
func (d *doctor) checkTokens(ctx context.Context, tokens *zalo.Refresher, db *store.DB) bool {
	was, err := tokens.Look(ctx)
	if err != nil {
		d.wrong("Zalo tokens", err.Error())
		return false
	}
	_, failed := tokens.Token(ctx)
	is, err := tokens.Look(ctx)
	if err != nil {
		d.wrong("Zalo tokens", err.Error())
		return false
	}
	now := db.Now()
	says := fmt.Sprintf("obtained %s ago, good for another %s", now.Sub(is.Obtained).Round(time.Minute), is.Expires.Sub(now).Round(time.Minute))
	switch age := now.Sub(was.Obtained).Round(time.Hour); {
	case is.Refresh == nil:
		d.wrong("Zalo tokens", "there are none: run `lensan zalo login`, or set ZALO_REFRESH_TOKEN")
	case !is.Login.IsZero():
		d.wrong("Zalo tokens", fmt.Sprintf("since %s they cannot be renewed (%s): run `lensan zalo login`; if that fails too, look at ZALO_APP_ID and ZALO_APP_SECRET",
			is.Login.In(store.Zone).Format("2006-01-02 15:04"), is.Fault))
	case failed != nil:
		d.wrong("Zalo tokens", fmt.Sprintf("%v: look at whether this machine reaches Zalo", failed))
	case is.Fault != "":
		d.warn("Zalo tokens", says+"; the last try to renew them failed: "+is.Fault)
	case !was.Obtained.IsZero() && age > zaloRenewed:
		d.warn("Zalo tokens", fmt.Sprintf("%s; before, nobody had renewed them for %s: keep lensan running, after three months a person has to log in", says, age))
	default:
		d.fine("Zalo tokens", says)
	}
	return failed == nil
}

func (d *doctor) checkOA(ctx context.Context, channel *zalo.Channel) {
	oa, err := channel.OA(ctx)
	if what, _ := channel.Alert(); what != "" {
		d.wrong("Zalo", what)
		return
	}
	name := printable(oa.ID + " " + oa.Name)
	switch {
	case err != nil:
		d.wrong("Zalo", err.Error())
		return
	case !oa.Verified:
		d.wrong("Zalo", name+" is not verified, so the API is closed to it: verify it at oa.zalo.me")
	case oa.Package == "":
		d.warn("Zalo", name+" is verified; which package it has is not told")
	default:
		d.fine("Zalo", name+" is verified; package: "+printable(oa.Package))
	}
	quotas, err := channel.Quotas(ctx)
	if err != nil {
		d.warn("Zalo quota", err.Error())
		return
	}
	var left []string
	for _, q := range quotas {
		left = append(left, fmt.Sprintf("%s %d of %d until %s", q.Type, q.Remain, q.Total, printable(q.Until)))
	}
	if len(left) == 0 {
		d.warn("Zalo quota", "none: what the bot says on its own to people silent for more than 48 hours is charged, or refused")
		return
	}
	d.fine("Zalo quota", "for people silent for more than 48 hours: "+strings.Join(left, "; "))
}

// remindWebhook says what only the console shows.
func (d *doctor) remindWebhook(c Config) {
	if c.PublicURL == "" {
		return // said before
	}
	if !strings.HasPrefix(string(c.PublicURL), "https:") {
		d.wrong("Zalo webhook", "Zalo posts to https addresses only: set LENSAN_PUBLIC_URL to one")
		return
	}
	filter := ""
	if texts, err := locales.Load(); err == nil {
		filter, _ = texts.Text("vi", "zalo.console.filter", nil)
	}
	d.fine("Zalo webhook", fmt.Sprintf("nobody but the console (developers.zalo.me, Webhook) shows it: see to it that it posts to %s/zalo, that %q is off, and that these events are on: %s",
		c.PublicURL, filter, strings.Join(zalo.Events(), " ")))
}
