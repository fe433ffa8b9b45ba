package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/locales"
	"lensan/store"
)

func TestWebhook(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	environ := append(telegramEnv(fake), "LENSAN_DATA="+t.TempDir())
	if out, err := command(t, "", environ, "webhook", "set"); err == nil || !strings.Contains(err.Error(), "LENSAN_PUBLIC_URL") || fake.Webhook() != nil {
		t.Errorf("without an address: %s, %v", out, err)
	}
	environ = append(environ, "LENSAN_PUBLIC_URL=https://lensan.example.vn/")
	if out, err := command(t, "", environ, "webhook", "set"); err != nil || !strings.Contains(out, "https://lensan.example.vn/telegram.") {
		t.Errorf("%s, %v", out, err)
	}
	if got := fake.Webhook(); got["url"] != "https://lensan.example.vn/telegram" || got["secret_token"] != fake.Secret {
		t.Errorf("%v", got)
	}
	languages := map[any]bool{}
	for _, call := range fake.Calls() {
		if call.Method == "setMyCommands" {
			languages[call.Params["language_code"]] = true
		}
	}
	if !languages[nil] && !languages[""] || !languages["vi"] || !languages["en"] {
		t.Errorf("commands in %v", languages)
	}
	if out, err := command(t, "", environ, "webhook", "status"); err != nil || !strings.Contains(out, "https://lensan.example.vn/telegram") || !strings.Contains(out, "3 updates wait") || !strings.Contains(out, "503") {
		t.Errorf("%s, %v", out, err)
	}
	if _, err := command(t, "", nil, "webhook", "status"); err == nil || !strings.Contains(err.Error(), "TELEGRAM_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
}

// chatEnv is the environment of commands on a migrated database.
func chatEnv(t *testing.T) []string {
	return []string{"DATABASE_URL=" + bottest.Database(t), "LENSAN_DATA=" + t.TempDir()}
}

// TestCommandsAreUnderstood: the bot does something at every command it offers.
func TestCommandsAreUnderstood(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := telegramCommands(texts)
	if err != nil {
		t.Fatal(err)
	}
	environ := chatEnv(t)
	unknown, err := texts.Text("vi", "bot.unknown", nil)
	if err != nil {
		t.Fatal(err)
	}
	guess, err := texts.Text("vi", "bot.guess", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all[""] {
		out, err := command(t, "/"+c.Command+"\n", environ, "chat")
		if err != nil || strings.Contains(out, unknown) || strings.Contains(out, guess) || strings.Count(out, "\n") < 2 {
			t.Errorf("/%s: %v\n%s", c.Command, err, out)
		}
	}
}

// TestChat: what is typed, tapped and sent, and the transcript of it.
func TestChat(t *testing.T) {
	t.Parallel()
	lines := "dang ky san pham\n[2]\n\n[no such button]\n(ảnh)\n(ghi âm)\n(vị trí)\n(bắt đầu)\n"
	out, err := command(t, lines, chatEnv(t), "chat", "--transcript")
	if err != nil {
		t.Fatal(err)
	}
	talk, transcript, ok := strings.Cut(out, "\n----\n")
	if !ok {
		t.Fatal(out)
	}
	talk = strings.ReplaceAll(talk, "lensan: no button \"no such button\" was shown\n", "")
	if strings.TrimSpace(talk) != strings.TrimSpace(transcript) || talk == out {
		t.Errorf("said\n%s\nkept\n%s", talk, transcript)
	}
	for _, line := range strings.Split(lines, "\n") {
		if line != "" && line != "[no such button]" && strings.Count(transcript, "> "+line+"\n") != 1 {
			t.Errorf("%q is not in\n%s", line, transcript)
		}
	}
	if !strings.Contains(transcript, "    [1 ") || strings.Contains(transcript, "no such") {
		t.Error(transcript)
	}
	for _, block := range strings.Split(transcript, "\n> ")[1:] {
		if _, answer, _ := strings.Cut(block, "\n"); strings.TrimSpace(answer) == "" {
			t.Errorf("unanswered: %s", block)
		}
	}
}

// TestChatGoesOn under its name.
func TestChatGoesOn(t *testing.T) {
	t.Parallel()
	environ := chatEnv(t)
	first, err := command(t, "dang ky san pham\n", environ, "chat", "--as", "lan")
	if err != nil {
		t.Fatal(err)
	}
	second, err := command(t, "[1 Đồng ý]\n1\n", environ, "chat", "--as", "lan")
	if err != nil || !strings.Contains(first, "1 Đồng ý") {
		t.Errorf("%s\n%s, %v", first, second, err)
	}
	if third, err := command(t, "nhắc lại\n", environ, "chat", "--as", "lan"); err != nil || !strings.Contains(second, strings.TrimSpace(strings.SplitN(third, "\n", 2)[1])) {
		t.Errorf("%s\n%s, %v", second, third, err)
	}
}

// TestRequests: who waits is listed with how to reach them, until somebody
// helped.
func TestRequests(t *testing.T) {
	t.Parallel()
	database := bottest.Database(t)
	environ := []string{"DATABASE_URL=" + database, "LENSAN_DATA=" + t.TempDir()}
	db := openStore(t, database)
	err := db.Change(t.Context(), func(tx *store.Tx) error {
		p, err := tx.AddPerson(t.Context(), store.Person{Name: "Giàng Thị Lan", Phone: "0912345678", Commune: "02728"})
		if err == nil {
			_, err = tx.AddRequest(t.Context(), store.Request{Chat: "telegram:1:55", Person: p.ID, Topic: "register", Text: "giúp em\x1b[2J với"})
		}
		if err == nil {
			_, err = tx.AddRequest(t.Context(), store.Request{Chat: "web::x", Topic: "menu", Phone: "0987654321"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", environ, "requests")
	for _, word := range []string{"YC-000001", "telegram  register", "Giàng Thị Lan", "0912 345 678", "\n    giúp em[2J với\n", "YC-000002", "0987 654 321"} {
		if err != nil || !strings.Contains(out, word) {
			t.Errorf("no %q, %v:\n%s", word, err, out)
		}
	}
	if strings.Contains(out, "55") && strings.Contains(out, "telegram:1") {
		t.Errorf("a chat's key is listed:\n%s", out)
	}
	for id, good := range map[string]bool{"yc-1": true, "2": true, "9": false, "x": false, "-1": false, "0": false} {
		if _, err := command(t, "", environ, "requests", "done", "--", id); (err == nil) != good {
			t.Errorf("done %s: %v", id, err)
		}
	}
	if _, err := command(t, "", environ, "requests", "done", "YC-000001"); err == nil {
		t.Error("done twice")
	}
	if out, err := command(t, "", environ, "requests", "list"); err != nil || !strings.Contains(out, "Nobody") {
		t.Errorf("%s, %v", out, err)
	}
}

// TestUnsent: what could not be sent is listed with whom to call and why.
func TestUnsent(t *testing.T) {
	t.Parallel()
	database := bottest.Database(t)
	environ := []string{"DATABASE_URL=" + database, "LENSAN_DATA=" + t.TempDir()}
	if out, err := command(t, "", environ, "unsent"); err != nil || !strings.Contains(out, "could be sent") {
		t.Errorf("%s, %v", out, err)
	}
	db, ctx := openStore(t, database), t.Context()
	var lan int64
	err := db.Change(ctx, func(tx *store.Tx) error {
		p, err := tx.AddPerson(ctx, store.Person{Name: "Giàng Thị Lan\x1b[2J", Phone: "0912345678", Commune: "02728"})
		lan = p.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, fate := range map[string]string{"1": "window", "2": "quota", "3": "gone", "4": "unknown", "5": "refused", "6": ""} {
		chat := bot.Chat{Channel: "zalo", Account: "1", ID: id}
		s := &bot.Session{Turn: 1, Nonce: "n"}
		if id == "1" {
			s.Person = lan
		}
		_, err := db.Commit(ctx, bot.Turn{Chat: chat, Session: s, Flow: "nudge", Outcome: bot.Spoke, Replies: []bot.Reply{{Text: "words"}}})
		if err == nil {
			err = db.Mark(ctx, []bot.Mark{{Chat: chat, Turn: 1, Done: true, Fate: fate}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := command(t, "", environ, "unsent")
	for _, says := range []string{"  zalo  nudge  Giàng Thị Lan[2J  0912 345 678  ", "window: the platform", "quota: the month", "gone: they", "unknown: the platform", "refused: the platform"} {
		if err != nil || !strings.Contains(out, says) {
			t.Errorf("no %q, %v:\n%s", says, err, out)
		}
	}
	if strings.Count(out, "zalo") != 5 || strings.Contains(out, "words") || strings.Contains(out, "zalo:1") {
		t.Error(out)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	environ := append(telegramEnv(fake), "DATABASE_URL="+bottest.Database(t), "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+t.TempDir(), "LENSAN_PUBLIC_URL=https://lensan.example.vn")
	out, err := command(t, "", environ, "doctor")
	if err == nil || !strings.Contains(out, "WRONG  Telegram") || !strings.Contains(out, "lensan webhook set") || !strings.Contains(out, "ok     Postgres") || !strings.Contains(out, "ok     Redis") {
		t.Errorf("no webhook: %v\n%s", err, out)
	}
	if _, err := command(t, "", environ, "webhook", "set"); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "", environ, "doctor"); err != nil || strings.Contains(out, "WRONG") {
		t.Errorf("all is well: %v\n%s", err, out)
	}

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		environ []string
		says    []string
	}{
		"form":             {[]string{"LENSAN_ADDR=x", "LENSAN_NOW=y"}, []string{"WRONG  configuration", "LENSAN_ADDR", "LENSAN_NOW"}},
		"schema":           {[]string{"DATABASE_URL=" + bottest.EmptyDatabase(t)}, []string{"WRONG  Postgres", "lensan migrate"}},
		"Postgres away":    {[]string{"DATABASE_URL=postgres://u:hunter2@" + nobody(t) + "/d"}, []string{"WRONG  Postgres"}},
		"Redis away":       {[]string{"REDIS_URL=redis://:hunter2@" + nobody(t)}, []string{"warn   Redis"}},
		"Telegram away":    {[]string{"TELEGRAM_API_URL=http://" + nobody(t)}, []string{"WRONG  Telegram"}},
		"folder is a file": {[]string{"LENSAN_DATA=" + file}, []string{"WRONG  data"}},
		"content":          {[]string{"LENSAN_CONTENT=" + t.TempDir()}, []string{"WRONG  content", "office.toml"}},
		"another webhook":  {[]string{"LENSAN_PUBLIC_URL=https://other.example.vn"}, []string{"WRONG  Telegram", "lensan webhook set"}},
	} {
		out, err := command(t, "", append(append([]string(nil), environ...), c.environ...), "doctor")
		for _, says := range c.says {
			if !strings.Contains(out, says) || strings.Contains(out, "hunter2") || strings.Contains(out, fake.Token) || (err == nil) == strings.Contains(out, "WRONG") {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

// TestUnderstand: a file of texts, in the form of the corpora.
func TestUnderstand(t *testing.T) {
	t.Parallel()
	out, err := command(t, "", nil, "understand", "--tsv", filepath.Join("testdata", "utterances.tsv"), "--today", "2026-11-22", "--province", "15")
	if err != nil {
		t.Fatal(err)
	}
	bottest.Golden(t, filepath.Join("testdata", "understood.tsv"), []byte(out))

	out, err = command(t, "", nil, "understand", "muốn", "đăng", "ký", "sản", "phẩm")
	for _, word := range []string{"folded", "muon dang ky san pham", "register_product", "by: 7 đăng ký sản phẩm (line"} {
		if err != nil || !strings.Contains(out, word) {
			t.Errorf("no %q, %v:\n%s", word, err, out)
		}
	}
	for _, args := range [][]string{{}, {"a", "--tsv", "config.go"}, {"--tsv", "none.tsv"}, {"a", "--today", "x"}, {"--tsv", "config.go", "--today", "2026-13-01"}} {
		if out, err := command(t, "", nil, append([]string{"understand"}, args...)...); err == nil {
			t.Errorf("%v: %s", args, out)
		}
	}
	wrong := filepath.Join(t.TempDir(), "wrong.tsv")
	if err := os.WriteFile(wrong, []byte("text\tkind\nchè\tdrink\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "", nil, "understand", "--tsv", wrong); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Error(err)
	}
}

// TestUploads: what waits for a product is there, and has its end.
func TestUploads(t *testing.T) {
	t.Parallel()
	db := openStore(t, bottest.Database(t))
	blobs, err := store.OpenBlobs((&url.URL{Scheme: "file", Path: t.TempDir()}).String())
	if err != nil {
		t.Fatal(err)
	}
	u := uploads{db, blobs}
	ctx := context.Background()
	if err := u.Put(ctx, "web/a.png", "image/png", strings.NewReader("a photo")); err != nil {
		t.Fatal(err)
	}
	if keys, err := db.Read().DeletedFiles(ctx, 10); err != nil || len(keys) > 0 {
		t.Errorf("to be deleted at once: %v, %v", keys, err)
	}
	db.SetClock(db.Now().Add(uploadTime + 1))
	if keys, err := db.Read().DeletedFiles(ctx, 10); err != nil || len(keys) != 1 {
		t.Errorf("kept for ever: %v, %v", keys, err)
	}
}
