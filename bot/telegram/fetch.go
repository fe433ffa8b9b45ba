package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"

	"lensan/bot"
)

// MaxFile is the largest file a bot can fetch, in bytes.
// Source: Bot API, getFile.
const MaxFile = 20 << 20

// fetchTimeout bounds a whole download.
const fetchTimeout = time.Minute

// Fetch opens a file by its id. The link of a Telegram file has the token in
// it: it is used here and neither returned, kept nor logged. Reading more than
// [MaxFile] bytes is an error.
func (c *Channel) Fetch(ctx context.Context, f bot.File) (io.ReadCloser, error) {
	if f.Channel != Name || f.ID == "" || f.Size > MaxFile {
		return nil, bot.ErrGone
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	body, err := c.download(ctx, f.ID)
	if err != nil {
		cancel()
		return nil, err
	}
	return bot.Bounded(body, MaxFile, cancel), nil
}

func (c *Channel) download(ctx context.Context, id string) (io.ReadCloser, error) {
	f, err := c.api.GetFile(ctx, &tg.GetFileParams{FileID: id})
	if slow := (*tg.TooManyRequestsError)(nil); errors.As(err, &slow) {
		return nil, wait(slow.RetryAfter, "")
	}
	if errors.Is(err, tg.ErrorBadRequest) || err == nil && (f.FilePath == "" || f.FileSize > MaxFile) {
		return nil, bot.ErrGone // "file is too big", "wrong file_id or the file is temporarily unavailable"
	}
	if err != nil {
		return nil, c.redact(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api.FileDownloadLink(f), nil)
	if err != nil {
		return nil, errors.New("telegram: the file has no usable path")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.redact(err)
	}
	switch {
	case resp.StatusCode == http.StatusOK && resp.ContentLength <= MaxFile:
		return resp.Body, nil
	case resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		err = bot.ErrGone
	default:
		err = fmt.Errorf("telegram: downloading the file: status %d", resp.StatusCode)
	}
	resp.Body.Close()
	return nil, err
}
