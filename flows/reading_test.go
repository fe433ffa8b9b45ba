package flows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// TestNoOwnReading holds the flows to the readers of package vietnamese: what a
// person typed is neither compared nor taken apart in a flow.
func TestNoOwnReading(t *testing.T) {
	for _, f := range sources(t) {
		for _, found := range ownReading(f) {
			t.Errorf("%s: give the text to a reader of package vietnamese", found)
		}
	}
}

func TestNoOwnReadingFinds(t *testing.T) {
	for _, c := range []struct {
		body string
		want int
	}{
		{`if t.Text("a", 1, 2) == "x" {}`, 1},
		{`if strings.ToLower(t.Text("a", 1, 2)) == "x" {}`, 2},
		{`s := t.Text("a", 1, 2); switch s { case "x": }`, 1},
		{`p.Name = t.Text("a", 1, 2); if p.Name != "" {}`, 1},
		{`s := t.Text("a", 1, 2); strings.Contains(s, "x")`, 1},
		{`s := t.Text("a", 1, 2); if vietnamese.Fold(s) == "x" {}`, 2},
		{`s := t.Text("a", 1, 2); if words.Is(s) {}`, 0},
		{`if t.Choose("a", all) == "x" {}`, 0},
		{`s := t.Text("a", 1, 2); save(s)`, 0},
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {"+c.body+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := ownReading(f); len(found) != c.want {
			t.Errorf("%s: %q, want %d", c.body, found, c.want)
		}
	}
}

// ownReading finds where a text that was asked for is compared, switched on, or
// given to package strings, regexp or to Fold.
func ownReading(f *ast.File) (found []string) {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		texts := []string{}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 && hasText(a.Rhs[0], nil) {
				texts = append(texts, path(a.Lhs[0]))
			}
			return true
		})
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && (hasText(n.X, texts) || hasText(n.Y, texts)) {
					found = append(found, "a comparison in "+fn.Name.Name)
				}
			case *ast.SwitchStmt:
				if n.Tag != nil && hasText(n.Tag, texts) {
					found = append(found, "a switch in "+fn.Name.Name)
				}
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || path(s.X) != "strings" && path(s.X) != "regexp" && s.Sel.Name != "Fold" {
					break
				}
				if slices.ContainsFunc(n.Args, func(e ast.Expr) bool { return hasText(e, texts) }) {
					found = append(found, path(s)+" in "+fn.Name.Name)
				}
			}
			return true
		})
	}
	return found
}

// hasText reports whether an expression is, or is made of, a text that was asked for.
func hasText(e ast.Expr, texts []string) bool {
	switch e := e.(type) {
	case *ast.CallExpr:
		s, ok := e.Fun.(*ast.SelectorExpr)
		if ok && s.Sel.Name == "Text" && path(s.X) == "t" {
			return true
		}
		return ok && (path(s.X) == "strings" || s.Sel.Name == "Fold") && slices.ContainsFunc(e.Args, func(a ast.Expr) bool { return hasText(a, texts) })
	case *ast.ParenExpr:
		return hasText(e.X, texts)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (hasText(e.X, texts) || hasText(e.Y, texts))
	}
	return path(e) != "" && slices.Contains(texts, path(e))
}

// path is an identifier or a selector of identifiers ("p.Name"); empty: neither.
func path(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x := path(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}
