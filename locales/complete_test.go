package locales

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"
)

// sources are the texts of one language as written, by id.
func sources(t *testing.T, lang string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	entries, err := files.ReadDir(lang)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		var tables map[string]any
		if _, err := toml.DecodeFS(files, lang+"/"+e.Name(), &tables); err != nil {
			t.Fatal(err)
		}
		flatten("", tables, texts)
	}
	return texts
}

func flatten(prefix string, v any, into map[string]string) {
	switch v := v.(type) {
	case string:
		into[strings.TrimPrefix(prefix, ".")] = v
	case map[string]any:
		for word, sub := range v {
			flatten(prefix+"."+word, sub, into)
		}
	}
}

// variables are the values a text's template names, sorted.
func variables(t *testing.T, text string) []string {
	t.Helper()
	tmpl, err := template.New("").Funcs(functions("vi")).Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	named := map[string]bool{}
	var walk func(n parse.Node)
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n != nil {
				for _, sub := range n.Nodes {
					walk(sub)
				}
			}
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.PipeNode:
			for _, cmd := range n.Cmds {
				walk(cmd)
			}
		case *parse.CommandNode:
			for _, arg := range n.Args {
				walk(arg)
			}
		case *parse.FieldNode:
			named[n.Ident[0]] = true
		case *parse.ChainNode:
			walk(n.Node)
		case *parse.IfNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.RangeNode: // what the list holds is named inside
			walk(n.Pipe)
		case *parse.WithNode:
			walk(n.Pipe)
			walk(n.ElseList)
		}
	}
	if tmpl.Tree != nil {
		walk(tmpl.Root)
	}
	return slices.Sorted(maps.Keys(named))
}

// Every text is said in every language, with the same values.
func TestComplete(t *testing.T) {
	t.Parallel()
	original := sources(t, langs[0])
	texts := mustLoad(t)
	if want := slices.Sorted(maps.Keys(original)); !slices.Equal(texts.IDs(), want) {
		t.Errorf("IDs() = %v\nthe files have %v", texts.IDs(), want)
	}
	for _, lang := range langs[1:] {
		translated := sources(t, lang)
		for id, text := range original {
			other, ok := translated[id]
			if !ok {
				t.Errorf("%s is missing in %s", id, lang)
			} else if vi, is := variables(t, text), variables(t, other); !slices.Equal(vi, is) {
				t.Errorf("%s: values %v, in %s %v", id, vi, lang, is)
			}
		}
		for id := range translated {
			if _, ok := original[id]; !ok {
				t.Errorf("%s is in %s but not in the original", id, lang)
			}
		}
	}
}

// Every question that lists options also asks something.
func TestOptionsHaveQuestion(t *testing.T) {
	t.Parallel()
	texts := mustLoad(t)
	for _, id := range texts.IDs() {
		question, _, ok := strings.Cut(id, ".options.")
		if ok && !texts.Has(question+".ask") && question != "bot.confirm" { // what is confirmed differs each time
			t.Errorf("%s: there is no %s.ask", id, question)
		}
	}
}

const (
	maxText = 1000 // characters of any text, values aside
	maxAsk  = 320  // of a question
)

// The tone mark stands on the first vowel of oa, oe, uy: hòa, khỏe, thủy; on
// the second only before a final letter (hoàn) or after q (quý).
var newStyle = regexp.MustCompile(`(?i)(o[àáảãạèéẻẽẹ]|[^qQ]u[ỳýỷỹỵ])($|[^\pL])`)

// Words producers are not spoken to with, and what is said instead.
var unwelcome = map[*regexp.Regexp]string{
	word("bạn"):           "anh/chị",
	word("vui lòng"):      "giúp, nhé",
	word("không hợp lệ"):  "Trợ lý chưa hiểu",
	word("chủ thể"):       "cơ sở của anh/chị",
	word("người dùng"):    "anh/chị, bà con",
	word("quý khách"):     "anh/chị",
	word("hệ thống báo"):  "Trợ lý",
	word("lỗi \\d+"):      "Trợ lý đang bị lỗi",
	word("minh chứng"):    "giấy tờ",
	word("kích hoạt"):     "mở",
	word("CMND"):          "căn cước",
	word("slot|email|ok"): "a Vietnamese word",
}

// word matches a word or phrase that is not a part of a longer word.
func word(s string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\pL])(` + s + `)($|[^\pL])`)
}

func styleFaults(lang, id, text string) []string {
	var faults []string
	plain := regexp.MustCompile(`\{\{.*?\}\}`).ReplaceAllString(text, "…")
	length := utf8.RuneCountInString(plain)
	if length > maxText {
		faults = append(faults, "is too long")
	}
	if strings.HasSuffix(id, ".ask") && length > maxAsk {
		faults = append(faults, "is too long for a question")
	}
	if !norm.NFC.IsNormalString(text) {
		faults = append(faults, "is not in Unicode NFC")
	}
	emoji := 0
	for _, r := range plain {
		if unicode.Is(unicode.So, r) {
			if emoji++; emoji > 1 {
				faults = append(faults, "has a row of emoji")
				break
			}
		}
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' {
			faults = append(faults, "has an invisible character")
			break
		}
	}
	if lang != "vi" {
		return faults
	}
	if m := newStyle.FindString(plain); m != "" {
		faults = append(faults, "has the tone mark in the newer place: "+m)
	}
	for re, instead := range unwelcome {
		if m := re.FindString(plain); m != "" {
			faults = append(faults, "says "+strings.TrimSpace(m)+"; say: "+instead)
		}
	}
	return faults
}

func TestStyle(t *testing.T) {
	t.Parallel()
	for _, lang := range langs {
		for id, text := range sources(t, lang) {
			for _, fault := range styleFaults(lang, id, text) {
				t.Errorf("%s %s %s\n%s", lang, id, fault, text)
			}
		}
	}
}

// The rules of style can fail.
func TestStyleFinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Chào bạn.":                   "anh/chị",
		"Vui lòng nhập lại.":          "giúp",
		"Số điện thoại không hợp lệ.": "Trợ lý chưa hiểu",
		"Chủ thể OCOP":                "cơ sở",
		"Lỗi 400":                     "bị lỗi",
		"Anh/chị có khoẻ không ạ?":    "newer place",
		"xoá":                         "newer place",
		"Thuỷ sản":                    "newer place",
		"Hu\u0309y":                   "NFC",
		"Chào 🌾🌾":                     "emoji",
		"Chào\u200b anh/chị":          "invisible",
		strings.Repeat("a ", 161):     "question",
		strings.Repeat("a ", maxText): "too long",
	} {
		if got := strings.Join(styleFaults("vi", "x.ask", text), "; "); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"Bạn bè, thủy sản, hòa thuận, hoàn hàng, quý, quỹ, toàn, thuyền, xóa, khỏe, huyện, hủy. 🌾", "Đã có bản sao."} {
		if got := styleFaults("vi", "x.ask", strings.ReplaceAll(text, "Bạn bè, ", "")); len(got) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}
