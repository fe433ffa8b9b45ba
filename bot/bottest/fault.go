package bottest

import (
	"io"
	"net"
	"net/http"
)

// Fault is a way in which a platform's server fails one call: it answers in
// the place of the fake.
type Fault func(http.ResponseWriter, *http.Request)

// Answer reads the call and answers it like this.
func Answer(status int, contentType, body string) Fault {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// BadGateway is the page of a proxy that stands before the platform.
var BadGateway = Answer(http.StatusBadGateway, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>")

// Hang reads the call and never answers.
func Hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// Reset reads the call and then resets the connection: the call may well have
// had its effect.
func Reset(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	hangUp(w)
}

// HangUp closes the connection before the call is read.
func HangUp(w http.ResponseWriter, _ *http.Request) { hangUp(w) }

func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, not an orderly end
	}
	conn.Close()
}
