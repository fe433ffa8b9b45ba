package locales

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// Live is content that follows its folder. Get is safe for concurrent use.
type Live struct{ now atomic.Pointer[Content] }

// Get is the content as of now. What it points to never changes.
func (l *Live) Get() *Content { return l.now.Load() }

// pollEvery is how soon a changed content folder is read again.
const pollEvery = 3 * time.Second

// Watch reads a content folder and reads it again whenever a file in it changed,
// until ctx ends. A folder that became wrong is refused in the log, every fault
// with file and line, and the content stays what it was. An empty dir is the
// built-in sample and never changes.
func Watch(ctx context.Context, dir string, log *slog.Logger) (*Live, error) {
	seen := fingerprint(dir) // before reading: a change meanwhile is read again
	c, err := LoadContent(dir)
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	l := &Live{}
	l.now.Store(c)
	if dir != "" {
		go l.follow(ctx, dir, seen, log)
	}
	return l, nil
}

func (l *Live) follow(ctx context.Context, dir, seen string, log *slog.Logger) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		is := fingerprint(dir)
		if is == seen {
			continue
		}
		seen = is
		c, err := LoadContent(dir)
		if err != nil {
			for fault := range strings.Lines(err.Error()) {
				log.Error("content refused, the old one stays", "fault", strings.TrimSpace(fault))
			}
			continue
		}
		l.now.Store(c)
		log.Info("content replaced", "folder", dir)
	}
}

// fingerprint tells one state of a folder's content files from another.
func fingerprint(dir string) string {
	var b strings.Builder
	for _, p := range parts {
		info, err := fs.Stat(os.DirFS(dir), p.name)
		if err != nil {
			fmt.Fprintf(&b, "%s -\n", p.name)
			continue
		}
		fmt.Fprintf(&b, "%s %d %d\n", p.name, info.Size(), info.ModTime().UnixNano())
	}
	return b.String()
}
