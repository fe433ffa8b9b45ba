package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"lensan/bot/web"
	"lensan/store"
)

const (
	maxUpload  = 20 << 20           // bytes
	uploadTime = 7 * 24 * time.Hour // a job copies what a product uses within a minute of its saving; the rest goes
)

// uploads is where photos of the web chat wait until a product uses them.
type uploads struct {
	db    *store.DB
	blobs store.Blobs
}

var _ web.Files = uploads{}

// Put keeps a photo for a while.
func (u uploads) Put(ctx context.Context, name, contentType string, r io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(r, maxUpload+1))
	if err != nil {
		return err
	}
	if len(content) > maxUpload {
		return errors.New("the upload is too large")
	}
	if err := u.db.DeleteAt(ctx, name, u.db.Now().Add(uploadTime)); err != nil {
		return err
	}
	return u.blobs.Put(ctx, name, contentType, bytes.NewReader(content), int64(len(content)))
}

// Get opens a photo.
func (u uploads) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	file, err := u.blobs.Open(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return file, err
}
