package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"lensan/bot"
)

// Send sends one part as plain text: without a parse mode nothing that a person
// typed can become markup; a part with a file is the file alone. Errors are
// those of [bot.Channel].
//
// The call is our own JSON, not the library's multipart through a pipe: a
// busy bot sends thousands a second, and this one costs less than half.
func (c *Channel) Send(ctx context.Context, chat bot.Chat, part bot.Reply) error {
	id, err := strconv.ParseInt(chat.ID, 10, 64)
	if err != nil || chat.Channel != Name || chat.Account != c.account {
		return errors.New("telegram: this chat is not one of this bot")
	}
	if part.File != nil {
		return c.sendFile(ctx, id, part)
	}
	return c.post(ctx, "sendMessage", &tg.SendMessageParams{
		ChatID:             id,
		Text:               part.Text,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		ReplyMarkup:        markup(part),
	})
}

// markup is the keyboard under a part. A message carries one markup only, so
// when the person's number is asked for, the options stand as text buttons
// below that button: a press sends their title, which is what to type for them.
// A message without buttons takes away what such a keyboard left behind.
func markup(r bot.Reply) models.ReplyMarkup {
	switch {
	case r.Contact != "":
		rows := [][]models.KeyboardButton{{{Text: r.Contact, RequestContact: true}}}
		for _, line := range lines(r.Options) {
			row := make([]models.KeyboardButton, len(line))
			for i, o := range line {
				row[i] = models.KeyboardButton{Text: o.Title()}
			}
			rows = append(rows, row)
		}
		return &models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, OneTimeKeyboard: true}
	case len(r.Options) > 0:
		rows := make([][]models.InlineKeyboardButton, 0, len(r.Options))
		for _, line := range lines(r.Options) {
			row := make([]models.InlineKeyboardButton, len(line))
			for i, o := range line {
				row[i] = models.InlineKeyboardButton{Text: o.Title(), CallbackData: o.Data}
			}
			rows = append(rows, row)
		}
		return &models.InlineKeyboardMarkup{InlineKeyboard: rows}
	}
	return &models.ReplyKeyboardRemove{RemoveKeyboard: true}
}

// lines lays options out in lines of equal length: three or two to a line only
// if all of them can be read so on a phone 320 points wide with large letters.
func lines(options []bot.Option) [][]bot.Option {
	longest := 0
	for _, o := range options {
		longest = max(longest, bot.UTF16Len(o.Title()))
	}
	per := 1
	switch {
	case longest <= 6:
		per = 3
	case longest <= 12:
		per = 2
	}
	var out [][]bot.Option
	for len(options) > per {
		out, options = append(out, options[:per]), options[per:]
	}
	if len(options) > 0 {
		out = append(out, options)
	}
	return out
}

// answer is the Bot API's answer to any call.
type answer struct {
	OK          bool   `json:"ok"`
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// post calls a method of the Bot API with parameters in JSON.
func (c *Channel) post(ctx context.Context, method string, params any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return c.redact(err)
	}
	return c.call(ctx, method, "application/json", body)
}

// call calls a method of the Bot API and returns when the platform has done it.
func (c *Channel) call(ctx context.Context, method, contentType string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+method, bytes.NewReader(body))
	if err != nil {
		return c.redact(err)
	}
	req.Header.Set("Content-Type", contentType)
	got, err := bot.Call(c.http, req)
	if err != nil {
		return err
	}
	var a answer
	decoded := json.Unmarshal(got.Body, &a) == nil
	switch {
	case decoded && a.OK:
		return nil
	case got.Status == http.StatusTooManyRequests || a.Code == http.StatusTooManyRequests:
		return wait(a.Parameters.RetryAfter, got.Header.Get("Retry-After"))
	case !decoded:
		return fmt.Errorf("%w: an answer that is not Telegram's, status %d", bot.ErrUnknown, got.Status)
	}
	if a.Code == 0 {
		a.Code = got.Status
	}
	return c.refusal(a)
}

// wait reads the pause of a 429; at least a second.
func wait(seconds int, header string) error {
	if seconds == 0 {
		seconds, _ = strconv.Atoi(header)
	}
	return &bot.Wait{After: time.Duration(max(seconds, 1)) * time.Second}
}

// gone are the words by which Telegram says with a 400 that a person cannot be
// reached; with a 403 it always says so. The server turns some of the one into
// the other. Source: tdlib/telegram-bot-api, Client.cpp.
var gone = []string{"chat not found", "user not found", "deactivated", "blocked", "can't initiate conversation", "peer_id_invalid"}

// refusal is what a decoded answer other than ok means.
func (c *Channel) refusal(a answer) error {
	what := c.secrets.Short(fmt.Sprintf("%d %s", a.Code, a.Description))
	switch {
	case a.Code == http.StatusForbidden:
		return fmt.Errorf("%w: %s", bot.ErrGone, what)
	case a.Code >= 500:
		return fmt.Errorf("%w: %s", bot.ErrUnknown, what)
	case a.Code == http.StatusBadRequest:
		text := strings.ToLower(a.Description)
		for _, word := range gone {
			if strings.Contains(text, word) {
				return fmt.Errorf("%w: %s", bot.ErrGone, what)
			}
		}
	}
	return fmt.Errorf("telegram: refused: %s", what)
}
