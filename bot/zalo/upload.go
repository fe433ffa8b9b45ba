package zalo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"sync"
	"time"

	"lensan/bot"
)

// Limits of uploads, in bytes (section 5).
const (
	maxPicture = 1_000_000 // of a jpg or png; larger ones are scaled down
	maxFile    = 5_000_000 // of everything else
	maxSource  = 20 << 20  // of a picture before it is scaled down
)

// uploadAge is how long an upload is used: the platform forgets it after seven
// days (section 5).
const uploadAge = 6 * 24 * time.Hour

// endpoints are where a file of a MIME type is uploaded (section 5), below
// [Config.UploadPath].
var endpoints = map[string]string{
	"image/jpeg":         "/image",
	"image/png":          "/image",
	"image/gif":          "/gif",
	"application/pdf":    "/file",
	"application/msword": "/file",
	"text/csv":           "/file",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "/file",
}

// carries tells whether the platform takes a file.
func carries(a bot.Attachment) bool {
	switch endpoints[a.Type] {
	case "":
		return false
	case "/image":
		return a.Size > 0 && a.Size <= maxSource
	}
	return a.Size > 0 && a.Size <= maxFile
}

// uploaded is a file that the platform has.
type uploaded struct {
	id            string // attachment_id of a picture, token of a file
	width, height int    // of a gif
	at            time.Time
}

// uploads are the files the platform has, by their key in the place for files.
type uploads struct {
	one chan struct{} // held by who uploads: pictures in memory, and the same file once

	mu   sync.Mutex
	kept map[string]uploaded
}

func newUploads() *uploads {
	return &uploads{one: make(chan struct{}, 1), kept: map[string]uploaded{}}
}

func (u *uploads) get(key string, now time.Time) (uploaded, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f, ok := u.kept[key]
	return f, ok && now.Sub(f.at) < uploadAge
}

func (u *uploads) put(key string, f uploaded) {
	const most = 1000
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.kept) >= most {
		maps.DeleteFunc(u.kept, func(_ string, old uploaded) bool { return f.at.Sub(old.at) >= uploadAge })
	}
	if len(u.kept) >= most {
		clear(u.kept)
	}
	u.kept[key] = f
}

// forget drops an upload that the platform no longer has.
func (u *uploads) forget(key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.kept, key)
}

// errUnfit is a file that cannot be made what the platform takes.
var errUnfit = errors.New("zalo: the file is not what it should be, or too large")

// attached is the message that carries a file (sections 3.4 and 3.5), or its
// link when it turns out that the platform cannot take it.
func (c *Channel) attached(ctx context.Context, a *bot.Attachment) (message, error) {
	f, err := c.uploaded(ctx, a)
	if errors.Is(err, errUnfit) && a.Link != "" {
		return message{Text: a.Name + ": " + a.Link}, nil
	}
	if err != nil {
		return message{}, err
	}
	media := func(e element) message {
		return message{Attachment: &sent{"template", payload{Template: "media", Elements: []element{e}}}}
	}
	switch endpoints[a.Type] {
	case "/image":
		return media(element{Media: "image", Attachment: f.id}), nil
	case "/gif":
		return media(element{Media: "gif", Attachment: f.id, Width: f.width, Height: f.height}), nil
	}
	return message{Attachment: &sent{"file", payload{Token: f.id}}}, nil
}

// uploaded uploads a file, unless the platform has it.
func (c *Channel) uploaded(ctx context.Context, a *bot.Attachment) (uploaded, error) {
	if c.cfg.Open == nil || !carries(*a) {
		return uploaded{}, errUnfit
	}
	if f, ok := c.upload.get(a.Key, c.cfg.Now()); ok {
		return f, nil
	}
	select {
	case c.upload.one <- struct{}{}:
		defer func() { <-c.upload.one }()
	case <-ctx.Done(): // nothing was sent
		return uploaded{}, &bot.Wait{After: time.Second}
	}
	if f, ok := c.upload.get(a.Key, c.cfg.Now()); ok { // the one before us uploaded it
		return f, nil
	}
	f, err := c.put(ctx, a)
	if err == nil {
		c.upload.put(a.Key, f)
	}
	return f, err
}

// put uploads a file: POST /v2.0/oa/upload/image, /gif or /file (section 5).
func (c *Channel) put(ctx context.Context, a *bot.Attachment) (uploaded, error) {
	content, err := c.content(ctx, a)
	if err != nil {
		return uploaded{}, err
	}
	f := uploaded{at: c.cfg.Now()}
	kind, name := a.Type, a.Name
	switch endpoints[a.Type] {
	case "/image":
		if content, kind, err = scaled(content); err != nil {
			return uploaded{}, err
		}
		name = named(name, kind)
	case "/gif":
		if f.width, f.height, err = gifSize(content); err != nil {
			return uploaded{}, err
		}
	}
	body, contentType, err := form(name, kind, content)
	if err != nil {
		return uploaded{}, err
	}
	var d struct {
		Attachment text `json:"attachment_id"`
		Token      text `json:"token"`
	}
	err = c.call(ctx, request{openAPI, http.MethodPost, c.cfg.UploadPath + endpoints[a.Type], contentType, body}, &d)
	if err != nil {
		return uploaded{}, err
	}
	if f.id = string(d.Attachment); f.id == "" {
		f.id = string(d.Token)
	}
	if f.id == "" {
		return uploaded{}, errors.New("zalo: an upload was answered without an id")
	}
	return f, nil
}

// content reads a file from the place for files.
func (c *Channel) content(ctx context.Context, a *bot.Attachment) ([]byte, error) {
	most := int64(maxFile)
	if endpoints[a.Type] == "/image" {
		most = maxSource
	}
	unread := func(err error) error { // wraps nothing: that a file is gone is not that the person is
		return fmt.Errorf("zalo: the file to send cannot be read: %s", c.secrets.Short(err.Error()))
	}
	r, err := c.cfg.Open(ctx, a.Key)
	if err != nil {
		return nil, unread(err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, unread(err)
	}
	if int64(len(content)) > most {
		return nil, errUnfit
	}
	return content, nil
}

// form is a multipart body with one part named "file".
func form(name, kind string, content []byte) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition("file", name)},
		"Content-Type":        {kind},
	})
	if err != nil {
		return nil, "", err
	}
	if _, err = part.Write(content); err == nil {
		err = w.Close()
	}
	return b.Bytes(), w.FormDataContentType(), err
}
