package bottest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house lists every room (package) and which of our rooms it may use. What is
// not here is not allowed: a new room needs a reason in the README first.
// Tests, and bottest, may use anything.
var house = map[string][]string{
	"cmd/lensan":     {"bot", "bot/vietnamese", "bot/telegram", "bot/zalo", "bot/web", "flows", "flows/pages", "locales", "store", "store/sheet"},
	"bot":            {"bot/vietnamese"},
	"bot/vietnamese": {},
	"bot/telegram":   {"bot"},
	"bot/zalo":       {"bot"},
	"bot/web":        {"bot"},
	"bot/bottest":    nil,
	"flows":          {"bot", "bot/vietnamese", "flows/pages", "locales", "store", "store/sheet"},
	"flows/pages":    {"bot", "bot/vietnamese", "locales", "store", "store/sheet"},
	"locales":        {"bot"},
	"store":          {"bot", "bot/vietnamese"},
	"store/sheet":    {"bot/vietnamese", "store"},
}

// undocumented are methods whose meaning is fixed by the standard library.
var undocumented = []string{"Error", "Unwrap", "String", "Len", "Less", "Swap", "ServeHTTP", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON", "LogValue"}

// source is a Go file of the house.
type source struct {
	room string // its folder, from the root
	path string
	*ast.File
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") || s.room == "bot/bottest" }

// sources parses every Go file of the house.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	files, set := []source{}, token.NewFileSet()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case path.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || strings.HasPrefix(string(text), "//go:build ignore\n") {
			return err // a program that go generate runs is in no room
		}
		file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		files = append(files, source{path.Dir(name), name, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 10 {
		t.Fatalf("only %d Go files found", len(files))
	}
	return set, files
}

// TestTopLevel holds what stands at the top of the repository.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		rooms := []string{"bot", "cmd", "flows", "locales", "store"}
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(rooms, e.Name()) {
			t.Errorf("%s/ is not in the house: only %s and folders that begin with a dot", e.Name(), strings.Join(rooms, ", "))
		}
	}
}

// TestArrows holds who may use whom.
func TestArrows(t *testing.T) {
	_, files := sources(t)
	for _, f := range files {
		may, known := house[f.room]
		if !known {
			t.Errorf("%s: %s is not in the house: a new room needs a reason in the README", f.path, f.room)
		}
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if name == "testing" && !f.test() {
				t.Errorf("%s uses testing", f.path)
			}
			ours, ok := strings.CutPrefix(name, "lensan/")
			if ok && !f.test() && !slices.Contains(may, ours) {
				t.Errorf("%s: %s may not use %s", f.path, f.room, ours)
			}
		}
	}
}

// TestFlowsAreStraight: a flow is run again from the top on every message and
// stopped by a panic of Talk's own, so it starts nothing beside itself and
// catches nothing.
func TestFlowsAreStraight(t *testing.T) {
	set, files := sources(t)
	for _, f := range files {
		if f.test() || f.room != "flows" && !strings.HasPrefix(f.room, "flows/") {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: go in a flow", set.Position(n.Pos()))
			case *ast.CallExpr:
				if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "recover" {
					t.Errorf("%s: recover in a flow", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

// TestPackageComments: every package says once what it is.
func TestPackageComments(t *testing.T) {
	_, files := sources(t)
	comments := map[string]int{}
	for _, f := range files {
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		comments[f.room] += 0 // a package without any counts too
		if f.Doc != nil {
			comments[f.room]++
		}
	}
	for room, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments", room, n)
		}
	}
}

// TestExportedNamesAreDocumented holds functions, methods, types, constants and
// variables. Names of one group may share its comment.
func TestExportedNamesAreDocumented(t *testing.T) {
	set, files := sources(t)
	for _, f := range files {
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		for _, d := range f.Decls {
			for _, name := range silent(d) {
				t.Errorf("%s: %s is not documented", set.Position(name.Pos()), name.Name)
			}
		}
	}
}

// silent returns the exported names of a declaration that no comment is about.
func silent(d ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	add := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		for _, c := range comments {
			if strings.TrimSpace(c.Text()) != "" {
				return
			}
		}
		if name.IsExported() {
			names = append(names, name)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || receiver(d).IsExported() && !slices.Contains(undocumented, d.Name.Name) {
			add(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Name, d.Doc, s.Doc, s.Comment)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					add(name, d.Doc, s.Doc, s.Comment)
				}
			}
		}
	}
	return names
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) *ast.Ident {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x
		default:
			return ast.NewIdent("")
		}
	}
}

// TestSilent shows that the house test can fail.
func TestSilent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"func F() {}":                            1,
		"// F does.\nfunc F() {}":                0,
		"func f() {}":                            0,
		"func (T) F() {}":                        1,
		"func (t *T[K]) F() {}":                  1,
		"func (t) F() {}":                        0,
		"func (T) Error() string { return `` }":  0,
		"type T int":                             1,
		"type T int // of apples":                0,
		"//go:embed x\nvar A, B string":          2,
		"// Both.\nconst (\n\tA = 1\n\tB = 2\n)": 0,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n\n"+text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(silent(f.Decls[0])); got != want {
			t.Errorf("%q: %d silent names, want %d", text, got, want)
		}
	}
}
