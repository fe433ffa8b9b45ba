package flows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lensan/bot/bottest"
)

// asking are the methods of Talk that keep an answer under their first argument.
var asking = []string{"Text", "Choose", "Several", "Yes", "Number", "Quantity", "Money", "Date", "Phone", "Place", "Photos", "File", "Confirm", "Pick"}

// TestNames holds the names under which answers, look-ups and results are kept,
// and those of the flows: half-done talks lie in the database under them for
// months. A new name is added with -update. One that is gone fails, with -update
// too: rename it back. Only who knows that no half-done talk has it, as of a name
// mistyped a minute ago, takes its line out by hand. The word before a name is how
// it is asked: an answer of another kind takes a new name.
func TestNames(t *testing.T) {
	const golden = "testdata/names.golden"
	names := namesOf(t, sources(t))
	raw, err := os.ReadFile(golden)
	if err != nil && (!*bottest.Update || !os.IsNotExist(err)) {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for l := range strings.Lines(string(raw)) {
		l = strings.TrimSpace(l)
		kept[l] = true
		if !names[l] {
			t.Errorf("%s is gone: half-done talks may have it", l)
		}
	}
	for name := range names {
		if !kept[name] && !*bottest.Update {
			t.Errorf("%s is new: run go test ./flows -update", name)
		}
		kept[name] = true
	}
	if *bottest.Update {
		all := slices.Sorted(maps.Keys(kept))
		if err := os.WriteFile(golden, []byte(strings.Join(all, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sources parses package flows, without its tests.
func sources(t *testing.T) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// namesOf finds every name, with how it is asked.
func namesOf(t *testing.T, files []*ast.File) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	// A function may take a name from who calls it (t.set): its name, which
	// argument that is, and how it asks.
	type helper struct {
		argument int
		kind     string
	}
	helpers := map[string]helper{}
	add := func(within *ast.FuncDecl, kind string, e ast.Expr) {
		if name, ok := literal(e); ok {
			name, _, _ = strings.Cut(name, "/") // what follows is the key of a loop
			names[kind+" "+name] = true
			return
		}
		if id, ok := e.(*ast.Ident); ok && within != nil {
			if i := slices.Index(parameters(within), id.Name); i >= 0 {
				helpers[within.Name.Name] = helper{i, kind}
				return
			}
		}
		t.Errorf("a name that cannot be read, in %v: write it where it is used", within.Name)
	}
	each := func(visit func(within *ast.FuncDecl, call *ast.CallExpr, name string)) {
		for _, f := range files {
			for _, d := range f.Decls {
				within, _ := d.(*ast.FuncDecl)
				ast.Inspect(d, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok {
						visit(within, call, called(call))
					}
					return true
				})
			}
		}
	}
	each(func(within *ast.FuncDecl, call *ast.CallExpr, name string) {
		switch {
		case (name == "Do" || name == "Know") && len(call.Args) == 3 && !isBot(call):
			add(within, name, call.Args[1])
		case slices.Contains(asking, name) && onTalk(call):
			add(within, name, call.Args[0])
		}
	})
	for len(helpers) > 0 { // a helper may be called by another
		now := helpers
		helpers = map[string]helper{}
		each(func(within *ast.FuncDecl, call *ast.CallExpr, name string) {
			if h, ok := now[name]; ok && len(call.Args) > h.argument {
				add(within, h.kind, call.Args[h.argument])
			}
		})
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 || v.Names[0].Name != "flows" {
				return true
			}
			for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
				key, _ := literal(e.(*ast.KeyValueExpr).Key)
				names["flow "+key] = true
			}
			return true
		})
	}
	return names
}

// literal is a string literal, or the one an expression begins with.
func literal(e ast.Expr) (string, bool) {
	if b, ok := e.(*ast.BinaryExpr); ok {
		return literal(b.X)
	}
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// called is the name of the function or method called.
func called(call *ast.CallExpr) string {
	e := call.Fun
	if i, ok := e.(*ast.IndexExpr); ok { // Do[int]
		e = i.X
	}
	switch f := e.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// isBot tells bot.Do, which our own Do calls with the name it was given.
func isBot(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := s.X.(*ast.Ident)
	return ok && id.Name == "bot"
}

// onTalk tells a method of the talk, t or t.Talk.
func onTalk(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	x := s.X
	if in, ok := x.(*ast.SelectorExpr); ok {
		x = in.X
	}
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "t"
}

// parameters are the names of a function's parameters.
func parameters(f *ast.FuncDecl) []string {
	var all []string
	for _, p := range f.Type.Params.List {
		for _, n := range p.Names {
			all = append(all, n.Name)
		}
	}
	return all
}

// TestNamesFinds: what the list is made from is found.
func TestNamesFinds(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", `package flows
var flows = map[string]func(*Talk){"sing": Sing}
func Sing(t *Talk) {
	t.Text("sing.what", 1, 2)
	t.Talk.Number("sing.count/"+key, 1, 2)
	n := Know(t, "sing.look", func() {})
	t.loud("sing.loud", n)
	if Do[int](t, "sing.save", func() {}) > 0 { t.Say("sing.no_name") }
}
func (t *Talk) loud(name string, n int) { t.louder(n, name) }
func (t *Talk) louder(n int, name string) { Do(t, name, func() {}) }
func Do[T any](t *Talk, name string, f func()) { bot.Do(t.Talk, name, f) }
`, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := namesOf(t, []*ast.File{f})
	want := []string{"Do sing.loud", "Do sing.save", "Know sing.look", "Number sing.count", "Text sing.what", "flow sing"}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
