package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"lensan/bot"
)

const (
	maxPhoto   = 10 << 20        // bytes; the page sends about 0.4 MB
	maxUploads = 32              // photos held in memory at a time
	uploadTime = 2 * time.Minute // for one photo over a poor line
)

// photoTypes are the images we take, by what their bytes say, with the ending
// of the file kept.
var photoTypes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}

// servePhoto keeps an uploaded image, raw or the first file of a form, and
// answers with its file id, which a message of this chat may name. The id
// follows from chat and content, so a repeated upload changes nothing.
func (c *Channel) servePhoto(w http.ResponseWriter, r *http.Request) {
	chat, ok := c.chat(r)
	if !ok || c.origin.Check(r) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	// The server's deadlines are made for small bodies.
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(uploadTime))
	_ = rc.SetWriteDeadline(time.Now().Add(uploadTime))
	select {
	case c.uploads <- struct{}{}:
		defer func() { <-c.uploads }()
	case <-r.Context().Done():
		return
	}

	photo, err := readPhoto(r)
	if errors.Is(err, bot.ErrTooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	contentType := http.DetectContentType(photo)
	ending, ok := photoTypes[contentType]
	if !ok {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	sum := sha256.Sum256(photo)
	name := c.folder(chat) + hex.EncodeToString(sum[:16]) + ending
	if err := c.config.Files.Put(r.Context(), name, contentType, bytes.NewReader(photo)); err != nil {
		slog.ErrorContext(r.Context(), "web: photo not kept", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"id": name})
}

// readPhoto returns the bytes of the image in a request.
func readPhoto(r *http.Request) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return readAll(r, maxPhoto)
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxPhoto+64<<10) // and what surrounds it
	form, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, tooLarge(err)
		}
		if part.FileName() == "" {
			continue
		}
		photo, err := io.ReadAll(io.LimitReader(part, maxPhoto+1))
		if err == nil && len(photo) > maxPhoto {
			err = bot.ErrTooLarge
		}
		return photo, tooLarge(err)
	}
}

// tooLarge gives the error of a body over the limit our name for it.
func tooLarge(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return bot.ErrTooLarge
	}
	return err
}

// Fetch opens a photo uploaded through the page.
func (c *Channel) Fetch(ctx context.Context, f bot.File) (io.ReadCloser, error) {
	if f.Channel != c.Name() || !nameOf.MatchString(f.ID) {
		return nil, bot.ErrGone
	}
	file, err := c.config.Files.Get(ctx, f.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, bot.ErrGone
	}
	return file, err
}

// nameOf is the form of a file id: the chat's folder, the hash of the content.
var nameOf = regexp.MustCompile(`^web/[A-Za-z0-9_-]{22}/[0-9a-f]{32}\.(jpg|png|webp)$`)

// folder is where a chat's photos lie. Its name does not tell the chat's id.
func (c *Channel) folder(chat bot.Chat) string {
	return "web/" + c.sign("photos", chat.ID)[:22] + "/"
}

// ours tells whether a file id is of this chat: nobody names another's photo.
func (c *Channel) ours(chat bot.Chat, id string) bool {
	return nameOf.MatchString(id) && strings.HasPrefix(id, c.folder(chat))
}

// typeOf is the MIME type of a kept photo.
func typeOf(id string) string {
	for contentType, ending := range photoTypes {
		if path.Ext(id) == ending {
			return contentType
		}
	}
	return ""
}
