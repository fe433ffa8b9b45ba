package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	_ "image/jpeg" // what is sent as a photo
	_ "image/png"
	"io"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"time"

	"lensan/bot"
)

// The largest files a bot can send, in bytes.
// Source: Bot API, "Sending files" and sendPhoto.
const (
	MaxPhoto    = 10 << 20 // shown as a picture
	MaxDocument = 50 << 20
)

// maxHeld bounds what lies in memory of files that are being sent, in bytes:
// twice the largest, which is held as it is and as the body of its call.
const maxHeld = 2 * MaxDocument

// carries tells whether a file can be sent.
func (c *Channel) carries(a bot.Attachment) bool {
	return c.open != nil && a.Key != "" && a.Name != "" && a.Size > 0 && a.Size <= MaxDocument
}

// sendFile sends a picture as a photo, and what Telegram would not take as one,
// as a document. A part with a file has no text. What cannot be opened is
// refused for good: the words behind it do not wait for it.
func (c *Channel) sendFile(ctx context.Context, chat int64, part bot.Reply) error {
	a := *part.File
	if !c.carries(a) {
		return errors.New("telegram: this file cannot be sent")
	}
	if c.held.Acquire(ctx, 2*a.Size) != nil {
		return &bot.Wait{After: time.Second}
	}
	defer c.held.Release(2 * a.Size)
	content, err := c.read(ctx, a)
	if err != nil {
		return c.redact(err) // which wraps nothing: that a file is gone is not that the person is
	}
	method, field := "sendDocument", "document"
	if isPhoto(a.Type, content) {
		method, field = "sendPhoto", "photo"
	}
	keyboard, err := json.Marshal(markup(part))
	if err != nil {
		return c.redact(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err = errors.Join(
		form.WriteField("chat_id", strconv.FormatInt(chat, 10)),
		form.WriteField("reply_markup", string(keyboard)),
		writeFile(form, field, a, content),
		form.Close(),
	)
	if err != nil {
		return c.redact(err)
	}
	return c.call(ctx, method, form.FormDataContentType(), body.Bytes())
}

// read reads a whole file, which is as long as was said.
func (c *Channel) read(ctx context.Context, a bot.Attachment) ([]byte, error) {
	file, err := c.open(ctx, a.Key)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, a.Size+1))
	if err == nil && int64(len(content)) != a.Size {
		err = errors.New("the file is not as long as was said")
	}
	return content, err
}

// writeFile writes a file into a form, under its own type: the writer's
// CreateFormFile calls every file a stream of bytes.
func writeFile(form *multipart.Writer, field string, a bot.Attachment, content []byte) error {
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(field, a.Name)},
		"Content-Type":        {a.Type},
	})
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	return err
}

// isPhoto tells whether Telegram takes a file as a photo: its sides are at most
// 10,000 in sum, and none is longer than twenty of the other.
// Source: Bot API, sendPhoto.
func isPhoto(contentType string, content []byte) bool {
	if contentType != "image/jpeg" && contentType != "image/png" || len(content) > MaxPhoto {
		return false
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil && size.Width+size.Height <= 10_000 && size.Width <= 20*size.Height && size.Height <= 20*size.Width
}
