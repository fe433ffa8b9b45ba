package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newServer bounds what a client may take of us. The web chat lengthens its
// deadlines where it streams and takes photos.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// routes are all addresses we answer at.
func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}))
	if s.links != nil {
		mux.Handle("GET /file/{token}", s.links)
	}
	if s.telegram != nil {
		mux.Handle("POST /telegram", s.openers.before(s.bot.Webhook(s.telegram)))
	}
	if s.zalo != nil {
		mux.Handle("POST /zalo", s.bot.Webhook(s.zalo))
		mux.HandleFunc("GET "+zaloLoginPath, s.zaloLogin)
		mux.HandleFunc("GET "+zaloContactPath, zaloContact)
	}
	if s.web != nil {
		s.web.Routes(mux, s.bot.Webhook(s.web))
	}
	return mux
}

// readiness is the answer of /readyz.
type readiness struct {
	Status   string   `json:"status"`   // "ready" or "not ready"
	Postgres string   `json:"postgres"` // "ok", or what is wrong
	Redis    string   `json:"redis"`
	Warnings []string `json:"warnings,omitempty"` // what does not keep us from serving
}

// ready tells whether messages can be handled: Postgres can be reached and its
// schema is current. Redis away is a warning.
func (s *service) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	answer, status := readiness{Status: "ready", Postgres: "ok", Redis: "ok"}, http.StatusOK
	// The error names hosts and users: it is for our log, not for whoever asks.
	if err := s.db.Ready(ctx); err != nil {
		s.log.Warn("not ready", "error", err)
		answer.Status, answer.Postgres, status = "not ready", "cannot be reached, or its schema is not current", http.StatusServiceUnavailable
	}
	if err := s.live.Ready(ctx); err != nil {
		answer.Redis = "cannot be reached"
		answer.Warnings = append(answer.Warnings, "Redis is away: conversations go on, only slower")
	}
	if s.zalo != nil {
		if what, _ := s.zalo.Alert(); what != "" {
			answer.Warnings = append(answer.Warnings, "Zalo refuses our calls: `lensan doctor` says what to do")
		}
	}
	writeJSON(w, status, answer)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
