package telegram

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Command is an entry of the menu beside the text field.
type Command struct {
	Command     string // 1-32 of a-z, 0-9 and _, without the slash
	Description string // 1-256 characters
}

// Status is what Telegram says of our webhook.
type Status struct {
	URL         string    // empty: none is set
	Pending     int       // updates waiting to be delivered
	LastError   string    // of the newest failed delivery, in Telegram's words
	LastErrorAt time.Time // zero: no delivery failed
}

// allowedUpdates are the updates [Channel.Read] knows. my_chat_member is how
// we hear that a person blocked us.
var allowedUpdates = []string{
	models.AllowedUpdateMessage,
	models.AllowedUpdateEditedMessage,
	models.AllowedUpdateCallbackQuery,
	models.AllowedUpdateMyChatMember,
}

// SetWebhook registers the https address to which Telegram posts updates, path
// included, and the command menu by language (two letters; "" is for all
// others). What waits at Telegram is kept: people wrote it during a deploy.
func (c *Channel) SetWebhook(ctx context.Context, address string, commands map[string][]Command) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return errors.New("telegram: a webhook needs an https address")
	}
	if c.secret == "" {
		return errors.New("telegram: a webhook needs a secret: without it anybody could write in a person's name")
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = c.api.SetWebhook(ctx, &tg.SetWebhookParams{
		URL:            address,
		AllowedUpdates: allowedUpdates,
		SecretToken:    c.secret,
	})
	if err != nil {
		return c.redact(err)
	}
	for _, lang := range slices.Sorted(maps.Keys(commands)) {
		list := make([]models.BotCommand, len(commands[lang]))
		for i, cmd := range commands[lang] {
			list[i] = models.BotCommand{Command: cmd.Command, Description: cmd.Description}
		}
		if _, err := c.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: list, LanguageCode: lang}); err != nil {
			return c.redact(err)
		}
	}
	return nil
}

// WebhookStatus asks Telegram how our webhook is doing.
func (c *Channel) WebhookStatus(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	info, err := c.api.GetWebhookInfo(ctx)
	if err != nil {
		return Status{}, c.redact(err)
	}
	s := Status{URL: info.URL, Pending: info.PendingUpdateCount, LastError: c.secrets.Short(info.LastErrorMessage)}
	if info.LastErrorDate != 0 {
		s.LastErrorAt = time.Unix(int64(info.LastErrorDate), 0)
	}
	return s, nil
}
