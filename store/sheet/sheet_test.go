package sheet

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is read into testdata")

// TestLists reads every list of builders_test.go as an office of Lào Cai, and
// compares with testdata/NAME.txt, which people check line by line.
func TestLists(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, b := range builders {
		if names[b.name] {
			t.Fatalf("two lists are called %s", b.name)
		}
		names[b.name] = true
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			data := b.build(t)
			opt := b.options
			if opt.Province == "" {
				opt.Province = "15"
			}
			list, err := Parse(b.name, data, opt)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, b.name, b.about+"\n\n"+describe(list))
		})
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".txt"); !names[name] && name != "published" {
			t.Errorf("%s belongs to no list", f)
		}
	}
}

// TestPublished reads the real list of seven provinces.
func TestPublished(t *testing.T) {
	t.Parallel()
	list, err := Read(filepath.Join("..", "sample", "ocop-products.csv"), Options{Province: "15"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) != 125 {
		t.Errorf("%d rows", len(list.Rows))
	}
	compare(t, "published", "store/sample/ocop-products.csv\n\n"+describe(list))
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s", cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
	}
}

// describe writes a list as people read it: a product on three lines, what is empty
// left out.
func describe(list *List) string {
	var b strings.Builder
	sheet := ""
	for _, r := range list.Rows {
		if r.Sheet != sheet {
			sheet = r.Sheet
			fmt.Fprintf(&b, "== %s\n", sheet)
		}
		part := func(mark, s string) string {
			if s == "" {
				return ""
			}
			return mark + s
		}
		stars := ""
		if r.Stars > 0 {
			stars = fmt.Sprint(r.Stars, " sao")
		}
		fmt.Fprintf(&b, "%d %s%s%s%s\n", r.Line, r.Name, part(" | ", r.Producer), part(" : ", r.ProducerKind), part(" | ", stars))
		second := part(" | ", r.DecisionNumber) + part(" ngày ", r.DecisionDate.String()) + part(" (", r.DateSaid+")")[:len(part(" (", r.DateSaid))+min(1, len(r.DateSaid))] + part(" của ", r.IssuedBy) +
			part(" → ", r.Ends().String()) + part(" | ", r.Commune) + part(" | ", r.Place)
		if second != "" {
			fmt.Fprintf(&b, "    %s\n", strings.TrimPrefix(strings.TrimSpace(second), "| "))
		}
		third := part(" | ", r.Contact) + part(" | ", r.Phone) + part(" | ", r.Group) + part(" | ", r.State)
		if third != "" {
			fmt.Fprintf(&b, "    %s\n", strings.TrimPrefix(third, " | "))
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "    # %s\n", strings.Join(strings.Fields(n.Code+" "+r.Cell(n.Field)+" "+n.Said), " "))
		}
		if r.Refused != "" {
			fmt.Fprintf(&b, "    ! %s\n", r.Refused)
		}
	}
	for _, d := range list.Doubts {
		fmt.Fprintf(&b, "? %s\n", strings.Join(strings.Fields(d.Sheet+" "+d.Field+" "+strings.Join(d.Letters(), " ")), " "))
	}
	for _, h := range list.Hidden {
		fmt.Fprintf(&b, "hidden %s\n", h)
	}
	return b.String()
}
