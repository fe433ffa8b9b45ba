package locales

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// folder writes a content folder: the sample, with the given files replaced. A
// file whose text is "-" is left out.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("content")); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, dir, name, text)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	err := os.Remove(path) // a new file, as editors save
	if text != "-" {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

const goodOffice = `source = "Quyết định số 1"
checked = "2026-11-20"
name = "Chi cục Phát triển nông thôn"
address = "Phường Cam Đường"
phone = "0214 3840 123"
province = "15"
[hours]
monday = ["07:30-11:30"]
`

func TestSampleContent(t *testing.T) {
	t.Parallel()
	c, err := LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Sample || !strings.Contains(c.Office.Name, "(dữ liệu mẫu)") || c.Office.Phone != "02140000000" || c.Office.Province != "15" {
		t.Errorf("sample %v, %+v", c.Sample, c.Office)
	}
	if c.Office.Source == "" || c.Office.Checked.Format(time.DateOnly) != "2026-11-20" || c.Privacy.Checked.IsZero() {
		t.Errorf("office %+v, privacy %+v: a fact has a source and a day", c.Office.Fact, c.Privacy.Fact)
	}
	if p := c.Privacy; p.Version != "1" || p.Readers != "cán bộ OCOP tỉnh, xã" || p.RefusedDays != 7 || p.MessageDays != 90 || p.RecordYears != 3 {
		t.Errorf("%+v", p)
	}
}

func TestOwnContent(t *testing.T) {
	t.Parallel()
	c, err := LoadContent(folder(t, map[string]string{"office.toml": goodOffice, "holidays.toml": "-", "notes.txt": "x", ".swap.toml": "x"}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Sample || c.Office.Name != "Chi cục Phát triển nông thôn" || c.Office.Phone != "02143840123" {
		t.Errorf("%+v", c)
	}
	if day := time.Date(2026, 9, 2, 9, 0, 0, 0, zone); c.Office.Holiday(day) != "Quốc khánh" {
		t.Error("without a file of its own an office keeps the built-in holidays")
	}
}

// Every fault is told at once, by file and line, with what to do.
func TestBrokenContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"many faults in many files", map[string]string{
			"office.toml": `source = ""
checked = "20/11/2026"
nmae = "Chi cục"
name = 5
address = "` + strings.Repeat("x", 151) + `"
phone = "12"
province = "Lào Cai"
[hours]
monday = ["7h30-11h30"]
tuesday = ["13:30-17:00", "07:30-11:30"]
wednesday = "07:30-11:30"
thursday = [730]
funday = ["07:30-11:30"]
[map]
zoom = 5
`,
			"privacy.toml":  "source = \"a\"\nversion = \"2\"\nreaders = \"ai\"\nrefused_days = 0\nmessage_days = \"90\"\nrecord_years = 2.5\n",
			"holidays.toml": "source = \"a\"\nchecked = 2026-11-20\n[days]\n2026-09-02 = \"Quốc khánh\"\n\"2/9\" = \"Quốc khánh\"\n2026-13-01 = \"Tết\"\n2026-01-01 = 1\n",
			"holliday.toml": "",
		}, `holliday.toml: is not read by anybody: rename it (office.toml, privacy.toml, holidays.toml, templates.toml) or take it away
office.toml:1: source: is empty: fill it in
office.toml:2: checked: "20/11/2026" is not a day: write 2026-11-20
office.toml:3: nmae: is not known here: correct its name or take it away
office.toml:4: name: is not a text: put it in quotes
office.toml:5: address: has 151 characters: at most 150
office.toml:6: phone: "12" is not a phone number: write it as dialled, like "0214 3840 123"
office.toml:7: province: has 7 characters: at most 2
office.toml:9: hours.monday: "7h30-11h30" are not hours: write ["07:30-11:30", "13:30-17:00"], earlier ones first
office.toml:10: hours.tuesday: "07:30-11:30" are not hours: write ["07:30-11:30", "13:30-17:00"], earlier ones first
office.toml:11: hours.wednesday: is not a list of at most 4 texts: write wednesday = ["…", "…"]
office.toml:12: hours.thursday: 730 is not a text of at most 20 characters: put it in quotes
office.toml:13: hours.funday: is not known here: correct its name or take it away
office.toml:14: map: is not known here: correct its name or take it away
office.toml:15: map.zoom: is not known here: correct its name or take it away
privacy.toml:1: checked: is missing: write checked = 2026-11-20
privacy.toml:1: purpose: is missing: write purpose = "…"
privacy.toml:4: refused_days: 0 is not a whole number from 1 to 30
privacy.toml:5: message_days: 90 is not a whole number from 30 to 365
privacy.toml:6: record_years: 2.5 is not a whole number from 1 to 10
holidays.toml:5: days.2/9: "2/9" is not a day: write 2026-09-02 = "Quốc khánh"
holidays.toml:6: days.2026-13-01: "2026-13-01" is not a day: write 2026-09-02 = "Quốc khánh"
holidays.toml:7: days.2026-01-01: is not a text: put it in quotes`},
		{"not TOML", map[string]string{"office.toml": "name = \"a\"\naddress = \"b\nphone = 1\n", "privacy.toml": "x = \x00"},
			`office.toml:2: cannot be read: strings cannot contain newlines
privacy.toml:1: cannot be read: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8`},
		{"never open", map[string]string{"office.toml": strings.Replace(goodOffice, "monday = [\"07:30-11:30\"]\n", "", 1)},
			`office.toml:7: hours: the office is never open: write monday = ["07:30-11:30", "13:30-17:00"] under [hours]`},
		{"a file is missing", map[string]string{"office.toml": "-"},
			`office.toml: is missing: copy it from the sample (locales/content/office.toml) and fill in your own`},
		{"too large", map[string]string{"privacy.toml": strings.Repeat("#", MaxContentFile+1)},
			`privacy.toml: is larger than 64 KiB: shorten it`},
		{"two lines", map[string]string{"office.toml": strings.Replace(goodOffice, "\"Phường Cam Đường\"", `"a\nb"`, 1)},
			`office.toml:4: address: has more than one line: make it one`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := LoadContent(folder(t, c.files))
			if err == nil || err.Error() != c.want {
				t.Errorf("got\n%v\nwant\n%s", err, c.want)
			}
		})
	}
	for _, lines := range []string{"x%d = 1\n", "[x%d]\n"} { // a huge file is refused as soon as a small one
		var b strings.Builder
		for n := 0; b.Len() < MaxContentFile-20; n++ {
			fmt.Fprintf(&b, lines, n)
		}
		start := time.Now()
		if _, err := LoadContent(folder(t, map[string]string{"office.toml": b.String()})); err == nil || time.Since(start) > 5*time.Second {
			t.Errorf("%s: after %s", lines, time.Since(start))
		}
	}
	if _, err := LoadContent(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "set LENSAN_CONTENT to a folder") {
		t.Errorf("no folder: %v", err)
	}
}

