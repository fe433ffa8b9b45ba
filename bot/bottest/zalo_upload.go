package bottest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"lensan/bot"
)

// upload takes a file: reference zalo.md section 5.
func (f *Zalo) upload(r *http.Request) func(any) (any, *zaloError) {
	return func(any) (any, *zaloError) {
		kind := path.Base(r.URL.Path)
		name, content, err := onePart(r)
		if err != nil {
			return nil, &zaloError{-201, err.Error(), true}
		}
		most, types := 5<<20, []string{"image/gif"}
		switch kind {
		case "image":
			most, types = 1<<20, []string{"image/jpeg", "image/png"}
		case "file":
			types = []string{".pdf", ".doc", ".docx", ".csv"}
		}
		typ := http.DetectContentType(content)
		if kind == "file" {
			typ = strings.ToLower(path.Ext(name))
			if typ == ".pdf" && !bytes.HasPrefix(content, []byte("%PDF")) {
				typ = "no PDF"
			}
		}
		switch {
		case len(content) == 0 || !slices.Contains(types, typ):
			return nil, &zaloError{-201, fmt.Sprintf("%s of %d bytes is %s, not %s", kind, len(content), typ, types), true}
		case len(content) > most:
			return nil, &zaloError{-210, fmt.Sprintf("%s of %d bytes is larger than %d", kind, len(content), most), true}
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		id := fmt.Sprintf("%s-%d", kind, f.number())
		f.uploads[id] = zaloUpload{kind, f.Now(), bot.Attachment{Key: id, Name: name, Type: typ, Size: int64(len(content))}}
		if kind == "file" {
			return map[string]any{"token": id}, nil
		}
		return map[string]any{"attachment_id": id}, nil
	}
}

// onePart reads a multipart body whose only part is named file.
func onePart(r *http.Request) (name string, content []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, fmt.Errorf("an upload is multipart/form-data")
	}
	part, err := parts.NextPart()
	if err != nil || part.FormName() != "file" || part.FileName() == "" {
		return "", nil, fmt.Errorf("the part of an upload is named file and has a file name")
	}
	name = part.FileName()
	if content, err = io.ReadAll(io.LimitReader(part, 64<<20)); err != nil {
		return "", nil, fmt.Errorf("the upload is cut off")
	}
	if _, err = parts.NextPart(); !errors.Is(err, io.EOF) {
		return "", nil, fmt.Errorf("an upload has one part")
	}
	return name, content, nil
}

// ForgetUploads ends all attachment ids and tokens, as 7 days do.
func (f *Zalo) ForgetUploads() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.uploads)
}
