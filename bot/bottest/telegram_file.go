package bottest

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // what is sent as a photo
	_ "image/png"
	"io"
	"mime/multipart"
	"unicode/utf16"
)

// TelegramFile is a file in a call, uploaded with it.
type TelegramFile struct {
	Name, Type string
	Size       int // bytes

	content []byte
}

// Content is what is in a file that was sent (the Key of a File in
// [Telegram.Sent]) or kept.
func (f *Telegram) Content(key string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.files[key]
}

// The largest files a bot may send, in bytes. Source: Bot API, "Sending files".
const (
	maxTelegramPhoto = 10 << 20
	maxTelegramFile  = 50 << 20
)

// uploaded reads a file of a multipart body.
func uploaded(h *multipart.FileHeader) (TelegramFile, error) {
	in, err := h.Open()
	if err != nil {
		return TelegramFile{}, err
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	return TelegramFile{h.Filename, h.Header.Get("Content-Type"), len(content), content}, err
}

// fileOf is the file in a call.
func fileOf(p map[string]any) (TelegramFile, bool) {
	for _, field := range []string{"photo", "document"} {
		if f, ok := p[field].(TelegramFile); ok {
			return f, true
		}
	}
	return TelegramFile{}, false
}

// checkFile checks what is true of every file. The words are the platform's.
func checkFile(v any, limit int) error {
	f, ok := v.(TelegramFile)
	switch {
	case !ok:
		return errors.New("wrong remote file identifier specified")
	case f.Name == "":
		return errors.New("file name is empty")
	case f.Size == 0:
		return errors.New("file must be non-empty")
	case f.Size > limit:
		return errors.New("file is too big")
	}
	return nil
}

// checkPhoto checks a picture: sides of at most 10,000 in sum, none longer than
// twenty of the other. Source: Bot API, sendPhoto.
func checkPhoto(v any) error {
	if err := checkFile(v, maxTelegramPhoto); err != nil {
		return err
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(v.(TelegramFile).content))
	if err != nil {
		return errors.New("IMAGE_PROCESS_FAILED")
	}
	if size.Width+size.Height > 10_000 || size.Width > 20*size.Height || size.Height > 20*size.Width {
		return errors.New("PHOTO_INVALID_DIMENSIONS")
	}
	return nil
}

// checkCaption checks the text under a file.
func checkCaption(p map[string]any) error {
	caption, _ := p["caption"].(string)
	if len(utf16.Encode([]rune(caption))) > 1024 {
		return errors.New("message caption is too long")
	}
	return nil
}
