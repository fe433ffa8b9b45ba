package zalo_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/zalo"
)

// TestFetchHosts: only the platform's hosts are asked, by themselves or by a
// redirect.
func TestFetchHosts(t *testing.T) {
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL+"/photo.jpg", http.StatusFound)
		case "/near":
			http.Redirect(w, r, server.URL+"/photo.jpg", http.StatusFound)
		case "/round":
			http.Redirect(w, r, server.URL+"/round", http.StatusFound)
		case "/forbidden":
			w.WriteHeader(http.StatusForbidden)
		case "/large":
			_, _ = io.Copy(w, io.LimitReader(zeros{}, zalo.MaxFile+1))
		case "/told":
			w.Header().Set("Content-Length", "99999999")
		default:
			_, _ = io.WriteString(w, "a photo")
		}
	}))
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := reader(t, func(cfg *zalo.Config) { cfg.FileHosts, cfg.FilesPrivate = []string{u.Host}, true })
	get := func(link string) (string, error) {
		body, err := c.Fetch(t.Context(), bot.File{Channel: "zalo", ID: link})
		if err != nil {
			return "", err
		}
		defer body.Close()
		b, err := io.ReadAll(body)
		return string(b), err
	}
	for _, path := range []string{"/photo.jpg", "/near"} {
		if got, err := get(server.URL + path); got != "a photo" || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for _, link := range []string{"", "/photo.jpg", "file:///etc/passwd", "http://lan:x@" + u.Host + "/photo.jpg", "http://" + u.Host + ".example.com/",
		other.URL + "/photo.jpg", server.URL + "/away", server.URL + "/round", server.URL + "/forbidden", server.URL + "/told", "https://%zz/"} {
		if _, err := get(link); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%q: %v", link, err)
		}
	}
	if asked > 0 {
		t.Errorf("another host was asked %d times", asked)
	}
	if got, err := get(server.URL + "/large"); err == nil || len(got) > zalo.MaxFile {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if _, err := c.Fetch(t.Context(), bot.File{Channel: "zalo", ID: server.URL + "/photo.jpg", Size: zalo.MaxFile + 1}); !errors.Is(err, bot.ErrGone) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestFetchPrivate: a name that leads into our own network is not followed there.
func TestFetchPrivate(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	c := reader(t, func(cfg *zalo.Config) { cfg.FileHosts = []string{"localhost" + port, "127.0.0.1" + port} })
	for _, host := range []string{"localhost", "127.0.0.1"} {
		if _, err := c.Fetch(t.Context(), bot.File{Channel: "zalo", ID: "http://" + host + port + "/a.jpg"}); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked {
		t.Error("the private address was asked")
	}
}

// TestFetchOfficial: without configuration only Zalo's hosts are asked.
func TestFetchOfficial(t *testing.T) {
	c := reader(t, nil)
	for _, link := range []string{"https://example.com/a.jpg", "https://evilzdn.vn/a.jpg", "https://zdn.vn.example.com/a.jpg", "https://zdn.vn:8443/a.jpg"} {
		if _, err := c.Fetch(t.Context(), bot.File{Channel: "zalo", ID: link}); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: %v", link, err)
		}
	}
}
