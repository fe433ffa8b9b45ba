package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"lensan/bot"
	"lensan/bot/telegram"
	"lensan/bot/web"
	"lensan/bot/zalo"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

// stopLimit is how long stopping may take before the process ends as it is.
// What it leaves undone is taken up by the next one.
const stopLimit = 25 * time.Second

type serveCmd struct{}

// Run serves until a signal comes. A second signal ends the process at once.
func (serveCmd) Run(ctx context.Context, p *program) error {
	c, err := loadConfig(p.environ)
	if err != nil {
		return err
	}
	s := &service{config: c, log: newLog(p.err, slog.LevelInfo), jobLog: newLog(p.err, slog.LevelWarn), failed: make(chan error, 1), registry: prometheus.NewRegistry()}
	if err = s.start(ctx); err == nil {
		s.announce(p.out)
		select {
		case <-ctx.Done():
			s.log.Info("stopping")
		case err = <-s.failed:
		}
	}
	p.stop()
	watchdog := time.AfterFunc(stopLimit, func() {
		s.log.Error("not stopped in time: the process ends as it is", "limit", stopLimit.String())
		os.Exit(1)
	})
	defer watchdog.Stop()
	return errors.Join(err, s.stop())
}

// service is everything that runs while we serve.
type service struct {
	config Config
	log    *slog.Logger
	jobLog *slog.Logger // of River, which tells much
	failed chan error   // a part that ended by itself

	parts []part // running, in the order they were started

	content  *locales.Live
	texts    *locales.Texts
	db       *store.DB
	live     *store.Live
	blobs    store.Blobs
	links    *links // nil: files have no address
	openers  *openers
	listener net.Listener
	registry *prometheus.Registry
	telegram *telegram.Channel // nil: off
	zalo     *zalo.Channel     // nil: off
	web      *web.Channel      // nil: off
	bot      *bot.Bot
}

// part is something that runs and can be stopped.
type part struct {
	name string
	stop func() error
}

// running notes a part that was started.
func (s *service) running(name string, stop func() error) {
	s.parts = append(s.parts, part{name, stop})
}

// start starts the parts one after another. After an error those that run are
// still to be stopped. What lives longer than the start does not end with ctx.
func (s *service) start(ctx context.Context) error {
	if !s.config.reachable() {
		return errors.New(unreachable)
	}
	for _, step := range []func(context.Context) error{
		s.startContent, s.startStores, s.startFiles, s.startListening, s.startChannels, s.startBot, s.startJobs, s.startHTTP,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return errors.New("stopped while starting")
		}
	}
	return nil
}

// stop stops the parts in reverse. Each is stopped whatever becomes of the
// others.
func (s *service) stop() error {
	var faults []error
	for len(s.parts) > 0 {
		last := s.parts[len(s.parts)-1]
		s.parts = s.parts[:len(s.parts)-1]
		if err := last.stop(); err != nil {
			faults = append(faults, fmt.Errorf("stopping %s: %w", last.name, err))
		}
	}
	return errors.Join(faults...)
}

