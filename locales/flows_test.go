package locales

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lensan/store"
)

// questions are the methods of Talk that ask, and so need texts.
var questions = []string{"Text", "Choose", "Several", "Number", "Quantity", "Money", "Date", "Phone", "Place", "Photos", "File", "Yes", "Confirm", "Pick"}

// lists are the options that package store counts up.
var lists = map[string][]string{"Groups": store.Groups, "Papers": store.Papers, "ProducerKinds": store.ProducerKinds}

// wanted finds the ids of the texts that a Go file of package flows uses, each
// with where. An id that ends in a dot is a table of texts.
func wanted(set *token.FileSet, tree *ast.File) map[string]string {
	ids := map[string]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		where := func(n ast.Node) string { return set.Position(n.Pos()).String() }
		switch n := n.(type) {
		case *ast.ValueSpec:
			if n.Names[0].Name == "flows" && len(n.Values) == 1 {
				for _, name := range keys(n.Values[0]) {
					ids["wish."+name] = where(n)
					ids[name+".title"] = where(n)
				}
			}
		case *ast.CallExpr:
			method, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || len(n.Args) == 0 {
				return true
			}
			id := begins(n.Args[0])
			switch name := method.Sel.Name; {
			case id == "" || !isTalk(method.X):
			case name == "Say" || name == "Phrase":
				ids[id] = where(n)
			case slices.Contains(questions, name):
				id, _, _ = strings.Cut(id, "/") // what follows is the key of a loop
				for _, part := range []string{".ask", ".again", ".short"} {
					ids[id+part] = where(n)
				}
				if name == "Confirm" { // which part is to be corrected is a question too
					ids[id+".which.short"] = where(n)
				}
				if name == "Choose" || name == "Several" {
					for _, code := range options(n) {
						ids[id+".options."+code] = where(n)
					}
				}
			}
		}
		return true
	})
	return ids
}

// isTalk tells that an expression is the talk of a flow: t, or t.Talk.
func isTalk(e ast.Expr) bool {
	if s, ok := e.(*ast.SelectorExpr); ok {
		e = s.X
	}
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "t"
}

// begins is a string literal, or the literal an expression begins with
// ("later." + what).
func begins(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value) // a number is no text
		return s
	case *ast.BinaryExpr:
		return begins(e.X)
	}
	return ""
}

// keys are the string keys of a composite literal.
func keys(e ast.Expr) []string {
	var all []string
	if lit, ok := e.(*ast.CompositeLit); ok {
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				all = append(all, begins(kv.Key))
			}
		}
	}
	return all
}

// options are the codes of the options a call of Choose or Several shows, none
// where it names them itself (records).
func options(call *ast.CallExpr) []string {
	var codes []string
	switch list := call.Args[1].(type) {
	case *ast.CompositeLit:
		for _, elt := range list.Elts {
			codes = append(codes, begins(elt))
		}
	case *ast.SelectorExpr:
		codes = append(codes, lists[list.Sel.Name]...)
	}
	if call.Fun.(*ast.SelectorExpr).Sel.Name == "Several" {
		codes = append(codes, begins(call.Args[2]))
	}
	for _, opt := range call.Args[2:] {
		if c, ok := opt.(*ast.CallExpr); ok {
			if s, ok := c.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Labels" {
				return nil
			}
		}
	}
	if len(codes) == 0 { // to be added to lists
		return []string{"?"}
	}
	return codes
}

// Every text that a conversation says or asks with is there, in its file of
// texts, and every flow has a name on buttons (wish.…) and in the middle of a
// sentence (….title).
func TestTextsOfFlows(t *testing.T) {
	t.Parallel()
	texts := mustLoad(t)
	files, err := filepath.Glob("../flows/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	found := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Logf("%v (the compiler will tell)", err)
			continue
		}
		ids := wanted(set, tree)
		found += len(ids)
		for _, missing := range lacking(texts, ids) {
			t.Error(missing)
		}
	}
	if found < 100 {
		t.Errorf("found only %d texts in use: the search is broken", found)
	}
}

// lacking are the texts that are not there, sorted.
func lacking(texts *Texts, ids map[string]string) []string {
	var missing []string
	for id, where := range ids {
		said, isTitle := strings.CutSuffix(id, ".title")
		switch {
		case texts.Has(id):
		case isTitle && texts.Has(said): // a flow that says this one text and asks nothing
		case strings.HasSuffix(id, ".") && slices.ContainsFunc(texts.IDs(), func(s string) bool { return strings.HasPrefix(s, id) }):
		default:
			missing = append(missing, fmt.Sprintf("%s: there is no text %s", where, id))
		}
	}
	slices.Sort(missing)
	return missing
}

// Names are said as they are, without values; a title knows only what the
// person is in the middle of.
func TestNamesWithoutValues(t *testing.T) {
	t.Parallel()
	for _, lang := range langs {
		for id, text := range sources(t, lang) {
			values := variables(t, text)
			switch {
			case strings.HasSuffix(id, ".title") && slices.Equal(values, []string{"what"}):
			case len(values) > 0 && (strings.HasSuffix(id, ".title") || strings.HasSuffix(id, ".short") || strings.HasPrefix(id, "wish.")):
				t.Errorf("%s %s: values %v", lang, id, values)
			}
		}
	}
}

// The search above can fail.
func TestWantedFinds(t *testing.T) {
	t.Parallel()
	const source = `package flows
var flows = map[string]func(*Talk){"sing": Sing, "menu": Menu}
func Sing(t *Talk) {
	t.Say("sing.begin")
	t.Phrase("song."+x, nil)
	t.Choose("sing.what", []string{"high"}, bot.With(nil))
	t.Choose("sing.which", codes, bot.Labels(nil))
	t.Choose("sing.who", codes)
	t.Several("sing.papers", store.Papers, "nothing")
	t.Talk.Text("sing.title/"+x, 2, 3)
	t.Confirm("sing.confirm", nil)
	other.Say("sing.other")
}`
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, "sing.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lacking(mustLoad(t), wanted(set, tree)), "\n") + "\n"
	for _, id := range []string{"wish.sing", "sing.title", "sing.begin", "song.", "sing.what.ask", "sing.what.again", "sing.what.short",
		"sing.what.options.high", "sing.which.ask", "sing.who.options.?", "sing.papers.options.barcode", "sing.papers.options.nothing",
		"sing.title.ask", "sing.confirm.which.short"} {
		if !strings.Contains(got, "there is no text "+id+"\n") {
			t.Errorf("%s is not missed", id)
		}
	}
	for _, id := range []string{"menu.title", "wish.menu", "sing.other", "sing.which.options"} {
		if strings.Contains(got, id) {
			t.Errorf("%s is missed", id)
		}
	}
}
