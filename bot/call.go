package bot

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// What channels share that call a platform over HTTP, or are called by it.

// ReadBody reads the body of a webhook request of at most [MaxBody] bytes.
// ErrTooLarge; any other error means that it did not arrive whole.
func ReadBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if tooLarge := (*http.MaxBytesError)(nil); len(body) > MaxBody || errors.As(err, &tooLarge) {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("bot: reading the request: %w", err)
	}
	return body, nil
}

// NewClient returns a client for calls of a platform, or a copy of the one given,
// with a large pool of connections. It follows no redirect: tokens must not
// travel to another host.
func NewClient(given *http.Client) *http.Client {
	var h http.Client
	if given != nil {
		h = *given
	} else {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 256, 256
		t.IdleConnTimeout = 30 * time.Second // shorter than any server's, so that we are the ones who hang up
		h.Transport = t
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &h
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// Response is what a platform answered, whatever it says.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // at most 1 MiB of it
}

// Call makes a call and reads the answer. *Wait: nothing can have gone out;
// ErrUnknown: it may have had its effect. Their texts are without the address,
// which may hold a token. The request's body must stand in memory: then net/http
// repeats the call by itself when a kept connection turns out closed before
// anything was written, and never later.
func Call(client *http.Client, r *http.Request) (Response, error) {
	var connected atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	resp, err := client.Do(r)
	if err != nil && !connected.Load() { // no name, no route, refused
		return Response{}, &Wait{After: time.Second}
	}
	var body []byte
	if err == nil {
		defer resp.Body.Close()
		body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	}
	if err != nil {
		return Response{}, fmt.Errorf("%w: %s", ErrUnknown, WithoutAddress(err).Error())
	}
	return Response{resp.StatusCode, resp.Header, body}, nil
}

// WithoutAddress is an error of net/http without the address it happened at.
func WithoutAddress(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Bounded is a body that is an error past max bytes, and calls done when it is
// closed.
func Bounded(body io.ReadCloser, max int64, done func()) io.ReadCloser {
	return &bounded{http.MaxBytesReader(nil, body, max), done}
}

type bounded struct {
	io.ReadCloser
	done func()
}

func (b *bounded) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}

// Secrets must stand in no error and no log.
type Secrets struct{ dots *strings.Replacer }

// NewSecrets makes secrets of all that are not empty.
func NewSecrets(all ...string) Secrets {
	var pairs []string
	for _, s := range all {
		if s != "" {
			pairs = append(pairs, s, "•••", url.PathEscape(s), "•••", url.QueryEscape(s), "•••")
		}
	}
	return Secrets{strings.NewReplacer(pairs...)}
}

// Short makes a text from outside fit for errors and logs: without the secrets
// and at most 250 bytes long.
func (s Secrets) Short(text string) string {
	if text = s.dots.Replace(text); len(text) > 250 {
		text = text[:250]
	}
	return strings.ToValidUTF8(text, "")
}

// UTF16Len is the length of a text in UTF-16 units, as most platforms count.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
