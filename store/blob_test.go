package store_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"lensan/store"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	blobs := openBlobs(t, "file://"+dir)
	testBlobs(t, blobs)

	// A file that breaks off leaves the old one, and nothing else.
	put(t, blobs, "photos/1.jpg", "old")
	broken := io.MultiReader(strings.NewReader("ne"), iotest.ErrReader(errors.New("connection reset")))
	if err := blobs.Put(t.Context(), "photos/1.jpg", "image/jpeg", broken, 3); err == nil {
		t.Error("half a file was taken")
	}
	if got := get(t, blobs, "photos/1.jpg"); got != "old" {
		t.Errorf("got %q", got)
	}
	left, err := os.ReadDir(filepath.Join(dir, "photos"))
	if err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}

	// No link leads out.
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := blobs.Open(t.Context(), "link"); err == nil {
		t.Error("followed a link out of the folder")
	}
}

func TestBucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	s3 := &fakeS3{objects: map[string][]byte{}}
	server := httptest.NewServer(s3)
	defer server.Close()
	testBlobs(t, openBlobs(t, "s3://lensan/some/folder?endpoint="+server.URL+"&region=vn-1"))
	if s3.failure != "" {
		t.Error(s3.failure)
	}
	if !s3.seen["/lensan/some/folder/photos/1.jpg image/jpeg"] {
		t.Errorf("stored: %v", s3.seen)
	}
}

func TestOpenBlobs(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", "files", "/files", "file://host/files", "file:files", "s3://", "ftp://host/", "s3://bucket?endpoint=a/b/c"} {
		if _, err := store.OpenBlobs(place); err == nil {
			t.Errorf("%q was taken", place)
		}
	}
}

// testBlobs is what every kind of Blobs must do.
func testBlobs(t *testing.T, blobs store.Blobs) {
	t.Helper()
	ctx := t.Context()
	if _, err := blobs.Open(ctx, "photos/1.jpg"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("open of nothing: %v", err)
	}
	if err := blobs.Delete(ctx, "photos/1.jpg"); err != nil {
		t.Errorf("delete of nothing: %v", err)
	}
	put(t, blobs, "photos/1.jpg", "first")
	put(t, blobs, "photos/1.jpg", "second")
	if got := get(t, blobs, "photos/1.jpg"); got != "second" {
		t.Errorf("got %q", got)
	}
	for size, name := range map[int64]string{4: "longer", 7: "shorter"} {
		if err := blobs.Put(ctx, "photos/2.jpg", "image/jpeg", strings.NewReader("photo"), size); err == nil {
			t.Errorf("a file %s than was said was taken", name)
		}
		if _, err := blobs.Open(ctx, "photos/2.jpg"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a file %s than was said was kept: %v", name, err)
		}
	}
	if err := blobs.Delete(ctx, "photos/1.jpg"); err != nil {
		t.Error(err)
	}
	if _, err := blobs.Open(ctx, "photos/1.jpg"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after delete: %v", err)
	}
	for _, key := range []string{"", ".", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", `a\..\b`, "a\x00"} {
		if err := blobs.Put(ctx, key, "", strings.NewReader("x"), 1); err == nil {
			t.Errorf("put %q was taken", key)
		}
		if _, err := blobs.Open(ctx, key); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("open %q: %v", key, err)
		}
		if err := blobs.Delete(ctx, key); err == nil {
			t.Errorf("delete %q was taken", key)
		}
	}
}

func openBlobs(t *testing.T, place string) store.Blobs {
	t.Helper()
	blobs, err := store.OpenBlobs(place)
	if err != nil {
		t.Fatal(err)
	}
	return blobs
}

func put(t *testing.T, blobs store.Blobs, key, content string) {
	t.Helper()
	if err := blobs.Put(t.Context(), key, "image/jpeg", strings.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, blobs store.Blobs, key string) string {
	t.Helper()
	r, err := blobs.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// fakeS3 is as much of S3 as one bucket of small objects needs.
type fakeS3 struct {
	mu      sync.Mutex
	objects map[string][]byte
	seen    map[string]bool // path and content type of what was stored
	failure string
}

func (s *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := r.Header.Get("Authorization"); !strings.HasPrefix(a, "AWS4-HMAC-SHA256 Credential=key/") || !strings.Contains(a, "/vn-1/s3/") {
		s.failure = "not signed: " + a
	}
	object, ok := s.objects[r.URL.Path]
	switch r.Method {
	case http.MethodPut:
		body, err := readChunks(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if s.seen == nil {
			s.seen = map[string]bool{}
		}
		s.seen[r.URL.Path+" "+r.Header.Get("Content-Type")] = true
		s.objects[r.URL.Path] = body
		w.Header().Set("ETag", `"0"`)
	case http.MethodGet, http.MethodHead:
		if !ok {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusNotFound)
			_ = xml.NewEncoder(w).Encode(struct {
				XMLName xml.Name `xml:"Error"`
				Code    string
			}{Code: "NoSuchKey"})
			return
		}
		w.Header().Set("ETag", `"0"`)
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(object)))
		_, _ = w.Write(object)
	case http.MethodDelete:
		delete(s.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}
}

// readChunks reads a body in S3's signed chunks: "size;chunk-signature=…", the
// content, and so on until a chunk of no size.
func readChunks(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var content bytes.Buffer
	for body := bufio.NewReader(r.Body); ; {
		head, err := body.ReadString('\n')
		if err != nil {
			return nil, err
		}
		hex, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		size, err := strconv.ParseInt(hex, 16, 64)
		if err != nil {
			return nil, fmt.Errorf("chunk: %w", err)
		}
		if size == 0 {
			return content.Bytes(), nil
		}
		if _, err := io.CopyN(&content, body, size); err != nil {
			return nil, err
		}
		if _, err := body.Discard(len("\r\n")); err != nil {
			return nil, err
		}
	}
}