func FuzzContent(f *testing.F) {
	f.Add([]byte(goodOffice))
	f.Add([]byte("[hours.monday]\n[[days]]\nhours = 1"))
	f.Add([]byte("source.a = 1\n'hours' = {monday = [[]], tuesday = []}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, p := range parts {
			file := openFile(p.name, data)
			if !file.broken {
				p.read(file, &Content{})
				file.refuseUnknown()
			}
			for _, fault := range file.faults {
				if !strings.HasPrefix(fault.Error(), p.name+":") {
					t.Errorf("%v: names no line", fault)
				}
			}
		}
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	c, err := LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ at, next string }{ // next is at: open
		{"2026-11-20T07:29:59+07:00", "2026-11-20T07:30:00+07:00"},
		{"2026-11-20T07:30:00+07:00", "2026-11-20T07:30:00+07:00"},
		{"2026-11-20T00:30:00Z", "2026-11-20T07:30:00+07:00"}, // the same moment
		{"2026-11-20T11:29:59+07:00", "2026-11-20T11:29:59+07:00"},
		{"2026-11-20T11:30:00+07:00", "2026-11-20T13:30:00+07:00"}, // noon
		{"2026-11-20T17:00:00+07:00", "2026-11-23T07:30:00+07:00"}, // Friday evening
		{"2026-11-22T09:00:00+07:00", "2026-11-23T07:30:00+07:00"}, // Sunday
		{"2026-09-02T09:00:00+07:00", "2026-09-03T07:30:00+07:00"}, // Quốc khánh
		{"2026-02-13T18:00:00+07:00", "2026-02-23T07:30:00+07:00"}, // Tết
		{"2026-12-31T23:59:59+07:00", "2027-01-04T07:30:00+07:00"}, // New Year is a Friday
	} {
		at, _ := time.Parse(time.RFC3339, x.at)
		want, _ := time.Parse(time.RFC3339, x.next)
		if got := c.Office.NextOpen(at); !got.Equal(want) {
			t.Errorf("NextOpen(%s) = %s, want %s", x.at, got.Format(time.RFC3339), x.next)
		}
		if got := c.Office.Open(at); got != at.Equal(want) {
			t.Errorf("Open(%s) = %v", x.at, got)
		}
	}
	if never := (Office{}).NextOpen(time.Now()); !never.IsZero() || (Office{}).Open(time.Now()) {
		t.Errorf("an office without hours opens %s", never)
	}
}

