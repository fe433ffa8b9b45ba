package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vietnameseLetter are letters only Vietnamese text has.
var vietnameseLetter = regexp.MustCompile(`[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹàáãèéìíòóõùúýĩũ]`)

// sentences finds the string literals of a Go file that look like something
// said to a person: Vietnamese, of three words or more.
func sentences(name string, source any) (found []string, err error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, source, 0)
	if err != nil {
		return nil, err
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if _, tag := n.(*ast.Field); tag {
			return false
		}
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if s, err := strconv.Unquote(lit.Value); err == nil && vietnameseLetter.MatchString(s) && len(strings.Fields(s)) >= 3 {
			found = append(found, set.Position(lit.Pos()).String()+": "+s)
		}
		return true
	})
	return found, nil
}

// What a person reads stands here, in locales, and nowhere in the program.
// Package bot/vietnamese and bot/words.go are excepted: their words are read, not said.
func TestNoSentenceOutsideLocales(t *testing.T) {
	t.Parallel()
	for _, room := range []string{"bot", "flows", "store", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && (e.Name() == "testdata" || filepath.ToSlash(path) == "../bot/vietnamese" || filepath.ToSlash(path) == "../bot/bottest"):
				return fs.SkipDir
			case e.IsDir() || filepath.ToSlash(path) == "../bot/words.go" || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found, err := sentences(path, source)
			if err != nil {
				t.Logf("%v (the compiler will tell)", err)
				return nil
			}
			for _, s := range found {
				t.Errorf("%s: belongs in locales", s)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// The rule above can fail.
func TestSentencesFinds(t *testing.T) {
	t.Parallel()
	found, err := sentences("x.go", "package x\nvar a, b, c = \"Mời anh/chị chọn\", \"đúng\", `three plain words`\n")
	if err != nil || len(found) != 1 || found[0] != "x.go:2:15: Mời anh/chị chọn" {
		t.Errorf("%q, %v", found, err)
	}
}

// Every text the conversation itself asks for is there: the names bot.… in
// package bot are texts, or tables of them.
func TestTextsOfBot(t *testing.T) {
	t.Parallel()
	texts := mustLoad(t)
	files, err := filepath.Glob("../bot/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := regexp.MustCompile(`"(bot\.[a-z0-9_.]+)"`)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			begins := func(id string) bool { return strings.HasPrefix(id, strings.TrimSuffix(m[1], ".")+".") }
			if !texts.Has(m[1]) && !slices.ContainsFunc(texts.IDs(), begins) {
				t.Errorf("%s: there is no text %s", path, m[1])
			}
		}
	}
}
