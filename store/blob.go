package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Blobs is where files lie. Keys are slash-separated paths ("photos/12.jpg").
type Blobs interface {
	// Put stores size bytes of r under a key, whole or not at all. Fewer or
	// more bytes are an error.
	Put(ctx context.Context, key, contentType string, r io.Reader, size int64) error
	// Open returns a file; the caller closes it. ErrNotFound.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes a file; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// OpenBlobs opens the place files are kept in (LENSAN_FILES):
//
//	file:///var/lib/lensan/files   a folder, made if it is missing
//	s3://bucket/prefix?endpoint=https://s3.example.vn&region=vn-1
//
// An S3 endpoint without a scheme is https; without an endpoint it is Amazon's.
// The credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
// AWS_SESSION_TOKEN). S3 is not called before the first file.
func OpenBlobs(place string) (Blobs, error) {
	u, err := url.Parse(place)
	if err != nil {
		return nil, fmt.Errorf("store: LENSAN_FILES: %w", err)
	}
	switch {
	case u.Scheme == "file" && u.Host == "" && path.IsAbs(u.Path):
		return openFolder(u.Path)
	case u.Scheme == "s3" && u.Host != "":
		return openBucket(u)
	}
	return nil, errors.New("store: LENSAN_FILES: want file:///folder or s3://bucket?endpoint=…")
}

// validKey refuses what is no plain relative path.
func validKey(key string) error {
	if !fs.ValidPath(key) || key == "." || strings.ContainsAny(key, "\\\x00") {
		return fmt.Errorf("store: %q is no file key", key)
	}
	return nil
}

// folder keeps files in a folder; os.Root lets no key or link lead out of it.
type folder struct{ root *os.Root }

func openFolder(dir string) (Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: LENSAN_FILES: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("store: LENSAN_FILES: %w", err)
	}
	return &folder{root}, nil
}

// Put writes beside the final name and renames, so that a reader never sees
// half a file.
func (f *folder) Put(_ context.Context, key, _ string, r io.Reader, size int64) error {
	if err := validKey(key); err != nil {
		return err
	}
	if err := f.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	part := key + "." + rand.Text() + ".part"
	err := f.write(part, r, size)
	if err == nil {
		err = f.root.Rename(part, key)
	}
	if err != nil {
		_ = f.root.Remove(part)
		return fmt.Errorf("store: put %s: %w", key, err)
	}
	return nil
}

func (f *folder) write(name string, r io.Reader, size int64) (err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	n, err := io.Copy(file, io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if n != size {
		return errSize
	}
	return file.Sync()
}

func (f *folder) Open(_ context.Context, key string) (io.ReadCloser, error) {
	if err := validKey(key); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return file, nil
}

func (f *folder) Delete(_ context.Context, key string) error {
	if err := validKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

var errSize = errors.New("store: the file is not as long as was said")

// bucket keeps files in S3 or what speaks like it.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

func openBucket(u *url.URL) (Blobs, error) {
	q := u.Query()
	endpoint, secure := q.Get("endpoint"), true
	if endpoint == "" {
		endpoint = "s3.amazonaws.com"
	}
	if rest, ok := strings.CutPrefix(endpoint, "http://"); ok {
		endpoint, secure = rest, false
	}
	client, err := minio.New(strings.TrimSuffix(strings.TrimPrefix(endpoint, "https://"), "/"), &minio.Options{
		Creds:  credentials.NewEnvAWS(),
		Region: q.Get("region"),
		Secure: secure,
	})
	if err != nil {
		return nil, fmt.Errorf("store: LENSAN_FILES: %w", err)
	}
	return &bucket{client: client, name: u.Host, prefix: strings.Trim(u.Path, "/")}, nil
}

// Put holds the file in memory: that is how it can be sent again after a broken
// connection, and photos are small.
func (b *bucket) Put(ctx context.Context, key, contentType string, r io.Reader, size int64) error {
	if err := validKey(key); err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(r, size+1))
	if err == nil && int64(len(content)) != size {
		err = errSize
	}
	if err == nil {
		_, err = b.client.PutObject(ctx, b.name, path.Join(b.prefix, key), bytes.NewReader(content), size,
			minio.PutObjectOptions{ContentType: contentType})
	}
	if err != nil {
		return fmt.Errorf("store: put %s: %w", key, err)
	}
	return nil
}

func (b *bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := validKey(key); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, path.Join(b.prefix, key), minio.GetObjectOptions{})
	if err == nil {
		_, err = object.Stat() // GetObject itself asks nothing
	}
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, errors.Join(ErrNotFound, object.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return object, nil
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := validKey(key); err != nil {
		return err
	}
	if err := b.client.RemoveObject(ctx, b.name, path.Join(b.prefix, key), minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
