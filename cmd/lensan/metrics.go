package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/store"
)

const (
	backlogAge  = 3 * time.Second // counts are asked for at most so often
	backlogTime = 2 * time.Second // and may take so long
)

// backlog is the metrics of what waits in the database, for all replicas. While
// the database is away they are left out.
type backlog struct {
	db  *store.DB
	log *slog.Logger

	mu                sync.Mutex
	counted           time.Time
	unhandled, unsent int64
	err               error
}

var (
	unhandledMessages = prometheus.NewDesc("lensan_unhandled_messages", "Messages stored and not handled, of all replicas.", nil, nil)
	unsentReplies     = prometheus.NewDesc("lensan_unsent_replies", "Turns whose replies are not sent, of all replicas.", nil, nil)
)

// Describe names the metrics.
func (b *backlog) Describe(descs chan<- *prometheus.Desc) {
	descs <- unhandledMessages
	descs <- unsentReplies
}

// Collect counts.
func (b *backlog) Collect(metrics chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.counted) > backlogAge {
		ctx, cancel := context.WithTimeout(context.Background(), backlogTime)
		defer cancel()
		b.unhandled, b.unsent, b.err = b.db.Backlog(ctx)
		b.counted = time.Now()
		if b.err != nil {
			b.log.Warn("the backlog cannot be counted", "error", b.err)
		}
	}
	if b.err != nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(unhandledMessages, prometheus.GaugeValue, float64(b.unhandled))
	metrics <- prometheus.MustNewConstMetric(unsentReplies, prometheus.GaugeValue, float64(b.unsent))
}
