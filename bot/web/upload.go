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
	maxPhoto     = 10 << 20        // bytes; the page sends about 0.4 MB
	maxDocument  = 20 << 20        // bytes; as much as other channels let us fetch
	maxUploads   = 32              // photos held in memory at a time
	maxDocuments = 4               // and documents
	uploadTime   = 2 * time.Minute // for one file over a poor line
)

// photoTypes are the images we take, by what their bytes say, with the ending
// of the file kept.
var photoTypes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}

// documentTypes are the documents we take, by the ending of their name. What is
// in them is for those to judge who read them; the page never shows them.
var documentTypes = map[string]string{
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
	"application/vnd.ms-excel": ".xls",
	"text/csv":                 ".csv",
	"application/pdf":          ".pdf",
	"application/msword":       ".doc",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}

// servePhoto keeps an uploaded image and answers with its file id. It is the body,
// or the first file of a form.
func (c *Channel) servePhoto(w http.ResponseWriter, r *http.Request) {
	c.serveUpload(w, r, c.photos, maxPhoto, func(content []byte) (string, string) {
		kind := http.DetectContentType(content)
		return kind, photoTypes[kind]
	})
}

// serveDocument keeps an uploaded document, whose name is told by ?name=, and
// answers with its file id.
func (c *Channel) serveDocument(w http.ResponseWriter, r *http.Request) {
	c.serveUpload(w, r, c.documents, maxDocument, func([]byte) (string, string) {
		ending := strings.ToLower(path.Ext(r.URL.Query().Get("name")))
		for kind, e := range documentTypes {
			if e == ending {
				return kind, e
			}
		}
		return "", ""
	})
}

// serveUpload keeps what is uploaded and answers with its file id, which a message
// of this chat may name. The id follows from chat and content, so a repeated upload
// changes nothing. typeOf tells the MIME type and the ending; no ending: it is not
// taken.
func (c *Channel) serveUpload(w http.ResponseWriter, r *http.Request, places chan struct{}, limit int64, typeOf func([]byte) (kind, ending string)) {
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
	case places <- struct{}{}:
		defer func() { <-places }()
	case <-r.Context().Done():
		return
	}

	content, err := readUpload(r, limit)
	if errors.Is(err, bot.ErrTooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	contentType, ending := typeOf(content)
	if ending == "" || len(content) == 0 {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	sum := sha256.Sum256(content)
	name := c.folder(chat) + hex.EncodeToString(sum[:16]) + ending
	if err := c.config.Files.Put(r.Context(), name, contentType, bytes.NewReader(content)); err != nil {
		slog.ErrorContext(r.Context(), "web: upload not kept", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"id": name})
}

// readUpload returns the bytes of the file in a request, at most limit.
func readUpload(r *http.Request, limit int64) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return readAll(r, limit)
	}
	r.Body = http.MaxBytesReader(nil, r.Body, limit+64<<10) // and what surrounds it
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
		content, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err == nil && int64(len(content)) > limit {
			err = bot.ErrTooLarge
		}
		return content, tooLarge(err)
	}
}

// tooLarge gives the error of a body over the limit our name for it.
func tooLarge(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return bot.ErrTooLarge
	}
	return err
}

// Fetch opens what was uploaded through the page.
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
var nameOf = regexp.MustCompile(`^web/[A-Za-z0-9_-]{22}/[0-9a-f]{32}\.[a-z]{3,4}$`)

// folder is where a chat's uploads lie. Its name does not tell the chat's id.
func (c *Channel) folder(chat bot.Chat) string {
	return "web/" + c.sign("photos", chat.ID)[:22] + "/"
}

// ours tells whether a file id is of this chat: nobody names another's.
func (c *Channel) ours(chat bot.Chat, id string) bool {
	return nameOf.MatchString(id) && strings.HasPrefix(id, c.folder(chat))
}

// uploaded is the MIME type of what was kept, by its ending; empty: it is none of
// these.
func uploaded(id string, types map[string]string) string {
	for contentType, ending := range types {
		if path.Ext(id) == ending {
			return contentType
		}
	}
	return ""
}
