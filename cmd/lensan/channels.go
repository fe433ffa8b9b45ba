package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"lensan/bot/telegram"
	"lensan/bot/web"
	"lensan/bot/zalo"
)

// unreachable says what is missing where no channel is configured.
const unreachable = "nobody could reach the bot: set ZALO_APP_ID, ZALO_APP_SECRET and ZALO_OA_SECRET, or TELEGRAM_TOKEN and TELEGRAM_WEBHOOK_SECRET, or LENSAN_WEB_CHAT=true"

// reachable tells whether people have a way to the bot.
func (c Config) reachable() bool { return c.TelegramToken != "" || c.ZaloAppID != "" || c.webChat() }

// startChannels makes the configured channels. None calls its platform here.
func (s *service) startChannels(ctx context.Context) (err error) {
	s.openers = &openers{config: s.config}
	if s.config.TelegramToken != "" {
		if s.telegram, err = newTelegram(s.config, s.blobs.Open); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.running("asking for the bot's name", func() error { cancel(); return nil })
		s.openers.ask = sync.OnceFunc(func() { go s.openers.learn(ctx, s.telegram) })
	}
	if s.config.ZaloAppID != "" {
		if err := s.startZalo(ctx); err != nil {
			return err
		}
	}
	if s.config.webChat() {
		secret, err := s.db.Secret(ctx, "web")
		if err != nil {
			return fmt.Errorf("the secret of the web chat: %w", err)
		}
		s.web = web.New(web.Config{
			Secret: secret, History: s.db, Files: uploads{s.db, s.blobs}, Langs: s.texts.Langs(), Texts: s.text,
			Demo: s.config.Demo(), Secure: strings.HasPrefix(string(s.config.PublicURL), "https:"),
		})
	}
	return nil
}

// newTelegram makes the channel; open opens what it sends (nil: nothing is sent).
func newTelegram(c Config, open func(context.Context, string) (io.ReadCloser, error)) (*telegram.Channel, error) {
	return telegram.New(telegram.Config{
		Token: string(c.TelegramToken), Secret: string(c.TelegramSecret), APIURL: string(c.TelegramAPI), Open: open,
	})
}

// text is a text of a page. A test sees to it that none is missing.
func (s *service) text(lang, id string) string {
	text, err := s.texts.Text(lang, id, nil)
	if err != nil {
		s.log.Error("a text is missing", "error", err)
	}
	return text
}

// startZalo makes the channel of the Official Account and keeps its tokens alive.
func (s *service) startZalo(ctx context.Context) (err error) {
	tokens, err := newRefresher(s.config, s.db, s.log)
	if err != nil {
		return err
	}
	tokens.Register(s.registry)
	s.zalo, err = newZalo(s.config, tokens, func(c *zalo.Config) {
		c.Metrics = zalo.NewMetrics(s.registry)
		c.Now = s.db.Now
		c.Open = s.blobs.Open
		c.Template = func(name string) (zalo.Template, bool) {
			t, ok := s.content.Get().Templates[name]
			return zalo.Template(t), ok
		}
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tokens.Run(ctx)
	}()
	s.running("the tokens of Zalo", func() error {
		cancel()
		<-ended // the answer to a call in hand must not be lost
		return nil
	})
	return nil
}
