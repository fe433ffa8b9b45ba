package web

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// tab is the chat page in a real browser.
type tab struct {
	*testing.T
	ctx  context.Context
	size string
}

// openPage starts a browser and opens the page in it. The test fails on
// anything the page writes to the console.
func openPage(t *testing.T, h *house, width, height int) *tab {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium(t)),
		chromedp.Headless,
		chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Env("LANG=C.UTF-8"), // for names of files with marks
	}
	for _, flag := range []string{"disable-background-networking", "disable-component-update", "disable-sync", "disable-quic", "disable-gpu", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)

	b := &tab{T: t, ctx: ctx, size: fmt.Sprintf("%dx%d", width, height)}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	b.do(chromedp.EmulateViewport(int64(width), int64(height)), chromedp.Navigate(h.URL+"/chat"))
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			// That the line is down is the browser's word, not the page's.
			if m.Source != "network" && (m.IsException() || m.Type == "error" || m.Type == "warning") {
				t.Errorf("%s: console: %s", b.size, m)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-read
	})
	return b
}

// chromium finds the browser; a machine without one cannot judge the page.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium on this machine; install it: apt-get install --no-install-recommends chromium")
	return ""
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatalf("%s: %v", b.size, err)
	}
}

// until waits for a JavaScript condition, over reloads of the page too.
func (b *tab) until(condition string) {
	b.Helper()
	b.wait(condition, func() bool {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		return err == nil && ok
	})
}

// wait waits until something holds.
func (b *tab) wait(what string, holds func() bool) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.shot("failed")
			b.Fatalf("%s: %s did not come true in 20 s", b.size, what)
		}
	}
}

// value is what a JavaScript expression yields.
func value[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.Fatalf("%s: %s: %v", b.size, expression, err)
	}
	return v
}

// say types a text and sends it with Enter.
func (b *tab) say(text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#text"), text), enter)
}

// enter is the key as a keyboard sends it: chromedp's own puts a line break into
// a field that has handled the key already.
var enter = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	for _, p := range []input.DispatchKeyEventParams{
		{Type: input.DispatchKeyEventTypeKeyDown, Text: "\r"},
		{Type: input.DispatchKeyEventTypeKeyUp},
	} {
		p.Key, p.Code, p.WindowsVirtualKeyCode, p.NativeVirtualKeyCode = "Enter", "Enter", 13, 13
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, p); err != nil {
			return err
		}
	}
	return nil
})

// tap presses the active button with this label.
func (b *tab) tap(label string) {
	b.Helper()
	button := fmt.Sprintf("[...document.querySelectorAll('.choices button:enabled')].find(b => b.textContent.endsWith(%q))", label)
	b.until(button)
	b.do(chromedp.Click(chromedp.JSPath(button)))
}

// bubbles are the page's speech bubbles as a screen reader has them.
func (b *tab) bubbles() []string {
	b.Helper()
	return value[[]string](b, "[...document.querySelectorAll('#log .bubble')].map(e => e.textContent)")
}

// shot keeps a picture of the page in the folder LENSAN_SCREENSHOTS, if set.
func (b *tab) shot(name string) {
	b.Helper()
	dir := os.Getenv("LENSAN_SCREENSHOTS")
	if dir == "" {
		return
	}
	time.Sleep(300 * time.Millisecond) // what moves has come to rest
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "chat-"+b.size+"-"+name+".png"), png, 0o644)
	}
	if err != nil {
		b.Errorf("screenshot: %v", err)
	}
}
