package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lensan/bot/bottest"
)

// TestConfigErrors: everything wrong is told at once, each with what to do, and
// nothing that may be a password is repeated.
func TestConfigErrors(t *testing.T) {
	t.Parallel()
	_, err := loadConfig([]string{
		"LENSAN_ADDR=8080",
		"LENSAN_PUBLIC_URL=lensan.example.vn",
		"LENSAN_FILES=/var/photos",
		"LENSAN_CONTENT=/no/such/folder",
		"LENSAN_NOW=today",
		"DATABASE_URL=mysql://root:hunter2@db/lensan",
		"REDIS_URL=http://:hunter2@redis",
		"TELEGRAM_TOKEN=1:hunter2",
		"TELEGRAM_API_URL=ftp://hunter2@telegram",
		"LENSAN_WEB_CHAT=ja",
		"ZALO_APP_ID=1",
		"ZALO_REFRESH_TOKEN=hunter2",
		"ZALO_API_URL=openapi.zalo.me",
		"ZALO_OAUTH_URL=https://hunter2@oauth.zaloapp.com",
		"ZALO_TEMPLATE_URL=https://business.openapi.zalo.me?x",
		"ZALO_MAX_AGE=3",
	})
	if err == nil {
		t.Fatal("taken")
	}
	bottest.Golden(t, filepath.Join("testdata", "config_errors.txt"), []byte(err.Error()+"\n"))
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret is told: %v", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for name, c := range map[string]struct {
		environ []string
		good    bool
		check   func(Config) bool
	}{
		"nothing":           {nil, true, func(c Config) bool { return c.Demo() && c.webChat() && c.Addr == "127.0.0.1:8080" }},
		"left empty":        {[]string{"DATABASE_URL=", "LENSAN_ADDR= ", "LENSAN_WEB_CHAT="}, true, func(c Config) bool { return c.Demo() && c.webChat() && c.Addr == "127.0.0.1:8080" }},
		"demo, no chat":     {[]string{"LENSAN_WEB_CHAT=false"}, true, func(c Config) bool { return c.Demo() && !c.webChat() }},
		"Postgres":          {[]string{"DATABASE_URL=postgresql://u@h/d"}, true, func(c Config) bool { return !c.Demo() && !c.webChat() }},
		"Postgres, as DSN":  {[]string{"DATABASE_URL=host=/run/postgresql user=lensan"}, true, func(c Config) bool { return !c.Demo() }},
		"Redis":             {[]string{"REDIS_URL=unix:///run/redis.sock"}, true, func(c Config) bool { return !c.Demo() }},
		"Redis Cluster":     {[]string{"REDIS_URL=redis://a:1?addr=b:2"}, true, func(c Config) bool { return !c.Demo() }},
		"Telegram":          {[]string{"TELEGRAM_TOKEN=any thing", "TELEGRAM_WEBHOOK_SECRET=x"}, true, func(c Config) bool { return !c.Demo() && !c.webChat() }},
		"Zalo":              {[]string{"ZALO_APP_ID=1", "ZALO_APP_SECRET=any thing", "ZALO_OA_SECRET=x"}, true, func(c Config) bool { return !c.Demo() && !c.webChat() && c.reachable() && c.ZaloMaxAge == 0 }},
		"Zalo, age":         {[]string{"ZALO_MAX_AGE=3h"}, true, func(c Config) bool { return time.Duration(c.ZaloMaxAge) == 3*time.Hour }},
		"Zalo, age 0":       {[]string{"ZALO_MAX_AGE=0"}, true, func(c Config) bool { return c.ZaloMaxAge == 0 }},
		"Zalo, age below 0": {[]string{"ZALO_MAX_AGE=-3h"}, false, nil},
		"Zalo, no secret":   {[]string{"ZALO_APP_ID=1", "ZALO_OA_SECRET=x"}, false, nil},
		"Zalo, no OA key":   {[]string{"ZALO_APP_ID=1", "ZALO_APP_SECRET=x"}, false, nil},
		"chat on":           {[]string{"DATABASE_URL=postgres://h/d", "LENSAN_WEB_CHAT=1"}, true, func(c Config) bool { return c.webChat() }},
		"data":              {nil, true, func(c Config) bool { return c.Data == data && c.Files == "file://"+data+"/files" }},
		"slash at the end":  {[]string{"LENSAN_PUBLIC_URL=https://a.vn/ocop/"}, true, func(c Config) bool { return c.PublicURL == "https://a.vn/ocop" }},
		"S3":                {[]string{"LENSAN_FILES=s3://bucket/x?endpoint=https://s3.vn"}, true, func(c Config) bool { return c.Files == "s3://bucket/x?endpoint=https://s3.vn" }},
		"clock":             {[]string{"LENSAN_NOW=2026-11-22T09:00:00+07:00"}, true, func(c Config) bool { return c.Now.UTC().Hour() == 2 }},
		"any host":          {[]string{"LENSAN_ADDR=:0"}, true, func(Config) bool { return true }},
		"IPv6":              {[]string{"LENSAN_ADDR=[::1]:80"}, true, func(Config) bool { return true }},
		"token, no secret":  {[]string{"TELEGRAM_TOKEN=1:x"}, false, nil},
		"no port":           {[]string{"LENSAN_ADDR=localhost"}, false, nil},
		"port too large":    {[]string{"LENSAN_ADDR=:65536"}, false, nil},
		"port in words":     {[]string{"LENSAN_ADDR=:http"}, false, nil},
		"address with user": {[]string{"LENSAN_PUBLIC_URL=https://u:p@a.vn"}, false, nil},
		"address with ?":    {[]string{"TELEGRAM_API_URL=https://a.vn?x"}, false, nil},
		"folder not whole":  {[]string{"LENSAN_FILES=file://files"}, false, nil},
	} {
		got, err := loadConfig(append([]string{"LENSAN_DATA=" + data}, c.environ...))
		if (err == nil) != c.good || err == nil && !c.check(got) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestSecretsPrintAsDots in every way a value is printed.
func TestSecretsPrintAsDots(t *testing.T) {
	t.Parallel()
	c, err := loadConfig([]string{"LENSAN_DATA=/tmp", "DATABASE_URL=postgres://u:hunter2@h/d", "REDIS_URL=redis://:hunter2@h", "TELEGRAM_TOKEN=hunter2", "TELEGRAM_WEBHOOK_SECRET=hunter2",
		"ZALO_APP_ID=1", "ZALO_APP_SECRET=hunter2", "ZALO_OA_SECRET=hunter2", "ZALO_REFRESH_TOKEN=hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q\n", c, c, c, c.TelegramToken, c.TelegramToken)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", c, "token", c.TelegramToken)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "config", c, "token", c.TelegramToken)
	if strings.Contains(out.String(), "hunter2") || strings.Count(out.String(), dots) < 35 {
		t.Error(out.String())
	}
}

// TestEnvironmentHelp: the help names every variable.
func TestEnvironmentHelp(t *testing.T) {
	t.Parallel()
	help := environmentHelp()
	for line := range strings.Lines(help) {
		if fields := strings.Fields(line); len(fields) < 3 || fields[0] != strings.ToUpper(fields[0]) {
			t.Errorf("%q", line)
		}
	}
	for _, name := range []string{"LENSAN_ADDR", "LENSAN_PUBLIC_URL", "LENSAN_DATA", "LENSAN_FILES", "LENSAN_CONTENT", "LENSAN_NOW", "DATABASE_URL", "REDIS_URL",
		"TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_API_URL", "LENSAN_WEB_CHAT",
		"ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN", "ZALO_API_URL", "ZALO_OAUTH_URL", "ZALO_TEMPLATE_URL", "ZALO_MAX_AGE"} {
		if !slices.Contains(strings.Fields(help), name) {
			t.Errorf("%s is not named", name)
		}
	}
}

func TestDefaultData(t *testing.T) {
	dir, err := defaultData()
	if err != nil || !filepath.IsAbs(dir) {
		t.Errorf("%q, %v", dir, err)
	}
	if home, err := os.UserHomeDir(); os.Getuid() == 0 && err == nil && strings.HasPrefix(dir, home+"/") {
		t.Errorf("root's data would lie in %s", dir)
	}
}