func (s *service) startContent(ctx context.Context) (err error) {
	if s.texts, err = locales.Load(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.running("content", func() error { cancel(); return nil })
	s.content, err = locales.Watch(ctx, s.config.Content, s.log)
	return err
}

// startStores opens Postgres, Redis and the place for files; private servers are
// started where none is configured. Only Postgres must answer.
func (s *service) startStores(ctx context.Context) error {
	if err := makeData(s.config.Data); err != nil {
		return err
	}
	if err := s.startPostgres(ctx); err != nil {
		return err
	}
	if err := s.startRedis(ctx); err != nil {
		return err
	}
	var err error
	s.blobs, err = store.OpenBlobs(s.config.Files)
	return err
}

func (s *service) startPostgres(ctx context.Context) error {
	address := string(s.config.DatabaseURL)
	if address == "" {
		p, err := store.StartPostgres(ctx, filepath.Join(s.config.Data, "postgres"))
		if err != nil {
			return err
		}
		s.running("the private Postgres", p.Stop)
		address = p.URL()
	}
	var err error
	if s.db, err = store.Open(context.WithoutCancel(ctx), address); err != nil {
		return err
	}
	s.running("Postgres", func() error { s.db.Close(); return nil })
	if !s.config.Now.IsZero() {
		s.db.SetClock(s.config.Now.Time)
	}
	if s.config.Demo() {
		if err := s.db.Migrate(ctx); err != nil {
			return err
		}
		return s.db.LoadSample(ctx)
	}
	return s.db.Ready(ctx)
}

func (s *service) startRedis(ctx context.Context) error {
	address := string(s.config.RedisURL)
	if address == "" {
		p, err := store.StartRedis(ctx, filepath.Join(s.config.Data, "redis"), "maxmemory=256mb", "maxmemory-policy=allkeys-lru")
		if errors.Is(err, store.ErrNoRedis) {
			s.log.Warn("live sessions are kept in this process and lost when it ends", "why", err)
			p, err = store.StartMemoryRedis()
		}
		if err != nil {
			return err
		}
		s.running("the private Redis", p.Stop)
		address = p.URL()
	}
	var err error
	if s.live, err = store.OpenLive(address); err != nil {
		return err
	}
	s.running("Redis", s.live.Close)
	if err := s.live.Ready(ctx); err != nil {
		s.log.Warn("Redis cannot be reached: conversations go on, only slower", "error", err)
	}
	return nil
}

// startListening opens the port. Requests wait until [service.startHTTP]; so the
// port is open before a platform is called.
func (s *service) startListening(ctx context.Context) (err error) {
	s.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", s.config.Addr)
	if err != nil {
		return fmt.Errorf("LENSAN_ADDR: %w", err)
	}
	s.running("listening", func() error {
		if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) { // the server closes it too
			return err
		}
		return nil
	})
	return nil
}

func (s *service) startBot(ctx context.Context) error {
	script, err := flows.New(flows.Config{DB: s.db, Content: s.content.Get, Address: s.links.address, Invited: s.openers.addresses, Files: s.blobs, Demo: s.config.Demo()})
	if err != nil {
		return err
	}
	if _, err := s.db.Search(ctx, "", 1); err != nil { // names are known from the first message on
		return fmt.Errorf("the list of products: %w", err)
	}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &backlog{db: s.db, log: s.log})
	var channels []bot.Channel
	if s.telegram != nil {
		channels = append(channels, s.telegram)
	}
	if s.zalo != nil {
		channels = append(channels, s.zalo)
	}
	if s.web != nil {
		channels = append(channels, s.web)
	}
	s.bot, err = bot.New(bot.Config{
		Channels: channels, Script: script, Texts: s.texts,
		Inbox: s.db, Journal: s.db, Outbox: s.db, Live: s.live, Marks: s.live, Echoes: s.live,
		SpoolDir: filepath.Join(s.config.Data, "spool"), Now: s.db.Now, Log: s.log, Metrics: bot.NewMetrics(s.registry),
	})
	if err != nil {
		return err
	}
	s.bot.Start(context.WithoutCancel(ctx))
	s.running("the bot", func() error { s.bot.Stop(); return nil })
	return nil
}

// stopHTTP is how long requests in hand may take when we stop.
const stopHTTP = 5 * time.Second

func (s *service) startHTTP(context.Context) error {
	server := newServer(s.routes(), s.log)
	if s.web != nil {
		server.RegisterOnShutdown(s.web.Close)
	}
	go func() {
		if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serving: %w", err)
		}
	}()
	s.running("serving", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), stopHTTP)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			return server.Close()
		}
		return nil
	})
	return nil
}

// announce says where the service is.
func (s *service) announce(w io.Writer) {
	at := "http://" + s.listener.Addr().String()
	if s.config.PublicURL != "" {
		at = string(s.config.PublicURL)
	}
	switch {
	case s.config.Demo() && s.web != nil:
		fmt.Fprintf(w, "lensan: the demo runs with sample data. Open %s/chat in a browser.\n", at)
	case s.web != nil:
		fmt.Fprintf(w, "lensan: serving at %s, the web chat at %[1]s/chat\n", at)
	default:
		fmt.Fprintf(w, "lensan: serving at %s\n", at)
	}
}