// buffer is a log that may be read while it is written.
type buffer struct {
	mu  sync.Mutex
	log bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

// take returns what was written since it was last called.
func (b *buffer) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.log.Reset()
	return b.log.String()
}

// A changed folder is taken over without a restart; a broken one is not.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := folder(t, nil)
		var out buffer
		ctx, cancel := context.WithCancel(t.Context())
		live, err := Watch(ctx, dir, slog.New(slog.NewTextHandler(&out, nil)))
		if err != nil {
			t.Fatal(err)
		}
		first := live.Get()
		pass := func() string {
			time.Sleep(2 * pollEvery)
			synctest.Wait()
			return out.take()
		}
		if log := pass(); log != "" || live.Get() != first {
			t.Errorf("nothing changed, but: %s", log)
		}
		write(t, dir, "office.toml", goodOffice)
		if log := pass(); !strings.Contains(log, "content replaced") || live.Get().Office.Name != "Chi cục Phát triển nông thôn" {
			t.Errorf("%+v\n%s", live.Get().Office, log)
		}
		second := live.Get()
		write(t, dir, "office.toml", goodOffice+"funday = []\nphone = 1\n")
		log := pass()
		if live.Get() != second {
			t.Error("a broken folder was taken over")
		}
		if strings.Count(log, "old one stays") != 2 || !strings.Contains(log, "office.toml:9: hours.funday") || !strings.Contains(log, "office.toml:10: hours.phone") {
			t.Errorf("log: %s", log)
		}
		if log := pass(); log != "" {
			t.Errorf("a fault is told once: %s", log)
		}
		write(t, dir, "office.toml", "-")
		if log := pass(); live.Get() != second || !strings.Contains(log, "office.toml: is missing") {
			t.Errorf("log: %s", log)
		}
		write(t, dir, "office.toml", strings.Replace(goodOffice, "Chi cục", "Sở", 1))
		if log := pass(); live.Get().Office.Name != "Sở Phát triển nông thôn" {
			t.Errorf("log: %s", log)
		}
		cancel()
		synctest.Wait() // the watcher has ended, or synctest complains
	})
}

func TestWatchSample(t *testing.T) {
	t.Parallel()
	live, err := Watch(t.Context(), "", slog.New(slog.DiscardHandler))
	if err != nil || !live.Get().Sample {
		t.Errorf("%v", err)
	}
	if _, err := Watch(t.Context(), folder(t, map[string]string{"privacy.toml": "x"}), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a folder broken from the start was accepted")
	}
}
