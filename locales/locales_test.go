package locales

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func mustLoad(t testing.TB) *Texts {
	t.Helper()
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// loadFiles loads texts as if they were built in; vi/ and en/ always exist.
func loadFiles(t *testing.T, files map[string]string) (*Texts, error) {
	t.Helper()
	dir := fstest.MapFS{"vi/ok.toml": {Data: []byte("[ok]\nok = \"được\"\n")}, "en/ok.toml": {Data: []byte("[ok]\nok = \"fine\"\n")}}
	for name, data := range files {
		dir[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return load(dir)
}

func TestText(t *testing.T) {
	t.Parallel()
	texts, err := loadFiles(t, map[string]string{
		"vi/a.toml": "[a]\nhi = \"Chào {{.name}}\"\nonly = \"chỉ có ở đây\"\nif = \"{{if .x}}có{{end}}.\"\n",
		"en/a.toml": "[a]\nhi = \"Hello {{.name}}\"\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	name := map[string]any{"name": `<b>"Tâm" & {{.x}}</b>`}
	for _, c := range []struct {
		lang, id string
		vars     map[string]any
		want     string // "" for an error
	}{
		{"vi", "a.hi", name, `Chào <b>"Tâm" & {{.x}}</b>`},
		{"en", "a.hi", name, `Hello <b>"Tâm" & {{.x}}</b>`},
		{"en-GB", "a.hi", name, `Hello <b>"Tâm" & {{.x}}</b>`},
		{"mn", "ok.ok", nil, "được"},
		{"", "ok.ok", nil, "được"},
		{"\x00!" + strings.Repeat("x", 4000), "ok.ok", nil, "được"},
		{"vi", "a.hi", map[string]any{"name": "<no value>"}, "Chào <no value>"},
		{"vi", "a.hi", nil, ""},
		{"vi", "a.hi", map[string]any{"nam": "Tâm"}, ""},
		{"vi", "a.hi", map[string]any{"name": nil}, ""},
		{"vi", "a.if", map[string]any{}, ""},
		{"vi", "a.nothing", nil, ""},
		{"vi", "a", nil, ""},
		{"vi", "a.only", nil, "chỉ có ở đây"},
		{"en", "a.only", nil, ""}, // a language of ours never falls back
	} {
		got, err := texts.Text(c.lang, c.id, c.vars)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("Text(%.10q, %s, %v) = %q, %v; want %q", c.lang, c.id, c.vars, got, err, c.want)
		}
	}
	if !texts.Has("a.hi") || texts.Has("a") || texts.Has("a.nothing") {
		t.Error("Has")
	}
	if got := strings.Join(texts.IDs(), " "); got != "a.hi a.if a.only ok.ok" {
		t.Errorf("IDs() = %s", got)
	}
	if got := strings.Join(texts.Langs(), " "); got != "vi en" {
		t.Errorf("Langs() = %s", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, vi, want string }{
		{"reserved option", "[q]\nask = \"Gì ạ?\"\n[q.options]\na = \"A\"\nother = \"Khác\"", `vi/x.toml:5: q.options.other: "other" is a word of go-i18n: use another name`},
		{"reserved table", "[q.one]\nask = \"Gì ạ?\"", `vi/x.toml:1: q.one: "one" is a word of go-i18n: use another name`},
		{"only reserved", "[q]\nother = \"Khác\"", `vi/x.toml:2: q.other: "other" is a word of go-i18n: use another name`},
		{"text and table", "[ok.ok]\nmore = \"Nữa\"", "vi/x.toml: ok.ok is a text in vi/ok.toml and cannot be a table too"},
		{"text twice", "[ok]\nok = \"lại\"", "vi/x.toml: ok.ok stands in vi/ok.toml too"},
		{"not TOML", "[q]\nask = \"Gì\nạ?\"", "vi/x.toml:2: cannot be read: "},
		{"key twice", "[q]\nask = \"a\"\nask = \"b\"", "vi/x.toml:3: cannot be read: "},
		{"number", "[q]\nask = 5", "vi/x.toml:2: q.ask: a text is a string in quotes"},
		{"empty", "[q]\nask = \"\"", "vi/x.toml:2: q.ask: a text is not empty and has no space around it"},
		{"dot", "[q]\n\"a.b\" = \"a\"", "a name has no dot in it"},
		{"HTML", "[q]\nask = \"<b>Gì</b> ạ?\"", "vi/x.toml:2: q.ask: <b>: texts are plain, without HTML"},
		{"entity", "[q]\nask = \"Gì&nbsp;ạ?\"", "vi/x.toml:2: q.ask: &nbsp;: texts are plain, without HTML"},
		{"template", "[q]\nask = \"{{.x\"", "vi/x.toml: q.ask: template: "},
		{"function", "[q]\nask = \"{{shout .x}}\"", `function "shout" not defined`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := loadFiles(t, map[string]string{"vi/x.toml": c.vi})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 5, 1, 30, 0, 0, time.UTC) // a Thursday, 8:30 here
	office := Hours{}
	for day := time.Monday; day <= time.Friday; day++ {
		office[day] = []Span{{7*time.Hour + 30*time.Minute, 11*time.Hour + 30*time.Minute}, {13*time.Hour + 30*time.Minute, 17 * time.Hour}}
	}
	office[time.Saturday] = []Span{{8 * time.Hour, 12 * time.Hour}}
	for _, c := range []struct {
		text   string
		x      any
		vi, en string // "" for an error
	}{
		{"{{date .x}}", at, "5/3/2026", "5 Mar 2026"},
		{"{{date .x}}", "2026-03-05", "5/3/2026", "5 Mar 2026"},
		{"{{date .x}}", Date{at}, "5/3/2026", "5 Mar 2026"},
		{"{{date .x}}", time.Date(2026, 3, 4, 17, 0, 0, 0, time.UTC), "5/3/2026", "5 Mar 2026"}, // midnight here
		{"{{date .x}}", time.Time{}, "", ""},
		{"{{date .x}}", "5/3/2026", "", ""},
		{"{{date .x}}", 5, "", ""},
		{"{{day .x}}", at, "thứ Năm 5/3", "Thursday 5 Mar"},
		{"{{day .x}}", "2026-03-08", "Chủ nhật 8/3", "Sunday 8 Mar"},
		{"{{hour .x}}", at, "8 giờ 30 sáng", "8:30 am"},
		{"{{hour .x}}", at.Add(5*time.Hour + 30*time.Minute), "2 giờ chiều", "2:00 pm"},
		{"{{hour .x}}", at.Add(4*time.Hour - 30*time.Minute), "12 giờ trưa", "12:00 pm"},
		{"{{hour .x}}", at.Add(12 * time.Hour), "8 giờ 30 tối", "8:30 pm"},
		{"{{hour .x}}", "2026-03-08", "12 giờ đêm", "12:00 am"},
		{"{{hours .x}}", office, "thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00; thứ Bảy, 8:00–12:00", "Monday to Friday, 7:30–11:30 and 13:30–17:00; Saturday, 8:00–12:00"},
		{"{{money .x}}", int64(1_200_000), "1.200.000 đ", "1,200,000 VND"},
		{"{{money .x}}", 500, "500 đ", "500 VND"},
		{"{{money .x}}", int64(-1_000), "-1.000 đ", "-1,000 VND"},
		{"{{money .x}}", 1.5, "", ""},
		{"{{money .x}}", "1000", "", ""},
		{"{{number .x}}", 1234.5, "1.234,5", "1,234.5"},
		{"{{number .x}}", 0.1 + 0.2, "0,3", "0.3"},
		{"{{number .x}}", 3321, "3.321", "3,321"},
		{"{{number .x}}", "x", "", ""},
		{"{{phone .x}}", "0912345678", "0912 345 678", "0912 345 678"},
		{"{{phone .x}}", "+84912345678", "0912 345 678", "0912 345 678"},
		{"{{phone .x}}", "84 912.345.678", "0912 345 678", "0912 345 678"},
		{"{{phone .x}}", "02143840123", "0214 3840 123", "0214 3840 123"},
		{"{{phone .x}}", "19001234", "1900 1234", "1900 1234"},
		{"{{phone .x}}", "113", "113", "113"},
	} {
		texts, err := loadFiles(t, map[string]string{"vi/f.toml": "[f]\nf = '" + c.text + "'", "en/f.toml": "[f]\nf = '" + c.text + "'"})
		if err != nil {
			t.Fatal(err)
		}
		for lang, want := range map[string]string{"vi": c.vi, "en": c.en} {
			got, err := texts.Text(lang, "f.f", map[string]any{"x": c.x})
			if want == "" && err == nil || got != want {
				t.Errorf("%s: %s of %v = %q, %v; want %q", lang, c.text, c.x, got, err, want)
			}
		}
	}
}

// Many conversations speak at once, in every language.
func TestTextConcurrently(t *testing.T) {
	t.Parallel()
	texts := mustLoad(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				for lang, want := range map[string]string{"vi": "khoảng 1.200 chữ", "en": "about 1,200 char", "en-US": "about 1,200 char"} {
					got, err := texts.Text(lang, "bot.too_long", map[string]any{"max": 1200})
					if err != nil || !strings.Contains(got, want) {
						t.Errorf("%s: %q, %v", lang, got, err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkText(b *testing.B) {
	texts := mustLoad(b)
	for _, c := range []struct {
		name, lang, id string
		vars           map[string]any
	}{
		{"plain", "vi", "bot.again", nil},
		{"values", "vi", "bot.resume.ask", map[string]any{"talk": "khai Gạo Séng Cù", "question": "giá bán"}},
		{"number", "vi", "bot.too_long", map[string]any{"max": 1200}},
		{"unknown language", "mn", "bot.again", nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := texts.Text(c.lang, c.id, c.vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
