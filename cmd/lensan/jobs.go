package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"lensan/bot"
	"lensan/flows"
)

const (
	jobTime     = time.Minute      // of one job
	rescueAfter = 2 * time.Minute  // a job whose process died is run again
	jobStop     = 5 * time.Second  // a job in hand may take when we stop; then it is interrupted and run again later
	jobRetry    = 30 * time.Second // until starting the queue is tried again
	jobWorkers  = 4
)

// startJobs runs the jobs beside the bot. The bot does not need them: when the
// queue does not start, it is tried again.
func (s *service) startJobs(ctx context.Context) error {
	work := &flows.Jobs{DB: s.db, Blobs: s.blobs, Channels: map[string]bot.Fetcher{}, Content: s.content.Get, Receive: s.bot.Receive, Texts: s.texts, Log: s.log}
	if s.telegram != nil {
		work.Channels[s.telegram.Name()] = s.telegram
	}
	if s.zalo != nil {
		work.Channels[s.zalo.Name()] = s.zalo
	}
	if s.web != nil {
		work.Channels[s.web.Name()] = s.web
	}
	done := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lensan_jobs_total", Help: "Jobs by kind and how they ended."}, []string{"job", "outcome"})
	up := prometheus.NewGauge(prometheus.GaugeOpts{Name: "lensan_jobs_up", Help: "1 once this replica takes jobs."})
	s.registry.MustRegister(done, up)

	client, err := river.NewClient[pgx.Tx](s.db.Jobs(), &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobWorkers}, flows.ListQueue: {MaxWorkers: 1}},
		Workers:                     work.Workers(),
		PeriodicJobs:                work.Periodic(),
		JobTimeout:                  jobTime,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             jobStop,
		CompletedJobRetentionPeriod: time.Hour, // fetching photos leaves 2,880 a day
		PollOnly:                    true,      // nothing is bound to a database session, so a pooler may stand between
		Logger:                      s.jobLog,
	})
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	events, unsubscribe := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed, river.EventKindJobInterrupted)
	go func() {
		for e := range events {
			done.WithLabelValues(e.Job.Kind, outcomes[e.Kind]).Inc()
		}
	}()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := make(chan bool, 1)
	go func() { started <- s.startQueue(ctx, client, up) }()
	s.running("jobs", func() error {
		defer unsubscribe()
		cancel() // jobs in hand go on for jobStop
		if !<-started {
			return nil
		}
		select {
		case <-client.Stopped():
			return nil
		case <-time.After(2 * jobStop):
			s.log.Warn("a job does not end; it is run again later") // it is Postgres that is away, or the job is rescued
			return nil
		}
	})
	return nil
}

// startQueue tries until the queue is started; false: we stop.
func (s *service) startQueue(ctx context.Context, client *river.Client[pgx.Tx], up prometheus.Gauge) bool {
	for {
		err := client.Start(ctx)
		if err == nil {
			up.Set(1)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		s.log.Error("jobs cannot start: photos are not fetched and nothing is purged until they do", "error", err)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(jobRetry):
		}
	}
}

// outcomes are the words of lensan_jobs_total.
var outcomes = map[river.EventKind]string{
	river.EventKindJobCompleted:   "done",
	river.EventKindJobFailed:      "failed",
	river.EventKindJobInterrupted: "interrupted",
}
