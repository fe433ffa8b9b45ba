package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lensan/bot/telegram"
	"lensan/locales"
	"lensan/store"
)

type webhookCmd struct {
	Set    webhookSetCmd    `cmd:"" help:"Tell Telegram our address and commands."`
	Status webhookStatusCmd `cmd:"" help:"Ask Telegram how deliveries go."`
}

type webhookSetCmd struct{}

// Run registers our address and the menu of commands.
func (webhookSetCmd) Run(ctx context.Context, p *program) error {
	c, channel, err := p.telegram()
	if err != nil {
		return err
	}
	if c.PublicURL == "" {
		return errors.New("LENSAN_PUBLIC_URL: is empty: set it to the https address Telegram reaches us at")
	}
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	commands, err := telegramCommands(texts)
	if err != nil {
		return err
	}
	if err := channel.SetWebhook(ctx, telegramWebhook(c), commands); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Telegram posts to %s.\n", telegramWebhook(c))
	return err
}

type webhookStatusCmd struct{}

// Run prints what Telegram says of our webhook.
func (webhookStatusCmd) Run(ctx context.Context, p *program) error {
	_, channel, err := p.telegram()
	if err != nil {
		return err
	}
	status, err := channel.WebhookStatus(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "Telegram:", describe(status, time.Now()))
	return err
}

// telegram is the configured channel.
func (p *program) telegram() (Config, *telegram.Channel, error) {
	c, err := loadConfig(p.environ)
	if err != nil {
		return c, nil, err
	}
	if c.TelegramToken == "" {
		return c, nil, errors.New("TELEGRAM_TOKEN: is empty: set it to what @BotFather gave you")
	}
	channel, err := newTelegram(c, nil)
	return c, channel, err
}

func telegramWebhook(c Config) string { return string(c.PublicURL) + "/telegram" }

func telegramAPI(c Config) string {
	if c.TelegramAPI == "" {
		return telegram.OfficialAPI
	}
	return string(c.TelegramAPI)
}

// menu are the commands beside Telegram's text field, in their order: words the
// bot understands, written as Telegram allows. What each does stands in
// telegram.commands.NAME.
var menu = []string{"menu", "khai_san_pham", "ho_so", "can_bo", "quay_lai", "dung", "giup", "english", "tieng_viet"}

// telegramCommands is the menu in every language, the original for all others.
func telegramCommands(texts *locales.Texts) (map[string][]telegram.Command, error) {
	all := map[string][]telegram.Command{}
	for n, lang := range texts.Langs() {
		var list []telegram.Command
		for _, name := range menu {
			text, err := texts.Text(lang, "telegram.commands."+name, nil)
			if err != nil {
				return nil, err
			}
			list = append(list, telegram.Command{Command: name, Description: text})
		}
		if n == 0 {
			all[""] = list
		}
		all[lang] = list
	}
	return all, nil
}

// describe is a webhook's status in words.
func describe(s telegram.Status, now time.Time) string {
	if s.URL == "" {
		return "no webhook is set: run `lensan webhook set`"
	}
	text := fmt.Sprintf("it posts to %s; %d updates wait", s.URL, s.Pending)
	if s.LastError != "" {
		text += fmt.Sprintf("; the last failed delivery was %s ago, at %s: %s",
			now.Sub(s.LastErrorAt).Round(time.Second), s.LastErrorAt.In(store.Zone).Format("2006-01-02 15:04:05"), s.LastError)
	}
	return text
}
